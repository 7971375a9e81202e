"""The clocks of a case in the database: what an action does to them, what was missed, what is next.

What an action does is said in ``casework.promised``, when something is due is computed in
``casework.clocks``; rows keep what the sweep needs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from casework import clocks, events, places, promised
from casework.actors import SYSTEM
from casework.calendars import WorkingCalendar
from casework.db import Session
from casework.ids import new_id
from casework.models import Case, Clock
from casework.vocabulary import Action, Promise

FELL_AWAY = "fell-away"
"""Under this name an event holds the promises that its action ended without keeping them."""


def begin(session: Session, case: Case, calendar: WorkingCalendar, now: datetime) -> None:
    """Start the clocks of a case that was filed now. Asks the database nothing."""
    begun = promised.turn(Action.FILE, {}, now).starts
    started = [_start(session, case, promise, calendar, now) for promise in _in_order(begun)]
    _write_down(case, started)


def follow(session: Session, case: Case, action: Action, now: datetime) -> dict[str, list[str]]:
    """Keep the clocks of a case after an action now: start, meet, end what ``casework.promised``
    says. What was met before stays as it was; a miss stays a miss.

    Returns what the action's event has to hold about it: the promises that fell away, if any did.
    """
    if action not in promised.MATTERS:
        return {}
    found = of_case(session, case.id)
    running = {clock.promise: clock for clock in found if is_owed(clock)}
    turn = promised.turn(
        action,
        {promise: clock.started_at for promise, clock in running.items()},
        now,
        forgotten=case.forgotten_at is not None,
    )
    for promise in turn.meets:
        running[promise].met_at = now
    for promise in turn.ends:
        running[promise].cancelled_at = now
    if turn.starts:
        calendar = places.calendar_for(session, places.factory_of(session, case.factory_id))
        for promise in _in_order(turn.starts):
            rounds = sum(clock.promise is promise for clock in found)
            found.append(_start(session, case, promise, calendar, now, rounds + 1))
    _write_down(case, found)
    return {FELL_AWAY: [promise.value for promise in _in_order(turn.ends)]} if turn.ends else {}


def _in_order(wanted: frozenset[Promise]) -> list[Promise]:
    return [promise for promise in Promise if promise in wanted]


def _start(
    session: Session,
    case: Case,
    promise: Promise,
    calendar: WorkingCalendar,
    now: datetime,
    number: int = 1,
) -> Clock:
    clock = Clock(
        id=new_id(now),
        case_id=case.id,
        promise=promise,
        round=number,
        started_at=now,
        due_at=clocks.due(promise, case.severity, now, calendar).at,
    )
    session.add(clock)
    return clock


def of_case(session: Session, case_id: int) -> list[Clock]:
    """All clocks of a case, the earliest due first, as the database has them now."""
    statement = select(Clock).where(Clock.case_id == case_id)
    statement = statement.order_by(col(Clock.due_at), col(Clock.id))
    return list(session.exec(statement, execution_options={"populate_existing": True}))


def note_misses(session: Session, case: Case, now: datetime) -> None:
    """Mark what is overdue in a case, before somebody acts on it.

    Otherwise an act between the due time and the next sweep would wipe the miss out: by keeping the
    promise late, by withdrawing, or by a severity that gives more time.
    """
    if case.next_due_at is None or case.next_due_at >= now:
        return
    for clock in of_case(session, case.id):
        if is_open(clock) and clock.due_at < now:
            _miss(session, case, clock, now)


@dataclass(frozen=True, slots=True)
class Moved:
    """A promise that is due at another time than before."""

    promise: Promise
    before: datetime
    after: datetime


def reschedule(session: Session, case: Case, calendar: WorkingCalendar) -> list[Moved]:
    """Compute the open clocks anew, after severity or calendar changed. A miss stays a miss."""
    moved, found = [], of_case(session, case.id)
    for clock in found:
        if not is_open(clock):
            continue
        due_at = clocks.due(clock.promise, case.severity, clock.started_at, calendar).at
        if due_at != clock.due_at:
            moved.append(Moved(clock.promise, clock.due_at, due_at))
            clock.due_at = due_at
    _write_down(case, found)
    return moved


def next_told(session: Session, case: Case) -> Clock | None:
    """Which of the promises that the worker hears of is owed first; one that is late comes first."""
    owed = (clock for clock in of_case(session, case.id) if is_owed(clock))
    return next((clock for clock in owed if clock.promise in promised.TO_WORKER), None)


def answer_due(session: Session, case: Case) -> datetime:
    """By when a person acknowledges a case that was filed in this session, written or not yet: a
    batch of complaints is written in one go."""
    wanted = (case.id, Promise.ACKNOWLEDGE)
    for row in session.new:
        if isinstance(row, Clock) and (row.case_id, row.promise) == wanted:
            return row.due_at
    written = select(Clock.due_at).where(
        Clock.case_id == case.id, Clock.promise == Promise.ACKNOWLEDGE
    )
    return session.exec(written).one()


def _write_down(case: Case, found: Iterable[Clock]) -> None:
    case.next_due_at = min((clock.due_at for clock in found if is_owed(clock)), default=None)


def is_owed(clock: Clock) -> bool:
    """Neither kept nor fallen away: running, or missed and still to be done."""
    return clock.met_at is None and clock.cancelled_at is None


def is_open(clock: Clock) -> bool:
    """Still running: neither met, missed nor cancelled."""
    return is_owed(clock) and clock.missed_at is None


def sweep(session: Session, now: datetime, limit: int = 200) -> int:
    """Mark what is overdue as missed, oldest first, each with an event; how many were found.

    Call it again until it finds fewer than ``limit``: short transactions let others through.
    """
    statement = (
        select(Clock, Case)
        .join(Case, col(Case.id) == col(Clock.case_id))
        .where(
            col(Clock.met_at).is_(None),
            col(Clock.missed_at).is_(None),
            col(Clock.cancelled_at).is_(None),
            Clock.due_at < now,
        )
        .order_by(col(Clock.due_at))
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    found = list(session.exec(statement, execution_options={"populate_existing": True}))
    for clock, case in found:
        _miss(session, case, clock, now)
    return len(found)


def _miss(session: Session, case: Case, clock: Clock, now: datetime) -> None:
    clock.missed_at = now
    data = {"promise": clock.promise.value, "due": clock.due_at.isoformat()}
    events.record(session, case, Action.MISS, by=SYSTEM, now=now, before=case.status, data=data)
