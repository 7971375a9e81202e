"""Brands, factories, who supplies whom, and the calendar of the office that answers."""

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table, stored_by_value
from casework.vocabulary import Scope


class Calendar(Table, table=True):
    """When an office of handlers works: the calendar that deadlines end by.

    ``hours`` reads like ``Mon-Fri 08:00-12:00,13:00-17:00``. ``country`` gives the public holidays;
    ``days_off`` and ``days_on`` are what the operator added and removed (ISO dates).
    """

    id: int = Field(primary_key=True, sa_type=RowId)
    name: str = Field(max_length=80, unique=True)
    zone: str = Field(max_length=64)
    country: str = Field(default="", max_length=2)
    hours: str = Field(max_length=400)
    days_off: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    days_on: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    is_default: bool = False


class Brand(Table, table=True):
    """A brand whose factories the mechanism covers."""

    id: int = Field(primary_key=True, sa_type=RowId)
    code: str = Field(max_length=24, unique=True)
    name: str = Field(max_length=120)
    active: bool = True


class Factory(Table, table=True):
    """A place of work. ``code`` stands on its poster and in the deep link; it is public."""

    id: int = Field(primary_key=True, sa_type=RowId)
    code: str = Field(max_length=24, unique=True)
    name: str = Field(max_length=160)
    folded_name: str = Field(default="", max_length=160, index=True)
    """The name without case, accents and punctuation, for a search that forgives spelling."""
    place: str = Field(default="", max_length=120)
    country: str = Field(max_length=2, index=True)
    zone: str = Field(max_length=64)
    workers: int | None = Field(default=None, ge=0)
    active: bool = True
    calendar_id: int | None = Field(
        default=None, foreign_key="calendar.id", sa_type=RowId, index=True
    )
    """The office that answers for it; ``None`` means the default one."""


class Supply(Table, table=True):
    """A factory works for a brand: as its own operation or as a supplier, from when to when."""

    __table_args__ = (sa.UniqueConstraint("factory_id", "brand_id", "since"),)

    id: int = Field(primary_key=True, sa_type=RowId)
    factory_id: int = Field(foreign_key="factory.id", sa_type=RowId)
    brand_id: int = Field(foreign_key="brand.id", sa_type=RowId, index=True)
    scope: Scope = Field(sa_type=stored_by_value(Scope))
    tier: int | None = Field(default=None, ge=0)
    """0 is the brand's own operation, 1 assembles the product, 2 and on supply materials."""
    since: date
    until: date | None = None
