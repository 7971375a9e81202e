"""Every route × every role × a case that is one's own, of another scope, restricted or conflicted.

Which roles a route is for stands in ``MATRIX`` (``tests/test_web_access.py``). What is added here:
whoever may not know of a case gets, from every route that names one, the very answer that a case
gives which does not exist. A new route with a hole in its address has to be entered below.
"""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import select
from werkzeug.test import TestResponse

from casework import cases, conflicts, identity, ties
from casework.actors import SYSTEM, staff_actor
from casework.db import Session, Store
from casework.errors import NotAllowed
from casework.ids import new_id
from casework.media import attachments
from casework.messaging import interpreting, messages, reaching
from casework.models import Case, Factory, Interpreting, Staff, StaffNotice, SupplierContact
from casework.references import new_reference
from casework.vault import Vault
from casework.vocabulary import Category, MediaKind, Role, StaffNoticeKind
from tests.bothouse import Clock
from tests.conftest import Cast, filled
from tests.databases import quick
from tests.desk import Desk
from tests.protecting import accuse
from tests.test_web_access import MATRIX, PEOPLE
from tests.webhelp import Browser, build, give_accounts
from webadmin.access import OPEN_ENDPOINTS

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
HANDLING = ("asha", "boris", "chen")
WORD = "heliotrope"
"""Stands in every hidden case, and nowhere else."""
UNKNOWN = new_reference(lambda _many: 0)
"""Well-formed, and of no case."""

ROWS: dict[str, str] = {
    "files.show": "a file of a case",
    "ties.end": "a tie to a case",
    "remedy_plan.for_factory": "a contact of the factory",
    "factors.drop_passkey": "",
    "api_tokens.revoke": "",
    "staff_safety.reset": "",
    "staff_safety.revoke": "",
    "interpreting.show": "a message to translate",
    "interpreting.file": "a message to translate",
    "interpreting.done": "a message to translate",
    "interpreting.tie": "a message to translate",
    "absences.of_person": "",
    "absences.stop": "",
    "absences.take_back": "",
    "absences.leave": "",
    "account.end_session": "",
    "case_import.show": "",
    "case_import.reading": "",
    "case_import.apply": "",
    "case_import.drop": "",
    "case_import.bad_rows": "",
    "filters.remove": "",
    "supplies.edit": "",
    "calendars.show": "",
    "calendars.edit": "",
    "calendars.default": "",
    "calendars.delete": "",
    "staff.edit": "",
    "staff.link": "",
    "guidance.edit": "",
    "guidance.up": "",
    "guidance.delete": "",
    "rights.edit": "",
    "rights.up": "",
    "rights.delete": "",
    "attesting.withdraw": "",
    "attesting.file": "",
    "reviewing.show": "",
    "reviewing.write": "",
    "reviewing.add_action": "",
    "reviewing.remove_action": "",
    "reviewing.finish_action": "",
    "reviewing.sign": "",
    "reviewing.drop": "",
}
"""Routes with a row in their address, outside the address of a case: what hangs on a case, if
anything does. A row of a hidden case has to be one that is not there."""


@dataclass(frozen=True)
class House:
    """An office with cases that somebody may not know of, each for a reason of its own."""

    app: Flask
    store: Store
    desk: Desk
    mine: dict[str, str]
    """A case that each may see, by name."""
    hidden: dict[str, dict[str, str]]
    """References by name and by reason."""
    rows: dict[str, dict[str, dict[str, int]]]
    """Rows of hidden cases: by what they are, by name and by reason."""


@pytest.fixture(scope="module")
def built(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    sqlite_known: sa.Engine,
    vault: Vault,
) -> tuple[Path, House]:
    """The whole office in a file, made once; its store is closed."""
    path = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("office")))
    engine = quick(path, sqlite_known)
    store = filled(Store(engine, vault), NOW)
    house = _fill(store, Cast(store, NOW), NOW)
    engine.dispose()
    return path, house


@pytest.fixture
def house(
    built: tuple[Path, House], tmp_path: Path, sqlite_known: sa.Engine, vault: Vault
) -> Iterator[House]:
    """A copy of it for each test."""
    path, house = built
    engine = quick(shutil.copy(path, tmp_path), sqlite_known)
    store = Store(engine, vault)
    app = build(store, Clock(NOW))
    yield replace(house, app=app, store=store, desk=Desk(store, house.desk.cast))
    engine.dispose()


def _fill(store: Store, cast: Cast, now: datetime) -> House:
    give_accounts(store, cast, now)
    desk = Desk(store, cast)
    house = House(build(store, Clock(now)), store, desk, {}, {}, {})
    with store.writing() as session:
        other = Factory(
            id=new_id(now), code="OTHER", name="Other Mill", country="KH", zone="Asia/Phnom_Penh"
        )
        session.add(other)
        for name in HANDLING:
            person = session.get_one(Staff, getattr(cast, name).id)
            person.organisation = f"House of {name}"
            person.scope_factories = sorted([cast.golden_thread.id, other.id])
            person.scope_languages = ["my"]
    filed = now - timedelta(days=40)
    mine, hidden = {}, dict[str, dict[str, str]]()
    rows: dict[str, dict[str, dict[str, int]]] = {
        "a file of a case": {},
        "a contact of the factory": {},
        "a tie to a case": {},
    }
    for name in HANDLING:
        mine[name] = desk.file(filed, "Our wages are late")
        files = rows["a file of a case"].setdefault(name, {})
        hidden[name] = {}
        for reason, file_and_hide in _REASONS.items():
            reference = file_and_hide(house, name, now)
            hidden[name][reason] = reference
            files[reason] = _attach(store, reference, now)
            contacts = rows["a contact of the factory"].setdefault(name, {})
            contacts[reason] = _contact(store, reference, now)
    rows["a message to translate"] = dict.fromkeys(("indra", "chen"), _asked(house, other, now))
    with store.writing() as session:
        for name in HANDLING:
            case = cases.by_reference(session, mine[name])
            assert case is not None
            identity.seal(session, case, "Htwe of line four")
            reaching.seal(session, case, "+855 12 345 678", "")
            person = session.get_one(Staff, getattr(cast, name).id)
            person.may_identify = True
            ties.declare(session, other, "I worked there.", by=staff_actor(person), now=now)
        # Somebody else's tie to a case that is hidden from the supervisors.
        tied = rows["a tie to a case"]
        for name in ("boris", "chen"):
            tied[name] = {}
            for reason, reference in hidden[name].items():
                case = cases.by_reference(session, reference)
                assert case is not None
                tie = ties.declare(session, case, "An aunt", by=cast.actor("dilani"), now=now)
                tied[name][reason] = tie.id
        for name in HANDLING:
            for reference in hidden[name].values():
                case = cases.by_reference(session, reference)
                assert case is not None
                session.add(_notice(case, getattr(cast, name).id, now))
    return replace(house, mine=mine, hidden=hidden, rows=rows)


def _contact(store: Store, reference: str, now: datetime) -> int:
    """Somebody of the factory who is asked something in a case."""
    with store.writing() as session:
        case = cases.by_reference(session, reference)
        assert case is not None
        contact = SupplierContact(
            id=new_id(now),
            case_id=case.id,
            factory_id=case.factory_id or session.exec(select(Factory.id)).all()[0],
            name_sealed=b"",
            email_sealed=b"",
            organisation_sealed=b"",
            added_at=now,
        )
        session.add(contact)
    return contact.id


def _asked(house: House, other: Factory, now: datetime) -> dict[str, int]:
    """An interpreter was asked, and may then not know of the case any more."""
    references = {
        reason: house.desk.file(now, f"{WORD} asks", **more)
        for reason, more in (("restricted", {}), ("accused", {}), ("tied", {"factory": other}))
    }
    found = {}
    with house.store.writing() as session:
        indra = session.get_one(Staff, house.desk.cast.indra.id)
        indra.speaks = "my"
        for reason, reference in references.items():
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            job = _job(session, case, house.desk.cast.asha.id, now)
            assert interpreting.find(session, indra, job.id) is not None
            found[reason] = job.id
            if reason == "restricted":
                case.restricted = True
            elif reason == "accused":
                accuse(session, case, now, indra)
                conflicts.refresh(session, case, now, SYSTEM)
            else:
                ties.declare(session, other, "My aunt", by=staff_actor(indra), now=now)
    return found


def _job(session: Session, case: Case, asked_by: int, now: datetime) -> Interpreting:
    job = Interpreting(
        id=new_id(now),
        case_id=case.id,
        message_id=messages.of_case(session, case.id)[0].id,
        source="my",
        wanted="en",
        asked_by=asked_by,
        asked_at=now,
    )
    session.add(job)
    session.flush()
    return job


def _notice(case: Case, staff_id: int, now: datetime) -> StaffNotice:
    """One that was told before the case was hidden."""
    return StaffNotice(
        id=new_id(now),
        staff_id=staff_id,
        case_id=case.id,
        kind=StaffNoticeKind.MISSED,
        reached_at=now,
        at=now,
    )


def _attach(store: Store, reference: str, now: datetime) -> int:
    with store.writing() as session:
        case = cases.by_reference(session, reference)
        assert case is not None
        assert case.reporter_id is not None
        file = attachments.received(
            session, case.reporter_id, MediaKind.PHOTO, b"picture", "image/png", now
        )
        file.case_id = case.id
        return file.id


def _hide(
    house: House, reference: str, name: str, how: Callable[[Session, Case, Staff], object]
) -> str:
    with house.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        how(session, case, session.get_one(Staff, getattr(house.desk.cast, name).id))
    return reference


def _of_another_factory(house: House, _name: str, now: datetime) -> str:
    return house.desk.file(now, f"{WORD} pay", factory=None)


def _in_another_language(house: House, name: str, now: datetime) -> str:
    def hide(_session: Session, case: Case, _person: Staff) -> None:
        case.language = "km"

    return _hide(house, house.desk.file(now, f"{WORD} pay"), name, hide)


def _restricted(house: House, _name: str, now: datetime) -> str:
    return house.desk.file(now, f"{WORD} he", category=Category.HARASSMENT, kind="sexual")


def _accused(house: House, name: str, now: datetime) -> str:
    def hide(session: Session, case: Case, person: Staff) -> None:
        accuse(session, case, now, person)
        conflicts.refresh(session, case, now, SYSTEM)

    return _hide(house, house.desk.file(now, f"{WORD} bribes"), name, hide)


def _organisation_accused(house: House, name: str, now: datetime) -> str:
    def hide(session: Session, case: Case, person: Staff) -> None:
        accuse(session, case, now, organisation=person.organisation.upper())
        conflicts.refresh(session, case, now, SYSTEM)

    return _hide(house, house.desk.file(now, f"{WORD} agents"), name, hide)


def _tied(house: House, name: str, now: datetime) -> str:
    def hide(session: Session, case: Case, person: Staff) -> None:
        ties.declare(session, case, "My aunt", by=staff_actor(person), now=now)

    return _hide(house, house.desk.file(now, f"{WORD} aunt"), name, hide)


def _tied_to_the_factory(house: House, _name: str, now: datetime) -> str:
    with house.store.reading() as session:
        other = session.exec(select(Factory).where(Factory.code == "OTHER")).one()
    return house.desk.file(now, f"{WORD} mill", factory=other)


_REASONS: dict[str, Callable[[House, str, datetime], str]] = {
    "of another factory": _of_another_factory,
    "in another language": _in_another_language,
    "restricted": _restricted,
    "accused": _accused,
    "organisation accused": _organisation_accused,
    "declared a tie": _tied,
    "declared a tie to the factory": _tied_to_the_factory,
}


def _routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    for rule in app.url_map.iter_rules():
        # The API knows no case; whom it answers: tests/test_api.py.
        if rule.endpoint in OPEN_ENDPOINTS or rule.endpoint.startswith(("security.", "api.")):
            continue
        for method in sorted(rule.methods or ()):
            if method in ("GET", "POST"):
                yield rule.endpoint, method, rule.rule


def _ask(browser: Browser, method: str, path: str) -> TestResponse:
    browser.get("/account")  # a token, as of somebody who has just come
    return browser.get(path) if method == "GET" else browser.post(path, {"seen": "1"})


def _answer(browser: Browser, method: str, path: str) -> tuple[int, str, list[tuple[str, str]]]:
    """All that somebody gets to see of an answer, but the token of the forms, which is made anew."""
    answer = _ask(browser, method, path)
    body = re.sub(r'name="csrf_token"[^>]*value="[^"]+"', "", browser.page)
    assert answer.mimetype == "text/html" or answer.status_code < 400
    headers = [(k, v) for k, v in answer.headers if k not in ("Set-Cookie", "Content-Length")]
    return answer.status_code, body, sorted(headers)


@pytest.mark.parametrize("name", PEOPLE)
def test_of_a_case_one_may_not_see_every_route_answers_as_of_none(house: House, name: str) -> None:
    browser, role = Browser(house.app), PEOPLE[name]
    assert browser.sign_in(name).status_code == 302
    tried = 0
    # Who handles no cases gets the hidden cases of another, and those that are hidden from nobody.
    references = house.hidden.get(name) or {**house.hidden["asha"], "open": house.mine["asha"]}
    for endpoint, method, rule in _routes(house.app):
        if "<reference>" not in rule:
            continue
        expected = 404 if role in MATRIX[endpoint] else 403
        path = re.sub(r"<(?!reference)[^>]+>", "1", rule)
        unknown = _answer(browser, method, path.replace("<reference>", UNKNOWN))
        assert unknown[0] == expected, (name, method, rule)
        for reason, reference in references.items():
            found = _answer(browser, method, path.replace("<reference>", reference))
            assert found == unknown, (name, method, rule, reason)
            tried += 1
    assert tried


@pytest.mark.parametrize("name", HANDLING)
def test_a_case_one_may_see_is_there_on_every_route_of_its_own(house: House, name: str) -> None:
    """Otherwise the test before would prove nothing."""
    browser, role = Browser(house.app), PEOPLE[name]
    browser.sign_in(name)
    for endpoint, method, rule in _routes(house.app):
        if "<reference>" not in rule or role not in MATRIX[endpoint]:
            continue
        more = "<" in rule.replace("<reference>", "")
        path = re.sub(r"<(?!reference)[^>]+>", "1", rule).replace("<reference>", house.mine[name])
        status = _ask(browser, method, path).status_code
        assert status < 500, (name, method, rule)
        assert more or status not in (403, 404), (name, method, rule)
        if method == "GET" and not more:
            assert status in (200, 302), (name, method, rule)


def test_every_route_with_a_row_says_what_hangs_on_it(house: House) -> None:
    with_rows = {
        endpoint
        for endpoint, _method, rule in _routes(house.app)
        if "<int:" in rule and "<reference>" not in rule
    }
    assert with_rows == set(ROWS)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_row_of_a_case_one_may_not_see_is_none(house: House, name: str) -> None:
    browser, role = Browser(house.app), PEOPLE[name]
    browser.sign_in(name)
    for endpoint, method, rule in _routes(house.app):
        what = ROWS.get(endpoint)
        if not what:
            continue
        known = house.rows[what]
        rows = known.get(name) or known["chen"]
        path = re.sub(r"<int:[^>]+>", "{row}", rule)
        unknown = _answer(browser, method, path.format(row=1))
        assert unknown[0] == (404 if role in MATRIX[endpoint] else 403), (name, rule)
        for reason, row in rows.items():
            assert _answer(browser, method, path.format(row=row)) == unknown, (name, rule, reason)


@pytest.mark.parametrize("name", PEOPLE)
def test_no_page_without_holes_tells_of_a_case_one_may_not_see(house: House, name: str) -> None:
    browser, role = Browser(house.app), PEOPLE[name]
    browser.sign_in(name)
    hidden = set(house.hidden.get(name, {}).values())
    if name not in HANDLING:
        hidden = {
            *house.mine.values(),
            *(r for some in house.hidden.values() for r in some.values()),
        }
    read = 0
    for endpoint, method, rule in _routes(house.app):
        if method != "GET" or "<" in rule or role not in MATRIX[endpoint]:
            continue
        for query in ("", "?status=all&sort=received", f"?find={WORD}&status=all"):
            browser.get(f"{rule}{query}")
            for reference in hidden:
                assert reference not in browser.page, (name, rule + query)
            # The words one searched for stand above what was found.
            assert query.startswith("?find") or WORD not in browser.page, (name, rule + query)
            read += 1
    assert read
    if name in HANDLING:
        browser.get("/cases?status=all")
        assert house.mine[name] in browser.page


@pytest.mark.parametrize("name", HANDLING)
def test_a_reference_typed_into_the_search_leads_to_the_same_nowhere(
    house: House, name: str
) -> None:
    browser = Browser(house.app)
    browser.sign_in(name)
    unknown = browser.get(f"/cases?find={UNKNOWN}", follow_redirects=True)
    for reference in house.hidden[name].values():
        found = browser.get(f"/cases?find={reference}", follow_redirects=True)
        assert (found.status_code, len(found.data)) == (404, len(unknown.data))


def test_the_bell_counts_no_notice_of_a_case_one_may_not_see(house: House) -> None:
    for name in HANDLING:
        browser = Browser(house.app)
        browser.sign_in(name)
        browser.get("/notices")
        for reference in house.hidden[name].values():
            assert reference not in browser.page


def test_what_was_refused_left_no_trace_in_the_case(house: House) -> None:
    browser = Browser(house.app)
    browser.sign_in("asha")
    before = {ref: house.desk.actions(ref) for ref in house.hidden["asha"].values()}
    for reference, happened in before.items():
        for form in ("step", "assign", "triage", "declare", "tie"):
            browser.get("/account")
            more = {"action": "note", "text": "x", "words": "x", "seen": str(len(happened))}
            assert browser.post(f"/cases/{reference}/{form}", more).status_code == 404
        assert house.desk.actions(reference) == happened


def test_a_supervisor_can_not_end_a_tie_of_their_own(house: House) -> None:
    with house.store.writing() as session:
        boris = session.get_one(Staff, house.desk.cast.boris.id)
        (mine,) = (
            one.tie
            for one in ties.of_office(session, staff_actor(boris))
            if one.person.id == boris.id
        )
        with pytest.raises(NotAllowed):
            ties.end(session, mine, by=staff_actor(boris), now=mine.declared_at)
    assert Role.SUPERVISOR is boris.role
