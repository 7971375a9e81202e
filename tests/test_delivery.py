"""The outbox drained over HTTP: in order, at hours that are safe, and whatever one letter breaks, the
others go out."""

import asyncio
import logging
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from bot import unasked
from bot.delivery import Delivery
from bot.turns import Command
from casework.cases import by_reference
from casework.db import Store
from casework.ids import new_id
from casework.messaging import messages, outbox
from casework.models import Outbox, Reporter
from casework.vocabulary import Action, Channel, Contact, MessageKind, Notice
from tests.botapi import BotApi, Phone
from tests.bothouse import Clock, deliver, deliver_all
from tests.conftest import Cast
from tests.desk import Desk
from tests.door import HOUSE, Door, outbox_of, reporter_of, talk_of, tamper, texts
from tests.opening import opened

# The library's advice that ``bot.telegram`` does not take, and says why.
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


def prefer(store: Store, row: int, contact: Contact, zone: str = "UTC", **hours: time) -> None:
    with store.writing() as session:
        reporter = session.get_one(Reporter, row)
        reporter.contact, reporter.zone = contact, zone
        reporter.safe_from, reporter.safe_to = hours.get("begins"), hours.get("ends")


def entries(store: Store, cast: Cast) -> list[Outbox]:
    return outbox_of(store, cast.htwe.id)


def a_worker(store: Store, now: datetime, address: str, **more: Any) -> int:
    row = new_id(now)
    with store.writing() as session:
        session.add(
            Reporter(
                id=row,
                channel=Channel.TELEGRAM,
                address_index=session.vault.index("address.telegram", address),
                address_sealed=session.vault.seal_text("reporter", "address_sealed", row, address),
                created_at=now,
                **more,
            )
        )
    return row


# --- arriving -------------------------------------------------------------------------------------


def test_what_a_handler_does_arrives_in_order_and_once(
    api: BotApi, store: Store, cast: Cast, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = desk.file(clock.at, "They did not pay us.")
    desk.act(reference, Action.ACKNOWLEDGE, clock.forward(seconds=1))
    desk.act(reference, Action.REPLY, clock.forward(seconds=1), "First we ask the office.")
    desk.act(reference, Action.ASK, clock.forward(seconds=1), "Since which month?")
    clock.forward(seconds=1)
    for waiting in (3, 2, 1):
        assert len([e for e in entries(store, cast) if e.sent_at is None]) == waiting
        assert deliver(api, store, clock) == 1, "one at a time, so that the order is kept"
    assert deliver(api, store, clock) == 0
    (knock,) = htwe.messages
    assert reference not in knock.text
    assert knock.labels == ["📂 Open"]
    acknowledged, replied, asked = opened(Door(store, clock.at), htwe)
    assert acknowledged.startswith(f"There is news about {reference}.")
    assert "First we ask the office." in replied
    assert "Since which month?" in asked
    newest = talk_of(store, str(HTWE)).said[-1].rows
    assert newest[0][0].data == f"case|answer:{reference}"


def test_many_workers_are_told_side_by_side(
    api: BotApi, store: Store, cast: Cast, clock: Clock
) -> None:
    phones = [api.phone(user_id=2000 + n) for n in range(40)]
    for phone in phones:
        phone.known = True
        row = a_worker(store, clock.at, str(phone.id))
        with store.writing() as session:
            outbox.tell(session, row, Notice.ACKNOWLEDGED, now=clock.at)
    assert deliver(api, store, clock) == 40
    assert [len(phone.messages) for phone in phones] == [1] * 40


def test_without_a_bot_it_waits_and_the_web_is_served(
    store: Store, cast: Cast, now: datetime, clock: Clock
) -> None:
    door = Door(store, now, Channel.WEB)
    case = door.file("a code")
    desk = Desk(store, cast)
    desk.act(case.reference, Action.ACKNOWLEDGE, now)
    htwes = desk.file(now, "They did not pay us.")
    desk.act(htwes, Action.ACKNOWLEDGE, now)
    delivery = Delivery(store, None, HOUSE, clock)
    assert asyncio.run(delivery.run_once()) == 2
    talk = talk_of(store, "a code", Channel.WEB)
    assert case.reference in talk.transcript[-1][1]
    assert talk.said[-1].rows, "with its button"
    (waiting,) = entries(store, cast)
    assert waiting.sent_at is None
    assert waiting.not_before == now + timedelta(minutes=1)


def test_on_the_web_she_reads_it_whatever_hours_are_safe(
    store: Store, cast: Cast, now: datetime, clock: Clock
) -> None:
    door = Door(store, now, Channel.WEB)
    case = door.file("a code")
    prefer(store, reporter_of(store, "a code", Channel.WEB).id, Contact.NEVER)
    Desk(store, cast).act(case.reference, Action.ACKNOWLEDGE, now)
    asyncio.run(Delivery(store, None, HOUSE, clock).run_once())
    assert case.reference in talk_of(store, "a code", Channel.WEB).transcript[-1][1]


# --- hours that are safe --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "begins", "ends", "at", "arrives"),
    [
        # Kathmandu is 5:45 ahead: 20:00 there is 14:15 in Greenwich.
        ("Asia/Kathmandu", 20, 23, "20T14:14:59", "20T14:15:00"),
        ("Asia/Kathmandu", 20, 23, "20T14:15:00", None),
        ("Asia/Kathmandu", 20, 23, "20T17:14:59", None),
        ("Asia/Kathmandu", 20, 23, "20T17:15:00", "21T14:15:00"),
        # Over midnight, in Phnom Penh, 7:00 ahead.
        ("Asia/Phnom_Penh", 22, 5, "20T14:59:59", "20T15:00:00"),
        ("Asia/Phnom_Penh", 22, 5, "20T16:30:00", None),
        ("Asia/Phnom_Penh", 22, 5, "20T17:30:00", None),
        ("Asia/Phnom_Penh", 22, 5, "20T22:00:00", "21T15:00:00"),
        ("Asia/Phnom_Penh", 6, 9, "20T23:30:00", None),
        ("Asia/Phnom_Penh", 6, 9, "20T10:00:00", "20T23:00:00"),
        # The clocks of New York go back at two in the night of 1 November 2026.
        ("America/New_York", 6, 9, "01T02:00:00", "01T11:00:00"),
    ],
)
def test_a_message_comes_within_her_safe_hours(
    api: BotApi,
    store: Store,
    cast: Cast,
    desk: Desk,
    htwe: Phone,
    zone: str,
    begins: int,
    ends: int,
    at: str,
    arrives: str | None,
) -> None:
    clock = Clock(datetime.fromisoformat(f"2026-11-{at}").replace(tzinfo=UTC))
    prefer(store, cast.htwe.id, Contact.SAFE_HOURS, zone, begins=time(begins), ends=time(ends))
    reference = desk.file(clock.at, "They did not pay us.")
    desk.act(reference, Action.ACKNOWLEDGE, clock.at)
    deliver_all(api, store, clock)
    assert bool(htwe.messages) == (arrives is None)
    if arrives:
        (waiting,) = entries(store, cast)
        assert waiting.not_before == datetime.fromisoformat(f"2026-11-{arrives}+00:00")
        clock.at = waiting.not_before
        deliver_all(api, store, clock)
        assert len(htwe.messages) == 1


def test_who_asked_not_to_be_written_to_gets_answers_but_no_news(
    api: BotApi, store: Store, cast: Cast, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    prefer(store, cast.htwe.id, Contact.NEVER)
    reference = desk.file(clock.at, "They did not pay us.")
    desk.act(reference, Action.ACKNOWLEDGE, clock.at)
    deliver_all(api, store, clock)
    assert not htwe.messages
    assert [e.reason for e in entries(store, cast)] == ["asked-not-to"]
    # What she asked herself, and Telegram did not take at first, still comes.
    door = Door(store, clock.at)
    (reply,) = door.take(door.update(str(HTWE), Command("cases")))
    unasked.repeat_later(store, reply, clock.at)
    deliver_all(api, store, clock)
    assert [m.text for m in htwe.messages] == texts([reply])


@pytest.mark.parametrize("contact", [Contact.NEVER, Contact.SAFE_HOURS])
def test_an_answer_hours_late_is_no_answer_any_more_but_a_message_at_a_dangerous_time(
    api: BotApi, store: Store, cast: Cast, desk: Desk, htwe: Phone, clock: Clock, contact: Contact
) -> None:
    prefer(store, cast.htwe.id, contact, begins=time(18), ends=time(21))
    door = Door(store, clock.at)
    (reply,) = door.take(door.update(str(HTWE), Command("cases")))
    unasked.repeat_later(store, reply, clock.at)
    clock.forward(hours=3)
    deliver_all(api, store, clock)
    assert not htwe.messages
    # It is not lost: it comes before the answer to her next message.
    assert texts(door.take(door.update(str(HTWE), Command("help"))))[0] == reply.said[0].text


def test_an_answer_does_not_wait_behind_what_waits_for_safe_hours(
    api: BotApi, store: Store, cast: Cast, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    prefer(store, cast.htwe.id, Contact.SAFE_HOURS, begins=time(18), ends=time(21))
    reference = desk.file(clock.at, "They did not pay us.")
    desk.act(reference, Action.ACKNOWLEDGE, clock.at)
    deliver_all(api, store, clock)
    door = Door(store, clock.at)
    (reply,) = door.take(door.update(str(HTWE), Command("cases")))
    unasked.repeat_later(store, reply, clock.at)
    deliver_all(api, store, clock)
    assert [m.text for m in htwe.messages] == texts([reply])


# --- trouble --------------------------------------------------------------------------------------


def test_who_blocked_the_bot_gets_all_she_missed_in_order_once_she_is_back(
    api: BotApi, store: Store, cast: Cast, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    htwe.blocked = True
    reference = desk.file(clock.at, "They did not pay us.")
    for number in range(3):
        desk.act(reference, Action.REPLY, clock.forward(seconds=1), f"Reply {number}.")
    deliver_all(api, store, clock)
    assert {e.reason for e in entries(store, cast)} == {outbox.UNREACHABLE}
    assert reporter_of(store, str(HTWE)).unreachable_since == clock.at

    htwe.blocked = False
    door = Door(store, clock.forward(days=3))
    door.take(door.update(str(HTWE), Command("cases")))
    assert reporter_of(store, str(HTWE)).unreachable_since is None
    deliver_all(api, store, clock)
    said = opened(door, htwe)
    assert [f"Reply {n}." in text for n, text in enumerate(said)] == [True] * 3


def test_what_arrives_shows_that_she_can_be_reached(
    api: BotApi, store: Store, cast: Cast, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    with store.writing() as session:
        session.get_one(Reporter, cast.htwe.id).unreachable_since = clock.at
    reference = desk.file(clock.at, "They did not pay us.")
    desk.act(reference, Action.ACKNOWLEDGE, clock.at)
    deliver_all(api, store, clock)
    assert reporter_of(store, str(HTWE)).unreachable_since is None


def test_the_page_of_a_proxy_makes_nobody_unreachable(
    api: BotApi, store: Store, cast: Cast, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = desk.file(clock.at, "They did not pay us.")
    desk.act(reference, Action.ACKNOWLEDGE, clock.at)
    api.fail_next("sendMessage", 403, "<html>blocked by the network</html>", times=2)
    api.fail_next("sendMessage", 400, "<html>odd</html>", times=2)
    deliver(api, store, clock)
    assert reporter_of(store, str(HTWE)).unreachable_since is None
    clock.forward(seconds=6)
    deliver_all(api, store, clock)
    assert len(htwe.messages) == 1


def test_when_telegram_asks_to_wait_it_is_waited_and_not_counted_as_a_failure(
    api: BotApi, store: Store, cast: Cast, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = desk.file(clock.at, "They did not pay us.")
    desk.act(reference, Action.ACKNOWLEDGE, clock.at)
    api.retry_after(90)
    deliver_all(api, store, clock)
    (waiting,) = entries(store, cast)
    assert waiting.not_before == clock.at + timedelta(seconds=90)
    assert waiting.attempts == 0
    clock.forward(seconds=90)
    deliver_all(api, store, clock)
    assert len(htwe.messages) == 1


def test_while_telegram_is_away_it_is_tried_later_and_later_and_arrives_in_the_end(
    api: BotApi, store: Store, cast: Cast, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = desk.file(clock.at, "They did not pay us.")
    desk.act(reference, Action.ACKNOWLEDGE, clock.at)
    api.fail_next("sendMessage", 502, times=8)
    waits = []
    for _ in range(2):
        deliver_all(api, store, clock)
        (waiting,) = entries(store, cast)
        waits.append(waiting.not_before - clock.at)
        clock.at = waiting.not_before
    assert waits == sorted(waits)
    assert waits[0] > timedelta(0)
    deliver_all(api, store, clock)
    assert len(htwe.messages) == 1


def test_a_letter_that_can_not_be_written_is_given_up_and_holds_up_nobody(
    api: BotApi,
    store: Store,
    cast: Cast,
    desk: Desk,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Words that do not open, a page that does not, a zone nobody knows, an address that is none."""
    htwe = api.phone(user_id=HTWE)
    htwe.known = True
    reference = desk.file(clock.at, "They did not pay us.")
    desk.act(reference, Action.REPLY, clock.at, "zebrafish")
    desk.act(reference, Action.REPLY, clock.forward(seconds=1), "It is fine.")
    web = Door(store, clock.at, Channel.WEB)
    web.file("a code")
    tamper(store, "a code", Channel.WEB)
    lost = [
        a_worker(store, clock.at, "2001", contact=Contact.SAFE_HOURS, zone="Nowhere/Atlantis"),
        reporter_of(store, "a code", Channel.WEB).id,
    ]
    nowhere = a_worker(store, clock.at, "no number")
    with store.writing() as session:
        case = by_reference(session, reference)
        assert case
        said = next(m for m in messages.of_case(session, case.id) if m.kind is MessageKind.REPLY)
        said.text_sealed = said.text_sealed[:-1] + b"\0"
        session.get_one(Reporter, lost[0]).safe_from = time(6)
        session.get_one(Reporter, lost[0]).safe_to = time(9)
        for row in (nowhere, *lost):
            outbox.tell(session, row, Notice.ACKNOWLEDGED, now=clock.at)
    deliver_all(api, store, clock)
    assert len(htwe.messages) == 1, "what came after it arrives"
    broken, fine = entries(store, cast)
    assert broken.reason
    assert fine.sent_at
    for row in lost:
        (entry,) = outbox_of(store, row)
        assert entry.failed_at, "not tried for ever"
        assert entry.reason
    assert "zebrafish" not in caplog.text


def test_a_message_telegram_refuses_for_ever_is_given_up_and_the_next_one_goes_out(
    api: BotApi, store: Store, cast: Cast, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = desk.file(clock.at, "They did not pay us.")
    desk.act(reference, Action.REPLY, clock.at, "One.")
    desk.act(reference, Action.REPLY, clock.forward(seconds=1), "Two.")
    words = {"ok": False, "error_code": 400, "description": "Bad Request: message is too odd"}
    api.fail_next("sendMessage", 400, words)
    deliver_all(api, store, clock)
    assert [e.reason for e in entries(store, cast)] == ["refused", ""]
    one, two = opened(Door(store, clock.at), htwe)
    assert "One." in one, "what could not be announced is read with what could"
    assert "Two." in two


def test_a_language_that_is_gone_is_no_reason_not_to_tell_her(
    api: BotApi, store: Store, cast: Cast, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = desk.file(clock.at, "They did not pay us.")
    desk.act(reference, Action.ACKNOWLEDGE, clock.at)
    with store.writing() as session:
        session.get_one(Reporter, cast.htwe.id).language = "tlh"
    deliver_all(api, store, clock)
    assert len(htwe.messages) == 1


def test_a_crash_between_sending_and_marking_says_it_twice_never_never(
    api: BotApi, store: Store, cast: Cast, desk: Desk, htwe: Phone, clock: Clock
) -> None:
    reference = desk.file(clock.at, "They did not pay us.")
    desk.act(reference, Action.ACKNOWLEDGE, clock.at)
    with store.writing() as session:
        assert outbox.claim(session, clock.at), "and then the process is killed"
    deliver_all(api, store, clock)
    assert not htwe.messages
    clock.at += outbox.LEASE + timedelta(seconds=1)
    deliver_all(api, store, clock)
    assert len(htwe.messages) == 1


def test_no_word_of_it_is_logged(
    api: BotApi,
    store: Store,
    cast: Cast,
    desk: Desk,
    htwe: Phone,
    clock: Clock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    reference = desk.file(clock.at, "They did not pay us.")
    desk.act(reference, Action.REPLY, clock.at, "zebrafish")
    deliver_all(api, store, clock)
    ours = [
        r.getMessage() for r in caplog.records if not r.name.startswith(("telegram", "asyncio"))
    ]
    assert "zebrafish" not in "\n".join(ours)
    assert str(HTWE) not in "\n".join(ours)
    assert api.token not in "\n".join(ours)
