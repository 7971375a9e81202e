"""How it goes in the office: load by handler, promises missed, cases nobody owns, clocks at risk.

Reads only. Everything keeps to what the actor may see, counts included.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col, select

from casework.actors import Actor
from casework.db import Session
from casework.deadlines import policies, promises
from casework.deadlines.policies import Level
from casework.deadlines.worktime import working_days_left
from casework.lifecycle import OPEN
from casework.models import Case, Clock, Staff
from casework.office.today import end_of_week
from casework.searching import queue
from casework.searching.caserows import Loose, Row, completed
from casework.vocabulary import Promise, Status

MISSED_WITHIN = timedelta(days=30)
MOST = 25
"""Rows shown of cases nobody owns, and of clocks at risk."""
RISK = Level((), percent=75)
"""A clock is at risk from then on, or when it is due within ``SOON`` working days."""
SOON = 2
_LOOKED_AT = 400
"""So many of the cases due next are looked at for clocks at risk: what is due later has time."""


@dataclass(frozen=True, slots=True)
class Load:
    """What one colleague has on the table; ``None``: what nobody owns."""

    staff_id: int | None
    name: str
    open: int
    overdue: int
    week: int
    """Due within seven days, today included, and not overdue."""
    waiting: int
    """Nothing is to be done before the worker answers."""


@dataclass(frozen=True, slots=True)
class Missed:
    """How often promises were missed: ``by_promise``, and by who handles the case now (``None``:
    nobody)."""

    by_promise: tuple[tuple[Promise, int], ...]
    by_handler: tuple[tuple[str | None, int], ...]

    @property
    def count(self) -> int:
        """All together."""
        return sum(count for _, count in self.by_promise)


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A promise that may be missed."""

    row: Row
    left: int
    """Working days of the office."""


def loads(session: Session, actor: Actor, zone: ZoneInfo, now: datetime) -> tuple[Load, ...]:
    """What everybody who has open cases has to do, the most overdue first, nobody's cases last.
    Days end at midnight of ``zone``."""
    due, status = col(Case.next_due_at), col(Case.status)

    def count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)

    owner = col(Case.assignee_id)
    asked = col(Case.open_question) == sa.true()
    statement = (
        sa.select(
            owner,
            sa.func.count(),
            count(due < now),
            count(sa.and_(due >= now, due < end_of_week(zone, now))),
            count(sa.or_(status == Status.VERIFYING, asked)),
        )
        # By the index of statuses: what has ended is most of all, and is not counted.
        .where(status.in_(OPEN), *queue.visible(actor))
        .group_by(owner)
    )
    people = session.exec(select(Staff.id, Staff.name))
    names = dict(people.all())
    found = [
        Load(row, names.get(row, ""), *map(int, counts))
        for row, *counts in session.execute(statement)
    ]
    return tuple(
        sorted(found, key=lambda one: (one.staff_id is None, -one.overdue, -one.open, one.name))
    )


def missed(session: Session, actor: Actor, now: datetime) -> Missed:
    """Promises missed in the last ``MISSED_WITHIN``, the most frequent first."""
    statement = (
        sa.select(col(Clock.promise), col(Staff.name), sa.func.count())
        .join(Case, col(Case.id) == col(Clock.case_id))
        .outerjoin(Staff, col(Staff.id) == col(Case.assignee_id))
        .where(col(Clock.missed_at) >= now - MISSED_WITHIN, *queue.visible(actor))
        .group_by(col(Clock.promise), col(Staff.id), col(Staff.name))
    )
    by_promise: dict[Promise, int] = {}
    by_handler: dict[str | None, int] = {}
    for promise, name, count in session.execute(statement):
        by_promise[promise] = by_promise.get(promise, 0) + count
        by_handler[name] = by_handler.get(name, 0) + count
    order = list(Promise)
    return Missed(
        tuple(sorted(by_promise.items(), key=lambda one: (-one[1], order.index(one[0])))),
        tuple(sorted(by_handler.items(), key=lambda one: (-one[1], one[0] is None, one[0] or ""))),
    )


def unowned(session: Session, actor: Actor) -> tuple[tuple[Row, ...], bool]:
    """Open cases nobody owns, the oldest first, and whether there are more."""
    found = queue.rows(
        session,
        actor,
        col(Case.assignee_id).is_(None),
        Loose(col(Case.status)).in_(OPEN),
        order=(col(Case.received_at), col(Case.id)),
        limit=MOST + 1,
    )
    return tuple(completed(session, found[:MOST])), len(found) > MOST


def at_risk(session: Session, actor: Actor, now: datetime) -> tuple[tuple[AtRisk, ...], bool]:
    """Cases whose next promise may be missed, the first due first, and whether there are more.

    Three quarters of its time are used up, or it is due within two working days of the office; what
    is paused is not at risk.
    """
    soonest = queue.rows(
        session,
        actor,
        col(Case.next_due_at) >= now,
        order=(col(Case.next_due_at), col(Case.id)),
        limit=_LOOKED_AT,
    )
    found = list(_risky(session, soonest, now))
    rows = completed(session, [one.row for one in found[:MOST]])
    kept = tuple(replace(one, row=row) for one, row in zip(found[:MOST], rows, strict=True))
    return kept, len(found) > MOST


def _risky(session: Session, rows: list[Row], now: datetime) -> Iterator[AtRisk]:
    statement = (
        select(Clock, Case)
        .join(Case, col(Case.id) == col(Clock.case_id))
        .where(
            col(Clock.case_id).in_([row.id for row in rows]),
            Clock.due_at == Case.next_due_at,
            col(Clock.met_at).is_(None),
            col(Clock.cancelled_at).is_(None),
        )
    )
    clocks = {case.id: (clock, case) for clock, case in session.exec(statement)}
    terms = promises.ManyTerms(session)
    for row in rows:
        if row.id not in clocks:
            continue
        clock, case = clocks[row.id]
        by = terms.of(case)
        left = working_days_left(by.calendar, now, clock.due_at)
        line = by.line(case, clock.promise)
        counted = by.counted(line) if line else ()
        if any(begin <= now < end for begin, end in counted):
            continue  # its time does not run
        used_up = policies.reached_at(RISK, clock.started_at, clock.due_at, by.calendar, counted)
        if left <= SOON or used_up <= now:
            yield AtRisk(row, left)
