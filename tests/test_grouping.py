"""Cases linked by hand: what each kind does, who sees it, and how it is taken away again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from casework import cases, filing, grouping, links
from casework.deadlines import promises
from casework.errors import BadInput, NotAllowed
from casework.filing import Complaint, Piece
from casework.ids import new_id
from casework.models import Case, Link, Outbox, Reporter, StaffNotice
from casework.searching import queue
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    LinkKind,
    Notice,
    Severity,
    StaffNoticeKind,
    Status,
)
from tests.desk import Desk

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Groups(Desk):
    """A desk that links cases."""

    def link(
        self,
        one: str,
        other: str,
        kind: LinkKind,
        now: datetime,
        by: str = "asha",
        *,
        same_worker: bool = False,
    ) -> None:
        with self.store.writing() as session:
            first, second = (cases.by_reference(session, r, lock=True) for r in (one, other))
            assert first
            assert second
            actor = self.cast.actor(by)
            grouping.link(session, first, second, kind, by=actor, now=now, same_worker=same_worker)

    def unlink(self, one: str, other: str, kind: LinkKind, now: datetime) -> None:
        with self.store.writing() as session:
            first, second = (cases.by_reference(session, r, lock=True) for r in (one, other))
            assert first
            assert second
            actor = self.cast.actor("asha")
            grouping.unlink(session, first, second, kind, by=actor, now=now)

    def end(self, reference: str, now: datetime, by: str = "asha") -> Case:
        with self.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case
            return grouping.end_duplicate(session, case, by=self.cast.actor(by), now=now)

    def other_worker(self, now: datetime, number: int = 1) -> Reporter:
        with self.store.writing() as session:
            row = new_id(now)
            reporter = Reporter(
                id=row,
                channel=Channel.TELEGRAM,
                address_index=session.vault.index("address.telegram", f"other-{number}"),
                address_sealed=b"",
                language="km",
                created_at=now,
            )
            session.add(reporter)
            return reporter

    def file_by(self, reporter: Reporter, now: datetime, **facts: object) -> str:
        with self.store.writing() as session:
            complaint = Complaint((Piece("No pay"),), **facts)  # type: ignore[arg-type]
            return filing.open_case(session, reporter, complaint, now=now).reference

    def linked(self, reference: str, by: str = "asha") -> set[str]:
        with self.store.reading() as session:
            case = self.case(reference)
            found = links.of_case(session, self.cast.actor(by), case)
            return {one.case.reference for one in found}

    def group(self, reference: str, by: str = "asha") -> list[str]:
        with self.store.reading() as session:
            found = links.group(session, self.cast.actor(by), self.case(reference))
            return [one.reference for one in found]


@pytest.fixture
def groups(desk: Desk) -> Groups:
    return Groups(desk.store, desk.cast)


@pytest.fixture
def any_groups(any_desk: Desk) -> Groups:
    return Groups(any_desk.store, any_desk.cast)


def test_a_link_by_hand_leaves_an_event_in_both_cases_that_names_who_did_it(
    any_groups: Groups, now: datetime
) -> None:
    one, other = (any_groups.file(now, "No pay") for _ in range(2))
    any_groups.link(one, other, LinkKind.COLLECTIVE, now)
    for reference, beside in ((one, other), (other, one)):
        event = any_groups.events(reference)[-1]
        assert (event.action, event.staff_id) == (Action.LINK, any_groups.cast.asha.id)
        assert event.data == {"case": any_groups.case(beside).id, "kind": "collective"}
    assert any_groups.linked(one) == {other}
    assert any_groups.notices(one) == any_groups.notices(other) == []


def test_the_one_received_first_is_the_first_whichever_page_it_was_linked_from(
    groups: Groups, now: datetime
) -> None:
    first, later = groups.file(now, "No pay"), groups.file(now + A_DAY, "They hit me for it")
    groups.link(later, first, LinkKind.RETALIATION, now + A_DAY)
    with groups.store.reading() as session:
        link = session.exec(select(Link)).one()
    assert (link.case_id, link.other_id) == (groups.case(first).id, groups.case(later).id)


def test_a_link_is_made_once_and_never_with_itself_or_between_practice_and_real_cases(
    groups: Groups, now: datetime
) -> None:
    one, other = (groups.file(now, "No pay") for _ in range(2))
    practice = groups.file(now, "No pay", practice=True)
    groups.link(one, other, LinkKind.COLLECTIVE, now)
    for a, b, says in (
        (other, one, "linked that way already"),
        (one, one, "the case itself"),
        (one, practice, "practice"),
    ):
        with pytest.raises(BadInput, match=says):
            groups.link(a, b, LinkKind.COLLECTIVE, now)
    assert len(groups.events(one)) == 2


def test_a_link_can_be_taken_away_and_both_cases_say_so(groups: Groups, now: datetime) -> None:
    one, other = (groups.file(now, "No pay") for _ in range(2))
    groups.link(one, other, LinkKind.COLLECTIVE, now)
    groups.unlink(other, one, LinkKind.COLLECTIVE, now)
    assert groups.linked(one) == set()
    for reference in (one, other):
        assert groups.actions(reference)[-2:] == [Action.LINK, Action.UNLINK]
    with pytest.raises(BadInput, match="not linked that way"):
        groups.unlink(one, other, LinkKind.COLLECTIVE, now)


def test_what_a_workers_answer_linked_stays_linked(groups: Groups, now: datetime) -> None:
    one, other = (groups.file(now, "No pay") for _ in range(2))
    with groups.store.writing() as session:
        first, second = (cases.by_reference(session, r, lock=True) for r in (one, other))
        assert first
        assert second
        links.link(session, first, second, LinkKind.RETALIATION, now=now)
    with pytest.raises(NotAllowed, match="own answer"):
        groups.unlink(one, other, LinkKind.RETALIATION, now)
    assert groups.linked(one) == {other}


# --- one matter of several workers ------------------------------------------------------------


def test_a_group_is_all_that_is_linked_as_one_matter_however_far_apart(
    any_groups: Groups, now: datetime
) -> None:
    found = [any_groups.file(now + n * A_DAY, "No water") for n in range(4)]
    for one, other in ((0, 1), (2, 1), (2, 3)):
        any_groups.link(found[one], found[other], LinkKind.COLLECTIVE, now + 5 * A_DAY)
    alone = any_groups.file(now, "No pay")
    assert all(any_groups.group(one) == found for one in found)
    assert any_groups.group(alone) == []


# --- what nobody sees who may not -------------------------------------------------------------


def test_a_linked_case_that_one_may_not_see_is_neither_listed_nor_in_the_group(
    groups: Groups, now: datetime
) -> None:
    one, other = (groups.file(now, "No water") for _ in range(2))
    hidden = groups.file(now, "He touched me", restricted=True)
    for beside in (one, other):
        groups.link(hidden, beside, LinkKind.COLLECTIVE, now, by="dilani")
    assert groups.linked(one, "dilani") == {hidden}
    assert groups.linked(one, "asha") == set()
    assert set(groups.group(one, "dilani")) == {one, other, hidden}
    assert groups.group(one, "asha") == []


# --- duplicates -------------------------------------------------------------------------------


def test_two_phones_are_one_worker_only_where_somebody_knows_it(
    groups: Groups, now: datetime
) -> None:
    one = groups.file(now, "No pay")
    other = groups.file_by(groups.other_worker(now), now)
    with pytest.raises(BadInput, match="different phones"):
        groups.link(one, other, LinkKind.DUPLICATE, now)
    groups.link(one, other, LinkKind.DUPLICATE, now, same_worker=True)
    assert groups.linked(one) == {other}


def test_a_duplicate_can_be_told_by_itself_so_that_no_figure_counts_it(
    any_groups: Groups, now: datetime
) -> None:
    first, later = any_groups.file(now, "No pay"), any_groups.file(now + A_DAY, "No pay!")
    any_groups.link(first, later, LinkKind.DUPLICATE, now + A_DAY)
    with any_groups.store.reading() as session:
        counted = session.exec(select(Case.reference).where(~links.is_duplicate()))
        assert list(counted) == [first]


def test_a_duplicate_ends_and_the_worker_is_told_where_it_goes_on(
    any_groups: Groups, now: datetime
) -> None:
    first, later = any_groups.file(now, "No pay"), any_groups.file(now + A_DAY, "No pay!")
    any_groups.link(first, later, LinkKind.DUPLICATE, now + A_DAY)
    case = any_groups.end(later, now + A_DAY)
    assert (case.status, case.next_due_at) == (Status.CLOSED, None)
    assert any_groups.notices(later) == [Notice.DUPLICATE]
    with any_groups.store.reading() as session:
        entry = session.exec(select(Outbox).where(Outbox.case_id == case.id)).one()
    assert entry.data == {"first": first}
    event = any_groups.events(later)[-1]
    assert event.data["fell-away"] == ["acknowledge", "triage", "first-reply"]
    assert not [c for c in any_groups.clocks(later).values() if promises.is_owed(c)]
    assert any_groups.case(first).status is Status.RECEIVED


def test_she_may_appeal_against_that_end_too(groups: Groups, now: datetime) -> None:
    first, later = groups.file(now, "No pay"), groups.file(now + A_DAY, "They shout, too")
    groups.link(first, later, LinkKind.DUPLICATE, now + A_DAY)
    groups.end(later, now + A_DAY)
    with pytest.raises(NotAllowed, match="has ended as a duplicate"):
        groups.unlink(first, later, LinkKind.DUPLICATE, now + A_DAY)
    groups.answer(later, Action.APPEAL, now + 2 * A_DAY, "This is about something else")
    assert groups.case(later).status is Status.APPEALED
    groups.unlink(first, later, LinkKind.DUPLICATE, now + 2 * A_DAY)


def test_only_the_later_case_of_the_same_worker_ends_as_a_duplicate(
    groups: Groups, now: datetime
) -> None:
    first, alone = groups.file(now, "No pay"), groups.file(now, "No water")
    other = groups.file_by(groups.other_worker(now), now + A_DAY)
    groups.link(first, other, LinkKind.DUPLICATE, now + A_DAY, same_worker=True)
    # The pointer would stand on a phone of which only somebody's word says that it is hers.
    for reference in (first, alone, other):
        with pytest.raises(NotAllowed, match="linked as a duplicate"):
            groups.end(reference, now + A_DAY)
    assert groups.notices(other) == []


def test_what_was_told_twice_is_restricted_if_either_is(groups: Groups, now: datetime) -> None:
    first = groups.file(now, "No pay")
    groups.assign(first, now, "asha")
    later = groups.file(now + A_DAY, "He touched me", restricted=True)
    groups.link(first, later, LinkKind.DUPLICATE, now + A_DAY, by="dilani")
    case = groups.case(first)
    assert (case.restricted, case.assignee_id) == (True, None)
    assert groups.events(first)[-1].data["unassigned"] == groups.cast.asha.id


# --- retaliation ------------------------------------------------------------------------------


def test_retaliation_makes_the_later_case_critical_and_tells_the_supervisors(
    any_groups: Groups, now: datetime
) -> None:
    first = any_groups.file(now, "No pay", category=Category.WAGES, kind="unpaid")
    later = any_groups.file(now + A_DAY, "They moved me", category=Category.CONTRACT)
    before = {p: clock.due_at for p, clock in any_groups.clocks(later).items()}
    any_groups.link(first, later, LinkKind.RETALIATION, now + A_DAY)
    case = any_groups.case(later)
    assert (case.severity, case.retaliation_risk) == (Severity.CRITICAL, True)
    assert any_groups.case(first).retaliation_risk
    assert any_groups.case(first).severity is Severity.SERIOUS
    assert all(c.due_at < before[p] for p, c in any_groups.clocks(later).items() if p in before)
    assert any_groups.events(later)[-1].data["severity"] == ["standard", "critical"]
    with any_groups.store.reading() as session:
        told = session.exec(select(StaffNotice)).all()
    assert [(one.staff_id, one.kind, one.urgent) for one in told] == [
        (any_groups.cast.boris.id, StaffNoticeKind.RETALIATION, True)
    ]


def test_retaliation_for_a_restricted_complaint_is_restricted(
    groups: Groups, now: datetime
) -> None:
    first = groups.file(now, "He touched me", restricted=True)
    later = groups.file(now + A_DAY, "They moved me")
    groups.assign(later, now + A_DAY, "asha")
    groups.link(first, later, LinkKind.RETALIATION, now + A_DAY, by="dilani")
    case = groups.case(later)
    assert (case.restricted, case.assignee_id) == (True, None)
    with groups.store.reading() as session:
        assert queue.find(session, groups.cast.actor("asha"), later) is None
        # Nobody is told of a case that they may not see.
        told = session.exec(select(StaffNotice.staff_id)).all()
    assert groups.cast.boris.id not in told


def test_an_ended_case_keeps_its_severity(groups: Groups, now: datetime) -> None:
    first, later = groups.file(now, "No pay"), groups.file(now + A_DAY, "They moved me")
    groups.answer(later, Action.WITHDRAW, now + A_DAY)
    groups.link(first, later, LinkKind.RETALIATION, now + A_DAY)
    assert groups.case(later).severity is Severity.STANDARD
    assert groups.case(later).retaliation_risk


def test_a_brand_links_nothing(groups: Groups, now: datetime) -> None:
    one, other = (groups.file(now, "No pay") for _ in range(2))
    with pytest.raises(NotAllowed):
        groups.link(one, other, LinkKind.COLLECTIVE, now, by="brigitte")
