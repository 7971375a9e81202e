"""What is done to put a case right: a plan of actions, money, and the factory's side of it.

Nothing here is forgotten with the worker: it is what others owe, and no column says to whom.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table, stored_by_value
from casework.vocabulary import (
    LedgerKind,
    RemedyKind,
    RemedyOwner,
    RemedyState,
    RemedyStep,
    VerifiedBy,
)


class SupplierContact(Table, table=True):
    """Somebody at a factory who is asked to put things right in one case. Who it is stands sealed.

    They sign in nowhere: a link of their own shows what is addressed to them (``SupplierLink``). A
    contact of two cases is two contacts: so nobody reads of a case they may not see by a link that
    they made in another.
    """

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId, index=True)
    factory_id: int = Field(foreign_key="factory.id", sa_type=RowId)
    name_sealed: bytes
    email_sealed: bytes
    organisation_sealed: bytes
    language: str = Field(default="", max_length=16)
    """In which the page speaks to them; ``""``: as their browser asks."""
    added_at: datetime
    added_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)


class SupplierLink(Table, table=True):
    """A link that opens what is addressed to one contact. Only a hash of its secret is kept."""

    id: int = Field(primary_key=True, sa_type=RowId)
    contact_id: int = Field(foreign_key="suppliercontact.id", sa_type=RowId, index=True)
    token_hash: bytes = Field(max_length=32, unique=True)
    made_at: datetime
    made_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    expires_at: datetime
    revoked_at: datetime | None = None
    opened_at: datetime | None = None
    """When it was last opened, to the day: that it works, not when somebody reads."""


class RemedyAction(Table, table=True):
    """One thing that is to be done to put a case right."""

    __table_args__ = (
        sa.Index("ix_remedyaction_state", "state", "due_on"),
        sa.Index(
            "ix_remedyaction_look_again",
            "look_again_on",
            sqlite_where=sa.text("look_again_on IS NOT NULL"),
            postgresql_where=sa.text("look_again_on IS NOT NULL"),
        ),
    )

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId, index=True)
    number: int
    """1, 2, 3 … within the case; the factory never sees it."""
    code: str = Field(max_length=12, unique=True)
    """What the factory knows it by: drawn at random, so that it tells nothing about the case."""
    kind: RemedyKind = Field(sa_type=stored_by_value(RemedyKind, growing=True))
    owner: RemedyOwner = Field(sa_type=stored_by_value(RemedyOwner, growing=True))
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    contact_id: int | None = Field(
        default=None, foreign_key="suppliercontact.id", sa_type=RowId, index=True
    )
    owner_sealed: bytes = b""
    """Another organisation that does it."""
    what_sealed: bytes
    proof_sealed: bytes = b""
    """By what is shown that it is done."""
    factory_sealed: bytes = b""
    """What the factory reads, written for it: nothing else of the action reaches it but the day."""
    issues: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    """The issues it answers, as ``WAG:unpaid``."""
    due_on: date
    state: RemedyState = Field(
        default=RemedyState.OPEN, sa_type=stored_by_value(RemedyState, growing=True)
    )
    added_at: datetime
    look_again_on: date | None = None
    """When a person looks whether it is still so; none once somebody did."""


class RemedyEntry(Table, table=True):
    """Something that happened to an action: an answer, a proof, a verification, with its words."""

    id: int = Field(primary_key=True, sa_type=RowId)
    action_id: int = Field(foreign_key="remedyaction.id", sa_type=RowId, index=True)
    at: datetime
    step: RemedyStep = Field(sa_type=stored_by_value(RemedyStep, growing=True))
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    contact_id: int | None = Field(default=None, foreign_key="suppliercontact.id", sa_type=RowId)
    words_sealed: bytes = b""
    attachment_id: int | None = Field(default=None, foreign_key="attachment.id", sa_type=RowId)
    verified_by: VerifiedBy | None = Field(
        default=None, sa_type=stored_by_value(VerifiedBy, growing=True)
    )
    verified_on: date | None = None
    verifier_sealed: bytes = b""
    """Who looked, where it was nobody of the office."""
    organisation_index: bytes | None = Field(default=None, max_length=16)
    """A keyed hash of the verifier's organisation, as ``Party`` has one of the respondent's."""


class PersonGroup(Table, table=True):
    """People of a case to whom money is owed. What they are called can name them: it is sealed."""

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId, index=True)
    label_sealed: bytes
    persons: int
    added_at: datetime


class LedgerEntry(Table, table=True):
    """A change of what is owed to a group or was paid to it. Never changed or deleted afterwards:
    what was wrong is reversed by an entry of its own."""

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId, index=True)
    group_id: int = Field(foreign_key="persongroup.id", sa_type=RowId, index=True)
    kind: LedgerKind = Field(sa_type=stored_by_value(LedgerKind, growing=True))
    currency: str = Field(max_length=3)
    """ISO 4217."""
    amount: int = Field(sa_type=sa.BigInteger)
    """In the currency's minor unit (``casework.remedy.money``); below zero where it takes away."""
    day: date
    """Of the payment; of what is owed, when it was noted."""
    reverses_id: int | None = Field(
        default=None, foreign_key="ledgerentry.id", sa_type=RowId, unique=True
    )
    note_sealed: bytes = b""
    at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
