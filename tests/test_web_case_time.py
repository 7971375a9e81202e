"""What staff see and do about the clocks of a case: lines, pauses, more time, protection."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import select

from casework.db import Store
from casework.models import Case, Clock, Extension, Staff
from casework.vocabulary import Action, Category, Promise, Severity
from tests.conftest import Cast
from tests.desk import Desk
from tests.webhelp import Browser, build, file_case, give_accounts


@pytest.fixture
def times(now: datetime) -> list[datetime]:
    """The time the site believes it is; tests change it."""
    return [now]


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, times: list[datetime]) -> Flask:
    give_accounts(store, cast, now)
    return build(store, lambda: times[0])


@pytest.fixture
def asha(app: Flask) -> Browser:
    return _signed_in(app, "asha")


@pytest.fixture
def boris(app: Flask) -> Browser:
    return _signed_in(app, "boris")


@pytest.fixture
def desk(store: Store, cast: Cast) -> Desk:
    return Desk(store, cast)


@pytest.fixture
def case(store: Store, cast: Cast, now: datetime, desk: Desk) -> Case:
    """Serious, acknowledged, and Asha has asked Htwe something."""
    case = file_case(store, cast, now - timedelta(hours=3))
    desk.act(case.reference, Action.ACKNOWLEDGE, now - timedelta(hours=2))
    desk.act(case.reference, Action.ASK, now - timedelta(hours=1), "Which month is it?")
    return case


def _signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def _open(browser: Browser, case: Case) -> str:
    assert browser.get(f"/cases/{case.reference}").status_code == 200
    return browser.text


def _send(browser: Browser, case: Case, path: str, **form: object) -> int:
    _open(browser, case)
    sent = {"seen": browser.seen, **form}
    address = f"/cases/{case.reference}/{path}"
    return browser.post(address, sent, follow_redirects=True).status_code


def _pause(browser: Browser, case: Case) -> int:
    return _send(browser, case, "pause", action="pause", reason="answer")


def _clock(desk: Desk, case: Case, promise: Promise) -> Clock:
    return desk.clocks(case.reference)[promise]


def _ask(browser: Browser, case: Case, clock: Clock, **more: object) -> int:
    until = (clock.due_at + timedelta(days=14)).date().isoformat()
    asked = {"until": until, "reason": "factory", "text": "They promised the lists.", **more}
    return _send(browser, case, "extension", action="ask-extension", clock=str(clock.id), **asked)


def _extension(store: Store) -> Extension:
    with store.reading() as session:
        return session.exec(select(Extension)).one()


# --- lines ----------------------------------------------------------------------------------


def test_a_clock_says_when_it_is_due_where_and_how_that_comes_about(
    asha: Browser, case: Case
) -> None:
    text = _open(asha, case)
    assert "in Phnom Penh" in text
    assert "working days." in text
    assert "How this date comes about" in text
    assert "Starts with the acknowledgement" in text
    assert "If it is not kept, these are told:" in text
    assert "Supervisors" in text


def test_a_promise_that_was_kept_says_how_long_it_took(asha: Browser, case: Case) -> None:
    text = _open(asha, case)
    assert "2 promises that have ended" in text
    assert "Took 1 hour." in text


def test_a_promise_kept_late_is_counted(
    app: Flask, case: Case, times: list[datetime], desk: Desk
) -> None:
    times[0] += timedelta(days=9)
    desk.triage(case.reference, times[0])
    asha = _signed_in(app, "asha")
    assert "1 of them kept late" in _open(asha, case)
    assert "Kept late, on" in asha.text


# --- pauses ---------------------------------------------------------------------------------


def test_a_handler_pauses_the_clocks_and_lets_them_run_again(
    asha: Browser, case: Case, desk: Desk
) -> None:
    before = _clock(desk, case, Promise.INVESTIGATE).due_at
    assert _pause(asha, case) == 200
    assert "The clocks are paused." in asha.text
    assert "because we wait for the worker’s answer, at most until" in asha.text
    assert "Asha paused the clocks" in asha.text
    assert "We wait for the worker’s answer, at most until" in asha.text
    assert _clock(desk, case, Promise.INVESTIGATE).due_at > before
    assert _send(asha, case, "resume", action="resume") == 200
    assert "The clocks run again." in asha.text
    assert _clock(desk, case, Promise.INVESTIGATE).due_at == before
    assert "Let the clocks run again" not in asha.text


def test_what_the_worker_writes_ends_the_pause_and_the_case_says_so(
    asha: Browser, case: Case, desk: Desk, times: list[datetime]
) -> None:
    _pause(asha, case)
    times[0] += timedelta(hours=1)
    desk.add(case.reference, times[0], "It was October.")
    text = _open(asha, case)
    assert "The worker added something. The clocks run again." in text
    assert "Let the clocks run again" not in text


def test_a_paused_case_says_so_in_the_lists(asha: Browser, case: Case) -> None:
    _pause(asha, case)
    asha.get("/cases")
    assert "Paused until" in asha.text
    asha.get("/")
    assert "Paused until" in asha.text


def test_nobody_can_pause_a_critical_case(asha: Browser, case: Case, desk: Desk) -> None:
    desk.triage(case.reference, desk.case(case.reference).updated_at, Severity.CRITICAL)
    assert "Pause the clocks" not in _open(asha, case)
    assert _pause(asha, case) == 422
    assert "never pause" in asha.text


def test_a_stale_form_pauses_nothing(asha: Browser, case: Case, desk: Desk, now: datetime) -> None:
    _open(asha, case)
    seen = asha.seen
    desk.add(case.reference, now, "One more thing.")
    form = {"seen": seen, "action": "pause", "reason": "documents"}
    assert asha.post(f"/cases/{case.reference}/pause", form).status_code == 409
    assert "Somebody changed this case" in asha.text
    assert desk.case(case.reference).paused_until is None


# --- more time ------------------------------------------------------------------------------


def test_more_time_is_asked_for_by_one_and_given_by_another(
    asha: Browser, boris: Browser, case: Case, desk: Desk, store: Store
) -> None:
    clock = _clock(desk, case, Promise.INVESTIGATE)
    assert _ask(asha, case, clock) == 200
    assert "A supervisor decides; until then the old date holds." in asha.text
    assert "They promised the lists." in asha.text
    assert "Asha asked for more time." in asha.text
    assert _clock(desk, case, Promise.INVESTIGATE).due_at == clock.due_at
    boris.get("/")
    assert "More time asked for" in boris.text
    assert "Approve or refuse" in boris.text
    row = _extension(store)
    assert _send(boris, case, f"extension/{row.id}", answer="approve") == 200
    assert "Approved. The worker is being told the new date and why." in boris.text
    assert _clock(desk, case, Promise.INVESTIGATE).due_at == row.until
    assert "Extended from" in boris.text
    assert "Then it was extended:" in boris.text
    boris.get("/")
    assert "Approve or refuse" not in boris.text


def test_what_is_refused_stays_due_and_the_case_says_so(
    asha: Browser, boris: Browser, case: Case, desk: Desk, store: Store
) -> None:
    clock = _clock(desk, case, Promise.INVESTIGATE)
    _ask(asha, case, clock)
    assert _send(boris, case, f"extension/{_extension(store).id}", answer="refuse") == 200
    assert _clock(desk, case, Promise.INVESTIGATE).due_at == clock.due_at
    assert "was refused." in boris.text
    assert "Boris refused more time." in boris.text


def test_who_asked_does_not_decide(boris: Browser, case: Case, desk: Desk, store: Store) -> None:
    _ask(boris, case, _clock(desk, case, Promise.OUTCOME))
    assert "Somebody else decides about what you asked for." in boris.text
    assert 'value="approve"' not in boris.page
    assert _send(boris, case, f"extension/{_extension(store).id}", answer="approve") == 422
    assert "Somebody else decides about what you asked for." in boris.text
    boris.get("/")
    assert "Approve or refuse" not in boris.text


def test_a_handler_sees_that_it_waits_and_can_decide_nothing(
    asha: Browser, case: Case, desk: Desk, store: Store
) -> None:
    _ask(asha, case, _clock(desk, case, Promise.OUTCOME))
    assert 'value="approve"' not in asha.page
    assert _send(asha, case, f"extension/{_extension(store).id}", answer="approve") == 403


def test_what_was_typed_stays_when_something_is_missing(
    asha: Browser, case: Case, desk: Desk
) -> None:
    clock = _clock(desk, case, Promise.INVESTIGATE)
    assert _ask(asha, case, clock, reason="") == 422
    assert "Choose a day and a reason." in asha.text
    assert "They promised the lists." in asha.page
    assert _ask(asha, case, clock, until="2026-11-21") == 422
    assert "at most six months later" in asha.text
    assert 'value="2026-11-21"' in asha.page


def test_a_stale_decision_decides_nothing(
    asha: Browser, boris: Browser, case: Case, desk: Desk, store: Store, now: datetime
) -> None:
    _ask(asha, case, _clock(desk, case, Promise.INVESTIGATE))
    _open(boris, case)
    seen = boris.seen
    desk.add(case.reference, now, "One more thing.")
    path = f"/cases/{case.reference}/extension/{_extension(store).id}"
    assert boris.post(path, {"seen": seen, "answer": "approve"}).status_code == 409
    assert _extension(store).decided_at is None


def test_the_extension_of_another_case_is_none_of_this_one(
    asha: Browser, boris: Browser, case: Case, desk: Desk, store: Store, cast: Cast, now: datetime
) -> None:
    _ask(asha, case, _clock(desk, case, Promise.INVESTIGATE))
    other = file_case(store, cast, now)
    assert _send(boris, other, f"extension/{_extension(store).id}", answer="approve") == 400


def test_an_extension_in_a_restricted_case_is_shown_to_the_pool_alone(
    app: Flask, desk: Desk, store: Store, cast: Cast, now: datetime
) -> None:
    with store.writing() as session:
        for person in (cast.asha, cast.chen):
            session.get_one(Staff, person.id).restricted_pool = True
        session.get_one(Staff, cast.boris.id).restricted_pool = False
    case = file_case(store, cast, now, category=Category.HARASSMENT, kind="sexual")
    assert desk.case(case.reference).restricted
    desk.act(case.reference, Action.ACKNOWLEDGE, now)
    _ask(_signed_in(app, "asha"), case, _clock(desk, case, Promise.OUTCOME))
    for name, sees in (("boris", False), ("chen", True)):
        browser = _signed_in(app, name)
        browser.get("/")
        assert ("Approve or refuse" in browser.text) is sees, name


# --- protection -----------------------------------------------------------------------------


def test_protection_that_is_owed_stands_right_behind_the_next_step(
    asha: Browser, case: Case
) -> None:
    text = _open(asha, case)
    assert text.index("Next step") < text.index("Note the interim protection")
    assert text.index("Note the interim protection") < text.index("What was said")
    assert text.count("Note the interim protection") == 2  # the fold and its button
    asha.step(case, "protect", "Only this channel, agreed with Htwe.")
    assert "The interim protection is noted." in asha.text
    assert "Note the interim protection" in asha.text.rpartition("Other ways to go on")[2]


def test_a_promise_that_falls_due_says_what_keeps_it(
    app: Flask, case: Case, desk: Desk, times: list[datetime]
) -> None:
    desk.triage(case.reference, times[0])
    times[0] += timedelta(days=6)
    asha = _signed_in(app, "asha")
    asha.get("/")
    assert "Interim protection" in asha.text
    assert "Note the interim protection" in asha.text
    assert f"/cases/{case.reference}#protect" in asha.page
