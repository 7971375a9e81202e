"""Adds what was counted up into the cells and margins of tables. Pure.

What is counted comes as groups: raw values of a few columns, and how many. One column may say
several dimensions (a category says its topic), and a place may work for several brands: then it
stands under each of them, and once in the margin.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from operator import itemgetter
from typing import Any, TypeVar

from casework.figures.measures import (
    COUNTED,
    TOPICS,
    UNKNOWN,
    Counted,
    Dimension,
    Measure,
    Topic,
    Wage,
    matter_of,
)
from casework.figures.tables import By, Table
from casework.vocabulary import Category

PLACE = "place"
_D = Dimension

Groups = Mapping[tuple[Any, ...], int]
Member = TypeVar("Member", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Relation:
    """That a factory works for a brand, as figures say it."""

    brand: str
    scope: str
    tier: str


_NONE = Relation(UNKNOWN, UNKNOWN, UNKNOWN)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a case belongs. The same place is the same object: it is compared by that."""

    factory_id: int | None
    factory: str
    country: str
    workers: int
    relations: tuple[Relation, ...]

    def values(self, dimensions: Sequence[Dimension]) -> list[tuple[str, ...]]:
        """Where it stands in a breakdown: in several cells where it works for several brands."""
        return list(
            dict.fromkeys(
                tuple([_READ[dimension](self, one) for dimension in dimensions])
                for one in self.relations or (_NONE,)
            )
        )


_READ: dict[Dimension, Callable[[Place, Relation], str]] = {
    _D.BRAND: lambda _, relation: relation.brand,
    _D.SCOPE: lambda _, relation: relation.scope,
    _D.COUNTRY: lambda place, _: place.country,
    _D.FACTORY: lambda place, _: place.factory,
    _D.TIER: lambda _, relation: relation.tier,
}
"""The dimensions of a place, which come before all others."""


def topic_of(category: str | None) -> str:
    """The group of a category; of a case of which nobody knows it, as of all others."""
    return (TOPICS[Category(category)] if category else Topic.OTHER).value


def _wage(raw: int | None) -> str:
    """Of what the database says: whether any of its issues is about wages, and a living wage."""
    return (Wage.NONE if raw is None else Wage.LIVING if raw else Wage.OTHER).value


COLUMNS: dict[Dimension, tuple[str, Callable[[Any], str]]] = {
    _D.TOPIC: ("category", topic_of),
    _D.CATEGORY: ("category", lambda raw: raw or UNKNOWN),
    _D.MATTER: ("category", lambda raw: matter_of(Category(raw) if raw else None).value),
    _D.WAGE: ("wage", _wage),
    **dict.fromkeys(_READ, (PLACE, str)),
    **{
        one: (one.value, lambda raw: raw or UNKNOWN)
        for one in (
            _D.KIND,
            _D.SEVERITY,
            _D.CHANNEL,
            _D.LANGUAGE,
            _D.RELATION,
            _D.OUTCOME,
            _D.ANSWER,
            _D.RULING,
            _D.PROMISE,
            _D.KEPT,
            _D.AGE,
            _D.CURRENCY,
        )
    },
}
"""From which column of what is counted a dimension is read, and how."""


def never_added(measure: Measure) -> Dimension | None:
    """Over which dimension a measure has no margin: currencies are never mixed, and a median over
    different promises says nothing."""
    if COUNTED.get(measure) is Counted.MONEY or measure in _PERSONS_OF_MONEY:
        return _D.CURRENCY
    return _D.PROMISE if measure is Measure.DAYS else None


_PERSONS_OF_MONEY = (Measure.OWED_PERSONS, Measure.PAID_PERSONS)


def margins(table: Table) -> Iterator[tuple[Dimension, ...]]:
    """The breakdowns of a table: itself, and all that are left when some of it is added up."""
    kept = never_added(table.measure)
    for size in range(len(table.by) + 1):
        for some in combinations(sorted(set(table.by), key=list(Dimension).index), size):
            if kept is None or kept in some:
                yield some


@dataclass(frozen=True, slots=True)
class Wanted:
    """The breakdowns that are wanted of a measure, and the columns they need."""

    margins: tuple[tuple[Dimension, ...], ...]
    columns: tuple[str, ...]
    """The place first."""

    @classmethod
    def of(cls, tables: Iterable[Table]) -> "Wanted":
        """Of some tables of one measure."""
        found = dict.fromkeys(one for table in tables for one in margins(table))
        columns = dict.fromkeys(COLUMNS[one][0] for some in found for one in some)
        return cls(tuple(found), tuple(sorted(columns, key=lambda name: name != PLACE)))

    def key(self, said: Mapping[str, Any]) -> tuple[Any, ...]:
        """The raw values of one that is counted, in the order of the columns."""
        return tuple([said[name] for name in self.columns])

    def add_up(self, groups: Groups) -> dict[By, int]:
        """How many there are in each cell and margin."""
        known: dict[tuple[int, ...], Groups] = {tuple(range(len(self.columns))): groups}
        # A margin is added up from what was added up before: most often that is little.
        for positions in self._shared():
            known[positions] = _projected(known, positions)
        found: dict[By, int] = {}
        for margin in sorted(self.margins, key=lambda one: -len(self._positions(one))):
            positions = self._positions(margin)
            if positions not in known:
                known[positions] = _projected(known, positions)
            counts: dict[_Values, int] = defaultdict(int)
            say = self._said(margin, positions)
            for raw, count in known[positions].items():
                for values in say(raw):
                    counts[values] += count
            found |= {_by(margin, values): count for values, count in counts.items() if count}
        return found

    def gather(self, members: Sequence[tuple[tuple[Any, ...], Member]]) -> dict[By, list[Member]]:
        """All members of each cell and margin."""
        found: dict[By, list[Member]] = {}
        for margin in self.margins:
            positions = self._positions(margin)
            say = self._said(margin, positions)
            cells: dict[_Values, list[Member]] = defaultdict(list)
            for raw, member in members:
                for values in say(tuple([raw[at] for at in positions])):
                    cells[values].append(member)
            found |= {_by(margin, values): some for values, some in cells.items()}
        return found

    def distinct(self, members: Sequence[tuple[tuple[Any, ...], Hashable, int]]) -> dict[By, int]:
        """The sum of the weights of different members of each cell and margin."""
        weighed = [(raw, (member, weight)) for raw, member, weight in members]
        sums = {by: sum(dict(some).values()) for by, some in self.gather(weighed).items()}
        return {by: count for by, count in sums.items() if count}

    def _shared(self) -> Iterator[tuple[int, ...]]:
        """Columns that occur together in some margin, and all those that occur alone."""
        wholes: list[set[int]] = []
        for margin in self.margins:
            joined = set(self._positions(margin))
            apart = [one for one in wholes if not one & joined]
            wholes = [*apart, joined.union(*(one for one in wholes if one & joined))]
        yield tuple(sorted({at for one in wholes if len(one) == 1 for at in one}))
        yield from (tuple(sorted(one)) for one in wholes if len(one) > 1)

    def _positions(self, margin: tuple[Dimension, ...]) -> tuple[int, ...]:
        return tuple(sorted({self.columns.index(COLUMNS[one][0]) for one in margin}))

    def _said(self, margin: tuple[Dimension, ...], positions: tuple[int, ...]) -> "_Say":
        """Says in which cells of a margin raw values stand."""
        columns = [self.columns[at] for at in positions]
        there = [one for one in margin if one in _READ]
        plain = [
            (columns.index(name), read)
            for name, read in (COLUMNS[one] for one in margin if one not in _READ)
        ]
        first = len(there) and 1
        stands = cache(lambda place: place.values(there))
        # The same few values stand in many places.
        values = cache(lambda rest: tuple([read(rest[at - first]) for at, read in plain]))

        def say(raw: tuple[Any, ...]) -> list[_Values]:
            if not first:
                return [values(raw)]
            rest = values(raw[1:])
            return [here + rest for here in stands(raw[0])]

        return say


_Values = tuple[str, ...]
_Say = Callable[[tuple[Any, ...]], list[_Values]]


def _by(margin: tuple[Dimension, ...], values: _Values) -> By:
    return tuple(zip(margin, values, strict=True))


def _projected(known: Mapping[tuple[int, ...], Groups], positions: tuple[int, ...]) -> Groups:
    """Groups by fewer columns, out of the smallest known ones that have them."""
    wider = (one for one in known if set(positions) <= set(one))
    source = min(wider, key=lambda one: len(known[one]))
    places = [source.index(at) for at in positions]
    found: dict[tuple[Any, ...], int] = defaultdict(int)
    if len(places) > 1:
        pick = itemgetter(*places)
        for raw, count in known[source].items():
            found[pick(raw)] += count
    else:
        for raw, count in known[source].items():
            found[tuple([raw[at] for at in places])] += count
    return found
