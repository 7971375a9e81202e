"""Retention: what was said goes in its time, and a tombstone keeps the chain and the figures."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import select

from casework import cases, filing, identity, links, retaining
from casework.audit import proving
from casework.config import settings_from
from casework.db import Store
from casework.errors import NotAllowed, SettingError
from casework.filing import Complaint, Piece
from casework.ids import new_id
from casework.media import attachments
from casework.messaging import messages
from casework.models import (
    AccessLog,
    Attachment,
    Case,
    Conversation,
    FileChunk,
    Outbox,
    Party,
    Reporter,
    SearchWord,
)
from casework.searching import search
from casework.searching.queue import Filter
from casework.vocabulary import Action, LinkKind, MediaKind, PartyKind, Relation
from recourse import evidence_jobs
from tests.conftest import Cast
from tests.desk import Desk
from tests.erasing import in_the_files
from tests.webhelp import Browser, build, give_accounts

YEAR = timedelta(days=366)
STORY = "the-marked-story-zebra"
SEALED_OF_CASE = {"summary_sealed", "factory_words_sealed", "identity_sealed", "phone_sealed"}


def ended(desk: Desk, now: datetime, **facts: object) -> str:
    """A case that was withdrawn, with all that can hang on one."""
    with desk.store.writing() as session:
        reporter = session.get_one(Reporter, desk.cast.htwe.id)
        file = attachments.received(
            session, reporter.id, MediaKind.PHOTO, b"0123456789" * 100, "image/jpeg", now
        )
        complaint = Complaint(
            (Piece(STORY), Piece("", file.id)),
            factory_words="the-marked-mill",
            relation=Relation.HELPER,
            person="the-marked-person",
            **facts,  # type: ignore[arg-type]
        )
        case = filing.open_case(session, reporter, complaint, now=now)
        session.flush()
        actor = desk.cast.actor("asha")
        cases.advance(session, case, Action.REPLY, by=actor, now=now, text="the-marked-reply")
        messages.seal_summary(session, case, "the-marked-summary")
        case.phone_sealed = session.vault.seal_text("case", "phone_sealed", case.id, "+95 1 marked")
        identity.show(session, case, "the-marked-reason", by=actor, now=now)
        row = new_id(now)
        name = session.vault.seal_text("party", "name_sealed", row, "the-marked-respondent")
        session.add(
            Party(
                id=row,
                case_id=case.id,
                kind=PartyKind.RESPONDENT,
                name_sealed=name,
                organisation_index=b"0123456789abcdef",
                added_at=now,
            )
        )
        filing.answer(session, case, Action.WITHDRAW, now=now, reason="the-marked-end")
        return case.reference


def expire(store: Store, now: datetime, years: int = 2) -> int:
    return evidence_jobs.expire(store, lambda: now, years)


def sealed(store: Store) -> dict[str, bytes]:
    """Everything sealed that stands in the tables of cases."""
    found: dict[str, bytes] = {}
    with store.reading() as session:
        for place in retaining.places():
            for column in place.sealed:
                for number, value in enumerate(session.execute(select(column)).scalars()):
                    if value:
                        found[f"{place.table.name}.{column.name}.{number}"] = value
        for case in session.exec(select(Case)):
            for name in SEALED_OF_CASE:
                if getattr(case, name):
                    found[f"case.{name}"] = getattr(case, name)
        for chunk in session.exec(select(FileChunk)):
            found[f"filechunk.{chunk.id}"] = chunk.sealed
    return found


def test_nothing_is_left_of_the_words_and_the_chain_is_whole(any_desk: Desk, now: datetime) -> None:
    store, reference = any_desk.store, ended(any_desk, now)
    before = sealed(store)
    assert len(before) >= 9
    evidence_jobs.anchor(store, lambda: now)
    count = any_desk.case(reference).event_count
    assert expire(store, now + YEAR) == 0
    assert expire(store, now + 2 * YEAR) == 1
    assert expire(store, now + 9 * YEAR) == 0, "a tombstone stays one"
    store.scrub()
    if store.sqlite:
        assert in_the_files(store, before) == set()
    assert not {*before.values()} & {*sealed(store).values()}
    case = any_desk.case(reference)
    assert case.words_deleted_at == now + 2 * YEAR
    assert (case.reporter_id, case.receipt_index, case.event_count) == (None, None, count + 1)
    assert case.received_at == now
    assert any_desk.events(reference)[-1].data == {"messages": 4, "files": 1}
    assert set(any_desk.said(reference)) == {""}
    with store.reading() as session:
        piece = proving.prove(session)
        assert (piece.breaks, piece.deleted) == ((), 1)
        assert session.exec(select(FileChunk)).all() == []
        assert session.exec(select(Attachment)).one().reason == "expired"
        assert session.exec(select(SearchWord)).all() == []
        assert session.exec(select(Outbox).where(Outbox.case_id == case.id)).all() == []
        assert session.exec(select(AccessLog)).one().reason_sealed is None
        assert session.exec(select(Party)).one().organisation_index is None
        asha = any_desk.cast.actor("asha")
        assert search.page(session, asha, STORY, Filter()).rows == ()


def test_every_sealed_column_is_emptied_or_belongs_to_no_case() -> None:
    """A table that is added later must be reached, or be named here with what it holds."""
    not_of_cases = {
        "reporter",  # who has cases; destroyed with the last one
        "conversation",  # the worker's chat; destroyed with the reporter
        "failedupdate",  # what could not be taken in; goes with the reporter
        "caseupload",  # a file somebody is about to import; deleted after a day
        "authenticator",  # the second step of somebody of the office
        "savedfilter",  # what somebody of the office looks for
        "case",  # emptied by name
        "filechunk",  # deleted
        "mechanismreview",  # what the office learned about itself; of no case
        "reviewaction",  # what it decided to do
    }
    reached = {place.table.name for place in retaining.places()}
    for table in Case.metadata.tables.values():
        if any(c.name == "sealed" or c.name.endswith("_sealed") for c in table.c):
            assert table.name in reached | not_of_cases, f"say what becomes of {table.name}"
    of_case = {name for name in Case.model_fields if name.endswith("_sealed")}
    assert of_case == SEALED_OF_CASE


def test_an_open_case_a_held_one_and_one_linked_to_an_open_one_are_kept(
    any_desk: Desk, now: datetime
) -> None:
    store = any_desk.store
    any_desk.file(now, "Open.")
    held, first = ended(any_desk, now), ended(any_desk, now)
    later_on = any_desk.file(now, "They dismissed me.")
    with store.writing() as session:
        one, other = (session.get_one(Case, any_desk.case(ref).id) for ref in (held, first))
        retaining.hold(session, one, True, by=any_desk.cast.actor("boris"), now=now)
        later = session.get_one(Case, any_desk.case(later_on).id)
        links.link(session, other, later, LinkKind.RETALIATION, now=now)
    assert expire(store, now + 3 * YEAR) == 0
    with store.writing() as session:
        one = session.get_one(Case, one.id)
        retaining.hold(session, one, False, by=any_desk.cast.actor("boris"), now=now)
    assert expire(store, now + 3 * YEAR) == 1
    assert any_desk.case(held).words_deleted_at
    assert any_desk.actions(held)[-3:] == [Action.HOLD, Action.RELEASE, Action.EXPIRE]


def test_practice_goes_after_a_month(any_desk: Desk, now: datetime) -> None:
    real, practice = ended(any_desk, now), ended(any_desk, now, practice=True)
    assert expire(any_desk.store, now + timedelta(days=29), 5) == 0
    assert expire(any_desk.store, now + timedelta(days=31), 5) == 1
    assert any_desk.case(practice).words_deleted_at
    assert any_desk.case(real).words_deleted_at is None


def test_many_go_in_small_transactions(desk: Desk, now: datetime) -> None:
    for _ in range(25):
        ended(desk, now)
    assert expire(desk.store, now + 3 * YEAR) == 25


def test_a_worker_without_another_case_is_forgotten_with_the_last_one(
    any_desk: Desk, now: datetime
) -> None:
    ended(any_desk, now)
    expire(any_desk.store, now + 3 * YEAR)
    with any_desk.store.reading() as session:
        assert session.get(Reporter, any_desk.cast.htwe.id) is None


def test_a_worker_who_writes_or_has_another_case_stays(any_desk: Desk, now: datetime) -> None:
    ended(any_desk, now)
    any_desk.file(now, "Another one.")
    expire(any_desk.store, now + 3 * YEAR)
    with any_desk.store.writing() as session:
        htwe = session.get_one(Reporter, any_desk.cast.htwe.id)
        at = now + 3 * YEAR
        session.add(Conversation(reporter_id=htwe.id, sealed=b"x", updated_at=at))
    ended(any_desk, now)
    with any_desk.store.writing() as session:
        for case in session.exec(select(Case).where(Case.words_deleted_at.is_(None))):  # type: ignore[union-attr]
            if case.reporter_id is not None and case.status.value != "withdrawn":
                filing.answer(session, case, Action.WITHDRAW, now=now)
    expire(any_desk.store, now + 3 * YEAR)
    with any_desk.store.reading() as session:
        assert session.get(Reporter, any_desk.cast.htwe.id) is not None
        assert {case.reporter_id for case in session.exec(select(Case))} == {None}


def test_nothing_can_be_done_with_a_tombstone(desk: Desk, now: datetime) -> None:
    reference = ended(desk, now)
    expire(desk.store, now + 3 * YEAR)
    with pytest.raises(NotAllowed, match="deleted"):
        desk.act(reference, Action.NOTE, now + 3 * YEAR, "text")


@pytest.mark.parametrize("typed", ["0", "soon", "-1", "101", "2.5"])
def test_a_time_that_makes_no_sense_is_refused(typed: str) -> None:
    with pytest.raises(SettingError, match="RECOURSE_KEEP_YEARS"):
        settings_from({"RECOURSE_KEEP_YEARS": typed})


def test_without_the_setting_everything_is_kept() -> None:
    assert settings_from({}).keep_years is None
    assert settings_from({"RECOURSE_KEEP_YEARS": " 7 "}).keep_years == 7


# --- the pages -----------------------------------------------------------------------------------


def _site(store: Store, cast: Cast, now: datetime, **settings: str) -> Flask:
    give_accounts(store, cast, now)
    return build(store, lambda: now, **settings)


def test_a_supervisor_keeps_a_case_and_lets_it_go(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    app = _site(desk.store, desk.cast, now, RECOURSE_KEEP_YEARS="7")
    boris, asha = Browser(app), Browser(app)
    boris.sign_in("boris")
    asha.sign_in("asha")
    asha.get(f"/cases/{reference}")
    assert "deleted 7 years after the case has ended" in asha.text
    assert "Keep it longer" not in asha.text
    for said, on in (("The case is kept.", True), ("The case is no longer kept.", False)):
        boris.get(f"/cases/{reference}")
        form = {"seen": boris.seen, **({"on": "yes"} if on else {})}
        boris.post(f"/cases/{reference}/hold", form, follow_redirects=True)
        assert said in boris.text
        assert desk.case(reference).legal_hold is on
    boris.post(f"/cases/{reference}/hold", {"seen": desk.case(reference).event_count})
    assert "Somebody did this already" in boris.text


def test_without_retention_nobody_is_bothered_with_it(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    app = _site(desk.store, desk.cast, now)
    boris = Browser(app)
    boris.sign_in("boris")
    boris.get(f"/cases/{reference}")
    assert "How long it is kept" not in boris.text


def test_the_page_of_a_tombstone_says_what_it_is(desk: Desk, now: datetime) -> None:
    reference, later = ended(desk, now), now + 3 * YEAR
    expire(desk.store, later)
    app = _site(desk.store, desk.cast, later)
    asha = Browser(app)
    asha.sign_in("asha")
    assert asha.get(f"/cases/{reference}").status_code == 200
    assert "Only the record is left" in asha.text
    assert "the time to keep it is over" in asha.text
    assert "marked" not in asha.page
    assert "/step" not in asha.page
    assert "/redact/" not in asha.page
