"""Bench ``sweep``: marking and telling what is due, among very many open cases."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import col, func, select

from benchmarks import office
from benchmarks.databases import DATABASES
from benchmarks.references.bare_sweep import BareSweep
from benchmarks.table import Row, Table, Target, at_least, at_most
from casework.db import Store
from casework.deadlines import sweeping
from casework.messaging import checkins, progress
from casework.models import StaffNotice

_LOOKS = 200
_ROUNDS = 7
"""Groups of each side; the first of each finds everything cold and does not count."""
_MINUTE = timedelta(minutes=1)
_COLUMNS = ("idle ms", "100 due ms", "bare ms", "ratio", "longest ms", "clocks/s")


@dataclass(frozen=True, slots=True)
class Swept:
    """What was measured, in seconds."""

    idle: float
    due: float
    bare: float
    ratio: float
    """Median of ours to the one of the bare sweep just before it: they had the same minute."""
    longest: float
    rate: float
    """Clocks a second after a standstill."""


def measure(*, quick: bool) -> Table:
    """Few and many open cases, on each database that is there."""
    few, many, behind = (2_000, 20_000, 2_000) if quick else (10_000, 1_000_000, 50_000)
    rows = []
    for name, places in DATABASES:
        with places() as place:
            if place is None:
                continue
            small = _measure(place("few", office.BEGUN)[0], few, behind // 10)
            large = _measure(place("many", office.BEGUN)[0], many, behind)
        rows.append(_row(f"{name}, {few:,} cases", small, ()))
        targets = (
            at_most(large.idle * 1000, 1, "ms for an idle look"),
            at_most(large.ratio, 3, "times the bare query and its updates"),
            at_most(large.longest * 1000, 50, "ms for the longest transaction"),
            at_least(large.rate, 5000, "clocks a second after a standstill"),
        )
        rows.append(_row(f"{name}, {many:,} cases", large, targets))
    return Table("sweep: promises that fall due among many", _COLUMNS, tuple(rows))


def _row(name: str, found: Swept, targets: tuple[Target, ...]) -> Row:
    milliseconds = (found.idle, found.due, found.bare)
    figures = (
        *(f"{1000 * one:.2f}" for one in milliseconds),
        f"{found.ratio:.2f}",
        f"{1000 * found.longest:.0f}",
        f"{found.rate:.0f}",
    )
    return Row(name, figures, targets)


def _measure(store: Store, size: int, behind: int) -> Swept:
    built = office.build(store, size, 2 * _ROUNDS, behind)
    before = built.groups[0] - _MINUTE
    looks = [_timed(lambda: _look(store, before))[0] for _ in range(_LOOKS)]
    bare = BareSweep(store.engine)
    theirs: list[float] = []
    ours: list[float] = []
    told = set()
    for first, second in zip(built.groups[::2], built.groups[1::2], strict=True):
        for now, sweep, times in (
            (first, bare.sweep, theirs),
            (second, partial(_sweep, store), ours),
        ):
            so_far = _notices(store)
            seconds, found = _timed(partial(sweep, now))
            times.append(seconds)
            told.add((found, _notices(store) - so_far))
    bare.close()
    if len(told) != 1:
        raise RuntimeError(f"The two did not do the same: {told}.")
    longest, done, begun = max(ours[1:]), 0, time.perf_counter()
    while True:
        seconds, found = _timed(lambda: _sweep(store, office.BACK))
        longest, done = max(longest, seconds), done + found
        if not found:
            break
    rate = done / (time.perf_counter() - begun)
    store.engine.dispose()
    return Swept(
        idle=statistics.median(looks),
        due=statistics.median(ours[1:]),
        bare=statistics.median(theirs[1:]),
        ratio=statistics.median(a / b for a, b in zip(ours[1:], theirs[1:], strict=True)),
        longest=longest,
        rate=rate,
    )


def _look(store: Store, now: datetime) -> bool:
    """What the job asks before it writes."""
    with store.reading() as session:
        return any(room.anything_due(session, now) for room in (sweeping, progress, checkins))


def _sweep(store: Store, now: datetime) -> int:
    with store.writing() as session:
        return sweeping.sweep(session, now)


def _notices(store: Store) -> int:
    with store.reading() as session:
        return session.exec(select(func.count(col(StaffNotice.id)))).one()


def _timed(what: Callable[[], int]) -> tuple[float, int]:
    begun = time.perf_counter()
    found = what()
    return time.perf_counter() - begun, found
