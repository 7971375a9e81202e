"""Figures of one period as a page asks for them: a number, or all numbers of a breakdown. Pure.

Where they come from is not seen from here: staff hand in what was just counted, an audience what was
released to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import BRAND_TABLES, By, Figure, Key, Sheet, Table, by
from casework.vocabulary import Scope

LIVE_TABLES = (
    *(one for one in BRAND_TABLES if Dimension.SCOPE not in one.by),
    Table(Measure.RECEIVED, (Dimension.SCOPE,)),
    Table(Measure.RECEIVED, (Dimension.BRAND,)),
    Table(Measure.RECEIVED, (Dimension.WAGE,)),
    Table(Measure.ISSUES, (Dimension.KIND,)),
)
"""What staff see of any period: as much as a brand, and kinds of issues."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The figures of one period. What is not named in a table that is here is 0."""

    period: Period
    tables: tuple[Table, ...]
    figures: tuple[Figure, ...]
    uncounted: frozenset[str]
    """Countries in which the number of workers of a factory is not known (``casework.figures``)."""
    _by_key: Mapping[Key, Figure]

    @classmethod
    def of(
        cls,
        period: Period,
        tables: Iterable[Table],
        figures: Iterable[Figure],
        uncounted: frozenset[str] = frozenset(),
    ) -> "Numbers":
        """The figures of some tables; ``value`` is ``None`` where one is hidden."""
        kept = tuple(figures)
        by_key = {(one.measure, one.by): one for one in kept}
        return cls(period, tuple(tables), kept, uncounted, by_key)

    @classmethod
    def of_sheet(
        cls, sheet: Sheet, tables: Sequence[Table], uncounted: frozenset[str]
    ) -> "Numbers":
        """Exact figures, none of them hidden."""
        counts = [Figure(*key, value=count) for key, count in sheet.counts.items()]
        spreads = [Figure(*key, one.median, one.p90) for key, one in sheet.spreads.items()]
        return cls.of(sheet.period, tables, counts + spreads, uncounted)

    def has(self, measure: Measure, *dimensions: Dimension) -> bool:
        """Whether anything is told of this breakdown at all."""
        return any(
            table.measure is measure and set(dimensions) <= set(table.by) for table in self.tables
        )

    def one(self, measure: Measure, at: Mapping[Dimension, str] | None = None) -> Figure | None:
        """A number; ``None`` where nothing is told of it, and for days of what never happened."""
        if not self.has(measure, *(at or {})):
            return None
        place = by(at or {})
        found = self._by_key.get((measure, place))
        return found or (None if measure is Measure.DAYS else Figure(measure, place, 0))

    def values(
        self, measure: Measure, dimension: Dimension, at: Mapping[Dimension, str] | None = None
    ) -> dict[str, Figure]:
        """Every value of a dimension that is named, with its number; ``at`` keeps others fixed."""
        fixed = set(by(at or {}))
        found = {}
        for figure in self.figures:
            rest = set(figure.by) - fixed
            if figure.measure is measure and fixed <= set(figure.by) and len(rest) == 1:
                ((named, value),) = rest
                if named is dimension:
                    found[value] = figure
        return found

    def within(self, scope: Scope) -> "Numbers":
        """Of one scope alone: the tables that are published by scope."""
        inside = (Dimension.SCOPE, scope.value)
        tables = [
            replace(one, by=tuple(dimension for dimension in one.by if dimension is not inside[0]))
            for one in self.tables
            if inside[0] in one.by
        ]
        figures = [replace(one, by=_without(one.by, inside)) for one in self.figures]
        kept = [new for new, old in zip(figures, self.figures, strict=True) if inside in old.by]
        return Numbers.of(self.period, tables, kept, self.uncounted)


def _without(place: By, inside: tuple[Dimension, str]) -> By:
    return tuple(one for one in place if one != inside)
