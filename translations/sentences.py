"""The sentences of the conversation one by one, each with a short name that files can carry."""

import functools
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from translations import catalog

KEY_LENGTH: Final = 12

_TEMPLATE: Final = Path(__file__).parent / "bot.pot"
_ONLY_READ: Final = ("bot/templates/", "bot/webview.py", "bot/telegram.py", "webadmin/public/")
"""Where sentences stand that no message of the conversation holds: pages, and what groups read."""
_HOLE: Final = re.compile(r"%\((\w+)\)[a-z]")
_ENDS: Final = (".", "?", "!", ":")
_SEVERAL: Final = 5


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that the bot says. ``english`` of a plural is what is said of several."""

    key: str
    msgid: str
    plural: str | None
    room: str
    """The module of the bot that says it: ``intake``, ``story`` …"""

    @property
    def english(self) -> str:
        """As it is said in English, with the names of its holes: ``Your case is [reference].``"""
        return _readable(self.plural or self.msgid)

    @property
    def is_label(self) -> bool:
        """True of the few words on a button or in a list, which are no sentence."""
        return not self.msgid.rstrip("”)").endswith(_ENDS)

    def said_in(self, tag: str) -> str:
        """The same in the language ``tag``; ``UnknownLanguage`` where there is none."""
        words = catalog("bot", tag)
        if self.plural is None:
            return _readable(words.gettext(self.msgid))
        return _readable(words.ngettext(self.msgid, self.plural, _SEVERAL))

    def wording_in(self, tag: str) -> str:
        """The name of its words in a language: another one as soon as they are changed."""
        return key_of(self.said_in(tag))


@functools.cache
def key_of(msgid: str, plural: str | None = None) -> str:
    """The name of a sentence: the same for ever, another one as soon as its English changes.

    A recording of words that were changed must not be heard any more.
    """
    whole = msgid if plural is None else f"{msgid}\0{plural}"
    return hashlib.sha256(whole.encode()).hexdigest()[:KEY_LENGTH]


@functools.cache
def spoken() -> tuple[Sentence, ...]:
    """Every sentence that a message of the conversation may hold, by module and as they come."""
    with _TEMPLATE.open("rb") as file:
        template = read_po(file)
    found = []
    for entry in template:
        places = [name for name, _ in entry.locations if not name.startswith(_ONLY_READ)]
        if not entry.id or not places:
            continue
        msgid, *more = (entry.id,) if isinstance(entry.id, str) else entry.id
        plural = more[0] if more else None
        found.append(Sentence(key_of(msgid, plural), msgid, plural, Path(places[0]).stem))
    return tuple(found)


@functools.cache
def by_key() -> dict[str, Sentence]:
    """The sentences of ``spoken``, by their names."""
    return {sentence.key: sentence for sentence in spoken()}


def _readable(text: str) -> str:
    return _HOLE.sub(r"[\1]", text).replace("%%", "%")
