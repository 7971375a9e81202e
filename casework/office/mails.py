"""What the office is mailed: notices gathered into mails, each of them into one.

Those of critical cases at once; all others of a person in one digest, on working days at eight in
the morning where the person is, with the person's tasks that are due by that day. What was read by
then, or has come to nothing, is left out. How a mail leaves: ``casework.office.mailqueue``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa
from sqlmodel import col, select

from casework import places
from casework.db import Session, for_change
from casework.deadlines.calendars import WorkingCalendar, wall_moment
from casework.ids import new_id
from casework.lifecycle import HANDLING_ROLES
from casework.models import Case, Clock, Extension, Mail, Staff, StaffNotice, Task
from casework.office import task_mails
from casework.seeing import conflicted_in, may_see
from casework.vocabulary import StaffNoticeKind

DIGEST_AT = time(8)
"""On the person's own wall (our default): when work begins, and never at midnight."""
_LOOK_BACK = 31
"""Days; what is older than that waits for the next working day."""
_OF_LEVELS = frozenset({StaffNoticeKind.WARNING, StaffNoticeKind.MISSED, StaffNoticeKind.ESCALATED})


NOTICES = (
    select(
        StaffNotice,
        Case,
        Clock,
        select(Extension.id)
        .where(Extension.clock_id == StaffNotice.clock_id, col(Extension.decided_at).is_(None))
        .exists(),
    )
    .join(Case, col(Case.id) == col(StaffNotice.case_id))
    .outerjoin(Clock, col(Clock.id) == col(StaffNotice.clock_id))
)
"""All notices, as ``Entry`` takes them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice with what it is about."""

    notice: StaffNotice
    case: Case
    clock: Clock | None
    undecided: bool
    """More time is asked for, and nobody has decided about it yet."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail with all that its text is made of; what is due first stands first."""

    mail: Mail
    person: Staff
    entries: tuple[Entry, ...]
    tasks: tuple[tuple[Task, Case], ...] = ()
    """Of a digest: what is due on its day or overdue."""


def due(session: Session, now: datetime) -> list[int]:
    """The people for whom a mail is to be made now, because of notices or tasks, or whose notices are
    to be given up: whether a look is worth a writing transaction."""
    urgent = col(StaffNotice.urgent)
    statement = (
        select(
            Staff,
            sa.func.min(StaffNotice.at).filter(~urgent),
            sa.func.count().filter(urgent),
        )
        .join(StaffNotice, col(StaffNotice.staff_id) == col(Staff.id))
        # Who is away is mailed nothing; what is still worth it by then comes with the first digest.
        .where(col(StaffNotice.unmailed), col(Staff.away_until).is_(None))
        .group_by(col(Staff.id))
        .order_by(col(Staff.id))
    )
    found: list[tuple[Staff, datetime | None, int]] = [
        (person, first, number) for person, first, number in session.exec(statement)
    ]
    with_tasks = task_mails.people(session, now)
    if not found and not with_tasks:
        return []
    calendar = places.calendar_for(session, None)
    rows = [
        person.id
        for person, first, urgent_ones in found
        if urgent_ones
        or not _is_told(person)
        or (first is not None and first < last_digest(person, calendar, now))
    ]
    rows += [one.id for one in with_tasks if _tasks_wait(session, one, calendar, now)]
    return list(dict.fromkeys(rows))


def gather(session: Session, now: datetime, limit: int = 50) -> int:
    """Make the mails that are due, of at most ``limit`` people; of how many they were.

    Call it again until it finds fewer.
    """
    calendar = places.calendar_for(session, None)
    handled = 0
    for row in due(session, now)[:limit]:
        # Who is locked is in the hands of another process just now.
        statement = for_change(select(Staff).where(Staff.id == row))
        person = session.exec(statement.with_for_update(skip_locked=True, key_share=True)).first()
        if person is not None:
            handled += 1
            _gather(session, person, calendar, now)
    return handled


def last_digest(person: Staff, calendar: WorkingCalendar, now: datetime) -> datetime:
    """The newest moment at which the person was due a digest: it holds what was told before it.

    ``calendar`` says which days are worked on; the hour is the person's own.
    """
    zone = _zone(person, calendar)
    today = now.astimezone(zone).date()
    for back in range(_LOOK_BACK):
        day = today - timedelta(days=back)
        if calendar.is_working(day) and (at := wall_moment(day, DIGEST_AT, zone)) <= now:
            return at
    return now - timedelta(days=_LOOK_BACK)


def _zone(person: Staff, calendar: WorkingCalendar) -> ZoneInfo:
    try:
        return ZoneInfo(person.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return calendar.zone


def _day(person: Staff, calendar: WorkingCalendar, at: datetime) -> date:
    return at.astimezone(_zone(person, calendar)).date()


def _tasks_wait(session: Session, person: Staff, calendar: WorkingCalendar, now: datetime) -> bool:
    digest = last_digest(person, calendar, now)
    return task_mails.waits(session, person, digest, _day(person, calendar, digest))


def _gather(session: Session, person: Staff, calendar: WorkingCalendar, now: datetime) -> None:
    until = last_digest(person, calendar, now)
    found: dict[bool, list[StaffNotice]] = {True: [], False: []}
    entries = _told(session, StaffNotice.staff_id == person.id, col(StaffNotice.unmailed))
    shown = {one.notice.id for one in _visible(session, person, entries)}
    for one in entries:
        notice = one.notice
        if _is_told(person) and not notice.urgent and notice.at >= until:
            continue
        notice.unmailed = False
        if notice.id in shown and _is_worth_it(person, one):
            found[notice.urgent].append(notice)
    tasks_wait = _is_told(person) and _tasks_wait(session, person, calendar, now)
    for urgent, notices in found.items():
        if notices or (tasks_wait and not urgent):
            mail = Mail(
                id=new_id(now), staff_id=person.id, urgent=urgent, created_at=now, not_before=now
            )
            session.add(mail)
            session.flush()
            for notice in notices:
                notice.mail_id = mail.id
    session.flush()


def letter(session: Session, mail: Mail) -> Letter | None:
    """What a mail says as things stand now; ``None`` where nothing is left to be said."""
    person = session.get_one(Staff, mail.staff_id)
    entries = _told(session, StaffNotice.mail_id == mail.id)
    worth = [one for one in _visible(session, person, entries) if _is_worth_it(person, one)]
    # Of several levels of one clock, the last one says it all.
    last = {_one_thing(one): one for one in worth}
    tasks: list[tuple[Task, Case]] = []
    if not mail.urgent and _is_told(person):
        day = _day(person, places.calendar_for(session, None), mail.created_at)
        tasks = task_mails.due(session, person, day)
    if not last and not tasks:
        return None
    return Letter(mail, person, tuple(sorted(last.values(), key=_urgency)), tuple(tasks))


def look_up(session: Session, statement: Any) -> list[Entry]:
    """Notices with what they are about: ``statement`` adds to ``NOTICES`` which, and in what order."""
    return [Entry(*row) for row in session.exec(statement)]


def _told(session: Session, *where: Any) -> list[Entry]:
    in_order = (col(StaffNotice.reached_at), col(StaffNotice.id))
    return look_up(session, NOTICES.where(*where).order_by(*in_order))


def _is_told(person: Staff) -> bool:
    return person.active and person.role in HANDLING_ROLES


def _visible(session: Session, person: Staff, found: Sequence[Entry]) -> list[Entry]:
    """Those of cases that the person may see, as things stand now."""
    conflicted = conflicted_in(session, {one.case.id for one in found})
    nobody: frozenset[int] = frozenset()
    return [one for one in found if may_see(person, one.case, conflicted.get(one.case.id, nobody))]


def _is_worth_it(person: Staff, one: Entry) -> bool:
    """Whether it is still for the person to know, and still news."""
    notice, clock = one.notice, one.clock
    if not _is_told(person):
        return False
    if notice.read_at is not None:
        return False
    if clock is None:
        # Somebody has taken it up meanwhile.
        return notice.kind is not StaffNoticeKind.UNASSIGNED or one.case.assignee_id is None
    if clock.met_at is not None or clock.cancelled_at is not None:
        return False
    if notice.kind is StaffNoticeKind.EXTENSION_ASKED:
        return one.undecided
    # More time was given since: its levels come anew.
    return notice.kind not in _OF_LEVELS or notice.extensions == clock.extensions


def _one_thing(one: Entry) -> tuple[str, int]:
    notice = one.notice
    levels = notice.clock_id is not None and notice.kind in _OF_LEVELS
    return ("clock", notice.clock_id or 0) if levels else ("notice", notice.id)


def _urgency(one: Entry) -> tuple[datetime, int]:
    return (one.clock.due_at if one.clock else one.notice.at, one.notice.id)
