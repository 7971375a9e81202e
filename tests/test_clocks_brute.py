"""Every deadline against somebody who counts minutes by the clock on the wall (``tests.wall``)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.deadlines import clocks, policies
from casework.deadlines.calendars import WorkingCalendar, parse_hours
from casework.deadlines.clocks import Span, Unit
from casework.deadlines.policies import Level
from casework.deadlines.worktime import Stretch, open_time, paused_time
from casework.vocabulary import Recipient
from tests.wall import MINUTE, Wall, moment, number

# --- anything that can happen -------------------------------------------------------------------

ZONES = [
    "Asia/Phnom_Penh",
    "Asia/Kathmandu",  # +05:45
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # its clock jumps half an hour
    "Africa/Cairo",  # its clock jumps at midnight, and the weekend is Friday and Saturday
    "America/Havana",  # at midnight the other way round
]
STARTS = [
    datetime(2026, 3, 5, tzinfo=UTC),  # Cuba and the United States go forward
    datetime(2026, 3, 26, tzinfo=UTC),  # Europe goes forward
    datetime(2026, 4, 2, tzinfo=UTC),  # Lord Howe goes back
    datetime(2026, 4, 21, tzinfo=UTC),  # Egypt goes forward
    datetime(2026, 10, 1, tzinfo=UTC),  # Lord Howe goes forward
    datetime(2026, 10, 21, tzinfo=UTC),  # Europe goes back
    datetime(2026, 10, 28, tzinfo=UTC),  # Egypt, Cuba and the United States go back
    datetime(2026, 11, 20, tzinfo=UTC),  # the Water Festival in Cambodia
    datetime(2028, 2, 25, tzinfo=UTC),  # a leap day
]
HOURS = [
    "",
    "",
    "08:00-12:00,13:00-17:00",
    "08:00-12:00",
    "07:00-11:00,12:00-15:00,16:00-19:00",
    "22:00-06:00",
    "06:00-10:00,22:00-05:30",
    "00:00-24:00",
    "00:00-00:45,23:15-24:00",
    "01:30-02:30",
    "02:15-02:45,23:00-02:00",
]
WEEKENDS = [{5, 6}, {4, 5}, {6}, {4}, set()]
NAMES = "Mon Tue Wed Thu Fri Sat Sun".split()
MOST = {
    Unit.HOURS: 240,
    Unit.DAYS: 21,
    Unit.MONTHS: 2,
    Unit.WORKING_HOURS: 30,
    Unit.WORKING_DAYS: 9,
}


@dataclass(frozen=True)
class Example:
    """A span that began some time, somewhere, and was paused now and then."""

    office: WorkingCalendar
    started: datetime
    span: Span
    exact: bool
    pauses: tuple[Stretch, ...]
    percent: int


@st.composite
def offices(draw: st.DrawFn, near: date) -> WorkingCalendar:
    weekend = draw(st.sampled_from(WEEKENDS))
    usual = draw(st.sampled_from(HOURS[2:]))
    hours = dict.fromkeys(set(range(7)) - weekend, usual)
    hours |= draw(st.dictionaries(st.integers(0, 6), st.sampled_from(HOURS), max_size=3))
    if not any(hours.values()):
        hours[3] = usual
    text = ";".join(f"{NAMES[day]} {spans}" for day, spans in hours.items() if spans)
    days = st.frozensets(st.dates(near, near + timedelta(days=25)), max_size=4)
    zone, country = draw(st.sampled_from(ZONES)), draw(st.sampled_from(["", "KH", "LK", "BD"]))
    return WorkingCalendar(ZoneInfo(zone), parse_hours(text), country, draw(days), draw(days))


@st.composite
def pauses(draw: st.DrawFn, started: datetime) -> tuple[Stretch, ...]:
    """Up to four, in order; the first may have begun before, or just then, and two may touch."""
    found = []
    apart = st.sampled_from([0, 0, 1, 59, 60]) | st.integers(0, 5 * 24 * 60)
    long = st.sampled_from([1, 60, 24 * 60]) | st.integers(1, 4 * 24 * 60)
    at = started - draw(st.sampled_from([0, 0, 0, 1, 90, 24 * 60])) * MINUTE
    for _ in range(draw(st.integers(0, 4))):
        begin = at + draw(apart) * MINUTE
        at = begin + draw(long) * MINUTE
        found.append((begin, at))
    return tuple(found)


@st.composite
def examples(draw: st.DrawFn) -> Example:
    near = draw(st.sampled_from(STARTS))
    started = near + draw(st.integers(0, 6 * 24 * 60)) * MINUTE
    unit = draw(st.sampled_from(list(Unit)))
    return Example(
        draw(offices(near.date())),
        started,
        Span(draw(st.integers(1, MOST[unit])), unit),
        draw(st.booleans()),
        draw(pauses(started)),
        draw(st.integers(1, 99)),
    )


# --- not one minute of difference ---------------------------------------------------------------


def _agree(one: Example) -> None:
    wall = Wall(one.office, one.pauses)
    due_at = _a_span_is_over_when_the_wall_says_so(one, wall)
    _a_level_is_reached_when_its_share_of_the_minutes_is(one, due_at, wall)
    _a_level_after_the_due_time_is_reached_whatever_was_paused(one)
    _paused_and_open_minutes_are_those_on_the_wall(one, due_at, wall)


def _a_span_is_over_when_the_wall_says_so(one: Example, wall: Wall) -> datetime:
    found = clocks.passed(one.started, one.office, one.span, exact=one.exact, pauses=one.pauses).at
    assert found == wall.due(one.started, one.span, one.exact)
    assert found.tzinfo is UTC
    assert found > one.started
    return found


def _a_level_is_reached_when_its_share_of_the_minutes_is(
    one: Example, due_at: datetime, wall: Wall
) -> None:
    level = Level((Recipient.OWNER,), percent=one.percent)
    found = policies.reached_at(level, one.started, due_at, one.office, one.pauses)
    assert found == wall.share(one.started, due_at, one.percent)
    at_last = Level((Recipient.OWNER,), percent=100)
    assert policies.reached_at(at_last, one.started, due_at, one.office, one.pauses) == due_at


def _a_level_after_the_due_time_is_reached_whatever_was_paused(one: Example) -> None:
    level = Level((Recipient.ADMINS,), late=one.span)
    before = one.started - timedelta(days=1)
    found = policies.reached_at(level, before, one.started, one.office, one.pauses)
    exact = one.span.unit in (Unit.DAYS, Unit.MONTHS)
    assert found == Wall(one.office).due(one.started, one.span, exact)


def _paused_and_open_minutes_are_those_on_the_wall(
    one: Example, due_at: datetime, wall: Wall
) -> None:
    begin = number(one.started)
    end = min(number(due_at), begin + 5 * 24 * 60)
    paused = paused_time(one.started, moment(end), one.pauses)
    assert paused == wall.paused_between(begin, end) * MINUTE
    assert open_time(one.office, one.started, moment(end)) == wall.open_between(begin, end) * MINUTE


_ANYTHING = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@settings(_ANYTHING, max_examples=500)
@given(examples())
def test_not_one_minute_of_difference(one: Example) -> None:
    _agree(one)


@pytest.mark.long
@pytest.mark.timeout(7200)
@settings(_ANYTHING, max_examples=10_000)
@given(examples())
def test_not_one_minute_of_difference_in_ten_thousand_examples(one: Example) -> None:
    _agree(one)
