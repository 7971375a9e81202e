"""The auditor's pages: what they show, what they never tell, and that nothing is read unseen."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import col, delete, select
from werkzeug.test import TestResponse

from casework import conflicts, filing, identity, redacting, retaining
from casework.audit import auditing
from casework.cases import advance
from casework.deadlines import extending, promises
from casework.filing import Complaint, Piece
from casework.ids import new_id
from casework.media import attachments
from casework.messaging import messages
from casework.models import (
    AccessLog,
    Attachment,
    Case,
    CaseEvent,
    Message,
    Party,
    PolicyVersion,
    Reporter,
    Staff,
)
from casework.models.cases import TAKING_AWAY
from casework.vault import Vault
from casework.vocabulary import (
    Action,
    Category,
    ExtensionReason,
    MediaKind,
    PartyKind,
    RedactionReason,
    Relation,
    Role,
)
from recourse import evidence_jobs
from tests.bothouse import Clock
from tests.desk import Desk
from tests.test_web_access import _walk
from tests.webhelp import Browser, build, give_accounts
from webadmin import access

SECRET = "the-marked-words-zebra"
REASON = "the-marked-reason-stork"


@pytest.fixture
def app(desk: Desk, now: datetime, clock: Clock) -> Flask:
    give_accounts(desk.store, desk.cast, now)
    return build(desk.store, clock)


def signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def rich(desk: Desk, now: datetime, *, restricted: bool = False) -> str:
    """A case with sealed words in each place where they may stand."""
    with desk.store.writing() as session:
        reporter = session.get_one(Reporter, desk.cast.htwe.id)
        file = attachments.received(
            session, reporter.id, MediaKind.PHOTO, SECRET.encode(), "image/jpeg", now
        )
        complaint = Complaint(
            (Piece(SECRET), Piece("", file.id)),
            factory_words=SECRET,
            category=Category.HARASSMENT if restricted else Category.WAGES,
            kind="sexual" if restricted else "unpaid",
            relation=Relation.HELPER,
            person=SECRET,
        )
        case = filing.open_case(session, reporter, complaint, now=now)
        session.flush()
        asha = desk.cast.actor("dilani")
        advance(session, case, Action.ACKNOWLEDGE, by=asha, now=now)
        messages.seal_summary(session, case, SECRET)
        session.flush()
        clock = promises.of_case(session, case.id)[-1]
        day = (clock.due_at + timedelta(days=10)).date()
        why = ExtensionReason.FACTORY
        extending.ask(session, case, clock.id, day, why, SECRET, by=asha, now=now)
        return case.reference


def identify(desk: Desk, reference: str, now: datetime, by: str = "dilani") -> None:
    with desk.store.writing() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        identity.show(session, case, REASON, by=desk.cast.actor(by), now=now)


def pool(desk: Desk, name: str) -> None:
    with desk.store.writing() as session:
        session.get_one(Staff, getattr(desk.cast, name).id).restricted_pool = True


# --- the chains ----------------------------------------------------------------------------------


def test_an_auditor_comes_to_the_audit_and_sees_no_other_room(app: Flask) -> None:
    auguste = signed_in(app, "auguste")
    auguste.get("/", follow_redirects=True)
    assert "Nothing was checked yet" in auguste.text
    assert 'href="/cases"' not in auguste.page
    assert 'href="/staff"' not in auguste.page


def test_a_check_is_begun_on_the_page_and_shown_there(
    app: Flask, desk: Desk, now: datetime
) -> None:
    whole, broken = desk.file(now, "No pay"), desk.file(now, "No pay")
    evidence_jobs.anchor(desk.store, lambda: now)
    auguste = signed_in(app, "auguste")
    auguste.get("/audit")
    auguste.post("/audit/check", follow_redirects=True)
    assert "The first check is under way" in auguste.text
    evidence_jobs.verify(desk.store, lambda: now)
    auguste.get("/audit")
    assert "Everything is whole" in auguste.text
    with desk.store.writing() as session:
        event = session.exec(
            select(CaseEvent).where(CaseEvent.case_id == desk.case(broken).id)
        ).one()
        event.at = now + timedelta(days=1)
    auguste.post("/audit/check", follow_redirects=True)
    evidence_jobs.verify(desk.store, lambda: now)
    auguste.get("/audit")
    assert "1 broken link was found" in auguste.text
    assert f"{broken} · event 1 The event was changed." in auguste.text
    assert whole not in auguste.text
    assert re.search(r"1:[0-9a-f]{64}", auguste.text), "the anchor, to be copied"
    assert "Asked for by Auguste" in auguste.text


# --- who read what ---------------------------------------------------------------------------------


def test_the_log_tells_who_read_which_case_and_no_word_of_it(
    app: Flask, desk: Desk, now: datetime
) -> None:
    reference = rich(desk, now, restricted=True)
    dilani = signed_in(app, "dilani")
    dilani.get(f"/cases/{reference}")
    identify(desk, reference, now)
    auguste = signed_in(app, "auguste")
    auguste.get("/audit/reads")
    assert "Dilani" in auguste.text
    assert reference in auguste.text
    assert "The page of a case" in auguste.text
    assert "Who the worker is With a reason" in auguste.text
    main = auguste.page[auguste.page.index("<main") :]
    assert "marked" not in main
    for hint in ("HAR", "arassment", "Restricted", "ritical", "shield"):
        assert hint not in main.replace("restricted pool", ""), hint


def test_reasons_are_for_auditors_of_the_restricted_pool_for_all_cases_or_none(
    app: Flask, desk: Desk, now: datetime
) -> None:
    plain, restricted = rich(desk, now), rich(desk, now, restricted=True)
    for reference in (plain, restricted):
        identify(desk, reference, now)
    auguste = signed_in(app, "auguste")
    auguste.get("/audit/reads")
    assert auguste.text.count("With a reason") == 2
    assert REASON not in auguste.text
    pool(desk, "auguste")
    auguste.get("/audit/reads")
    assert auguste.text.count(REASON) == 2


def test_who_has_a_part_in_a_case_sees_no_line_of_it(app: Flask, desk: Desk, now: datetime) -> None:
    reference, other = rich(desk, now), rich(desk, now)
    for one in (reference, other):
        identify(desk, one, now)
        redact(desk, one, now)
    with desk.store.writing() as session:
        party = Party(
            id=new_id(now),
            case_id=desk.case(reference).id,
            kind=PartyKind.RESPONDENT,
            name_sealed=b"x",
            staff_id=desk.cast.auguste.id,
            added_at=now,
        )
        session.add(party)
        case = session.get_one(Case, party.case_id)
        conflicts.refresh(session, case, now, desk.cast.actor("boris"))
    auguste, chen = signed_in(app, "auguste"), signed_in(app, "chen")
    for path in ("/audit/reads", "/audit/changes", f"/audit/reads?case={reference}"):
        auguste.get(path)
        assert f">{reference}<" not in auguste.page, path
        chen.get(path)
        assert f">{reference}<" in chen.page, path
    auguste.get("/audit/reads")
    assert other in auguste.text


def test_a_broken_link_of_that_case_is_not_shown_either(desk: Desk, now: datetime) -> None:
    reference = rich(desk, now)
    with desk.store.writing() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        session.add(
            Party(
                id=new_id(now),
                case_id=case.id,
                kind=PartyKind.RESPONDENT,
                name_sealed=b"x",
                staff_id=desk.cast.auguste.id,
                added_at=now,
            )
        )
        conflicts.refresh(session, case, now, desk.cast.actor("boris"))
        case.head_hash = b"\0" * 32
    evidence_jobs.begin_if_due(desk.store, lambda: now)
    evidence_jobs.verify(desk.store, lambda: now)
    with desk.store.reading() as session:
        (check,) = auditing.checks(session)
        assert auditing.breaks(session, desk.cast.actor("auguste"), check) == []
        assert len(auditing.breaks(session, desk.cast.actor("chen"), check)) == 1


def redact(desk: Desk, reference: str, now: datetime) -> None:
    with desk.store.writing() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        message = messages.of_case(session, case.id)[0]
        redacting.redact(
            session,
            case,
            message,
            SECRET,
            RedactionReason.HURTS,
            everywhere=True,
            by=desk.cast.actor("dilani"),
            now=now,
        )


def log(desk: Desk, now: datetime, staff: Staff, reference: str, what: str = "case") -> None:
    with desk.store.writing() as session:
        row = desk.case(reference).id
        session.add(AccessLog(id=new_id(now), at=now, staff_id=staff.id, case_id=row, what=what))


def test_the_log_is_filtered_by_person_case_kind_and_period(
    app: Flask, desk: Desk, now: datetime
) -> None:
    one, other = desk.file(now, "No pay"), desk.file(now, "No pay")
    log(desk, now - timedelta(days=9), desk.cast.asha, one)
    log(desk, now, desk.cast.boris, one, "attachment")
    log(desk, now, desk.cast.boris, other)

    auguste = signed_in(app, "auguste")

    def found(**asked: object) -> int:
        auguste.get("/audit/reads", query_string=asked)
        return auguste.page.count('<td class="lead-cell">')

    assert found() == 3
    assert found(person=desk.cast.asha.id) == 1
    assert found(case=one.lower()) == 2
    assert found(case="RC-0000-0000") == 0
    assert "Nothing fits what you chose" in auguste.text
    assert found(kind="attachment") == 1
    assert found(kind="nonsense") == 3
    assert found(since="2026-11-19") == 2
    assert found(until="2026-11-19") == 1
    assert found(since="2026-11-20", until="2026-11-20", person=desk.cast.boris.id) == 2
    assert found(since="soon", person="x") == 3


def test_a_long_log_is_read_page_by_page(app: Flask, desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    for minute in range(auditing.SIZE + 3):
        log(desk, now + timedelta(minutes=minute), desk.cast.asha, reference)
    auguste = signed_in(app, "auguste")
    auguste.get("/audit/reads?kind=case")
    assert auguste.page.count('<td class="lead-cell">') == auditing.SIZE
    (older,) = re.findall(r'rel="next" href="([^"]+)"', auguste.page)
    auguste.get(older.replace("&amp;", "&"))
    assert auguste.page.count('<td class="lead-cell">') == 3
    assert 'rel="next"' not in auguste.page


# --- what was taken away, rights, promises -----------------------------------------------------------


def test_what_was_blacked_out_deleted_or_kept_is_listed(
    app: Flask, desk: Desk, now: datetime
) -> None:
    reference = rich(desk, now)
    redact(desk, reference, now)
    gone = desk.file(now, "No pay")
    desk.answer(gone, Action.WITHDRAW, now)
    with desk.store.writing() as session:
        case = session.get_one(Case, desk.case(reference).id)
        retaining.hold(session, case, True, by=desk.cast.actor("boris"), now=now)
    evidence_jobs.expire(desk.store, lambda: now + timedelta(days=800), 2)
    auguste = signed_in(app, "auguste")
    auguste.get("/audit/changes")
    assert "In 2 messages: It hurts somebody and is not needed" in auguste.text
    assert "Deleted: the time to keep it is over Messages: 1. Files: 0." in auguste.text
    assert "Kept from being deleted Boris" in auguste.text
    assert SECRET not in auguste.page
    auguste.get(f"/audit/changes?kind=expire&case={gone}")
    assert auguste.page.count('<td class="lead-cell">') == 1
    auguste.get(f"/audit/changes?person={desk.cast.boris.id}")
    assert auguste.page.count('<td class="lead-cell">') == 1


def test_the_list_of_what_was_taken_away_says_what_its_index_says() -> None:
    listed = {action.value for action in auditing.LISTED}
    assert set(re.findall(r"'([a-z-]+)'", TAKING_AWAY)) == listed


def test_rights_and_promises_have_their_history(app: Flask, desk: Desk, now: datetime) -> None:
    chen = signed_in(app, "chen")
    chen.get(f"/staff/{desk.cast.asha.id}")
    form = {"name": "Asha", "role": "supervisor", "zone": "UTC", "active": "yes"}
    chen.post(f"/staff/{desk.cast.asha.id}", form)
    with desk.store.writing() as session:
        version = PolicyVersion(
            id=new_id(now), number=1, at=now, staff_id=desk.cast.chen.id, why="Fewer days."
        )
        session.add(version)
    auguste = signed_in(app, "auguste")
    auguste.get("/audit/rights")
    assert "Role: Case handler → Supervisor" in auguste.text
    assert "May open who the worker is: yes → no" in auguste.text
    auguste.get(f"/audit/rights?person={desk.cast.boris.id}")
    assert "Nothing fits" in auguste.text
    auguste.get("/audit/policies")
    assert "Fewer days." in auguste.text


# --- nothing is read unseen ------------------------------------------------------------------------

NOT_OF_CASES = {
    "savedfilter": "what somebody of the office looks for, shown to themselves or shared by them",
    "accesslog": "why somebody read it: the check itself, not what was read",
    "fact": "the proof that the key file fits",
    "conversation": "the worker's own chat, opened for the worker in the web chat",
    "reporter": "the worker's address, opened to deliver, never shown",
    "webauthn": "keys of staff",
    "authenticator": "the second step of staff",
    "account": "how staff sign in",
    "mechanismreview": "what the office learned of its own mechanism",
    "reviewaction": "what the office decided to change about it",
}
"""Sealed places that hold no words of a case, with what they hold."""


class Opened:
    """What the vault opened since the last look: table and row."""

    def __init__(self) -> None:
        self.places: set[tuple[str, int]] = set()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Opened:
    found, really = Opened(), Vault.open

    def open_(vault: Vault, table: str, column: str, row: int, sealed: bytes) -> bytes:
        found.places.add((table, row))
        return really(vault, table, column, row, sealed)

    monkeypatch.setattr(Vault, "open", open_)
    return found


def _cases_of(desk: Desk, places: set[tuple[str, int]]) -> set[int]:
    """The cases whose words stand in these places."""
    found: set[int] = set()
    with desk.store.reading() as session:
        for name, row in places:
            table = Case.metadata.tables[name]
            if name == "case":
                found.add(row)
            elif "case_id" in table.c:
                found.add(
                    session.execute(select(table.c.case_id).where(table.c.id == row)).scalar_one()
                )
            elif name == "filechunk":
                wanted = select(Attachment.case_id).join(
                    table, table.c.attachment_id == col(Attachment.id)
                )
                found.add(session.execute(wanted.where(table.c.id == row)).scalar_one())
            else:
                raise AssertionError(f"say of which case a row of {name} is")
    return found


def _unlogged(desk: Desk, opened: Opened, answer: TestResponse) -> set[int]:
    """Cases of which words were opened for an answer without a line in the log."""
    places = {place for place in opened.places if place[0] not in NOT_OF_CASES}
    if answer.status_code in (301, 302, 303):
        return set()  # it shows nothing: what was opened was compared or sealed anew
    with desk.store.reading() as session:
        logged = set(session.exec(select(AccessLog.case_id)))
    return _cases_of(desk, places) - logged


def _filled(desk: Desk, reference: str, path: str) -> str:
    with desk.store.reading() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        file = session.exec(select(Attachment.id).where(Attachment.case_id == case.id)).one()
        message = session.exec(
            select(Message.id).where(Message.case_id == case.id).order_by(col(Message.id))
        ).first()
    path = path.replace("RC-7K3M-9Q2T", reference).replace("/attachments/1", f"/attachments/{file}")
    return path.replace("/redact/1", f"/redact/{message}")


ADDRESSES = ("/cases?find=zebra", "/cases?status=all&find={reference}&page=", "/notices?before=9")


def test_whatever_a_request_opens_of_a_case_has_a_line_in_the_log(
    app: Flask, desk: Desk, now: datetime, opened: Opened
) -> None:
    reference = rich(desk, now)
    rich(desk, now)  # another one, whose words nobody asks for
    for name in ("chen", "dilani", "boris"):
        pool(desk, name)
    wrong: set[tuple[str, str, str]] = set()
    seen: set[str] = set()
    for name in ("dilani", "boris", "chen", "auguste", "indra", "brigitte"):
        browser = signed_in(app, name)
        wanted = [(endpoint, method, path) for endpoint, method, path in _walk(app)]
        wanted += [("", "GET", path.format(reference=reference)) for path in ADDRESSES]
        for endpoint, method, path in wanted:
            if endpoint == "security.logout":
                continue
            if method != "GET":
                browser.get("/account")  # for its token: what was answered last may have none
            with desk.store.writing() as session:
                session.exec(delete(AccessLog))
            opened.places.clear()
            address = _filled(desk, reference, path)
            form = {
                "action": "reply",
                "reason": "Why.",
                "seen": str(desk.case(reference).event_count),
            }
            answer = browser.get(address) if method == "GET" else browser.post(address, form)
            if {place[0] for place in opened.places} - set(NOT_OF_CASES):
                seen.add(endpoint)
            if _unlogged(desk, opened, answer):
                wrong.add((name, method, path))
    assert not wrong
    must = {"cases.show", "identity.show", "files.show", "redactions.passage", "cases.step"}
    assert must <= seen, "the test opens what it is to watch"


def test_a_route_that_reads_unseen_would_be_noticed(
    app: Flask, desk: Desk, now: datetime, opened: Opened
) -> None:
    reference = rich(desk, now)

    def unseen() -> str:
        with desk.store.reading() as session:
            return messages.summary(session, desk.case(reference))

    app.add_url_rule("/unseen", "unseen", access.allowed(Role.HANDLER)(unseen))
    browser = signed_in(app, "asha")
    opened.places.clear()
    answer = browser.get("/unseen")
    assert answer.text == SECRET
    assert _unlogged(desk, opened, answer) == {desk.case(reference).id}
