"""Being away: cases go to the stand-in on the first day, and come back when the person says so.

What begins and ends is found by ``Absence.next_at``, a few cases to a transaction; doing it twice, or
late, changes nothing. Whom a case may go to is for ``cases.assign``: what the stand-in may not have
becomes nobody's, and supervisors are told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlmodel import col, select

from casework import cases
from casework.actors import SYSTEM, Actor
from casework.db import Session, for_change
from casework.errors import BadInput, NotAllowed, Remark
from casework.factories import Problems
from casework.ids import new_id
from casework.lifecycle import HANDLING_ROLES, OPEN
from casework.models import Absence, Case, HandedOver, Staff
from casework.office import absence as rules
from casework.office import staff_log, telling
from casework.searching import queue
from casework.vocabulary import Recipient, StaffAct, StaffNoticeKind

BATCH = 50
"""So many cases at most change hands in one transaction."""


@dataclass(frozen=True, slots=True)
class Returned:
    """A case that was handed over, as its former handler finds it on coming back."""

    case: Case
    handled_by: str
    """Who has it now, ``""``: nobody."""
    happened: int
    """Events since."""
    free: bool
    """It can be taken back: nobody has given it on, and it is open."""


def say(
    session: Session, person: Staff, typed: Mapping[str, str], *, by: Actor, now: datetime
) -> Absence | Problems:
    """Write down that a person will be away, out of ``first_day, last_day, stand_in`` (an id or
    ``""``). What is wrong is said by field."""
    first, last = _day(typed.get("first_day", "")), _day(typed.get("last_day", ""))
    zone = _zone(person)
    found: Problems = dict(rules.problems(first, last, now.astimezone(zone).date()))
    stand_in = colleague(session, typed.get("stand_in", ""))
    if typed.get("stand_in") and (stand_in is None or stand_in.id == person.id):
        found["stand_in"] = Remark("Choose a colleague who handles cases.")
    if first and last and not found:
        others = [(one.first_day, one.last_day) for one in planned(session, person.id)]
        if rules.overlap(first, last, others):
            found["first_day"] = Remark("Some of these days belong to another absence already.")
        if stand_in and rules.overlap(first, last, _days_of(session, stand_in.id)):
            found["stand_in"] = Remark("This colleague is away at that time, too. Choose another.")
    if found or first is None or last is None or by.staff_id is None:
        return found
    begins, _ends = rules.moments(first, last, zone)
    made = Absence(
        id=new_id(now),
        staff_id=person.id,
        stand_in_id=stand_in.id if stand_in else None,
        first_day=first,
        last_day=last,
        said_by_id=by.staff_id,
        said_at=now,
        next_at=begins,
    )
    session.add(made)
    session.flush()
    days: dict[str, Any] = {
        "days": [first.isoformat(), last.isoformat()],
        "stand_in": made.stand_in_id,
    }
    staff_log.note(session, person.id, StaffAct.AWAY, days, by=by, now=now)
    return made


def planned(session: Session, staff_id: int) -> list[Absence]:
    """A person's absences that are not over, the first one first."""
    statement = select(Absence).where(Absence.staff_id == staff_id, col(Absence.ended_at).is_(None))
    return list(session.exec(statement.order_by(col(Absence.first_day))))


def standing_in(session: Session, staff_id: int) -> list[tuple[Staff, Absence]]:
    """For whom somebody stands in just now."""
    statement = (
        select(Staff, Absence)
        .join(Absence, col(Absence.staff_id) == col(Staff.id))
        .where(
            Absence.stand_in_id == staff_id,
            col(Staff.away_until).is_not(None),
            col(Absence.ended_at).is_(None),
            col(Staff.stand_in_id) == staff_id,
        )
    )
    return list(session.exec(statement.order_by(col(Absence.last_day))))


def anything_due(session: Session, now: datetime) -> bool:
    """Whether an absence begins or ends: worth a writing transaction."""
    due = select(Absence.id).where(col(Absence.next_at) <= now).limit(1)
    return session.exec(due).first() is not None


def do_due(session: Session, now: datetime, limit: int = BATCH) -> int:
    """Begin and end what is due, the oldest first; how much was done. Call it until nothing is."""
    due = select(Absence).where(col(Absence.next_at) <= now).order_by(col(Absence.next_at))
    locked = for_change(due.limit(1)).with_for_update(skip_locked=True, key_share=True)
    found = session.exec(locked).first()
    return work_on(session, found, now, min(limit, BATCH)) if found else 0


def work_on(session: Session, found: Absence, now: datetime, limit: int = BATCH) -> int:
    """Do what is due of one absence, at most ``limit`` cases; at least 1 where there was anything."""
    if found.next_at is None or found.next_at > now:
        return 0
    person = session.get_one(Staff, found.staff_id)
    _begins, ends = rules.moments(found.first_day, found.last_day, _zone(person))
    if ends <= now:
        _end(person, found, now)
        return 1
    person.away_until, person.stand_in_id = found.last_day, found.stand_in_id
    stand_in = session.get(Staff, found.stand_in_id) if found.stand_in_id is not None else None
    session.flush()
    handed = _hand_over(session, person, stand_in, found, SYSTEM, now, limit)
    if handed < limit:
        found.began_at, found.next_at = now, ends
    return handed or 1


def stop(session: Session, found: Absence, now: datetime) -> None:
    """Call an absence off, or end it earlier: the person is there. Cases stay where they are until
    they are taken back."""
    person = session.get_one(Staff, found.staff_id)
    if found.next_at is not None:
        _end(person, found, now)


def leaves_cases(session: Session, staff_id: int, actor: Actor) -> bool:
    """Whether somebody who leaves would leave open cases behind, of those ``actor`` may see."""
    statement = select(Case.id).where(
        Case.assignee_id == staff_id, col(Case.status).in_(OPEN), *queue.visible(actor)
    )
    return session.exec(statement.limit(1)).first() is not None


def leave(session: Session, person: Staff, to: Staff | None, *, by: Actor, now: datetime) -> int:
    """Somebody leaves for good: hand all open cases over at once; how many. What ``to`` may not have
    becomes nobody's, and supervisors are told."""
    handed = 0
    while step := _hand_over(session, person, to, None, by, now, BATCH):
        handed += step
    for one in planned(session, person.id):
        stop(session, one, now)
    if handed:
        staff_log.note(
            session,
            person.id,
            StaffAct.HANDED_OVER,
            {"stand_in": to.id if to else None},
            by=by,
            now=now,
        )
    return handed


def unseen(session: Session, staff_id: int) -> Absence | None:
    """The newest absence a person has come back from and not looked through yet, if anything was
    handed over."""
    statement = (
        select(Absence)
        .join(HandedOver, col(HandedOver.absence_id) == col(Absence.id))
        .where(
            Absence.staff_id == staff_id,
            col(Absence.ended_at).is_not(None),
            col(Absence.looked_at).is_(None),
        )
    )
    return session.exec(statement.order_by(col(Absence.id).desc()).limit(1)).first()


def returned(session: Session, found: Absence, actor: Actor) -> list[Returned]:
    """What happened to the cases that were handed over, as far as the person may see them."""
    statement = (
        select(HandedOver, Case, Staff.name)
        .join(Case, col(Case.id) == col(HandedOver.case_id))
        .outerjoin(Staff, col(Staff.id) == col(Case.assignee_id))
        .where(HandedOver.absence_id == found.id, *queue.visible(actor))
        .order_by(col(HandedOver.id))
    )
    return [
        Returned(
            case,
            name or "",
            # The event of handing it over is none of those since.
            max(0, case.event_count - row.event_count - 1),
            _is_free(row, case),
        )
        for row, case, name in session.exec(statement)
    ]


def take_back(session: Session, found: Absence, person: Staff, now: datetime, by: Actor) -> int:
    """Take back what is still where it went, and open; how many cases."""
    rows = select(HandedOver).where(
        HandedOver.absence_id == found.id, col(HandedOver.back_at).is_(None)
    )
    taken = 0
    for row in session.exec(rows.order_by(col(HandedOver.id))).all():
        statement = select(Case).where(Case.id == row.case_id, *queue.visible(by))
        case = session.exec(for_change(statement)).first()
        if case is None or not _is_free(row, case):
            continue
        try:
            cases.assign(session, case, person, by=by, now=now, away={"back": found.id})
        except (BadInput, NotAllowed):
            continue  # the worker appealed meanwhile, or a tie came up: it stays where it is
        row.back_at = now
        taken += 1
    return taken


def _hand_over(
    session: Session,
    person: Staff,
    to: Staff | None,
    found: Absence | None,
    by: Actor,
    now: datetime,
    limit: int,
) -> int:
    statement = select(Case).where(Case.assignee_id == person.id, col(Case.status).in_(OPEN))
    in_order = for_change(statement.order_by(col(Case.id)).limit(limit))
    handed = session.exec(in_order).all()
    for case in handed:
        count = case.event_count
        taker = to if to is not None and _may_have(session, case, to) else None
        cases.assign(session, case, taker, by=by, now=now, away={"away": person.id})
        if found is not None:
            session.add(
                HandedOver(
                    id=new_id(now),
                    absence_id=found.id,
                    case_id=case.id,
                    to_id=taker.id if taker else None,
                    event_count=count,
                    at=now,
                )
            )
        telling.of_case(
            session,
            case,
            StaffNoticeKind.HANDED_OVER,
            (Recipient.OWNER,),
            now,
            level=f"{found.id if found else person.id}:away",
            not_to=person.id,
        )
    session.flush()
    return len(handed)


def _may_have(session: Session, case: Case, to: Staff) -> bool:
    try:
        cases.check_assignee(session, case, to)
    except BadInput:
        return False
    return True


def _is_free(row: HandedOver, case: Case) -> bool:
    return row.back_at is None and case.assignee_id == row.to_id and case.status in OPEN


def _end(person: Staff, found: Absence, now: datetime) -> None:
    if person.away_until == found.last_day:
        person.away_until = person.stand_in_id = None
    found.next_at, found.ended_at = None, now


def _days_of(session: Session, staff_id: int) -> list[tuple[date, date]]:
    return [(one.first_day, one.last_day) for one in planned(session, staff_id)]


def colleague(session: Session, text: str) -> Staff | None:
    """Who handles cases and is named by an id in a form."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    found = session.get(Staff, number) if number is not None else None
    return found if found and found.active and found.role in HANDLING_ROLES else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _zone(person: Staff) -> ZoneInfo:
    try:
        return ZoneInfo(person.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
