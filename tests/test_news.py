"""Neutral notifications: a phone shows only that there is something; she reads it when she opens it."""

import asyncio
from datetime import datetime

import pytest

from bot import unasked
from bot.delivery import Delivery
from bot.dialogue import step
from bot.rendering import TEXT_AT_MOST, decode, render
from bot.turns import Chat, Command, NewsRead, Pressed, Text
from bot.wording import parts
from casework.db import Store
from casework.messaging import checkins, outbox
from casework.models import Message, Outbox, Reporter
from casework.vocabulary import Action, Channel, Notice
from tests.botapi import BotApi, Phone
from tests.bothouse import Clock, deliver_all
from tests.conftest import Cast
from tests.desk import Desk
from tests.door import HOUSE, TELLING, Door, outbox_of, reporter_of, talk_of, texts
from tests.opening import is_knock, opened

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")

HTWE = 990001


@pytest.fixture
def htwe(api: BotApi) -> Phone:
    phone = api.phone(user_id=HTWE)
    phone.known = True
    return phone


@pytest.fixture
def desk(store: Store, cast: Cast) -> Desk:
    with store.writing() as session:
        session.get_one(Reporter, cast.htwe.id).language = "en"
    return Desk(store, cast)


def entries(store: Store) -> list[Outbox]:
    return outbox_of(store, reporter_of(store, str(HTWE)).id)


def replied(desk: Desk, clock: Clock, text: str = "The office will pay on Friday.") -> str:
    reference = desk.file(clock.at, "They did not pay us.")
    desk.act(reference, Action.REPLY, clock.at, text)
    return reference


# --- announced, and opened --------------------------------------------------------------------------


def test_nothing_of_a_case_stands_in_what_her_phone_shows(
    api: BotApi, store: Store, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = replied(desk, clock)
    deliver_all(api, store, clock)
    (knock,) = htwe.messages
    assert knock.text == "There is news for you."
    assert knock.labels == ["📂 Open"]
    assert reference not in knock.text
    (text,) = opened(Door(store, clock.at), htwe)
    assert reference in text
    assert "The office will pay on Friday." in text
    (entry,) = entries(store)
    assert entry.read_at == clock.at


def test_what_was_opened_is_not_told_again_and_an_old_button_shows_the_case(
    api: BotApi, store: Store, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = replied(desk, clock)
    deliver_all(api, store, clock)
    door = Door(store, clock.at)
    opened(door, htwe)
    door.now = clock.forward(days=40)
    (page,) = opened(door, htwe)
    assert f"Case {reference}" in page
    assert "A person writes to you" not in page


def test_news_within_a_minute_is_announced_once_and_read_in_order(
    api: BotApi, store: Store, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = replied(desk, clock, "One.")
    deliver_all(api, store, clock)
    desk.act(reference, Action.REPLY, clock.forward(seconds=20), "Two.")
    deliver_all(api, store, clock)
    assert len(htwe.messages) == 1
    desk.act(reference, Action.REPLY, clock.forward(seconds=60), "Three.")
    deliver_all(api, store, clock)
    assert len(htwe.messages) == 2
    said = opened(Door(store, clock.at), htwe, htwe.messages[0])
    for word, text in zip(("One.", "Two.", "Three."), said, strict=True):
        assert word in text
    assert said[0].startswith("There is news about")
    assert not said[1].startswith("There is news about")


def test_news_after_she_read_the_last_is_announced_at_once(
    api: BotApi, store: Store, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = replied(desk, clock, "One.")
    deliver_all(api, store, clock)
    opened(Door(store, clock.at), htwe)
    desk.act(reference, Action.REPLY, clock.forward(seconds=5), "Two.")
    deliver_all(api, store, clock)
    assert len(htwe.messages) == 2


def test_what_she_opens_while_more_is_on_its_way_is_all_there_and_not_announced_after(
    api: BotApi, store: Store, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = replied(desk, clock, "One.")
    deliver_all(api, store, clock)
    desk.act(reference, Action.REPLY, clock.forward(minutes=5), "Two.")
    one, two = opened(Door(store, clock.at), htwe)
    assert "One." in one
    assert "Two." in two
    deliver_all(api, store, clock)
    assert len(htwe.messages) == 1
    assert all(entry.sent_at for entry in entries(store))


def test_two_cases_are_announced_and_opened_each_by_itself(
    api: BotApi, store: Store, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    first, second = replied(desk, clock, "About pay."), replied(desk, clock, "About heat.")
    deliver_all(api, store, clock)
    one, other = htwe.messages
    door = Door(store, clock.at)
    assert second in "\n".join(opened(door, htwe, other))
    (text,) = opened(door, htwe, one)
    assert first in text
    assert "About heat." not in text


def test_long_words_are_read_whole(
    api: BotApi, store: Store, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    words = " ".join(f"word{n}" for n in range(1100))
    assert len(words) > 2 * 4096 - 200
    replied(desk, clock, words)
    deliver_all(api, store, clock)
    said = opened(Door(store, clock.at), htwe)
    assert len(said) == 3
    assert all(len(text) <= TEXT_AT_MOST for text in said)
    together = " ".join(said).split()
    assert [word for word in together if word.startswith("word")] == words.split()


def test_words_without_a_space_are_read_whole_too() -> None:
    words = "ကျေးဇူး" * 1000
    assert "".join(parts(words)) == words


def test_what_does_not_open_holds_back_nothing_else(
    api: BotApi, store: Store, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = replied(desk, clock, "One.")
    deliver_all(api, store, clock)
    desk.act(reference, Action.REPLY, clock.forward(seconds=1), "Two.")
    with store.writing() as session:
        first = session.get_one(Message, entries(store)[0].message_id)
        first.text_sealed = first.text_sealed[:-1] + b"\0"
    (text,) = opened(Door(store, clock.at), htwe)
    assert "Two." in text
    assert [entry.reason for entry in entries(store)] == ["unreadable", ""]


def test_opening_loses_nothing_she_is_writing(
    api: BotApi, store: Store, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    door = Door(store, clock.at)
    door.each(str(HTWE), *TELLING)
    before = talk_of(store, str(HTWE)).chat.draft
    replied(desk, clock)
    deliver_all(api, store, clock)
    opened(door, htwe)
    chat = talk_of(store, str(HTWE)).chat
    assert chat.draft == before
    assert chat.paused == "story"


def test_somebody_elses_news_is_not_opened(
    api: BotApi, store: Store, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = replied(desk, clock)
    deliver_all(api, store, clock)
    door = Door(store, clock.at)
    said = door.each("4711", Pressed("case", f"read:{reference}"))
    assert "Friday" not in "".join(said)
    assert entries(store)[0].read_at is None


def test_news_about_no_case_is_announced_and_opened_too(
    api: BotApi, store: Store, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    door = Door(store, clock.at)
    door.each(str(HTWE), *TELLING)
    with store.writing() as session:
        reporter = reporter_of(store, str(HTWE))
        outbox.tell(session, reporter.id, Notice.FILE_REFUSED, now=clock.at)
    deliver_all(api, store, clock)
    assert [m.text for m in htwe.messages] == ["There is news for you."]
    refused, question = opened(door, htwe)
    assert refused.startswith("We could not open a file that you sent.")
    assert "Send more" in question, "and she goes on where she was"


def test_on_the_web_she_reads_it_at_once_and_it_counts_as_opened(
    store: Store, cast: Cast, now: datetime, clock: Clock
) -> None:
    case = Door(store, now, Channel.WEB).file("a code")
    Desk(store, cast).act(case.reference, Action.REPLY, now, "zebra " * 1200)
    asyncio.run(Delivery(store, None, HOUSE, clock).run_once())
    talk = talk_of(store, "a code", Channel.WEB)
    assert sum(line.text.count("zebra") for line in talk.transcript) == 1200
    (entry,) = outbox_of(store, reporter_of(store, "a code", Channel.WEB).id)
    assert entry.read_at == now


# --- a reply that did not get through ---------------------------------------------------------------


def test_a_reply_that_comes_much_later_is_announced_and_read_once(
    api: BotApi, store: Store, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = desk.file(clock.at, "They did not pay us.")
    door = Door(store, clock.at)
    (reply,) = door.take(door.update(str(HTWE), Command("cases")))
    unasked.repeat_later(store, reply, clock.at)
    clock.forward(hours=3)
    deliver_all(api, store, clock)
    (knock,) = htwe.messages
    assert knock.text == "There is news for you."
    said = opened(door, htwe)
    assert reference in said[0]
    assert said == [*texts([reply]), *said[1:]]
    assert not talk_of(store, str(HTWE)).owed
    deliver_all(api, store, clock)
    assert len(htwe.messages) == 1


def test_a_question_that_was_owed_is_not_said_twice(
    api: BotApi, store: Store, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    door = Door(store, clock.at)
    door.each(str(HTWE), *TELLING[:4])
    (reply,) = door.take(door.update(str(HTWE), Text("short")))
    unasked.repeat_later(store, reply, clock.at)
    clock.forward(hours=3)
    deliver_all(api, store, clock)
    said = opened(door, htwe)
    assert len(said) == len(set(said))


# --- nobody is asked twice, nobody who asked not to be ----------------------------------------------


def test_a_check_in_is_announced_as_a_question_and_opened(
    api: BotApi, store: Store, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = replied(desk, clock)
    desk.act(reference, Action.NOTIFY_FACTORY, clock.at)
    deliver_all(api, store, clock)
    door = Door(store, clock.at)
    opened(door, htwe)
    door.now = clock.forward(days=30)
    with store.writing() as session:
        assert checkins.ask_due(session, clock.at) == 1
    deliver_all(api, store, clock)
    assert htwe.messages[-1].text == "We would like to ask you something."
    assert is_knock(htwe.messages[-1])
    (text,) = opened(door, htwe)
    assert text.startswith("Has anyone treated you badly")
    buttons = [b.data for row in talk_of(store, str(HTWE)).said[-1].rows for b in row]
    values = [pressed.value for data in buttons if (pressed := decode(data))]
    assert values[:3] == [f"{verb}:{reference}" for verb in ("safe", "harmed", "unsure")]


def test_nothing_unread_about_no_case_leaves_her_where_she_is() -> None:
    turn = step(Chat(step="home", filed=True), NewsRead(""))
    assert turn.chat.step == "home"
    assert render(turn.say[0], "en", "").rows
