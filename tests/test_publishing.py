"""What stands in a text for everybody: nobody can work out a number from 1 to 9."""

from collections import defaultdict
from itertools import product

import pytest

from casework.figures.measures import Measure
from casework.figures.tables import Figure
from casework.publication.publishing import listed, may_show


def figure(value: int | None) -> Figure:
    return Figure(Measure.RECEIVED, (), value)


def _listed(*counts: int | None, total: int | None = None) -> dict[str, int]:
    known = sum(count or 0 for count in counts) if total is None else total
    parts = {f"part {i}": figure(count) for i, count in enumerate(counts)}
    return listed(figure(known), parts)


@pytest.mark.parametrize(("value", "shown"), [(None, False), (0, True), (1, False), (9, False)])
def test_small_numbers_are_not_shown(value: int | None, shown: bool) -> None:
    assert may_show(figure(value)) is shown
    assert may_show(figure(10))
    assert not may_show(None)


def test_what_is_large_is_listed_where_nothing_small_stands_beside_it() -> None:
    assert _listed(40, 12, 0) == {"part 0": 40, "part 1": 12}


def test_one_small_part_takes_a_larger_one_along() -> None:
    assert _listed(60, 30, 16, 3) == {"part 0": 60, "part 1": 30}


def test_several_small_parts_hide_each_other() -> None:
    assert _listed(40, 12, 4, 6, 3) == {"part 0": 40, "part 1": 12}


def test_what_a_release_hides_counts_as_small() -> None:
    assert _listed(60, 30, 16, None, total=109) == {"part 0": 60, "part 1": 30}


def test_nothing_is_listed_below_a_total_that_is_not_shown() -> None:
    parts = {"a": figure(12)}
    assert listed(figure(None), parts) == listed(None, parts) == {}


@pytest.mark.parametrize(("cells", "most"), [(2, 80), (3, 42)])
def test_no_small_number_can_be_worked_out_by_who_tries_all_numbers(cells: int, most: int) -> None:
    """Whoever knows the rule tries every history that leads to the very same text."""
    same: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(most + 1), repeat=cells):
        if 10 <= sum(counts) <= most:
            same[sum(counts), tuple(_listed(*counts).items())].append(counts)
    for text, histories in same.items():
        for cell in range(cells):
            possible = {counts[cell] for counts in histories}
            if possible & set(range(1, 10)):
                told = f"{histories[0]} is told by {text}: {sorted(possible)}"
                assert min(possible) <= 1, told
                assert max(possible) >= 9, told
