"""Many rows written in one statement.

SQLAlchemy converts each value of each row by itself, which takes longer than the database does. Here
a column is converted at once, and a value that stands in many rows only once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from casework.db import Session

_Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Ready:
    """A statement in the words of a driver, and how each of its parameters is converted."""

    text: str
    columns: tuple[tuple[str, _Convert | None, bool], ...]
    """Name, conversion, and whether equal values are converted once: dicts can't be looked up."""
    positional: bool


def write(
    session: Session, statement: sa.Insert | sa.Update, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Execute a statement for each of ``rows``: its parameters by name, the same in every row.

    The statement is one of a module, which stays the same object.
    """
    if not rows:
        return
    connection = session.connection()
    ready = _ready(statement, connection.dialect, tuple(rows[0]))
    columns = [
        _converted([row[name] for row in rows], convert, once)
        for name, convert, once in ready.columns
    ]
    values: Any = list(zip(*columns, strict=True))
    if not ready.positional:
        names = [name for name, _, _ in ready.columns]
        values = [dict(zip(names, row, strict=True)) for row in values]
    connection.exec_driver_sql(ready.text, values)


def _converted(values: list[Any], convert: _Convert | None, once: bool) -> list[Any]:
    if convert is None:
        return values
    if not once:
        return [convert(value) for value in values]
    known = {value: convert(value) for value in set(values)}
    return [known[value] for value in values]


@lru_cache(maxsize=64)
def _ready(statement: sa.Insert | sa.Update, dialect: Dialect, names: tuple[str, ...]) -> _Ready:
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    order = compiled.positiontup if compiled.positional else names
    assert order is not None
    kinds = {name: compiled.binds[name].type for name in order}
    return _Ready(
        str(compiled),
        tuple(
            (name, kind.dialect_impl(dialect).bind_processor(dialect), not _is_json(kind))
            for name, kind in kinds.items()
        ),
        compiled.positional,
    )


def _is_json(kind: sa.types.TypeEngine[Any]) -> bool:
    return isinstance(kind, sa.JSON)
