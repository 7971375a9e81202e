"""What a supervisor sees of the office: load, misses, cases nobody owns, clocks at risk."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from casework import cases
from casework.actors import staff_actor
from casework.db import Store
from casework.deadlines import pausing
from casework.models import Staff
from casework.office import team
from casework.office.team import Load
from casework.vocabulary import Action, Category, PauseReason, Promise, Severity
from tests.conftest import Cast
from tests.desk import Desk
from tests.statements import plan_of, statements
from tests.webhelp import Browser, build, give_accounts

ZONE = ZoneInfo("Asia/Phnom_Penh")


@pytest.fixture
def desk(store: Store, cast: Cast) -> Desk:
    return Desk(store, cast)


def _loads(store: Store, staff: Staff, now: datetime) -> dict[str, Load]:
    with store.reading() as session:
        found = team.loads(session, staff_actor(staff), ZONE, now)
    return {load.name: load for load in found}


def _mine(desk: Desk, now: datetime) -> str:
    """A serious case of Asha's, acknowledged and triaged."""
    reference = desk.file(now, "Our wages are late.", category=Category.WAGES, kind="unpaid")
    desk.act(reference, Action.ACKNOWLEDGE, now)
    desk.assign(reference, now, "asha")
    desk.triage(reference, now)
    return reference


def test_the_load_counts_what_each_has_to_do(
    desk: Desk, store: Store, cast: Cast, now: datetime
) -> None:
    early = now - timedelta(days=20)
    _mine(desk, early)
    waits = _mine(desk, now)
    desk.act(waits, Action.ASK, now, "Which month?")
    desk.act(waits, Action.PROTECT, now, "Nothing is needed.")
    desk.file(now, "The soup is cold.", category=Category.DORMITORY, kind="food")
    found = _loads(store, cast.boris, now)
    asha, nobody = found["Asha"], found[""]
    assert (asha.open, asha.overdue, asha.week, asha.waiting) == (2, 1, 0, 1)
    assert (nobody.staff_id, nobody.open, nobody.overdue) == (None, 1, 0)


def test_misses_of_thirty_days_are_counted_by_promise_and_by_handler(
    desk: Desk, store: Store, cast: Cast, now: datetime
) -> None:
    start = now - timedelta(days=28)
    _mine(desk, start)
    desk.sweep(now)
    with store.reading() as session:
        by = staff_actor(cast.boris)
        found = team.missed(session, by, now)
        assert dict(found.by_promise)[Promise.PROTECTION] == 1
        assert found.by_handler == (("Asha", found.count),)
        assert team.missed(session, by, now + timedelta(days=31)).count == 0


def test_cases_nobody_owns_stand_oldest_first(
    desk: Desk, store: Store, cast: Cast, now: datetime
) -> None:
    old = desk.file(now - timedelta(days=3), "First.")
    new = desk.file(now, "Second.")
    _mine(desk, now)
    with store.reading() as session:
        rows, more = team.unowned(session, staff_actor(cast.boris))
    assert [row.reference for row in rows] == [old, new]
    assert not more
    assert rows[0].promise is Promise.ACKNOWLEDGE


def _at_risk(store: Store, staff: Staff, now: datetime) -> list[str]:
    with store.reading() as session:
        rows, _more = team.at_risk(session, staff_actor(staff), now)
    return [one.row.reference for one in rows]


def test_a_clock_is_at_risk_when_three_quarters_are_used_up_or_two_working_days_are_left(
    desk: Desk, store: Store, cast: Cast, now: datetime
) -> None:
    reference = _mine(desk, now)
    for action in (Action.PROTECT, Action.REPLY):
        desk.act(reference, action, now, "Done.")
    due = desk.case(reference).next_due_at  # the message on progress, 14 days
    assert due is not None
    assert _at_risk(store, cast.boris, now) == []
    quarter = (due - now) / 4
    assert _at_risk(store, cast.boris, due - quarter - timedelta(minutes=1)) == []
    assert _at_risk(store, cast.boris, due - quarter) == [reference]
    assert _at_risk(store, cast.boris, due + timedelta(minutes=1)) == []


def test_what_is_due_within_two_working_days_is_at_risk_at_once(
    desk: Desk, store: Store, cast: Cast, now: datetime
) -> None:
    reference = desk.file(now, "Our wages are late.", category=Category.WAGES, kind="unpaid")
    assert _at_risk(store, cast.boris, now) == [reference]


def test_what_is_paused_is_not_at_risk(desk: Desk, store: Store, cast: Cast, now: datetime) -> None:
    reference = _mine(desk, now)
    for action in (Action.PROTECT, Action.ASK):
        desk.act(reference, action, now, "Tell me.")
    investigate = desk.clocks(reference)[Promise.INVESTIGATE].due_at
    late = investigate - timedelta(days=1)
    desk.act(reference, Action.REPLY, late, "We are still at it.")
    assert _at_risk(store, cast.boris, late) == [reference]
    with store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        pausing.pause(session, case, PauseReason.ANSWER, by=cast.actor("asha"), now=late)
    assert _at_risk(store, cast.boris, late) == []


def test_a_restricted_case_is_counted_for_the_pool_alone(
    desk: Desk, store: Store, cast: Cast, now: datetime
) -> None:
    with store.writing() as session:
        for person in (cast.boris, cast.chen):
            session.get_one(Staff, person.id).restricted_pool = person is cast.chen
    start = now - timedelta(days=10)
    desk.file(start, "Him again.", category=Category.HARASSMENT, kind="sexual")
    desk.sweep(now)
    later = desk.file(now, "And again.", category=Category.HARASSMENT, kind="sexual")
    with store.reading() as session:
        outside, inside = (
            staff_actor(session.get_one(Staff, person.id)) for person in (cast.boris, cast.chen)
        )
        assert team.loads(session, outside, ZONE, now) == ()
        assert team.missed(session, outside, now).count == 0
        assert team.unowned(session, outside) == ((), False)
        assert team.at_risk(session, outside, now) == ((), False)
        assert team.loads(session, inside, ZONE, now)[0].open == 2
        assert team.missed(session, inside, now).count > 0
        assert len(team.unowned(session, inside)[0]) == 2
        assert [one.row.reference for one in team.at_risk(session, inside, now)[0]] == [later]


# --- the page -------------------------------------------------------------------------------


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime) -> Flask:
    give_accounts(store, cast, now)
    return build(store, lambda: now)


def _signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def test_the_page_leads_from_each_number_to_the_list(
    app: Flask, desk: Desk, cast: Cast, now: datetime
) -> None:
    _mine(desk, now - timedelta(days=28))
    desk.file(now, "Our wages are late.", category=Category.WAGES, kind="unpaid")
    desk.sweep(now)
    boris = _signed_in(app, "boris")
    boris.get("/team")
    assert f"/cases?assignee={cast.asha.id}" in boris.page
    assert f"/cases?assignee={cast.asha.id}&amp;overdue=yes" in boris.page
    assert "/cases?assignee=nobody" in boris.page
    assert "Promises missed in the last 30 days" in boris.text
    assert "Interim protection" in boris.text
    assert "Nobody owns these 1" in boris.text
    assert "At risk 1" in boris.text
    boris.get("/cases?assignee=nobody")
    assert "Acknowledgement" in boris.text


def test_an_empty_office_says_so(app: Flask) -> None:
    chen = _signed_in(app, "chen")
    chen.get("/team")
    assert "No promise is in danger." in chen.text
    assert "Every open case belongs to somebody." in chen.text


def test_the_page_is_in_the_menu_of_those_it_is_for(app: Flask) -> None:
    for name, there in (("asha", False), ("boris", True), ("chen", True), ("brigitte", False)):
        browser = _signed_in(app, name)
        browser.get("/")
        assert ('href="/team"' in browser.page) is there, name


def test_critical_cases_count_by_the_clock_not_by_the_office(
    desk: Desk, store: Store, cast: Cast, now: datetime
) -> None:
    reference = desk.file(now, "Fire.", category=Category.CHILD_LABOUR, kind="under-age")
    assert desk.case(reference).severity is Severity.CRITICAL
    with store.reading() as session:
        rows, _ = team.at_risk(session, staff_actor(cast.boris), now)
    assert [one.left for one in rows] == [0]  # due on Saturday


def test_the_load_is_counted_without_a_look_at_what_has_ended(
    store: Store, cast: Cast, desk: Desk, now: datetime
) -> None:
    desk.file(now, "No pay")
    with statements(store) as asked, store.reading() as session:
        team.loads(session, cast.actor("boris"), ZoneInfo("UTC"), now)
    steps = plan_of(store, next(one for one in asked if "GROUP BY" in one[0]))
    assert "ix_case_status" in steps[0]
    assert not any(step.startswith("SCAN") for step in steps)
