"""Median and 90th percentile of how long something took. Pure.

By the nearest-rank method: each is a value that was, the smallest that so large a share of all
values does not exceed. Nothing is interpolated, so anybody can find it again by counting.
"""

from collections.abc import Iterable
from datetime import timedelta

from casework.figures.tables import Spread

_TENTH = timedelta(days=1) / 10


def tenths(taken: timedelta) -> int:
    """Tenths of days, rounded to the nearest; a half up."""
    return (taken + _TENTH / 2) // _TENTH


def spread(values: Iterable[int]) -> Spread:
    """Of tenths of days. ``ValueError`` where there are none."""
    ordered = sorted(values)
    if not ordered:
        raise ValueError("Nothing has no median.")
    count = len(ordered)

    def rank(percent: int) -> float:
        return ordered[-(-percent * count // 100) - 1] / 10

    return Spread(count, rank(50), rank(90))
