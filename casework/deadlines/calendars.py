"""Working time of an office: its intervals by weekday, its holidays, its zone. Pure.

A calendar without an open hour is refused when it is made, so nothing that asks for the next
working day can run for ever.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from casework.errors import BadInput

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_FARTHEST = 400
"""Days to look ahead for a working day; longer closures are a mistake in the calendar."""
_CENTURY = 20
"""The first digits of a year that can be meant."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Opening hours of one day, local. ``end`` at or before ``start`` is on the next day."""

    start: time
    end: time

    @property
    def overnight(self) -> bool:
        """Whether it ends on the day after it starts."""
        return self.end <= self.start


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """When an office works. ``week`` has seven tuples of intervals, Monday first, in order."""

    zone: ZoneInfo
    week: tuple[tuple[Interval, ...], ...]
    country: str = ""
    """ISO 3166 code whose public holidays are days off; ``""`` for none."""
    days_off: frozenset[date] = frozenset()
    days_on: frozenset[date] = frozenset()
    """Days worked although the country has a holiday (they keep their weekday's hours)."""

    def __post_init__(self) -> None:
        if not any(self.week):
            raise BadInput("This calendar has no open hour in the week: give at least one.")

    def __hash__(self) -> int:
        # What is computed by a calendar is remembered; its week alone would take longer to hash.
        return hash((self.zone.key, self.country, len(self.days_off), len(self.days_on)))

    def is_working(self, day: date) -> bool:
        """Whether the office opens on that local day."""
        if not self.week[day.weekday()] or day in self.days_off:
            return False
        return day in self.days_on or not self.holiday(day)

    def holiday(self, day: date) -> str:
        """The name of the public holiday on that day, ``""`` if none."""
        return _public_holidays(self.country, day.year).get(day, "") if self.country else ""

    def working_day_from(self, day: date) -> date:
        """That day if the office opens on it, else the next one it does."""
        for ahead in range(_FARTHEST):
            candidate = day + timedelta(days=ahead)
            if self.is_working(candidate):
                return candidate
        raise BadInput(
            "This calendar has no working day within %(number)s days after %(day)s: check its days"
            " off.",
            number=_FARTHEST,
            day=day,
        )

    def close(self, day: date) -> datetime:
        """When the office closes on a working day, in UTC."""
        last = self.week[day.weekday()][-1]
        end_day = day + timedelta(days=1) if last.overnight else day
        return wall_moment(end_day, last.end, self.zone)


def wall_moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The first moment, in UTC, at which the clock on the wall of ``zone`` shows ``at`` or later on
    that day: where the clock goes forward over it, the moment of the jump; where it comes twice,
    the first."""
    at = at.replace(fold=0)
    found = datetime.combine(day, at, zone).astimezone(UTC)
    if found.astimezone(zone).time() == at:
        return found
    # In a gap: with the offset from after the jump it lies before the jump.
    before = datetime.combine(day, at, zone).replace(fold=1).astimezone(UTC)
    minute = timedelta(minutes=1)
    while (found - minute).astimezone(zone).utcoffset() != before.astimezone(zone).utcoffset():
        found -= minute
    return found


def parse_hours(text: str) -> tuple[tuple[Interval, ...], ...]:
    """Read ``Mon-Fri 08:00-12:00,13:00-17:00; Sat 08:00-12:00`` into a week.

    ``BadInput`` names the part that can't be read.
    """
    week: list[tuple[Interval, ...]] = [()] * 7
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        days, _, spans = part.partition(" ")
        read = (_interval(span, part) for span in spans.split(","))
        intervals = tuple(sorted(read, key=lambda interval: interval.start))
        _refuse_overlaps(intervals, part)
        for weekday in _weekdays(days):
            if week[weekday]:
                raise BadInput(
                    "%(weekday)s stands twice in “%(text)s”.", weekday=WEEKDAYS[weekday], text=text
                )
            week[weekday] = intervals
    return tuple(week)


def write_hours(week: tuple[tuple[Interval, ...], ...]) -> list[str]:
    """A week as ``parse_hours`` reads it, a part for each run of days with the same hours."""
    # The first run begins after a change of hours, so that it may go on over Sunday.
    first = next((day for day in range(7) if week[day] != week[day - 1]), 0)
    runs = groupby(((first + step) % 7 for step in range(7)), key=lambda day: week[day])
    parts = []
    for intervals, run in runs:
        days = [WEEKDAYS[day] for day in run]
        if intervals:
            name = days[0] if len(days) == 1 else f"{days[0]}-{days[-1]}"
            spans = (f"{one.start:%H:%M}-{one.end:%H:%M}" for one in intervals)
            parts.append(f"{name} {','.join(spans).replace('-00:00', '-24:00')}")
    return parts


def calendar_of(
    zone: str,
    hours: str,
    country: str = "",
    days_off: Iterable[str] = (),
    days_on: Iterable[str] = (),
) -> WorkingCalendar:
    """A calendar from the texts an operator types; ``BadInput`` where one can't be used."""
    return WorkingCalendar(
        parse_zone(zone),
        parse_hours(hours),
        parse_country(country),
        frozenset(map(parse_day, days_off)),
        frozenset(map(parse_day, days_on)),
    )


def parse_zone(text: str) -> ZoneInfo:
    """A time zone by its name."""
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput(
            "“%(text)s” is no time zone; write one like Asia/Phnom_Penh.", text=text
        ) from None


def parse_country(text: str) -> str:
    """An ISO 3166 code whose public holidays are known, or ``""`` for none."""
    country = text.upper()
    if country and not has_holidays(country):
        raise BadInput(
            "No public holidays are known for the country code “%(text)s”.", text=country
        )
    return country


def parse_day(text: str) -> date:
    """A day of this century, written like ``2026-12-31``."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = date.min
    if found.year // 100 != _CENTURY:
        raise BadInput("“%(text)s” is no date; write it like 2026-12-31.", text=text)
    return found


def has_holidays(country: str) -> bool:
    """Whether the public holidays of an ISO 3166 code are known."""
    return country in _supported()


def usual_hours(country: str) -> str:
    """Office hours by default: eight hours with a break on the country's working days (our
    default; the weekend is the country's own where ``holidays`` knows it)."""
    weekend = {5, 6}
    if has_holidays(country.upper()):
        weekend = set(holidays.country_holidays(country.upper(), years=2026).weekend)
    days = [name for number, name in enumerate(WEEKDAYS) if number not in weekend]
    return ";".join(f"{day} 08:00-12:00,13:00-17:00" for day in days)


@lru_cache(maxsize=1)
def _supported() -> frozenset[str]:
    return frozenset(holidays.list_supported_countries())


@lru_cache(maxsize=256)
def _public_holidays(country: str, year: int) -> dict[date, str]:
    # English, so that the steps of a deadline read the same on every machine.
    return dict(holidays.country_holidays(country, years=year, language="en_US"))


def _weekdays(text: str) -> list[int]:
    first, dash, last = text.partition("-")
    try:
        start = WEEKDAYS.index(first.title())
        end = WEEKDAYS.index(last.title()) if dash else start
    except ValueError:
        raise BadInput(
            "“%(text)s” is no weekday; write Mon, Tue … or Mon-Fri.", text=text
        ) from None
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def _interval(text: str, part: str) -> Interval:
    match = re.fullmatch(r"\s*(\d{1,2}:\d{2})\s*-\s*(\d{1,2}:\d{2})\s*", text)
    try:
        if match is None:
            raise ValueError
        return Interval(_clock_time(match[1]), _clock_time(match[2]))
    except ValueError:
        raise BadInput(
            "“%(text)s” in “%(part)s” is no interval; write Mon-Fri 08:00-17:00.",
            text=text.strip(),
            part=part,
        ) from None


def _clock_time(text: str) -> time:
    hour, minute = map(int, text.split(":"))
    return time(hour % 24, minute) if (hour, minute) == (24, 0) else time(hour, minute)


def _refuse_overlaps(intervals: tuple[Interval, ...], part: str) -> None:
    for earlier, later in pairwise(intervals):
        if earlier.overnight or later.start < earlier.end:
            raise BadInput("The intervals of “%(part)s” overlap.", part=part)
