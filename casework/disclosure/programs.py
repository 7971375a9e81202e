"""Integer programs, put together piece by piece. Pure. SciPy solves them (HiGHS).

It costs memory that a server keeps: only ``recourse.solving`` brings it in, in a process of its own.
"""

from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csc_array

Numbers = np.ndarray[Any, np.dtype[Any]]
Rows = tuple[Numbers, Numbers, Numbers]

_SECONDS = 20.0
"""For one program; the best that is found by then is taken."""
NEAR = 1e-4
"""A number that is so near to a whole one is meant to be it; whoever takes it so checks it."""


class Program:
    """Minimise the cost of unknowns within bounds, under rows of conditions."""

    def __init__(self) -> None:
        self._columns: list[Any] = []
        self._rows: list[Any] = []
        self._limits: list[Any] = []
        self._width = self._height = 0

    def unknowns(self, cost: Numbers, least: Numbers, most: Numbers) -> Numbers:
        """Add unknowns; their places."""
        self._columns.append((cost, least, most))
        self._width += len(cost)
        return np.arange(self._width - len(cost), self._width)

    def rows(self, count: int, least: Numbers, most: float, *entries: Rows) -> None:
        """Add conditions: the sum of the entries of each row, given as rows, places and factors,
        lies between two numbers."""
        for lines, places, factors in entries:
            self._rows.append((lines + self._height, places, factors))
        self._limits.append((count, least, most))
        self._height += count

    def solve(self, *, whole: bool = False) -> Numbers | None:
        """The best unknowns; ``None`` where there are none. Without ``whole`` they may be
        fractions, which is fast, and mostly they are not."""
        cost, least, most = (np.concatenate(some) for some in zip(*self._columns, strict=True))
        lines, places, factors = (np.concatenate(some) for some in zip(*self._rows, strict=True))
        low = np.concatenate([np.broadcast_to(one, count) for count, one, _ in self._limits])
        high = np.concatenate([np.full(count, one) for count, _, one in self._limits])
        matrix = csc_array(
            (factors.astype(float), (lines, places)), shape=(self._height, self._width)
        )
        found = milp(
            cost,
            integrality=np.full(self._width, int(whole)),
            bounds=Bounds(least, most),
            constraints=LinearConstraint(matrix, low, high),
            options={"time_limit": _SECONDS, "mip_rel_gap": 0.02},
        )
        answer: Numbers | None = found.x
        return answer
