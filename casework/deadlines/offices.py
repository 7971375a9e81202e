"""The working calendars of offices, as they are written: checked field by field, added, changed,
given to factories.

What a change moves: ``casework.deadlines.recalculating``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import col, select

from casework.actors import Actor
from casework.db import Session, for_change
from casework.deadlines import recalculating
from casework.deadlines.calendars import (
    WEEKDAYS,
    WorkingCalendar,
    calendar_of,
    parse_country,
    parse_day,
    parse_hours,
    parse_zone,
)
from casework.errors import BadInput, NotAllowed, Remark
from casework.factories import Problems
from casework.ids import new_id
from casework.models import Calendar, Factory

NAME_AT_MOST = 80
HOURS_AT_MOST = 400
DAYS_AT_MOST = 400
"""So many days of its own a calendar has: ten years of holidays and more."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """A calendar as it was typed and found good. Days are ISO dates, in order, each once."""

    name: str
    zone: str
    country: str
    hours: str
    days_off: tuple[str, ...] = ()
    days_on: tuple[str, ...] = ()

    @property
    def calendar(self) -> WorkingCalendar:
        """The working time it gives."""
        return calendar_of(self.zone, self.hours, self.country, self.days_off, self.days_on)


def check_office(typed: Mapping[str, str]) -> OfficeFacts | Problems:
    """Read ``name, zone, country, hours`` and, one date a line, ``days_off`` and ``days_on``."""
    problems: Problems = {}
    name = " ".join(typed.get("name", "").split())
    if not 0 < len(name) <= NAME_AT_MOST:
        problems["name"] = Remark("Write the office's name, at most 80 characters.")
    fields = {field: typed.get(field, "").strip() for field in ("zone", "country")}
    # A line for each part of the week, and a long dash, are as natural to type.
    parts = typed.get("hours", "").replace("–", "-").replace(";", "\n").splitlines()
    fields["hours"] = "; ".join(" ".join(part.split()) for part in parts if part.strip())
    for field, read in _READ.items():
        try:
            read(fields[field])
        except BadInput as error:
            problems[field] = error.remark
    days: dict[str, tuple[str, ...]] = {}
    for field in ("days_off", "days_on"):
        try:
            days[field] = _days(typed.get(field, ""))
        except BadInput as error:
            problems[field] = error.remark
    if problems:
        return problems
    country = parse_country(fields["country"])
    facts = OfficeFacts(name, fields["zone"], country, fields["hours"], **days)
    return _days_problems(facts) or facts


def _hours(text: str) -> None:
    if len(text) > HOURS_AT_MOST:
        raise BadInput("At most 400 characters.")
    week = parse_hours(text)
    if not any(week):
        raise BadInput("This calendar has no open hour in the week: give at least one.")
    for number, day in enumerate(week):
        following = (number + 1) % 7
        last, next_day = day[-1:], week[following]
        if last and next_day and last[0].overnight and next_day[0].start < last[0].end:
            raise BadInput(
                "The night of %(first)s goes on when %(second)s has begun: they overlap.",
                first=WEEKDAYS[number],
                second=WEEKDAYS[following],
            )


_READ: dict[str, Callable[[str], object]] = {
    "zone": parse_zone,
    "country": parse_country,
    "hours": _hours,
}


def _days(text: str) -> tuple[str, ...]:
    found = {parse_day(word).isoformat() for word in text.replace(",", " ").split()}
    if len(found) > DAYS_AT_MOST:
        raise BadInput("These are more than 400 days. Take away those that are over.")
    return tuple(sorted(found))


def _days_problems(facts: OfficeFacts) -> Problems:
    calendar = facts.calendar
    if both := calendar.days_off & calendar.days_on:
        return {"days_on": Remark("%(day)s stands in both lists.", day=min(both))}
    for day in sorted(calendar.days_on):
        if not calendar.week[day.weekday()]:
            return {
                "days_on": Remark(
                    "%(day)s is a %(weekday)s, and the office has no hours on that weekday.",
                    day=day,
                    weekday=WEEKDAYS[day.weekday()],
                )
            }
    try:
        for day in sorted(calendar.days_off):
            _refuse_long_closure(calendar, day)
    except BadInput as error:
        return {"days_off": error.remark}
    return {}


def _refuse_long_closure(calendar: WorkingCalendar, day: date) -> None:
    """Refuse days off around ``day`` after which no deadline could end."""
    for _ in range(DAYS_AT_MOST):
        if calendar.is_working(day - _DAY):
            break
        day -= _DAY
    calendar.working_day_from(day)


def all_offices(session: Session) -> list[Calendar]:
    """Every calendar, the default one first, then by name."""
    return sorted(session.exec(select(Calendar)), key=lambda row: (not row.is_default, row.name))


def office(session: Session, row: int, *, lock: bool = False) -> Calendar | None:
    """The calendar of a row. ``lock`` it before changing it."""
    statement = select(Calendar).where(Calendar.id == row)
    return session.exec(for_change(statement) if lock else statement).first()


def answering_for(session: Session, factory: Factory) -> Calendar | None:
    """The calendar that counts for a factory: the one it names, or the default one."""
    if factory.calendar_id:
        return session.get(Calendar, factory.calendar_id)
    return session.exec(select(Calendar).where(col(Calendar.is_default).is_(True))).first()


def users(session: Session) -> dict[int | None, list[Factory]]:
    """The factories by the calendar they name, by name; under ``None`` those that name none."""
    found: dict[int | None, list[Factory]] = {}
    for factory in session.exec(select(Factory).order_by(Factory.name)):
        found.setdefault(factory.calendar_id, []).append(factory)
    return found


def add_office(session: Session, facts: OfficeFacts, now: datetime) -> Calendar | Problems:
    """Add a calendar, or say which field is in the way. The first one of all is the default."""
    if taken := _taken(session, facts, None):
        return taken
    first = session.exec(select(Calendar.id)).first() is None
    calendar = Calendar(id=new_id(now), name="", zone="", hours="", is_default=first)
    _write(calendar, facts)
    session.add(calendar)
    session.flush()
    return calendar


def change_office(
    session: Session, calendar: Calendar, facts: OfficeFacts, *, by: Actor, now: datetime
) -> int | Problems:
    """Change a calendar; how many due times moved, or which field is in the way."""
    if taken := _taken(session, facts, calendar):
        return taken
    _write(calendar, facts)
    session.flush()
    return recalculating.of_calendar(session, calendar, by=by, now=now)


def make_default(session: Session, calendar: Calendar, *, by: Actor, now: datetime) -> int:
    """The calendar answers for whatever names no other; how many due times moved."""
    # All of them, in one order: two who choose at once must not both succeed.
    for other in session.exec(for_change(select(Calendar).order_by(col(Calendar.id)))):
        other.is_default = other.id == calendar.id
    session.flush()
    return recalculating.of_calendar(session, calendar, by=by, now=now)


def answer_for(
    session: Session, factory: Factory, calendar: Calendar | None, *, by: Actor, now: datetime
) -> int:
    """A calendar answers for a factory, ``None`` for the default one; how many due times moved."""
    factory.calendar_id = calendar.id if calendar else None
    session.flush()
    return recalculating.of_factory(session, factory, by=by, now=now)


def delete_office(session: Session, calendar: Calendar) -> None:
    """Delete a calendar that nothing counts by; ``NotAllowed`` says what still does."""
    if calendar.is_default:
        raise NotAllowed("This is the default calendar. Make another one the default first.")
    if session.exec(select(Factory.id).where(Factory.calendar_id == calendar.id)).first():
        raise NotAllowed("Factories use this calendar. Give them another one first.")
    session.delete(calendar)
    session.flush()


def _taken(session: Session, facts: OfficeFacts, own: Calendar | None) -> Problems:
    for other in session.exec(select(Calendar)):
        if other != own and other.name.casefold() == facts.name.casefold():
            return {"name": Remark("Another office has this name.")}
    return {}


def _write(calendar: Calendar, facts: OfficeFacts) -> None:
    calendar.name, calendar.zone, calendar.country = facts.name, facts.zone, facts.country
    calendar.hours = facts.hours
    calendar.days_off, calendar.days_on = list(facts.days_off), list(facts.days_on)
