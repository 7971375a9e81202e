"""When a promise is due: the calculation, step by step. Pure.

This is the one place where a deadline is computed. How long each promise may take is a matter of
``casework.deadlines.policies``.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from casework.deadlines.calendars import WorkingCalendar, wall_moment
from casework.deadlines.worktime import (
    Stretch,
    after_time,
    after_working_time,
    open_time,
    paused_time,
    working_day_after,
)
from casework.errors import BadInput, Remark
from casework.vocabulary import Promise


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

    def __str__(self) -> str:
        """As ``parse_span`` reads it."""
        unit = self.unit.value
        return f"{self.amount} {unit.removesuffix('s') if self.amount == 1 else unit}"


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


def parse_span(text: str) -> Span:
    """Read ``16 working hours``, ``3 days``, ``1 month``; ``BadInput`` where it is no span or
    one beyond any calendar."""
    amount, _, unit = " ".join(text.lower().split()).partition(" ")
    units = {name: u for u in Unit for name in (u.value, u.value.removesuffix("s"))}
    number = int(amount) if amount.isascii() and amount.isdecimal() and len(amount) < 5 else 0
    if not number or unit not in units:
        raise BadInput(
            "“%(text)s” is no span; write one like 3 days, 72 hours, 2 months, 16 working hours or"
            " 5 working days.",
            text=text,
        )
    return Span(number, units[unit])


def due(
    promise: Promise,
    started: datetime,
    calendar: WorkingCalendar,
    span: Span,
    *,
    exact: bool = False,
    pauses: Sequence[Stretch] = (),
) -> Due:
    """When a promise that started at ``started`` (aware) falls due, with each step: see ``passed``."""
    found = passed(started, calendar, span, exact=exact, pauses=pauses)
    start = _start(promise, Moment(started.astimezone(calendar.zone)))
    return Due(found.at, (start, *found.steps))


def passed(
    started: datetime,
    calendar: WorkingCalendar,
    span: Span,
    *,
    exact: bool = False,
    pauses: Sequence[Stretch] = (),
) -> Due:
    """When a span that began at ``started`` (aware) is over, with each step.

    Hours run around the clock. A span in days or months ends at the close of the office's working
    day it falls on, or of the next working day; where it is ``exact``, around the clock at the very
    moment. Working hours end when the office has been open for so long, working days at the close of
    the last. Source: field.md section 4.

    What lies in ``pauses`` does not count: hours and open hours go on behind them, days and months
    end later by as much time as was paused, working days by as much open time.
    """
    local = started.astimezone(calendar.zone)
    steps: list[Remark] = []
    match span.unit:
        case Unit.HOURS:
            raw = started.astimezone(UTC) + timedelta(hours=span.amount)
            at = after_time(started, timedelta(hours=span.amount), pauses)
            steps.append(
                Remark(
                    "Plus %(number)s hours around the clock: %(moment)s.",
                    number=span.amount,
                    moment=_on_the_wall(calendar, raw),
                )
            )
            _note_pause(steps, calendar, raw, at)
            return Due(at, tuple(steps))
        case Unit.WORKING_HOURS:
            amount = timedelta(hours=span.amount)
            raw, _ = after_working_time(calendar, started, amount)
            at, _ = after_working_time(calendar, started, amount, pauses)
            steps.append(
                Remark(
                    "Plus %(number)s hours in which the office is open: %(moment)s.",
                    number=span.amount,
                    moment=_on_the_wall(calendar, raw),
                )
            )
            _note_pause(steps, calendar, raw, at)
            return Due(at, tuple(steps))
        case Unit.WORKING_DAYS:
            day = working_day_after(calendar, local.date(), span.amount)
            steps.append(
                Remark(
                    "Plus %(number)s working days, not counting the first day: %(day)s.",
                    number=span.amount,
                    day=Day(day),
                )
            )
            raw = calendar.close(day)
            if paused_time(started, raw, pauses):
                open_for = open_time(calendar, started, raw)
                at, day = after_working_time(calendar, started, open_for, pauses)
                _note_pause(steps, calendar, raw, at)
            steps.append(_closing(calendar, calendar.close(day)))
            return Due(calendar.close(day), tuple(steps))
        case _:
            return _by_the_calendar(span, local, calendar, steps, exact, pauses)


def _by_the_calendar(
    span: Span,
    local: datetime,
    calendar: WorkingCalendar,
    steps: list[Remark],
    exact: bool,
    pauses: Sequence[Stretch],
) -> Due:
    day = _plus(local.date(), span)
    steps.append(_calendar_span(span, Day(day)))
    raw = at = wall_moment(day, local.time(), calendar.zone)
    if paused_time(local, raw, pauses):
        at = after_time(local, raw - local, pauses)
        _note_pause(steps, calendar, raw, at)
        day = at.astimezone(calendar.zone).date()
    if exact:
        moment = _on_the_wall(calendar, at)
        steps.append(Remark("Around the clock: the exact moment, %(moment)s.", moment=moment))
        return Due(at, tuple(steps))
    working = calendar.working_day_from(day)
    while day < working:
        steps.append(_closed(calendar, day))
        day += timedelta(days=1)
    at = calendar.close(working)
    steps.append(_closing(calendar, at))
    return Due(at, tuple(steps))


def _note_pause(
    steps: list[Remark], calendar: WorkingCalendar, raw: datetime, at: datetime
) -> None:
    if at != raw:
        steps.append(
            Remark(
                "Without the time in which it was paused: %(moment)s.",
                moment=_on_the_wall(calendar, at),
            )
        )


def _plus(day: date, span: Span) -> date:
    if span.unit is Unit.DAYS:
        return day + timedelta(days=span.amount)
    months = day.year * 12 + day.month - 1 + span.amount
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _start(promise: Promise, moment: Moment) -> Remark:
    """What ``casework.deadlines.promised`` lets the promise start with, in words."""
    match promise:
        case Promise.ACKNOWLEDGE | Promise.TRIAGE | Promise.FIRST_REPLY | Promise.PROTECTION:
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
        case Promise.CONFIRMATION:
            return Remark("Starts when the worker was told the outcome: %(moment)s.", moment=moment)
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
