"""What shows on a locked phone names no topic: in each of the twenty languages, by its own glossary."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest

from bot import notices, safety
from bot.rendering import render
from bot.turns import Msg, Say
from casework import cases
from casework.db import Store
from casework.ids import new_id
from casework.messaging import outbox
from casework.models import Reporter
from casework.vocabulary import Channel, Notice
from tests.botapi import BotApi
from tests.bothouse import Clock, deliver_all
from tests.conftest import Cast
from tests.desk import Desk
from translations import SOURCE_LANGUAGE, catalog

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")

GLOSSARIES = Path(__file__).parents[1] / "docs" / "glossary"
TWENTY = "en vi id km my zh-hans th lo fil ms bn ne hi ur si ta ja ko es ar".split()
TOPICS = ("complaint", "case", "wages", "harassment")
"""Of these the issue says that no notification may have a word."""
BESIDE = {"pay", "sexual harassment", "bullying"}
"""What glossaries have in the same row, or in one of its own."""
ENGLISH = {"complaint", "case", "wages", "wage", "pay", "salary", "harass"}

_ROW = re.compile(r"^\| *([^|]+?) *\| *([^|]+?) *\|", re.MULTILINE)
_BETWEEN = re.compile(r"[,;、，،؛；()（）]")
_LATIN = re.compile(r"[a-z]")


def words_of(tag: str) -> dict[str, set[str]]:
    """The words of a language for each topic, by its glossary."""
    if tag == SOURCE_LANGUAGE:
        return dict.fromkeys(TOPICS, ENGLISH)
    found: dict[str, set[str]] = {}
    for english, own in _ROW.findall((GLOSSARIES / f"{tag}.md").read_text()):
        names = {part.strip() for part in english.split(",")}
        if names & {*TOPICS, *BESIDE}:
            words = {word.strip(" *").casefold() for word in _BETWEEN.split(own)}
            for name in names:
                found.setdefault(name, set()).update(words - {""})
    return found


def named(text: str, words: set[str]) -> set[str]:
    """The words that stand in a text. Where letters are Latin they begin a word: "pay" is no part
    of "display"; other scripts put no space between words, or grow endings, so anywhere counts."""
    text = text.casefold()
    return {
        word
        for word in words
        if re.search((r"\b" if _LATIN.match(word) else "") + re.escape(word), text)
    }


def everything(tag: str) -> set[str]:
    return set().union(*words_of(tag).values())


@pytest.mark.parametrize("tag", TWENTY)
def test_the_glossary_has_a_word_for_each_topic(tag: str) -> None:
    found = words_of(tag)
    for topic in TOPICS:
        assert found.get(topic), topic


def test_words_are_found_where_they_stand() -> None:
    assert named("Your CASE is open", ENGLISH) == {"case"}
    assert named("It is on display", ENGLISH) == set()
    assert named("มีเรื่องใหม่", everything("th")) == {"เรื่อง"}
    assert named("有投诉的消息", everything("zh-hans")) == {"投诉"}


@pytest.mark.parametrize("tag", TWENTY)
def test_no_message_that_the_bot_starts_by_itself_names_a_topic(
    api: BotApi, store: Store, cast: Cast, now: datetime, tag: str
) -> None:
    """Every notice there is, with a handler's words, as it arrives on a phone over HTTP."""
    phone, clock = api.phone(user_id=4711), Clock(now)
    phone.known = True
    reference = Desk(store, cast).file(now, "They did not pay us.")
    with store.writing() as session:
        row = new_id(now)
        reporter = Reporter(
            id=row,
            channel=Channel.TELEGRAM,
            address_index=session.vault.index("address.telegram", str(phone.id)),
            address_sealed=session.vault.seal_text(
                "reporter", "address_sealed", row, str(phone.id)
            ),
            language=tag,
            created_at=now,
        )
        session.add(reporter)
        session.flush()
        case = cases.by_reference(session, reference)
        assert case is not None
        case.reporter_id = row
    for notice in sorted(outbox.ANNOUNCED):
        clock.forward(minutes=2)
        with store.writing() as session:
            outbox.tell(session, row, notice, now=clock.at, case=case)
            outbox.tell(session, row, notice, now=clock.at)
        deliver_all(api, store, clock)
    assert len(phone.messages) == 2 * len(outbox.ANNOUNCED)
    texts = {text for m in phone.messages for text in (m.text, *m.labels)}
    assert len(texts) == 3, "two sentences and a button are all there is"
    for text in texts:
        assert not named(text, everything(tag)), text


@pytest.mark.parametrize("tag", TWENTY)
def test_the_reminder_and_the_last_words_name_no_topic_either(tag: str) -> None:
    for say in (notices.draft_waits(date(2026, 11, 23)), Say(safety.farewell())):
        rendered = render(say, tag, "Fair Work Network")
        shown = (rendered.text, *(b.label for row in rendered.rows for b in row))
        for text in shown:
            assert not named(text, everything(tag)), text


@pytest.mark.parametrize("tag", [tag for tag in TWENTY if tag != SOURCE_LANGUAGE])
def test_they_are_said_in_her_own_language(tag: str) -> None:
    sentences = catalog("bot", tag)
    for notice in Notice:
        if notice in outbox.ANNOUNCED:
            text = notices.knock(notice).text
            assert isinstance(text, Msg)
            assert sentences.gettext(text.msgid) != text.msgid, text.msgid
