"""A language for tests in which every sentence stands between ⟦ and ⟧, and an eye for what doesn't.

Its catalog says the English sentence itself, each run of words outside the holes in brackets: so a
word without them was either never given to a translator, or got there through a hole.
"""

import re
from collections.abc import Iterable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from translations.extraction import extract
from translations.loading import Domain
from translations.update import ROOT

TAG = "ja"
"""Dates, names of countries and so on come from Unicode's data, in letters of their own."""

_HOLE = re.compile(r"(%\(\w+\)[sd])")
_BRACKETS = re.compile("⟦[^⟦⟧]*⟧")
_REFERENCE = re.compile(r"\bRC-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*[A-Za-z]")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-label")
"""Attributes that are read by people."""
_WORDS_OF_OTHERS = frozenset({"script", "style", "textarea", "code", "kbd", "pre", "bdi"})
_CLASSES_OF_OTHERS = frozenset({"words", "ref", "shown"})
"""What stands in these was typed by somebody, or is the same in every language; so is what says
of itself that it is in another language."""


@cache
def sentences(domain: Domain) -> Catalog:
    """All that the code says, read out of it once: not to be changed."""
    return extract(ROOT, domain)


def write_catalog(
    folder: Path, template: Catalog, tag: str = TAG, domain: Domain = "webadmin"
) -> None:
    """Write the pseudo language's catalog of a domain below ``folder``."""
    catalog = Catalog(locale=tag)
    for message in template:
        if message.id:
            ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
            # The language has one plural form: what is said of several.
            said = _in_brackets(ids[-1])
            catalog.add(message.id, said if len(ids) == 1 else (said,), context=message.context)
    path = folder / tag / "LC_MESSAGES" / f"{domain}.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_po(file, catalog)


def _in_brackets(msgid: str) -> str:
    parts = _HOLE.split(msgid)
    return "".join(
        part if not part.strip() or _HOLE.fullmatch(part) else f"⟦{part}⟧" for part in parts
    )


def not_translated(html: str, data: Iterable[str]) -> list[str]:
    """Each piece of a page that holds English words outside the brackets and outside ``data``
    (names of people and places, addresses), as it stands there."""
    eye = _Eye()
    eye.feed(html)
    eye.close()
    longest_first = sorted(filter(None, data), key=len, reverse=True)
    found = []
    for piece in eye.pieces:
        left = _REFERENCE.sub(" ", _BRACKETS.sub(" ", piece))
        if not _WORD.search(left):
            continue  # most pieces: what is taken out below leaves no new word
        for text in longest_first:
            left = left.replace(text, " ")
        if _WORD.search(left):
            found.append(" ".join(piece.split()))
    return found


class _Eye(HTMLParser):
    """Collects what people see or hear of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._open: list[tuple[str, bool]] = []

    @property
    def _of_others(self) -> bool:
        return any(others for _, others in self._open)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.pieces += [given[name] for name in _SPOKEN if name in given]
        if tag == "input" and given.get("type") in ("submit", "button"):
            self.pieces.append(given.get("value", ""))
        if tag not in _VOID:
            others = (
                tag in _WORDS_OF_OTHERS
                or _CLASSES_OF_OTHERS & set(given.get("class", "").split())
                or given.get("lang", TAG) != TAG
            )
            self._open.append((tag, bool(others)))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not self._of_others:
            self.pieces.append(data)
