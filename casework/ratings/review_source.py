"""Takes in the figures that a review of the mechanism looks at: of one brand or of all, exact for who
sees all cases, otherwise as they were released."""

from datetime import date, datetime

from casework import seeing
from casework.actors import Actor
from casework.db import Session
from casework.errors import BadInput
from casework.figures import snapshots, statistics
from casework.figures.periods import Period
from casework.models import Brand
from casework.publication import releases
from casework.ratings import review_figures
from casework.ratings.review_figures import LOOKED_AT, Taken
from casework.vocabulary import Scope


def check(period: Period, today: date) -> None:
    """``BadInput`` for what no review is of: days, and a quarter that is not over. The figures of
    periods that lie beside each other, or day by day, would tell of single cases; those of a year
    that runs are taken in, as a review may be due within it."""
    if not period.is_year and not (period.is_quarter and period.end <= today):
        raise BadInput(
            "There are no frozen figures of %(period)s yet: choose another period.",
            period=str(period),
        )


def take(
    session: Session,
    brand: Brand | None,
    scope: Scope | None,
    period: Period,
    *,
    by: Actor,
    now: datetime,
) -> Taken:
    """For who sees all cases the frozen figures of a period that is over, with their digest; where
    there are none, or only one scope is looked at, they are counted now. For others what was
    released, with what is hidden in it; where nothing was, counted now of the cases they may see.
    A correction may change the next count: therefore the review keeps a copy."""
    audience = brand.code if brand else releases.PUBLIC
    if not seeing.sees_all(session, by):
        release = releases.newest(session, audience, period) if scope is None else None
        if release is not None:
            figures = review_figures.key_published(releases.figures(release))
            return Taken(figures, bytes.fromhex(release.digest))
        return _counted(session, brand, scope, period, by, now)
    snapshot = snapshots.newest(session, audience, period) if scope is None else None
    if snapshot is not None:
        figures = review_figures.key_figures(snapshots.sheet(snapshot))
        return Taken(figures, bytes.fromhex(snapshot.digest), snapshot.id)
    return _counted(session, brand, scope, period, by, now)


def _counted(
    session: Session,
    brand: Brand | None,
    scope: Scope | None,
    period: Period,
    by: Actor,
    now: datetime,
) -> Taken:
    sheet = statistics.count(
        session,
        period,
        LOOKED_AT,
        brand_id=brand.id if brand else None,
        scope=scope,
        seen_by=by,
        now=now,
    )
    return Taken(review_figures.key_figures(sheet))
