"""Deadlines counted by somebody who looks at the clock on the wall minute by minute.

Knows nothing of how ``casework`` computes: it asks a zone what a clock shows in a minute, marks the
minutes in which an office is open or a case is paused, and counts. Minutes are numbers, so that
weeks of them can be counted in a test.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from casework.deadlines.calendars import WorkingCalendar
from casework.deadlines.clocks import Span, Unit
from casework.deadlines.worktime import Stretch

MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)
_ZERO = datetime(2026, 1, 1, tzinfo=UTC)
_FARTHEST = 600 * 24 * 60
"""A walk that takes longer is one that never ends."""


def number(moment: datetime) -> int:
    """The minute that begins at a moment."""
    minutes, rest = divmod(moment - _ZERO, MINUTE)
    assert not rest
    return minutes


def moment(minute: int) -> datetime:
    """When a minute begins."""
    return _ZERO + minute * MINUTE


@cache
def _shown(zone: ZoneInfo, day: date) -> tuple[int, ...]:
    """For each time of day, in minutes, the first minute of ``day`` at which the clock shows it or
    a later one; where none does, the first one of a later day."""
    # Well before the day begins there: no clock jumps by more than an hour.
    begins = datetime.combine(day, time(), zone).astimezone(UTC)
    minute = number(begins.replace(second=0)) - 3 * 60
    first: list[int] = []
    while len(first) < 24 * 60:
        shown = moment(minute).astimezone(zone)
        past = 24 * 60 if shown.date() > day else 0
        if shown.date() == day:
            past = shown.hour * 60 + shown.minute + 1
        first.extend([minute] * (past - len(first)))
        minute += 1
    return tuple(first)


def first_shown(zone: ZoneInfo, day: date, at: time) -> int:
    """The first minute of a day at which the clock of ``zone`` shows ``at`` or later."""
    return _shown(zone, day)[at.hour * 60 + at.minute]


@cache
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year)) if country else frozenset()


class Wall:
    """An office with a clock, and a case that is paused in some minutes."""

    def __init__(self, office: WorkingCalendar, pauses: Iterable[Stretch] = ()) -> None:
        self.office = office
        self.paused = {
            minute for begin, end in pauses for minute in range(number(begin), number(end))
        }
        self._open: dict[int, date] = {}
        self._looked = date.min
        self._from = self._until = 0

    # --- what there is to see ---

    def is_working(self, day: date) -> bool:
        """Whether the office opens on a day."""
        if day in self.office.days_off or not self.office.week[day.weekday()]:
            return False
        return day in self.office.days_on or day not in _holidays(self.office.country, day.year)

    def working_day(self, minute: int) -> date | None:
        """The working day of an office that is open in a minute; ``None`` where it is closed."""
        if minute >= self._until:
            day = moment(minute).astimezone(self.office.zone).date()
            if self._looked == date.min:
                # What began on the evening before goes on into the morning.
                self._from, self._looked = minute, day - 2 * _DAY
            while self._looked < day:
                self._looked += _DAY
                self._look(self._looked)
            self._until = first_shown(self.office.zone, day + _DAY, time())
        assert minute >= self._from, "It only walks forward."
        return self._open.get(minute)

    def _look(self, day: date) -> None:
        if not self.is_working(day):
            return
        for one in self.office.week[day.weekday()]:
            ends = day + _DAY if one.end <= one.start else day
            opens = first_shown(self.office.zone, day, one.start)
            for minute in range(opens, first_shown(self.office.zone, ends, one.end)):
                self._open.setdefault(minute, day)

    def closes(self, day: date) -> int:
        """The minute in which nobody is there any more."""
        last = self.office.week[day.weekday()][-1]
        ends = day + _DAY if last.end <= last.start else day
        return first_shown(self.office.zone, ends, last.end)

    # --- counting ---

    def count(self, begin: int, minutes: int) -> int:
        """When so many minutes outside the pauses have passed."""
        for minute in range(begin, begin + _FARTHEST):
            if not minutes:
                return minute
            minutes -= minute not in self.paused
        raise AssertionError("It never ends.")

    def count_open(self, begin: int, minutes: int) -> tuple[int, date]:
        """When so many open minutes outside the pauses have passed, and of which working day the
        last of them was; of none, the day of the next one."""
        for minute in range(begin, begin + _FARTHEST):
            day = self.working_day(minute)
            if day and minute not in self.paused:
                if minutes <= 1:
                    return minute + minutes, day
                minutes -= 1
        raise AssertionError("It never ends.")

    def paused_between(self, begin: int, end: int) -> int:
        """How many minutes were paused."""
        return sum(begin <= minute < end for minute in self.paused)

    def open_between(self, begin: int, end: int) -> int:
        """In how many minutes the office is open."""
        return sum(self.working_day(minute) is not None for minute in range(begin, end))

    # --- spans ---

    def due(self, started: datetime, span: Span, exact: bool) -> datetime:
        """When a span is over: the definition in ``clocks.passed``, walked."""
        begin = number(started)
        local = started.astimezone(self.office.zone)
        match span.unit:
            case Unit.HOURS:
                return moment(self.count(begin, span.amount * 60))
            case Unit.WORKING_HOURS:
                return moment(self.count_open(begin, span.amount * 60)[0])
            case Unit.WORKING_DAYS:
                return moment(self._working_days(begin, local.date(), span.amount))
            case Unit.DAYS:
                day = local.date()
                for _ in range(span.amount):
                    day += _DAY
            case Unit.MONTHS:
                day = months_later(local.date(), span.amount)
        wanted = first_shown(self.office.zone, day, local.time())
        at = self.count(begin, wanted - begin) if self.paused_between(begin, wanted) else wanted
        return moment(at if exact else self._office_day(at))

    def _working_days(self, begin: int, day: date, days: int) -> int:
        while days:
            day += _DAY
            days -= self.is_working(day)
        closes = self.closes(day)
        if not self.paused_between(begin, closes):
            return closes
        return self.closes(self.count_open(begin, self.open_between(begin, closes))[1])

    def _office_day(self, minute: int) -> int:
        day = moment(minute).astimezone(self.office.zone).date()
        while not self.is_working(day):
            day += _DAY
        return self.closes(day)

    def share(self, started: datetime, due_at: datetime, percent: int) -> datetime:
        """When so many percent of the minutes that count until ``due_at`` have passed."""
        begin, end = number(started), number(due_at)
        left = percent * (end - begin - self.paused_between(begin, end))
        for minute in range(begin, end):
            if minute in self.paused:
                continue
            if left <= 100:
                return moment(minute) + left * MINUTE / 100
            left -= 100
        raise AssertionError("More than there is.")


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last one of that month."""
    wanted, month = day.day, day.replace(day=1)
    for _ in range(months):
        month = (month + timedelta(days=31)).replace(day=1)
    last = (month + timedelta(days=31)).replace(day=1) - _DAY
    return month.replace(day=min(wanted, last.day))
