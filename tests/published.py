"""Public releases for tests of what shows them: some quarters of a mechanism, written by hand."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from casework.db import Session
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import PUBLIC_TABLES, Figure, by
from casework.models import Release
from casework.publication import releases
from tests.released import write

THRESHOLD = 10
QUARTERS = ("2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")

_D, _M = Dimension, Measure


def figure(measure: Measure, value: float | None, **named: str) -> Figure:
    return Figure(measure, by({Dimension(name): text for name, text in named.items()}), value)


def usual(times: int = 1) -> tuple[Figure, ...]:
    """A quarter with something of everything, and two numbers of each kind hidden."""
    return (
        figure(_M.RECEIVED, 180 * times),
        figure(_M.RECEIVED, 84 * times, category="WAG"),
        figure(_M.RECEIVED, 55 * times, category="HRS"),
        figure(_M.RECEIVED, 41 * times, category="HAR"),
        figure(_M.RECEIVED, None, category="OHS"),
        figure(_M.RECEIVED, None, category="DRM"),
        figure(_M.RECEIVED, 120 * times, country="KH"),
        figure(_M.RECEIVED, 60 * times, country="BD"),
        figure(_M.PERSONS, 171 * times),
        figure(_M.ISSUES, 233 * times),
        figure(_M.SITES, 14),
        figure(_M.SITES, 9, country="KH"),
        figure(_M.SITES, 5, country="BD"),
        figure(_M.WORKERS, 18_400),
        figure(_M.ADMISSIBLE, 150 * times),
        figure(_M.DECIDED, 130 * times),
        figure(_M.DECIDED, 72 * times, outcome="founded"),
        figure(_M.DECIDED, 58 * times, outcome="partly"),
        figure(_M.DECIDED, None, outcome="withdrawn"),
        figure(_M.DECIDED, None, outcome="inadmissible"),
        figure(_M.ANSWERED, 88 * times),
        figure(_M.ANSWERED, 60 * times, answer="confirmed"),
        figure(_M.ANSWERED, 28 * times, answer="unanswered"),
        figure(_M.APPEALS, 24 * times),
        figure(_M.APPEALS, 11 * times, ruling="upheld"),
        figure(_M.APPEALS, 13 * times, ruling="dismissed"),
        figure(_M.RETALIATION, None),
        figure(_M.REMEDIED, 96 * times),
        figure(_M.OPEN, 49),
        figure(_M.PROMISED, 420 * times),
        figure(_M.PROMISED, 180 * times, promise="acknowledge"),
        figure(_M.PROMISED, 160 * times, promise="acknowledge", kept="in-time"),
        figure(_M.PROMISED, 0, promise="acknowledge", kept="in-time-by-pause"),
        figure(_M.PROMISED, 20 * times, promise="acknowledge", kept="late"),
        figure(_M.PROMISED, 120 * times, promise="outcome"),
        figure(_M.PROMISED, None, promise="outcome", kept="in-time"),
        figure(_M.PROMISED, None, promise="outcome", kept="late"),
        figure(_M.PROMISED, 120 * times, promise="investigate"),
        figure(_M.PROMISED, 80 * times, promise="investigate", kept="in-time"),
        figure(_M.PROMISED, 39 * times, promise="investigate", kept="in-time-by-pause"),
        figure(_M.PROMISED, 1 * times, promise="investigate", kept="late"),
        figure(_M.OWED, 4_210_000 * times, currency="USD"),
        figure(_M.PAID, 3_900_050 * times, currency="USD"),
    )


def release(
    session: Session, period: str, figures: Iterable[Figure], at: datetime, **more: Any
) -> Release:
    """Release figures of a period to the public, or to another audience."""
    facts = {"audience": releases.PUBLIC, "tables": PUBLIC_TABLES, **more}
    when = Period.read(period)
    return write(session, at, found=figures, period=when, threshold=THRESHOLD, **facts)
