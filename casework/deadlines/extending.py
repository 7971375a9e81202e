"""Extensions: more time than was promised, asked for with a reason, decided by another person.

The worker is told the new date and why. What was missed by then stays missed.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import col, select

from casework import lifecycle, places, seeing
from casework.actors import Actor
from casework.audit import events
from casework.db import Session, for_change
from casework.deadlines import promises, sweeping
from casework.errors import BadInput, NotAllowed
from casework.ids import new_id
from casework.messaging import messages, outbox
from casework.models import Case, Clock, Extension, Staff
from casework.office import telling
from casework.searching import queue
from casework.standing import standing
from casework.vocabulary import (
    Action,
    Direction,
    ExtensionReason,
    MessageKind,
    Notice,
    Promise,
    Recipient,
    StaffNoticeKind,
)

EXTENDABLE = frozenset({Promise.INVESTIGATE, Promise.REMEDY, Promise.OUTCOME, Promise.APPEAL})
"""What may take longer than anybody could know. That a person reads, answers, protects and keeps in
touch may not."""
LONGEST = timedelta(days=184)
"""So far behind the old date the new one may lie (our default)."""


def ask(
    session: Session,
    case: Case,
    clock_id: int,
    until: date,
    reason: ExtensionReason,
    words: str,
    *,
    by: Actor,
    now: datetime,
) -> Extension:
    """Ask for more time, until the office closes on a day; ``BadInput`` or ``NotAllowed`` says why
    not. ``words`` are for who decides; the worker reads the reason alone."""
    lifecycle.check(standing(case, by), Action.ASK_EXTENSION, by.role, now)
    assert by.staff_id is not None
    sweeping.catch_up(session, case, now)
    clock = _extendable(session, case, clock_id)
    if waiting_for(session, clock.id):
        raise NotAllowed("More time is asked for already: wait until that is decided.")
    if not words.strip():
        raise BadInput("Write why, for whoever decides it.")
    calendar = places.calendar_for(session, places.factory_of(session, case.factory_id))
    until_at = calendar.close(calendar.working_day_from(until))
    if not max(clock.due_at, now) < until_at <= max(clock.due_at, now) + LONGEST:
        raise BadInput(
            "Choose a day after %(day)s, at most six months later.",
            day=clock.due_at.astimezone(calendar.zone).date(),
        )
    message = messages.write(
        session, case, MessageKind.EXTENSION, Direction.INTERNAL, by=by, now=now, text=words.strip()
    )
    session.flush()
    extension = Extension(
        id=new_id(now),
        case_id=case.id,
        clock_id=clock.id,
        reason=reason,
        message_id=message.id,
        before=clock.due_at,
        until=until_at,
        asked_at=now,
        asked_by=by.staff_id,
    )
    session.add(extension)
    session.flush()
    data = _data(extension, clock) | messages.evidence(session, message)
    events.record(
        session, case, Action.ASK_EXTENSION, by=by, now=now, before=case.status, data=data
    )
    # Who asked does not decide, and handlers don't: where no supervisor is left, the admins are told.
    able = [
        person
        for person in telling.handling(session)
        if person.id != by.staff_id and person.role in lifecycle.LEADING
    ]
    conflicted = seeing.conflicted_in(session, [case.id]).get(case.id, frozenset())
    others = telling.recipients(able, case, (Recipient.SUPERVISORS,), conflicted)
    telling.of_extension(session, case, extension, StaffNoticeKind.EXTENSION_ASKED, others, now)
    return extension


def decide(
    session: Session, case: Case, extension: Extension, approve: bool, *, by: Actor, now: datetime
) -> None:
    """Approve or refuse; ``NotAllowed`` where it is decided, or for who asked, ``BadInput`` where
    the day to be promised has passed."""
    action = Action.EXTEND if approve else Action.REFUSE_EXTENSION
    lifecycle.check(standing(case, by), action, by.role, now)
    if extension.decided_at is not None:
        raise NotAllowed("This is decided already.")
    if extension.asked_by == by.staff_id:
        raise NotAllowed("Somebody else decides about what you asked for.")
    sweeping.catch_up(session, case, now)
    clock = _extendable(session, case, extension.clock_id)
    if approve and extension.until <= now:
        # The worker would be promised a day that has passed.
        calendar = places.calendar_for(session, places.factory_of(session, case.factory_id))
        raise BadInput(
            "Choose a day after %(day)s, at most six months later.",
            day=now.astimezone(calendar.zone).date(),
        )
    extension.decided_at, extension.decided_by, extension.approved = now, by.staff_id, approve
    if approve:
        promises.extend(session, case, clock, extension.until, now)
    session.flush()
    events.record(
        session,
        case,
        action,
        by=by,
        now=now,
        before=case.status,
        data=_data(extension, clock),
    )
    kind = StaffNoticeKind.EXTENDED if approve else StaffNoticeKind.EXTENSION_REFUSED
    asker = [p for p in telling.handling(session) if p.id == extension.asked_by]
    allowed = [p for p in asker if seeing.sees(session, p, case)]
    telling.of_extension(session, case, extension, kind, allowed, now)
    if approve and case.reporter_id is not None:
        told = {
            "promise": clock.promise.value,
            # Not when it is due now: a pause may hold it up until then, and ends when she answers.
            "until": extension.until.isoformat(),
            "reason": extension.reason.value,
        }
        outbox.tell(session, case.reporter_id, Notice.EXTENDED, now=now, case=case, data=told)


def of_case(session: Session, case_id: int) -> list[Extension]:
    """All that was asked for in a case, oldest first."""
    statement = select(Extension).where(Extension.case_id == case_id)
    return list(session.exec(statement.order_by(col(Extension.asked_at), col(Extension.id))))


def in_force(session: Session, case: Case) -> list[tuple[Clock, Extension]]:
    """What is owed later than it was first, and the newest extension that says so; the first due
    before the others."""
    owed = [c for c in promises.of_case(session, case.id) if c.extended_to and promises.is_owed(c)]
    approved = {e.clock_id: e for e in of_case(session, case.id) if e.approved} if owed else {}
    return [(clock, approved[clock.id]) for clock in owed if clock.id in approved]


def find(session: Session, case: Case, row: int, *, lock: bool = False) -> Extension | None:
    """An extension of a case. ``lock`` it before deciding."""
    statement = select(Extension).where(Extension.id == row, Extension.case_id == case.id)
    return session.exec(for_change(statement) if lock else statement).first()


def waiting_for(session: Session, clock_id: int) -> Extension | None:
    """What is asked for a clock and not decided."""
    statement = select(Extension).where(
        Extension.clock_id == clock_id, col(Extension.decided_at).is_(None)
    )
    return session.exec(statement).first()


@dataclass(frozen=True, slots=True)
class Asked:
    """More time that somebody asked for and nobody decided yet."""

    extension: Extension
    promise: Promise
    case: Case
    asker: str


def to_decide(session: Session, by: Actor, limit: int = 25) -> list[Asked]:
    """What waits for a decision of ``by``, oldest first: not what they asked for themselves, and
    not where the promise was kept meanwhile or fell away."""
    statement = (
        select(Extension, Clock.promise, Case, Staff.name)
        .join(Case, col(Case.id) == col(Extension.case_id))
        .join(Clock, col(Clock.id) == col(Extension.clock_id))
        .join(Staff, col(Staff.id) == col(Extension.asked_by))
        .where(
            col(Extension.decided_at).is_(None),
            Extension.asked_by != by.staff_id,
            col(Clock.met_at).is_(None),
            col(Clock.cancelled_at).is_(None),
            *queue.visible(by),
        )
        .order_by(col(Extension.asked_at), col(Extension.id))
        .limit(limit)
    )
    found = session.execute(statement)
    return [Asked(row, promise, case, asker) for row, promise, case, asker in found]


def _extendable(session: Session, case: Case, clock_id: int) -> Clock:
    clock = next((c for c in promises.of_case(session, case.id) if c.id == clock_id), None)
    if clock is None or clock.promise not in EXTENDABLE:
        raise NotAllowed("There can be no more time for this promise.")
    if not promises.is_owed(clock):
        raise NotAllowed("This promise is kept or fell away: it needs no more time.")
    return clock


def _data(extension: Extension, clock: Clock) -> dict[str, Any]:
    return {
        "extension": extension.id,
        "promise": clock.promise.value,
        "before": extension.before.isoformat(),
        "until": extension.until.isoformat(),
        "reason": extension.reason.value,
    }
