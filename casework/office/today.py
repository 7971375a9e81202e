"""Today's work of an actor: what is due, oldest first, and why each case is in the list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import col

from casework.actors import Actor
from casework.db import Session
from casework.lifecycle import OPEN
from casework.models import Case
from casework.searching import queue
from casework.searching.caserows import Loose, Row, completed
from casework.searching.queue import Where
from casework.vocabulary import Role, Status

MOST = 25
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
    midnight, week = _end_of_day(zone, now), end_of_week(zone, now)
    due, status, filed = col(Case.next_due_at), col(Case.status), col(Case.id)
    unowned = col(Case.assignee_id).is_(None)
    # Said with "=", as the partial indexes say it.
    unread, asked = col(Case.unread) == sa.true(), col(Case.open_question) == sa.true()
    undated = sa.and_(status.in_(OPEN), due.is_(None), Loose(col(Case.assignee_id)).is_(None))
    wanted: tuple[tuple[Why, tuple[_Part, ...]], ...] = (
        (Why.OVERDUE, (_Part(due < now, due),)),
        (Why.TODAY, (_Part(sa.and_(due >= now, due < midnight), due),)),
        (Why.NEWS, (_Part(sa.and_(unread, ~unowned), filed, few=True, nobodys=False),)),
        (Why.WEEK, (_Part(sa.and_(due >= midnight, due < week), due),)),
        (
            Why.UNOWNED,
            (
                _Part(sa.and_(unowned, due.is_not(None)), due, mine=False),
                _Part(undated, Loose(filed), few=True, mine=False),
            ),
        ),
        (
            Why.WAITING,
            (
                _Part(status == Status.VERIFYING, col(Case.received_at), few=True),
                _Part(sa.and_(asked, Loose(status).in_(OPEN)), filed, few=True),
            ),
        ),
    )
    shown: set[int] = set()
    sections: list[tuple[Why, list[Row], bool]] = []
    for why, parts in wanted:
        found = _section(session, actor, parts, MOST + len(shown))
        fresh = [row for row in found if row.id not in shown]
        if fresh:
            kept = fresh[:MOST]
            shown |= {row.id for row in kept}
            sections.append((why, kept, len(fresh) > MOST))
    whole = {
        row.id: row for row in completed(session, [r for _, kept, _ in sections for r in kept])
    }
    return tuple(
        Section(why, tuple(whole[row.id] for row in kept), more) for why, kept, more in sections
    )


def end_of_week(zone: ZoneInfo, now: datetime) -> datetime:
    """The end of seven days, today included."""
    return _end_of_day(zone, now) + timedelta(days=6)


def _end_of_day(zone: ZoneInfo, now: datetime) -> datetime:
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(), zone)


@dataclass(frozen=True, slots=True)
class _Part:
    """Cases that one walk along an index finds, in its order."""

    where: Where
    order: Any
    few: bool = False
    """The condition leaves fewer cases than the owner does, and shall choose the index."""
    mine: bool = True
    nobodys: bool = True


def _section(session: Session, actor: Actor, parts: tuple[_Part, ...], most: int) -> Sequence[Row]:
    """The cases of any of the parts, the first due first. An OR of them, or of owners, would walk
    no index at all."""
    found = {
        row.id: row
        for part in parts
        for owner in _owners(actor, part)
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


def _owners(actor: Actor, part: _Part) -> Iterator[tuple[Where, ...]]:
    """Whose cases are asked for, one after the other."""
    if actor.role is not Role.HANDLER:
        yield ()
        return
    owner: Any = Loose(col(Case.assignee_id)) if part.few else col(Case.assignee_id)
    if part.mine:
        yield (owner == actor.staff_id,)
    if part.nobodys:
        yield (owner.is_(None),)
