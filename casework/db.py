"""The database: engine, sessions that carry the vault, and one transaction per unit of work.

SQLite: write-ahead log, full durability, and ``BEGIN IMMEDIATE`` for every writing transaction;
without it, processes silently overwrote each other's changes. Writers of one process also take
turns on a lock, which hands over at once where SQLite's own waiting would poll.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session as PlainSession
from sqlmodel import create_engine

from casework.errors import SettingError
from casework.vault import Vault


class Session(PlainSession):
    """A database session that can open what people wrote: domain functions take this."""

    vault: Vault


_PATIENCE = 30_000
"""Milliseconds that SQLite waits for a lock."""
_SCRUB_PATIENCE = 100
_OF_PEOPLE = (
    *("conversation", "reporter", "postedmessage", "outbox", "attachment", "filechunk"),
    *("seenupdate", "failedupdate", '"case"', "message", "searchword", "accesslog"),
)
"""Tables from which rows go, or what leads to her, when somebody erases her chat or asks to be
forgotten."""

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

_Statement = TypeVar("_Statement", bound=sa.Select[Any])


def for_change(statement: _Statement) -> _Statement:
    """A select of rows about to be changed: locked, and as they stand now, whatever this session
    read before.

    The lock lets through whoever only refers to such a row. The stronger one would not: a worker's
    message and a handler's reply to her could then block each other.
    """
    return statement.with_for_update(key_share=True).execution_options(populate_existing=True)


def insert_into(session: Session, table: sa.Table) -> Any:
    """An insert that may say what is to be done where the row is there already
    (``on_conflict_do_update``): a look before it would let two in who look at the same moment."""
    return _INSERT[session.get_bind().dialect.name](table)


@dataclass(frozen=True, slots=True)
class Store:
    """A database together with the keys to what is sealed in it."""

    engine: Engine
    vault: Vault = field(repr=False)
    _writing: threading.RLock = field(default_factory=threading.RLock, repr=False)

    @property
    def sqlite(self) -> bool:
        """True on SQLite, where one process does everything."""
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that may write: committed at the end, rolled back on an error."""
        with self._turn():
            session = self._session(self.engine)
            try:
                yield session
                session.commit()
            finally:
                session.close()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One transaction that only reads; it never waits for a writer on SQLite.

        Whatever was changed in it is forgotten. What was read can be used afterwards.
        """
        session = self._session(self.engine.execution_options(recourse_reading=True))
        try:
            yield session
        finally:
            session.close()

    def scrub(self) -> bool:
        """Let nothing of what was deleted linger in the files of the database; whether that went.

        SQLite overwrites what is deleted (``secure_delete``), but its write-ahead log keeps the old
        pages: here they go into the database, and the log is emptied. PostgreSQL frees the place of
        deleted rows, so that it is used again; until then their sealed remains lie in its files.
        """
        if self.sqlite:
            with self._writing:
                connection = self.engine.raw_connection()
                try:
                    cursor = connection.cursor()
                    # Whoever reads for long (a film on a slow line) must not hold up the writers.
                    cursor.execute(f"PRAGMA busy_timeout={_SCRUB_PATIENCE}")
                    cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                    busy, *_ = cursor.fetchone() or (1,)
                    cursor.execute(f"PRAGMA busy_timeout={_PATIENCE}")
                    cursor.close()
                finally:
                    connection.close()
            return not busy
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connected:
            # What somebody else is vacuuming just now need not be waited for.
            connected.execute(sa.text(f"VACUUM (SKIP_LOCKED) {', '.join(_OF_PEOPLE)}"))
        return True

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self.sqlite:
            with self._writing:
                yield
        else:
            yield

    def _session(self, engine: Engine) -> Session:
        session = Session(engine, expire_on_commit=False)
        session.vault = self.vault
        return session


def make_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL with the pragmas we rely on.

    Its errors never quote the values of a statement: some are what people wrote.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise SettingError("RECOURSE_DATABASE_URL is not a database address.") from None
    if parsed.get_backend_name() != "sqlite":
        return create_engine(
            parsed, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True
        )
    engine = create_engine(
        parsed, connect_args={"check_same_thread": False, "timeout": 30}, hide_parameters=True
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transaction handling would begin too late; _begin_sqlite does it.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={_PATIENCE}")
    # What is deleted is overwritten: an erased draft must not linger in the file.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("recourse_reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
