"""The awkward deadlines by name: worked out by hand, and walked minute by minute once more."""

from datetime import UTC, date, datetime, timedelta

import pytest

from casework.deadlines import policies
from casework.deadlines.calendars import WorkingCalendar, calendar_of
from casework.deadlines.clocks import Span, Unit, parse_span, passed
from casework.deadlines.policies import Line
from casework.deadlines.worktime import after_working_time
from casework.errors import BadInput
from casework.models import Clock
from casework.vocabulary import Action, Category, Promise, Severity
from tests.desk import Desk
from tests.office import Office
from tests.wall import Wall

HOURS = "Mon-Fri 08:00-12:00,13:00-17:00"
A_DAY = timedelta(days=1)

PHNOM_PENH = calendar_of("Asia/Phnom_Penh", HOURS, "KH")
BERLIN = calendar_of("Europe/Berlin", HOURS)
BERLIN_AT_NIGHT = calendar_of("Europe/Berlin", "Mon-Sun 01:30-04:00")
LORD_HOWE = calendar_of("Australia/Lord_Howe", HOURS)
CAIRO = calendar_of("Africa/Cairo", "Sun-Thu 00:00-08:00", "EG")
KATHMANDU = calendar_of("Asia/Kathmandu", HOURS)
DHAKA = calendar_of("Asia/Dhaka", "Sun-Thu 09:00-17:00")
NIGHTS = calendar_of("Asia/Jakarta", "Mon-Fri 22:00-06:00")
THREE = calendar_of("Asia/Ho_Chi_Minh", "Mon-Sat 07:00-11:00,12:00-15:00,16:00-19:00")

# office, span (around the clock with "exact"), start, pauses, due
NAMED = [
    # --- the clock goes forward ---
    pytest.param(
        BERLIN, "24 hours", "2026-03-28T12:00+01:00", [], "2026-03-29T13:00+02:00",
        id="DST gap: 24 hours are 24 hours",
    ),
    pytest.param(
        BERLIN, "1 day exact", "2026-03-28T02:30+01:00", [], "2026-03-29T03:00+02:00",
        id="DST gap: half past two does not come, so it is the moment of the jump",
    ),
    pytest.param(
        BERLIN_AT_NIGHT, "2 working hours", "2026-03-29T00:00+01:00", [],
        "2026-03-30T02:00+02:00",
        id="DST gap: an open night is an hour shorter",
    ),
    pytest.param(
        LORD_HOWE, "1 day exact", "2026-10-03T02:15+10:30", [], "2026-10-04T02:30+11:00",
        id="DST gap: of half an hour",
    ),
    pytest.param(
        CAIRO, "1 working day", "2026-04-23T09:00+02:00", [], "2026-04-26T08:00+03:00",
        id="DST gap: at midnight, in a weekend",
    ),
    # --- and back ---
    pytest.param(
        BERLIN, "24 hours", "2026-10-24T12:00+02:00", [], "2026-10-25T11:00+01:00",
        id="DST fold: 24 hours are 24 hours",
    ),
    pytest.param(
        BERLIN, "1 day exact", "2026-10-24T02:30+02:00", [], "2026-10-25T02:30+02:00",
        id="DST fold: of two the first",
    ),
    pytest.param(
        BERLIN, "1 day exact", "2026-10-25T02:30+01:00", [], "2026-10-26T02:30+01:00",
        id="DST fold: begun in the second",
    ),
    pytest.param(
        BERLIN_AT_NIGHT, "3 working hours", "2026-10-25T00:00+02:00", [],
        "2026-10-25T03:30+01:00",
        id="DST fold: an open night is an hour longer",
    ),
    pytest.param(
        BERLIN, "2 days exact", "2026-10-24T12:00+02:00",
        [("2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00")], "2026-10-27T13:00+01:00",
        id="DST fold: a day's pause is one of 25 hours",
    ),
    # --- zones and weeks ---
    pytest.param(
        KATHMANDU, "2 days", "2026-11-17T00:10+05:45", [], "2026-11-19T17:00+05:45",
        id="+05:45: the day begins at a quarter past six in Greenwich",
    ),
    pytest.param(
        KATHMANDU, "8 working hours", "2026-11-17T16:45+05:45", [], "2026-11-18T16:45+05:45",
        id="+05:45: working hours",
    ),
    pytest.param(
        DHAKA, "3 days", "2026-11-17T10:00+06:00", [], "2026-11-22T17:00+06:00",
        id="Friday and Saturday: a Friday moves to Sunday",
    ),
    pytest.param(
        DHAKA, "2 working days", "2026-11-18T18:00+06:00", [], "2026-11-22T17:00+06:00",
        id="Friday and Saturday: Thursday and Sunday are two working days",
    ),
    pytest.param(
        NIGHTS, "6 working hours", "2026-11-20T23:00+07:00", [], "2026-11-21T05:00+07:00",
        id="overnight: the shift of Friday goes on into Saturday",
    ),
    pytest.param(
        NIGHTS, "1 working day", "2026-11-19T10:00+07:00", [], "2026-11-21T06:00+07:00",
        id="overnight: Friday's shift closes on Saturday",
    ),
    pytest.param(
        NIGHTS, "8 working hours", "2026-11-20T22:00+07:00",
        [("2026-11-20T23:00+07:00", "2026-11-21T01:00+07:00")], "2026-11-24T00:00+07:00",
        id="overnight: a pause over midnight costs two hours of the next night",
    ),
    pytest.param(
        THREE, "10 working hours", "2026-11-17T10:30+07:00", [], "2026-11-18T10:30+07:00",
        id="three intervals: counted through both breaks",
    ),
    pytest.param(
        THREE, "2 days", "2026-11-17T10:30+07:00", [], "2026-11-19T19:00+07:00",
        id="three intervals: it closes after the third",
    ),
    # --- months and leap days ---
    pytest.param(
        BERLIN, "3 days exact", "2028-02-27T10:00+01:00", [], "2028-03-01T10:00+01:00",
        id="leap day: it is a day",
    ),
    pytest.param(
        BERLIN, "1 month", "2028-01-31T10:00+01:00", [], "2028-02-29T17:00+01:00",
        id="leap day: the end of a month",
    ),
    pytest.param(
        BERLIN, "12 months exact", "2028-02-29T10:00+01:00", [], "2029-02-28T10:00+01:00",
        id="leap day: a year later there is none",
    ),
    pytest.param(
        BERLIN, "3 months exact", "2026-11-30T10:00+01:00", [], "2027-02-28T10:00+01:00",
        id="three months: 30 November to 28 February",
    ),
    pytest.param(
        BERLIN, "3 months exact", "2027-11-30T10:00+01:00", [], "2028-02-29T10:00+01:00",
        id="three months: 30 November to 29 February",
    ),
    pytest.param(
        BERLIN, "3 months", "2026-11-30T10:00+01:00", [], "2027-03-01T17:00+01:00",
        id="three months: and 28 February is a Sunday",
    ),
    pytest.param(
        BERLIN, "3 months", "2026-08-31T10:00+02:00", [], "2026-11-30T17:00+01:00",
        id="three months: 31 August to 30 November",
    ),
    pytest.param(
        BERLIN, "6 months exact", "2026-08-31T10:00+02:00", [], "2027-02-28T10:00+01:00",
        id="six months: 31 August to 28 February",
    ),
    pytest.param(
        BERLIN, "6 months exact", "2027-08-31T10:00+02:00", [], "2028-02-29T10:00+01:00",
        id="six months: 31 August to 29 February",
    ),
    # --- pauses; the Water Festival is Monday 23 to Wednesday 25 November ---
    pytest.param(
        PHNOM_PENH, "5 days", "2026-11-19T10:00+07:00",
        [("2026-11-20T17:00+07:00", "2026-11-26T08:00+07:00")], "2026-11-30T17:00+07:00",
        id="a pause across a holiday: calendar days count all of it",
    ),
    pytest.param(
        PHNOM_PENH, "2 working days", "2026-11-19T10:00+07:00",
        [("2026-11-20T17:00+07:00", "2026-11-26T08:00+07:00")], "2026-11-26T17:00+07:00",
        id="a pause across a holiday: no working day was lost",
    ),
    pytest.param(
        PHNOM_PENH, "2 working days", "2026-11-19T10:00+07:00",
        [("2026-11-20T16:00+07:00", "2026-11-26T09:00+07:00")], "2026-11-27T17:00+07:00",
        id="a pause across a holiday: two open hours of it take the next day",
    ),
    pytest.param(
        PHNOM_PENH, "8 working hours", "2026-11-20T13:00+07:00",
        [("2026-11-20T17:00+07:00", "2026-11-26T08:00+07:00")], "2026-11-26T12:00+07:00",
        id="a pause across a holiday: no open hour was lost",
    ),
    pytest.param(
        PHNOM_PENH, "72 hours", "2026-11-20T10:00+07:00",
        [("2026-11-21T00:00+07:00", "2026-11-26T00:00+07:00")], "2026-11-28T10:00+07:00",
        id="a pause across a holiday: hours count all of it",
    ),
    pytest.param(
        PHNOM_PENH, "2 hours", "2026-11-20T10:00+07:00",
        [("2026-11-20T10:00+07:00", "2026-11-20T11:00+07:00"),
         ("2026-11-20T11:00+07:00", "2026-11-20T11:30+07:00")], "2026-11-20T13:30+07:00",
        id="a pause from the very start, and one that goes on where it ended",
    ),
    pytest.param(
        PHNOM_PENH, "2 hours", "2026-11-20T10:00+07:00",
        [("2026-11-20T12:00+07:00", "2026-11-20T13:00+07:00")], "2026-11-20T12:00+07:00",
        id="a pause from the due time on changes nothing any more",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("office", "span", "started", "pauses", "expected"), NAMED)
def test_by_hand_and_on_the_wall(
    office: WorkingCalendar,
    span: str,
    started: str,
    pauses: list[tuple[str, str]],
    expected: str,
) -> None:
    exact = span.endswith(" exact")
    asked = parse_span(span.removesuffix(" exact"))
    begin = datetime.fromisoformat(started)
    stretches = tuple(
        (datetime.fromisoformat(first), datetime.fromisoformat(last)) for first, last in pauses
    )
    found = passed(begin, office, asked, exact=exact, pauses=stretches).at
    assert found == datetime.fromisoformat(expected)
    assert found == Wall(office, stretches).due(begin, asked, exact)


# --- a calendar that is never open is an error, not a loop --------------------------------------


def test_a_week_without_an_open_hour_is_refused() -> None:
    with pytest.raises(BadInput, match="no open hour in the week"):
        calendar_of("Asia/Phnom_Penh", "")


@pytest.mark.parametrize("unit", list(Unit))
def test_an_office_that_never_opens_again_is_an_error_and_no_loop(unit: Unit) -> None:
    days = (date(2026, 11, 1) + number * A_DAY for number in range(4000))
    office = calendar_of("UTC", HOURS, days_off=map(str, days))
    begin = datetime(2026, 11, 20, tzinfo=UTC)
    if unit is Unit.HOURS:  # they run while nobody is there
        assert passed(begin, office, Span(1, unit)).at == begin + timedelta(hours=1)
        return
    with pytest.raises(BadInput, match=r"no working day within|too little open time"):
        passed(begin, office, Span(1, unit))


def test_an_hour_that_comes_too_seldom_is_an_error_and_no_loop() -> None:
    office = calendar_of("UTC", "Mon 08:00-08:01")
    with pytest.raises(BadInput, match="too little open time"):
        after_working_time(office, datetime(2026, 11, 20, tzinfo=UTC), A_DAY)


# --- what changes while it runs -----------------------------------------------------------------


@pytest.fixture
def office(any_desk: Desk) -> Office:
    return Office(any_desk.store, any_desk.cast)


def _asked(office: Office, now: datetime) -> str:
    """A serious case that is investigated, with a question to the worker."""
    reference = office.file(now, "No pay", category=Category.WAGES)
    office.walk(reference, now, Action.ACKNOWLEDGE, Action.ASSESS, Action.INVESTIGATE, Action.ASK)
    return reference


def _line(span: str, *, pauses: bool = True) -> dict[tuple[Promise, Severity], Line]:
    return {(Promise.INVESTIGATE, Severity.SERIOUS): Line(parse_span(span), pauses=pauses)}


def _investigate(office: Office, reference: str) -> Clock:
    return office.clocks(reference)[Promise.INVESTIGATE]


def test_a_policy_changed_while_paused_counts_the_pause_all_the_same(
    office: Office, now: datetime
) -> None:
    reference = _asked(office, now)  # Friday 17:00 in Phnom Penh
    office.pause(reference, now + A_DAY)
    capped = _investigate(office, reference)
    assert capped.due_at == datetime(2027, 1, 4, 10, tzinfo=UTC)  # 20 December and 14 days: Sunday
    office.new_policy(now + 2 * A_DAY, lines={**policies.DEFAULT.lines, **_line("10 days")})
    assert _investigate(office, reference).due_at == datetime(2026, 12, 14, 10, tzinfo=UTC)
    office.add(reference, now + 4 * A_DAY, "Here is my pay slip.")
    # 30 November and the three days of the pause.
    assert _investigate(office, reference).due_at == datetime(2026, 12, 3, 10, tzinfo=UTC)


def test_a_policy_that_forbids_pauses_lets_the_clocks_run_from_their_start(
    office: Office, now: datetime
) -> None:
    reference = _asked(office, now)
    before = _investigate(office, reference).due_at
    office.pause(reference, now + A_DAY)
    assert _investigate(office, reference).due_at > before
    lines = {**policies.DEFAULT.lines, **_line("30 days", pauses=False)}
    office.new_policy(now + 2 * A_DAY, lines=lines)
    assert _investigate(office, reference).due_at == before


def test_a_holiday_added_afterwards_moves_what_is_open_and_leaves_what_was_met_or_missed(
    office: Office, now: datetime
) -> None:
    """All three end on Monday 30 November, which becomes a day off on the evening before."""
    start = now - timedelta(hours=1)
    spans = {
        Promise.ACKNOWLEDGE: "10 days",
        Promise.TRIAGE: "10 days",
        Promise.FIRST_REPLY: "9 days",
    }
    lines = {(promise, Severity.SERIOUS): Line(parse_span(t)) for promise, t in spans.items()}
    office.new_policy(start - A_DAY, lines={**policies.DEFAULT.lines, **lines})
    reference = office.file(start, "No pay", category=Category.WAGES)
    monday = datetime(2026, 11, 30, 10, tzinfo=UTC)
    assert {
        p: c.due_at for p, c in office.clocks(reference).items() if p in spans
    } == dict.fromkeys(spans, monday)
    missed = office.file(start - 6 * A_DAY, "No pay", category=Category.WAGES)
    sunday = monday - timedelta(hours=20)
    office.sweep(sunday)
    office.triage(reference, sunday)
    before = office.clocks(reference), office.clocks(missed)
    assert before[1][Promise.ACKNOWLEDGE].missed_at == sunday

    office.change_calendar(sunday, days_off=("2026-11-30",))

    after = office.clocks(reference), office.clocks(missed)
    assert after[0][Promise.ACKNOWLEDGE].due_at == monday + A_DAY
    assert after[0][Promise.FIRST_REPLY].due_at == monday + A_DAY
    assert after[0][Promise.TRIAGE] == before[0][Promise.TRIAGE]
    kept = ("due_at", "missed_at", "met_at", "paused_seconds")
    for name in kept:
        old, new = (getattr(one[1][Promise.ACKNOWLEDGE], name) for one in (before, after))
        assert old == new
    moved = [e.data for e in office.events(reference) if e.action is Action.RECALCULATE]
    assert {one["promise"] for one in moved} == {"acknowledge", "first-reply"}
    assert {one["why"] for one in moved} == {"calendar"}
