"""Blacking out: the words are gone for good, from the files too, and the chain proves the rest."""

import re
from datetime import datetime

import pytest
from flask import Flask
from sqlmodel import col, select

from bot import unread
from bot.turns import News
from casework import filing, findings, issues, redacting
from casework.audit import proving
from casework.db import Store
from casework.errors import BadInput, NotAllowed
from casework.filing import Complaint, Piece
from casework.findings import Found
from casework.media import attachments
from casework.messaging import beside, holding, messages, translating
from casework.messaging.beside import Wording
from casework.models import (
    AccessLog,
    Attachment,
    Case,
    FileChunk,
    HeldWords,
    Message,
    MessageVersion,
    Outbox,
    Reporter,
    SearchWord,
)
from casework.searching import search, searchwords
from casework.searching.queue import Filter
from casework.vocabulary import (
    Action,
    FileState,
    Finding,
    Flaw,
    Gravity,
    MediaKind,
    MessageKind,
    Notice,
    RedactionReason,
    VersionBy,
)
from tests.conftest import Cast
from tests.desk import Desk
from tests.erasing import in_the_files
from tests.webhelp import Browser, build, give_accounts

NAME = "Daw Khin Zebra"
STORY = f"{NAME} took my papers.\nI told {NAME} to stop."
BLACK = redacting.BLACK


def redact(
    desk: Desk,
    reference: str,
    now: datetime,
    passage: str,
    number: int = 0,
    *,
    everywhere: bool = False,
    by: str = "asha",
) -> int:
    with desk.store.writing() as session:
        case = session.get_one(Case, desk.case(reference).id)
        message = messages.of_case(session, case.id)[number]
        why = RedactionReason.IDENTIFIES
        return redacting.redact(
            session,
            case,
            message,
            passage,
            why,
            everywhere=everywhere,
            by=desk.cast.actor(by),
            now=now,
        )


def flaws(store: Store) -> list[object]:
    with store.reading() as session:
        return list(proving.prove(session).breaks)


def found(desk: Desk, text: str) -> int:
    with desk.store.reading() as session:
        return len(search.page(session, desk.cast.actor("asha"), text, Filter()).rows)


def test_a_passage_goes_wherever_it_stands_in_its_message_and_the_chain_stays_whole(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, STORY)
    any_desk.act(reference, Action.NOTE, now, f"{NAME} is the line leader.")
    assert redact(any_desk, reference, now, f" {NAME}\r\n") == 1
    assert any_desk.said(reference) == [
        f"{BLACK} took my papers.\nI told {BLACK} to stop.",
        f"{NAME} is the line leader.",
    ]
    assert flaws(any_desk.store) == []
    assert redact(any_desk, reference, now, "took my papers") == 1
    assert flaws(any_desk.store) == [], "redacted twice"
    event = any_desk.events(reference)[2]
    assert NAME not in str(event.data)
    assert event.data["redacted"][0]["before"] != event.data["redacted"][0]["digest"]


def test_it_goes_from_all_messages_and_the_summary_where_that_is_wanted(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, STORY)
    any_desk.triage(reference, now, summary=f"It was {NAME}.")
    any_desk.act(reference, Action.NOTE, now, f"{NAME} is the line leader.")
    assert redact(any_desk, reference, now, NAME, everywhere=True) == 3
    assert not any(NAME in said for said in any_desk.said(reference))
    with any_desk.store.reading() as session:
        case = session.get_one(Case, any_desk.case(reference).id)
        assert messages.summary(session, case) == f"It was {BLACK}."
    assert flaws(any_desk.store) == []


def test_what_was_sealed_is_gone_from_the_files(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, STORY)
    with any_desk.store.reading() as session:
        message = messages.of_case(session, any_desk.case(reference).id)[0]
    old = {"the sealed words": message.text_sealed}
    if any_desk.store.sqlite:
        assert in_the_files(any_desk.store, old)
    redact(any_desk, reference, now, NAME)
    assert any_desk.store.scrub()
    if any_desk.store.sqlite:
        assert in_the_files(any_desk.store, old) == set()
    with any_desk.store.reading() as session:
        fresh = session.get_one(Message, message.id)
        assert fresh.text_sealed != message.text_sealed


def test_nobody_finds_the_case_by_a_word_that_was_blacked_out(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, STORY)
    assert found(any_desk, "Zebra") == 1
    redact(any_desk, reference, now, NAME)
    assert found(any_desk, "Zebra") == 0
    assert found(any_desk, "papers") == 1


def test_a_word_that_still_stands_elsewhere_is_still_found(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, STORY)
    desk.act(reference, Action.NOTE, now, f"{NAME} is the line leader.")
    redact(desk, reference, now, NAME)
    assert found(desk, "Zebra") == 1


def test_a_reply_that_has_not_left_yet_leaves_without_it(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    desk.act(reference, Action.REPLY, now, f"We spoke to {NAME}.")
    redact(desk, reference, now, NAME, 1)
    with desk.store.reading() as session:
        wanted = select(Outbox).where(Outbox.notice == Notice.REPLY)
        entry = session.exec(wanted).one()
        assert unread.news(session, entry, now) == News(Notice.REPLY, f"We spoke to {BLACK}.")


def test_an_earlier_translation_and_the_words_that_waited_lose_it_too(
    any_desk: Desk, now: datetime
) -> None:
    reference, by = any_desk.file(now, "Hello"), any_desk.cast.actor("asha")
    with any_desk.store.writing() as session:
        case = session.get_one(Case, any_desk.case(reference).id)
        told = messages.of_case(session, case.id)[0]
        for text in (f"{NAME} said hello.", "Hello."):
            wording = Wording(text, "en", VersionBy.STAFF)
            translating.put_beside(session, case, told, wording, by=by, now=now)
        for _ in range(2):
            held = holding.step(
                session, case, Action.REPLY, by=by, now=now, text=f"Ask {NAME}.", language="en"
            )
            assert held
            made = VersionBy.STAFF
            holding.translate(session, case, held, f"Hey {NAME}", made, by=by, now=now)
        first, second = holding.of_case(session, case.id)
        holding.release(session, case, first, by=by, now=now)
        holding.drop(session, case, second, by=by, now=now)
    redact(any_desk, reference, now, NAME, everywhere=True)
    with any_desk.store.reading() as session:
        for version in session.exec(select(MessageVersion)):
            assert NAME not in beside.words(session, version)
        for held in session.exec(select(HeldWords)):
            assert NAME not in holding.words(session, held)
    assert found(any_desk, "zebra") == 0
    assert flaws(any_desk.store) == []


def test_the_reason_of_a_finding_loses_it_with_the_message_that_told_it(
    any_desk: Desk, now: datetime
) -> None:
    reference = _told(any_desk, now)
    number = any_desk.said(reference).index(f"{NAME} says so.")
    redact(any_desk, reference, now, NAME, number)
    with any_desk.store.reading() as session:
        case = session.get_one(Case, any_desk.case(reference).id)
        for issue in issues.of_case(session, case.id):
            assert findings.reason_of(session, issue) == f"{BLACK} says so."
    assert found(any_desk, "zebra") == 0
    assert flaws(any_desk.store) == []


def test_a_finding_that_was_changed_after_it_was_told_is_found_out(
    any_desk: Desk, now: datetime
) -> None:
    reference = _told(any_desk, now)
    assert flaws(any_desk.store) == []
    with any_desk.store.writing() as session:
        case = session.get_one(Case, any_desk.case(reference).id)
        (told,) = (
            one for one in messages.of_case(session, case.id) if one.kind is MessageKind.FINDING
        )
        messages.reseal(session, told, "Nothing of it is true.")
    assert [one.flaw for one in flaws(any_desk.store)] == [Flaw.WORDS]  # type: ignore[attr-defined]


def _told(desk: Desk, now: datetime) -> str:
    """A case whose outcome was told, with a name in the reason."""
    reference = desk.file(now, "Hello")
    desk.triage(reference, now)
    desk.walk(reference, now, Action.ACKNOWLEDGE, Action.ASSESS, Action.INVESTIGATE)
    desk.find(reference, now, Found(Finding.FOUNDED, f"{NAME} says so.", Gravity.MAJOR))
    desk.walk(reference, now, Action.CONCLUDE)
    return reference


@pytest.mark.parametrize("passage", ["daw khin zebra", "x", "", "▇"])
def test_words_that_do_not_stand_there_are_refused_and_nothing_changes(
    desk: Desk, now: datetime, passage: str
) -> None:
    reference = desk.file(now, STORY)
    with pytest.raises(BadInput):
        redact(desk, reference, now, passage, everywhere=True)
    assert desk.actions(reference) == [Action.FILE]
    assert desk.said(reference) == [STORY]


def test_a_digest_made_up_in_a_redaction_is_found(desk: Desk, now: datetime) -> None:
    """Words changed behind our back are not covered by a later redaction of them."""
    reference = desk.file(now, STORY)
    with desk.store.writing() as session:
        message = messages.of_case(session, desk.case(reference).id)[0]
        messages.reseal(session, message, f"{NAME} gave me papers.")
    redact(desk, reference, now, NAME)
    (flaw,) = flaws(desk.store)
    assert (flaw.flaw.value, flaw.number) == ("words", 1)  # type: ignore[attr-defined]


def with_file(desk: Desk, now: datetime) -> tuple[str, int]:
    with desk.store.writing() as session:
        reporter = session.get_one(Reporter, desk.cast.htwe.id)
        content = b"0123456789" * 10_000
        file = attachments.received(
            session, reporter.id, MediaKind.PHOTO, content, "image/jpeg", now
        )
        complaint = Complaint((Piece("Look.", file.id),), desk.cast.golden_thread)
        return filing.open_case(session, reporter, complaint, now=now).reference, file.id


def destroy(desk: Desk, reference: str, file_id: int, now: datetime, by: str) -> None:
    with desk.store.writing() as session:
        case = session.get_one(Case, desk.case(reference).id)
        file = session.get_one(Attachment, file_id)
        why = RedactionReason.HURTS
        redacting.destroy_file(session, case, file, why, by=desk.cast.actor(by), now=now)


def test_a_file_is_destroyed_by_who_leads_and_by_nobody_else(any_desk: Desk, now: datetime) -> None:
    reference, file_id = with_file(any_desk, now)
    with pytest.raises(NotAllowed):
        destroy(any_desk, reference, file_id, now, "asha")
    with any_desk.store.reading() as session:
        pieces = session.exec(select(FileChunk.sealed)).all()
    raw = {str(number): sealed[:2000] for number, sealed in enumerate(pieces)}
    destroy(any_desk, reference, file_id, now, "boris")
    any_desk.store.scrub()
    if any_desk.store.sqlite:
        assert in_the_files(any_desk.store, raw) == set()
    with any_desk.store.reading() as session:
        file = session.get_one(Attachment, file_id)
        assert (file.state, file.reason, file.size) == (FileState.FAILED, "redacted", 0)
        assert session.exec(select(FileChunk)).all() == []
    assert flaws(any_desk.store) == []
    with pytest.raises(BadInput):
        destroy(any_desk, reference, file_id, now, "boris")


def test_a_file_of_another_case_is_refused(desk: Desk, now: datetime) -> None:
    _reference, file_id = with_file(desk, now)
    other = desk.file(now, "No pay")
    with pytest.raises(BadInput):
        destroy(desk, other, file_id, now, "boris")


# --- the page ------------------------------------------------------------------------------------


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime) -> Flask:
    give_accounts(store, cast, now)
    return build(store, lambda: now)


def signed_in(app: Flask, name: str) -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def link(browser: Browser, reference: str) -> str:
    browser.get(f"/cases/{reference}")
    (path,) = set(re.findall(rf"/cases/{reference}/redact/\d+", browser.page))
    browser.get(path)
    return path


def test_a_handler_blacks_out_a_name_and_is_asked_before(
    app: Flask, desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, STORY)
    asha = signed_in(app, "asha")
    path = link(asha, reference)
    assert "This can not be undone" in asha.text
    assert "worker’s own chat stays there" in asha.text
    form = {"seen": asha.seen, "passage": NAME, "reason": "identifies", "everywhere": "yes"}
    assert asha.post(path, form).status_code == 422
    assert "Tick the box" in asha.text
    assert NAME in asha.page, "what was typed is still there"
    asha.post(path, {**form, "sure": "yes"}, follow_redirects=True)
    assert "Blacked out in 1 text." in asha.text
    assert NAME not in asha.page
    assert "Asha blacked something out." in asha.text
    assert "It tells who somebody is" in asha.text
    with desk.store.reading() as session:
        read = session.exec(select(AccessLog.what).order_by(col(AccessLog.id))).all()
    assert read == ["case", "redaction", "redaction", "case"]


def test_words_that_do_not_fit_are_asked_for_again(app: Flask, desk: Desk, now: datetime) -> None:
    reference = desk.file(now, STORY)
    asha = signed_in(app, "asha")
    path = link(asha, reference)
    form = {"seen": asha.seen, "passage": "Daw Zebra", "reason": "hurts", "sure": "yes"}
    assert asha.post(path, form).status_code == 422
    assert "These words do not stand there" in asha.text
    asha.post(path, {**form, "seen": "9"})
    assert "Somebody changed this case" in asha.text


def test_a_message_of_another_case_has_no_page_here(app: Flask, desk: Desk, now: datetime) -> None:
    reference, other = desk.file(now, STORY), desk.file(now, "No pay")
    asha = signed_in(app, "asha")
    row = link(asha, reference).rpartition("/")[2]
    assert asha.get(f"/cases/{other}/redact/{row}").status_code == 404
    assert asha.get(f"/cases/{reference}/redact/1").status_code == 404


def test_the_file_of_a_message_is_offered_to_a_supervisor(
    app: Flask, desk: Desk, now: datetime
) -> None:
    reference, _file_id = with_file(desk, now)
    asha = signed_in(app, "asha")
    path = link(asha, reference)
    assert "Only supervisors and administrators destroy files" in asha.text
    form = {"seen": asha.seen, "reason": "hurts", "sure": "yes"}
    assert asha.post(f"{path}/file", form).status_code == 403
    boris = signed_in(app, "boris")
    link(boris, reference)
    boris.post(f"{path}/file", form, follow_redirects=True)
    assert "The file is destroyed." in boris.text
    assert "it is not here any more, because it was destroyed by the office" in boris.text


def test_the_words_of_a_search_are_keyed_rows_and_those_of_a_name_go(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, STORY)
    redact(desk, reference, now, NAME)
    with desk.store.reading() as session:
        gone = searchwords.key(session.vault, "zebra")
        assert session.exec(select(SearchWord).where(SearchWord.word == gone)).all() == []
