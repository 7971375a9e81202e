"""What a conversation asks to be done, done: each effect becomes calls of ``casework``.

Its result, if it has one, is the event that the dialogue waits for.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import guiding, posted, returning
from bot.turns import (
    ActOnCase,
    AddToCase,
    AnswerCheckIn,
    CaseChanged,
    CaseFiled,
    CaseLine,
    CaseShown,
    CasesListed,
    CheckInAnswered,
    Draft,
    DropDraft,
    Effect,
    EraseChat,
    Event,
    FactoriesFound,
    FactoryMatch,
    FileComplaint,
    FindFactory,
    FindHelp,
    FindRights,
    ForgetMe,
    ListCases,
    MakeReceipt,
    News,
    NewsRead,
    OpenWithReceipt,
    Part,
    RateCase,
    ReadNews,
    SetContact,
    ShowCase,
    ShowHistory,
    ShowRights,
    UseLanguage,
)
from casework import (
    attachments,
    cases,
    detaching,
    filing,
    lifecycle,
    messages,
    outbox,
    places,
    promises,
    retaliation,
)
from casework.actors import WORKER
from casework.db import Session
from casework.errors import NotAllowed
from casework.filing import Complaint, Piece
from casework.models import Case, Factory, Message, Outbox, Reporter
from casework.vault import Unsealable
from casework.vocabulary import Channel, Contact, Direction, MessageKind, Notice, Role

_LAST_MESSAGES = 6


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
        agreed=draft.agreed,
        person=draft.person,
        practice=doing.practice,
    )
    case = filing.open_case(session, reporter, complaint, now=doing.now)
    answer_by = promises.answer_due(session, case).astimezone(zone).date()
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
    told_next = promises.next_told(doing.session, case)
    next_due = told_next.due_at if told_next else None
    return CaseShown(
        case=_line(doing, case),
        next_by=next_due.astimezone(zone).date() if next_due else None,
        late=next_due is not None and next_due < doing.now,
        question=messages.words(doing.session, open_question) if open_question else "",
        messages=tuple(
            words for m in told[-_LAST_MESSAGES:] if (words := messages.words(doing.session, m))
        ),
        can=frozenset(
            action.value
            for action in lifecycle.moves(cases.standing(case, WORKER), Role.WORKER, doing.now)
        ),
        treatment=case.treatment,
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


def _read_news(doing: Doing, effect: ReadNews) -> NewsRead:
    case = cases.by_reference(doing.session, effect.reference) if effect.reference else None
    if effect.reference and case is None:
        return NewsRead(effect.reference)
    hers = case is None or case.reporter_id == doing.reporter.id
    unread = outbox.read(doing.session, doing.reporter.id, case, doing.now)
    # A case that she opened from another phone says nothing here any more but that.
    told = [entry for entry in unread if hers or entry.notice is Notice.MOVED]
    found = (_news(doing, entry) for entry in told)
    return NewsRead(effect.reference, tuple(news for news in found if news))


def _news(doing: Doing, entry: Outbox) -> News | None:
    message = doing.session.get_one(Message, entry.message_id) if entry.message_id else None
    try:
        return News(entry.notice, messages.words(doing.session, message) if message else "")
    except Unsealable:
        # The case page shows it; the others must still be read.
        outbox.give_up(entry, doing.now, "unreadable")
        return None


def _answer_check_in(doing: Doing, effect: AnswerCheckIn) -> CheckInAnswered:
    case = _own_case(doing, effect.reference, lock=True)
    found = retaliation.answer(doing.session, case, effect.harmed, now=doing.now) if case else None
    if found is None:
        return CheckInAnswered(effect.reference, effect.harmed, ok=False)
    linked, new = found.linked, None
    if linked and found.opened:
        factory = places.factory_of(doing.session, linked.factory_id)
        due = promises.answer_due(doing.session, linked)
        new = due.astimezone(_zone(doing.session, factory)).date()
    reference = linked.reference if linked else ""
    return CheckInAnswered(effect.reference, effect.harmed, True, reference, new)


def _use_language(doing: Doing, effect: UseLanguage) -> None:
    doing.reporter.language = effect.language


def _set_contact(doing: Doing, effect: SetContact) -> None:
    doing.reporter.contact = effect.contact
    doing.reporter.safe_from = effect.safe_from
    doing.reporter.safe_to = effect.safe_to


def _erase(doing: Doing, _: EraseChat) -> None:
    attachments.drop_unfiled(doing.session, doing.reporter.id)
    # Of the web chat it is the page, which is overwritten with this turn; the entry then sees to it
    # that nothing lingers in the database's files.
    outbox.take_back(doing.session, doing.reporter.id, Notice.ERASE)
    _promise(doing, Notice.ERASE)


def _forget_me(doing: Doing, effect: ForgetMe) -> None:
    detaching.forget(doing.session, doing.reporter, withdraw=effect.withdraw, now=doing.now)
    if doing.reporter.channel is Channel.WEB:
        detaching.destroy(doing.session, doing.reporter)
    else:
        _promise(doing, Notice.FAREWELL)


def _promise(doing: Doing, notice: Notice) -> None:
    later = doing.now + posted.WRITTEN_DOWN
    outbox.tell(doing.session, doing.reporter.id, notice, now=doing.now, not_before=later)


def _drop_draft(doing: Doing, effect: DropDraft) -> None:
    attachments.drop_unfiled(doing.session, doing.reporter.id, effect.attachments)


_HANDLERS: dict[type, Callable[..., Event | None]] = {
    FindFactory: _find_factory,
    FileComplaint: _file,
    ListCases: _list,
    ShowCase: _show,
    AddToCase: _add,
    ActOnCase: _act,
    RateCase: lambda doing, effect: returning.rate(
        doing.session, doing.reporter, effect, doing.now
    ),
    MakeReceipt: lambda doing, effect: returning.make_receipt(
        doing.session, doing.reporter, effect
    ),
    OpenWithReceipt: lambda doing, effect: returning.open_case(
        doing.session, doing.reporter, effect, doing.now
    ),
    ShowHistory: lambda doing, effect: returning.show_history(
        doing.session, doing.reporter, effect
    ),
    ReadNews: _read_news,
    AnswerCheckIn: _answer_check_in,
    FindHelp: lambda doing, effect: guiding.find_help(doing.session, doing.reporter, effect),
    FindRights: lambda doing, effect: guiding.find_rights(doing.session, doing.reporter, effect),
    ShowRights: lambda doing, effect: guiding.show_rights(doing.session, effect),
    UseLanguage: _use_language,
    SetContact: _set_contact,
    EraseChat: _erase,
    ForgetMe: _forget_me,
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
    told_before = reporter.contact is Contact.SAFE_HOURS and reporter.zone != places.NO_ZONE
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
