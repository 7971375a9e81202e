"""No message of the bot is longer than a tired reader reads: every page, in every language."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time

import pytest

from bot import asking, casepage, controls, followup, notices, urgent
from bot.dialogue import STEPS, step
from bot.questions import Then
from bot.rendering import render
from bot.turns import (
    CaseFiled,
    CaseLine,
    CaseShown,
    CasesListed,
    Chat,
    Draft,
    HelpFound,
    HelpLine,
    Longer,
    Msg,
    News,
    Part,
    RightsFound,
    RightsTitle,
    Say,
)
from bot.webview import Remark
from bot.wording import SEXUAL, lines
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    Contact,
    Danger,
    ExtensionReason,
    HelpKind,
    HowMany,
    MediaKind,
    Notice,
    Promise,
    Relation,
    Service,
    Since,
    Status,
)
from tests.phone import GOLDEN, OPERATOR
from translations import SOURCE_LANGUAGE, languages

ENGLISH_AT_MOST = 330
ANY_AT_MOST = 600
READ_BACK_AT_MOST = 480
"""In English: it says every answer she gave, a line each."""

REFERENCE = "RC-7K3M-9Q2T"
WORDS = "They have not paid our overtime since March."
TODAY = date(2026, 11, 20)
SOON = date(2026, 11, 24)
COMPLAINT = Draft(
    relation=Relation.WORKER,
    factory=GOLDEN,
    category=Category.WAGES,
    kind="overtime-unpaid",
    danger=Danger.UNSURE,
    parts=(Part(WORDS * 9), Part(attachment=1, kind=MediaKind.VOICE)),
    since=Since.YEAR,
    how_many=HowMany.EVERYONE,
    contact=Contact.SAFE_HOURS,
    safe_from=time(18),
    safe_to=time(21),
)
SURVIVOR = Draft(factory=GOLDEN, category=Category.HARASSMENT, kind=SEXUAL)
QUESTION = Draft(factory=GOLDEN, category=Category.OTHER, kind="question")
LINE = CaseLine(REFERENCE, Status.VERIFYING, SOON, Category.CONTRACT)
NUMBERS = HelpFound(
    HelpKind.EMERGENCY,
    "KH",
    (
        HelpLine("117", Service.POLICE),
        HelpLine("119", Service.AMBULANCE),
        HelpLine("118", Service.FIRE),
    ),
)
FOR_SURVIVORS = HelpFound(
    HelpKind.SEXUAL_VIOLENCE,
    "US",
    (
        HelpLine("1 800 656 4673", Service.VIOLENCE),
        HelpLine("0800 123 45 67", name="National Crisis Centre for Women"),
        HelpLine("012 345 678", name="Garment Union, Sokha"),
    ),
)


def typical_chats(name: str) -> Iterator[Chat]:
    """The situations in which a question is met."""
    for channel in (Channel.TELEGRAM, Channel.WEB):
        for draft in (Draft(), COMPLAINT, SURVIVOR, QUESTION):
            titles = RightsFound(
                asking.wanted(Chat(draft=draft)), (RightsTitle(1, "How long may I work?"),)
            )
            yield Chat(
                name,
                channel=channel,
                draft=draft,
                case=REFERENCE,
                agreed=True,
                filed=draft == Draft(),
                editing=draft == COMPLAINT,
                rights=titles,
                near=("KH", "MM"),
            )
        yield Chat(name, channel=channel)


def pages() -> Iterator[tuple[str, Msg]]:
    """Every text, with where it comes from."""
    for name, question in STEPS.items():
        for chat in typical_chats(name):
            yield name, question.page(chat).text
        helped = controls.use(Chat(name), question, "help")
        assert helped
        yield f"help at {name}", lines(*helped.first, *([helped.page.text] if helped.page else []))
    yield "filed", _page(followup.filed(Chat("filed"), CaseFiled(REFERENCE, SOON, OPERATOR)))
    yield "cases", casepage.listed(CasesListed((LINE,))).text
    can = frozenset(action.value for action in (Action.ADD, Action.CONFIRM, Action.DISPUTE))
    shown = CaseShown(LINE, SOON, False, "On which day was it?", WORDS, can)
    yield "case", casepage.shown(LINE, shown).text
    for reason, promise in itertools.product(
        ExtensionReason, (Promise.INVESTIGATE, Promise.OUTCOME)
    ):
        longer = Longer(promise, SOON, reason)
        line = replace(LINE, status=Status.INVESTIGATING)
        told = CaseShown(line, TODAY, last=WORDS, longer=longer)
        yield f"case, longer: {reason} {promise}", casepage.shown(line, told).text
        yield f"longer: {reason} {promise}", _told(News(Notice.EXTENDED, longer=longer))
    waits = CaseShown(LINE, SOON, False, "On which day was it?", waits=True)
    yield "case, paused", casepage.shown(LINE, waits).text
    for status, words in itertools.product(Status, ("", WORDS * 9)):
        yield f"progress: {status}", _told(News(Notice.PROGRESS, words, status, SOON))
    for notice in (Notice.FILE_REFUSED, Notice.OUTCOME, Notice.INADMISSIBLE, Notice.TRY_AGAIN):
        yield f"notice {notice}", notices.say(notice, reference=REFERENCE, words=WORDS).text
    for name, draft, event in (
        ("danger", COMPLAINT, NUMBERS),
        ("danger", SURVIVOR, NUMBERS),
        ("danger", Draft(category=Category.WAGES), HelpFound(HelpKind.EMERGENCY)),
        ("category", SURVIVOR, FOR_SURVIVORS),
        ("category", SURVIVOR, HelpFound(HelpKind.SEXUAL_VIOLENCE, "XX")),
        ("category", SURVIVOR, HelpFound(HelpKind.SEXUAL_VIOLENCE)),
    ):
        said = step(Chat(name, draft=draft, agreed=True), event).say
        yield f"numbers at {name}", said[0].text
    for remark in Remark:
        yield f"remark {remark.name}", Msg(remark.value, {"send": "Send", "limit": 20})


def at_most(where: str, tag: str) -> int:
    """Characters that a message may have."""
    if tag != SOURCE_LANGUAGE:
        return ANY_AT_MOST
    return READ_BACK_AT_MOST if where == "review" else ENGLISH_AT_MOST


def _told(news: News) -> Msg:
    (said,) = notices.headed(REFERENCE, notices.told(news))
    return said


def _page(then: Then) -> Msg:
    assert then.page
    return then.page.text


@pytest.mark.parametrize("tag", languages("bot"))
def test_no_message_is_too_long(tag: str) -> None:
    long = {
        (where, len(text))
        for where, said in pages()
        if len(text := render(Say(said), tag, OPERATOR).text) > at_most(where, tag)
    }
    assert not long, f"too many characters: {sorted(long)}"


def test_the_numbers_are_part_of_what_is_said() -> None:
    said = render(Say(lines(*urgent.numbers(NUMBERS, "en"))), "en", OPERATOR).text
    assert said.splitlines() == [
        "🇰🇭 Cambodia",
        "🚓 Police: 117",
        "🚑 Ambulance: 119",
        "🚒 Fire brigade: 118",
    ]
