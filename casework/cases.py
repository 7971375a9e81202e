"""What staff do to a case: advance, triage, assign; and how cases are found.

Each change checks ``lifecycle``, writes one event, keeps the clocks and promises a notice, all in
the caller's transaction. Nothing here commits and nothing asks the clock on the wall.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from casework import admission, conflicts, findings, issues, lifecycle, prompts, reweighing, seeing
from casework.actors import Actor
from casework.audit import events, evidence
from casework.categories import CATEGORIES
from casework.db import Session, for_change
from casework.deadlines import pausing, promises, sweeping
from casework.errors import BadInput
from casework.messaging import checkins, messages, outbox
from casework.models import Case, Link, Staff
from casework.remedy import remedies, suppliers
from casework.standing import standing
from casework.vocabulary import (
    Action,
    Category,
    CheckInCause,
    Direction,
    Inadmissible,
    LinkKind,
    MessageKind,
    Notice,
    Referral,
    Resolution,
    Severity,
    Status,
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action does besides moving the status."""

    message: MessageKind | None = None
    """The kind of message its text becomes; with one, the text is required."""
    to_worker: bool = True
    notice: Notice | None = None


EFFECTS: dict[Action, Effect] = {
    Action.ACKNOWLEDGE: Effect(notice=Notice.ACKNOWLEDGED),
    Action.ASK: Effect(MessageKind.QUESTION, notice=Notice.QUESTION),
    Action.REPLY: Effect(MessageKind.REPLY, notice=Notice.REPLY),
    Action.NOTE: Effect(MessageKind.NOTE, to_worker=False),
    Action.PROTECT: Effect(MessageKind.PROTECTION, to_worker=False),
    Action.NOTIFY_FACTORY: Effect(),
    Action.ASSESS: Effect(notice=Notice.ASSESSING),
    Action.INVESTIGATE: Effect(notice=Notice.INVESTIGATING),
    Action.PROPOSE_REMEDY: Effect(MessageKind.REMEDY, notice=Notice.REMEDY_PROPOSED),
    Action.CONCLUDE: Effect(MessageKind.OUTCOME, notice=Notice.OUTCOME),
    Action.RESOLVE: Effect(notice=Notice.RESOLVED),
    Action.CLOSE: Effect(notice=Notice.CLOSED),
    Action.REFER: Effect(MessageKind.OUTCOME, notice=Notice.REFERRED),
    Action.REJECT: Effect(MessageKind.OUTCOME, notice=Notice.INADMISSIBLE),
}
"""The actions of staff that ``advance`` takes. What they do to clocks: ``casework.deadlines.promised``."""

_MAY_HARM = {
    Action.NOTIFY_FACTORY: CheckInCause.FACTORY_TOLD,
    Action.CLOSE: CheckInCause.CLOSED,
}
"""After these the worker is asked whether anyone treats her badly because of her complaint."""


def advance(
    session: Session,
    case: Case,
    action: Action,
    *,
    by: Actor,
    now: datetime,
    text: str = "",
    declared: bool = False,
    announced: bool = True,
    reason: Inadmissible | Referral | None = None,
) -> Case:
    """Staff take one step of ``EFFECTS``; ``NotAllowed`` or ``BadInput`` says why not.

    Who decides anything has ``declared`` to have no tie in the case, with this step or before.
    Asking or replying to a case nobody acknowledged yet acknowledges it: a person has answered.
    Without ``announced`` the worker is told nothing: the same words reach them by another case.
    Rejecting and referring need a ``reason`` of their own list; telling the outcome, a finding for
    each issue (``casework.findings``), which is told with it.
    """
    effect = EFFECTS[action]
    text = text.strip()
    after = check(session, case, action, by=by, now=now, text=text, reason=reason)
    signed = conflicts.declared_for(session, case, action, by=by, now=now, declared=declared)
    sweeping.catch_up(session, case, now)
    if case.status is Status.RECEIVED and action in (Action.ASK, Action.REPLY):
        _acknowledge(session, case, by, now)
        after = case.status
    before, case.status = case.status, after
    data: dict[str, Any] = {}
    message = None
    if action is Action.CONCLUDE:
        data |= findings.tell(session, case, by=by, now=now)
    if effect.message:
        direction = Direction.TO_WORKER if effect.to_worker else Direction.INTERNAL
        message = messages.write(
            session, case, effect.message, direction, by=by, now=now, text=text
        )
        data |= messages.evidence(session, message)
    data |= signed
    _keep_dates(case, action, now)
    data |= admission.keep(case, action, reason, now)
    if by.handles_cases:
        case.unread = False
    session.flush()
    if not case.open_question:
        data |= pausing.end(session, case, now)
    data |= promises.follow(session, case, action, now)
    if action in _MAY_HARM:
        checkins.plan(session, case, _MAY_HARM[action], now)
    events.record(session, case, action, by=by, now=now, before=before, data=data)
    if effect.notice and case.reporter_id is not None and announced:
        outbox.tell(
            session,
            case.reporter_id,
            effect.notice,
            now=now,
            case=case,
            message_id=message.id if message else None,
        )
    return case


def check(
    session: Session,
    case: Case,
    action: Action,
    *,
    by: Actor,
    now: datetime,
    text: str,
    reason: Inadmissible | Referral | None = None,
) -> Status:
    """Where a step of ``EFFECTS`` leads; ``NotAllowed`` or ``BadInput`` says why it can't be taken."""
    after = lifecycle.check(standing(case, by), action, by.role, now)
    if EFFECTS[action].message and not text:
        raise BadInput("Write the text first: this step needs words.")
    if action is Action.PROPOSE_REMEDY:
        remedies.require_plan(session, case)
    admission.check(session, case, action, reason)
    if action is Action.CONCLUDE:
        findings.check_complete(session, case)
    return after


@dataclass(frozen=True, slots=True)
class Triage:
    """What a handler found at triage. ``issues`` are category and kind (``""``: not known)."""

    severity: Severity
    issues: tuple[tuple[Category, str], ...]
    restricted: bool = False
    retaliation_risk: bool = False
    summary: str = ""


def triage(session: Session, case: Case, found: Triage, *, by: Actor, now: datetime) -> Case:
    """Set severity, issues, flags and summary. A new severity moves the open clocks."""
    lifecycle.check(standing(case, by), Action.TRIAGE, by.role, now)
    if not found.issues:
        raise BadInput("Choose at least one category: a case is about something.")
    for category, kind in found.issues:
        if kind and kind not in CATEGORIES[category].kinds:
            raise BadInput("This kind does not belong to the category. Choose another.")
    prompts.check_severity(found.severity, found.issues)
    sweeping.catch_up(session, case, now)
    promises.follow(session, case, Action.TRIAGE, now)  # in time or not by the severity so far
    before = case.severity
    kinds, newly = (case.severity, case.category), found.restricted and not case.restricted
    case.severity = found.severity
    case.category = found.issues[0][0]
    case.restricted = found.restricted
    case.retaliation_risk = found.retaliation_risk
    messages.seal_summary(session, case, found.summary.strip())
    issues.replace(session, case, found.issues, now)
    session.flush()
    data = reweighing.follow(session, case, kinds, now)
    if newly:
        data |= suppliers.close(session, case, now)
    _record_triage(session, case, before, data, by, now)
    if found.restricted:
        for other in _led_to(session, case):
            other.restricted = True
            ended = reweighing.end_pause(session, other, now)
            ended |= suppliers.close(session, other, now)
            _record_triage(session, other, other.severity, ended, by, now)
    return case


def assign(
    session: Session,
    case: Case,
    to: Staff | None,
    *,
    by: Actor,
    now: datetime,
    away: Mapping[str, int] | None = None,
) -> Case:
    """Give a case to a handler, or to nobody. ``BadInput`` if that person can't have it.

    ``away`` goes into the event where somebody's absence is why (``casework.office.leaves``).
    """
    lifecycle.check(standing(case, by), Action.ASSIGN, by.role, now)
    if to is not None:
        check_assignee(session, case, to)
    data: dict[str, Any] = {"from": case.assignee_id, "to": to.id if to else None, **(away or {})}
    case.assignee_id = to.id if to else None
    events.record(session, case, Action.ASSIGN, by=by, now=now, before=case.status, data=data)
    return case


def by_reference(session: Session, reference: str, *, lock: bool = False) -> Case | None:
    """The case of a reference. ``lock`` it before changing it."""
    statement = select(Case).where(Case.reference == reference)
    return session.exec(for_change(statement) if lock else statement).first()


issues_of = issues.of_case
"""The issues of a case, the first one named first."""


def of_reporter(session: Session, reporter_id: int, limit: int = 10) -> list[Case]:
    """A reporter's cases, newest first."""
    statement = select(Case).where(Case.reporter_id == reporter_id)
    return list(session.exec(statement.order_by(col(Case.id).desc()).limit(limit)))


def _acknowledge(session: Session, case: Case, by: Actor, now: datetime) -> None:
    case.status = Status.ACKNOWLEDGED
    case.acknowledged_at = now
    promises.follow(session, case, Action.ACKNOWLEDGE, now)
    events.record(session, case, Action.ACKNOWLEDGE, by=by, now=now, before=Status.RECEIVED)


def _keep_dates(case: Case, action: Action, now: datetime) -> None:
    match action:
        case Action.ACKNOWLEDGE:
            case.acknowledged_at = now
        case Action.ASK:
            case.open_question = True
        case Action.NOTIFY_FACTORY:
            case.factory_told_at = now
        case Action.CONCLUDE:
            case.asked_at = now
            case.open_question = False
        case Action.RESOLVE:
            case.resolution, case.decided_at = Resolution.UNANSWERED, now
            case.open_question = False
        case Action.REFER | Action.REJECT:
            case.decided_at = now
            case.open_question = False
        case _:
            pass


def _record_triage(
    session: Session,
    case: Case,
    before: Severity,
    moved: dict[str, Any],
    by: Actor,
    now: datetime,
) -> None:
    """Write down what a triage left; who may not see the case any more loses it."""
    data: dict[str, Any] = moved | {
        "severity": [before.value, case.severity.value],
        "issues": [[one.category.value, one.kind] for one in issues.of_case(session, case.id)],
        "restricted": case.restricted,
        "retaliation-risk": case.retaliation_risk,
        "summary": evidence.summary(session, case),
    }
    if case.restricted and (outsider := _outsider(session, case)):
        data["unassigned"] = outsider.id
        case.assignee_id = None
    events.record(session, case, Action.TRIAGE, by=by, now=now, before=case.status, data=data)


def _led_to(session: Session, case: Case) -> list[Case]:
    """Cases about retaliation because of this one, and the same told twice, that more may see than
    this one: what is said there tells what this one is about."""
    mine, kind = col(Link.case_id) == case.id, col(Link.kind)
    theirs = sa.and_(col(Link.other_id) == case.id, kind == LinkKind.DUPLICATE)
    led = sa.and_(mine, kind.in_((LinkKind.RETALIATION, LinkKind.DUPLICATE)))
    statement = select(Case).where(
        col(Case.restricted).is_(False),
        sa.or_(
            col(Case.id).in_(sa.select(col(Link.other_id)).where(led)),
            col(Case.id).in_(sa.select(col(Link.case_id)).where(theirs)),
        ),
    )
    return list(session.exec(for_change(statement.order_by(col(Case.id)))))


def _outsider(session: Session, case: Case) -> Staff | None:
    """The assignee who may not see a case that has become restricted."""
    assignee = session.get(Staff, case.assignee_id) if case.assignee_id is not None else None
    return assignee if assignee and not assignee.restricted_pool else None


def check_assignee(session: Session, case: Case, to: Staff) -> None:
    """``BadInput`` says why somebody can't have a case."""
    if not to.active or to.role not in lifecycle.HANDLING_ROLES:
        raise BadInput("This person does not handle cases. Choose a case handler.")
    if case.restricted and not to.restricted_pool:
        raise BadInput("This case is restricted: choose somebody of the restricted pool.")
    if not seeing.sees(session, to, case):
        raise BadInput("This person may not see the case. Choose somebody else.")
    if to.id == case.previous_assignee_id:
        raise BadInput("The worker appealed: choose somebody who did not handle the case before.")
    if to.away_until is not None:
        raise BadInput(
            "This person is away until %(day)s. Choose somebody else.", day=to.away_until
        )
