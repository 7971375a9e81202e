"""Somebody who takes all that was published, and works out what is hidden: exactly, by integer
programs. Knows of the program only what its releases and its documentation tell."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

Numbers = np.ndarray[Any, np.dtype[Any]]

Where = frozenset[tuple[str, str]]
"""``{("topic", "pay-and-hours")}``"""
Name = tuple[str, str, str, Where]
"""Who, period, measure, where."""

ADD_UP = {"received", "issues", "admissible", "decided", "answered", "appeals", "retaliation",
          "remedied", "promised", "met", "owed", "paid"}  # fmt: skip
DISTINCT = {"persons", "owed-persons", "paid-persons"}
AT_END = {"open", "zero-tolerance", "overdue"}
COUNTED = ADD_UP | DISTINCT | AT_END
TOPICS = {
    "pay-and-hours": {"WAG", "HRS"},
    "abuse-and-discrimination": {"HAR", "DIS", "RET"},
    "forced-labour-and-recruitment": {"FLB", "REC", "DOC"},
    "child-labour": {"CHL"},
    "safety-and-housing": {"OHS", "DRM"},
    "contract-and-union": {"CON", "FOA"},
    "other": {"OTH", "unknown"},
}
NEVER_ABOVE = [("persons", "received"), ("received", "issues"), ("zero-tolerance", "open"),
               ("overdue", "open")]  # fmt: skip


def place(code: str) -> dict[str, str]:
    """What whoever reads for a brand knows of a factory: ``A-KH-2``."""
    _, country, number = code.split("-")
    scope = {"0": "supply-chain", "1": "supply-chain", "2": "own"}[number]
    return {
        "country": country,
        "scope": scope,
        "tier": {"0": "1", "1": "2", "2": "unknown"}[number],
    }


@dataclass
class Reading:
    """One release, as it is fetched."""

    who: str
    period: str
    tables: set[tuple[str, tuple[str, ...]]]
    rows: dict[tuple[str, Where], float | None]
    """``None`` where there is a mark."""

    def shows(self, measure: str, dims: Iterable[str]) -> bool:
        """Whether numbers of this measure by these dimensions are in it, so that one that is not
        named is 0."""
        return any(one == measure and set(dims) <= set(by) for one, by in self.tables)


@dataclass
class Attack:
    """All that follows from some readings."""

    readings: list[Reading]
    public: str = "public"
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)
    numbers: dict[Name, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_name = {(one.who, one.period): one for one in self.readings}
        for reading in self.readings:
            self._margins(reading)
            self._groups(reading)
            self._factories(reading)
            if reading.period.isdigit():
                self._year(reading)
            if reading.who != self.public and (self.public, reading.period) in self.by_name:
                self._part_of_public(reading)

    def value(self, who: str, period: str, measure: str, where: Where) -> float | int | None:
        """What is known of a number: a ``float``; or the index of an unknown, an ``int``; ``None``
        where nothing of it was published."""
        reading = self.by_name.get((who, period))
        if reading is None or not reading.shows(measure, {dim for dim, _ in where}):
            return None
        found = reading.rows.get((measure, where), 0.0)
        if found is not None:
            return float(found)
        return self._unknown((who, period, measure, where), 1.0)

    def _unknown(self, name: Name, floor: float) -> int:
        if name not in self.numbers:
            self.numbers[name] = len(self.floors)
            self.floors.append(floor)
        return self.numbers[name]

    def _relate(self, plus: Iterable[Any], minus: Iterable[Any], rest: float = 0.0) -> None:
        """0 <= plus - minus <= rest."""
        row: dict[int, float] = defaultdict(float)
        known = 0.0
        for sign, some in ((1.0, plus), (-1.0, minus)):
            for one in some:
                if isinstance(one, float):
                    known += sign * one
                else:
                    row[one] += sign
        if row:
            self.rows.append((row, -known, rest - known))
        else:
            assert -0.5 <= known <= rest + 0.5, "what was published contradicts itself"

    def _places(self, who: str, period: str, measure: str, dims: set[str]) -> Iterator[Where]:
        for one, where in self.by_name[who, period].rows:
            if one == measure and {dim for dim, _ in where} == dims:
                yield where

    def _margins(self, one: Reading) -> None:
        for measure, by in one.tables:
            if measure not in COUNTED:
                continue
            for size in range(1, len(by) + 1):
                for dims in combinations(by, size):
                    for gone in dims:
                        sums: dict[Where, list[Where]] = defaultdict(list)
                        for where in self._places(one.who, one.period, measure, set(dims)):
                            rest = frozenset(pair for pair in where if pair[0] != gone)
                            sums[rest].append(where)
                        for total in self._places(one.who, one.period, measure, {*dims} - {gone}):
                            name = (one.who, one.period, measure)
                            self._relate(
                                [self.value(*name, part) for part in sums[total]],
                                [self.value(*name, total)],
                                np.inf if measure in DISTINCT else 0.0,
                            )

    def _groups(self, one: Reading) -> None:
        def received(dim: str, values: Iterable[str]) -> list[Any]:
            found = [self.value(one.who, one.period, "received", frozenset({(dim, value)}))
                     for value in sorted(values)]  # fmt: skip
            return [value for value in found if value is not None]

        if one.shows("received", {"topic"}) and one.shows("received", {"category"}):
            for topic, categories in TOPICS.items():
                self._relate(received("topic", {topic}), received("category", categories))
        if one.shows("received", {"wage"}) and one.shows("received", {"category"}):
            about = received("wage", {"below-living-wage", "other-wages"})
            self._relate(about, received("category", {"WAG"}), np.inf)
        nowhere: Where = frozenset()
        for low, high in NEVER_ABOVE:
            if one.shows(low, ()) and one.shows(high, ()):
                less = self.value(one.who, one.period, low, nowhere)
                self._relate([self.value(one.who, one.period, high, nowhere)], [less], np.inf)
        if one.shows("open", {"age"}) and one.shows("received", ()):
            ages = ["0-29", "30-89", *(("90-179", "180-364") if one.period.isdigit() else ())]
            young = [self.value(one.who, one.period, "open", frozenset({("age", age)}))
                     for age in ages]  # fmt: skip
            whole = self.value(one.who, one.period, "received", nowhere)
            self._relate([whole], young, np.inf)

    def _factories(self, one: Reading) -> None:
        grave = (one.who, one.period, "zero-tolerance")
        if one.shows("zero-tolerance", {"factory"}) and one.shows("open", {"scope"}):
            for scope in ("own", "supply-chain"):
                low = [self.value(*grave, where) for where in self._places(*grave, {"factory"})
                       if place(dict(where)["factory"])["scope"] == scope]  # fmt: skip
                of_scope = frozenset({("scope", scope)})
                self._relate([self.value(one.who, one.period, "open", of_scope)], low, np.inf)
        if not one.shows("received", {"factory"}):
            return
        name = (one.who, one.period, "received")
        for dim in ("country", "scope", "tier"):
            members: dict[str, list[Any]] = defaultdict(list)
            for where in self._places(*name, {"factory"}):
                ((_, code),) = where
                members[place(code)[dim]].append(self.value(*name, where))
            for where in self._places(*name, {dim}) if one.shows("received", {dim}) else ():
                ((_, value),) = where
                self._relate(members[value], [self.value(*name, where)])

    def _year(self, one: Reading) -> None:
        quarters = [f"{one.period}-Q{number}" for number in (1, 2, 3, 4)]
        if any((one.who, quarter) not in self.by_name for quarter in quarters):
            return
        places = {(measure, where) for quarter in [one.period, *quarters]
                  for measure, where in self.by_name[one.who, quarter].rows}  # fmt: skip
        for measure, where in sorted(places, key=str):
            if measure not in COUNTED:
                continue
            whole = self.value(one.who, one.period, measure, where)
            parts = [self.value(one.who, quarter, measure, where) for quarter in quarters]
            if whole is None or all(part is None for part in parts):
                continue
            if measure in AT_END:
                if parts[3] is not None:
                    self._relate([whole], [parts[3]])
                continue
            named = [
                self._unknown((one.who, quarter, measure, where), 0.0) if part is None else part
                for quarter, part in zip(quarters, parts, strict=True)
            ]
            self._relate(named, [whole], 0.0 if measure in ADD_UP else np.inf)
            for part in named if measure in DISTINCT else []:
                self._relate([whole], [part], np.inf)

    def _part_of_public(self, one: Reading) -> None:
        for measure, where in sorted(self.by_name[self.public, one.period].rows, key=str):
            if measure not in COUNTED:
                continue
            mine = self.value(one.who, one.period, measure, where)
            if mine is not None:
                whole = self.value(self.public, one.period, measure, where)
                others = self._unknown(("others", one.period, measure, where), 0.0)
                self._relate([whole], [mine, others])

    def hidden(self, who: str) -> list[Name]:
        """The marks in an audience's releases."""
        return [name for name in self.numbers if name[0] == who and self.floors[self.numbers[name]]]

    def is_right(self, truth: Callable[[Name], float]) -> bool:
        """Whether the true numbers are among those that the attacker thinks possible."""
        true = [truth(name) for name in self.numbers]
        return all(value >= floor for value, floor in zip(true, self.floors, strict=True)) and all(
            low <= sum(factor * true[one] for one, factor in row.items()) <= high
            for row, low, high in self.rows
        )

    def bounds(self, wanted: Mapping[Name, float]) -> dict[Name, tuple[float, float]]:
        """Between which values each lies; once two tables show that they are as far apart as is
        said with it, they are not looked for any further."""
        rooms = self._rooms({self.numbers[name] for name in wanted})
        return {
            name: rooms[self.numbers[name]].bounds(self.numbers[name], enough)
            for name, enough in wanted.items()
        }

    def _rooms(self, wanted: set[int]) -> dict[int, "_Room"]:
        root = list(range(len(self.floors)))

        def find(one: int) -> int:
            while root[one] != one:
                root[one] = root[root[one]]
                one = root[one]
            return one

        for row, _, _ in self.rows:
            first, *others = row
            for other in others:
                root[find(other)] = find(first)
        members: dict[int, list[int]] = defaultdict(list)
        rows: dict[int, list[Any]] = defaultdict(list)
        for one in range(len(self.floors)):
            members[find(one)].append(one)
        for entry in self.rows:
            rows[find(next(iter(entry[0])))].append(entry)
        found = {}
        for one in {find(index) for index in wanted}:
            some = members[one]
            room = _Room(some, rows[one], [self.floors[index] for index in some])
            found.update(dict.fromkeys(some, room))
        return found


class _Room:
    """Unknowns that have to do with each other."""

    def __init__(self, members: list[int], rows: list[Any], floors: list[float]) -> None:
        self.place = {one: number for number, one in enumerate(members)}
        entries = [
            (line, self.place[index], factor)
            for line, (row, _, _) in enumerate(rows)
            for index, factor in row.items()
        ]
        self.size, self.floors = len(members), np.array(floors)
        self.lows, self.highs = (np.array([row[place] for row in rows]) for place in (1, 2))
        if entries:
            lines, columns, factors = zip(*entries, strict=True)
            self.matrix = csc_array((factors, (lines, columns)), shape=(len(rows), self.size))
        self.least = np.full(self.size, np.inf)
        self.most = np.full(self.size, -np.inf)

    def bounds(self, index: int, enough: float) -> tuple[float, float]:
        at = self.place[index]
        if not self.lows.size:
            return float(self.floors[at]), np.inf
        for sign in (1.0, -1.0):
            if self.most[at] - self.least[at] >= enough:
                break
            cost = np.zeros(self.size)
            cost[at] = sign
            # So far above the least as is enough is as good as endless.
            ceiling = np.full(self.size, np.inf)
            if sign < 0:
                ceiling[at] = self.least[at] + enough
            self._solve(cost, ceiling)
        return float(self.least[at]), float(self.most[at])

    def _solve(self, cost: Numbers, ceiling: Numbers) -> None:
        """The best table. Where the best numbers of all are whole ones, they are the best whole ones:
        that is found faster."""
        for whole in (0, 1):
            found = milp(
                cost,
                integrality=np.full(self.size, whole),
                bounds=Bounds(self.floors, ceiling),
                constraints=LinearConstraint(self.matrix, self.lows, self.highs),
            )
            assert found.x is not None, f"no table explains what was published: {found.message}"
            if whole or np.abs(found.x - np.rint(found.x)).max() < 1e-6:
                return self._learn(found.x)
        return None

    def _learn(self, found: Numbers) -> None:
        table = np.rint(found)
        sums = self.matrix @ table
        assert (table >= self.floors).all()
        assert (sums >= self.lows).all()
        assert (sums <= self.highs).all()
        self.least = np.minimum(self.least, table)
        self.most = np.maximum(self.most, table)
