"""The figures of a period, edge by edge: the second it begins, the day a factory changes hands, what
is a correction and what stays as it was."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from casework import cases, detaching, factories, facts, grouping, parties, retaliation
from casework.actors import SYSTEM
from casework.db import Store
from casework.errors import BadInput
from casework.factories import SupplyFacts
from casework.figures import spreads, statistics
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import BRAND_TABLES, Sheet, Spread, Table, by
from casework.findings import Found
from casework.models import Factory, Reporter, Supply
from casework.parties import About
from casework.remedy import ledger, verifying
from casework.remedy.ledger import Line
from casework.taking_in import importing, taking_up
from casework.taking_in.pastcases import Reading
from casework.vocabulary import (
    Action,
    Category,
    Finding,
    Gravity,
    Inadmissible,
    LedgerKind,
    LinkKind,
    PartyKind,
    Promise,
    Scope,
    VerifiedBy,
)
from tests.conftest import Cast
from tests.office import Office
from tests.plan import plan
from tests.test_past_cases import ENDED, OPEN, as_csv

D, M, A = Dimension, Measure, Action
Q3, Q4 = Period.quarter(2026, 3), Period.quarter(2026, 4)
A_DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
AUGUST = datetime(2026, 8, 17, 3, tzinfo=UTC)
"""A Monday, ten in the morning in Phnom Penh."""


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store, Cast(store, AUGUST))


def sheet(office: Office, period: Period, *tables: Table, brand: str = "") -> Sheet:
    brand_id = getattr(office.cast, brand).id if brand else None
    with office.store.reading() as session:
        return statistics.count(session, period, tables or BRAND_TABLES, brand_id=brand_id)


def number(office: Office, period: Period, measure: Measure, brand: str = "", **cell: str) -> int:
    """One figure: ``number(office, Q3, M.DECIDED, outcome="founded")``."""
    said = by({D(name): value for name, value in cell.items()})
    table = Table(measure, tuple(dimension for dimension, _ in said))
    return sheet(office, period, table, brand=brand).counts.get((measure, said), 0)


# --- days ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("at", "third", "fourth"),
    [
        (datetime(2026, 6, 30, 23, 59, 59, tzinfo=UTC), 0, 0),
        (datetime(2026, 7, 1, tzinfo=UTC), 1, 0),
        (datetime(2026, 9, 30, 23, 59, 59, 999999, tzinfo=UTC), 1, 0),
        (datetime(2026, 10, 1, tzinfo=UTC), 0, 1),
        # In Phnom Penh it is October already; days are those of Greenwich.
        (datetime(2026, 10, 1, 6, 59, tzinfo=ZoneInfo("Asia/Phnom_Penh")), 1, 0),
    ],
)
def test_a_case_counts_in_the_quarter_in_which_it_came_in_to_the_second(
    office: Office, at: datetime, third: int, fourth: int
) -> None:
    office.file(at, "No pay")
    assert number(office, Q3, M.RECEIVED) == third
    assert number(office, Q4, M.RECEIVED) == fourth


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ([1.0], Spread(1, 1.0, 1.0)),
        ([1.0, 2.0], Spread(2, 1.0, 2.0)),
        ([3.0, 1.0, 2.0], Spread(3, 2.0, 3.0)),
        ([float(n) for n in range(1, 11)], Spread(10, 5.0, 9.0)),
        ([float(n) for n in range(1, 12)], Spread(11, 6.0, 10.0)),
        ([0.0] * 9 + [50.0], Spread(10, 0.0, 0.0)),
        ([0.0] * 8 + [50.0] * 2, Spread(10, 0.0, 50.0)),
    ],
)
def test_median_and_90th_percentile_are_values_that_were(
    days: list[float], expected: Spread
) -> None:
    assert spreads.spread([spreads.tenths(timedelta(days=one)) for one in days]) == expected


@pytest.mark.parametrize(
    ("taken", "tenths"),
    [
        (timedelta(), 0),
        (timedelta(hours=1, minutes=11, seconds=59), 0),
        (timedelta(hours=1, minutes=12), 1),
        (timedelta(days=2), 20),
        (timedelta(days=2, hours=3, minutes=36), 22),
    ],
)
def test_days_are_told_to_one_tenth(taken: timedelta, tenths: int) -> None:
    assert spreads.tenths(taken) == tenths


def test_nothing_has_no_median(office: Office) -> None:
    assert sheet(office, Q3, Table(M.DAYS, (D.PROMISE,))).spreads == {}
    with pytest.raises(ValueError, match="median"):
        spreads.spread([])


# --- whose it is --------------------------------------------------------------------------------


def supply(office: Office, brand: str, since: str, until: str = "", tier: int = 1) -> None:
    with office.store.writing() as session:
        factory = session.get_one(Factory, office.cast.golden_thread.id)
        last = date.fromisoformat(until) if until else None
        scope = Scope.OWN if tier == 0 else Scope.SUPPLY_CHAIN
        facts_of = SupplyFacts(brand, scope, tier, date.fromisoformat(since), last)
        found = factories.link(session, factory, facts_of, AUGUST)
        assert isinstance(found, Supply)


def test_a_factory_of_two_brands_stands_under_both_and_once_in_the_total(office: Office) -> None:
    supply(office, "BOREALIS", "2026-01-01", tier=0)
    office.file(AUGUST, "No pay")
    assert number(office, Q3, M.RECEIVED) == 1
    for brand, scope in (("AURORA", "supply-chain"), ("BOREALIS", "own")):
        assert number(office, Q3, M.RECEIVED, brand=brand.lower()) == 1
        cell = sheet(office, Q3, Table(M.RECEIVED, (D.BRAND, D.SCOPE))).counts
        assert cell[M.RECEIVED, ((D.BRAND, brand), (D.SCOPE, scope))] == 1
    assert number(office, Q3, M.SITES) == 1
    found = sheet(office, Q3, Table(M.WORKERS, (D.SCOPE,))).counts
    assert found == {
        (M.WORKERS, ()): 1200,
        (M.WORKERS, ((D.SCOPE, "own"),)): 1200,
        (M.WORKERS, ((D.SCOPE, "supply-chain"),)): 1200,
    }


def test_a_brand_never_sees_the_other_brand_of_its_factory(office: Office) -> None:
    supply(office, "BOREALIS", "2026-01-01", tier=0)
    office.file(AUGUST, "No pay")
    found = sheet(office, Q3, Table(M.RECEIVED, (D.BRAND, D.TIER)), brand="aurora").counts
    assert {value for _, cell in found for _, value in cell} == {"AURORA", "1"}


def test_a_case_stays_with_the_brand_the_factory_worked_for_on_the_day(office: Office) -> None:
    supply(office, "BOREALIS", "2026-08-10", "2026-08-20", tier=2)
    supply(office, "BOREALIS", "2026-09-01", tier=1)
    for day in ("08-09", "08-10", "08-20", "08-21", "09-01"):
        office.file(datetime.fromisoformat(f"2026-{day}T23:30:00+00:00"), "No pay")
    assert number(office, Q3, M.RECEIVED, brand="borealis") == 3
    assert number(office, Q3, M.RECEIVED, "borealis", tier="2") == 2
    assert number(office, Q3, M.RECEIVED, "borealis", tier="1") == 1
    assert number(office, Q3, M.RECEIVED) == 5
    assert number(office, Period(date(2026, 8, 1), date(2026, 8, 21)), M.SITES, "borealis") == 1
    assert number(office, Period(date(2026, 8, 1), date(2026, 8, 22)), M.SITES, "borealis") == 0


def test_a_case_of_no_factory_is_nobodys_but_counts(office: Office) -> None:
    office.file(AUGUST, "No pay", factory=None)
    assert number(office, Q3, M.RECEIVED, country="unknown") == 1
    assert number(office, Q3, M.RECEIVED, brand="aurora") == 0
    cell = sheet(office, Q3, Table(M.RECEIVED, (D.BRAND, D.CATEGORY, D.TOPIC))).counts
    assert max(cell, key=lambda key: len(key[1]))[1] == (
        *((D.BRAND, "unknown"), (D.TOPIC, "other"), (D.CATEGORY, "unknown")),
    )


# --- who counts ---------------------------------------------------------------------------------


def test_persons_cases_and_issues_are_three_counts(office: Office) -> None:
    first = office.file(AUGUST, "No pay", category=Category.WAGES)
    office.file(AUGUST, "No rest", category=Category.HOURS)
    about = ((Category.WAGES, "unpaid"), (Category.HOURS, "no-rest-day"))
    office.triage(first, AUGUST, issues=about)
    assert [number(office, Q3, one) for one in (M.PERSONS, M.RECEIVED, M.ISSUES)] == [1, 2, 3]


def test_of_whoever_was_forgotten_each_case_counts_as_a_person(office: Office) -> None:
    office.file(AUGUST, "No pay")
    office.file(AUGUST, "No rest")
    with office.store.writing() as session:
        reporter = session.get_one(Reporter, office.cast.htwe.id)
        detaching.forget(session, reporter, withdraw=False, now=AUGUST + A_DAY)
    assert number(office, Q3, M.PERSONS) == 2


def test_practice_spam_and_what_was_told_before_are_in_no_figure(office: Office) -> None:
    office.file(AUGUST, "Only trying", practice=True)
    spam, first, again = (office.file(AUGUST, "Buy!") for _ in range(3))
    office.walk(spam, AUGUST, A.ACKNOWLEDGE)
    with office.store.writing() as session:
        case, one, other = (
            cases.by_reference(session, name, lock=True) for name in (spam, first, again)
        )
        assert case
        assert one
        assert other
        actor = office.cast.actor("asha")
        cases.advance(
            *(session, case, A.REJECT),
            by=actor,
            now=AUGUST,
            text="This is advertising.",
            reason=Inadmissible.SPAM,
            declared=True,
        )
        grouping.link(session, one, other, LinkKind.DUPLICATE, by=actor, now=AUGUST)
    assert number(office, Q3, M.RECEIVED) == 1
    assert number(office, Q3, M.DECIDED) == 0
    assert number(office, Q3, M.OPEN) == 1
    assert number(office, Q3, M.MET) == 0


# --- what happened stays ------------------------------------------------------------------------


def test_a_past_quarter_is_the_same_whatever_happens_later(office: Office) -> None:
    reference = office.file(AUGUST, "No pay", category=Category.WAGES)
    office.walk(reference, AUGUST + A_DAY, A.ACKNOWLEDGE, A.ASSESS, A.INVESTIGATE)
    office.walk(reference, AUGUST + 2 * A_DAY, A.PROPOSE_REMEDY, A.CONCLUDE)
    office.jobs(Q3.ends)
    before = sheet(office, Q3)
    assert before.counts[M.OPEN, ((D.AGE, "30-89"),)] == 1
    october = datetime(2026, 10, 5, 3, tzinfo=UTC)
    office.jobs(october)
    office.answer(reference, A.DISPUTE, october)
    office.walk(reference, october, A.INVESTIGATE, A.CONCLUDE, by="boris")
    office.answer(reference, A.CONFIRM, october + A_DAY)
    office.act(reference, A.CLOSE, october + A_DAY)
    assert sheet(office, Q3) == before
    for period, ended, answers in ((Q3, 1, 0), (Q4, 1, 2)):
        assert number(office, period, M.DECIDED, outcome="founded") == ended
        assert number(office, period, M.ANSWERED) == answers
    assert number(office, Q3, M.ADMISSIBLE) == 1
    assert number(office, Q4, M.ADMISSIBLE) == 0
    assert number(office, Q4, M.OPEN) == 0


@pytest.mark.parametrize(
    ("finding", "again", "ruling"),
    [
        (Finding.UNFOUNDED, Finding.FOUNDED, "upheld"),
        (Finding.UNFOUNDED, Finding.UNFOUNDED, "dismissed"),
        (Finding.FOUNDED, Finding.UNFOUNDED, "dismissed"),
        (Finding.PARTLY, Finding.FOUNDED, "upheld"),
    ],
)
def test_an_appeal_is_upheld_if_what_is_decided_now_agrees_more_with_the_worker(
    office: Office, finding: Finding, again: Finding, ruling: str
) -> None:
    reference = office.file(AUGUST, "No pay", category=Category.WAGES)
    office.walk(reference, AUGUST, A.ACKNOWLEDGE, A.INVESTIGATE)
    office.find(reference, AUGUST, Found(finding, "Papers.", Gravity.MAJOR))
    office.act(reference, A.CONCLUDE, AUGUST, "So it is.")
    office.answer(reference, A.DISPUTE, AUGUST + A_DAY)
    assert number(office, Q3, M.APPEALS) == 0
    office.walk(reference, AUGUST + A_DAY, A.INVESTIGATE, by="boris")
    later = AUGUST + 2 * A_DAY
    office.find(reference, later, Found(again, "Papers.", Gravity.MAJOR), by="boris")
    office.act(reference, A.CONCLUDE, later, "So it is.", by="boris")
    assert number(office, Q3, M.APPEALS, ruling=ruling) == 1
    assert number(office, Q3, M.APPEALS) == 1


def test_what_was_put_right_only_after_a_dispute_was_upheld(office: Office) -> None:
    reference = office.file(AUGUST, "No pay", category=Category.WAGES)
    office.walk(reference, AUGUST, A.ACKNOWLEDGE, A.INVESTIGATE, A.CONCLUDE)
    office.answer(reference, A.DISPUTE, AUGUST + A_DAY)
    steps = (A.INVESTIGATE, A.PROPOSE_REMEDY, A.CONCLUDE)
    office.walk(reference, AUGUST + 2 * A_DAY, *steps, by="boris")
    assert number(office, Q3, M.APPEALS, ruling="upheld") == 1


def test_a_case_that_is_taken_back_before_its_end_ended_as_withdrawn(office: Office) -> None:
    for steps in ((A.ACKNOWLEDGE,), (A.ACKNOWLEDGE, A.INVESTIGATE, A.CONCLUDE)):
        reference = office.file(AUGUST, "No pay", category=Category.WAGES)
        office.walk(reference, AUGUST, *steps)
        office.answer(reference, A.WITHDRAW, AUGUST + A_DAY)
    assert number(office, Q3, M.DECIDED, outcome="withdrawn") == 1
    assert number(office, Q3, M.DECIDED) == 2


@pytest.mark.parametrize("contest", [A.DISPUTE, A.APPEAL])
@pytest.mark.parametrize("taken_up", [False, True])
def test_a_case_that_is_taken_back_after_a_contest_ended_as_was_told_before(
    office: Office, contest: Action, taken_up: bool
) -> None:
    reference = office.file(AUGUST, "No pay", category=Category.WAGES)
    office.walk(reference, AUGUST, A.ACKNOWLEDGE, A.INVESTIGATE, A.CONCLUDE)
    if contest is A.APPEAL:
        office.answer(reference, A.CONFIRM, AUGUST + A_DAY)
    office.answer(reference, contest, AUGUST + A_DAY)
    if taken_up:
        office.walk(reference, AUGUST + A_DAY, A.INVESTIGATE, by="boris")
    office.answer(reference, A.WITHDRAW, AUGUST + 2 * A_DAY)
    assert number(office, Q3, M.DECIDED, outcome="withdrawn") == 0
    assert number(office, Q3, M.DECIDED) == 1


def test_punished_for_it_counts_once_as_the_case_that_it_opens(office: Office) -> None:
    reference = office.file(AUGUST, "No pay", category=Category.WAGES)
    office.walk(reference, AUGUST, A.ACKNOWLEDGE, A.NOTIFY_FACTORY)
    office.jobs(AUGUST + 40 * A_DAY)
    with office.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        answered = retaliation.answer(session, case, True, now=AUGUST + 40 * A_DAY)
        assert answered
        assert answered.opened
    assert number(office, Q3, M.RETALIATION) == 1
    assert number(office, Q3, M.RECEIVED) == 2


# --- promises -----------------------------------------------------------------------------------


def test_in_time_by_a_pause_alone_is_told_apart(office: Office) -> None:
    kept = {}
    for paused in (False, True):
        reference = office.file(AUGUST, "Food", category=Category.DORMITORY)
        office.walk(reference, AUGUST + A_DAY, A.ACKNOWLEDGE, A.INVESTIGATE)
        if paused:
            office.act(reference, A.ASK, AUGUST + A_DAY, "Which?")
            office.pause(reference, AUGUST + A_DAY)
            office.add(reference, AUGUST + 6 * A_DAY, "This.")
        kept[paused] = office.clocks(reference)[Promise.INVESTIGATE].due_at
        # At the last moment in both.
        office.act(reference, A.CONCLUDE, kept[paused], "So it is.")
    table = Table(M.PROMISED, (D.PROMISE, D.KEPT))
    period = Period(date(2026, 8, 1), max(kept.values()).date() + A_DAY)
    found = sheet(office, period, table).counts
    promise = (D.PROMISE, "investigate")
    assert kept[True] > kept[False]
    assert found[M.PROMISED, (promise, (D.KEPT, "in-time"))] == 1
    assert found[M.PROMISED, (promise, (D.KEPT, "in-time-by-pause"))] == 1
    assert (M.PROMISED, (promise, (D.KEPT, "late"))) not in found


@pytest.mark.parametrize(("late", "how"), [(False, "in-time"), (True, "in-time-by-pause")])
def test_more_time_counts_only_where_it_was_needed(office: Office, late: bool, how: str) -> None:
    reference = office.file(AUGUST, "Food", category=Category.DORMITORY)
    office.walk(reference, AUGUST, A.ACKNOWLEDGE, A.INVESTIGATE)
    due = office.clocks(reference)[Promise.INVESTIGATE].due_at
    until = (due + 20 * A_DAY).date()
    row = office.ask_extension(reference, Promise.INVESTIGATE, until, AUGUST + A_DAY)
    office.decide(reference, row, AUGUST + A_DAY)
    office.act(reference, A.CONCLUDE, due + (SECOND if late else timedelta()), "So it is.")
    extended = office.clocks(reference)[Promise.INVESTIGATE].due_at
    period = Period(extended.date(), extended.date() + A_DAY)
    assert number(office, period, M.PROMISED, promise="investigate", kept=how) == 1


def test_a_miss_stays_where_it_was_whatever_is_extended_after_it(office: Office) -> None:
    reference = office.file(AUGUST, "Food", category=Category.DORMITORY)
    office.walk(reference, AUGUST, A.ACKNOWLEDGE, A.INVESTIGATE)
    due = office.clocks(reference)[Promise.INVESTIGATE].due_at
    office.jobs(due + A_DAY)
    until = (due + 100 * A_DAY).date()
    row = office.ask_extension(reference, Promise.INVESTIGATE, until, due + A_DAY)
    office.decide(reference, row, due + A_DAY)
    office.act(reference, A.CONCLUDE, due + 30 * A_DAY, "So it is.")
    day = Period(due.date(), due.date() + A_DAY)
    assert number(office, day, M.PROMISED, promise="investigate", kept="late") == 1
    year = Period(date(2026, 1, 1), date(2028, 1, 1))
    assert number(office, year, M.PROMISED, promise="investigate") == 1


def test_what_fell_away_was_no_promise_and_what_was_missed_before_that_was(
    office: Office,
) -> None:
    early, late = (office.file(AUGUST, "Food", category=Category.DORMITORY) for _ in range(2))
    office.answer(early, A.WITHDRAW, AUGUST + SECOND)
    due = office.clocks(late)[Promise.ACKNOWLEDGE].due_at
    office.jobs(due + SECOND)
    office.answer(late, A.WITHDRAW, due + 2 * SECOND)
    year = Period.year(2026)
    assert number(office, year, M.PROMISED, promise="acknowledge", kept="late") == 1
    assert number(office, year, M.PROMISED, promise="acknowledge") == 1


# --- from another system ------------------------------------------------------------------------


def test_imported_cases_count_as_they_were_and_bring_no_promises(office: Office) -> None:
    at = datetime(2026, 11, 2, tzinfo=UTC)
    with office.store.writing() as session:
        how = Reading(ZoneInfo("UTC"), at)
        rows = importing.read_cases(as_csv([ENDED, OPEN]), session, how)
        assert taking_up.apply(session, rows, by=SYSTEM, now=at) == 2
    first, second = Period.quarter(2024, 1), Period.quarter(2024, 2)
    assert number(office, first, M.RECEIVED) == 1
    assert number(office, first, M.OPEN) == 1
    assert number(office, second, M.DECIDED, outcome="founded") == 1
    assert number(office, second, M.ADMISSIBLE) == 1
    assert number(office, second, M.OPEN) == 0
    everything = Period(date(2020, 1, 1), date(2026, 11, 3))
    assert number(office, everything, M.MET) == 0
    assert number(office, everything, M.PROMISED) == 0
    assert number(office, everything, M.PERSONS) == 2
    assert number(office, Period(date(2026, 10, 1), date(2026, 10, 20)), M.OPEN) == 1


# --- what was put right -------------------------------------------------------------------------


def test_money_is_never_mixed_and_what_was_taken_back_never_was(office: Office) -> None:
    reference = office.file(AUGUST, "No pay", category=Category.WAGES)
    office.walk(reference, AUGUST, A.ACKNOWLEDGE)
    actor, day = office.cast.actor("asha"), AUGUST.date()

    def note(kind: LedgerKind, currency: str, amount: int, on: date = day) -> int:
        with office.store.writing() as session:
            case = cases.by_reference(session, reference, lock=True)
            assert case
            groups = ledger.groups_of(session, case.id)
            group = (
                groups[0]
                if groups
                else ledger.add_group(session, case, "Line 4", 12, by=actor, now=AUGUST)
            )
            line = Line(kind, currency, amount, on)
            return ledger.record(session, case, group, line, by=actor, now=AUGUST).id

    note(LedgerKind.OWED, "KHR", 9000)
    note(LedgerKind.OWED, "USD", 500)
    wrong = note(LedgerKind.PAID, "USD", 500)
    note(LedgerKind.PAID, "USD", 200, date(2026, 6, 30))
    note(LedgerKind.PAID, "USD", 100)
    with office.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        one = next(e for e in ledger.entries_of(session, case.id) if e.id == wrong)
        ledger.reverse(session, case, one, "Twice.", by=actor, now=AUGUST)
    usd, khr = ((D.CURRENCY, "USD"),), ((D.CURRENCY, "KHR"),)
    money = [Table(one, (D.CURRENCY,)) for one in (M.OWED, M.OWED_PERSONS, M.PAID, M.PAID_PERSONS)]
    assert sheet(office, Q3, *money).counts == {
        (M.OWED, khr): 9000,
        (M.OWED, usd): 500,
        (M.OWED_PERSONS, khr): 12,
        (M.OWED_PERSONS, usd): 12,
        (M.PAID, usd): 100,
        (M.PAID_PERSONS, usd): 12,
    }
    assert sheet(office, Period.quarter(2026, 2), *money).counts == {
        (M.PAID, usd): 200,
        (M.PAID_PERSONS, usd): 12,
    }


def test_a_remedy_is_overdue_from_the_day_after_its_last_until_somebody_verified_it(
    office: Office,
) -> None:
    reference = office.file(AUGUST, "No pay", category=Category.WAGES)
    office.walk(reference, AUGUST, A.ACKNOWLEDGE, A.INVESTIGATE)
    due = AUGUST.date() + timedelta(days=10)
    with office.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        action = plan(session, case, by=office.cast.actor("asha"), now=AUGUST, due_on=due)
        looked = verifying.Finding(True, VerifiedBy.VISIT, due, "We looked.")
        session.flush()
        later = AUGUST + 20 * A_DAY
        boris = office.cast.actor("boris")
        verifying.verify(session, case, action, looked, by=boris, now=later)
    start = date(2026, 8, 1)

    def overdue(end: date) -> int:
        return number(office, Period(start, end), M.OVERDUE)

    assert [overdue(due), overdue(due + A_DAY), overdue(later.date())] == [0, 1, 1]
    assert overdue(later.date() + A_DAY) == 0
    assert number(office, Q3, M.REMEDIED) == 1
    assert number(office, Period(start, later.date()), M.REMEDIED) == 0


def test_what_is_due_today_is_not_overdue_while_the_day_runs(office: Office) -> None:
    reference = office.file(AUGUST, "No pay", category=Category.WAGES)
    office.walk(reference, AUGUST, A.ACKNOWLEDGE, A.INVESTIGATE)
    due = datetime(2026, 8, 20, tzinfo=UTC)
    with office.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        plan(session, case, by=office.cast.actor("asha"), now=AUGUST, due_on=due.date())
    with office.store.reading() as session:
        for now, overdue in ((due, 0), (due + A_DAY - SECOND, 0), (due + A_DAY, 1)):
            found = statistics.count(session, Q3, [Table(M.OVERDUE)], now=now)
            assert found.counts.get((M.OVERDUE, ()), 0) == overdue
            assert found.period == Period(Q3.start, now.date() + A_DAY)


def test_how_long_a_case_has_been_open_is_told_as_of_now_in_a_period_that_runs(
    office: Office,
) -> None:
    office.file(AUGUST, "No pay")
    table = Table(M.OPEN, (D.AGE,))
    ages = {30 * A_DAY - SECOND: "0-29", 30 * A_DAY: "30-89", 90 * A_DAY: "30-89"}
    with office.store.reading() as session:
        for passed, age in ages.items():
            # Of days that are over, how it stood at their end.
            found = statistics.count(session, Q3, [table], now=AUGUST + passed)
            assert found.counts == {(M.OPEN, ()): 1, (M.OPEN, ((D.AGE, age),)): 1}


def test_what_was_verified_by_somebody_who_turns_out_to_be_accused_proves_nothing(
    office: Office,
) -> None:
    reference = office.file(AUGUST, "No pay", category=Category.WAGES)
    office.walk(reference, AUGUST, A.ACKNOWLEDGE, A.INVESTIGATE)
    dilani, boris = office.cast.actor("dilani"), office.cast.actor("boris")
    with office.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        action = plan(session, case, by=dilani, now=AUGUST)
        looked = verifying.Finding(True, VerifiedBy.VISIT, AUGUST.date(), "We looked.")
        verifying.verify(session, case, action, looked, by=boris, now=AUGUST)
    assert number(office, Q3, M.REMEDIED) == 1
    with office.store.writing() as session:
        case = cases.by_reference(session, reference, lock=True)
        assert case
        accused = About(PartyKind.RESPONDENT, "Boris", staff_id=office.cast.boris.id)
        parties.add(session, case, accused, by=dilani, now=AUGUST + A_DAY)
    assert number(office, Q3, M.REMEDIED) == 0


# --- what can't be asked ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "table",
    [
        Table(M.RECEIVED, (D.KIND,)),
        Table(M.RECEIVED, (D.OUTCOME,)),
        Table(M.SITES, (D.CATEGORY,)),
        Table(M.LANGUAGES, (D.COUNTRY,)),
        Table(M.PAID),
        Table(M.OWED_PERSONS, (D.COUNTRY,)),
        Table(M.DAYS),
    ],
)
def test_a_breakdown_that_makes_no_sense_is_refused(office: Office, table: Table) -> None:
    with pytest.raises(BadInput, match=r"broken down by|never added up"):
        sheet(office, Q3, table)


def test_languages_are_those_of_then(office: Office) -> None:
    assert number(office, Q3, M.LANGUAGES) == 0
    for month, count in ((8, 3), (9, 3), (11, 20)):
        with office.store.writing() as session:
            facts.note_languages(session, count, datetime(2026, month, 5, tzinfo=UTC))
    quarters = [Period.quarter(2026, number) for number in (1, 2, 3, 4)]
    assert [number(office, one, M.LANGUAGES) for one in quarters] == [3, 3, 3, 20]
