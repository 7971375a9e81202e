"""The factory's side: a link shows what was written for its contact, and nothing of the case."""

import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlmodel import select

from casework import cases, identity
from casework.audit import events
from casework.cases import Triage
from casework.db import Store
from casework.errors import BadInput
from casework.media import attachments
from casework.models import (
    Attachment,
    Case,
    RemedyAction,
    RemedyEntry,
    StaffNotice,
    SupplierContact,
    SupplierLink,
)
from casework.remedy import answering, ledger, remedies, suppliers, verifying
from casework.remedy.verifying import Finding
from casework.vocabulary import (
    Action,
    Category,
    RemedyState,
    RemedyStep,
    Severity,
    StaffNoticeKind,
    VerifiedBy,
)
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.plan import plan
from tests.webhelp import Browser, build, file_case, give_accounts
from webadmin.access import OPEN_ENDPOINTS

STORY = "the marked story zebra on line seven"
SUMMARY, PERSON = "marked-summary-lynx", "marked-person-puma"
WHAT, PROOF, NOTE = "marked-what-okapi", "marked-proof-heron", "marked-note-stork"
OTHER, GROUP = "marked-other-newt", "marked-group-quail"
FOR_FACTORY = "Check all wages of this year, pay what is missing, and send the list."
CONTACT, EMAIL = "marked-contact-ibex", "marked-contact@factory.example"
ANSWER = "marked-answer-otter"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    return build(store, clock, RECOURSE_OPERATOR="Fair Desk")


@pytest.fixture
def case(store: Store, cast: Cast, now: datetime) -> Case:
    """A case full of marks."""
    filed = file_case(store, cast, now - timedelta(days=9), words=STORY)
    with store.writing() as session:
        case = cases.by_reference(session, filed.reference, lock=True)
        assert case is not None
        by, at = cast.actor("asha"), now - timedelta(days=8)
        cases.advance(session, case, Action.ACKNOWLEDGE, by=by, now=at)
        triaged = Triage(Severity.SERIOUS, ((Category.HARASSMENT, "bullying"),), summary=SUMMARY)
        cases.triage(session, case, triaged, by=by, now=at)
        identity.seal(session, case, PERSON)
        cases.advance(session, case, Action.NOTE, by=by, now=at, text=NOTE)
        cases.advance(session, case, Action.INVESTIGATE, by=by, now=at, declared=True)
        plan(session, case, by=by, now=at, what=OTHER)
        ledger.add_group(session, case, GROUP, 4_711, by=by, now=at)
    return case


@pytest.fixture
def token(store: Store, cast: Cast, case: Case, now: datetime) -> str:
    """The secret of a link, with one action behind it."""
    with store.writing() as session:
        held = cases.by_reference(session, case.reference, lock=True)
        assert held is not None
        by = cast.actor("asha")
        contact = suppliers.add_contact(session, held, CONTACT, EMAIL, "", "", by=by, now=now)
        facts = {"contact_id": contact.id, "for_factory": FOR_FACTORY}
        plan(session, held, by=by, now=now, what=WHAT, proof=PROOF, **facts)
        return suppliers.make_link(session, held, contact, by=by, now=now)


@pytest.fixture
def factory(app: Flask) -> Browser:
    return Browser(app)


def addressed(store: Store) -> RemedyAction:
    with store.reading() as session:
        return session.exec(select(RemedyAction).where(RemedyAction.factory_sealed != b"")).one()


def send(browser: Browser, token: str, code: str, step: str = "answered", **form: object) -> int:
    return browser.client.post(
        f"/supplier/{token}/{code}",
        data={"step": step, **form},
        content_type="multipart/form-data",
    ).status_code


def reached(browser: Browser, token: str) -> Iterator[str]:
    """Everything that a link leads to: pages, files and headers, by every address on them."""
    waiting, seen = [f"/supplier/{token}"], set()
    while waiting:
        path = waiting.pop()
        # The public page is the same for everybody, and names every category.
        if path in seen or not path.startswith("/") or path.startswith("/public"):
            continue
        seen.add(path)
        answer = browser.client.get(path)
        yield str(answer.headers)
        text = answer.get_data().decode("utf-8", "replace")
        answer.close()
        if path.startswith("/static/vendor"):
            continue
        yield text
        waiting += [
            found.split("#")[0] for found in re.findall(r'(?:href|src|action)="([^"]+)"', text)
        ]


def test_nothing_that_a_link_reaches_holds_a_mark_of_the_case(
    factory: Browser, token: str, case: Case, store: Store, cast: Cast, clock: Clock
) -> None:
    action = addressed(store)
    assert send(factory, token, action.code, "claimed", words=ANSWER) == 302
    with store.writing() as session:
        held = cases.by_reference(session, case.reference, lock=True)
        assert held is not None
        row = session.get_one(RemedyAction, action.id)
        finding = Finding(False, VerifiedBy.VISIT, clock.at.date(), NOTE)
        verifying.verify(session, held, row, finding, by=cast.actor("boris"), now=clock.at)
    found = "\n".join(reached(factory, token))
    assert FOR_FACTORY in found
    assert ANSWER in found
    assert "Fair Desk" in found
    marks = ["4711", "4,711", STORY, "zebra", SUMMARY, PERSON, WHAT, PROOF, NOTE, OTHER, GROUP]
    marks += [case.reference, case.reference.removeprefix("RC-"), str(case.id), str(action.id)]
    marks += ["Asha", "Boris", "Htwe", "bullying", "Bullying", "Serious", "Burmese"]
    # Neither when it came nor when it was planned.
    marks += ["11 Nov", "12 Nov", "Nov 11", "Nov 12"]
    for mark in marks:
        assert mark not in found, mark


def test_the_addresses_behind_a_link_are_closed_but_for_itself(
    factory: Browser, token: str, case: Case
) -> None:
    factory.get(f"/supplier/{token}")
    for path in ("/", "/cases", f"/cases/{case.reference}", f"/cases/{case.reference}/remedy"):
        assert factory.client.get(path).status_code == 302, path
    assert factory.client.get_cookie("recourse") is None


def test_the_only_open_endpoints_are_these() -> None:
    assert {
        "static",
        "security.login",
        "account.welcome",
        "operation.health",
        "operation.metrics",
        "supplier.show",
        "supplier.answer",
        "second_step.ask",
        "second_step.options",
        "second_step.passkey",
        "api.openapi",
        "public.show",
        "public.as_csv",
        "public.as_json",
    } == OPEN_ENDPOINTS


def test_the_page_is_kept_from_search_engines_and_tells_no_other_site(
    factory: Browser, token: str
) -> None:
    for path in (f"/supplier/{token}", "/supplier/nothing"):
        headers = factory.get(path).headers
        assert "noindex" in headers["X-Robots-Tag"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert '<meta name="robots" content="noindex"' in factory.page


def test_a_contact_answers_sends_proof_and_the_handler_sees_it(
    app: Flask, factory: Browser, token: str, case: Case, store: Store, cast: Cast
) -> None:
    code = addressed(store).code
    assert send(factory, token, code, words="We are looking into it") == 302
    assert addressed(store).state is RemedyState.OPEN
    files = [(io.BytesIO(PNG), "list.png"), (io.BytesIO(b"Paid: all"), "list.txt")]
    assert send(factory, token, code, "claimed", words=ANSWER, files=files) == 302
    assert addressed(store).state is RemedyState.CLAIMED
    factory.get(f"/supplier/{token}?sent={code}")
    assert "Your answer has arrived" in factory.text
    assert "being checked" in factory.text
    with store.reading() as session:
        kept = session.exec(select(Attachment)).all()
        assert sorted(file.mime for file in kept) == ["image/png", "text/plain"]
        plain = next(file for file in kept if file.mime == "text/plain")
        assert b"".join(attachments.content(session, plain)) == b"Paid: all"
        notices = session.exec(select(StaffNotice)).all()
        assert {one.kind for one in notices} >= {StaffNoticeKind.FACTORY_ANSWERED}
        chain = events.history(session, case.id)
        held = session.get_one(Case, case.id)
        assert events.first_broken(held, chain) is None
        assert [e.data["step"] for e in chain if e.action is Action.FACTORY_ANSWER] == [
            "answered",
            "claimed",
            "answered",
        ]
    asha = Browser(app)
    asha.sign_in("asha")
    asha.get(f"/cases/{case.reference}/remedy/{addressed(store).id}")
    assert ANSWER in asha.text
    assert CONTACT in asha.text
    paths = re.findall(r"/attachments/\d+", asha.page)
    assert len(paths) == 2
    assert asha.get(paths[0]).status_code == 200
    asha.get("/")
    assert "Verify it" in asha.text


def test_who_the_office_asks_may_verify_what_the_factory_says(
    token: str, case: Case, factory: Browser, store: Store, cast: Cast, clock: Clock
) -> None:
    action = addressed(store)
    send(factory, token, action.code, "claimed", words="Done")
    with store.writing() as session:
        held = cases.by_reference(session, case.reference, lock=True)
        assert held is not None
        row = session.get_one(RemedyAction, action.id)
        finding = Finding(True, VerifiedBy.DOCUMENTS, clock.at.date(), "Seen")
        verifying.verify(session, held, row, finding, by=cast.actor("asha"), now=clock.at)
    assert "You say" not in factory.get(f"/supplier/{token}").text
    assert send(factory, token, action.code, words="More") == 422
    clock.at += answering.OVER_SHOWN + timedelta(days=1)
    factory.get(f"/supplier/{token}")
    assert "Nothing is asked of you just now" in factory.text
    assert action.code not in factory.page


def test_a_factory_that_refuses_says_so_and_the_office_can_ask_again(
    token: str, factory: Browser, store: Store
) -> None:
    code = addressed(store).code
    assert send(factory, token, code, "refused") == 422
    assert send(factory, token, code, "refused", words="We will not") == 302
    assert addressed(store).state is RemedyState.REFUSED
    assert send(factory, token, code, "claimed", words="Or yes") == 422
    assert send(factory, token, code, words="We think about it") == 302


@pytest.mark.parametrize("step", ["verified", "dropped", "reopened", "nonsense", ""])
def test_a_contact_can_take_no_step_of_the_office(
    token: str, factory: Browser, store: Store, step: str
) -> None:
    assert send(factory, token, addressed(store).code, step, words="Hm") == 302
    assert addressed(store).state is RemedyState.OPEN


def test_files_that_are_not_taken_are_refused_by_name_of_the_reason(
    token: str, factory: Browser, store: Store
) -> None:
    code = addressed(store).code
    bad = [(io.BytesIO(b"MZ\x00\x01program"), "virus.exe")]
    assert send(factory, token, code, files=bad) == 422
    answer = factory.client.post(
        f"/supplier/{token}/{code}",
        data={"files": [(io.BytesIO(b"MZ\x00\x01program"), "list.pdf")], "words": "See"},
        content_type="multipart/form-data",
    )
    assert "this kind of file is not taken" in answer.text
    many = [(io.BytesIO(b"Paid"), f"{n}.txt") for n in range(answering.MOST_FILES + 1)]
    assert send(factory, token, code, files=many) == 422
    with store.reading() as session:
        assert session.exec(select(Attachment)).first() is None


def test_one_contact_can_not_fill_the_disk(
    token: str, factory: Browser, store: Store, clock: Clock
) -> None:
    code = addressed(store).code
    with store.reading() as session:
        contact = session.exec(select(SupplierContact)).one().id
    with store.writing() as session:
        for _ in range(answering.MOST_A_DAY):
            answering.answer(session, contact, code, RemedyStep.ANSWERED, "Again", [], now=clock.at)
    assert send(factory, token, code, words="Again") == 422
    clock.at += timedelta(days=1, minutes=1)
    assert send(factory, token, code, words="Again") == 302


def test_a_link_opens_for_ninety_days_until_it_is_replaced_or_taken_back(
    app: Flask, token: str, case: Case, factory: Browser, store: Store, clock: Clock
) -> None:
    page = f"/supplier/{token}"
    assert factory.get(page).status_code == 200
    with store.reading() as session:
        link = session.exec(select(SupplierLink)).one()
        assert link.opened_at == clock.at
        assert token.encode() not in link.token_hash
    begun = clock.at
    clock.at = begun + suppliers.LINK_LASTS
    assert factory.get(page).status_code == 404
    assert "This link opens nothing" in factory.text
    clock.at = begun
    asha = Browser(app)
    asha.sign_in("asha")
    asha.get(f"/cases/{case.reference}/remedy")
    path = re.search(r"/cases/[^\"]+/contacts/\d+/link", asha.page)
    assert path
    asha.post(path[0], {"seen": asha.seen})
    shown = re.search(r'value="http[^"]*(/supplier/[^"]+)"', asha.page)
    assert shown
    assert factory.get(page).status_code == 404
    assert factory.get(shown[1]).status_code == 200
    asha.get(f"/cases/{case.reference}/remedy")
    assert shown[1] not in asha.page
    asha.post(path[0].replace("/link", "/revoke"), {"seen": asha.seen})
    assert factory.get(shown[1]).status_code == 404
    assert send(factory, token, addressed(store).code, words="Hello") == 404


def test_who_guesses_has_to_wait_and_who_has_a_link_never_does(
    token: str, factory: Browser
) -> None:
    for _ in range(50):
        assert factory.get("/supplier/guessed").status_code == 404
    assert factory.get("/supplier/guessed").status_code == 429
    assert factory.get(f"/supplier/{token}").status_code == 200
    assert factory.client.post("/supplier/guessed/A-1").status_code == 429


def test_another_contact_opens_and_answers_nothing_of_this_one(
    token: str, case: Case, factory: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    with store.writing() as session:
        held = cases.by_reference(session, case.reference, lock=True)
        assert held is not None
        by = cast.actor("asha")
        other = suppliers.add_contact(session, held, "Mr Lim", "", "", "", by=by, now=now)
        theirs = suppliers.make_link(session, held, other, by=by, now=now)
    factory.get(f"/supplier/{theirs}")
    assert FOR_FACTORY not in factory.page
    assert send(factory, theirs, addressed(store).code, words="Hello") == 404


def test_a_contact_of_one_case_is_none_of_another(
    token: str, case: Case, store: Store, cast: Cast, now: datetime
) -> None:
    other = file_case(store, cast, now, words="Another matter")
    by = cast.actor("asha")
    with store.writing() as session:
        held = cases.by_reference(session, other.reference, lock=True)
        assert held is not None
        cases.advance(session, held, Action.ACKNOWLEDGE, by=by, now=now)
        known = session.exec(select(SupplierContact)).one()
        assert suppliers.find(session, held, known.id) is None
        assert suppliers.contacts_of(session, held, now) == []
        facts = {"contact_id": known.id, "for_factory": FOR_FACTORY}
        with pytest.raises(BadInput, match="Choose a contact of this case"):
            plan(session, held, by=by, now=now, **facts)


def test_an_action_that_goes_to_somebody_else_is_gone_from_the_link(
    token: str, case: Case, factory: Browser, store: Store, cast: Cast, now: datetime
) -> None:
    action = addressed(store)
    with store.writing() as session:
        held = cases.by_reference(session, case.reference, lock=True)
        assert held is not None
        row = session.get_one(RemedyAction, action.id)
        draft = remedies.Draft(row.kind, row.owner, WHAT, row.due_on)
        remedies.change(session, held, row, draft, by=cast.actor("asha"), now=now)
    factory.get(f"/supplier/{token}")
    assert action.code not in factory.page
    assert send(factory, token, action.code, words="Hello") == 404


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Write what the factory reads"),
        ("About {reference}: pay.", "case number"),
        ("About {bare}, pay.", "case number"),
        ("They say: The marked STORY, zebra on line seven!", "own words"),
    ],
)
def test_what_would_show_who_it_was_is_not_sent(
    store: Store, cast: Cast, case: Case, now: datetime, text: str, why: str
) -> None:
    with store.writing() as session:
        held = cases.by_reference(session, case.reference, lock=True)
        assert held is not None
        by = cast.actor("asha")
        contact = suppliers.add_contact(session, held, CONTACT, "", "", "", by=by, now=now)
        bare = held.reference.removeprefix("RC-").replace("-", "").lower()
        told = text.format(reference=held.reference, bare=bare)
        with pytest.raises(BadInput, match=why):
            plan(session, held, by=by, now=now, contact_id=contact.id, for_factory=told)


def test_in_a_restricted_case_it_is_asked_twice_before_the_factory_is(
    store: Store, cast: Cast, case: Case, now: datetime
) -> None:
    with store.writing() as session:
        held = cases.by_reference(session, case.reference, lock=True)
        assert held is not None
        by = cast.actor("dilani")
        held.restricted = True
        with pytest.raises(BadInput, match="restricted"):
            suppliers.add_contact(session, held, CONTACT, "", "", "", by=by, now=now)
        contact = suppliers.add_contact(
            session, held, CONTACT, "", "", "", sure=True, by=by, now=now
        )
        facts = {"contact_id": contact.id, "for_factory": FOR_FACTORY}
        with pytest.raises(BadInput, match="restricted"):
            plan(session, held, by=by, now=now, **facts)
        plan(session, held, by=by, now=now, sure=True, **facts)


def test_links_end_when_the_case_becomes_restricted_and_a_new_one_asks_for_consent(
    token: str, store: Store, cast: Cast, case: Case, now: datetime
) -> None:
    with store.writing() as session:
        held = cases.by_reference(session, case.reference, lock=True)
        assert held is not None
        by, issues = cast.actor("dilani"), ((Category.HARASSMENT, "sexual"),)
        same = Triage(Severity.SERIOUS, ((Category.HARASSMENT, "bullying"),))
        cases.triage(session, held, same, by=by, now=now)
        assert suppliers.opened(session, token, now)
        found = Triage(Severity.SERIOUS, issues, restricted=True)
        cases.triage(session, held, found, by=by, now=now)
        assert suppliers.opened(session, token, now) is None
        (contact,) = (one.row for one in suppliers.contacts_of(session, held, now))
        with pytest.raises(BadInput, match="restricted"):
            suppliers.make_link(session, held, contact, by=by, now=now)
        again = suppliers.make_link(session, held, contact, sure=True, by=by, now=now)
        cases.triage(session, held, found, by=by, now=now)
        assert suppliers.opened(session, again, now)


def test_nothing_that_was_written_stands_in_clear_in_the_database(
    token: str, factory: Browser, store: Store, tmp_path: Path
) -> None:
    send(factory, token, addressed(store).code, "claimed", words=ANSWER)
    store.engine.dispose()
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("recourse.sqlite3*"))
    for mark in (WHAT, PROOF, OTHER, GROUP, FOR_FACTORY, CONTACT, EMAIL, ANSWER, token):
        assert mark.encode() not in raw, mark
    with store.reading() as session:
        assert len(session.exec(select(RemedyEntry)).all()) >= 3


def test_the_page_speaks_the_language_of_the_contact_or_of_the_browser(
    token: str, factory: Browser, store: Store
) -> None:
    factory.get(f"/supplier/{token}", headers={"Accept-Language": "ja"})
    assert '<html lang="ja"' in factory.page
    with store.writing() as session:
        session.exec(select(SupplierContact)).one().language = "vi"
    factory.get(f"/supplier/{token}", headers={"Accept-Language": "ja"})
    assert '<html lang="vi"' in factory.page
