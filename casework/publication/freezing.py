"""When the figures of past periods are counted, and counted again.

A quarter is counted when it is over and what came late is in; its year with the fourth quarter, in
one look at the database. Every month all is counted again: what differs is a new version.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from casework import facts
from casework.db import Session
from casework.errors import BadInput
from casework.figures import snapshots, statistics
from casework.figures.periods import Period
from casework.figures.tables import BRAND_TABLES, PUBLIC_TABLES, Sheet, Table
from casework.ids import time_of
from casework.models import Brand, Case, Factory, Snapshot
from casework.publication import releases

LATE = timedelta(days=14)
"""So long after its end a quarter is counted: what offices write down of its last days (a call, a
payment, a delivered remedy) comes some days later. Our default."""
AGAIN = timedelta(days=30)
"""So often all is counted again. Our default: corrections appear within a month, and a quarter is
looked at at least twice before the next one is over."""

Place = tuple[str, Period]
"""An audience, and a period."""


@dataclass(frozen=True, slots=True)
class Count:
    """What is to be counted in one look, so that the numbers fit each other."""

    places: tuple[Place, ...]
    seen: tuple[int, ...] = ()
    """The snapshots that stood there; none where these days are counted for the first time."""


def audiences(session: Session) -> list[str]:
    """Who gets figures of their own: everybody, and each brand that is active."""
    codes = select(Brand.code).where(col(Brand.active).is_(True)).order_by(Brand.code)
    return [releases.PUBLIC, *session.exec(codes)]


def first_year(session: Session) -> int | None:
    """The year of the first case, or of the first factory if that is earlier; ``None`` before."""
    practice = facts.is_practice(session)
    cases = select(Case.received_at).where(col(Case.practice).is_(practice))
    case = session.exec(cases.order_by(col(Case.received_at)).limit(1)).first()
    factory = session.exec(select(Factory.id).order_by(col(Factory.id)).limit(1)).first()
    moments = (case, time_of(factory) if factory is not None else None)
    return min((moment.year for moment in moments if moment), default=None)


def over(session: Session, now: datetime) -> Iterator[Period]:
    """The quarters that may be counted now, the oldest first."""
    year = first_year(session)
    if year is None:
        return
    quarter = Period.quarter(year, 1)
    while quarter.ends + LATE <= now:
        yield quarter
        quarter = quarter.after


def next_at(now: datetime) -> tuple[Period, datetime]:
    """Which quarter is counted next, and from when on."""
    quarter = Period.quarter_of((now - LATE).date())
    return quarter, quarter.ends + LATE


def next_year_at(now: datetime) -> tuple[Period, datetime]:
    """Which year is counted next, and from when on."""
    year = year_of(next_at(now)[0])
    return year, year.ends + LATE


def due(session: Session, now: datetime) -> Count | None:
    """What to count now: first what never was, the oldest first, then what is to be counted again."""
    known = set(session.exec(select(Snapshot.audience, Snapshot.period).distinct()).all())
    everybody = audiences(session)
    for quarter in over(session, now):
        periods = with_year(quarter)
        places = [(one, period) for one in everybody for period in periods]
        missing = tuple(place for place in places if (place[0], str(place[1])) not in known)
        if missing:
            return Count(missing)
    again = select(Snapshot.period).where(col(Snapshot.again_at) <= now)
    oldest = session.exec(again.order_by(col(Snapshot.again_at), col(Snapshot.id)).limit(1)).first()
    return recount(session, Period.read(oldest)) if oldest else None


def recount(session: Session, period: Period) -> Count:
    """The whole year of a period, for everybody: quarters have to add up to it."""
    found = snapshots.of_year(session, year_of(period)).values()
    places = tuple((one.audience, Period.read(one.period)) for one in found)
    return Count(places, tuple(one.id for one in found))


def ask(session: Session, period: Period, staff_id: int | None, now: datetime) -> None:
    """Let a period be counted again at once; ``BadInput`` where it was never counted."""
    found = snapshots.of_year(session, year_of(period))
    if (releases.PUBLIC, str(period)) not in found:
        raise BadInput(
            "There are no frozen figures of %(period)s yet: choose another period.", period=period
        )
    for one in found.values():
        one.again_at, one.asked_by = now, staff_id


def look(session: Session, count: Count) -> dict[Place, Sheet]:
    """Count; only reads. What was counted before is counted by the same tables."""
    asked = select(Snapshot).where(col(Snapshot.id).in_(count.seen))
    tables = {(one.audience, one.period): snapshots.tables(one) for one in session.exec(asked)}
    brands = {code: row for row, code in session.exec(select(Brand.id, Brand.code))}
    return {
        (audience, period): statistics.count(
            session,
            period,
            tables.get((audience, str(period))) or tables_of(audience),
            brand_id=brands.get(audience),
        )
        for audience, period in count.places
    }


def keep(session: Session, count: Count, sheets: dict[Place, Sheet], now: datetime) -> int:
    """Write down what was counted; how many new versions. What another process wrote meanwhile
    stays, and two who write at once are told apart by the database (``IntegrityError``)."""
    new = 0
    seen = set(count.seen)
    for (audience, period), sheet in sheets.items():
        before = snapshots.newest(session, audience, period)
        if (before.id not in seen) if before else bool(seen):
            continue
        if before and not snapshots.changes(snapshots.sheet(before), sheet):
            before.checked_at, before.again_at, before.asked_by = now, now + AGAIN, None
            continue
        tables = snapshots.tables(before) if before else tables_of(audience)
        snapshots.add(session, audience, sheet, tables, now, now + AGAIN, before)
        new += 1
    session.flush()
    return new


def tables_of(audience: str) -> tuple[Table, ...]:
    """What is counted for an audience: of a quarter also what only a year shows, to add up."""
    return PUBLIC_TABLES if audience == releases.PUBLIC else BRAND_TABLES


def in_order(period: Period) -> tuple[date, bool]:
    """What periods are sorted by: a year comes behind its fourth quarter."""
    return period.end, period.is_year


def public_first(audience: str) -> tuple[bool, str]:
    """What audiences are sorted by."""
    return audience != releases.PUBLIC, audience


def year_of(period: Period) -> Period:
    """The calendar year a period begins in."""
    return Period.year(period.start.year)


def with_year(quarter: Period) -> tuple[Period, ...]:
    """A quarter, and its year if it is the last one."""
    year = year_of(quarter)
    return (quarter, year) if quarter.end == year.end else (quarter,)
