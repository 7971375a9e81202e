"""Open clocks counted anew after a calendar or the policy changed, or another calendar answers for
a factory.

What was met or missed stays as it was, and what is overdue was missed by the rules of then.
"""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from casework import lifecycle
from casework.actors import Actor
from casework.audit import events
from casework.db import Session, for_change
from casework.deadlines import comparing, policing, promises, sweeping
from casework.deadlines.comparing import Kind
from casework.deadlines.policies import Chain, Policy
from casework.deadlines.promises import ManyTerms, Moved
from casework.deadlines.terms import Terms, next_step
from casework.models import Calendar, Case, Clock, Factory
from casework.seeing import visible
from casework.standing import standing
from casework.vocabulary import Action, Promise

CALENDAR = "calendar"
"""Why clocks moved: office hours or holidays changed, or another office answers for the factory."""
POLICY = "policy"
"""Why clocks moved: the policy changed."""


def of_calendar(session: Session, calendar: Calendar, *, by: Actor, now: datetime) -> int:
    """Count anew in the open cases that a calendar answers for; how many due times moved in those
    that ``by`` may see.

    Each is an event of its case. ``NotAllowed`` where ``by`` may change no calendar.
    """
    theirs = select(Factory.id).where(Factory.calendar_id == calendar.id)
    which: sa.ColumnElement[bool] = col(Case.factory_id).in_(theirs)
    if calendar.is_default:
        default = select(Factory.id).where(col(Factory.calendar_id).is_(None))
        factory = col(Case.factory_id)
        which = sa.or_(which, factory.is_(None), factory.in_(default))
    return _of_cases(session, which, by=by, now=now)


def of_factory(session: Session, factory: Factory, *, by: Actor, now: datetime) -> int:
    """The same in the open cases of a factory."""
    return _of_cases(session, col(Case.factory_id) == factory.id, by=by, now=now)


def of_all(session: Session, before: Policy, *, by: Actor, now: datetime) -> int:
    """The same in every open case: another policy than ``before`` holds. Promises begin where they
    would have, and others fall away."""
    changed, new = comparing.touched(before, policing.current(session))
    rows = sorted(_beginning(session, new) | _touched(session, changed, before))
    return _recalculate(session, rows, by=by, now=now, why=POLICY, new=new, before=before)


def _of_cases(session: Session, which: sa.ColumnElement[bool], *, by: Actor, now: datetime) -> int:
    return _recalculate(session, _concerned(session, which), by=by, now=now, why=CALENDAR)


_BATCH = 200
"""Cases that are read in one go."""


def _recalculate(
    session: Session,
    rows: list[int],
    *,
    by: Actor,
    now: datetime,
    why: str,
    new: Collection[Kind] = (),
    before: Policy | None = None,
) -> int:
    moved = 0
    terms = ManyTerms(session)
    begin = {(severity, category) for _, severity, category in new}
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        read, shown = _read(session, batch), _visible(session, batch, by)
        with session.no_autoflush:  # written in one go, too
            for case, clocks in read:
                lifecycle.check(standing(case, by), Action.RECALCULATE, by.role, now)
                if any(clock.next_at and clock.next_at < now for clock in clocks):
                    sweeping.catch_up(session, case, now)
                goes_by = terms.of(case)
                if before is not None:
                    promises.tell_new_levels(case, clocks, goes_by, _chains(before, case))
                kinds = (case.severity, case.category) in begin
                changes = promises.reschedule_by(session, case, clocks, goes_by, now, kinds=kinds)
                _write_down(session, case, changes, why, by, now)
                # A count would tell how many cases there are that one may not see.
                moved += len(changes) if case.id in shown else 0
        session.flush()
    return moved


def _write_down(
    session: Session, case: Case, changes: Iterable[Moved], why: str, by: Actor, now: datetime
) -> None:
    for change in changes:
        data = {**change.data, "why": why}
        events.record(
            session, case, Action.RECALCULATE, by=by, now=now, before=case.status, data=data
        )


def _chains(policy: Policy, case: Case) -> Callable[[Promise], Chain | None]:
    """Who is told when by a policy, for the promises of a case."""
    return lambda promise: policy.chain_of(promise, case.severity, case.category)


def _read(session: Session, rows: list[int]) -> list[tuple[Case, list[Clock]]]:
    """Cases, locked, each with its clocks, the earliest due first."""
    cases = select(Case).where(col(Case.id).in_(rows)).order_by(col(Case.id))
    locked = list(session.exec(for_change(cases)))
    clocks = select(Clock).where(col(Clock.case_id).in_(rows))
    clocks = clocks.order_by(col(Clock.due_at), col(Clock.id))
    found: dict[int, list[Clock]] = {row: [] for row in rows}
    for clock in session.exec(clocks, execution_options={"populate_existing": True}):
        found[clock.case_id].append(clock)
    return [(case, found[case.id]) for case in locked]


def _visible(session: Session, rows: list[int], by: Actor) -> set[int]:
    return set(session.exec(select(Case.id).where(col(Case.id).in_(rows), *visible(by))))


def _concerned(session: Session, which: sa.ColumnElement[bool]) -> list[int]:
    """The open cases in which a calendar moves something, in the order in which everybody locks
    them."""
    # Of many thousands of open cases few have anything to move: only those are locked and read.
    statement = (
        select(Clock, Case)
        .join(Case, col(Case.id) == col(Clock.case_id))
        .where(which, col(Case.status).in_(lifecycle.OPEN), col(Clock.next_at).is_not(None))
    )
    terms = ManyTerms(session)
    found = set()
    for clock, case in session.exec(statement):
        by = terms.of(case)
        # What a calendar can't do: end a promise that the policy has no line for any more.
        if by.line(case, clock.promise) and _moves(clock, case, by):
            found.add(case.id)
    return sorted(found)


def _beginning(session: Session, new: Collection[Kind]) -> set[int]:
    """The open cases in which a promise may begin."""
    kinds = {(severity, category) for _, severity, category in new}
    if not kinds:
        return set()
    severities = {severity for severity, _ in kinds}
    open_ones = select(Case.id, Case.severity, Case.category).where(
        col(Case.status).in_(lifecycle.OPEN), col(Case.severity).in_(severities)
    )
    return {row for row, *kind in session.exec(open_ones) if tuple(kind) in kinds}


def _touched(session: Session, changed: Collection[Kind], before: Policy) -> set[int]:
    """The open cases in which a promise falls away or moves, or somebody else is told."""
    if not changed:
        return set()
    statement = (
        select(Clock, Case)
        .join(Case, col(Case.id) == col(Clock.case_id))
        .where(
            col(Case.status).in_(lifecycle.OPEN),
            col(Case.severity).in_({severity for _, severity, _ in changed}),
            col(Clock.promise).in_({promise for promise, _, _ in changed}),
            col(Clock.met_at).is_(None),
            col(Clock.cancelled_at).is_(None),
        )
    )
    terms = ManyTerms(session)
    return {
        case.id
        for clock, case in session.exec(statement)
        if (clock.promise, case.severity, case.category) in changed
        and _is_touched(clock, case, terms.of(case), before)
    }


def _is_touched(clock: Clock, case: Case, by: Terms, before: Policy) -> bool:
    known = _chains(before, case)(clock.promise)
    return _moves(clock, case, by) or promises.newly_past(case, clock, by, known) is not None


def _moves(clock: Clock, case: Case, by: Terms) -> bool:
    line = by.line(case, clock.promise)
    if line is None:
        return True
    if promises.is_open(clock) and by.due_at(clock, line) != clock.due_at:
        return True
    # Of what is missed the due time stays, but the levels after it are reached on other days.
    return next_step(case, clock, by) != clock.next_at
