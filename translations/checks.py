"""Says what is wrong with a catalog: missing sentences, broken holes, plural forms, header."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from translations.headers import read_header
from translations.plurals import numbers_by_form, plural_forms, same_plurals

_WELL_FORMED = re.compile(r'(#.*|((msgctxt|msgid|msgid_plural|msgstr(\[\d\])?) )?"([^"\\]|\\.)*"|)')
_HOLE = re.compile(r"%\((\w+)\)[sd]")
_LETTER = re.compile(r"[^\W\d_]")
_SAME = "Same"
"""A translator's comment that begins so allows a sentence to stand as in English: a name, say."""


class Kind(StrEnum):
    """What is wrong: with a whole file, its header, or one sentence."""

    UNREADABLE = "unreadable"
    HEADER = "header"
    OUT_OF_STEP = "out of step"
    MISSING = "missing"
    FUZZY = "fuzzy"
    HOLES = "holes"
    PLURALS = "plurals"
    EDGES = "edges"
    SAME = "same"


class Problem(NamedTuple):
    """One thing that is wrong, and a sentence for whoever mends it."""

    kind: Kind
    words: str


def problems(path: Path, template: Catalog) -> list[str]:
    """What is wrong with the catalog at ``translations/<tag>/LC_MESSAGES/<domain>.po``, in words.

    ``template`` holds the sentences the code says (``extraction.extract``). Empty: all is well.
    """
    return [problem.words for problem in check(path, template)]


def check(path: Path, template: Catalog) -> list[Problem]:
    """The same, each with its kind."""
    text = path.read_text("utf-8")
    # Babel reads a line whose closing quote is missing, and loses its last letter.
    for number, line in enumerate(text.splitlines(), start=1):
        if not _WELL_FORMED.fullmatch(line.strip()):
            words = f"line {number} cannot be read: {line.strip()}"
            return [Problem(Kind.UNREADABLE, words)]
    try:
        with path.open("rb") as file:
            catalog = read_po(file, ignore_obsolete=True, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        return [Problem(Kind.UNREADABLE, f"cannot be read: {error}")]
    tag = path.parent.parent.name
    return [
        *_in_header(read_header(text), tag),
        *_in_step(catalog, template),
        *(
            Problem(found.kind, f"{_short(message)}: {found.words}")
            for message in catalog
            if message.id
            for found in _in_message(message, tag)
        ),
    ]


def _in_header(header: dict[str, str], tag: str) -> Iterator[Problem]:
    if header.get("Language") != tag.replace("-", "_"):
        words = f"header: Language should be {tag.replace('-', '_')}"
        yield Problem(Kind.HEADER, words)
    try:
        right = same_plurals(header.get("Plural-Forms", ""), tag)
    except ValueError:
        right = False
    if not right:
        yield Problem(Kind.PLURALS, f"header: Plural-Forms should be {plural_forms(tag)}")
    if not (header.get("X-Drafted-By") or _is_person(header.get("Last-Translator", ""))):
        words = "header: nobody stands for it; fill in X-Drafted-By or Last-Translator"
        yield Problem(Kind.HEADER, words)
    if not header.get("X-Native-Review"):
        words = 'header: X-Native-Review should say "pending", or by whom and when'
        yield Problem(Kind.HEADER, words)


def _is_person(name: str) -> bool:
    return bool(name) and not name.startswith("FULL NAME")


def _in_step(catalog: Catalog, template: Catalog) -> Iterator[Problem]:
    said, translated = _keys(template), _keys(catalog)
    for key in sorted(said - translated):
        yield Problem(Kind.MISSING, f"{_cut(key[0])}: missing; run ./run catalogs")
    for key in sorted(translated - said):
        words = f"{_cut(key[0])}: the code does not say this any more; run ./run catalogs"
        yield Problem(Kind.OUT_OF_STEP, words)


def _keys(catalog: Catalog) -> set[tuple[str, str, str]]:
    return {(*_english(message), message.context or "") for message in catalog if message.id}


def _in_message(message: Message, tag: str) -> Iterator[Problem]:
    if message.fuzzy:
        yield Problem(Kind.FUZZY, "marked fuzzy; check it and take the mark away")
    singular, plural = _english(message)
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if not strings or not all(strings):
        yield Problem(Kind.MISSING, "not translated")
        return
    numbers = numbers_by_form(plural_forms(tag)) if plural else (frozenset({1}),)
    if len(strings) != len(numbers):
        words = f"has {len(strings)} forms where the language has {len(numbers)}"
        yield Problem(Kind.PLURALS, words)
        return
    for string, used_for in zip(strings, numbers, strict=True):
        # What is said of exactly one number may leave the number out: "one day", "%(n)s days".
        english = [singular] if not plural else [plural, singular][: 1 + (len(used_for) == 1)]
        yield from _in_string(string, english)
        if string in (singular, plural) and not _may_stay(message):
            words = f'same as in English; if that is right, say "# {_SAME} …" above it'
            yield Problem(Kind.SAME, words)


def _in_string(string: str, english: list[str]) -> Iterator[Problem]:
    if _holes(string) not in [_holes(text) for text in english]:
        wanted, there = (", ".join(sorted(_holes(t))) or "none" for t in (english[0], string))
        yield Problem(Kind.HOLES, f"its holes should be {wanted}; they are {there}")
    elif _has_loose_percent(string) and not any(map(_has_loose_percent, english)):
        yield Problem(Kind.HOLES, "a % that begins no hole; a broken %(name)s?")
    if _edges(string) not in [_edges(text) for text in english]:
        words = "begins or ends with other spaces or line breaks than in English"
        yield Problem(Kind.EDGES, words)


def _english(message: Message) -> tuple[str, str]:
    if isinstance(message.id, str):
        return message.id, ""
    singular, plural = message.id
    return singular, plural


def _holes(text: str) -> frozenset[str]:
    return frozenset(found[0] for found in _HOLE.finditer(text))


def _has_loose_percent(text: str) -> bool:
    return "%" in _HOLE.sub("", text).replace("%%", "")


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _may_stay(message: Message) -> bool:
    words = _HOLE.sub("", "".join(_english(message)))
    return not _LETTER.search(words) or any(
        comment.startswith(_SAME) for comment in message.user_comments
    )


def _short(message: Message) -> str:
    return _cut(_english(message)[0])


def _cut(msgid: str) -> str:
    line = msgid.replace("\n", " ")
    return f'"{line}"' if len(line) <= 60 else f'"{line[:57]}…"'  # fits a line of a terminal
