"""Who is away, who takes over meanwhile, and which cases changed hands because of it."""

from datetime import date, datetime

from sqlmodel import Field

from casework.models.base import RowId, Table


class Absence(Table, table=True):
    """Somebody is away from one day to another, both included, in their own zone."""

    id: int = Field(primary_key=True, sa_type=RowId)
    staff_id: int = Field(foreign_key="staff.id", sa_type=RowId, index=True)
    stand_in_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    """Who takes over what they may see; the rest, or all, goes to the supervisors' list."""
    first_day: date
    last_day: date
    said_by_id: int = Field(foreign_key="staff.id", sa_type=RowId)
    said_at: datetime
    next_at: datetime | None = Field(default=None, index=True)
    """When there is something to do: the beginning, then the end; ``None``: nothing any more."""
    began_at: datetime | None = None
    """When the last open case was handed over."""
    ended_at: datetime | None = None
    """When the person was back, or the absence was called off."""
    looked_at: datetime | None = None
    """When the person, back again, was done with the list of what happened."""


class HandedOver(Table, table=True):
    """A case that went to somebody else during an absence."""

    id: int = Field(primary_key=True, sa_type=RowId)
    absence_id: int = Field(foreign_key="absence.id", sa_type=RowId, index=True)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId)
    to_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    event_count: int
    """How many events the case had by then: those after it happened meanwhile."""
    at: datetime
    back_at: datetime | None = None
    """When the person took it back."""
