"""What a case leads to beside its own life: linked cases, and asking whether she is safe."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table, stored_by_value
from casework.vocabulary import CheckInCause, LinkKind


class Link(Table, table=True):
    """Two cases that belong together. ``case_id`` is the one that was there first."""

    __table_args__ = (sa.UniqueConstraint("case_id", "other_id", "kind"),)

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId)
    other_id: int = Field(foreign_key="case.id", sa_type=RowId, index=True)
    kind: LinkKind = Field(sa_type=stored_by_value(LinkKind, growing=True))
    at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    """Who linked them; ``None``: a worker's answer did."""


class CheckIn(Table, table=True):
    """One time that we ask the worker whether anyone treated her badly because of her complaint."""

    __table_args__ = (
        sa.Index(
            "ix_checkin_waiting",
            "due_at",
            sqlite_where=sa.text("asked_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=sa.text("asked_at IS NULL AND cancelled_at IS NULL"),
        ),
    )

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId, index=True)
    cause: CheckInCause = Field(sa_type=stored_by_value(CheckInCause, growing=True))
    days: int
    """So many days after the cause."""
    due_at: datetime
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    harmed: bool | None = None
    """Her answer: true opened a linked case."""
    cancelled_at: datetime | None = None
    """It fell away: she asked to be forgotten, or a newer row of check-ins took its place."""
