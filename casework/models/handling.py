"""What case handlers gather while they handle a case."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table, stored_by_value
from casework.vocabulary import Meeting, PartyKind, Whom


class Party(Table, table=True):
    """Somebody who has a part in a case beside the worker: who is accused, who saw it, who speaks
    for the worker. What they are called is sealed."""

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId, index=True)
    kind: PartyKind = Field(sa_type=stored_by_value(PartyKind, growing=True))
    name_sealed: bytes
    """A name, or what is known instead: a position, a company."""
    organisation_sealed: bytes = b""
    organisation_index: bytes | None = Field(default=None, max_length=16, index=True)
    """A keyed hash of the organisation, folded: finds those of the office who belong to it."""
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId, index=True)
    """The member of the office this is, if it is one."""
    note_sealed: bytes = b""
    added_at: datetime
    added_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    removed_at: datetime | None = None


class Interview(Table, table=True):
    """A talk with somebody about a case. What was said is a message of the case."""

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId, index=True)
    whom: Whom = Field(sa_type=stored_by_value(Whom, growing=True))
    party_id: int | None = Field(default=None, foreign_key="party.id", sa_type=RowId)
    name_sealed: bytes = b""
    """Who else it was, in the handler's words."""
    held_on: date
    how: Meeting = Field(sa_type=stored_by_value(Meeting, growing=True))
    consent: bool
    """They agreed that what they said is written down; without it, it is not."""
    message_id: int | None = Field(default=None, foreign_key="message.id", sa_type=RowId)
    noted_at: datetime
    noted_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)


class Task(Table, table=True):
    """Something one person is to do for a case until a day."""

    __table_args__ = (
        sa.Index(
            "ix_task_open",
            "assignee_id",
            "due_on",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        ),
    )

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId, index=True)
    title_sealed: bytes
    due_on: date
    """The last day on which it is in time."""
    assignee_id: int = Field(foreign_key="staff.id", sa_type=RowId)
    added_at: datetime
    added_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    done_at: datetime | None = None
    done_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
