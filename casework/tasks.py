"""Tasks of a case: what one person is to do until a day, and that it was done."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import col, select

from casework import lifecycle
from casework.actors import Actor, staff_actor
from casework.audit import events
from casework.db import Session
from casework.errors import BadInput
from casework.ids import new_id
from casework.models import Case, Staff, Task
from casework.searching import queue
from casework.standing import standing
from casework.vocabulary import Action

MOST = 25
"""Tasks shown among today's work; each case shows all of its own."""
_PLACE = ("task", "title_sealed")


@dataclass(frozen=True, slots=True)
class Mine:
    """An open task of somebody, with its case."""

    task: Task
    case: Case
    title: str


def add(
    session: Session,
    case: Case,
    title: str,
    due_on: date,
    to: Staff,
    *,
    by: Actor,
    now: datetime,
) -> Task:
    """Give somebody a task. ``BadInput`` if that person may not see the case."""
    lifecycle.check(standing(case, by), Action.TASK, by.role, now)
    row, title = new_id(now), title.strip()
    if not title:
        raise BadInput("Write what is to be done.")
    _check_may_see(session, case, to)
    task = Task(
        id=row,
        case_id=case.id,
        title_sealed=session.vault.seal_text(*_PLACE, row, title),
        due_on=due_on,
        assignee_id=to.id,
        added_at=now,
        added_by=by.staff_id,
    )
    session.add(task)
    _record(session, case, task, "added", by, now)
    return task


def change(
    session: Session, case: Case, task: Task, due_on: date, to: Staff, *, by: Actor, now: datetime
) -> Task:
    """Another day, or another person."""
    _check_open(case, task, by, now)
    _check_may_see(session, case, to)
    task.due_on, task.assignee_id = due_on, to.id
    _record(session, case, task, "changed", by, now)
    return task


def finish(session: Session, case: Case, task: Task, *, by: Actor, now: datetime) -> Task:
    """It is done."""
    _check_open(case, task, by, now)
    task.done_at, task.done_by = now, by.staff_id
    _record(session, case, task, "done", by, now)
    return task


def title_of(session: Session, task: Task) -> str:
    """What is to be done."""
    return session.vault.open_text(*_PLACE, task.id, task.title_sealed)


def find(session: Session, case: Case, row: int) -> Task | None:
    """A task of a case."""
    return session.exec(select(Task).where(Task.id == row, Task.case_id == case.id)).first()


def of_case(session: Session, case_id: int) -> list[Task]:
    """The tasks of a case: what is open first, by day, then what is done, the newest first."""
    found = session.exec(select(Task).where(Task.case_id == case_id))
    done = sorted((t for t in found if t.done_at), key=lambda t: (t.done_at, t.id), reverse=True)
    return [*open_of_case(session, case_id), *done]


def open_of_case(session: Session, case_id: int) -> list[Task]:
    """What is still to be done for a case, the first due first."""
    statement = select(Task).where(Task.case_id == case_id, col(Task.done_at).is_(None))
    return list(session.exec(statement.order_by(col(Task.due_on), col(Task.id))))


def mine(session: Session, actor: Actor, until: date) -> list[Mine]:
    """The tasks of ``due``, with what is to be done."""
    return [Mine(task, case, title_of(session, task)) for task, case in due(session, actor, until)]


def due(session: Session, actor: Actor, until: date) -> list[tuple[Task, Case]]:
    """Somebody's open tasks that are due until a day, in cases they may see; overdue first.

    With them those of their own cases that were given to a person who is gone, or may not see the
    case any more: nobody else would do them.
    """
    given = col(Task.assignee_id) == actor.staff_id
    statement = (
        select(Task, Case)
        .join(Case, col(Case.id) == col(Task.case_id))
        .where(col(Task.done_at).is_(None), Task.due_on <= until, *queue.visible(actor))
        .order_by(col(Task.due_on), col(Task.id))
    )
    found = [*session.exec(statement.where(given).limit(MOST))]
    left = [
        (task, case)
        for task, case in session.exec(statement.where(Case.assignee_id == actor.staff_id, ~given))
        if not _may_see(session, case, session.get_one(Staff, task.assignee_id))
    ]
    return sorted((*found, *left), key=lambda pair: (pair[0].due_on, pair[0].id))[:MOST]


def able(session: Session, case: Case, people: list[Staff]) -> list[Staff]:
    """Who of ``people`` may be given a task of a case."""
    return [person for person in people if _may_see(session, case, person)]


def _may_see(session: Session, case: Case, person: Staff) -> bool:
    return person.active and queue.find(session, staff_actor(person), case.reference) is not None


def _check_may_see(session: Session, case: Case, to: Staff) -> None:
    if not _may_see(session, case, to):
        raise BadInput("This person may not see the case. Choose somebody else.")


def _check_open(case: Case, task: Task, by: Actor, now: datetime) -> None:
    lifecycle.check(standing(case, by), Action.TASK, by.role, now)
    if task.done_at is not None:
        raise BadInput("This task is done already.")


def _record(session: Session, case: Case, task: Task, what: str, by: Actor, now: datetime) -> None:
    data: dict[str, Any] = {
        "task": task.id,
        "what": what,
        "due": task.due_on.isoformat(),
        "to": task.assignee_id,
    }
    session.flush()
    events.record(session, case, Action.TASK, by=by, now=now, before=case.status, data=data)
