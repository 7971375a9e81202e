"""What a conversation asks to be done, done: each effect becomes calls of ``casework``.

Its result, if it has one, is the event that the dialogue waits for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.turns import (
    ActOnCase,
    AddToCase,
    CaseChanged,
    CaseFiled,
    CaseLine,
    CaseShown,
    CasesListed,
    Draft,
    DropDraft,
    Effect,
    Event,
    FactoriesFound,
    FactoryMatch,
    FileComplaint,
    FindFactory,
    ListCases,
    Part,
    SetContact,
    ShowCase,
    UseLanguage,
)
from casework import attachments, cases, filing, lifecycle, messages, places, promises
from casework.actors import WORKER
from casework.db import Session
from casework.errors import NotAllowed
from casework.filing import Complaint, Piece
from casework.models import Case, Factory, Reporter
from casework.vocabulary import Contact, Direction, MessageKind, Role

_LAST_MESSAGES = 6
_NO_ZONE = "UTC"
"""The zone of a reporter who has not filed yet."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What every effect may need: the transaction, the person, the moment and the operator."""

    session: Session
    reporter: Reporter
    now: datetime
    operator: str
    practice: bool


def apply(doing: Doing, effect: Effect) -> Event | None:
    """Do what the dialogue asked for and return the event it leads to, if any."""
    handler: Callable[..., Event | None] = _HANDLERS[type(effect)]
    return handler(doing, effect)


def _find_factory(doing: Doing, effect: FindFactory) -> FactoriesFound:
    with doing.session.no_autoflush:  # factories are nothing that a conversation writes
        found = places.find(doing.session, effect.query)
    matches = tuple(FactoryMatch(f.code, f.name, f.place) for f in found.factories)
    return FactoriesFound(effect.query, matches, found.exact)


def _file(doing: Doing, effect: FileComplaint) -> CaseFiled:
    draft, reporter = effect.draft, doing.reporter
    session = doing.session
    with session.no_autoflush:
        factory = places.by_code(session, draft.factory.code) if draft.factory else None
        zone = _zone(session, factory)
    _keep_contact(reporter, draft, str(zone))
    complaint = Complaint(
        pieces=tuple(map(_piece, draft.parts)),
        factory=factory,
        factory_words=draft.factory_words,
        category=draft.category,
        kind=draft.kind or "",
        relation=draft.relation,
        danger=draft.danger,
        since=draft.since,
        how_many=draft.how_many,
        practice=doing.practice,
    )
    case = filing.open_case(session, reporter, complaint, now=doing.now)
    assert case.next_due_at is not None  # a new case always has its acknowledgement clock
    answer_by = case.next_due_at.astimezone(zone).date()
    return CaseFiled(case.reference, answer_by, doing.operator)


def _list(doing: Doing, _: ListCases) -> CasesListed:
    found = cases.of_reporter(doing.session, doing.reporter.id)
    return CasesListed(tuple(_line(doing, case) for case in found))


def _show(doing: Doing, effect: ShowCase) -> CaseShown:
    case = _own_case(doing, effect.reference)
    if case is None:
        return CaseShown(None)
    factory = places.factory_of(doing.session, case.factory_id)
    zone = _zone(doing.session, factory)
    told = [
        message
        for message in messages.of_case(doing.session, case.id)
        if message.direction is not Direction.INTERNAL
    ]
    question = next((m for m in reversed(told) if m.kind is MessageKind.QUESTION), None)
    open_question = question if case.open_question else None
    open_clocks = [c for c in promises.of_case(doing.session, case.id) if promises.is_open(c)]
    next_due = open_clocks[0].due_at if open_clocks else None
    return CaseShown(
        case=_line(doing, case),
        next_by=next_due.astimezone(zone).date() if next_due else None,
        late=case.next_due_at is not None and case.next_due_at < doing.now,
        question=messages.words(doing.session, open_question) if open_question else "",
        messages=tuple(
            words for m in told[-_LAST_MESSAGES:] if (words := messages.words(doing.session, m))
        ),
        can=frozenset(
            action.value
            for action in lifecycle.moves(cases.standing(case, WORKER), Role.WORKER, doing.now)
        ),
    )


def _add(doing: Doing, effect: AddToCase) -> CaseChanged:
    case = _own_case(doing, effect.reference, lock=True)
    if case is None:
        return CaseChanged(effect.reference, ok=False)
    for part in effect.parts:
        filing.add(doing.session, case, _piece(part), now=doing.now)
    return CaseChanged(case.reference)


def _act(doing: Doing, effect: ActOnCase) -> CaseChanged:
    case = _own_case(doing, effect.reference, lock=True)
    if case is None:
        return CaseChanged(effect.reference, ok=False, action=effect.action)
    try:
        filing.answer(doing.session, case, effect.action, now=doing.now, reason=effect.reason)
    except NotAllowed:
        # She pressed an old button, or a handler was faster; the dialogue tells her so, and adds
        # what she wrote to the case all the same.
        return CaseChanged(case.reference, ok=False, action=effect.action)
    return CaseChanged(case.reference, action=effect.action)


def _use_language(doing: Doing, effect: UseLanguage) -> None:
    doing.reporter.language = effect.language


def _set_contact(doing: Doing, effect: SetContact) -> None:
    doing.reporter.contact = effect.contact
    doing.reporter.safe_from = effect.safe_from
    doing.reporter.safe_to = effect.safe_to


def _drop_draft(doing: Doing, effect: DropDraft) -> None:
    attachments.drop_unfiled(doing.session, doing.reporter.id, effect.attachments)


_HANDLERS: dict[type, Callable[..., Event | None]] = {
    FindFactory: _find_factory,
    FileComplaint: _file,
    ListCases: _list,
    ShowCase: _show,
    AddToCase: _add,
    ActOnCase: _act,
    UseLanguage: _use_language,
    SetContact: _set_contact,
    DropDraft: _drop_draft,
}


def _own_case(doing: Doing, reference: str, *, lock: bool = False) -> Case | None:
    case = cases.by_reference(doing.session, reference, lock=lock)
    return case if case and case.reporter_id == doing.reporter.id else None


def _line(doing: Doing, case: Case) -> CaseLine:
    factory = places.factory_of(doing.session, case.factory_id)
    zone = ZoneInfo(factory.zone) if factory else ZoneInfo(doing.reporter.zone)
    filed_on = case.received_at.astimezone(zone).date()
    return CaseLine(case.reference, case.status, filed_on, case.category)


def _keep_contact(reporter: Reporter, draft: Draft, zone: str) -> None:
    told_before = reporter.contact is Contact.SAFE_HOURS and reporter.zone != _NO_ZONE
    if draft.contact is None and told_before:
        return  # her safe hours stay what she chose, also by the clock of another factory
    reporter.zone = zone
    if draft.contact is None:
        return  # not asked this time: what she chose before stays
    reporter.contact = draft.contact
    safe = draft.contact is Contact.SAFE_HOURS
    reporter.safe_from = draft.safe_from if safe else None
    reporter.safe_to = draft.safe_to if safe else None


def _piece(part: Part) -> Piece:
    return Piece(part.text, part.attachment, part.amends, part.source)


def _zone(session: Session, factory: Factory | None) -> ZoneInfo:
    """A day is meant where she works, or where the office is if she did not say."""
    return ZoneInfo(factory.zone) if factory else places.calendar_for(session, None).zone
