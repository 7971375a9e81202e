"""A new version of the policy, and what it does to the cases that are open."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import col, select

from casework.db import Store
from casework.deadlines import pausing, policies, policing, versions
from casework.deadlines.clocks import parse_span
from casework.deadlines.comparing import PromiseDiffers
from casework.deadlines.policies import DEFAULT, Line, Policy, parse_chain
from casework.deadlines.versions import Overtaken
from casework.errors import BadInput, NotAllowed
from casework.models import Calendar, Staff, StaffNotice
from casework.vocabulary import Action, Category, PauseReason, Promise, Severity
from tests.conftest import Cast
from tests.desk import Desk

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
SERIOUS = Severity.SERIOUS


def _with(promise: Promise, span: str, *severities: Severity) -> Callable[[Policy], Policy]:
    def change(policy: Policy) -> Policy:
        lines = dict(policy.lines)
        for severity in severities or Severity:
            old = lines.pop((promise, severity), Line(parse_span("1 day")))
            if span:
                lines[promise, severity] = replace(old, span=parse_span(span))
        return replace(policy, lines=lines)

    return change


def _save(desk: Desk, now: datetime, change: Callable[[Policy], Policy], by: str = "boris") -> int:
    with desk.store.writing() as session:
        policy = change(policing.current(session))
        return versions.save(session, policy, "A new agreement", by=desk.cast.actor(by), now=now)


def _moves(desk: Desk, reference: str) -> list[dict[str, str | None]]:
    return [e.data for e in desk.events(reference) if e.action is Action.RECALCULATE]


def test_a_new_version_moves_what_is_open_and_says_why_in_each_case(
    any_desk: Desk, now: datetime
) -> None:
    open_one = any_desk.file(now, "No pay")
    kept = any_desk.file(now, "No pay")
    any_desk.act(kept, Action.ACKNOWLEDGE, now + HOUR)
    met = any_desk.clocks(kept)[Promise.ACKNOWLEDGE]
    before = any_desk.clocks(open_one)[Promise.ACKNOWLEDGE].due_at
    assert _save(any_desk, now + HOUR, _with(Promise.ACKNOWLEDGE, "24 hours")) == 1
    assert any_desk.clocks(open_one)[Promise.ACKNOWLEDGE].due_at == now + DAY
    assert any_desk.case(open_one).next_due_at == now + DAY
    assert _moves(any_desk, open_one) == [
        {
            "promise": "acknowledge",
            "before": before.isoformat(),
            "after": (now + DAY).isoformat(),
            "why": "policy",
        }
    ]
    assert any_desk.clocks(kept)[Promise.ACKNOWLEDGE] == met
    assert _moves(any_desk, kept) == []
    assert any_desk.events(open_one)[-1].staff_id == any_desk.cast.boris.id


def test_a_miss_stays_a_miss_even_one_that_no_sweep_has_seen(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    late = desk.clocks(reference)[Promise.ACKNOWLEDGE].due_at + HOUR
    assert _save(desk, late, _with(Promise.ACKNOWLEDGE, "7 days")) == 0
    clock = desk.clocks(reference)[Promise.ACKNOWLEDGE]
    assert clock.missed_at == late
    assert clock.due_at == late - HOUR


def test_what_was_overdue_is_missed_before_the_policy_takes_it_away(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay")
    late = desk.clocks(reference)[Promise.TRIAGE].due_at + HOUR
    _save(desk, late, _with(Promise.TRIAGE, ""))
    missed = [e.data["promise"] for e in desk.events(reference) if e.action is Action.MISS]
    assert "triage" in missed
    assert desk.clocks(reference)[Promise.TRIAGE].cancelled_at == late


def test_a_promise_newly_made_is_counted_from_when_it_would_have_begun(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "Heat", category=Category.HEALTH_AND_SAFETY)
    assert Promise.PROTECTION not in desk.clocks(reference)
    change = _with(Promise.PROTECTION, "100 hours", Severity.STANDARD)
    assert _save(desk, now + 2 * HOUR, change) == 1
    clock = desk.clocks(reference)[Promise.PROTECTION]
    assert (clock.started_at, clock.due_at) == (now, now + 100 * HOUR)
    assert _moves(desk, reference)[0]["before"] is None
    assert _moves(desk, reference)[0]["after"] == clock.due_at.isoformat()


def test_a_promise_that_was_kept_already_does_not_begin_again(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    desk.triage(reference, now + HOUR)
    _save(desk, now + 2 * HOUR, _with(Promise.TRIAGE, ""))
    assert _save(desk, now + 3 * HOUR, _with(Promise.TRIAGE, "9 days")) == 0
    assert len(desk.rounds(reference, Promise.TRIAGE)) == 1
    assert _moves(desk, reference) == []


def test_a_promise_taken_away_falls_away_and_comes_back_from_its_beginning(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay")
    first = desk.clocks(reference)[Promise.TRIAGE].due_at
    assert _save(desk, now + HOUR, _with(Promise.TRIAGE, "")) == 1
    assert desk.clocks(reference)[Promise.TRIAGE].cancelled_at == now + HOUR
    assert _moves(desk, reference)[0]["after"] is None
    _save(desk, now + 2 * HOUR, lambda policy: replace(DEFAULT, number=policy.number))
    again = desk.clocks(reference)[Promise.TRIAGE]
    assert (again.round, again.started_at, again.due_at) == (1, now, first)
    assert again.cancelled_at is None


def test_an_exception_for_a_category_moves_only_its_cases(desk: Desk, now: datetime) -> None:
    wages = desk.file(now, "No pay", category=Category.WAGES)
    hours = desk.file(now, "Every night", category=Category.HOURS)
    key = (Category.WAGES, Promise.TRIAGE, SERIOUS)

    def change(policy: Policy) -> Policy:
        return replace(policy, exceptions={key: Line(parse_span("10 hours"))})

    assert _save(desk, now + HOUR, change) == 1
    assert desk.clocks(wages)[Promise.TRIAGE].due_at == now + 10 * HOUR
    assert _moves(desk, hours) == []


def test_glpi_15605_changing_the_policy_keeps_the_pause(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay", category=Category.WAGES)
    desk.act(reference, Action.ACKNOWLEDGE, now)
    desk.act(reference, Action.ASK, now, "Which month?")
    with desk.store.writing() as session:
        case = session.get_one(type(desk.case(reference)), desk.case(reference).id)
        actor = desk.cast.actor("asha")
        pausing.pause(session, case, PauseReason.ANSWER, by=actor, now=now + HOUR)
    _save(desk, now + 2 * HOUR, _with(Promise.INVESTIGATE, "240 hours"))
    case = desk.case(reference)
    assert pausing.is_paused(case, now + 3 * HOUR)
    clock = desk.clocks(reference)[Promise.INVESTIGATE]
    assert clock.due_at == now + 240 * HOUR + 14 * DAY  # as long as it may go on
    with desk.store.writing() as session:
        case = session.get_one(type(case), case.id)
        pausing.resume(session, case, by=actor, now=now + 11 * HOUR)
    assert desk.clocks(reference)[Promise.INVESTIGATE].due_at == now + 250 * HOUR


def test_zammad_4353_a_promise_taken_out_of_the_policy_escalates_no_more(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay")
    late = desk.clocks(reference)[Promise.TRIAGE].due_at + HOUR
    desk.sweep(late)
    _save(desk, late, _with(Promise.TRIAGE, ""))
    clock = desk.clocks(reference)[Promise.TRIAGE]
    assert (clock.next_at, clock.cancelled_at) == (None, late)
    with desk.store.reading() as session:
        told = len(session.exec(select(StaffNotice).where(StaffNotice.clock_id == clock.id)).all())
    desk.sweep(late + 100 * DAY)
    with desk.store.reading() as session:
        found = session.exec(select(StaffNotice).where(StaffNotice.clock_id == clock.id)).all()
    assert len(found) == told
    climbed = [e.data["promise"] for e in desk.events(reference) if e.action is Action.ESCALATE]
    assert "triage" not in climbed


def test_another_chain_tells_others_and_moves_no_due_time(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay", category=Category.WAGES)
    due = desk.clocks(reference)[Promise.ACKNOWLEDGE].due_at

    def change(policy: Policy) -> Policy:
        return replace(policy, chains={**policy.chains, SERIOUS: parse_chain("100% admins")})

    assert _save(desk, now + HOUR, change) == 0
    clock = desk.clocks(reference)[Promise.ACKNOWLEDGE]
    assert (clock.due_at, clock.next_at) == (due, due)


def test_an_ended_case_stays_as_it_was(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    desk.answer(reference, Action.WITHDRAW, now)
    before = desk.events(reference)
    assert _save(desk, now + HOUR, _with(Promise.ACKNOWLEDGE, "5 hours")) == 0
    assert desk.events(reference) == before


def test_of_two_who_edit_at_once_the_second_is_told(desk: Desk, now: datetime) -> None:
    with desk.store.reading() as session:
        seen = policing.current(session)
    _save(desk, now, _with(Promise.TRIAGE, "4 days"))
    with pytest.raises(Overtaken):
        _save(desk, now, lambda _: _with(Promise.TRIAGE, "6 days")(seen))
    with pytest.raises(BadInput, match="Nothing differs"):
        _save(desk, now, lambda policy: policy)


@pytest.mark.postgres
def test_two_who_save_at_the_same_moment_make_one_version(
    postgres_store: Store, now: datetime
) -> None:
    desk = Desk(postgres_store, Cast(postgres_store, now))
    for _ in range(3):
        desk.file(now, "No pay")
    with desk.store.reading() as session:
        seen = policing.current(session)
    late = now + 20 * DAY  # and there is something to sweep before

    def save(span: str) -> bool:
        try:
            _save(desk, late, lambda _: _with(Promise.INVESTIGATE, span)(seen))
        except Overtaken:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(save, ("20 days", "25 days"))) == [False, True]
    with desk.store.reading() as session:
        assert [version.number for version in versions.versions(session)] == [1]


def test_only_supervisors_and_administrators_save_one(desk: Desk, now: datetime) -> None:
    for name in ("asha", "brigitte"):
        with pytest.raises(NotAllowed):
            _save(desk, now, _with(Promise.TRIAGE, "4 days"), by=name)
    _save(desk, now, _with(Promise.TRIAGE, "4 days"), by="chen")


def test_a_span_that_an_office_is_open_too_little_for_is_refused(desk: Desk, now: datetime) -> None:
    with desk.store.writing() as session:
        session.exec(select(Calendar)).one().hours = "Mon 08:00-08:30"
    with pytest.raises(BadInput, match="Office is open too little"):
        _save(desk, now, _with(Promise.TRIAGE, "900 working hours"))


def test_versions_are_kept_and_listed_with_what_differs(desk: Desk, now: datetime) -> None:
    _save(desk, now, _with(Promise.TRIAGE, "4 days", SERIOUS))
    _save(desk, now + DAY, _with(Promise.TRIAGE, "6 days", SERIOUS), by="chen")
    with desk.store.reading() as session:
        found = versions.versions(session)
        newest = versions.versions(session, limit=1)
        assert policing.current(session).number == 2
    assert [(v.number, v.at, v.by and v.by.name, v.why) for v in found] == [
        (2, now + DAY, "Chen", "A new agreement"),
        (1, now, "Boris", "A new agreement"),
    ]
    differing = [one for version in found for one in version.differences]
    lines = [(one.before, one.after) for one in differing if isinstance(one, PromiseDiffers)]
    spans = [tuple(str(one.span) for one in two if isinstance(one, Line)) for two in lines]
    assert spans == [("4 days", "6 days"), ("3 days", "4 days")]
    assert newest == found[:1]


def test_the_policy_that_comes_along_is_no_version(store: Store, cast: Cast) -> None:
    with store.reading() as session:
        assert versions.versions(session) == []
        assert policing.current(session) is policies.DEFAULT


def test_whatever_there_is_to_tell_all_that_is_overdue_is_missed_before_the_policy_changes(
    desk: Desk, now: datetime
) -> None:
    desk.hire(60, now)
    filed = [desk.file(now, "No pay") for _ in range(5)]
    _save(desk, now + 60 * DAY, _with(Promise.TRIAGE, ""))
    for reference in filed:
        assert desk.actions(reference).count(Action.MISS) == 3


def test_how_many_due_times_moved_counts_no_case_that_one_may_not_see(
    desk: Desk, now: datetime
) -> None:
    desk.file(now, "No pay")
    desk.file(now, "He touched me", restricted=True)
    change = _with(Promise.ACKNOWLEDGE, "24 hours")
    assert _save(desk, now + HOUR, change, by="boris") == 1
    with desk.store.writing() as session:
        session.get_one(Staff, desk.cast.chen.id).restricted_pool = True
        desk.cast.chen.restricted_pool = True
    assert _save(desk, now + HOUR, _with(Promise.ACKNOWLEDGE, "20 hours"), by="chen") == 2


def test_a_level_that_is_new_and_past_is_told_and_no_other_again(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay", category=Category.WAGES)
    due = any_desk.clocks(reference)[Promise.ACKNOWLEDGE].due_at
    late = due + 26 * HOUR
    any_desk.sweep(late)
    before = _told_of(any_desk, reference, Promise.ACKNOWLEDGE)
    assert ("+24 hours", "Chen") not in before

    def change(policy: Policy) -> Policy:
        chain = parse_chain("50% owner; 75% owner; 100% owner, supervisors; +24 hours admins")
        return replace(policy, chains={**policy.chains, SERIOUS: chain})

    assert _save(any_desk, late + HOUR, change) == 0
    any_desk.sweep(late + 2 * HOUR)
    any_desk.sweep(late + 3 * HOUR)
    assert _told_of(any_desk, reference, Promise.ACKNOWLEDGE) == sorted(
        [*before, ("+24 hours", "Chen")]
    )


def test_a_case_found_critical_when_it_is_late_climbs_at_once(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay")
    late = any_desk.clocks(reference)[Promise.ACKNOWLEDGE].due_at + 26 * HOUR
    any_desk.sweep(late)
    any_desk.triage(reference, late, Severity.CRITICAL)
    any_desk.sweep(late + timedelta(seconds=30))
    told = _told_of(any_desk, reference, Promise.ACKNOWLEDGE)
    assert {("+4 hours", "Boris"), ("+24 hours", "Chen")} <= set(told)
    assert len(told) == len(set(told))


def _told_of(desk: Desk, reference: str, promise: Promise) -> list[tuple[str, str]]:
    clock = desk.clocks(reference)[promise]
    with desk.store.reading() as session:
        statement = select(StaffNotice.level, Staff.name).join(
            Staff, col(Staff.id) == col(StaffNotice.staff_id)
        )
        found = session.exec(statement.where(StaffNotice.clock_id == clock.id))
        return sorted((level, name) for level, name in found)
