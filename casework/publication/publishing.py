"""What of a brand's release may stand in a text that everybody reads. Pure.

The staff of a brand see numbers from 5 on; a report is read by everybody, the managers of a factory
and the colleagues of whoever complained among them. So what holds for the public holds for it: no
number from 1 to 9, and nothing from which one can be worked out. What a release hides stays hidden.
"""

from collections.abc import Mapping

from casework.disclosure.audiences import PUBLIC
from casework.figures.tables import Figure

LEAST = PUBLIC.threshold
"""The least number above 0 that may stand in such a text."""


def may_show(figure: Figure | None) -> bool:
    """Whether a count may stand in a text by itself."""
    return figure is not None and figure.value is not None and fits(figure.value)


def listed(total: Figure | None, parts: Mapping[str, Figure]) -> dict[str, int]:
    """Which parts of a count may be listed beside their total, with their numbers.

    What is not listed may be 0, small, or left out for the others' sake: a text does not say which.
    Somebody who knows how many small ones there are subtracts what is listed from the total; the
    smallest parts are left out until each small one may still be anything from 1 to 9.
    """
    known = {name: int(one.value) for name, one in parts.items() if one.value}
    large = sorted(((count, name) for name, count in known.items() if fits(count)), reverse=True)
    small = len([one for one in parts.values() if one.value != 0]) - len(large)
    if total is None or total.value is None or not fits(total.value):
        # Without the total nothing can be subtracted; a part would say that it is at least so large.
        return {}
    left_out = 0
    while large and small and not _is_safe(int(total.value), large, small, left_out):
        large.pop()
        left_out += 1
    return {name: count for count, name in large}


def _is_safe(total: int, large: list[tuple[int, str]], small: int, left_out: int) -> bool:
    """Whether each of ``small`` numbers may be anything from 1 to 9, for who knows how many they
    are, and that ``left_out`` larger ones are below the smallest that is listed."""
    rest = total - sum(count for count, _name in large)
    most, largest = LEAST - 1, large[-1][0] - 1
    others = small - 1
    highest = rest - LEAST * left_out - others
    lowest = rest - largest * left_out - most * others
    return highest >= most and lowest <= 1


def fits(count: float) -> bool:
    """Whether everybody may read a number of people or cases."""
    return count == 0 or count >= LEAST
