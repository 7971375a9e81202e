"""What a worker answers when we ask whether anyone treated her badly because of her complaint.

A yes opens a case of its own at once, critical, linked to the first: the first goes on as it was.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from casework import filing, lifecycle, links, places
from casework.actors import WORKER
from casework.audit import events
from casework.db import Session
from casework.filing import Complaint
from casework.messaging import messages
from casework.models import Case, CheckIn, Link, Reporter
from casework.standing import standing
from casework.vocabulary import Action, Category, LinkKind, Severity


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of an answer: the linked case, if she ever said yes; ``opened``: just now."""

    linked: Case | None = None
    opened: bool = False


def answer(session: Session, case: Case, harmed: bool, *, now: datetime) -> Answered | None:
    """Keep her answer to the newest question about ``case``; ``None`` where nothing was asked.

    Said again, it changes nothing and opens no second case. A no can become a yes: somebody may
    have stood beside her. A yes stays: what it opened she can take back there.
    """
    asked = _newest(session, case)
    if asked is None or case.reporter_id is None:
        return None
    lifecycle.check(standing(case, WORKER), Action.CHECK_IN, WORKER.role, now)
    linked = _linked(session, case)
    if asked.harmed and (linked or not harmed):
        return Answered(linked)
    if asked.harmed is not harmed:
        asked.harmed, asked.answered_at = harmed, now
        _note(session, case, asked, now)
    if not harmed:
        return Answered()
    case.retaliation_risk = True
    case.unread = True
    if linked and linked.status in lifecycle.OPEN:
        return Answered(linked)
    return Answered(_open(session, case, now), opened=True)


def _note(session: Session, case: Case, asked: CheckIn, now: datetime) -> None:
    data: dict[str, Any] = {"check-in": asked.id, "harmed": asked.harmed}
    session.flush()
    events.record(session, case, Action.CHECK_IN, by=WORKER, now=now, before=case.status, data=data)


def _open(session: Session, first: Case, now: datetime) -> Case:
    assert first.reporter_id is not None
    complaint = Complaint(
        pieces=(),
        factory=places.factory_of(session, first.factory_id),
        factory_words=messages.factory_words(session, first),
        category=Category.RETALIATION,
        kind="retaliation",
        relation=first.relation,
        practice=first.practice,
        severity=Severity.CRITICAL,
        restricted=first.restricted,
    )
    reporter = session.get_one(Reporter, first.reporter_id)
    new = filing.open_case(session, reporter, complaint, now=now)
    new.retaliation_risk = True
    links.link(session, first, new, LinkKind.RETALIATION, now=now)
    return new


def _newest(session: Session, case: Case) -> CheckIn | None:
    statement = select(CheckIn).where(
        CheckIn.case_id == case.id, col(CheckIn.asked_at).is_not(None)
    )
    return session.exec(
        statement.order_by(col(CheckIn.asked_at).desc(), col(CheckIn.id).desc())
    ).first()


def _linked(session: Session, case: Case) -> Case | None:
    """Her newest case about retaliation because of this one. One that stayed behind when the first
    moved to another phone can't be told about from there."""
    statement = (
        select(Case)
        .join(Link, col(Link.other_id) == col(Case.id))
        .where(
            Link.case_id == case.id,
            Link.kind == LinkKind.RETALIATION,
            Case.reporter_id == case.reporter_id,
        )
    )
    return session.exec(statement.order_by(col(Link.id).desc())).first()
