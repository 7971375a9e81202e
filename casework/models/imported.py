"""What is kept of past cases that came from another system, and of the files they came in."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table, stored_by_value
from casework.vocabulary import Finding


class ImportedCase(Table, table=True):
    """What the old system knew of a case and this one has no place for.

    Its summary, dates and outcome stand in the case; ``Case.imported_at`` tells figures that nobody
    here made any promise for what was before.
    """

    case_id: int = Field(primary_key=True, foreign_key="case.id", sa_type=RowId)
    old_index: bytes = Field(max_length=16, unique=True)
    """A keyed hash of the old reference: the same row is never imported twice."""
    old_reference_sealed: bytes
    """Sealed, because people put names into references."""
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    """Who imported it; ``None`` at the command line, by whoever has the machine."""
    finding: Finding | None = Field(default=None, sa_type=stored_by_value(Finding, growing=True))
    workers: int | None = None
    """How many workers it was about."""
    closed_at: datetime | None = None
    """When it ended in the old system."""


class CaseUpload(Table, table=True):
    """A file of past cases that somebody looks at before it is imported: sealed, for a day at most."""

    id: int = Field(primary_key=True, sa_type=RowId)
    staff_id: int = Field(foreign_key="staff.id", sa_type=RowId, index=True)
    at: datetime = Field(index=True)
    encoding: str = Field(default="", max_length=16)
    """In which letters it is, where somebody said so."""
    dates: str = Field(default="", max_length=8)
    """In which order its dates are written (``casework.taking_in.pastcases.DateOrder``)."""
    sealed: bytes = Field(sa_type=sa.LargeBinary)
