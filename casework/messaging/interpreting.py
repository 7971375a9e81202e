"""Interpreters: asked for one message at a time, they see that message and nothing else.

Who may have which message is decided anew whenever one is listed or opened.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from casework import lifecycle
from casework.actors import Actor
from casework.audit import events
from casework.db import Session, for_change
from casework.errors import BadInput, NotAllowed
from casework.ids import new_id
from casework.messaging import beside
from casework.messaging.beside import Wording
from casework.models import Case, HeldWords, Interpreting, Message, Staff
from casework.office import staff as people
from casework.office import telling
from casework.searching.queue import Where
from casework.seeing import free_of_conflict
from casework.standing import standing
from casework.vocabulary import (
    Action,
    Recipient,
    Role,
    StaffNoticeKind,
    VersionBy,
    VersionKind,
)


def ask(
    session: Session,
    case: Case,
    what: Message | HeldWords,
    source: str,
    wanted: str,
    *,
    by: Actor,
    now: datetime,
    to: Staff | None = None,
) -> Interpreting:
    """Ask for a translation from ``source`` to ``wanted``, of one interpreter or of all who can.

    ``NotAllowed`` where it is asked for already, ``BadInput`` where nobody could get it.
    """
    lifecycle.check(standing(case, by), Action.ASK_INTERPRETER, by.role, now)
    assert by.staff_id is not None
    is_message = isinstance(what, Message)
    message_id, held_id = (what.id, None) if is_message else (None, what.id)
    if asked(session, message_id=message_id, held_id=held_id):
        raise NotAllowed("An interpreter is asked already.")
    able = able_for(session, case, source, wanted)
    if not able:
        raise BadInput("No interpreter who may see this case speaks both languages.")
    if to is not None and to.id not in {person.id for person in able}:
        raise BadInput("This person can’t be asked for it. Choose somebody else.")
    row = Interpreting(
        id=new_id(now),
        case_id=case.id,
        message_id=message_id,
        held_id=held_id,
        source=source,
        wanted=wanted,
        staff_id=to.id if to else None,
        asked_by=by.staff_id,
        asked_at=now,
    )
    session.add(row)
    session.flush()
    data: dict[str, object] = {"interpreting": row.id, "source": source, "wanted": wanted}
    data |= {"message": message_id} if message_id else {"held": held_id}
    data |= {"to": to.id} if to else {}
    events.record(
        session, case, Action.ASK_INTERPRETER, by=by, now=now, before=case.status, data=data
    )
    return row


def able_for(session: Session, case: Case, source: str, wanted: str) -> list[Staff]:
    """The interpreters who could get a message of a case, by name."""
    statement = select(Staff).where(Staff.role == Role.INTERPRETER, col(Staff.active))
    both = {source, wanted}
    return [
        person
        for person in session.exec(statement.order_by(Staff.name))
        if both <= people.spoken(person) and _may_have(session, case, person)
    ]


def asked(
    session: Session, *, message_id: int | None = None, held_id: int | None = None
) -> Interpreting | None:
    """What is asked for a message, or for words that wait, and not done yet."""
    statement = select(Interpreting).where(
        Interpreting.message_id == message_id,
        Interpreting.held_id == held_id,
        col(Interpreting.ended_at).is_(None),
    )
    return session.exec(statement).first()


def asked_in(session: Session, case_id: int) -> list[Interpreting]:
    """All that is asked for in a case and not done yet."""
    statement = select(Interpreting).where(
        Interpreting.case_id == case_id, col(Interpreting.ended_at).is_(None)
    )
    return list(session.exec(statement))


def waiting(session: Session, person: Staff) -> list[Interpreting]:
    """What waits for an interpreter, oldest first: nothing in it says which case it belongs to."""
    statement = (
        select(Interpreting)
        .join(Case, col(Case.id) == col(Interpreting.case_id))
        .where(*_open_to(person))
        .order_by(col(Interpreting.asked_at), col(Interpreting.id))
        .limit(100)
    )
    spoken = people.spoken(person)
    return [row for row in session.exec(statement) if _speaks(row, person, spoken)]


def find(session: Session, person: Staff, row: int, *, lock: bool = False) -> Interpreting | None:
    """One of them; ``None`` where it is not for this person, done, or taken back."""
    statement = (
        select(Interpreting)
        .join(Case, col(Case.id) == col(Interpreting.case_id))
        .where(Interpreting.id == row, *_open_to(person))
    )
    if lock:
        statement = statement.with_for_update(of=Interpreting)
    found = session.exec(statement).first()
    return found if found and _speaks(found, person, people.spoken(person)) else None


def done(
    session: Session,
    case: Case,
    row: Interpreting,
    text: str,
    *,
    by: Actor,
    now: datetime,
    heard: str = "",
) -> None:
    """An interpreter translated a message of the story. ``heard``: what a recording says, written
    down in its own language."""
    lifecycle.check(standing(case, by), Action.TRANSLATE, by.role, now)
    if not text.strip():
        raise BadInput("Write the translation first.")
    kinds = [(heard, row.source, VersionKind.TRANSCRIPT, Action.TRANSCRIBE)]
    kinds += [(text, row.wanted, VersionKind.TRANSLATION, Action.TRANSLATE)]
    for words, language, kind, action in kinds:
        if not words.strip():
            continue
        wording = Wording(words.strip(), language, VersionBy.INTERPRETER, kind)
        version = beside.write(session, case, wording, by=by, now=now, message_id=row.message_id)
        session.flush()
        data = beside.evidence(session, version)
        events.record(session, case, action, by=by, now=now, before=case.status, data=data)
    finish(row, by, now)


def finish(row: Interpreting, by: Actor, now: datetime) -> None:
    """It is done: gone from every interpreter's page."""
    row.ended_at, row.done_by = now, by.staff_id


def take_back(
    session: Session,
    now: datetime,
    *,
    message_id: int | None = None,
    held_id: int | None = None,
) -> None:
    """Nobody needs to translate it any more, if anybody was asked."""
    row = asked(session, message_id=message_id, held_id=held_id)
    if row is not None:
        row.ended_at = now


def give_back(session: Session, where: Where, now: datetime) -> None:
    """End what was asked of nobody but people who may not know of the case any more, of the rows
    ``where`` says. Who handles the case is told, to ask another one."""
    open_ones = select(Interpreting).where(col(Interpreting.ended_at).is_(None), where)
    for row in session.exec(open_ones.with_for_update(of=Interpreting)):
        case = session.get_one(Case, row.case_id)
        if not _reaches(session, case, row):
            row.ended_at = now
            kind, to = StaffNoticeKind.INTERPRETER_LOST, (Recipient.OWNER,)
            telling.of_case(session, case, kind, to, now)


def locked_case(session: Session, row: Interpreting) -> Case:
    """The case a message belongs to, locked before it is changed."""
    return session.exec(for_change(select(Case).where(Case.id == row.case_id))).one()


def _reaches(session: Session, case: Case, row: Interpreting) -> bool:
    if row.staff_id is None:
        return bool(able_for(session, case, row.source, row.wanted))
    return _may_have(session, case, session.get_one(Staff, row.staff_id))


def _may_have(session: Session, case: Case, person: Staff) -> bool:
    statement = select(Case.id).where(Case.id == case.id, *_cases_for(person))
    return session.exec(statement).first() is not None


def _cases_for(person: Staff) -> tuple[Where, ...]:
    """The cases of which an interpreter may get a message: of restricted ones only who is of that
    pool, and none in which the interpreter has a part or a tie."""
    pool = () if person.restricted_pool else (col(Case.restricted).is_(False),)
    return (*free_of_conflict(person.id, person.barred_factories or ()), *pool)


def _open_to(person: Staff) -> tuple[Where, ...]:
    if person.role is not Role.INTERPRETER or not person.active:
        return (sa.false(),)
    hers = sa.or_(col(Interpreting.staff_id).is_(None), col(Interpreting.staff_id) == person.id)
    return (col(Interpreting.ended_at).is_(None), hers, *_cases_for(person))


def _speaks(row: Interpreting, person: Staff, spoken: frozenset[str]) -> bool:
    return row.staff_id == person.id or {row.source, row.wanted} <= spoken
