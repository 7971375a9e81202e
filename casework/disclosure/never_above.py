"""Which numbers are never above others, as a reader knows who knows what they are numbers of. Pure."""

from collections.abc import Mapping, Sequence

from casework.disclosure.cells import Cell, Dimensions, Part, System, cell
from casework.figures.measures import Age, Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import By

TOTALS = (
    (Measure.PERSONS, Measure.RECEIVED),
    (Measure.RECEIVED, Measure.ISSUES),
    (Measure.ZERO_TOLERANCE, Measure.OPEN),
    (Measure.OVERDUE, Measure.OPEN),
)
"""The total of the first is never above that of the second; of overdue cases only as long as few of
them are closed, which is taken as known where it is so."""

YOUNG = (Age.MONTH, Age.QUARTER)
"""Cases that are open at the end of a quarter, and not older than that, came in in it."""
YOUNG_IN_YEAR = (*YOUNG, Age.HALF, Age.YEAR)
"""The same at the end of a year."""

Groups = Mapping[tuple[Measure, Dimensions], Mapping[By, int]]
"""The figures of a release by measure and by what they are broken down."""

_NOWHERE: By = ()


def never_above(
    made: System, who: str, period: Period, groups: Groups, at_end: Groups, parts: Sequence[Part]
) -> None:
    """Add to what readers know of a release. ``at_end``: the figures of its last quarter."""
    for low, high in TOTALS:
        lows = _named(groups, low, frozenset())
        for value in _named(groups, high, frozenset()).values():
            _link(made, who, period, (low, lows), (high, _NOWHERE, value))
    _grave(made, who, period, groups, parts)
    ages = YOUNG_IN_YEAR if period.is_year else YOUNG
    still_open = _named(at_end, Measure.OPEN, frozenset({Dimension.AGE}))
    young = {by: value for by, value in still_open.items() if by[0][1] in ages}
    for value in _named(groups, Measure.RECEIVED, frozenset()).values():
        _link(made, who, period, (Measure.OPEN, young), (Measure.RECEIVED, _NOWHERE, value))


def _grave(made: System, who: str, period: Period, groups: Groups, parts: Sequence[Part]) -> None:
    """Open cases with zero tolerance of the factories of a scope are open cases of that scope, as far
    as cases of that year tell the scope of a factory."""
    grave = _named(groups, Measure.ZERO_TOLERANCE, frozenset({Dimension.FACTORY}))
    if not grave:
        return
    scopes: dict[str, set[str]] = {}
    for part in parts:
        for measure, by in part.sheet.counts if part.who == who else ():
            if measure is Measure.RECEIVED and [dim for dim, _ in by] == _PLACED:
                scopes.setdefault(by[1][1], set()).add(by[0][1])
    for by, value in _named(groups, Measure.OPEN, frozenset({Dimension.SCOPE})).items():
        within = {one: n for one, n in grave.items() if scopes.get(one[0][1]) == {by[0][1]}}
        _link(made, who, period, (Measure.ZERO_TOLERANCE, within), (Measure.OPEN, by, value))


_PLACED = [Dimension.SCOPE, Dimension.FACTORY]


def _named(groups: Groups, measure: Measure, dims: Dimensions) -> Mapping[By, int]:
    return groups.get((measure, dims), {})


def _link(
    made: System,
    who: str,
    period: Period,
    lows: tuple[Measure, Mapping[By, int]],
    high: tuple[Measure, By, int],
) -> None:
    """Numbers that together are never above another one. Where they are, nobody can know it."""
    measure, values = lows
    rest = high[2] - sum(values.values())
    if values and rest >= 0:
        row: dict[Cell, int] = {cell(who, period, (measure, by)): -1 for by in values}
        made.link({cell(who, period, high[:2]): 1, **row}, rest)
