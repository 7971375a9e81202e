"""Bench ``latency``: how long a worker waits for her answer while 50 steps a second come in."""

from benchmarks.conversation import SQLMODEL
from benchmarks.driving import RECOURSE, Load, drive
from benchmarks.table import Row, Table, at_most

_RATE = 50.0
_P99 = 15.0
"""Milliseconds (the design's target)."""


def measure(*, quick: bool) -> Table:
    rows = []
    for bot in (RECOURSE, SQLMODEL):
        found = drive(bot, Load(6 if quick else 20, rate=_RATE))
        figures = (f"{found.rate:.0f}", f"{found.p50:.1f}", f"{found.p99:.1f}")
        targets = (at_most(found.p99, _P99, "p99 in ms"),) if bot == RECOURSE else ()
        rows.append(Row(bot, figures, targets))
    return Table(
        f"latency: {_RATE:.0f} steps/s, Bot API answering at once",
        ("steps/s", "p50 ms", "p99 ms"),
        tuple(rows),
    )
