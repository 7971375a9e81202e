"""Whether corrected figures may follow those that were shown. Pure.

Who has both versions knows every difference of what is shown, and works out others: a total and one
part of it tell by how much the rest differs. So every number, shown or hidden, differs by nothing or
by as much as may be told; what was hidden stays hidden and what was shown stays shown; and of medians
and money it is the count behind them that has to differ by as much. Otherwise nothing is released, and
readers are told that there are corrections too small to be shown.
"""

from collections.abc import Iterable
from itertools import chain

from casework.disclosure.audiences import Past, Published
from casework.disclosure.cells import Dimensions, margins
from casework.figures.measures import ADDS_UP, BASES, OPEN_FACTS, Measure
from casework.figures.tables import Key, Sheet


def add_up(year: Sheet, quarters: Iterable[Sheet]) -> Sheet:
    """The figures of a year with what adds up being the sum of its quarters."""
    summed = {key: value for key, value in year.counts.items() if key[0] not in ADDS_UP}
    for key, value in chain.from_iterable(quarter.counts.items() for quarter in quarters):
        if key[0] in ADDS_UP:
            summed[key] = summed.get(key, 0) + value
    return Sheet(year.period, summed, year.spreads)


def may_differ(before: Past, after: Sheet, threshold: int) -> bool:
    """Whether a release of ``after`` may be thought of: no number, be it hidden or in no table of the
    release, differs by too little, and none that was shown has become too small for it. Days and
    money that are hidden may differ: nothing that is shown is made of them."""
    if before.published is None:
        return True
    hidden = _hidden(before.published)
    shown = _shapes(before.published)
    for key in _keys(before.sheet, after):
        is_shown = key not in hidden and (key[0], frozenset(dim for dim, _ in key[1])) in shown
        if key[0] in OPEN_FACTS or (key[0] in BASES and not is_shown):
            continue
        if not _is_told(before.sheet, after, key, threshold):
            return False
        if is_shown and 0 < after.counts.get(_base(key), 0) < threshold:
            return False
    return True


def may_follow(before: Past, after: Sheet, published: Published, threshold: int) -> bool:
    """Whether ``published``, which is of ``after``, may be released behind ``before``."""
    if before.published is None:
        return True
    return (
        set(before.published.tables) == set(published.tables)
        and _hidden(before.published) == _hidden(published)
        and may_differ(before, after, threshold)
    )


def _is_told(before: Sheet, after: Sheet, key: Key, threshold: int) -> bool:
    if key[0] is Measure.DAYS:
        same = before.spreads.get(key) == after.spreads.get(key)
    else:
        same = before.counts.get(key, 0) == after.counts.get(key, 0)
    behind = _base(key)
    return same or abs(after.counts.get(behind, 0) - before.counts.get(behind, 0)) >= threshold


def _base(key: Key) -> Key:
    return BASES.get(key[0], key[0]), key[1]


def _hidden(published: Published) -> set[Key]:
    return {(one.measure, one.by) for one in published.figures if one.value is None}


def _shapes(published: Published) -> set[tuple[Measure, Dimensions]]:
    return {(table.measure, dims) for table in published.tables for dims in margins(table)}


def _keys(before: Sheet, after: Sheet) -> set[Key]:
    """What is named on either side."""
    return {*before.counts, *after.counts, *before.spreads, *after.spreads}
