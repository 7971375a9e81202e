"""The processes that a bench starts: the bots and the load server, each with nothing of ours."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOKEN = "7000000001:AAHs-a_stand-in_token_for_benchmarks"


@contextmanager
def running(*arguments: str, folder: Path, **settings: str) -> Iterator[subprocess.Popen[str]]:
    """``python -m ARGUMENTS`` with its own data folder, killed at the end."""
    kept = {name: v for name, v in os.environ.items() if not name.startswith("RECOURSE_")}
    environment = {
        **kept,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "RECOURSE_DATA_DIR": str(folder),
        "RECOURSE_LISTEN": "127.0.0.1:0",
        "RECOURSE_TELEGRAM_TOKEN": TOKEN,
        **settings,
    }
    with (folder / f"{arguments[0]}.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            env=environment,
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def line_of(process: subprocess.Popen[str], beginning: str = "") -> str:
    """The next line it prints that begins so; ``RuntimeError`` where it ends before."""
    assert process.stdout
    for line in process.stdout:
        if line.startswith(beginning):
            return line.strip()
    raise RuntimeError(f"{process.args!r} ended with {process.wait()} before it was done.")


def resident(process: subprocess.Popen[str]) -> float:
    """MiB of memory that a process holds now (Linux: VmRSS)."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    found = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(found.split()[1]) / 1024


def cpu_seconds(process: subprocess.Popen[str]) -> float:
    """Processor time that a process has used (Linux)."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
