"""One bot under one load, each in a process of its own: how many steps, how long each took."""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import cpu_seconds, line_of, resident, running
from tests.installation import install

RECOURSE = "recourse"
BOTS = {
    RECOURSE: ("recourse", "start"),
    "PTB + SQLModel": ("benchmarks.references.sqlmodel_bot",),
    "PTB + SQLite": ("benchmarks.references.sqlite_bot",),
    "PTB echo, stores nothing": ("benchmarks.references.echo_bot",),
}
"""What can be measured, and how each is started."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of a bot. ``latency`` of the Bot API in seconds; ``rate`` in steps a second,
    0: each worker acts as soon as she is answered."""

    seconds: float
    latency: float = 0.0
    rate: float = 0.0
    workers: int = 100
    warm_up: float = 2.0


@dataclass(frozen=True, slots=True)
class Driven:
    """What was measured. Times are milliseconds from an update to its answer."""

    rate: float
    p50: float
    p99: float
    cpu: float
    """Milliseconds of processor time that the bot took for a step: hardly moved by whatever else
    the machine does, so the figure to compare where it is busy."""
    memory: float
    """MiB held at the end."""
    server_busy: float
    """Share of a core that the load server took: near 1, it would be what is measured."""


def drive(bot: str, load: Load) -> Driven:
    """Measure one bot in a fresh folder, on the disk of temporary files."""
    with tempfile.TemporaryDirectory(prefix="recourse-bench-") as name:
        folder = Path(name)
        if bot == RECOURSE:
            install(folder).store.engine.dispose()
        asked = (
            f"--{what}={value}"
            for what, value in (
                ("seconds", load.seconds),
                ("latency", load.latency),
                ("rate", load.rate),
                ("workers", load.workers),
                ("warm-up", load.warm_up),
            )
        )
        with running("benchmarks.loadserver", *asked, folder=folder) as server:
            url = f"http://127.0.0.1:{line_of(server)}"
            with running(*BOTS[bot], folder=folder, RECOURSE_TELEGRAM_API_URL=url) as process:
                line_of(server, "measuring")
                used = -cpu_seconds(process)
                found = json.loads(line_of(server))
                used += cpu_seconds(process)
                memory = resident(process)
    taken = found["taken"]
    if not taken:
        raise RuntimeError(f"{bot} answered nothing.")
    return Driven(
        rate=found["steps"] / found["seconds"],
        p50=taken[len(taken) // 2] * 1000,
        p99=taken[len(taken) * 99 // 100] * 1000,
        cpu=used * 1000 / len(taken),
        memory=memory,
        server_busy=found["busy"],
    )
