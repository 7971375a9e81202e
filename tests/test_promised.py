"""What starts, meets and ends each promise, from the filing to the second appeal."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from casework import cases, detaching, filing
from casework.deadlines import clocks, policies, promised, promises
from casework.deadlines.promised import RULES, TO_WORKER, turn
from casework.filing import Complaint, Piece
from casework.models import Case, Clock, Reporter
from casework.vocabulary import Action, Category, Promise, Severity, Status
from tests.desk import Desk

A_DAY = timedelta(days=1)
A_YEAR = timedelta(days=365)
DECISIONS = (Action.CONCLUDE, Action.REFER, Action.REJECT)

Reach = Callable[[Desk, datetime], str]


def _filed(desk: Desk, now: datetime) -> str:
    return desk.file(now, "No pay", category=Category.WAGES)


def _concluded(desk: Desk, now: datetime) -> str:
    reference = _filed(desk, now)
    desk.walk(reference, now, Action.ACKNOWLEDGE, Action.ASSESS, Action.CONCLUDE)
    return reference


def _disputed(desk: Desk, now: datetime) -> str:
    reference = _concluded(desk, now)
    desk.answer(reference, Action.DISPUTE, now + A_DAY, "I got nothing.")
    return reference


def _appealed(desk: Desk, now: datetime) -> str:
    reference = _concluded(desk, now)
    desk.answer(reference, Action.CONFIRM, now)
    desk.answer(reference, Action.APPEAL, now + A_DAY, "They stopped paying.")
    return reference


def _running(desk: Desk, reference: str) -> set[Promise]:
    return {promise for promise, clock in desk.clocks(reference).items() if promises.is_owed(clock)}


def _ended(clock: Clock) -> tuple[datetime | None, datetime | None]:
    return clock.met_at, clock.cancelled_at


# --- appeals --------------------------------------------------------------------------------


@pytest.mark.parametrize("reach", [_disputed, _appealed])
def test_a_case_that_she_disputes_or_appeals_against_has_a_clock(
    any_desk: Desk, now: datetime, reach: Reach
) -> None:
    reference = reach(any_desk, now)
    clock = any_desk.clocks(reference)[Promise.APPEAL]
    assert (clock.started_at, clock.round) == (now + A_DAY, 1)
    assert clock.due_at - clock.started_at >= 30 * A_DAY
    assert any_desk.case(reference).next_due_at is not None
    assert _running(any_desk, reference) == {Promise.APPEAL, Promise.PROGRESS}


@pytest.mark.parametrize("reach", [_disputed, _appealed])
def test_nobody_who_leaves_an_appeal_lying_goes_unnoticed(
    any_desk: Desk, now: datetime, reach: Reach
) -> None:
    reference = reach(any_desk, now)
    any_desk.sweep(now + A_YEAR)
    misses = [e.data["promise"] for e in any_desk.events(reference) if e.action is Action.MISS]
    assert misses == ["progress", "appeal"]
    assert any_desk.case(reference).status is Status.APPEALED


def _waits_after(decision: Action) -> set[Promise]:
    """Of an outcome the worker is asked; of the other decisions nobody is."""
    return {Promise.CONFIRMATION} if decision is Action.CONCLUDE else set()


@pytest.mark.parametrize("decision", DECISIONS)
def test_whatever_is_decided_decides_the_appeal(
    any_desk: Desk, now: datetime, decision: Action
) -> None:
    reference = _disputed(any_desk, now)
    later = now + 9 * A_DAY
    any_desk.walk(reference, later, Action.INVESTIGATE, by="boris")
    assert Promise.APPEAL in _running(any_desk, reference)
    any_desk.walk(reference, later, decision, by="boris")
    assert any_desk.clocks(reference)[Promise.APPEAL].met_at == later
    assert _running(any_desk, reference) == _waits_after(decision)


def test_a_second_appeal_is_a_second_round_and_leaves_the_first_as_it_was(
    any_desk: Desk, now: datetime
) -> None:
    reference = _disputed(any_desk, now)
    late, again = now + 90 * A_DAY, now + 91 * A_DAY
    any_desk.walk(reference, late, Action.INVESTIGATE, Action.CONCLUDE, by="boris")
    (first,) = any_desk.rounds(reference, Promise.APPEAL)
    assert (first.missed_at, first.met_at) == (late, late)
    any_desk.answer(reference, Action.DISPUTE, again, "Still nothing.")
    before, second = any_desk.rounds(reference, Promise.APPEAL)
    assert before == first
    assert (second.round, second.started_at, second.met_at) == (2, again, None)
    assert any_desk.case(reference).next_due_at == min(
        second.due_at, any_desk.clocks(reference)[Promise.PROGRESS].due_at
    )


def test_a_remedy_proposed_after_an_appeal_is_promised_anew(any_desk: Desk, now: datetime) -> None:
    reference = _filed(any_desk, now)
    until_told = (Action.INVESTIGATE, Action.PROPOSE_REMEDY, Action.CONCLUDE)
    any_desk.walk(reference, now, Action.ACKNOWLEDGE, *until_told)
    any_desk.answer(reference, Action.DISPUTE, now + A_DAY)
    later = now + 2 * A_DAY
    any_desk.walk(reference, later, *until_told[:2], by="boris")
    first, second = any_desk.rounds(reference, Promise.REMEDY)
    assert (first.met_at, second.started_at, second.round) == (now, later, 2)
    assert _running(any_desk, reference) == {Promise.REMEDY, Promise.APPEAL, Promise.PROGRESS}


# --- our own steps --------------------------------------------------------------------------


def test_triage_is_due_from_the_filing_and_met_by_the_first_one_alone(
    any_desk: Desk, now: datetime
) -> None:
    reference = _filed(any_desk, now)
    assert any_desk.clocks(reference)[Promise.TRIAGE].started_at == now
    any_desk.act(reference, Action.REPLY, now, "We are on it.")
    assert Promise.TRIAGE in _running(any_desk, reference)
    any_desk.triage(reference, now + A_DAY)
    any_desk.triage(reference, now + 2 * A_DAY)
    assert [c.met_at for c in any_desk.rounds(reference, Promise.TRIAGE)] == [now + A_DAY]


def test_a_triage_in_time_stays_so_when_it_finds_the_case_critical(
    any_desk: Desk, now: datetime
) -> None:
    reference = _filed(any_desk, now)
    later = now + 2 * A_DAY  # too late for a critical one
    due = any_desk.clocks(reference)[Promise.TRIAGE].due_at
    any_desk.triage(reference, later, Severity.CRITICAL)
    clock = any_desk.clocks(reference)[Promise.TRIAGE]
    assert (clock.due_at, clock.met_at, clock.missed_at) == (due, later, None)


@pytest.mark.parametrize("decision", DECISIONS)
def test_what_is_decided_without_triage_ends_it_unmet_and_the_event_says_so(
    any_desk: Desk, now: datetime, decision: Action
) -> None:
    reference = _filed(any_desk, now)
    any_desk.walk(reference, now, Action.ACKNOWLEDGE, Action.ASSESS, decision)
    assert _ended(any_desk.clocks(reference)[Promise.TRIAGE]) == (None, now)
    assert any_desk.events(reference)[-1].data[promises.FELL_AWAY] == ["triage", "protection"]


@pytest.mark.parametrize("by", [*DECISIONS, Action.PROPOSE_REMEDY])
def test_an_investigation_is_due_from_the_acknowledgement_until_a_plan_or_a_decision(
    any_desk: Desk, now: datetime, by: Action
) -> None:
    reference = _filed(any_desk, now)
    later = now + A_DAY
    any_desk.walk(reference, later, Action.ACKNOWLEDGE, Action.ASSESS, Action.INVESTIGATE)
    clock = any_desk.clocks(reference)[Promise.INVESTIGATE]
    assert (clock.started_at, clock.met_at) == (later, None)
    any_desk.walk(reference, later + A_DAY, by)
    assert any_desk.clocks(reference)[Promise.INVESTIGATE].met_at == later + A_DAY


def test_a_remedy_is_due_from_its_proposal_until_she_is_told_the_outcome(
    any_desk: Desk, now: datetime
) -> None:
    reference = _filed(any_desk, now)
    any_desk.walk(reference, now, Action.ACKNOWLEDGE, Action.INVESTIGATE)
    assert Promise.REMEDY not in any_desk.clocks(reference)
    any_desk.walk(reference, now + A_DAY, Action.PROPOSE_REMEDY)
    assert any_desk.clocks(reference)[Promise.REMEDY].started_at == now + A_DAY
    any_desk.walk(reference, now + 9 * A_DAY, Action.CONCLUDE)
    assert any_desk.clocks(reference)[Promise.REMEDY].met_at == now + 9 * A_DAY


@pytest.mark.parametrize("action", [Action.REFER, Action.REJECT, Action.WITHDRAW])
def test_a_remedy_that_is_not_delivered_because_the_case_goes_another_way_is_never_met(
    now: datetime, action: Action
) -> None:
    found = turn(action, {Promise.REMEDY: now}, now)
    assert not found.meets
    assert found.ends == {Promise.REMEDY}


# --- messages on progress -------------------------------------------------------------------


def test_each_message_to_her_is_a_message_on_progress_and_the_next_one_is_due_from_it(
    any_desk: Desk, now: datetime
) -> None:
    reference = _filed(any_desk, now)
    steps = (Action.ACKNOWLEDGE, Action.ASSESS, Action.ASK, Action.INVESTIGATE, Action.REPLY)
    for number, action in enumerate(steps):
        any_desk.walk(reference, now + number * A_DAY, action)
    found = any_desk.rounds(reference, Promise.PROGRESS)
    starts = [now + number * A_DAY for number in range(5)]
    assert [clock.round for clock in found] == [1, 2, 3, 4, 5]
    assert [clock.started_at for clock in found] == starts
    assert [clock.met_at for clock in found] == [*starts[1:], None]


@pytest.mark.parametrize("action", [Action.NOTE, Action.NOTIFY_FACTORY])
def test_what_she_does_not_hear_of_is_no_message_on_progress(
    any_desk: Desk, now: datetime, action: Action
) -> None:
    reference = _filed(any_desk, now)
    any_desk.walk(reference, now, Action.ACKNOWLEDGE)
    any_desk.walk(reference, now + A_DAY, action)
    any_desk.add(reference, now + A_DAY, "And the bus is late.")
    (clock,) = any_desk.rounds(reference, Promise.PROGRESS)
    assert clock.met_at is None


def test_a_late_message_leaves_the_miss_on_record_and_starts_the_next_round(
    any_desk: Desk, now: datetime
) -> None:
    reference = _filed(any_desk, now)
    any_desk.walk(reference, now, Action.ACKNOWLEDGE)
    late = now + 20 * A_DAY
    any_desk.walk(reference, late, Action.REPLY)
    first, second = any_desk.rounds(reference, Promise.PROGRESS)
    assert (first.missed_at, first.met_at) == (late, late)
    assert (second.started_at, second.missed_at) == (late, None)


@pytest.mark.parametrize("decision", DECISIONS)
def test_after_a_decision_no_more_progress_is_owed_even_where_words_follow(
    any_desk: Desk, now: datetime, decision: Action
) -> None:
    reference = _filed(any_desk, now)
    any_desk.walk(reference, now, Action.ACKNOWLEDGE, Action.ASSESS)
    any_desk.walk(reference, now + A_DAY, decision, Action.REPLY)
    (clock,) = any_desk.rounds(reference, Promise.PROGRESS)
    assert clock.met_at == now + A_DAY
    assert _running(any_desk, reference) == _waits_after(decision)


def test_every_notice_of_staff_before_a_decision_counts_as_progress() -> None:
    rule = RULES[Promise.PROGRESS]
    after = {Action.RESOLVE, Action.CLOSE}  # told when it is decided already
    told = {action for action, effect in cases.EFFECTS.items() if effect.notice} - after
    assert told == rule.starts & set(cases.EFFECTS) | rule.renews | rule.meets


# --- who leaves -----------------------------------------------------------------------------


def test_to_somebody_forgotten_no_words_are_owed_but_the_work_is(
    any_desk: Desk, now: datetime
) -> None:
    early, under_way = _filed(any_desk, now), _filed(any_desk, now)
    any_desk.walk(under_way, now, Action.REPLY)
    with any_desk.store.writing() as session:
        reporter = session.get_one(Reporter, any_desk.cast.htwe.id)
        detaching.forget(session, reporter, withdraw=False, now=now + A_DAY)
    assert _running(any_desk, early) == {Promise.ACKNOWLEDGE, Promise.TRIAGE}
    assert any_desk.events(early)[-1].data == {promises.FELL_AWAY: ["first-reply", "protection"]}
    assert any_desk.events(under_way)[-1].data == {promises.FELL_AWAY: ["protection", "progress"]}
    any_desk.walk(early, now + A_DAY, Action.ACKNOWLEDGE, Action.ASSESS)
    assert _running(any_desk, early) == {Promise.TRIAGE, Promise.INVESTIGATE, Promise.OUTCOME}


def test_forgetting_wipes_out_no_miss(any_desk: Desk, now: datetime) -> None:
    reference = _filed(any_desk, now)
    with any_desk.store.writing() as session:
        reporter = session.get_one(Reporter, any_desk.cast.htwe.id)
        detaching.forget(session, reporter, withdraw=False, now=now + A_YEAR)
    clock = any_desk.clocks(reference)[Promise.FIRST_REPLY]
    assert clock.missed_at == clock.cancelled_at == now + A_YEAR


# --- what she is told -----------------------------------------------------------------------


def _told_next(desk: Desk, case: Case) -> tuple[Promise, datetime] | None:
    with desk.store.reading() as session:
        clock = promises.next_told(session, case)
        return (clock.promise, clock.due_at) if clock else None


def test_the_next_date_she_is_told_is_never_one_of_our_own_steps(
    any_desk: Desk, now: datetime
) -> None:
    reference = _filed(any_desk, now)
    any_desk.walk(reference, now, Action.REPLY)
    found = any_desk.clocks(reference)
    case = any_desk.case(reference)
    assert case.next_due_at == found[Promise.TRIAGE].due_at
    assert _told_next(any_desk, case) == (Promise.PROGRESS, found[Promise.PROGRESS].due_at)


def test_what_she_waits_for_in_vain_stays_the_date_she_is_told(
    any_desk: Desk, now: datetime
) -> None:
    reference = _filed(any_desk, now)
    due = any_desk.clocks(reference)[Promise.ACKNOWLEDGE].due_at
    any_desk.sweep(now + A_YEAR)
    assert _told_next(any_desk, any_desk.case(reference)) == (Promise.ACKNOWLEDGE, due)


def test_when_it_is_her_turn_she_is_told_no_date(any_desk: Desk, now: datetime) -> None:
    reference = _concluded(any_desk, now)
    assert _told_next(any_desk, any_desk.case(reference)) is None


def test_the_receipt_promises_the_acknowledgement_even_where_our_own_steps_are_due_sooner(
    any_desk: Desk, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = dict(policies.DEFAULT.lines)
    hour = policies.Line(clocks.Span(1, clocks.Unit.HOURS))
    lines |= dict.fromkeys(((Promise.TRIAGE, severity) for severity in Severity), hour)
    monkeypatch.setattr(policies, "DEFAULT", replace(policies.DEFAULT, lines=lines))
    with any_desk.store.writing() as session:
        reporter = session.get_one(Reporter, any_desk.cast.htwe.id)
        case = filing.open_case(session, reporter, Complaint((Piece("No pay"),)), now=now)
        assert case.next_due_at == now + timedelta(hours=1)
        unwritten = promises.answer_due(session, case)
        session.flush()
        assert promises.answer_due(session, case) == unwritten
        reference = case.reference
    assert any_desk.clocks(reference)[Promise.ACKNOWLEDGE].due_at == unwritten


# --- the table ------------------------------------------------------------------------------


def test_every_promise_has_a_rule_a_span_and_a_first_step_in_words() -> None:
    assert set(RULES) == {promise for promise, _ in policies.DEFAULT.lines} == set(Promise)
    ours = {
        Promise.TRIAGE,
        Promise.PROTECTION,
        Promise.INVESTIGATE,
        Promise.REMEDY,
        Promise.CONFIRMATION,
    }
    assert set(Promise) - ours == TO_WORKER


@pytest.mark.parametrize("promise", list(Promise))
def test_no_action_both_keeps_a_promise_and_lets_it_fall_away(promise: Promise) -> None:
    rule = RULES[promise]
    assert not (rule.meets | rule.renews) & rule.ends
    assert not rule.meets & rule.renews
    assert Action.WITHDRAW in rule.ends


@pytest.mark.parametrize("action", list(Action))
def test_an_action_without_a_rule_leaves_every_clock_alone(action: Action, now: datetime) -> None:
    running = dict.fromkeys(Promise, now - A_DAY)
    found = turn(action, running, now)
    assert found.meets <= set(running)
    assert (action in promised.MATTERS) == bool(
        found.meets | found.ends | found.starts | turn(action, {}, now).starts
    )
