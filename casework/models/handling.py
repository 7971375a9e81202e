"""What case handlers gather while they handle a case."""

from datetime import datetime

from sqlmodel import Field

from casework.models.base import RowId, Table, stored_by_value
from casework.vocabulary import PartyKind


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
