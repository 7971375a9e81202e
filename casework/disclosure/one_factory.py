"""Which tables would tell what the workers of one factory complained of. Pure.

Never factory by gender-based violence (field.md section 5): where one factory stands behind a total, a
scope or a country, what that is about is what the factory is about.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from casework.disclosure.audiences import PUBLIC, Audience, Past, of_year
from casework.disclosure.cells import Dimensions
from casework.figures.measures import UNKNOWN, Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import By, Sheet, Table

_ABOUT = frozenset({Dimension.TOPIC, Dimension.CATEGORY, Dimension.KIND})
ENOUGH = 2
"""So many factories stand behind whatever is broken down by what it is about. Our default."""


def tells(
    sheet: Sheet,
    table: Table,
    audience: Audience,
    earlier: Sequence[Past],
    beside: Mapping[Audience, Sequence[Past]],
) -> bool:
    """Whether too few factories stand behind a table, or behind what is left of a year's without the
    quarters that show it. For the public, whose sheet has no factories, covered sites count; and what
    a brand is left with that takes its own away must not be that of one other site."""
    if not _ABOUT & set(table.by):
        return False
    pasts = of_year(earlier, sheet.period)
    if _tells(sheet, table, audience, pasts):
        return True
    for brands in beside.values() if audience == PUBLIC else ():
        own = {past.sheet.period: past.sheet for past in brands}
        if sheet.period in own:
            others = {
                period: replace(past, sheet=_less(past.sheet, own[period]))
                for period, past in pasts.items()
                if period in own
            }
            rest = _less(sheet, own[sheet.period])
            if _tells(rest, table, audience, others, least=1):
                return True
    return False


def _less(whole: Sheet, part: Sheet) -> Sheet:
    left = {key: value - part.counts.get(key, 0) for key, value in whole.counts.items()}
    return Sheet(whole.period, left, {})


def _tells(
    sheet: Sheet,
    table: Table,
    audience: Audience,
    pasts: Mapping[Period, Past],
    least: int = 0,
) -> bool:
    """``least``: 1 where no site at all is fine, as of the others there may be none but cases of
    nobody's factory."""
    dims = frozenset(table.by) - _ABOUT
    if _too_few([sheet], [], dims, audience, least):
        return True
    shown, hidden = list[Sheet](), list[Sheet]()
    for period, past in pasts.items():
        if period != sheet.period and period in sheet.period.quarters and past.published:
            there = any(
                one.measure is table.measure and set(one.by) >= set(table.by)
                for one in past.published.tables
            )
            (shown if there else hidden).append(past.sheet)
    return bool(shown and hidden) and _too_few(
        hidden if audience == PUBLIC else [sheet], shown, dims, audience, least
    )


def _too_few(
    sheets: Iterable[Sheet],
    without: Iterable[Sheet],
    dims: Dimensions,
    audience: Audience,
    least: int,
) -> bool:
    standing = Counter[By]()
    if audience == PUBLIC:
        groups = Counter[By]()
        for sheet in sheets:
            groups |= _counts(sheet, Measure.RECEIVED, dims)
            standing |= _counts(sheet, Measure.SITES, dims)
    else:
        groups = _left(sheets, without, dims)
        for by in _left(sheets, without, dims | {Dimension.FACTORY}):
            if dict(by)[Dimension.FACTORY] != UNKNOWN:
                standing[tuple(one for one in by if one[0] is not Dimension.FACTORY)] += 1
    return any(
        least <= standing[by] < ENOUGH
        for by in groups
        if standing[by] or UNKNOWN not in dict(by).values()  # nowhere is no factory's
    )


def _left(sheets: Iterable[Sheet], without: Iterable[Sheet], dims: Dimensions) -> Counter[By]:
    left = Counter[By]()
    for sheet in sheets:
        left += _counts(sheet, Measure.RECEIVED, dims)
    for sheet in without:
        left -= _counts(sheet, Measure.RECEIVED, dims)
    return left


def _counts(sheet: Sheet, measure: Measure, dims: Dimensions) -> Counter[By]:
    return Counter(
        {
            by: value
            for (one, by), value in sheet.counts.items()
            if one is measure and value > 0 and frozenset(dim for dim, _ in by) == dims
        }
    )
