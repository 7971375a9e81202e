"""The library of phrases: approved sentences to workers, in all languages, for each situation.

Some come with the program (``data/phrases.csv``), drafted by a machine and checked by nobody; what
the operator writes or approves stands in place of them, language by language.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlmodel import col, select

from casework.actors import Actor
from casework.db import Session
from casework.errors import BadInput, NotAllowed
from casework.ids import new_id
from casework.lifecycle import LEADING
from casework.messaging import holes
from casework.models import Phrase, PhraseText
from casework.searching.folding import plain
from casework.vocabulary import Situation

_TABLE = Path(__file__).parent.parent / "data" / "phrases.csv"
WORDS_AT_MOST = 400
"""Characters of a phrase in one language."""
SOURCE = "en"
"""Every phrase has this language; the others have the same holes."""


@dataclass(frozen=True, slots=True)
class Text:
    """A phrase in one language. ``drafted_by`` is who wrote it, ``None`` a machine."""

    language: str
    words: str
    drafted_by: int | None = None
    approved_by: int | None = None
    approved_at: datetime | None = None

    @property
    def checked(self) -> bool:
        """Whether somebody approved it; else it says that nobody has."""
        return self.approved_at is not None


@dataclass(frozen=True, slots=True)
class Entry:
    """A phrase of the library with all its languages."""

    key: str
    situation: Situation
    texts: dict[str, Text]
    withdrawn: bool = False

    @property
    def holes(self) -> tuple[str, ...]:
        """The holes that every one of its texts has."""
        return holes.names(self.texts[SOURCE].words)

    def read_in(self, language: str) -> Text:
        """The phrase in a reader's language, or in English."""
        return self.texts.get(language) or self.texts[SOURCE]


@cache
def shipped() -> dict[str, Entry]:
    """What comes with the program, by key, in its order."""
    found: dict[str, Entry] = {}
    with _TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            situation = Situation(row["situation"])
            entry = found.setdefault(row["key"], Entry(row["key"], situation, {}))
            entry.texts[row["language"]] = Text(row["language"], row["words"])
    return found


def library(session: Session, *, withdrawn: bool = False) -> list[Entry]:
    """All phrases, by situation; without those that nobody is to write any more."""
    written: dict[int, list[PhraseText]] = {}
    for text in session.exec(select(PhraseText).order_by(col(PhraseText.id))):
        written.setdefault(text.phrase_id, []).append(text)
    found = dict(shipped())
    for row in session.exec(select(Phrase).order_by(col(Phrase.id))):
        texts = dict(found[row.key].texts) if row.key in found else {}
        texts |= {text.language: _text(text) for text in written.get(row.id, ())}
        found[row.key] = Entry(row.key, row.situation, texts, row.withdrawn)
    order = list(Situation)
    shown = (one for one in found.values() if withdrawn or not one.withdrawn)
    return sorted(shown, key=lambda one: order.index(one.situation))


def _text(row: PhraseText) -> Text:
    return Text(row.language, row.words, row.drafted_by, row.approved_by, row.approved_at)


def find(session: Session, key: str) -> Entry | None:
    """A phrase by its key, also a withdrawn one."""
    return next((one for one in library(session, withdrawn=True) if one.key == key), None)


def offered(
    entries: Iterable[Entry],
    language: str,
    reader: str,
    *,
    situation: Situation | None = None,
    words: str = "",
) -> list[Entry]:
    """What can be written to a worker who reads ``language``: nothing that she could not read. All
    ``words`` stand in the phrase as its reader reads it, or as the worker does."""
    asked = plain(words).split()

    def fits(entry: Entry) -> bool:
        if language not in entry.texts or (situation and entry.situation is not situation):
            return False
        both = plain(f"{entry.read_in(reader).words} {entry.texts[language].words}")
        return all(word in both for word in asked)

    return [entry for entry in entries if fits(entry)]


def add(session: Session, situation: Situation, words: str, *, by: Actor, now: datetime) -> Phrase:
    """Begin a phrase of one's own, in English. ``BadInput`` where its words can't stand."""
    _check_leads(by)
    row = new_id(now)
    phrase = Phrase(
        id=row, key=f"own-{row:x}", situation=situation, updated_at=now, staff_id=by.staff_id
    )
    session.add(phrase)
    session.flush()
    write(session, phrase.key, SOURCE, words, by=by, now=now)
    return phrase


def write(
    session: Session, key: str, language: str, words: str, *, by: Actor, now: datetime
) -> PhraseText:
    """Write a phrase in one language; from then on it is not approved any more.

    ``BadInput`` where it is empty, too long, or has other holes than in English.
    """
    _check_leads(by)
    entry = find(session, key)
    words = " ".join(words.split())
    if not 0 < len(words) <= WORDS_AT_MOST:
        raise BadInput("Write the phrase, at most 400 characters.")
    if not holes.are_good(words):
        raise BadInput(
            "Between braces stands the name of a hole, and nothing else: {day}, {time}, {amount},"
            " {number}, {place} or {phone}."
        )
    english = entry.texts.get(SOURCE) if entry else None
    if (
        language != SOURCE
        and english
        and set(holes.names(words)) != set(holes.names(english.words))
    ):
        raise BadInput("It needs exactly the holes of the English phrase.")
    phrase = _row(session, key, by, now)
    if (
        language == SOURCE
        and english
        and set(holes.names(words)) != set(holes.names(english.words))
    ):
        others = [one for one in (entry.texts if entry else {}) if one != SOURCE]
        if others:
            raise BadInput("The other languages have other holes. Write a new phrase instead.")
    row = _text_row(session, phrase, language)
    if row is None:
        row = PhraseText(
            id=new_id(now), phrase_id=phrase.id, language=language, words=words, drafted_at=now
        )
        session.add(row)
    row.words, row.drafted_by, row.drafted_at = words, by.staff_id, now
    row.approved_by, row.approved_at = None, None
    session.flush()
    return row


def approve(
    session: Session, key: str, language: str, *, by: Actor, now: datetime, good: bool = True
) -> None:
    """Somebody whose language it is has read it: it is ``good``, or not good after all.

    ``NotAllowed`` where there is no such text.
    """
    _check_leads(by)
    entry = find(session, key)
    text = entry.texts.get(language) if entry else None
    if text is None:
        raise NotAllowed("This phrase is not written in that language.")
    phrase = _row(session, key, by, now)
    row = _text_row(session, phrase, language)
    if row is None:  # as it came with the program
        row = PhraseText(
            id=new_id(now),
            phrase_id=phrase.id,
            language=language,
            words=text.words,
            drafted_at=now,
        )
        session.add(row)
    row.approved_by, row.approved_at = (by.staff_id, now) if good else (None, None)
    session.flush()


def withdraw(session: Session, key: str, gone: bool, *, by: Actor, now: datetime) -> None:
    """Take a phrase out of the library, or back into it."""
    _check_leads(by)
    _row(session, key, by, now).withdrawn = gone
    session.flush()


def missing(entry: Entry, wanted: Sequence[str]) -> list[str]:
    """The languages of ``wanted`` in which a phrase is not written: there it is not offered."""
    return [language for language in wanted if language not in entry.texts]


def _row(session: Session, key: str, by: Actor, now: datetime) -> Phrase:
    found = session.exec(select(Phrase).where(Phrase.key == key)).first()
    if found is None:
        entry = shipped().get(key)
        if entry is None:
            raise NotAllowed("This phrase is not there any more.")
        found = Phrase(id=new_id(now), key=key, situation=entry.situation, updated_at=now)
        session.add(found)
    found.updated_at, found.staff_id = now, by.staff_id
    session.flush()
    return found


def _text_row(session: Session, phrase: Phrase, language: str) -> PhraseText | None:
    statement = select(PhraseText).where(
        PhraseText.phrase_id == phrase.id, PhraseText.language == language
    )
    return session.exec(statement).first()


def _check_leads(by: Actor) -> None:
    if by.role not in LEADING:
        raise NotAllowed("Supervisors and administrators look after the phrases.")
