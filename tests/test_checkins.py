"""Asking a worker whether anyone treats her badly because of her complaint, and what a yes opens."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from casework import cases, links, receipts, retaliation
from casework.audit import events
from casework.db import Store
from casework.errors import NotAllowed
from casework.messaging import checkins
from casework.models import Case, CheckIn, Link, Reporter
from casework.retaliation import Answered
from casework.searching import queue
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    CheckInCause,
    LinkKind,
    Notice,
    Opening,
    Promise,
    Relation,
    Role,
    Severity,
    Status,
)
from tests.conftest import Cast
from tests.desk import Desk

TO_THE_END = (Action.ASSESS, Action.INVESTIGATE, Action.PROPOSE_REMEDY, Action.CONCLUDE)


def told_the_factory(desk: Desk, now: datetime, severity: Severity = Severity.STANDARD) -> str:
    """A case of this severity whose factory was told now."""
    reference = desk.file(now, "They did not pay us.")
    desk.act(reference, Action.ACKNOWLEDGE, now)
    desk.triage(reference, now, severity)
    desk.act(reference, Action.NOTIFY_FACTORY, now)
    return reference


def closed(desk: Desk, reference: str, now: datetime) -> str:
    desk.walk(reference, now, *TO_THE_END)
    desk.answer(reference, Action.CONFIRM, now)
    desk.act(reference, Action.CLOSE, now)
    return reference


def rows(desk: Desk, reference: str) -> list[CheckIn]:
    with desk.store.reading() as session:
        return checkins.of_case(session, desk.case(reference).id)


def planned(desk: Desk, reference: str, cause: CheckInCause | None = None) -> list[int]:
    """After how many days she will still be asked."""
    return [
        one.days
        for one in rows(desk, reference)
        if one.asked_at is None and one.cancelled_at is None and cause in (None, one.cause)
    ]


def ask(store: Store, now: datetime, limit: int = 200) -> int:
    with store.writing() as session:
        return checkins.ask_due(session, now, limit)


def questions(desk: Desk, reference: str) -> int:
    return desk.notices(reference).count(Notice.CHECK_IN)


def say(desk: Desk, reference: str, now: datetime, *, harmed: bool) -> Answered | None:
    with desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        return retaliation.answer(session, case, harmed, now=now)


def linked(desk: Desk, reference: str, by: str = "dilani") -> list[Case]:
    with desk.store.reading() as session:
        case = desk.case(reference)
        return [one.case for one in links.of_case(session, desk.cast.actor(by), case)]


# --- when she is asked ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("severity", "days"),
    [
        (Severity.CRITICAL, [7, 30, 90, 180]),
        (Severity.SERIOUS, [30, 90]),
        (Severity.STANDARD, [30, 90]),
        (Severity.MINOR, [30]),
    ],
)
def test_when_the_factory_is_told_it_is_planned_by_severity(
    desk: Desk, now: datetime, severity: Severity, days: list[int]
) -> None:
    reference = told_the_factory(desk, now, severity)
    assert desk.case(reference).factory_told_at == now
    assert planned(desk, reference) == days
    assert [one.due_at - now for one in rows(desk, reference)] == [timedelta(d) for d in days]
    assert desk.actions(reference)[-1] is Action.NOTIFY_FACTORY


def test_that_the_factory_was_told_is_noted_once(desk: Desk, now: datetime) -> None:
    reference = told_the_factory(desk, now)
    with pytest.raises(NotAllowed, match="already"):
        desk.act(reference, Action.NOTIFY_FACTORY, now + timedelta(days=1))
    assert desk.case(reference).factory_told_at == now
    assert planned(desk, reference) == [30, 90]


def test_a_complaint_that_nobody_has_read_is_told_to_no_factory(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "They did not pay us.")
    with pytest.raises(NotAllowed):
        desk.act(reference, Action.NOTIFY_FACTORY, now)


def test_after_closing_it_is_planned_anew_beside_what_is_still_to_be_asked(
    desk: Desk, now: datetime
) -> None:
    later = now + timedelta(days=40)
    reference = closed(desk, told_the_factory(desk, now), later)
    assert planned(desk, reference, CheckInCause.CLOSED) == [30, 90]
    assert planned(desk, reference, CheckInCause.FACTORY_TOLD) == [30, 90]


def test_an_appeal_takes_back_what_the_closing_planned_and_a_new_closing_plans_again(
    desk: Desk, now: datetime
) -> None:
    reference = closed(desk, told_the_factory(desk, now), now)
    desk.answer(reference, Action.APPEAL, now)
    assert planned(desk, reference, CheckInCause.CLOSED) == []
    assert planned(desk, reference, CheckInCause.FACTORY_TOLD) == [30, 90]
    later = now + timedelta(days=10)
    desk.walk(reference, later, *TO_THE_END[1:], by="boris")
    desk.answer(reference, Action.CONFIRM, later)
    desk.act(reference, Action.CLOSE, later, by="boris")
    assert planned(desk, reference, CheckInCause.CLOSED) == [30, 90]
    assert max(one.due_at for one in rows(desk, reference)) == later + timedelta(days=90)


@pytest.mark.parametrize("end", [Action.WITHDRAW, Action.REFER, Action.REJECT])
def test_who_takes_it_back_or_is_turned_away_is_still_asked_once_the_factory_knows(
    desk: Desk, now: datetime, end: Action
) -> None:
    reference = told_the_factory(desk, now)
    if end is Action.WITHDRAW:
        desk.answer(reference, end, now)
    else:
        desk.act(reference, Action.ASSESS, now)
        desk.act(reference, end, now, "This is why.")
    assert planned(desk, reference) == [30, 90]


def test_a_new_severity_plans_what_is_still_to_come_from_the_same_day(
    desk: Desk, now: datetime
) -> None:
    reference = told_the_factory(desk, now, Severity.MINOR)
    ask(desk.store, now + timedelta(days=30))
    desk.triage(reference, now + timedelta(days=40), Severity.CRITICAL)
    assert planned(desk, reference) == [90, 180]
    assert rows(desk, reference)[-1].due_at == now + timedelta(days=180)
    desk.triage(reference, now + timedelta(days=41), Severity.SERIOUS)
    assert planned(desk, reference) == [90]


# --- asking -----------------------------------------------------------------------------------------


def test_what_is_due_is_asked_exactly_once_whoever_looks_how_often(
    any_desk: Desk, now: datetime
) -> None:
    reference = told_the_factory(any_desk, now)
    assert ask(any_desk.store, now + timedelta(days=30, seconds=-1)) == 0
    due = now + timedelta(days=30)
    assert ask(any_desk.store, due) == 1
    assert ask(any_desk.store, due) == 0
    assert ask(any_desk.store, due + timedelta(days=1)) == 0
    assert questions(any_desk, reference) == 1
    assert [one.asked_at for one in rows(any_desk, reference)] == [due, None]


def test_a_crash_before_the_commit_asks_nothing_and_the_next_look_asks(
    any_desk: Desk, now: datetime
) -> None:
    reference = told_the_factory(any_desk, now)
    due = now + timedelta(days=30)
    with any_desk.store.writing() as session:
        assert checkins.ask_due(session, due) == 1
        session.rollback()  # the process was killed
    assert questions(any_desk, reference) == 0
    assert ask(any_desk.store, due) == 1
    assert questions(any_desk, reference) == 1


@pytest.mark.postgres
def test_two_processes_that_look_at_once_ask_once(postgres_store: Store, now: datetime) -> None:
    desk = Desk(postgres_store, Cast(postgres_store, now))
    reference = told_the_factory(desk, now)
    due = now + timedelta(days=30)
    with postgres_store.writing() as first:
        assert checkins.ask_due(first, due) == 1
        with postgres_store.writing() as second:
            assert checkins.ask_due(second, due) == 0
    assert questions(desk, reference) == 1


def test_two_that_fall_together_are_one_question(desk: Desk, now: datetime) -> None:
    reference = told_the_factory(desk, now)
    closed(desk, reference, now + timedelta(days=1))
    ask(desk.store, now + timedelta(days=31))
    assert questions(desk, reference) == 1
    ask(desk.store, now + timedelta(days=91))
    assert questions(desk, reference) == 2


def test_many_are_asked_in_short_transactions(desk: Desk, now: datetime) -> None:
    for _ in range(5):
        told_the_factory(desk, now)
    due = now + timedelta(days=30)
    assert [ask(desk.store, due, limit=2) for _ in range(4)] == [2, 2, 1, 0]


# --- what she answers -------------------------------------------------------------------------------


@pytest.fixture
def asked(any_desk: Desk, now: datetime) -> str:
    """A case about which she was asked after 30 days."""
    reference = told_the_factory(any_desk, now)
    ask(any_desk.store, now + timedelta(days=30))
    return reference


def test_a_yes_opens_a_critical_case_at_once_linked_to_the_first(
    any_desk: Desk, asked: str, now: datetime
) -> None:
    later = now + timedelta(days=31)
    found = say(any_desk, asked, later, harmed=True)
    assert found
    assert found.opened
    assert found.linked
    first, second = any_desk.case(asked), any_desk.case(found.linked.reference)
    assert second.severity is Severity.CRITICAL
    assert (second.category, second.status) == (Category.RETALIATION, Status.RECEIVED)
    assert second.factory_id == first.factory_id
    assert (second.reporter_id, second.language) == (first.reporter_id, first.language)
    assert second.retaliation_risk
    assert first.retaliation_risk
    assert first.unread
    assert first.status is Status.ACKNOWLEDGED, "the first goes on as it was"
    clocks = any_desk.clocks(second.reference)
    assert clocks[Promise.ACKNOWLEDGE].due_at == later + timedelta(hours=24)
    assert any_desk.actions(second.reference) == [Action.FILE, Action.LINK]
    assert any_desk.actions(asked)[-2:] == [Action.CHECK_IN, Action.LINK]
    event = any_desk.events(asked)[-2]
    assert event.role is Role.WORKER
    assert event.data["harmed"] is True
    (row, _) = rows(any_desk, asked)
    assert (row.harmed, row.answered_at) == (True, later)
    with any_desk.store.reading() as session:
        (link,) = session.exec(select(Link))
        assert (link.case_id, link.other_id) == (first.id, second.id)
        assert link.kind is LinkKind.RETALIATION


def test_a_yes_said_again_opens_no_second_case(any_desk: Desk, asked: str, now: datetime) -> None:
    later = now + timedelta(days=31)
    first = say(any_desk, asked, later, harmed=True)
    again = say(any_desk, asked, later + timedelta(days=1), harmed=True)
    after_no = say(any_desk, asked, later + timedelta(days=2), harmed=False)
    assert first
    assert again
    assert after_no
    assert first.linked
    for other in (again, after_no):
        assert other.linked
        assert other.linked.id == first.linked.id
        assert not other.opened
    assert len(linked(any_desk, asked)) == 1
    assert any_desk.actions(asked).count(Action.CHECK_IN) == 1
    assert rows(any_desk, asked)[0].harmed is True


def test_a_yes_to_a_later_question_joins_the_case_that_is_still_open(
    desk: Desk, now: datetime
) -> None:
    reference = told_the_factory(desk, now)
    ask(desk.store, now + timedelta(days=30))
    first = say(desk, reference, now + timedelta(days=30), harmed=True)
    ask(desk.store, now + timedelta(days=90))
    second = say(desk, reference, now + timedelta(days=90), harmed=True)
    assert first
    assert second
    assert first.linked
    assert second.linked
    assert first.linked.id == second.linked.id
    assert not second.opened
    assert desk.actions(reference).count(Action.CHECK_IN) == 2


def test_a_yes_to_a_later_question_opens_a_new_case_once_the_other_has_ended(
    desk: Desk, now: datetime
) -> None:
    reference = told_the_factory(desk, now)
    ask(desk.store, now + timedelta(days=30))
    first = say(desk, reference, now + timedelta(days=30), harmed=True)
    assert first
    assert first.linked
    desk.answer(first.linked.reference, Action.WITHDRAW, now + timedelta(days=40))
    ask(desk.store, now + timedelta(days=90))
    second = say(desk, reference, now + timedelta(days=90), harmed=True)
    assert second
    assert second.opened
    assert len(linked(desk, reference)) == 2


def test_a_yes_on_another_phone_opens_a_case_there_and_joins_none_that_stayed_behind(
    any_desk: Desk, asked: str, now: datetime
) -> None:
    first = say(any_desk, asked, now, harmed=True)
    assert first
    with any_desk.store.writing() as session:
        case = cases.by_reference(session, asked, lock=True)
        assert case
        secret = receipts.make(session, case).replace(" ", "")
        other = Reporter(
            id=77,
            channel=Channel.WEB,
            address_index=b"another phone...",
            address_sealed=b"",
            created_at=now,
        )
        session.add(other)
        session.flush()
        assert receipts.open_case(session, other, asked, secret, now=now) is Opening.OPENED
    again = say(any_desk, asked, now, harmed=True)
    assert again
    assert first.linked
    assert again.linked
    assert again.opened
    assert again.linked.id != first.linked.id
    assert again.linked.reporter_id == 77, "what is told about it reaches this phone"
    assert say(any_desk, asked, now, harmed=True) == Answered(again.linked)
    assert [one.harmed for one in rows(any_desk, asked) if one.asked_at] == [True]


def test_a_no_is_kept_and_a_yes_after_it_counts(any_desk: Desk, asked: str, now: datetime) -> None:
    later = now + timedelta(days=31)
    assert say(any_desk, asked, later, harmed=False) == Answered()
    assert say(any_desk, asked, later, harmed=False) == Answered()
    assert any_desk.actions(asked).count(Action.CHECK_IN) == 1
    assert not any_desk.case(asked).retaliation_risk
    found = say(any_desk, asked, later, harmed=True)
    assert found
    assert found.opened


def test_nothing_is_answered_that_was_not_asked(desk: Desk, now: datetime) -> None:
    reference = told_the_factory(desk, now)
    assert say(desk, reference, now, harmed=True) is None
    assert linked(desk, reference) == []


def test_a_case_that_few_may_see_opens_one_that_few_may_see(desk: Desk, now: datetime) -> None:
    reference = desk.file(
        now,
        "I would rather not say.",
        category=Category.HARASSMENT,
        kind="sexual",
        relation=Relation.WORKER,
        practice=True,
        factory=None,
        factory_words="The shoe factory at the river",
    )
    desk.act(reference, Action.ACKNOWLEDGE, now, by="dilani")
    desk.act(reference, Action.NOTIFY_FACTORY, now, by="dilani")
    ask(desk.store, now + timedelta(days=7))
    found = say(desk, reference, now + timedelta(days=7), harmed=True)
    assert found
    assert found.linked
    second = desk.case(found.linked.reference)
    assert second.restricted
    assert second.practice
    assert second.relation is Relation.WORKER
    assert second.factory_words_sealed
    assert [c.reference for c in linked(desk, reference)] == [second.reference]
    assert linked(desk, reference, by="asha") == []


def test_a_case_that_few_may_see_later_takes_the_one_it_led_to_with_it(
    any_desk: Desk, asked: str, now: datetime
) -> None:
    answered = say(any_desk, asked, now, harmed=True)
    assert answered
    assert answered.linked
    reference = answered.linked.reference
    any_desk.assign(reference, now, "asha")
    any_desk.triage(asked, now, Severity.SERIOUS, restricted=True)
    led_to = any_desk.case(reference)
    assert led_to.restricted
    assert led_to.assignee_id is None, "Asha is not in the pool"
    assert any_desk.actions(reference)[-1] is Action.TRIAGE
    with any_desk.store.reading() as session:
        assert queue.find(session, any_desk.cast.actor("asha"), reference) is None
        assert events.first_broken(led_to, events.history(session, led_to.id)) is None
    shapes = [any_desk.events(one)[-1].data for one in (asked, reference)]
    assert shapes[0].keys() - {"moved"} <= shapes[1].keys(), "the page of the case reads both alike"


def test_what_she_said_in_a_linked_case_is_no_voice_of_another_worker(
    any_desk: Desk, asked: str, now: datetime
) -> None:
    later = now + timedelta(days=31)
    found = say(any_desk, asked, later, harmed=True)
    assert found
    assert found.linked
    assert pattern(any_desk, asked, later) == links.Pattern()
    assert pattern(any_desk, found.linked.reference, later) == links.Pattern()


# --- what else came from the factory ----------------------------------------------------------------


def pattern(desk: Desk, reference: str, now: datetime, by: str = "asha") -> links.Pattern:
    with desk.store.reading() as session:
        return links.pattern(session, desk.cast.actor(by), desk.case(reference), now)


def test_handlers_see_the_other_open_cases_of_the_factory_and_which_are_alike(
    any_desk: Desk, now: datetime
) -> None:
    wages = {"category": Category.WAGES, "kind": "unpaid"}
    mine = any_desk.file(now, "No pay.", **wages)
    alike = any_desk.file(now, "No pay either.", **wages)
    other = any_desk.file(now, "Too hot.", category=Category.HEALTH_AND_SAFETY, kind="heat")
    any_desk.file(now, "Somewhere else.", factory=None)
    any_desk.file(now, "Only to try.", practice=True)
    any_desk.answer(any_desk.file(now, "Never mind."), Action.WITHDRAW, now)
    any_desk.file(now - timedelta(days=91), "Long ago.")
    found = pattern(any_desk, mine, now)
    assert found.count == 2
    assert {(n.case.reference, n.alike) for n in found.cases} == {(alike, True), (other, False)}


def test_a_restricted_case_of_the_factory_shows_in_no_count_to_who_may_not_see_it(
    any_desk: Desk, now: datetime
) -> None:
    mine = any_desk.file(now, "No pay.")
    hidden = any_desk.file(now, category=Category.HARASSMENT, kind="sexual")
    assert pattern(any_desk, mine, now) == links.Pattern()
    seen = pattern(any_desk, mine, now, by="dilani")
    assert [n.case.reference for n in seen.cases] == [hidden]
    assert pattern(any_desk, mine, now, by="brigitte") == links.Pattern()


def test_of_many_the_newest_five_are_named_and_all_counted(desk: Desk, now: datetime) -> None:
    mine = desk.file(now, "No pay.")
    others = [desk.file(now + timedelta(minutes=n), "No pay.") for n in range(7)]
    found = pattern(desk, mine, now + timedelta(hours=1))
    assert found.count == 7
    assert [n.case.reference for n in found.cases] == list(reversed(others))[:5]


def test_a_case_of_no_known_factory_has_no_pattern(desk: Desk, now: datetime) -> None:
    desk.file(now, "No pay.", factory=None)
    assert pattern(desk, desk.file(now, "No pay.", factory=None), now) == links.Pattern()
