"""Promises in the database: what was missed is found, once, oldest first, by whoever looks."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from casework import cases
from casework.db import Store
from casework.vocabulary import Action, Category, Promise, Severity, Status
from tests.conftest import Cast
from tests.desk import Desk

A_YEAR = timedelta(days=365)
A_SECOND = timedelta(seconds=1)


def test_a_promise_is_missed_after_its_due_time_and_not_at_it(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay")
    any_desk.triage(reference, now, Severity.STANDARD)
    due = any_desk.clocks(reference)[Promise.ACKNOWLEDGE].due_at
    any_desk.sweep(due)  # its warnings, and what was due before it
    assert any_desk.sweep(due) == 0
    assert any_desk.sweep(due + A_SECOND) == 1
    clock = any_desk.clocks(reference)[Promise.ACKNOWLEDGE]
    assert clock.missed_at == due + A_SECOND
    event = any_desk.events(reference)[-1]
    assert (event.action, event.after) == (Action.MISS, Status.RECEIVED)
    assert event.data == {"promise": "acknowledge", "due": due.isoformat()}


def test_a_second_sweep_finds_nothing_more(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, "No pay")
    assert any_desk.sweep(now + A_YEAR) == 3
    assert any_desk.sweep(now + A_YEAR) == 0
    assert any_desk.sweep(now + 2 * A_YEAR) == 0
    # To supervisors and to admins, of each promise.
    told = {Action.FILE: 1, Action.MISS: 3, Action.ESCALATE: 6}
    assert Counter(any_desk.actions(reference)) == told


def test_a_sweep_begins_with_the_oldest_and_takes_no_more_than_asked_for(
    any_desk: Desk, now: datetime
) -> None:
    hours = (5, 1, 4, 2, 3)
    filed = {
        n: any_desk.file(now + timedelta(hours=n), category=Category.FORCED_LABOUR) for n in hours
    }

    for n in hours:
        any_desk.triage(filed[n], now + timedelta(hours=n), Severity.CRITICAL)
    while any_desk.sweep(now + timedelta(hours=24)):
        pass  # the warnings

    def missed() -> list[int]:
        return [n for n in sorted(filed) if Action.MISS in any_desk.actions(filed[n])]

    after_a_day = now + timedelta(hours=24 + 6)
    # Of each case something else is reached at the same moment: half of the time to protect.
    assert any_desk.sweep(after_a_day, limit=4) == 4
    assert missed() == [1, 2]
    assert any_desk.sweep(after_a_day, limit=4) == 4
    assert missed() == [1, 2, 3, 4]
    any_desk.sweep(after_a_day, limit=4)
    assert missed() == [1, 2, 3, 4, 5]


def test_a_miss_stays_a_miss_when_the_promise_is_kept_later(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, "No pay")
    late = now + timedelta(days=10)
    any_desk.sweep(late)
    assert any_desk.case(reference).next_due_at is not None
    any_desk.act(reference, Action.ACKNOWLEDGE, late + A_SECOND)
    clock = any_desk.clocks(reference)[Promise.ACKNOWLEDGE]
    assert (clock.missed_at, clock.met_at) == (late, late + A_SECOND)
    any_desk.triage(reference, late + A_SECOND, Severity.MINOR)
    assert any_desk.clocks(reference)[Promise.ACKNOWLEDGE] == clock


def test_what_is_late_stays_the_next_thing_due_until_somebody_does_it(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay")
    due = any_desk.case(reference).next_due_at
    any_desk.sweep(now + A_YEAR)
    assert any_desk.case(reference).next_due_at == due
    any_desk.act(reference, Action.REPLY, now + A_YEAR, "Sorry")
    any_desk.triage(reference, now + A_YEAR, Severity.STANDARD)
    clocks = any_desk.clocks(reference)
    assert any_desk.case(reference).next_due_at == clocks[Promise.PROGRESS].due_at
    assert clocks[Promise.PROGRESS].due_at > now + A_YEAR


def test_what_was_met_or_fell_away_is_never_missed(any_desk: Desk, now: datetime) -> None:
    answered = any_desk.file(now, "No pay")
    any_desk.walk(answered, now, Action.ACKNOWLEDGE, Action.INVESTIGATE, Action.CONCLUDE)
    any_desk.answer(answered, Action.CONFIRM, now)
    withdrawn = any_desk.file(now, "No pay")
    any_desk.answer(withdrawn, Action.WITHDRAW, now)
    assert any_desk.sweep(now + A_YEAR) == 0


def test_only_the_first_time_a_promise_is_met_counts(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, "No pay")
    any_desk.act(reference, Action.REPLY, now, "First")
    any_desk.act(reference, Action.REPLY, now + timedelta(hours=1), "Second")
    assert any_desk.clocks(reference)[Promise.FIRST_REPLY].met_at == now


def test_triage_that_leaves_the_severity_moves_no_clock(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, "No pay", category=Category.WAGES)
    before = any_desk.clocks(reference)
    any_desk.triage(reference, now + timedelta(days=1), Severity.SERIOUS)
    after = any_desk.clocks(reference)
    assert {p: clock.due_at for p, clock in after.items()} == {
        p: clock.due_at for p, clock in before.items()
    }


def test_a_severity_that_is_already_overdue_is_missed_at_the_next_sweep(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay", category=Category.OTHER)
    later = now + timedelta(days=3)
    desk.triage(reference, later, Severity.CRITICAL)
    clock = desk.clocks(reference)[Promise.ACKNOWLEDGE]
    assert (clock.due_at, clock.missed_at) == (now + timedelta(hours=24), None)
    desk.sweep(later)
    assert desk.clocks(reference)[Promise.ACKNOWLEDGE].missed_at == later


def test_two_sweeps_at_once_mark_everything_once(any_desk: Desk, now: datetime) -> None:
    filed = [any_desk.file(now, f"case {n}") for n in range(15)]
    together = threading.Barrier(2)

    def sweep() -> int:
        together.wait()
        total = 0
        while found := any_desk.sweep(now + A_YEAR, limit=4):
            total += found
        return total

    with ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(sweep) for _ in range(2)]
        total = sum(job.result() for job in jobs)
    total += any_desk.sweep(now + A_YEAR)  # what one saw locked by the other when it stopped
    assert total == 45
    for reference in filed:
        told = {Action.FILE: 1, Action.MISS: 3, Action.ESCALATE: 6}
        assert Counter(any_desk.actions(reference)) == told


@pytest.mark.postgres
def test_a_sweep_passes_by_a_case_that_somebody_is_working_on(
    postgres_store: Store, now: datetime
) -> None:
    desk = Desk(postgres_store, Cast(postgres_store, now))
    mine, other = (desk.file(now, "No pay") for _ in range(2))
    with postgres_store.writing() as session:
        case = cases.by_reference(session, mine, lock=True)
        assert case is not None
        assert desk.sweep(now + A_YEAR) == 3
        cases.advance(
            session, case, Action.ACKNOWLEDGE, by=desk.cast.actor("asha"), now=now + A_YEAR
        )
    told = {Action.FILE: 1, Action.MISS: 3, Action.ESCALATE: 6}
    assert Counter(desk.actions(other)) == told
    assert Counter(desk.actions(mine)) == {**told, Action.ACKNOWLEDGE: 1}
    assert desk.actions(mine)[-1] is Action.ACKNOWLEDGE
