"""Finds cases by words, among those an actor may see, newest first and page by page.

A search walks the cases of its rarest word, piece by piece, and looks each of them up among those
of the other words and of the filter. It never sorts and never reads all that a word stands in; it
looks at no more than ``_AT_MOST`` cases before it answers, and says how far back it came.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, select

from casework import ids
from casework.actors import Actor
from casework.db import Session
from casework.errors import BadInput
from casework.models import Case, SearchWord
from casework.references import bare
from casework.searching import queue
from casework.searching.caserows import Row, columns, completed, row_of
from casework.searching.queue import Filter, Where
from casework.searching.searchwords import key, words_asked

_MOST_WORDS = 24
"""Words that count; of a script without spaces these are 25 characters."""
_FIRST, _LARGEST_PIECE = 200, 4_000
_AT_MOST = 20_000
_RARE = 300
"""Of two words the one whose so-manieth newest case is older is the rarer one."""
_CURSOR = re.compile(r"([np])([0-9]{1,19})")
_word, _case = col(SearchWord.word), col(SearchWord.case_id)


@dataclass(frozen=True, slots=True)
class Hits:
    """Some cases that were found, and the cursors of the pages after and before (``""``: none)."""

    rows: tuple[Row, ...]
    next: str = ""
    previous: str = ""
    back_to: datetime | None = None
    """Only cases filed since then were looked at so far; ``None``: this page is full, or all were."""


def words(text: str) -> list[str]:
    """What of a text can be searched for, ``[]`` if nothing."""
    return words_asked(bare(text), _MOST_WORDS)


def page(
    session: Session, actor: Actor, text: str, wanted: Filter, cursor: str = "", size: int = 25
) -> Hits:
    """A page of the visible cases in which all words of a text stand, newest first. ``cursor``
    comes from the page before or after; ``BadInput`` for one that no page gave out."""
    found = words(text)
    back, edge = _read_cursor(cursor)
    if not found:
        return Hits(())
    keys = _rarest_first(session, [key(session.vault, word) for word in found])
    where = (*queue.visible(actor), *queue.conditions(wanted))
    cases, looked_until = _walk(session, keys, where, back=back, edge=edge, limit=size + 1)
    more = len(cases) > size
    cases = cases[:size]
    if back:
        cases.reverse()
    rows = _rows(session, cases)
    if back:
        return Hits(
            rows,
            next=f"n{cases[-1]}" if cases else f"n{(edge or 0) + 1}",
            previous=f"p{cases[0]}" if more else f"p{looked_until}" if looked_until else "",
        )
    preceding = f"p{cases[0] if cases else (edge or 1) - 1}" if cursor else ""
    if more:
        return Hits(rows, f"n{cases[-1]}", preceding)
    if looked_until:
        return Hits(rows, f"n{looked_until}", preceding, ids.time_of(looked_until))
    return Hits(rows, "", preceding)


def _walk(
    session: Session,
    keys: Sequence[int],
    where: Sequence[Where],
    *,
    back: bool,
    edge: int | None,
    limit: int,
) -> tuple[list[int], int | None]:
    """The next cases that fit, and where the walk stopped with some left to look at."""
    found: list[int] = []
    piece, looked = _FIRST, 0
    while looked < _AT_MOST:
        until = _end_of_piece(session, keys[0], back, edge, piece)
        found += _piece(session, keys, where, back, edge, until, limit - len(found))
        if len(found) >= limit or until is None:
            return found, None
        edge, looked = until, looked + piece
        piece = min(2 * piece, _LARGEST_PIECE)
    return found, edge


def _end_of_piece(
    session: Session, word: int, back: bool, edge: int | None, piece: int
) -> int | None:
    """The last of the next so many cases of a word, ``None`` where fewer are left."""
    statement = sa.select(_case).where(_word == word, *_beyond(edge, back))
    order = _case.asc() if back else _case.desc()
    return session.execute(statement.order_by(order).offset(piece - 1).limit(1)).scalar()


def _piece(
    session: Session,
    keys: Sequence[int],
    where: Sequence[Where],
    back: bool,
    edge: int | None,
    until: int | None,
    limit: int,
) -> list[int]:
    first, *others = keys
    statement = sa.select(_case).where(_word == first, *_beyond(edge, back))
    if until is not None:
        statement = statement.where(_case <= until if back else _case >= until)
    # Each is one look-up. PostgreSQL could turn an EXISTS into a join that reads all of a word.
    for other in others:
        same = aliased(SearchWord)
        stands = select(same.case_id).where(same.word == other, same.case_id == _case)
        statement = statement.where(stands.scalar_subquery().is_not(None))
    if where:
        statement = statement.join(Case, col(Case.id) == _case).where(*where)
    statement = statement.order_by(_case.asc() if back else _case.desc()).limit(limit)
    return list(session.execute(statement).scalars())


def _beyond(edge: int | None, back: bool) -> list[Where]:
    if edge is None:
        return []
    return [_case > edge if back else _case < edge]


def _rarest_first(session: Session, keys: list[int]) -> list[int]:
    if len(keys) == 1:
        return keys

    def nth(number: int) -> Any:
        newest = sa.select(_case).where(_word == number).order_by(_case.desc())
        return newest.offset(_RARE).limit(1).scalar_subquery()

    places = session.execute(sa.select(*(nth(number) for number in keys))).one()
    return [number for _, number in sorted(zip((p or 0 for p in places), keys, strict=True))]


def _rows(session: Session, cases: Sequence[int]) -> tuple[Row, ...]:
    if not cases:
        return ()
    found = session.execute(columns().where(col(Case.id).in_(cases)))
    rows = {values.id: row_of(values) for values in found}
    return tuple(completed(session, [rows[case] for case in cases if case in rows]))


def _read_cursor(cursor: str) -> tuple[bool, int | None]:
    if not cursor:
        return False, None
    parts = _CURSOR.fullmatch(cursor)
    if not parts or int(parts[2]) >= 1 << 63:
        raise BadInput("This page of the list is not there any more. Start at the first.")
    return parts[1] == "p", int(parts[2])
