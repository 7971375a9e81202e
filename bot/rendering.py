"""Puts what is said into words of a language: text, and rows of buttons with their data."""

import gettext
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import NamedTuple
from unicodedata import bidirectional

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal

from bot.turns import Choice, Msg, Param, Pressed, Say
from translations import babel_locale, catalog, is_rtl
from translations.sentences import key_of

TEXT_AT_MOST = 4096
"""Characters of a message (Telegram's limit)."""
DATA_AT_MOST = 64
"""Bytes that travel with a button (Telegram's limit)."""
VOICES_AT_MOST = 4
"""Recordings that one message brings along; nobody listens to more before an answer."""

_BETWEEN = "|"
_MIRRORED = {"⬅️": "➡️", "➡️": "⬅️", "⏭️": "⏮️", "▶️": "◀️", "↩️": "↪️"}
"""Where one reads from right to left, back is to the right."""
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"


class Button(NamedTuple):
    """What stands on a button, and what comes back when it is pressed."""

    label: str
    data: str


class Voice(NamedTuple):
    """A recorded sentence: in which language, and its key (``translations.sentences``)."""

    language: str
    key: str


class Rendered(NamedTuple):
    """One message, ready for a channel."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()
    voices: tuple[Voice, ...] = ()
    """What is heard with it, in order."""


def render(say: Say, tag: str, operator: str, recorded: Collection[str] = ()) -> Rendered:
    """What is said, in the language ``tag``; ``operator`` fills the hole of that name.

    ``recorded``: the keys of the sentences of this language that can be heard. Raises
    ``UnknownLanguage`` where there is no catalog for the language.
    """
    words = _Words(catalog("bot", tag), babel_locale(tag), is_rtl(tag), operator, recorded)
    text = words.of(say.text)
    voices = tuple(Voice(tag, key) for key in words.heard[:VOICES_AT_MOST])
    if len(text) > TEXT_AT_MOST:
        text = text[: TEXT_AT_MOST - 1] + "…"
    rows = tuple(
        tuple(Button(words.on(choice), encode(say.step, choice.value)) for choice in row)
        for row in say.rows
        if row
    )
    return Rendered(text, rows, voices)


def encode(step: str, value: str) -> str:
    """The data of a button. ``ValueError`` where it is longer than a channel carries."""
    data = step + _BETWEEN + value
    if len(data.encode()) > DATA_AT_MOST:
        raise ValueError(f"Shorten the value of this button of {step!r}: {DATA_AT_MOST} bytes fit.")
    return data


def decode(data: str) -> Pressed | None:
    """The press that ``data`` stands for; ``None`` where it is none of ours."""
    step, between, value = data.partition(_BETWEEN)
    return Pressed(step, value) if between and value else None


@dataclass(frozen=True, slots=True)
class _Words:
    """A language, to write in."""

    sentences: gettext.NullTranslations
    locale: Locale
    rtl: bool
    operator: str
    recorded: Collection[str] = ()
    heard: list[str] = field(default_factory=list)
    """The keys of the recorded sentences that were written so far, in order, each once."""

    def of(self, said: Msg) -> str:
        if self.recorded:
            self._hear(said)
        number = said.params.get("n")
        if said.plural is not None and isinstance(number, int):
            sentence = self.sentences.ngettext(said.msgid, said.plural, number)
        else:
            sentence = self.sentences.gettext(said.msgid)
        if "%" not in sentence:
            return sentence
        holes = {name: self.fill(param) for name, param in said.params.items()}
        return sentence % {"operator": self.isolated(self.operator), **holes}

    def _hear(self, said: Msg) -> None:
        key = key_of(said.msgid, said.plural)
        if key in self.recorded and key not in self.heard:
            self.heard.append(key)

    def on(self, choice: Choice) -> str:
        """An icon first: buttons are known by their pictures."""
        name = choice.label
        label = name if isinstance(name, str) else self.of(name)
        if not choice.icon:
            return label  # a name alone on its button needs no isolation
        icon = _MIRRORED.get(choice.icon, choice.icon) if self.rtl else choice.icon
        return f"{icon} {self.isolated(label) if isinstance(name, str) else label}"

    def fill(self, param: Param) -> str:
        match param:
            case str():
                return self.isolated(param)
            case Msg():
                return self.of(param)
            case tuple():
                return "\n".join(self.fill(one) for one in param)
            case datetime():
                return format_datetime(param, "medium", param.tzinfo, self.locale)
            case date():
                return format_date(param, "long", self.locale)
            case time():
                # By 24 hours everywhere: some languages would get English letters after the hour.
                return format_time(param, "HH:mm", locale=self.locale)
            case int():
                return format_decimal(param, locale=self.locale)

    def isolated(self, words: str) -> str:
        """Words that run the other way must not turn the sentence around them upside down."""
        if not words or _runs_left(words) == self.rtl:
            return words
        return "\n".join(
            f"{_ISOLATE}{line}{_END_ISOLATE}" if line else line for line in words.split("\n")
        )


def _runs_left(words: str) -> bool:
    return not words.isascii() and any(
        bidirectional(character) in ("R", "AL") for character in words
    )
