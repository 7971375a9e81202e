"""Forget me: who she is and how she is reached is destroyed; her cases go on without her, or end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import SQLModel, select

from bot import webtyped
from bot.doors import Happening
from bot.posted import WRITTEN_DOWN, Posted
from bot.turns import Command, Pressed, Started, Text
from bot.unasked import mark_unreachable, repeat_later
from bot.webchat import webchat_blueprint
from casework import cases, filing, receipts
from casework.audit import events
from casework.db import Store
from casework.errors import NotAllowed
from casework.filing import Piece
from casework.media import attachments
from casework.messaging import outbox
from casework.models import (
    Attachment,
    Case,
    CheckIn,
    Conversation,
    FailedUpdate,
    Message,
    Outbox,
    PostedMessage,
    Reporter,
    SeenUpdate,
)
from casework.vocabulary import (
    Action,
    Channel,
    CheckInCause,
    Contact,
    MediaKind,
    Notice,
    Role,
    Status,
)
from tests.botapi import BotApi, Phone
from tests.botapi import Message as AMessage
from tests.bothouse import Clock, Polling, deliver_all
from tests.conftest import Cast
from tests.desk import Desk
from tests.door import (
    FILING,
    HOUSE,
    TELLING,
    Door,
    cases_of,
    count,
    outbox_of,
    reporter_of,
    talk_of,
)
from tests.erasing import does, in_the_files, shown, traces
from tests.webhelp import Browser, build, file_case, give_accounts, settings
from tests.webphone import WebPhone
from webadmin.app import create_app

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")

FORGET: tuple[Happening, ...] = (Command("forget"), Pressed("forget", "forget"))
TAKE_BACK: tuple[Happening, ...] = (Command("forget"), Pressed("forget", "withdraw"))
HERS = (Reporter, Conversation, PostedMessage, Outbox)
"""Where something is kept of a person."""


@pytest.fixture
def api(clock: Clock) -> Iterator[BotApi]:
    with BotApi(now=clock.seconds) as api:
        yield api


@pytest.fixture
def anna(api: BotApi, any_cast: Cast) -> Phone:
    return api.phone()


def kept_of(store: Store, reporter: Reporter) -> set[str]:
    """In which tables something is still kept of a person."""
    found = set()
    with store.reading() as session:
        for table in SQLModel.metadata.sorted_tables:
            for column in table.columns:
                if any(key.column.table.name == "reporter" for key in column.foreign_keys):
                    statement = select(column).where(column == reporter.id).limit(1)
                    if session.exec(statement).first() is not None:
                        found.add(table.name)
        if session.get(Reporter, reporter.id):
            found.add("reporter")
    return found


def the_case(store: Store) -> Case:
    with store.reading() as session:
        return session.exec(select(Case)).one()


def wait_and_deliver(api: BotApi, store: Store, clock: Clock, known: Posted | None = None) -> None:
    clock.at += WRITTEN_DOWN
    deliver_all(api, store, clock, known)


# --- over HTTP -----------------------------------------------------------------------------------------


def test_forgotten_her_chat_shows_the_last_words_and_her_case_goes_on_without_her(
    api: BotApi, any_store: Store, any_cast: Cast, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *FILING)
        reporter = reporter_of(any_store, str(anna.id))
        before = traces(any_store, reporter)
        does(anna, Command("home"), Pressed("home", ".safety"), Pressed("safety", ".forget"))
        assert "Shall I forget you?" in anna.last.text
        does(anna, Pressed("forget", "forget"))
        wait_and_deliver(api, any_store, clock, house.posted)
    assert len(shown(anna)) == 1
    last = anna.last.text
    assert last.startswith("It is done.")
    assert "Clear history" in last
    assert "case" not in last.lower()
    assert "complaint" not in last.lower()
    assert kept_of(any_store, reporter) == set()
    case = the_case(any_store)
    assert case.status is Status.RECEIVED
    assert case.forgotten_at is not None
    assert case.unread
    assert Desk(any_store, any_cast).actions(case.reference)[-1] is Action.FORGET
    if any_store.sqlite:
        assert in_the_files(any_store, before) == set()


def test_with_her_cases_taken_back_they_end_and_their_promises_fall_away(
    api: BotApi, any_store: Store, any_cast: Cast, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *FILING, *TAKE_BACK)
        wait_and_deliver(api, any_store, clock, house.posted)
    case = the_case(any_store)
    assert case.status is Status.WITHDRAWN
    desk = Desk(any_store, any_cast)
    assert desk.actions(case.reference)[-2:] == [Action.WITHDRAW, Action.FORGET]
    assert all(clock.cancelled_at for clock in desk.clocks(case.reference).values())
    assert case.next_due_at is None


def test_she_who_has_no_case_is_forgotten_with_what_she_began(
    api: BotApi, any_store: Store, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *TELLING)
        anna.photo(b"a picture")
        anna.answer()
        does(anna, Command("forget"))
        assert not anna.last.button("forget|withdraw"), "there is nothing to take back"
        reporter = reporter_of(any_store, str(anna.id))
        does(anna, Pressed("forget", "forget"))
        wait_and_deliver(api, any_store, clock, house.posted)
        assert len(shown(anna)) == 1
    assert kept_of(any_store, reporter) == set()
    assert count(any_store, Attachment) == 0


def test_no_is_no(api: BotApi, any_store: Store, anna: Phone, clock: Clock) -> None:
    with Polling(api, any_store, clock):
        does(anna, *FILING, Command("forget"), Pressed("forget", "no"))
        assert anna.last.button("safety|.forget")
        assert the_case(any_store).reporter_id is not None


def test_when_she_comes_back_later_she_is_somebody_new(
    api: BotApi, any_store: Store, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *FILING, *FORGET)
        reporter = reporter_of(any_store, str(anna.id))
        wait_and_deliver(api, any_store, clock, house.posted)
        clock.forward(days=1)
        case = the_case(any_store)
        does(anna, Started(), Command("cases"))
        assert "no cases" in anna.last.text
        anna.press(f"add:{case.reference}", message=_with_old_button(anna, case))
        anna.answer()
        anna.send("And they shout at us.")
        anna.wait_for("could not add it")
        assert reporter_of(any_store, str(anna.id)).id != reporter.id
        assert cases_of(any_store, str(anna.id)) == []


def _with_old_button(anna: Phone, case: Case) -> AMessage:
    with anna.api.lock:
        return next(m for m in anna.messages if m.button(f":{case.reference}"))


# --- whatever comes in between ----------------------------------------------------------------------


def test_who_writes_again_before_the_farewell_stays_as_somebody_new(
    api: BotApi, any_store: Store, any_cast: Cast, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *FILING)
        with any_store.writing() as session:
            reporter = session.get_one(Reporter, reporter_of(any_store, str(anna.id)).id)
            reporter.contact, reporter.zone = Contact.NEVER, "Asia/Phnom_Penh"
        does(anna, *FORGET)
        old = shown(anna)
        clock.forward(seconds=1)
        does(anna, Started(), Pressed("language", "en"))
        new = [m for m in shown(anna) if m not in old]
        wait_and_deliver(api, any_store, clock, house.posted)
        # The old messages are gone, but that she is being forgotten; the new ones are hers.
        assert [m for m in shown(anna) if m not in old] == new
        assert len(shown(anna)) == len(new) + 1
        kept = reporter_of(any_store, str(anna.id))
        assert (kept.id, kept.contact, kept.zone) == (reporter.id, Contact.HERE, "UTC")
        assert cases_of(any_store, str(anna.id)) == []
        assert outbox_of(any_store, kept.id) == []
        # She can be forgotten once more.
        does(anna, *FORGET)
        wait_and_deliver(api, any_store, clock, house.posted)
        assert kept_of(any_store, kept) == set()


def test_killed_before_the_farewell_she_is_forgotten_after_the_restart(
    api: BotApi, any_store: Store, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock):
        does(anna, *FILING, *FORGET)
        reporter = reporter_of(any_store, str(anna.id))
    wait_and_deliver(api, any_store, clock)
    assert kept_of(any_store, reporter) == set()
    assert anna.last.text.startswith("It is done.")


def test_who_blocked_the_bot_is_forgotten_all_the_same(
    api: BotApi, any_store: Store, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *FILING, *FORGET)
        reporter = reporter_of(any_store, str(anna.id))
        anna.block()
        api.wait_idle()
        wait_and_deliver(api, any_store, clock, house.posted)
        assert kept_of(any_store, reporter) == set()
        anna.unblock()
        api.wait_idle()


def test_telegram_away_for_days_she_is_forgotten_without_a_word(
    api: BotApi, any_store: Store, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *FILING, *FORGET)
        reporter = reporter_of(any_store, str(anna.id))
    with any_store.writing() as session:
        session.exec(select(Outbox)).one().attempts = 59
    api.fail_next("deleteMessages", 502)
    wait_and_deliver(api, any_store, clock, house.posted)
    assert kept_of(any_store, reporter) == set()


def test_where_her_address_can_not_be_read_any_more_she_is_forgotten_without_a_word(
    api: BotApi, any_store: Store, any_cast: Cast, clock: Clock
) -> None:
    door = Door(any_store, clock.at)
    door.file("990001")
    door.each("990001", *FORGET)
    with any_store.writing() as session:
        htwe = session.get_one(Reporter, any_cast.htwe.id)
        htwe.address_sealed = htwe.address_sealed[:-1] + bytes([htwe.address_sealed[-1] ^ 1])
        conversation = session.get_one(Conversation, htwe.id)
        conversation.sealed = conversation.sealed[:-1]
    wait_and_deliver(api, any_store, clock)
    assert kept_of(any_store, any_cast.htwe) == set()


def test_an_answer_that_fails_when_she_is_gone_is_dropped(
    any_store: Store, any_cast: Cast, api: BotApi, clock: Clock
) -> None:
    door = Door(any_store, clock.at)
    (reply,) = door.take(door.update("990001", Command("erase")))
    door.each("990001", *FORGET)
    wait_and_deliver(api, any_store, clock)
    repeat_later(any_store, reply, clock.at)
    mark_unreachable(any_store, reply, clock.at)
    assert count(any_store, Outbox) == 0


def test_an_update_that_is_delivered_again_when_she_is_gone_begins_nothing(
    any_store: Store, any_cast: Cast, api: BotApi, clock: Clock
) -> None:
    door = Door(any_store, clock.at)
    batch = door.updates("990001", FORGET)
    door.take(*batch)
    wait_and_deliver(api, any_store, clock)
    assert door.take(*batch) == []
    assert count(any_store, Reporter) == 0


# --- what is cut -------------------------------------------------------------------------------------


def test_nothing_of_the_case_leads_to_her_any_more(any_desk: Desk, now: datetime) -> None:
    store, htwe = any_desk.store, any_desk.cast.htwe
    reference = any_desk.file(now, Piece("They did not pay us.", source="17"))
    other = any_desk.file(now, "They shout at us.")
    with store.writing() as session:
        voice = attachments.promised(session, htwe.id, MediaKind.VOICE, "file-1", now)
        attachments.promised(session, htwe.id, MediaKind.VOICE, "file-2", now)
        session.flush()
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        filing.add(session, case, Piece(attachment_id=voice.id), now=now)
        case.identity_sealed = session.vault.seal_text("case", "identity_sealed", case.id, "Htwe")
        case.receipt_index, case.receipt_tries = b"0123456789abcdef", 3
        failed = FailedUpdate(id=1, at=now, key="telegram:1", error="ValueError", sealed=b"words")
        failed.reporter_id = htwe.id
        session.add(failed)
        for number, asked in enumerate((None, now)):
            due = now + timedelta(days=30)
            cause = CheckInCause.FACTORY_TOLD
            session.add(
                CheckIn(
                    id=number + 1, case_id=case.id, cause=cause, days=30, due_at=due, asked_at=asked
                )
            )
    any_desk.act(reference, Action.ASK, now, "Since when?")
    any_desk.act(other, Action.ACKNOWLEDGE, now)
    Door(store, now).each("990001", *FORGET)

    with store.reading() as session:
        sources = session.exec(select(Message.source_index).where(Message.case_id == case.id))
        assert set(sources) == {None}
        (file,) = session.exec(select(Attachment))
        assert (file.id, file.reporter_id, file.case_id) == (voice.id, None, case.id)
        assert all(one.cancelled_at == now for one in session.exec(select(CheckIn)))
    for one in (any_desk.case(reference), any_desk.case(other)):
        assert (one.reporter_id, one.forgotten_at) == (None, now)
        assert (one.identity_sealed, one.receipt_index, one.receipt_tries) == (None, None, 0)
        assert not one.open_question
    assert any_desk.said(reference)[0] == "They did not pay us.", "what she told stays"
    assert any_desk.actions(reference)[-1] is Action.FORGET
    assert count(store, FailedUpdate) == 0, "what we could not take in is hers, too"
    # Of all that was to be told to her only the farewell is left.
    assert len(outbox_of(store, htwe.id)) == 1
    assert talk_of(store, "990001").chat.filed is False


def test_a_phone_from_which_the_case_was_moved_leads_to_it_no_more_but_is_told_of_the_move(
    any_desk: Desk, now: datetime
) -> None:
    store = any_desk.store
    door = Door(store, now)
    case = door.file("old phone")
    door.each("new phone", Text("hello"), Pressed("language", "en"))
    any_desk.act(case.reference, Action.ACKNOWLEDGE, now)
    old, new = reporter_of(store, "old phone"), reporter_of(store, "new phone")
    with store.writing() as session:
        for entry in session.exec(select(Outbox).where(Outbox.reporter_id == old.id)):
            outbox.sent(entry, now)
        found = cases.by_reference(session, case.reference, lock=True)
        assert found is not None
        secret = receipts.make(session, found).replace(" ", "")
        hers = session.get_one(Reporter, new.id)
        receipts.open_case(session, hers, case.reference, secret, now=now)
    with store.writing() as session:  # its phone shows only that there is something
        for entry in session.exec(select(Outbox).where(Outbox.notice == Notice.MOVED)):
            outbox.sent(entry, now)
    door.each("new phone", *FORGET)

    with store.reading() as session:
        assert session.exec(select(Outbox).where(Outbox.case_id == case.id)).all() == []
        (left,) = session.exec(select(Outbox).where(Outbox.reporter_id == old.id))
        assert (left.notice, left.sent_at) == (Notice.MOVED, None)
    (said,) = door.each("old phone", Pressed("case", "read:-"))
    assert "another phone" in said


def test_nobody_can_write_to_her_but_the_case_goes_to_its_end(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "They did not pay us.")
    Door(any_desk.store, now).each("990001", *FORGET)
    for action in (Action.REPLY, Action.ASK):
        with pytest.raises(NotAllowed, match="nobody can write to them"):
            any_desk.act(reference, action, now, "Since when?")
    done = (Action.ACKNOWLEDGE, Action.ASSESS, Action.CONCLUDE, Action.RESOLVE, Action.CLOSE)
    assert any_desk.walk(reference, now, *done).status is Status.CLOSED
    assert any_desk.notices(reference) == []
    with any_desk.store.reading() as session:
        found = events.history(session, any_desk.case(reference).id)
        assert [one.role for one in found if one.action is Action.FORGET] == [Role.WORKER]


# --- the web chat --------------------------------------------------------------------------------------


@pytest.mark.parametrize("choice", ["forget", "withdraw"])
def test_on_the_web_chat_she_is_gone_at_once(
    any_store: Store, any_cast: Cast, now: datetime, choice: str
) -> None:
    door = Door(any_store, now, Channel.WEB)
    case = door.file("a code")
    reporter = reporter_of(any_store, "a code", Channel.WEB)
    before = traces(any_store, reporter)
    door.each("a code", Command("forget"), Pressed("forget", choice))
    assert kept_of(any_store, reporter) == set()
    assert [count(any_store, table) for table in HERS] == [1, 0, 0, 0], "Htwe is still there"
    with any_store.reading() as session:
        found = session.get_one(Case, case.id)
        assert found.forgotten_at == now
        assert (found.status is Status.WITHDRAWN) == (choice == "withdraw")
    if any_store.sqlite:
        assert any_store.scrub()
        assert in_the_files(any_store, before) == set()


def test_what_comes_in_late_from_a_forgotten_web_chat_begins_nothing(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    door = Door(any_store, now, Channel.WEB)
    door.file("a code")
    late = door.update("a code", Text("Are you there?"))
    door.each("a code", *FORGET)
    assert door.take(replace(late, begins=False)) == []
    assert count(any_store, Conversation) == 0


def _web(store: Store, now: datetime) -> WebPhone:
    chat = webchat_blueprint(store, HOUSE, lambda: now)
    app = create_app(
        store, settings(), now=lambda: now, secret_key=b"k" * 32, open_blueprints=[chat]
    )
    phone = WebPhone(app)
    phone.start("en", poster="F-GT7KM")
    for label in ("Yes, go on", "I work in the factory", "Pay", "No"):
        phone.press(label)
    phone.say("They have not paid us for two months.")
    phone.press("Send it now")
    return phone


def _to_safety(phone: WebPhone) -> None:
    phone.press("Back")
    phone.press("My safety")


def test_in_the_browser_her_code_opens_nothing_any_more_and_the_page_says_so(
    store: Store, cast: Cast, now: datetime
) -> None:
    phone = _web(store, now)
    code = phone.code
    with store.writing() as session:
        name = f"{webtyped.place(store.vault, code)}:a page:0"
        reporter = session.exec(select(Reporter).where(Reporter.channel == Channel.WEB)).one()
        failed = FailedUpdate(id=1, at=now, key=name, error="ValueError", sealed=b"her words")
        failed.reporter_id = reporter.id
        session.add(failed)
    _to_safety(phone)
    phone.press("Forget me")
    # What stands in the field is not told any more.
    phone.press("Forget me. My cases go on", text="And they shout at us.")
    assert "your code opens nothing now" in phone.notice
    assert "RC-" not in phone.html
    assert code not in phone.html
    phone.open()
    assert "Choose your language" in phone.html, "as for anybody new"
    phone.enter(code)
    assert "No messages were found" in phone.notice
    assert the_case(store).forgotten_at is not None
    assert count(store, Message) == 1
    # At the second at which her case was filed, somebody with this code sent something: no more.
    assert [count(store, table) for table in (SeenUpdate, FailedUpdate)] == [0, 0]


def test_in_the_browser_the_chat_is_erased_from_the_page(
    store: Store, cast: Cast, now: datetime
) -> None:
    phone = _web(store, now)
    code = phone.code
    _to_safety(phone)
    phone.press("Erase this chat", text="And they shout at us.")
    assert len(phone.said) == 1
    assert phone.said[0].startswith("Answer: The messages of this page are deleted.") or phone.said[
        0
    ].startswith("The messages of this page are deleted.")
    assert "RC-" not in phone.html
    assert "Telegram" not in phone.html
    phone.press("Start again")
    phone.press("My cases")
    assert the_case(store).reference in phone.said[-1]
    assert phone.code == code
    assert count(store, Message) == 1


# --- the handler's page -----------------------------------------------------------------------------


def test_the_handler_reads_that_nobody_can_write_to_her_any_more(
    store: Store, cast: Cast, now: datetime
) -> None:
    give_accounts(store, cast, now)
    app: Flask = build(store, lambda: now)
    asha = Browser(app)
    asha.sign_in("asha")
    case = file_case(store, cast, now)
    page = f"/cases/{case.reference}"
    asha.get(page)
    assert 'id="write-title"' in asha.page
    with store.reading() as session:
        row = session.get_one(Case, case.id).reporter_id
        address = session.vault.open_text(
            "reporter",
            "address_sealed",
            row or 0,
            session.get_one(Reporter, row).address_sealed,
        )
    Door(store, now).each(address, *FORGET)
    asha.get(page)
    assert "nobody can write to them any more" in asha.text
    assert 'id="write-title"' not in asha.page
    assert "The worker asked to be forgotten. The case goes on without them." in asha.text
    assert "The worker is told" not in asha.text
    assert "Acknowledge" in asha.text
