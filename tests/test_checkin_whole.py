"""From "the factory was told" to a linked critical case: a handler's browser, the job, a phone."""

import asyncio
from datetime import time

import pytest
from flask import Flask

from bot.delivery import Delivery
from bot.turns import Media, Pressed, Text
from casework.db import Store
from casework.media import attachments
from casework.messaging import checkins
from casework.models import Case, Outbox, Reporter
from casework.vocabulary import (
    Category,
    Channel,
    Contact,
    MediaKind,
    MessageKind,
    Notice,
    Severity,
    Status,
)
from tests.botapi import BotApi, Message, Phone
from tests.bothouse import Clock, Polling, deliver_all
from tests.conftest import Cast
from tests.door import FILING, HOUSE, STORY, Door, cases_of, outbox_of, reporter_of, talk_of, told
from tests.opening import open_news
from tests.webhelp import Browser, build, give_accounts

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")

THIRI = 4711


def site(store: Store, cast: Cast, clock: Clock) -> Flask:
    give_accounts(store, cast, clock.at)
    return build(store, clock)


def handler(app: Flask, name: str = "asha") -> Browser:
    browser = Browser(app)
    browser.sign_in(name)
    return browser


def filed(phone: Phone) -> None:
    phone.start("F-GT7KM")
    for button in ("language|en", "welcome|yes", "who|worker", "category|WAG", "danger|no"):
        phone.press(button)
    phone.wait_for(lambda m: "story|" in str(m.rows))
    phone.send(STORY)
    phone.press("story|send")
    phone.wait_for("Your case number")


def ask(store: Store, clock: Clock) -> None:
    """The job."""
    with store.writing() as session:
        checkins.ask_due(session, clock.at)


def tell_the_factory(asha: Browser, case: Case) -> None:
    asha.step(case, "acknowledge")
    asha.step(case, "notify-factory", sure="yes")
    assert "Noted. We will ask the worker" in asha.text


def test_thirty_days_after_the_factory_was_told_a_yes_becomes_a_linked_critical_case(
    any_store: Store, any_cast: Cast, api: BotApi, clock: Clock
) -> None:
    store = any_store
    app = site(store, any_cast, clock)
    thiri = api.phone(user_id=THIRI, language="en")
    with Polling(api, store, clock):
        filed(thiri)
        (first,) = cases_of(store, str(THIRI))
        asha = handler(app)
        tell_the_factory(asha, first)
        assert "Will be asked on" in asha.text
        deliver_all(api, store, clock)

        clock.forward(days=30)
        ask(store, clock)
        ask(store, clock)
        deliver_all(api, store, clock)
        knock = thiri.last
        assert knock.text == "We would like to ask you something."
        assert [m.text for m in thiri.messages].count(knock.text) == 1
        question = open_news(thiri, first.reference)
        assert "Has anyone treated you badly" in question.text

        thiri.press(f"harmed:{first.reference}", message=question)
        tell_more: Message = thiri.wait_for("If you are in danger")
        opened = thiri.messages[-2]
        api.wait_idle()
        first, second = cases_of(store, str(THIRI))
        assert opened.text.startswith("We are sorry.")
        assert second.reference in opened.text
        assert "A person answers you by 21 December 2026." in opened.text
        assert tell_more.button(f"open:{second.reference}")
        assert (second.severity, second.category) == (Severity.CRITICAL, Category.RETALIATION)
        assert second.status is Status.RECEIVED
        assert first.retaliation_risk

        thiri.send("They moved me to the night shift.")
        thiri.wait_for("I added it to your case.")
        thiri.press(f"harmed:{first.reference}", message=question)
        thiri.wait_for("We have opened a case about this already.")
        api.wait_idle()
    assert len(cases_of(store, str(THIRI))) == 2
    assert (MessageKind.ADDITION, "They moved me to the night shift.") in told(store, second)

    asha = handler(app)
    asha.get(f"/cases/{first.reference}")
    assert second.reference in asha.text
    assert "About what was done to the worker because of this complaint" in asha.text
    assert "Treated badly, said on" in asha.text
    assert "Retaliation risk" in asha.text
    asha.get(f"/cases/{second.reference}")
    assert first.reference in asha.text
    assert "The first complaint, before what this one is about" in asha.text
    asha.get("/")
    assert second.reference in asha.text


def test_a_no_thanks_her_and_unsure_offers_to_tell_more(
    store: Store, cast: Cast, api: BotApi, clock: Clock
) -> None:
    app = site(store, cast, clock)
    door = Door(store, clock.at)
    first = door.file(str(THIRI))
    tell_the_factory(handler(app), first)
    door.now = clock.forward(days=30)
    ask(store, clock)
    reference = first.reference
    unsure, told_more, thanks = door.each(
        str(THIRI),
        Pressed("check-in", f"unsure:{reference}"),
        Text("The supervisor does not talk to me any more."),
        Pressed("check-in", f"safe:{reference}"),
    )
    assert unsure.startswith("That is all right.")
    assert "Has anyone treated you badly" in told_more, "and the question still stands"
    assert thanks.startswith("Thank you for telling us.")
    assert (MessageKind.ADDITION, "The supervisor does not talk to me any more.") in told(
        store, first
    )
    assert len(cases_of(store, str(THIRI))) == 1
    asha = handler(app)
    asha.get(f"/cases/{reference}")
    assert "Nobody did, said on" in asha.text
    assert "No, nobody did." in asha.text


def test_a_voice_message_answers_as_well_as_words(
    store: Store, cast: Cast, api: BotApi, clock: Clock
) -> None:
    door = Door(store, clock.at)
    first = door.file(str(THIRI))
    tell_the_factory(handler(site(store, cast, clock)), first)
    door.now = clock.forward(days=30)
    ask(store, clock)
    door.each(str(THIRI), Pressed("case", f"read:{first.reference}"))
    with store.writing() as session:
        reporter = session.get_one(Reporter, reporter_of(store, str(THIRI)).id)
        row = attachments.promised(session, reporter.id, MediaKind.VOICE, "v1", clock.at).id
    (said,) = door.each(str(THIRI), Media(MediaKind.VOICE, row))
    assert said.startswith("I added it to your case.")
    assert "Has anyone treated you badly" in said


def test_on_the_web_chat_it_is_the_same_without_a_knock(
    any_store: Store, any_cast: Cast, clock: Clock
) -> None:
    store = any_store
    door = Door(store, clock.at, Channel.WEB)
    door.each("a code", *FILING)
    (first,) = cases_of(store, "a code", Channel.WEB)
    tell_the_factory(handler(site(store, any_cast, clock)), first)
    door.now = clock.forward(days=30)
    ask(store, clock)
    delivery = Delivery(store, None, HOUSE, clock)
    assert [asyncio.run(delivery.run_once()) for _ in range(3)] == [1, 1, 0]
    talk = talk_of(store, "a code", Channel.WEB)
    assert "Has anyone treated you badly" in talk.transcript[-1].text
    buttons = [b.data for row in talk.said[-1].rows for b in row]
    verbs = ("safe", "harmed", "unsure")
    assert buttons == [f"case|{verb}:{first.reference}" for verb in verbs]
    door.each("a code", Pressed("case", f"harmed:{first.reference}"))
    (_, second) = cases_of(store, "a code", Channel.WEB)
    assert second.severity is Severity.CRITICAL
    lines = [line.text for line in talk_of(store, "a code", Channel.WEB).transcript]
    assert any(second.reference in line for line in lines[-2:])
    check_in = next(
        e
        for e in outbox_of(store, reporter_of(store, "a code", Channel.WEB).id)
        if e.notice is Notice.CHECK_IN
    )
    assert check_in.read_at


@pytest.mark.parametrize("contact", [Contact.NEVER, Contact.SAFE_HOURS])
def test_how_she_may_be_written_to_holds_for_the_question_too(
    store: Store, cast: Cast, api: BotApi, clock: Clock, contact: Contact
) -> None:
    phone = api.phone(user_id=THIRI)
    phone.known = True
    first = Door(store, clock.at).file(str(THIRI))
    app = site(store, cast, clock)
    asha = handler(app)
    tell_the_factory(asha, first)
    with store.writing() as session:
        reporter = session.get_one(Reporter, reporter_of(store, str(THIRI)).id)
        reporter.contact, reporter.zone = contact, "Asia/Phnom_Penh"
        reporter.safe_from, reporter.safe_to = time(20), time(23)
    clock.forward(days=30)
    ask(store, clock)
    deliver_all(api, store, clock)
    assert not phone.messages
    asha = handler(app)
    asha.get(f"/cases/{first.reference}")
    if contact is Contact.NEVER:
        assert "Could not be asked: the worker asked not to be written to" in asha.text
        return
    assert "On its way since" in asha.text
    waiting: Outbox = next(
        e
        for e in outbox_of(store, reporter_of(store, str(THIRI)).id)
        if e.notice is Notice.ACKNOWLEDGED
    )
    clock.at = waiting.not_before
    deliver_all(api, store, clock)
    assert [m.text for m in phone.messages] == ["There is news for you."], "both in one"
    asha = handler(app)
    asha.get(f"/cases/{first.reference}")
    assert "no answer yet" in asha.text


def test_telling_the_factory_takes_a_warning_and_a_tick_and_is_offered_once(
    store: Store, cast: Cast, clock: Clock
) -> None:
    first = Door(store, clock.at).file(str(THIRI))
    asha = handler(site(store, cast, clock))
    asha.get(f"/cases/{first.reference}")
    assert "Yes, the factory knows of it" not in asha.text, "nobody has read it yet"
    asha.step(first, "acknowledge")
    assert "From now on the worker may be punished" in asha.text
    refused = asha.step(first, "notify-factory")
    assert refused.status_code == 422
    assert "Tick the box to say that the factory knows of it" in asha.text
    asha.step(first, "notify-factory", sure="yes")
    assert "The factory was told on" in asha.text
    assert "Asha noted that the factory was told." in asha.text
    assert "Yes, the factory knows of it" not in asha.text
    again = asha.step(first, "notify-factory", sure="yes")
    assert again.status_code == 422
    assert "It is noted already that the factory was told." in asha.text


def test_a_handler_sees_what_else_came_from_the_factory_but_nothing_restricted(
    store: Store, cast: Cast, clock: Clock
) -> None:
    door = Door(store, clock.at)
    first, second = door.file("1"), door.file("2")
    with store.writing() as session:
        hidden = session.get_one(Case, door.file("4").id)
        hidden.restricted = True
    app = site(store, cast, clock)
    asha = handler(app)
    asha.get(f"/cases/{first.reference}")
    assert "1 other open case in the last 90 days." in asha.text
    assert second.reference in asha.text
    assert hidden.reference not in asha.text
    dilani = handler(app, "dilani")
    dilani.get(f"/cases/{first.reference}")
    assert "2 other open cases in the last 90 days." in dilani.text
    assert hidden.reference in dilani.text
