"""The versions of the policy: the next one written, all of them kept for ever, compared and listed.

Which one holds: ``casework.deadlines.policing``. What a new one moves: ``casework.deadlines.recalculating``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from casework import places
from casework.actors import Actor
from casework.db import Session, for_change
from casework.deadlines import clocks, comparing, policies, policing, recalculating, sweeping
from casework.deadlines.clocks import Unit
from casework.deadlines.comparing import Difference
from casework.deadlines.policies import Policy
from casework.errors import BadInput, NotAllowed
from casework.ids import new_id
from casework.lifecycle import LEADING
from casework.models import Calendar, PolicyVersion, Staff


@dataclass(frozen=True, slots=True)
class Version:
    """One version: who made it when and why, and what differs from the one before it."""

    number: int
    at: datetime
    by: Staff | None
    why: str
    differences: tuple[Difference, ...]


class Overtaken(BadInput):
    """Somebody else saved a version meanwhile."""


def save(session: Session, policy: Policy, why: str, *, by: Actor, now: datetime) -> int:
    """Let a policy hold from now on; how many due times of open cases moved.

    ``policy.number`` is that of the version it was made from: ``Overtaken`` where that one holds no
    more. ``BadInput`` where nothing differs or an office is open too little for a span.
    """
    if by.role not in LEADING:
        raise NotAllowed("Only supervisors and administrators change the policy.")
    # Whoever counts many cases anew locks calendars first: then none waits for a case of another.
    offices = list(session.exec(for_change(select(Calendar).order_by(col(Calendar.id)))))
    before = policing.current(session)
    if policy.number != before.number:
        raise Overtaken(
            "Somebody changed the policy while you did. Your changes are still here: look at what is"
            " new in the history, then save again."
        )
    if not comparing.differences(before, policy):
        raise BadInput("Nothing differs from what holds already.")
    _count_everywhere(offices, policy, now)
    # What is overdue was missed by the policy of then, also what the next one doesn't promise.
    while sweeping.sweep(session, now):
        pass
    session.add(
        PolicyVersion(
            id=new_id(now),
            number=before.number + 1,
            at=now,
            staff_id=by.staff_id,
            why=why,
            data=policies.to_data(policy),
        )
    )
    session.flush()
    return recalculating.of_all(session, before, by=by, now=now)


def versions(session: Session, limit: int | None = None) -> list[Version]:
    """The newest versions, newest first; what came along is none of them."""
    newest = select(PolicyVersion, Staff).outerjoin(Staff, col(Staff.id) == PolicyVersion.staff_id)
    newest = newest.order_by(col(PolicyVersion.number).desc())
    if limit is not None:
        newest = newest.limit(limit + 1)  # the oldest of them is compared with one more
    rows = list(session.exec(newest))
    read = [policies.from_data(row.data, row.number) for row, _ in rows]
    older = [*read, policies.DEFAULT][1:]
    return [
        Version(row.number, row.at, staff, row.why, comparing.differences(old, new))
        for (row, staff), new, old in zip(rows, read, older, strict=True)
    ][:limit]


def _count_everywhere(offices: Iterable[Calendar], policy: Policy, now: datetime) -> None:
    """Refuse a span that no clock could be started with: a worker's complaint would be lost."""
    spans = {
        line.span
        for line in (*policy.lines.values(), *policy.exceptions.values())
        if line and line.span.unit in (Unit.WORKING_HOURS, Unit.WORKING_DAYS)
    }
    for office in offices:
        calendar = places.working_time(office)
        for span in sorted(spans, key=str):
            try:
                clocks.passed(now, calendar, span)
            except BadInput:
                raise BadInput(
                    "%(office)s is open too little for a span of %(span)s.",
                    office=office.name,
                    span=span,
                ) from None
