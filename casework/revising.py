"""Whether corrected figures may follow those that were shown. Pure.

Who has both versions knows every difference. So a number that is shown differs by nothing, or by as
much as may be told; what was hidden stays hidden and what was shown stays shown; and of medians and
money it is the count behind them that has to differ by as much. Otherwise nothing is released, and
readers are told that there are corrections too small to be shown.
"""

from collections.abc import Iterable, Mapping
from itertools import chain

from casework.disclosure import Past, Published
from casework.figures import ADDS_UP, BASES, OPEN_FACTS, Key, Measure, Sheet, Table


def add_up(year: Sheet, quarters: Iterable[Sheet]) -> Sheet:
    """The figures of a year with what adds up being the sum of its quarters."""
    summed = {key: value for key, value in year.counts.items() if key[0] not in ADDS_UP}
    for key, value in chain.from_iterable(quarter.counts.items() for quarter in quarters):
        if key[0] in ADDS_UP:
            summed[key] = summed.get(key, 0) + value
    return Sheet(year.period, summed, year.spreads)


def may_differ(before: Past, after: Sheet, threshold: int) -> bool:
    """Whether a release of ``after`` may be thought of: no shown number differs by too little, and
    none has become too small to be shown."""
    if before.published is None:
        return True
    hidden, tables = _hidden(before.published), before.published.tables
    for key in _keys(before.sheet, after, tables):
        if key in hidden or key[0] in OPEN_FACTS:
            continue
        value = after.counts.get(_base(key), 0)
        if not _is_told(before.sheet, after, key, threshold) or 0 < value < threshold:
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


def _keys(before: Sheet, after: Sheet, tables: Iterable[Table]) -> set[Key]:
    """What is named on either side, as far as the tables show it."""
    shapes: Mapping[Measure, list[frozenset[object]]] = {
        measure: [frozenset(table.by) for table in tables if table.measure is measure]
        for measure in Measure
    }
    sheets = (before.counts, after.counts, before.spreads, after.spreads)
    return {
        key
        for key in chain(*sheets)
        if any(shape.issuperset(one for one, _ in key[1]) for shape in shapes[key[0]])
    }
