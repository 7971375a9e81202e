"""When a promise is due: the table of spans, and the calculation step by step. Pure.

This is the one place where a deadline is computed.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from casework.calendars import WorkingCalendar
from casework.vocabulary import Promise, Severity


class Unit(StrEnum):
    """Hours run around the clock; days and months are of the calendar."""

    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Span:
    """How long a promise may take."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Due:
    """A due time in UTC, with each step of its calculation in plain English."""

    at: datetime
    steps: tuple[str, ...]


def _row(critical: Span, serious: int, standard: int, minor: int) -> dict[Severity, Span]:
    return {
        Severity.CRITICAL: critical,
        Severity.SERIOUS: Span(serious, Unit.DAYS),
        Severity.STANDARD: Span(standard, Unit.DAYS),
        Severity.MINOR: Span(minor, Unit.DAYS),
    }


POLICY: dict[Promise, dict[Severity, Span]] = {
    Promise.ACKNOWLEDGE: _row(Span(24, Unit.HOURS), 2, 3, 7),
    Promise.FIRST_REPLY: _row(Span(72, Unit.HOURS), 7, 14, 30),
    Promise.OUTCOME: dict.fromkeys(Severity, Span(3, Unit.MONTHS)),
}
"""Default deadlines of field.md section 4. Acknowledgement: EU whistleblower directive Art. 9
(7 days is the cap) and World Bank GRS (2 business days). First reply: our default. Outcome: EU
directive Art. 9, three months after the acknowledgement."""

STARTS_WITH: dict[Promise, str] = {
    Promise.ACKNOWLEDGE: "filing",
    Promise.FIRST_REPLY: "filing",
    Promise.OUTCOME: "acknowledgement",
}


def due(promise: Promise, severity: Severity, started: datetime, calendar: WorkingCalendar) -> Due:
    """When a promise that started at ``started`` (aware) falls due.

    Hours run around the clock. A span in days or months ends at the close of the office's working
    day it falls on, or of the next working day; for critical cases at the exact moment. Source:
    field.md section 4.
    """
    span = POLICY[promise][severity]
    local = started.astimezone(calendar.zone)
    steps = [f"Starts with the {STARTS_WITH[promise]}: {_say(local)}."]
    if span.unit is Unit.HOURS:
        at = started.astimezone(UTC) + timedelta(hours=span.amount)
        steps.append(f"Plus {span.amount} hours around the clock: {_say(_in(calendar, at))}.")
        return Due(at, tuple(steps))
    day = _plus(local.date(), span)
    steps.append(f"Plus {span.amount} calendar {span.unit}: {day:%a} {day}.")
    if severity is Severity.CRITICAL:
        at = datetime.combine(day, local.time(), calendar.zone).astimezone(UTC)
        steps.append(f"Critical: the exact moment, {_say(_in(calendar, at))}.")
        return Due(at, tuple(steps))
    working = calendar.working_day_from(day)
    while day < working:
        steps.append(f"{day:%a} {day} is not a working day ({_why_closed(calendar, day)}).")
        day += timedelta(days=1)
    at = calendar.close(working)
    steps.append(f"Ends when the office closes: {_say(_in(calendar, at))}.")
    return Due(at, tuple(steps))


def _plus(day: date, span: Span) -> date:
    if span.unit is Unit.DAYS:
        return day + timedelta(days=span.amount)
    months = day.year * 12 + day.month - 1 + span.amount
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _why_closed(calendar: WorkingCalendar, day: date) -> str:
    if not calendar.week[day.weekday()]:
        return "weekend"
    return calendar.holiday(day) or "day off"


def _in(calendar: WorkingCalendar, at: datetime) -> datetime:
    return at.astimezone(calendar.zone)


def _say(local: datetime) -> str:
    return f"{local:%a %Y-%m-%d %H:%M} ({local.tzinfo})"
