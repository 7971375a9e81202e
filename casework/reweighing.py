"""What follows when a case weighs more or less than before: its clocks, check-ins and pauses."""

from datetime import datetime
from typing import Any

from casework.db import Session
from casework.deadlines import pausing, promises
from casework.messaging import checkins
from casework.models import Case
from casework.standing import hurried
from casework.vocabulary import Category, Severity


def follow(
    session: Session, case: Case, before: tuple[Severity, Category | None], now: datetime
) -> dict[str, Any]:
    """Severity or category of a case are others than ``before``; what the event has to hold."""
    data = end_pause(session, case, now)
    if before != (case.severity, case.category):
        by_now, clocks = promises.terms(session, case), promises.of_case(session, case.id)
        promises.tell_new_levels(
            case, clocks, by_now, lambda promise: by_now.policy.chain_of(promise, *before)
        )
        moved = [change.data for change in promises.reschedule(session, case, now)]
        if moved:
            data["moved"] = [*data.get("moved", ()), *moved]
    if before[0] is not case.severity:
        checkins.replan(session, case, now)
    return data


def end_pause(session: Session, case: Case, now: datetime) -> dict[str, Any]:
    """A case that has become one that never pauses does so no longer."""
    return pausing.end(session, case, now) if hurried(case) else {}
