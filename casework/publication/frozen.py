"""Which periods are frozen, for whom, and in which versions: for staff, who see exact numbers."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from casework.db import Session
from casework.errors import BadInput
from casework.figures.periods import Period
from casework.models import Release, Snapshot
from casework.publication import freezing


@dataclass(frozen=True, slots=True)
class Released:
    """A version that an audience may read."""

    version: int
    made_at: datetime
    digest: str
    pending_since: datetime | None


@dataclass(frozen=True, slots=True)
class Line:
    """A period of an audience."""

    audience: str
    period: Period
    counts: int
    """How many counts of it differ: 1 where it never changed."""
    checked_at: datetime
    again_at: datetime | None
    asked: bool
    """Somebody asked for it to be counted again, and it was not yet."""
    releases: tuple[Released, ...]
    """The newest first; none: it is about to be released."""


def lines(session: Session, only: Period | None = None) -> list[Line]:
    """All that is frozen, or one period: the newest first, and of each everybody's first."""
    counted = sa.select(
        col(Snapshot.audience),
        col(Snapshot.period),
        col(Snapshot.version),
        col(Snapshot.checked_at),
        col(Snapshot.again_at),
        col(Snapshot.asked_by),
    ).order_by(col(Snapshot.version))
    released = sa.select(
        col(Release.audience),
        col(Release.period),
        col(Release.version),
        col(Release.made_at),
        col(Release.digest),
        col(Release.pending_since),
    ).order_by(col(Release.version).desc())
    if only is not None:
        counted = counted.where(col(Snapshot.period) == str(only))
        released = released.where(col(Release.period) == str(only))
    versions = defaultdict[tuple[str, str], list[Released]](list)
    for audience, period, *values in session.execute(released).all():
        versions[audience, period].append(Released(*values))
    found = {
        (audience, period): Line(
            audience,
            Period.read(period),
            version,
            checked_at,
            again_at,
            asked_by is not None,
            tuple(versions[audience, period]),
        )
        for audience, period, version, checked_at, again_at, asked_by in session.execute(
            counted
        ).all()
    }
    by_name = sorted(found.values(), key=lambda line: freezing.public_first(line.audience))
    return sorted(by_name, key=lambda line: freezing.in_order(line.period), reverse=True)


def check(session: Session, period: Period, now: datetime) -> bool:
    """Whether a period is frozen; ``BadInput``, saying when it will be, where it can't be yet."""
    if not period.quarters:
        raise BadInput(
            "Only quarters and years are frozen: write a quarter such as 2026-Q3, or a year such as"
            " 2026."
        )
    wanted = select(Snapshot.id).where(Snapshot.period == str(period)).limit(1)
    if session.exec(wanted).first() is not None:
        return True
    if period.ends + freezing.LATE > now:
        day = (period.ends + freezing.LATE).date()
        raise BadInput("%(period)s is frozen from %(day)s on.", period=period, day=day)
    year = freezing.first_year(session)
    if year is None or period.start.year < year:
        raise BadInput(
            "There is nothing to count in %(period)s: it was before the first case.", period=period
        )
    return False
