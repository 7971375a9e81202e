"""What is asked of a database, and how SQLite would go about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from casework.db import Store

Statement = tuple[str, Any]
"""Its text and its values."""


@contextmanager
def statements(store: Store) -> Iterator[list[Statement]]:
    """What is asked of the database meanwhile."""
    asked: list[Statement] = []

    def listen(_connection: object, _cursor: object, text: str, values: Any, *_: object) -> None:
        asked.append((text, values))

    sa.event.listen(store.engine, "before_cursor_execute", listen)
    try:
        yield asked
    finally:
        sa.event.remove(store.engine, "before_cursor_execute", listen)


def plan_of(store: Store, statement: Statement) -> list[str]:
    """The steps of a statement's plan on SQLite."""
    text, values = statement
    with store.reading() as session:
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
        return [row[3] for row in plan]
