"""The rating of a brand in one scope and year: what is proved and what is attested, scored."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from casework.db import Session
from casework.models import Brand
from casework.publication import releases
from casework.ratings import attesting, mechanism
from casework.ratings.methodology import Methodology
from casework.ratings.proofs import Mechanism, facts, prove
from casework.ratings.rating import Evidence, EvidenceKind, Known, Result, evaluate
from casework.vocabulary import CHATS, Scope


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating, and what it came from."""

    brand: Brand
    scope: Scope
    year: int
    methodology: Methodology
    mechanism: Mechanism
    known: Known
    result: Result
    cases_until: datetime | None = None

    @property
    def as_of(self) -> date:
        """The day that it speaks of: that of its cases, where they are read as of an earlier one."""
        if self.cases_until in (None, releases.NEVER):
            return self.known.on
        return min(self.known.on, self.cases_until.date())


def rate(
    session: Session,
    brand: Brand,
    scope: Scope,
    year: int,
    by: Methodology,
    *,
    now: datetime,
    procedure: str = "",
    cases_until: datetime | None = None,
) -> Rated:
    """Rate a brand out of the database. A year that is over is rated as it was at its end;
    ``BadInput`` for one that has not begun. ``procedure``: ``casework.procedure.address_of``.

    ``cases_until``: cases, promises and checks are read as of then; for the staff of a brand and for
    paper ``releases.told_until``, so that the rating tells of no case before the figures do. What
    people attest and review stands as of ``now``.
    """
    found = mechanism.gather(
        session, brand, scope, year, now=now, procedure=procedure, cases_until=cases_until
    )
    on = found.now.date()
    attested, answers = attesting.known(session, brand.id, scope, by, on)
    known = Known(
        on,
        prove(found),
        attested,
        answers,
        attesting.requests_answered(session, brand.id, scope, year),
        facts(found),
    )
    return Rated(brand, scope, year, by, found, known, evaluate(by, known), cases_until)


_OPEN_TO_BRANDS = frozenset({EvidenceKind.CHANNEL, EvidenceKind.REVIEW, EvidenceKind.DOCUMENT})


def for_brand(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """What the staff of a brand may see of it: no case, no clock, and not how many there are; numbers
    come from their releases alone, because two of them could be subtracted. Nor a way in that is
    known to work only by a case that came in there, or the hour at which one did."""
    return tuple(
        replace(one, at=one.at.replace(hour=0, minute=0, second=0, microsecond=0))
        if one.at is not None
        else one
        for one in evidence
        if one.kind in _OPEN_TO_BRANDS
        and (one.kind is not EvidenceKind.CHANNEL or one.label in CHATS)
    )
