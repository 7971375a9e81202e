"""Related cases, patterns, several cases at once and calls, as a browser without one sees them."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import col, select

from casework import cases, filing
from casework.db import Store
from casework.filing import Complaint, Piece
from casework.ids import new_id
from casework.models import AccessLog, Case, Link, Outbox, Reporter
from casework.vocabulary import Category, Channel, LinkKind, Notice, Reach, Status
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.webhelp import Browser, build, file_case, give_accounts


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    return build(store, clock)


def _signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


@pytest.fixture
def asha(app: Flask) -> Browser:
    return _signed_in(app, "asha")


@pytest.fixture
def dilani(app: Flask) -> Browser:
    return _signed_in(app, "dilani")


def _restricted(store: Store, cast: Cast, now: datetime) -> Case:
    return file_case(store, cast, now, category=Category.HARASSMENT, kind="sexual")


def _other_worker(store: Store, cast: Cast, now: datetime, language: str = "km") -> Case:
    """Somebody else complains of the same."""
    with store.writing() as session:
        row = new_id(now)
        index = session.vault.index("address.telegram", str(row))
        reporter = Reporter(
            id=row,
            channel=Channel.TELEGRAM,
            address_index=index,
            address_sealed=b"",
            language=language,
            created_at=now,
        )
        session.add(reporter)
        session.flush()
        complaint = Complaint((Piece("No pay"),), cast.golden_thread, "", Category.WAGES, "unpaid")
        return filing.open_case(session, reporter, complaint, now=now)


def _again(store: Store, case: Case) -> Case:
    with store.reading() as session:
        return session.get_one(Case, case.id)


def _link(browser: Browser, case: Case, other: str, kind: str = "collective", **more: str) -> int:
    browser.get(f"/cases/{case.reference}/related")
    form = {"seen": browser.seen, "other": other, "kind": kind, **more}
    return browser.post(f"/cases/{case.reference}/link", form).status_code


# --- related ------------------------------------------------------------------------------------


def test_a_case_is_linked_by_its_number_and_parted_again(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    one, other = file_case(store, cast, now), _other_worker(store, cast, now)
    typed = other.reference.removeprefix("RC-").lower().replace("-", " ")
    assert _link(asha, one, typed) == 302
    asha.get(f"/cases/{one.reference}/related")
    assert "2 cases of one matter" in asha.text
    assert other.reference in asha.text
    assert "linked to another" in _page(asha, other)
    asha.get(f"/cases/{one.reference}/related")
    form = {"seen": asha.seen, "other": other.reference, "kind": "collective"}
    asha.post(f"/cases/{one.reference}/unlink", form, follow_redirects=True)
    assert "The link is gone" in asha.text
    assert "took a link to another case away" in _page(asha, one)


def _page(browser: Browser, case: Case) -> str:
    browser.get(f"/cases/{case.reference}")
    return browser.text


def test_suggestions_are_linked_with_one_button(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    one, alike, twice = (
        file_case(store, cast, now),
        _other_worker(store, cast, now),
        file_case(store, cast, now + timedelta(minutes=5)),
    )
    asha.get(f"/cases/{one.reference}/related")
    assert "Same worker" in asha.text
    assert "The same twice" in asha.text
    assert alike.reference in asha.text
    assert twice.reference in asha.text


def test_a_case_one_may_not_see_is_no_more_than_a_number_nobody_knows(
    asha: Browser, dilani: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    plain, hidden = file_case(store, cast, now), _restricted(store, cast, now)
    assert _link(asha, plain, hidden.reference) == 422
    refused = asha.text.replace(hidden.reference, "")
    assert _link(asha, plain, "RC-7K3M-9Q2T") == 422
    assert asha.text.replace("RC-7K3M-9Q2T", "") == refused.replace("RC-7K3M-9Q2T", "")
    assert asha.get(f"/cases/{hidden.reference}/related").status_code == 404
    assert _link(dilani, plain, hidden.reference) == 302
    for path in ("", "/related"):
        asha.get(f"/cases/{plain.reference}{path}")
        assert hidden.reference not in asha.page
        assert "linked to another" not in asha.text
        assert "one matter" not in asha.text.replace("Several workers, one matter", "")
    assert "linked to another" in _page(dilani, plain)


def test_a_duplicate_is_ended_only_with_the_box_ticked(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    first, later = file_case(store, cast, now), file_case(store, cast, now + timedelta(hours=1))
    assert _link(asha, later, first.reference, "duplicate") == 302
    asha.get(f"/cases/{later.reference}/related")
    assert f"it goes on in {first.reference}" in asha.text
    form = {"seen": asha.seen}
    assert asha.post(f"/cases/{later.reference}/end-duplicate", form).status_code == 422
    asha.post(f"/cases/{later.reference}/end-duplicate", form | {"sure": "yes"})
    assert _again(store, later).status is Status.CLOSED
    with store.reading() as session:
        assert session.exec(select(Outbox)).one().notice is Notice.DUPLICATE
    asha.get(f"/cases/{first.reference}/related")
    assert "it goes on in" not in asha.text


def test_a_form_that_no_longer_fits_links_nothing(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    one, other = file_case(store, cast, now), _other_worker(store, cast, now)
    asha.get(f"/cases/{one.reference}/related")
    form = {"seen": "0", "other": other.reference, "kind": "collective"}
    assert asha.post(f"/cases/{one.reference}/link", form).status_code == 409
    assert asha.post(f"/cases/{one.reference}/link", form | {"seen": "1", "kind": ""}).status_code
    with store.reading() as session:
        assert not session.exec(select(Link)).all()


# --- several at once ------------------------------------------------------------------------------


def _marks(browser: Browser) -> list[str]:
    return re.findall(r'name="case" value="(RC-[^"]+:\d+)"', browser.page)


def _ticked(browser: Browser, do: str, *found: Case) -> None:
    browser.get("/cases")
    form = {"do": do, "case": [case.reference for case in found], "fits": "yes"}
    assert browser.post("/cases/several", form).status_code == 200


def test_the_ticked_cases_are_assigned_and_what_could_not_be_is_listed(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    one, other = file_case(store, cast, now), file_case(store, cast, now)
    _ticked(asha, "assign", one, other)
    assert "2 cases. Nothing is done yet." in asha.text
    marks = _marks(asha)
    with store.writing() as session:
        case = cases.by_reference(session, other.reference, lock=True)
        assert case
        filing.add(session, case, Piece("And more"), now=now)
    form = {"case": marks, "assignee": str(cast.asha.id)}
    asha.post("/cases/several/assign", form)
    assert "1 case assigned" in asha.text
    assert "1 case left as it was" in asha.text
    assert "Somebody changed this case meanwhile" in asha.text
    assert _again(store, one).assignee_id == cast.asha.id
    assert _again(store, other).assignee_id is None


def test_one_box_stands_for_the_page_and_one_button_for_all_that_fit(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    found = [file_case(store, cast, now) for _ in range(27)]
    asha.get("/cases?sort=received")
    whole = re.search(r'name="case" value="([^"]+,[^"]+)"', asha.page)
    assert whole
    form = {"do": "assign", "case": whole[1], "fits": "yes", "sort": "received"}
    asha.post("/cases/several", form)
    assert len(_marks(asha)) == 25
    assert "Take all that fit the list" in asha.text
    asha.post("/cases/several", {"do": "assign", "all": "yes", "sort": "received"})
    assert len(_marks(asha)) == len(found)
    assert "Take all that fit the list" not in asha.text


def test_a_message_is_written_once_for_each_language_and_sent_once_to_each_worker(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    mine = [file_case(store, cast, now) for _ in range(2)]
    other = _other_worker(store, cast, now)
    _ticked(asha, "write", *mine, other)
    assert "3 cases, 2 workers, 2 languages" in asha.text
    assert "Never tell one worker about the others" in asha.text
    form = {"case": _marks(asha), "text-my": "မင်္ဂလာပါ", "text-km": "សួស្តី"}
    assert asha.post("/cases/several/write", form).status_code == 422
    assert "no worker may learn" in asha.text
    assert "မင်္ဂလာပါ" in asha.page
    asha.post("/cases/several/write", form | {"sure": "yes"})
    assert "Written to 2 workers" in asha.text
    with store.reading() as session:
        told = list(session.exec(select(Outbox.reporter_id)))
    assert len(told) == 2
    assert set(told) == {cast.htwe.id, other.reporter_id}
    # Sent twice, the form does nothing twice.
    asha.post("/cases/several/write", form | {"sure": "yes"})
    assert "3 cases left as they were" in asha.text
    with store.reading() as session:
        assert len(session.exec(select(Outbox)).all()) == 2


def test_who_can_not_be_reached_is_named_before_sending(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now)
    with store.writing() as session:
        session.get_one(Reporter, cast.htwe.id).unreachable_since = now
    _ticked(asha, "write", case)
    assert "1 worker: can’t be reached just now" in asha.text


def test_a_ticked_case_that_one_may_not_see_is_not_shown(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    plain, hidden = file_case(store, cast, now), _restricted(store, cast, now)
    _ticked(asha, "assign", plain, hidden)
    assert hidden.reference not in asha.page
    form = {"case": [f"{hidden.reference}:1"], "assignee": str(cast.asha.id)}
    asha.post("/cases/several/assign", form)
    assert "There is no such case, or you may not see it." in asha.text
    assert _again(store, hidden).assignee_id is None


def test_nothing_ticked_leads_back_to_the_list_as_it_was(asha: Browser) -> None:
    asha.get("/cases")
    answer = asha.post("/cases/several", {"do": "assign", "status": "all"})
    assert answer.location.endswith("/cases?status=all")
    asha.get(answer.location)
    assert "Tick the cases first" in asha.text
    assert asha.post("/cases/several", {"do": "delete"}).status_code == 400


# --- patterns -----------------------------------------------------------------------------------------


def test_a_pattern_leads_to_its_cases_and_they_become_one_matter(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    assert asha.get("/patterns").status_code == 200
    assert "No pattern" in asha.text
    one, other = file_case(store, cast, now), _other_worker(store, cast, now)
    hidden = _restricted(store, cast, now)
    asha.get("/patterns?weeks=4")
    address = re.search(r'href="(/patterns/GT7KM[^"]+)"', asha.page)
    assert address
    asha.get(address[1].replace("&amp;", "&"))
    assert "2 cases within 4 weeks" in asha.text
    assert hidden.reference not in asha.page
    form = {"do": "collect", "case": [one.reference, other.reference]}
    asha.post("/cases/several", form)
    asha.post("/cases/several/collect", {"case": _marks(asha)})
    assert "2 cases linked" in asha.text
    with store.reading() as session:
        assert session.exec(select(Link)).one().kind is LinkKind.COLLECTIVE
    assert asha.get("/patterns/GT7KM?category=nothing").status_code == 404
    assert asha.get("/patterns/NOWHERE?category=WAG").status_code == 404


# --- calls ----------------------------------------------------------------------------------------------

CALL = {
    "channel": "phone",
    "language": "km",
    "reach": "by-phone",
    "phone": "+855 12 345 678",
    "when": "After eight",
    "about": "WAG:unpaid",
    "words": "No wages for two months",
    "words_in": "en",
    "received_at": "2026-11-20T16:00",
    "consent": "yes",
    "keeps": "yes",
}
"""At 16:00 in Phnom Penh: an hour before the moment of the tests."""


def _newest(store: Store) -> Case:
    with store.reading() as session:
        found = session.exec(select(Case).order_by(col(Case.updated_at).desc())).first()
    assert found
    return found


def test_a_call_is_entered_and_its_two_numbers_are_told_once(
    asha: Browser, store: Store, cast: Cast, clock: Clock
) -> None:
    asha.get("/cases/new")
    answer = asha.post("/cases/new", {**CALL, "factory": "gt7km"}, follow_redirects=True)
    assert answer.status_code == 200
    case = _newest(store)
    assert case.received_at == clock.at - timedelta(hours=1)
    assert (case.factory_id, case.reach) == (cast.golden_thread.id, Reach.BY_PHONE)
    assert case.reference in asha.text
    secret = re.search(r"\b\d{4} \d{4}\b", asha.text)
    assert secret
    asha.post("/cases/new/numbers", follow_redirects=True)
    assert secret[0] not in asha.page
    assert "Nothing is sent to this worker" in asha.text
    assert "written down by Asha" in asha.text
    assert "Asha took the complaint by phone or in person." in asha.text
    assert asha.get("/cases/new/numbers").status_code == 302


def test_the_secret_number_is_gone_after_a_quarter_of_an_hour(asha: Browser, clock: Clock) -> None:
    asha.get("/cases/new")
    asha.post("/cases/new", CALL)
    assert asha.get("/cases/new/numbers").status_code == 200
    clock.at += timedelta(minutes=16)
    assert asha.get("/cases/new/numbers").status_code == 302


def test_a_factory_that_is_not_clear_is_asked_for_and_the_form_keeps_all_else(
    asha: Browser, store: Store, cast: Cast
) -> None:
    asha.get("/cases/new")
    assert asha.post("/cases/new", {**CALL, "factory": "goldn thred"}).status_code == 422
    assert "Which one?" in asha.text
    assert "No wages for two months" in asha.page
    picked = {**CALL, "factory": "goldn thred", "factory_code": "words"}
    asha.post("/cases/new", picked, follow_redirects=True)
    case = _newest(store)
    assert case.factory_id is None
    assert case.factory_words_sealed


@pytest.mark.parametrize(
    ("field", "says"),
    [
        ({"consent": ""}, "Without a yes nothing is written down"),
        ({"received_at": "2026-11-20T17:01"}, "not in the future"),
        ({"received_at": "soon"}, "day and time"),
        ({"language": "xx"}, "Choose the language"),
        ({"reach": ""}, "how we may reach them"),
        ({"phone": "no"}, "Write the phone number"),
        ({"about": "", "words": ""}, "what it is about"),
    ],
)
def test_what_is_wrong_with_a_call_is_said(
    asha: Browser, store: Store, field: dict[str, str], says: str
) -> None:
    asha.get("/cases/new")
    assert asha.post("/cases/new", {**CALL, **field}).status_code == 422
    assert says in asha.text
    with store.reading() as session:
        assert not session.exec(select(Case)).all()


def test_what_is_written_to_such_a_worker_is_told_by_somebody(
    asha: Browser, store: Store, cast: Cast
) -> None:
    asha.get("/cases/new")
    asha.post("/cases/new", CALL)
    case = _newest(store)
    asha.step(case, "reply", "We look into it")
    assert "on its way to the worker" not in asha.text
    assert "1 message to be told to the worker" in asha.text
    assert "Nothing is sent: what you write stands here" in asha.text
    until = re.search(r'name="until" value="(\d+)"', asha.page)
    assert until
    form = {"seen": asha.seen, "until": until[1]}
    asha.post(f"/cases/{case.reference}/told", form, follow_redirects=True)
    assert "Noted: the worker knows it." in asha.text
    assert "Nothing is sent to this worker" in asha.text
    form = {"seen": asha.seen, "heard": "add", "text": "It was in May"}
    asha.post(f"/cases/{case.reference}/heard", form, follow_redirects=True)
    assert "It was in May" in asha.text
    assert "Written down by Asha." in asha.text
    with store.reading() as session:
        assert not session.exec(select(Outbox)).all()


def test_the_number_is_shown_only_with_a_reason(asha: Browser, store: Store) -> None:
    asha.get("/cases/new")
    asha.post("/cases/new", CALL)
    case = _newest(store)
    page = _page(asha, case)
    assert "12 345 678" not in page
    assert asha.post(f"/cases/{case.reference}/phone", {"reason": " "}).status_code == 422
    _page(asha, case)
    asha.post(f"/cases/{case.reference}/phone", {"reason": "To tell the outcome"})
    assert "+855 12 345 678" in asha.text
    assert "After eight" in asha.text
    with store.reading() as session:
        logged = [log.what for log in session.exec(select(AccessLog))]
    assert logged.count("phone") == 1


def test_who_lost_the_numbers_gets_a_new_one_shown_like_the_first(
    asha: Browser, dilani: Browser, store: Store
) -> None:
    asha.get("/cases/new")
    asha.post("/cases/new", CALL, follow_redirects=True)
    case = _newest(store)
    (first,) = re.findall(r"\b\d{4} \d{4}\b", asha.text)
    asha.post("/cases/new/numbers")
    where = f"/cases/{case.reference}/receipt"
    _page(dilani, case)
    assert where not in dilani.page
    assert dilani.post(where, {"seen": dilani.seen, "known": "I ask"}).status_code == 422
    _page(asha, case)
    assert where in asha.page
    assert asha.post(where, {"seen": asha.seen, "known": " "}).status_code == 422
    _page(asha, case)
    asha.post(where, {"seen": asha.seen, "known": "Her voice"}, follow_redirects=True)
    (again,) = re.findall(r"\b\d{4} \d{4}\b", asha.text)
    assert again != first
    asha.post("/cases/new/numbers", follow_redirects=True)
    assert again not in asha.page
    assert "Asha gave the worker a new secret number." in asha.text
    assert asha.get("/cases/new/numbers").status_code == 302


def test_a_call_about_sexual_violence_is_out_of_sight_at_once(
    asha: Browser, dilani: Browser, store: Store
) -> None:
    asha.get("/cases/new")
    asha.post("/cases/new", {**CALL, "about": "HAR:sexual"}, follow_redirects=True)
    case = _newest(store)
    assert case.reference in asha.text
    assert asha.get(f"/cases/{case.reference}").status_code == 404
    asha.get("/cases")
    assert asha.post(f"/cases/{case.reference}/phone", {"reason": "x"}).status_code == 404
    assert dilani.get(f"/cases/{case.reference}").status_code == 200


def test_a_worker_with_a_chat_has_no_such_forms(
    asha: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    case = file_case(store, cast, now)
    assert "Nothing is sent" not in _page(asha, case)
    seen = asha.seen
    for path, more in (("heard", {"heard": "add", "text": "x"}), ("told", {"until": "1"})):
        form = {"seen": seen, **more}
        assert asha.post(f"/cases/{case.reference}/{path}", form).status_code == 422
