"""How the office keeps its promises: the versions of its policy, and what its people are told."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table, stored_by_value
from casework.vocabulary import StaffNoticeKind


class PolicyVersion(Table, table=True):
    """A version of the policy, kept for ever; the newest one holds (``casework.deadlines.policies``)."""

    id: int = Field(primary_key=True, sa_type=RowId)
    number: int = Field(unique=True)
    """1, 2, 3 …"""
    at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    why: str = Field(default="", max_length=400)
    """Why it was changed, as whoever did it wrote."""
    data: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)


class StaffNotice(Table, table=True):
    """Something about a case that one person of the office is told: on their page, and by mail where
    mail is set up. Of each level of each clock a person is told once."""

    __table_args__ = (
        sa.UniqueConstraint("clock_id", "extensions", "level", "staff_id"),
        sa.Index("ix_staffnotice_person", "staff_id", "read_at", "id"),
        sa.Index(
            "ix_staffnotice_unmailed",
            "staff_id",
            sqlite_where=sa.text("unmailed = 1"),
            postgresql_where=sa.text("unmailed"),
        ),
    )

    id: int = Field(primary_key=True, sa_type=RowId)
    staff_id: int = Field(foreign_key="staff.id", sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId, index=True)
    clock_id: int | None = Field(default=None, foreign_key="clock.id", sa_type=RowId)
    extensions: int = 0
    """How often the clock had been extended by then."""
    level: str = Field(default="", max_length=48)
    """The level of the chain, as ``policies.Level.key`` names it."""
    kind: StaffNoticeKind = Field(sa_type=stored_by_value(StaffNoticeKind, growing=True))
    reached_at: datetime
    """When the level was reached; after a standstill it is told later."""
    at: datetime
    urgent: bool = False
    """Mailed at once; the others wait for the digest."""
    unmailed: bool = True
    """It waits for a mail to go into, or to be found not worth one."""
    mail_id: int | None = Field(default=None, foreign_key="mail.id", sa_type=RowId, index=True)
    read_at: datetime | None = None


class Mail(Table, table=True):
    """A mail to one person of the office, made of notices. Its text is written when it leaves."""

    __table_args__ = (
        sa.Index(
            "ix_mail_waiting",
            "not_before",
            sqlite_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
        ),
    )

    id: int = Field(primary_key=True, sa_type=RowId)
    staff_id: int = Field(foreign_key="staff.id", sa_type=RowId, index=True)
    urgent: bool = False
    """It leaves before all others."""
    created_at: datetime
    not_before: datetime
    leased_until: datetime | None = None
    attempts: int = 0
    sent_at: datetime | None = None
    failed_at: datetime | None = None
    """Given up for good; the notices stand on the person's page."""
    reason: str = Field(default="", max_length=80)
    """Why, as a code: of ``casework.office.mailqueue``."""


class Lease(Table, table=True):
    """Which process does something that only one may do at a time, and until when."""

    name: str = Field(primary_key=True, max_length=40)
    owner: str = Field(max_length=64)
    until: datetime


class SavedFilter(Table, table=True):
    """What somebody asks the list of cases for again and again, under a name; sealed, because the
    words they search for stand in it."""

    id: int = Field(primary_key=True, sa_type=RowId)
    staff_id: int = Field(foreign_key="staff.id", sa_type=RowId, index=True)
    name_sealed: bytes
    asked_sealed: bytes
    """The fields of the list's address as JSON."""
    shared: bool = Field(default=False, index=True)
    """The whole office sees it."""
    created_at: datetime
