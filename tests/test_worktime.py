"""Working time against a simulation that looks at the clock on the wall minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.deadlines.calendars import WorkingCalendar, calendar_of, parse_hours
from casework.deadlines.worktime import after_working_time, opening_times, working_day_after
from casework.errors import BadInput

MINUTE = timedelta(minutes=1)
OFFICE = "Mon-Fri 08:00-12:00,13:00-17:00"

# --- the simulation: knows nothing of spans, only what a clock on the wall shows ----------------


class Wall:
    """What people in an office see: the clock goes on minute by minute, sometimes it jumps."""

    def __init__(self, calendar: WorkingCalendar) -> None:
        self.calendar = calendar
        self._shown: dict[date, dict[time, datetime]] = {}
        self._known: dict[date, list[tuple[datetime, datetime]]] = {}

    def is_open(self, minute: datetime) -> bool:
        """Whether the office is open in the minute that begins now."""
        today = minute.astimezone(self.calendar.zone).date()
        return any(
            opens <= minute < closes
            for day in (today - timedelta(days=1), today)
            for opens, closes in self._hours(day)
        )

    def _hours(self, day: date) -> list[tuple[datetime, datetime]]:
        """When the office opens and closes what belongs to a day."""
        if day not in self._known:
            self._known[day] = [
                (
                    self._first(day, interval.start),
                    self._first(
                        day + timedelta(days=1) if interval.end <= interval.start else day,
                        interval.end,
                    ),
                )
                for interval in self.calendar.week[day.weekday()]
                if self.calendar.is_working(day)
            ]
        return self._known[day]

    def _first(self, day: date, at: time) -> datetime:
        """The first minute of a day at which the clock shows ``at`` or later."""
        known = self._shown.setdefault(day, {})
        if at not in known:
            midnight = datetime.combine(day, time(), UTC) - timedelta(hours=15)
            minutes = (midnight + n * MINUTE for n in range(60 * 60))
            known[at] = next(
                m
                for m in minutes
                if (local := m.astimezone(self.calendar.zone)).date() > day
                or (local.date() == day and local.time() >= at)
            )
        return known[at]


def working_time(calendar: WorkingCalendar, begin: datetime, end: datetime) -> timedelta:
    """How much open time lies between two moments, by the stretches that the room tells."""
    total = timedelta()
    if end <= begin:
        return total
    for start, stop, _ in opening_times(calendar, begin):
        if start >= end:
            break
        total += min(stop, end) - start
    return total


ZONES = [
    "Asia/Phnom_Penh",
    "Asia/Kathmandu",  # +05:45
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # its clock jumps half an hour
    "Pacific/Apia",
]
NEAR_A_JUMP = [
    datetime(2026, 3, 27, tzinfo=UTC),
    datetime(2026, 10, 23, tzinfo=UTC),
    datetime(2026, 3, 6, tzinfo=UTC),
    datetime(2026, 10, 30, tzinfo=UTC),
    datetime(2026, 4, 3, tzinfo=UTC),
    datetime(2028, 2, 27, tzinfo=UTC),  # a leap day
    datetime(2026, 11, 20, tzinfo=UTC),  # the Water Festival in Cambodia
]
SPANS = [
    "",
    "08:00-12:00",
    "08:00-12:00,13:00-17:00",
    "07:00-11:00,12:00-15:00,16:00-19:00",
    "22:00-06:00",
    "01:30-02:30",
    "00:00-24:00",
    "02:15-02:45,23:00-02:30",
]


@st.composite
def offices(draw: st.DrawFn) -> WorkingCalendar:
    days = "Mon Tue Wed Thu Fri Sat Sun".split()
    spans = draw(st.lists(st.sampled_from(SPANS), min_size=7, max_size=7).filter(any))
    text = ";".join(f"{day} {span}" for day, span in zip(days, spans, strict=True) if span)
    off = draw(st.frozensets(st.dates(date(2026, 3, 1), date(2026, 11, 30)), max_size=4))
    zone, country = ZoneInfo(draw(st.sampled_from(ZONES))), draw(st.sampled_from(["", "KH", "LK"]))
    return WorkingCalendar(zone, parse_hours(text), country, off)


@st.composite
def moments(draw: st.DrawFn) -> datetime:
    start = draw(st.sampled_from(NEAR_A_JUMP))
    return start + draw(st.integers(0, 5 * 24 * 60)) * MINUTE


@settings(max_examples=500)
@given(offices(), moments(), st.integers(0, 4 * 24 * 60))
def test_working_time_agrees_with_the_clock_on_the_wall_to_the_minute(
    office: WorkingCalendar, begin: datetime, minutes: int
) -> None:
    wall = Wall(office)
    counted = sum(wall.is_open(begin + n * MINUTE) for n in range(minutes))
    assert working_time(office, begin, begin + minutes * MINUTE) == counted * MINUTE


@settings(max_examples=500)
@given(offices(), moments(), st.integers(1, 600))
def test_a_span_of_working_time_ends_when_the_wall_has_counted_it(
    office: WorkingCalendar, begin: datetime, minutes: int
) -> None:
    found, _ = after_working_time(office, begin, minutes * MINUTE)
    assert working_time(office, begin, found) == minutes * MINUTE
    # It ends at the close of an open minute, not some time later.
    assert Wall(office).is_open(found - MINUTE)


@pytest.mark.parametrize(
    ("zone", "hours", "begin", "amount", "expected"),
    [
        ("UTC", OFFICE, "2026-11-20T16:00+00:00", 120, "2026-11-23T09:00+00:00"),
        ("UTC", OFFICE, "2026-11-20T11:30+00:00", 60, "2026-11-20T13:30+00:00"),
        # at the very end of the day, not at the beginning of the next
        ("UTC", OFFICE, "2026-11-20T16:00+00:00", 60, "2026-11-20T17:00+00:00"),
        # the night shift of Friday goes on into Saturday
        ("UTC", "Mon-Fri 22:00-06:00", "2026-11-20T23:00+00:00", 360, "2026-11-21T05:00+00:00"),
        # the night in which an hour is missing, and the one that has an hour more
        ("Europe/Berlin", "Mon-Sun 00:00-24:00", "2026-03-29T00:00+01:00", 180,
         "2026-03-29T04:00+02:00"),
        ("Europe/Berlin", "Mon-Sun 00:00-24:00", "2026-10-25T00:00+02:00", 180,
         "2026-10-25T02:00+01:00"),
        # an office that should open at 02:15 opens when the clock jumps from 02:00 to 03:00
        ("Europe/Berlin", "Mon-Sun 02:15-05:00", "2026-03-29T00:00+01:00", 30,
         "2026-03-29T03:30+02:00"),
    ],
)  # fmt: skip
def test_the_awkward_hours(zone: str, hours: str, begin: str, amount: int, expected: str) -> None:
    office = calendar_of(zone, hours)
    begun = datetime.fromisoformat(begin)
    found, _ = after_working_time(office, begun, timedelta(minutes=amount))
    assert found == datetime.fromisoformat(expected)


def test_working_days_are_counted_from_the_day_after() -> None:
    office = calendar_of("Asia/Phnom_Penh", OFFICE, "KH")
    assert working_day_after(office, date(2026, 11, 20), 1) == date(2026, 11, 26)
    assert working_day_after(office, date(2026, 11, 21), 1) == date(2026, 11, 26)
    assert working_day_after(office, date(2026, 11, 17), 2) == date(2026, 11, 19)
    assert working_day_after(office, date(2026, 11, 21), 0) == date(2026, 11, 21)


def test_opening_times_begin_with_what_is_left_of_the_present_one() -> None:
    office = calendar_of("UTC", OFFICE)
    found = opening_times(office, datetime(2026, 11, 20, 16, 30, tzinfo=UTC))
    assert next(found) == (
        datetime(2026, 11, 20, 16, 30, tzinfo=UTC),
        datetime(2026, 11, 20, 17, tzinfo=UTC),
        date(2026, 11, 20),
    )
    assert next(found)[0] == datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_a_deadline_that_would_take_ten_years_is_refused() -> None:
    office = calendar_of("UTC", "Mon 08:00-08:01")
    with pytest.raises(BadInput, match="too little open time"):
        after_working_time(office, datetime(2026, 11, 20, tzinfo=UTC), timedelta(days=1))
