"""Sweeps by several processes at once, and killed in the middle: everything is done exactly once."""

import os
import random
import shutil
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlmodel import select

from casework.db import Store, for_change, make_engine
from casework.models import Case, CheckIn, Clock
from recourse import rounds
from tests.conftest import Cast
from tests.desk import Desk
from tests.due import A_WEEK, Done, done, pile_up
from tests.sweeper import BETWEEN, DONE, INSIDE, Sweeper

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

AT_ONCE = 3
"""Many short transactions: many places to be killed at."""


class Piled(NamedTuple):
    """A database in which much is due, and what one undisturbed round does about it."""

    store: Store
    expected: Done
    later: datetime

    def sweeper(self, place: str = BETWEEN, count: int = 0) -> Sweeper:
        """A process of its own that does it, up to there."""
        address = self.store.engine.url.render_as_string(hide_password=False)
        return Sweeper(address, self.later, AT_ONCE, place, count)

    def go_on(self) -> None:
        """The next round, after whatever a killed process held is free."""
        with self.store.writing() as session:
            # PostgreSQL needs a moment to see that a client is gone: this waits for just that.
            for model in (Case, Clock, CheckIn):
                session.exec(for_change(select(model))).all()
        rounds.run_due(self.store, lambda: self.later, lambda: True, AT_ONCE)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def piled(
    request: pytest.FixtureRequest, tmp_path: Path, store: Store, vault: object, now: datetime
) -> Piled:
    pile_up(Desk(store, Cast(store, now)), now)
    assert store.scrub()
    assert store.engine.url.database
    engine = make_engine(f"sqlite:///{shutil.copy(store.engine.url.database, tmp_path / 'twin')}")
    twin = Store(engine, store.vault)
    rounds.run_due(twin, lambda: now + A_WEEK, lambda: True)
    expected = done(twin)
    engine.dispose()
    assert min(len(part) for part in expected) > 3
    if request.param == "postgres":
        store = request.getfixturevalue("postgres_store")
        pile_up(Desk(store, Cast(store, now)), now)
    assert not done(store).notices
    return Piled(store, expected, now + A_WEEK)


def test_the_same_round_by_two_processes_at_once_does_everything_once(piled: Piled) -> None:
    with piled.sweeper(BETWEEN, 1) as one, piled.sweeper(BETWEEN, 1) as other:
        assert {one.says(), other.says()} == {BETWEEN}
        one.go_on()
        other.go_on()
        assert {one.says(), other.says()} == {DONE}
    piled.go_on()  # what each saw locked by the other when it stopped
    assert done(piled.store) == piled.expected


def test_a_round_killed_again_and_again_does_everything_once(piled: Piled) -> None:
    chance = random.Random(int(os.environ.get("RECOURSE_TEST_SEED", "20261122")))
    for place, most in 4 * ((INSIDE, 5), (BETWEEN, 9)):
        with piled.sweeper(place, chance.randint(1, most)) as process:
            assert process.says() == place
    assert done(piled.store) != piled.expected, "It was never killed before the end."
    piled.go_on()
    assert done(piled.store) == piled.expected


def test_one_killed_in_a_transaction_leaves_nothing_half_done(piled: Piled) -> None:
    before = done(piled.store)
    with piled.sweeper(INSIDE, 3) as process:
        assert process.says() == INSIDE
    assert done(piled.store) == before
    with piled.sweeper() as next_one:
        assert next_one.says() == DONE
    piled.go_on()
    assert done(piled.store) == piled.expected


def test_a_process_that_comes_while_another_one_is_killed_goes_on_where_it_was(
    piled: Piled,
) -> None:
    with piled.sweeper(INSIDE, 8) as first:
        assert first.says() == INSIDE
        with piled.sweeper() as second:
            first.kill()
            assert second.says() == DONE
    piled.go_on()
    assert done(piled.store) == piled.expected
