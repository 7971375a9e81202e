"""The chain of events: whole whatever happens to a case, broken by whatever is done to its past."""

import io
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from casework import (
    cases,
    conflicts,
    considering,
    filing,
    grouping,
    handing_over,
    interviews,
    lifecycle,
    links,
    parties,
    receipts,
    redacting,
    retaining,
    seeing,
    tasks,
)
from casework.actors import SYSTEM, WORKER, Actor
from casework.archive import new_passphrase
from casework.audit import events, proving
from casework.cases import Triage
from casework.db import Session
from casework.deadlines import extending, pausing, promises, recalculating, sweeping
from casework.errors import BadInput, NotAllowed
from casework.filing import Complaint, Piece
from casework.handing_over import Wish
from casework.interviews import Talk
from casework.messaging import holding, interpreting, messages, reaching, translating
from casework.messaging.beside import Wording
from casework.models import Calendar, Case, CaseEvent, Reporter, Staff
from casework.parties import About
from casework.standing import standing
from casework.vocabulary import (
    Action,
    Category,
    ExtensionReason,
    LinkKind,
    Meeting,
    PartyKind,
    PauseReason,
    Promise,
    RedactionReason,
    Role,
    Severity,
    Status,
    VersionBy,
    VersionKind,
    Whom,
)
from tests.desk import REASONS, Desk, find_founded
from tests.plan import plan
from tests.protecting import accuse

CHANGES: dict[str, object] = {
    "id": None,  # the row's own place, not part of what was said
    "case_id": 1,
    "number": 7,
    "at": datetime.fromisoformat("2026-11-20T10:00:00.000001+00:00"),
    "action": Action.CLOSE,
    "before": Status.CLOSED,
    "after": Status.CLOSED,
    "role": Role.ADMIN,
    "staff_id": 1,
    "data": {"message": 1},
    "hash": b"\0" * 32,
}


def _case_with_a_past(desk: Desk, now: datetime) -> tuple[Case, list[CaseEvent]]:
    reference = desk.file(now, "No pay")
    desk.walk(reference, now, Action.REPLY, Action.NOTE, Action.INVESTIGATE)
    return desk.case(reference), desk.events(reference)


def test_a_chain_is_whole_after_it_was_stored_and_read_again(any_desk: Desk, now: datetime) -> None:
    case, past = _case_with_a_past(any_desk, now)
    assert [event.number for event in past] == [1, 2, 3, 4, 5]
    assert events.first_broken(case, past) is None
    assert case.head_hash == past[-1].hash
    assert len({event.hash for event in past}) == 5


def test_a_moment_in_another_zone_makes_the_same_chain(any_desk: Desk, now: datetime) -> None:
    there = now.astimezone(datetime.fromisoformat("2026-01-01T00:00+05:45").tzinfo)
    reference = any_desk.file(there, "No pay")
    assert any_desk.events(reference)[0].at == now


def test_the_changes_tried_here_are_all_there_are() -> None:
    assert set(CHANGES) == set(CaseEvent.model_fields)


@pytest.mark.parametrize("number", [1, 3, 5])
@pytest.mark.parametrize("field", [field for field in CHANGES if field != "id"])
def test_a_changed_event_breaks_the_chain_there(
    desk: Desk, now: datetime, field: str, number: int
) -> None:
    case, past = _case_with_a_past(desk, now)
    assert getattr(past[number - 1], field) != CHANGES[field]
    setattr(past[number - 1], field, CHANGES[field])
    assert events.first_broken(case, past) == number


def test_a_changed_digest_of_a_message_breaks_the_chain(desk: Desk, now: datetime) -> None:
    case, past = _case_with_a_past(desk, now)
    reply = past[2]
    reply.data = {**reply.data, "digest": "00" * 16}
    assert events.first_broken(case, past) == 3


def test_a_missing_a_swapped_and_a_repeated_event_break_the_chain(
    desk: Desk, now: datetime
) -> None:
    case, past = _case_with_a_past(desk, now)
    first, second, third, *rest = past
    assert events.first_broken(case, [first, third, *rest]) == 2
    assert events.first_broken(case, [first, third, second, *rest]) == 2
    assert events.first_broken(case, [first, second, second, third, *rest]) == 3
    assert events.first_broken(case, past[1:]) == 1
    assert events.first_broken(case, past[:-1]) == 5
    assert events.first_broken(case, []) == 1


def test_an_event_added_behind_the_back_of_its_case_breaks_the_chain(
    desk: Desk, now: datetime
) -> None:
    case, past = _case_with_a_past(desk, now)
    last = past[-1]
    forged = CaseEvent(**{**last.model_dump(), "number": 6, "action": Action.CLOSE})
    forged.hash = events.chained(last.hash, forged)
    assert events.first_broken(case, [*past, forged]) == 6


def test_a_foreign_past_does_not_fit(desk: Desk, now: datetime) -> None:
    case, _ = _case_with_a_past(desk, now)
    _, other = _case_with_a_past(desk, now)
    assert events.first_broken(case, other) is not None


def test_words_changed_later_no_longer_fit_the_digest_in_their_event(
    any_desk: Desk, now: datetime
) -> None:
    case, past = _case_with_a_past(any_desk, now)
    with any_desk.store.writing() as session:
        story, reply, *_ = messages.of_case(session, case.id)
        assert past[0].data["said"] == [messages.evidence(session, story)]
        assert past[2].data == messages.evidence(session, reply)
        other = session.vault.seal_text("message", "text_sealed", reply.id, "We promise nothing.")
        reply.text_sealed = other
        assert past[2].data != messages.evidence(session, reply)


# --- random lives ---------------------------------------------------------------------------

Ends = tuple[datetime | None, datetime | None, datetime | None]
"""When a clock was missed, met and cancelled."""

ACTORS = ("asha", "dilani", "boris", "chen", "worker", "system")
ISSUES = [((Category.WAGES, "late"),), ((Category.HARASSMENT, "sexual"), (Category.WAGES, ""))]


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_happens_to_a_case_its_records_stay_whole(
    desk: Desk, now: datetime, data: st.DataObject
) -> None:
    with desk.store.writing() as session:
        reporter = session.get_one(Reporter, desk.cast.htwe.id)
        case = filing.open_case(session, reporter, Complaint((Piece("No pay"),)), now=now)
        moment, kept = now, dict[int, Ends]()
        for _ in range(data.draw(st.integers(1, 20))):
            moment += timedelta(hours=data.draw(st.sampled_from([0, 1, 30, 24 * 8, 24 * 31])))
            _do_something(session, desk, case, moment, data)
            _check(session, case, kept)
        reference = case.reference
    past = desk.events(reference)  # stored, read again, and its chain whole
    with desk.store.reading() as session:
        assert proving.prove(session, past[0].case_id - 1, 1).breaks == ()
    assert past[-1].after is desk.case(reference).status


_OF_TIME = (
    Action.PAUSE,
    Action.RESUME,
    Action.ASK_EXTENSION,
    Action.EXTEND,
    Action.REFUSE_EXTENSION,
)


def _take_time(
    session: Session,
    case: Case,
    action: Action,
    by: Actor,
    moment: datetime,
    data: st.DataObject,
) -> None:
    if action is Action.PAUSE:
        pausing.pause(session, case, PauseReason.ANSWER, by=by, now=moment)
    elif action is Action.RESUME:
        pausing.resume(session, case, by=by, now=moment)
    elif action is Action.ASK_EXTENSION:
        clock = data.draw(st.sampled_from(promises.of_case(session, case.id)))
        until = moment.date() + timedelta(days=data.draw(st.integers(0, 200)))
        why = ExtensionReason.FACTORY
        extending.ask(session, case, clock.id, until, why, "Because.", by=by, now=moment)
    else:
        asked = extending.of_case(session, case.id)
        if asked:
            approve = action is Action.EXTEND
            one = data.draw(st.sampled_from(asked))
            extending.decide(session, case, one, approve, by=by, now=moment)


_OF_LINKS = (
    Action.LINK,
    Action.UNLINK,
    Action.END_DUPLICATE,
    Action.TOLD,
    Action.RENEW_RECEIPT,
)


def _take_link(
    session: Session,
    desk: Desk,
    case: Case,
    action: Action,
    by: Actor,
    moment: datetime,
    data: st.DataObject,
) -> None:
    if action is Action.LINK:
        reporter = session.get_one(Reporter, desk.cast.htwe.id)
        earlier = data.draw(st.booleans())
        at = case.received_at - timedelta(days=1) if earlier else moment
        other = filing.open_case(session, reporter, Complaint((Piece("The same."),)), now=at)
        session.flush()
        if by is SYSTEM:
            links.link(session, case, other, LinkKind.COLLECTIVE, now=moment)
        else:
            kind = data.draw(st.sampled_from(LinkKind))
            grouping.link(session, case, other, kind, by=by, now=moment)
    elif action is Action.UNLINK:
        for one in links.of_case(session, by, case)[:1]:
            grouping.unlink(session, case, one.case, one.kind, by=by, now=moment)
    elif action is Action.END_DUPLICATE:
        grouping.end_duplicate(session, case, by=by, now=moment)
    elif action is Action.RENEW_RECEIPT:
        receipts.renew(session, case, "Her voice", by=by, now=moment)
    else:
        reaching.tell(session, case, 1, by=by, now=moment)


def _do_something(
    session: Session, desk: Desk, case: Case, moment: datetime, data: st.DataObject
) -> None:
    who = data.draw(st.sampled_from(ACTORS))
    by = {"worker": WORKER, "system": SYSTEM}.get(who) or desk.cast.actor(who)
    open_now = lifecycle.moves(standing(case, by), by.role, moment)
    if not open_now:
        return
    onward = [action for action in open_now if lifecycle.TABLE[case.status, action].to]
    far = bool(onward) and data.draw(st.booleans())  # so that many lives reach an appeal, or two
    action = data.draw(st.sampled_from(onward if far else open_now))
    before = case.event_count
    try:
        _take(session, desk, case, action, by, moment, data)
    except (BadInput, NotAllowed):
        # Of what the table lets through these may still be refused; what was overdue is noted.
        assert action in {
            Action.ASSIGN,
            Action.TRIAGE,
            Action.TASK,
            Action.CONSIDER,
            Action.REDACT,
            *_OF_TIME,
            *_OF_LINKS,
            *_OF_WORDS,
        }
        since = events.history(session, case.id)[before:]
        assert {event.action for event in since} <= {Action.MISS, Action.ESCALATE}


def _take(
    session: Session,
    desk: Desk,
    case: Case,
    action: Action,
    by: Actor,
    moment: datetime,
    data: st.DataObject,
) -> None:
    if action in (Action.MISS, Action.ESCALATE):
        sweeping.sweep(session, moment)
    elif action in _OF_TIME:
        _take_time(session, case, action, by, moment, data)
    elif action in _OF_LINKS:
        _take_link(session, desk, case, action, by, moment, data)
    elif action in _OF_WORDS | _OF_REMEDY:
        (_take_words if action in _OF_WORDS else _take_remedy)(session, case, action, by, moment)
    elif action in _OF_PROTECTION:
        _take_protection(session, desk, case, action, by, moment, data)
    elif action is Action.RECALCULATE:
        office = session.exec(select(Calendar)).one()
        worked = moment.date() + timedelta(days=data.draw(st.integers(0, 40)))
        office.days_off = sorted({*office.days_off, worked.isoformat()})
        recalculating.of_calendar(session, office, by=by, now=moment)
    elif action is Action.ADD:
        filing.add(session, case, Piece("more"), now=moment)
    elif by is WORKER:
        filing.answer(session, case, action, now=moment, reason="because")
    elif action in _HANDLED:
        _handle(session, case, action, by, moment)
    elif action in (Action.ASSIGN, Action.TRIAGE):
        _sort(session, desk, case, action, by, moment, data)
    else:
        _prepare(session, case, action, by, moment)
        reason = REASONS.get(action)
        cases.advance(
            session, case, action, by=by, now=moment, text="words", reason=reason, declared=True
        )


def _prepare(session: Session, case: Case, action: Action, by: Actor, moment: datetime) -> None:
    """What has to be there before a step can be taken."""
    if action is Action.CONCLUDE:
        find_founded(session, case, by, moment)
    if action is Action.PROPOSE_REMEDY:
        plan(session, case, by=by, now=moment)
        session.flush()


def _sort(
    session: Session,
    desk: Desk,
    case: Case,
    action: Action,
    by: Actor,
    moment: datetime,
    data: st.DataObject,
) -> None:
    if action is Action.ASSIGN:
        name = data.draw(st.sampled_from(["asha", "dilani", "boris", ""]))
        to = session.get_one(Staff, getattr(desk.cast, name).id) if name else None
        cases.assign(session, case, to, by=by, now=moment)
    else:
        issues = data.draw(st.sampled_from(ISSUES))
        restricted = issues is ISSUES[1]
        severity = data.draw(st.sampled_from(list(Severity)))
        cases.triage(
            session, case, Triage(severity, issues, restricted=restricted), by=by, now=moment
        )


_OF_WORDS = {
    Action.HOLD_WORDS,
    Action.DROP_WORDS,
    Action.TRANSLATE,
    Action.TRANSCRIBE,
    Action.ASK_INTERPRETER,
}


def _take_words(session: Session, case: Case, action: Action, by: Actor, moment: datetime) -> None:
    said = messages.of_case(session, case.id)[0]
    if action in (Action.TRANSLATE, Action.TRANSCRIBE):
        translation = action is Action.TRANSLATE
        kind = VersionKind.TRANSLATION if translation else VersionKind.TRANSCRIPT
        wording = Wording("words", "en", VersionBy.STAFF, kind)
        translating.put_beside(session, case, said, wording, by=by, now=moment)
    elif action is Action.ASK_INTERPRETER:
        interpreting.ask(session, case, said, "my", "en", by=by, now=moment)
    elif held := holding.of_case(session, case.id):
        holding.drop(session, case, held[0], by=by, now=moment)
    else:
        holding.step(session, case, Action.REPLY, by=by, now=moment, text="words", language="en")


_OF_REMEDY = {
    Action.PLAN_REMEDY,
    Action.VERIFY_REMEDY,
    Action.RECORD_MONEY,
    Action.INVITE_FACTORY,
    Action.FACTORY_ANSWER,
}


def _take_remedy(session: Session, case: Case, action: Action, by: Actor, moment: datetime) -> None:
    """What is planned, and dropped again where it was: the other steps follow in their own tests."""
    if by is not SYSTEM:
        plan(session, case, by=by, now=moment)


_OF_PROTECTION = {
    Action.DECLARE,
    Action.BAR,
    Action.EXPORT,
    Action.REDACT,
    Action.HOLD,
    Action.RELEASE,
    Action.EXPIRE,
}


def _take_protection(
    session: Session,
    desk: Desk,
    case: Case,
    action: Action,
    by: Actor,
    moment: datetime,
    data: st.DataObject,
) -> None:
    if action is Action.DECLARE:
        conflicts.declare(session, case, by=by, now=moment)
    elif action is Action.BAR:
        accused = data.draw(st.sampled_from(["asha", "dilani", "boris"]))
        accuse(session, case, moment, getattr(desk.cast, accused))
        conflicts.refresh(session, case, moment, by)
    elif action is Action.EXPORT:
        wish, out = Wish("to the union"), io.BytesIO()
        handing_over.export(session, case, wish, out, new_passphrase(), by=by, now=moment)
    elif action is Action.REDACT:
        said = data.draw(st.sampled_from(messages.of_case(session, case.id)))
        wanted, everywhere = data.draw(st.sampled_from(["No", "ord"])), data.draw(st.booleans())
        why = RedactionReason.HURTS
        redacting.redact(session, case, said, wanted, why, everywhere=everywhere, by=by, now=moment)
    elif action in (Action.HOLD, Action.RELEASE):
        retaining.hold(session, case, action is Action.HOLD, by=by, now=moment)
    elif action is Action.EXPIRE:
        # Htwe has another case, so that she is there for the next example.
        reporter = session.get_one(Reporter, desk.cast.htwe.id)
        filing.open_case(session, reporter, Complaint((Piece("Another."),)), now=moment)
        retaining.expire(session, case, moment)


_HANDLED = (
    Action.PARTY,
    Action.INTERVIEW,
    Action.TASK,
    Action.CONSIDER,
    Action.FINDING,
)


def _handle(session: Session, case: Case, action: Action, by: Actor, moment: datetime) -> None:
    today = moment.date()
    if action is Action.PARTY:
        parties.add(session, case, About(PartyKind.WITNESS, "words"), by=by, now=moment)
    elif action is Action.INTERVIEW:
        talk = Talk(Whom.WORKER, today, Meeting.PHONE, True, "words")
        interviews.note(session, case, talk, by=by, now=moment, today=today)
    elif action is Action.TASK:
        to = session.get_one(Staff, by.staff_id)
        tasks.add(session, case, "words", today, to, by=by, now=moment)
    elif action is Action.CONSIDER:
        considering.consider(session, case, True, "words", by=by, now=moment)
    else:
        find_founded(session, case, by, moment)


def _fallen(past: list[CaseEvent]) -> list[str]:
    """The promises that fell away, as the events tell: by an action, or with the severity."""
    found: list[str] = []
    for event in past:
        found += event.data.get(promises.FELL_AWAY, ())
        moved = [event.data] if event.action is Action.RECALCULATE else event.data.get("moved", ())
        for one in moved:
            if one["after"] is None:
                found.append(one["promise"])
            elif one["before"] is None and one["promise"] in found:
                found.remove(one["promise"])
    return sorted(found)


def _check(session: Session, case: Case, kept: dict[int, Ends]) -> None:
    session.flush()
    past = events.history(session, case.id)
    assert events.first_broken(case, past) is None
    for earlier, later in pairwise(past):
        assert later.before is earlier.after
        assert later.at >= earlier.at
    for event in past[1:]:
        expected = lifecycle.TABLE[event.before or event.after, event.action]
        assert event.after is (expected.to or event.before)
        assert event.role in expected.roles

    clocks = promises.of_case(session, case.id)
    owed = [c for c in clocks if c.met_at is None and c.cancelled_at is None]
    assert case.next_due_at == min((c.due_at for c in owed), default=None)
    if case.status in lifecycle.ENDED:
        assert not owed
        assert not case.open_question
    elif case.status is Status.VERIFYING:
        assert {c.promise for c in owed} == {Promise.CONFIRMATION}  # it is the worker's turn
    else:
        assert owed, "it waits, and nobody would notice"
    missed = [event for event in past if event.action is Action.MISS]
    assert len(missed) == len([c for c in clocks if c.missed_at])
    for clock in clocks:
        if clock.met_at and clock.met_at > clock.due_at:
            assert clock.missed_at is not None
        assert clock.met_at is None or clock.cancelled_at is None
    for promise in Promise:
        rounds = sorted((c for c in clocks if c.promise is promise), key=lambda c: c.round)
        assert [c.round for c in rounds] == list(range(1, len(rounds) + 1))
        for clock, following in pairwise(rounds):
            ended = clock.met_at or clock.cancelled_at
            assert ended is not None
            assert ended <= following.started_at
    assert _fallen(past) == sorted(c.promise.value for c in clocks if c.cancelled_at)
    done = {c.id: (c.missed_at, c.met_at, c.cancelled_at) for c in clocks}
    for row, before in kept.items():
        for then, now_ in zip(before, done[row], strict=True):
            again = then == before[2] and now_ is None and not before[1]
            assert then is None or then == now_ or again, "what was missed or met stays so"
    kept |= done

    if case.restricted and case.assignee_id is not None:
        assert session.get_one(Staff, case.assignee_id).restricted_pool
    assert case.assignee_id not in seeing.conflicted_in(session, [case.id]).get(case.id, ())
    assert case.previous_assignee_id is None or case.assignee_id != case.previous_assignee_id
    assert (case.resolution is not None) == (case.status in (Status.RESOLVED, Status.CLOSED))


def test_a_step_refused_by_the_lifecycle_writes_no_event(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    with pytest.raises(NotAllowed):
        desk.act(reference, Action.CLOSE, now)
    assert desk.actions(reference) == [Action.FILE]
