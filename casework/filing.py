"""What a worker does with her case: file it, add to it, and answer what was done about it.

Each change checks ``lifecycle``, writes one event and keeps the clocks, all in the caller's
transaction. Nothing here commits and nothing asks the clock on the wall.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from casework import identity, lifecycle, places
from casework.actors import WORKER, Actor
from casework.audit import events, evidence
from casework.cases import by_reference
from casework.categories import CATEGORIES, starting_severity
from casework.db import Session
from casework.deadlines import pausing, promises, sweeping
from casework.errors import BadInput, NotAllowed
from casework.ids import new_id
from casework.messaging import checkins, messages
from casework.models import Attachment, Case, CaseEvent, Factory, Issue, Message, Reporter
from casework.models.base import new_row
from casework.references import bare, new_reference
from casework.searching import searchwords
from casework.standing import standing
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    CheckInCause,
    Danger,
    Direction,
    HowMany,
    MessageKind,
    Relation,
    Resolution,
    Severity,
    Since,
    Treatment,
)

NOTED_BY = "noted-by"
"""Under this name an event holds who wrote down what the worker said."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of what a worker told: words, or a file with its caption."""

    text: str = ""
    attachment_id: int | None = None
    amends: bool = False
    source: str = ""
    """The channel's name for the message it came in; ``""`` where messages can't be edited."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a worker files. Everything but one of ``pieces`` and ``category`` may be missing."""

    pieces: tuple[Piece, ...]
    factory: Factory | None = None
    factory_words: str = ""
    category: Category | None = None
    kind: str = ""
    relation: Relation | None = None
    danger: Danger | None = None
    since: Since | None = None
    how_many: HowMany | None = None
    agreed: bool | None = None
    """From a helper: whether the person it is about knows of it and agrees."""
    person: str = ""
    """From a helper: who that person is; ``SPOKEN`` where that was told in a voice message."""
    practice: bool = False
    severity: Severity | None = None
    """``None``: what the category and the danger make it."""
    restricted: bool = False
    """Whatever it is about, only for the restricted pool."""


@dataclass(frozen=True, slots=True)
class Door:
    """By what a complaint came, in which language, and to whom what is said about it goes."""

    channel: Channel
    language: str
    reporter_id: int | None = None
    """``None``: nothing can be sent; somebody tells her."""


def open_case(session: Session, reporter: Reporter, complaint: Complaint, *, now: datetime) -> Case:
    """File what a worker tells us herself. ``BadInput`` if it is empty."""
    door = Door(reporter.channel, reporter.language, reporter.id)
    return file(session, door, complaint, by=WORKER, now=now)


def file(
    session: Session,
    door: Door,
    complaint: Complaint,
    *,
    by: Actor,
    now: datetime,
    noted: Mapping[str, Any] | None = None,
) -> Case:
    """File a complaint of ``now``: case, issue, messages, first event, clocks.

    ``by``: who wrote it down; ``noted``: what the first event has to hold besides.
    """
    told = any(piece.text.strip() or piece.attachment_id for piece in complaint.pieces)
    if not told and complaint.category is None:
        raise BadInput("A complaint needs a story or at least what it is about.")
    kinds = CATEGORIES[complaint.category].kinds if complaint.category else ()
    kind = complaint.kind if complaint.kind in kinds else ""
    # Neither look-up concerns what this session has still to write: a batch is written in one go.
    with session.no_autoflush:
        calendar = places.calendar_for(session, complaint.factory)
        reference = _free_reference(session)
    row = new_id(now)
    case = new_row(
        Case,
        id=row,
        reference=reference,
        reporter_id=door.reporter_id,
        factory_id=complaint.factory.id if complaint.factory else None,
        severity=complaint.severity
        or starting_severity(complaint.category, kind, complaint.danger),
        category=complaint.category,
        channel=door.channel,
        language=door.language,
        relation=complaint.relation,
        danger=complaint.danger,
        since=complaint.since,
        how_many=complaint.how_many,
        restricted=complaint.restricted
        or (complaint.category is Category.HARASSMENT and kind == "sexual"),
        practice=complaint.practice,
        received_at=now,
        updated_at=now,
    )
    if complaint.factory_words:
        case.factory_words_sealed = session.vault.seal_text(
            "case", "factory_words_sealed", row, complaint.factory_words
        )
    if complaint.relation is Relation.HELPER:
        case.agreed = complaint.agreed
        if complaint.person:
            identity.seal(session, case, complaint.person)
    session.add(case)
    place = (complaint.factory.code, complaint.factory.name) if complaint.factory else ()
    searchwords.add(session, row, bare(reference), complaint.factory_words, *place)
    if complaint.category:
        issue = new_row(Issue, id=new_id(now), case_id=row, category=complaint.category, kind=kind)
        session.add(issue)
    said = [
        _write_piece(session, case, piece, MessageKind.STORY, now, by) for piece in complaint.pieces
    ]
    data: dict[str, Any] = {
        "said": [messages.evidence(session, message) for message in said],
        "severity": case.severity.value,
        "category": complaint.category.value if complaint.category else "",
        "kind": kind,
        "factory": case.factory_id,
        "agreed": case.agreed,
        "filed": evidence.filed(session, case),
        **(noted or {}),
    }
    events.record(session, case, Action.FILE, by=by, now=now, before=None, data=data)
    promises.begin(session, case, calendar, now)
    return case


def add(
    session: Session, case: Case, piece: Piece, *, now: datetime, noted_by: Actor = WORKER
) -> Message:
    """The worker adds to her case, in any status: nothing she says is ever refused.

    ``noted_by``: who wrote it down for her.
    """
    kind = MessageKind.AMENDMENT if piece.amends else MessageKind.ADDITION
    message = _write_piece(session, case, piece, kind, now, noted_by)
    case.unread = True
    answered = case.open_question and not piece.amends
    if answered:
        case.open_question = False
    data = messages.evidence(session, message) | {"answers": answered} | _noted(noted_by)
    if not piece.amends:
        sweeping.catch_up(session, case, now)
        data |= pausing.end(session, case, now)
    events.record(session, case, Action.ADD, by=WORKER, now=now, before=case.status, data=data)
    return message


def amend(
    session: Session, reporter_id: int, source: str, text: str, *, now: datetime
) -> Case | None:
    """The worker edited a message that is in a case: keep both. ``None`` if it is in none."""
    edited = messages.by_source(session, reporter_id, source)
    found = session.get(Case, edited.case_id) if edited else None
    case = by_reference(session, found.reference, lock=True) if found else None
    if case is not None:
        add(session, case, Piece(text=text, amends=True), now=now)
    return case


def answer(
    session: Session,
    case: Case,
    action: Action,
    *,
    now: datetime,
    reason: str = "",
    noted_by: Actor = WORKER,
) -> Case:
    """The worker confirms, disputes, appeals or withdraws; ``NotAllowed`` if it is too late.

    ``noted_by``: who wrote it down for her.
    """
    after = lifecycle.check(standing(case, WORKER), action, WORKER.role, now)
    sweeping.catch_up(session, case, now)
    before, case.status = case.status, after
    case.unread = True
    data: dict[str, Any] = pausing.end(session, case, now) | _noted(noted_by)
    if reason.strip():
        message = messages.write(
            session,
            case,
            MessageKind.REASON,
            Direction.FROM_WORKER,
            by=noted_by,
            now=now,
            text=reason.strip(),
        )
        data |= messages.evidence(session, message)
    if action is Action.CONFIRM:
        case.resolution, case.decided_at = Resolution.CONFIRMED, now
        case.open_question = False
    elif action in (Action.DISPUTE, Action.APPEAL):
        case.previous_assignee_id = _decider(session, case) or case.assignee_id
        case.assignee_id = None
        case.resolution = case.asked_at = case.decided_at = None
        checkins.cancel(session, case, CheckInCause.CLOSED, now)
    elif action is Action.WITHDRAW:
        case.open_question = False
    data |= promises.follow(session, case, action, now)
    events.record(session, case, action, by=WORKER, now=now, before=before, data=data)
    return case


def rate(session: Session, case: Case, treatment: Treatment, *, now: datetime) -> Case:
    """How she was treated, told when the case has ended and changed at any time;
    ``NotAllowed`` before that."""
    after = lifecycle.check(standing(case, WORKER), Action.RATE, WORKER.role, now)
    case.treatment = treatment
    if treatment is Treatment.BADLY:
        case.unread = True
    data = {"treatment": treatment.value}
    events.record(session, case, Action.RATE, by=WORKER, now=now, before=after, data=data)
    return case


def _noted(by: Actor) -> dict[str, Any]:
    """Who wrote down what the worker said, for the event; it stays what the worker did."""
    return {NOTED_BY: by.staff_id} if by.staff_id is not None else {}


def _write_piece(
    session: Session, case: Case, piece: Piece, kind: MessageKind, now: datetime, by: Actor
) -> Message:
    if piece.attachment_id is not None:
        attachment = session.get(Attachment, piece.attachment_id)
        if attachment is None or attachment.reporter_id != case.reporter_id:
            raise NotAllowed("This file does not belong to the worker who files it.")
        if attachment.case_id not in (None, case.id):
            raise NotAllowed("This file stands in another case already.")
        attachment.case_id = case.id
    return messages.write(
        session,
        case,
        kind,
        Direction.FROM_WORKER,
        by=by,
        now=now,
        text=piece.text,
        attachment_id=piece.attachment_id,
        source="" if piece.amends else piece.source,
    )


def _decider(session: Session, case: Case) -> int | None:
    """Who told the worker the newest outcome."""
    statement = (
        select(CaseEvent.staff_id)
        .where(
            CaseEvent.case_id == case.id,
            col(CaseEvent.action).in_((Action.CONCLUDE, Action.REFER, Action.REJECT)),
        )
        .order_by(col(CaseEvent.number).desc())
    )
    return session.exec(statement).first()


_TAKEN = select(Case.id).where(col(Case.reference) == bindparam("wanted"))


def _free_reference(session: Session) -> str:
    while True:
        reference = new_reference()
        if session.exec(_TAKEN, params={"wanted": reference}).first() is None:
            return reference
