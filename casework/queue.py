"""Which cases an actor may see, and the list of them: filtered, sorted, page by page.

Pages continue after the last row they showed (no OFFSET, no COUNT), so they cost the same at a
million cases. A sort is a row of segments, each a walk along one index: sorting by what is due
first walks the cases with a due time, then those without.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
from casework.models import Case, Factory, Issue, Staff
from casework.vocabulary import Category, Severity, Status

Where = ColumnElement[bool]


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
class Row:
    """A case in a list. Nothing in it was written by the worker or by a handler."""

    id: int
    reference: str
    status: Status
    severity: Severity
    category: Category | None
    kind: str
    language: str
    restricted: bool
    retaliation_risk: bool
    unread: bool
    open_question: bool
    received_at: datetime
    updated_at: datetime
    next_due_at: datetime | None
    asked_at: datetime | None
    factory_code: str | None
    factory_name: str | None
    country: str | None
    assignee_id: int | None
    assignee_name: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Some rows of a list, and the cursors of the pages after and before (``""``: none)."""

    rows: tuple[Row, ...]
    next: str = ""
    previous: str = ""


@dataclass(frozen=True, slots=True)
class _Segment:
    where: tuple[Where, ...]
    column: sa.orm.attributes.InstrumentedAttribute[Any]
    descending: bool = False
    dated: bool = False
    """Only cases with a due time, all of which are open."""


def visible(actor: Actor) -> tuple[Where, ...]:
    """The conditions on ``Case`` under which an actor may know that a case exists."""
    if not actor.handles_cases:
        return (sa.false(),)
    return () if actor.restricted_pool else (col(Case.restricted).is_(False),)


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
    back, start, value, row = _read_cursor(cursor, len(segments))
    found = _walk(session, actor, wanted, segments, back, start, value, row, size + 1)
    more = len(found) > size
    found = found[:size]
    if back:
        found.reverse()
    if not found:
        return Page(())
    first, last = found[0], found[-1]
    following = more or back
    preceding = more if back else bool(cursor)
    return Page(
        tuple(row for _, row in _with_kinds(session, found)),
        _cursor("n", *last, segments) if following else "",
        _cursor("p", *first, segments) if preceding else "",
    )


def rows(
    session: Session, actor: Actor, *where: Where, order: Iterable[Any], limit: int
) -> list[Row]:
    """Visible cases under further conditions, as rows; for short lists such as today's work."""
    statement = _columns().where(*visible(actor), *where).order_by(*order).limit(limit)
    found = [(0, _row(values)) for values in session.execute(statement)]
    return [row for _, row in _with_kinds(session, found)]


def _segments(sort: Sort, wanted: Filter) -> tuple[_Segment, ...]:
    due, received = Case.next_due_at, Case.received_at
    dated, undated = col(due).is_not(None), col(due).is_(None)
    match sort:
        case Sort.RECEIVED:
            return (_Segment((), _attribute(received), descending=True),)
        case Sort.UPDATED:
            return (_Segment((), _attribute(Case.updated_at), descending=True),)
        case Sort.DUE:
            groups: tuple[tuple[Where, ...], ...] = ((),)
        case Sort.SEVERITY:
            groups = tuple((Case.severity == severity,) for severity in Severity)  # type: ignore[misc]
    # A case that has ended has no open promise, so nothing of it stands among the dated ones.
    only_ended = bool(wanted.statuses) and not set(wanted.statuses) & set(OPEN)
    parts = []
    for group in groups:
        if not only_ended:
            parts.append(_Segment((*group, dated), _attribute(due), dated=True))
        if wanted.overdue_at is None:
            parts.append(_Segment((*group, undated), _attribute(received), descending=True))
    return tuple(parts)


def _attribute(column: Any) -> sa.orm.attributes.InstrumentedAttribute[Any]:
    assert isinstance(column, sa.orm.attributes.InstrumentedAttribute)
    return column


def _walk(
    session: Session,
    actor: Actor,
    wanted: Filter,
    segments: Sequence[_Segment],
    back: bool,
    start: int,
    value: datetime | None,
    row: int,
    limit: int,
) -> list[tuple[int, Row]]:
    found: list[tuple[int, Row]] = []
    numbers = range(start, -1, -1) if back else range(start, len(segments))
    for number in numbers:
        segment = segments[number]
        descending = segment.descending is not back
        key = sa.tuple_(segment.column, col(Case.id))
        order = [
            part.desc() if descending else part.asc() for part in (segment.column, col(Case.id))
        ]
        statement = (
            _columns()
            .where(*visible(actor), *_conditions(wanted, segment), *segment.where)
            .order_by(*order)
            .limit(limit - len(found))
        )
        if value is not None and number == start:
            edge = sa.tuple_(
                sa.literal(value, segment.column.type), sa.literal(row, sa.BigInteger())
            )
            statement = statement.where(key < edge if descending else key > edge)
        found.extend((number, _row(values)) for values in session.execute(statement))
        if len(found) >= limit:
            break
    return found


def _conditions(wanted: Filter, segment: _Segment) -> list[Where]:
    where: list[Where] = []
    # Every dated case is open: saying so again would only lead the planner to another index.
    implied = segment.dated and set(OPEN) <= set(wanted.statuses)
    if len(wanted.statuses) == 1:
        where.append(col(Case.status) == wanted.statuses[0])
    elif wanted.statuses and not implied:
        where.append(col(Case.status).in_(wanted.statuses))
    if wanted.severity:
        where.append(col(Case.severity) == wanted.severity)
    if wanted.category:
        where.append(col(Case.category) == wanted.category)
    if wanted.factory_id is not None:
        where.append(col(Case.factory_id) == wanted.factory_id)
    if wanted.language:
        where.append(col(Case.language) == wanted.language)
    if wanted.unassigned:
        where.append(col(Case.assignee_id).is_(None))
    elif wanted.assignee_id is not None:
        where.append(col(Case.assignee_id) == wanted.assignee_id)
    if wanted.overdue_at is not None:
        where.append(col(Case.next_due_at) < wanted.overdue_at)
    return where


def _columns() -> Any:
    return (
        sa.select(
            col(Case.id),
            col(Case.reference),
            col(Case.status),
            col(Case.severity),
            col(Case.category),
            col(Case.language),
            col(Case.restricted),
            col(Case.retaliation_risk),
            col(Case.unread),
            col(Case.open_question),
            col(Case.received_at),
            col(Case.updated_at),
            col(Case.next_due_at),
            col(Case.asked_at),
            col(Factory.code).label("factory_code"),
            col(Factory.name).label("factory_name"),
            col(Factory.country),
            col(Case.assignee_id),
            col(Staff.name).label("assignee_name"),
        )
        .outerjoin(Factory, col(Factory.id) == col(Case.factory_id))
        .outerjoin(Staff, col(Staff.id) == col(Case.assignee_id))
    )


def _row(values: sa.Row[Any]) -> Row:
    return Row(kind="", **values._mapping)  # noqa: SLF001  the documented way to a mapping


def _with_kinds(session: Session, found: Sequence[tuple[int, Row]]) -> list[tuple[int, Row]]:
    """The same rows with the kind of the first issue that has the case's category."""
    statement = (
        select(Issue.case_id, Issue.category, Issue.kind)
        .where(col(Issue.case_id).in_([row.id for _, row in found]))
        .order_by(col(Issue.id).desc())
    )
    kinds = {(case, category): kind for case, category, kind in session.exec(statement)}
    return [(n, _replace_kind(row, kinds.get((row.id, row.category), ""))) for n, row in found]  # type: ignore[arg-type]


def _replace_kind(row: Row, kind: str) -> Row:
    values = {name: getattr(row, name) for name in Row.__slots__}
    return Row(**(values | {"kind": kind}))


def _cursor(way: str, number: int, row: Row, segments: Sequence[_Segment]) -> str:
    value = getattr(row, segments[number].column.key)
    text = json.dumps([way, number, value.astimezone(UTC).isoformat(), row.id])
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(cursor: str, segments: int) -> tuple[bool, int, datetime | None, int]:
    if not cursor:
        return False, 0, None, 0
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        way, number, value, row = json.loads(base64.urlsafe_b64decode(padded))
        at = datetime.fromisoformat(value)
        if way not in ("n", "p") or not 0 <= int(number) < segments or at.tzinfo is None:
            raise ValueError
        return way == "p", int(number), at, int(row)
    except (ValueError, TypeError, binascii.Error):
        raise BadInput("This page of the list is not there any more. Start at the first.") from None
