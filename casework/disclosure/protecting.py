"""Which further cells must be hidden so that no hidden one can be worked out. Pure; solves integer
programs.

A hidden cell is protected by a *certificate*: two whole tables, both in accord with all that is
published, in which the cell is as far apart as is demanded. Whatever a reader computes, the answer
must allow both. A certificate stays one when more is hidden, so cells are only ever added.
"""

from collections.abc import Mapping

import numpy as np

from casework.disclosure.cells import Cell, System, apart
from casework.disclosure.programs import NEAR, Numbers, Program, Rows

_ROUNDS = 6
"""How often tables are looked for that prove many cells at once: up and down in turns."""


class Unprotected(Exception):
    """A cell cannot be protected by hiding more of what is new."""

    def __init__(self, target: Cell, cells: frozenset[Cell]) -> None:
        super().__init__(target)
        self.target = target
        self.cells = cells
        """What it hangs together with."""


class Protector:
    """Protects what is hidden from somebody who knows a system.

    Cells that hang together are a *room*; those of several are worked on in one program. What has
    nothing to do with the cells that have a price, those of the release that is being made, is left
    out: it is as it was when the last of its numbers was released.
    """

    def __init__(self, system: System, prices: Mapping[Cell, float]) -> None:
        self._cells: list[Cell] = []
        rooms: list[int] = []
        entries: list[tuple[int, int, int]] = []
        lines: list[int] = []
        for room, (cells, rows) in enumerate(apart(system)):
            if not rows or not any(one in prices for one in cells):
                continue
            at = {one: len(self._cells) + number for number, one in enumerate(cells)}
            self._cells += cells
            rooms += [room] * len(cells)
            for row in rows:
                entries += [(len(lines), at[one], factor) for one, factor in row.items()]
                lines.append(room)
        self._at = {one: number for number, one in enumerate(self._cells)}
        self._room, self._room_of_line = np.array(rooms, int), np.array(lines, int)
        self._line, self._column, self._factor = np.array(entries, int).reshape(-1, 3).T
        self._down = np.array(
            [system.floors[one] - system.values[one] for one in self._cells], float
        )
        self._price = np.array([prices.get(one, 0.0) for one in self._cells])
        self._most = np.zeros(len(self._cells))
        self._least = np.zeros(len(self._cells))

    def protect(
        self, hidden: frozenset[Cell], targets: Mapping[Cell, int], width: int
    ) -> frozenset[Cell]:
        """What must be hidden besides, so that the values possible for each target lie at least as
        far apart as demanded, and those of what is hidden for it by ``width``. ``Unprotected``
        where that is impossible."""
        need = np.zeros(len(self._cells))
        for target, width_of in targets.items():
            if target in self._at:
                need[self._at[target]] = width_of
        movable = self._price == 0
        movable[[self._at[one] for one in hidden if one in self._at]] = True
        more: set[Cell] = set()
        while True:
            self._many(movable, need)
            worst = self._worst(need)
            if not worst:
                return frozenset(more)
            for index in self._fewest(worst, movable, need):
                movable[index] = True
                need[index] = width
                more.add(self._cells[index])

    def _lack(self, need: Numbers) -> Numbers:
        """By how much more each cell must be uncertain than is proved."""
        return np.maximum(need - (self._most - self._least), 0)

    def _worst(self, need: Numbers) -> list[int]:
        """Of each room the cell that lacks most."""
        lack = self._lack(need)
        found: dict[int, int] = {}
        for index in np.flatnonzero(lack).tolist():
            room = int(self._room[index])
            if room not in found or lack[index] > lack[found[room]]:
                found[room] = index
        return list(found.values())

    def _learn(self, table: Numbers) -> frozenset[int]:
        """Keep what a table proves; the rooms in which it is none."""
        whole = np.rint(table)
        off = (np.abs(table - whole) > NEAR) | (whole < self._down)
        factors = self._factor * whole[self._column]
        sums = np.bincount(self._line, factors, minlength=len(self._room_of_line))
        wrong = frozenset([*self._room[off].tolist(), *self._room_of_line[sums != 0].tolist()])
        whole[np.isin(self._room, list(wrong))] = 0
        self._most = np.maximum(self._most, whole)
        self._least = np.minimum(self._least, whole)
        return wrong

    def _sums(self, columns: Numbers, places: Numbers) -> tuple[int, Rows]:
        """The sums over some cells, which stand in a program at these places."""
        place = np.full(len(self._cells), -1)
        place[columns] = places
        used = place[self._column] >= 0
        lines, line = np.unique(self._line[used], return_inverse=True)
        return len(lines), (line, place[self._column[used]], self._factor[used])

    def _many(self, movable: Numbers, need: Numbers) -> None:
        """Look for tables that prove many cells at once, moving nothing that is shown."""
        before = -1.0
        for turn in range(_ROUNDS):
            lack = self._lack(need)
            wanted = np.flatnonzero(lack)
            if not wanted.size:
                return
            if turn % 2 == 0:
                if lack.sum() == before:
                    return
                before = lack.sum()
            columns = np.flatnonzero(movable & np.isin(self._room, self._room[wanted]))
            program = Program()
            nothing = np.zeros(len(columns))
            cells = program.unknowns(nothing, self._down[columns], nothing + np.inf)
            gains = program.unknowns(-np.ones(len(wanted)), 0 * lack[wanted], lack[wanted])
            count, sums = self._sums(columns, cells)
            program.rows(count, np.zeros(1), 0.0, sums)
            each = np.arange(len(wanted))
            sign = np.full(len(wanted), 1 if turn % 2 == 0 else -1)
            moved = cells[np.searchsorted(columns, wanted)]
            program.rows(
                len(wanted), np.zeros(1), np.inf, (each, moved, sign), (each, gains, -np.abs(sign))
            )
            found = program.solve()
            if found is not None:
                table = np.zeros(len(self._cells))
                table[columns] = found[cells]
                self._learn(table)

    def _fewest(
        self, targets: list[int], movable: Numbers, need: Numbers, *, whole: bool = False
    ) -> set[int]:
        """What must be hidden for two tables in which each target, of a room of its own, is far
        enough apart, at the lowest price."""
        inside = np.isin(self._room, self._room[targets])
        columns, shown = np.flatnonzero(inside), np.flatnonzero(inside & ~movable)
        program = Program()
        tables = []
        for _ in range(2):
            free = np.zeros(len(columns))
            cells = program.unknowns(free, self._down[columns], free + np.inf)
            count, sums = self._sums(columns, cells)
            program.rows(count, np.zeros(1), 0.0, sums)
            nothing = np.zeros(len(shown))
            amount = program.unknowns(self._price[shown], nothing, nothing + np.inf)
            each, moved = np.arange(len(shown)), cells[np.searchsorted(columns, shown)]
            for sign in (nothing + 1, nothing - 1):  # the amount by which it moves, up or down
                entries = ((each, amount, nothing + 1), (each, moved, sign))
                program.rows(len(shown), np.zeros(1), np.inf, *entries)
            tables.append(cells)
        each, one = np.arange(len(targets)), np.ones(len(targets))
        above, below = (cells[np.searchsorted(columns, targets)] for cells in tables)
        program.rows(len(targets), need[targets], np.inf, (each, above, one), (each, below, -one))
        found = program.solve(whole=whole)
        if found is None and len(targets) == 1:
            raise Unprotected(
                self._cells[targets[0]], frozenset(self._cells[index] for index in columns)
            )
        again, more = set(targets if found is None else ()), set[int]()
        for cells in tables if found is not None else ():
            assert found is not None
            table = np.zeros(len(self._cells))
            table[columns] = found[cells]
            wrong = self._learn(table)
            again |= {one for one in targets if int(self._room[one]) in wrong}
            moved = shown[np.abs(table[shown]) > NEAR].tolist()
            more |= {one for one in moved if int(self._room[one]) not in wrong}
        for target in again:
            if whole and len(targets) == 1:
                raise Unprotected(
                    self._cells[target], frozenset(self._cells[index] for index in columns)
                )
            more |= self._fewest([target], movable, need, whole=found is not None)
        return more
