"""Working time of an office: weekends, holidays, intervals, zones, and texts that can't be read."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.deadlines.calendars import (
    WEEKDAYS,
    Interval,
    WorkingCalendar,
    calendar_of,
    parse_hours,
    usual_hours,
    write_hours,
)
from casework.errors import BadInput

OFFICE = "Mon-Fri 08:00-12:00,13:00-17:00"


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


# --- which day is worked --------------------------------------------------------------------


def test_after_friday_comes_monday() -> None:
    office = calendar_of("Europe/Berlin", OFFICE)
    assert office.working_day_from(date(2026, 11, 20)) == date(2026, 11, 20)
    assert office.working_day_from(date(2026, 11, 21)) == date(2026, 11, 23)


def test_the_cambodian_water_festival_closes_the_office_from_friday_to_thursday() -> None:
    office = calendar_of("Asia/Phnom_Penh", OFFICE, "KH")
    assert [office.holiday(date(2026, 11, day)) for day in (22, 23, 24, 25, 26)] == [
        "",
        "Water Festival",
        "Water Festival",
        "Water Festival",
        "",
    ]
    assert office.working_day_from(date(2026, 11, 21)) == date(2026, 11, 26)


def test_in_bangladesh_the_weekend_is_friday_and_saturday() -> None:
    office = calendar_of("Asia/Dhaka", usual_hours("BD"), "BD")
    assert not office.is_working(date(2026, 11, 20))
    assert not office.is_working(date(2026, 11, 21))
    assert office.working_day_from(date(2026, 11, 20)) == date(2026, 11, 22)
    assert WEEKDAYS[date(2026, 11, 22).weekday()] == "Sun"


def test_the_usual_hours_of_a_country_we_do_not_know_are_monday_to_friday() -> None:
    for country in ("", "XX", "kh"):
        assert parse_hours(usual_hours(country)) == parse_hours(OFFICE)


def test_the_operator_adds_and_removes_days() -> None:
    office = calendar_of(
        "Asia/Phnom_Penh", OFFICE, "KH", days_off=["2026-11-26"], days_on=["2026-11-24"]
    )
    assert not office.is_working(date(2026, 11, 26))
    assert office.is_working(date(2026, 11, 24))


def test_a_day_both_added_and_removed_stays_closed() -> None:
    office = calendar_of("UTC", OFFICE, days_off=["2026-11-26"], days_on=["2026-11-26"])
    assert not office.is_working(date(2026, 11, 26))


def test_a_day_worked_in_spite_of_a_holiday_still_needs_hours_on_its_weekday() -> None:
    office = calendar_of("UTC", OFFICE, days_on=["2026-11-21"])
    assert not office.is_working(date(2026, 11, 21))


def test_holidays_are_named_in_english_whatever_the_language_of_the_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANGUAGE", "vi")
    monkeypatch.setenv("LANG", "vi_VN.UTF-8")
    assert calendar_of("UTC", OFFICE, "VN").holiday(date(2031, 1, 1)) == "New Year's Day"


HOURS = st.lists(
    st.sampled_from(["", "08:00-12:00", "08:00-12:00,13:00-17:00", "22:00-06:00"]),
    min_size=7,
    max_size=7,
).filter(any)


def _calendar(hours: list[str], off: frozenset[date]) -> WorkingCalendar:
    text = ";".join(f"{day} {spans}" for day, spans in zip(WEEKDAYS, hours, strict=True) if spans)
    return WorkingCalendar(ZoneInfo("UTC"), parse_hours(text), "KH", off)


@given(HOURS, st.data())
def test_the_next_working_day_is_the_first_open_one_of_all(
    hours: list[str], data: st.DataObject
) -> None:
    start = data.draw(st.dates(date(2026, 1, 1), date(2027, 12, 31)))
    near = st.dates(start, start + timedelta(days=20))
    office = _calendar(hours, data.draw(st.frozensets(near, max_size=15)))
    found = office.working_day_from(start)
    skipped = [start + timedelta(days=n) for n in range((found - start).days)]
    assert found >= start
    assert office.is_working(found)
    for day in skipped:
        closed_by_week = not hours[day.weekday()]
        assert closed_by_week or day in office.days_off or office.holiday(day)


# --- when it closes -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "hours", "day", "closes"),
    [
        ("Asia/Phnom_Penh", OFFICE, date(2026, 11, 20), _utc(2026, 11, 20, 10)),
        # +05:45
        ("Asia/Kathmandu", OFFICE, date(2026, 11, 20), _utc(2026, 11, 20, 11, 15)),
        # three intervals, written in any order
        (
            "UTC",
            "Fri 16:00-19:30,08:00-11:00,12:00-15:00",
            date(2026, 11, 20),
            _utc(2026, 11, 20, 19, 30),
        ),
        # a night shift ends on Saturday
        ("UTC", "Mon-Fri 22:00-06:00", date(2026, 11, 20), _utc(2026, 11, 21, 6)),
        ("UTC", "Mon-Fri 08:00-12:00,22:00-06:00", date(2026, 11, 20), _utc(2026, 11, 21, 6)),
        # midnight belongs to the day before
        ("UTC", "Mon-Fri 16:00-24:00", date(2026, 11, 20), _utc(2026, 11, 21)),
        ("UTC", "Mon-Sun 00:00-24:00", date(2026, 12, 31), _utc(2027, 1, 1)),
        # Berlin: the same local hour before and after the clock goes forward and back
        ("Europe/Berlin", "Mon-Sun 08:00-17:00", date(2026, 3, 28), _utc(2026, 3, 28, 16)),
        ("Europe/Berlin", "Mon-Sun 08:00-17:00", date(2026, 3, 29), _utc(2026, 3, 29, 15)),
        ("Europe/Berlin", "Mon-Sun 08:00-17:00", date(2026, 10, 24), _utc(2026, 10, 24, 15)),
        ("Europe/Berlin", "Mon-Sun 08:00-17:00", date(2026, 10, 25), _utc(2026, 10, 25, 16)),
        # 02:30 does not exist on 29 March in Berlin: the clock shows 03:00 when it jumps over it
        ("Europe/Berlin", "Mon-Sun 18:00-02:30", date(2026, 3, 28), _utc(2026, 3, 29, 1)),
        # 02:30 comes twice on 25 October in Berlin, 01:30 twice on 1 November in New York: the first
        ("Europe/Berlin", "Mon-Sun 18:00-02:30", date(2026, 10, 24), _utc(2026, 10, 25, 0, 30)),
        ("America/New_York", "Mon-Sun 18:00-01:30", date(2026, 10, 31), _utc(2026, 11, 1, 5, 30)),
        ("America/New_York", "Mon-Sun 18:00-02:30", date(2026, 3, 7), _utc(2026, 3, 8, 7)),
    ],
)
def test_an_office_closes_at_the_end_of_its_last_interval(
    zone: str, hours: str, day: date, closes: datetime
) -> None:
    assert calendar_of(zone, hours).close(day) == closes


# --- texts an operator types ----------------------------------------------------------------


def test_hours_are_read_for_single_days_ranges_and_ranges_over_the_weekend() -> None:
    morning, afternoon = Interval(time(8), time(12)), Interval(time(13), time(17))
    week = parse_hours("Mon-Wed 8:00-12:00, 13:00 - 17:00 ; fri 08:00-12:00;")
    assert week == ((morning, afternoon),) * 3 + ((), (morning,), (), ())
    assert parse_hours("Sat-Mon 08:00-12:00") == (
        (morning,),
        (),
        (),
        (),
        (),
        (morning,),
        (morning,),
    )


@pytest.mark.parametrize(
    ("hours", "named"),
    [
        ("Montag 08:00-12:00", "Montag"),
        ("Mon-Foo 08:00-12:00", "Mon-Foo"),
        ("Mon- 08:00-12:00", "Mon-"),
        ("Mon-Fri 8-17", "8-17"),
        ("Mon-Fri 08:00", "08:00"),
        ("Mon-Fri", "Mon-Fri"),
        ("Mon - Fri 08:00-12:00", "- Fri 08:00-12:00"),
        ("Mon-Fri 08:00-25:00", "08:00-25:00"),
        ("Mon-Fri 08:00-24:01", "08:00-24:01"),
        ("Mon-Fri 08:60-12:00", "08:60-12:00"),
        ("Mon-Fri 08:00-12:00,", "Mon-Fri 08:00-12:00,"),
        ("Mon-Fri 08:00-12:00,11:00-17:00", "overlap"),
        ("Mon-Fri 22:00-06:00,23:00-23:30", "overlap"),
        ("Mon-Fri 08:00-12:00; Fri 08:00-11:00", "Fri stands twice"),
    ],
)
def test_hours_that_cannot_be_read_are_named(hours: str, named: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_hours(hours)
    assert named in str(caught.value)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Mon 08:00-17:00;Tue 08:00-17:00;Wed 08:00-17:00", ["Mon-Wed 08:00-17:00"]),
        (usual_hours("BD"), ["Sun-Thu 08:00-12:00,13:00-17:00"]),
        (
            "Fri 8:00-12:00; Sat-Thu 22:00-06:00",
            ["Fri 08:00-12:00", "Sat-Thu 22:00-06:00"],
        ),
        ("Mon-Sun 00:00-24:00", ["Mon-Sun 00:00-24:00"]),
        ("Mon 08:00-17:00; Wed 08:00-17:00", ["Mon 08:00-17:00", "Wed 08:00-17:00"]),
        ("", []),
    ],
)
def test_hours_are_written_as_short_as_they_can_be(typed: str, written: list[str]) -> None:
    week = parse_hours(typed)
    assert write_hours(week) == written
    assert parse_hours(";".join(written)) == week


@pytest.mark.parametrize("hours", ["", " ; ;"])
def test_a_calendar_without_an_open_hour_is_refused_when_it_is_made(hours: str) -> None:
    with pytest.raises(BadInput, match="no open hour"):
        calendar_of("UTC", hours)


def test_a_calendar_closed_for_more_than_a_year_is_an_error_and_not_a_loop() -> None:
    closed = [str(date(2026, 1, 1) + timedelta(days=n)) for n in range(800)]
    office = calendar_of("UTC", OFFICE, days_off=closed)
    with pytest.raises(BadInput, match="no working day"):
        office.working_day_from(date(2026, 1, 1))


@pytest.mark.parametrize(
    ("zone", "country", "day", "named"),
    [
        ("Asia/Nowhere", "", "2026-12-31", "Asia/Nowhere"),
        ("", "", "2026-12-31", "time zone"),
        ("Asia", "", "2026-12-31", "Asia"),
        ("UTC", "XX", "2026-12-31", "XX"),
        ("UTC", "", "31.12.2026", "31.12.2026"),
        ("UTC", "", "2026-02-30", "2026-02-30"),
    ],
)
def test_what_a_calendar_cannot_use_is_named(zone: str, country: str, day: str, named: str) -> None:
    with pytest.raises(BadInput) as caught:
        calendar_of(zone, OFFICE, country, days_off=[day])
    assert named in str(caught.value)
