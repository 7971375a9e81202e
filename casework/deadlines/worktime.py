"""Working time: when an office is open, and when so much of it has passed. Pure.

All moments are aware. Minutes are real minutes: in the night in which the clock goes forward an
open office is open for an hour less.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

from casework.deadlines.calendars import WorkingCalendar, wall_moment
from casework.errors import BadInput

Stretch = tuple[datetime, datetime]
"""From the first moment to the second, which no longer belongs to it. Several stand in order, and
none overlaps another."""

_FARTHEST = 3660
"""Days. A deadline beyond it is a mistake in the policy or the calendar."""
_DAY = timedelta(days=1)


def opening_times(
    calendar: WorkingCalendar, begin: datetime
) -> Iterator[tuple[datetime, datetime, date]]:
    """The stretches of open time after ``begin``, in UTC and in order, each with the working day it
    belongs to; none overlaps another.

    The hours of a working day belong to it also where they pass midnight, into a holiday or a
    weekend. ``BadInput`` where it would go on for more than ten years.
    """
    told = begin.astimezone(UTC)
    # Hours of the day before may reach into this one.
    day = told.astimezone(calendar.zone).date() - _DAY
    for _ in range(_FARTHEST):
        for start, end in _of_day(calendar, day):
            if end > told:
                yield max(start, told), end, day
                told = end
        day += _DAY
    raise BadInput("This calendar has too little open time for such a long deadline.")


def open_time(calendar: WorkingCalendar, begin: datetime, end: datetime) -> timedelta:
    """How long the office is open between two moments."""
    found = timedelta()
    if end > begin:
        for start, stop, _ in opening_times(calendar, begin):
            if start >= end:
                break
            found += min(stop, end) - start
    return found


def after_working_time(
    calendar: WorkingCalendar,
    begin: datetime,
    amount: timedelta,
    pauses: Sequence[Stretch] = (),
) -> tuple[datetime, date]:
    """The first moment by which ``amount`` of open time outside ``pauses`` has passed since
    ``begin``, in UTC, and the working day it belongs to."""
    left = amount
    for start, stop, day in opening_times(calendar, begin):
        for piece, end in _without(start, stop, pauses):
            if end - piece >= left:
                return piece + left, day
            left -= end - piece
    raise AssertionError("Opening times have no end.")


def after_time(begin: datetime, amount: timedelta, pauses: Sequence[Stretch] = ()) -> datetime:
    """The first moment by which ``amount`` of time outside ``pauses`` has passed since ``begin``,
    in UTC."""
    at = begin.astimezone(UTC)
    left = amount
    for start, end in pauses:
        if end <= at:
            continue
        if start - at >= left:
            break
        left -= max(start - at, timedelta())
        at = end
    return at + left


def paused_time(begin: datetime, end: datetime, pauses: Sequence[Stretch]) -> timedelta:
    """How much of the time between two moments was paused."""
    parts = (min(stop, end) - max(start, begin) for start, stop in pauses)
    return sum((part for part in parts if part > timedelta()), timedelta())


def working_day_after(calendar: WorkingCalendar, begin: date, days: int) -> date:
    """The working day that comes ``days`` working days after ``begin``; ``begin`` itself, working
    or not, is not counted."""
    day = begin
    for _ in range(days):
        day = calendar.working_day_from(day + _DAY)
    return day


def working_days_left(calendar: WorkingCalendar, now: datetime, until: datetime) -> int:
    """How many working days of the office come after today, up to the day of ``until``; 0 where
    that is today, past, or before the next working day."""
    day = now.astimezone(calendar.zone).date()
    last = until.astimezone(calendar.zone).date()
    left = 0
    while day < last:
        day += _DAY
        left += calendar.is_working(day)
    return left


def _without(start: datetime, stop: datetime, pauses: Sequence[Stretch]) -> Iterator[Stretch]:
    """What is left of a stretch without the pauses."""
    for first, last in pauses:
        if last <= start or first >= stop:
            continue
        if first > start:
            yield start, first
        start = last
    if start < stop:
        yield start, stop


def _of_day(calendar: WorkingCalendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    if not calendar.is_working(day):
        return
    for interval in calendar.week[day.weekday()]:
        start = wall_moment(day, interval.start, calendar.zone)
        end_day = day + _DAY if interval.overnight else day
        end = wall_moment(end_day, interval.end, calendar.zone)
        if start < end:
            yield start, end
