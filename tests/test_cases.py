"""What staff do to a case: steps, triage, assignment, and what each one promises and meets."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from casework import cases
from casework.actors import SYSTEM, WORKER
from casework.db import Store, for_change
from casework.errors import BadInput, NotAllowed
from casework.lifecycle import APPEAL_WINDOW, HANDLING_ROLES, TABLE
from casework.messaging import messages
from casework.models import Case, Outbox, Reporter, Staff
from casework.remedy import remedies
from casework.vocabulary import (
    Action,
    Category,
    Direction,
    MessageKind,
    Notice,
    Promise,
    RemedyStep,
    Resolution,
    Role,
    Severity,
    Status,
)
from tests.conftest import Cast
from tests.desk import Desk
from tests.plan import plan

A_WEEK = timedelta(days=7)


# --- steps ----------------------------------------------------------------------------------


def test_acknowledging_meets_its_promise_and_starts_the_clock_of_the_outcome(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay", category=Category.WAGES)
    later = now + timedelta(hours=20)
    any_desk.act(reference, Action.ACKNOWLEDGE, later)
    case, clocks = any_desk.case(reference), any_desk.clocks(reference)
    assert (case.status, case.acknowledged_at, case.unread) == (Status.ACKNOWLEDGED, later, False)
    assert clocks[Promise.ACKNOWLEDGE].met_at == later
    assert clocks[Promise.FIRST_REPLY].met_at is None
    assert clocks[Promise.OUTCOME].started_at == later
    assert clocks[Promise.INVESTIGATE].started_at == clocks[Promise.PROGRESS].started_at == later
    assert case.next_due_at == clocks[Promise.TRIAGE].due_at
    assert any_desk.notices(reference) == [Notice.ACKNOWLEDGED]


@pytest.mark.parametrize(
    ("action", "notice"), [(Action.REPLY, Notice.REPLY), (Action.ASK, Notice.QUESTION)]
)
def test_answering_a_case_nobody_acknowledged_acknowledges_it(
    any_desk: Desk, now: datetime, action: Action, notice: Notice
) -> None:
    reference = any_desk.file(now, "No pay", category=Category.WAGES)
    any_desk.act(reference, action, now, "We are on it.")
    case, clocks = any_desk.case(reference), any_desk.clocks(reference)
    assert (case.status, case.acknowledged_at) == (Status.ACKNOWLEDGED, now)
    assert clocks[Promise.ACKNOWLEDGE].met_at == clocks[Promise.FIRST_REPLY].met_at == now
    assert clocks[Promise.OUTCOME].met_at is None
    assert any_desk.actions(reference) == [Action.FILE, Action.ACKNOWLEDGE, action]
    assert any_desk.notices(reference) == [notice]


def test_a_note_is_for_colleagues_alone_and_meets_nothing(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, "No pay")
    any_desk.act(reference, Action.NOTE, now, "Called the factory")
    case = any_desk.case(reference)
    assert case.status is Status.RECEIVED
    assert not [clock for clock in any_desk.clocks(reference).values() if clock.met_at]
    assert any_desk.notices(reference) == []
    with any_desk.store.reading() as session:
        note = messages.of_case(session, case.id)[-1]
    assert (note.kind, note.direction) == (MessageKind.NOTE, Direction.INTERNAL)
    assert (note.staff_id, note.language) == (any_desk.cast.asha.id, "")


def test_every_step_keeps_its_promises_and_tells_the_worker(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, "No pay", category=Category.WAGES)
    steps = (
        Action.ACKNOWLEDGE,
        Action.ASSESS,
        Action.INVESTIGATE,
        Action.PROPOSE_REMEDY,
        Action.CONCLUDE,
    )
    any_desk.walk(reference, now, *steps)
    case, clocks = any_desk.case(reference), any_desk.clocks(reference)
    assert (case.status, case.asked_at) == (Status.VERIFYING, now)
    assert {promise for promise, clock in clocks.items() if clock.met_at == now} == {
        Promise.ACKNOWLEDGE,
        Promise.FIRST_REPLY,
        Promise.INVESTIGATE,
        Promise.REMEDY,
        Promise.PROGRESS,
        Promise.OUTCOME,
    }
    assert clocks[Promise.TRIAGE].cancelled_at == now
    assert case.next_due_at == clocks[Promise.CONFIRMATION].due_at
    over = now + APPEAL_WINDOW
    any_desk.walk(reference, over, Action.RESOLVE, Action.CLOSE)
    case = any_desk.case(reference)
    assert case.next_due_at is None
    assert (case.status, case.resolution) == (Status.CLOSED, Resolution.UNANSWERED)
    assert case.decided_at == over
    assert any_desk.notices(reference) == [
        Notice.ACKNOWLEDGED,
        Notice.ASSESSING,
        Notice.INVESTIGATING,
        Notice.REMEDY_PROPOSED,
        Notice.OUTCOME,
        Notice.RESOLVED,
        Notice.CLOSED,
    ]
    found = [Action.FINDING, Action.CONCLUDE, Action.RESOLVE, Action.CLOSE]
    actions = [one for one in any_desk.actions(reference) if one is not Action.PLAN_REMEDY]
    assert actions == [Action.FILE, *steps[:-1], *found]


def test_a_remedy_is_proposed_only_once_something_is_planned(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay", category=Category.WAGES)
    desk.walk(reference, now, Action.ACKNOWLEDGE, Action.INVESTIGATE)
    with desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        by = desk.cast.actor("asha")
        with pytest.raises(BadInput, match="Make the plan first"):
            cases.advance(session, case, Action.PROPOSE_REMEDY, by=by, now=now, text="They pay.")
        action = plan(session, case, by=by, now=now)
        remedies.take(session, case, action, RemedyStep.DROPPED, "A mistake", by=by, now=now)
        with pytest.raises(BadInput, match="Make the plan first"):
            cases.advance(session, case, Action.PROPOSE_REMEDY, by=by, now=now, text="They pay.")
        plan(session, case, by=by, now=now)
        cases.advance(session, case, Action.PROPOSE_REMEDY, by=by, now=now, text="They pay.")
    assert desk.case(reference).status is Status.REMEDYING


@pytest.mark.parametrize(
    ("action", "status", "notice"),
    [
        (Action.REFER, Status.REFERRED, Notice.REFERRED),
        (Action.REJECT, Status.INADMISSIBLE, Notice.INADMISSIBLE),
    ],
)
def test_referring_and_rejecting_tell_the_worker_why_and_end_all_clocks(
    any_desk: Desk, now: datetime, action: Action, status: Status, notice: Notice
) -> None:
    reference = any_desk.file(now, "The bus is late")
    any_desk.act(reference, Action.ASK, now, "Which bus?")
    any_desk.act(reference, action, now, "Ask the bus company, on 012 345.")
    case = any_desk.case(reference)
    assert (case.status, case.decided_at, case.next_due_at) == (status, now, None)
    assert not case.open_question
    assert any_desk.notices(reference)[-1] is notice
    assert any_desk.said(reference)[-1] == "Ask the bus company, on 012 345."


def test_a_notice_names_the_message_it_is_about(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    desk.act(reference, Action.REPLY, now, "Soon")
    with desk.store.reading() as session:
        (entry,) = session.exec(select(Outbox))
        message = messages.of_case(session, desk.case(reference).id)[-1]
        assert (entry.message_id, entry.reporter_id) == (message.id, desk.cast.htwe.id)
        assert messages.words(session, message) == "Soon"


@pytest.mark.parametrize(
    "action", [action for action, effect in cases.EFFECTS.items() if effect.message]
)
def test_a_step_that_needs_words_is_refused_without_and_nothing_happens(
    desk: Desk, now: datetime, action: Action
) -> None:
    reference = desk.file(now, "No pay")
    before = _lead_to(desk, reference, action, now)
    with pytest.raises(BadInput, match="text"):
        desk.act(reference, action, now, " \n ")
    after = desk.case(reference)
    assert (after.status, after.event_count) == (before.status, before.event_count)


def _lead_to(desk: Desk, reference: str, action: Action, now: datetime) -> Case:
    steps = (Action.ACKNOWLEDGE, Action.ASSESS, Action.INVESTIGATE)
    for step in steps:
        if (desk.case(reference).status, action) not in TABLE:
            desk.act(reference, step, now)
    return desk.case(reference)


def test_every_step_of_staff_has_its_effects_written_down() -> None:
    with_forms_of_their_own = {
        Action.TRIAGE,
        Action.ASSIGN,
        Action.LINK,
        Action.UNLINK,
        Action.END_DUPLICATE,
        Action.TOLD,
        Action.RENEW_RECEIPT,
        Action.RECALCULATE,
        Action.PAUSE,
        Action.RESUME,
        Action.ASK_EXTENSION,
        Action.EXTEND,
        Action.REFUSE_EXTENSION,
        Action.DECLARE,
        Action.BAR,
        Action.PLAN_REMEDY,
        Action.VERIFY_REMEDY,
        Action.RECORD_MONEY,
        Action.INVITE_FACTORY,
        Action.EXPORT,
        Action.REDACT,
        Action.HOLD,
        Action.RELEASE,
        Action.PARTY,
        Action.INTERVIEW,
        Action.TASK,
        Action.CONSIDER,
        Action.FINDING,
        Action.HOLD_WORDS,
        Action.DROP_WORDS,
        Action.TRANSLATE,
        Action.TRANSCRIBE,
        Action.ASK_INTERPRETER,
    }
    of_staff = {action for (_, action), move in TABLE.items() if move.roles & HANDLING_ROLES}
    assert set(cases.EFFECTS) == of_staff - with_forms_of_their_own


def test_nobody_but_staff_takes_the_steps_of_staff(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    for actor in (WORKER, SYSTEM, desk.cast.actor("brigitte")):
        with desk.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            with pytest.raises(NotAllowed):
                cases.advance(session, case, Action.REPLY, by=actor, now=now, text="x")
            if actor is not SYSTEM:  # which hands over what somebody leaves behind
                with pytest.raises(NotAllowed):
                    cases.assign(session, case, None, by=actor, now=now)
    assert desk.actions(reference) == [Action.FILE]


def test_a_case_resolved_by_the_system_stays_unread_if_nobody_read_it(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay")
    desk.walk(reference, now, Action.ACKNOWLEDGE, Action.INVESTIGATE, Action.CONCLUDE)
    desk.add(reference, now, "But I was paid only half")
    with desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case is not None
        cases.advance(session, case, Action.RESOLVE, by=SYSTEM, now=now + APPEAL_WINDOW)
    assert desk.case(reference).unread
    assert desk.events(reference)[-1].role is Role.SYSTEM


def test_a_step_that_comes_too_late_leaves_the_miss_on_record(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay")
    any_desk.triage(reference, now, Severity.STANDARD)
    late = now + A_WEEK
    any_desk.act(reference, Action.ACKNOWLEDGE, late)
    clock = any_desk.clocks(reference)[Promise.ACKNOWLEDGE]
    assert (clock.missed_at, clock.met_at) == (late, late)
    kept = [Action.FILE, Action.TRIAGE, Action.MISS, Action.ACKNOWLEDGE]
    assert any_desk.actions(reference) == kept
    miss = any_desk.events(reference)[2]
    assert (miss.before, miss.after, miss.role) == (Status.RECEIVED, Status.RECEIVED, Role.SYSTEM)
    assert any_desk.sweep(late) == 0


def test_a_withdrawal_after_a_missed_promise_leaves_the_miss_on_record(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay")
    desk.answer(reference, Action.WITHDRAW, now + A_WEEK)
    misses = 2 * [Action.MISS]  # of the acknowledgement and of the triage
    assert desk.actions(reference) == [Action.FILE, *misses, Action.WITHDRAW]


# --- triage ---------------------------------------------------------------------------------


def test_triage_sets_what_it_found_and_says_so_in_codes(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, "No pay", category=Category.OTHER)
    any_desk.triage(
        reference,
        now,
        Severity.SERIOUS,
        ((Category.HOURS, "no-rest-day"), (Category.WAGES, "")),
        retaliation_risk=True,
        summary="  Seven days a week  ",
    )
    case = any_desk.case(reference)
    assert (case.severity, case.category) == (Severity.SERIOUS, Category.HOURS)
    assert case.retaliation_risk
    assert case.status is Status.RECEIVED
    with any_desk.store.reading() as session:
        assert messages.summary(session, case) == "Seven days a week"
        issues = [(i.category, i.kind) for i in cases.issues_of(session, case.id)]
    assert issues == [(Category.HOURS, "no-rest-day"), (Category.WAGES, "")]
    data = any_desk.events(reference)[-1].data
    assert "acknowledge" in {moved["promise"] for moved in data.pop("moved")}
    assert len(data.pop("summary")) == 32, "a digest of it"
    assert data == {
        "severity": ["minor", "serious"],
        "issues": [["HRS", "no-rest-day"], ["WAG", ""]],
        "restricted": False,
        "retaliation-risk": True,
    }


def test_a_second_triage_puts_the_issues_into_its_own_order(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, "No pay", category=Category.WAGES, kind="late")
    wages, hours = (Category.WAGES, "late"), (Category.HOURS, "")
    for wanted in ((wages, hours), (hours, wages), (hours,), (wages, wages)):
        any_desk.triage(reference, now, issues=wanted)
        with any_desk.store.reading() as session:
            found = cases.issues_of(session, any_desk.case(reference).id)
        assert [(i.category, i.kind) for i in found] == list(dict.fromkeys(wanted))
        assert any_desk.case(reference).category is wanted[0][0]


def test_an_empty_summary_takes_the_old_one_away(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    desk.triage(reference, now, summary="First thoughts")
    desk.triage(reference, now, summary="")
    assert desk.case(reference).summary_sealed is None


@pytest.mark.parametrize("issues", [(), ((Category.WAGES, "sexual"),), ((Category.OTHER, "late"),)])
def test_triage_without_a_category_or_with_a_foreign_kind_is_refused(
    desk: Desk, now: datetime, issues: tuple[tuple[Category, str], ...]
) -> None:
    reference = desk.file(now, "No pay")
    with pytest.raises(BadInput):
        desk.triage(reference, now, issues=issues)
    assert desk.actions(reference) == [Action.FILE]


def test_triage_to_critical_pulls_open_promises_in_and_keeps_what_was_met(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay")
    any_desk.act(reference, Action.ACKNOWLEDGE, now)
    before = any_desk.clocks(reference)
    soon = now + timedelta(hours=1)
    any_desk.triage(reference, soon, Severity.CRITICAL)
    after = any_desk.clocks(reference)
    assert after[Promise.FIRST_REPLY].due_at == now + timedelta(hours=72)
    assert after[Promise.OUTCOME].due_at < before[Promise.OUTCOME].due_at
    assert after[Promise.ACKNOWLEDGE] == before[Promise.ACKNOWLEDGE]
    assert any_desk.case(reference).next_due_at == now + timedelta(hours=48)


def test_triage_to_minor_gives_more_time_but_wipes_out_no_miss(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay", category=Category.WAGES)
    due = any_desk.clocks(reference)[Promise.ACKNOWLEDGE].due_at
    late = any_desk.clocks(reference)[Promise.TRIAGE].due_at + timedelta(seconds=1)
    any_desk.triage(reference, late, Severity.MINOR)
    clocks = any_desk.clocks(reference)
    assert (clocks[Promise.ACKNOWLEDGE].missed_at, clocks[Promise.ACKNOWLEDGE].due_at) == (
        late,
        due,
    )
    assert clocks[Promise.FIRST_REPLY].due_at > late + timedelta(days=20)
    assert any_desk.case(reference).next_due_at == due
    misses = 2 * [Action.MISS]  # of the acknowledgement and of the triage itself
    assert any_desk.actions(reference) == [Action.FILE, *misses, Action.TRIAGE]


def test_a_case_that_becomes_restricted_leaves_a_handler_outside_the_pool(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "He touches us")
    any_desk.assign(reference, now, "asha")
    sexual = ((Category.HARASSMENT, "sexual"),)
    any_desk.triage(reference, now, Severity.CRITICAL, sexual, restricted=True)
    assert any_desk.case(reference).assignee_id is None
    assert any_desk.events(reference)[-1].data["unassigned"] == any_desk.cast.asha.id
    any_desk.assign(reference, now, "dilani")
    any_desk.triage(reference, now, Severity.CRITICAL, sexual, restricted=True, by="dilani")
    assert any_desk.case(reference).assignee_id == any_desk.cast.dilani.id


# --- assignment -----------------------------------------------------------------------------


def test_a_case_is_given_to_a_handler_and_taken_back(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, "No pay")
    any_desk.assign(reference, now, "asha")
    assert any_desk.case(reference).assignee_id == any_desk.cast.asha.id
    any_desk.assign(reference, now)
    assert any_desk.case(reference).assignee_id is None
    assert [event.data for event in any_desk.events(reference)[1:]] == [
        {"from": None, "to": any_desk.cast.asha.id},
        {"from": any_desk.cast.asha.id, "to": None},
    ]
    assert any_desk.notices(reference) == []


def test_a_case_is_not_given_to_a_brand_or_to_somebody_who_has_left(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay")
    with pytest.raises(BadInput, match="does not handle cases"):
        desk.assign(reference, now, "brigitte")
    with desk.store.writing() as session:
        session.get_one(Staff, desk.cast.asha.id).active = False
    with pytest.raises(BadInput, match="does not handle cases"):
        desk.assign(reference, now, "asha")


def test_a_restricted_case_is_given_to_the_restricted_pool_alone(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, category=Category.HARASSMENT, kind="sexual")
    for outsider in ("asha", "boris", "chen"):
        with pytest.raises(BadInput, match="restricted"):
            desk.assign(reference, now, outsider)
    desk.assign(reference, now, "dilani")


def test_an_appealed_case_is_never_given_back_to_who_decided_it(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    desk.assign(reference, now, "asha")
    desk.walk(reference, now, Action.ACKNOWLEDGE, Action.INVESTIGATE, Action.CONCLUDE)
    desk.answer(reference, Action.DISPUTE, now)
    with pytest.raises(BadInput, match="appealed"):
        desk.assign(reference, now, "asha")
    desk.assign(reference, now, "dilani")
    desk.act(reference, Action.INVESTIGATE, now, by="dilani")
    with pytest.raises(BadInput, match="appealed"):
        desk.assign(reference, now, "asha")


def test_a_case_that_has_ended_is_not_given_to_anybody(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    desk.answer(reference, Action.WITHDRAW, now)
    with pytest.raises(NotAllowed):
        desk.assign(reference, now, "asha")


# --- finding and locking --------------------------------------------------------------------


def test_a_worker_finds_her_own_cases_newest_first(any_desk: Desk, now: datetime) -> None:
    filed = [any_desk.file(now + timedelta(hours=n), f"case {n}") for n in range(12)]
    with any_desk.store.reading() as session:
        found = cases.of_reporter(session, any_desk.cast.htwe.id)
        assert [case.reference for case in found] == filed[:1:-1]
        assert cases.of_reporter(session, 1) == []
        assert cases.by_reference(session, "RC-2222-2222") is None


def test_a_case_is_locked_as_it_stands_now_not_as_it_was_first_seen(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay")
    with any_desk.store.reading() as session:  # takes no turn, so that the others can write
        seen = cases.by_reference(session, reference)
        assert seen is not None
        assert seen.status is Status.RECEIVED
        session.commit()
        any_desk.act(reference, Action.ACKNOWLEDGE, now)
        locked = cases.by_reference(session, reference, lock=True)
        assert locked is seen
        assert (locked.status, locked.event_count) == (Status.ACKNOWLEDGED, 2)


def test_handlers_and_the_worker_write_at_once_and_nothing_is_lost(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay")
    together = threading.Barrier(4)

    def work(who: str) -> None:
        together.wait()
        for number in range(8):
            if who == "htwe":
                any_desk.add(reference, now, f"{who} {number}")
            else:
                any_desk.act(reference, Action.NOTE, now, f"{who} {number}", by=who)

    who = ("asha", "boris", "dilani", "htwe")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, who))
    assert len(any_desk.events(reference)) == 33
    assert sorted(any_desk.said(reference)[1:]) == sorted(f"{w} {n}" for w in who for n in range(8))


@pytest.mark.postgres
def test_a_reply_to_a_worker_does_not_wait_for_her_conversation(
    postgres_store: Store, now: datetime
) -> None:
    desk = Desk(postgres_store, Cast(postgres_store, now))
    reference = desk.file(now, "No pay")
    with postgres_store.writing() as conversation:
        conversation.exec(for_change(select(Reporter))).one()
        with postgres_store.writing() as session:
            session.connection().exec_driver_sql("SET LOCAL lock_timeout = '2s'")
            case = cases.by_reference(session, reference, lock=True)
            assert case is not None
            cases.advance(
                session, case, Action.REPLY, by=desk.cast.actor("asha"), now=now, text="Soon"
            )
    assert desk.notices(reference) == [Notice.REPLY]
