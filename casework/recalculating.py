"""Open clocks counted anew after a calendar changed, or another one answers for a factory.

What was met or missed stays as it was, and what is overdue was missed by the calendar of then.
"""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from casework import events, lifecycle, promises, sweeping
from casework.actors import Actor
from casework.db import Session, for_change
from casework.models import Calendar, Case, Clock, Factory
from casework.standing import standing
from casework.terms import Terms, next_step
from casework.vocabulary import Action

CALENDAR = "calendar"
"""Why clocks moved: office hours or holidays changed, or another office answers for the factory."""
POLICY = "policy"
"""Why clocks moved: the policy changed."""


def of_calendar(session: Session, calendar: Calendar, *, by: Actor, now: datetime) -> int:
    """Count anew in the open cases that a calendar answers for; how many due times moved.

    Each is an event of its case. ``NotAllowed`` where ``by`` may change no calendar.
    """
    theirs = select(Factory.id).where(Factory.calendar_id == calendar.id)
    which: sa.ColumnElement[bool] = col(Case.factory_id).in_(theirs)
    if calendar.is_default:
        default = select(Factory.id).where(col(Factory.calendar_id).is_(None))
        factory = col(Case.factory_id)
        which = sa.or_(which, factory.is_(None), factory.in_(default))
    return _recalculate(session, which, by=by, now=now)


def of_factory(session: Session, factory: Factory, *, by: Actor, now: datetime) -> int:
    """The same in the open cases of a factory."""
    return _recalculate(session, col(Case.factory_id) == factory.id, by=by, now=now)


def of_all(session: Session, *, by: Actor, now: datetime) -> int:
    """The same in every open case: the policy changed. Promises may begin and fall away."""
    return _recalculate(session, sa.true(), by=by, now=now, why=POLICY)


def _recalculate(
    session: Session,
    which: sa.ColumnElement[bool],
    *,
    by: Actor,
    now: datetime,
    why: str = CALENDAR,
) -> int:
    moved = 0
    for row in _concerned(session, which, why):
        case = session.exec(for_change(select(Case).where(Case.id == row))).one()
        lifecycle.check(standing(case, by), Action.RECALCULATE, by.role, now)
        sweeping.catch_up(session, case, now)
        for change in promises.reschedule(session, case, now, kinds=why != CALENDAR):
            data = {**change.data, "why": why}
            events.record(
                session, case, Action.RECALCULATE, by=by, now=now, before=case.status, data=data
            )
            moved += 1
    return moved


def _concerned(session: Session, which: sa.ColumnElement[bool], why: str) -> list[int]:
    """The open cases in which something may move, in the order in which everybody locks them."""
    if why != CALENDAR:
        open_ones = select(Case.id).where(which, col(Case.status).in_(lifecycle.OPEN))
        return sorted(session.exec(open_ones))
    # Of many thousands of open cases few have anything to move: only those are locked and read.
    statement = (
        select(Clock, Case)
        .join(Case, col(Case.id) == col(Clock.case_id))
        .where(which, col(Case.status).in_(lifecycle.OPEN), col(Clock.next_at).is_not(None))
    )
    terms: dict[int | None, Terms] = {}
    found = set()
    for clock, case in session.exec(statement).all():
        if case.factory_id not in terms:
            terms[case.factory_id] = promises.terms(session, case)
        by = replace(terms[case.factory_id], pauses=promises.pauses_of(session, case))
        line = by.line(case, clock.promise)
        if line is None:
            continue
        if promises.is_open(clock):
            moves = by.due_at(clock, line) != clock.due_at
        else:  # missed: its due time stays, the levels after it are reached on other days
            moves = next_step(case, clock, by) != clock.next_at
        if moves:
            found.add(case.id)
    return sorted(found)
