"""The chain of events of each case: append one, prove all.

Each event's hash covers the hash before it and everything the event says, so nothing in the past of
a case can be changed, left out or put in another order without the chain breaking there.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlmodel import col, select

from casework.actors import Actor
from casework.db import Session
from casework.ids import new_id
from casework.models import Case, CaseEvent
from casework.models.base import new_row
from casework.vocabulary import Action, Status


class Chained(Protocol):
    """Of a case, what its chain of events goes on from."""

    id: int
    status: Status
    event_count: int
    head_hash: bytes


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
    event = new_row(CaseEvent, **append(case, action, by=by, now=now, before=before, data=data))
    case.updated_at = now
    session.add(event)
    return event


def append(
    case: Chained,
    action: Action,
    *,
    by: Actor,
    now: datetime,
    before: Status | None,
    data: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The same for who writes many rows at once: the columns of the event, for ``CaseEvent``. The
    case goes on from it."""
    row: dict[str, Any] = {
        "id": new_id(now),
        "case_id": case.id,
        "number": case.event_count + 1,
        "at": now,
        "action": action,
        "before": before,
        "after": case.status,
        "role": by.role,
        "staff_id": by.staff_id,
        "data": data or {},
    }
    row["hash"] = _hash(case.head_hash, row)
    case.event_count = row["number"]
    case.head_hash = row["hash"]
    return row


def chained(previous: bytes, event: CaseEvent) -> bytes:
    """The hash an event must have after an event with the hash ``previous``."""
    return _hash(previous, {name: getattr(event, name) for name in _SAID})


_SAID = ("case_id", "number", "at", "action", "before", "after", "role", "staff_id", "data")
_as_text = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def _hash(previous: bytes, row: Mapping[str, Any]) -> bytes:
    # An enum is a text, and written as its value.
    said = [row[name] for name in _SAID]
    said[_AT] = row["at"].astimezone(UTC).isoformat()
    return hashlib.sha256(previous + _as_text(said).encode()).digest()


_AT = _SAID.index("at")


def history(session: Session, case_id: int) -> list[CaseEvent]:
    """All events of a case, oldest first."""
    statement = select(CaseEvent).where(CaseEvent.case_id == case_id)
    return list(session.exec(statement.order_by(col(CaseEvent.number))))


def steps(event: CaseEvent) -> list[Action]:
    """What an event did to the promises of its case: one step, or all those that a case had taken
    elsewhere when it was imported."""
    if event.action is Action.IMPORT:
        return [Action(value) for value in event.data["path"]]
    return [event.action]


def first_broken(case: Case, events: Iterable[CaseEvent]) -> int | None:
    """The number of the first event that does not fit the chain; ``None`` where all is whole."""
    previous, expected = b"", 1
    for event in events:
        if event.number != expected or event.hash != chained(previous, event):
            return expected
        previous, expected = event.hash, expected + 1
    whole = previous == case.head_hash and expected == case.event_count + 1
    return None if whole else min(expected, case.event_count + 1)
