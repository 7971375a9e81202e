"""SIGKILL while figures are frozen, before and after each commit: nothing is lost or doubled."""

import pickle
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select

from casework.db import Store
from casework.models import Release, Snapshot
from casework.vault import Vault
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.frozen import count_few, freeze, receive

pytestmark = pytest.mark.slow

VICTIM = """
import os, pickle, signal, sys
import pytest
from casework.publication import freezing, releasing
from casework.db import Store, make_engine
from casework.vault import Vault
from recourse import figure_jobs
from tests.frozen import count_few, hide_small

url, keys, moment, left = pickle.load(sys.stdin.buffer)

def step(*_):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)

def dying(keep):
    def kept(*arguments):
        step()
        made = keep(*arguments)
        step()  # written, but not committed
        return made
    return kept

freezing.keep, releasing.keep = dying(freezing.keep), dying(releasing.keep)
with pytest.MonkeyPatch.context() as patched:
    count_few(patched)
    store = Store(make_engine(url), Vault.of(*keys))
    figure_jobs.run(store, lambda: moment, told=step, disclose=hide_small)
"""


def test_killed_anywhere_it_is_made_again_and_nothing_twice(
    store: Store, cast: Cast, vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    count_few(monkeypatch)
    moment = datetime(2026, 8, 1, tzinfo=UTC)
    receive(store, cast, datetime(2026, 2, 10, tzinfo=UTC), 24)
    url = store.engine.url.render_as_string(hide_password=False)
    for steps in (1, 2, 4, 5):
        asked = pickle.dumps((url, (vault.keys, vault.index_key), moment, steps))
        ended = subprocess.run(
            [sys.executable, "-c", VICTIM],
            input=asked,
            cwd=Path(__file__).parent.parent,
            check=False,
        )
        assert ended.returncode == -signal.SIGKILL
        _whole(store)
    freeze(store, Clock(moment))
    _whole(store)
    with store.reading() as session:
        made = session.exec(select(Release)).all()
    assert sorted((one.audience, one.period, one.version) for one in made) == [
        (audience, period, 1)
        for audience in ("AURORA", "BOREALIS", "public")
        for period in ("2026-Q1", "2026-Q2")
    ]


def _whole(store: Store) -> None:
    """Of each period everybody's count is there, or nobody's; and nothing twice."""
    with store.reading() as session:
        counted = [(one.audience, one.period) for one in session.exec(select(Snapshot))]
        released = [(one.audience, one.period) for one in session.exec(select(Release))]
    assert len(counted) == len(set(counted))
    assert len(counted) % 3 == 0
    assert len(released) == len(set(released))
    assert set(released) <= set(counted)
