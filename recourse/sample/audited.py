"""What an auditor finds in the sample data: who opened which case, and something blacked out."""

from datetime import datetime, timedelta

from sqlmodel import col, select

from casework import redacting
from casework.actors import staff_actor
from casework.db import Session
from casework.errors import BadInput
from casework.ids import new_id
from casework.messaging import messages
from casework.models import AccessLog, Case, Staff
from casework.vocabulary import Direction, RedactionReason

_CASES = 30
_APART = timedelta(hours=9)


def add(session: Session, now: datetime) -> None:
    """Write it down, as if the last weeks had been a working office."""
    newest = select(Case).where(col(Case.assignee_id).is_not(None)).order_by(col(Case.id).desc())
    for number, case in enumerate(session.exec(newest.limit(_CASES)).all()):
        at = now - number * _APART
        owner = session.get_one(Staff, case.assignee_id)
        row = new_id(at)
        session.add(AccessLog(id=row, at=at, staff_id=owner.id, case_id=case.id, what="case"))
        if number == 0:
            _black_out(session, case, owner, now)


def _black_out(session: Session, case: Case, owner: Staff, now: datetime) -> None:
    """The end of what the worker said first stands for a name."""
    told = [m for m in messages.of_case(session, case.id) if m.direction is Direction.FROM_WORKER]
    if not told:
        return
    passage = " ".join(messages.words(session, told[0]).strip().rsplit(" ", 2)[-2:])
    why = RedactionReason.IDENTIFIES
    by = staff_actor(owner)
    try:
        redacting.redact(session, case, told[0], passage, why, everywhere=False, by=by, now=now)
    except BadInput:  # it was told in a voice message
        return
