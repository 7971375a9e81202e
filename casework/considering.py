"""A person answers whether a case may be forced labour, where its indicators ask for it.

The program never says so by itself: a yes is a triage by whoever answers, a no has a reason.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from casework import cases, issues, lifecycle, prompts
from casework.actors import Actor
from casework.audit import events
from casework.cases import Triage
from casework.db import Session
from casework.errors import BadInput
from casework.messaging import messages
from casework.models import Case, CaseEvent
from casework.standing import standing
from casework.vocabulary import Action, Category, Direction, MessageKind, Severity


@dataclass(frozen=True, slots=True)
class Considered:
    """The newest answer, by whom and when. ``holds``: nothing has come up that it did not know."""

    forced_labour: bool
    at: datetime
    staff_id: int | None
    message_id: int
    holds: bool


def consider(
    session: Session, case: Case, forced_labour: bool, reason: str, *, by: Actor, now: datetime
) -> Case:
    """Keep an answer with its reason, a note among colleagues. A yes adds forced labour to what the
    case is about, and makes it critical."""
    lifecycle.check(standing(case, by), Action.CONSIDER, by.role, now)
    reason = reason.strip()
    if not reason:
        raise BadInput("Write why: somebody may ask for it later.")
    about = _about(session, case)
    if not prompts.asks_to_consider(about):
        raise BadInput("Nothing in this case asks for it just now. Reload the page.")
    message = messages.write(
        session, case, MessageKind.NOTE, Direction.INTERNAL, by=by, now=now, text=reason
    )
    data: dict[str, Any] = {
        "forced-labour": forced_labour,
        "about": [[category.value, kind] for category, kind in about],
        **messages.evidence(session, message),
    }
    session.flush()
    events.record(session, case, Action.CONSIDER, by=by, now=now, before=case.status, data=data)
    if forced_labour:
        found = Triage(
            severity=Severity.CRITICAL,
            issues=(*about, (Category.FORCED_LABOUR, "")),
            restricted=case.restricted,
            retaliation_risk=case.retaliation_risk,
            summary=messages.summary(session, case),
        )
        cases.triage(session, case, found, by=by, now=now)
    return case


def newest(session: Session, case: Case) -> Considered | None:
    """The newest answer about a case, ``None`` where nobody has considered it."""
    statement = select(CaseEvent).where(
        CaseEvent.case_id == case.id, CaseEvent.action == Action.CONSIDER
    )
    event = session.exec(statement.order_by(col(CaseEvent.number).desc()).limit(1)).first()
    if event is None:
        return None
    known = {(Category(category), kind) for category, kind in event.data["about"]}
    fresh = prompts.signs(_about(session, case)) - prompts.signs(known)
    return Considered(
        forced_labour=event.data["forced-labour"],
        at=event.at,
        staff_id=event.staff_id,
        message_id=event.data["message"],
        holds=not fresh,
    )


def _about(session: Session, case: Case) -> tuple[tuple[Category, str], ...]:
    return tuple((one.category, one.kind) for one in issues.of_case(session, case.id))
