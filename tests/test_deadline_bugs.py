"""What other deadline engines got wrong: a test for each, named after it.

Which engines and where they were reported stands beside each test. Three of their bugs have their
tests elsewhere: a second grievance that joins the first ticket in
``test_dialogue.test_a_new_complaint_never_joins_the_old_case``, mails at midnight (Zammad #4432)
with the mails of the office, a calendar that is never open in ``test_deadlines_named``.
"""

from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import pytest

from casework import filing
from casework.deadlines import policies
from casework.deadlines.clocks import parse_span
from casework.deadlines.policies import Line, parse_chain
from casework.filing import Piece
from casework.models import Reporter, Staff
from casework.vocabulary import Action, Category, Channel, Promise, Severity
from tests.desk import Desk
from tests.office import Office

A_SECOND = timedelta(seconds=1)
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
WEEKS = timedelta(days=60)


@pytest.fixture
def office(any_desk: Desk) -> Office:
    return Office(any_desk.store, any_desk.cast)


def _file(office: Office, now: datetime, category: Category = Category.WAGES) -> str:
    return office.file(now, "No pay", category=category)


def _asked(office: Office, now: datetime) -> str:
    """A serious case that is investigated, with a question to the worker."""
    reference = _file(office, now)
    office.walk(reference, now, Action.ACKNOWLEDGE, Action.ASSESS, Action.INVESTIGATE, Action.ASK)
    return reference


def _policy(office: Office, now: datetime, promise: Promise, span: str, **how: Any) -> None:
    """Another span for a promise, the same for every severity; ``""``: it does not run."""
    lines = {key: line for key, line in policies.DEFAULT.lines.items() if key[0] is not promise}
    if span:
        line = Line(parse_span(span), **how)
        lines |= {(promise, severity): line for severity in Severity}
    office.new_policy(now, lines=lines)


def _due(office: Office, reference: str, promise: Promise) -> datetime:
    return office.clocks(reference)[promise].due_at


# --- Zammad -------------------------------------------------------------------------------------


def test_zammad_3180_no_minute_is_lost_at_midnight_around_the_clock(
    office: Office, now: datetime
) -> None:
    office.change_calendar(now, hours="Mon-Sun 00:00-24:00", country="")
    _policy(office, now, Promise.ACKNOWLEDGE, "720 working hours")
    reference = _file(office, now)
    assert _due(office, reference, Promise.ACKNOWLEDGE) == now + 30 * A_DAY


def test_zammad_5177_a_word_on_progress_does_not_move_the_first_reply(
    office: Office, now: datetime
) -> None:
    reference = _file(office, now)
    before = office.clocks(reference)[Promise.FIRST_REPLY]
    for number, action in enumerate((Action.ACKNOWLEDGE, Action.ASSESS, Action.INVESTIGATE)):
        office.walk(reference, now + number * A_DAY, action)
    assert len(office.rounds(reference, Promise.PROGRESS)) == 3
    assert office.clocks(reference)[Promise.FIRST_REPLY] == before
    office.sweep(before.due_at + A_SECOND)
    assert office.clocks(reference)[Promise.FIRST_REPLY].missed_at == before.due_at + A_SECOND


def test_zammad_3140_nothing_fires_after_the_handler_has_replied(
    office: Office, now: datetime
) -> None:
    reference = _file(office, now)
    due_at = _due(office, reference, Promise.FIRST_REPLY)
    # In the very last moment, and no sweep came by since.
    office.walk(reference, now, Action.ACKNOWLEDGE)
    office.act(reference, Action.REPLY, due_at, "Here is what we know.")
    before = office.told(reference)
    office.sweep(due_at + WEEKS)
    assert office.clocks(reference)[Promise.FIRST_REPLY].missed_at is None
    assert not [one for one in office.told(reference)[len(before) :] if one[0] == "first-reply"]
    assert not [one for one in office.told(reference) if one[:2] == ("first-reply", "100%")]


def test_zammad_1322_an_answer_from_the_web_lets_the_clock_go_on(
    office: Office, now: datetime
) -> None:
    with office.store.writing() as session:
        session.get_one(Reporter, office.cast.htwe.id).channel = Channel.WEB
    reference = _asked(office, now)
    assert office.case(reference).channel is Channel.WEB
    plain = _due(office, reference, Promise.INVESTIGATE)
    office.pause(reference, now + A_DAY)
    assert _due(office, reference, Promise.INVESTIGATE) > plain + 10 * A_DAY
    office.add(reference, now + 3 * A_DAY, "The slip of October.")
    (pause,) = office.pauses(reference)
    assert pause.ended_at == now + 3 * A_DAY
    # 20 December, a Sunday, was Monday; with the two days it is Tuesday.
    assert _due(office, reference, Promise.INVESTIGATE) == plain + A_DAY
    office.act(reference, Action.REPLY, now + 4 * A_DAY, "Thank you.")
    assert office.clocks(reference)[Promise.PROGRESS].started_at == now + 4 * A_DAY


def test_zammad_4353_nothing_stays_escalated_when_its_policy_is_gone(
    office: Office, now: datetime
) -> None:
    reference = _file(office, now)
    office.walk(reference, now, Action.ACKNOWLEDGE, Action.PROTECT)
    office.triage(reference, now)
    late = _due(office, reference, Promise.FIRST_REPLY) + A_SECOND
    office.sweep(late)
    assert office.case(reference).next_due_at == _due(office, reference, Promise.FIRST_REPLY)
    told = [one for one in office.told(reference) if one[0] == "first-reply"]
    _policy(office, late, Promise.FIRST_REPLY, "")
    clock = office.clocks(reference)[Promise.FIRST_REPLY]
    assert (clock.cancelled_at, clock.next_at, clock.missed_at) == (late, None, late)
    after = office.case(reference).next_due_at
    assert after is not None
    assert after > late - A_DAY
    assert after != clock.due_at
    office.sweep(late + WEEKS)
    assert [one for one in office.told(reference) if one[0] == "first-reply"] == told


# --- Chatwoot -----------------------------------------------------------------------------------


def test_chatwoot_13392_hours_of_the_office_are_only_those(office: Office, now: datetime) -> None:
    """Friday at 17:00 in Phnom Penh, and the Water Festival from Monday to Wednesday."""
    _policy(office, now, Promise.ACKNOWLEDGE, "4 working hours")
    reference = _file(office, now)
    assert _due(office, reference, Promise.ACKNOWLEDGE) == datetime(2026, 11, 26, 5, tzinfo=UTC)
    office.sweep(datetime(2026, 11, 26, 5, tzinfo=UTC))
    assert office.clocks(reference)[Promise.ACKNOWLEDGE].missed_at is None


def test_chatwoot_10178_no_next_answer_is_owed_once_it_is_resolved(
    office: Office, now: datetime
) -> None:
    reference = _file(office, now)
    office.walk(reference, now, Action.ACKNOWLEDGE, Action.ASSESS, Action.CONCLUDE)
    office.answer(reference, Action.CONFIRM, now + A_DAY)
    office.add(reference, now + 2 * A_DAY, "Thank you very much!")
    assert office.case(reference).next_due_at is None
    assert office.case(reference).progress_at is None
    assert office.jobs(now + WEEKS) == 0
    assert Action.MISS not in office.actions(reference)


def test_chatwoot_15024_how_late_it_was_does_not_grow_after_the_answer(
    office: Office, now: datetime
) -> None:
    reference = _file(office, now)
    due_at = _due(office, reference, Promise.ACKNOWLEDGE)
    office.sweep(due_at + AN_HOUR)
    office.sweep(due_at + 2 * AN_HOUR)
    office.walk(reference, due_at + 3 * AN_HOUR, Action.ACKNOWLEDGE)
    kept = office.clocks(reference)[Promise.ACKNOWLEDGE]
    assert (kept.due_at, kept.missed_at) == (due_at, due_at + AN_HOUR)
    assert kept.met_at == due_at + 3 * AN_HOUR
    for days in (1, 10, 100):
        office.jobs(due_at + days * A_DAY)
    office.triage(reference, due_at + 100 * A_DAY, Severity.CRITICAL)
    office.change_calendar(due_at + 100 * A_DAY, hours="Mon-Sun 00:00-24:00")
    assert office.clocks(reference)[Promise.ACKNOWLEDGE] == kept


# --- Frappe Helpdesk ----------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [-8, 0, 5.75, 13])
def test_frappe_naive_datetimes_nobody_fails_because_of_the_zone_they_sit_in(
    office: Office, now: datetime, hours: float
) -> None:
    there = timezone(timedelta(hours=hours))
    reference = _file(office, now.astimezone(there))
    clock = office.clocks(reference)[Promise.ACKNOWLEDGE]
    assert clock.due_at == datetime(2026, 11, 26, 10, tzinfo=UTC)
    assert clock.due_at.tzinfo is not None
    office.sweep(clock.due_at.astimezone(there))
    assert office.clocks(reference)[Promise.ACKNOWLEDGE].missed_at is None
    office.sweep((clock.due_at + A_SECOND).astimezone(there))
    assert office.clocks(reference)[Promise.ACKNOWLEDGE].missed_at == clock.due_at + A_SECOND


def test_frappe_naive_datetimes_a_time_without_a_zone_is_refused(
    office: Office, now: datetime
) -> None:
    with pytest.raises(Exception, match=r"aware|zone|naive"):
        _file(office, now.replace(tzinfo=None))


def test_frappe_3776_from_paused_to_resolved_the_pause_still_counts(
    office: Office, now: datetime
) -> None:
    reference = _asked(office, now)
    plain = _due(office, reference, Promise.INVESTIGATE)
    office.pause(reference, plain - 2 * A_DAY)
    office.sweep(plain + A_DAY)
    office.act(reference, Action.CONCLUDE, plain + A_DAY, "It is paid.")
    clock = office.clocks(reference)[Promise.INVESTIGATE]
    assert (clock.met_at, clock.missed_at) == (plain + A_DAY, None)
    assert clock.paused_seconds == 3 * A_DAY.total_seconds()


def test_frappe_2449_a_night_on_hold_is_not_counted_twice(office: Office, now: datetime) -> None:
    morning = datetime(2026, 11, 19, 1, tzinfo=UTC)  # Thursday, 08:00 in Phnom Penh
    _policy(office, morning, Promise.INVESTIGATE, "40 working hours", pauses=True)
    reference = _asked(office, morning)
    plain = _due(office, reference, Promise.INVESTIGATE)
    # From closing time to the next morning no hour of the office passes: nothing is held up.
    office.pause(reference, morning + 9 * AN_HOUR)
    office.resume(reference, morning + A_DAY)
    assert _due(office, reference, Promise.INVESTIGATE) == plain
    # An hour before closing and an hour of the morning are two hours, whatever the night.
    office.pause(reference, morning + A_DAY + 8 * AN_HOUR)  # Friday 16:00
    office.resume(reference, datetime(2026, 11, 26, 2, tzinfo=UTC))  # Thursday 09:00
    assert plain == datetime(2026, 11, 30, 10, tzinfo=UTC)
    assert _due(office, reference, Promise.INVESTIGATE) == datetime(2026, 12, 1, 3, tzinfo=UTC)


# --- DIGIT --------------------------------------------------------------------------------------


def test_digit_no_edit_resets_a_clock(office: Office, now: datetime) -> None:
    reference = office.file(now, Piece("No pay", source="7"), category=Category.WAGES)
    before = office.clocks(reference)
    later = now + AN_HOUR
    with office.store.writing() as session:
        assert filing.amend(session, office.cast.htwe.id, "7", "No pay since May", now=later)
    office.add(reference, later, "And the bus is late.")
    office.act(reference, Action.NOTE, later, "Looks like all of line 4.")
    office.assign(reference, later, to="asha")
    office.assign(reference, later, to="dilani")
    office.assign(reference, later)
    assert office.clocks(reference) == before


def test_digit_newest_first_batches_starve_nobody(office: Office, now: datetime) -> None:
    """Each minute there is more to do than one batch takes: still the oldest come first."""
    filed = [_file(office, now + number * AN_HOUR, Category.FORCED_LABOUR) for number in range(6)]
    late = now + A_DAY + 6 * AN_HOUR
    missed_in_order: list[str] = []
    for number in range(40):
        _file(office, now + 6 * AN_HOUR, Category.FORCED_LABOUR)
        office.sweep(late + timedelta(minutes=number), limit=2)
        missed_in_order += [
            one
            for one in filed
            if one not in missed_in_order and Action.MISS in office.actions(one)
        ]
        if missed_in_order == filed:
            break
    assert missed_in_order == filed


def test_digit_what_nobody_owns_is_not_skipped(office: Office, now: datetime) -> None:
    reference = _file(office, now)
    assert office.case(reference).assignee_id is None
    office.sweep(now + WEEKS)
    told = [one for one in office.told(reference) if one[0] == "acknowledge"]
    assert ("acknowledge", "50%", "Boris") in told
    assert ("acknowledge", "100%", "Boris") in told


@pytest.mark.parametrize(
    ("gone", "instead"),
    [(["boris"], {"Chen"}), (["boris", "chen"], {"Asha", "Dilani"})],
)
def test_digit_without_a_supervisor_somebody_else_is_told(
    office: Office, now: datetime, gone: list[str], instead: set[str]
) -> None:
    reference = _file(office, now)
    with office.store.writing() as session:
        for name in gone:
            session.get_one(Staff, getattr(office.cast, name).id).active = False
    office.sweep(now + WEEKS)
    levels = {level for _, level, _ in office.told(reference)}
    assert levels == {"50%", "75%", "100%", "+2 working days", "+5 working days"}
    for level in levels:
        assert {name for _, one, name in office.told(reference) if one == level} == instead


@pytest.mark.parametrize("at_once", [False, True])
def test_digit_the_chain_does_not_stop_after_one_hop(
    office: Office, now: datetime, at_once: bool
) -> None:
    chain = parse_chain(
        "50% owner; 100% owner; +1 hour supervisors; +2 hours admins; +3 hours supervisors, admins"
    )
    office.new_policy(now, chains=dict.fromkeys(Severity, chain))
    reference = _file(office, now)
    office.assign(reference, now, to="asha")
    due_at = _due(office, reference, Promise.ACKNOWLEDGE)
    if not at_once:
        for hours in range(5):
            office.sweep(due_at + hours * AN_HOUR + A_SECOND)
    office.sweep(due_at + A_DAY)
    assert [one[1:] for one in office.told(reference) if one[0] == "acknowledge"] == [
        ("50%", "Asha"),
        ("100%", "Asha"),
        ("+1 hour", "Boris"),
        ("+2 hours", "Chen"),
        ("+3 hours", "Boris"),
        ("+3 hours", "Chen"),
    ]
    climbed = [
        event.data["level"]
        for event in office.events(reference)
        if event.action is Action.ESCALATE and event.data["promise"] == "acknowledge"
    ]
    assert climbed == ["+1 hour", "+2 hours", "+3 hours"]


# --- django-helpdesk ----------------------------------------------------------------------------


def test_django_helpdesk_excluded_days_are_those_that_do_not_count(
    office: Office, now: datetime
) -> None:
    """Five working days from a Monday end on the next Monday; turned round, they would be over
    after the weekend's two. The day before it is due nothing has fired."""
    monday = datetime(2026, 11, 9, 3, tzinfo=UTC)  # no holiday in Cambodia but the ninth itself
    _policy(office, monday, Promise.ACKNOWLEDGE, "5 working days")
    reference = _file(office, monday)
    due_at = _due(office, reference, Promise.ACKNOWLEDGE)
    assert due_at == datetime(2026, 11, 16, 10, tzinfo=UTC)
    for days in range(1, 7):
        office.sweep(monday + days * A_DAY)
        assert office.clocks(reference)[Promise.ACKNOWLEDGE].missed_at is None


def test_django_helpdesk_a_warning_only_warns(office: Office, now: datetime) -> None:
    reference = _file(office, now)
    before = office.case(reference), office.events(reference)
    office.sweep(_due(office, reference, Promise.ACKNOWLEDGE) - AN_HOUR)
    assert {level for _, level, _ in office.told(reference)} == {"50%", "75%"}
    assert (office.case(reference), office.events(reference)) == before


@pytest.mark.parametrize("severity", list(Severity))
def test_django_helpdesk_the_first_priority_escalates_like_every_other(
    office: Office, now: datetime, severity: Severity
) -> None:
    reference = _file(office, now)
    office.triage(reference, now, severity)
    office.sweep(now + WEEKS)
    chain = policies.DEFAULT.chains[severity]
    for promise in (Promise.ACKNOWLEDGE, Promise.FIRST_REPLY):
        found = {level for one, level, _ in office.told(reference) if one == promise.value}
        assert found == {level.key for level in chain}
    urgent = {notice.urgent for notice in office.staff_notices(reference)}
    assert urgent == {severity is Severity.CRITICAL}


# --- GLPI, OTRS, dbt_zendesk --------------------------------------------------------------------


def test_glpi_15605_another_policy_does_not_drop_the_pause(office: Office, now: datetime) -> None:
    reference = _asked(office, now)
    office.pause(reference, now + A_DAY)
    office.resume(reference, now + 8 * A_DAY)
    paused = _due(office, reference, Promise.INVESTIGATE)
    assert paused == datetime(2026, 12, 28, 10, tzinfo=UTC)  # 20 December and seven days: Sunday
    _policy(office, now + 9 * A_DAY, Promise.INVESTIGATE, "31 days", pauses=True)
    assert _due(office, reference, Promise.INVESTIGATE) == paused  # the 28th, a Monday
    _policy(office, now + 9 * A_DAY, Promise.INVESTIGATE, "32 days", pauses=True)
    # The 29th is Peace Day in Cambodia.
    assert _due(office, reference, Promise.INVESTIGATE) == paused + 2 * A_DAY


@pytest.mark.parametrize("later", [0, 1, 40, 200])
def test_otrs_and_dbt_the_offset_of_today_is_not_that_of_then(
    office: Office, now: datetime, later: int
) -> None:
    """Filed half an hour after midnight by the summer time of that night, half past eleven by the
    winter time that came a day later: whenever it is counted, it is the same day."""
    office.change_calendar(now, zone="Europe/Berlin", country="", hours="Mon-Fri 08:00-17:00")
    night = datetime(2026, 10, 23, 22, 30, tzinfo=UTC)
    _policy(office, night, Promise.FIRST_REPLY, "12 days")
    reference = _file(office, night)
    if later:
        _policy(office, night + later * AN_HOUR, Promise.FIRST_REPLY, "11 days")
        _policy(office, night + later * AN_HOUR, Promise.FIRST_REPLY, "12 days")
    assert _due(office, reference, Promise.FIRST_REPLY) == datetime(2026, 11, 5, 16, tzinfo=UTC)


def test_every_test_of_a_bug_names_the_engine() -> None:
    names = [name for name in globals() if name.startswith("test_") and "every_test" not in name]
    known = ("zammad", "chatwoot", "frappe", "digit", "django_helpdesk", "glpi", "otrs_and_dbt")
    engines = [next(one for one in known if name.startswith(f"test_{one}")) for name in names]
    assert list(dict.fromkeys(engines)) == list(known)
    assert all(known.index(a) <= known.index(b) for a, b in pairwise(engines))
