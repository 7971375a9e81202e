"""A round of what is due: clocks, words on progress, check-ins, who is away; each the oldest first.

It may be cut off anywhere, doubled, or missed for a week: what there is to do stands in the tables,
and is done together with the note that it is done.
"""

from collections.abc import Callable
from datetime import datetime

from casework import facts
from casework.db import Session, Store
from casework.deadlines import sweeping
from casework.messaging import checkins, progress
from casework.office import leaves

AT_ONCE = 100
"""So much is done in one transaction: short ones let others through."""

_STEPS: tuple[
    tuple[Callable[[Session, datetime], bool], Callable[[Session, datetime, int], int]], ...
] = (
    (sweeping.anything_due, sweeping.sweep),
    (progress.anything_due, progress.tell_due),
    (checkins.anything_due, checkins.ask_due),
    (leaves.anything_due, leaves.do_due),
)
"""Whether anything is due, which only reads, and what does it."""


def run_due(
    store: Store, now: Callable[[], datetime], mine: Callable[[], bool], at_once: int = AT_ONCE
) -> None:
    """Do all that is due, as long as it is this process's turn (``mine``), and note that it is done.

    A step that fails holds up no other; its error is raised in the end.
    """
    failed: list[Exception] = []
    for due, do in _STEPS:
        try:
            _run(store, now, mine, at_once, due, do)
        except Exception as error:  # noqa: BLE001 -- raised below, when the others had their turn
            failed.append(error)
    if failed:
        raise failed[0]
    if mine():
        _note(store, now())


def _run(
    store: Store,
    now: Callable[[], datetime],
    mine: Callable[[], bool],
    at_once: int,
    due: Callable[[Session, datetime], bool],
    do: Callable[[Session, datetime, int], int],
) -> None:
    found = 1
    # What another process has locked is not found: the next round looks again.
    while found and mine() and _any(store, now(), due):
        with store.writing() as session:
            found = do(session, now(), at_once)


def _any(store: Store, now: datetime, due: Callable[[Session, datetime], bool]) -> bool:
    with store.reading() as session:
        return due(session, now)


def _note(store: Store, now: datetime) -> None:
    with store.reading() as session:
        if not facts.is_news(session, now):
            return
    with store.writing() as session:
        facts.note_jobs_ran(session, now)
