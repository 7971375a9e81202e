"""Telegram over HTTP, as it is on a bad day: whoever writes is answered, in order, and nobody else
waits for it."""

import logging
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlmodel import select

from bot import notices, sending
from bot.rendering import render
from bot.telegram import Read, read
from bot.turns import Unsupported
from bot.webhook import SECRET_HEADER
from casework.db import Store
from casework.models import Attachment, Case, FailedUpdate, Reporter, SeenUpdate
from casework.vocabulary import MessageKind, Notice
from tests.botapi import BotApi, Group, Phone
from tests.bothouse import BotHouse, Clock, Hooked, Polling, deliver_all
from tests.conftest import Cast
from tests.door import (
    STORY,
    cases_of,
    count,
    outbox_of,
    reporter_of,
    stories,
    tamper,
    told,
)

# The library's advice that ``bot.telegram`` does not take, and says why.
pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")

TRY_AGAIN = render(notices.say(Notice.TRY_AGAIN), "en", "").text
REFERENCE = re.compile(r"RC-[0-9A-Z]{4}-[0-9A-Z]{4}")


@pytest.fixture(params=[Polling, Hooked])
def house(
    request: pytest.FixtureRequest, api: BotApi, store: Store, cast: Cast, clock: Clock
) -> Iterator[BotHouse]:
    """The bot by long polling and by webhook."""
    with request.param(api, store, clock) as house:
        yield house


@pytest.fixture
def hooked(api: BotApi, store: Store, cast: Cast, clock: Clock) -> Iterator[Hooked]:
    with Hooked(api, store, clock) as house:
        yield house


def at_story(phone: Phone) -> None:
    phone.start("F-GT7KM")
    for button in ("language|en", "welcome|yes", "who|worker", "category|WAG", "danger|no"):
        phone.press(button)
    phone.wait_for(lambda m: "story|" in str(m.rows))


def file(phone: Phone, story: str = STORY) -> str:
    at_story(phone)
    phone.send(story)
    phone.press("story|send")
    found = REFERENCE.search(phone.wait_for(lambda m: bool(REFERENCE.search(m.text))).text)
    assert found
    return found[0]


def case_told(store: Store, phone: Phone) -> list[tuple[MessageKind, str]]:
    (case,) = cases_of(store, str(phone.id))
    return told(store, case)


# --- every update, by both ways -------------------------------------------------------------------


def test_a_complaint_is_filed_and_every_press_is_confirmed(
    house: BotHouse, api: BotApi, store: Store
) -> None:
    thiri = api.phone()
    reference = file(thiri)
    assert [c.reference for c in cases_of(store, str(thiri.id))] == [reference]
    api.wait_idle()
    assert not thiri.spinning


def test_what_telegram_delivers_again_is_answered_again_and_changes_nothing(
    house: BotHouse, api: BotApi, store: Store
) -> None:
    thiri = api.phone()
    file(thiri)
    api.wait_idle()
    before, seen = len(thiri.messages), count(store, SeenUpdate)
    assert api.redeliver() > 5
    api.wait_idle()
    assert count(store, Case) == 1
    assert count(store, SeenUpdate) == seen
    assert len(thiri.messages) - before <= len(thiri.sent) + 6
    assert set(stories(store)) == {STORY}


def test_one_update_that_fails_does_not_hold_up_the_queue(
    house: BotHouse, api: BotApi, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    thiri, nilar = api.phone(), api.phone()
    at_story(thiri)
    at_story(nilar)
    tamper(store, str(thiri.id))
    thiri.send("zebrafish")
    assert thiri.answer().text == TRY_AGAIN
    nilar.send(STORY)
    nilar.press("story|send")
    nilar.wait_for(lambda m: bool(REFERENCE.search(m.text)))
    api.wait_idle()
    assert count(store, FailedUpdate) == 1
    file(thiri, "Once more.")
    assert sorted(stories(store)) == [STORY, "Once more."]
    assert "zebrafish" not in caplog.text
    assert str(thiri.id) not in caplog.text
    assert api.token not in caplog.text


def test_an_edit_before_filing_and_one_after_it_are_both_kept(
    house: BotHouse, api: BotApi, store: Store
) -> None:
    thiri = api.phone()
    at_story(thiri)
    first = thiri.send("First.")
    thiri.answer()
    thiri.edit(first, "Second.")
    thiri.press("story|send")
    thiri.wait_for(lambda m: bool(REFERENCE.search(m.text)))
    thiri.edit(first, "Third.")
    thiri.answer()
    api.wait_idle()
    assert case_told(store, thiri) == [
        (MessageKind.STORY, "First."),
        (MessageKind.STORY, "Second."),
        (MessageKind.AMENDMENT, "Third."),
    ]


def test_nothing_she_can_send_is_met_with_silence(house: BotHouse, api: BotApi) -> None:
    thiri = api.phone()
    at_story(thiri)
    for send in (
        thiri.sticker,
        thiri.location,
        thiri.contact,
        thiri.poll,
        partial(thiri.write, dice={"emoji": "🎲", "value": 6}),
        partial(thiri.write, text="   "),
        partial(thiri.document, size=25 << 20),
        partial(thiri.send, "/nonsense"),
        partial(thiri.send, "/start F-NOSUCH"),
    ):
        send()
        assert thiri.answer().text
    api.wait_idle()


def test_a_press_with_garbage_gets_the_question_again(house: BotHouse, api: BotApi) -> None:
    thiri = api.phone()
    at_story(thiri)
    for data in ("", "|", "garbage", "story|" + "x" * 58, "\0|\0", "case|withdraw:RC-AAAA-AAAA"):
        _press_raw(api, thiri, data)
        thiri.answer()
    api.wait_idle()
    thiri.send(STORY)
    thiri.press("story|send")
    thiri.wait_for(lambda m: bool(REFERENCE.search(m.text)))


def _press_raw(api: BotApi, phone: Phone, data: str) -> None:
    with api.lock:
        query = api.new_query(phone)
        about = {"from": phone.user, "message": phone.last.json, "chat_instance": "1"}
        phone._update("callback_query", {"id": query, "data": data, **about})


def test_updates_nobody_knows_and_updates_nobody_can_read_pass_by(
    house: BotHouse, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    thiri = api.phone()
    at_story(thiri)
    with api.lock:
        for kind, content in (
            ("brand_new_kind", {"id": 1}),
            ("message", {"message_id": 1}),
            ("message", {"message_id": 2, "date": 10**30, "chat": {"id": 5, "type": "channel"}}),
            ("message", {"chat": {"id": "not a number", "type": "private"}}),
            ("my_chat_member", {"date": 1}),
        ):
            api.updates.pending.append({"update_id": api.updates._next_id, kind: content})
            api.updates._next_id += 1
        # This one is hers, and of the future: she gets a kind hint.
        thiri.write(photo="zebrafish")
    api.ring()
    assert thiri.answer().text
    api.wait_idle()
    assert "zebrafish" not in caplog.text


ODD: list[dict[str, Any]] = [
    {},
    {"message": None},
    {"message": "no object at all"},
    {"message": {"chat": "odd"}},
    {"message": {"chat": {"type": "private"}}},
    {"callback_query": {"id": "7", "message": None}},
    {"callback_query": []},
    {"my_chat_member": {"chat": "odd"}},
]


@pytest.mark.parametrize("update", ODD, ids=repr)
def test_what_is_no_update_at_all_is_of_no_use_and_no_harm(update: Any) -> None:
    assert read({"update_id": 1, **update}) == Read()


@pytest.mark.parametrize("kind", ["message", "edited_message", "callback_query"])
def test_what_nobody_can_read_but_whose_it_is_gets_a_hint(kind: str) -> None:
    hers: dict[str, Any] = {"chat": {"id": 5, "type": "private"}, "text": {"zebrafish": 1}}
    update = {
        "update_id": 1,
        kind: {"message": hers, "data": 5} if kind == "callback_query" else hers,
    }
    incoming = read(update).incoming
    assert incoming
    assert (incoming.key, incoming.address) == ("telegram:1", "5")
    assert incoming.what == Unsupported("unknown")


def test_a_group_and_a_channel_are_refused_and_left(house: BotHouse, api: BotApi) -> None:
    thiri = api.phone()
    for room in (api.group(), api.channel()):
        room.add_bot(by=thiri)
        api.wait_until(partial(_left, room))
        api.wait_idle()
        assert len(room.messages) == 1
    assert not thiri.messages


def _left(room: Group) -> bool:
    return not room.has_bot


def test_who_blocks_the_bot_is_unreachable_until_she_is_back(
    house: BotHouse, api: BotApi, store: Store
) -> None:
    thiri = api.phone()
    at_story(thiri)
    thiri.block()
    api.wait_idle()
    assert reporter_of(store, str(thiri.id)).unreachable_since
    thiri.unblock()
    api.wait_idle()
    assert reporter_of(store, str(thiri.id)).unreachable_since is None


# --- Telegram does not take the answer ------------------------------------------------------------


@pytest.mark.parametrize("trouble", ["500", "429", "cut", "not Telegram"])
def test_an_answer_that_does_not_get_through_at_first_comes_a_moment_later(
    polling: Polling, api: BotApi, trouble: str
) -> None:
    match trouble:
        case "500":
            api.fail_next("sendMessage", 500, times=2)
        case "429":
            api.retry_after(1)
        case "cut":
            api.drop_connection("sendMessage", times=2)
        case "not Telegram":
            api.fail_next("sendMessage", 403, "<html>the page of a proxy</html>")
            api.fail_next("sendMessage", 200, "<html>sign in to this network</html>")
    thiri = api.phone()
    thiri.start()
    thiri.answer()
    api.wait_idle()
    assert len(thiri.messages) == 1


@pytest.mark.parametrize("trouble", ["outage", "429"])
def test_when_it_takes_longer_the_others_go_on_and_she_gets_it_once_it_works(
    polling: Polling, api: BotApi, store: Store, clock: Clock, trouble: str
) -> None:
    thiri, nilar = api.phone(), api.phone()
    if trouble == "429":
        api.retry_after(600)
    else:
        api.fail_next("sendMessage", 502, times=4)
    thiri.start()
    api.wait_idle()  # not held up by it
    assert not thiri.messages
    nilar.start()
    nilar.answer()
    row = reporter_of(store, str(thiri.id)).id
    (waiting,) = outbox_of(store, row)
    assert waiting.notice is Notice.REPEAT
    deliver_all(api, store, clock)
    assert bool(thiri.messages) == (trouble == "outage"), "Telegram asked us to wait so long"
    clock.forward(minutes=11)
    deliver_all(api, store, clock)
    assert len(thiri.messages) == 1
    # It is said; her next message is answered, and nothing twice.
    thiri.press("language|en")
    thiri.answer()
    assert len(thiri.messages) == 2
    assert all(entry.sent_at for entry in outbox_of(store, row))


def test_telegram_that_does_not_answer_at_all_holds_nobody_up_for_long(
    polling: Polling, api: BotApi, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_SEND_TIMEOUT", 0.1)
    thiri = api.phone()
    api.latency = 0.5
    thiri.start()
    api.wait_idle()
    api.latency = 0
    (waiting,) = outbox_of(store, reporter_of(store, str(thiri.id)).id)
    assert waiting.notice is Notice.REPEAT
    assert len(api.called("sendMessage")) <= 1, "to ask again at once would be no use"


def test_what_she_missed_comes_before_the_answer_to_her_next_message(
    polling: Polling, api: BotApi, store: Store, clock: Clock
) -> None:
    thiri = api.phone()
    at_story(thiri)
    thiri.send(STORY)
    thiri.wait_for(lambda m: m.button("story|send") is not None)
    api.retry_after(600)
    thiri.press("story|send")
    api.wait_idle()
    (case,) = cases_of(store, str(thiri.id))
    assert case.reference not in thiri.transcript()
    thiri.send("/language")
    thiri.answer()
    api.wait_idle()
    assert [case.reference in m.text for m in thiri.messages[-2:]] == [True, False]
    clock.forward(minutes=11)
    deliver_all(api, store, clock)
    assert [case.reference in m.text for m in thiri.messages].count(True) == 1


def test_a_message_telegram_refuses_for_ever_is_neither_repeated_nor_in_anybody_s_way(
    polling: Polling, api: BotApi, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    thiri, nilar = api.phone(), api.phone()
    words = {"ok": False, "error_code": 400, "description": "Bad Request: message is too odd"}
    api.fail_next("sendMessage", 400, words)
    thiri.start()
    api.wait_idle()
    nilar.start()
    nilar.answer()
    api.wait_idle()
    assert not thiri.messages
    assert len(nilar.messages) == 1
    assert not outbox_of(store, reporter_of(store, str(thiri.id)).id)
    assert "refuses" in caplog.text
    thiri.send("/help")
    thiri.answer()


def test_who_has_blocked_the_bot_meanwhile_gets_her_answer_when_she_is_back(
    polling: Polling, api: BotApi, store: Store, clock: Clock
) -> None:
    thiri = api.phone()
    thiri.blocked = True
    thiri.start()
    api.wait_idle()
    assert reporter_of(store, str(thiri.id)).unreachable_since == clock.at
    deliver_all(api, store, clock)
    thiri.unblock()
    api.wait_idle()
    deliver_all(api, store, clock)
    assert len(thiri.messages) == 1


def test_telegram_away_for_a_while_is_waited_for(polling: Polling, api: BotApi) -> None:
    thiri = api.phone()
    thiri.start()
    thiri.answer()
    api.stop()
    thiri.press("language|en")
    api.start()
    thiri.answer(30)


def test_when_a_press_can_not_be_confirmed_it_counts_all_the_same(
    polling: Polling, api: BotApi
) -> None:
    thiri = api.phone()
    thiri.start()
    api.fail_next("answerCallbackQuery", 400)
    thiri.press("language|en")
    thiri.answer()
    api.wait_idle()


def test_the_pages_of_a_network_that_wants_a_sign_in_do_not_end_the_polling(
    polling: Polling, api: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    for body in ("<html>sign in</html>", {"ok": True}):
        api.fail_next("getUpdates", 200, body)
    thiri = api.phone()
    thiri.start()
    thiri.answer(20)


# --- the database is away -------------------------------------------------------------------------


def test_while_the_database_is_away_nothing_is_confirmed_and_all_is_answered_later(
    house: BotHouse, api: BotApi, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    thiri = api.phone()
    thiri.start()
    thiri.answer()
    api.wait_idle()
    _rename(store, "seenupdate", "gone")
    thiri.send("zebrafish")
    attempts = len(api.webhook.deliveries)
    if isinstance(house, Hooked):
        api.wait_until(lambda: len(api.webhook.deliveries) > attempts)
        assert api.webhook.deliveries[-1][1] == 503
    else:
        polls = len(api.called("getUpdates"))
        api.wait_until(lambda: len(api.called("getUpdates")) > polls + 1)
    assert api.updates_pending == 1
    _rename(store, "gone", "seenupdate")
    thiri.answer(20)
    api.wait_idle()
    assert "zebrafish" not in caplog.text
    assert count(store, FailedUpdate) == 0


def _rename(store: Store, old: str, new: str) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {old} RENAME TO {new}")


# --- who may call the webhook ---------------------------------------------------------------------


def test_the_webhook_tells_a_stranger_nothing(hooked: Hooked, store: Store) -> None:
    update = {"update_id": 1, "message": {"text": "zebrafish"}}
    with httpx.Client(trust_env=False) as client:
        for header in ({}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: "x" * 5000}):
            assert client.post(hooked.url, json=update, headers=header).status_code == 404
        assert client.get(hooked.url).status_code == 405
        for body in (b"", b"no json", b"[]", b"{}", b"\xff\xfe", b'"text"'):
            right = {SECRET_HEADER: hooked.secret, "Content-Type": "application/json"}
            assert client.post(hooked.url, content=body, headers=right).status_code == 400
        odd = client.post(
            hooked.url, json={"update_id": "odd"}, headers={SECRET_HEADER: hooked.secret}
        )
        assert odd.status_code == 200
    assert count(store, Reporter) == 1  # Htwe, of the cast


def test_updates_of_one_chat_that_arrive_at_once_are_answered_one_after_the_other(
    hooked: Hooked, api: BotApi, store: Store
) -> None:
    """A press and a message are two queues at Telegram: both requests may be under way at once."""
    thiri = api.phone()
    thiri.start()
    thiri.answer()
    api.wait_idle()
    api.latency = 0.05
    with api.lock:
        api.webhook.url, kept = "", api.webhook.url  # what follows is posted by hand
        for number in range(6):
            thiri.send(f"/help {number}")
        updates, api.updates.pending = api.updates.pending, []
    from concurrent.futures import ThreadPoolExecutor

    def post(update: dict[str, object]) -> int:
        secret = {SECRET_HEADER: hooked.secret}
        return httpx.post(
            kept, json=update, headers=secret, timeout=30, trust_env=False
        ).status_code

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(post, updates)) == [200] * 6
    assert len(thiri.messages) == 7
    sends = api.called("sendMessage", chat_id=thiri.id)
    assert len(sends) == 7


def test_nothing_of_her_stands_in_the_database_or_the_log(
    house: BotHouse, api: BotApi, store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    thiri = api.phone(first_name="Thirizebra", username="thirizebra", user_id=7_654_321_987)
    file(thiri, "They beat us, zebrafish.")
    thiri.photo(b"no picture", "zebrafish caption")
    thiri.answer()
    api.wait_idle()
    with store.reading() as session:
        assert session.exec(select(Attachment)).one().remote_sealed
    store.engine.dispose()
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("recourse.sqlite3*"))
    ours = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("telegram")
    )
    for secret in ("zebra", "7654321987", api.token):
        assert secret.encode() not in raw
        assert secret not in ours
