"""Which corrections may be shown to who knows what was shown before: a table of cases."""

from datetime import UTC, datetime

import pytest

from casework.disclosure.audiences import Past, Published
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import Figure, Key, Sheet, Spread, Table, by
from casework.publication.revising import add_up, may_differ, may_follow

Q1 = Period.quarter(2026, 1)
M, D = Measure, Dimension
TABLES = (
    Table(M.RECEIVED, (D.COUNTRY,)),
    Table(M.MET, (D.PROMISE,)),
    Table(M.DAYS, (D.PROMISE,)),
    Table(M.PAID_PERSONS, (D.CURRENCY,)),
    Table(M.PAID, (D.CURRENCY,)),
    Table(M.SITES),
)
TEN = 10

ALL: Key = (M.RECEIVED, ())
KH: Key = (M.RECEIVED, by({D.COUNTRY: "KH"}))
VN: Key = (M.RECEIVED, by({D.COUNTRY: "VN"}))
MET: Key = (M.MET, by({D.PROMISE: "outcome"}))
DAYS: Key = (M.DAYS, by({D.PROMISE: "outcome"}))
PERSONS: Key = (M.PAID_PERSONS, by({D.CURRENCY: "USD"}))
PAID: Key = (M.PAID, by({D.CURRENCY: "USD"}))
SITES: Key = (M.SITES, ())
ELSEWHERE: Key = (M.RECEIVED, by({D.CHANNEL: "web"}))


def sheet(counts: dict[Key, int], days: tuple[int, float, float] | None = None) -> Sheet:
    return Sheet(Q1, counts, {DAYS: Spread(*days)} if days else {})


def past(exact: Sheet, hidden: set[Key]) -> Past:
    figures = [
        Figure(*key, value=None if key in hidden else value) for key, value in exact.counts.items()
    ]
    for key, spread in exact.spreads.items():
        shown = key not in hidden
        figures.append(
            Figure(*key, spread.median if shown else None, spread.p90 if shown else None)
        )
    return Past(exact, Published("public", Q1, TABLES, tuple(figures)))


CASES = [
    ("nothing differs", {ALL: 40, KH: 40}, {ALL: 40, KH: 40}, set(), True),
    ("as many as may be told", {ALL: 40, KH: 40}, {ALL: 30, KH: 30}, set(), True),
    ("one fewer", {ALL: 40, KH: 40}, {ALL: 31, KH: 31}, set(), False),
    ("more, by as many", {ALL: 40, KH: 40}, {ALL: 50, KH: 50}, set(), True),
    ("more, by one", {ALL: 40, KH: 40}, {ALL: 41, KH: 41}, set(), False),
    ("from one to the other", {ALL: 80, KH: 40, VN: 40}, {ALL: 80, KH: 28, VN: 52}, set(), True),
    ("three go over", {ALL: 80, KH: 40, VN: 40}, {ALL: 80, KH: 37, VN: 43}, set(), False),
    ("down to nothing", {ALL: 40, KH: 20, VN: 20}, {ALL: 20, KH: 20}, set(), True),
    ("down to too few", {ALL: 40, KH: 20, VN: 20}, {ALL: 25, KH: 20, VN: 5}, set(), False),
    ("a new one, large", {ALL: 40, KH: 40}, {ALL: 52, KH: 40, VN: 12}, set(), True),
    ("a new one, small", {ALL: 40, KH: 40}, {ALL: 43, KH: 40, VN: 3}, set(), False),
    ("hidden before and after", {ALL: 40, KH: 34, VN: 6}, {ALL: 40, KH: 34, VN: 6}, {VN}, True),
    ("hidden ones trade", {ALL: 40, KH: 34, VN: 6}, {ALL: 40, KH: 36, VN: 4}, {KH, VN}, False),
    ("many trade", {ALL: 60, KH: 34, VN: 26}, {ALL: 60, KH: 22, VN: 38}, {KH, VN}, True),
    ("the rest follows", {ALL: 61, KH: 34, VN: 27}, {ALL: 72, KH: 44, VN: 28}, {VN}, False),
    ("a total tells of it", {ALL: 40, KH: 34, VN: 6}, {ALL: 42, KH: 36, VN: 6}, {KH, VN}, False),
    ("in no table of it", {ALL: 40, ELSEWHERE: 9}, {ALL: 40, ELSEWHERE: 4}, set(), False),
    ("many in no table", {ALL: 40, ELSEWHERE: 19}, {ALL: 40, ELSEWHERE: 4}, set(), True),
    ("places are no secret", {ALL: 40, SITES: 7}, {ALL: 40, SITES: 6}, set(), True),
    ("money of many", {PERSONS: 30, PAID: 900}, {PERSONS: 40, PAID: 1200}, set(), True),
    ("money of nobody new", {PERSONS: 30, PAID: 900}, {PERSONS: 30, PAID: 950}, set(), False),
    ("money of a few", {PERSONS: 30, PAID: 900}, {PERSONS: 33, PAID: 990}, set(), False),
    ("money that is hidden", {PERSONS: 30, PAID: 900}, {PERSONS: 30, PAID: 950}, {PAID}, True),
]


@pytest.mark.parametrize(
    ("before", "after", "hidden", "may"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_a_correction_is_shown_where_no_number_shown_or_hidden_differs_by_too_little(
    before: dict[Key, int], after: dict[Key, int], hidden: set[Key], may: bool
) -> None:
    assert may_differ(past(sheet(before), hidden), sheet(after), TEN) is may


@pytest.mark.parametrize(
    ("met", "days", "hidden", "may"),
    [
        (30, (30, 4.0, 9.0), set(), True),
        (30, (30, 5.0, 9.0), set(), False),
        (30, (30, 4.0, 12.0), set(), False),
        (30, (30, 5.0, 9.0), {DAYS}, True),
        (41, (41, 5.0, 9.0), set(), True),
        (33, (33, 5.0, 9.0), {MET}, False),
    ],
)
def test_days_differ_only_where_as_many_more_lie_behind_them(
    met: int, days: tuple[int, float, float], hidden: set[Key], may: bool
) -> None:
    before = past(sheet({MET: 30}, (30, 4.0, 9.0)), hidden)
    assert may_differ(before, sheet({MET: met}, days), TEN) is may


def test_what_was_hidden_stays_hidden_and_what_was_shown_stays_shown() -> None:
    before = sheet({ALL: 60, KH: 30, VN: 30})
    after = sheet({ALL: 80, KH: 50, VN: 30})
    for was, is_now, may in [
        (set(), set(), True),
        ({KH, VN}, {KH, VN}, True),
        (set(), {KH, VN}, False),
        ({KH, VN}, set(), False),
        ({KH}, {VN}, False),
    ]:
        published = past(after, is_now).published
        assert published
        assert may_follow(past(before, was), after, published, TEN) is may


def test_a_table_that_was_withheld_stays_withheld() -> None:
    exact = sheet({ALL: 60, KH: 60})
    fewer = Published("public", Q1, TABLES[1:], ())
    assert not may_follow(past(exact, set()), exact, fewer, TEN)
    shown = past(exact, set()).published
    assert shown
    assert not may_follow(Past(exact, fewer), exact, shown, TEN)


def test_what_was_never_released_may_be_released() -> None:
    exact = sheet({ALL: 60})
    shown = past(exact, set()).published
    assert shown
    assert may_differ(Past(sheet({}), None), exact, TEN)
    assert may_follow(Past(sheet({}), None), exact, shown, TEN)


def test_a_year_is_the_sum_of_its_quarters_in_what_adds_up_and_itself_in_the_rest() -> None:
    persons, still_open = (M.PERSONS, ()), (M.OPEN, ())
    year = Sheet(Period.year(2026), {ALL: 99, KH: 99, persons: 50, still_open: 7}, {})
    quarters = [
        Sheet(Period.quarter(2026, 1), {ALL: 40, KH: 40, persons: 30, still_open: 20}, {}),
        Sheet(Period.quarter(2026, 2), {ALL: 10, VN: 10, persons: 10, still_open: 9}, {}),
    ]
    assert add_up(year, quarters).counts == {ALL: 50, KH: 40, VN: 10, persons: 50, still_open: 7}
    assert add_up(year, quarters).period.begins == datetime(2026, 1, 1, tzinfo=UTC)
