"""Cases as rows of a list: only codes, names and dates, nothing that anybody wrote."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import col, select

from casework.db import Session
from casework.models import Case, Clock, Factory, Issue, Staff
from casework.vocabulary import Category, Promise, Severity, Status


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
    paused_until: datetime | None
    asked_at: datetime | None
    factory_code: str | None
    factory_name: str | None
    country: str | None
    assignee_id: int | None
    assignee_name: str | None
    promise: Promise | None = None
    """What is due at ``next_due_at``."""


class Loose(ColumnElement[Any]):
    """A column that SQLite's planner shall not look for an index for.

    Without statistics it takes any index that fits a condition, and then sorts all it finds there.
    PostgreSQL keeps statistics and decides by itself.
    """

    inherit_cache = True
    _traverse_internals = (("column", sa.sql.visitors.InternalTraversal.dp_clauseelement),)  # type: ignore[assignment]

    def __init__(self, column: Any) -> None:
        self.column = column.__clause_element__()
        self.type = column.type


@compiles(Loose)
def _as_it_is(element: Loose, compiler: SQLCompiler, **more: Any) -> str:
    return str(compiler.process(element.column, **more))


@compiles(Loose, "sqlite")
def _unindexed(element: Loose, compiler: SQLCompiler, **more: Any) -> str:
    return "+" + str(compiler.process(element.column, **more))


@cache
def columns() -> Any:
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
            col(Case.paused_until),
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


def row_of(values: sa.Row[Any]) -> Row:
    return Row(kind="", **values._mapping)  # noqa: SLF001  the documented way to a mapping


def completed(session: Session, found: Sequence[Row]) -> list[Row]:
    """The same rows with the kind of the first issue that has the case's category, and with the
    promise that is due next: two queries, however many rows."""
    ids = [row.id for row in found]
    if not ids:
        return []
    issues = (
        select(Issue.case_id, Issue.category, Issue.kind)
        .where(col(Issue.case_id).in_(ids))
        .order_by(col(Issue.position).desc(), col(Issue.id).desc())
    )
    kinds: dict[tuple[int, Category | None], str] = {}
    for case, category, kind in session.execute(issues):
        kinds[case, category] = kind
    clocks = select(Clock.case_id, Clock.due_at, Clock.promise).where(
        col(Clock.case_id).in_(ids), col(Clock.met_at).is_(None), col(Clock.cancelled_at).is_(None)
    )
    dues: dict[tuple[int, datetime | None], list[Promise]] = {}
    for case, due_at, promise in session.execute(clocks):
        dues.setdefault((case, due_at), []).append(promise)
    return [
        replace(
            row,
            kind=kinds.get((row.id, row.category), ""),
            promise=_first(dues.get((row.id, row.next_due_at), ())),
        )
        for row in found
    ]


def _first(due: Sequence[Promise]) -> Promise | None:
    """Of promises that are due at the same moment, the one that comes first in a case's life."""
    return next((promise for promise in Promise if promise in due), None)
