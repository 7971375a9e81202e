"""A round of what is due: in order, in short transactions, cheap where there is nothing to do."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import col, select

from casework import facts
from casework.db import Store
from casework.models import Clock
from casework.vocabulary import Action, Notice
from recourse import rounds
from tests.desk import Desk
from tests.due import A_WEEK, done, pile_up


def run(store: Store, now: datetime, at_once: int = rounds.AT_ONCE) -> None:
    rounds.run_due(store, lambda: now, lambda: True, at_once)


class Turns:
    """A turn that ends after so many questions whose it is."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self) -> bool:
        self.left -= 1
        return self.left >= 0


@contextmanager
def statements(store: Store) -> Iterator[list[str]]:
    """What the database is asked meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(store.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("stood_still", [A_WEEK, timedelta(days=60)])
def test_after_a_standstill_each_level_is_told_once_and_each_worker_once_of_each_case(
    any_desk: Desk, now: datetime, stood_still: timedelta
) -> None:
    pile_up(any_desk, now)
    run(any_desk.store, now + stood_still)
    found = done(any_desk.store)
    assert set(found.notices.values()) == {1}
    assert set(found.recorded.values()) == {1}
    assert {action for _, action, *_ in found.recorded} == {Action.MISS, Action.ESCALATE}
    progress = {key: n for key, n in found.told.items() if key[1] is Notice.PROGRESS}
    assert len(progress) > 3
    assert set(progress.values()) == {1}
    run(any_desk.store, now + stood_still)
    run(any_desk.store, now + stood_still + timedelta(seconds=30))
    assert done(any_desk.store) == found


def test_what_stood_still_is_caught_up_oldest_first(any_desk: Desk, now: datetime) -> None:
    pile_up(any_desk, now)
    with any_desk.store.reading() as session:
        statement = select(Clock.id).where(col(Clock.next_at) < now + A_WEEK)
        waiting = list(session.exec(statement.order_by(col(Clock.next_at), col(Clock.id))))
    assert len(waiting) > 12
    for number, clock in enumerate(waiting):
        with any_desk.store.reading() as session:
            left = session.exec(
                select(Clock.id).where(col(Clock.id).in_(waiting), Clock.told_until < now + A_WEEK)
            ).all()
        assert set(left) == set(waiting[number:])
        assert clock in left
        # One transaction with one clock: asked before the step and before the transaction.
        rounds.run_due(any_desk.store, lambda: now + A_WEEK, Turns(1), at_once=1)


def test_first_come_clocks_then_words_on_progress_then_check_ins(
    any_desk: Desk, now: datetime
) -> None:
    pile_up(any_desk, now)
    store, later = any_desk.store, now + timedelta(days=200)
    seen = []
    for turns in range(1, 4):
        rounds.run_due(store, lambda: later, Turns(turns), at_once=1000)
        told = Counter(notice for _, notice in done(store).told.elements())
        seen.append(
            (bool(done(store).notices), told[Notice.PROGRESS] > 0, told[Notice.CHECK_IN] > 0)
        )
    assert seen == [(True, False, False), (True, True, False), (True, True, True)]


def test_short_transactions_and_a_long_one_come_to_the_same(
    any_desk: Desk, now: datetime, request: pytest.FixtureRequest
) -> None:
    pile_up(any_desk, now)
    with statements(any_desk.store) as seen:
        run(any_desk.store, now + A_WEEK, at_once=5)
    found = done(any_desk.store)
    assert found.notices
    looks = [one for one in seen if "FROM clock JOIN" in one.replace("\n", "")]
    assert len(looks) > 3


def test_a_process_that_loses_its_turn_stops_and_another_one_goes_on(
    any_desk: Desk, now: datetime
) -> None:
    pile_up(any_desk, now)
    store = any_desk.store
    rounds.run_due(store, lambda: now + A_WEEK, Turns(2), at_once=4)
    partly = done(store)
    with store.reading() as session:
        assert facts.jobs_ran_at(session) is None, "All is not done yet."
    run(store, now + A_WEEK)
    found = done(store)
    assert 0 < len(partly.notices) < len(found.notices)
    assert set(found.notices.values()) == set(found.recorded.values()) == {1}


def test_where_nothing_is_due_nothing_is_written_and_no_writer_is_held_up(
    store: Store, desk: Desk, now: datetime
) -> None:
    pile_up(desk, now, 3)
    run(store, now + timedelta(hours=2))
    with statements(store) as seen:
        run(store, now + timedelta(hours=2, seconds=30))
    assert len([one for one in seen if one.startswith("SELECT")]) == 5
    assert {one.split()[0] for one in seen} == {"BEGIN", "SELECT"}
    assert "BEGIN IMMEDIATE" not in seen


def test_each_look_reads_an_index_and_no_more(store: Store, desk: Desk, now: datetime) -> None:
    pile_up(desk, now)
    run(store, now + timedelta(hours=2))
    with statements(store) as seen:
        run(store, now + timedelta(hours=2, seconds=30))
    looks = [one for one in seen if one.startswith("SELECT") and "FROM fact" not in one]
    used = []
    with store.reading() as session:
        for look in looks:
            wanted = look.replace("?", "'2026-11-20'", 1).replace("?", "1")
            rows = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {wanted}")
            used.append(" ".join(str(row[3]) for row in rows))
    indexes = ("ix_clock_next", "ix_case_progress", "ix_checkin_waiting", "ix_absence_next_at")
    for plan, index in zip(used, indexes, strict=True):
        assert f"INDEX {index}" in plan
        assert "SCAN" not in plan


@contextmanager
def broken(store: Store, table: str) -> Iterator[None]:
    """A table is out of reach: whatever needs it fails."""
    with store.engine.begin() as connection:
        connection.execute(sa.text(f"ALTER TABLE {table} RENAME TO away"))
    try:
        yield
    finally:
        with store.engine.begin() as connection:
            connection.execute(sa.text(f"ALTER TABLE away RENAME TO {table}"))


def test_a_step_that_fails_holds_up_no_other_and_is_done_when_it_can_be(
    any_desk: Desk, now: datetime
) -> None:
    pile_up(any_desk, now)
    store = any_desk.store
    with broken(store, "staffnotice"), pytest.raises(sa.exc.DatabaseError):
        run(store, now + A_WEEK)
    with store.reading() as session:
        assert facts.jobs_ran_at(session) is None, "It must not look as if all were done."
    found = done(store)
    assert not found.notices
    assert Notice.PROGRESS in {notice for _, notice in found.told}
    run(store, now + A_WEEK)
    again = done(store)
    assert set(again.notices.values()) == {1}
    assert again.told == found.told


def test_that_the_jobs_ran_is_noted_once_a_minute(any_store: Store, now: datetime) -> None:
    def noted() -> datetime | None:
        with any_store.reading() as session:
            return facts.jobs_ran_at(session)

    run(any_store, now)
    assert noted() == now
    run(any_store, now + timedelta(seconds=59))
    assert noted() == now
    run(any_store, now + timedelta(seconds=60))
    assert noted() == now + timedelta(seconds=60)
    an_hour_before = now - timedelta(hours=1)
    run(any_store, an_hour_before)  # the clock of the machine was wrong
    assert noted() == an_hour_before
