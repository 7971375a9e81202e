"""What the mechanism knows of a supplier: open issues without tolerance, remedies that are overdue,
retaliation, how long it takes to answer. It feeds a supplier rating and sets none.

Exact for who leads; a brand reads what was released to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median

import sqlalchemy as sa
from sqlmodel import col

from casework.actors import Actor
from casework.db import Session
from casework.figures import counting, statistics
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import Figure, Table, by
from casework.models import (
    Case,
    Factory,
    Release,
    RemedyAction,
    RemedyEntry,
    SupplierContact,
    SupplierLink,
)
from casework.publication import releases
from casework.seeing import visible

MEASURES = (Measure.ZERO_TOLERANCE, Measure.OVERDUE, Measure.RETALIATION)
"""What is counted of a factory; each by the factory alone, as a brand's releases have it."""
TABLES = tuple(Table(measure, (Dimension.FACTORY,)) for measure in MEASURES)
DAYS = 365
"""So many days back retaliation and answers count."""
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answers:
    """How a factory answered what it was asked by link."""

    days: tuple[float, ...] = ()
    """From the day it could read what it is to do until its first answer, of each action."""
    waiting: int = 0
    """Actions to which it has not answered."""

    @property
    def median(self) -> float | None:
        """Days, to one tenth; ``None`` where it has answered nothing."""
        return round(median(self.days), 1) if self.days else None


@dataclass(frozen=True, slots=True)
class Record:
    """Of one factory. What is not counted is 0."""

    counts: Mapping[Measure, int] = field(default_factory=dict)
    answers: Answers = field(default_factory=Answers)


def records(
    session: Session, now: datetime, seen_by: Actor, factory: Factory | None = None
) -> dict[str, Record]:
    """The exact records by the codes of factories, of the cases that exist for somebody of the
    office: as it stands now, and of the last twelve months. Of one ``factory``, or of all of which
    anything is known."""
    today = now.date()
    period = Period(today - timedelta(days=DAYS - 1), today + _A_DAY)
    sheet = statistics.count(session, period, TABLES, seen_by=seen_by, now=now)
    counts: dict[str, dict[Measure, int]] = {}
    for (measure, place), count in sheet.counts.items():
        if count and len(place) == 1:
            counts.setdefault(place[0][1], {})[measure] = count
    answers = _answers(session, now, seen_by, factory)
    codes = {factory.code} if factory else counts.keys() | answers.keys()
    return {
        code: Record(counts.get(code, {}), answers.get(code, Answers())) for code in sorted(codes)
    }


def released(session: Session, audience: str) -> Release | None:
    """The newest release that tells a brand of its factories: of a quarter, which is newer than its
    year."""
    quarters = (one for one in releases.periods(session, audience) if one.is_quarter)
    newest = next(quarters, None)
    return releases.newest(session, audience, newest) if newest else None


def told(release: Release, code: str) -> dict[Measure, Figure | None]:
    """What a release tells of one factory: a figure without a value is hidden, none at all means that
    nothing of that kind is released."""
    tables = set(releases.tables(release))
    known = {(one.measure, one.by): one for one in releases.figures(release)}
    place = by({Dimension.FACTORY: code})
    return {
        table.measure: known.get((table.measure, place), Figure(table.measure, place, 0))
        if table in tables
        else None
        for table in TABLES
    }


def _answers(
    session: Session, now: datetime, seen_by: Actor, factory: Factory | None
) -> dict[str, Answers]:
    """Actions that a contact of the factory could read by a link, in real cases of the last months."""
    opened = (
        sa.select(sa.func.min(col(SupplierLink.made_at)))
        .where(col(SupplierLink.contact_id) == col(SupplierContact.id))
        .correlate(SupplierContact)
        .scalar_subquery()
    )
    answered = (
        sa.select(sa.func.min(col(RemedyEntry.at)))
        .where(
            col(RemedyEntry.action_id) == col(RemedyAction.id),
            col(RemedyEntry.contact_id).is_not(None),
        )
        .correlate(RemedyAction)
        .scalar_subquery()
    )
    statement = (
        sa.select(col(Factory.code), col(RemedyAction.added_at), opened, answered)
        .join(SupplierContact, col(SupplierContact.id) == col(RemedyAction.contact_id))
        .join(Factory, col(Factory.id) == col(SupplierContact.factory_id))
        .join(Case, col(Case.id) == col(RemedyAction.case_id))
        .where(
            *counting.real(),
            *visible(seen_by),
            opened.is_not(None),
            col(RemedyAction.added_at) > now - timedelta(days=DAYS),
        )
    )
    if factory is not None:
        statement = statement.where(col(Factory.id) == factory.id)
    days: dict[str, list[float]] = {}
    waiting: dict[str, int] = {}
    for code, added, could_read, answer in session.execute(statement):
        if answer is None:
            waiting[code] = waiting.get(code, 0) + 1
        else:
            days.setdefault(code, []).append((answer - max(added, could_read)) / _A_DAY)
    return {
        code: Answers(tuple(days.get(code, ())), waiting.get(code, 0))
        for code in days.keys() | waiting.keys()
    }
