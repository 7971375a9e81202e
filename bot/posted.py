"""The numbers of the messages in a worker's chat, kept so that the chat can be erased.

Hers come with her updates and are written with them. Ours are known only once they are sent: they
are gathered in memory and written in batches, so that an answer costs no second transaction. What a
killed process had not written yet (about two seconds) is noted at the latest when she presses a
button of it.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypedDict

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, delete, select

from bot.safety import TELEGRAM_DELETES
from casework.db import Session, Store
from casework.ids import new_id
from casework.models import PostedMessage, Reporter

DELETABLE = timedelta(hours=TELEGRAM_DELETES)
"""So long Telegram lets a bot delete a message in a private chat, hers and its own alike."""
WRITE_EVERY = 2.0
"""Seconds between two batches."""
WRITTEN_DOWN = timedelta(seconds=5)
"""After so long whatever was sent before is written down, in whichever process it was sent."""


_TABLE = PostedMessage.metadata.tables["postedmessage"]
_INSERT = {
    "sqlite": sqlite.insert(_TABLE).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(_TABLE).on_conflict_do_nothing(),
}


class Row(TypedDict):
    """A row of ``PostedMessage``, still to be written."""

    id: int
    reporter_id: int
    number: int
    at: datetime


def row(reporter_id: int, number: int, now: datetime) -> Row:
    """A message that arrived or was sent now. Ids are in the order of what happened."""
    return Row(id=new_id(now), reporter_id=reporter_id, number=number, at=now)


def write_down(session: Session, rows: Iterable[Row]) -> None:
    """Keep the numbers; those that are known already stay as they are."""
    # In one order, so that two processes never wait for each other.
    ordered = sorted(rows, key=lambda one: (one["reporter_id"], one["number"]))
    if ordered:
        session.flush()  # a reporter whom the rows name may be new
        session.connection().execute(_INSERT[session.get_bind().dialect.name], ordered)


def deletable(
    session: Session, reporter_id: int, now: datetime, before: int | None = None
) -> tuple[int, ...]:
    """The numbers of her chat's messages that Telegram still deletes, oldest first; only those noted
    ``before`` a row with this id."""
    statement = select(PostedMessage.number).where(
        PostedMessage.reporter_id == reporter_id, PostedMessage.at >= now - DELETABLE
    )
    if before is not None:
        statement = statement.where(PostedMessage.id < before)
    return tuple(session.exec(statement.order_by(col(PostedMessage.number))))


def erased(session: Session, reporter_id: int, before: int) -> None:
    """What was noted before a row with this id is deleted in the channel: forget the numbers."""
    session.exec(
        delete(PostedMessage).where(
            col(PostedMessage.reporter_id) == reporter_id, col(PostedMessage.id) < before
        )
    )


def prune(store: Store, now: datetime) -> None:
    """Forget the numbers of messages that can't be deleted any more."""
    with store.writing() as session:
        session.exec(delete(PostedMessage).where(col(PostedMessage.at) < now - DELETABLE))


@dataclass(slots=True)
class Posted:
    """What this process has sent and not written down yet. For any thread."""

    _rows: list[Row] = field(default_factory=list, repr=False)
    _turn: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, reporter_id: int, number: int, now: datetime) -> None:
        """A message of ours arrived in her chat."""
        noted = row(reporter_id, number, now)
        with self._turn:
            self._rows.append(noted)

    def write(self, store: Store) -> None:
        """Write down what was noted so far. If that fails it stays noted."""
        with self._turn:
            rows, self._rows = self._rows, []
        if not rows:
            return
        try:
            with store.writing() as session:
                write_down(session, _of_the_known(session, rows))
        except sa.exc.SQLAlchemyError:
            with self._turn:
                self._rows = rows + self._rows
            raise


def _of_the_known(session: Session, rows: list[Row]) -> list[Row]:
    """Without those of somebody who was forgotten meanwhile."""
    wanted = {one["reporter_id"] for one in rows}
    statement = select(Reporter.id).where(col(Reporter.id).in_(wanted)).order_by(col(Reporter.id))
    known = set(session.exec(statement.with_for_update(read=True, key_share=True)))
    return [one for one in rows if one["reporter_id"] in known]
