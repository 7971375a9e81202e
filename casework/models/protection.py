"""Who may not see what, and who said to have no tie: conflicts of interest."""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table, stored_by_value
from casework.vocabulary import ConflictCause


class Conflict(Table, table=True):
    """A person of the office for whom a case does not exist. Made anew by ``casework.conflicts``
    out of parties, ties and links: nothing else writes it."""

    # The key is what every list asks by: on SQLite one tree instead of two.
    __table_args__ = ({"sqlite_with_rowid": False},)

    staff_id: int = Field(primary_key=True, foreign_key="staff.id", sa_type=sa.BigInteger)
    case_id: int = Field(primary_key=True, foreign_key="case.id", sa_type=sa.BigInteger, index=True)
    cause: ConflictCause = Field(sa_type=stored_by_value(ConflictCause, growing=True))
    since: datetime


class Tie(Table, table=True):
    """A tie that somebody of the office declared: to one factory, one brand or one case. Only
    somebody else who leads ends it."""

    id: int = Field(primary_key=True, sa_type=RowId)
    staff_id: int = Field(foreign_key="staff.id", sa_type=RowId, index=True)
    factory_id: int | None = Field(default=None, foreign_key="factory.id", sa_type=RowId)
    brand_id: int | None = Field(default=None, foreign_key="brand.id", sa_type=RowId, index=True)
    case_id: int | None = Field(default=None, foreign_key="case.id", sa_type=RowId, index=True)
    words_sealed: bytes = b""
    """What the tie is, in the person's own words."""
    declared_at: datetime
    ended_at: datetime | None = None
    ended_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)


class Declaration(Table, table=True):
    """Somebody who handles a case signed that they have no tie to anybody in it: once for each
    case, before they decide anything there."""

    case_id: int = Field(primary_key=True, foreign_key="case.id", sa_type=sa.BigInteger)
    staff_id: int = Field(primary_key=True, foreign_key="staff.id", sa_type=sa.BigInteger)
    organisation: str = Field(default="", max_length=120)
    """Whom the person belonged to then: it must be neither who is accused nor the brand."""
    at: datetime
