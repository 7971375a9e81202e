"""When a promise is due: the table of spans, and the calculation step by step. Pure.

This is the one place where a deadline is computed.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from casework.calendars import WorkingCalendar, wall_moment
from casework.errors import BadInput, Remark
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
    """A due time in UTC, with each step of its calculation: an English sentence, and as a
    ``Remark`` that of any language. Its holes hold ``Moment`` and ``Day``."""

    at: datetime
    steps: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment on the wall of the office; as text ``Fri 2026-11-20 18:40 (Asia/Phnom_Penh)``."""

    at: datetime

    def __str__(self) -> str:
        return f"{self.at:%a %Y-%m-%d %H:%M} ({self.at.tzinfo})"


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the office; as text ``Fri 2026-11-20``."""

    day: date

    def __str__(self) -> str:
        return f"{self.day:%a} {self.day}"


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
    steps = [_start(promise, Moment(local))]
    if span.unit is Unit.HOURS:
        at = started.astimezone(UTC) + timedelta(hours=span.amount)
        steps.append(
            Remark(
                "Plus %(number)s hours around the clock: %(moment)s.",
                number=span.amount,
                moment=_on_the_wall(calendar, at),
            )
        )
        return Due(at, tuple(steps))
    if span.unit is Unit.WORKING_HOURS:
        at = after_working_time(calendar, started, timedelta(hours=span.amount))
        steps.append(
            Remark(
                "Plus %(number)s hours in which the office is open: %(moment)s.",
                number=span.amount,
                moment=_on_the_wall(calendar, at),
            )
        )
        return Due(at, tuple(steps))
    if span.unit is Unit.WORKING_DAYS:
        day = working_day_after(calendar, local.date(), span.amount)
        at = calendar.close(day)
        steps.append(
            Remark(
                "Plus %(number)s working days, not counting the first day: %(day)s.",
                number=span.amount,
                day=Day(day),
            )
        )
        steps.append(_closing(calendar, at))
        return Due(at, tuple(steps))
    day = _plus(local.date(), span)
    steps.append(_calendar_span(span, Day(day)))
    if severity is Severity.CRITICAL:
        at = wall_moment(day, local.time(), calendar.zone)
        steps.append(
            Remark("Critical: the exact moment, %(moment)s.", moment=_on_the_wall(calendar, at))
        )
        return Due(at, tuple(steps))
    working = calendar.working_day_from(day)
    while day < working:
        steps.append(_closed(calendar, day))
        day += timedelta(days=1)
    at = calendar.close(working)
    steps.append(_closing(calendar, at))
    return Due(at, tuple(steps))


def _plus(day: date, span: Span) -> date:
    if span.unit is Unit.DAYS:
        return day + timedelta(days=span.amount)
    months = day.year * 12 + day.month - 1 + span.amount
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _start(promise: Promise, moment: Moment) -> Remark:
    """What ``casework.promised`` lets the promise start with, in words."""
    match promise:
        case Promise.ACKNOWLEDGE | Promise.TRIAGE | Promise.FIRST_REPLY:
            return Remark("Starts with the filing: %(moment)s.", moment=moment)
        case Promise.INVESTIGATE | Promise.OUTCOME:
            return Remark("Starts with the acknowledgement: %(moment)s.", moment=moment)
        case Promise.REMEDY:
            return Remark("Starts with the proposed remedy: %(moment)s.", moment=moment)
        case Promise.PROGRESS:
            return Remark(
                "Starts with the acknowledgement, or the last message to the worker: %(moment)s.",
                moment=moment,
            )
        case Promise.APPEAL:
            return Remark("Starts with the dispute or appeal: %(moment)s.", moment=moment)


def _calendar_span(span: Span, day: Day) -> Remark:
    if span.unit is Unit.MONTHS:
        return Remark("Plus %(number)s calendar months: %(day)s.", number=span.amount, day=day)
    return Remark("Plus %(number)s calendar days: %(day)s.", number=span.amount, day=day)


def _closed(calendar: WorkingCalendar, day: date) -> Remark:
    if not calendar.week[day.weekday()]:
        return Remark("%(day)s is not a working day (weekend).", day=Day(day))
    if holiday := calendar.holiday(day):
        # Translators: "holiday" is the name of a public holiday, in English
        return Remark("%(day)s is not a working day (%(holiday)s).", day=Day(day), holiday=holiday)
    return Remark("%(day)s is not a working day (day off).", day=Day(day))


def _closing(calendar: WorkingCalendar, at: datetime) -> Remark:
    moment = _on_the_wall(calendar, at)
    return Remark("Ends when the office closes: %(moment)s.", moment=moment)


def _on_the_wall(calendar: WorkingCalendar, at: datetime) -> Moment:
    return Moment(at.astimezone(calendar.zone))
