"""Pauses: while a case waits for the worker, the clocks that may pause do; never longer than a cap.

Anything the worker does ends a pause, so does the end of the waiting, and so does a case becoming
one that never pauses.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, select

from casework import lifecycle
from casework.actors import Actor
from casework.audit import events
from casework.db import Session
from casework.deadlines import policing, promises, sweeping
from casework.errors import NotAllowed
from casework.ids import new_id
from casework.models import Case, Pause
from casework.standing import standing
from casework.vocabulary import Action, PauseReason


def pause(session: Session, case: Case, reason: PauseReason, *, by: Actor, now: datetime) -> Pause:
    """Pause what may pause; ``NotAllowed`` says why not. It ends by itself when the days that the
    policy allows for all pauses of a case are used up."""
    lifecycle.check(standing(case, by), Action.PAUSE, by.role, now)
    sweeping.catch_up(session, case, now)
    most = timedelta(days=policing.current(session).pause_at_most[case.severity])
    left = most - sum(
        (end - begin for begin, end in promises.pauses_of(session, case)), timedelta()
    )
    if left <= timedelta():
        raise NotAllowed(
            "The clocks of this case were paused for %(days)s days in all: that is as long as they may"
            " be.",
            days=most.days,
        )
    found = promises.of_case(session, case.id)
    if not promises.may_pause(case, found, promises.terms(session, case)):
        raise NotAllowed("No promise that runs in this case may pause.")
    row = Pause(
        id=new_id(now),
        case_id=case.id,
        reason=reason,
        staff_id=by.staff_id,
        began_at=now,
        until=now + left,
    )
    session.add(row)
    case.paused_until = row.until
    session.flush()
    data = {"reason": reason.value, "until": row.until.isoformat(), **_moved(session, case, now)}
    events.record(session, case, Action.PAUSE, by=by, now=now, before=case.status, data=data)
    return row


def resume(session: Session, case: Case, *, by: Actor, now: datetime) -> None:
    """A handler lets the clocks run again; ``NotAllowed`` where they do."""
    lifecycle.check(standing(case, by), Action.RESUME, by.role, now)
    data = end(session, case, now)
    events.record(session, case, Action.RESUME, by=by, now=now, before=case.status, data=data)


def end(session: Session, case: Case, now: datetime) -> dict[str, Any]:
    """The clocks of a case run again, if they were paused; what the event that ended the pause has
    to hold about it."""
    if not is_paused(case, now):
        return {}
    row = newest(session, case.id)
    assert row is not None
    row.ended_at = case.paused_until = now
    session.flush()
    return {"resumed": True, **_moved(session, case, now)}


def is_paused(case: Case, now: datetime) -> bool:
    """Whether clocks of a case are paused now."""
    return case.paused_until is not None and now < case.paused_until


def newest(session: Session, case_id: int) -> Pause | None:
    """The last pause of a case, over or not."""
    statement = select(Pause).where(Pause.case_id == case_id).order_by(col(Pause.began_at).desc())
    return session.exec(statement).first()


def _moved(session: Session, case: Case, now: datetime) -> dict[str, Any]:
    moved = promises.reschedule(session, case, now, kinds=False)
    return {"moved": [change.data for change in moved]}
