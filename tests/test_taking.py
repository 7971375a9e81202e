"""A complaint taken by phone or in person: filed like any other, told by somebody, never sent."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from casework import cases, detaching, grouping, receipts, taking
from casework.errors import BadInput, NotAllowed
from casework.filing import Complaint, Piece
from casework.messaging import reaching
from casework.models import AccessLog, Case, CaseEvent, Factory, Message, Outbox, Reporter
from casework.searching import search
from casework.searching.queue import Filter
from casework.taking import Filed, Taken
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    Direction,
    LinkKind,
    Opening,
    Promise,
    Reach,
    Severity,
    Status,
)
from tests.desk import Desk

A_DAY = timedelta(days=1)
PHONE = "+855 12 345 678"


@dataclass(frozen=True)
class Calls(Desk):
    """A desk with a telephone."""

    def heard(self, now: datetime, **more: object) -> Taken:
        with self.store.reading() as session:
            factory = session.get_one(Factory, self.cast.golden_thread.id)
        complaint = Complaint(
            (Piece("No wages for two months"),), factory, "", Category.WAGES, "unpaid"
        )
        taken = Taken(
            complaint=complaint,
            channel=Channel.PHONE,
            language="km",
            words_language="en",
            received_at=now,
            reach=Reach.BY_PHONE,
            agreed_to_notes=True,
            phone=PHONE,
            when="After eight",
        )
        return replace(taken, **more)  # type: ignore[arg-type]

    def take(self, taken: Taken, now: datetime, by: str = "asha") -> Filed:
        with self.store.writing() as session:
            return taking.take(session, taken, by=self.cast.actor(by), now=now)

    def tell(self, reference: str, now: datetime) -> None:
        with self.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case
            until = reaching.untold(session, case)[-1].id
            reaching.tell(session, case, until, by=self.cast.actor("asha"), now=now)

    def hear(self, reference: str, action: Action, now: datetime, text: str = "") -> None:
        with self.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case
            reaching.hear(session, case, action, text, by=self.cast.actor("asha"), now=now)

    def untold(self, reference: str) -> list[str]:
        with self.store.reading() as session:
            found = reaching.untold(session, self.case(reference))
            return [message.kind.value for message in found]


@pytest.fixture
def calls(desk: Desk) -> Calls:
    return Calls(desk.store, desk.cast)


@pytest.fixture
def any_calls(any_desk: Desk) -> Calls:
    return Calls(any_desk.store, any_desk.cast)


def _outbox(desk: Desk) -> list[Outbox]:
    with desk.store.reading() as session:
        return list(session.exec(select(Outbox)))


def test_a_call_becomes_a_case_like_any_other_that_says_who_took_it(
    any_calls: Calls, now: datetime
) -> None:
    filed = any_calls.take(any_calls.heard(now), now)
    case = any_calls.case(filed.case.reference)
    assert (case.channel, case.language, case.reporter_id) == (Channel.PHONE, "km", None)
    assert (case.severity, case.category) == (Severity.SERIOUS, Category.WAGES)
    assert (case.status, case.assignee_id) == (Status.ACKNOWLEDGED, any_calls.cast.asha.id)
    first, *more = any_calls.events(case.reference)
    assert (first.action, first.staff_id) == (Action.FILE, any_calls.cast.asha.id)
    assert first.data["agreed"] is True
    assert [event.action for event in more] == [Action.ACKNOWLEDGE, Action.ASSIGN]
    assert any_calls.said(case.reference) == ["No wages for two months"]
    assert not _outbox(any_calls)


def test_its_promises_run_from_the_moment_of_the_call(calls: Calls, now: datetime) -> None:
    then = now - 9 * A_DAY
    late = calls.take(calls.heard(then), now).case.reference
    typed = calls.take(calls.heard(now), now).case.reference
    case = calls.case(late)
    assert case.received_at == then
    clocks = calls.clocks(late)
    assert clocks[Promise.FIRST_REPLY].started_at == then
    assert clocks[Promise.FIRST_REPLY].due_at < calls.clocks(typed)[Promise.FIRST_REPLY].due_at
    # Whoever writes it down a week later has missed what was promised for the day after.
    assert clocks[Promise.ACKNOWLEDGE].missed_at == now
    first = calls.events(late)[0]
    assert (first.at, first.data["entered"]) == (then, now.isoformat())


def test_the_words_are_in_the_language_they_were_written_in_and_found_again(
    calls: Calls, now: datetime
) -> None:
    case = calls.take(calls.heard(now), now).case
    with calls.store.reading() as session:
        (message,) = session.exec(select(Message).where(Message.case_id == case.id))
        assert (message.language, message.staff_id) == ("en", calls.cast.asha.id)
        assert message.direction is Direction.FROM_WORKER
        asha = calls.cast.actor("asha")
        found = search.page(session, asha, "wages months", Filter())
        assert [row.reference for row in found.rows] == [case.reference]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"agreed_to_notes": False}, "Without a yes"),
        ({"received_at": timedelta(minutes=1)}, "not in the future"),
        ({"received_at": -timedelta(days=30, seconds=1)}, "last 30 days"),
        ({"phone": "call me"}, "phone number"),
        ({"phone": "123"}, "phone number"),
        ({"channel": Channel.TELEGRAM}, "a call or a talk"),
        ({"complaint": Complaint(())}, "story or at least"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_nothing_is_filed(
    calls: Calls, now: datetime, more: dict[str, object], says: str
) -> None:
    if isinstance(at := more.get("received_at"), timedelta):
        more = {"received_at": now + at}
    taken = calls.heard(now, **more)
    with pytest.raises(BadInput, match=says):
        calls.take(taken, now)
    with calls.store.reading() as session:
        assert not session.exec(select(Case)).all()


def test_a_number_may_be_in_the_digits_of_any_script(calls: Calls, now: datetime) -> None:
    assert calls.take(calls.heard(now, phone="០១២ ៣៤៥ ៦៧៨"), now).secret


def test_sexual_violence_is_restricted_at_once_and_not_kept_by_who_may_not_see_it(
    calls: Calls, now: datetime
) -> None:
    complaint = Complaint((Piece("He touched me"),), None, "", Category.HARASSMENT, "sexual")
    case = calls.take(calls.heard(now, complaint=complaint), now).case
    assert (case.restricted, case.severity, case.assignee_id) == (True, Severity.CRITICAL, None)


def test_a_brand_takes_no_complaint(calls: Calls, now: datetime) -> None:
    taken = calls.heard(now)
    with pytest.raises(NotAllowed):
        calls.take(taken, now, by="brigitte")


# --- the number -------------------------------------------------------------------------------------


def test_the_number_is_sealed_and_opened_only_with_a_reason_that_is_kept(
    calls: Calls, now: datetime
) -> None:
    case = calls.take(calls.heard(now), now).case
    assert case.phone_sealed
    assert PHONE.encode() not in case.phone_sealed
    asha = calls.cast.actor("asha")
    with calls.store.writing() as session:
        found = session.get_one(Case, case.id)
        with pytest.raises(BadInput, match="why you call"):
            reaching.show(session, found, " ", by=asha, now=now)
        assert reaching.show(session, found, "To ask", by=asha, now=now) == (PHONE, "After eight")
    with calls.store.reading() as session:
        (log,) = session.exec(select(AccessLog))
    assert (log.what, log.staff_id, log.case_id) == ("phone", asha.staff_id, case.id)
    assert log.reason_sealed


def test_without_a_number_to_call_none_is_kept(calls: Calls, now: datetime) -> None:
    for reach in (Reach.NOT_AT_ALL, Reach.RETURNS):
        case = calls.take(calls.heard(now, reach=reach), now).case
        assert (case.reach, case.phone_sealed) == (reach, None)


# --- what is to be told, and what is said -------------------------------------------------------------


def test_what_is_written_waits_until_somebody_told_it(any_calls: Calls, now: datetime) -> None:
    reference = any_calls.take(any_calls.heard(now), now).case.reference
    assert any_calls.untold(reference) == []
    any_calls.act(reference, Action.REPLY, now, "We look into it")
    any_calls.act(reference, Action.ASK, now, "Who was there?")
    any_calls.act(reference, Action.NOTE, now, "For us")
    assert any_calls.untold(reference) == ["reply", "question"]
    any_calls.tell(reference, now + A_DAY)
    assert any_calls.untold(reference) == []
    assert any_calls.actions(reference)[-1] is Action.TOLD
    any_calls.act(reference, Action.REPLY, now + A_DAY, "There is more")
    assert any_calls.untold(reference) == ["reply"]
    assert not _outbox(any_calls)


def test_what_was_told_already_is_not_noted_twice(calls: Calls, now: datetime) -> None:
    reference = calls.take(calls.heard(now), now).case.reference
    calls.act(reference, Action.REPLY, now, "We look into it")
    calls.tell(reference, now)
    with calls.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        by = calls.cast.actor("asha")
        with pytest.raises(NotAllowed, match="told already"):
            reaching.tell(session, case, 1, by=by, now=now)


def test_what_the_worker_says_counts_as_hers_and_who_noted_it_stays(
    any_calls: Calls, now: datetime
) -> None:
    reference = any_calls.take(any_calls.heard(now), now).case.reference
    any_calls.walk(reference, now, Action.ASK, Action.ASSESS, Action.CONCLUDE)
    any_calls.hear(reference, Action.ADD, now + A_DAY, "It was in May")
    any_calls.hear(reference, Action.DISPUTE, now + A_DAY, "I got nothing")
    case = any_calls.case(reference)
    assert (case.status, case.unread) == (Status.APPEALED, False)
    added, disputed = any_calls.events(reference)[-2:]
    for event in (added, disputed):
        assert (event.role.value, event.staff_id) == ("worker", None)
        assert event.data["noted-by"] == any_calls.cast.asha.id
    assert any_calls.said(reference)[-2:] == ["It was in May", "I got nothing"]


def test_nobody_speaks_for_a_worker_who_can_speak_herself(calls: Calls, now: datetime) -> None:
    reference = calls.file(now, "No pay")
    with pytest.raises(NotAllowed):
        calls.hear(reference, Action.WITHDRAW, now, "She said so")


# --- the receipt ----------------------------------------------------------------------------------------


def test_with_her_two_numbers_she_opens_the_case_in_a_chat_and_is_told_there_from_then_on(
    any_calls: Calls, now: datetime
) -> None:
    filed = any_calls.take(any_calls.heard(now), now)
    reference = filed.case.reference
    any_calls.act(reference, Action.REPLY, now, "We look into it")
    with any_calls.store.writing() as session:
        htwe = session.get_one(Reporter, any_calls.cast.htwe.id)
        digits = filed.secret.replace(" ", "")
        assert receipts.open_case(session, htwe, reference, digits, now=now) is Opening.OPENED
    assert any_calls.untold(reference) == []
    any_calls.act(reference, Action.REPLY, now, "And here it is")
    (entry,) = _outbox(any_calls)
    assert entry.reporter_id == any_calls.cast.htwe.id
    any_calls.events(reference)


def test_who_opened_it_and_is_forgotten_takes_the_number_along(calls: Calls, now: datetime) -> None:
    filed = calls.take(calls.heard(now), now)
    with calls.store.writing() as session:
        htwe = session.get_one(Reporter, calls.cast.htwe.id)
        digits = filed.secret.replace(" ", "")
        receipts.open_case(session, htwe, filed.case.reference, digits, now=now)
        session.flush()
        detaching.forget(session, htwe, withdraw=False, now=now)
    case = calls.case(filed.case.reference)
    assert (case.phone_sealed, case.identity_sealed) == (None, None)
    assert calls.untold(case.reference) == []


def test_a_duplicate_of_a_call_ends_without_a_word_being_sent(calls: Calls, now: datetime) -> None:
    first = calls.file(now - A_DAY, "No pay")
    later = calls.take(calls.heard(now), now).case.reference
    with calls.store.writing() as session:
        one, other = (cases.by_reference(session, r, lock=True) for r in (first, later))
        assert one
        assert other
        by = calls.cast.actor("asha")
        kind = LinkKind.DUPLICATE
        grouping.link(session, one, other, kind, by=by, now=now, same_worker=True)
        grouping.end_duplicate(session, other, by=by, now=now)
    assert calls.case(later).status is Status.CLOSED
    assert not _outbox(calls)


# --- a new receipt ------------------------------------------------------------------------------


def _renew(
    calls: Calls, reference: str, now: datetime, by: str = "asha", how: str = "Her voice"
) -> str:
    with calls.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        return receipts.renew(session, case, how, by=calls.cast.actor(by), now=now)


def _opens(calls: Calls, reference: str, secret: str, now: datetime) -> Opening:
    with calls.store.writing() as session:
        htwe = session.get_one(Reporter, calls.cast.htwe.id)
        plain = secret.replace(" ", "")
        return receipts.open_case(session, htwe, reference, plain, now=now)


def test_who_lost_the_receipt_of_a_call_gets_a_new_one_and_the_old_one_opens_nothing(
    any_calls: Calls, now: datetime
) -> None:
    filed = any_calls.take(any_calls.heard(now), now)
    reference = filed.case.reference
    secret = _renew(any_calls, reference, now)
    assert any_calls.events(reference)[-1].action is Action.RENEW_RECEIPT
    with any_calls.store.reading() as session:
        (read,) = session.exec(select(AccessLog).where(AccessLog.what == "receipt"))
        assert (read.staff_id, read.reason_sealed is not None) == (any_calls.cast.asha.id, True)
        kept = session.exec(select(CaseEvent)).all()
        assert not [event for event in kept if secret in str(event.data)]
    assert _opens(any_calls, reference, filed.secret, now) is Opening.WRONG
    assert _opens(any_calls, reference, secret, now) is Opening.OPENED


@pytest.mark.parametrize(
    ("by", "how", "says"),
    [
        ("asha", " ", "how you know"),
        ("dilani", "Her voice", "handles the case"),
        ("indra", "Her voice", "not open"),
    ],
)
def test_only_who_handles_the_case_or_leads_renews_a_receipt_and_says_how_the_worker_is_known(
    calls: Calls, now: datetime, by: str, how: str, says: str
) -> None:
    filed = calls.take(calls.heard(now), now)
    with pytest.raises((BadInput, NotAllowed), match=says):
        _renew(calls, filed.case.reference, now, by, how)
    assert _renew(calls, filed.case.reference, now, "boris")


def test_a_worker_with_a_chat_has_her_receipt_from_there_alone(calls: Calls, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        _renew(calls, calls.file(now, "No pay"), now, "boris")


def test_after_too_many_wrong_tries_a_new_receipt_waits_like_the_old_one(
    calls: Calls, now: datetime
) -> None:
    """Whoever guesses at a case must not begin anew with a call to the office."""
    reference = calls.take(calls.heard(now), now).case.reference
    with calls.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        case.receipt_tries, case.receipt_tries_since = receipts.TRIES_AT_A_CASE, now
    assert _opens(calls, reference, _renew(calls, reference, now), now) is Opening.WRONG
