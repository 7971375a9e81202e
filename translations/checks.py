"""Says what is wrong with a catalog: missing sentences, broken holes, plural forms, header."""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from translations.headers import read_header
from translations.plurals import numbers_by_form, plural_forms, same_plurals

_WELL_FORMED = re.compile(r'(#.*|((msgctxt|msgid|msgid_plural|msgstr(\[\d\])?) )?"([^"\\]|\\.)*"|)')
_HOLE = re.compile(r"%\((\w+)\)[sd]")
_LETTER = re.compile(r"[^\W\d_]")
_SAME = "Same"
"""A translator's comment that begins so allows a sentence to stand as in English: a name, say."""


def problems(path: Path, template: Catalog) -> list[str]:
    """What is wrong with the catalog at ``translations/<tag>/LC_MESSAGES/<domain>.po``, in words.

    ``template`` holds the sentences the code says (``extraction.extract``). Empty: all is well.
    """
    text = path.read_text("utf-8")
    # Babel reads a line whose closing quote is missing, and loses its last letter.
    for number, line in enumerate(text.splitlines(), start=1):
        if not _WELL_FORMED.fullmatch(line.strip()):
            return [f"line {number} cannot be read: {line.strip()}"]
    try:
        with path.open("rb") as file:
            catalog = read_po(file, ignore_obsolete=True, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        return [f"cannot be read: {error}"]
    tag = path.parent.parent.name
    return [
        *_in_header(read_header(text), tag),
        *_in_step(catalog, template),
        *(
            f"{_short(message)}: {problem}"
            for message in catalog
            if message.id
            for problem in _in_message(message, tag)
        ),
    ]


def _in_header(header: dict[str, str], tag: str) -> Iterator[str]:
    if header.get("Language") != tag.replace("-", "_"):
        yield f"header: Language should be {tag.replace('-', '_')}"
    try:
        right = same_plurals(header.get("Plural-Forms", ""), tag)
    except ValueError:
        right = False
    if not right:
        yield f"header: Plural-Forms should be {plural_forms(tag)}"
    if not (header.get("X-Drafted-By") or _is_person(header.get("Last-Translator", ""))):
        yield "header: nobody stands for it; fill in X-Drafted-By or Last-Translator"
    if not header.get("X-Native-Review"):
        yield 'header: X-Native-Review should say "pending", or by whom and when'


def _is_person(name: str) -> bool:
    return bool(name) and not name.startswith("FULL NAME")


def _in_step(catalog: Catalog, template: Catalog) -> Iterator[str]:
    said, translated = _keys(template), _keys(catalog)
    for key in sorted(said - translated):
        yield f"{_cut(key[0])}: missing; run ./run catalogs"
    for key in sorted(translated - said):
        yield f"{_cut(key[0])}: the code does not say this any more; run ./run catalogs"


def _keys(catalog: Catalog) -> set[tuple[str, str, str]]:
    return {(*_english(message), message.context or "") for message in catalog if message.id}


def _in_message(message: Message, tag: str) -> Iterator[str]:
    if message.fuzzy:
        yield "marked fuzzy; check it and take the mark away"
    singular, plural = _english(message)
    strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
    if not strings or not all(strings):
        yield "not translated"
        return
    numbers = numbers_by_form(plural_forms(tag)) if plural else (frozenset({1}),)
    if len(strings) != len(numbers):
        yield f"has {len(strings)} forms where the language has {len(numbers)}"
        return
    for string, used_for in zip(strings, numbers, strict=True):
        # What is said of exactly one number may leave the number out: "one day", "%(n)s days".
        english = [singular] if not plural else [plural, singular][: 1 + (len(used_for) == 1)]
        yield from _in_string(string, english)
        if string in (singular, plural) and not _may_stay(message):
            yield f'same as in English; if that is right, say "# {_SAME} …" above it'


def _in_string(string: str, english: list[str]) -> Iterator[str]:
    if _holes(string) not in [_holes(text) for text in english]:
        wanted = ", ".join(sorted(_holes(english[0]))) or "none"
        yield f"its holes should be {wanted}; they are {', '.join(sorted(_holes(string))) or 'none'}"
    elif _has_loose_percent(string) and not any(map(_has_loose_percent, english)):
        yield "a % that begins no hole; a broken %(name)s?"
    if _edges(string) not in [_edges(text) for text in english]:
        yield "begins or ends with other spaces or line breaks than in English"


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
