"""The sweep of many clocks at once: few statements, an index for each, and no object left behind."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from casework import cases
from casework.audit import events
from casework.db import Session
from casework.deadlines import promises, sweeping
from casework.messaging import checkins, progress
from casework.models import Case, StaffNotice
from casework.vocabulary import Action, Promise
from tests.desk import Desk
from tests.statements import plan_of, statements

A_YEAR = timedelta(days=365)
A_SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("look", "index"),
    [
        (sweeping.anything_due, "ix_clock_next"),
        (sweeping.sweep, "ix_clock_next"),
        (progress.anything_due, "ix_case_progress"),
        (progress.tell_due, "ix_case_progress"),
        (checkins.anything_due, "ix_checkin_waiting"),
        (checkins.ask_due, "ix_checkin_waiting"),
    ],
)
def test_a_look_reads_nothing_that_is_not_due(
    desk: Desk, now: datetime, look: Callable[[Session, datetime], object], index: str
) -> None:
    for number in range(30):
        desk.file(now + timedelta(days=number), "No pay")
    with statements(desk.store) as asked, desk.store.reading() as session:
        look(session, now)
    steps = plan_of(desk.store, next(one for one in asked if one[0].startswith("SELECT")))
    assert index in steps[0]
    assert not any(step.startswith(("SCAN", "USE TEMP")) for step in steps)


def test_many_clocks_take_no_more_statements_than_few(any_desk: Desk, now: datetime) -> None:
    def sweep(number: int, at: datetime) -> int:
        for _ in range(number):
            any_desk.file(at, "No pay")
        with statements(any_desk.store) as asked:
            assert any_desk.sweep(at + timedelta(days=30)) == 3 * number
        return len([text for text, _ in asked if text[:6] in ("SELECT", "UPDATE", "INSERT")])

    assert sweep(2, now) == sweep(20, now + A_YEAR)


def test_what_somebody_holds_of_a_case_is_right_after_it_caught_up(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay")
    late = now + A_YEAR
    with any_desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        held = {clock.promise: clock for clock in promises.of_case(session, case.id)}
        sweeping.catch_up(session, case, late)
        assert events.first_broken(case, events.history(session, case.id)) is None
        assert case.updated_at == late
        clock = held[Promise.ACKNOWLEDGE]
        assert (clock.missed_at, clock.told_until, clock.next_at) == (late, late, None)
        assert not session.dirty
        cases.advance(session, case, Action.ACKNOWLEDGE, by=any_desk.cast.actor("asha"), now=late)
    assert any_desk.actions(reference)[-1] is Action.ACKNOWLEDGE
    assert any_desk.clocks(reference)[Promise.ACKNOWLEDGE].missed_at == late


def test_what_a_session_holds_is_right_after_a_sweep(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    with desk.store.writing() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        assert sweeping.sweep(session, now + A_YEAR) == 3
        assert events.first_broken(case, events.history(session, case.id)) is None


def test_where_there_is_much_to_tell_to_many_a_sweep_does_less_and_goes_on(
    any_desk: Desk, now: datetime
) -> None:
    any_desk.hire(60, now)
    filed = [any_desk.file(now, "No pay") for _ in range(5)]
    found: list[int] = []
    while not found or found[-1]:
        found.append(any_desk.sweep(now + A_YEAR, limit=100))
    assert sum(found) == 15
    assert max(found) < 15
    with any_desk.store.reading() as session:
        told = session.exec(select(StaffNotice.clock_id, StaffNotice.level, StaffNotice.staff_id))
        rows = list(told)
    assert len(rows) == len(set(rows)) > 15 * 4 * 60
    for reference in filed:
        assert any_desk.actions(reference).count(Action.MISS) == 3
