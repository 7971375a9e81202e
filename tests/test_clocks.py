"""Deadlines: every span of the table, and the awkward days they fall on."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from casework.deadlines import policies
from casework.deadlines.calendars import WorkingCalendar, calendar_of
from casework.deadlines.clocks import Due, Span, parse_span
from casework.errors import BadInput
from casework.vocabulary import Promise, Severity

OFFICE = "Mon-Fri 08:00-12:00,13:00-17:00"
PHNOM_PENH = calendar_of("Asia/Phnom_Penh", OFFICE, "KH")
BERLIN = calendar_of("Europe/Berlin", OFFICE)


def due(
    promise: Promise,
    severity: Severity,
    started: datetime,
    calendar: WorkingCalendar,
    span: Span | None = None,
) -> Due:
    """By the default policy, or with another span."""
    line = policies.DEFAULT.lines[promise, severity]
    return policies.due(promise, started, calendar, replace(line, span=span or line.span))


def _at(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo is not None
    return moment.astimezone(UTC)


def test_the_spans_are_those_of_the_field() -> None:
    found = {
        key: f"{line.span.amount} {line.span.unit}" for key, line in policies.DEFAULT.lines.items()
    }
    assert found == {
        (Promise.ACKNOWLEDGE, Severity.CRITICAL): "24 hours",
        (Promise.ACKNOWLEDGE, Severity.SERIOUS): "2 days",
        (Promise.ACKNOWLEDGE, Severity.STANDARD): "3 days",
        (Promise.ACKNOWLEDGE, Severity.MINOR): "7 days",
        (Promise.FIRST_REPLY, Severity.CRITICAL): "72 hours",
        (Promise.FIRST_REPLY, Severity.SERIOUS): "7 days",
        (Promise.FIRST_REPLY, Severity.STANDARD): "14 days",
        (Promise.FIRST_REPLY, Severity.MINOR): "30 days",
        (Promise.TRIAGE, Severity.CRITICAL): "24 hours",
        (Promise.TRIAGE, Severity.SERIOUS): "3 days",
        (Promise.TRIAGE, Severity.STANDARD): "5 days",
        (Promise.TRIAGE, Severity.MINOR): "10 days",
        (Promise.PROTECTION, Severity.CRITICAL): "48 hours",
        (Promise.PROTECTION, Severity.SERIOUS): "7 days",
        (Promise.CONFIRMATION, Severity.CRITICAL): "35 days",
        (Promise.CONFIRMATION, Severity.SERIOUS): "35 days",
        (Promise.CONFIRMATION, Severity.STANDARD): "35 days",
        (Promise.CONFIRMATION, Severity.MINOR): "35 days",
        (Promise.INVESTIGATE, Severity.CRITICAL): "14 days",
        (Promise.INVESTIGATE, Severity.SERIOUS): "30 days",
        (Promise.INVESTIGATE, Severity.STANDARD): "45 days",
        (Promise.INVESTIGATE, Severity.MINOR): "45 days",
        (Promise.REMEDY, Severity.CRITICAL): "30 days",
        (Promise.REMEDY, Severity.SERIOUS): "60 days",
        (Promise.REMEDY, Severity.STANDARD): "90 days",
        (Promise.REMEDY, Severity.MINOR): "3 months",
        (Promise.PROGRESS, Severity.CRITICAL): "7 days",
        (Promise.PROGRESS, Severity.SERIOUS): "14 days",
        (Promise.PROGRESS, Severity.STANDARD): "30 days",
        (Promise.PROGRESS, Severity.MINOR): "30 days",
        (Promise.APPEAL, Severity.CRITICAL): "30 days",
        (Promise.APPEAL, Severity.SERIOUS): "30 days",
        (Promise.APPEAL, Severity.STANDARD): "30 days",
        (Promise.APPEAL, Severity.MINOR): "30 days",
        (Promise.OUTCOME, Severity.CRITICAL): "3 months",
        (Promise.OUTCOME, Severity.SERIOUS): "3 months",
        (Promise.OUTCOME, Severity.STANDARD): "3 months",
        (Promise.OUTCOME, Severity.MINOR): "3 months",
    }


ACK, REPLY, OUTCOME = Promise.ACKNOWLEDGE, Promise.FIRST_REPLY, Promise.OUTCOME
CRITICAL, SERIOUS, STANDARD, MINOR = Severity


@pytest.mark.parametrize(
    ("office", "promise", "severity", "started", "expected"),
    [
        pytest.param(
            BERLIN, ACK, SERIOUS, "2026-11-17T09:00+01:00", "2026-11-19T17:00+01:00",
            id="an ordinary week",
        ),
        pytest.param(
            BERLIN, ACK, SERIOUS, "2026-11-20T09:00+01:00", "2026-11-23T17:00+01:00",
            id="a Sunday moves to Monday",
        ),
        pytest.param(
            PHNOM_PENH, ACK, STANDARD, "2026-11-20T17:00+07:00", "2026-11-26T17:00+07:00",
            id="the Water Festival moves Monday to Thursday",
        ),
        pytest.param(
            PHNOM_PENH, ACK, CRITICAL, "2026-11-22T23:30+07:00", "2026-11-23T23:30+07:00",
            id="critical hours run through Sunday and the festival",
        ),
        pytest.param(
            PHNOM_PENH, ACK, SERIOUS, "2026-11-17T18:00+00:00", "2026-11-20T17:00+07:00",
            id="the day begins in the zone of the office",
        ),
        pytest.param(
            calendar_of("Asia/Dhaka", "Sun-Thu 09:00-17:00", "BD"),
            ACK, STANDARD, "2026-11-17T10:00+06:00", "2026-11-22T17:00+06:00",
            id="a Friday in Bangladesh moves to Sunday",
        ),
        pytest.param(
            calendar_of("Asia/Ho_Chi_Minh", "Mon-Fri 07:00-11:00,12:00-15:00,16:00-19:00"),
            ACK, SERIOUS, "2026-11-17T05:00+07:00", "2026-11-19T19:00+07:00",
            id="the last of three intervals counts",
        ),
        pytest.param(
            calendar_of("Asia/Jakarta", "Mon-Fri 22:00-06:00"),
            ACK, STANDARD, "2026-11-17T10:00+07:00", "2026-11-21T06:00+07:00",
            id="a night shift ends on the next day",
        ),
        pytest.param(
            calendar_of("Asia/Kathmandu", OFFICE),
            ACK, SERIOUS, "2026-11-17T00:10+05:45", "2026-11-19T17:00+05:45",
            id="a quarter of an hour past the hour",
        ),
        pytest.param(
            BERLIN, ACK, CRITICAL, "2026-03-28T12:00+01:00", "2026-03-29T13:00+02:00",
            id="24 hours are 24 hours when the clock goes forward",
        ),
        pytest.param(
            BERLIN, ACK, CRITICAL, "2026-10-24T12:00+02:00", "2026-10-25T11:00+01:00",
            id="24 hours are 24 hours when the clock goes back",
        ),
        pytest.param(
            BERLIN, ACK, STANDARD, "2026-03-27T12:00+01:00", "2026-03-30T17:00+02:00",
            id="days end by the wall clock after the clock went forward",
        ),
        pytest.param(
            calendar_of("America/New_York", OFFICE),
            ACK, STANDARD, "2026-10-30T12:00-04:00", "2026-11-02T17:00-05:00",
            id="days end by the wall clock after the clock went back",
        ),
        pytest.param(
            BERLIN, OUTCOME, CRITICAL, "2025-12-29T02:30+01:00", "2026-03-29T03:00+02:00",
            id="a moment that does not exist is that at which the clock jumps over it",
        ),
        pytest.param(
            BERLIN, OUTCOME, CRITICAL, "2026-07-25T02:30+02:00", "2026-10-25T02:30+02:00",
            id="of a moment that comes twice the first counts",
        ),
        pytest.param(
            BERLIN, OUTCOME, CRITICAL, "2026-10-25T02:30+01:00", "2027-01-25T02:30+01:00",
            id="a start in the hour that comes twice",
        ),
        pytest.param(
            BERLIN, OUTCOME, CRITICAL, "2026-11-30T10:00+01:00", "2027-02-28T10:00+01:00",
            id="three months from 30 November end on 28 February",
        ),
        pytest.param(
            BERLIN, OUTCOME, STANDARD, "2026-11-30T10:00+01:00", "2027-03-01T17:00+01:00",
            id="which is a Sunday in 2027",
        ),
        pytest.param(
            BERLIN, OUTCOME, STANDARD, "2027-11-30T10:00+01:00", "2028-02-29T17:00+01:00",
            id="and 29 February in a leap year",
        ),
        pytest.param(
            BERLIN, OUTCOME, STANDARD, "2028-02-29T10:00+01:00", "2028-05-29T17:00+02:00",
            id="from the leap day on",
        ),
        pytest.param(
            BERLIN, OUTCOME, STANDARD, "2026-08-31T10:00+02:00", "2026-11-30T17:00+01:00",
            id="from the 31st to the 30th",
        ),
        pytest.param(
            BERLIN, OUTCOME, STANDARD, "2026-10-15T10:00+02:00", "2027-01-15T17:00+01:00",
            id="over the end of the year",
        ),
        pytest.param(
            BERLIN, ACK, MINOR, "2026-12-28T10:00+01:00", "2027-01-04T17:00+01:00",
            id="a week over the end of the year",
        ),
    ],
)  # fmt: skip
def test_a_promise_falls_due(
    office: WorkingCalendar, promise: Promise, severity: Severity, started: str, expected: str
) -> None:
    assert due(promise, severity, _at(started), office).at == _at(expected)


def test_each_step_of_the_calculation_can_be_read() -> None:
    found = due(ACK, STANDARD, _at("2026-11-20T17:00+07:00"), PHNOM_PENH)
    assert found.steps == (
        "Starts with the filing: Fri 2026-11-20 17:00 (Asia/Phnom_Penh).",
        "Plus 3 calendar days: Mon 2026-11-23.",
        "Mon 2026-11-23 is not a working day (Water Festival).",
        "Tue 2026-11-24 is not a working day (Water Festival).",
        "Wed 2026-11-25 is not a working day (Water Festival).",
        "Ends when the office closes: Thu 2026-11-26 17:00 (Asia/Phnom_Penh).",
    )


def test_the_steps_of_a_critical_case_and_of_days_off_can_be_read() -> None:
    office = calendar_of("UTC", OFFICE, days_off=["2026-11-23"])
    assert due(ACK, CRITICAL, _at("2026-11-20T10:00+00:00"), office).steps == (
        "Starts with the filing: Fri 2026-11-20 10:00 (UTC).",
        "Plus 24 hours around the clock: Sat 2026-11-21 10:00 (UTC).",
    )
    assert due(OUTCOME, CRITICAL, _at("2026-11-20T10:00+00:00"), office).steps[-1] == (
        "Around the clock: the exact moment, Sat 2027-02-20 10:00 (UTC)."
    )
    assert due(ACK, SERIOUS, _at("2026-11-20T10:00+00:00"), office).steps[2:4] == (
        "Sun 2026-11-22 is not a working day (weekend).",
        "Mon 2026-11-23 is not a working day (day off).",
    )


@pytest.mark.parametrize(
    ("text", "due_at"),
    [
        ("16 working hours", "2026-11-24T17:00+01:00"),
        ("1 working hour", "2026-11-23T09:00+01:00"),
        ("2 working days", "2026-11-24T17:00+01:00"),
        ("1 day", "2026-11-23T17:00+01:00"),
        ("72 hours", "2026-11-23T18:40+01:00"),
        (" 1  Month ", "2026-12-21T17:00+01:00"),
    ],
)
def test_another_span_than_that_of_the_policy_can_be_tried_out(text: str, due_at: str) -> None:
    found = due(ACK, SERIOUS, _at("2026-11-20T18:40+01:00"), BERLIN, parse_span(text))
    assert found.at == _at(due_at)
    assert found.steps[0].startswith("Starts with the filing: Fri 2026-11-20 18:40")


@pytest.mark.parametrize("text", ["", "3", "0 days", "-1 days", "3 weeks", "1.5 hours", "days 3"])
def test_what_is_no_span_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadInput, match="write one like 3 days"):
        parse_span(text)


ZONES = ("UTC", "Asia/Kathmandu", "Europe/Berlin", "America/New_York", "Asia/Tokyo")
STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 hypothesis adds the zone


@given(STARTS, st.sampled_from(list(Promise)), st.sampled_from(list(Severity)), st.data())
def test_no_deadline_differs_from_one_counted_day_by_day(
    started: datetime, promise: Promise, severity: Severity, data: st.DataObject
) -> None:
    zone = ZoneInfo(data.draw(st.sampled_from(ZONES)))
    day = started.astimezone(zone).date()
    off = data.draw(st.frozensets(st.dates(day, day + timedelta(days=120)), max_size=20))
    open_on = data.draw(st.sets(st.integers(0, 6), min_size=1))
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    hours = ";".join(f"{names[number]} 08:00-17:00" for number in open_on)
    office = calendar_of(zone.key, hours, days_off=map(str, off))

    line = policies.DEFAULT.line(promise, severity, None)
    assume(line is not None)
    assert line
    span = line.span
    if span.unit == "hours":
        expected = started + timedelta(hours=span.amount)
    else:
        if span.unit == "days":
            for _ in range(span.amount):
                day += timedelta(days=1)
        else:
            day = _months_later(day, span.amount)
        wall = started.astimezone(zone).time()
        if severity is not Severity.CRITICAL:
            wall = time(17)
            while day.weekday() not in open_on or day in off:
                day += timedelta(days=1)
        expected = _shown_first(day, wall, zone)
    found = due(promise, severity, started, office)
    assert found.at == expected
    assert found.at.tzinfo is UTC
    assert due(promise, severity, started.astimezone(zone), office) == found


def _shown_first(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The first moment of a day, in UTC, at which a clock shows that time or a later one."""
    found = datetime.combine(day, wall.replace(fold=0), zone).astimezone(UTC)
    minute = timedelta(minutes=1)
    while (earlier := (found - minute).astimezone(zone)).date() == day and earlier.time() >= wall:
        found -= minute
    if found.astimezone(zone).time() != wall:
        found = found.replace(second=0, microsecond=0)
    return found


def _months_later(day: date, months: int) -> date:
    wanted = day.day
    month = day.replace(day=1)
    for _ in range(months):
        month = (month + timedelta(days=31)).replace(day=1)
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return month.replace(day=min(wanted, last.day))


@given(STARTS, st.sampled_from(list(Promise)), st.data())
def test_a_worse_case_is_never_due_on_a_later_day(
    started: datetime, promise: Promise, data: st.DataObject
) -> None:
    worse, better = sorted(data.draw(st.tuples(*[st.integers(0, 3)] * 2)))
    order = list(Severity)
    # Three calendar months can be 89 days: of the field's own table, less than the 90 above them.
    pair = (promise, order[worse], order[better])
    assume(pair != (Promise.REMEDY, Severity.STANDARD, Severity.MINOR))
    assume(all((promise, order[n]) in policies.DEFAULT.lines for n in (worse, better)))
    first, second = (due(promise, order[n], started, PHNOM_PENH).at for n in (worse, better))
    assert started < first
    assert _day(first) <= _day(second)


def _day(moment: datetime) -> date:
    return moment.astimezone(PHNOM_PENH.zone).date()
