"""The calendars of offices: written, and what is still to come counted anew after a change."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from casework import places
from casework.db import Session, Store
from casework.deadlines import offices
from casework.deadlines.calendars import calendar_of
from casework.deadlines.daysoff import DayOff, days_off
from casework.deadlines.offices import OfficeFacts
from casework.errors import NotAllowed, Remark
from casework.models import Calendar, Factory
from casework.vocabulary import Action, Category, Promise, Role
from tests.conftest import Cast
from tests.desk import Desk

HOURS = "Mon-Fri 08:00-12:00,13:00-17:00"
TYPED = {"name": "Dhaka", "zone": "Asia/Dhaka", "country": "bd", "hours": "Sun-Thu 09:00-17:00"}
LATER = timedelta(minutes=5)


def _checked(**typed: str) -> OfficeFacts:
    facts = offices.check_office({**TYPED, **typed})
    assert isinstance(facts, OfficeFacts), facts
    return facts


def _wrong(**typed: str) -> dict[str, str]:
    problems = offices.check_office({**TYPED, **typed})
    assert isinstance(problems, dict), problems
    return {field: str(problem) for field, problem in problems.items()}


# --- what is typed ---------------------------------------------------------------------------


def test_an_office_is_read_from_what_a_person_types() -> None:
    facts = _checked(
        name="  Dhaka   desk ",
        hours="Sun – Thu 09:00-17:00".replace(" – ", "–") + "\n\nSat 22:00-02:00;\n",
        days_off="2026-12-31\n2026-12-24, 2026-12-31\n",
        days_on="2026-12-16",
    )
    assert facts.name == "Dhaka desk"
    assert facts.country == "BD"
    assert facts.hours == "Sun-Thu 09:00-17:00; Sat 22:00-02:00"
    assert facts.days_off == ("2026-12-24", "2026-12-31")
    assert facts.calendar.is_working(date(2026, 12, 16))


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("name", "", "Write the office's name"),
        ("name", "x" * 81, "Write the office's name"),
        ("zone", "Saigon", "“Saigon” is no time zone"),
        ("zone", "", "is no time zone"),
        ("zone", "../etc/passwd", "is no time zone"),
        ("country", "XX", "No public holidays are known"),
        ("hours", "", "no open hour"),
        ("hours", "Mon", "is no interval"),
        ("hours", "Moon 08:00-17:00", "is no weekday"),
        ("hours", "Mon 08:00-12:00,11:00-17:00", "overlap"),
        ("hours", "Mon-Tue 22:00-06:00,05:00-07:00", "The night of Mon goes on when Tue"),
        ("hours", "Sun 22:00-09:00; Mon 08:00-12:00", "The night of Sun goes on when Mon"),
        ("hours", ";".join(["Mon 08:00-17:00"] * 40), "At most 400"),
        ("days_off", "31.12.2026", "“31.12.2026” is no date"),
        ("days_off", "2026-02-30", "is no date"),
        ("days_off", "9999-12-31", "is no date"),
        ("days_on", "2026-12-04", "2026-12-04 is a Fri, and the office has no hours"),
    ],
)
def test_what_can_not_be_used_is_said_beside_its_field(field: str, text: str, says: str) -> None:
    wrong = _wrong(**{field: text})
    assert list(wrong) == [field]
    assert says in wrong[field]


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = _wrong(name="", zone="x", country="XX", hours="", days_off="x", days_on="x")
    assert set(found) == {"name", "zone", "country", "hours", "days_off", "days_on"}


def test_a_day_can_not_be_both_off_and_worked() -> None:
    wrong = _wrong(days_off="2026-12-16", days_on="2026-12-16")
    assert wrong == {"days_on": "2026-12-16 stands in both lists."}


def test_an_office_closed_for_more_than_a_year_is_refused_when_it_is_saved() -> None:
    sundays = [date(2027, 1, 3) + timedelta(weeks=n) for n in range(60)]
    wrong = _wrong(country="", hours="Sun 09:00-17:00", days_off="\n".join(map(str, sundays)))
    assert "no working day within 400 days" in wrong["days_off"]
    _checked(hours="Sun 09:00-17:00", days_off="\n".join(map(str, sundays[:40])))
    four_hundred_more = [date(2027, 1, 1) + timedelta(days=n) for n in range(401)]
    wrong = _wrong(days_off="\n".join(map(str, four_hundred_more)))
    assert "more than 400 days" in wrong["days_off"]


def test_the_days_off_ahead_are_named_and_the_estimated_ones_marked() -> None:
    office = calendar_of("Asia/Dhaka", "Sun-Thu 09:00-17:00", "BD", ["2027-03-01"], ["2027-03-10"])
    found = {one.day: one for one in days_off(office, date(2027, 3, 1), date(2027, 3, 31))}
    assert found[date(2027, 3, 1)] == DayOff(date(2027, 3, 1), (), own=True)
    feast = DayOff(date(2027, 3, 11), ("Eid al-Fitr",), estimated=True)
    assert found[date(2027, 3, 11)] == feast
    worked = replace(feast, day=date(2027, 3, 10), worked=True)
    assert found[date(2027, 3, 10)] == worked
    friday = DayOff(date(2027, 3, 26), ("Independence Day",), weekend=True)
    assert found[date(2027, 3, 26)] == friday
    assert not days_off(calendar_of("UTC", HOURS), date(2026, 1, 1), date(2026, 12, 31))


# --- which there are -------------------------------------------------------------------------


def _add(store: Store, now: datetime, **typed: str) -> int:
    with store.writing() as session:
        added = offices.add_office(session, _checked(**typed), now)
        assert isinstance(added, Calendar), added
        return added.id


def _default(session: Session) -> Calendar:
    return session.exec(select(Calendar).where(col(Calendar.is_default).is_(True))).one()


def test_the_first_office_of_all_is_the_default_and_the_next_is_not(
    any_store: Store, now: datetime
) -> None:
    second = _add(any_store, now)
    with any_store.writing() as session:
        assert [row.name for row in offices.all_offices(session)] == ["Office", "Dhaka"]
        session.delete(session.get_one(Calendar, second))
        session.delete(_default(session))
        session.flush()
        first = offices.add_office(session, _checked(), now)
        assert isinstance(first, Calendar)
        assert first.is_default


def test_two_offices_do_not_share_a_name(any_store: Store, any_cast: Cast, now: datetime) -> None:
    row, by = _add(any_store, now), any_cast.actor("boris")
    with any_store.writing() as session:
        dhaka = session.get_one(Calendar, row)
        taken = {"name": Remark("Another office has this name.")}
        assert offices.add_office(session, _checked(name="dhaka"), now) == taken
        other = _checked(name="OFFICE")
        assert offices.change_office(session, dhaka, other, by=by, now=now) == taken
        assert offices.change_office(session, dhaka, _checked(name="DHAKA"), by=by, now=now) == 0
        assert dhaka.name == "DHAKA"


def test_there_is_never_more_than_one_default(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    row = _add(any_store, now)
    with any_store.writing() as session:
        dhaka = session.get_one(Calendar, row)
        offices.make_default(session, dhaka, by=any_cast.actor("boris"), now=now)
    with any_store.reading() as session:
        assert _default(session).id == row
        assert places.calendar_for(session, None).zone.key == "Asia/Dhaka"


def test_what_is_used_is_not_deleted(any_store: Store, any_cast: Cast, now: datetime) -> None:
    row, by = _add(any_store, now), any_cast.actor("boris")
    with any_store.writing() as session:
        dhaka = session.get_one(Calendar, row)
        thread = session.get_one(Factory, any_cast.golden_thread.id)
        with pytest.raises(NotAllowed, match="default calendar"):
            offices.delete_office(session, _default(session))
        offices.answer_for(session, thread, dhaka, by=by, now=now)
        assert offices.users(session) == {row: [thread]}
        with pytest.raises(NotAllowed, match="Factories use"):
            offices.delete_office(session, dhaka)
        offices.answer_for(session, thread, None, by=by, now=now)
        assert offices.answering_for(session, thread) == _default(session)
        offices.delete_office(session, dhaka)
        assert offices.office(session, row) is None


# --- what moves ------------------------------------------------------------------------------


def _facts(session: Session, calendar: Calendar, **typed: str) -> OfficeFacts:
    now_there = {"name": calendar.name, "zone": calendar.zone, "country": calendar.country}
    return _checked(**{**now_there, "hours": calendar.hours, **typed})


def _change(desk: Desk, now: datetime, by: str = "boris", **typed: str) -> int:
    """Change the default calendar."""
    with desk.store.writing() as session:
        office = _default(session)
        facts = _facts(session, office, **typed)
        moved = offices.change_office(session, office, facts, by=desk.cast.actor(by), now=now)
        assert isinstance(moved, int), moved
        return moved


def test_a_day_off_added_afterwards_moves_what_would_end_on_it(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "A question", category=Category.OTHER)
    before = any_desk.clocks(reference)[Promise.ACKNOWLEDGE].due_at
    assert before == datetime(2026, 11, 27, 10, tzinfo=UTC)
    assert _change(any_desk, now + LATER, days_off="2026-11-27") == 1
    after = any_desk.clocks(reference)[Promise.ACKNOWLEDGE].due_at
    assert after == datetime(2026, 11, 30, 10, tzinfo=UTC)
    assert any_desk.case(reference).next_due_at == after
    event = any_desk.events(reference)[-1]
    assert (event.action, event.role) == (Action.RECALCULATE, Role.SUPERVISOR)
    assert event.staff_id == any_desk.cast.boris.id
    assert (event.at, event.before, event.after) == (now + LATER, *[event.after] * 2)
    assert event.data == {
        "promise": "acknowledge",
        "before": before.isoformat(),
        "after": after.isoformat(),
        "why": "calendar",
    }


def test_taking_the_day_off_back_moves_it_back(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, "A question", category=Category.OTHER)
    before = any_desk.clocks(reference)
    assert _change(any_desk, now, days_off="2026-11-27") == 1
    assert _change(any_desk, now) == 1
    assert any_desk.clocks(reference) == before
    assert any_desk.actions(reference) == [Action.FILE, Action.RECALCULATE, Action.RECALCULATE]


def test_a_change_that_moves_nothing_writes_nothing(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, "A question", category=Category.OTHER)
    assert _change(any_desk, now, name="Another name", days_off="2027-12-24") == 0
    assert any_desk.actions(reference) == [Action.FILE]


def test_what_was_met_or_missed_or_is_overdue_stays_as_it_was(
    any_desk: Desk, now: datetime
) -> None:
    met, swept, overdue = (
        any_desk.file(now + n * LATER, "A question", category=Category.OTHER) for n in range(3)
    )
    any_desk.act(met, Action.ACKNOWLEDGE, now)
    any_desk.act(met, Action.REPLY, now, "Thank you")
    kept = any_desk.clocks(met)[Promise.ACKNOWLEDGE]
    december = datetime(2026, 12, 1, tzinfo=UTC)
    assert any_desk.sweep(december, limit=1) == 1
    was = any_desk.clocks(overdue)
    reply = was[Promise.FIRST_REPLY].due_at
    assert _change(any_desk, december, days_off=f"2026-11-27\n{reply:%Y-%m-%d}") == 3
    assert any_desk.clocks(met)[Promise.ACKNOWLEDGE] == kept
    for reference in (swept, overdue):
        clocks = any_desk.clocks(reference)
        late = clocks[Promise.ACKNOWLEDGE]
        assert (late.due_at, late.missed_at) == (was[Promise.ACKNOWLEDGE].due_at, december)
        assert clocks[Promise.FIRST_REPLY].due_at > reply
        # Triage was missed as well by then.
        past = [Action.FILE, Action.MISS, Action.MISS, Action.RECALCULATE]
        assert any_desk.actions(reference) == past
        assert any_desk.case(reference).next_due_at == late.due_at


def test_what_has_ended_and_what_runs_around_the_clock_do_not_move(
    any_desk: Desk, now: datetime
) -> None:
    ended = any_desk.file(now, "A question", category=Category.OTHER)
    any_desk.answer(ended, Action.WITHDRAW, now)
    critical = any_desk.file(now, category=Category.FORCED_LABOUR)
    clocks = {one: any_desk.clocks(one) for one in (ended, critical)}
    assert _change(any_desk, now, days_off="2026-11-21\n2026-11-23\n2026-11-27") == 0
    assert {one: any_desk.clocks(one) for one in (ended, critical)} == clocks


def test_another_office_for_a_factory_moves_its_cases_and_no_others(
    any_desk: Desk, now: datetime
) -> None:
    row = _add(any_desk.store, now)
    here = any_desk.file(now, "A question", category=Category.OTHER)
    elsewhere = any_desk.file(now, "A question", category=Category.OTHER, factory=None)
    nowhere = any_desk.clocks(elsewhere)
    with any_desk.store.writing() as session:
        thread = session.get_one(Factory, any_desk.cast.golden_thread.id)
        dhaka, by = session.get_one(Calendar, row), any_desk.cast.actor("boris")
        assert offices.answer_for(session, thread, dhaka, by=by, now=now) == 3
    # Friday is closed in Dhaka, so it ends on Sunday at five there.
    due = any_desk.clocks(here)[Promise.ACKNOWLEDGE].due_at
    assert due == datetime(2026, 11, 29, 11, tzinfo=UTC)
    assert any_desk.clocks(elsewhere) == nowhere
    assert any_desk.actions(here)[1:] == [Action.RECALCULATE] * 3
    # From now on the default one is no matter of this factory.
    assert _change(any_desk, now, days_off="2026-11-27") == 1
    assert any_desk.clocks(here)[Promise.ACKNOWLEDGE].due_at == due


def test_another_default_moves_whatever_names_no_office(any_desk: Desk, now: datetime) -> None:
    row = _add(any_desk.store, now)
    both = [
        any_desk.file(now, "A question", category=Category.OTHER),
        any_desk.file(now, "A question", category=Category.OTHER, factory=None),
    ]
    with any_desk.store.writing() as session:
        dhaka, by = session.get_one(Calendar, row), any_desk.cast.actor("chen")
        assert offices.make_default(session, dhaka, by=by, now=now) == 6
    for reference in both:
        due = any_desk.clocks(reference)[Promise.ACKNOWLEDGE].due_at
        assert due == datetime(2026, 11, 29, 11, tzinfo=UTC)


def test_a_handler_moves_no_due_time(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, "A question", category=Category.OTHER)
    before = any_desk.clocks(reference)
    with pytest.raises(NotAllowed):
        _change(any_desk, now, by="asha", days_off="2026-11-27")
    assert any_desk.clocks(reference) == before
    with any_desk.store.reading() as session:
        assert _default(session).days_off == []


def test_a_time_that_moves_into_the_past_is_missed_at_the_next_sweep(
    any_desk: Desk, now: datetime
) -> None:
    off = {"days_off": "2026-11-27"}
    _change(any_desk, now, **off)
    reference = any_desk.file(now, "A question", category=Category.OTHER)
    saturday = datetime(2026, 11, 28, tzinfo=UTC)
    assert _change(any_desk, saturday) == 1
    assert any_desk.sweep(saturday) == 1
    assert any_desk.actions(reference) == [Action.FILE, Action.RECALCULATE, Action.MISS]
