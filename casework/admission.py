"""Whether a complaint is taken up: why not, or who can help better, as entries of closed lists.

The words to the worker are the message of the step; the code beside them is what figures count.
"""

from datetime import datetime
from typing import Any

from sqlmodel import select

from casework.db import Session
from casework.errors import BadInput
from casework.models import Case, CaseEvent
from casework.vocabulary import Action, Inadmissible, Referral

REASONS: dict[Action, type[Inadmissible] | type[Referral]] = {
    Action.REJECT: Inadmissible,
    Action.REFER: Referral,
}
"""The steps that need a reason, and the list it is of."""

TAKES_UP = frozenset({Action.INVESTIGATE, Action.PROPOSE_REMEDY, Action.CONCLUDE})
"""Whoever does this works on it: the complaint counts as admissible."""


def check(
    session: Session, case: Case, action: Action, reason: Inadmissible | Referral | None
) -> None:
    """``BadInput`` where a step lacks the reason it needs, or has one that it can't have.

    That there is nothing to act on can be said only after the worker was asked: unless nobody can
    ask any more.
    """
    wanted = REASONS.get(action)
    if wanted is None:
        if reason is not None:
            raise BadInput("This step takes no reason.")
        return
    if not isinstance(reason, wanted):
        raise BadInput("Choose the reason: the worker is told it, and it is counted.")
    if reason is Inadmissible.NOTHING_TO_ACT_ON and case.forgotten_at is None:
        asked = select(CaseEvent.id).where(
            CaseEvent.case_id == case.id, CaseEvent.action == Action.ASK
        )
        if session.exec(asked.limit(1)).first() is None:
            raise BadInput(
                "Ask the worker first: too little is known only when the worker was asked for more."
            )


def keep(
    case: Case, action: Action, reason: Inadmissible | Referral | None, now: datetime
) -> dict[str, Any]:
    """Write down on the case what a step says about its admission; what its event says of it."""
    if action in TAKES_UP:
        case.admissible_at = case.admissible_at or now
        case.inadmissible = case.referral = None
    if isinstance(reason, Inadmissible):
        case.inadmissible, case.referral, case.admissible_at = reason, None, None
    elif isinstance(reason, Referral):
        case.referral, case.inadmissible = reason, None
    return {"reason": reason.value} if reason else {}
