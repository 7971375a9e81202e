"""When we ask a worker whether anyone treated her badly because of her complaint: planned, asked.

She may be punished from the day the factory hears of it, and long after the case was closed. What
she answers is in ``casework.retaliation``.
"""

from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import col, select

from casework.db import Session
from casework.deadlines import policing
from casework.ids import new_id
from casework.messaging import outbox
from casework.models import Case, CheckIn, Outbox
from casework.vocabulary import CheckInCause, Notice

APART = timedelta(days=3)
"""Two that fall this close together are one: asked twice in a week, she would wonder why."""

CHECK_IN = "check-in"
"""Under this name an entry of the outbox holds the id of the check-in it asks for."""


def plan(session: Session, case: Case, cause: CheckInCause, now: datetime) -> None:
    """Plan the check-ins after something that happened now, in place of earlier ones after it."""
    cancel(session, case, cause, now)
    _add(session, case, cause, now, now)


def replan(session: Session, case: Case, now: datetime) -> None:
    """The severity changed: ask as often as the new one says, counted from the same days."""
    since = {
        one.cause: one.due_at - timedelta(days=one.days)
        for one in of_case(session, case.id)
        if one.cancelled_at is None
    }
    for cause, began in since.items():
        cancel(session, case, cause, now)
        _add(session, case, cause, began, now)


def cancel(session: Session, case: Case, cause: CheckInCause, now: datetime) -> None:
    """What was planned after ``cause`` and not asked yet falls away."""
    for one in of_case(session, case.id):
        if one.cause is cause and one.asked_at is None and one.cancelled_at is None:
            one.cancelled_at = now


def of_case(session: Session, case_id: int) -> list[CheckIn]:
    """All check-ins of a case, in the order in which they are due."""
    statement = select(CheckIn).where(CheckIn.case_id == case_id)
    return list(session.exec(statement.order_by(col(CheckIn.due_at), col(CheckIn.id))))


_WAITING = (
    col(CheckIn.asked_at).is_(None),
    col(CheckIn.cancelled_at).is_(None),
    col(CheckIn.due_at) <= bindparam("now"),
)
# Built once: an idle look takes less time than building its statement.
_ANY = select(CheckIn.id).where(*_WAITING).limit(1)


def anything_due(session: Session, now: datetime) -> bool:
    """Whether ``ask_due`` is worth a writing transaction."""
    return session.exec(_ANY, params={"now": now}).first() is not None


def ask_due(session: Session, now: datetime, limit: int = 100) -> int:
    """Promise each worker the question that is due, once; how many were due.

    Delivery keeps her safe hours, and does not ask who wants no messages; the case page shows that.
    Call it again until it finds none: short transactions let others through.
    """
    statement = (
        select(CheckIn, Case)
        .join(Case, col(Case.id) == col(CheckIn.case_id))
        .where(*_WAITING)
        .order_by(col(CheckIn.due_at), col(CheckIn.id))
        .limit(limit)
        .with_for_update(skip_locked=True, of=CheckIn)
        .execution_options(populate_existing=True)
    )
    found = list(session.exec(statement, params={"now": now}))
    for one, case in found:
        if case.reporter_id is None or _asked_lately(session, case, now):
            one.cancelled_at = now
            continue
        one.asked_at = now
        outbox.tell(
            session, case.reporter_id, Notice.CHECK_IN, now=now, case=case, data={CHECK_IN: one.id}
        )
        session.flush()
    return len(found)


def questions(session: Session, case_id: int) -> dict[int, Outbox]:
    """How each question that was promised fared on its way, by the id of its check-in."""
    statement = select(Outbox).where(Outbox.case_id == case_id, Outbox.notice == Notice.CHECK_IN)
    return {entry.data[CHECK_IN]: entry for entry in session.exec(statement)}


def _add(session: Session, case: Case, cause: CheckInCause, began: datetime, now: datetime) -> None:
    if case.reporter_id is None:
        return  # she asked to be forgotten: there is nobody to ask
    for days in policing.current(session).check_ins[case.severity]:
        due = began + timedelta(days=days)
        if due > now:
            session.add(
                CheckIn(id=new_id(now), case_id=case.id, cause=cause, days=days, due_at=due)
            )


def _asked_lately(session: Session, case: Case, now: datetime) -> bool:
    statement = select(CheckIn.id).where(
        CheckIn.case_id == case.id, col(CheckIn.asked_at) > now - APART
    )
    return session.exec(statement.limit(1)).first() is not None
