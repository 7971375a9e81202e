"""Which numbers of releases are bound to which: what a reader can add up. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from casework.disclosure.cells import AT_END, Cell, Dimensions, Part, System, cell, keys, margins
from casework.disclosure.never_above import never_above
from casework.figures.measures import ADDS_UP, TOPICS, Dimension, Measure, Topic, Wage
from casework.figures.periods import Period
from casework.figures.tables import By, Key
from casework.vocabulary import Category

PERSONS = frozenset({Measure.PERSONS, Measure.OWED_PERSONS, Measure.PAID_PERSONS})
"""Somebody may be in two quarters or two currencies, and is one in the sum."""


class _Groups(dict[tuple[Measure, Dimensions], dict[By, int]]):
    """The figures of a release by measure and by what they are broken down."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        for table in part.tables:
            for dims in margins(table):
                self.setdefault((table.measure, dims), {})
        for (measure, by), value in sorted(keys(part.sheet, part.tables).items()):
            self[measure, frozenset(dim for dim, _ in by)][by] = value


def system(parts: Sequence[Part], public: str) -> System:
    """What somebody knows who reads these releases: of one audience, or of it and of the public."""
    made = System()
    grouped = {(part.who, part.sheet.period): _Groups(part) for part in parts}
    for part in parts:
        for key in sorted(part.free):
            one = cell(part.who, part.sheet.period, key)
            made.free(one, part.sheet.counts[key], 1)
    for part in parts:
        if part.sheet.period.is_year:
            _withheld(made, part, parts, grouped)
    for part in parts:
        _places(made, part, grouped[part.who, part.sheet.period])
    for (who, period), groups in grouped.items():
        _margins(made, who, period, groups)
        _same(made, who, period, groups)
        at_end = grouped.get((who, period.quarters[-1]), groups)
        never_above(made, who, period, groups, at_end, parts)
    for part in parts:
        if part.sheet.period.is_year:
            _year(made, part, grouped)
    for (who, period), groups in grouped.items():
        if who != public and (public, period) in grouped:
            _beside(made, (who, period, groups), public, grouped[public, period])
    return made


def _withheld(
    made: System,
    year: Part,
    parts: Sequence[Part],
    grouped: Mapping[tuple[str, Period], _Groups],
) -> None:
    """A table that is in the release of the year and was withheld of a quarter: nothing is known of
    the quarter's cells but what sums say."""
    for part in parts:
        if part.who != year.who or part.sheet.period not in year.sheet.period.quarters:
            continue
        groups, period = grouped[part.who, part.sheet.period], part.sheet.period
        for table in year.tables:
            for dims in margins(table) if not table.yearly and table.measure in ADDS_UP else ():
                if (table.measure, dims) in groups:
                    continue
                of_year = grouped[year.who, year.sheet.period][table.measure, dims]
                groups[table.measure, dims] = here = {}
                for by in of_year:
                    here[by] = part.sheet.counts.get((table.measure, by), 0)
                    made.free(cell(part.who, period, (table.measure, by)), here[by], 0)


def _places(made: System, part: Part, groups: _Groups) -> None:
    """Whoever reads of factories knows where each is, in which scope and in which tier, whether or not
    a table says so."""
    received, factory = Measure.RECEIVED, Dimension.FACTORY
    for dim in (Dimension.SCOPE, Dimension.COUNTRY, Dimension.TIER):
        dims = frozenset({dim, factory})
        if (received, dims) in groups or not all(
            (received, frozenset({one})) in groups for one in dims
        ):
            continue
        groups[received, dims] = here = {}
        for (measure, by), value in sorted(part.sheet.counts.items()):
            if measure is received and value and frozenset(one for one, _ in by) == dims:
                here[by] = value
                made.free(cell(part.who, part.sheet.period, (measure, by)), value, 0)


def _margins(made: System, who: str, period: Period, groups: _Groups) -> None:
    for (measure, dims), finer in groups.items():
        for gone in sorted(dims):
            coarser = groups.get((measure, dims - {gone}))
            if coarser is None:
                continue
            parts: dict[By, list[By]] = {}
            for by in finer:
                parts.setdefault(tuple(one for one in by if one[0] is not gone), []).append(by)
            for total, some in parts.items():
                if total not in coarser:
                    continue
                row = {cell(who, period, (measure, by)): 1 for by in some}
                row[cell(who, period, (measure, total))] = -1
                rest = sum(finer[by] for by in some) - coarser[total]
                made.link(row, rest if measure in PERSONS else 0)


def _same(made: System, who: str, period: Period, groups: _Groups) -> None:
    """Groups of categories, in their two ways; and wages."""

    def received(dim: Dimension) -> dict[str, Cell]:
        found = groups.get((Measure.RECEIVED, frozenset({dim})), {})
        return {by[0][1]: cell(who, period, (Measure.RECEIVED, by)) for by in found}

    topics, categories = received(Dimension.TOPIC), received(Dimension.CATEGORY)
    if categories:
        groups_of = {str(category): str(topic) for category, topic in TOPICS.items()}
        other = str(Topic.OTHER)  # with what nobody knows the category of
        _grouped(made, topics, {categories[c]: groups_of.get(c, other) for c in categories})
    values = {key: value for group in groups.items() for key, value in _flat(group)}
    wages = received(Dimension.WAGE)
    if wages and categories:
        about = [wages[one] for one in (str(Wage.LIVING), str(Wage.OTHER)) if one in wages]
        strict = categories.get(str(Category.WAGES))
        if about and strict:
            row = {**dict.fromkeys(about, 1), strict: -1}
            made.link(row, sum(values[one[2:]] * factor for one, factor in row.items()))


def _flat(group: tuple[tuple[Measure, Dimensions], dict[By, int]]) -> Iterable[tuple[Key, int]]:
    (measure, _), cells = group
    return (((measure, by), value) for by, value in cells.items())


def _grouped(made: System, totals: Mapping[str, Cell], parts: Mapping[Cell, str]) -> None:
    for name, total in totals.items():
        row = {part: 1 for part, group in parts.items() if group == name}
        if row:
            made.link({**row, total: -1})


def _year(made: System, year: Part, grouped: Mapping[tuple[str, Period], _Groups]) -> None:
    who, period = year.who, year.sheet.period
    quarters = [(one, grouped.get((who, one))) for one in period.quarters]
    for (measure, dims), cells in grouped[who, period].items():
        if measure in AT_END:
            continue
        there = [(one, groups[measure, dims]) for one, groups in quarters
                 if groups is not None and (measure, dims) in groups]  # fmt: skip
        for by, value in cells.items() if there else ():
            whole = cell(who, period, (measure, by))
            parts = {cell(who, one, (measure, by)): q[by] for one, q in there if by in q}
            if measure in ADDS_UP:
                missing = value - sum(parts.values()) if len(there) < len(quarters) else 0
                made.link({whole: 1, **dict.fromkeys(parts, -1)}, missing)
            else:
                if len(there) == len(quarters):
                    made.link({whole: -1, **dict.fromkeys(parts, 1)}, sum(parts.values()) - value)
                for part, number in parts.items():
                    made.link({whole: 1, part: -1}, value - number)


def _beside(
    made: System, own: tuple[str, Period, _Groups], public: str, all_of_it: _Groups
) -> None:
    """What the public reads is the reader's own part and that of others."""
    who, period, groups = own
    for (measure, dims), cells in groups.items():
        for by, total in all_of_it.get((measure, dims), {}).items():
            key = (measure, by)
            mine = cells.get(by, 0)
            others = total - mine
            name = Cell("others", *cell(who, period, key)[1:])
            made.link({cell(public, period, key): 1, cell(who, period, key): -1}, others, name)
            if others > 0:
                made.others[name] = others
