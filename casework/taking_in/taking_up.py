"""Writes past cases that were found good: all of them in one transaction, many rows at a time.

What was promised before the import was promised by others: no clock is made of it, so nothing warns,
escalates or counts as late. A case that ended stays as it ended. A case that is open goes on here:
its promises run from the import as if each step it has taken had been taken at that moment.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel, col, select

from casework import bulk
from casework.actors import Actor
from casework.audit import events
from casework.db import Session
from casework.deadlines import promises
from casework.deadlines.promises import ManyTerms
from casework.errors import BadInput
from casework.ids import new_id
from casework.lifecycle import ENDED
from casework.messaging import messages
from casework.models import Case, CaseEvent, Factory, ImportedCase, Issue
from casework.models.base import new_row
from casework.references import bare, new_reference
from casework.searching import searchwords
from casework.taking_in.importing import Plan, PlannedCase
from casework.vocabulary import Action, Category, Status

_SAME_MOMENT = 1_000
"""Milliseconds over which the ids of cases are spread that came at the same moment."""
_CHUNK = 500

_CASE, _ISSUE, _EVENT = (SQLModel.metadata.tables[name] for name in ("case", "issue", "caseevent"))
_ADD_CASE, _ADD_ISSUE, _ADD_EVENT = map(sa.insert, (_CASE, _ISSUE, _EVENT))


def apply(
    session: Session,
    plan: Plan,
    *,
    by: Actor,
    now: datetime,
    skip_bad: bool = False,
    practice: bool = False,
) -> int:
    """Write the good rows of a plan, in the caller's transaction; how many cases were added.

    ``BadInput`` where the plan has problems, unless ``skip_bad`` leaves those rows out.
    """
    if plan.problems and not (skip_bad and plan.readable):
        raise BadInput("The file has problems: nothing was imported.")
    references = _free_references(session, len(plan.good))
    terms = ManyTerms(session)
    places = _places(session, plan.good)
    cases: list[Case] = []
    issues, entries = [], []
    # The cases are written below, all at once; before that nothing may be that hangs on them.
    with session.no_autoflush:
        for one, reference in zip(plan.good, references, strict=True):
            case = _case(session, one, reference, now, practice)
            entries.append(_begin(session, case, one, by, now))
            issues.append(_issue(case, one, now))
            if case.status not in ENDED:
                promises.take_up(session, case, PATHS[case.status], terms.of(case), now)
            session.add(_origin(session, case, one, by))
            place = places.get(one.factory_id or 0, ())
            words = (one.facts.reference, one.facts.summary, *place)
            searchwords.add(session, case.id, bare(reference), *words)
            cases.append(case)
        bulk.write(session, _ADD_CASE, [_columns(case) for case in cases])
        bulk.write(session, _ADD_ISSUE, issues)
        bulk.write(session, _ADD_EVENT, entries)
    session.flush()
    return len(cases)


PATHS: dict[Status, tuple[Action, ...]] = {
    Status.RECEIVED: (Action.FILE,),
    Status.ACKNOWLEDGED: (Action.FILE, Action.ACKNOWLEDGE),
    Status.ASSESSING: (Action.FILE, Action.ACKNOWLEDGE),
    Status.INVESTIGATING: (Action.FILE, Action.ACKNOWLEDGE),
    Status.REMEDYING: (Action.FILE, Action.ACKNOWLEDGE, Action.PROPOSE_REMEDY),
    Status.VERIFYING: (Action.FILE, Action.ACKNOWLEDGE, Action.CONCLUDE),
    Status.APPEALED: (Action.FILE, Action.ACKNOWLEDGE, Action.CONCLUDE, Action.DISPUTE),
}
"""The steps that an open case of each status has taken elsewhere."""


def _case(
    session: Session, one: PlannedCase, reference: str, now: datetime, practice: bool
) -> Case:
    facts = one.facts
    # Ids are in the order of receipt: a search shows the newest first, and these are not new.
    spread = timedelta(milliseconds=secrets.randbelow(_SAME_MOMENT))
    row = new_id(facts.received + spread)
    ended = facts.status in ENDED
    case = new_row(
        Case,
        id=row,
        reference=reference,
        factory_id=one.factory_id,
        status=facts.status,
        severity=facts.severity,
        category=facts.category,
        channel=facts.channel,
        language=facts.language,
        restricted=facts.category is Category.HARASSMENT and facts.kind == "sexual",
        practice=practice,
        received_at=facts.received,
        updated_at=facts.closed if ended and facts.closed else now,
        acknowledged_at=facts.acknowledged,
        asked_at=facts.told if facts.status in _ASKED else None,
        decided_at=facts.closed if facts.status in _DECIDED else None,
        resolution=facts.resolution,
        imported_at=now,
        unread=False,
    )
    if facts.summary:
        case.summary_sealed = session.vault.seal_text("case", "summary_sealed", row, facts.summary)
    return case


_ASKED = (Status.VERIFYING, Status.RESOLVED, Status.CLOSED)
_DECIDED = (Status.RESOLVED, Status.CLOSED, Status.INADMISSIBLE, Status.REFERRED)


def _begin(
    session: Session, case: Case, one: PlannedCase, by: Actor, now: datetime
) -> dict[str, Any]:
    """The first event of the case's chain: what was brought along, and a digest of its words."""
    facts = one.facts
    digest = session.vault.index("imported", f"{case.id}\0{facts.reference}\0{facts.summary}")
    dates = {"received": facts.received, "acknowledged": facts.acknowledged}
    dates |= {"told": facts.told, "closed": facts.closed}
    data: dict[str, Any] = {
        **{name: at.isoformat() for name, at in dates.items() if at},
        "path": [action.value for action in PATHS.get(case.status, ())],
        "severity": facts.severity.value,
        "category": facts.category.value,
        "kind": facts.kind,
        "digest": digest.hex(),
    }
    if facts.finding:
        data["finding"] = facts.finding.value
    if facts.workers:
        data["workers"] = facts.workers
    return events.append(case, Action.IMPORT, by=by, now=now, before=None, data=data)


def _issue(case: Case, one: PlannedCase, now: datetime) -> dict[str, Any]:
    issue = new_row(
        Issue, id=new_id(now), case_id=case.id, category=one.facts.category, kind=one.facts.kind
    )
    return _columns(issue)


def _origin(session: Session, case: Case, one: PlannedCase, by: Actor) -> ImportedCase:
    sealed = session.vault.seal_text(
        "importedcase", "old_reference_sealed", case.id, one.facts.reference
    )
    return new_row(
        ImportedCase,
        case_id=case.id,
        old_index=one.old_index,
        old_reference_sealed=sealed,
        staff_id=by.staff_id,
        finding=one.facts.finding,
        workers=one.facts.workers,
        closed_at=one.facts.closed,
    )


def origin(session: Session, case: Case) -> tuple[ImportedCase, str] | None:
    """Where a case comes from, with its old reference; ``None`` where it was filed here."""
    found = session.get(ImportedCase, case.id) if case.imported_at else None
    if found is None:
        return None
    place = ("importedcase", "old_reference_sealed", case.id)
    return found, session.vault.open_text(*place, found.old_reference_sealed)


def brought_summary(session: Session, case: Case, reference: str) -> str:
    """The summary as the old system had it; ``""`` once a colleague has written another one here,
    which only colleagues read."""
    said = messages.summary(session, case)
    first = select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.number == 1)
    event = session.exec(first).first()
    digest = session.vault.index("imported", f"{case.id}\0{reference}\0{said}").hex()
    return said if event and event.data.get("digest") == digest else ""


def _columns(row: Case | Issue) -> dict[str, Any]:
    return {name: getattr(row, name) for name in type(row).model_fields}


def _free_references(session: Session, count: int) -> list[str]:
    """So many references that no case has."""
    found: dict[str, None] = {}
    while len(found) < count:
        drawn = {new_reference() for _ in range(min(count - len(found), _CHUNK))} - found.keys()
        taken = set(session.exec(select(Case.reference).where(col(Case.reference).in_(drawn))))
        found |= dict.fromkeys(drawn - taken)
    return list(found)


def _places(session: Session, planned: Sequence[PlannedCase]) -> dict[int, tuple[str, str]]:
    """Code and name of each factory that is named."""
    wanted = sorted({one.factory_id for one in planned if one.factory_id})
    found: dict[int, tuple[str, str]] = {}
    for at in range(0, len(wanted), _CHUNK):
        some = col(Factory.id).in_(wanted[at : at + _CHUNK])
        for row, code, name in session.exec(
            select(Factory.id, Factory.code, Factory.name).where(some)
        ):
            found[row] = (code, name)
    return found
