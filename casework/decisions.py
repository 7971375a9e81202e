"""What the worker was told when a case was decided: reasons and findings, out of its events.

Events never change, so this is what was told then, whatever is found later.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import col, select

from casework import admission
from casework.db import Session
from casework.models import CaseEvent
from casework.vocabulary import Action, Category, Finding, Inadmissible, Referral


@dataclass(frozen=True, slots=True)
class Told:
    """What was told about an issue, in a message with the reason."""

    category: Category
    kind: str
    finding: Finding
    message_id: int


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, told in a message with the handler's words."""

    message_id: int
    reason: Inadmissible | Referral | None
    findings: tuple[Told, ...]


_DECIDING = (Action.CONCLUDE, Action.REFER, Action.REJECT)


def of_case(session: Session, case_id: int) -> list[Decision]:
    """The decisions of a case, oldest first; those from before reasons and findings have none."""
    statement = select(CaseEvent).where(
        CaseEvent.case_id == case_id, col(CaseEvent.action).in_(_DECIDING)
    )
    return among(session.exec(statement.order_by(col(CaseEvent.number))))


def among(history: Iterable[CaseEvent]) -> list[Decision]:
    """The decisions among events of a case, in their order."""
    return [_decision(event) for event in history if event.action in _DECIDING]


def told_in(session: Session, case_id: int, message_id: int) -> Decision | None:
    """The decision whose words are this message."""
    found = of_case(session, case_id)
    return next((one for one in found if one.message_id == message_id), None)


def findings_by_message(found: Iterable[Decision]) -> dict[int, Told]:
    """All that decisions told of findings, by the message of each."""
    return {told.message_id: told for one in found for told in one.findings}


def _decision(event: CaseEvent) -> Decision:
    data, reasons = event.data, admission.REASONS.get(event.action)
    return Decision(
        message_id=data["message"],
        reason=reasons(data["reason"]) if reasons and "reason" in data else None,
        findings=tuple(
            Told(
                Category(one["category"]),
                one["kind"],
                Finding(one["finding"]),
                one["message"],
            )
            for one in data.get("findings", ())
        ),
    )
