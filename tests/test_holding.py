"""Words to the worker in another language: they wait for the worker's version, then both stand."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from casework import cases, conflicts, ties
from casework.db import Session, Store
from casework.errors import BadInput, NotAllowed
from casework.lifecycle import HANDLING_ROLES
from casework.messaging import beside, holding, interpreting, messages, translating
from casework.messaging.beside import Wording
from casework.models import Case, HeldWords, Interpreting, Message, SearchWord, Staff
from casework.searching.searchwords import key, words_of
from casework.vocabulary import (
    Action,
    Direction,
    MessageKind,
    Notice,
    Promise,
    Role,
    Status,
    VersionBy,
    VersionKind,
)
from tests.conftest import Cast
from tests.desk import Desk
from tests.protecting import accuse

ENGLISH = "We talk to the factory on Friday."
BURMESE = "သောကြာနေ့တွင် စက်ရုံနှင့် ပြောဆိုပါမည်။"


@pytest.fixture
def reference(any_desk: Desk, now: datetime) -> str:
    return any_desk.file(now, "လစာ မရသေးပါ")


def hold(desk: Desk, reference: str, now: datetime, action: Action = Action.REPLY) -> int:
    with desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        by = desk.cast.actor("asha")
        held = holding.step(session, case, action, by=by, now=now, text=ENGLISH, language="en")
        assert held
        return held.id


def opened(session: Session, reference: str, row: int) -> tuple[Case, HeldWords]:
    case = cases.by_reference(session, reference, lock=True)
    assert case
    held = holding.find(session, case, row, lock=True)
    assert held
    return case, held


def interpreter(desk: Desk, now: datetime, speaks: str = "my", **more: object) -> Staff:
    with desk.store.writing() as session:
        indra = session.get_one(Staff, desk.cast.indra.id)
        indra.speaks = speaks
        for name, value in more.items():
            setattr(indra, name, value)
        return indra


def test_nothing_is_done_or_sent_before_the_workers_version_is_there(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    hold(any_desk, reference, now)
    assert any_desk.case(reference).status is Status.RECEIVED
    assert any_desk.notices(reference) == []
    assert ENGLISH not in any_desk.said(reference)
    assert any_desk.clocks(reference)[Promise.FIRST_REPLY].met_at is None
    assert any_desk.actions(reference) == [Action.FILE, Action.HOLD_WORDS]


def test_a_promise_to_write_is_kept_when_the_words_go_out(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    row, later = hold(any_desk, reference, now), now + timedelta(hours=5)
    with any_desk.store.writing() as session:
        case, held = opened(session, reference, row)
        by = any_desk.cast.actor("asha")
        holding.translate(session, case, held, BURMESE, VersionBy.STAFF, by=by, now=later)
        holding.release(session, case, held, by=by, now=later)
    assert any_desk.clocks(reference)[Promise.FIRST_REPLY].met_at == later
    assert any_desk.notices(reference) == [Notice.REPLY]
    assert any_desk.actions(reference)[2:] == [
        Action.TRANSLATE,
        Action.ACKNOWLEDGE,
        Action.REPLY,
    ]


def test_the_worker_reads_hers_and_the_original_stays(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    row = hold(any_desk, reference, now)
    with any_desk.store.writing() as session:
        case, held = opened(session, reference, row)
        by = any_desk.cast.actor("asha")
        holding.translate(session, case, held, BURMESE, VersionBy.MACHINE, by=by, now=now)
        holding.release(session, case, held, by=by, now=now)
    with any_desk.store.reading() as session:
        found = cases.by_reference(session, reference)
        assert found
        message = messages.of_case(session, found.id)[-1]
        assert (messages.words(session, message), message.language) == (ENGLISH, "en")
        read = beside.for_worker(session, message, found.language)
        assert (read.words, read.machine) == (BURMESE, True)
        assert holding.of_case(session, found.id) == []


def test_words_in_the_workers_language_go_out_at_once(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    with any_desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        by = any_desk.cast.actor("asha")
        step = Action.REPLY
        assert not holding.step(session, case, step, by=by, now=now, text=BURMESE, language="my")
        message = messages.of_case(session, case.id)[-1]
        assert beside.for_worker(session, message, "my").words == BURMESE
    assert any_desk.notices(reference) == [Notice.REPLY]


def test_a_step_that_is_not_open_is_refused_and_not_held(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    with any_desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        by = any_desk.cast.actor("asha")
        with pytest.raises(NotAllowed):
            holding.step(session, case, Action.CONCLUDE, by=by, now=now, text="x", language="en")
        with pytest.raises(BadInput):
            holding.step(session, case, Action.REPLY, by=by, now=now, text="  ", language="en")
        assert holding.of_case(session, case.id) == []


def test_notes_among_colleagues_wait_for_nobody(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    with any_desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        by = any_desk.cast.actor("asha")
        assert not holding.step(
            session, case, Action.NOTE, by=by, now=now, text="Look.", language="en"
        )
    assert any_desk.said(reference)[-1] == "Look."


def test_held_words_are_sealed_and_not_found_by_a_search_before_they_are_sent(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    row = hold(any_desk, reference, now)
    with any_desk.store.reading() as session:
        held = session.get_one(HeldWords, row)
        assert b"factory" not in held.text_sealed
        word = key(session.vault, "friday")
        assert session.exec(select(SearchWord).where(SearchWord.word == word)).first() is None
    with any_desk.store.writing() as session:
        case, held = opened(session, reference, row)
        by = any_desk.cast.actor("asha")
        holding.translate(session, case, held, BURMESE, VersionBy.STAFF, by=by, now=now)
        holding.release(session, case, held, by=by, now=now)
    with any_desk.store.reading() as session:
        for text in (ENGLISH, BURMESE):
            for one in words_of(text):
                found = select(SearchWord).where(SearchWord.word == key(session.vault, one))
                assert session.exec(found).first(), one


def test_what_is_thrown_away_is_never_sent(any_desk: Desk, reference: str, now: datetime) -> None:
    row = hold(any_desk, reference, now)
    with any_desk.store.writing() as session:
        case, held = opened(session, reference, row)
        holding.drop(session, case, held, by=any_desk.cast.actor("asha"), now=now)
        assert holding.of_case(session, case.id) == []
        assert holding.find(session, case, row) is None
    assert any_desk.notices(reference) == []
    assert any_desk.actions(reference)[-1] is Action.DROP_WORDS


# --- interpreters ----------------------------------------------------------------------------


def ask(desk: Desk, reference: str, row: int, now: datetime) -> int:
    with desk.store.writing() as session:
        case, held = opened(session, reference, row)
        by = desk.cast.actor("asha")
        return interpreting.ask(session, case, held, "en", "my", by=by, now=now).id


def translated(desk: Desk, reference: str, row: int, now: datetime) -> bool:
    with desk.store.writing() as session:
        case, held = opened(session, reference, row)
        by = desk.cast.actor("indra")
        holding.translate(session, case, held, BURMESE, VersionBy.INTERPRETER, by=by, now=now)
        return holding.release_by_itself(session, case, held, now)


def test_what_an_interpreter_translated_is_sent_in_the_name_of_who_wrote_it(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    interpreter(any_desk, now)
    row = hold(any_desk, reference, now)
    ask(any_desk, reference, row, now)
    assert translated(any_desk, reference, row, now + timedelta(hours=1))
    last = any_desk.events(reference)[-1]
    assert (last.action, last.role, last.staff_id) == (
        Action.REPLY,
        Role.HANDLER,
        any_desk.cast.asha.id,
    )
    assert any_desk.notices(reference) == [Notice.REPLY]


def test_it_waits_for_a_person_where_the_worker_wrote_meanwhile(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    interpreter(any_desk, now)
    row = hold(any_desk, reference, now)
    any_desk.add(reference, now + timedelta(minutes=5), "လစာ ရပါပြီ")
    assert not translated(any_desk, reference, row, now + timedelta(hours=1))
    assert any_desk.notices(reference) == []
    with any_desk.store.writing() as session:
        case, held = opened(session, reference, row)
        version = holding.version_of(session, held)
        assert version
        assert version.made_by is VersionBy.INTERPRETER
        holding.release(session, case, held, by=any_desk.cast.actor("asha"), now=now)
    assert any_desk.notices(reference) == [Notice.REPLY]


def test_it_waits_where_the_writer_may_not_see_the_case_any_more(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    interpreter(any_desk, now, restricted_pool=True)
    row = hold(any_desk, reference, now)
    any_desk.triage(reference, now, restricted=True, by="dilani")
    assert not translated(any_desk, reference, row, now)


def able(desk: Desk, reference: str) -> list[int]:
    with desk.store.reading() as session:
        case = cases.by_reference(session, reference)
        assert case
        return [one.id for one in interpreting.able_for(session, case, "en", "my")]


def test_only_who_reads_and_writes_both_languages_is_asked(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    assert able(any_desk, reference) == []
    indra = interpreter(any_desk, now, "km my")
    assert able(any_desk, reference) == [indra.id]
    interpreter(any_desk, now, "my", language="vi")
    assert able(any_desk, reference) == []


def test_a_restricted_case_is_for_interpreters_of_its_pool_alone(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    indra = interpreter(any_desk, now)
    row = hold(any_desk, reference, now)
    job = ask(any_desk, reference, row, now)
    any_desk.triage(reference, now, restricted=True)
    assert able(any_desk, reference) == []
    with any_desk.store.reading() as session:
        assert interpreting.waiting(session, indra) == []
        assert interpreting.find(session, indra, job) is None
    indra = interpreter(any_desk, now, restricted_pool=True)
    with any_desk.store.reading() as session:
        assert [one.id for one in interpreting.waiting(session, indra)] == [job]


def test_an_interpreter_with_a_part_in_the_case_gets_nothing_of_it(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    indra = interpreter(any_desk, now)
    row = hold(any_desk, reference, now)
    job = ask(any_desk, reference, row, now)
    with any_desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        accuse(session, case, now, indra)
        conflicts.refresh(session, case, now, any_desk.cast.actor("asha"))
    with any_desk.store.reading() as session:
        assert interpreting.waiting(session, indra) == []
        assert interpreting.find(session, indra, job) is None
    assert able(any_desk, reference) == []


@pytest.mark.parametrize("to", ["factory", "brand"])
def test_an_interpreter_with_a_tie_gets_nothing_of_those_cases(
    any_desk: Desk, reference: str, now: datetime, to: str
) -> None:
    indra = interpreter(any_desk, now)
    job = ask(any_desk, reference, hold(any_desk, reference, now), now)
    tied = any_desk.cast.golden_thread if to == "factory" else any_desk.cast.aurora
    with any_desk.store.writing() as session:
        ties.declare(session, tied, "My aunt", by=any_desk.cast.actor("indra"), now=now)
    with any_desk.store.reading() as session:
        indra = session.get_one(Staff, indra.id)
        assert interpreting.waiting(session, indra) == []
        assert interpreting.find(session, indra, job) is None
    assert able(any_desk, reference) == []


def test_a_message_asked_of_one_interpreter_is_seen_by_no_other(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    indra = interpreter(any_desk, now)
    row = hold(any_desk, reference, now)
    with any_desk.store.writing() as session:
        other = Staff(
            id=row + 1,
            name="Other",
            email="other@example.org",
            role=Role.INTERPRETER,
            speaks="my",
            created_at=now,
        )
        session.add(other)
        session.flush()
        case, held = opened(session, reference, row)
        by = any_desk.cast.actor("asha")
        interpreting.ask(session, case, held, "en", "my", by=by, now=now, to=other)
        assert interpreting.waiting(session, indra) == []
        assert len(interpreting.waiting(session, other)) == 1


@pytest.mark.parametrize("role", sorted({*HANDLING_ROLES, Role.BRAND, Role.AUDITOR}))
def test_nobody_but_an_interpreter_has_messages_to_translate(
    role: Role, desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "လစာ မရသေးပါ")
    interpreter(desk, now)
    ask(desk, reference, hold(desk, reference, now), now)
    with desk.store.reading() as session:
        other = Staff.model_validate(
            {
                "id": 7,
                "name": "X",
                "email": "x@example.org",
                "role": role,
                "speaks": "my",
                "restricted_pool": True,
                "created_at": now,
            }
        )
        assert interpreting.waiting(session, other) == []


def test_a_message_of_the_worker_is_translated_and_written_down_beside_it(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    indra = interpreter(any_desk, now)
    with any_desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        (message,) = messages.of_case(session, case.id)
        asha, by = any_desk.cast.actor("asha"), any_desk.cast.actor("indra")
        job = interpreting.ask(session, case, message, "my", "en", by=asha, now=now)
        with pytest.raises(NotAllowed):
            interpreting.ask(session, case, message, "my", "en", by=asha, now=now)
        interpreting.done(
            session, case, job, "The wage has not come.", by=by, now=now, heard="လစာ မရသေးပါ"
        )
        assert interpreting.waiting(session, indra) == []
        kinds = [one.kind for one in beside.of_message(session, message)]
        assert kinds == [VersionKind.TRANSCRIPT, VersionKind.TRANSLATION]
        assert "The wage has not come." in messages.texts(session, case)
        assert beside.for_worker(session, message, "my").words == "လစာ မရသေးပါ"
    assert any_desk.actions(reference)[1:] == [
        Action.ASK_INTERPRETER,
        Action.TRANSCRIBE,
        Action.TRANSLATE,
    ]


def test_who_translates_it_takes_it_from_the_interpreters(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    indra = interpreter(any_desk, now)
    row = hold(any_desk, reference, now)
    job = ask(any_desk, reference, row, now)
    with any_desk.store.writing() as session:
        case, held = opened(session, reference, row)
        by = any_desk.cast.actor("asha")
        holding.translate(session, case, held, BURMESE, VersionBy.STAFF, by=by, now=now)
        assert interpreting.waiting(session, indra) == []
        assert session.get_one(Interpreting, job).done_by is None


def test_a_correction_is_one_more_and_the_newest_is_shown(
    any_desk: Desk, reference: str, now: datetime
) -> None:
    with any_desk.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        (message,) = messages.of_case(session, case.id)
        by = any_desk.cast.actor("asha")
        for text in ("First.", "Second."):
            wording = Wording(text, "en", VersionBy.STAFF)
            translating.put_beside(session, case, message, wording, by=by, now=now)
        (shown,) = beside.of_case(session, case.id)[message.id]
        assert beside.words(session, shown) == "Second."
        wording = Wording("  ", "en", VersionBy.STAFF)
        with pytest.raises(BadInput):
            translating.put_beside(session, case, message, wording, by=by, now=now)


def test_a_worker_who_is_forgotten_is_written_to_no_more(
    store: Store, cast: Cast, desk: Desk, now: datetime
) -> None:
    reference = desk.file(now, "လစာ မရသေးပါ")
    row = hold(desk, reference, now)
    with store.writing() as session:
        case, held = opened(session, reference, row)
        case.reporter_id, case.forgotten_at = None, now
        by = cast.actor("asha")
        holding.translate(session, case, held, BURMESE, VersionBy.STAFF, by=by, now=now)
        with pytest.raises(NotAllowed, match="forgotten"):
            holding.release(session, case, held, by=by, now=now)


def test_only_messages_to_the_worker_are_read_in_another_version(
    any_desk: Desk, now: datetime
) -> None:
    with any_desk.store.reading() as session:
        note = Message(
            id=1,
            case_id=1,
            at=now,
            direction=Direction.INTERNAL,
            kind=MessageKind.NOTE,
            language="",
            text_sealed=session.vault.seal_text("message", "text_sealed", 1, "note"),
        )
        assert beside.for_worker(session, note, "my", []).words == "note"
