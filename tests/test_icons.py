"""Every choice carries an icon: who reads little goes by the picture."""

import unicodedata

import pytest

from bot.dialogue import STEPS, step
from bot.rendering import render
from bot.turns import (
    CaseLine,
    CaseShown,
    CasesListed,
    Chat,
    Choice,
    Draft,
    FactoryMatch,
    HistoryShown,
    Media,
    SaidLine,
    Say,
    Text,
)
from bot.wording import KIND, SINCE
from casework.vocabulary import (
    CHATS,
    Action,
    Category,
    Channel,
    MediaKind,
    Relation,
    Status,
    Treatment,
)
from tests.phone import ANSWER_BY, FILED_ON, Phone
from translations import languages, own_name

LANGUAGES = {own_name(tag) for tag in languages("bot")}
"""A language is named in itself, without a picture: no flag stands for a language."""


def iconless(chat: Chat) -> list[str]:
    question = STEPS[chat.step]
    return [
        f"{chat.step}: {answer.label}"
        for row in question.page(chat).rows
        for answer in row
        if not is_icon(answer.icon) and answer.label not in LANGUAGES
    ]


def is_icon(text: str) -> bool:
    return (bool(text) and unicodedata.category(text[0]) == "So") or text in ("⛓️", "✂️", "➡️", "⬅️")


def buttons(said: tuple[Say, ...]) -> list[Choice]:
    return [choice for say in said for row in say.rows for choice in row]


@pytest.mark.parametrize("name", sorted(STEPS))
@pytest.mark.parametrize("channel", CHATS)
def test_no_choice_of_any_question_is_without_an_icon(name: str, channel: Channel) -> None:
    drafts = [Draft(), *(Draft(category=c, relation=Relation.HELPER) for c in Category)]
    part = Phone().at_story().file(MediaKind.VOICE).chat.draft.parts
    found = []
    for draft in drafts:
        for kept in ((), part):
            for filed in (False, True):
                chat = Chat(
                    step=name,
                    channel=channel,
                    draft=Draft(draft.relation, category=draft.category, parts=kept),
                    case="RC-0001-TEST",
                    found=(FactoryMatch("GS1", "Golden Star", "Yangon"),),
                    held=kept,
                    agreed=True,
                    filed=filed,
                    editing=name != "review" and bool(kept),
                    paused="story",
                )
                found += iconless(chat)
    assert found == []


@pytest.mark.parametrize("status", Status)
def test_the_page_of_a_case_its_list_and_its_history_have_icons_on_all_their_buttons(
    status: Status,
) -> None:
    line = CaseLine("RC-0001-TEST", status, FILED_ON, Category.WAGES)
    can = frozenset(action.value for action in Action)
    said = (SaidLine(True, FILED_ON, "They did not pay us."),)
    results: list[CasesListed | CaseShown | HistoryShown] = [
        CasesListed((line,)),
        CaseShown(line, ANSWER_BY, False, "On which day?", "…", can, Treatment.BADLY),
        HistoryShown("RC-0001-TEST", said, 1, 3),
    ]
    for at in ("case", "cases", "said", "about"):
        for result in results:
            chat = Chat(step=at, case="RC-0001-TEST", agreed=True, filed=True)
            shown = buttons(step(chat, result).say)
            assert shown
            assert [choice.label for choice in shown if not is_icon(choice.icon)] == []


def test_the_buttons_below_every_question_have_icons() -> None:
    anna = Phone().at_story().happen(Text("They did not pay us."))
    anna.happen(Media(MediaKind.PHOTO, 9))
    for turn in anna.turns:
        assert all(is_icon(choice.icon) for choice in buttons(turn.say))
        assert all(render(say, "en", "").rows for say in turn.say)


def test_kinds_of_one_category_and_times_have_pictures_that_differ() -> None:
    for category in Category:
        icons = [icon for (of, _), (icon, _) in KIND.items() if of is category]
        assert len(icons) == len(set(icons)), category
    assert len({icon for icon, _ in SINCE.values()}) == len(SINCE)
