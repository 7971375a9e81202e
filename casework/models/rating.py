"""What people add to the rating of a brand: attestations, reviews of the mechanism, the category.

None of it hangs on a case. Nothing is changed or deleted afterwards: what was wrong is withdrawn, or
followed by a new row; ``RatingEvent`` says who did what.
"""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table, stored_by_value
from casework.vocabulary import RatingAct, RequestsAnswered, Scope


class AttestedStatement(Table, table=True):
    """What somebody states for a brand, where it can be read, and the document as it was then.

    The document is public, and so is what is written here about it: nothing of it is sealed but the
    archived file, which is kept like every other.
    """

    __table_args__ = (sa.Index("ix_attestedstatement_brand", "brand_id", "scope", "methodology"),)

    id: int = Field(primary_key=True, sa_type=RowId)
    brand_id: int = Field(foreign_key="brand.id", sa_type=RowId)
    scope: Scope = Field(sa_type=stored_by_value(Scope, growing=True))
    methodology: str = Field(max_length=40)
    about: str = Field(max_length=16)
    """``Q1`` a question that people answer, ``S2b`` a sentence, ``E4`` an element, ``E2.1`` the first
    part of the second one."""
    score: int | None = None
    """Of a question: the rung that was chosen."""
    address: str = Field(max_length=500)
    """Where it can be read in public."""
    stated_on: date
    """The date of the document: from this day on it counts."""
    expires_on: date
    """The last day on which it counts."""
    why: str = Field(default="", max_length=1000)
    """Where in the document it stands, and why this rung."""
    attachment_id: int = Field(foreign_key="attachment.id", sa_type=RowId, index=True)
    """The archived copy; it belongs to no case."""
    sha256: bytes = Field(max_length=32)
    """Of the archived copy, worked out when it came."""
    at: datetime
    staff_id: int = Field(foreign_key="staff.id", sa_type=RowId)
    withdrawn_at: datetime | None = None
    """From then on it counts for no year any more."""
    withdrawn_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)


class InformationRequests(Table, table=True):
    """How a brand answered those who asked it for information in a year; the newest row counts."""

    __table_args__ = (sa.Index("ix_informationrequests_brand", "brand_id", "scope", "year"),)

    id: int = Field(primary_key=True, sa_type=RowId)
    brand_id: int = Field(foreign_key="brand.id", sa_type=RowId)
    scope: Scope = Field(sa_type=stored_by_value(Scope, growing=True))
    year: int
    answered: RequestsAnswered = Field(sa_type=stored_by_value(RequestsAnswered, growing=True))
    why: str = Field(default="", max_length=1000)
    """Who asked, and what came back."""
    at: datetime
    staff_id: int = Field(foreign_key="staff.id", sa_type=RowId)


class CategoryJudgement(Table, table=True):
    """The category that a person gave a brand, and why; the newest of a year counts."""

    __table_args__ = (
        sa.Index("ix_categoryjudgement_brand", "brand_id", "scope", "methodology", "year"),
    )

    id: int = Field(primary_key=True, sa_type=RowId)
    brand_id: int = Field(foreign_key="brand.id", sa_type=RowId)
    scope: Scope = Field(sa_type=stored_by_value(Scope, growing=True))
    methodology: str = Field(max_length=40)
    year: int
    category: str = Field(max_length=40)
    """As the methodology calls it."""
    why: str = Field(max_length=2000)
    score: str = Field(default="", max_length=24)
    """The weighted score of that moment as a fraction, ``57/20``; ``""``: not rated then."""
    at: datetime
    staff_id: int = Field(foreign_key="staff.id", sa_type=RowId)


class MechanismReview(Table, table=True):
    """A look of the operator at its own mechanism: at which figures, with whom, what was learned.

    Who leads writes it, and signs it; from then on it stays as it is, and a correction is a review of
    its own. What was learned and who took part are words of the office, and sealed: somebody may
    write more about a case there than they should.
    """

    id: int = Field(primary_key=True, sa_type=RowId)
    brand_id: int | None = Field(default=None, foreign_key="brand.id", sa_type=RowId, index=True)
    """``None``: the mechanism as a whole, for all brands."""
    scope: Scope | None = Field(default=None, sa_type=stored_by_value(Scope, growing=True))
    """``None``: own operations and supply chain."""
    period: str = Field(max_length=32)
    """What was looked at, as ``casework.figures.Period`` writes it."""
    begun_at: datetime
    begun_by: int = Field(foreign_key="staff.id", sa_type=RowId)
    figures: list[dict[str, Any]] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    """The figures looked at, copied: measure, what it is broken down by, value."""
    figures_at: datetime | None = None
    figures_digest: bytes | None = Field(default=None, max_length=32)
    """SHA-256 of ``figures``; of a frozen period that of its snapshot."""
    snapshot_id: int | None = Field(default=None, sa_type=RowId)
    """The snapshot they were copied from; ``None``: counted live, because the period was not over."""
    stakeholders: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    """Who of outside took part, as ``vocabulary.Stakeholder``."""
    participants_sealed: bytes = b""
    learned_sealed: bytes = b""
    corrects_id: int | None = Field(
        default=None, foreign_key="mechanismreview.id", sa_type=RowId, index=True
    )
    signed_at: datetime | None = Field(default=None, index=True)
    signed_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    seal: bytes = Field(default=b"", max_length=16)
    """A keyed hash of all of it, made when it was signed: whether it is still what was signed."""
    dropped_at: datetime | None = None
    """Given up before it was signed."""


class ReviewAction(Table, table=True):
    """Something that a review decided: what, by whom, until when. Part of what is signed; that it
    was done is noted afterwards."""

    __table_args__ = (sa.UniqueConstraint("review_id", "number"),)

    id: int = Field(primary_key=True, sa_type=RowId)
    review_id: int = Field(foreign_key="mechanismreview.id", sa_type=RowId)
    number: int
    what_sealed: bytes
    who_sealed: bytes
    due_on: date
    done_at: datetime | None = None
    done_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    done_sealed: bytes = b""
    """What came of it."""


class RatingEvent(Table, table=True):
    """Who did what to a rating, a review or an attestation: kept for ever."""

    id: int = Field(primary_key=True, sa_type=RowId)
    at: datetime
    staff_id: int = Field(foreign_key="staff.id", sa_type=RowId, index=True)
    what: RatingAct = Field(sa_type=stored_by_value(RatingAct, growing=True))
    brand_id: int | None = Field(default=None, foreign_key="brand.id", sa_type=RowId, index=True)
    review_id: int | None = Field(
        default=None, foreign_key="mechanismreview.id", sa_type=RowId, index=True
    )
    data: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    """Codes, ids and dates only."""
