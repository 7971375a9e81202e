"""The list of the cases that an actor may see: filtered, sorted, page by page.

Pages continue after the last row they showed (no OFFSET, no COUNT), so they cost the same at a
million cases. A sort is a row of segments, each a walk along one index: sorting by what is due
first walks the cases with a due time, then those without.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement
from sqlmodel import col, select

from casework.actors import Actor
from casework.db import Session, for_change
from casework.errors import BadInput
from casework.lifecycle import OPEN
from casework.models import Case
from casework.searching.caserows import Loose, Row, columns, completed, row_of
from casework.seeing import Where, visible
from casework.vocabulary import Category, Severity, Status

__all__ = ["Filter", "Page", "Sort", "Where", "conditions", "find", "page", "rows", "visible"]

_LARGEST = 2**63 - 1
"""The largest row id."""
_SPREAD = 24
"""Factories or languages of a scope that are walked one by one; of more, many cases are in it."""


class Sort(StrEnum):
    """What a list is ordered by."""

    DUE = "due"
    RECEIVED = "received"
    UPDATED = "updated"
    SEVERITY = "severity"


@dataclass(frozen=True, slots=True)
class Filter:
    """What to show of the visible cases; an empty field leaves nothing out."""

    statuses: tuple[Status, ...] = ()
    severity: Severity | None = None
    category: Category | None = None
    factory_id: int | None = None
    language: str = ""
    assignee_id: int | None = None
    unassigned: bool = False
    overdue_at: datetime | None = None
    """Only cases whose next promise was due before this moment."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and the cursors of the pages after and before (``""``: none)."""

    rows: tuple[Row, ...]
    next: str = ""
    previous: str = ""


@dataclass(frozen=True, slots=True)
class _Segment:
    """A walk along one index: by ``column`` and id, or by id alone (the order of filing)."""

    column: Any
    descending: bool = False
    severity: Severity | None = None
    dated: bool | None = None
    """Only cases with a due time (all of which are open), only those without, or both."""

    def value(self, row: Row) -> datetime | None:
        """What the walk is ordered by, before the id."""
        found: datetime | None = getattr(row, self.column.key) if self.column is not None else None
        return found

    def key(self, row: Row) -> tuple[datetime | int, int]:
        """The place of a row in the walk."""
        return self.value(row) or 0, row.id


@dataclass(frozen=True, slots=True)
class _Edge:
    """Where a page ended: behind this row of this segment; ``row`` 0: at the very beginning."""

    back: bool = False
    segment: int = 0
    value: datetime | None = None
    row: int = 0

    def values(self, segment: _Segment) -> list[ColumnElement[Any]]:
        """The edge as it compares with the walk's columns."""
        row = sa.literal(self.row, sa.BigInteger())
        if segment.column is None:
            return [row]
        return [sa.literal(self.value, segment.column.type), row]


def find(session: Session, actor: Actor, reference: str, *, lock: bool = False) -> Case | None:
    """The case of a reference if the actor may see it; ``lock`` it before changing it."""
    statement = select(Case).where(Case.reference == reference, *visible(actor))
    return session.exec(for_change(statement) if lock else statement).first()


def page(
    session: Session,
    actor: Actor,
    wanted: Filter,
    sort: Sort = Sort.DUE,
    cursor: str = "",
    size: int = 25,
) -> Page:
    """A page of the visible cases. ``cursor`` comes from the page before or after.

    ``BadInput`` for a cursor that no page gave out.
    """
    segments = _segments(sort, wanted)
    edge = _read_cursor(cursor, len(segments))
    found = _walk(session, actor, wanted, segments, edge, size + 1)
    more = len(found) > size
    found = found[:size]
    if edge.back:
        found.reverse()
    if not found:
        return Page(())
    first, last = found[0], found[-1]
    following = more or edge.back
    preceding = more if edge.back else bool(cursor)
    return Page(
        tuple(completed(session, [row for _, row in found])),
        _cursor("n", *last, segments) if following else "",
        _cursor("p", *first, segments) if preceding else "",
    )


def conditions(wanted: Filter) -> list[Where]:
    """A filter as conditions that choose no index: for cases that were found by something else."""
    whole = _Segment(None)
    return _conditions(wanted, whole, wanted.statuses, loose=True)


def rows(
    session: Session, actor: Actor, *where: Where, order: Iterable[Any], limit: int
) -> list[Row]:
    """Visible cases under further conditions, as rows that know neither kind nor promise yet."""
    statement = columns().where(*visible(actor), *where).order_by(*order).limit(limit)
    return [row_of(values) for values in session.execute(statement)]


def _segments(sort: Sort, wanted: Filter) -> tuple[_Segment, ...]:
    match sort:
        case Sort.RECEIVED:
            return (_Segment(col(Case.received_at), descending=True),)
        case Sort.UPDATED:
            return (_Segment(col(Case.updated_at), descending=True),)
        case Sort.DUE:
            groups: tuple[Severity | None, ...] = (None,)
        case Sort.SEVERITY:
            groups = tuple(Severity)
    # A case that has ended has no open promise, so nothing of it stands among the dated ones.
    only_ended = bool(wanted.statuses) and not set(wanted.statuses) & set(OPEN)
    parts = []
    for severity in groups:
        if not only_ended:
            parts.append(_Segment(col(Case.next_due_at), severity=severity, dated=True))
        if wanted.overdue_at is None:
            parts.append(_Segment(None, severity=severity, dated=False, descending=True))
    return tuple(parts)


def _walk(
    session: Session,
    actor: Actor,
    wanted: Filter,
    segments: Sequence[_Segment],
    edge: _Edge,
    limit: int,
) -> list[tuple[int, Row]]:
    found: list[tuple[int, Row]] = []
    last = -1 if edge.back else len(segments)
    for number in range(edge.segment, last, -1 if edge.back else 1):
        segment = segments[number]
        after = edge if number == edge.segment and edge.row else None
        part = [
            row
            for some in _spread(actor, wanted, segment)
            for statuses in _branches(some, segment)
            for row in _branch(
                session, actor, some, segment, statuses, edge.back, after, limit - len(found)
            )
        ]
        part.sort(key=segment.key, reverse=segment.descending is not edge.back)
        found.extend((number, row) for row in part[: limit - len(found)])
        if len(found) >= limit:
            break
    return found


def _spread(actor: Actor, wanted: Filter, segment: _Segment) -> Sequence[Filter]:
    """The same filter for each factory or language of the actor's scope, where nothing narrower is
    asked for: each walks an index of its own, while one walk for all might pass by a million cases
    to find the few of a small scope."""
    narrow = (wanted.factory_id, wanted.assignee_id, wanted.category)
    if any(one is not None for one in narrow) or wanted.unassigned or wanted.language:
        return (wanted,)
    if actor.scope_factories is not None and len(actor.scope_factories) <= _SPREAD:
        return [replace(wanted, factory_id=one) for one in sorted(actor.scope_factories)]
    by_change = segment.column is col(Case.updated_at)
    if actor.scope_languages is None or len(actor.scope_languages) > _SPREAD or by_change:
        return (wanted,)
    return [replace(wanted, language=one) for one in sorted(actor.scope_languages)]


def _branches(wanted: Filter, segment: _Segment) -> Sequence[tuple[Status, ...]]:
    """The statuses to ask for, one by one where each walks an index of its own."""
    statuses = wanted.statuses
    # Every dated case is open: saying so again would only lead the planner to another index.
    if segment.dated and set(OPEN) <= set(statuses):
        return ((),)
    narrow = (wanted.factory_id, wanted.assignee_id, wanted.language, wanted.category)
    if any(narrow) or wanted.unassigned or segment.column is col(Case.updated_at):
        return (statuses,)
    return tuple((status,) for status in statuses) or ((),)


def _branch(
    session: Session,
    actor: Actor,
    wanted: Filter,
    segment: _Segment,
    statuses: tuple[Status, ...],
    back: bool,
    after: _Edge | None,
    limit: int,
) -> list[Row]:
    descending = segment.descending is not back
    parts = (col(Case.id),) if segment.column is None else (segment.column, col(Case.id))
    statement = (
        columns()
        .where(*visible(actor), *_conditions(wanted, segment, statuses))
        .order_by(*(part.desc() if descending else part.asc() for part in parts))
        .limit(limit)
    )
    if after:
        key, edge = sa.tuple_(*parts), sa.tuple_(*after.values(segment))
        statement = statement.where(key < edge if descending else key > edge)
    return [row_of(values) for values in session.execute(statement)]


def _conditions(
    wanted: Filter, segment: _Segment, statuses: tuple[Status, ...], *, loose: bool = False
) -> list[Where]:
    """The filter as conditions. Only the first that is asked for may choose an index: the one that
    leaves the fewest cases. By last change there is one index for all, but a factory's cases are
    few enough to be sorted."""
    where: list[Where] = []

    def add(column: Any, asked: object, condition: Callable[[Any], Where]) -> None:
        nonlocal loose
        if asked:
            where.append(condition(Loose(column) if loose else column))
            loose = True

    add(col(Case.factory_id), wanted.factory_id is not None, lambda c: c == wanted.factory_id)
    loose = loose or segment.column is col(Case.updated_at)
    if wanted.unassigned:
        add(col(Case.assignee_id), True, lambda c: c.is_(None))
    else:
        mine = wanted.assignee_id
        add(col(Case.assignee_id), mine is not None, lambda c: c == mine)
    add(col(Case.language), wanted.language, lambda c: c == wanted.language)
    add(col(Case.category), wanted.category, lambda c: c == wanted.category)
    if len(statuses) == 1:
        add(col(Case.status), True, lambda c: c == statuses[0])
    elif statuses:
        where.append(Loose(col(Case.status)).in_(statuses))
    add(col(Case.severity), wanted.severity, lambda c: c == wanted.severity)
    add(col(Case.severity), segment.severity, lambda c: c == segment.severity)
    if segment.dated is not None:
        due = col(Case.next_due_at)
        where.append(due.is_not(None) if segment.dated else due.is_(None))
    if wanted.overdue_at is not None:
        where.append(col(Case.next_due_at) < wanted.overdue_at)
    return where


def _cursor(way: str, number: int, row: Row, segments: Sequence[_Segment]) -> str:
    value = segments[number].value(row)
    text = json.dumps([way, number, value.astimezone(UTC).isoformat() if value else "", row.id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, segments: int) -> _Edge:
    if not cursor:
        return _Edge()
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        way, number, value, row = json.loads(base64.urlsafe_b64decode(padded))
        at = datetime.fromisoformat(value) if value else None
        if way not in ("n", "p") or not 0 <= int(number) < segments or (at and not at.tzinfo):
            raise ValueError
        if not 0 <= int(row) <= _LARGEST:
            raise ValueError
        return _Edge(way == "p", int(number), at and at.astimezone(UTC), int(row))
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        raise BadInput("This page of the list is not there any more. Start at the first.") from None
