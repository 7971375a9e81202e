"""Today's work of an actor: what is due, oldest first, and why each case is in the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col

from casework import queue
from casework.actors import Actor
from casework.db import Session
from casework.lifecycle import OPEN
from casework.models import Case
from casework.queue import Row, Where
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
    due, status = col(Case.next_due_at), col(Case.status)
    unread, unowned = col(Case.unread).is_(True), col(Case.assignee_id).is_(None)
    asked = sa.and_(col(Case.open_question).is_(True), status.in_(OPEN))
    wanted: tuple[tuple[Why, tuple[Where, ...]], ...] = (
        (Why.OVERDUE, (due < now,)),
        (Why.TODAY, (sa.and_(due >= now, due < midnight),)),
        (Why.NEWS, (sa.and_(unread, ~unowned),)),
        (Why.WEEK, (sa.and_(due >= midnight, due < week),)),
        (
            Why.UNOWNED,
            (
                sa.and_(unowned, due.is_not(None)),
                sa.and_(unowned, due.is_(None), status.in_(OPEN)),
            ),
        ),
        (Why.WAITING, (status == Status.VERIFYING, asked)),
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


def _section(session: Session, actor: Actor, parts: tuple[Where, ...], most: int) -> Sequence[Row]:
    """The cases of any of the parts, the first due first. Each part walks one index: an OR of
    them, or of owners, would use none."""
    order = (col(Case.next_due_at), col(Case.id))
    found = {
        row.id: row
        for owner in _owners(actor)
        for part in parts
        for row in queue.rows(session, actor, part, *owner, order=order, limit=most + 1)
    }
    return sorted(
        found.values(),
        key=lambda row: (row.next_due_at is None, row.next_due_at or row.received_at, row.id),
    )


def _owners(actor: Actor) -> Iterable[tuple[Where, ...]]:
    if actor.role is not Role.HANDLER:
        return ((),)
    return ((col(Case.assignee_id) == actor.staff_id,), (col(Case.assignee_id).is_(None),))
