"""Tasks in the digest of who is to do them: each working day, as long as one is due or overdue.

No notice is written of them, so what went is known by the mails alone: one digest for each morning.
"""

from datetime import date, datetime, timedelta

from sqlmodel import col, select

from casework import tasks
from casework.actors import staff_actor
from casework.db import Session
from casework.ids import first_of
from casework.lifecycle import HANDLING_ROLES
from casework.models import Case, Mail, Staff, Task

_AHEAD = timedelta(days=1)
"""Somewhere it is the next day already."""


def people(session: Session, now: datetime) -> list[Staff]:
    """Who may be due a digest because of a task; ``waits`` says so for the person's own day."""
    theirs = select(Task.assignee_id).where(
        col(Task.done_at).is_(None), Task.due_on <= (now + _AHEAD).date()
    )
    handling = (col(Staff.active), col(Staff.role).in_(HANDLING_ROLES))
    # Who is away is mailed nothing.
    there = col(Staff.away_until).is_(None)
    statement = select(Staff).where(col(Staff.id).in_(theirs), *handling, there)
    return list(session.exec(statement.order_by(col(Staff.id))))


def waits(session: Session, person: Staff, digest: datetime, day: date) -> bool:
    """Whether a digest is to be made of tasks alone: none was made since ``digest``, the newest moment
    for one, on ``day`` where the person is; and a task was given before it that is due by then."""
    made = select(Mail.id).where(
        Mail.id >= first_of(digest), Mail.staff_id == person.id, col(Mail.urgent).is_(False)
    )
    if session.exec(made.limit(1)).first() is not None:
        return False
    return any(task.added_at < digest for task, _case in due(session, person, day))


def due(session: Session, person: Staff, day: date) -> list[tuple[Task, Case]]:
    """What stands in a digest: open tasks of cases that the person may see, overdue first."""
    return tasks.due(session, staff_actor(person), day)
