"""Factories and brands: found by code or by a name that forgives spelling, and their calendars."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache

from sqlalchemy import bindparam
from sqlmodel import col, or_, select

from casework.db import Session
from casework.deadlines.calendars import WorkingCalendar, calendar_of
from casework.errors import SettingError
from casework.models import Brand, Calendar, Factory, Supply
from casework.searching.folding import plain

NO_ZONE = "UTC"
"""The zone of a reporter who has not filed yet."""
_LONGEST = 80
"""Characters of a query that are looked at: whoever writes more is telling a story."""
_LIKE_ENOUGH = 0.62
"""Similarity (0 to 1) from which a name is offered; tried on misspelt names of the sample data."""

# Each complaint asks these: built once, because building one takes longer than the database does.
_BY_CODE = select(Factory).where(col(Factory.code) == bindparam("wanted"))
_CALENDARS = select(Calendar).where(
    or_(
        col(Calendar.id).in_(bindparam("wanted", expanding=True)),
        col(Calendar.is_default).is_(True),
    )
)
_DEFAULT_CALENDAR = select(Calendar).where(col(Calendar.is_default).is_(True))


@dataclass(frozen=True, slots=True)
class Found:
    """Factories that a query may mean, the likeliest first. ``exact``: a code or a whole name."""

    factories: tuple[Factory, ...]
    exact: bool = False


def fold(text: str) -> str:
    """A name without case, accents, punctuation and company endings, for comparing."""
    words = plain(text).split()
    kept = [word for word in words if word not in _COMPANY_WORDS]
    return " ".join(kept or words)


_COMPANY_WORDS = frozenset(
    "co ltd limited inc pt cv sdn bhd jsc company corporation corp pvt private kk tnhh cong ty".split()
)


def find(session: Session, query: str, limit: int = 6) -> Found:
    """The factories a worker may mean by what she typed: a poster's code or a name."""
    query = query.strip()[:_LONGEST]
    code = query.upper().removeprefix("F-")
    coded = by_code(session, code) if code.isalnum() else None
    if coded and coded.active:
        return Found((coded,), exact=True)
    folded = fold(query)
    if not folded:
        return Found(())
    likeness = _Likeness(folded)
    scored = sorted(((likeness.of(name), row) for row, name in _names(session)), reverse=True)
    best = [row for score, row in scored[:limit] if score >= _LIKE_ENOUGH]
    rows = {row.id: row for row in session.exec(select(Factory).where(col(Factory.id).in_(best)))}
    factories = tuple(rows[row] for row in best)
    exact = len(factories) == 1 and factories[0].folded_name == folded
    return Found(factories, exact)


def _names(session: Session) -> Sequence[tuple[int, str]]:
    statement = select(Factory.id, Factory.folded_name).where(col(Factory.active).is_(True))
    return [(row, name) for row, name in session.exec(statement)]


class _Likeness:
    """How alike folded names are to a query: whole, and word for word (a worker may type one).

    Names share most of their words, so each word is compared once.
    """

    def __init__(self, query: str) -> None:
        self._query = query
        self._whole = SequenceMatcher(b=query)
        self._parts = [(SequenceMatcher(b=part), dict[str, float]()) for part in query.split()]

    def of(self, name: str) -> float:
        """The likeness of one name, 0 to 1."""
        if name == self._query:
            return 1.0
        words = name.split()
        by_word = sum(
            max((_ratio(matcher, word, known) for word in words), default=0.0)
            for matcher, known in self._parts
        )
        likeness = 0.95 * by_word / len(self._parts)
        to_beat = max(likeness, _LIKE_ENOUGH)
        self._whole.set_seq1(name)
        if self._whole.real_quick_ratio() >= to_beat and self._whole.quick_ratio() >= to_beat:
            likeness = max(likeness, self._whole.ratio())
        return likeness


def _ratio(matcher: "SequenceMatcher[str]", word: str, known: dict[str, float]) -> float:
    if word not in known:
        matcher.set_seq1(word)
        known[word] = matcher.ratio()
    return known[word]


def by_code(session: Session, code: str) -> Factory | None:
    """The factory of a poster's code, closed ones included."""
    return session.exec(_BY_CODE, params={"wanted": code.strip().upper()}).first()


def suppliers_of(session: Session, brand_id: int, on: date | None = None) -> list[Factory]:
    """The factories of a brand, by name; with ``on``, those that worked for it on that day."""
    statement = (
        select(Factory)
        .join(Supply, col(Supply.factory_id) == col(Factory.id))
        .where(Supply.brand_id == brand_id)
        .order_by(Factory.name)
        .distinct()
    )
    if on is not None:
        statement = statement.where(
            Supply.since <= on, or_(col(Supply.until).is_(None), col(Supply.until) >= on)
        )
    return list(session.exec(statement))


def brands(session: Session) -> list[Brand]:
    """All brands, by name."""
    return list(session.exec(select(Brand).order_by(Brand.name)))


def calendar_for(session: Session, factory: Factory | None) -> WorkingCalendar:
    """The calendar of the office that answers for a factory, or the default one."""
    row = (
        session.get(Calendar, factory.calendar_id)
        if factory and factory.calendar_id
        else session.exec(_DEFAULT_CALENDAR).first()
    )
    if row is None:
        raise _no_default()
    return working_time(row)


def calendars(session: Session, wanted: Iterable[int | None]) -> dict[int | None, Calendar]:
    """The same, for ``working_time`` to read, asked once for many cases; ``None``: the default
    one."""
    rows = frozenset(wanted)
    found: dict[int | None, Calendar] = {}
    for row in session.exec(_CALENDARS, params={"wanted": [row for row in rows if row]}):
        found[row.id] = row
        if row.is_default:
            found[None] = found[row.id]
    if None in rows - found.keys():
        raise _no_default()
    return found


def working_time(row: Calendar) -> WorkingCalendar:
    """What a calendar's texts say; ``BadInput`` where one can't be used (any more)."""
    return _calendar(row.zone, row.hours, row.country, tuple(row.days_off), tuple(row.days_on))


def _no_default() -> SettingError:
    return SettingError("There is no default calendar: run `recourse db upgrade`.")


@lru_cache(maxsize=256)
def _calendar(
    zone: str, hours: str, country: str, off: tuple[str, ...], on: tuple[str, ...]
) -> WorkingCalendar:
    return calendar_of(zone, hours, country, off, on)


def factory_of(session: Session, factory_id: int | None) -> Factory | None:
    """A case's factory, ``None`` where she did not say."""
    return session.get(Factory, factory_id) if factory_id is not None else None
