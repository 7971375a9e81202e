"""Workers with a verified remedy: each once, when it was delivered to them, and nobody before."""

from datetime import UTC, date, datetime, timedelta

import pytest

from casework import cases
from casework.db import Store
from casework.figures import statistics
from casework.figures.measures import Measure
from casework.figures.periods import Period
from casework.figures.tables import Table
from casework.models import LedgerEntry, PersonGroup
from casework.remedy import ledger, verifying
from casework.remedy.ledger import Line
from casework.vocabulary import Action, Category, LedgerKind, VerifiedBy
from tests.conftest import Cast
from tests.office import Office
from tests.plan import plan
from tests.slow_figures import recount

A = Action
REMEDIED = Table(Measure.REMEDIED)
A_DAY = timedelta(days=1)
AUGUST, SEPTEMBER, OCTOBER, NOVEMBER = (
    datetime(2026, month, 17, 3, tzinfo=UTC) for month in (8, 9, 10, 11)
)
OWED, PAID = LedgerKind.OWED, LedgerKind.PAID


class Putting:
    """A case that is put right, step by step."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.reference = office.file(AUGUST, "No pay", category=Category.WAGES)
        office.walk(self.reference, AUGUST, A.ACKNOWLEDGE, A.INVESTIGATE)

    def group(self, persons: int, at: datetime) -> int:
        with self.office.store.writing() as session:
            case = cases.by_reference(session, self.reference, lock=True)
            assert case
            actor = self.office.cast.actor("asha")
            return ledger.add_group(session, case, "Line 4", persons, by=actor, now=at).id

    def note(self, group: int, kind: LedgerKind, amount: int, at: datetime) -> int:
        with self.office.store.writing() as session:
            case = cases.by_reference(session, self.reference, lock=True)
            assert case
            line = Line(kind, "USD", amount, at.date())
            row = session.get_one(PersonGroup, group)
            actor = self.office.cast.actor("asha")
            return ledger.record(session, case, row, line, by=actor, now=at).id

    def take_back(self, entry: int, at: datetime) -> None:
        with self.office.store.writing() as session:
            case = cases.by_reference(session, self.reference, lock=True)
            assert case
            row = session.get_one(LedgerEntry, entry)
            actor = self.office.cast.actor("asha")
            ledger.reverse(session, case, row, "Wrong people.", by=actor, now=at)

    def verify(self, at: datetime) -> None:
        with self.office.store.writing() as session:
            case = cases.by_reference(session, self.reference, lock=True)
            assert case
            action = plan(session, case, by=self.office.cast.actor("asha"), now=at)
            session.flush()
            looked = verifying.Finding(True, VerifiedBy.VISIT, at.date(), "We looked.")
            boris = self.office.cast.actor("boris")
            verifying.verify(session, case, action, looked, by=boris, now=at)

    def months(self) -> list[int]:
        """How many workers of August to November; recounted slowly, too."""
        found = []
        with self.office.store.reading() as session:
            for month in (8, 9, 10, 11):
                period = Period(date(2026, month, 1), date(2026, month + 1, 1))
                sheet = statistics.count(session, period, [REMEDIED])
                assert recount(session, period, [REMEDIED])[0] == dict(sheet.counts)
                found.append(sheet.counts.get((Measure.REMEDIED, ()), 0))
            year = statistics.count(session, Period.year(2026), [REMEDIED])
            assert year.counts.get((Measure.REMEDIED, ()), 0) == sum(found)
        return found


@pytest.fixture
def case(store: Store) -> Putting:
    return Putting(Office(store, Cast(store, AUGUST)))


def test_without_money_it_is_whoever_complained_and_looking_again_adds_nobody(
    case: Putting,
) -> None:
    case.verify(AUGUST)
    case.verify(OCTOBER)
    assert case.months() == [1, 0, 0, 0]


def test_people_whose_money_is_noted_only_later_count_when_they_are_paid(case: Putting) -> None:
    group = case.group(12, AUGUST)
    case.verify(AUGUST)
    case.note(group, OWED, 1200, SEPTEMBER)
    assert case.months() == [1, 0, 0, 0]
    case.note(group, PAID, 1200, OCTOBER)
    assert case.months() == [1, 0, 11, 0]


def test_people_who_are_found_later_count_when_they_are_paid(case: Putting) -> None:
    first = case.group(12, AUGUST)
    case.note(first, OWED, 1200, AUGUST)
    case.verify(AUGUST)
    case.note(first, PAID, 1200, SEPTEMBER)
    assert case.months() == [0, 12, 0, 0]
    second = case.group(5, OCTOBER)
    case.note(second, OWED, 500, OCTOBER)
    case.note(second, PAID, 300, OCTOBER)
    assert case.months() == [0, 12, 0, 0]
    case.note(second, PAID, 200, NOVEMBER)
    assert case.months() == [0, 12, 0, 5]


def test_a_group_that_was_mistyped_and_typed_anew_was_never_there(case: Putting) -> None:
    wrong = case.group(120, AUGUST)
    owed, paid = (case.note(wrong, kind, 1200, AUGUST) for kind in (OWED, PAID))
    case.verify(AUGUST)
    assert case.months() == [120, 0, 0, 0]
    case.take_back(paid, SEPTEMBER)
    case.take_back(owed, SEPTEMBER)
    right = case.group(12, SEPTEMBER)
    case.note(right, OWED, 1200, SEPTEMBER)
    assert case.months() == [1, 0, 0, 0]
    case.note(right, PAID, 1200, SEPTEMBER)
    assert case.months() == [1, 11, 0, 0]


def test_a_group_that_was_added_by_mistake_counts_for_nobody(case: Putting) -> None:
    case.group(120, AUGUST)
    right = case.group(12, AUGUST)
    case.note(right, OWED, 1200, AUGUST)
    case.note(right, PAID, 1200, AUGUST)
    case.verify(AUGUST)
    assert case.months() == [12, 0, 0, 0]
