"""The real program as a process of its own, started, stopped and killed by a test."""

import multiprocessing
import os
import random
import signal
import sys
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Self

from recourse.cli import main

# Most of a start is reading modules, and some tests start the program fifty times: each process is
# forked from one that has read them. tests/test_end_to_end.py starts it from a shell as well.
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(
    ["tests.running", "recourse.serve", "recourse.pages", "recourse.mailing", "bot.webhook"]
)

READY = "Recourse is ready"
PATIENCE = 60.0
"""Seconds until a test gives up; only a broken program ever takes so long."""


class Running:
    """``recourse`` with its own data folder. ``start`` it as often as wanted."""

    def __init__(self, folder: Path, command: str = "start", **settings: str) -> None:
        self.folder = folder
        self.command = command
        # Nothing of the developer's own settings may reach the program under test.
        kept = {name: v for name, v in os.environ.items() if not name.startswith("RECOURSE_")}
        self.environment = {
            **kept,
            "RECOURSE_DATA_DIR": str(folder),
            "RECOURSE_LISTEN": "127.0.0.1:0",
            "RECOURSE_ZONE": "Asia/Phnom_Penh",
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        self.output: list[str] = []
        self.address = ""
        self._process: BaseProcess | None = None
        self._reading: threading.Thread | None = None
        self._gone = False
        self._news = threading.Condition()

    def start(self) -> Self:
        """Start it and wait until it says that it is ready."""
        ours, theirs = _FORKS.Pipe(duplex=False)
        self._process = _FORKS.Process(
            target=_become, args=(self.command, self.environment, self.folder, theirs), daemon=True
        )
        self._process.start()
        theirs.close()
        seen, self._gone = len(self.output), False
        self._reading = threading.Thread(target=self._read, args=(ours,), daemon=True)
        self._reading.start()
        with self._news:
            self._news.wait_for(lambda: self._ready_or_gone(seen), PATIENCE)
        ready = [line for line in self.output[seen:] if line.startswith(READY)]
        assert ready, "It did not start:\n" + "".join(self.output[seen:])
        self.address = ready[0].removeprefix(READY).strip(": \n")
        return self

    @property
    def pid(self) -> int:
        """Its number; 0 while it does not run."""
        return (self._process and self._process.pid) or 0

    def kill(self) -> None:
        """SIGKILL: it gets no chance to finish anything."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """SIGTERM, and its exit code."""
        return self._end(signal.SIGTERM)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._end(signal.SIGKILL)

    def _end(self, number: signal.Signals) -> int:
        process, self._process = self._process, None
        assert process is not None
        assert self._reading is not None
        assert process.pid
        os.kill(process.pid, number)
        process.join(PATIENCE)
        self._reading.join(PATIENCE)
        assert process.exitcode is not None
        return process.exitcode

    def _ready_or_gone(self, seen: int) -> bool:
        return self._gone or any(line.startswith(READY) for line in self.output[seen:])

    def _read(self, output: Connection) -> None:
        # Its end is read here as the end of what it says; how it ended is asked by ``_end`` alone: two
        # threads that ask at once take the answer from each other.
        with os.fdopen(os.dup(output.fileno())) as lines:
            output.close()
            for line in lines:
                with self._news:
                    self.output.append(line)
                    self._news.notify_all()
        with self._news:
            self._gone = True
            self._news.notify_all()


def _become(command: str, environment: dict[str, str], folder: Path, output: Connection) -> None:
    """In the forked process: what ``recourse`` would find, started from a shell."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number in (1, 2):
        os.dup2(output.fileno(), number)
    output.close()
    sys.stdout, sys.stderr = (os.fdopen(number, "w", buffering=1) for number in (1, 2))
    sys.argv = ["recourse", command]
    random.seed()  # else each would draw what its brothers draw
    sys.exit(main([command]))
