"""The issues of a case: which there are, in which order, and what triage changes about them."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import col, select

from casework.db import Session
from casework.ids import new_id
from casework.models import Case, Issue
from casework.vocabulary import Category


def of_case(session: Session, case_id: int) -> list[Issue]:
    """The issues of a case, the first one named first."""
    statement = select(Issue).where(Issue.case_id == case_id)
    return list(session.exec(statement.order_by(col(Issue.position), col(Issue.id))))


def find(session: Session, case: Case, row: int) -> Issue | None:
    """One issue of a case by its id."""
    return session.exec(select(Issue).where(Issue.id == row, Issue.case_id == case.id)).first()


def replace(
    session: Session, case: Case, wanted: Iterable[tuple[Category, str]], now: datetime
) -> None:
    """Let a case be about these, by category and kind, in this order. What stays keeps its row, and
    so what was found about it."""
    known = {(issue.category, issue.kind): issue for issue in of_case(session, case.id)}
    for position, (category, kind) in enumerate(dict.fromkeys(wanted)):
        issue = known.pop((category, kind), None)
        if issue is None:
            issue = Issue(id=new_id(now), case_id=case.id, category=category, kind=kind)
            session.add(issue)
        issue.position = position
    for issue in known.values():
        session.delete(issue)
