"""Words in several languages: the library of phrases, and what stands beside what was said.

A phrase is about no case, so it stands in clear. All else here is sealed.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from casework.models.base import RowId, Table, stored_by_value
from casework.vocabulary import Action, Situation, VersionBy, VersionKind


class Phrase(Table, table=True):
    """A sentence of the operator's library. One that comes with the program (``casework.messaging.phrases``)
    gets a row when somebody changes or approves it."""

    id: int = Field(primary_key=True, sa_type=RowId)
    key: str = Field(max_length=40, unique=True)
    situation: Situation = Field(sa_type=stored_by_value(Situation, growing=True))
    withdrawn: bool = False
    """Nobody is to write it any more; what was sent stays."""
    updated_at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)


class PhraseText(Table, table=True):
    """A phrase in one language, with named holes such as ``{day}``."""

    __table_args__ = (sa.UniqueConstraint("phrase_id", "language"),)

    id: int = Field(primary_key=True, sa_type=RowId)
    phrase_id: int = Field(foreign_key="phrase.id", sa_type=RowId)
    language: str = Field(max_length=16)
    words: str = Field(max_length=600)
    drafted_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    """Who wrote it; ``None`` where a machine did."""
    drafted_at: datetime
    approved_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    approved_at: datetime | None = None


class MessageVersion(Table, table=True):
    """A message in another language, or what is said in a recording written down; sealed.

    Newer ones do not replace older ones: of the same kind and language the newest is shown.
    """

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId, index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id", sa_type=RowId)
    """``None`` while the words wait: then ``held_id`` says which."""
    held_id: int | None = Field(default=None, foreign_key="heldwords.id", sa_type=RowId)
    kind: VersionKind = Field(sa_type=stored_by_value(VersionKind, growing=True))
    language: str = Field(max_length=16)
    text_sealed: bytes
    made_by: VersionBy = Field(sa_type=stored_by_value(VersionBy, growing=True))
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    """Who wrote it, or let a machine's words stand."""
    checked: bool = True
    """Of phrases: whether each of them was approved in this language."""
    at: datetime


class HeldWords(Table, table=True):
    """A step with words to the worker that waits for the worker's version of them: nothing of it is
    done or sent before."""

    __table_args__ = (
        sa.Index(
            "ix_heldwords_open",
            "case_id",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId)
    action: Action = Field(sa_type=stored_by_value(Action, growing=True))
    language: str = Field(max_length=16)
    """What it is written in."""
    wanted: str = Field(max_length=16)
    """What the worker reads."""
    text_sealed: bytes
    begun_sealed: bytes = b""
    """What of the worker's version is there already: the phrases among the words."""
    reason: str = Field(default="", max_length=24)
    """Of a step that needs one: why it is not taken up, or who can help better."""
    staff_id: int = Field(foreign_key="staff.id", sa_type=RowId)
    at: datetime
    ended_at: datetime | None = None
    message_id: int | None = Field(default=None, foreign_key="message.id", sa_type=RowId)
    """What was sent in the end; ``None`` where it was dropped."""


class Interpreting(Table, table=True):
    """One message that an interpreter is asked to translate: a message of the story, or words that
    wait. Gone from every interpreter's page when it is done or taken back."""

    __table_args__ = (
        sa.Index(
            "ix_interpreting_open",
            "asked_at",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId, index=True)
    message_id: int | None = Field(default=None, foreign_key="message.id", sa_type=RowId)
    held_id: int | None = Field(default=None, foreign_key="heldwords.id", sa_type=RowId)
    source: str = Field(max_length=16)
    wanted: str = Field(max_length=16)
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    """Who is asked; ``None``: whoever speaks both languages."""
    asked_by: int = Field(foreign_key="staff.id", sa_type=RowId)
    asked_at: datetime
    ended_at: datetime | None = None
    done_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    """Who translated it; ``None`` where it was taken back."""
