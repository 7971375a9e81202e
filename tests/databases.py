"""Engines for database files of tests: as quick as they can be made."""

import sqlite3
from pathlib import Path

import sqlalchemy as sa

from casework.db import make_engine


def quick(path: Path | str, known: sa.Engine | None = None) -> sa.Engine:
    """An engine for a file that dies with the test.

    With ``known`` it speaks as that one does, and knows each statement that one has compiled: most of
    what a test does with a database of its own would else be compiling the same statements anew.
    """
    engine = make_engine(f"sqlite:///{path}")
    sa.event.listen(engine, "connect", _unsafe)
    if known is not None:
        engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
    return engine


def _unsafe(connection: sqlite3.Connection, _entry: object) -> None:
    # Nobody pulls the plug of this one.
    connection.execute("PRAGMA synchronous=OFF")
