"""What a worker does with her case: filing, adding, amending, answering."""

from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel, select

from casework import cases, filing
from casework.categories import CATEGORIES, starting_severity
from casework.db import Store
from casework.deadlines import promises
from casework.errors import BadInput, NotAllowed
from casework.filing import Piece
from casework.ids import new_id
from casework.lifecycle import APPEAL_WINDOW
from casework.media import attachments
from casework.messaging import messages
from casework.models import Attachment, Message, Reporter
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    Danger,
    Direction,
    HowMany,
    MediaKind,
    MessageKind,
    Promise,
    Relation,
    Resolution,
    Role,
    Severity,
    Since,
    Status,
)
from tests.desk import Desk

MARK = "ZEBRAFINCH"


# --- filing ---------------------------------------------------------------------------------


def test_a_filed_case_stands_with_its_first_event_and_its_clocks(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(
        now,
        "No pay",
        "since June",
        category=Category.WAGES,
        kind="unpaid",
        relation=Relation.WORKER,
        danger=Danger.NO,
        since=Since.MONTH,
        how_many=HowMany.MANY,
    )
    case = any_desk.case(reference)
    assert case.status is Status.RECEIVED
    assert (case.severity, case.category) == (Severity.SERIOUS, Category.WAGES)
    assert (case.relation, case.danger) == (Relation.WORKER, Danger.NO)
    assert (case.since, case.how_many) == (Since.MONTH, HowMany.MANY)
    assert case.factory_id == any_desk.cast.golden_thread.id
    assert (case.channel, case.language) == (Channel.TELEGRAM, "my")
    assert case.received_at == case.updated_at == now
    assert case.unread
    assert case.assignee_id is None
    assert any_desk.said(reference) == ["No pay", "since June"]

    (event,) = any_desk.events(reference)
    assert (event.number, event.action, event.role) == (1, Action.FILE, Role.WORKER)
    assert (event.before, event.after, event.at) == (None, Status.RECEIVED, now)
    assert event.staff_id is None

    clocks = any_desk.clocks(reference)
    assert set(clocks) == {
        Promise.ACKNOWLEDGE,
        Promise.TRIAGE,
        Promise.FIRST_REPLY,
        Promise.PROTECTION,
    }
    assert case.next_due_at == clocks[Promise.ACKNOWLEDGE].due_at
    assert any_desk.notices(reference) == []


def test_what_it_is_about_is_enough_and_so_is_a_story(desk: Desk, now: datetime) -> None:
    about = desk.case(desk.file(now, category=Category.DORMITORY, factory=None))
    assert (about.severity, about.factory_id) == (Severity.STANDARD, None)
    story = desk.case(desk.file(now, "Something is wrong"))
    assert (story.severity, story.category) == (Severity.STANDARD, None)


@pytest.mark.parametrize("pieces", [(), ("",), (" \n", "")])
def test_an_empty_complaint_is_refused(desk: Desk, now: datetime, pieces: tuple[str, ...]) -> None:
    with pytest.raises(BadInput):
        desk.file(now, *pieces)


def test_a_kind_of_another_category_is_left_out_rather_than_losing_the_complaint(
    desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, category=Category.WAGES, kind="sexual")
    with desk.store.reading() as session:
        (issue,) = cases.issues_of(session, desk.case(reference).id)
    assert (issue.category, issue.kind) == (Category.WAGES, "")
    assert not desk.case(reference).restricted


def test_danger_now_and_sexual_violence_are_critical_whatever_else() -> None:
    for category, danger in product([None, *Category], [None, *Danger]):
        for kind in CATEGORIES[category].kinds if category else ("",):
            found = starting_severity(category, kind, danger)
            if danger is Danger.NOW or (category, kind) == (Category.HARASSMENT, "sexual"):
                assert found is Severity.CRITICAL
            else:
                expected = CATEGORIES[category].least if category else Severity.STANDARD
                assert found is expected


def test_zero_tolerance_is_at_least_serious() -> None:
    for category, facts in CATEGORIES.items():
        if facts.zero_tolerance:
            assert facts.least in (Severity.CRITICAL, Severity.SERIOUS), category


def test_sexual_violence_is_restricted_and_critical_from_the_start(
    desk: Desk, now: datetime
) -> None:
    case = desk.case(desk.file(now, category=Category.HARASSMENT, kind="sexual"))
    assert case.restricted
    assert case.severity is Severity.CRITICAL
    assert case.next_due_at == now + timedelta(hours=24)
    verbal = desk.case(desk.file(now, category=Category.HARASSMENT, kind="verbal"))
    assert not verbal.restricted


def test_references_differ_and_tell_nothing_of_the_number_of_cases(
    desk: Desk, now: datetime
) -> None:
    found = {desk.file(now, "same words") for _ in range(20)}
    assert len(found) == 20


def test_nothing_that_anybody_wrote_stands_in_clear(
    any_desk: Desk, now: datetime, tmp_path: Path
) -> None:
    reference = any_desk.file(
        now, f"They said {MARK}", factory=None, factory_words=f"near {MARK}", category=None
    )
    any_desk.triage(reference, now, summary=f"Summary {MARK}")
    any_desk.act(reference, Action.REPLY, now, f"Reply {MARK}")
    any_desk.act(reference, Action.NOTE, now, f"Note {MARK}")
    any_desk.add(reference, now, Piece(f"More {MARK}", source=MARK))
    any_desk.answer(reference, Action.WITHDRAW, now, f"Because {MARK}")
    with any_desk.store.writing() as session:
        attachments.promised(session, any_desk.cast.htwe.id, MediaKind.PHOTO, MARK, now)
        attachments.received(
            session, any_desk.cast.htwe.id, MediaKind.DOCUMENT, MARK.encode(), "text/plain", now
        )
    assert sum(MARK in words for words in any_desk.said(reference)) == 5
    with any_desk.store.reading() as session:
        case = any_desk.case(reference)
        assert messages.factory_words(session, case) == f"near {MARK}"
        assert messages.summary(session, case) == f"Summary {MARK}"
        shown = [
            repr(tuple(row))
            for table in SQLModel.metadata.sorted_tables
            for row in session.execute(sa.select(table))
        ]
    for secret in (MARK, "990001"):
        assert not [row for row in shown if secret in row]
        assert not [
            file.name for file in tmp_path.iterdir() if secret.encode() in file.read_bytes()
        ]


# --- files ----------------------------------------------------------------------------------


def _photo(desk: Desk, now: datetime, reporter_id: int) -> int:
    with desk.store.writing() as session:
        return attachments.promised(session, reporter_id, MediaKind.PHOTO, "file-1", now).id


def _another_worker(desk: Desk, now: datetime) -> int:
    with desk.store.writing() as session:
        row = new_id(now)
        reporter = Reporter(
            id=row,
            channel=Channel.WEB,
            address_index=session.vault.index("address.web", "thida"),
            address_sealed=session.vault.seal_text("reporter", "address_sealed", row, "thida"),
            created_at=now,
        )
        session.add(reporter)
        return reporter.id


def test_a_photo_alone_is_a_complaint_and_belongs_to_its_case(
    any_desk: Desk, now: datetime
) -> None:
    photo = _photo(any_desk, now, any_desk.cast.htwe.id)
    reference = any_desk.file(now, Piece("look", attachment_id=photo))
    with any_desk.store.reading() as session:
        attachment = session.get_one(Attachment, photo)
        assert attachment.case_id == any_desk.case(reference).id
    (event,) = any_desk.events(reference)
    assert event.data["said"][0]["attachment"] == photo


def test_the_file_of_another_worker_is_refused_and_nothing_is_filed(
    any_desk: Desk, now: datetime
) -> None:
    foreign = _photo(any_desk, now, _another_worker(any_desk, now))
    with pytest.raises(NotAllowed):
        any_desk.file(now, "mine", Piece(attachment_id=foreign))
    reference = any_desk.file(now, "mine")
    with pytest.raises(NotAllowed):
        any_desk.add(reference, now, Piece(attachment_id=foreign))
    with any_desk.store.reading() as session:
        assert session.get_one(Attachment, foreign).case_id is None
        assert len(cases.of_reporter(session, any_desk.cast.htwe.id)) == 1
    assert any_desk.actions(reference) == [Action.FILE]


def test_a_file_that_is_gone_is_refused(desk: Desk, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        desk.file(now, Piece(attachment_id=12345))


def test_a_file_never_moves_from_one_case_to_another(desk: Desk, now: datetime) -> None:
    photo = _photo(desk, now, desk.cast.htwe.id)
    first = desk.file(now, Piece(attachment_id=photo))
    second = desk.file(now, "another matter")
    with pytest.raises(NotAllowed):
        desk.add(second, now, Piece(attachment_id=photo))
    with desk.store.reading() as session:
        assert session.get_one(Attachment, photo).case_id == desk.case(first).id


# --- adding ---------------------------------------------------------------------------------


def test_what_she_adds_answers_the_open_question_and_is_unread(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay")
    any_desk.act(reference, Action.ASK, now, "Since when?")
    asked = any_desk.case(reference)
    assert asked.open_question
    assert not asked.unread
    later = now + timedelta(hours=1)
    message = any_desk.add(reference, later, "Since June")
    case = any_desk.case(reference)
    assert not case.open_question
    assert case.unread
    assert case.updated_at == later
    assert case.status is Status.ACKNOWLEDGED
    assert (message.kind, message.direction) == (MessageKind.ADDITION, Direction.FROM_WORKER)
    assert any_desk.events(reference)[-1].data["answers"] is True


def test_an_edited_message_keeps_both_wordings_and_answers_nothing(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, Piece("No pay since Jnue", source="chat:7"))
    any_desk.act(reference, Action.ASK, now, "Since when?")
    htwe = any_desk.cast.htwe.id
    for wording in ("No pay since June", "No pay since July"):
        with any_desk.store.writing() as session:
            amended = filing.amend(session, htwe, "chat:7", wording, now=now)
            assert amended is not None
            assert amended.reference == reference
    assert any_desk.said(reference) == [
        "No pay since Jnue",
        "Since when?",
        "No pay since June",
        "No pay since July",
    ]
    case = any_desk.case(reference)
    assert case.open_question
    assert case.unread
    with any_desk.store.reading() as session:
        kinds = [m.kind for m in messages.of_case(session, case.id)]
    assert kinds[-2:] == [MessageKind.AMENDMENT] * 2


def test_an_edit_of_what_is_in_no_case_changes_nothing(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, Piece("No pay", source="chat:7"), Piece("from no chat"))
    other = _another_worker(desk, now)
    with desk.store.writing() as session:
        assert filing.amend(session, desk.cast.htwe.id, "chat:8", "x", now=now) is None
        assert filing.amend(session, other, "chat:7", "x", now=now) is None
    assert desk.said(reference) == ["No pay", "from no chat"]


def test_a_worker_may_add_to_a_case_that_has_ended(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    desk.answer(reference, Action.WITHDRAW, now)
    desk.add(reference, now, "They paid me")
    case = desk.case(reference)
    assert case.status is Status.WITHDRAWN
    assert case.unread
    assert desk.actions(reference) == [Action.FILE, Action.WITHDRAW, Action.ADD]


# --- answering ------------------------------------------------------------------------------

TO_OUTCOME = (Action.ACKNOWLEDGE, Action.INVESTIGATE, Action.CONCLUDE)


def test_she_confirms_and_the_case_is_resolved_because_she_said_so(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay")
    any_desk.walk(reference, now, *TO_OUTCOME)
    later = now + timedelta(days=3)
    case = any_desk.answer(reference, Action.CONFIRM, later)
    assert (case.status, case.resolution) == (Status.RESOLVED, Resolution.CONFIRMED)
    assert case.decided_at == later
    assert any_desk.case(reference).next_due_at is None


def test_she_disputes_with_her_reason_and_the_case_goes_to_somebody_else(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay")
    any_desk.assign(reference, now, "asha")
    any_desk.walk(reference, now, *TO_OUTCOME)
    any_desk.answer(reference, Action.DISPUTE, now, "  They paid half.  ")
    case = any_desk.case(reference)
    assert case.status is Status.APPEALED
    assert (case.assignee_id, case.previous_assignee_id) == (None, any_desk.cast.asha.id)
    assert (case.asked_at, case.decided_at, case.resolution) == (None, None, None)
    assert case.unread
    assert any_desk.said(reference)[-1] == "They paid half."
    event = any_desk.events(reference)[-1]
    assert (event.before, event.after) == (Status.VERIFYING, Status.APPEALED)
    assert "digest" in event.data


def test_after_an_appeal_who_told_the_outcome_does_not_take_it_up_assigned_or_not(
    any_desk: Desk, now: datetime
) -> None:
    reference = any_desk.file(now, "No pay")
    any_desk.walk(reference, now, Action.ACKNOWLEDGE, Action.REJECT)
    late = now + APPEAL_WINDOW
    any_desk.answer(reference, Action.APPEAL, late)
    assert any_desk.case(reference).previous_assignee_id == any_desk.cast.asha.id
    with pytest.raises(NotAllowed, match="somebody who did not handle"):
        any_desk.act(reference, Action.INVESTIGATE, late)
    any_desk.act(reference, Action.INVESTIGATE, late, by="dilani")
    with pytest.raises(NotAllowed, match="somebody who did not handle"):
        any_desk.act(reference, Action.CONCLUDE, late, "I still think so.")
    any_desk.act(reference, Action.CONCLUDE, late, "You are right.", by="dilani")


def test_an_appeal_comes_too_late_after_thirty_days(desk: Desk, now: datetime) -> None:
    reference = desk.file(now, "No pay")
    desk.walk(reference, now, Action.ACKNOWLEDGE, Action.REFER)
    with pytest.raises(NotAllowed, match="over"):
        desk.answer(reference, Action.APPEAL, now + APPEAL_WINDOW + timedelta(seconds=1))
    assert desk.case(reference).status is Status.REFERRED


def test_she_withdraws_and_all_open_promises_fall_away(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, "No pay")
    any_desk.act(reference, Action.ASK, now, "Since when?")
    later = now + timedelta(hours=1)
    case = any_desk.answer(reference, Action.WITHDRAW, later)
    assert (case.status, case.open_question) == (Status.WITHDRAWN, False)
    assert any_desk.case(reference).next_due_at is None
    clocks = any_desk.clocks(reference)
    assert clocks[Promise.OUTCOME].cancelled_at == later
    assert clocks[Promise.ACKNOWLEDGE].met_at == now
    assert clocks[Promise.ACKNOWLEDGE].cancelled_at is None
    fell_away = any_desk.events(reference)[-1].data[promises.FELL_AWAY]
    assert fell_away == ["triage", "investigate", "progress", "outcome"]


def test_an_answer_that_is_not_open_changes_nothing(any_desk: Desk, now: datetime) -> None:
    reference = any_desk.file(now, "No pay")
    for action in (Action.CONFIRM, Action.DISPUTE, Action.APPEAL, Action.REPLY, Action.RESOLVE):
        with pytest.raises(NotAllowed):
            any_desk.answer(reference, action, now, "reason")
    assert any_desk.actions(reference) == [Action.FILE]
    assert any_desk.said(reference) == ["No pay"]


def test_the_source_of_a_message_is_kept_as_a_keyed_hash_only(
    store: Store, desk: Desk, now: datetime
) -> None:
    desk.file(now, Piece("No pay", source="990001:7"))
    with store.reading() as session:
        (message,) = session.exec(select(Message))
    assert message.source_index is not None
    assert len(message.source_index) == 16
    assert b"990001" not in message.source_index
