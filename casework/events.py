"""The chain of events of each case: append one, prove all.

Each event's hash covers the hash before it and everything the event says, so nothing in the past of
a case can be changed, left out or put in another order without the chain breaking there.
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlmodel import col, select

from casework.actors import Actor
from casework.db import Session
from casework.ids import new_id
from casework.models import Case, CaseEvent
from casework.vocabulary import Action, Status


def record(
    session: Session,
    case: Case,
    action: Action,
    *,
    by: Actor,
    now: datetime,
    before: Status | None,
    data: dict[str, Any] | None = None,
) -> CaseEvent:
    """Append an event to a case that already has its new status. ``data``: codes and ids only."""
    event = CaseEvent(
        id=new_id(now),
        case_id=case.id,
        number=case.event_count + 1,
        at=now,
        action=action,
        before=before,
        after=case.status,
        role=by.role,
        staff_id=by.staff_id,
        data=data or {},
        hash=b"",
    )
    event.hash = chained(case.head_hash, event)
    case.event_count = event.number
    case.head_hash = event.hash
    case.updated_at = now
    session.add(event)
    return event


def chained(previous: bytes, event: CaseEvent) -> bytes:
    """The hash an event must have after an event with the hash ``previous``."""
    said = [
        event.case_id,
        event.number,
        event.at.astimezone(UTC).isoformat(),
        event.action.value,
        event.before.value if event.before else None,
        event.after.value,
        event.role.value,
        event.staff_id,
        event.data,
    ]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(previous + text.encode()).digest()


def history(session: Session, case_id: int) -> list[CaseEvent]:
    """All events of a case, oldest first."""
    statement = select(CaseEvent).where(CaseEvent.case_id == case_id)
    return list(session.exec(statement.order_by(col(CaseEvent.number))))


def first_broken(case: Case, events: Iterable[CaseEvent]) -> int | None:
    """The number of the first event that does not fit the chain; ``None`` where all is whole."""
    previous, expected = b"", 1
    for event in events:
        if event.number != expected or event.hash != chained(previous, event):
            return expected
        previous, expected = event.hash, expected + 1
    whole = previous == case.head_hash and expected == case.event_count + 1
    return None if whole else min(expected, case.event_count + 1)
