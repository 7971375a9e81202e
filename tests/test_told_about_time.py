"""What a worker is told about time: that it takes longer, until when and why; how it stands meanwhile."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot import notices
from bot.casepage import shown
from bot.delivery import Delivery
from bot.rendering import render
from bot.turns import CaseLine, CaseShown, Longer, News, Pressed, Say
from casework.cases import by_reference
from casework.db import Store
from casework.deadlines import extending, pausing
from casework.messaging import progress
from casework.messaging.outbox import ASKED_NOT_TO
from casework.models import Factory, Outbox, Reporter
from casework.vocabulary import (
    Action,
    Channel,
    Contact,
    ExtensionReason,
    Notice,
    PauseReason,
    Promise,
    Status,
)
from tests.botapi import BotApi, Phone
from tests.bothouse import Clock, deliver_all
from tests.conftest import Cast
from tests.desk import Desk
from tests.door import HOUSE, Door, outbox_of, reporter_of, talk_of
from tests.opening import is_knock, opened

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")

HTWE = 990001
LONGER = "We are sorry that you have to wait longer."
NOT_FORGOTTEN = "We have not forgotten this. It is still open."
MARCH = date(2027, 3, 15)


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


@pytest.fixture
def door(store: Store, now: datetime) -> Door:
    return Door(store, now)


def acknowledged(desk: Desk, clock: Clock) -> str:
    reference = desk.file(clock.at, "They did not pay us.")
    desk.walk(reference, clock.at, Action.ACKNOWLEDGE, Action.INVESTIGATE)
    return reference


def extended(
    desk: Desk,
    reference: str,
    now: datetime,
    until: date = MARCH,
    *,
    promise: Promise = Promise.OUTCOME,
    reason: ExtensionReason = ExtensionReason.FACTORY,
) -> None:
    """Asha asks, Boris approves."""
    clock_id = desk.clocks(reference)[promise].id
    with desk.store.writing() as session:
        case = by_reference(session, reference, lock=True)
        assert case is not None
        asked = extending.ask(
            session,
            case,
            clock_id,
            until,
            reason,
            "Her boss is away.",
            by=desk.cast.actor("asha"),
            now=now,
        )
        extending.decide(session, case, asked, True, by=desk.cast.actor("boris"), now=now)


def paused(desk: Desk, reference: str, now: datetime) -> None:
    with desk.store.writing() as session:
        case = by_reference(session, reference, lock=True)
        assert case is not None
        pausing.pause(session, case, PauseReason.ANSWER, by=desk.cast.actor("asha"), now=now)


def swept(desk: Desk, now: datetime) -> int:
    """The sweep, and then how many words on progress it brings."""
    desk.sweep(now)
    with desk.store.writing() as session:
        return progress.tell_due(session, now)


def case_page(door: Door, reference: str, now: datetime) -> str:
    door.now = now
    return door.each(str(HTWE), Pressed("case", f"open:{reference}"))[0]


def open_at(door: Door, htwe: Phone, now: datetime) -> list[str]:
    door.now = now
    return opened(door, htwe)


def buttons(store: Store) -> list[str]:
    return [button.data for row in talk_of(store, str(HTWE)).said[-1].rows for button in row]


def read_all(api: BotApi, door: Door, htwe: Phone, clock: Clock) -> list[str]:
    deliver_all(api, door.store, clock)
    return open_at(door, htwe, clock.at)


# --- it takes longer --------------------------------------------------------------------------------


def test_an_extension_is_announced_without_a_topic_and_read_with_reason_and_new_date(
    api: BotApi, desk: Desk, htwe: Phone, clock: Clock, door: Door
) -> None:
    reference = acknowledged(desk, clock)
    read_all(api, door, htwe, clock)
    extended(desk, reference, clock.forward(days=3))
    deliver_all(api, desk.store, clock)
    assert htwe.messages[-1].text == "There is news for you."
    assert htwe.messages[-1].labels == ["📂 Open"]
    (text,) = open_at(door, htwe, clock.at)
    assert text.splitlines() == [
        f"There is news about {reference}.",
        "",
        LONGER,
        "This takes longer: the factory has not answered yet.",
        "You get the result by 15 March 2027.",
    ]
    assert buttons(desk.store)[0] == f"case|open:{reference}"


@pytest.mark.parametrize(
    ("reason", "sentence"),
    (
        (ExtensionReason.FACTORY, "This takes longer: the factory has not answered yet."),
        (ExtensionReason.EVIDENCE, "This takes longer: there is more to find out."),
        (ExtensionReason.OTHERS, "This takes longer: we have to wait for another office."),
        (ExtensionReason.PEOPLE, "This takes longer: somebody we need is ill or away."),
    ),
)
def test_each_reason_is_one_plain_sentence(reason: ExtensionReason, sentence: str) -> None:
    news = News(Notice.EXTENDED, longer=Longer(Promise.APPEAL, MARCH, reason))
    (said,) = notices.told(news)
    assert sentence in render(Say(said), "en", "").text.splitlines()


def test_who_waits_for_the_finding_out_is_told_when_she_hears_what_comes_next(
    api: BotApi, desk: Desk, htwe: Phone, clock: Clock, door: Door
) -> None:
    reference = acknowledged(desk, clock)
    extended(desk, reference, clock.at, date(2027, 1, 20), promise=Promise.INVESTIGATE)
    assert "We tell you by 20 January 2027 what comes next." in "\n".join(
        read_all(api, door, htwe, clock)
    )


def test_the_new_date_is_the_day_where_her_factory_is(
    api: BotApi, desk: Desk, htwe: Phone, clock: Clock, door: Door
) -> None:
    with desk.store.writing() as session:
        # Midnight there when the office in Phnom Penh closes.
        session.get_one(Factory, desk.cast.golden_thread.id).zone = "Pacific/Kiritimati"
    reference = acknowledged(desk, clock)
    extended(desk, reference, clock.at)
    assert "16 March 2027" in "\n".join(read_all(api, door, htwe, clock))
    assert "You get the result by 16 March 2027." in case_page(door, reference, clock.at)


def test_of_two_extensions_that_she_has_not_read_the_newer_one_is_told(
    api: BotApi, desk: Desk, htwe: Phone, clock: Clock, door: Door
) -> None:
    reference = acknowledged(desk, clock)
    read_all(api, door, htwe, clock)
    extended(desk, reference, clock.forward(days=1))
    extended(desk, reference, clock.forward(days=1), date(2027, 4, 20))
    (text,) = read_all(api, door, htwe, clock)
    assert "20 April 2027" in text
    assert "March" not in text


def test_an_extension_that_the_result_has_overtaken_is_not_told_any_more(
    api: BotApi, desk: Desk, htwe: Phone, clock: Clock, door: Door
) -> None:
    reference = acknowledged(desk, clock)
    read_all(api, door, htwe, clock)
    extended(desk, reference, clock.forward(days=1))
    clock.forward(days=1)
    desk.walk(reference, clock.at, Action.PROPOSE_REMEDY, Action.CONCLUDE)
    said = "\n".join(read_all(api, door, htwe, clock))
    assert "This is the result:" in said
    assert LONGER not in said


def test_on_the_web_the_extension_stands_on_her_page(
    store: Store, cast: Cast, now: datetime, clock: Clock
) -> None:
    desk = Desk(store, cast)
    reference = Door(store, now, Channel.WEB).file("a code").reference
    desk.act(reference, Action.ACKNOWLEDGE, now)
    extended(desk, reference, now, reason=ExtensionReason.PEOPLE)
    run_web(store, clock)
    page = transcript(store)
    assert LONGER in page
    assert "This takes longer: somebody we need is ill or away." in page
    assert "You get the result by 15 March 2027." in page


def run_web(store: Store, clock: Clock) -> None:
    delivery = Delivery(store, None, HOUSE, clock)
    while asyncio.run(delivery.run_once()):
        pass


def transcript(store: Store) -> str:
    return "\n".join(line.text for line in talk_of(store, "a code", Channel.WEB).transcript)


# --- the page of her case ---------------------------------------------------------------------------


def test_her_case_says_why_it_takes_longer_and_until_when_only_while_that_is_owed(
    desk: Desk, clock: Clock, door: Door
) -> None:
    reference = acknowledged(desk, clock)
    assert "This takes longer" not in case_page(door, reference, clock.at)
    extended(desk, reference, clock.forward(days=1), reason=ExtensionReason.EVIDENCE)
    page = case_page(door, reference, clock.at)
    assert "You hear from us by 4 December 2026." in page, "a first reply is due before it"
    assert "This takes longer: there is more to find out." in page
    assert "You get the result by 15 March 2027." in page
    desk.walk(reference, clock.forward(days=1), Action.PROPOSE_REMEDY, Action.CONCLUDE)
    assert "This takes longer" not in case_page(door, reference, clock.at)


def test_an_extension_that_is_asked_for_or_refused_moves_no_date_on_her_page(
    desk: Desk, clock: Clock, door: Door
) -> None:
    reference = acknowledged(desk, clock)
    before = case_page(door, reference, clock.at)
    outcome = desk.clocks(reference)[Promise.OUTCOME]
    with desk.store.writing() as session:
        case = by_reference(session, reference, lock=True)
        assert case is not None
        asha, boris = desk.cast.actor("asha"), desk.cast.actor("boris")
        asked = extending.ask(
            session,
            case,
            outcome.id,
            MARCH,
            ExtensionReason.OTHERS,
            "The court.",
            by=asha,
            now=clock.at,
        )
        session.flush()
        assert Notice.EXTENDED not in desk.notices(reference)
        extending.decide(session, case, asked, False, by=boris, now=clock.at)
    assert case_page(door, reference, clock.at) == before
    assert Notice.EXTENDED not in desk.notices(reference)


def test_a_new_date_that_has_passed_as_well_is_only_late(
    desk: Desk, clock: Clock, door: Door
) -> None:
    reference = acknowledged(desk, clock)
    extended(desk, reference, clock.at)
    page = case_page(door, reference, clock.forward(days=150))
    assert "We are sorry that we are late." in page
    assert "This takes longer" not in page


def test_a_date_that_is_next_and_new_stands_there_once() -> None:
    line = CaseLine("RC-7K3M-9Q2T", Status.INVESTIGATING, date(2026, 11, 20), None)
    new = Longer(Promise.OUTCOME, MARCH, ExtensionReason.OTHERS)
    page = shown(line, CaseShown(line, MARCH, longer=new))
    assert render(Say(page.text), "en", "").text.count("15 March 2027") == 1


def test_while_clocks_are_paused_for_her_answer_her_case_says_that_we_wait(
    desk: Desk, clock: Clock, door: Door
) -> None:
    reference = acknowledged(desk, clock)
    desk.act(reference, Action.ASK, clock.forward(hours=1), "Since which month?")
    assert "We wait for your answer." not in case_page(door, reference, clock.at)
    paused(desk, reference, clock.forward(hours=1))
    page = case_page(door, reference, clock.at)
    assert "We have a question for you: Since which month?\nWe wait for your answer." in page
    desk.add(reference, clock.forward(hours=1), "Since March.")
    assert "We wait for your answer." not in case_page(door, reference, clock.at)


def test_a_pause_that_ended_by_itself_waits_no_more(desk: Desk, clock: Clock, door: Door) -> None:
    reference = acknowledged(desk, clock)
    desk.act(reference, Action.ASK, clock.at, "Since which month?")
    paused(desk, reference, clock.at)
    page = case_page(door, reference, clock.forward(days=22))
    assert "Since which month?" in page
    assert "We wait for your answer." not in page


# --- how it stands meanwhile ------------------------------------------------------------------------


def test_a_word_on_progress_says_how_it_stands_and_when_the_next_comes(
    api: BotApi, desk: Desk, htwe: Phone, clock: Clock, door: Door
) -> None:
    reference = acknowledged(desk, clock)
    read_all(api, door, htwe, clock)
    assert swept(desk, clock.forward(days=29)) == 0
    assert swept(desk, clock.forward(days=3)) == 1
    deliver_all(api, desk.store, clock)
    assert htwe.messages[-1].text == "There is news for you."
    (text,) = open_at(door, htwe, clock.at)
    assert text.splitlines() == [
        f"There is news about {reference}.",
        "",
        NOT_FORGOTTEN,
        "🔎 We are finding out what happened.",
        "You hear from us by 21 January 2027.",
        "",
        "If something has changed for you, please tell us here.",
    ]
    assert buttons(desk.store)[:2] == [f"case|add:{reference}", f"case|open:{reference}"]
    assert swept(desk, datetime(2027, 1, 21, 9, 0, tzinfo=UTC)) == 0
    assert swept(desk, datetime(2027, 1, 21, 11, 0, tzinfo=UTC)) == 1, "the promise was true"


def test_a_word_on_progress_asks_once_more_what_is_still_asked(
    api: BotApi, desk: Desk, htwe: Phone, clock: Clock, door: Door
) -> None:
    reference = acknowledged(desk, clock)
    desk.act(reference, Action.ASK, clock.forward(hours=1), "Since which month? " + "Please. " * 40)
    read_all(api, door, htwe, clock)
    swept(desk, clock.forward(days=32))
    (text,) = read_all(api, door, htwe, clock)
    assert text.splitlines()[-1].startswith("We have a question for you: Since which month?")
    assert text.endswith("…")
    assert "If something has changed" not in text
    assert buttons(desk.store)[0] == f"case|answer:{reference}"


def test_after_months_of_standstill_one_word_on_progress_comes_and_not_many(
    api: BotApi, desk: Desk, htwe: Phone, clock: Clock, door: Door
) -> None:
    acknowledged(desk, clock)
    read_all(api, door, htwe, clock)
    before = len(htwe.messages)
    assert swept(desk, clock.forward(days=100)) == 1
    assert swept(desk, clock.at) == 0
    assert swept(desk, clock.forward(days=7)) == 0
    (text,) = read_all(api, door, htwe, clock)
    assert NOT_FORGOTTEN in text
    assert len(htwe.messages) == before + 1


def test_several_that_she_never_opened_are_read_as_one(
    api: BotApi, desk: Desk, htwe: Phone, clock: Clock, door: Door
) -> None:
    acknowledged(desk, clock)
    read_all(api, door, htwe, clock)
    for _ in range(3):
        assert swept(desk, clock.forward(days=40)) == 1
        deliver_all(api, desk.store, clock)
    (text,) = open_at(door, htwe, clock.at)
    assert text.count(NOT_FORGOTTEN) == 1


def test_a_word_on_progress_is_silent_once_somebody_has_written(
    api: BotApi, desk: Desk, htwe: Phone, clock: Clock, door: Door
) -> None:
    reference = acknowledged(desk, clock)
    read_all(api, door, htwe, clock)
    swept(desk, clock.forward(days=32))
    deliver_all(api, desk.store, clock)
    desk.act(reference, Action.REPLY, clock.forward(hours=1), "They pay on Friday.")
    said = "\n".join(open_at(door, htwe, clock.at))
    assert "They pay on Friday." in said
    assert NOT_FORGOTTEN not in said


def test_a_word_on_progress_opened_after_she_took_it_back_shows_the_case(
    api: BotApi, desk: Desk, htwe: Phone, clock: Clock, door: Door
) -> None:
    reference = acknowledged(desk, clock)
    read_all(api, door, htwe, clock)
    swept(desk, clock.forward(days=32))
    deliver_all(api, desk.store, clock)
    desk.answer(reference, Action.WITHDRAW, clock.forward(hours=1))
    (page,) = open_at(door, htwe, clock.at)
    assert "You took this complaint back." in page
    assert NOT_FORGOTTEN not in page


def test_on_the_web_the_word_on_progress_stands_on_her_page_each_time(
    store: Store, cast: Cast, now: datetime, clock: Clock
) -> None:
    desk = Desk(store, cast)
    reference = Door(store, now, Channel.WEB).file("a code").reference
    desk.act(reference, Action.ACKNOWLEDGE, now)
    for _ in range(2):
        assert swept(desk, clock.forward(days=40)) == 1
        run_web(store, clock)
    assert transcript(store).count(NOT_FORGOTTEN) == 2
    assert "👀 A person has read it." in transcript(store)


def test_on_the_web_what_was_overtaken_before_it_could_be_said_is_not_said(
    store: Store, cast: Cast, now: datetime, clock: Clock
) -> None:
    desk = Desk(store, cast)
    reference = Door(store, now, Channel.WEB).file("a code").reference
    desk.act(reference, Action.ACKNOWLEDGE, now)
    assert swept(desk, clock.forward(days=40)) == 1
    desk.act(reference, Action.REPLY, clock.forward(hours=1), "They pay on Friday.")
    run_web(store, clock)
    assert NOT_FORGOTTEN not in transcript(store)
    assert "They pay on Friday." in transcript(store)


# --- when she wants to be told ----------------------------------------------------------------------


def safe_in_the_evening(desk: Desk) -> None:
    with desk.store.writing() as session:
        reporter = session.get_one(Reporter, desk.cast.htwe.id)
        reporter.contact, reporter.zone = Contact.SAFE_HOURS, "Asia/Phnom_Penh"
        reporter.safe_from, reporter.safe_to = time(19), time(21)


def wants(desk: Desk, contact: Contact) -> None:
    with desk.store.writing() as session:
        session.get_one(Reporter, desk.cast.htwe.id).contact = contact


def entries(desk: Desk, notice: Notice) -> list[Outbox]:
    found = outbox_of(desk.store, reporter_of(desk.store, str(HTWE)).id)
    return [entry for entry in found if entry.notice is notice]


@pytest.mark.parametrize("notice", (Notice.PROGRESS, Notice.EXTENDED))
def test_news_about_time_waits_for_her_safe_hours(
    api: BotApi, desk: Desk, htwe: Phone, clock: Clock, notice: Notice, door: Door
) -> None:
    reference = acknowledged(desk, clock)
    read_all(api, door, htwe, clock)
    safe_in_the_evening(desk)
    before = len(htwe.messages)
    clock.at = datetime(2026, 12, 22, 3, 0, tzinfo=UTC)  # ten in the morning in Phnom Penh
    if notice is Notice.PROGRESS:
        assert swept(desk, clock.at) == 1
    else:
        extended(desk, reference, clock.at)
    deliver_all(api, desk.store, clock)
    clock.at = datetime(2026, 12, 22, 11, 59, tzinfo=UTC)
    deliver_all(api, desk.store, clock)
    assert len(htwe.messages) == before
    clock.at = datetime(2026, 12, 22, 12, 0, tzinfo=UTC)
    deliver_all(api, desk.store, clock)
    assert len(htwe.messages) == before + 1
    assert is_knock(htwe.messages[-1])


@pytest.mark.parametrize("notice", (Notice.PROGRESS, Notice.EXTENDED))
def test_who_wants_no_messages_gets_none_about_time_and_finds_it_with_her_case(
    api: BotApi, desk: Desk, htwe: Phone, clock: Clock, notice: Notice, door: Door
) -> None:
    reference = acknowledged(desk, clock)
    read_all(api, door, htwe, clock)
    wants(desk, Contact.NEVER)
    before = len(htwe.messages)
    if notice is Notice.PROGRESS:
        swept(desk, clock.forward(days=32))
    else:
        extended(desk, reference, clock.at)
    deliver_all(api, desk.store, clock)
    assert len(htwe.messages) == before
    (entry,) = entries(desk, notice)
    assert entry.reason == ASKED_NOT_TO
    words = "finding out what happened" if notice is Notice.PROGRESS else "This takes longer"
    assert words in case_page(door, reference, clock.at)


def test_while_she_wants_no_messages_nothing_piles_up_and_later_she_is_told_again(
    api: BotApi, desk: Desk, htwe: Phone, clock: Clock, door: Door
) -> None:
    acknowledged(desk, clock)
    read_all(api, door, htwe, clock)
    wants(desk, Contact.NEVER)
    for _ in range(3):
        swept(desk, clock.forward(days=40))
        deliver_all(api, desk.store, clock)
    assert len(entries(desk, Notice.PROGRESS)) == 1
    wants(desk, Contact.HERE)
    before = len(htwe.messages)
    swept(desk, clock.forward(days=40))
    deliver_all(api, desk.store, clock)
    assert len(htwe.messages) == before + 1
    (text,) = open_at(door, htwe, clock.at)
    assert text.count(NOT_FORGOTTEN) == 1


def test_whoever_can_not_be_reached_finds_one_word_and_not_one_for_each_month(
    api: BotApi, desk: Desk, htwe: Phone, clock: Clock, door: Door
) -> None:
    acknowledged(desk, clock)
    read_all(api, door, htwe, clock)
    htwe.blocked = True
    for _ in range(3):
        swept(desk, clock.forward(days=40))
        deliver_all(api, desk.store, clock)
    assert len(entries(desk, Notice.PROGRESS)) == 1


def test_where_nobody_is_left_to_be_told_nothing_is_written(desk: Desk, clock: Clock) -> None:
    reference = acknowledged(desk, clock)
    with desk.store.writing() as session:
        case = by_reference(session, reference, lock=True)
        assert case is not None
        case.reporter_id = None
        case.progress_at = clock.at - timedelta(days=1)
    assert swept(desk, clock.forward(days=40)) == 1
    assert Notice.PROGRESS not in desk.notices(reference)
