"""Where the number of workers of a factory is not known: there cases can't be divided by workers.

Cases of such a factory would count, its workers would not, and the rate would be too high. This is
about places, not about anybody who complained: every audience may know it.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa
from sqlmodel import col

from casework.db import Session
from casework.figures.periods import Period
from casework.models import Factory, Supply
from casework.vocabulary import Scope


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Factories of which nobody knows how many work there, as it is known now."""

    sites: tuple[tuple[str, date, date], ...]
    """Of each its country, and from when to when it worked for a brand."""

    @classmethod
    def read(
        cls, session: Session, brand_id: int | None = None, scope: Scope | None = None
    ) -> "Uncounted":
        """Those of all brands, or of one brand or scope."""
        statement = (
            sa.select(col(Factory.country), col(Supply.since), col(Supply.until))
            .join(Supply, col(Supply.factory_id) == col(Factory.id))
            .where(sa.or_(col(Factory.workers).is_(None), col(Factory.workers) == 0))
        )
        if brand_id is not None:
            statement = statement.where(col(Supply.brand_id) == brand_id)
        if scope is not None:
            statement = statement.where(col(Supply.scope) == scope)
        found = session.execute(statement).all()
        return cls(tuple((country, since, until or date.max) for country, since, until in found))

    def countries(self, period: Period) -> frozenset[str]:
        """The countries of those that were covered on the last day of a period."""
        last = period.end - timedelta(days=1)
        return frozenset(country for country, since, until in self.sites if since <= last <= until)
