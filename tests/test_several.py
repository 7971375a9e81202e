"""Several cases at once: each looked at by itself, nothing half-done, one worker one message."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlmodel import col, select

from casework import detaching, several
from casework.deadlines import promises
from casework.errors import BadInput
from casework.ids import new_id
from casework.models import Case, Link, Outbox, Reporter
from casework.several import AT_MOST, Marks, Result, Way
from casework.vocabulary import Action, Contact, Notice, Status
from tests.desk import Desk
from tests.test_grouping import Groups

A_DAY = timedelta(days=1)


@pytest.fixture
def groups(desk: Desk) -> Groups:
    return Groups(desk.store, desk.cast)


@pytest.fixture
def any_groups(any_desk: Desk) -> Groups:
    return Groups(any_desk.store, any_desk.cast)


def _marks(desk: Desk, *references: str) -> Marks:
    return {one: desk.case(one).event_count for one in references}


def _write(
    desk: Desk, marks: Marks, now: datetime, texts: dict[str, str] | None = None, by: str = "asha"
) -> Result:
    said = texts or {"my": "မင်္ဂလာပါ", "km": "សួស្តី"}
    with desk.store.writing() as session:
        return several.write(session, marks, said, by=desk.cast.actor(by), now=now)


def _assign(desk: Desk, marks: Marks, to: str, now: datetime, by: str = "boris") -> Result:
    with desk.store.writing() as session:
        staff = session.merge(getattr(desk.cast, to))
        return several.assign(session, marks, staff, by=desk.cast.actor(by), now=now)


def _entries(desk: Desk, *notices: Notice) -> list[Outbox]:
    with desk.store.reading() as session:
        statement = select(Outbox).where(col(Outbox.notice).in_(notices))
        return list(session.exec(statement.order_by(col(Outbox.id))))


def _done(result: Result) -> list[str]:
    return [case.reference for case in result.done]


# --- one worker, one message --------------------------------------------------------------------


def test_a_worker_with_two_cases_gets_one_message_that_stands_in_both(
    any_groups: Groups, now: datetime
) -> None:
    two = [any_groups.file(now + n * A_DAY, "No pay") for n in range(2)]
    result = _write(any_groups, _marks(any_groups, *two), now + 2 * A_DAY)
    assert sorted(_done(result)) == sorted(two)
    assert [any_groups.said(one)[-1] for one in two] == ["မင်္ဂလာပါ"] * 2
    (entry,) = _entries(any_groups, Notice.REPLY)
    assert entry.case_id == any_groups.case(two[1]).id
    # It kept what was promised in both.
    assert all(any_groups.case(one).status is Status.ACKNOWLEDGED for one in two)


def test_an_open_case_is_written_to_rather_than_a_newer_one_that_has_ended(
    groups: Groups, now: datetime
) -> None:
    first, later = groups.file(now, "No pay"), groups.file(now + A_DAY, "No water")
    groups.walk(later, now + A_DAY, Action.ACKNOWLEDGE, Action.REFER)
    _write(groups, _marks(groups, first, later), now + 2 * A_DAY)
    (entry,) = _entries(groups, Notice.REPLY)
    assert entry.case_id == groups.case(first).id


def test_each_worker_reads_their_own_language_and_who_has_no_text_is_named(
    groups: Groups, now: datetime
) -> None:
    hers, his = groups.file(now, "No pay"), groups.file_by(groups.other_worker(now), now)
    result = _write(groups, _marks(groups, hers, his), now, {"my": "မင်္ဂလာပါ", "km": " "})
    assert _done(result) == [hers]
    assert [one for one, _why in result.failed] == [his]
    assert groups.said(his) == ["No pay"]
    with pytest.raises(BadInput, match="Write the message"):
        _write(groups, _marks(groups, hers), now, {"my": "  "})


workers = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.sampled_from(["open", "ended", "withdrawn", "hidden", "changed"]),
    ),
    min_size=1,
    max_size=4,
)


@given(lives=st.lists(workers, min_size=1, max_size=3))
@examples(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_the_cases_each_worker_gets_exactly_one_message(
    groups: Groups, now: datetime, lives: list[list[tuple[int, str]]]
) -> None:
    before = {entry.id for entry in _entries(groups, Notice.REPLY)}
    chosen: dict[str, int] = {}
    expected: set[int] = set()
    for life in lives:
        reporter = groups.other_worker(now, new_id(now))
        for count, state in life:
            for _ in range(count):
                reference = groups.file_by(reporter, now, restricted=state == "hidden")
                if state == "ended":
                    groups.walk(reference, now, Action.ACKNOWLEDGE, Action.REFER)
                elif state == "withdrawn":
                    groups.answer(reference, Action.WITHDRAW, now)
                chosen[reference] = groups.case(reference).event_count
                if state == "changed":
                    groups.add(reference, now, "And more")
                if state in ("open", "ended"):
                    expected.add(reporter.id)
    for _twice in range(2):
        result = _write(groups, chosen, now)
        fresh = [e for e in _entries(groups, Notice.REPLY) if e.id not in before]
        assert Counter(entry.reporter_id for entry in fresh) == dict.fromkeys(expected, 1)
        assert len(result.done) + len(result.failed) == len(chosen)
    assert not result.done


def test_how_each_worker_is_reached_is_said_before_anything_is_sent(
    groups: Groups, now: datetime
) -> None:
    states = [Contact.NEVER, "gone", "forgotten"]
    for number, state in enumerate(states, 1):
        reporter = groups.other_worker(now, number)
        groups.file_by(reporter, now)
        with groups.store.writing() as session:
            found = session.get_one(Reporter, reporter.id)
            if state is Contact.NEVER:
                found.contact = Contact.NEVER
            elif state == "gone":
                found.unreachable_since = now
            else:
                detaching.forget(session, found, withdraw=False, now=now)
    groups.file(now, "No pay")
    with groups.store.reading() as session:
        every = list(session.exec(select(Case).order_by(col(Case.id))))
        ways = [worker.way for worker in several.workers(session, every)]
    assert Counter(ways) == Counter([Way.ON_RETURN, Way.LATER, Way.NOBODY, Way.REACHED])


# --- each case by itself ------------------------------------------------------------------------


def test_what_is_not_open_for_one_case_holds_up_no_other_and_is_said(
    any_groups: Groups, now: datetime
) -> None:
    good, ended = (any_groups.file(now, "No pay") for _ in range(2))
    any_groups.answer(ended, Action.WITHDRAW, now)
    marks = _marks(any_groups, good, ended)
    result = _assign(any_groups, marks, "asha", now)
    assert _done(result) == [good]
    assert [reference for reference, _why in result.failed] == [ended]
    assert any_groups.case(good).assignee_id == any_groups.cast.asha.id
    assert any_groups.case(ended).event_count == marks[ended]


def test_a_case_one_may_not_see_is_the_same_as_none(groups: Groups, now: datetime) -> None:
    hidden = groups.file(now, "He touched me", restricted=True)
    for reference in (hidden, "RC-7K3M-9Q2T"):
        result = _assign(groups, {reference: 1}, "asha", now)
        ((named, why),) = result.failed
        assert (named, why) == (
            reference,
            "There is no such case, or you may not see it.",
        )
    assert groups.actions(hidden) == [Action.FILE]


def test_a_restricted_case_goes_only_to_the_pool_and_the_others_go_anyway(
    groups: Groups, now: datetime
) -> None:
    plain, hidden = groups.file(now, "No pay"), groups.file(now, "…", restricted=True)
    result = _assign(groups, _marks(groups, plain, hidden), "asha", now, by="dilani")
    assert _done(result) == [plain]
    assert "restricted pool" in result.failed[0][1]


def test_what_somebody_changed_meanwhile_is_left_alone(groups: Groups, now: datetime) -> None:
    reference = groups.file(now, "No pay")
    marks = _marks(groups, reference)
    groups.add(reference, now, "And no food")
    result = _assign(groups, marks, "asha", now)
    assert "changed this case meanwhile" in result.failed[0][1]
    assert groups.case(reference).assignee_id is None


def test_a_step_that_fails_half_way_leaves_nothing_of_it(
    groups: Groups, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = (groups.file(now, "No pay") for _ in range(2))
    real = promises.follow

    def fail_for_bad(session, case, action, at):  # type: ignore[no-untyped-def]
        if case.reference == bad and action is Action.REPLY:
            raise BadInput("The calendar can't be used.")
        return real(session, case, action, at)

    monkeypatch.setattr(promises, "follow", fail_for_bad)
    result = _write(groups, _marks(groups, good, bad), now)
    assert _done(result) == [good]
    assert groups.said(bad) == ["No pay"]
    assert groups.actions(bad) == [Action.FILE]
    assert groups.case(bad).status is Status.RECEIVED
    (entry,) = _entries(groups, Notice.REPLY)
    assert entry.case_id == groups.case(good).id


def test_more_than_two_hundred_are_refused(groups: Groups, now: datetime) -> None:
    with pytest.raises(BadInput, match="At most 200"):
        _assign(groups, {f"RC-{n}": 1 for n in range(AT_MOST + 1)}, "asha", now)


# --- one matter -----------------------------------------------------------------------------------


def test_cases_become_one_matter_with_the_first_of_them(any_groups: Groups, now: datetime) -> None:
    found = [any_groups.file(now + n * A_DAY, "No water") for n in range(3)]
    with any_groups.store.writing() as session:
        by = any_groups.cast.actor("asha")
        marks = _marks(any_groups, *reversed(found))
        result = several.collect(session, marks, by=by, now=now + 4 * A_DAY)
    assert sorted(_done(result)) == sorted(found)
    with any_groups.store.reading() as session:
        pairs = session.exec(select(Link.case_id, Link.other_id)).all()
    rows = [any_groups.case(one).id for one in found]
    assert sorted(pairs) == [(rows[0], rows[1]), (rows[0], rows[2])]
    assert any_groups.group(found[1]) == found


def test_one_case_is_no_group(groups: Groups, now: datetime) -> None:
    reference = groups.file(now, "No water")
    by, marks = groups.cast.actor("asha"), _marks(groups, reference)
    with groups.store.writing() as session, pytest.raises(BadInput, match="at least two"):
        several.collect(session, marks, by=by, now=now)
