"""What an auditor reads: who opened which sealed words, what was taken away, checks and anchors.

References stand there, never a word, a category or whether a case is restricted. Reasons are words
of the office and may say what a case is about: they are for auditors of the restricted pool, for all
cases or for none, so that a missing one tells nothing. Who is named in a case, or has a tie to its
factory, sees no line of it.
"""

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
from casework.models import (
    AccessLog,
    Anchor,
    Break,
    Case,
    CaseEvent,
    Conflict,
    PolicyVersion,
    Staff,
    StaffEvent,
    Verification,
)
from casework.models.cases import TAKING_AWAY
from casework.searching.queue import Where
from casework.vault import Unsealable
from casework.vocabulary import Action

SIZE = 50
"""Lines of a page."""
LISTED = (Action.REDACT, Action.EXPIRE, Action.HOLD, Action.RELEASE, Action.FORGET)


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a list is wanted; an empty field leaves nothing out."""

    staff_id: int | None = None
    reference: str = ""
    what: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """Before this moment."""
    before: int | None = None
    """Behind this line: the page after the one that ended with it."""


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody opened sealed words."""

    id: int
    at: datetime
    name: str
    reference: str
    what: str
    asked: bool
    """A reason was given."""
    reason: str
    """It, for who may read it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Something was taken out of a case, or is kept from it."""

    id: int
    at: datetime
    name: str
    reference: str
    action: Action
    data: dict[str, Any]


def apart(actor: Actor, case_id: Any) -> tuple[Where, ...]:
    """The conditions under which an actor may read lines about a case: they have no part in it."""
    mine = select(Conflict.staff_id).where(
        Conflict.case_id == case_id, Conflict.staff_id == actor.staff_id
    )
    if not actor.barred_factories:
        return (~mine.exists(),)
    there = aliased(Case)
    closed = select(there.id).where(
        there.id == case_id, col(there.factory_id).in_(sorted(actor.barred_factories))
    )
    return (~mine.exists(), ~closed.exists())


def reads(session: Session, actor: Actor, asked: Asked) -> tuple[list[Read], int | None]:
    """A page of the access log, newest first, and where the next one begins."""
    wanted = (
        sa.select(
            col(AccessLog.id),
            col(AccessLog.at),
            col(Staff.name),
            col(Case.reference),
            col(AccessLog.what),
            col(AccessLog.reason_sealed),
        )
        .join(Staff, col(Staff.id) == col(AccessLog.staff_id))
        .join(Case, col(Case.id) == col(AccessLog.case_id))
        .where(
            *_between(col(AccessLog.id), asked),
            *_whose(col(AccessLog.staff_id), asked),
            *_of_case(session, col(AccessLog.case_id), asked),
            *apart(actor, AccessLog.case_id),
        )
    )
    if asked.what:
        wanted = wanted.where(col(AccessLog.what) == asked.what)
    rows = session.execute(wanted.order_by(col(AccessLog.id).desc()).limit(SIZE + 1)).all()
    return [
        Read(row, at, name, reference, what, sealed is not None, _why(session, actor, row, sealed))
        for row, at, name, reference, what, sealed in rows[:SIZE]
    ], _next(rows)


def taken(session: Session, actor: Actor, asked: Asked) -> tuple[list[Taken], int | None]:
    """What was blacked out, destroyed, deleted or kept, newest first; one page and the next."""
    wanted = (
        sa.select(
            col(CaseEvent.id),
            col(CaseEvent.at),
            col(Staff.name),
            col(Case.reference),
            col(CaseEvent.action),
            col(CaseEvent.data),
        )
        .outerjoin(Staff, col(Staff.id) == col(CaseEvent.staff_id))
        .join(Case, col(Case.id) == col(CaseEvent.case_id))
        .where(
            sa.text("caseevent." + TAKING_AWAY),
            *_between(col(CaseEvent.id), asked),
            *_whose(col(CaseEvent.staff_id), asked),
            *_of_case(session, col(CaseEvent.case_id), asked),
            *apart(actor, CaseEvent.case_id),
        )
    )
    if asked.what:
        wanted = wanted.where(col(CaseEvent.action) == asked.what)
    rows = session.execute(wanted.order_by(col(CaseEvent.id).desc()).limit(SIZE + 1)).all()
    return [
        Taken(row, at, name or "", reference, action, data)
        for row, at, name, reference, action, data in rows[:SIZE]
    ], _next(rows)


def rights(session: Session, asked: Asked) -> tuple[list[StaffEvent], int | None]:
    """What was done to people's rights, newest first; one page and where the next one begins."""
    wanted = select(StaffEvent).where(
        *_between(col(StaffEvent.id), asked), *_whose(col(StaffEvent.staff_id), asked)
    )
    rows = session.exec(wanted.order_by(col(StaffEvent.id).desc()).limit(SIZE + 1)).all()
    return list(rows[:SIZE]), rows[SIZE - 1].id if len(rows) > SIZE else None


def policies(session: Session, limit: int = 200) -> Sequence[PolicyVersion]:
    """The versions of what is promised, newest first."""
    newest_first = select(PolicyVersion).order_by(col(PolicyVersion.number).desc())
    return session.exec(newest_first.limit(limit)).all()


def anchors(session: Session, limit: int = 14) -> Sequence[Anchor]:
    """The newest anchors."""
    return session.exec(select(Anchor).order_by(col(Anchor.number).desc()).limit(limit)).all()


def checks(session: Session, limit: int = 10) -> Sequence[Verification]:
    """The newest checks."""
    newest_first = select(Verification).order_by(col(Verification.id).desc())
    return session.exec(newest_first.limit(limit)).all()


def breaks(
    session: Session, actor: Actor, check: Verification, limit: int = 100
) -> Sequence[Break]:
    """The broken links a check found, anchors first."""
    found = select(Break).where(Break.verification_id == check.id, *apart(actor, Break.case_id))
    return session.exec(found.order_by(col(Break.id)).limit(limit)).all()


def _between(row: Any, asked: Asked) -> list[Where]:
    found = []
    if asked.since:
        found.append(row >= ids.first_of(asked.since))
    if asked.until:
        found.append(row < ids.first_of(asked.until))
    if asked.before is not None:
        found.append(row < asked.before)
    return found


def _whose(staff_id: Any, asked: Asked) -> list[Where]:
    return [staff_id == asked.staff_id] if asked.staff_id is not None else []


def _of_case(session: Session, case_id: Any, asked: Asked) -> list[Where]:
    if not asked.reference:
        return []
    found = session.exec(select(Case.id).where(Case.reference == asked.reference)).first()
    return [case_id == (found if found is not None else -1)]


def _why(session: Session, actor: Actor, row: int, sealed: bytes | None) -> str:
    if sealed is None or not actor.restricted_pool:
        return ""
    try:
        return session.vault.open_text("accesslog", "reason_sealed", row, sealed)
    except Unsealable:
        return ""


def _next(rows: Sequence[Any]) -> int | None:
    return rows[SIZE - 1].id if len(rows) > SIZE else None
