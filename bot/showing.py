"""Effects that show a worker her cases: the list, one of them, what is new in it."""

from zoneinfo import ZoneInfo

from bot import unread
from bot.doing import Doing, own_case, zone_of
from bot.turns import (
    CaseLine,
    CaseShown,
    CasesListed,
    ListCases,
    News,
    NewsRead,
    ReadNews,
    ShowCase,
)
from casework import cases, lifecycle, places
from casework.actors import WORKER
from casework.deadlines import pausing, promises
from casework.messaging import beside, messages, outbox
from casework.models import Case, Message, Outbox
from casework.standing import standing
from casework.vault import Unsealable
from casework.vocabulary import Direction, Notice, Role


def list_cases(doing: Doing, _: ListCases) -> CasesListed:
    found = cases.of_reporter(doing.session, doing.reporter.id)
    return CasesListed(tuple(_line(doing, case) for case in found))


def show_case(doing: Doing, effect: ShowCase) -> CaseShown:
    case = own_case(doing, effect.reference)
    if case is None:
        return CaseShown(None)
    factory = places.factory_of(doing.session, case.factory_id)
    zone = zone_of(doing.session, factory)
    told = [
        message
        for message in messages.of_case(doing.session, case.id)
        if message.direction is not Direction.INTERNAL
    ]
    question = messages.open_question(doing.session, case)

    def read(message: Message) -> str:
        return beside.for_worker(doing.session, message, case.language).words

    told_next = promises.next_told(doing.session, case)
    next_due = told_next.due_at if told_next else None
    return CaseShown(
        case=_line(doing, case),
        next_by=next_due.astimezone(zone).date() if next_due else None,
        late=next_due is not None and next_due < doing.now,
        question=read(question) if question else "",
        last=read(told[-1]) if told else "",
        can=frozenset(
            action.value
            for action in lifecycle.moves(standing(case, WORKER), Role.WORKER, doing.now)
        ),
        treatment=case.treatment,
        longer=unread.longer(doing.session, case, doing.now),
        waits=question is not None and pausing.is_paused(case, doing.now),
    )


def read_news(doing: Doing, effect: ReadNews) -> NewsRead:
    case = cases.by_reference(doing.session, effect.reference) if effect.reference else None
    if effect.reference and case is None:
        return NewsRead(effect.reference)
    hers = case is None or case.reporter_id == doing.reporter.id
    waiting = outbox.read(doing.session, doing.reporter.id, case, doing.now)
    # A case that she opened from another phone says nothing here any more but that.
    told = [entry for entry in waiting if hers or entry.notice is Notice.MOVED]
    stands = [entry.id for entry in told if entry.notice is Notice.PROGRESS]
    # How it stands now is said once, however often it was announced.
    found = (_news(doing, entry) for entry in told if entry.id not in stands[:-1])
    return NewsRead(effect.reference, tuple(news for news in found if news))


def _news(doing: Doing, entry: Outbox) -> News | None:
    try:
        return unread.news(doing.session, entry, doing.now)
    except Unsealable:
        # The case page shows it; the others must still be read.
        outbox.give_up(entry, doing.now, "unreadable")
        return None


def _line(doing: Doing, case: Case) -> CaseLine:
    factory = places.factory_of(doing.session, case.factory_id)
    zone = ZoneInfo(factory.zone) if factory else ZoneInfo(doing.reporter.zone)
    filed_on = case.received_at.astimezone(zone).date()
    return CaseLine(case.reference, case.status, filed_on, case.category)
