"""Which days and which money may be shown: only where the count behind them may. Pure.

A median of few is somebody's own days, a sum over few somebody's own money. Money adds up over the
quarters of a year, and a brand can take its own money from everybody's; medians do neither.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from casework.disclosure.audiences import PUBLIC, Audience, Past, of_year
from casework.figures.measures import BASES, Measure
from casework.figures.periods import Period
from casework.figures.tables import By, Figure, Key, Sheet, Table

Shown = Mapping[Key, int | None]


def without_count(
    sheet: Sheet,
    tables: Sequence[Table],
    shown: Shown,
    audience: Audience,
    *,
    earlier: Sequence[Past],
    beside: Mapping[Audience, Sequence[Past]],
) -> list[Figure]:
    """Days and money of a release. ``shown`` are its counts; ``None`` is hidden."""
    figures = []
    for table in tables:
        measure, dims = table.measure, frozenset(table.by)
        for by in _breakdowns(sheet, measure):
            if not {dim for dim, _ in by} <= dims:
                continue
            base = shown.get((BASES[measure], by)) or 0
            enough = base >= audience.threshold
            if measure is Measure.DAYS:
                spread = sheet.spreads[measure, by]
                median = spread.median if enough else None
                # Of fewer than that, one tenth is one person's own days.
                p90 = spread.p90 if base >= 2 * audience.threshold else None
                figures.append(Figure(measure, by, median, p90))
                continue
            key = (measure, by)
            if enough and _may(key, sheet, audience, earlier, beside):
                figures.append(Figure(measure, by, sheet.counts[key]))
            else:
                figures.append(Figure(measure, by, None))
    return figures


def _breakdowns(sheet: Sheet, measure: Measure) -> list[By]:
    """What there is anything of; the same breakdown by days and money as by the count behind."""
    source = sheet.spreads if measure is Measure.DAYS else sheet.counts
    return sorted({by for (one, by) in source if one is measure}, key=lambda by: (len(by), by))


def _may(
    key: Key,
    sheet: Sheet,
    audience: Audience,
    earlier: Sequence[Past],
    beside: Mapping[Audience, Sequence[Past]],
) -> bool:
    """Whether money may be shown: that of enough people, with whatever can be taken from it."""
    period = sheet.period
    mine = of_year(earlier, period)
    own = _series(key, [*(past.sheet for past in mine.values()), sheet])
    hidden = {quarter for quarter in period.quarters if not _is_shown(key, mine.get(quarter))}
    if not _enough(own, period, hidden, audience.threshold):
        return False
    for other, pasts in beside.items():
        theirs = _series(key, [past.sheet for past in pasts])
        released = of_year(pasts, period)
        if period not in theirs:
            continue
        if other == PUBLIC:
            if not _is_shown(key, released.get(period)):
                continue
            unknown = hidden | {q for q in period.quarters if not _is_shown(key, released.get(q))}
            rest = _less(theirs, own)
        else:  # a brand may get to know all of its own
            unknown, rest = hidden, _less(own, theirs)
        if not _enough(rest, period, unknown, PUBLIC.threshold):
            return False
    return True


_Series = dict[Period, tuple[int, int]]
"""Of each period the money and the people whose it is."""


def _series(key: Key, sheets: Iterable[Sheet]) -> _Series:
    measure, by = key
    base = (BASES[measure], by)
    return {one.period: (one.counts.get(key, 0), one.counts.get(base, 0)) for one in sheets}


def _less(whole: _Series, part: _Series) -> _Series:
    """What is left to the others."""
    return {
        period: (money - part[period][0], people - part[period][1])
        for period, (money, people) in whole.items()
        if period in part
    }


def _enough(series: _Series, period: Period, hidden: AbstractSet[Period], threshold: int) -> bool:
    """Whether a period's money, and what is left of a year's without that of the quarters that are
    not hidden, is that of at least so many people, or of none."""
    if series[period] == (0, 0):
        return True
    people = series[period][1]
    if people < threshold:
        return False
    if not period.is_year:
        return True
    rest = [one for one in period.quarters if one in hidden and series.get(one) != (0, 0)]
    # Whoever is in two quarters is one person of the year: at least so many are in the rest.
    people -= sum(series[one][1] for one in period.quarters if one not in hidden)
    return not rest or (len(rest) > 1 and people >= threshold)


def _is_shown(key: Key, past: Past | None) -> bool:
    published = past.published if past else None
    if published is None:
        return False
    values = {(one.measure, one.by): one.value for one in published.figures}
    # What is not named is 0 where the table is there, and that is known, too.
    tables = {dim for table in published.tables if table.measure is key[0] for dim in table.by}
    there = any(table.measure is key[0] for table in published.tables)
    return (
        values.get(key, 0 if there and {dim for dim, _ in key[1]} <= tables else None) is not None
    )
