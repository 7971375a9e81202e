"""Bench ``start``: from nothing to ready, in seconds, and the memory held then."""

import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.conversation import SQLMODEL
from benchmarks.driving import BOTS
from benchmarks.processes import line_of, resident, running
from benchmarks.table import Row, Table, Target, at_most
from tests.installation import install

_READY = "Recourse is ready"
_SECONDS = 3
_BOT, _ALL = 90, 200
"""MiB (the design's targets)."""


def measure(*, quick: bool) -> Table:
    times = 1 if quick else 3
    first, first_memory = _median(times, "recourse", "start", installed=False)
    again, again_memory = _median(times, "recourse", "start")
    bot, bot_memory = _median(times, "recourse", "bot")
    other, other_memory = _median(times, *BOTS[SQLMODEL])
    return Table(
        "start: cold start to ready",
        ("seconds", "MiB"),
        (
            _row(
                "recourse start, first time",
                first,
                first_memory,
                at_most(first, _SECONDS, "seconds"),
            ),
            _row("recourse start", again, again_memory, at_most(again_memory, _ALL, "MiB")),
            _row("recourse bot", bot, bot_memory, at_most(bot_memory, _BOT, "MiB")),
            _row(SQLMODEL, other, other_memory),
        ),
    )


def _row(name: str, seconds: float, memory: float, *targets: Target) -> Row:
    return Row(name, (f"{seconds:.2f}", f"{memory:.0f}"), targets)


def _median(times: int, *command: str, installed: bool = True) -> tuple[float, float]:
    found = [_once(command, installed=installed) for _ in range(times)]
    return (
        statistics.median(seconds for seconds, _ in found),
        statistics.median(memory for _, memory in found),
    )


def _once(command: tuple[str, ...], *, installed: bool) -> tuple[float, float]:
    """Ours says when it is ready; a reference is when it first asks for updates."""
    with tempfile.TemporaryDirectory(prefix="recourse-bench-") as name:
        folder = Path(name)
        ours = command[0] == "recourse"
        if ours and installed:
            install(folder).store.engine.dispose()
        with running("benchmarks.loadserver", "--warm-up", "0", folder=folder) as server:
            url = f"http://127.0.0.1:{line_of(server)}"
            begun = time.perf_counter()
            with running(*command, folder=folder, RECOURSE_TELEGRAM_API_URL=url) as process:
                line_of(*((process, _READY) if ours else (server, "measuring")))
                return time.perf_counter() - begun, resident(process)
