"""Erase this chat: what Telegram lets us delete is deleted, whatever happens in between."""

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot import forgetting, posted
from bot.delivery import Delivery
from bot.posted import WRITTEN_DOWN, Posted
from bot.turns import Chat, Command, Pressed, Text
from casework.db import Store
from casework.messaging import outbox
from casework.models import Attachment, Outbox, PostedMessage, Reporter
from casework.vocabulary import Action, Channel, Contact, Notice
from tests.botapi import BotApi, Phone
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
    texts,
)
from tests.erasing import does, in_the_files, shown, traces
from tests.installation import install
from tests.running import Running

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")

ERASE = (Command("safety"), Pressed("safety", ".erase"))
CLOSING = "I am deleting the messages of this chat now."


@pytest.fixture
def api(clock: Clock) -> Iterator[BotApi]:
    with BotApi(now=clock.seconds) as api:
        yield api


@pytest.fixture
def anna(api: BotApi, any_cast: Cast) -> Phone:
    return api.phone()


def wait_and_deliver(api: BotApi, store: Store, clock: Clock, known: Posted | None = None) -> None:
    clock.at += WRITTEN_DOWN
    deliver_all(api, store, clock, known)


# --- over HTTP, from the button to the empty chat ---------------------------------------------------


def test_only_the_last_words_and_what_is_too_old_stay_in_the_chat(
    api: BotApi, any_store: Store, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *TELLING)
        house.posted.write(any_store)
        old = shown(anna)
        clock.forward(hours=49)
        does(anna, Pressed("story", "send"), Text("And they shout at us every day."), *ERASE)
        wait_and_deliver(api, any_store, clock, house.posted)
        left = shown(anna)
        assert left[:-1] == old
        assert left[-1].text.startswith(CLOSING)
        assert "48 hours" in left[-1].text
        assert "goes on as before" in left[-1].text
        assert "case" not in left[-1].text.lower()
        assert "complaint" not in left[-1].text.lower()
        # It is no goodbye: her case is hers.
        does(anna, Pressed("stopped", ".start"), Pressed("home", ".cases"))
        (case,) = cases_of(any_store, str(anna.id))
        assert case.reference in anna.last.text
    reporter = reporter_of(any_store, str(anna.id))
    assert [entry.notice for entry in outbox_of(any_store, reporter.id)] == []


def test_what_she_did_not_send_is_gone_with_its_files(
    api: BotApi, any_store: Store, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *TELLING)
        anna.photo(b"a picture")
        anna.answer()
        assert count(any_store, Attachment) == 1
        does(anna, Command("erase"))
        assert "goes on as before" not in anna.last.text, "she has no case"
        wait_and_deliver(api, any_store, clock, house.posted)
        assert [m.text[: len(CLOSING)] for m in shown(anna)] == [CLOSING]
    talk = talk_of(any_store, str(anna.id))
    assert talk.chat == Chat("stopped", "en")
    assert [piece.text for piece in talk.said] == [anna.last.text]
    assert count(any_store, Attachment) == 0
    assert count(any_store, PostedMessage) == 1, "that of the last words: next time it goes too"


def test_erased_again_the_last_words_of_the_first_time_go_too(
    api: BotApi, any_store: Store, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        for _ in range(2):
            does(anna, Command("erase"))
            wait_and_deliver(api, any_store, clock, house.posted)
            assert len(shown(anna)) == 1
            clock.forward(minutes=1)


def test_hundreds_of_messages_are_deleted_in_calls_of_at_most_a_hundred(
    api: BotApi, any_store: Store, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *TELLING)
        for number in range(230):
            anna.send(f"This happened, too: number {number}.")
        anna.wait_for("231")
        does(anna, Command("erase"))
        wait_and_deliver(api, any_store, clock, house.posted)
        assert len(shown(anna)) == 1
    asked = [call.params["message_ids"] for call in api.calls if call.method == "deleteMessages"]
    assert [len(json.loads(ids)) for ids in asked[:2]] == [100, 100]


# --- whatever comes in between ------------------------------------------------------------------------


def test_killed_before_it_was_delivered_it_is_delivered_after_the_restart(
    api: BotApi, any_store: Store, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *FILING)
        api.wait_idle()
        house.posted.write(any_store)
        does(anna, Command("erase"))
    # What that process still had in memory is gone with it: only the last words.
    clock.at += WRITTEN_DOWN
    with any_store.writing() as session:
        assert outbox.claim(session, clock.at), "and the next process is killed as well"
    clock.at += outbox.LEASE + timedelta(seconds=1)
    assert len(shown(anna)) > 10
    deliver_all(api, any_store, clock)
    assert [m.text[: len(CLOSING)] for m in shown(anna)] == [CLOSING]


def test_telegram_away_it_is_tried_again_and_holds_up_no_news(
    api: BotApi, any_store: Store, any_cast: Cast, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *FILING, Command("erase"))
        api.fail_next("deleteMessages", 502, times=2)
        wait_and_deliver(api, any_store, clock, house.posted)
        (case,) = cases_of(any_store, str(anna.id))
        Desk(any_store, any_cast).act(case.reference, Action.ACKNOWLEDGE, clock.at)
        before = len(anna.messages)
        deliver_all(api, any_store, clock, house.posted)
        assert len(anna.messages) == before + 1
        clock.forward(minutes=5)
        deliver_all(api, any_store, clock, house.posted)
        clock.forward(minutes=5)
        deliver_all(api, any_store, clock, house.posted)
        assert [m.text[:8] for m in shown(anna)] == [CLOSING[:8], anna.last.text[:8]]


def test_one_message_that_telegram_will_not_delete_spoils_it_for_no_other(
    api: BotApi, any_store: Store, anna: Phone, clock: Clock
) -> None:
    refused = {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: message can't be deleted",
    }
    with Polling(api, any_store, clock) as house:
        does(anna, *FILING, Command("erase"))
        api.fail_next("deleteMessages", 400, refused, times=2)
        wait_and_deliver(api, any_store, clock, house.posted)
        assert len(shown(anna)) == 1
        assert not outbox_of(any_store, reporter_of(any_store, str(anna.id)).id)


@pytest.mark.parametrize("contact", [Contact.NEVER, Contact.SAFE_HOURS])
def test_it_waits_for_no_safe_hour_and_for_nothing_that_does(
    api: BotApi, any_store: Store, any_cast: Cast, anna: Phone, clock: Clock, contact: Contact
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *FILING)
        with any_store.writing() as session:
            reporter = session.get_one(Reporter, reporter_of(any_store, str(anna.id)).id)
            reporter.contact = contact
            reporter.safe_from, reporter.safe_to, reporter.zone = time(1), time(2), "UTC"
        (case,) = cases_of(any_store, str(anna.id))
        Desk(any_store, any_cast).act(case.reference, Action.ACKNOWLEDGE, clock.at)
        does(anna, Command("erase"))
        wait_and_deliver(api, any_store, clock, house.posted)
        assert [m.text[: len(CLOSING)] for m in shown(anna)] == [CLOSING]


def test_who_blocked_the_bot_meanwhile_has_it_erased_when_she_is_back(
    api: BotApi, any_store: Store, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *FILING, Command("erase"))
        anna.block()
        api.wait_idle()
        gone = {"ok": False, "error_code": 403, "description": "Forbidden: bot was blocked"}
        api.fail_next("deleteMessages", 403, gone)
        wait_and_deliver(api, any_store, clock, house.posted)
        assert len(shown(anna)) > 1
        anna.unblock()
        api.wait_idle()
        deliver_all(api, any_store, clock, house.posted)
        assert len(shown(anna)) == 1


def test_last_words_that_telegram_did_not_take_come_later_and_stay(
    api: BotApi, any_store: Store, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *FILING)
        api.retry_after(60)
        anna.send("/erase")
        api.wait_idle()
        clock.forward(minutes=2)
        deliver_all(api, any_store, clock, house.posted)
        assert [m.text[: len(CLOSING)] for m in shown(anna)] == [CLOSING]


# --- taken in ----------------------------------------------------------------------------------------


def test_written_and_erased_in_one_go_only_the_last_words_are_answered(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    door = Door(any_store, now)
    door.file("anna")
    batch = door.updates("anna", [Text("They shout at us."), Command("cases"), Command("erase")])
    (said,) = texts(door.take(*batch))
    assert said.startswith(CLOSING)
    # Delivered again, as after a crash, it is answered with the same.
    assert texts(door.take(*batch)) == [said]


def test_without_a_bot_it_waits(any_store: Store, any_cast: Cast, clock: Clock) -> None:
    Door(any_store, clock.at).each("990001", Command("erase"))
    delivery = Delivery(any_store, None, HOUSE, clock)
    clock.at += WRITTEN_DOWN
    assert asyncio.run(delivery.run_once()) == 1
    (entry,) = outbox_of(any_store, any_cast.htwe.id)
    assert (entry.notice, entry.sent_at) == (Notice.ERASE, None)
    clock.forward(hours=49)
    asyncio.run(delivery.run_once())
    assert not outbox_of(any_store, any_cast.htwe.id), "Telegram would delete nothing any more"


def test_on_the_web_chat_only_the_last_words_are_left_and_nothing_is_said_of_telegram(
    any_store: Store, any_cast: Cast, clock: Clock
) -> None:
    door = Door(any_store, clock.at, Channel.WEB)
    door.file("a code")
    before = traces(any_store, reporter_of(any_store, "a code", Channel.WEB))
    (said,) = door.each("a code", Command("erase"))
    assert "Telegram" not in said
    talk = talk_of(any_store, "a code", Channel.WEB)
    assert [line.text for line in talk.transcript] == [said]
    assert [piece.text for piece in talk.said] == [said]
    clock.at += WRITTEN_DOWN
    asyncio.run(Delivery(any_store, None, HOUSE, clock).run_once())
    assert count(any_store, Outbox) == 0
    if any_store.sqlite:
        assert in_the_files(any_store, before) == {"address", "address index"}


# --- the numbers of messages ---------------------------------------------------------------------------


def test_numbers_are_kept_once_and_no_longer_than_telegram_deletes(
    api: BotApi, any_store: Store, anna: Phone, clock: Clock
) -> None:
    with Polling(api, any_store, clock) as house:
        does(anna, *TELLING)
        for _ in range(2):
            anna.press("story|all", message=anna.find("story|all"))
            anna.answer()
    # Now the bot, too, has heard of all that the phone shows.
    house.posted.write(any_store)
    house.posted.write(any_store)
    ids = {m.id for m in shown(anna)}
    with any_store.reading() as session:
        kept = list(session.exec(select(PostedMessage.number)))
    assert sorted(kept) == sorted(ids)
    posted.prune(any_store, clock.forward(hours=48))
    assert count(any_store, PostedMessage) == len(ids)
    posted.prune(any_store, clock.forward(seconds=1))
    assert count(any_store, PostedMessage) == 0


def test_the_numbers_of_somebody_forgotten_meanwhile_are_dropped(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    known = Posted()
    known.note(any_cast.htwe.id, 1, now)
    known.note(4711, 2, now)
    known.write(any_store)
    with any_store.reading() as session:
        assert list(session.exec(select(PostedMessage.number))) == [1]


def test_nothing_of_a_dropped_draft_lingers_in_the_files_after_tidying(
    store: Store, cast: Cast, now: datetime
) -> None:
    door = Door(store, now)
    door.each("anna", *TELLING)
    before = traces(store, reporter_of(store, "anna"))
    assert in_the_files(store, before) == {"address", "address index", "conversation"}
    forgetting.forget_drafts(store, now + timedelta(hours=73))
    assert "conversation" in in_the_files(store, before), "the write-ahead log keeps it"
    assert store.scrub()
    assert in_the_files(store, before) == {"address", "address index"}


# --- the running program -------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_stopped_and_started_again_the_program_still_knows_what_to_delete(tmp_path: Path) -> None:
    here = install(tmp_path)
    with BotApi() as api:
        program = Running(
            tmp_path, RECOURSE_TELEGRAM_TOKEN=api.token, RECOURSE_TELEGRAM_API_URL=api.url
        )
        phone = api.phone()
        with program:
            does(phone, *FILING)
            api.wait_idle()
            program.stop()
            before = traces(here.store, reporter_of(here.store, str(phone.id)))
            with here.store.reading() as session:
                kept = set(session.exec(select(PostedMessage.number)))
            assert kept == {m.id for m in shown(phone)}
            program.start()
            does(phone, *ERASE)
            phone.wait_until(lambda: len(shown(phone)) == 1, 30)
            assert phone.last.text.startswith(CLOSING)
            # The log of the database is emptied right after.
            log = tmp_path / f"{Path(str(here.store.engine.url.database)).name}-wal"
            phone.wait_until(lambda: not log.exists() or not log.stat().st_size)
            assert in_the_files(here.store, before) == {"address", "address index"}
    here.store.engine.dispose()
