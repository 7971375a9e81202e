"""What comes from the same factory again and again: cases of one kind within some weeks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from casework import links
from casework.actors import Actor
from casework.db import Session
from casework.lifecycle import OPEN
from casework.models import Case, Factory, Issue
from casework.searching import queue
from casework.searching.caserows import Row, completed
from casework.vocabulary import Category

WEEKS = (4, 8, 13)
"""Of how many weeks one may look (our default); thirteen are a quarter of a year."""
LEAST = 2
"""From how many cases on it is a pattern."""
LOOKED_AT = 20_000
"""Of so many cases, the newest of the period: the work is bounded, however many came in."""
SHOWN = 50
LISTED = 200


@dataclass(frozen=True, slots=True)
class Period:
    """Which cases are looked at; practice is never among real ones."""

    weeks: int
    practice: bool
    now: datetime

    @property
    def since(self) -> datetime:
        """When it begins."""
        return self.now - timedelta(weeks=self.weeks)


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of complaint at one factory: how many cases, how many of them are open."""

    factory: Factory
    category: Category
    kind: str
    count: int
    open: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class Patterns:
    """The most frequent ones first; ``back_to``: nothing before that was looked at."""

    rows: tuple[Pattern, ...]
    back_to: datetime | None = None


def find(session: Session, actor: Actor, period: Period) -> Patterns:
    """The patterns among the cases that the actor may see; what is told twice counts once."""
    newest = _newest(actor, period).subquery()
    count = sa.func.count()
    statement = (
        sa.select(
            newest.c.factory_id,
            col(Issue.category),
            col(Issue.kind),
            count,
            sa.func.sum(sa.case((newest.c.status.in_(OPEN), 1), else_=0)),
            sa.func.max(newest.c.received_at),
        )
        .select_from(newest)
        .join(Issue, col(Issue.case_id) == newest.c.id)
        .group_by(newest.c.factory_id, col(Issue.category), col(Issue.kind))
        .having(count >= LEAST)
        .order_by(count.desc(), sa.func.max(newest.c.received_at).desc(), newest.c.factory_id)
        .limit(SHOWN)
    )
    found = session.execute(statement).all()
    places = select(Factory).where(col(Factory.id).in_({row[0] for row in found}))
    factories = {one.id: one for one in session.exec(places)}
    rows = (Pattern(factories[row[0]], *row[1:]) for row in found)
    return Patterns(tuple(rows), _back_to(session, actor, period))


def cases_of(
    session: Session, actor: Actor, period: Period, factory: Factory, category: Category, kind: str
) -> list[Row]:
    """The cases of one pattern that the actor may see, the newest first, at most ``LISTED``."""
    about = sa.exists().where(
        col(Issue.case_id) == col(Case.id),
        col(Issue.category) == category,
        col(Issue.kind) == kind,
    )
    where = (*_of_period(period), col(Case.factory_id) == factory.id, about)
    order = (col(Case.received_at).desc(), col(Case.id).desc())
    found = queue.rows(session, actor, *where, ~links.is_duplicate(), order=order, limit=LISTED)
    return completed(session, found)


def _of_period(period: Period) -> tuple[sa.ColumnElement[bool], ...]:
    return (col(Case.received_at) > period.since, col(Case.practice).is_(period.practice))


def _newest(actor: Actor, period: Period) -> Any:
    """The newest cases of the period, as a walk along the index of when they were received."""
    return (
        sa.select(col(Case.id), col(Case.factory_id), col(Case.status), col(Case.received_at))
        .where(
            *queue.visible(actor),
            *_of_period(period),
            col(Case.factory_id).is_not(None),
            ~links.is_duplicate(),
        )
        .order_by(col(Case.received_at).desc())
        .limit(LOOKED_AT)
    )


def _back_to(session: Session, actor: Actor, period: Period) -> datetime | None:
    """When the oldest case that was looked at came in, if there were more before it."""
    beyond = _newest(actor, period).with_only_columns(col(Case.received_at))
    last = session.execute(beyond.offset(LOOKED_AT - 1).limit(2)).scalars().all()
    return last[0] if len(last) > 1 else None
