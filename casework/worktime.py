"""Working time: when an office is open, and when so much of it has passed. Pure.

All moments are aware. Minutes are real minutes: in the night in which the clock goes forward an
open office is open for an hour less.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from casework.calendars import WorkingCalendar, wall_moment
from casework.errors import BadInput

_FARTHEST = 3660
"""Days. A deadline beyond it is a mistake in the policy or the calendar."""
_DAY = timedelta(days=1)


def opening_times(
    calendar: WorkingCalendar, begin: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of open time after ``begin``, in UTC and in order; none overlaps another.

    The hours of a working day belong to it also where they pass midnight, into a holiday or a
    weekend. ``BadInput`` where it would go on for more than ten years.
    """
    told = begin.astimezone(UTC)
    # Hours of the day before may reach into this one.
    day = told.astimezone(calendar.zone).date() - _DAY
    for _ in range(_FARTHEST):
        for start, end in _of_day(calendar, day):
            if end > told:
                yield max(start, told), end
                told = end
        day += _DAY
    raise BadInput("This calendar has too little open time for such a long deadline.")


def after_working_time(calendar: WorkingCalendar, begin: datetime, amount: timedelta) -> datetime:
    """The first moment by which ``amount`` of open time has passed since ``begin``, in UTC."""
    left = amount
    for start, stop in opening_times(calendar, begin):
        if stop - start >= left:
            return start + left
        left -= stop - start
    raise AssertionError("Opening times have no end.")


def working_day_after(calendar: WorkingCalendar, begin: date, days: int) -> date:
    """The working day that comes ``days`` working days after ``begin``; ``begin`` itself, working
    or not, is not counted."""
    day = begin
    for _ in range(days):
        day = calendar.working_day_from(day + _DAY)
    return day


def _of_day(calendar: WorkingCalendar, day: date) -> Iterator[tuple[datetime, datetime]]:
    if not calendar.is_working(day):
        return
    for interval in calendar.week[day.weekday()]:
        start = wall_moment(day, interval.start, calendar.zone)
        end_day = day + _DAY if interval.overnight else day
        end = wall_moment(end_day, interval.end, calendar.zone)
        if start < end:
            yield start, end
