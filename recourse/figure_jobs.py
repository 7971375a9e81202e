"""What runs by itself for figures: past periods are counted, released, and counted again.

Each step is found in the tables, decided without holding up a writer, and written in one short
transaction: whatever is cut off is done again, and nothing twice.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from casework.db import Session, Store
from casework.publication import freezing, releasing
from recourse.solving import Solver

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]


@dataclass(slots=True)
class Done:
    """What a run did."""

    counted: int = 0
    released: int = 0


def run(
    store: Store,
    now: Clock,
    mine: Callable[[], bool] = lambda: True,
    told: Callable[[str], object] = log.info,
    disclose: releasing.Disclose | None = None,
) -> Done:
    """Do all that is due, as long as it is this process's turn (``mine``).

    ``told`` hears of each step. ``disclose`` decides in this very process; else a child does.
    """
    done = Done()
    with Solver(mine) as solver:
        decide = disclose or solver.disclose
        while mine() and _step(store, now, told, done, decide):
            pass
    return done


def _step(
    store: Store,
    now: Clock,
    told: Callable[[str], object],
    done: Done,
    disclose: releasing.Disclose,
) -> bool:
    try:
        return _count(store, now, told, done) or _release(store, now, told, done, disclose)
    except IntegrityError:
        told("Another process does the same: this one leaves it to that.")
        return False


def _count(store: Store, now: Clock, told: Callable[[str], object], done: Done) -> bool:
    with store.reading() as session:
        count = freezing.due(session, now())
    if count is None:
        return False
    with store.reading() as session:
        _in_one_look(session)
        sheets = freezing.look(session, count)
    with store.writing() as session:
        new = freezing.keep(session, count, sheets, now())
    done.counted += new
    periods = ", ".join(dict.fromkeys(str(period) for _, period in count.places))
    told(f"Counted {periods}: {new} new.")
    return True


def _release(
    store: Store,
    now: Clock,
    told: Callable[[str], object],
    done: Done,
    disclose: releasing.Disclose,
) -> bool:
    with store.reading() as session:
        question = releasing.due(session)
    if question is None:
        return False
    answer = releasing.answer(question, disclose)
    with store.writing() as session:
        new = releasing.keep(session, question, answer, now())
    done.released += new
    periods = ", ".join(str(part.sheet.period) for part in question.parts)
    told(f"Released {periods} to {question.audience.name}: {new} new.")
    return True


def _in_one_look(session: Session) -> None:
    """All numbers are of one moment; SQLite does so by itself."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
