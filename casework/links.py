"""Which cases belong together: linked ones, and what else came from the same factory."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, or_, select

from casework import conflicts, lifecycle
from casework.actors import SYSTEM, Actor
from casework.audit import events
from casework.db import Session
from casework.ids import new_id
from casework.lifecycle import OPEN
from casework.models import Case, Issue, Link
from casework.searching.queue import visible
from casework.standing import standing
from casework.vocabulary import Action, LinkKind

LATELY = timedelta(days=90)
"""So far back cases of one factory are shown as a pattern. Our default."""
_SHOWN = 5
GROUP_AT_MOST = 500
"""Cases of one matter that are looked up."""


@dataclass(frozen=True, slots=True)
class Linked:
    """A case that belongs to another, and why. ``first``: it was there before that other one."""

    case: Case
    kind: LinkKind
    first: bool
    by_hand: bool = False
    """Somebody of the office linked them, and may part them."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An open case of the same factory. ``alike``: it shares a kind of issue."""

    case: Case
    alike: bool


@dataclass(frozen=True, slots=True)
class Pattern:
    """What else came from a factory lately: how many open cases, and the newest of them."""

    count: int = 0
    cases: tuple[Neighbour, ...] = ()


def link(
    session: Session,
    first: Case,
    other: Case,
    kind: LinkKind,
    *,
    now: datetime,
    by: Actor = SYSTEM,
    changed: Mapping[int, dict[str, Any]] | None = None,
) -> None:
    """Link two cases; each keeps an event that names the other, with what it ``changed`` there."""
    for case in (first, other):
        lifecycle.check(standing(case, by), Action.LINK, by.role, now)
    session.flush()
    session.add(
        Link(
            id=new_id(now),
            case_id=first.id,
            other_id=other.id,
            kind=kind,
            at=now,
            staff_id=by.staff_id,
        )
    )
    note(session, first, other, Action.LINK, kind, by=by, now=now, changed=changed)


def note(
    session: Session,
    first: Case,
    other: Case,
    action: Action,
    kind: LinkKind,
    *,
    by: Actor,
    now: datetime,
    changed: Mapping[int, dict[str, Any]] | None = None,
) -> None:
    """An event in each of two cases that names the other one."""
    for case, opposite in ((first, other), (other, first)):
        data = {"case": opposite.id, "kind": kind.value, **(changed or {}).get(case.id, {})}
        events.record(session, case, action, by=by, now=now, before=case.status, data=data)
    # What is said in the one tells what the other is about.
    conflicts.refresh(session, first, now, by)


def between(session: Session, case: Case, other: Case, kind: LinkKind) -> Link | None:
    """The link of two cases, whichever came first."""
    pairs = ((case.id, other.id), (other.id, case.id))
    statement = select(Link).where(
        or_(*(sa.and_(col(Link.case_id) == a, col(Link.other_id) == b) for a, b in pairs)),
        Link.kind == kind,
    )
    return session.exec(statement).first()


def is_duplicate() -> sa.ColumnElement[bool]:
    """On ``Case``: somebody told the same before, so it counts in no figure."""
    return sa.exists().where(
        col(Link.other_id) == col(Case.id), col(Link.kind) == LinkKind.DUPLICATE
    )


def group(session: Session, actor: Actor, case: Case) -> list[Case]:
    """The cases of one matter, this one among them, oldest first; empty where it stands alone.

    A case that the actor may not see belongs to nobody's group: what only it joins is not shown.
    """
    found, ahead = {case.id: case}, [case.id]
    while ahead and len(found) < GROUP_AT_MOST:
        pairs = select(Link.case_id, Link.other_id).where(
            Link.kind == LinkKind.COLLECTIVE,
            or_(col(Link.case_id).in_(ahead), col(Link.other_id).in_(ahead)),
        )
        beside = {row for pair in session.exec(pairs) for row in pair} - found.keys()
        fresh = select(Case).where(col(Case.id).in_(beside), *visible(actor))
        ahead = []
        for one in session.exec(fresh.order_by(col(Case.id))) if beside else ():
            found[one.id] = one
            ahead.append(one.id)
    return sorted(found.values(), key=lambda one: one.id) if len(found) > 1 else []


def seen(session: Session, actor: Actor, rows: Collection[int]) -> dict[int, str]:
    """Of cases by id, the references of those the actor may see."""
    if not rows:
        return {}
    statement = select(Case.id, Case.reference).where(col(Case.id).in_(rows), *visible(actor))
    return dict(session.exec(statement).all())


def of_case(session: Session, actor: Actor, case: Case) -> list[Linked]:
    """The linked cases that the actor may see, oldest link first."""
    statement = (
        select(Link, Case)
        .join(
            Case,
            _joins(case),
        )
        .where(*visible(actor))
        .order_by(col(Link.id))
    )
    return [
        Linked(other, link.kind, link.case_id == other.id, link.staff_id is not None)
        for link, other in session.exec(statement)
    ]


def pattern(session: Session, actor: Actor, case: Case, now: datetime) -> Pattern:
    """Other open cases of the same factory of the last 90 days that the actor may see.

    What the actor may not see is not counted either. A linked case is not another one's voice.
    """
    if case.factory_id is None:
        return Pattern()
    where = (
        *visible(actor),
        ~sa.exists().where(_joins(case)),
        col(Case.factory_id) == case.factory_id,
        col(Case.id) != case.id,
        col(Case.practice).is_(case.practice),
        col(Case.received_at) > now - LATELY,
        col(Case.status).in_(OPEN),
    )
    count = session.exec(select(sa.func.count()).select_from(Case).where(*where)).one()
    if not count:
        return Pattern()
    newest = select(Case).where(*where).order_by(col(Case.received_at).desc()).limit(_SHOWN)
    found = list(session.exec(newest))
    kinds = _kinds(session, [case.id, *(one.id for one in found)])
    own = kinds.get(case.id, set())
    return Pattern(
        count, tuple(Neighbour(one, bool(own & kinds.get(one.id, set()))) for one in found)
    )


def _joins(case: Case) -> sa.ColumnElement[bool]:
    """The row of ``Link`` leads from this case to that of ``Case``, or back."""
    return or_(
        sa.and_(col(Link.case_id) == case.id, col(Link.other_id) == col(Case.id)),
        sa.and_(col(Link.other_id) == case.id, col(Link.case_id) == col(Case.id)),
    )


def _kinds(session: Session, rows: list[int]) -> dict[int, set[tuple[str, str]]]:
    """Category and kind of each issue, by case."""
    found: dict[int, set[tuple[str, str]]] = {}
    for issue in session.exec(select(Issue).where(col(Issue.case_id).in_(rows))):
        found.setdefault(issue.case_id, set()).add((issue.category.value, issue.kind))
    return found
