"""The remedy of a case in the browser: its pages, forms and what they refuse."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import select

from casework.db import Store
from casework.models import AccessLog, Case, LedgerEntry, RemedyAction, SupplierContact
from casework.vocabulary import RemedyState, Status
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.webhelp import Browser, build, file_case, give_accounts

DRAFT = {
    "kind": "pay",
    "owner": "factory",
    "what": "Pay the missing wages",
    "proof": "Transfer list",
    "due_on": "2026-12-20",
    "issue": "WAG:unpaid",
}


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    return build(store, clock)


@pytest.fixture
def case(store: Store, cast: Cast, now: datetime) -> Case:
    return file_case(store, cast, now)


@pytest.fixture
def asha(app: Flask, case: Case) -> Browser:
    browser = Browser(app)
    browser.sign_in("asha")
    browser.step(case, "acknowledge")
    browser.step(case, "investigate")
    return browser


def at(case: Case, path: str = "") -> str:
    return f"/cases/{case.reference}/remedy{path}"


def send(browser: Browser, page: str, to: str, **form: str) -> str:
    """Fill in a form of a page and follow to what comes of it."""
    browser.get(page)
    browser.post(to, {"seen": browser.seen, **form}, follow_redirects=True)
    return browser.text


def add(browser: Browser, case: Case, **more: str) -> str:
    return send(browser, at(case, "/new"), at(case, "/new"), **{**DRAFT, **more})


def only(store: Store) -> RemedyAction:
    with store.reading() as session:
        return session.exec(select(RemedyAction)).one()


def test_a_plan_is_made_proposed_claimed_verified_and_looked_at_again(
    app: Flask, asha: Browser, case: Case, store: Store, clock: Clock
) -> None:
    asha.get(at(case))
    assert "Nothing is planned yet" in asha.text
    assert "The action is in the plan" in add(asha, case)
    assert "Wages · Unpaid" in asha.text
    action = only(store)
    asha.get(at(case))
    assert "1. Pay the missing wages" in asha.page  # a first draft for the worker
    asha.step(case, "propose-remedy", "The factory pays by Friday.")
    page, path = at(case, f"/{action.id}"), at(case, f"/{action.id}/step")
    send(asha, page, path, step="claimed", words="The manager says so")
    verify = {"done": "yes", "how": "payment-proof", "on": "2026-11-20", "words": "Seen"}
    refused = send(asha, page, page + "/verify", **verify)
    assert "Nobody verifies their own work" in refused
    dilani = Browser(app)
    dilani.sign_in("dilani")
    assert "Verify it" in send(dilani, page, page + "/verify", **{**verify, "how": ""})
    assert "Say how it was checked" in dilani.text
    done = send(dilani, page, page + "/verify", **verify, again_on="2026-12-01")
    assert "Verified." in done
    assert "Proof of payment" in done
    assert only(store).state is RemedyState.VERIFIED
    dilani.get("/")
    assert "Remedies to look at" not in dilani.text
    clock.at += timedelta(days=12)
    dilani.sign_in("dilani")
    dilani.get("/")
    assert "Remedies to look at" in dilani.text
    assert case.reference in dilani.text
    send(dilani, page, page + "/again", still_so="yes", words="Paid again this month")
    assert "Looked at again: it is still so" in dilani.text
    send(dilani, page, page + "/again", still_so="no", words="Not this month")
    assert only(store).state is RemedyState.OPEN


def test_who_proposes_from_the_plan_can_say_that_it_is_in_the_workers_language(
    asha: Browser, case: Case, app: Flask, store: Store
) -> None:
    add(asha, case)
    dilani = Browser(app)
    dilani.sign_in("dilani")
    dilani.get(at(case))
    proposal = dilani.page.partition('id="propose"')[2].partition("</form>")[0]
    assert 'name="as_is"' in proposal
    assert 'name="declared"' in proposal
    assert "is sent as you write it" not in proposal
    form = {"seen": dilani.seen, "action": "propose-remedy", "text": "ငွေပေးပါမည်။"}
    dilani.post(f"/cases/{case.reference}/step", {**form, "as_is": "yes", "declared": "yes"})
    with store.reading() as session:
        assert session.get_one(Case, case.id).status is Status.REMEDYING


def test_what_is_missing_is_said_and_what_was_typed_stays(asha: Browser, case: Case) -> None:
    assert "Choose what kind of action it is" in add(asha, case, kind="")
    assert "Pay the missing wages" in asha.page
    assert "Choose who does it" in add(asha, case, owner="")
    assert "Choose the day by which it is done" in add(asha, case, due_on="soon")
    assert "Choose who of the office does it" in add(asha, case, owner="office")
    assert "the name of the organisation" in add(asha, case, owner="other")
    assert "does not end the business" in add(asha, case, kind="other")
    assert "The action is in the plan" in add(asha, case, kind="other", no_ending="yes")


def test_somebody_changed_the_case_meanwhile(asha: Browser, case: Case, store: Store) -> None:
    asha.get(at(case, "/new"))
    answer = asha.post(at(case, "/new"), {"seen": "1", **DRAFT})
    assert answer.status_code == 409
    assert "Somebody changed this case" in asha.text
    with store.reading() as session:
        assert session.exec(select(RemedyAction)).first() is None


def test_an_action_is_changed_dropped_and_opened_again(
    asha: Browser, case: Case, store: Store
) -> None:
    add(asha, case)
    page = at(case, f"/{only(store).id}")
    edited = send(asha, page + "/edit", page + "/edit", **{**DRAFT, "what": "Pay it all"})
    assert "Pay it all" in edited
    assert "Say why" in send(asha, page, page + "/step", step="dropped")
    assert "Dropped" in send(asha, page, page + "/step", step="dropped", words="Twice")
    asha.get(page + "/edit")
    send(asha, page, page + "/step", step="reopened", words="After all")
    assert only(store).state is RemedyState.OPEN
    assert asha.post(page + "/step", {"seen": "x", "step": "nonsense"}).status_code in (400, 409)


def test_money_is_typed_as_the_reader_writes_it_and_refused_where_it_is_not(
    asha: Browser, case: Case, store: Store
) -> None:
    page = at(case)
    assert "Say who the people are" in send(asha, page, page + "/groups", label=" ", persons="1")
    assert "a number from 1" in send(asha, page, page + "/groups", label="Sewers", persons="few")
    send(asha, page, page + "/groups", label="Twelve sewers", persons="12")
    found = re.search(r'<option value="(\d+)"[^>]*>Twelve sewers', asha.page)
    assert found
    form = {"group": found[1], "kind": "owed", "currency": "USD", "day": "2026-11-20"}
    assert "USD 1,234.50 are owed" in send(asha, page, page + "/money", amount="1,234.50", **form)
    wrong = send(asha, page, page + "/money", amount="1.234,50", **form)
    assert "“1.234,50” is no amount of USD. Write it like 1,234.50." in wrong
    assert 'value="1.234,50"' in asha.page
    paid = {**form, "kind": "paid"}
    send(asha, page, page + "/money", amount="2,000", **paid)
    assert "Paid too much: USD 765.50" in asha.text
    with store.reading() as session:
        entry = session.exec(select(LedgerEntry).where(LedgerEntry.amount == 200_000)).one()
    path = f"{page}/money/{entry.id}/reverse"
    assert "Say in a few words" in send(asha, page, path, note="")
    send(asha, page, path, note="A slip")
    assert "Paid too much" not in asha.text
    assert "taken back already" in send(asha, page, path, note="Again")
    assert asha.post(f"{page}/money/1/reverse", {"seen": asha.seen}).status_code == 404
    asha.get(f"/cases/{case.reference}")
    assert "Owed: USD 1,234.50" in asha.text


def test_every_look_at_a_remedy_is_written_down(
    asha: Browser, case: Case, store: Store, cast: Cast
) -> None:
    add(asha, case)
    with store.reading() as session:
        before = len(session.exec(select(AccessLog).where(AccessLog.what == "remedy")).all())
    asha.get(at(case))
    asha.get(at(case, f"/{only(store).id}"))
    asha.get(at(case, "/plan"))
    with store.reading() as session:
        rows = session.exec(select(AccessLog).where(AccessLog.what == "remedy")).all()
    assert len(rows) == before + 3
    assert {row.staff_id for row in rows} == {cast.asha.id}


def test_the_plan_for_colleagues_names_the_case_and_the_one_for_the_factory_does_not(
    asha: Browser, case: Case, store: Store
) -> None:
    send(asha, at(case), at(case, "/contacts"), name="Mr Lim", organisation="", email="")
    found = re.search(r"/contacts/(\d+)/link", asha.page)
    assert found
    text = "Look at all wages of this year and pay what is missing."
    for_factory = {"contact": found[1], "for_factory": text}
    assert "tick the box to say that it names nobody" in add(asha, case, **for_factory)
    add(asha, case, **for_factory, names_nobody="yes")
    asha.get(at(case, "/plan"))
    assert case.reference in asha.text
    assert "Pay the missing wages" in asha.text
    asha.get(f"/asked-of/{found[1]}")
    assert text in asha.text
    for mark in (case.reference, "Pay the missing wages", "Wages", "Transfer list", "Asha"):
        assert mark not in asha.page, mark


def test_a_case_that_one_may_not_see_has_no_remedy_either(
    app: Flask, asha: Browser, case: Case, store: Store
) -> None:
    add(asha, case)
    action = only(store)
    send(asha, at(case), at(case, "/contacts"), name="Mr Lim")
    with store.writing() as session:
        session.get_one(Case, case.id).restricted = True
        contact = session.exec(select(SupplierContact.id)).one()
    paths = (at(case), at(case, "/new"), at(case, f"/{action.id}"), at(case, "/plan"))
    for path in paths:
        assert asha.get(path).status_code == 404
    assert asha.get(f"/asked-of/{contact}").status_code == 404
    other = Browser(app)
    other.sign_in("dilani")
    for path in (*paths, f"/asked-of/{contact}"):
        assert other.get(path).status_code == 200
    assert other.get(at(case, "/1")).status_code == 404
