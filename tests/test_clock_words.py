"""Sentences about a clock, out of values alone, and the working days that are left."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from casework.deadlines.calendars import calendar_of
from casework.deadlines.worktime import working_days_left
from casework.vocabulary import PauseReason
from webadmin import clock_words

DHAKA = ZoneInfo("Asia/Dhaka")
BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = calendar_of("Asia/Dhaka", "Sun-Thu 09:00-17:00")
NOW = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)  # Friday noon in Dhaka, which is a day off


def _close(day: int) -> datetime:
    return datetime(2026, 11, day, 17, 0, tzinfo=DHAKA).astimezone(UTC)


@pytest.mark.parametrize(
    ("until", "left"),
    [(20, 0), (21, 0), (22, 1), (24, 3), (26, 5), (28, 5), (29, 6)],
    ids=["today", "weekend", "Sunday", "Tuesday", "Thursday", "next weekend", "after it"],
)
def test_working_days_left_are_those_of_the_office_after_today(until: int, left: int) -> None:
    assert working_days_left(OFFICE, NOW, _close(until)) == left


def test_a_holiday_is_no_working_day_that_is_left() -> None:
    closed = calendar_of("Asia/Dhaka", "Sun-Thu 09:00-17:00", "", ["2026-11-23"])
    assert working_days_left(closed, NOW, _close(24)) == 2


def test_today_is_the_day_of_the_office_not_of_the_server() -> None:
    late = datetime(2026, 11, 21, 19, 0, tzinfo=UTC)  # Sunday, one in the night, in Dhaka
    assert working_days_left(OFFICE, late, _close(22)) == 0
    assert clock_words.due(_close(22), OFFICE, DHAKA, late).startswith("Due today")


def test_what_is_past_leaves_no_day() -> None:
    assert working_days_left(OFFICE, NOW, _close(17)) == 0


def test_a_due_time_is_said_in_the_office_and_for_the_reader() -> None:
    assert (
        clock_words.due(_close(24), OFFICE, BERLIN, NOW)
        == "Due Tue, 24 Nov 2026, 17:00 in Dhaka (12:00 for you), in 3 working days."
    )
    assert clock_words.due(_close(22), OFFICE, DHAKA, NOW) == (
        "Due Sun, 22 Nov 2026, 17:00 in Dhaka, in 1 working day."
    )


def test_where_the_day_differs_too_the_reader_is_told_the_day() -> None:
    there = ZoneInfo("America/Los_Angeles")
    early = datetime(2026, 11, 24, 9, 0, tzinfo=DHAKA)
    assert clock_words.when(early, DHAKA, there) == (
        "Tue, 24 Nov 2026, 09:00 in Dhaka (Mon, 23 Nov 2026, 19:00 for you)"
    )


def test_what_is_due_on_the_weekend_is_due_before_the_next_working_day() -> None:
    assert clock_words.due(_close(21), OFFICE, DHAKA, NOW) == (
        "Due Sat, 21 Nov 2026, 17:00 in Dhaka, before the next working day."
    )


def test_what_is_late_says_by_how_much() -> None:
    assert clock_words.due(_close(17), OFFICE, DHAKA, NOW) == (
        "Was due Tue, 17 Nov 2026, 17:00 in Dhaka: overdue by 2 days."
    )


@pytest.mark.parametrize("reason", PauseReason)
def test_a_pause_says_since_when_why_and_until_when(reason: PauseReason) -> None:
    until = NOW + timedelta(days=14)
    recent = clock_words.paused(reason, NOW - timedelta(days=2), until, DHAKA, NOW)
    assert recent.startswith("Paused since Wednesday because ")
    assert recent.endswith(", at most until 4 Dec 2026.")
    old = clock_words.paused(reason, NOW - timedelta(days=14), until, DHAKA, NOW)
    assert "since 6 Nov 2026" in old


def test_how_long_it_took_is_said_with_what_was_paused() -> None:
    assert clock_words.took(timedelta(days=9), timedelta()) == "Took 9 days."
    assert clock_words.took(timedelta(days=9), timedelta(days=2, hours=3)) == (
        "Took 9 days, of which 2 days were paused."
    )
