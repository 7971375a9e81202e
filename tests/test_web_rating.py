"""The pages of the rating: who may read, attest, review and sign, and what each of them is told."""

import hashlib
import io
import re
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from flask import Flask
from sqlmodel import select
from werkzeug.test import TestResponse

from casework.db import Store
from casework.figures.periods import Period
from casework.figures.tables import BRAND_TABLES
from casework.models import (
    AttestedStatement,
    Brand,
    CategoryJudgement,
    Factory,
    InformationRequests,
    MechanismReview,
    ReviewAction,
    Staff,
    Supply,
)
from casework.ratings import methodology, review_rows
from casework.vocabulary import Category, Scope
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.desk import Desk
from tests.released import Numbers, release
from tests.test_attesting import PDF
from tests.webhelp import Browser, build, give_accounts

AURORA = {
    "brand": "AURORA",
    "scope": "supply-chain",
    "year": "2026",
    "methodology": "asn-living-wage",
}
STATED = {
    "address": "https://aurora.example/policy",
    "stated_on": "2026-03-01",
    "why": "Page 3, on prices",
}
BEST = {"Q1": "5", "Q2": "5", "Q3": "5", "Q4": "5", "Q5": "5", "Q6": "5"}


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    return build(store, clock, RECOURSE_PUBLIC_URL="http://desk.example")


def reader(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    assert browser.sign_in(name).status_code == 302
    return browser


def attest(browser: Browser, about: str = "Q1", **more: Any) -> TestResponse:
    browser.get("/account")
    form = {**AURORA, **STATED, "about": about, "file": (io.BytesIO(PDF), "policy.pdf"), **more}
    return browser.post("/rating/attest", form, content_type="multipart/form-data")


def complain(desk: Desk, now: datetime) -> str:
    return desk.file(now, "Our wages are late", category=Category.WAGES, kind="unpaid")


def card(browser: Browser, scope: str) -> str:
    """What stands on the page's card of a scope."""
    found = re.search(rf'aria-labelledby="card-{scope}".*?</section>', browser.page, re.DOTALL)
    assert found
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0]))


def test_without_answers_of_people_it_says_not_rated_and_never_zero(app: Flask) -> None:
    browser = reader(app, "boris")
    browser.get("/rating?brand=AURORA")
    for scope in ("own", "supply-chain"):
        assert "Not rated" in card(browser, scope)
        assert "Questions 1, 2, 3, 4, 5, 6 are not answered" in card(browser, scope)
    assert "0.00" not in browser.text


def test_with_all_answers_the_weighted_score_stands_there_for_its_scope_alone(app: Flask) -> None:
    browser = reader(app, "boris")
    for about, score in BEST.items():
        assert attest(browser, about, score=score).status_code == 302, browser.text
    browser.get("/rating?brand=AURORA&scope=supply-chain")
    # 81 hundredths of 5; questions 7 and 8 have nothing yet.
    assert "4.05 of 5" in card(browser, "supply-chain")
    assert "Not rated" in card(browser, "own")


def test_a_state_is_told_by_words_and_a_sign_and_its_basis_apart(
    app: Flask, desk: Desk, now: datetime
) -> None:
    complain(desk, now)
    browser = reader(app, "boris")
    attest(browser, "S2b")
    browser.get("/rating?brand=AURORA")
    lines = dict(
        re.findall(r'<li class="line-([\w-]+)">.*?dir="ltr">(S\w+)<', browser.page, re.DOTALL)
    )
    assert lines
    found = {
        name: " ".join(re.sub(r"<[^>]+>", " ", state).split())
        for state, name in re.findall(
            r'class="line-state">(.*?)</span>\s*<div class="line-main">.*?dir="ltr">(S\w+)</span>',
            browser.page,
            re.DOTALL,
        )
    }
    assert found["S2b"] == "Met Attested"
    assert found["S3"] == "Not evidenced"
    assert found["S2a"] == "Met Proved"


def test_the_archived_copy_has_the_hash_that_is_shown(app: Flask, store: Store) -> None:
    browser = reader(app, "brigitte")
    assert attest(browser, score="4").status_code == 302
    with store.reading() as session:
        row = session.exec(select(AttestedStatement.id)).one()
    browser.get("/rating/attestations?scope=supply-chain")
    digest = hashlib.sha256(PDF).hexdigest()
    assert digest in browser.page
    answer = browser.client.get(f"/rating/attestations/{row}/file")
    assert hashlib.sha256(answer.get_data()).hexdigest() == digest
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    answer.close()


def test_a_hash_or_a_person_can_not_be_typed(app: Flask, store: Store, cast: Cast) -> None:
    attest(reader(app, "boris"), score="4", sha256="00" * 32, staff_id=str(cast.chen.id))
    with store.reading() as session:
        row = session.exec(select(AttestedStatement)).one()
    assert row.sha256 == hashlib.sha256(PDF).digest()
    assert row.staff_id == cast.boris.id


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"address": "ftp://x"}, "begins with https://"),
        ({"stated_on": "2026-11-25"}, "A document of the future"),
        ({"expires_on": "2029-01-01"}, "by then somebody looks at it again"),
        ({"file": (io.BytesIO(b""), "")}, "Choose the archived copy"),
        ({"score": "9"}, "Choose the sentence"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(
    app: Flask, store: Store, typed: dict[str, Any], says: str
) -> None:
    browser = reader(app, "boris")
    assert attest(browser, **{"score": "4", **typed}).status_code == 422
    assert says in browser.text
    with store.reading() as session:
        assert not session.exec(select(AttestedStatement.id)).all()


def test_a_brand_neither_sees_nor_attests_for_another(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    boris, brigitte = reader(app, "boris"), reader(app, "brigitte")
    assert attest(boris, score="5", brand="BOREALIS").status_code == 302
    with store.reading() as session:
        row = session.exec(select(AttestedStatement.id)).one()
    other = {**AURORA, "brand": "BOREALIS"}
    query = "?brand=BOREALIS&scope=own"
    for path in ("/rating", "/rating/print", "/rating/attestations", "/rating/requests"):
        assert brigitte.get(path + query).status_code == 404, path
    assert brigitte.get(f"/rating/attest{query}&about=Q1").status_code == 404
    assert attest(brigitte, score="5", **other).status_code == 404
    assert brigitte.get(f"/rating/attestations/{row}/file").status_code == 404
    assert brigitte.get(f"/rating/attestations/{row}/withdraw").status_code == 404
    brigitte.get("/account")
    assert brigitte.post(f"/rating/attestations/{row}/withdraw").status_code == 404
    brigitte.get("/account")
    assert brigitte.post("/rating/requests", {**other, "answered": "all"}).status_code == 404
    brigitte.get("/rating")
    assert "Borealis" not in brigitte.page
    with store.reading() as session:
        (kept,) = session.exec(select(AttestedStatement)).all()
        assert kept.withdrawn_at is None
        assert not session.exec(select(InformationRequests)).all()


def test_a_brand_is_told_no_case_and_no_number_of_cases(
    app: Flask, desk: Desk, now: datetime
) -> None:
    references = [complain(desk, now - timedelta(days=n)) for n in (40, 41, 42)]
    boris, brigitte = reader(app, "boris"), reader(app, "brigitte")
    boris.get("/rating?brand=AURORA")
    for path in ("/rating", "/rating/print"):
        brigitte.get(path)
        assert not any(one in brigitte.page for one in references), path
        assert "Rests on cases" in brigitte.text
        assert "more case" not in brigitte.text
    assert any(one in boris.page for one in references)
    # Paper leaves the house, whoever prints it.
    boris.get("/rating/print?brand=AURORA")
    assert not any(one in boris.page for one in references)


def words(browser: Browser, path: str) -> str:
    """What stands on a page of the rating, without the tokens of its forms."""
    browser.get(path)
    main = re.search(r"<main.*?</main>", browser.page, re.DOTALL)
    assert main
    return " ".join(re.sub(r"<[^>]+>", " ", main[0]).split())


def test_a_case_of_today_changes_nothing_for_the_brand_and_on_paper_before_it_is_released(
    app: Flask, store: Store, desk: Desk, now: datetime
) -> None:
    release(store, now, "AURORA", {("received",): 0})
    boris, brigitte = reader(app, "boris"), reader(app, "brigitte")
    told = [(brigitte, "/rating"), (brigitte, "/rating/print"), (boris, "/rating/print")]
    before = [words(browser, f"{path}?brand=AURORA") for browser, path in told]
    live = words(boris, "/rating?brand=AURORA")
    assert "as of 30 Sept 2026" in before[0]
    assert "as of 20 Nov 2026" in live
    assert "Rests on cases" in before[0]
    reference = complain(desk, now - timedelta(hours=1))
    assert [words(browser, f"{path}?brand=AURORA") for browser, path in told] == before
    after = words(boris, "/rating?brand=AURORA")
    assert reference in after
    assert after != live


def test_what_was_released_counts_for_the_brand(
    app: Flask, store: Store, desk: Desk, now: datetime
) -> None:
    brigitte = reader(app, "brigitte")
    complain(desk, now - timedelta(days=60))
    before = words(brigitte, "/rating")
    release(store, now, "AURORA", {("received",): 1})
    assert words(brigitte, "/rating") != before


def test_cases_that_a_supervisor_may_not_see_are_not_named(
    app: Flask, desk: Desk, now: datetime
) -> None:
    restricted = complain(desk, now - timedelta(days=40))
    with desk.store.writing() as session:
        case = session.merge(desk.case(restricted))
        case.restricted = True
    browser = reader(app, "boris")
    browser.get("/rating?brand=AURORA")
    assert restricted not in browser.page
    assert "more case" not in browser.text


def test_of_cases_one_of_which_a_supervisor_may_not_see_the_other_alone_is_told(
    app: Flask, desk: Desk, now: datetime
) -> None:
    restricted, open_ = (complain(desk, now - timedelta(days=n)) for n in (40, 41))
    with desk.store.writing() as session:
        session.merge(desk.case(restricted)).restricted = True
    browser = reader(app, "boris")
    browser.get("/rating?brand=AURORA")
    assert open_ in browser.page
    assert restricted not in browser.page
    assert "more case" not in browser.text


def test_what_is_asked_to_be_made_public_is_not_the_exact_number(
    app: Flask, store: Store, desk: Desk, now: datetime
) -> None:
    for days in range(1, 4):
        complain(desk, now - timedelta(days=days))
    boris, brigitte = reader(app, "boris"), reader(app, "brigitte")
    boris.get("/rating?brand=AURORA")
    assert "Make them public" not in boris.text
    numbers: Numbers = {
        ("received", "scope", "supply-chain", "wage", wage): count
        for wage, count in (("below-living-wage", 17), ("other-wages", None))
    }
    release(store, now, "AURORA", numbers, period=Period.year(2026), tables=BRAND_TABLES)
    for browser, exact in ((boris, 1), (brigitte, 0)):
        browser.get("/rating?brand=AURORA")
        tables = re.findall(r'<table class="wage-years">.*?</table>', browser.page, re.DOTALL)
        assert len(tables) == exact + 1
        assert "with a plan" not in tables[0]
        assert not exact or "with a plan" in tables[1]
        first = re.search(r"<th scope=\"row\">2026</th>(.*?)</tr>", tables[0], re.DOTALL)
        assert first
        assert re.sub(r"<[^>]+>", " ", first[1]).split() == ["17", "hidden"]
        asked, shown = (browser.page.index(one) for one in ("Make them public", tables[0]))
        assert asked < shown


def test_a_withdrawn_attestation_stays_in_the_list_and_counts_no_more(
    app: Flask, store: Store
) -> None:
    browser = reader(app, "brigitte")
    for about, score in BEST.items():
        attest(browser, about, score=score)
    with store.reading() as session:
        row = session.exec(select(AttestedStatement.id)).first()
    browser.get(f"/rating/attestations/{row}/withdraw")
    assert "can’t be undone" in browser.text
    assert browser.post(f"/rating/attestations/{row}/withdraw").status_code == 302
    browser.get("/rating/attestations")
    assert "Withdrawn" in browser.text
    browser.get("/rating")
    assert "Question 1 is not answered" in card(browser, "supply-chain")
    assert browser.get(f"/rating/attestations/{row}/withdraw").status_code == 404


def test_how_requests_were_answered_is_noted(app: Flask, store: Store) -> None:
    browser = reader(app, "brigitte")
    browser.get("/rating/requests")
    assert browser.post("/rating/requests", {**AURORA, "answered": "most"}).status_code == 422
    sent = browser.post("/rating/requests", {**AURORA, "answered": "some", "why": "Two NGOs"})
    assert sent.status_code == 302
    browser.get("/rating")
    assert "Some were answered" in browser.text
    assert "Two NGOs" in browser.text


def test_a_category_needs_its_reason_and_shows_the_score_it_was_given_on(
    app: Flask, store: Store
) -> None:
    browser = reader(app, "chen")
    browser.get("/rating?brand=AURORA")
    form = {**AURORA, "category": "maturing"}
    assert browser.post("/rating/category", {**form, "why": "Good."}).status_code == 422
    assert "at least a sentence" in browser.text
    why = "The policy is there, and it changes what is paid."
    assert browser.post("/rating/category", {**form, "why": why}).status_code == 302
    browser.get("/rating?brand=AURORA")
    assert "maturing" in card(browser, "supply-chain")
    assert "maturing" not in card(browser, "own")
    assert why in browser.text
    assert "not rated at that time" in browser.text
    with store.reading() as session:
        assert session.exec(select(CategoryJudgement.score)).one() == ""


def test_a_category_is_given_on_the_score_that_the_brand_reads(
    app: Flask, store: Store, desk: Desk, now: datetime
) -> None:
    chen, brigitte = reader(app, "chen"), reader(app, "brigitte")
    for about, score in {**BEST, "S2b": ""}.items():
        assert attest(chen, about, score=score).status_code == 302, chen.text
    complain(desk, now - timedelta(hours=1))
    chen.get("/rating?brand=AURORA")
    # The case of today shows that the channel works, so there is a mechanism: 7 per cent of 2 points.
    assert "4.19 of 5" in card(chen, "supply-chain")
    why = "The policy is there, and it changes what is paid."
    form = {**AURORA, "category": "maturing", "why": why}
    assert chen.post("/rating/category", form).status_code == 302
    for browser, path in ((brigitte, "/rating"), (brigitte, "/rating/print")):
        browser.get(path)
        assert "4.05" in browser.text
        assert "4.19" not in browser.text, path
    with store.reading() as session:
        assert Fraction(session.exec(select(CategoryJudgement.score)).one()) == Fraction(405, 100)


def test_the_brand_reads_the_category_and_gives_none(app: Flask) -> None:
    brigitte = reader(app, "brigitte")
    brigitte.get("/rating")
    assert "Give a category" not in brigitte.text
    form = {**AURORA, "category": "leading", "why": "We are simply the best of all."}
    assert brigitte.post("/rating/category", form).status_code == 403


def test_the_page_says_what_would_lift_the_score(app: Flask) -> None:
    browser = reader(app, "boris")
    browser.get("/rating?brand=AURORA")
    assert "What would lift “Supply chain” by one step" in browser.text
    assert "Question 7" in browser.text


def test_a_second_methodology_shows_up_by_itself(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = methodology.parse(
        """
id = "wages-short"
name = "A short look at wages"
source = "Nobody"
highest = 3
categories = ["low", "high"]
[[question]]
number = 1
title = "Is there a policy?"
reference = ""
weight = 100
kind = "attested"
rungs = [{ score = 3, row = "1", text = "Yes." }, { score = 0, row = "2", text = "No." }]
"""
    )
    asn = methodology.load("asn-living-wage")
    known = {"asn-living-wage": asn, "wages-short": other}
    monkeypatch.setattr(methodology, "names", lambda: tuple(known))
    monkeypatch.setattr(methodology, "load", known.__getitem__)
    browser = reader(app, "boris")
    browser.get("/rating?brand=AURORA")
    assert "A short look at wages" in browser.text
    assert attest(browser, "Q1", score="3", methodology="wages-short").status_code == 302
    browser.get("/rating?brand=AURORA&methodology=wages-short")
    assert "3.00 of 3" in card(browser, "supply-chain")
    browser.get("/rating?brand=AURORA")
    assert "Not rated" in card(browser, "supply-chain")


@pytest.mark.parametrize(
    "query",
    ["brand=NOBODY", "brand=AURORA&year=2027", "brand=AURORA&year=1066", "methodology=none"],
)
def test_what_is_not_there_is_not_found(app: Flask, query: str) -> None:
    assert reader(app, "boris").get(f"/rating?{query}").status_code == 404


def test_the_report_on_paper_holds_both_scopes_with_their_sources(app: Flask) -> None:
    browser = reader(app, "brigitte")
    attest(browser, score="4")
    browser.get("/rating/print")
    assert "https://aurora.example/policy" in browser.text
    for text in ("Own operations", "Supply chain", "Method", "Aurora Sportswear, 2026"):
        assert text in browser.text


# --- reviews ---------------------------------------------------------------------------------


def begin(browser: Browser, **more: str) -> str:
    browser.get("/rating/reviews/new")
    sent = browser.post("/rating/reviews/new", {"brand": "", "scope": "", "period": "2026", **more})
    assert sent.status_code == 302, browser.text
    return str(sent.location)


def write(browser: Browser, page: str) -> None:
    browser.get(page)
    words = {"participants": "Boris", "learned": "Heliotrope calls come at night.", "who": "union"}
    assert browser.post(f"{page}/write", words).status_code == 302
    browser.get(page)
    action = {"what": "Heliotrope phones", "who": "Chen", "due_on": "2027-02-01"}
    assert browser.post(f"{page}/actions", action).status_code == 302


def test_a_review_is_begun_written_and_signed_and_then_proves_that_it_is_monitored(
    app: Flask, store: Store, desk: Desk, now: datetime
) -> None:
    complain(desk, now - timedelta(days=3))
    browser = reader(app, "boris")
    page = begin(browser)
    browser.get(page)
    assert "Cases received" in browser.text
    assert "Before it can be signed" in browser.text
    write(browser, page)
    browser.get(page)
    assert browser.post(f"{page}/sign", {}).status_code == 422
    browser.get("/rating?brand=AURORA")
    assert "Review signed on" not in browser.text
    browser.get(page)
    assert browser.post(f"{page}/sign", {"sure": "yes"}).status_code == 302
    browser.get(page)
    assert "It has not been changed since" in browser.text
    browser.get("/rating?brand=AURORA")
    assert "Review signed on 20 Nov 2026" in browser.text
    with store.reading() as session:
        review = session.exec(select(MechanismReview)).one()
        received = [one.value for one in review_rows.figures(review) if one.by == ()]
    assert received[0] == 1


def test_what_is_signed_has_no_form_any_more_and_refuses_every_change(
    app: Flask, store: Store
) -> None:
    browser = reader(app, "boris")
    page = begin(browser)
    write(browser, page)
    browser.get(page)
    browser.post(f"{page}/sign", {"sure": "yes"})
    with store.reading() as session:
        action = session.exec(select(ReviewAction.id)).one()
    browser.get(page)
    assert f'action="{page}/write"' not in browser.page
    assert f'action="{page}/drop"' not in browser.page
    words = {"participants": "Nobody", "learned": "Everything is fine as it is."}
    sent = [
        browser.post(f"{page}/write", words),
        browser.post(f"{page}/actions", {"what": "x", "who": "y", "due_on": "2027-01-01"}),
        browser.post(f"{page}/actions/remove", {"action": str(action)}),
        browser.post(f"{page}/sign", {"sure": "yes"}),
        browser.post(f"{page}/drop"),
    ]
    assert all(answer.status_code >= 400 for answer in sent)
    with store.reading() as session:
        review = session.exec(select(MechanismReview)).one()
        assert review_rows.is_whole(session, review)
        assert review_rows.opened(session, review)["participants"] == "Boris"
    browser.get(page)
    done = {"action": str(action), "words": "A number is on the poster"}
    assert browser.post(f"{page}/actions/done", done).status_code == 302
    browser.get(page)
    assert "A number is on the poster" in browser.text
    assert "It has not been changed since" in browser.text


def test_a_brand_reads_that_a_review_was_signed_and_nothing_of_its_words_or_figures(
    app: Flask, store: Store, desk: Desk, now: datetime
) -> None:
    complain(desk, now - timedelta(days=3))
    boris, brigitte = reader(app, "boris"), reader(app, "brigitte")
    page = begin(boris)
    write(boris, page)
    assert brigitte.get(page).status_code == 404
    boris.get(page)
    boris.post(f"{page}/sign", {"sure": "yes"})
    assert brigitte.get(page).status_code == 200
    assert "Signed by Boris" in brigitte.text
    assert "Trade union" in brigitte.text
    for kept in ("Heliotrope", "Cases received", "Chen"):
        assert kept not in brigitte.text
    brigitte.get("/rating/reviews")
    assert "Heliotrope" not in brigitte.text
    other = begin(boris, brand="BOREALIS")
    write(boris, other)
    boris.get(other)
    boris.post(f"{other}/sign", {"sure": "yes"})
    assert brigitte.get(other).status_code == 404
    brigitte.get("/rating/reviews")
    assert "Borealis" not in brigitte.text


def test_a_correction_leads_to_a_new_review_and_the_old_one_says_so(app: Flask) -> None:
    browser = reader(app, "chen")
    page = begin(browser)
    write(browser, page)
    browser.get(page)
    browser.post(f"{page}/sign", {"sure": "yes"})
    newer = begin(browser, corrects=page.rpartition("/")[2])
    browser.get(newer)
    assert "Heliotrope calls" in browser.page
    browser.get(page)
    assert "A newer review corrects this one" in browser.text


@pytest.mark.parametrize("other", [{"brand": "AURORA"}, {"scope": "own"}])
def test_a_review_is_not_corrected_by_one_about_something_else(
    app: Flask, other: dict[str, str]
) -> None:
    browser = reader(app, "chen")
    page = begin(browser)
    write(browser, page)
    browser.get(page)
    browser.post(f"{page}/sign", {"sure": "yes"})
    browser.get("/rating/reviews/new")
    form = {"brand": "", "scope": "", "period": "2026", "corrects": page.rpartition("/")[2]}
    assert browser.post("/rating/reviews/new", {**form, **other}).status_code == 422
    assert "Choose the brand and the scope of the review that this one corrects." in browser.text


def test_of_whom_a_case_may_be_kept_reads_no_exact_figures_that_another_took_in(
    app: Flask, store: Store, cast: Cast, desk: Desk, now: datetime
) -> None:
    complain(desk, now - timedelta(days=3))
    page = begin(reader(app, "chen"))
    boris = reader(app, "boris")
    boris.get(page)
    assert "Cases received" not in boris.text
    with store.writing() as session:
        session.get_one(Staff, cast.boris.id).restricted_pool = True
    boris.get(page)
    assert "Cases received" in boris.text


@pytest.mark.parametrize("period", ["2026-Q4", "2026-11-19..2026-11-19"])
def test_a_review_of_days_or_of_a_quarter_that_runs_is_refused(app: Flask, period: str) -> None:
    browser = reader(app, "boris")
    browser.get("/rating/reviews/new")
    assert "2026-Q4" not in browser.page
    assert browser.post("/rating/reviews/new", {"period": period}).status_code == 422
    assert "There are no frozen figures of" in browser.text


def test_today_reminds_of_a_review_that_is_due_and_of_late_actions(
    app: Flask, desk: Desk, now: datetime, clock: Clock
) -> None:
    complain(desk, now - timedelta(days=340))
    browser = reader(app, "boris")
    browser.get("/")
    assert "the next review is due by" in browser.text
    clock.at += timedelta(days=40)
    browser = reader(app, "boris")
    browser.get("/")
    assert "the review was due on" in browser.text
    page = begin(browser)
    write(browser, page)
    browser.get(page)
    browser.post(f"{page}/sign", {"sure": "yes"})
    browser.get("/")
    assert "the review was due on" not in browser.text
    clock.at += timedelta(days=60)
    browser = reader(app, "boris")
    browser.get("/")
    assert "Heliotrope phones" in browser.text
    handler = reader(app, "asha")
    handler.get("/")
    assert "Heliotrope phones" not in handler.text


def test_the_year_before_stands_beside_it(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    browser = reader(app, "boris")
    for about, score in BEST.items():
        attest(browser, about, score=score, stated_on="2025-05-01")
    browser.get("/rating?brand=AURORA&year=2025")
    assert "4.05 of 5" in card(browser, "supply-chain")
    browser.get("/rating?brand=AURORA&year=2026")
    assert "The year before 4.05" in card(browser, "supply-chain")


def test_a_brand_with_own_operations_shows_them_too(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    browser = reader(app, "boris")
    browser.get("/rating?brand=AURORA")
    assert "No factory of this kind" in card(browser, "own")
    with store.writing() as session:
        brand, factory = session.exec(select(Brand)).first(), session.exec(select(Factory)).one()
        assert brand
        session.add(
            Supply(
                id=1,
                factory_id=factory.id,
                brand_id=brand.id,
                scope=Scope.OWN,
                since=date(2020, 1, 1),
            )
        )
    browser.get("/rating?brand=AURORA")
    assert "No factory of this kind" not in card(browser, "own")
