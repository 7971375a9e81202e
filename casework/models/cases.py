"""A case and all that hangs on it: issues, messages, files, events, clocks."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import relationship
from sqlmodel import Field

from casework.models.base import RowId, Table, stored_by_value
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    Danger,
    Direction,
    ExtensionReason,
    FileState,
    Finding,
    Gravity,
    HowMany,
    Inadmissible,
    MediaKind,
    MessageKind,
    PauseReason,
    Promise,
    Reach,
    Referral,
    Relation,
    Resolution,
    Role,
    Severity,
    Since,
    Status,
    Treatment,
)


class Case(Table, table=True):
    """A complaint on its way to remedy. Words about it are sealed; the rest is coded.

    ``status`` and everything derived from events is written by ``casework.cases`` alone.
    """

    __table_args__ = (
        sa.Index("ix_case_reporter", "reporter_id", "id"),
        # The list (casework.searching.queue) walks one of these for each filter and sort, whatever the size.
        sa.Index("ix_case_due", "next_due_at", "id"),
        sa.Index(
            "ix_case_progress",
            "progress_at",
            sqlite_where=sa.text("progress_at IS NOT NULL"),
            postgresql_where=sa.text("progress_at IS NOT NULL"),
        ),
        sa.Index(
            "ix_case_practice",
            "updated_at",
            sqlite_where=sa.text("practice = 1"),
            postgresql_where=sa.text("practice"),
        ),
        sa.Index("ix_case_received", "received_at", "id"),
        sa.Index("ix_case_updated", "updated_at", "id"),
        *(
            sa.Index(f"ix_case_{column}_{sort}", column, f"{sort}_at", "id")
            for column in (
                "status",
                "severity",
                "category",
                "language",
                "factory_id",
                "assignee_id",
            )
            for sort in ("next_due", "received")
        ),
        *(
            sa.Index(
                f"ix_case_{flag}",
                "id",
                sqlite_where=sa.text(f"{flag} = 1"),
                postgresql_where=sa.text(flag),
            )
            for flag in ("unread", "open_question")
        ),
    )

    id: int = Field(primary_key=True, sa_type=RowId)
    reference: str = Field(max_length=16, unique=True)
    reporter_id: int | None = Field(default=None, foreign_key="reporter.id", sa_type=RowId)
    factory_id: int | None = Field(default=None, foreign_key="factory.id", sa_type=RowId)
    factory_words_sealed: bytes | None = None
    """What she called a factory that we do not know."""
    status: Status = Field(default=Status.RECEIVED, sa_type=stored_by_value(Status))
    severity: Severity = Field(sa_type=stored_by_value(Severity))
    category: Category | None = Field(default=None, sa_type=stored_by_value(Category))
    """The category of the first issue, for lists; ``Issue`` has all of them."""
    channel: Channel = Field(sa_type=stored_by_value(Channel))
    language: str = Field(max_length=16)
    relation: Relation | None = Field(default=None, sa_type=stored_by_value(Relation))
    danger: Danger | None = Field(default=None, sa_type=stored_by_value(Danger))
    since: Since | None = Field(default=None, sa_type=stored_by_value(Since))
    how_many: HowMany | None = Field(default=None, sa_type=stored_by_value(HowMany))
    restricted: bool = False
    """Only handlers of the restricted pool see it (gender-based violence)."""
    retaliation_risk: bool = False
    practice: bool = False
    """Made in practice mode: never counted."""
    summary_sealed: bytes | None = None
    agreed: bool | None = None
    """With a helper: whether the person the case is about knows of it and agrees."""
    identity_sealed: bytes | None = None
    """Who the worker is, where she or her helper chose to say it. Nobody needs it to file."""
    reach: Reach | None = Field(default=None, sa_type=stored_by_value(Reach, growing=True))
    """Taken by phone or in person: how the worker is reached. ``None``: by the channel."""
    phone_sealed: bytes | None = None
    """Her number, and when it is safe to call."""
    assignee_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    previous_assignee_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    """Who decided what the worker disputed or appealed, else who had the case then: it is for
    somebody else to decide again."""
    received_at: datetime
    updated_at: datetime
    acknowledged_at: datetime | None = None
    asked_at: datetime | None = None
    """When the worker was told the outcome and asked whether it is put right."""
    decided_at: datetime | None = None
    """When it was last resolved, refused or referred: appeals count from here."""
    admissible_at: datetime | None = None
    """When it was first taken up: investigated, or decided on. ``casework.outcomes`` reads it."""
    inadmissible: Inadmissible | None = Field(
        default=None, sa_type=stored_by_value(Inadmissible, growing=True)
    )
    """Why it was marked as inadmissible the last time."""
    referral: Referral | None = Field(default=None, sa_type=stored_by_value(Referral, growing=True))
    """Whom it was referred to the last time."""
    resolution: Resolution | None = Field(default=None, sa_type=stored_by_value(Resolution))
    factory_told_at: datetime | None = None
    """When the factory first heard of the complaint: from then on she may be punished for it."""
    treatment: Treatment | None = Field(default=None, sa_type=stored_by_value(Treatment))
    """How she says she was treated, asked when the case has ended."""
    receipt_index: bytes | None = Field(default=None, max_length=16)
    """A keyed hash of the secret number on her newest receipt; ``None`` if she has none."""
    receipt_tries: int = 0
    """Wrong secret numbers since ``receipt_tries_since``."""
    receipt_tries_since: datetime | None = None
    words_deleted_at: datetime | None = None
    """When its words and files were deleted because nobody needs them any more; the chain stays."""
    legal_hold: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    """Its words are needed longer: in a court, for example."""
    forgotten_at: datetime | None = None
    """When the worker asked to be forgotten: nobody can write to her any more."""
    open_question: bool = False
    """A handler's question waits for the worker's answer."""
    unread: bool = True
    """Something from the worker that no handler has opened yet."""
    next_due_at: datetime | None = None
    """The earliest due time among its open clocks; ``None`` if none is open."""
    paused_until: datetime | None = None
    """Until when its clocks are or were paused the last time, at most; ``None``: they never were."""
    progress_at: datetime | None = None
    """When the mechanism itself tells the worker how it stands, unless somebody writes before."""
    imported_at: datetime | None = None
    """When it came from another system (``ImportedCase``); ``None``: it was filed here. What was
    before that moment was promised by others: figures about promises leave it out."""
    event_count: int = 0
    head_hash: bytes = b""
    """Hash of the newest event: the end of the chain."""


class Issue(Table, table=True):
    """One thing a case is about. Cases and issues are different counts."""

    __table_args__ = (sa.UniqueConstraint("case_id", "category", "kind"),)

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId)
    category: Category = Field(sa_type=stored_by_value(Category))
    kind: str = Field(default="", max_length=32)
    """One of the kinds of its category, or ``""`` where nobody has said yet."""
    position: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Its place among the issues of the case; those of one place as they came."""
    finding: Finding | None = Field(default=None, sa_type=stored_by_value(Finding, growing=True))
    gravity: Gravity | None = Field(default=None, sa_type=stored_by_value(Gravity, growing=True))
    """Of what is founded, wholly or partly."""
    finding_at: datetime | None = None
    finding_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    reason_sealed: bytes | None = None
    """Why it was found to be so; the worker is told these words with the outcome."""
    reason_language: str = Field(default="", max_length=16, sa_column_kwargs={"server_default": ""})
    """In which language they stand; ``""``: in the worker's."""
    worker_reads_sealed: bytes | None = None
    """The same in the worker's language, where they stand in another one."""


class Message(Table, table=True):
    """Words in a case, sealed: the worker's, a handler's to her, or a note among handlers."""

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId, index=True)
    at: datetime
    direction: Direction = Field(sa_type=stored_by_value(Direction))
    kind: MessageKind = Field(sa_type=stored_by_value(MessageKind, growing=True))
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    language: str = Field(default="", max_length=16)
    text_sealed: bytes = b""
    attachment_id: int | None = Field(default=None, foreign_key="attachment.id", sa_type=RowId)
    source_index: bytes | None = Field(default=None, max_length=16, index=True)
    """A keyed hash of the channel's name for her message, so that an edit of it is recognised."""


class Attachment(Table, table=True):
    """A worker's file: first only its name in the channel, then fetched, checked and sealed.

    It belongs to a reporter's draft until a message takes it into a case.
    """

    __table_args__ = (
        sa.Index(
            "ix_attachment_pending",
            "retry_at",
            # Only what is pending has one; a state passed as a parameter would not use the index.
            sqlite_where=sa.text("retry_at IS NOT NULL"),
            postgresql_where=sa.text("retry_at IS NOT NULL"),
        ),
    )

    id: int = Field(primary_key=True, sa_type=RowId)
    reporter_id: int | None = Field(
        default=None, foreign_key="reporter.id", sa_type=RowId, index=True
    )
    case_id: int | None = Field(default=None, foreign_key="case.id", sa_type=RowId, index=True)
    kind: MediaKind = Field(sa_type=stored_by_value(MediaKind))
    state: FileState = Field(default=FileState.PENDING, sa_type=stored_by_value(FileState))
    remote_sealed: bytes | None = None
    """The channel's name for the file, sealed, until it is fetched."""
    mime: str = Field(default="", max_length=80)
    size: int = 0
    """Bytes after cleaning."""
    reason: str = Field(default="", max_length=80)
    """Why it was refused or given up, as a code."""
    attempts: int = 0
    retry_at: datetime | None = None
    created_at: datetime


class FileChunk(Table, table=True):
    """A sealed piece of a file (64 KiB), so that one database is all there is to back up."""

    id: int = Field(primary_key=True, sa_type=RowId)
    attachment_id: int = Field(foreign_key="attachment.id", sa_type=RowId)
    position: int
    last: bool = False
    sealed: bytes

    __table_args__ = (sa.UniqueConstraint("attachment_id", "position"),)


TAKING_AWAY = "action IN ('redact', 'hold', 'release', 'expire', 'forget')"
"""Events by which words go, or are kept from going. Written out: an index is used only where a query
says the same."""


COUNTED = (
    "action IN ('investigate', 'propose-remedy', 'conclude', 'refer', 'reject', 'confirm', 'dispute',"
    " 'appeal', 'resolve', 'withdraw', 'plan-remedy', 'verify-remedy', 'factory-answer',"
    " 'record-money')"
)
"""Events that figures are made of (``casework.figures.flows``), written out for the same reason."""


class CaseEvent(Table, table=True):
    """What happened, for ever: each event carries the hash of the one before it.

    ``data`` holds codes, ids and dates only. Words are messages; the event names their ids and a
    keyed digest of them, so that changing a message later breaks the chain too.
    """

    __table_args__ = (
        sa.UniqueConstraint("case_id", "number"),
        # What the auditor's page lists; few of all events.
        sa.Index(
            "ix_caseevent_taken_away",
            "id",
            sqlite_where=sa.text(TAKING_AWAY),
            postgresql_where=sa.text(TAKING_AWAY),
        ),
        sa.Index(
            "ix_caseevent_counted",
            "at",
            sqlite_where=sa.text(COUNTED),
            postgresql_where=sa.text(COUNTED),
        ),
    )

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId)
    number: int
    """1, 2, 3 … within the case."""
    at: datetime
    action: Action = Field(sa_type=stored_by_value(Action, growing=True))
    before: Status | None = Field(default=None, sa_type=stored_by_value(Status, name="before"))
    after: Status = Field(sa_type=stored_by_value(Status))
    role: Role = Field(sa_type=stored_by_value(Role))
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    data: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    hash: bytes = Field(max_length=32)


class Clock(Table, table=True):
    """One round of a promise of a case: when it started, when it is due, and how it ended.

    All but ``told_until`` and ``next_at``, which the sweep needs, follows from the events of the
    case, the policy and the calendar.
    """

    __table_args__ = (
        sa.UniqueConstraint("case_id", "promise", "round"),
        sa.Index(
            "ix_clock_next",
            "next_at",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        ),
        # Of all that was ever promised, little was missed: the supervisor's page looks there.
        sa.Index(
            "ix_clock_missed",
            "missed_at",
            sqlite_where=sa.text("missed_at IS NOT NULL"),
            postgresql_where=sa.text("missed_at IS NOT NULL"),
        ),
        # Figures of a period look for what was kept in it, and for what was to be kept in it.
        *(
            sa.Index(
                f"ix_clock_{name}",
                column,
                sqlite_where=sa.text("met_at IS NOT NULL"),
                postgresql_where=sa.text("met_at IS NOT NULL"),
            )
            for name, column in (("met", "met_at"), ("kept", "due_at"))
        ),
    )

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId)
    promise: Promise = Field(sa_type=stored_by_value(Promise, growing=True))
    round: int = Field(default=1)
    """1, 2, 3 …: a message on progress is due again and again, a second appeal is decided too."""
    started_at: datetime
    due_at: datetime
    extended_to: datetime | None = None
    """The newest approved extension: it is due no sooner."""
    extensions: int = 0
    """How often it was extended; each time the levels of its chain begin anew."""
    met_at: datetime | None = None
    missed_at: datetime | None = None
    """Set once, when it is found to be overdue; it stays when the promise is met later, and whatever
    is extended after it."""
    cancelled_at: datetime | None = None
    """The promise fell away: the case took another way, which the event of that moment tells."""
    paused_seconds: int = 0
    """How much of the time until it was met or missed was paused; 0 before. What is left of that
    time was counted."""
    told_until: datetime
    """Levels of the chain up to this moment are done."""
    next_at: datetime | None = None
    """When the sweep has something to do about it next; ``None``: never."""


class Pause(Table, table=True):
    """A time in which the clocks of a case that may pause did: we waited for the worker."""

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId, index=True)
    reason: PauseReason = Field(sa_type=stored_by_value(PauseReason, growing=True))
    staff_id: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    began_at: datetime
    until: datetime
    """The cap: then it ends by itself."""
    ended_at: datetime | None = None
    """When it ended before that: most often because the worker wrote."""


class Extension(Table, table=True):
    """More time for a promise, asked for by a handler and decided by a supervisor.

    Why, in the handler's words, is a message of the case.
    """

    __table_args__ = (
        sa.Index(
            "ix_extension_waiting",
            "asked_at",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        ),
    )

    id: int = Field(primary_key=True, sa_type=RowId)
    case_id: int = Field(foreign_key="case.id", sa_type=RowId, index=True)
    clock_id: int = Field(foreign_key="clock.id", sa_type=RowId)
    reason: ExtensionReason = Field(sa_type=stored_by_value(ExtensionReason, growing=True))
    message_id: int = Field(foreign_key="message.id", sa_type=RowId)
    before: datetime
    """When it was due."""
    until: datetime
    """When it is due if it is approved: the close of a day of the office."""
    asked_at: datetime
    asked_by: int = Field(foreign_key="staff.id", sa_type=RowId)
    decided_at: datetime | None = None
    decided_by: int | None = Field(default=None, foreign_key="staff.id", sa_type=RowId)
    approved: bool | None = None
    """``None`` while nobody has decided, and where nobody had to: what it was asked for was kept by
    ``decided_at``, or fell away."""


# With these a session knows by itself that a case is written before what hangs on it, and writes a
# whole batch table by table. Nothing reads them: rows are asked for where they are needed.
for _part in (Issue, Message, Attachment, CaseEvent, Clock, Pause):
    sa.inspect(_part).add_property("_case", relationship(Case, lazy="raise"))
