"""Searching the list of cases, and the filters one saves, as a browser sees them."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import select

from casework import cases, filing
from casework.actors import staff_actor
from casework.cases import Triage
from casework.db import Store
from casework.models import Case, SavedFilter
from casework.searching import saved_filters
from casework.vocabulary import Action, Category, Severity
from tests.conftest import Cast
from tests.webhelp import Browser, build, file_case, give_accounts

PASSPORTS = "They kept our passports"


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime) -> Flask:
    give_accounts(store, cast, now)
    return build(store, lambda: now)


@pytest.fixture
def asha(app: Flask) -> Browser:
    return _signed_in(app, "asha")


def _signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def _save(browser: Browser, address: str, name: str, **more: str) -> None:
    """Open the list, fill in the form that stands under it, with what it carries along."""
    browser.get(address)
    form = browser.page.partition('action="/filters/save"')[2].partition("</form>")[0]
    carried = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
    browser.post("/filters/save", carried | {"name": name, **more}, follow_redirects=True)


def _rows(store: Store) -> list[SavedFilter]:
    with store.reading() as session:
        return list(session.exec(select(SavedFilter)))


def test_one_field_takes_a_reference_words_or_a_factory(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now, words=PASSPORTS)
    other = file_case(store, cast, now, words="The fan is broken")
    assert asha.get(f"/cases?find={case.reference.lower()}").location.endswith(case.reference)
    for asked in ("passports", "PASSPORTS+kept", case.reference[3:7]):
        asha.get(f"/cases?find={asked}")
        assert case.reference in asha.text
        assert other.reference not in asha.text
        assert "the newest first" in asha.text
        assert 'name="sort"' not in asha.page
    asha.get(f"/cases?find={cast.golden_thread.code}")
    assert case.reference in asha.text
    assert other.reference in asha.text


def test_a_search_that_finds_nothing_says_why_and_where_to_look(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now, words=PASSPORTS)
    with store.writing() as session:
        here = session.get_one(Case, case.id)
        filing.answer(session, here, Action.WITHDRAW, now=now)
    asha.get("/cases?find=passports")
    assert "Nothing found" in asha.text
    assert "Only open cases are searched" in asha.text
    asha.get("/cases?find=passports&status=all")
    assert case.reference in asha.text
    assert "Only open cases are searched" not in asha.text
    asha.get("/cases?find=%3F")
    assert "at least two characters" in asha.text


def test_what_was_searched_for_goes_along_with_tabs_filters_and_pages(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    filed = [
        file_case(store, cast, now + timedelta(hours=n), words="fan").reference for n in range(28)
    ]
    asha.get("/cases?find=fan&category=WAG")
    assert "find=fan&amp;category=WAG&amp;assignee=me" in asha.page
    following = re.search(r'rel="next" href="([^"]+)"', asha.page)
    assert following
    asha.get(following[1].replace("&amp;", "&"))
    assert [one for one in filed[::-1] if one in asha.text] == filed[2::-1]
    assert asha.get("/cases?find=fan&page=nonsense").location == "/cases?find=fan"


def test_words_with_marks_of_html_are_shown_as_they_are(asha: Browser) -> None:
    asha.get("/cases?find=%3Cb%3Efan%3C/b%3E")
    assert "<b>fan" not in asha.page
    assert 'value="&lt;b&gt;fan&lt;/b&gt;"' in asha.page


def test_who_is_not_of_the_pool_learns_nothing_of_a_restricted_case(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now, words=PASSPORTS, category=Category.HARASSMENT, kind="sexual")
    pages = []
    for name in ("asha", "dilani", "boris", "chen"):
        browser = _signed_in(app, name)
        browser.get("/cases?find=passports&status=all")
        person = getattr(cast, name)
        assert (case.reference in browser.text) == person.restricted_pool, name
        if not person.restricted_pool:
            pages.append(browser.text)
            browser.get("/cases?find=nothingofthekind&status=all")
            assert "Nothing found" in browser.text
    assert pages


def test_a_filter_is_saved_under_a_name_and_leads_back(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    file_case(store, cast, now, words=PASSPORTS)
    _save(asha, "/cases?find=passports&severity=serious&page=n5", "Passports & more")
    assert "The filter is saved" in asha.text
    assert 'href="/cases?find=passports&amp;severity=serious" aria-current="true"' in asha.page
    assert "Passports & more" in asha.text
    # The same name again replaces it.
    _save(asha, "/cases?find=passport", "Passports & more", shared="yes")
    assert len(_rows(store)) == 1
    assert "/cases?find=passport" in asha.page
    assert "Shared with the office" in asha.text


def test_only_what_the_list_knows_is_saved(asha: Browser, store: Store, cast: Cast) -> None:
    asha.get("/cases?status=all")
    form = {"name": "All", "status": "all", "page": "n1", "evil": "yes", "sort": "x" * 500}
    asha.post("/filters/save", form)
    with store.reading() as session:
        (saved,) = saved_filters.usable(session, staff_actor(cast.asha))
    assert saved.asked == {"status": "all", "sort": "x" * 200}


@pytest.mark.parametrize(
    ("name", "address", "says"),
    [
        ("", "/cases?status=all", "Give the filter a name"),
        ("n" * 61, "/cases?status=all", "Give the filter a name of at most 60"),
        ("Mine", "", "Search or filter first"),
    ],
)
def test_a_filter_that_can_not_be_saved_says_why(
    asha: Browser, store: Store, name: str, address: str, says: str
) -> None:
    asha.get("/cases?status=all")
    fields = {"status": "all"} if address else {}
    answer = asha.post("/filters/save", {"name": name, **fields})
    assert answer.status_code == 422
    assert says in asha.text or not address
    assert not _rows(store)


def test_ones_own_filters_are_ones_own_and_shared_ones_everybodys(app: Flask, store: Store) -> None:
    asha = _signed_in(app, "asha")
    _save(asha, "/cases?status=all", "Only for me")
    _save(asha, "/cases?overdue=yes", "For the office", shared="yes")
    own, shared = _rows(store)
    for name in ("dilani", "boris", "chen"):
        browser = _signed_in(app, name)
        browser.get("/cases")
        assert "Only for me" not in browser.text, name
        assert "For the office" in browser.text, name
        removable = f"/filters/{shared.id}/remove" in browser.page
        assert removable == (name == "chen"), name
        browser.get("/account")
        assert browser.post(f"/filters/{own.id}/remove").status_code == 404, name
        if name != "chen":
            browser.get("/account")
            assert browser.post(f"/filters/{shared.id}/remove").status_code == 404, name
    assert len(_rows(store)) == 2
    brigitte = _signed_in(app, "brigitte")
    brigitte.get("/account")
    assert brigitte.post(f"/filters/{shared.id}/remove").status_code == 403
    chen = _signed_in(app, "chen")
    chen.get("/cases")
    assert "Shared by Asha" in chen.text
    chen.post(f"/filters/{shared.id}/remove", follow_redirects=True)
    assert "The filter is removed" in chen.text
    asha.get("/cases")
    asha.post(f"/filters/{own.id}/remove")
    assert not _rows(store)


def test_without_the_token_of_the_form_nothing_is_saved_or_removed(
    asha: Browser, store: Store
) -> None:
    _save(asha, "/cases?status=all", "All")
    (row,) = _rows(store)
    for path in ("/filters/save", f"/filters/{row.id}/remove"):
        form = {"name": "Other", "status": "all", "csrf_token": "made up"}
        assert asha.post(path, form).status_code == 400
    assert [one.id for one in _rows(store)] == [row.id]


def test_a_person_keeps_a_limited_number_of_filters(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    with store.writing() as session:
        actor = staff_actor(cast.asha)
        for n in range(40):
            saved_filters.save(
                session, actor, f"Filter {n}", {"status": "all"}, shared=False, now=now
            )
    _save(asha, "/cases?status=all", "One more")
    assert "You have 40 saved filters" in asha.text
    assert len(_rows(store)) == 40


def test_the_summary_that_was_replaced_is_not_found(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now, words=PASSPORTS)
    for summary in ("About Mr Lynx", "About somebody"):
        with store.writing() as session:
            here = session.get_one(Case, case.id)
            found = Triage(Severity.SERIOUS, ((Category.WAGES, "unpaid"),), summary=summary)
            cases.triage(session, here, found, by=staff_actor(cast.asha), now=now)
    asha.get("/cases?find=lynx")
    assert case.reference not in asha.text
    asha.get("/cases?find=somebody")
    assert case.reference in asha.text
