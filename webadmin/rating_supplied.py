"""What the tracker itself has for the elements of question 8: complaints about wages, places, since
when factories supply; exact for who leads, out of releases for a brand."""

from dataclasses import dataclass

from casework.actors import Actor
from casework.db import Session
from casework.figures.periods import Period
from casework.models import Release
from casework.publication import releases
from casework.ratings import transparency
from casework.ratings.rated import Rated
from casework.ratings.transparency import Aspect, Place, Stand, Supplied, WageYear
from translations import N_
from webadmin.i18n import gettext as _

_ASPECTS = {
    Aspect.OVERTIME: N_("about overtime"),
    Aspect.CONTRACTS: N_("about contracts"),
    # Translators: complaints about freedom of association
    Aspect.ASSOCIATION: N_("about freedom of association"),
    Aspect.BARGAINING: N_("about collective bargaining"),
}
_STANDS = {
    # Translators: of complaints, after a number
    Stand.OPEN: N_("open"),
    Stand.CONCLUDED: N_("concluded"),
    # Translators: of complaints, after a number: not taken up, or referred to others
    Stand.PASSED_ON: N_("passed on or not taken up"),
    Stand.WITHDRAWN: N_("withdrawn"),
}


@dataclass(frozen=True, slots=True)
class Additions:
    """What could be published, as far as the reader may see it."""

    wages: tuple[WageYear, ...]
    to_publish: tuple[WageYear, ...]
    """Out of releases, whoever reads it: what may be published, which the exact numbers may not."""
    places: tuple[Place, ...]
    supplied: tuple[Supplied, ...]
    aspects: dict[Aspect, int]
    exact: bool
    """Counted just now; else out of what was released, where some numbers are hidden."""


def additions(session: Session, found: Rated, *, seen_by: Actor | None) -> Additions:
    """Look it up for a rating: counted now, of the cases that exist for somebody of the office; for
    ``None`` what was released to its brand."""
    brand, scope, moment = found.brand, found.scope, found.mechanism.now
    places = transparency.places(session, brand.id, scope, moment.date())
    supplied = transparency.supplied(session, brand.id, scope, moment.date())
    released = _released(session, found)
    to_publish = transparency.wages_released(
        {year: releases.figures(one) for year, one in released.items()},
        scope,
        {year: releases.tables(one) for year, one in released.items()},
    )
    if seen_by is None:
        return Additions(to_publish, to_publish, places, supplied, {}, exact=False)
    return Additions(
        transparency.wages(session, brand.id, scope, found.year, moment, seen_by=seen_by),
        to_publish,
        places,
        supplied,
        transparency.aspects(session, brand.id, scope, found.year, moment, seen_by=seen_by),
        exact=True,
    )


def aspect_name(aspect: Aspect) -> str:
    """As it stands behind a number."""
    return _(_ASPECTS[aspect])


def stand_name(stand: Stand) -> str:
    """As it stands behind a number."""
    return _(_STANDS[stand])


def _released(session: Session, found: Rated) -> dict[int, Release]:
    """The years of which something was released to the brand."""
    released = {}
    for year in range(found.year, found.year - transparency.YEARS, -1):
        release = releases.newest(session, found.brand.code, Period.year(year))
        if release is not None:
            released[year] = release
    return released
