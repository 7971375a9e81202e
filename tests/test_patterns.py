"""What comes from one factory again and again: counted, among what one may see."""

from datetime import datetime, timedelta

import pytest

from casework import patterns, suggesting
from casework.models import Factory
from casework.patterns import Period
from casework.vocabulary import Action, Category, LinkKind
from tests.desk import Desk
from tests.test_grouping import Groups

WAGES = {"category": Category.WAGES, "kind": "unpaid"}
A_WEEK = timedelta(weeks=1)


@pytest.fixture
def groups(any_desk: Desk) -> Groups:
    return Groups(any_desk.store, any_desk.cast)


def _counts(
    desk: Desk, now: datetime, weeks: int = 8, by: str = "asha", *, practice: bool = False
) -> list[tuple[str, str, int, int]]:
    with desk.store.reading() as session:
        found = patterns.find(session, desk.cast.actor(by), Period(weeks, practice, now))
        return [(one.category.value, one.kind, one.count, one.open) for one in found.rows]


def _listed(desk: Desk, now: datetime, weeks: int = 8, by: str = "asha") -> list[str]:
    with desk.store.reading() as session:
        factory = session.get_one(Factory, desk.cast.golden_thread.id)
        period, actor = Period(weeks, False, now), desk.cast.actor(by)
        found = patterns.cases_of(session, actor, period, factory, Category.WAGES, "unpaid")
        return [row.reference for row in found]


def test_two_of_a_kind_at_a_factory_within_the_weeks_are_a_pattern(
    groups: Groups, now: datetime
) -> None:
    old, first, second = (
        groups.file(now - weeks * A_WEEK, "No pay", **WAGES) for weeks in (7, 3, 1)
    )
    groups.file(now - A_WEEK, "Heat", category=Category.HEALTH_AND_SAFETY, kind="heat")
    groups.file(now - A_WEEK, "No pay", factory=None, **WAGES)
    groups.answer(second, Action.WITHDRAW, now)
    assert _counts(groups, now) == [("WAG", "unpaid", 3, 2)]
    assert _counts(groups, now, 4) == [("WAG", "unpaid", 2, 1)]
    assert _listed(groups, now) == [second, first, old]
    assert _listed(groups, now, 4) == [second, first]


def test_what_one_may_not_see_is_not_counted_either(groups: Groups, now: datetime) -> None:
    for restricted in (True, True, False):
        groups.file(now - A_WEEK, "No pay", restricted=restricted, **WAGES)
    assert _counts(groups, now) == []
    assert len(_listed(groups, now)) == 1
    assert _counts(groups, now, by="dilani") == [("WAG", "unpaid", 3, 3)]
    assert _counts(groups, now, by="brigitte") == []


def test_practice_stands_apart_and_what_is_told_twice_counts_once(
    groups: Groups, now: datetime
) -> None:
    one, other = (groups.file(now - A_WEEK, "No pay", **WAGES) for _ in range(2))
    groups.file(now - A_WEEK, "No pay", practice=True, **WAGES)
    assert _counts(groups, now) == [("WAG", "unpaid", 2, 2)]
    assert _counts(groups, now, practice=True) == []
    groups.link(one, other, LinkKind.DUPLICATE, now)
    assert _counts(groups, now) == []
    assert len(_listed(groups, now)) == 1


def test_among_very_many_it_says_how_far_back_was_looked(
    groups: Groups, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "LOOKED_AT", 2)
    for weeks in (3, 2, 1):
        groups.file(now - weeks * A_WEEK, "No pay", **WAGES)
    with groups.store.reading() as session:
        found = patterns.find(session, groups.cast.actor("asha"), Period(8, False, now))
    assert [one.count for one in found.rows] == [2]
    assert found.back_to == now - 2 * A_WEEK


# --- what may belong to a case ----------------------------------------------------------------------


def _suggested(
    desk: Desk, reference: str, now: datetime, by: str = "asha"
) -> list[tuple[str, bool]]:
    with desk.store.reading() as session:
        found = suggesting.beside(session, desk.cast.actor(by), desk.case(reference), now)
        return [(one.row.reference, one.same_worker) for one in found]


def test_suggested_are_cases_of_the_same_worker_and_then_those_of_the_same_kind_there(
    groups: Groups, now: datetime
) -> None:
    mine = groups.file(now, "No pay", **WAGES)
    again = groups.file(now, "Something else", factory=None)
    with groups.store.reading() as session:
        there = session.get_one(Factory, groups.cast.golden_thread.id)
    other = groups.other_worker(now)
    alike = groups.file_by(other, now, factory=there, **WAGES)
    groups.file_by(other, now, factory=there, category=Category.WAGES, kind="late")
    groups.file_by(other, now, factory=None, **WAGES)
    groups.file_by(other, now, factory=there, practice=True, **WAGES)
    hidden = groups.file_by(other, now, factory=there, restricted=True, **WAGES)
    groups.file_by(other, now - 20 * A_WEEK, factory=there, **WAGES)
    assert _suggested(groups, mine, now) == [(again, True), (alike, False)]
    assert (hidden, False) in _suggested(groups, mine, now, "dilani")
    groups.link(mine, alike, LinkKind.COLLECTIVE, now)
    assert _suggested(groups, mine, now) == [(again, True)]
