"""Whether an action was really done: looked at by somebody who is no respondent and did not do it.

And once more some time after, because what was put right may not stay so.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, or_, select

from casework import conflicts, lifecycle
from casework.actors import Actor
from casework.db import Session
from casework.errors import BadInput, NotAllowed
from casework.ids import new_id
from casework.models import Case, Party, RemedyAction, RemedyEntry, Staff
from casework.places import fold
from casework.remedy import ledger, remedies, remedy_rules
from casework.remedy.remedy_rules import Standing, standing_of
from casework.searching import queue
from casework.standing import standing
from casework.vocabulary import (
    Action,
    PartyKind,
    RemedyOwner,
    RemedyState,
    RemedyStep,
    VerifiedBy,
)

LOOK_AGAIN_AFTER = timedelta(days=90)
"""When a person looks again whether it is still so, unless another day is chosen (our default)."""
MOST_WAITING = 25
"""Actions that today's work lists."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What somebody found who looked. ``verifier`` and ``organisation``: who, where it was nobody
    of the office."""

    done: bool
    how: VerifiedBy | None
    on: date
    words: str
    look_again_on: date | None = None
    verifier: str = ""
    organisation: str = ""


def verify(
    session: Session,
    case: Case,
    action: RemedyAction,
    finding: Finding,
    *,
    by: Actor,
    now: datetime,
) -> RemedyEntry:
    """Note that somebody looked, and what they found.

    ``NotAllowed`` where they are accused in the case, belong to an organisation that is, or say of
    their own work that it is done.
    """
    lifecycle.check(standing(case, by), Action.VERIFY_REMEDY, by.role, now)
    step = RemedyStep.VERIFIED if finding.done else RemedyStep.NOT_DONE
    after = remedy_rules.after(action.state, step)
    _check_words(finding, now)
    row = new_id(now)
    entry = RemedyEntry(
        id=row,
        action_id=action.id,
        at=now,
        step=step,
        verified_by=finding.how,
        verified_on=finding.on,
        organisation_index=_check_person(session, case, action, finding, by),
    )
    if finding.verifier.strip() or finding.organisation.strip():
        who = ", ".join(filter(None, (finding.verifier.strip(), finding.organisation.strip())))
        entry.verifier_sealed = session.vault.seal_text(
            "remedyentry", "verifier_sealed", row, who[:200]
        )
    action.state = after
    action.look_again_on = finding.look_again_on if finding.done else None
    return remedies.note(
        session,
        case,
        action,
        step,
        finding.words,
        by=by,
        now=now,
        entry=entry,
        event=Action.VERIFY_REMEDY,
        data={
            "how": finding.how.value if finding.how else None,
            "on": finding.on.isoformat(),
            "outsider": bool(entry.verifier_sealed),
            "again": action.look_again_on.isoformat() if action.look_again_on else None,
        },
    )


def look_again(
    session: Session,
    case: Case,
    action: RemedyAction,
    words: str,
    *,
    still_so: bool,
    again_on: date | None,
    by: Actor,
    now: datetime,
) -> RemedyEntry:
    """Somebody looked once more. What is no longer so is open again."""
    lifecycle.check(standing(case, by), Action.VERIFY_REMEDY, by.role, now)
    step = RemedyStep.LOOKED_AGAIN if still_so else RemedyStep.REOPENED
    after = remedy_rules.after(action.state, step)
    if not words.strip():
        raise BadInput("Say what you saw or heard, in words that only colleagues read.")
    _check_staff(session, case, action, by)
    action.state = after
    action.look_again_on = again_on if still_so else None
    return remedies.note(
        session,
        case,
        action,
        step,
        words,
        by=by,
        now=now,
        event=Action.VERIFY_REMEDY,
        data={"again": action.look_again_on.isoformat() if action.look_again_on else None},
    )


def standing_in(session: Session, case: Case) -> Standing:
    """What can be proved of the remedy of a case, out of its rows."""
    actions = remedies.of_case(session, case.id)
    looked = (e for e in remedies.entries_of(session, actions) if e.step is RemedyStep.VERIFIED)
    accused = _respondents(session, case)
    return standing_of(
        case,
        actions,
        looked,
        ledger.balances(ledger.entries_of(session, case.id)),
        respondents=frozenset(one.staff_id for one in accused if one.staff_id is not None),
        organisations=frozenset(o for one in accused if (o := one.organisation_index) is not None),
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """An action at which somebody has to look, and its case."""

    case: Case
    action: RemedyAction


def waiting(session: Session, actor: Actor, today: date) -> list[Waiting]:
    """What is said to be done and not verified, overdue, or due to be looked at again, in cases the
    actor may see: of a handler the own ones and those of nobody. At most one more than
    ``MOST_WAITING``, the longest due first."""
    statement = (
        select(Case, RemedyAction)
        .join(RemedyAction, col(RemedyAction.case_id) == col(Case.id))
        .where(
            *queue.visible(actor),
            col(Case.status).in_(lifecycle.REMEDIED),
            or_(
                RemedyAction.state == RemedyState.CLAIMED,
                (col(RemedyAction.state) == RemedyState.OPEN) & (RemedyAction.due_on < today),
                (col(RemedyAction.state) == RemedyState.REFUSED),
                col(RemedyAction.look_again_on) <= today,
            ),
        )
    )
    if actor.role not in lifecycle.LEADING:
        mine = col(Case.assignee_id)
        statement = statement.where(or_(mine == actor.staff_id, mine.is_(None)))
    statement = statement.order_by(col(RemedyAction.due_on), col(RemedyAction.id)).limit(
        MOST_WAITING + 1
    )
    return [Waiting(case, action) for case, action in session.exec(statement)]


def _check_words(finding: Finding, now: datetime) -> None:
    if finding.how is None:
        raise BadInput("Say how it was checked.")
    if finding.on > (now + timedelta(hours=14)).date():
        raise BadInput("This day is still to come. Verify it when somebody has looked.")
    if not finding.words.strip():
        raise BadInput("Say what you saw or heard, in words that only colleagues read.")
    if finding.look_again_on is not None and finding.look_again_on <= finding.on:
        raise BadInput("Choose a later day for looking again.")
    if finding.verifier.strip() and not finding.organisation.strip():
        raise BadInput("Say to which organisation the person who looked belongs.")


def _check_person(
    session: Session, case: Case, action: RemedyAction, finding: Finding, by: Actor
) -> bytes | None:
    """Refuse who may not verify; the keyed hash of the organisation of who may."""
    accused = _accused_organisations(session, case)
    if finding.organisation.strip():
        index = conflicts.organisation_index(session, finding.organisation)
        owner = remedies.words(session, action, "owner")
        if index in accused or _is_named(session, case, finding.verifier):
            raise _accused()
        if action.owner is RemedyOwner.OTHER and index == conflicts.organisation_index(
            session, owner
        ):
            raise _own_work()
        return index
    _check_staff(session, case, action, by)
    staff = session.get_one(Staff, by.staff_id)
    return conflicts.organisation_index(session, staff.organisation) if staff.organisation else None


def _accused() -> NotAllowed:
    return NotAllowed(
        "Who is accused in the case, or belongs to an organisation that is, can’t verify it. Ask"
        " somebody else."
    )


def _own_work() -> NotAllowed:
    return NotAllowed("Nobody verifies their own work. Ask somebody who did not do it.")


def _check_staff(session: Session, case: Case, action: RemedyAction, by: Actor) -> None:
    staff = session.get_one(Staff, by.staff_id)
    if any(one.staff_id == staff.id for one in _respondents(session, case)) or (
        staff.organisation
        and conflicts.organisation_index(session, staff.organisation)
        in _accused_organisations(session, case)
    ):
        raise _accused()
    claims = [
        entry.staff_id
        for entry in remedies.entries_of(session, [action])
        if entry.step is RemedyStep.CLAIMED
    ]
    if action.staff_id == staff.id or (claims and claims[-1] == staff.id):
        raise _own_work()


def _respondents(session: Session, case: Case) -> list[Party]:
    statement = select(Party).where(
        Party.case_id == case.id,
        Party.kind == PartyKind.RESPONDENT,
        col(Party.removed_at).is_(None),
    )
    return list(session.exec(statement))


def _is_named(session: Session, case: Case, name: str) -> bool:
    """Whether somebody who is accused is called so."""
    names = (
        session.vault.open_text("party", "name_sealed", one.id, one.name_sealed)
        for one in _respondents(session, case)
    )
    return bool(fold(name)) and fold(name) in map(fold, names)


def _accused_organisations(session: Session, case: Case) -> set[bytes]:
    return {o for one in _respondents(session, case) if (o := one.organisation_index) is not None}
