"""Whose turn it is to run the jobs: never two, and soon another one when the first is gone."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from casework.db import Store
from casework.models import Lease
from recourse.turn import LASTS, LOOK_EVERY, Turn
from tests.bothouse import Clock

A_LOOK = timedelta(seconds=LOOK_EVERY)
A_MINUTE = timedelta(minutes=1)

postgres = pytest.mark.postgres


@pytest.fixture
def new_turn(postgres_store: Store, clock: Clock) -> Callable[[], Turn]:
    return lambda: Turn(postgres_store, clock)


@postgres
def test_one_of_three_processes_has_the_turn_and_keeps_it(
    new_turn: Callable[[], Turn], clock: Clock
) -> None:
    turns = [new_turn() for _ in range(3)]
    assert not any(turn.mine() for turn in turns)
    for _ in range(20):
        for turn in turns:
            turn.look()
        assert [turn.mine() for turn in turns] == [True, False, False]
        clock.at += A_LOOK


@postgres
def test_when_it_was_killed_another_one_takes_over_within_a_minute(
    new_turn: Callable[[], Turn], clock: Clock
) -> None:
    first, second = new_turn(), new_turn()
    first.look()
    killed_at = clock.at
    while not second.mine():
        assert clock.at - killed_at < A_MINUTE
        clock.at += A_LOOK
        second.look()
    assert not first.mine(), "Both would run the jobs."


@postgres
def test_when_it_stopped_cleanly_another_one_takes_over_at_its_next_look(
    new_turn: Callable[[], Turn],
) -> None:
    first, second = new_turn(), new_turn()
    first.look()
    first.give_back()
    first.look()  # one that was on its way when it stopped
    second.look()
    assert (first.mine(), second.mine()) == (False, True)


@postgres
def test_one_that_is_about_to_stop_begins_nothing_and_lets_nobody_else_begin_yet(
    new_turn: Callable[[], Turn],
) -> None:
    first, second = new_turn(), new_turn()
    first.look()
    first.end()
    second.look()
    assert not first.mine()
    assert not second.mine()


@postgres
def test_one_that_was_suspended_knows_that_it_has_lost_its_turn(
    new_turn: Callable[[], Turn], clock: Clock
) -> None:
    first, second = new_turn(), new_turn()
    first.look()
    clock.at += LASTS
    assert not first.mine(), "It must not begin anything before it has looked again."
    second.look()
    first.look()
    assert (first.mine(), second.mine()) == (False, True)


@pytest.fixture
def away(postgres_engine: sa.Engine) -> Iterator[Callable[[bool], None]]:
    """Lets leases be out of reach, and back: any error of the database will do."""
    is_away = False

    def change(to: bool) -> None:
        nonlocal is_away
        names = ("lease", "lease_away") if to else ("lease_away", "lease")
        with postgres_engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE {} RENAME TO {}".format(*names)))
        is_away = to

    yield change
    if is_away:
        change(False)


@postgres
def test_one_that_cannot_reach_the_database_has_its_turn_until_another_one_may_have_it(
    new_turn: Callable[[], Turn], clock: Clock, away: Callable[[bool], None]
) -> None:
    turn = new_turn()
    turn.look()
    away(True)
    for _ in range(3):
        clock.at += A_LOOK
        with pytest.raises(sa.exc.ProgrammingError):
            turn.look()
        assert turn.mine()
    clock.at += A_LOOK
    assert not turn.mine()
    away(False)
    turn.look()
    assert turn.mine()


@postgres
def test_however_they_look_at_the_same_time_two_never_have_it(
    new_turn: Callable[[], Turn], clock: Clock
) -> None:
    turns = [new_turn() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        for step in range(20):
            for looking in [pool.submit(turn.look) for turn in turns]:
                looking.result()
            assert [turn.mine() for turn in turns].count(True) == 1
            # Now and then all of them were away for too long.
            clock.at += LASTS if step % 3 else A_LOOK


def test_on_sqlite_it_is_everybodys_turn_from_the_start_and_nothing_is_left_to_wait_for(
    store: Store, clock: Clock
) -> None:
    killed = Turn(store, clock)
    killed.look()
    successor = Turn(store, clock)
    assert successor.mine()
    with store.reading() as session:
        assert session.exec(select(Lease)).all() == []
    successor.give_back()
    assert not successor.mine()
