"""Something unfinished is remembered once, in words that tell nothing, and is not kept for longer."""

from datetime import time, timedelta

import pytest
from sqlmodel import select

from bot.forgetting import DRAFTS_LAST, REMINDED_AFTER, forget_drafts, remind
from bot.turns import Command, Pressed, Text
from casework.db import Store
from casework.models import Conversation, Reporter
from casework.vocabulary import Channel, Contact, Notice
from tests.botapi import BotApi, Phone
from tests.bothouse import Clock, deliver_all
from tests.conftest import Cast
from tests.door import FILING, TELLING, Door, outbox_of, reporter_of, talk_of

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")

ANNA = 7001
LATER = REMINDED_AFTER + timedelta(seconds=1)


@pytest.fixture
def anna(api: BotApi) -> Phone:
    phone = api.phone(user_id=ANNA)
    phone.known = True
    return phone


def reminded(api: BotApi, store: Store, clock: Clock) -> int:
    found = remind(store, clock.at)
    deliver_all(api, store, clock)
    return found


def test_after_two_days_she_is_reminded_once_and_it_goes_on_where_she_was(
    api: BotApi, any_store: Store, any_cast: Cast, anna: Phone, clock: Clock
) -> None:
    door = Door(any_store, clock.at)
    door.each(str(ANNA), *TELLING)
    clock.at += REMINDED_AFTER
    assert reminded(api, any_store, clock) == 0, "not a moment earlier"
    clock.forward(seconds=1)
    assert reminded(api, any_store, clock) == 1
    (message,) = anna.messages
    # It began on Friday at five in the afternoon in Phnom Penh, where the office is.
    assert "23 November 2026" in message.text
    for word in ("complaint", "case", "work", "factory", "pay", "problem"):
        assert word not in message.text.lower()
    clock.forward(hours=1)
    assert reminded(api, any_store, clock) == 0
    assert len(anna.messages) == 1

    assert message.buttons[0].data == "home|.continue"
    assert [b.text for b in message.buttons] == ["▶️ Go on"]
    door.now = clock.at
    (answer,) = door.each(str(ANNA), Pressed("home", ".continue"))
    assert "I have kept what you sent" in answer
    assert talk_of(any_store, str(ANNA)).chat.step == "story"


def test_the_reminder_prolongs_nothing(
    api: BotApi, any_store: Store, any_cast: Cast, anna: Phone, clock: Clock
) -> None:
    door = Door(any_store, clock.at)
    door.each(str(ANNA), *TELLING)
    begun = clock.at
    clock.at += LATER
    reminded(api, any_store, clock)
    assert forget_drafts(any_store, begun + DRAFTS_LAST) == 0
    assert forget_drafts(any_store, begun + DRAFTS_LAST + timedelta(seconds=1)) == 1
    # Its button, pressed weeks later, leads to a beginning.
    door.now = clock.forward(days=20)
    assert "Choose your language" in door.each(str(ANNA), Pressed("home", ".continue"))[0]


def test_who_came_back_and_left_again_is_reminded_again(
    api: BotApi, any_store: Store, any_cast: Cast, anna: Phone, clock: Clock
) -> None:
    door = Door(any_store, clock.at)
    door.each(str(ANNA), *TELLING)
    clock.at += LATER
    assert reminded(api, any_store, clock) == 1
    door.now = clock.at
    door.each(str(ANNA), Text("And they shout at us."))
    clock.at += REMINDED_AFTER
    assert reminded(api, any_store, clock) == 0
    clock.forward(seconds=1)
    assert reminded(api, any_store, clock) == 1
    assert len(anna.messages) == 2


@pytest.mark.parametrize("then", [FILING[-1:], (Command("stop"),), (Command("erase"),)])
def test_nobody_is_reminded_of_what_is_not_there(
    api: BotApi,
    any_store: Store,
    any_cast: Cast,
    anna: Phone,
    clock: Clock,
    then: tuple[Command | Pressed, ...],
) -> None:
    Door(any_store, clock.at).each(str(ANNA), *TELLING, *then)
    clock.at += LATER
    assert remind(any_store, clock.at) == 0


def test_what_waited_for_safe_hours_is_not_said_when_she_came_back_meanwhile(
    api: BotApi, any_store: Store, any_cast: Cast, anna: Phone, clock: Clock
) -> None:
    door = Door(any_store, clock.at)
    door.each(str(ANNA), *FILING, *TELLING[2:])
    row = reporter_of(any_store, str(ANNA)).id
    with any_store.writing() as session:
        reporter = session.get_one(Reporter, row)
        reporter.contact, reporter.zone = Contact.SAFE_HOURS, "UTC"
        reporter.safe_from, reporter.safe_to = time(20), time(21)
    clock.at += LATER
    assert reminded(api, any_store, clock) == 1
    assert not anna.messages, "not at this hour"
    door.now = clock.forward(hours=1)
    door.each(str(ANNA), Text("And they shout at us."))
    clock.forward(hours=9)
    deliver_all(api, any_store, clock)
    assert not anna.messages
    assert not outbox_of(any_store, row)


def test_a_reminder_that_is_still_on_its_way_goes_with_the_draft(
    any_store: Store, any_cast: Cast, clock: Clock
) -> None:
    Door(any_store, clock.at).each(str(ANNA), *TELLING)
    clock.at += LATER
    assert remind(any_store, clock.at) == 1
    (entry,) = outbox_of(any_store, reporter_of(any_store, str(ANNA)).id)
    assert entry.notice is Notice.DRAFT_WAITS
    forget_drafts(any_store, clock.forward(days=2))
    assert not outbox_of(any_store, entry.reporter_id)


def test_not_reminded_are_who_want_no_messages_can_not_be_reached_or_use_the_web_chat(
    any_store: Store, any_cast: Cast, clock: Clock
) -> None:
    door = Door(any_store, clock.at)
    for address in ("never", "blocked"):
        door.each(address, *TELLING)
    door.channel = Channel.WEB
    door.each("a code", *TELLING)
    with any_store.writing() as session:
        never = session.get_one(Reporter, reporter_of(any_store, "never").id)
        never.contact = Contact.NEVER
        blocked = session.get_one(Reporter, reporter_of(any_store, "blocked").id)
        blocked.unreachable_since = clock.at
    clock.at += LATER
    with any_store.reading() as session:
        waiting = session.exec(select(Conversation.has_draft)).all()
    assert waiting == [True, True, True]
    assert remind(any_store, clock.at) == 0


@pytest.mark.parametrize(
    "answers",
    [
        (Pressed("contact", "never"),),
        (Pressed("contact", "safe-hours"), Pressed("hours", "12-13")),
    ],
)
def test_who_said_in_what_she_began_how_not_to_write_to_her_is_not_reminded(
    any_store: Store, any_cast: Cast, clock: Clock, answers: tuple[Pressed, ...]
) -> None:
    door = Door(any_store, clock.at)
    before = (Pressed("story", "all"), Pressed("kind", "unpaid"), Pressed("since", "month"))
    door.each("quiet", *TELLING, *before, Pressed("people", "many"), *answers)
    assert talk_of(any_store, "quiet").chat.step == "review"
    clock.at += LATER
    assert remind(any_store, clock.at) == 0
    assert outbox_of(any_store, reporter_of(any_store, "quiet").id) == []


def test_however_many_there_are_each_is_reminded(
    any_store: Store, any_cast: Cast, clock: Clock
) -> None:
    door = Door(any_store, clock.at)
    door.take(
        *(door.update(f"a{n}", Text("They have not paid us for months.")) for n in range(130))
    )
    clock.at += LATER
    assert remind(any_store, clock.at) == 130
    with any_store.reading() as session:
        first = session.get_one(Conversation, reporter_of(any_store, "a0").id)
        assert first.reminded_at == clock.at
