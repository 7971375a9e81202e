"""What falls between two parts: somebody with a tie who comes in by another right, words that stay
behind, numbers that wait in a browser that others use, too."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from casework import cases, dossier, grouping, interviews, retaining, ties
from casework.actors import staff_actor
from casework.audit import auditing
from casework.audit.auditing import Asked
from casework.dossier import Reader
from casework.errors import BadInput
from casework.ids import new_id
from casework.interviews import Talk
from casework.messaging import holding, interpreting, messages, reaching, translating
from casework.messaging.beside import Wording
from casework.models import (
    AccessLog,
    Case,
    Factory,
    RemedyEntry,
    SearchWord,
    Staff,
    StaffNotice,
    SupplierContact,
)
from casework.remedy import remedies, revealing
from casework.remedy.remedies import Draft
from casework.searching import search
from casework.searching.queue import Filter
from casework.vocabulary import (
    Action,
    Category,
    LinkKind,
    Meeting,
    RemedyKind,
    RemedyOwner,
    RemedyStep,
    Severity,
    StaffNoticeKind,
    VersionBy,
    Whom,
)
from tests.bothouse import Clock
from tests.desk import Desk
from tests.plan import plan
from tests.test_past_cases import ENDED, OPEN, as_csv, take
from tests.webhelp import Browser, build, give_accounts

LATER = timedelta(days=3 * 366)


def _tied_to_the_factory(desk: Desk, name: str, now: datetime) -> None:
    with desk.store.writing() as session:
        factory = session.get_one(Factory, desk.cast.golden_thread.id)
        by = desk.cast.actor(name)
        ties.declare(session, factory, "My sister works there.", by=by, now=now)


def test_an_interpreter_with_a_tie_to_the_factory_gets_no_message_of_its_cases(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "လစာ မရသေးပါ")
    with any_desk.store.writing() as session:
        session.get_one(Staff, any_desk.cast.indra.id).speaks = "my en"
    with any_desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        by = any_desk.cast.actor("asha")
        held = holding.step(
            session, case, Action.REPLY, by=by, now=now, text="We will call.", language="en"
        )
        assert held
        row = interpreting.ask(session, case, held, "en", "my", by=by, now=now).id
        indra = session.get_one(Staff, any_desk.cast.indra.id)
        assert interpreting.find(session, indra, row)
    _tied_to_the_factory(any_desk, "indra", now)
    with any_desk.store.reading() as session:
        indra = session.get_one(Staff, any_desk.cast.indra.id)
        case = cases.by_reference(session, reference)
        assert case
        assert interpreting.waiting(session, indra) == []
        assert interpreting.find(session, indra, row) is None
        assert interpreting.able_for(session, case, "my", "en") == []
        # She was the only one: nobody waits for her, and somebody else is to be asked.
        assert interpreting.asked(session, held_id=held.id) is None
        told = session.exec(select(StaffNotice).where(StaffNotice.case_id == case.id))
        assert {one.kind for one in told} == {StaffNoticeKind.INTERPRETER_LOST}


def test_an_interpreter_with_a_tie_elsewhere_gets_those_of_a_factory_nobody_named(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "လစာ မရသေးပါ", factory=None, factory_words="the mill")
    with any_desk.store.writing() as session:
        session.get_one(Staff, any_desk.cast.indra.id).speaks = "my en"
    _tied_to_the_factory(any_desk, "indra", now)
    with any_desk.store.reading() as session:
        case = cases.by_reference(session, reference)
        assert case
        found = interpreting.able_for(session, case, "my", "en")
        assert [one.name for one in found] == ["Indra"]


def test_an_auditor_with_a_tie_to_the_factory_reads_no_line_about_its_cases(
    any_desk: Desk, now: datetime
) -> None:
    of_factory, elsewhere = any_desk.file(now, "No pay"), any_desk.file(now, "No pay", factory=None)
    with any_desk.store.writing() as session:
        for reference in (of_factory, elsewhere):
            case = cases.by_reference(session, reference, lock=True)
            assert case
            reader = any_desk.cast.asha.id
            entry = AccessLog(id=new_id(now), at=now, staff_id=reader, case_id=case.id, what="case")
            session.add(entry)
            retaining.hold(session, case, True, by=any_desk.cast.actor("boris"), now=now)
    _tied_to_the_factory(any_desk, "auguste", now)
    with any_desk.store.reading() as session:
        auguste = staff_actor(session.get_one(Staff, any_desk.cast.auguste.id))
        rows, _older = auditing.reads(session, auguste, Asked())
        taken, _more = auditing.taken(session, auguste, Asked())
        assert {row.reference for row in rows} == {elsewhere}
        assert {row.reference for row in taken} == {elsewhere}


def test_the_number_to_call_goes_with_the_words_of_an_old_case(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay")
    with any_desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        reaching.seal(session, case, "+855 12 345 678", "After eight")
    any_desk.answer(reference, Action.WITHDRAW, now)
    with any_desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        retaining.expire(session, case, now + LATER)
    assert any_desk.case(reference).phone_sealed is None


def test_what_was_written_about_a_remedy_goes_whoever_wrote_it(
    any_desk: Desk, now: datetime
) -> None:
    """A row leads to its case in several ways, and not every way is there."""
    (place,) = (one for one in retaining.places() if one.table.name == "remedyentry")
    by = any_desk.cast.actor("asha")
    reference = any_desk.file(now, "No pay")
    any_desk.triage(reference, now)
    any_desk.walk(reference, now, Action.ACKNOWLEDGE, Action.ASSESS, Action.INVESTIGATE)
    with any_desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        action = plan(session, case, by=by, now=now)
        remedies.note(session, case, action, RemedyStep.ANSWERED, "zebra", by=by, now=now)
        contact = SupplierContact(
            id=new_id(now),
            case_id=case.id,
            factory_id=any_desk.cast.golden_thread.id,
            name_sealed=b"x",
            email_sealed=b"",
            organisation_sealed=b"",
            language="",
            added_at=now,
        )
        session.add(contact)
        session.flush()
        entry = RemedyEntry(
            id=new_id(now),
            action_id=action.id,
            at=now,
            step=RemedyStep.ANSWERED,
            contact_id=contact.id,
        )
        remedies.note(session, case, action, entry.step, "okapi", by=by, now=now, entry=entry)
        session.flush()
        place.empty(session, case.id)
        for one in session.exec(select(RemedyEntry)):
            assert remedies.said(session, one) == ""


def test_a_case_is_not_found_by_what_its_plan_said_before(desk: Desk, now: datetime) -> None:
    by = desk.cast.actor("asha")
    reference = desk.file(now, "No pay")
    desk.triage(reference, now)
    desk.walk(reference, now, Action.ACKNOWLEDGE, Action.ASSESS, Action.INVESTIGATE)
    with desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        action = plan(session, case, by=by, now=now, what="Let Zebramaria come back")
        session.flush()
        draft = Draft(
            what="Let them come back",
            kind=RemedyKind.REINSTATE,
            owner=RemedyOwner.OFFICE,
            staff_id=desk.cast.asha.id,
            due_on=now.date() + timedelta(days=9),
            issues=tuple(action.issues),
        )
        remedies.change(session, case, action, draft, by=by, now=now)
    with desk.store.reading() as session:
        assert search.page(session, by, "Zebramaria", Filter()).rows == ()
        assert len(search.page(session, by, "come back", Filter()).rows) == 1


def test_nothing_finds_an_imported_case_once_its_words_are_gone(desk: Desk, now: datetime) -> None:
    take(desk.store, as_csv([ENDED]))
    with desk.store.writing() as session:
        case = session.exec(select(Case)).one()
        retaining.expire(session, case, now + LATER)
    with desk.store.reading() as session:
        assert session.exec(select(SearchWord)).all() == []


def test_a_colleagues_summary_of_an_imported_case_does_not_leave_the_office(
    desk: Desk, now: datetime
) -> None:
    take(desk.store, as_csv([OPEN]))
    with desk.store.reading() as session:
        case = session.exec(select(Case)).one()
        boris = desk.cast.actor("boris")
        origin = dossier.gather(session, case, Reader(boris))["origin"]
        assert origin["summary"] == OPEN["summary"]
    desk.triage(case.reference, now, summary="We believe the zebra did it.")
    with desk.store.reading() as session:
        case = session.get_one(Case, case.id)
        for notes in (False, True):
            origin = dossier.gather(session, case, Reader(boris, notes))["origin"]
            assert "zebra" not in str(origin)
    browser = Browser(build(desk.store, lambda: now))
    give_accounts(desk.store, desk.cast, now)
    browser.sign_in("boris")
    browser.get(f"/cases/{case.reference}/file?for=outside")
    assert "zebra" not in browser.page


def test_who_restricts_a_case_restricts_the_same_one_told_twice(
    any_desk: Desk, now: datetime
) -> None:
    first, second = any_desk.file(now, "He"), any_desk.file(now, "He again")
    for reference in (first, second):
        any_desk.assign(reference, now, "asha")
    with any_desk.store.writing() as session:
        one, other = (cases.by_reference(session, ref, lock=True) for ref in (first, second))
        assert one
        assert other
        by = any_desk.cast.actor("dilani")
        grouping.link(session, one, other, LinkKind.DUPLICATE, by=by, now=now)
    any_desk.triage(
        second,
        now,
        Severity.CRITICAL,
        ((Category.HARASSMENT, "sexual"),),
        by="dilani",
        restricted=True,
    )
    for reference in (first, second):
        case = any_desk.case(reference)
        assert case.restricted
        assert case.assignee_id is None
        assert any_desk.events(reference)


def test_numbers_to_tell_are_for_who_took_the_case_not_for_who_signs_in_next(
    desk: Desk, now: datetime, clock: Clock
) -> None:
    give_accounts(desk.store, desk.cast, now)
    browser = Browser(build(desk.store, clock))
    browser.sign_in("asha")
    browser.get("/cases/new")
    form = {"channel": "phone", "language": "my", "reach": "by-phone", "words_in": "en"}
    form |= {"consent": "yes", "received_at": "2026-11-20T16:00", "phone": "+855 12 345 678"}
    assert browser.post("/cases/new", {"words": "No pay", **form}).status_code == 302, browser.text
    assert browser.get("/cases/new/numbers").status_code == 200
    browser.post("/sign-out")
    browser.sign_in("boris")
    assert browser.get("/cases/new/numbers").status_code == 302


def test_the_factory_does_not_read_the_workers_words_in_another_language_either(
    any_desk: Desk, now: datetime
) -> None:
    reference, by = any_desk.file(now, "လစာ မရသေးပါ"), any_desk.cast.actor("asha")
    written, heard = (
        "He locked the seven of us in the store room",
        "She took the passports on the first evening",
    )
    with any_desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        told = messages.of_case(session, case.id)[0]
        wording = Wording(written, "en", VersionBy.STAFF)
        translating.put_beside(session, case, told, wording, by=by, now=now)
        for action in (Action.ACKNOWLEDGE, Action.ASSESS):
            cases.advance(session, case, action, by=by, now=now)
        talk = Talk(Whom.WORKER, now.date(), Meeting.PHONE, consent=True, words=heard)
        interviews.note(session, case, talk, by=by, now=now, today=now.date())
        revealing.check(session, case, "Give all workers their passports back.")
        for words in (written, heard):
            with pytest.raises(BadInput, match="own words"):
                revealing.check(session, case, f"We hear: {words}!")
