"""What runs by itself for the proof and against hoarding: the daily anchor, the checks that the
auditor reads, and the end of what was kept long enough."""

import time
from collections.abc import Callable
from datetime import datetime

from casework import retaining
from casework.audit import anchoring, verifications
from casework.db import Store

_BUDGET = 5.0
"""Seconds of one go at a check: other jobs have their turn, too."""

Clock = Callable[[], datetime]


def anchor(store: Store, now: Clock) -> int | None:
    """Make the anchor that is due; its number. Whatever interrupts it, the next go carries on."""
    with store.reading() as session:
        number = anchoring.due(session, now())
    if number is None:
        return None
    after = -1
    while True:
        with store.reading() as session:
            cases = anchoring.changed(session, after)
        if not cases:
            break
        with store.writing() as session:
            anchoring.gather(session, number, cases)
        after = cases[-1].id
    with store.writing() as session:
        anchoring.close(session, number, now())
    return number


def begin_if_due(store: Store, now: Clock) -> None:
    """Begin the check of every week."""
    with store.reading() as session:
        is_due = verifications.due(session, now())
    if is_due:
        with store.writing() as session:
            verifications.begin(session, now())


def verify(store: Store, now: Clock, budget: float = _BUDGET) -> None:
    """Go on with the check that is under way, for some seconds."""
    until, more = time.monotonic() + budget, True
    while more:
        with store.reading() as session:
            running = verifications.under_way(session)
        if running is None:
            return
        with store.reading() as session:
            anchors, piece = verifications.look(session, running)
        with store.writing() as session:
            more = verifications.note(session, running, anchors, piece, now())
        more = more and time.monotonic() < until


def expire(store: Store, now: Clock, years: int) -> int:
    """Delete the words of all cases whose time is over, a few in each transaction; how many."""
    done = 0
    while True:
        with store.reading() as session:
            if not retaining.due(session, now(), years, 1):
                return done
        with store.writing() as session:
            done += retaining.expire_due(session, now(), years)
