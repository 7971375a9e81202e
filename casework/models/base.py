"""What all tables share: names of constraints, and columns that hold an enum by its value."""

from enum import StrEnum
from typing import Any

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
