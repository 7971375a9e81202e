"""Cases that staff link by hand: duplicates, retaliation, and one matter of several workers.

What each kind does to the later case is done here, with an event in both. A link says nothing to
any worker; each keeps a case of her own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from casework import lifecycle, links, reweighing
from casework.actors import Actor
from casework.audit import events
from casework.db import Session
from casework.deadlines import pausing, promises, sweeping
from casework.errors import BadInput, NotAllowed
from casework.lifecycle import OPEN
from casework.messaging import checkins, outbox
from casework.models import Case, Staff
from casework.office import telling
from casework.standing import standing
from casework.vocabulary import (
    Action,
    CheckInCause,
    LinkKind,
    Notice,
    Recipient,
    Severity,
    StaffNoticeKind,
    Status,
)


def link(
    session: Session,
    case: Case,
    other: Case,
    kind: LinkKind,
    *,
    by: Actor,
    now: datetime,
    same_worker: bool = False,
) -> None:
    """Link two cases that the actor may see; ``BadInput`` or ``NotAllowed`` says why not.

    Which one is the later is decided by when they were received. Two cases that came from different
    phones are duplicates only if somebody knows that it is the ``same_worker``.
    """
    if case.id == other.id:
        raise BadInput("This is the case itself. Write the number of another one.")
    if case.practice is not other.practice:
        raise BadInput("One of the two is practice: only real cases are linked with real ones.")
    if links.between(session, case, other, kind):
        raise BadInput("These two are linked that way already.")
    first, later = sorted((case, other), key=lambda one: (one.received_at, one.id))
    changed: dict[int, dict[str, Any]] = {}
    if kind is LinkKind.DUPLICATE:
        if not (same_worker or _one_worker(first, later)):
            raise BadInput(
                "These two came from different phones. Two workers with one matter are linked as"
                " several workers. If you know that it is the same worker, tick the box."
            )
        for one, beside in ((first, later), (later, first)):
            changed[one.id] = _restrict_like(session, one, beside, now)
    if kind is LinkKind.RETALIATION:
        changed[later.id] = _make_urgent(session, later, now) | _restrict_like(
            session, later, first, now
        )
        first.retaliation_risk = later.retaliation_risk = True
    links.link(session, first, later, kind, now=now, by=by, changed=changed)
    if kind is LinkKind.RETALIATION:
        telling.of_case(
            session,
            later,
            StaffNoticeKind.RETALIATION,
            (Recipient.SUPERVISORS,),
            now,
            not_to=by.staff_id,
        )


def unlink(
    session: Session, case: Case, other: Case, kind: LinkKind, *, by: Actor, now: datetime
) -> None:
    """Take a link that staff made away; what it changed in the cases stays as it is."""
    found = links.between(session, case, other, kind)
    if found is None:
        raise BadInput("These two are not linked that way any more. Reload the page.")
    for one in (case, other):
        lifecycle.check(standing(one, by), Action.UNLINK, by.role, now)
    if found.staff_id is None:
        raise NotAllowed("The worker’s own answer linked these two: that stays.")
    later = other if found.other_id == other.id else case
    if kind is LinkKind.DUPLICATE and later.status is Status.CLOSED:
        raise NotAllowed("The later case has ended as a duplicate: the link stays.")
    session.delete(found)
    session.flush()
    links.note(session, case, other, Action.UNLINK, kind, by=by, now=now)


def duplicate_of(session: Session, actor: Actor, case: Case) -> Case | None:
    """The earlier case in which this one goes on, if it may be ended as its duplicate.

    That is only where the worker finds the earlier one in the same place, or is told in person: an
    end that points elsewhere could show one worker the number of another one's case.
    """
    for one in links.of_case(session, actor, case):
        if one.kind is LinkKind.DUPLICATE and one.first:
            earlier = one.case
            if case.reporter_id in (None, earlier.reporter_id):
                return earlier
    return None


def end_duplicate(session: Session, case: Case, *, by: Actor, now: datetime) -> Case:
    """End a case that is told twice; the worker is told in which of her cases it goes on.

    She may appeal against it as against any end. Nothing that was promised here is owed any more.
    """
    after = lifecycle.check(standing(case, by), Action.END_DUPLICATE, by.role, now)
    first = duplicate_of(session, by, case)
    if first is None:
        raise NotAllowed(
            "Only a case that is linked as a duplicate of an earlier one of the same worker can end"
            " this way."
        )
    sweeping.catch_up(session, case, now)
    before, case.status = case.status, after
    case.decided_at, case.open_question, case.unread = now, False, False
    session.flush()
    for cause in CheckInCause:
        checkins.cancel(session, case, cause, now)
    data: dict[str, Any] = {"case": first.id, **pausing.end(session, case, now)}
    data |= promises.follow(session, case, Action.END_DUPLICATE, now)
    action = Action.END_DUPLICATE
    events.record(session, case, action, by=by, now=now, before=before, data=data)
    if case.reporter_id is not None:
        told = {"first": first.reference}
        outbox.tell(session, case.reporter_id, Notice.DUPLICATE, now=now, case=case, data=told)
    return case


def earliest(cases: Sequence[Case]) -> Case:
    """Of cases that become one matter, the one all others are linked to."""
    return min(cases, key=lambda one: (one.received_at, one.id))


def _one_worker(first: Case, later: Case) -> bool:
    return first.reporter_id is not None and first.reporter_id == later.reporter_id


def _make_urgent(session: Session, case: Case, now: datetime) -> dict[str, Any]:
    """Retaliation is critical from the moment somebody sees it (field.md: zero tolerance)."""
    if case.status not in OPEN or case.severity is Severity.CRITICAL:
        return {}
    sweeping.catch_up(session, case, now)
    before = case.severity
    case.severity = Severity.CRITICAL
    session.flush()
    data = reweighing.follow(session, case, (before, case.category), now)
    return {"severity": [before.value, case.severity.value], **data}


def _restrict_like(session: Session, case: Case, beside: Case, now: datetime) -> dict[str, Any]:
    """What is said in one case tells what the other is about: both are restricted, or neither."""
    if case.restricted or not beside.restricted:
        return {}
    case.restricted = True
    data: dict[str, Any] = {"restricted": True}
    owner = session.get(Staff, case.assignee_id) if case.assignee_id is not None else None
    if owner is not None and not owner.restricted_pool:
        data["unassigned"], case.assignee_id = owner.id, None
    session.flush()
    return data | reweighing.end_pause(session, case, now)
