"""The sweep: what is overdue is marked, and who is to be told is told, oldest first and each once.

It looks for clocks with something to do (``Clock.next_at``); what that is follows from the clock, the
policy, the calendar and the pauses, so it is the same whatever restarted, ran twice or stood still
for a week.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import col, select

from casework import events, promises, telling
from casework.actors import SYSTEM
from casework.db import Session
from casework.models import Case, Clock
from casework.policies import Level
from casework.promises import Terms
from casework.telling import Told
from casework.vocabulary import Action


def sweep(session: Session, now: datetime, limit: int = 200) -> int:
    """Do what is due about clocks, oldest first; how many were found.

    Call it again until it finds fewer than ``limit``: short transactions let others through.
    """
    statement = (
        select(Clock, Case)
        .join(Case, col(Case.id) == col(Clock.case_id))
        .where(col(Clock.next_at) < now)
        .order_by(col(Clock.next_at), col(Clock.id))
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True)
    )
    found = list(session.exec(statement, execution_options={"populate_existing": True}))
    _work(session, found, now)
    return len(found)


def anything_due(session: Session, now: datetime) -> bool:
    """Whether a sweep is worth a writing transaction."""
    statement = select(Clock.id).where(col(Clock.next_at) < now).limit(1)
    return session.exec(statement).first() is not None


def catch_up(session: Session, case: Case, now: datetime) -> None:
    """The same for one case, before somebody acts on it.

    Otherwise an act between the due time and the next sweep would wipe the miss out: by keeping the
    promise late, by withdrawing, or by a severity that gives more time.
    """
    statement = (
        select(Clock)
        .where(Clock.case_id == case.id, col(Clock.next_at) < now)
        .order_by(col(Clock.next_at), col(Clock.id))
    )
    found = session.exec(statement, execution_options={"populate_existing": True})
    _work(session, [(clock, case) for clock in found], now)


def _work(session: Session, found: Sequence[tuple[Clock, Case]], now: datetime) -> None:
    if not found:
        return
    told = telling.Told(session, [clock.id for clock, _ in found])
    shared: dict[int | None, Terms] = {}
    for clock, case in found:
        if case.factory_id not in shared:
            shared[case.factory_id] = promises.terms(session, case)
        by = replace(shared[case.factory_id], pauses=promises.pauses_of(session, case))
        _one(session, case, clock, by, told, now)
    session.flush()


def _one(session: Session, case: Case, clock: Clock, by: Terms, told: Told, now: datetime) -> None:
    line = by.line(case, clock.promise)
    if line is None or not promises.is_owed(clock):
        clock.next_at = None
        return
    reached = [
        (level, at)
        for level, at in promises.levels(case, clock, line, by)
        if clock.told_until <= at < now
    ]
    if clock.missed_at is None and clock.due_at < now:
        _miss(session, case, clock, by, now)
    for level, at in reached:
        _reach(session, case, clock, level, at, told, now)
    clock.told_until = now
    clock.next_at = promises.next_step(case, clock, by)


def _miss(session: Session, case: Case, clock: Clock, by: Terms, now: datetime) -> None:
    promises.freeze(case, clock, by, clock.due_at)
    clock.missed_at = now
    data = {"promise": clock.promise.value, "due": clock.due_at.isoformat()}
    events.record(session, case, Action.MISS, by=SYSTEM, now=now, before=case.status, data=data)


def _reach(
    session: Session,
    case: Case,
    clock: Clock,
    level: Level,
    at: datetime,
    told: Told,
    now: datetime,
) -> None:
    people = told.of_level(case, clock, level, at, now)
    if level.late is None or not people:
        return
    # A warning and a miss are in the clock; that it climbed, and to whom, stands in the case.
    data = {
        "promise": clock.promise.value,
        "level": level.key,
        "told": [person.id for person in people],
    }
    events.record(session, case, Action.ESCALATE, by=SYSTEM, now=now, before=case.status, data=data)
