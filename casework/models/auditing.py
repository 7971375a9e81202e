"""What proves that nothing was taken away: daily anchors, and the checks that were made."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table, stored_by_value
from casework.vocabulary import Flaw


class Anchor(Table, table=True):
    """The end of a day: a hash over how far each case had come that changed since the anchor before,
    and over that anchor. Who rewrites a chain or deletes a case would have to make all anchors since
    then anew, and has no key to."""

    number: int = Field(primary_key=True, sa_type=RowId, sa_column_kwargs={"autoincrement": False})
    """1, 2, 3 …"""
    day: date = Field(unique=True)
    """The last day it covers, in UTC."""
    at: datetime
    cases: int
    """So many changed since the anchor before."""
    hash: bytes = Field(max_length=32)
    seal: bytes = Field(max_length=16)
    """A keyed hash of ``hash``."""


class AnchoredHead(Table, table=True):
    """How far a case had come when an anchor was made: the hash of its event ``events``.

    There is no foreign key to the case: the row is to be there when the case no longer is.
    """

    __table_args__ = (
        sa.Index("ix_anchoredhead_case", "case_id", "events"),
        {"sqlite_with_rowid": False},
    )

    anchor: int = Field(primary_key=True, sa_type=sa.BigInteger)
    case_id: int = Field(primary_key=True, sa_type=sa.BigInteger)
    events: int = Field(primary_key=True)
    reference: str = Field(max_length=16)
    head: bytes = Field(max_length=32)


class Verification(Table, table=True):
    """A check of all chains: done piece by piece, so that it goes on after a restart."""

    id: int = Field(primary_key=True, sa_type=RowId)
    started_at: datetime
    started_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    """Who asked for it; ``None``: it was due by itself."""
    anchors: int | None = None
    """How many anchors were checked; ``None`` until that is done, which comes first."""
    until: int = Field(default=-1, sa_type=sa.BigInteger)
    """Cases up to this id are done."""
    cases: int = 0
    events: int = 0
    deleted: int = 0
    """Cases whose words were deleted under retention, their chain whole."""
    breaks: int = 0
    ended_at: datetime | None = Field(default=None, index=True)


class Break(Table, table=True):
    """A broken link that a check found: of a case its first one, or an anchor."""

    id: int = Field(primary_key=True, sa_type=RowId)
    verification_id: int = Field(foreign_key="verification.id", sa_type=RowId, index=True)
    case_id: int | None = Field(default=None, sa_type=sa.BigInteger)
    """No foreign key: it may be gone."""
    reference: str = Field(default="", max_length=16)
    """The case's, ``""``: an anchor, or a case of which nobody knows it any more."""
    number: int
    """Of the event, or of the anchor."""
    flaw: Flaw = Field(sa_type=stored_by_value(Flaw, growing=True))
