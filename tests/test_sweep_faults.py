"""What must not stop a sweep, be stopped by it, or come out of it in another order than it happened."""

import logging
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from casework import cases
from casework.db import Store
from casework.deadlines import sweeping
from casework.ids import new_id
from casework.messaging import progress
from casework.models import Calendar, Factory
from casework.vocabulary import Action, Notice, Promise
from tests.conftest import Cast
from tests.desk import Desk

A_YEAR = timedelta(days=365)
HOUR = timedelta(hours=1)
MARK = "ZEBRA-7731"


def _break(desk: Desk, now: datetime, zone: str) -> None:
    """The office that answers for Golden Thread has a zone, usable or not."""
    with desk.store.writing() as session:
        row = session.exec(select(Calendar).where(Calendar.name == MARK)).first()
        if row is None:
            row = Calendar(id=new_id(now), name=MARK, zone=zone, hours="Mon-Fri 08:00-17:00")
            session.add(row)
            session.flush()
            session.get_one(Factory, desk.cast.golden_thread.id).calendar_id = row.id
        row.zone = zone


def _missed(desk: Desk, reference: str) -> int:
    return desk.actions(reference).count(Action.MISS)


@pytest.mark.parametrize("limit", [1, 200])
def test_a_clock_that_can_not_be_counted_holds_up_no_other_and_is_tried_again(
    any_desk: Desk, now: datetime, caplog: pytest.LogCaptureFixture, limit: int
) -> None:
    bad = any_desk.file(now, f"No pay {MARK}")
    good = any_desk.file(now + HOUR, "No pay", factory=None)
    _break(any_desk, now, "Nowhere/Town")
    late = now + A_YEAR
    with caplog.at_level(logging.ERROR):
        while any_desk.sweep(late, limit):
            pass
    assert (_missed(any_desk, bad), _missed(any_desk, good)) == (0, 3)
    assert bad in caplog.text
    assert "BadInput" in caplog.text
    assert MARK not in caplog.text
    assert "Nowhere" not in caplog.text
    _break(any_desk, now, "Asia/Phnom_Penh")
    any_desk.sweep(late + 2 * HOUR)
    assert _missed(any_desk, bad) == 3
    assert any_desk.actions(bad).count(Action.ESCALATE) == 6


def test_what_a_worker_adds_arrives_also_where_no_clock_can_be_counted(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay")
    _break(desk, now, "Nowhere/Town")
    desk.add(reference, now + A_YEAR, "They still did not pay.")
    assert "They still did not pay." in desk.said(reference)


def test_a_word_on_progress_that_can_not_be_counted_holds_up_no_other(
    desk: Desk, now: datetime
) -> None:
    bad = desk.file(now, "No pay")
    good = desk.file(now, "No pay", factory=None)
    for reference in (bad, good):
        desk.act(reference, Action.ACKNOWLEDGE, now)
    _break(desk, now, "Nowhere/Town")
    with desk.store.writing() as session:
        progress.tell_due(session, now + A_YEAR)
    assert Notice.PROGRESS in desk.notices(good)
    with desk.store.writing() as session:
        assert not progress.anything_due(session, now + A_YEAR)


def test_what_several_clocks_of_a_case_came_to_stands_in_the_order_in_which_it_did(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay")
    any_desk.sweep(now + A_YEAR)
    found = [
        (event.action, event.data["promise"], event.data.get("level", ""))
        for event in any_desk.events(reference)
        if event.action is not Action.FILE
    ]
    step_by_step = any_desk.file(now, "No pay")
    for days in range(60):
        any_desk.sweep(now + timedelta(days=days))
    assert found == [
        (event.action, event.data["promise"], event.data.get("level", ""))
        for event in any_desk.events(step_by_step)
        if event.action is not Action.FILE
    ]
    assert found[0] == (Action.MISS, "acknowledge", "")
    assert len(found) == 9


@pytest.mark.postgres
def test_a_sweep_holds_no_clock_of_a_case_that_it_passes_by(
    postgres_store: Store, now: datetime
) -> None:
    desk = Desk(postgres_store, Cast(postgres_store, now))
    reference, late = desk.file(now, "No pay"), now + A_YEAR
    desk.file(now, "No pay")
    with postgres_store.writing() as acting:
        case = cases.by_reference(acting, reference, lock=True)
        assert case is not None
        with postgres_store.writing() as sweep:
            assert sweeping.sweep(sweep, late) == 3
            # The sweep goes on, as one does before a policy is saved; then it waits for this case.
            acting.connection().execute(sa.text("SET LOCAL lock_timeout = '1s'"))
            cases.advance(acting, case, Action.ACKNOWLEDGE, by=desk.cast.actor("asha"), now=late)
            acting.flush()
    assert desk.clocks(reference)[Promise.ACKNOWLEDGE].met_at == late
