"""What the tracker adds to the elements of question 8: numbers of complaints about wages with plans
(element 7 in full), places (a draft of 1), complaints that belong to 3, since when suppliers supply (6).

Exact numbers are for who may see the cases. What leaves the house is taken from releases.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import col

from casework.actors import Actor
from casework.db import Session
from casework.figures import counting
from casework.figures.belonging import Belonging
from casework.figures.counting import LIVING
from casework.figures.measures import Dimension, Measure, Wage
from casework.figures.periods import Period
from casework.figures.tables import Figure, Table, by
from casework.lifecycle import OPEN
from casework.models import Case, Factory, Issue, RemedyAction, Supply
from casework.publication import publishing
from casework.vocabulary import Category, RemedyState, Scope, Status

_A_DAY = timedelta(days=1)
YEARS = 3
"""So many years stand beside each other: the one asked for and those before it."""


class Stand(StrEnum):
    """How complaints stand."""

    OPEN = "open"
    CONCLUDED = "concluded"
    """The worker was told the outcome."""
    PASSED_ON = "passed-on"
    """Not taken up, or referred to who can help better."""
    WITHDRAWN = "withdrawn"


_STANDS = {
    **dict.fromkeys(OPEN, Stand.OPEN),
    Status.VERIFYING: Stand.CONCLUDED,
    Status.RESOLVED: Stand.CONCLUDED,
    Status.CLOSED: Stand.CONCLUDED,
    Status.INADMISSIBLE: Stand.PASSED_ON,
    Status.REFERRED: Stand.PASSED_ON,
    Status.WITHDRAWN: Stand.WITHDRAWN,
}


@dataclass(slots=True)
class Complaints:
    """Complaints of a year. ``None``: not told."""

    count: int | None = 0
    with_plan: int | None = 0
    """For which it is planned what is to be done."""
    stands: dict[Stand, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WageYear:
    """Element 7, of complaints that came in within a year. Cases, not issues and not persons."""

    year: int
    strict: Complaints
    """About a wage below a living wage."""
    broad: Complaints
    """About wages at all, those among them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Element 1, as a draft: the sites in one country."""

    country: str
    sites: int
    workers: int
    """As far as it is known."""
    unknown: int
    """Sites of which nobody knows how many work there."""


@dataclass(frozen=True, slots=True)
class Supplied:
    """Element 6: since when a site works for the brand without a break."""

    code: str
    name: str
    country: str
    since: date


class Aspect(StrEnum):
    """The four parts of element 3."""

    OVERTIME = "overtime"
    CONTRACTS = "contracts"
    ASSOCIATION = "association"
    BARGAINING = "bargaining"


def _aspect(category: Category, kind: str) -> Aspect | None:
    if category is Category.HOURS and kind in ("excessive-overtime", "forced-overtime"):
        return Aspect.OVERTIME
    if category is Category.CONTRACT:
        return Aspect.CONTRACTS
    if category is Category.FREEDOM_OF_ASSOCIATION:
        return Aspect.BARGAINING if kind == "bargaining-refused" else Aspect.ASSOCIATION
    return None


def wages(
    session: Session,
    brand_id: int,
    scope: Scope,
    year: int,
    until: datetime,
    *,
    seen_by: Actor | None,
) -> tuple[WageYear, ...]:
    """Exact numbers of the last years, the newest first: how they stand by now. ``seen_by``: only of
    cases that exist for this person of the office; ``None``: of all."""
    found = {
        one: WageYear(one, Complaints(), Complaints()) for one in range(year, year - YEARS, -1)
    }
    planned = sa.exists().where(
        col(RemedyAction.case_id) == col(Case.id),
        col(RemedyAction.state) != RemedyState.DROPPED,
    )
    belonging = Belonging.read(session, brand_id, scope, seen_by)
    statement = (
        sa.select(
            col(Case.id),
            col(Case.factory_id),
            col(Case.received_at),
            col(Case.status),
            planned,
            col(Issue.kind),
        )
        .join(Issue, col(Issue.case_id) == col(Case.id))
        .where(
            *_since(belonging, Period.year(year - YEARS + 1).begins, until),
            col(Issue.category) == Category.WAGES,
        )
    )
    seen: dict[int, tuple[int, Stand, bool, bool]] = {}
    for case, factory, received, status, has_plan, kind in session.execute(statement):
        if belonging.place(factory, received) is not None:
            living = kind == LIVING or (case in seen and seen[case][3])
            seen[case] = (received.year, _STANDS[status], bool(has_plan), living)
    for came_in, stand, has_plan, living in seen.values():
        for complaints in (found[came_in].broad, *((found[came_in].strict,) if living else ())):
            complaints.count = (complaints.count or 0) + 1
            complaints.with_plan = (complaints.with_plan or 0) + has_plan
            complaints.stands[stand] = complaints.stands.get(stand, 0) + 1
    return tuple(found.values())


def wages_released(
    released: Mapping[int, Iterable[Figure]],
    scope: Scope,
    tables: Mapping[int, Iterable[Table]] | None = None,
) -> tuple[WageYear, ...]:
    """The same for everybody, out of a brand's releases of whole years: numbers alone, those that may
    be published, as ``casework.publication.publishing`` has it. A year without a release is left out.

    ``tables``: those of each release. What is not named in a table that is there is 0; where the
    table is not there, or nobody says which are, nothing is known.
    """
    found = []
    for year in sorted(released, reverse=True):
        known = {one.by: one.value for one in released[year] if one.measure is Measure.RECEIVED}
        missing = 0 if _BY_WAGE in set((tables or {}).get(year, ())) else None
        strict, other = (
            known.get(by({Dimension.SCOPE: scope.value, Dimension.WAGE: wage.value}), missing)
            for wage in (Wage.LIVING, Wage.OTHER)
        )
        broad = None if strict is None or other is None else strict + other
        # Side by side they tell their difference.
        apart = strict if other is None or publishing.fits(other) else None
        found.append(WageYear(year, _told(apart), _told(broad)))
    return tuple(found)


_BY_WAGE = Table(Measure.RECEIVED, (Dimension.SCOPE, Dimension.WAGE))


def _told(count: float | None) -> Complaints:
    return Complaints(None if count is None or not publishing.fits(count) else int(count), None)


def places(session: Session, brand_id: int, scope: Scope, day: date) -> tuple[Place, ...]:
    """The sites that work for a brand on a day, by country."""
    found: dict[str, list[int | None]] = {}
    statement = (
        sa.select(col(Factory.id), col(Factory.country), col(Factory.workers))
        .join(Supply, col(Supply.factory_id) == col(Factory.id))
        .where(*_on(brand_id, scope, day))
        .distinct()
    )
    for _row, country, workers in session.execute(statement.order_by(col(Factory.country))):
        found.setdefault(country, []).append(workers)
    return tuple(
        Place(country, len(all_), sum(w or 0 for w in all_), sum(w is None for w in all_))
        for country, all_ in found.items()
    )


def supplied(session: Session, brand_id: int, scope: Scope, day: date) -> tuple[Supplied, ...]:
    """Since when each site that works for a brand on a day does without a break, the longest first.
    One that ended and began anew later is as long as what began anew; another scope or tier from the
    next day on is no break."""
    working = sa.select(col(Supply.factory_id)).where(*_on(brand_id, scope, day))
    statement = (
        sa.select(
            *(col(Factory.code), col(Factory.name), col(Factory.country)),
            *(col(Supply.since), col(Supply.until)),
        )
        .join(Supply, col(Supply.factory_id) == col(Factory.id))
        .where(
            col(Supply.brand_id) == brand_id,
            col(Supply.since) <= day,
            col(Factory.id).in_(working),
        )
        .order_by(col(Factory.code), col(Supply.since), col(Supply.id))
    )
    found: dict[str, Supplied] = {}
    last: dict[str, date] = {}
    for code, name, country, since, until in session.execute(statement):
        if code not in found or since > last[code] + _A_DAY:
            found[code] = Supplied(code, name, country, since)
            last[code] = since
        last[code] = max(last[code], min(until or day, day))
    return tuple(sorted(found.values(), key=lambda one: (one.since, one.code)))


def aspects(
    session: Session,
    brand_id: int,
    scope: Scope,
    year: int,
    until: datetime,
    *,
    seen_by: Actor | None,
) -> dict[Aspect, int]:
    """Complaints of a year that belong to the parts of element 3, ``seen_by`` as in ``wages``. How
    often people complain is no measure of how often it happens."""
    belonging = Belonging.read(session, brand_id, scope, seen_by)
    statement = (
        sa.select(
            col(Case.id),
            col(Case.factory_id),
            col(Case.received_at),
            col(Issue.category),
            col(Issue.kind),
        )
        .join(Issue, col(Issue.case_id) == col(Case.id))
        .where(*_since(belonging, Period.year(year).begins, until))
    )
    found = {
        (case, aspect)
        for case, factory, received, category, kind in session.execute(statement)
        if (aspect := _aspect(category, kind)) is not None
        and belonging.place(factory, received) is not None
    }
    return {aspect: sum(one is aspect for _, one in found) for aspect in Aspect}


def _since(
    belonging: Belonging, begins: datetime, until: datetime
) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        *counting.real(),
        *belonging.among(),
        col(Case.received_at) >= begins,
        col(Case.received_at) <= until,
    )


def _on(brand_id: int, scope: Scope, day: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        col(Supply.brand_id) == brand_id,
        col(Supply.scope) == scope,
        col(Supply.since) <= day,
        sa.or_(col(Supply.until).is_(None), col(Supply.until) >= day),
    )
