"""Deletes what was said in cases that ended long ago, and leaves a tombstone: the case without words.

What stays: the reference, codes and dates that figures are made of, and the chain of events, which
holds codes and digests only. What goes: messages, files, summary, names, who the worker is and the
way to them, and the words by which the case was found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import col, delete, select

from casework import detaching, lifecycle
from casework.actors import SYSTEM, Actor
from casework.audit import events
from casework.db import Session, for_change
from casework.lifecycle import ENDED, OPEN
from casework.media import attachments
from casework.messaging import messages
from casework.models import Attachment, Case, CheckIn, Conversation, Link, Message, Outbox, Reporter
from casework.searching import searchwords
from casework.standing import standing
from casework.vocabulary import Action

PRACTICE_LASTS = timedelta(days=30)
"""So long practice cases are kept, where cases are deleted at all (our default)."""
_SILENT = timedelta(days=90)
"""A worker without any other case, and silent for so long, is forgotten with the last one."""


def due(session: Session, now: datetime, years: int, limit: int = 20) -> Sequence[int]:
    """Cases whose time to be kept is over: ended, and nothing happened in them for so many years.
    Cases that are held, or belong to one that is still open, are kept. Only reads."""
    real, practice = _years_before(now, years), now - PRACTICE_LASTS
    # Said with "=", as the partial index of practice cases says it.
    made_up = col(Case.practice) == sa.true()
    found: list[int] = []
    for where in (
        (made_up, col(Case.updated_at) < practice),
        (col(Case.practice).is_(False), col(Case.updated_at) < real),
    ):
        statement = (
            select(Case.id)
            .where(
                *where,
                col(Case.words_deleted_at).is_(None),
                col(Case.legal_hold).is_(False),
                col(Case.status).in_(ENDED),
                ~_linked_to_open(),
            )
            .order_by(col(Case.updated_at))
            .limit(limit - len(found))
        )
        found += session.exec(statement)
    return found


def expire_due(session: Session, now: datetime, years: int, limit: int = 20) -> int:
    """Delete the words of the next cases whose time is over; how many were done."""
    wanted = select(Case).where(col(Case.id).in_(due(session, now, years, limit)))
    locked = session.exec(for_change(wanted.order_by(col(Case.id)))).all()
    for case in locked:
        expire(session, case, now)
    return len(locked)


def expire(session: Session, case: Case, now: datetime) -> None:
    """Delete the words of a case that has ended, with all that leads to the worker."""
    after = lifecycle.check(standing(case, SYSTEM), Action.EXPIRE, SYSTEM.role, now)
    searchwords.take_away(session, case.id, " ".join(messages.texts(session, case)), ())
    files = session.exec(select(Attachment).where(Attachment.case_id == case.id)).all()
    for file in files:
        attachments.destroy(session, file, attachments.EXPIRED)
        file.reporter_id = None
    _cut_from_worker(session, case, now)
    case.summary_sealed = case.factory_words_sealed = case.identity_sealed = None
    case.phone_sealed = None
    case.unread = case.open_question = False
    case.words_deleted_at = now
    session.flush()
    for place in places():
        place.empty(session, case.id)
    count = sa.select(sa.func.count()).where(col(Message.case_id) == case.id)
    data = {"messages": session.execute(count).scalar_one(), "files": len(files)}
    events.record(session, case, Action.EXPIRE, by=SYSTEM, now=now, before=after, data=data)
    session.flush()


def hold(session: Session, case: Case, on: bool, *, by: Actor, now: datetime) -> None:
    """Keep a case from being deleted, or no longer; ``NotAllowed`` for who leads nobody."""
    action = Action.HOLD if on else Action.RELEASE
    after = lifecycle.check(standing(case, by), action, by.role, now)
    case.legal_hold = on
    events.record(session, case, action, by=by, now=now, before=after)


@dataclass(frozen=True, slots=True)
class Place:
    """A table that keeps sealed words of cases: which columns, and which rows are of a case."""

    table: sa.Table
    sealed: tuple[sa.Column[Any], ...]
    indexes: tuple[sa.Column[Any], ...]
    of_case: Any
    """A condition with the parameter ``case``."""

    def empty(self, session: Session, case_id: int) -> None:
        """Let nothing be left in them."""
        none = {c.name: None for c in (*self.sealed, *self.indexes) if c.nullable}
        bound = {"case": case_id}
        if none:
            session.execute(sa.update(self.table).where(self.of_case).values(**none), bound)
        kept = [column for column in self.sealed if not column.nullable]
        if not kept:
            return
        (key,) = self.table.primary_key
        for row in session.execute(sa.select(key).where(self.of_case), bound).scalars().all():
            empty = {
                c.name: session.vault.seal_text(self.table.name, c.name, row, "") for c in kept
            }
            session.execute(sa.update(self.table).where(key == row).values(**empty))
        session.expire_all()


@cache
def places() -> tuple[Place, ...]:
    """Where words of cases stand beside the row of the case itself and the pieces of files, found by
    the names of columns: a table that is added later is not forgotten."""
    of_case = {
        table: table.c.case_id == sa.bindparam("case")
        for table in Case.metadata.tables.values()
        if "case_id" in table.c
    }
    found = []
    for table in Case.metadata.tables.values():
        sealed = tuple(c for c in table.c if c.name == "sealed" or c.name.endswith("_sealed"))
        indexes = tuple(c for c in table.c if c.name.endswith("_index"))
        where = of_case.get(table)
        if where is None:
            # All ways to the case: of some rows one of them is not there.
            ways = sorted(
                (fk for fk in table.foreign_keys if fk.column.table in of_case),
                key=lambda fk: fk.parent.name,
            )
            if ways:
                where = sa.or_(
                    *(
                        fk.parent.in_(sa.select(fk.column).where(of_case[fk.column.table]))
                        for fk in ways
                    )
                )
        if sealed and where is not None and table.name != "filechunk":
            found.append(Place(table, sealed, indexes, where))
    return tuple(found)


def _cut_from_worker(session: Session, case: Case, now: datetime) -> None:
    reporter_id, case.reporter_id = case.reporter_id, None
    case.receipt_index, case.receipt_tries, case.receipt_tries_since = None, 0, None
    session.flush()
    session.exec(delete(Outbox).where(col(Outbox.case_id) == case.id))
    waiting = (col(CheckIn.answered_at).is_(None), col(CheckIn.cancelled_at).is_(None))
    asked = sa.update(CheckIn).where(col(CheckIn.case_id) == case.id, *waiting)
    session.exec(asked.values(cancelled_at=now))
    if reporter_id is None:
        return
    others = select(Case.id).where(Case.reporter_id == reporter_id).limit(1)
    talk = session.get(Conversation, reporter_id)
    silent = talk is None or talk.updated_at < now - _SILENT
    if silent and session.exec(others).first() is None:
        detaching.destroy(session, session.get_one(Reporter, reporter_id))


def _linked_to_open() -> Any:
    other = aliased(Case)
    either = sa.or_(
        sa.and_(col(Link.case_id) == col(Case.id), col(Link.other_id) == col(other.id)),
        sa.and_(col(Link.other_id) == col(Case.id), col(Link.case_id) == col(other.id)),
    )
    return select(Link.id).where(either, col(other.status).in_(OPEN)).exists()


def _years_before(now: datetime, years: int) -> datetime:
    try:
        return now.replace(year=now.year - years)
    except ValueError:  # 29 February
        return now.replace(year=now.year - years, day=28)
