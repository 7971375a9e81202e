"""A process that does one round of what is due, and stands still where a test wants to kill it.

``python -m tests.sweeper ADDRESS NOW AT_ONCE PLACE COUNT``. Places are before each statement, and
before and behind each commit. The count-th of the given kind (0: nowhere) is said, and the process
stands still there until it is killed or told to go on.
"""

import subprocess
import sys
from datetime import datetime
from typing import Any, Self

import sqlalchemy as sa
from sqlalchemy import event

from casework.db import Store, make_engine
from casework.vault import Vault
from recourse import rounds

INSIDE = "inside"
"""Something is written that is not committed."""
BETWEEN = "between"
"""Nothing is written that is not committed, but rows may be locked."""
DONE = "done"


class Places:
    """Counts what the process does, and stops it at one place."""

    def __init__(self, engine: sa.Engine, place: str, count: int) -> None:
        self._place = place
        self._left = count
        self._writing = False
        event.listen(engine, "before_cursor_execute", self._statement)
        event.listen(engine, "commit", self._about_to_commit)
        event.listen(engine, "checkin", self._ended)

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        first = statement.split(maxsplit=1)[0]
        self._writing |= first in ("INSERT", "UPDATE", "DELETE")
        self._reach()

    def _about_to_commit(self, _connection: Any) -> None:
        self._reach()

    def _ended(self, *_: Any) -> None:
        self._writing = False
        self._reach()

    def _reach(self) -> None:
        if self._place == (INSIDE if self._writing else BETWEEN):
            self._left -= 1
            if not self._left:
                print(self._place, flush=True)
                sys.stdin.readline()


def main(address: str, now: str, at_once: str, place: str, count: str) -> None:
    """Do the round."""
    engine = make_engine(address)
    Places(engine, place, int(count))
    moment = datetime.fromisoformat(now)
    rounds.run_due(Store(engine, Vault.generate()), lambda: moment, lambda: True, int(at_once))
    print(DONE, flush=True)


class Sweeper:
    """Such a process, as a test sees it."""

    def __init__(self, address: str, now: datetime, at_once: int, place: str, count: int) -> None:
        arguments = (address, now.isoformat(), str(at_once), place, str(count))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.sweeper", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def says(self) -> str:
        """The line with which it stands still or ends; waits for it."""
        assert self._process.stdout
        return self._process.stdout.readline().strip()

    def go_on(self) -> None:
        """Let it go on from where it stands still."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
