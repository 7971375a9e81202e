"""What was found about each issue of a case, why, and how the worker is told.

A finding is kept with its issue. When the outcome is told, each is told with its reason, as a
message of its own, and the event of that step names them: so what the worker was told stays, also
where it is found otherwise after an appeal.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from casework import conflicts, issues, lifecycle
from casework.actors import Actor
from casework.audit import events
from casework.categories import CATEGORIES
from casework.db import Session
from casework.errors import BadInput
from casework.messaging import beside, messages
from casework.messaging.beside import Wording
from casework.models import Case, CaseEvent, Issue
from casework.outcomes import IS_SO, needs_finding
from casework.standing import standing
from casework.vocabulary import Action, Direction, Finding, Gravity, MessageKind, VersionBy

_PLACE = ("issue", "reason_sealed")
_READ = ("issue", "worker_reads_sealed")


@dataclass(frozen=True, slots=True)
class Found:
    """What a handler found about an issue. ``reason`` is told to the worker; where it stands in
    another ``language`` than hers, ``worker_reads`` says the same in hers."""

    finding: Finding
    reason: str
    gravity: Gravity | None = None
    language: str = ""
    worker_reads: str = ""


def decide(
    session: Session,
    case: Case,
    issue: Issue,
    found: Found,
    *,
    by: Actor,
    now: datetime,
    declared: bool = False,
) -> Issue:
    """Keep what was found about an issue, in place of what was found before. Who finds it has
    ``declared`` to have no tie in the case, with this step or before."""
    lifecycle.check(standing(case, by), Action.FINDING, by.role, now)
    reason = found.reason.strip()
    if not reason:
        raise BadInput("Write the reason: the worker is told why.")
    if not needs_finding(issue.category):
        raise BadInput("A question or a suggestion is answered: it needs no finding.")
    hers = found.language in ("", case.language) or case.reporter_id is None
    if not hers and not found.worker_reads.strip():
        raise BadInput("Write what the worker will read.")
    gravity = _gravity(issue, found)
    signed = conflicts.declared_for(
        session, case, Action.FINDING, by=by, now=now, declared=declared
    )
    issue.finding, issue.gravity = found.finding, gravity
    issue.finding_at, issue.finding_by = now, by.staff_id
    issue.reason_sealed = session.vault.seal_text(*_PLACE, issue.id, reason)
    issue.reason_language = "" if hers else found.language
    read = "" if hers else found.worker_reads.strip()
    issue.worker_reads_sealed = session.vault.seal_text(*_READ, issue.id, read) if read else None
    data = _facts(issue) | {"digest": _digest(session, issue, reason + read)} | signed
    events.record(session, case, Action.FINDING, by=by, now=now, before=case.status, data=data)
    return issue


def reason_of(session: Session, issue: Issue) -> str:
    """Why an issue was found to be so, ``""`` where nothing was found yet."""
    sealed = issue.reason_sealed
    return session.vault.open_text(*_PLACE, issue.id, sealed) if sealed else ""


def worker_reads(session: Session, issue: Issue) -> str:
    """The same in the worker's language, ``""`` where the reason itself stands in it."""
    sealed = issue.worker_reads_sealed
    return session.vault.open_text(*_READ, issue.id, sealed) if sealed else ""


def replace(session: Session, issue: Issue, old: str, new: str) -> str:
    """Put other words in the place of some in a reason: only to black out. What stood there before,
    ``""`` where they did not."""
    before, read = reason_of(session, issue), worker_reads(session, issue)
    if old not in before and old not in read:
        return ""
    issue.reason_sealed = session.vault.seal_text(*_PLACE, issue.id, before.replace(old, new))
    if read:
        text = read.replace(old, new)
        issue.worker_reads_sealed = session.vault.seal_text(*_READ, issue.id, text)
    return "\n".join(filter(None, (before, read)))


def undecided(session: Session, case: Case) -> list[Issue]:
    """The issues that need a finding and have none, or none since the worker appealed."""
    since = _contested_at(session, case)
    return [
        issue
        for issue in issues.of_case(session, case.id)
        if needs_finding(issue.category)
        and (issue.finding_at is None or (since is not None and issue.finding_at < since))
    ]


def check_complete(session: Session, case: Case) -> None:
    """``BadInput`` unless everything that the case is about has its finding."""
    if not issues.of_case(session, case.id):
        raise BadInput("Say first what the case is about: triage it.")
    if undecided(session, case):
        raise BadInput(
            "Say first what you found about each issue, on the page “Work” of this case: the worker is"
            " told it with the outcome."
        )


def tell(session: Session, case: Case, *, by: Actor, now: datetime) -> dict[str, Any]:
    """Write to the worker what was found about each issue; what the event of the step says of it."""
    told, read_by_her = [], []
    for issue in issues.of_case(session, case.id):
        if issue.finding is None:
            continue
        message = messages.write(
            session,
            case,
            MessageKind.FINDING,
            Direction.TO_WORKER,
            by=by,
            now=now,
            text=reason_of(session, issue),
        )
        told.append(_facts(issue) | messages.evidence(session, message))
        if read := worker_reads(session, issue):
            message.language = issue.reason_language
            wording = Wording(read, case.language, VersionBy.STAFF)
            version = beside.write(session, case, wording, by=by, now=now, message_id=message.id)
            session.flush()
            read_by_her.append(beside.evidence(session, version))
    return {"findings": told} | ({"translations": read_by_her} if read_by_her else {})


def _gravity(issue: Issue, found: Found) -> Gravity | None:
    if found.finding not in IS_SO:
        return None
    if found.gravity is None:
        raise BadInput("Choose whether it is major or minor.")
    if found.gravity is Gravity.MINOR and CATEGORIES[issue.category].zero_tolerance:
        raise BadInput("There is zero tolerance for this: it is major.")
    return found.gravity


def _facts(issue: Issue) -> dict[str, Any]:
    return {
        "issue": issue.id,
        "category": issue.category.value,
        "kind": issue.kind,
        "finding": issue.finding.value if issue.finding else None,
        "gravity": issue.gravity.value if issue.gravity else None,
    }


def _digest(session: Session, issue: Issue, reason: str) -> str:
    return session.vault.index("issue", f"{issue.id}\0{reason}").hex()


def _contested_at(session: Session, case: Case) -> datetime | None:
    """When the worker disputed or appealed the last time."""
    statement = select(CaseEvent.at).where(
        CaseEvent.case_id == case.id,
        col(CaseEvent.action).in_((Action.DISPUTE, Action.APPEAL)),
    )
    return session.exec(statement.order_by(col(CaseEvent.number).desc()).limit(1)).first()
