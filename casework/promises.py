"""The clocks of a case in the database: start, meet, reschedule, cancel, find what was missed.

When something is due is computed in ``casework.clocks`` alone; rows keep what the sweep needs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from casework import clocks, events
from casework.actors import SYSTEM
from casework.calendars import WorkingCalendar
from casework.db import Session
from casework.ids import new_id
from casework.models import Case, Clock
from casework.vocabulary import Action, Promise


def start(
    session: Session, case: Case, promise: Promise, calendar: WorkingCalendar, now: datetime
) -> Clock:
    """Start the clock of a promise; a case has one of each."""
    clock = Clock(
        id=new_id(now),
        case_id=case.id,
        promise=promise,
        started_at=now,
        due_at=clocks.due(promise, case.severity, now, calendar).at,
    )
    session.add(clock)
    return clock


def of_case(session: Session, case_id: int) -> list[Clock]:
    """All clocks of a case, the earliest due first, as the database has them now."""
    statement = select(Clock).where(Clock.case_id == case_id).order_by(col(Clock.due_at))
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


def meet(session: Session, case: Case, promises: Iterable[Promise], now: datetime) -> None:
    """The promises were kept now. What was met before stays as it was; a miss stays a miss."""
    wanted, found = frozenset(promises), of_case(session, case.id)
    for clock in found:
        if clock.promise in wanted and clock.met_at is None and clock.cancelled_at is None:
            clock.met_at = now
    _write_down(case, found)


def cancel(session: Session, case: Case, now: datetime) -> None:
    """All open promises fall away, because the worker withdrew."""
    for clock in of_case(session, case.id):
        if clock.met_at is None and clock.cancelled_at is None:
            clock.cancelled_at = now
    refresh(session, case)


@dataclass(frozen=True, slots=True)
class Moved:
    """A promise that is due at another time than before."""

    promise: Promise
    before: datetime
    after: datetime


def reschedule(session: Session, case: Case, calendar: WorkingCalendar) -> list[Moved]:
    """Compute the open clocks anew, after severity or calendar changed. A miss stays a miss."""
    moved = []
    for clock in of_case(session, case.id):
        if not is_open(clock):
            continue
        due_at = clocks.due(clock.promise, case.severity, clock.started_at, calendar).at
        if due_at != clock.due_at:
            moved.append(Moved(clock.promise, clock.due_at, due_at))
            clock.due_at = due_at
    refresh(session, case)
    return moved


def refresh(session: Session, case: Case) -> None:
    """Write down on the case when its next promise is due."""
    session.flush()
    _write_down(case, of_case(session, case.id))


def _write_down(case: Case, found: Iterable[Clock]) -> None:
    case.next_due_at = min(
        (clock.due_at for clock in found if clock.met_at is None and clock.cancelled_at is None),
        default=None,
    )


def is_open(clock: Clock) -> bool:
    """Still running: neither met, missed nor cancelled."""
    return clock.met_at is None and clock.missed_at is None and clock.cancelled_at is None


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
