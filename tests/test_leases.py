"""Leases: of several who want one, one has it, until it runs out or is given back."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from casework import leases
from casework.db import Store

A_MINUTE = timedelta(minutes=1)


def _take(store: Store, owner: str, now: datetime) -> bool:
    with store.writing() as session:
        return leases.take(session, "jobs", owner, now, A_MINUTE)


def test_who_comes_first_has_it_and_renews_it(any_store: Store, now: datetime) -> None:
    later = now + timedelta(seconds=50)
    assert _take(any_store, "one", now)
    assert not _take(any_store, "other", now)
    assert _take(any_store, "one", later)
    assert not _take(any_store, "other", now + A_MINUTE)
    assert not _take(any_store, "other", later + A_MINUTE - timedelta(seconds=1))


def test_one_that_ran_out_is_anybodys(any_store: Store, now: datetime) -> None:
    _take(any_store, "one", now)
    assert _take(any_store, "other", now + A_MINUTE)
    assert not _take(any_store, "one", now + A_MINUTE)


def test_one_that_was_given_back_is_free_at_once(any_store: Store, now: datetime) -> None:
    _take(any_store, "one", now)
    with any_store.writing() as session:
        leases.give_back(session, "jobs", "one")
    assert _take(any_store, "other", now)


def test_nobody_gives_back_what_another_one_has(any_store: Store, now: datetime) -> None:
    _take(any_store, "one", now)
    with any_store.writing() as session:
        leases.give_back(session, "jobs", "other")
    assert not _take(any_store, "other", now)


def test_leases_of_different_names_have_nothing_to_do_with_each_other(
    any_store: Store, now: datetime
) -> None:
    _take(any_store, "one", now)
    with any_store.writing() as session:
        assert leases.take(session, "something else", "other", now, A_MINUTE)


def test_of_four_who_take_it_at_once_one_gets_it(any_store: Store, now: datetime) -> None:
    together = threading.Barrier(4)

    def take(owner: int, moment: datetime) -> bool:
        together.wait()
        return _take(any_store, str(owner), moment)

    with ThreadPoolExecutor(4) as pool:
        for turn in range(25):  # the first time it is new, then it has just run out
            moment = now + turn * A_MINUTE
            tries = [pool.submit(take, owner, moment) for owner in range(4)]
            assert [one.result() for one in tries].count(True) == 1, turn
