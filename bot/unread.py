"""What the outbox has for her, as values: words, and for news about time how it stands by now."""

from dataclasses import replace
from datetime import date, datetime

from bot.doing import zone_of
from bot.turns import FoundLine, Longer, News
from casework import decisions, places
from casework.db import Session
from casework.deadlines import extending
from casework.decisions import Told
from casework.messaging import beside, messages, progress
from casework.models import Case, Clock, Extension, Message, Outbox
from casework.vocabulary import Notice

_DECIDED = frozenset({Notice.OUTCOME, Notice.REFERRED, Notice.INADMISSIBLE})
"""What tells how a case was decided."""


def news(session: Session, entry: Outbox, now: datetime) -> News | None:
    """What an entry says when it is read ``now``; ``None`` where it is not so any more.

    ``Unsealable`` where its words can't be opened.
    """
    case = session.get_one(Case, entry.case_id) if entry.case_id else None
    if entry.notice is Notice.PROGRESS:
        return _progress(session, entry, case, now) if case else None
    if entry.notice is Notice.EXTENDED:
        return _extended(session, entry, case, now) if case else None
    message = session.get_one(Message, entry.message_id) if entry.message_id else None
    if message is None or case is None:
        return News(entry.notice)
    read = beside.for_worker(session, message, case.language)
    news = News(
        entry.notice, read.words, machine=read.machine, reference=entry.data.get("first", "")
    )
    if entry.notice not in _DECIDED:
        return news
    decision = decisions.told_in(session, message.case_id, message.id)
    if decision is None:
        return news
    found = tuple(_found(session, case, told) for told in decision.findings)
    return replace(news, reason=decision.reason, findings=found)


def _found(session: Session, case: Case, told: Told) -> FoundLine:
    message = session.get_one(Message, told.message_id)
    read = beside.for_worker(session, message, case.language)
    return FoundLine(told.category, told.kind, told.finding, read.words)


def longer(session: Session, case: Case, now: datetime) -> Longer | None:
    """Which of the promises of a case that were given more time is owed to her first."""
    found = extending.in_force(session, case)
    ahead = ((clock, extension) for clock, extension in found if clock.due_at > now)
    return next((_longer(session, case, *one, now) for one in ahead), None)


def _progress(session: Session, entry: Outbox, case: Case, now: datetime) -> News | None:
    if not progress.is_so(session, case, entry.created_at):
        return None
    question = messages.open_question(session, case)
    words = beside.for_worker(session, question, case.language).words if question else ""
    # By then the mechanism says again how it stands, if nobody has written.
    next_at = case.progress_at if case.progress_at and case.progress_at > now else None
    next_by = _day(session, case, next_at) if next_at else None
    return News(entry.notice, words, status=case.status, next_by=next_by)


def _extended(session: Session, entry: Outbox, case: Case, now: datetime) -> News | None:
    """The promise may have been kept since, or given yet more time: another entry says that."""
    for clock, extension in extending.in_force(session, case):
        if _says(entry, clock):
            return News(entry.notice, longer=_longer(session, case, clock, extension, now))
    return None


def _says(entry: Outbox, clock: Clock) -> bool:
    until = entry.data.get("until")
    same = until is not None and datetime.fromisoformat(until) == clock.extended_to
    return same and entry.data.get("promise") == clock.promise


def _longer(
    session: Session, case: Case, clock: Clock, extension: Extension, now: datetime
) -> Longer:
    # While it is paused it is due later still, but only until she answers: the day that was given holds.
    given = clock.extended_to
    until = given if given and given > now else clock.due_at
    return Longer(clock.promise, _day(session, case, until), extension.reason)


def _day(session: Session, case: Case, at: datetime) -> date:
    return at.astimezone(zone_of(session, places.factory_of(session, case.factory_id))).date()
