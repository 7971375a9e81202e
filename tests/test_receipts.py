"""A case on another phone: the receipt, its secret number, and who guesses at it."""

import asyncio
import re
from dataclasses import replace
from datetime import datetime, time, timedelta
from time import perf_counter as time_now

import pytest
from flask import Flask
from sqlmodel import col, select

from bot.delivery import Delivery
from bot.doors import RemoteFile
from bot.turns import Chat, Draft, Pressed, Text
from bot.webchat import webchat_blueprint
from casework import receipts
from casework.audit import events
from casework.cases import by_reference
from casework.db import Store
from casework.filing import Piece
from casework.media import attachments
from casework.messaging import outbox
from casework.models import Attachment, Case, Message, Outbox, Reporter
from casework.numbers import numbers_in, parse_secret
from casework.references import new_reference, parse_reference
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    Contact,
    MediaKind,
    Notice,
    Opening,
    Status,
)
from tests.botapi import BotApi
from tests.botapi import Phone as ApiPhone
from tests.bothouse import Clock, Polling, deliver_all
from tests.conftest import Cast
from tests.desk import Desk
from tests.door import FILING, HOUSE, Door, cases_of, reporter_of, stories, talk_of
from tests.opening import opened
from tests.phone import Case as WorldCase
from tests.phone import Phone
from tests.webhelp import settings
from tests.webphone import WebPhone
from webadmin.app import create_app

REFERENCE = re.compile(r"RC-[0-9A-Z]{4}-[0-9A-Z]{4}")
SECRET = re.compile(r"\b(\d{4}) (\d{4})\b")
ELSEWHERE = "RC-7K3M-9Q2J"
STORY = "Nobody was paid for two months, and the office says nothing."
WRONG = "I cannot open a case with these two numbers"
WAIT = "Please wait until tomorrow"


def a_reporter(
    store: Store, now: datetime, address: str, channel: Channel = Channel.TELEGRAM
) -> Reporter:
    """Somebody on another phone."""
    door = Door(store, now, channel)
    door.take(replace(door.update(address, Text("hello")), key=f"hello:{address}"))
    return reporter_of(store, address, channel)


def receipt_of(store: Store, reference: str) -> str:
    with store.writing() as session:
        case = by_reference(session, reference, lock=True)
        assert case is not None
        return receipts.make(session, case)


def open_on(
    store: Store, reporter: Reporter, reference: str, secret: str, now: datetime
) -> Opening:
    with store.writing() as session:
        hers = session.get_one(Reporter, reporter.id)
        plain = parse_secret(secret) or ""
        return receipts.open_case(session, hers, reference, plain, now=now)


# --- the numbers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "48210937",
        "4821 0937",
        " 4821-0937. ",
        "4 8 2 1 0 9 3 7",
        "၄၈၂၁ ၀၉၃၇",
        "៤៨២១០៩៣៧",
        "４８２１　０９３７",
        "٤٨٢١\u200f ٠٩٣٧",
    ],
)
def test_a_secret_number_may_be_typed_in_any_script_and_with_any_spaces(typed: str) -> None:
    assert parse_secret(typed) == "48210937"


@pytest.mark.parametrize(
    "typed", ["", "4821 093", "4821 09377", "4821 O937", "my number is 48210937"]
)
def test_what_is_no_secret_number_is_none(typed: str) -> None:
    assert parse_secret(typed) is None


def test_both_numbers_may_be_typed_in_one_message_and_in_any_script() -> None:
    reference = new_reference()
    plain = reference.replace("-", " ").lower()
    assert numbers_in(reference) == (reference, "")
    assert numbers_in(f"{plain} 4821 0937") == (reference, "48210937")
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in reference)
    assert numbers_in(wide) == (reference, "")
    assert numbers_in(f"{reference} they did not pay us") is None
    assert numbers_in("they did not pay us") is None


def test_words_without_end_cost_no_time_where_a_number_is_looked_for() -> None:
    begun = time_now()
    assert numbers_in("2 " * 4000) is None
    assert time_now() - begun < 0.2, "meanwhile nobody else's message is taken in"


def test_a_secret_number_never_passes_for_a_case_number(
    store: Store, cast: Cast, desk: Desk, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = desk.file(now, STORY)
    like_a_case = next(n for n in range(22222222, 99999999) if parse_reference(str(n)))
    drawn = iter([like_a_case, 7])
    monkeypatch.setattr("casework.receipts.secrets.randbelow", lambda _: next(drawn))
    assert receipt_of(store, reference) == "0000 0007"


# --- the domain, on both databases --------------------------------------------------------------


def test_with_its_secret_number_a_case_moves_to_another_phone(
    any_store: Store, any_desk: Desk, any_cast: Cast, now: datetime
) -> None:
    with any_store.writing() as session:
        file = attachments.promised(session, any_cast.htwe.id, MediaKind.PHOTO, "remote", now)
    reference = any_desk.file(now, Piece(STORY, source="77"), Piece("", file.id))
    any_desk.act(reference, Action.ACKNOWLEDGE, now)
    other = a_reporter(any_store, now, "552")
    secret = receipt_of(any_store, reference)

    assert open_on(any_store, other, reference, "", now) is Opening.ASK
    assert open_on(any_store, other, reference, secret, now) is Opening.OPENED

    case = any_desk.case(reference)
    assert case.reporter_id == other.id
    assert case.receipt_index is None, "the receipt is used up"
    with any_store.reading() as session:
        assert session.get_one(Attachment, file.id).reporter_id == other.id
        told = session.exec(select(Message).where(Message.case_id == case.id)).all()
        assert [m.source_index for m in told] == [None, None], (
            "edits on the old phone reach nothing"
        )
        unsent = session.exec(select(Outbox).order_by(col(Outbox.id))).all()
        assert [(e.reporter_id, e.notice) for e in unsent] == [
            (other.id, Notice.ACKNOWLEDGED),
            (any_cast.htwe.id, Notice.MOVED),
        ]
    moved = any_desk.events(reference)[-1]
    assert (moved.action, moved.before, moved.after) == (
        Action.MOVE,
        Status.ACKNOWLEDGED,
        Status.ACKNOWLEDGED,
    )
    assert moved.data == {"from": "telegram", "to": "telegram"}
    assert open_on(any_store, other, reference, "", now) is Opening.HERS
    assert open_on(any_store, any_cast.htwe, reference, secret, now) is Opening.WRONG


def test_a_new_receipt_makes_the_old_one_invalid(
    any_store: Store, any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, STORY)
    other = a_reporter(any_store, now, "552")
    old, new = receipt_of(any_store, reference), receipt_of(any_store, reference)
    assert open_on(any_store, other, reference, old, now) is Opening.WRONG
    assert open_on(any_store, other, reference, new, now) is Opening.OPENED


def test_one_phone_may_be_wrong_five_times_in_a_day(
    any_store: Store, any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, STORY)
    secret, other = receipt_of(any_store, reference), a_reporter(any_store, now, "552")
    wrong = "1111 1111" if secret != "1111 1111" else "2222 2222"
    tries = [open_on(any_store, other, reference, wrong, now) for _ in range(7)]
    assert tries == [Opening.WRONG] * 5 + [Opening.WAIT] * 2
    assert open_on(any_store, other, reference, secret, now) is Opening.WAIT
    assert open_on(any_store, other, new_reference(), wrong, now) is Opening.WAIT
    later = now + timedelta(hours=24)
    assert open_on(any_store, other, reference, secret, later) is Opening.OPENED
    assert any_desk.case(reference).receipt_tries == 0


def test_a_case_takes_ten_wrong_tries_in_a_day_and_then_the_right_number_waits_too(
    any_store: Store, any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, STORY)
    secret = receipt_of(any_store, reference)
    wrong = "1111 1111" if secret != "1111 1111" else "2222 2222"
    for address in ("551", "552"):
        guesser = a_reporter(any_store, now, address)
        for _ in range(5):
            assert open_on(any_store, guesser, reference, wrong, now) is Opening.WRONG
    hers = a_reporter(any_store, now, "553")
    assert open_on(any_store, hers, reference, secret, now) is Opening.WRONG
    tomorrow = now + timedelta(hours=24)
    assert open_on(any_store, hers, reference, secret, tomorrow) is Opening.OPENED


def test_nothing_tells_whether_a_case_exists(
    any_store: Store, any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, STORY)  # no receipt was made for it
    with_receipt = any_desk.file(now, STORY)
    receipt_of(any_store, with_receipt)
    answers = []
    phones = Door(any_store, now)
    for address, number in enumerate((reference, with_receipt, new_reference()), start=551):
        said = phones.each(str(address), Text("hello"), Text(number), *[Text("00000000")] * 7)
        answers.append([text.replace(number, "…") for text in said])
    assert answers[0] == answers[1] == answers[2]
    assert any(WRONG in text for text in answers[0])
    assert WAIT in answers[0][-2]


def test_a_forgotten_case_opens_nowhere(any_store: Store, any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, STORY)
    secret, other = receipt_of(any_store, reference), a_reporter(any_store, now, "552")
    with any_store.writing() as session:
        case = by_reference(session, reference, lock=True)
        assert case is not None
        case.reporter_id = case.receipt_index = None
    assert open_on(any_store, other, reference, secret, now) is Opening.WRONG
    assert open_on(any_store, other, reference, "0000 0000", now) is Opening.WRONG


def test_only_a_keyed_hash_of_the_secret_number_is_stored(
    store: Store, desk: Desk, now: datetime
) -> None:
    first, second = desk.file(now, STORY), desk.file(now, STORY)
    with store.writing() as session:
        cases = [by_reference(session, r, lock=True) for r in (first, second)]
        for case in cases:
            assert case is not None
            case.receipt_index = receipts._index(session, case.id, "48210937")
    kept = {desk.case(r).receipt_index for r in (first, second)}
    assert len(kept) == 2, "bound to its case"
    assert all(index and b"4821" not in index for index in kept)


def test_how_she_may_be_written_to_goes_along_to_a_phone_where_she_never_said_it(
    any_store: Store, any_desk: Desk, any_cast: Cast, now: datetime
) -> None:
    reference = any_desk.file(now, STORY)
    with any_store.writing() as session:
        htwe = session.get_one(Reporter, any_cast.htwe.id)
        htwe.contact, htwe.zone = Contact.SAFE_HOURS, "Asia/Phnom_Penh"
        htwe.safe_from, htwe.safe_to = time(18), time(21)
    other = a_reporter(any_store, now, "552")
    open_on(any_store, other, reference, receipt_of(any_store, reference), now)
    with any_store.reading() as session:
        there = session.get_one(Reporter, other.id)
        assert (there.contact, there.safe_from, there.zone) == (
            Contact.SAFE_HOURS,
            time(18),
            "Asia/Phnom_Penh",
        )


def test_what_is_just_being_sent_stays_where_it_is_and_what_could_not_reach_her_comes_now(
    any_store: Store, any_desk: Desk, any_cast: Cast, now: datetime
) -> None:
    reference = any_desk.file(now, STORY)
    for action in (Action.ACKNOWLEDGE, Action.ASSESS):
        any_desk.act(reference, action, now)
    with any_store.writing() as session:
        (leased,) = outbox.claim(session, now)
        lost = session.exec(select(Outbox).where(Outbox.notice == Notice.ASSESSING)).one()
        outbox.give_up(lost, now, outbox.UNREACHABLE)
    other = a_reporter(any_store, now, "552")
    open_on(any_store, other, reference, receipt_of(any_store, reference), now)
    with any_store.reading() as session:
        assert session.get_one(Outbox, leased.id).reporter_id == any_cast.htwe.id
        fresh = session.get_one(Outbox, lost.id)
        assert (fresh.reporter_id, fresh.failed_at) == (other.id, None)
    with any_store.writing() as session:
        late = session.get_one(Outbox, leased.id)
        outbox.retry(late, now)
        assert receipts.follow(session, late), "what did not get through follows the case"
        assert late.reporter_id == other.id
        told = session.exec(select(Outbox).where(Outbox.notice == Notice.MOVED)).one()
        assert not receipts.follow(session, told)


# --- the dialogue -------------------------------------------------------------------------------


def away(secret: str = "4821 0937") -> Phone:
    """A phone that has no case, in a world where another phone has one."""
    reference = new_reference()
    anna = Phone().start()
    anna.world.elsewhere[reference] = WorldCase(Draft(category=Category.WAGES))
    anna.world.secrets[reference] = secret
    return anna


def elsewhere(anna: Phone) -> str:
    return next(iter(anna.world.secrets))


def test_a_receipt_is_shown_only_when_she_asks_and_only_once() -> None:
    anna = Phone().filed()
    assert not SECRET.search(anna.text)
    anna.press("receipt")
    assert "RC-0001-TEST" in anna.text
    assert "0001 4821" in anna.text
    assert "away from this phone" in anna.text
    anna.command("help")
    assert not SECRET.search(anna.text)
    anna.press("receipt")
    assert "0002 4821" in anna.text
    anna.press("open")
    assert anna.chat.step == "case"
    assert "receipt:RC-0001-TEST" in anna.values


@pytest.mark.parametrize(
    "step",
    ["language", "welcome", "who", "category", "home", "cases", "filed", "stopped", "number"],
)
def test_a_case_number_typed_anywhere_leads_to_the_secret_number(step: str) -> None:
    anna = away()
    anna.chat = replace(anna.chat, step=step, agreed=True, filed=step in ("filed", "cases"))
    anna.send(elsewhere(anna).lower())
    assert anna.chat.step == "secret"
    assert "It has 8 digits" in anna.text
    anna.send("4821 0937")
    assert anna.chat.step == "case"
    assert "shown here now" in anna.text
    assert elsewhere(anna) in anna.world.cases


@pytest.mark.parametrize("step", ["story", "add", "answer", "factory", "person"])
def test_where_words_answer_a_question_a_case_number_is_words(step: str) -> None:
    anna = away()
    anna.chat = Chat(
        step=step, agreed=True, case="RC-0001-TEST", draft=Draft(category=Category.WAGES)
    )
    anna.world.cases["RC-0001-TEST"] = WorldCase(Draft())
    number = elsewhere(anna)
    anna.send(number)
    assert anna.chat.step != "secret"
    kept = [*anna.chat.draft.parts, *anna.world.told()]
    told = {part.text for part in kept} | {anna.chat.draft.person, anna.chat.draft.factory_words}
    assert number in told


def test_both_numbers_in_one_message_open_the_case_at_once() -> None:
    anna = away()
    anna.send(f"{elsewhere(anna)} 4821 0937")
    assert anna.chat.step == "case"


def test_a_number_of_her_own_case_just_opens_it() -> None:
    anna = away()
    reference = elsewhere(anna)
    anna.world.cases[reference] = anna.world.elsewhere.pop(reference)
    anna.send(reference)
    assert anna.chat.step == "case"
    assert anna.chat.number == ""


def test_my_cases_offers_a_button_for_a_case_number() -> None:
    anna = Phone().filed().press(".cases", ".number")
    assert anna.chat.step == "number"
    anna.send("RC-1234")
    assert "no case number" in anna.text
    assert anna.chat.step == "number"


def test_who_has_no_case_here_finds_the_button_at_home() -> None:
    anna = Phone().start().press("en").command("home")
    assert ".number" in anna.values


def test_a_wrong_secret_number_is_told_and_leaves_a_way_to_another_case_number() -> None:
    anna = away()
    anna.send(elsewhere(anna)).send("11111111")
    assert WRONG in anna.text
    assert anna.press("other").chat.step == "number"


def test_a_slip_in_the_secret_number_is_no_try() -> None:
    anna = away()
    anna.send(elsewhere(anna)).send("4821 09").send("abc")
    assert "It has 8 digits" in anna.text
    assert anna.world.wrong_tries == 0


def test_after_too_many_tries_she_is_asked_to_wait_until_tomorrow() -> None:
    anna = away()
    anna.send(elsewhere(anna))
    for _ in range(6):
        anna.send("11111111")
    assert WAIT in anna.text
    assert anna.chat.step == "home"
    assert WAIT in anna.send(elsewhere(anna)).text


def test_the_typed_secret_is_nowhere_in_the_chat_afterwards() -> None:
    anna = away()
    anna.send(elsewhere(anna)).send("11111111")
    assert "1111" not in repr(anna.chat)
    anna.send("4821 0937")
    assert "0937" not in repr(anna.chat)


@pytest.mark.parametrize("step", ["number", "secret"])
def test_a_voice_message_in_place_of_a_number_is_kept_and_asked_about_later(step: str) -> None:
    anna = away()
    anna.command("home").press(".number")
    if step == "secret":
        anna.send(elsewhere(anna))
    anna.file(MediaKind.VOICE)
    assert anna.chat.step == step
    assert "type the number" in anna.text
    anna.press("tell")
    assert [part.attachment for part in (*anna.chat.held, *anna.chat.draft.parts)] == [1]


def test_a_story_told_in_place_of_a_number_is_no_number() -> None:
    anna = Phone().filed().press(".cases", ".number").send("They did not pay us for two months.")
    assert anna.chat.step == "about"
    assert len(anna.chat.held) == 1


def test_a_complaint_on_the_way_waits_while_she_opens_a_case() -> None:
    anna = away()
    anna.press("en", "yes", "worker", "skip").send(elsewhere(anna)).send("4821 0937")
    assert (anna.chat.step, anna.chat.paused) == ("case", "category")
    assert anna.command("home").press(".go").chat.step == "category"


# --- over HTTP, two phones ----------------------------------------------------------------------


def at_rest(phone: ApiPhone, button: str) -> str:
    """The newest message with this button below it."""
    return phone.wait_for(lambda m: button in str(m.rows)).text


def more_than(phone: ApiPhone, seen: int) -> None:
    phone.wait_until(lambda: len(phone.messages) > seen)


def filed_on(phone: ApiPhone) -> str:
    phone.start("F-GT7KM")
    for button in ("language|en", "welcome|yes", "who|worker", "category|WAG", "danger|no"):
        phone.press(button)
    phone.wait_for(lambda m: "story|" in str(m.rows))
    phone.send(STORY)
    phone.press("story|send")
    found = REFERENCE.search(at_rest(phone, "receipt:"))
    assert found
    return found[0]


@pytest.mark.filterwarnings("ignore:Please use 'Bot")
def test_the_second_phone_opens_the_case_and_the_first_is_told_neutrally(
    polling: Polling, api: BotApi, store: Store, clock: Clock
) -> None:
    first, second = api.phone(), api.phone()
    reference = filed_on(first)
    first.press(f"receipt:{reference}")
    receipt = first.wait_for(lambda m: bool(SECRET.search(m.text))).text
    secret = SECRET.search(receipt)
    assert secret
    assert reference in receipt

    second.start()
    at_rest(second, "language|en")
    second.send(reference)
    second.wait_for("It has 8 digits")
    second.send(secret[0])
    second.wait_for("shown here now")
    second.wait_for(f"Case {reference}, sent on")
    assert [c.reference for c in cases_of(store, str(second.id))] == [reference]
    assert cases_of(store, str(first.id)) == []

    before = len(first.messages)
    deliver_all(api, store, clock)
    (knock,) = first.messages[before:]
    for word in (reference, "case", "complaint", "phone"):
        assert word not in knock.text.lower()
    said = "\n".join(opened(Door(store, clock.at), first))
    assert "another phone" in said
    assert "If that was not you" in said
    first.press(f"open:{reference}")
    first.wait_for("I cannot find this case here")


@pytest.mark.filterwarnings("ignore:Please use 'Bot")
def test_brute_force_stops_after_five_tries_of_a_phone_and_ten_at_a_case(
    polling: Polling, api: BotApi, store: Store, clock: Clock
) -> None:
    first = api.phone()
    reference = filed_on(first)
    first.press(f"receipt:{reference}")
    secret = SECRET.search(first.wait_for(lambda m: bool(SECRET.search(m.text))).text)
    assert secret
    wrong = "00000000"
    assert secret[0].replace(" ", "") != wrong
    for _ in range(2):
        thief = api.phone()
        thief.start()
        at_rest(thief, "language|en")
        thief.send(reference)
        thief.wait_for("It has 8 digits")
        for _ in range(6):
            seen = len(thief.messages)
            thief.send(wrong)
            more_than(thief, seen)
        assert sum(WRONG in m.text for m in thief.messages) == 5
        assert WAIT in thief.messages[-1].text
    hers = api.phone()
    hers.start()
    at_rest(hers, "language|en")
    hers.send(f"{reference} {secret[0]}")
    hers.wait_for(WRONG)
    clock.forward(hours=24)
    hers.send(f"{reference} {secret[0]}")
    hers.wait_for("shown here now")
    with store.reading() as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        assert events.first_broken(case, events.history(session, case.id)) is None


# --- the web chat ---------------------------------------------------------------------------------


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime) -> Flask:
    chat = webchat_blueprint(store, HOUSE, lambda: now)
    return create_app(
        store, settings(), now=lambda: now, secret_key=b"k" * 32, open_blueprints=[chat]
    )


def filed_in_browser(phone: WebPhone) -> str:
    phone.start("en", poster="F-GT7KM")
    for label in ("Yes, go on", "I work in the factory", "Pay", "No"):
        phone.press(label)
    phone.say(STORY)
    phone.press("Send it now")
    found = REFERENCE.search(phone.said[-1])
    assert found
    return found[0]


def test_in_the_web_chat_the_secret_stands_on_the_page_only_until_she_goes_on(
    app: Flask, store: Store
) -> None:
    phone = WebPhone(app)
    filed_in_browser(phone)
    phone.press("Receipt")
    secret = SECRET.search(phone.said[-1])
    assert secret
    phone.press("To the case")
    assert secret[0] not in phone.html
    assert "•••• ••••" in phone.html
    assert secret[1] not in repr(talk_of(store, phone.code.strip(), Channel.WEB).transcript)


def test_a_case_of_telegram_opens_in_the_web_chat_and_what_she_types_there_shows_as_dots(
    app: Flask, store: Store, cast: Cast, desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, STORY)
    secret = receipt_of(store, reference)
    phone = WebPhone(app)
    phone.start("en")
    phone.say(reference)
    phone.say("1111 1112")
    assert WRONG in phone.said[-1]
    phone.press("Help")
    phone.say(secret)
    assert "shown here now" in phone.said[-1] + phone.said[-2]
    assert secret not in phone.html
    assert "1111 1112" not in phone.html
    assert phone.html.count("••••••••") == 2
    assert "Help" in phone.html
    case = desk.case(reference)
    assert case.reporter_id == reporter_of(store, phone.code.strip(), Channel.WEB).id
    assert case.channel is Channel.TELEGRAM, "where it came in"


def test_the_web_chat_is_told_that_its_case_moved(
    app: Flask, store: Store, cast: Cast, now: datetime
) -> None:
    phone = WebPhone(app)
    reference = filed_in_browser(phone)
    phone.press("Receipt")
    secret = SECRET.search(phone.said[-1])
    assert secret
    Door(store, now).each("552", Text("hello"), Text(f"{reference} {secret[0]}"))
    asyncio.run(Delivery(store, None, HOUSE, lambda: now).run_once())
    phone.open()
    assert "shown on another phone now" in phone.said[-1]
    phone.press("That was not me")
    phone.press("Send it now")
    (told,) = stories(store)[1:]
    assert told == f"That was not me: {reference}", "in one press, and she may say more"


def test_who_says_it_was_not_her_is_heard_at_once_and_may_say_more() -> None:
    anna = Phone().filed().old(f"case|not-me:{ELSEWHERE}")
    assert "1 message" in anna.text
    assert "send" in anna.values
    # Pressed twice it is said once.
    anna.old(f"case|not-me:{ELSEWHERE}").send("I lost the paper.").press("send")
    told = [part.text for part in anna.world.cases["RC-0002-TEST"].draft.parts]
    assert told == [f"That was not me: {ELSEWHERE}", "I lost the paper."]


def test_who_says_it_was_not_her_in_the_middle_of_a_complaint_loses_neither() -> None:
    anna = Phone().at_story().send("They did not pay us.").old(f"case|not-me:{ELSEWHERE}")
    assert [part.text for part in anna.chat.draft.parts] == [
        "They did not pay us.",
        f"That was not me: {ELSEWHERE}",
    ]


def test_a_file_sent_on_the_old_phone_is_of_no_use_there_any_more(
    store: Store, cast: Cast, desk: Desk, now: datetime
) -> None:
    door = Door(store, now)
    door.each("551", *FILING, RemoteFile(MediaKind.PHOTO, "remote-1"))
    (case,) = cases_of(store, "551")
    door.each("551", Pressed("about", f"add:{case.reference}"))
    secret = receipt_of(store, case.reference)
    door.each("552", Text("hello"), Text(case.reference), Text(secret))
    assert [c.id for c in cases_of(store, "552")] == [case.id]
    (answer,) = door.each("551", Pressed("x", f"add:{case.reference}"))
    assert case.reference in answer
    (refused,) = door.each("551", Text("a word more about the unpaid wages"))
    assert "could not add it" in refused
    assert door.each("552", Pressed("x", f"receipt:{case.reference}"))
