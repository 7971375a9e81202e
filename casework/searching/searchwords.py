"""Makes words findable: what words a text has, and their rows, each a keyed hash and a case.

A row says that a word stands somewhere in a case. Rows are collected while a session works and
written right after its own rows, in the same transaction and all at once: a complaint has some
sixty different words.
"""

import re
from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session as OrmSession
from sqlalchemy.orm import UOWTransaction
from sqlmodel import col, delete

from casework.db import Session
from casework.models import Case, SearchWord
from casework.searching.folding import plain
from casework.vault import Vault

_PURPOSE = "search"
_WAITING = "search-words"
_LONGEST = 40
"""Characters of a word that count."""
_UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Burmese, Shan, Mon
    "\u1780-\u17ff\u19e0-\u19ff"  # Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff"  # Japanese
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
"""Scripts that set no spaces between words."""
_PARTS = re.compile(f"[{_UNSPACED}]+|[^{_UNSPACED} ]+")
_STRETCH = re.compile(f"[{_UNSPACED}]")
_BETWEEN = re.compile(f"(?<=[{_UNSPACED}]) (?=[{_UNSPACED}])")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
"""Where a line may break and how letters join: some keyboards write it, some do not."""
_INSERT = {
    "sqlite": "INSERT INTO searchword (word, case_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
    "postgresql": "INSERT INTO searchword (word, case_id) VALUES (%s, %s) ON CONFLICT DO NOTHING",
}


def words_of(text: str) -> set[str]:
    """The words by which a text is found; of scripts without spaces, pairs of characters.

    There a space stands where the writer breathed: pairs are made across it, too, so that who sets
    none finds it as well.
    """
    return set(_parts(_BETWEEN.sub("", plain(text.translate(_INVISIBLE)))))


def words_asked(text: str, most: int) -> list[str]:
    """The words of what somebody searches for, at most so many; a single character is none."""
    return list(dict.fromkeys(_parts(plain(text.translate(_INVISIBLE)))))[:most]


def _parts(text: str) -> Iterable[str]:
    for part in _PARTS.findall(text):
        if len(part) < 2:
            continue
        if _STRETCH.match(part):
            yield from (part[at : at + 2] for at in range(len(part) - 1))
        else:
            yield part[:_LONGEST]


def key(keys: Vault, word: str) -> int:
    """What stands in the database for a word: 64 bits of a keyed hash."""
    return int.from_bytes(keys.index(_PURPOSE, word)[:8], "big", signed=True)


def add(session: Session, case_id: int, *texts: str) -> None:
    """Make a case findable by the words of these texts, when the session writes what it has."""
    waiting: dict[int, set[str]] = session.info.setdefault(_WAITING, {})
    found = waiting.setdefault(case_id, set())
    for text in texts:
        found |= words_of(text)


def take_away(session: Session, case_id: int, gone: str, kept: Iterable[str]) -> None:
    """A text has gone from a case: so do those of its words that none of the kept ones has."""
    lost = words_of(gone).difference(*map(words_of, kept))
    if lost:
        session.flush()  # what waits comes first: it may be what has gone
        keys = [key(session.vault, word) for word in lost]
        mine = col(SearchWord.case_id) == case_id
        session.exec(delete(SearchWord).where(mine, col(SearchWord.word).in_(keys)))


def rename(session: Session, factory_id: int, name: str) -> None:
    """Find the cases of a factory by its new name as well; the old one stays one they had."""
    for word in words_of(name):
        cases = sa.select(sa.literal(key(session.vault, word)), col(Case.id)).where(
            col(Case.factory_id) == factory_id,
            ~sa.exists().where(
                col(SearchWord.word) == key(session.vault, word),
                col(SearchWord.case_id) == col(Case.id),
            ),
        )
        session.exec(sa.insert(SearchWord).from_select(["word", "case_id"], cases))


def _write(session: OrmSession, _flush: UOWTransaction) -> None:
    waiting: dict[int, set[str]] | None = session.info.pop(_WAITING, None)
    if not waiting:
        return
    assert isinstance(session, Session)
    rows = sorted(
        (key(session.vault, word), case_id) for case_id, words in waiting.items() for word in words
    )
    if rows:
        connection = session.connection()
        connection.exec_driver_sql(_INSERT[connection.dialect.name], rows)


def _forget(session: OrmSession, *_more: object) -> None:
    session.info.pop(_WAITING, None)


event.listen(Session, "after_flush", _write)
event.listen(Session, "after_soft_rollback", _forget)
