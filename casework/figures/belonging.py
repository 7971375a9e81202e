"""To which country, factory and brands a case belongs: by its factory, on the day it came in.

A case belongs to a brand if its factory worked for the brand on that day (in UTC); scope and tier
are those it had then. So a case stays where it was received when a factory changes hands.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from casework.actors import Actor
from casework.db import Session
from casework.figures.adding import Place, Relation
from casework.figures.measures import UNKNOWN
from casework.figures.periods import Period
from casework.models import Brand, Case, Factory, Supply
from casework.seeing import visible
from casework.vocabulary import Scope

_A_DAY = timedelta(days=1)


@dataclass(slots=True)
class Belonging:
    """Knows all factories and relations, of one brand or scope where that is all that is asked."""

    narrowed: bool
    """Not every case belongs."""
    _where: list[sa.ColumnElement[bool]]
    _factories: dict[int, tuple[str, str, int]]
    _supplies: dict[int, list[tuple[date, date, Relation]]]
    _seen: tuple[sa.ColumnElement[bool], ...] = ()
    """Which cases exist for whoever asks."""
    _places: dict[tuple[int | None, tuple[Relation, ...]], Place] = field(default_factory=dict)
    _days: dict[tuple[int | None, date], Place | None] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        session: Session,
        brand_id: int | None,
        scope: Scope | None,
        seen_by: Actor | None = None,
    ) -> "Belonging":
        """Out of the lists of factories and of whom they work for. ``seen_by``: only the cases that
        exist for somebody of the office."""
        factories = {
            row: (code, country, workers or 0)
            for row, code, country, workers in session.exec(
                select(Factory.id, Factory.code, Factory.country, Factory.workers)
            )
        }
        columns: Any = (
            *(col(Supply.factory_id), col(Supply.since), col(Supply.until)),
            *(col(Brand.code), col(Supply.scope), col(Supply.tier)),
        )
        statement = sa.select(*columns).join(Brand, col(Brand.id) == col(Supply.brand_id))
        where: list[sa.ColumnElement[bool]] = []
        if brand_id is not None:
            where.append(col(Supply.brand_id) == brand_id)
        if scope is not None:
            where.append(col(Supply.scope) == scope)
        statement = statement.where(*where)
        supplies: dict[int, list[tuple[date, date, Relation]]] = {}
        found = session.execute(statement.order_by(col(Supply.id)))
        for factory, since, until, code, its, tier in found:
            relation = Relation(code, its.value, UNKNOWN if tier is None else str(tier))
            supplies.setdefault(factory, []).append((since, until or date.max, relation))
        seen = visible(seen_by) if seen_by else ()
        return cls(bool(where), where, factories, supplies, seen)

    def place(self, factory_id: int | None, received: datetime | date) -> Place | None:
        """Where a case belongs; ``None`` where it is none of those that are asked for."""
        day = received.date() if isinstance(received, datetime) else received
        key = (factory_id, day)
        if key not in self._days:
            self._days[key] = self._place(factory_id, day)
        return self._days[key]

    def places(self, day: date) -> Callable[[int | None], Place | None]:
        """The same on one day, for many cases."""
        return cache(lambda factory_id: self._place(factory_id, day))

    def sites(self, day: date) -> list[Place]:
        """The factories that work for a brand on a day."""
        found = (self.place(row, day) for row in self._supplies)
        return [place for place in found if place is not None and place.relations]

    def changing(self, period: Period) -> set[int]:
        """The factories for which it depends on the day of the period where a case belongs."""
        inside = (period.start + _A_DAY, period.end - _A_DAY)
        return {
            row
            for row, supplies in self._supplies.items()
            if any(
                inside[0] <= day <= inside[1]
                for since, until, _ in supplies
                for day in (since, until if until == date.max else until + _A_DAY)
            )
        }

    def among(self, period: Period | None = None) -> list[sa.ColumnElement[bool]]:
        """On ``Case``: it may belong to what is asked for, as far as its factory tells."""
        if not self.narrowed:
            return [*self._seen]
        known = sa.select(col(Supply.factory_id)).where(*self._where)
        if period is not None:
            until = col(Supply.until)
            known = known.where(
                col(Supply.since) < period.end, sa.or_(until.is_(None), until >= period.start)
            )
        return [col(Case.factory_id).in_(known), *self._seen]

    def _place(self, factory_id: int | None, day: date) -> Place | None:
        supplies = self._supplies.get(factory_id, ()) if factory_id is not None else ()
        relations = tuple(
            dict.fromkeys(one for since, until, one in supplies if since <= day <= until)
        )
        if self.narrowed and not relations:
            return None
        key = (factory_id, relations)
        if key not in self._places:
            code, country, workers = self._factories.get(factory_id or 0, (UNKNOWN, UNKNOWN, 0))
            self._places[key] = Place(factory_id, code, country, workers, relations)
        return self._places[key]
