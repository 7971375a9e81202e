"""Cases that may belong to another: of the same worker, or of the same kind at the same factory."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col, or_, select

from casework.actors import Actor
from casework.db import Session
from casework.models import Case, Issue, Link
from casework.searching import queue
from casework.searching.caserows import Row, completed

WITHIN = timedelta(weeks=13)
"""Before and after the case (our default: a quarter of a year, as the widest pattern)."""
_EACH = 5


@dataclass(frozen=True, slots=True)
class Suggested:
    """A case that may belong to another, not linked with it yet."""

    row: Row
    same_worker: bool


def beside(session: Session, actor: Actor, case: Case, now: datetime) -> list[Suggested]:
    """What the actor may see of it: first what came from the same worker, then what is alike."""
    around = (
        col(Case.received_at) >= case.received_at - WITHIN,
        col(Case.received_at) <= min(case.received_at + WITHIN, now),
    )
    apart = (col(Case.id) != case.id, col(Case.practice).is_(case.practice), ~_linked(case))
    order = (col(Case.received_at).desc(), col(Case.id).desc())
    mine: list[Row] = []
    if case.reporter_id is not None:
        own = col(Case.reporter_id) == case.reporter_id
        mine = queue.rows(session, actor, own, *apart, order=order, limit=_EACH)
    alike: list[Row] = []
    if case.factory_id is not None:
        there = (col(Case.factory_id) == case.factory_id, *around, *apart, _alike(session, case))
        alike = queue.rows(session, actor, *there, order=order, limit=2 * _EACH)
    known = {row.id for row in mine}
    found = completed(session, [*mine, *(row for row in alike if row.id not in known)][: 2 * _EACH])
    return [Suggested(row, row.id in known) for row in found]


def _linked(case: Case) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        or_(
            sa.and_(col(Link.case_id) == case.id, col(Link.other_id) == col(Case.id)),
            sa.and_(col(Link.other_id) == case.id, col(Link.case_id) == col(Case.id)),
        )
    )


def _alike(session: Session, case: Case) -> sa.ColumnElement[bool]:
    """It has an issue of the same category and kind; where the kind is not known, of the category."""
    own = select(Issue.category, Issue.kind).where(Issue.case_id == case.id)
    same = [
        sa.and_(col(Issue.category) == category, *([col(Issue.kind) == kind] if kind else ()))
        for category, kind in session.exec(own)
    ]
    return sa.exists().where(col(Issue.case_id) == col(Case.id), or_(sa.false(), *same))
