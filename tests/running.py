"""The real program as a process of its own, started, stopped and killed by a test."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Self

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
        self._process: subprocess.Popen[str] | None = None
        self._reading: threading.Thread | None = None
        self._news = threading.Condition()

    def start(self) -> Self:
        """Start it and wait until it says that it is ready."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "recourse", self.command],
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        seen = len(self.output)
        self._reading = threading.Thread(target=self._read, daemon=True)
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
        return self._process.pid if self._process else 0

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
        process.send_signal(number)
        code = process.wait(PATIENCE)
        self._reading.join(PATIENCE)
        assert process.stdout is not None
        process.stdout.close()
        return code

    def _ready_or_gone(self, seen: int) -> bool:
        assert self._process is not None
        started = any(line.startswith(READY) for line in self.output[seen:])
        return started or self._process.poll() is not None

    def _read(self) -> None:
        process = self._process
        assert process is not None
        assert process.stdout is not None
        for line in process.stdout:
            with self._news:
                self.output.append(line)
                self._news.notify_all()
        process.wait()
        with self._news:
            self._news.notify_all()
