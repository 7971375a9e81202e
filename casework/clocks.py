"""When a promise is due: the table of spans, and the calculation step by step. Pure.

This is the one place where a deadline is computed.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from casework.calendars import WorkingCalendar, wall_moment
from casework.errors import BadInput
from casework.vocabulary import Promise, Severity
from casework.worktime import after_working_time, working_day_after


class Unit(StrEnum):
    """Hours run around the clock, days and months are of the calendar; working hours and days are
    those of the office."""

    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"
    WORKING_HOURS = "working hours"
    WORKING_DAYS = "working days"


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


def _row(
    critical: Span | int, serious: int, standard: int, minor: Span | int
) -> dict[Severity, Span]:
    """A row of the table; a bare number means days."""
    spans = (critical, serious, standard, minor)
    return {
        severity: span if isinstance(span, Span) else Span(span, Unit.DAYS)
        for severity, span in zip(Severity, spans, strict=True)
    }


POLICY: dict[Promise, dict[Severity, Span]] = {
    Promise.ACKNOWLEDGE: _row(Span(24, Unit.HOURS), 2, 3, 7),
    Promise.TRIAGE: _row(Span(24, Unit.HOURS), 3, 5, 10),
    Promise.FIRST_REPLY: _row(Span(72, Unit.HOURS), 7, 14, 30),
    Promise.INVESTIGATE: _row(14, 30, 45, 45),
    Promise.REMEDY: _row(30, 60, 90, Span(3, Unit.MONTHS)),
    Promise.PROGRESS: _row(7, 14, 30, 30),
    Promise.OUTCOME: dict.fromkeys(Severity, Span(3, Unit.MONTHS)),
    Promise.APPEAL: _row(30, 30, 30, 30),
}
"""Default deadlines of field.md section 4, each with where it comes from.

- Acknowledgement: EU whistleblower directive Art. 9 (7 days is the cap), World Bank GRS (2 business
  days).
- Triage, first reply, progress message, appeal decision: our defaults.
- Investigation and plan: FLA third-party complaints (45 days to assess and plan).
- Remedy: the seed's audit criteria (three months for minor findings); our default for the others.
- Outcome: EU whistleblower directive Art. 9, three months after the acknowledgement.
"""

STARTS_WITH: dict[Promise, str] = {
    Promise.ACKNOWLEDGE: "filing",
    Promise.TRIAGE: "filing",
    Promise.FIRST_REPLY: "filing",
    Promise.INVESTIGATE: "acknowledgement",
    Promise.REMEDY: "proposed remedy",
    Promise.PROGRESS: "acknowledgement, or the last message to the worker",
    Promise.OUTCOME: "acknowledgement",
    Promise.APPEAL: "dispute or appeal",
}
"""What ``casework.promised`` says, in words for each first step."""


def parse_span(text: str) -> Span:
    """Read ``16 working hours``, ``3 days``, ``1 month``; ``BadInput`` where it is no span."""
    amount, _, unit = " ".join(text.lower().split()).partition(" ")
    units = {name: u for u in Unit for name in (u.value, u.value.removesuffix("s"))}
    if not (amount.isascii() and amount.isdecimal() and int(amount) and unit in units):
        raise BadInput(
            "“%(text)s” is no span; write one like 3 days, 72 hours, 2 months, 16 working hours or"
            " 5 working days.",
            text=text,
        )
    return Span(int(amount), units[unit])


def due(
    promise: Promise,
    severity: Severity,
    started: datetime,
    calendar: WorkingCalendar,
    span: Span | None = None,
) -> Due:
    """When a promise that started at ``started`` (aware) falls due; after ``span`` instead of what
    ``POLICY`` says, where one is given.

    Hours run around the clock. A span in days or months ends at the close of the office's working
    day it falls on, or of the next working day; for critical cases at the exact moment. Working
    hours end when the office has been open for so long, working days at the close of the last.
    Source: field.md section 4.
    """
    span = span or POLICY[promise][severity]
    local = started.astimezone(calendar.zone)
    steps = [f"Starts with the {STARTS_WITH[promise]}: {_say(local)}."]
    if span.unit is Unit.HOURS:
        at = started.astimezone(UTC) + timedelta(hours=span.amount)
        steps.append(f"Plus {span.amount} hours around the clock: {_say(_in(calendar, at))}.")
        return Due(at, tuple(steps))
    if span.unit is Unit.WORKING_HOURS:
        at = after_working_time(calendar, started, timedelta(hours=span.amount))
        steps.append(
            f"Plus {span.amount} hours in which the office is open: {_say(_in(calendar, at))}."
        )
        return Due(at, tuple(steps))
    if span.unit is Unit.WORKING_DAYS:
        day = working_day_after(calendar, local.date(), span.amount)
        at = calendar.close(day)
        steps.append(
            f"Plus {span.amount} working days, not counting the first day: {day:%a} {day}."
        )
        steps.append(f"Ends when the office closes: {_say(_in(calendar, at))}.")
        return Due(at, tuple(steps))
    day = _plus(local.date(), span)
    steps.append(f"Plus {span.amount} calendar {span.unit}: {day:%a} {day}.")
    if severity is Severity.CRITICAL:
        at = wall_moment(day, local.time(), calendar.zone)
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
