"""What may be shown is decided in a process of its own, which ends whatever happens."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from casework.db import Store
from casework.disclosure.audiences import PUBLIC
from casework.disclosure.disclosing import disclose
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import Sheet, Table, by
from casework.models import Release
from casework.publication import releases
from recourse import figure_jobs
from recourse.solving import Solver, SolvingFailed
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.frozen import count_few, receive

pytestmark = pytest.mark.slow

TABLES = (Table(Measure.RECEIVED, (Dimension.COUNTRY,)),)
SHEET = Sheet(
    Period.quarter(2026, 1),
    {
        (Measure.RECEIVED, ()): 47,
        **{
            (Measure.RECEIVED, by({Dimension.COUNTRY: country})): count
            for country, count in {"KH": 30, "VN": 14, "MM": 3}.items()
        },
    },
    {},
)


def test_the_child_decides_as_this_process_would() -> None:
    with Solver() as solver:
        found = solver.disclose(SHEET, TABLES, PUBLIC, (), {})
        again = solver.disclose(SHEET, TABLES, PUBLIC, (), {})
    assert found == again == disclose(SHEET, TABLES, PUBLIC)
    hidden = [one for one in found.figures if one.value is None]
    assert len(hidden) >= 2  # with one of them the total would tell of it


SERVING = """
import sys
import bot.polling, bot.webchat, bot.webhook, recourse.figure_jobs, recourse.serve, webadmin.app
print("scipy" in sys.modules)
"""


def test_nothing_that_serves_loads_the_solver() -> None:
    # It would hold some 40 MiB in each process, for a minute's work a quarter.
    found = subprocess.run(
        [sys.executable, "-c", SERVING], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "False"


def test_what_can_not_be_decided_says_so_and_the_child_goes_on() -> None:
    never = (Table(Measure.RECEIVED, (Dimension.FACTORY, Dimension.CATEGORY)),)
    with Solver() as solver:
        with pytest.raises(SolvingFailed, match="ValueError"):
            solver.disclose(SHEET, never, PUBLIC, (), {})
        assert solver.disclose(SHEET, TABLES, PUBLIC, (), {}).figures


def test_a_child_that_was_killed_is_noticed() -> None:
    with Solver() as solver:
        solver.disclose(SHEET, TABLES, PUBLIC, (), {})
        assert solver.pid
        os.kill(solver.pid, signal.SIGKILL)
        with pytest.raises(SolvingFailed, match="has ended"):
            solver.disclose(SHEET, TABLES, PUBLIC, (), {})


def test_what_nobody_waits_for_any_more_is_broken_off() -> None:
    wanted = threading.Event()
    wanted.set()
    with Solver(wanted.is_set) as solver:
        solver.disclose(SHEET, TABLES, PUBLIC, (), {})
        assert solver.pid
        wanted.clear()
        os.kill(solver.pid, signal.SIGSTOP)  # it would never answer
        with pytest.raises(SolvingFailed, match="has ended"):
            solver.disclose(SHEET, TABLES, PUBLIC, (), {})


def test_the_job_releases_what_the_child_decides(
    store: Store, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_few(monkeypatch)
    receive(store, cast, datetime(2026, 2, 10, tzinfo=UTC), 24)
    clock = Clock(datetime(2026, 4, 15, tzinfo=UTC))
    threads = threading.active_count()
    assert figure_jobs.run(store, clock).released == 3
    assert threading.active_count() == threads
    with store.reading() as session:
        public = releases.newest(session, "public", Period.quarter(2026, 1))
        assert public
        shown = {(one.measure, one.by): one.value for one in releases.figures(public)}
        assert shown[Measure.RECEIVED, ()] == 24
        assert len(session.exec(select(Release)).all()) == 3
