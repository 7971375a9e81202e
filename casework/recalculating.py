"""Open clocks counted anew after a calendar changed, or another one answers for a factory.

What was met or missed stays as it was, and what is overdue was missed by the calendar of then.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from casework import cases, clocks, events, lifecycle, places, promises
from casework.actors import Actor
from casework.calendars import WorkingCalendar
from casework.db import Session, for_change
from casework.models import Calendar, Case, Clock, Factory
from casework.vocabulary import Action


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


def _recalculate(
    session: Session, which: sa.ColumnElement[bool], *, by: Actor, now: datetime
) -> int:
    moved = 0
    for row, calendar in sorted(_concerned(session, which, now).items()):
        case = session.exec(for_change(select(Case).where(Case.id == row))).one()
        lifecycle.check(cases.standing(case, by), Action.RECALCULATE, by.role, now)
        promises.note_misses(session, case, now)
        session.flush()
        for change in promises.reschedule(session, case, calendar):
            data = {
                "promise": change.promise.value,
                "before": change.before.isoformat(),
                "after": change.after.isoformat(),
                "why": "calendar",
            }
            events.record(
                session, case, Action.RECALCULATE, by=by, now=now, before=case.status, data=data
            )
            moved += 1
    return moved


def _concerned(
    session: Session, which: sa.ColumnElement[bool], now: datetime
) -> dict[int, WorkingCalendar]:
    """The open cases in which a due time moves, by id, with the calendar that counts for each."""
    # Of many thousands of open cases few have anything to move: only those are locked and read.
    statement = (
        select(Clock, Case)
        .join(Case, col(Case.id) == col(Clock.case_id))
        .where(
            which,
            col(Case.status).in_(lifecycle.OPEN),
            col(Clock.met_at).is_(None),
            col(Clock.missed_at).is_(None),
            col(Clock.cancelled_at).is_(None),
            Clock.due_at >= now,
        )
    )
    calendars: dict[int | None, WorkingCalendar] = {}
    found = {}
    for clock, case in session.exec(statement):
        if case.factory_id not in calendars:
            factory = places.factory_of(session, case.factory_id)
            calendars[case.factory_id] = places.calendar_for(session, factory)
        calendar = calendars[case.factory_id]
        if clocks.due(clock.promise, case.severity, clock.started_at, calendar).at != clock.due_at:
            found[case.id] = calendar
    return found
