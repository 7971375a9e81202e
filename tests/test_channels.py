"""Which ways in are alive: noted at most once an hour, by what really works."""

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from casework import channels, facts
from casework.db import Store
from casework.models import ChannelSeen, Fact
from casework.vocabulary import Channel
from recourse.alive import Alive
from tests.botapi import BotApi
from tests.bothouse import Clock, Polling, open_bot
from tests.desk import Desk

# The library's advice that ``bot.telegram`` does not take, and says why.
pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")

BOTH = (Channel.TELEGRAM, Channel.WEB)


def noted(store: Store) -> list[tuple[Channel, datetime]]:
    with store.reading() as session:
        rows = session.exec(select(ChannelSeen)).all()
        return [
            (one.channel, one.at) for one in sorted(rows, key=lambda one: (one.day, one.channel))
        ]


def test_a_day_has_one_row_for_each_channel(any_store: Store, now: datetime) -> None:
    for hours in (0, 2, 26):
        with any_store.writing() as session:
            channels.note_alive(session, BOTH, now + timedelta(hours=hours))
    days = [now + timedelta(hours=2), now + timedelta(hours=26)]
    assert noted(any_store) == [(one, day) for day in days for one in BOTH]
    with any_store.reading() as session:
        assert channels.seen(session, days[1]) == dict.fromkeys(BOTH, days[1])
        # Of a moment before, what is known of then.
        assert channels.seen(session, days[1] - timedelta(hours=1)) == dict.fromkeys(BOTH, days[0])
        assert channels.seen(session, now - timedelta(days=1)) == {}


def test_it_is_news_once_an_hour(store: Store, now: datetime) -> None:
    with store.writing() as session:
        assert channels.is_news(session, BOTH, now)
        channels.note_alive(session, BOTH, now)
        session.flush()
        assert not channels.is_news(session, BOTH, now + timedelta(minutes=59))
        assert channels.is_news(session, (Channel.PHONE,), now)
        assert channels.is_news(session, BOTH, now + timedelta(hours=1))
        assert channels.is_news(session, BOTH, now - timedelta(hours=2))


def test_who_files_shows_that_the_way_works(desk: Desk, now: datetime) -> None:
    desk.file(now, "No pay")
    desk.file(now + timedelta(days=1), "No pay", practice=True)
    with desk.store.reading() as session:
        assert channels.seen(session, now + timedelta(days=2)) == {Channel.TELEGRAM: now}
        assert channels.seen(session, now + timedelta(days=91)) == {}


@pytest.mark.parametrize("web", [True, False])
def test_a_process_notes_what_it_serves_and_hears(
    store: Store, clock: Clock, now: datetime, web: bool
) -> None:
    alive = Alive(store, clock, web=web)
    alive.note()
    expected = [(Channel.WEB, now)] if web else []
    assert noted(store) == expected
    alive.heard()
    clock.forward(minutes=4)
    alive.note()
    assert (Channel.TELEGRAM, clock.at) in noted(store)
    # Not heard for a while: the next hour tells nothing of Telegram.
    clock.forward(hours=2)
    alive.note()
    assert dict(noted(store))[Channel.TELEGRAM] == now + timedelta(minutes=4)
    assert (dict(noted(store)).get(Channel.WEB) == clock.at) is web


def test_a_process_notes_where_the_rules_it_serves_can_be_read_when_that_changes(
    store: Store, clock: Clock, now: datetime
) -> None:
    first, later = "https://one.example/public", "https://two.example/public"
    Alive(store, clock, web=False, rules=first).note()
    for rules in (first, first, "", later):
        Alive(store, clock, web=True, rules=rules).note()
        clock.forward(days=1)
    days = {-1: "", 0: first, 1: first, 2: "", 3: later, 90: later}
    with store.reading() as session:
        found = {day: facts.rules_at(session, now + timedelta(days=day)) for day in days}
        kept = session.get_one(Fact, "rules-published").value.decode().split()
    assert found == days
    assert len(kept) == 3


def test_long_polling_that_telegram_answers_is_heard(polling: Polling) -> None:
    polling.api.phone().send("/start")
    assert polling.heard.wait(60)


def test_a_webhook_is_heard_where_telegram_calls_it(
    api: BotApi, store: Store, clock: Clock, now: datetime
) -> None:
    address = "https://recourse.example/telegram"

    async def ask(at: str) -> None:
        async with open_bot(api) as bot:
            await bot.set_webhook(at)
            await alive.ask(bot, address)

    alive = Alive(store, clock, web=False)
    asyncio.run(ask("https://elsewhere.example/telegram"))
    alive.note()
    assert noted(store) == []
    asyncio.run(ask(address))
    alive.note()
    assert noted(store) == [(Channel.TELEGRAM, now)]
