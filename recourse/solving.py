"""Decides in a process of its own what may be shown: the solver takes memory that a server keeps.

The child reads questions from its standard input until that ends, which it also does when its parent
was killed. Both ends run the same program, so values go over as they are.
"""

import contextlib
import pickle
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import BinaryIO, Self

from casework.disclosure.audiences import Audience, Past, Published
from casework.figures.tables import Sheet, Table

_LOOK_EVERY = 1.0
"""Seconds until it is asked again whether anybody waits."""


class SolvingFailed(Exception):
    """The child could not decide, or ended; its own words stand in the log of errors."""


class Solver:
    """The child: begun at the first question, ended with the ``with``. For one thread."""

    def __init__(self, wanted: Callable[[], bool] = lambda: True) -> None:
        """``wanted`` is asked now and then: what nobody waits for any more is broken off."""
        self._wanted = wanted
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._child is None:
            return
        assert self._child.stdin
        assert self._child.stdout
        with contextlib.suppress(BrokenPipeError):
            self._child.stdin.close()
        self._child.stdout.close()
        self._child.wait()

    @property
    def pid(self) -> int | None:
        """Of the child, once it runs."""
        return self._child.pid if self._child else None

    def disclose(
        self,
        sheet: Sheet,
        tables: Sequence[Table],
        audience: Audience,
        earlier: Sequence[Past],
        beside: Mapping[Audience, Sequence[Past]],
    ) -> Published:
        """``disclosure.disclose``, over there; ``SolvingFailed`` where it raised."""
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "recourse.solving"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
        assert self._child.stdin
        assert self._child.stdout
        try:
            pickle.dump((sheet, tuple(tables), audience, earlier, dict(beside)), self._child.stdin)
            self._child.stdin.flush()
            while not select.select([self._child.stdout], [], [], _LOOK_EVERY)[0]:
                if not self._wanted():
                    self._child.kill()
            answer = pickle.load(self._child.stdout)  # noqa: S301 -- from our own child
        except (OSError, EOFError, pickle.UnpicklingError):
            raise SolvingFailed("The process that decides what may be shown has ended.") from None
        if isinstance(answer, Published):
            return answer
        raise SolvingFailed(answer)


def _answer(questions: BinaryIO, answers: BinaryIO) -> None:
    # Ctrl-C is for the parent: this one ends with its questions.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # It brings the solver, and only the child is to pay for that.
    from casework.disclosure.disclosing import disclose  # noqa: PLC0415

    while True:
        try:
            asked = pickle.load(questions)  # noqa: S301 -- from our own parent
        except EOFError:
            return
        sheet, tables, audience, earlier, beside = asked
        try:
            answer = disclose(sheet, tables, audience, earlier=earlier, beside=beside)
        except Exception as error:  # noqa: BLE001 -- the edge: the parent is told, and goes on
            pickle.dump(type(error).__name__, answers)
        else:
            pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    _answer(sys.stdin.buffer, sys.stdout.buffer)
