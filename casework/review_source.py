"""Takes in the figures that a review of the mechanism looks at: exact, and of one brand or of all."""

from casework import releases, review_figures, snapshots, statistics
from casework.db import Session
from casework.figures import Period
from casework.models import Brand
from casework.review_figures import LOOKED_AT, Taken
from casework.vocabulary import Scope


def take(session: Session, brand: Brand | None, scope: Scope | None, period: Period) -> Taken:
    """The frozen figures of a period that is over, with their digest; where there are none, or only
    one scope is looked at, they are counted now. A correction may change the next count: therefore
    the review keeps a copy."""
    audience = brand.code if brand else releases.PUBLIC
    snapshot = snapshots.newest(session, audience, period) if scope is None else None
    if snapshot is not None:
        figures = review_figures.key_figures(snapshots.sheet(snapshot))
        return Taken(figures, bytes.fromhex(snapshot.digest), snapshot.id)
    sheet = statistics.count(
        session, period, LOOKED_AT, brand_id=brand.id if brand else None, scope=scope
    )
    return Taken(review_figures.key_figures(sheet))
