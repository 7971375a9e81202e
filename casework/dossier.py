"""A case as plain values, part by part: what leaves with it when it is handed over.

To hand over something more, write a function that reads it and name it in ``PARTS``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import col, select

from casework import cases, links, places
from casework.actors import Actor
from casework.audit import events
from casework.db import Session
from casework.deadlines import promises
from casework.messaging import checkins, messages
from casework.models import Attachment, Case, Extension, Message, Pause, Staff
from casework.models.base import Table
from casework.taking_in import taking_up
from casework.vault import Unsealable
from casework.vocabulary import Direction

Values = dict[str, Any]

HOW_CHAINED = (
    "The hash of an event is SHA-256 over the hash of the event before it (32 bytes; none before the"
    " first) and the UTF-8 text of the JSON list [case_id, number, at, action, before, after, role,"
    " staff_id, data], written without spaces, keys in order, letters beyond ASCII as \\u escapes."
    " The last hash is the head."
)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a dossier is made."""

    actor: Actor
    notes: bool = False
    """With what colleagues wrote for each other."""


def gather(session: Session, case: Case, reader: Reader) -> Values:
    """All parts of a case, by name."""
    return {name: read(session, case, reader) for name, read in PARTS.items()}


def _facts(session: Session, case: Case, reader: Reader) -> Values:
    factory = places.factory_of(session, case.factory_id)
    found = _columns(
        case,
        *("reference", "status", "severity", "channel", "language", "relation", "danger", "since"),
        *("how_many", "agreed", "restricted", "retaliation_risk", "practice", "resolution"),
        *("treatment", "received_at", "acknowledged_at", "asked_at", "decided_at"),
        *("factory_told_at", "forgotten_at", "imported_at"),
    )
    found["factory"] = (
        _columns(factory, "code", "name", "place", "country", "zone") if factory else None
    )
    found["factory_in_the_workers_words"] = messages.factory_words(session, case)
    found["issues"] = [_columns(i, "category", "kind") for i in cases.issues_of(session, case.id)]
    if reader.notes:
        found["summary"] = messages.summary(session, case)
    return found


def _origin(session: Session, case: Case, _: Reader) -> Values | None:
    origin = taking_up.origin(session, case)
    if origin is None:
        return None
    row, reference = origin
    # The old system's own words: not what a colleague wrote here.
    words = {
        "old_reference": reference,
        "summary": taking_up.brought_summary(session, case, reference),
    }
    return words | _columns(row, "finding", "workers", "closed_at")


def _messages(session: Session, case: Case, reader: Reader) -> list[Values]:
    return [
        _columns(message, "id", "at", "direction", "kind", "language", "staff_id", "attachment_id")
        | {"text": text, "readable": text is not None}
        for message in messages.of_case(session, case.id)
        if reader.notes or message.direction is not Direction.INTERNAL
        for text in (_words(session, message),)
    ]


def _words(session: Session, message: Message) -> str | None:
    try:
        return messages.words(session, message)
    except Unsealable:
        return None


def _files(session: Session, case: Case, _: Reader) -> list[Values]:
    wanted = select(Attachment).where(Attachment.case_id == case.id).order_by(col(Attachment.id))
    return [_columns(file, "id", "kind", "state", "mime", "size") for file in session.exec(wanted)]


def _clocks(session: Session, case: Case, _: Reader) -> list[Values]:
    names = ("promise", "round", "started_at", "due_at", "extended_to", "extensions", "met_at")
    more = ("missed_at", "cancelled_at", "paused_seconds")
    return [_columns(clock, *names, *more) for clock in promises.of_case(session, case.id)]


def _pauses(session: Session, case: Case, _: Reader) -> list[Values]:
    wanted = select(Pause).where(Pause.case_id == case.id).order_by(col(Pause.id))
    return [
        _columns(pause, "reason", "staff_id", "began_at", "until", "ended_at")
        for pause in session.exec(wanted)
    ]


def _extensions(session: Session, case: Case, _: Reader) -> list[Values]:
    wanted = select(Extension).where(Extension.case_id == case.id).order_by(col(Extension.id))
    names = ("reason", "before", "until", "asked_at", "asked_by", "decided_at", "decided_by")
    return [_columns(one, *names, "approved") for one in session.exec(wanted)]


def _checkins(session: Session, case: Case, _: Reader) -> list[Values]:
    names = ("cause", "days", "due_at", "asked_at", "answered_at", "harmed", "cancelled_at")
    return [_columns(one, *names) for one in checkins.of_case(session, case.id)]


def _links(session: Session, case: Case, reader: Reader) -> list[Values]:
    return [
        {"kind": one.kind.value, "reference": one.case.reference}
        for one in links.of_case(session, reader.actor, case)
    ]


def _events(session: Session, case: Case, _: Reader) -> list[Values]:
    names = ("case_id", "number", "at", "action", "before", "after", "role", "staff_id", "data")
    return [
        _columns(event, *names) | {"hash": event.hash.hex()}
        for event in events.history(session, case.id)
    ]


def _chain(_session: Session, case: Case, _: Reader) -> Values:
    return {"head": case.head_hash.hex(), "events": case.event_count, "how": HOW_CHAINED}


Part = Callable[[Session, Case, Reader], Any]

PARTS: dict[str, Part] = {
    "case": _facts,
    "origin": _origin,
    "messages": _messages,
    "files": _files,
    "clocks": _clocks,
    "pauses": _pauses,
    "extensions": _extensions,
    "check_ins": _checkins,
    "links": _links,
    "events": _events,
    "chain": _chain,
}


def staff_named(session: Session, found: Values) -> list[Values]:
    """The people of the office that the parts name by id: name and organisation, no address."""
    rows = sorted(set(_staff_ids(found)))
    people = session.exec(select(Staff).where(col(Staff.id).in_(rows)).order_by(col(Staff.id)))
    return [_columns(person, "id", "name", "organisation", "role") for person in people]


def _staff_ids(found: Any) -> Iterable[int]:
    if isinstance(found, list):
        for one in found:
            yield from _staff_ids(one)
    elif isinstance(found, dict):
        for name, value in found.items():
            if name in ("staff_id", "asked_by", "decided_by") and isinstance(value, int):
                yield value
            else:
                yield from _staff_ids(value)


def _columns(row: Table, *names: str) -> Values:
    return {name: plain(getattr(row, name)) for name in names}


def plain(value: Any) -> Any:
    """A value of a column as JSON has it: codes as texts, moments in ISO 8601 in UTC."""
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, datetime) else value
