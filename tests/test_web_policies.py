"""Promises and deadlines, as a browser sees them."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from casework.db import Store
from casework.deadlines import policing, promised, promises, versions
from casework.deadlines.amending import promise_typed, severities_typed
from casework.deadlines.policies import DEFAULT, SOURCES
from casework.models import Case
from casework.vocabulary import Category, Promise, Severity
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.webhelp import Browser, build, file_case, give_accounts
from webadmin import policy_words, trying


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    return build(store, clock)


@pytest.fixture
def boris(app: Flask) -> Browser:
    return _signed_in(app, "boris")


@pytest.fixture
def asha(app: Flask) -> Browser:
    return _signed_in(app, "asha")


def _signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def _form(
    promise: Promise, category: Category | None = None, number: int = 0, **more: str
) -> dict[str, str]:
    fields = {name.replace("_", "-"): text for name, text in more.items()}
    typed = promise_typed(DEFAULT, promise, category)
    return {**typed, "number": str(number), "why": "Agreed with the union", **fields}


def _due(store: Store, case: Case, promise: Promise) -> datetime:
    with store.reading() as session:
        found = promises.of_case(session, case.id)
        return next(clock.due_at for clock in found if clock.promise is promise)


def test_every_promise_is_told_with_its_source_and_what_starts_and_keeps_it(asha: Browser) -> None:
    asha.get("/factories")
    assert 'href="/policies"' in asha.page
    asha.get("/policies")
    for promise in Promise:
        assert SOURCES[promise] in asha.text
    assert "It is kept when A person acknowledges the complaint." in asha.text
    assert "not promised" in asha.text
    assert "Nothing was changed yet" in asha.text
    assert "2 working days after it was due Supervisors" in asha.text
    assert "/edit" not in asha.page
    assert 'href="/policies/triage"' not in asha.page


def test_every_action_that_matters_to_a_promise_has_a_sentence() -> None:
    assert set(policy_words.HAPPENS) == promised.MATTERS


def test_all_that_start_together_are_those_of_the_rules() -> None:
    for action, _text in trying.ALL.values():
        assert len([rule for rule in promised.RULES.values() if action in rule.starts]) > 1


def test_a_promise_is_changed_for_everybody_and_the_history_tells_it(
    boris: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now)
    boris.get("/policies/acknowledge")
    assert "every worker is told this date" in boris.text
    assert 'name="pauses-serious"' not in boris.page
    form = _form(Promise.ACKNOWLEDGE, span_serious="20 hours")
    boris.post("/policies/acknowledge", form, follow_redirects=True)
    assert "Saved. 1 due time moved." in boris.text
    assert "Version 1, by Boris Agreed with the union" in boris.text
    assert "Acknowledgement · Serious Now: 20 hours Before: 2 days" in boris.text
    assert _due(store, case, Promise.ACKNOWLEDGE) == now + timedelta(hours=20)
    boris.get(f"/cases/{case.reference}")
    assert "Boris changed what is promised and until when." in boris.text
    moved = "Acknowledgement: due 21 Nov 2026, 13:00 instead of 26 Nov 2026, 17:00."
    assert moved in boris.text


def test_the_history_of_a_case_tells_what_is_promised_now_and_what_is_no_more(
    boris: Browser, store: Store, cast: Cast, now: datetime, clock: Clock
) -> None:
    case = file_case(store, cast, now)
    boris.get("/policies/protection")
    boris.post("/policies/protection", _form(Promise.PROTECTION, span_serious=""))
    boris.get("/policies/protection")
    boris.post("/policies/protection", _form(Promise.PROTECTION, number=1))
    boris.get(f"/cases/{case.reference}")
    assert "Interim protection: no longer promised. It was due 27 Nov 2026, 17:00." in boris.text
    assert "Interim protection: promised now, due 27 Nov 2026, 17:00." in boris.text


def test_a_mistake_stands_at_its_field_and_nothing_typed_is_lost(
    boris: Browser, store: Store
) -> None:
    boris.get("/policies/investigate")
    form = _form(
        Promise.INVESTIGATE,
        span_serious="a while",
        chain_minor="75% boss",
        exact_standard="yes",
        span_standard="44 days",
        why="",
    )
    assert boris.post("/policies/investigate", form).status_code == 422
    for field in ("span-serious", "chain-minor", "why"):
        assert f'id="wrong-{field}"' in boris.page
    for kept in ('value="a while"', ">75% boss</textarea>", 'value="44 days"'):
        assert kept in boris.page
    assert 'name="exact-standard" value="yes" checked' in boris.page
    assert "Nothing is saved yet" in boris.text
    boris.post("/policies/acknowledge", _form(Promise.ACKNOWLEDGE, span_minor="9 days"))
    assert "At most 7 days, or 5 working days" in boris.text
    with store.reading() as session:
        assert versions.versions(session) == []


def test_the_second_of_two_who_edit_at_once_is_told_and_can_save_on_purpose(
    app: Flask, boris: Browser, store: Store
) -> None:
    chen = _signed_in(app, "chen")
    boris.get("/policies/triage")
    chen.get("/policies/remedy")
    boris.post("/policies/triage", _form(Promise.TRIAGE, span_minor="9 days"))
    form = _form(Promise.REMEDY, span_minor="80 days")
    assert chen.post("/policies/remedy", form).status_code == 422
    assert "Somebody changed the policy while you did." in chen.text
    assert 'value="80 days"' in chen.page
    assert 'name="number" value="1"' in chen.page
    assert chen.post("/policies/remedy", {**form, "number": "1"}).status_code == 302
    for number in ("", "x", "-1"):
        chen.get("/policies/remedy")
        assert chen.post("/policies/remedy", {**form, "number": number}).status_code == 422
    with store.reading() as session:
        policy = policing.current(session)
    spans = [
        str(policy.lines[one, Severity.MINOR].span) for one in (Promise.TRIAGE, Promise.REMEDY)
    ]
    assert spans == ["9 days", "80 days"]


def test_a_category_gets_an_exception_and_gives_it_back(boris: Browser, store: Store) -> None:
    page = "/policies/triage?category=WAG"
    boris.get(page)
    assert '<option value="none">not promised</option>' in boris.page
    form = _form(
        Promise.TRIAGE,
        Category.WAGES,
        rule_serious="own",
        span_serious="8 hours",
        rule_minor="none",
    )
    boris.post(page, form, follow_redirects=True)
    assert "Exceptions by category" in boris.text
    assert "Triage · Serious · Wages Now: 8 hours Before: as for the others" in boris.text
    boris.get("/policies/triage")
    assert 'href="/policies/triage?category=WAG"' in boris.page
    boris.get("/policies/acknowledge?category=WAG")
    assert '<option value="none"' not in boris.page
    boris.get(page)
    boris.post(page, _form(Promise.TRIAGE, Category.WAGES, number=1), follow_redirects=True)
    assert "Exceptions by category" not in boris.text
    with store.reading() as session:
        assert not policing.current(session).exceptions


def test_the_defaults_are_filled_in_again_and_saved_like_anything_else(
    boris: Browser, store: Store
) -> None:
    boris.get("/policies/triage")
    boris.post("/policies/triage", _form(Promise.TRIAGE, span_minor="9 days"))
    boris.get("/policies/triage")
    assert 'value="9 days"' in boris.page
    boris.get("/policies/triage?default=")
    assert 'value="10 days"' in boris.page
    assert 'name="number" value="1"' in boris.page
    assert boris.post("/policies/triage", _form(Promise.TRIAGE, number=1)).status_code == 302
    boris.get("/policies/triage")
    assert boris.post("/policies/triage", _form(Promise.TRIAGE, number=2)).status_code == 422
    assert "Nothing differs from what holds already." in boris.text


def test_warnings_pauses_and_check_ins_have_a_form_of_their_own(
    boris: Browser, store: Store
) -> None:
    boris.get("/policies/severities")
    assert "+2 working days supervisors" in boris.page
    typed = {**severities_typed(DEFAULT), "number": "0", "why": "Short of people"}
    wrong = {**typed, "pause-minor": "100", "check-ins-minor": "soon", "pause-critical": "3"}
    assert boris.post("/policies/severities", wrong).status_code == 422
    assert 'value="100"' in boris.page
    assert 'value="soon"' in boris.page
    good = {**typed, "pause-minor": "10", "chain-minor": "80% owner\r\n100% owner, admins"}
    boris.post("/policies/severities", good, follow_redirects=True)
    assert "Pauses at most · Minor Now: 10 days Before: 30 days" in boris.text
    assert "After 80% of the time: Who handles the case." in boris.text
    with store.reading() as session:
        assert policing.current(session).pause_at_most[Severity.MINOR] == 10


def test_handlers_read_and_only_supervisors_and_administrators_change(
    app: Flask, asha: Browser
) -> None:
    for path in ("/policies/triage", "/policies/severities"):
        assert asha.get(path).status_code == 403
        asha.get("/policies")
        assert asha.post(path, _form(Promise.TRIAGE)).status_code in (400, 403)
    assert asha.get("/policies").status_code == asha.get("/policies/try").status_code == 200
    assert _signed_in(app, "brigitte").get("/policies").status_code == 403
    chen = _signed_in(app, "chen")
    assert chen.get("/policies/triage").status_code == 200
    for path in ("/policies/lunch", "/policies/triage?category=XXX"):
        assert chen.get(path).status_code == 404


def test_what_a_complaint_of_friday_evening_would_be_promised(asha: Browser) -> None:
    asha.get("/policies/try?severity=serious&category=WAG&promise=all-file&moment=2026-11-20T18:40")
    assert "Serious · Wages" in asha.text
    assert "Due Thursday, 26 November 2026, 17:00 Asia/Phnom_Penh" in asha.text
    assert "Monday, 23 November 2026 is not a working day ( Water Festival )." in asha.text
    assert "After 50% of the time Who handles the case Monday, 23 November 2026" in asha.text
    for promise in ("Acknowledgement", "Triage", "First reply", "Interim protection"):
        assert f"</svg>{promise}</h3>" in asha.page


def test_a_pause_is_tried_out_and_says_where_it_does_not_count(asha: Browser) -> None:
    pause = "&pause_from=2026-11-23T09:00&pause_until=2026-12-24T09:00&moment=2026-11-20T18:40"
    asha.get(f"/policies/try?severity=serious&promise=investigate{pause}")
    assert "Due Monday, 4 January 2027, 17:00" in asha.text
    assert "A case may be paused for 14 days in all" in asha.text
    asha.get(f"/policies/try?severity=serious&promise=acknowledge{pause}")
    assert "This promise does not pause: its time goes on." in asha.text
    for wrong, said in (
        ("pause_from=2026-11-23T09:00", "Give both"),
        ("pause_from=2026-11-23T09:00&pause_until=2026-11-22T09:00", "A pause ends after"),
        ("severity=minor&promise=protection", "does not promise this"),
        ("severity=x", "Choose severity, promise, day and time."),
        ("moment=9999-12-31T10:00", "Choose severity, promise, day and time."),
        ("office=99999999999999999999", "Due"),
        ("category=XXX", "Due"),
    ):
        assert asha.get(f"/policies/try?{wrong}").status_code == 200
        assert said in asha.text, wrong


def test_a_poster_promises_what_holds_on_the_day_it_is_printed(boris: Browser) -> None:
    boris.get("/factories/GT7KM/poster?lang=en")
    assert "A person answers you within 7 days." in boris.text
    boris.get("/policies/acknowledge")
    boris.post("/policies/acknowledge", _form(Promise.ACKNOWLEDGE, span_minor="3 days"))
    boris.get("/factories/GT7KM/poster?lang=en")
    assert "A person answers you within 3 days." in boris.text


def test_a_try_counts_by_the_policy_that_holds(boris: Browser) -> None:
    boris.get("/policies/acknowledge")
    boris.post("/policies/acknowledge", _form(Promise.ACKNOWLEDGE, span_serious="5 hours"))
    boris.get("/policies/try?severity=serious&promise=acknowledge&moment=2026-11-20T18:40")
    assert "Due Friday, 20 November 2026, 23:40" in boris.text
