"""What a conversation asks to be done, done: each effect becomes calls of ``casework``.

Its result, if it has one, is the event that the dialogue waits for.
"""

from collections.abc import Callable

from bot import guiding, posted, returning, showing
from bot.doing import Doing, own_case, zone_of
from bot.turns import (
    ActOnCase,
    AddToCase,
    AnswerCheckIn,
    CaseChanged,
    CaseFiled,
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
from casework import detaching, filing, lifecycle, places, retaliation
from casework.deadlines import promises
from casework.errors import NotAllowed
from casework.filing import Complaint, Piece
from casework.media import attachments
from casework.messaging import outbox
from casework.models import Reporter
from casework.vocabulary import Channel, Contact, Notice


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
        zone = zone_of(session, factory)
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


def _add(doing: Doing, effect: AddToCase) -> CaseChanged:
    case = own_case(doing, effect.reference, lock=True)
    if case is None:
        return CaseChanged(effect.reference, ok=False)
    for part in effect.parts:
        filing.add(doing.session, case, _piece(part), now=doing.now)
    return CaseChanged(case.reference)


def _act(doing: Doing, effect: ActOnCase) -> CaseChanged:
    case = own_case(doing, effect.reference, lock=True)
    if case is None:
        return CaseChanged(effect.reference, ok=False, action=effect.action)
    try:
        filing.answer(doing.session, case, effect.action, now=doing.now, reason=effect.reason)
    except NotAllowed:
        # She pressed twice, or an old button, or a handler was faster; the dialogue tells her so,
        # and adds what she wrote to the case all the same.
        already = case.status in lifecycle.leads_to(effect.action)
        return CaseChanged(case.reference, ok=False, action=effect.action, already=already)
    return CaseChanged(case.reference, action=effect.action)


def _answer_check_in(doing: Doing, effect: AnswerCheckIn) -> CheckInAnswered:
    case = own_case(doing, effect.reference, lock=True)
    found = retaliation.answer(doing.session, case, effect.harmed, now=doing.now) if case else None
    if found is None:
        return CheckInAnswered(effect.reference, effect.harmed, ok=False)
    linked, new = found.linked, None
    if linked and found.opened:
        factory = places.factory_of(doing.session, linked.factory_id)
        due = promises.answer_due(doing.session, linked)
        new = due.astimezone(zone_of(doing.session, factory)).date()
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
    ListCases: showing.list_cases,
    ShowCase: showing.show_case,
    AddToCase: _add,
    ActOnCase: _act,
    RateCase: returning.rate,
    MakeReceipt: returning.make_receipt,
    OpenWithReceipt: returning.open_case,
    ShowHistory: returning.show_history,
    ReadNews: showing.read_news,
    AnswerCheckIn: _answer_check_in,
    FindHelp: guiding.find_help,
    FindRights: guiding.find_rights,
    ShowRights: guiding.show_rights,
    UseLanguage: _use_language,
    SetContact: _set_contact,
    EraseChat: _erase,
    ForgetMe: _forget_me,
    DropDraft: _drop_draft,
}


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
