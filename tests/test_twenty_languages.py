"""The shortest complaint in every language over HTTP: filed, short, and never a word of another."""

import functools
import gettext
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from babel.messages.catalog import Catalog

from bot.wording import WORTH_SENDING
from casework.db import Store
from casework.models import Case
from casework.vocabulary import Category, Status
from tests.botapi import BotApi, Message, Phone
from tests.bothouse import Clock, Polling
from tests.conftest import Cast
from tests.door import cases_of, told
from tests.pseudo import sentences
from translations import SOURCE_LANGUAGE, catalog, languages, own_name

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot")

LONGEST = 600
"""Characters of a message (issue 3 of the plan)."""
MOST_MESSAGES = 8
REFERENCE = re.compile(r"RC-[0-9A-Z]{4}-[0-9A-Z]{4}")
_HOLE = re.compile(r"%\(\w+\)[sd]")
_ISOLATES = re.compile("[\u2066-\u2069]")
TWENTY = (
    "en vi id km my zh-hans th lo fil ms bn ne hi ur si ta ja ko es ar".split()  # the list
)


class Spoken:
    """All that the bot can say in one language, to compare with what it said."""

    def __init__(self, tag: str) -> None:
        sentences = catalog("bot", tag)
        self.lines: list[re.Pattern[str]] = []
        english: set[str] = set()
        ours: set[str] = set()
        for message in _template():
            if not message.id:
                continue
            source = [message.id] if isinstance(message.id, str) else list(message.id)
            said = list(_forms(sentences, source))
            ours |= {line for one in said for line in _lines(one)}
            english |= {line for one in source for line in _lines(one)}
        self.lines = [_pattern(line) for line in ours if _has_words(line)]
        self.foreign = [
            _pattern(line)
            for line in english - ours
            if tag != SOURCE_LANGUAGE and len(_HOLE.sub("", line).split()) > 1
        ]

    def knows(self, line: str) -> bool:
        return any(pattern.fullmatch(line) for pattern in self.lines)

    def is_english(self, line: str) -> bool:
        return any(pattern.fullmatch(line) for pattern in self.foreign)


@functools.cache
def _template() -> Catalog:
    return sentences("bot")


def _forms(sentences: gettext.NullTranslations, english: list[str]) -> Iterator[str]:
    if len(english) == 1:
        yield sentences.gettext(english[0])
    else:
        yield from {sentences.ngettext(english[0], english[1], number) for number in range(200)}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _pattern(line: str) -> re.Pattern[str]:
    return re.compile(".+?".join(re.escape(piece) for piece in _HOLE.split(line)))


def _has_words(line: str) -> bool:
    return any(character.isalpha() for character in _HOLE.sub("", line))


def _plain(text: str) -> str:
    return _ISOLATES.sub("", text).strip()


def _label(text: str) -> str:
    """What stands on a button, without its icon."""
    icon, _, label = text.partition(" ")
    return label if label and not any(c.isalnum() for c in icon) else text


@contextmanager
def _answering(store: Store, at: datetime) -> Iterator[BotApi]:
    with BotApi() as api, Polling(api, store, Clock(at)):
        yield api


def _file(phone: Phone, tag: str, factory: str, words: str) -> str:
    """The shortest path with a story; the reference she is told."""
    phone.start(f"F-{factory}")
    for button in (f"language|{tag}", "welcome|yes", "who|worker", "category|WAG", "danger|no"):
        phone.press(button)
    phone.wait_for(lambda m: "story|" in str(m.rows) or m.id == phone.last.id)
    phone.send(words)
    phone.press("story|send")
    found = REFERENCE.search(phone.wait_for(lambda m: bool(REFERENCE.search(m.text))).text)
    assert found
    return found.group()


def _foreign_lines(message: Message, spoken: Spoken, allowed: tuple[str, ...]) -> list[str]:
    """The lines of a message and the labels below it that are not of this language."""
    lines = [_plain(line) for line in message.text.split("\n")]
    labels = [_label(_plain(button.text)) for row in message.rows for button in row]
    own = {own_name(tag) for tag in languages("bot")}
    return [
        line
        for line in (*lines, *labels)
        if line
        and line not in own
        and line not in allowed
        and (not spoken.knows(line) or spoken.is_english(line))
    ]


def test_the_twenty_languages_are_there() -> None:
    assert set(TWENTY) <= set(languages("bot"))
    assert Category.WAGES in WORTH_SENDING


@pytest.mark.parametrize("tag", languages("bot"))
def test_the_shortest_complaint_is_filed_in_short_messages_of_her_language(
    store: Store, cast: Cast, tag: str
) -> None:
    spoken = Spoken(tag)
    words = catalog("bot", tag).gettext("They take money off my pay")
    with _answering(store, datetime(2026, 11, 20, 11, 40, tzinfo=UTC)) as api:
        phone = api.phone(language=tag)
        reference = _file(phone, tag, cast.golden_thread.code, words)
        api.wait_idle()
        presses = len(api.called("answerCallbackQuery"))
        case = cases_of(store, str(phone.id))[0]
        sent = [message for message in phone.messages if message not in phone.sent]
        mine = len(phone.sent) + presses

    assert isinstance(case, Case)
    assert (case.reference, case.status, case.language) == (reference, Status.RECEIVED, tag)
    assert [text for _, text in told(store, case)] == [words]
    assert mine <= MOST_MESSAGES
    assert len(sent) >= MOST_MESSAGES - 2
    for message in sent:
        assert len(message.text) <= LONGEST, message.text
    # Whoever does not read the guessed language is asked for it in English, too.
    allowed: tuple[str, ...] = ("Choose your language.",)
    for message in sent:
        assert not _foreign_lines(message, spoken, allowed), message.text
        allowed = ()


def test_english_among_another_language_would_be_found() -> None:
    spoken = Spoken("my")
    assert not spoken.knows("Please press one of the buttons below.")
    assert spoken.is_english("Please press one of the buttons below.")
    assert Spoken("en").knows("Please press one of the buttons below.")
