"""Today's work of an actor: what is due, oldest first, and why each case is in the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col

from casework import queue
from casework.actors import Actor
from casework.caserows import Loose, Row
from casework.db import Session
from casework.lifecycle import OPEN
from casework.models import Case
from casework.queue import Where
from casework.vocabulary import Role, Status

MOST = 50
"""Rows shown of each section; the list shows the rest."""


class Why(StrEnum):
    """Why a case is in today's work."""

    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    NEWS = "news"
    UNOWNED = "unowned"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Section:
    """Cases that are in today's work for one reason. ``more``: there are others like them."""

    why: Why
    rows: tuple[Row, ...]
    more: bool = False


def today(session: Session, actor: Actor, zone: ZoneInfo, now: datetime) -> tuple[Section, ...]:
    """The sections that hold something, most urgent first; each case stands in one of them only.

    A handler sees the own cases and those nobody owns; supervisors and admins see all. Days end at
    midnight of ``zone``.
    """
    midnight = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)
    week = midnight + timedelta(days=6)
    due, status, filed = col(Case.next_due_at), col(Case.status), col(Case.id)
    unowned = col(Case.assignee_id).is_(None)
    asked = sa.and_(col(Case.open_question).is_(True), Loose(status).in_(OPEN))
    undated = sa.and_(due.is_(None), Loose(col(Case.assignee_id)).is_(None))
    wanted: tuple[tuple[Why, tuple[_Part, ...]], ...] = (
        (Why.OVERDUE, (_Part(due < now, due),)),
        (Why.TODAY, (_Part(sa.and_(due >= now, due < midnight), due),)),
        (Why.NEWS, (_Part(sa.and_(col(Case.unread).is_(True), ~unowned), filed, few=True),)),
        (Why.WEEK, (_Part(sa.and_(due >= midnight, due < week), due),)),
        (
            Why.UNOWNED,
            (
                _Part(sa.and_(unowned, due.is_not(None)), due),
                *(_Part(sa.and_(status == one, undated), filed, few=True) for one in OPEN),
            ),
        ),
        (
            Why.WAITING,
            (
                _Part(status == Status.VERIFYING, col(Case.received_at), few=True),
                _Part(asked, filed, few=True),
            ),
        ),
    )
    shown: set[int] = set()
    sections = []
    for why, parts in wanted:
        found = _section(session, actor, parts, MOST + len(shown))
        fresh = [row for row in found if row.id not in shown]
        if fresh:
            kept = fresh[:MOST]
            shown |= {row.id for row in kept}
            sections.append(Section(why, tuple(kept), len(fresh) > MOST))
    return tuple(sections)


@dataclass(frozen=True, slots=True)
class _Part:
    """Cases that one walk along an index finds, in its order. ``few``: the condition leaves fewer
    cases than the owner does, and shall choose the index."""

    where: Where
    order: Any
    few: bool = False


def _section(session: Session, actor: Actor, parts: tuple[_Part, ...], most: int) -> Sequence[Row]:
    """The cases of any of the parts, the first due first. An OR of them, or of owners, would walk
    no index at all."""
    found = {
        row.id: row
        for part in parts
        for owner in _owners(actor, loose=part.few)
        for row in queue.rows(
            session,
            actor,
            part.where,
            *owner,
            order=(part.order, col(Case.id)),
            limit=most + 1,
        )
    }
    return sorted(
        found.values(),
        key=lambda row: (row.next_due_at is None, row.next_due_at or row.received_at, row.id),
    )


def _owners(actor: Actor, *, loose: bool) -> Iterable[tuple[Where, ...]]:
    if actor.role is not Role.HANDLER:
        return ((),)
    owner: Any = Loose(col(Case.assignee_id)) if loose else col(Case.assignee_id)
    return ((owner == actor.staff_id,), (owner.is_(None),))
