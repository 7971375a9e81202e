"""Proof over all cases: whatever was changed, cut off, made anew or taken away is found and named."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session as PlainSession
from sqlmodel import delete, select

from casework.audit import anchoring, events, verifications
from casework.audit.anchoring import Kept
from casework.audit.proving import Found
from casework.cases import Triage
from casework.db import Session, Store
from casework.messaging import messages
from casework.models import (
    Anchor,
    AnchoredHead,
    Break,
    Case,
    CaseEvent,
    Verification,
)
from casework.vocabulary import Action, Category, Danger, Flaw, Severity
from recourse import audit_commands, cli, evidence_jobs
from tests.desk import Desk, prove_all

DAY = timedelta(days=1)


def anchors(store: Store, kept: Kept | None = None) -> list[Found]:
    with store.reading() as session:
        return anchoring.check(session, kept)[1]


def made(store: Store, now: datetime) -> Anchor:
    number = evidence_jobs.anchor(store, lambda: now)
    assert number is not None
    with store.reading() as session:
        return session.get_one(Anchor, number)


def three(desk: Desk, now: datetime) -> list[str]:
    """Three cases with a past."""
    found = [desk.file(now, f"No pay {number}") for number in range(3)]
    for reference in found:
        desk.walk(reference, now, Action.REPLY, Action.NOTE)
    return found


def rewrite(session: PlainSession, case: Case, past: list[CaseEvent]) -> None:
    """What somebody does who can write into the database: the whole chain made anew."""
    previous = b""
    for number, event in enumerate(past, 1):
        event.number = number
        event.hash = previous = events.chained(previous, event)
    case.event_count, case.head_hash = len(past), previous


def delete_case(session: Session, case_id: int) -> None:
    """What somebody does who wants a case never to have been."""
    for name in ("outbox", "clock", "issue", "caseevent", "message", "case"):
        table = Case.metadata.tables[name]
        of_case = table.c.id if name == "case" else table.c.case_id
        session.execute(table.delete().where(of_case == case_id))


def test_what_is_whole_is_proved_in_pieces_of_any_size(any_desk: Desk, now: datetime) -> None:
    three(any_desk, now)
    made(any_desk.store, now)
    for at_once in (1, 2, 3, 200):
        assert prove_all(any_desk.store, at_once) == []
    assert anchors(any_desk.store) == []


def _change_words(session: Session, case: Case, past: list[CaseEvent]) -> None:
    story = messages.of_case(session, case.id)[1]
    messages.reseal(session, story, "We promise nothing.")


def _delete_message(session: Session, case: Case, past: list[CaseEvent]) -> None:
    note = messages.of_case(session, case.id)[2]
    session.delete(note)


def _change_event(session: Session, case: Case, past: list[CaseEvent]) -> None:
    past[1].at = past[1].at + timedelta(days=1)


def _drop_event(session: Session, case: Case, past: list[CaseEvent]) -> None:
    session.delete(past[1])


def _drop_last(session: Session, case: Case, past: list[CaseEvent]) -> None:
    session.delete(past[-1])


def _swap_head(session: Session, case: Case, past: list[CaseEvent]) -> None:
    case.head_hash = past[0].hash


def _add_event(session: Session, case: Case, past: list[CaseEvent]) -> None:
    last = past[-1]
    forged = CaseEvent(**{**last.model_dump(), "id": last.id + 1, "number": last.number + 1})
    forged.hash = events.chained(last.hash, forged)
    session.add(forged)


def _change_intake(session: Session, case: Case, past: list[CaseEvent]) -> None:
    case.danger = Danger.NO


def _cut_with_the_case(session: Session, case: Case, past: list[CaseEvent]) -> None:
    session.delete(past[-1])
    session.flush()
    rewrite(session, case, past[:-1])


def _rewritten(session: Session, case: Case, past: list[CaseEvent]) -> None:
    past[1].at = past[1].at + timedelta(days=1)
    rewrite(session, case, past)


TAMPERINGS: dict[Callable[[Session, Case, list[CaseEvent]], None], tuple[Flaw, int]] = {
    _change_words: (Flaw.WORDS, 3),
    _delete_message: (Flaw.WORDS, 4),
    _change_event: (Flaw.HASH, 2),
    _drop_event: (Flaw.NUMBER, 2),
    _drop_last: (Flaw.CUT, 4),
    _swap_head: (Flaw.HEAD, 4),
    _add_event: (Flaw.ADDED, 5),
    _change_intake: (Flaw.INTAKE, 1),
    _cut_with_the_case: (Flaw.CUT, 4),
    _rewritten: (Flaw.REWRITTEN, 4),
}


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda one: one.__name__)
def test_whatever_is_done_to_a_case_is_found_and_named(
    any_desk: Desk,
    now: datetime,
    tamper: Callable[[Session, Case, list[CaseEvent]], None],
) -> None:
    references = three(any_desk, now)
    made(any_desk.store, now)
    with any_desk.store.writing() as session:
        case = session.exec(select(Case).where(Case.reference == references[1])).one()
        session.execute(sa.text("UPDATE outbox SET message_id = NULL"))
        tamper(session, case, events.history(session, case.id))
    flaw, number = TAMPERINGS[tamper]
    for at_once in (1, 200):
        assert prove_all(any_desk.store, at_once) == [Found(flaw, number, references[1], case.id)]


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("at_once", [1, 3, 200])
def test_a_case_that_was_deleted_is_missed_by_its_name(
    any_desk: Desk, now: datetime, which: int, at_once: int
) -> None:
    references = three(any_desk, now)
    made(any_desk.store, now)
    case = any_desk.case(references[which])
    with any_desk.store.writing() as session:
        delete_case(session, case.id)
    found = Found(Flaw.GONE, 4, references[which], case.id)
    assert prove_all(any_desk.store, at_once) == [found]


def test_a_changed_summary_is_found_and_an_older_case_without_digests_is_fine(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay")
    case = desk.triage(reference, now, summary="They are owed two months.")
    assert isinstance(desk.events(reference)[-1].data["summary"], str)
    desk.triage(reference, now, summary="")
    desk.triage(reference, now, summary="They are owed three months.")
    assert prove_all(desk.store) == []
    with desk.store.writing() as session:
        row = session.get_one(Case, case.id)
        messages.seal_summary(session, row, "They are owed nothing.")
    assert prove_all(desk.store) == [Found(Flaw.SUMMARY, 4, reference, case.id)]
    with desk.store.writing() as session:
        row = session.get_one(Case, case.id)
        past = events.history(session, row.id)
        for event in past:
            event.data = {k: v for k, v in event.data.items() if k not in ("summary", "filed")}
        rewrite(session, row, past)
        row.danger = Danger.NOW
    assert prove_all(desk.store) == []


def test_a_triage_by_anybody_writes_down_the_summary_it_left(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    found = Triage(Severity.SERIOUS, ((Category.WAGES, "unpaid"),), summary="Owed two months.")
    desk.triage(reference, now, found.severity, found.issues, summary=found.summary)
    data = desk.events(reference)[-1].data
    assert "Owed" not in str(data)
    assert len(data["summary"]) == 32


# --- anchors -------------------------------------------------------------------------------------


def test_an_anchor_is_made_once_a_day_of_the_cases_that_changed(
    any_desk: Desk, now: datetime
) -> None:
    store, references = any_desk.store, three(any_desk, now)
    first = made(store, now)
    assert (first.number, first.cases, first.day) == (1, 3, now.date() - DAY)
    assert evidence_jobs.anchor(store, lambda: now + timedelta(hours=13)) is None
    any_desk.add(references[0], now + DAY, "Still nothing.")
    second = made(store, now + DAY)
    assert (second.number, second.cases) == (2, 1)
    quiet = made(store, now + 2 * DAY)
    assert (quiet.number, quiet.cases) == (3, 0)
    assert len({first.hash, second.hash, quiet.hash}) == 3
    assert anchors(store) == []


def test_an_anchor_that_was_cut_off_while_it_was_made_is_finished(
    any_desk: Desk, now: datetime
) -> None:
    store, references = any_desk.store, three(any_desk, now)
    with store.writing() as session:
        anchoring.gather(session, 1, anchoring.changed(session, -1, 2))
    assert anchors(store) == []
    any_desk.add(references[0], now, "It goes on meanwhile.")
    assert made(store, now).cases == 4
    assert anchors(store) == []
    assert prove_all(store) == []


@pytest.mark.parametrize(
    ("statement", "number"),
    [
        ("UPDATE anchor SET cases = 5 WHERE number = 2", 2),
        ("UPDATE anchor SET day = '2020-01-01' WHERE number = 1", 1),
        ("DELETE FROM anchor WHERE number = 1", 1),
        ("DELETE FROM anchor WHERE number = 2", 2),
        ("DELETE FROM anchoredhead WHERE anchor = 1", 1),
        ("UPDATE anchoredhead SET events = 9 WHERE anchor = 2", 2),
    ],
)
def test_a_changed_anchor_is_found(
    any_desk: Desk, now: datetime, statement: str, number: int
) -> None:
    reference = any_desk.file(now, "No pay")
    for day in range(3):
        made(any_desk.store, now + day * DAY)
        any_desk.add(reference, now + day * DAY, "More.")
    with any_desk.store.writing() as session:
        session.execute(sa.text(statement))
    assert anchors(any_desk.store) == [Found(Flaw.ANCHOR, number)]


def test_an_anchor_made_without_the_key_does_not_fit(desk: Desk, now: datetime) -> None:
    desk.file(now, "No pay")
    made(desk.store, now)
    with desk.store.writing() as session:
        session.exec(delete(AnchoredHead))
        anchor = session.get_one(Anchor, 1)
        anchor.hash, anchor.cases = anchoring._hash(session, anchor, b"")
    assert anchors(desk.store) == [Found(Flaw.ANCHOR, 1)]


def test_with_an_anchor_kept_elsewhere_even_who_has_the_key_is_found_out(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "No pay")
    first = made(desk.store, now)
    kept = Kept(1, first.hash)
    assert anchors(desk.store, kept) == []
    with desk.store.writing() as session:
        session.exec(delete(AnchoredHead))
        session.exec(delete(Anchor))
    desk.add(reference, now, "Made up.")
    assert anchors(desk.store, kept) == [Found(Flaw.KEPT_ANCHOR, 1)]
    made(desk.store, now)
    assert anchors(desk.store) == []
    assert anchors(desk.store, kept) == [Found(Flaw.KEPT_ANCHOR, 1)]


# --- checks that are written down, and the command ----------------------------------------------------


def newest(store: Store) -> Verification:
    with store.reading() as session:
        found = verifications.newest(session)
        assert found
        return found


def test_a_check_begins_every_week_and_is_written_down(any_desk: Desk, now: datetime) -> None:
    store, references = any_desk.store, three(any_desk, now)
    made(store, now)
    with store.writing() as session:
        past = events.history(session, any_desk.case(references[2]).id)
        _change_event(session, session.get_one(Case, past[0].case_id), past)
    evidence_jobs.begin_if_due(store, lambda: now)
    running = newest(store)
    assert (running.ended_at, running.started_by) == (None, None)
    evidence_jobs.verify(store, lambda: now, 0)  # the anchors
    evidence_jobs.verify(store, lambda: now)
    ended = newest(store)
    assert (ended.cases, ended.events, ended.breaks, ended.anchors) == (3, 12, 1, 1)
    assert ended.ended_at == now
    with store.reading() as session:
        broken = session.exec(select(Break)).one()
    assert (broken.reference, broken.number, broken.flaw) == (references[2], 2, Flaw.HASH)
    evidence_jobs.begin_if_due(store, lambda: now + 6 * DAY)
    assert newest(store).id == running.id
    evidence_jobs.begin_if_due(store, lambda: now + 7 * DAY)
    assert newest(store).id != running.id


def test_a_piece_is_written_down_once_whoever_did_it(desk: Desk, now: datetime) -> None:
    three(desk, now)
    evidence_jobs.begin_if_due(desk.store, lambda: now)
    running = newest(desk.store)
    with desk.store.reading() as session:
        anchors_, piece = verifications.look(session, running)
    for _ in range(2):
        with desk.store.writing() as session:
            assert verifications.note(session, running, anchors_, piece, now)
    evidence_jobs.verify(desk.store, lambda: now)
    assert newest(desk.store).cases == 3


@pytest.fixture
def command(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.setattr(audit_commands, "open_store", lambda _settings: desk.store)
    return lambda *arguments: cli.main(["audit", *arguments])


def test_the_command_names_each_broken_case_and_fails(
    desk: Desk,
    now: datetime,
    command: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
) -> None:
    references = three(desk, now)
    assert command("anchor") == 0
    kept = capsys.readouterr().out.strip()
    assert command("verify", "--anchor", kept) == 0
    assert "All 3 cases are whole, 1 anchors fit." in capsys.readouterr().out
    with desk.store.writing() as session:
        case = desk.case(references[1])
        _change_event(session, case, events.history(session, case.id))
    assert command("verify") == 1
    told = capsys.readouterr()
    assert f"{references[1]}: the chain breaks at event 2. The event was changed." in told.out
    assert "1 of 3 cases are broken." in told.err
    assert command("verify", "--format", "json") == 1
    shape = json.loads(capsys.readouterr().out)
    assert shape["breaks"] == [{"case": references[1], "event": 2, "flaw": "hash"}]
    assert (shape["cases"], shape["broken"], shape["anchors"]) == (3, 1, 1)
    assert command("verify", "--anchor", "nonsense") == 1
    assert "NUMBER:HASH" in capsys.readouterr().err
