"""What all tables share: names of constraints, and columns that hold an enum by its value."""

from collections.abc import Callable
from enum import StrEnum
from functools import cache, partial
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


RowId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""The type of ids. On SQLite only ``INTEGER PRIMARY KEY`` is the row's own place in the file; any
other type would make a second tree to look up and to sort by."""


class Table(SQLModel):
    """Base of every table. Assignments are checked like construction would."""

    model_config = {"validate_assignment": True}


Row = TypeVar("Row", bound=Table)


def new_row(table: type[Row], **values: Any) -> Row:
    """A new row of values that our own code has made, without checking them.

    Filing a complaint writes ten rows, and checking them takes longer than writing them: for its
    hot path only. ``TypeError`` where a name is unknown or a value without a default is missing.
    """
    plain, made, required, known = _columns(table)
    if not required <= values.keys() <= known:
        raise TypeError(f"{table.__name__}: {sorted(required ^ values.keys())} do not fit.")
    row: Row = sa.inspect(table).class_manager.new_instance()
    row.__dict__.update(plain)
    for name, make in made:
        row.__dict__[name] = make()
    row.__dict__.update(values)
    return row


@cache
def _columns(
    table: type[Table],
) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]], frozenset[str], frozenset[str]]:
    """Defaults, defaults that are made anew for each row, what has none, and all names."""
    fields = table.model_fields
    plain: dict[str, Any] = {}
    made: list[tuple[str, Callable[[], Any]]] = []
    for name, field in fields.items():
        if field.default_factory is not None:
            made.append((name, partial(field.get_default, call_default_factory=True)))
        elif not field.is_required():
            plain[name] = field.default
    required = frozenset(name for name, field in fields.items() if field.is_required())
    return plain, made, required, frozenset(fields)


def stored_by_value(enum: type[StrEnum], *, growing: bool = False, name: str = "") -> Any:
    """A column type that stores the value of an enum, not its Python name.

    ``growing`` lists get no check constraint, so that a new entry needs no rebuilt table. The
    constraint is called after the enum; a second column of one table needs a ``name`` of its own.
    """
    return sa.Enum(
        enum,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=not growing,
        length=24,
        name=name or enum.__name__.lower(),
    )
