"""What a reader of several releases knows of the cells they hold: a linear system. Pure.

Every relation is kept as one that the *deviations* from the true figures must fulfil: a second table
that differs from the true one by such deviations, and is nowhere below a cell's floor, is as good an
explanation of all that was published. ``casework.disclosure.protecting`` looks for such tables.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import By, Key, Sheet, Table

AT_END = frozenset({Measure.OPEN, Measure.ZERO_TOLERANCE, Measure.OVERDUE})
"""Of one moment: a year's is that of its last quarter, the very same cell."""

Dimensions = frozenset[Dimension]


class Cell(NamedTuple):
    """A number that is published, or one that follows from such numbers."""

    who: str
    """Whose release; or what names a number that is in none."""
    period: Period
    measure: Measure
    by: By


@dataclass(frozen=True)
class Part:
    """One release as its readers see it."""

    who: str
    sheet: Sheet
    tables: tuple[Table, ...]
    """Those that are in it."""
    free: frozenset[Key]
    """Whose value is not given away for good: hidden, or still to be decided. Never 0."""


def cell(who: str, period: Period, key: Key) -> Cell:
    """The cell of a figure; figures that are the same number are the same cell."""
    if key[0] in AT_END and period.is_year:
        period = period.quarters[3]
    return Cell(who, period, *key)


def margins(table: Table) -> list[Dimensions]:
    """By what a table's figures are broken down: itself, and every margin of it."""
    return [
        frozenset(some)
        for size in range(len(table.by), -1, -1)
        for some in combinations(table.by, size)
    ]


def keys(sheet: Sheet, tables: Iterable[Table]) -> dict[Key, int]:
    """The figures of some tables that are not 0."""
    wanted = {(table.measure, dims) for table in tables for dims in margins(table)}
    return {
        key: value
        for key, value in sheet.counts.items()
        if value and (key[0], frozenset(dim for dim, _ in key[1])) in wanted
    }


@dataclass
class System:
    """All that the readers of some releases know."""

    values: dict[Cell, int] = field(default_factory=dict)
    """Of the cells that readers are not told."""
    floors: dict[Cell, int] = field(default_factory=dict)
    """What readers know that each of them is at least."""
    sums: list[dict[Cell, int]] = field(default_factory=list)
    """The deviations, each times its factor, add up to 0."""
    others: dict[Cell, int] = field(default_factory=dict)
    """What is left of a public number without the reader's own part. Never 0."""

    def free(self, one: Cell, value: int, floor: int) -> None:
        self.values[one] = value
        self.floors[one] = floor

    def link(self, factors: Mapping[Cell, int], rest: int = 0, name: Cell | None = None) -> None:
        """The cells, each times its factor, make ``rest``, which is never below 0.

        A rest of 0 is taken as known, though readers can but guess it: it often is what everybody
        takes for granted, such as that nobody complained twice.
        """
        row = {one: factor for one, factor in factors.items() if one in self.values}
        if rest > 0:
            name = name or Cell(f"rest {len(self.sums)}", *next(iter(factors))[1:])
            self.free(name, rest, 0)
            row[name] = -1
        if row:
            self.sums.append(row)


def apart(system: System) -> list[tuple[list[Cell], list[dict[Cell, int]]]]:
    """Cells that have to do with each other, and their sums."""
    root = {one: one for one in system.values}

    def find(one: Cell) -> Cell:
        while root[one] != one:
            root[one] = root[root[one]]
            one = root[one]
        return one

    for row in system.sums:
        first, *rest = row
        for one in rest:
            root[find(one)] = find(first)
    cells: dict[Cell, list[Cell]] = {}
    rows: dict[Cell, list[dict[Cell, int]]] = {}
    for one in system.values:
        cells.setdefault(find(one), []).append(one)
    for row in system.sums:
        rows.setdefault(find(next(iter(row))), []).append(row)
    return [(some, rows.get(one, [])) for one, some in cells.items()]
