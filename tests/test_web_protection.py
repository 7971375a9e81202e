"""Ties, declarations, scopes and warnings in the case tracker."""

from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import select

from casework import cases, conflicts
from casework.db import Store
from casework.models import AccessLog, Case, Factory, Staff, StaffEvent, Tie
from casework.vocabulary import Action, Category, StaffAct
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.desk import Desk
from tests.protecting import accuse
from tests.webhelp import Browser, build, file_case, give_accounts


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    return build(store, clock)


def _in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def test_a_handler_declares_a_tie_to_a_case_and_does_not_see_it_any_more(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now)
    Desk(store, cast).assign(case.reference, now, "asha")
    asha = _in(app, "asha")
    asha.get(f"/cases/{case.reference}/tie")
    assert asha.post(f"/cases/{case.reference}/tie", {"words": " "}).status_code == 422
    assert "Say in a few words" in asha.text
    asha.post(f"/cases/{case.reference}/tie", {"words": "She is my aunt"}, follow_redirects=True)
    assert "You do not see this case any more" in asha.text
    assert asha.get(f"/cases/{case.reference}").status_code == 404
    boris = _in(app, "boris")
    boris.get("/notices")
    assert "Who handled it may not see it any more" in boris.text
    boris.get("/team/ties")
    assert "She is my aunt" in boris.text
    with store.reading() as session:
        (read,) = session.exec(select(AccessLog).where(AccessLog.what == "tie"))
        assert (read.staff_id, read.case_id) == (cast.boris.id, case.id)
        tie = session.exec(select(Tie)).one()
        assert b"aunt" not in tie.words_sealed
    boris.post(f"/team/ties/{tie.id}/end", follow_redirects=True)
    assert "The tie has ended" in boris.text
    assert asha.get(f"/cases/{case.reference}").status_code == 200
    assert "Sees it again: Asha." in asha.text


def test_a_tie_to_a_brand_is_declared_under_the_account(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now)
    asha = _in(app, "asha")
    assert "Your ties" in asha.get("/account").text
    asha.get("/account/ties")
    asha.post("/account/ties", {"to": "brand:NONE", "words": "x"})
    assert "Choose a factory or a brand." in asha.text
    form = {"to": "brand:AURORA", "words": "They paid me"}
    asha.post("/account/ties", form, follow_redirects=True)
    assert "You do not see these cases any more" in asha.text
    assert "They paid me" in asha.text
    assert asha.get(f"/cases/{case.reference}").status_code == 404
    asha.get("/account/ties")
    assert asha.post("/account/ties", form).status_code == 422
    assert "already" in asha.text


def test_the_form_of_a_deciding_step_asks_once_for_the_declaration(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now)
    asha = _in(app, "asha")
    asha.step(case, "acknowledge")
    asha.step(case, "assess")
    assert "I have no tie to anybody in this case" in asha.text
    form = {"seen": asha.seen, "action": "investigate"}
    answer = asha.post(f"/cases/{case.reference}/step", form)
    assert answer.status_code == 422
    assert "Say first that you have no tie" in asha.text
    asha.step(case, "investigate")
    assert "Signed to have no tie to anybody in the case." in asha.text
    assert "I have no tie to anybody in this case" not in asha.text


def test_who_takes_a_case_is_asked_there(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now)
    asha = _in(app, "asha")
    asha.get(f"/cases/{case.reference}")
    assert "Before you decide anything" not in asha.text
    form = {"seen": asha.seen, "assignee": str(cast.asha.id)}
    asha.post(f"/cases/{case.reference}/assign", form, follow_redirects=True)
    assert "Before you decide anything" in asha.text
    asha.post(f"/cases/{case.reference}/declare", {"seen": asha.seen}, follow_redirects=True)
    assert "Asha signed to have no tie to anybody in the case." in asha.text
    assert "Before you decide anything" not in asha.text
    stale = asha.post(f"/cases/{case.reference}/declare", {"seen": "1"})
    assert stale.status_code == 409


def test_who_may_not_see_a_case_is_not_among_those_it_can_be_given_to(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now)
    asha = _in(app, "asha")
    asha.get(f"/cases/{case.reference}")
    assert f'value="{cast.dilani.id}"' in asha.page
    with store.writing() as session:
        row = session.get_one(Case, case.id)
        accuse(session, row, now, session.get_one(Staff, cast.dilani.id))
        conflicts.refresh(session, row, now, cast.actor("asha"))
    asha.get(f"/cases/{case.reference}")
    assert f'value="{cast.dilani.id}"' not in asha.page
    assert "does not see it any more: Dilani." in asha.text


def test_an_admin_sets_scopes_and_they_are_written_down(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    here, elsewhere = file_case(store, cast, now), file_case(store, cast, now)
    with store.writing() as session:
        session.get_one(Case, elsewhere.id).factory_id = None
    Desk(store, cast).assign(elsewhere.reference, now, "asha")
    chen, path = _in(app, "chen"), f"/staff/{cast.asha.id}"
    chen.get(path)
    form = {"name": "Asha", "role": "handler", "zone": "UTC", "language": "en", "active": "yes"}
    form |= {"organisation": "Workers' Desk", "may_identify": "yes"}
    assert chen.post(path, {**form, "factories": "NONE"}).status_code == 422
    assert "One of these factories" in chen.text
    scoped = {**form, "factories": "GT7KM", "languages": ["km", "my"]}
    chen.post(path, scoped, follow_redirects=True)
    assert "Factories: all → GT7KM" in chen.text
    assert "Languages: all → Khmer, Burmese" in chen.text
    chen.get(path)
    assert 'id="factory-GT7KM" value="GT7KM" checked' in chen.page
    asha = _in(app, "asha")
    assert asha.get(f"/cases/{here.reference}").status_code == 200
    assert asha.get(f"/cases/{elsewhere.reference}").status_code == 404
    with store.reading() as session:
        assert session.get_one(Case, elsewhere.id).assignee_id is None
    asha.get("/account")
    own = {"name": "Asha A.", "language": "en", "zone": "UTC"}
    asha.post("/account", own, follow_redirects=True)
    chen.get(path)
    assert 'value="GT7KM" checked' in chen.page
    chen.post(path, form, follow_redirects=True)
    assert asha.get(f"/cases/{elsewhere.reference}").status_code == 200
    with store.reading() as session:
        changed = session.exec(select(StaffEvent).where(StaffEvent.what == StaffAct.CHANGED)).all()
        assert [set(one.data) for one in changed] == [{"factories", "languages"}] * 2


def test_a_new_organisation_hides_cases_that_accuse_it(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now)
    with store.writing() as session:
        row = session.get_one(Case, case.id)
        accuse(session, row, now, organisation="Golden Recruiters")
        conflicts.refresh(session, row, now, cast.actor("chen"))
    asha = _in(app, "asha")
    assert asha.get(f"/cases/{case.reference}").status_code == 200
    chen = _in(app, "chen")
    chen.get(f"/staff/{cast.asha.id}")
    form = {"name": "Asha", "role": "handler", "zone": "UTC", "language": "en", "active": "yes"}
    chen.post(f"/staff/{cast.asha.id}", {**form, "organisation": "golden recruiters Ltd"})
    assert asha.get(f"/cases/{case.reference}").status_code == 404


def test_supervisors_are_told_that_a_case_is_seen_by_nobody_but_not_which(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now)
    boris = _in(app, "boris")
    assert "nobody may see" not in boris.get("/").text
    with store.writing() as session:
        row = session.get_one(Case, case.id)
        accuse(session, row, now, organisation="Workers' Desk")
        conflicts.refresh(session, row, now, cast.actor("chen"))
    boris.get("/")
    assert "There is an open case that nobody may see" in boris.text
    assert case.reference not in boris.page


def test_a_new_supplier_of_a_brand_is_closed_to_who_has_a_tie_to_it(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now)
    asha, boris = _in(app, "asha"), _in(app, "boris")
    asha.get("/account/ties")
    asha.post("/account/ties", {"to": "brand:BOREALIS", "words": "A friend"})
    assert asha.get(f"/cases/{case.reference}").status_code == 200
    boris.get("/factories/GT7KM/brands/new")
    form = {"brand": "BOREALIS", "scope": "supply-chain", "since": "2025-01-01"}
    assert boris.post("/factories/GT7KM/brands/new", form).status_code == 302
    assert asha.get(f"/cases/{case.reference}").status_code == 404


@pytest.mark.parametrize(
    ("action", "warning"),
    [
        (Action.NOTIFY_FACTORY, "Brands threaten to end the business"),
        (Action.INVESTIGATE, "Who asks about one line"),
    ],
)
def test_a_step_that_could_hurt_the_worker_warns_first(
    app: Flask, store: Store, cast: Cast, now: datetime, action: Action, warning: str
) -> None:
    case = file_case(store, cast, now, category=Category.HARASSMENT, kind="sexual")
    dilani = _in(app, "dilani")
    dilani.step(case, "acknowledge")
    dilani.get(f"/cases/{case.reference}")
    assert warning in dilani.text
    assert "In a restricted case the worker decides" in dilani.text
    assert f'value="{action.value}"' in dilani.page
    mild = file_case(store, cast, now, category=Category.DORMITORY, kind="food")
    dilani.step(mild, "acknowledge")
    assert "Brands threaten" not in dilani.text
    assert "In a restricted case" not in dilani.text


def test_a_factory_that_is_renamed_to_ones_employer_is_closed(
    store: Store, cast: Cast, now: datetime, app: Flask
) -> None:
    case = file_case(store, cast, now)
    boris, asha = _in(app, "boris"), _in(app, "asha")
    boris.get("/factories/GT7KM/edit")
    form = {"name": "Workers’ Desk", "country": "KH", "zone": "Asia/Phnom_Penh", "active": "yes"}
    assert boris.post("/factories/GT7KM/edit", form).status_code == 302
    assert asha.get(f"/cases/{case.reference}").status_code == 404
    with store.reading() as session:
        factory = session.exec(select(Factory)).one()
        assert session.get_one(Staff, cast.asha.id).barred_factories == [factory.id]
        assert cases.by_reference(session, case.reference) is not None
