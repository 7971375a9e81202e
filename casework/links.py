"""Which cases belong together: linked ones, and what else came from the same factory."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col, or_, select

from casework import conflicts, events, lifecycle
from casework.actors import SYSTEM, Actor
from casework.db import Session
from casework.ids import new_id
from casework.lifecycle import OPEN
from casework.models import Case, Issue, Link
from casework.queue import visible
from casework.standing import standing
from casework.vocabulary import Action, LinkKind

LATELY = timedelta(days=90)
"""So far back cases of one factory are shown as a pattern. Our default."""
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Linked:
    """A case that belongs to another, and why. ``first``: it was there before that other one."""

    case: Case
    kind: LinkKind
    first: bool


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
    session: Session, first: Case, other: Case, kind: LinkKind, *, now: datetime, by: Actor = SYSTEM
) -> None:
    """Link two cases; each keeps an event that names the other."""
    for case in (first, other):
        lifecycle.check(standing(case, by), Action.LINK, by.role, now)
    session.flush()
    session.add(Link(id=new_id(now), case_id=first.id, other_id=other.id, kind=kind, at=now))
    for case, opposite in ((first, other), (other, first)):
        data = {"case": opposite.id, "kind": kind.value}
        events.record(session, case, Action.LINK, by=by, now=now, before=case.status, data=data)
    # What is said in the one tells what the other is about.
    conflicts.refresh(session, first, now, by)


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
        Linked(other, link.kind, first=link.case_id == other.id)
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
    newest = select(Case).where(*where).order_by(col(Case.received_at).desc()).limit(_SHOWN)
    found = list(session.exec(newest)) if count else []
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
