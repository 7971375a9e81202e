"""What the tracker adds to question 8: exact for staff, out of releases for everybody else."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from casework.db import Store
from casework.figures.measures import Dimension, Measure, Wage
from casework.figures.tables import BRAND_TABLES, PUBLIC_TABLES, Figure, by
from casework.ids import new_id
from casework.models import Brand, Case, Supply
from casework.ratings import transparency
from casework.ratings.transparency import Aspect, Place, Stand
from casework.vocabulary import Action, Category, LinkKind, Scope, Severity
from tests.conftest import Cast
from tests.rated import END, Year, at

CHAIN = Scope.SUPPLY_CHAIN


@pytest.fixture
def year(store: Store, cast: Cast) -> Year:
    return Year(store, cast)


def test_complaints_about_wages_are_counted_strict_and_broad_by_year(year: Year) -> None:
    year.live()  # one of them about a wage below a living wage, with a plan, concluded
    both = ((Category.WAGES, "unpaid"), (Category.WAGES, "below-living-wage"))
    about_both = year.file(at(10, 1), "Low", category=Category.WAGES)
    year.triage(about_both, at(10, 1), Severity.SERIOUS, both)
    refused = year.file(at(3, 2), "Late", category=Category.WAGES, kind="late")
    year.walk(refused, at(3, 2), Action.ACKNOWLEDGE, Action.REJECT)
    withdrawn = year.file(datetime(2025, 5, 5, tzinfo=UTC), "Late", category=Category.WAGES)
    year.answer(withdrawn, Action.WITHDRAW, datetime(2025, 5, 6, tzinfo=UTC))
    year.file(at(2, 2), "Late", category=Category.WAGES, practice=True)
    twice = year.file(at(3, 3), "Late", category=Category.WAGES)
    year.tie(refused, twice, LinkKind.DUPLICATE, at(3, 4))
    with year.store.reading() as session:
        brand = session.exec(select(Brand).where(Brand.code == "AURORA")).one()
        now, before, first = transparency.wages(session, brand.id, CHAIN, 2026, END, seen_by=None)
        own = transparency.wages(session, brand.id, Scope.OWN, 2026, END, seen_by=None)
    assert (now.strict.count, now.strict.with_plan) == (2, 1)
    assert now.strict.stands == {Stand.CONCLUDED: 1, Stand.OPEN: 1}
    assert (now.broad.count, now.broad.with_plan) == (3, 1)
    assert now.broad.stands == {Stand.CONCLUDED: 1, Stand.OPEN: 1, Stand.PASSED_ON: 1}
    assert (before.year, before.strict.count, before.broad.count) == (2025, 0, 1)
    assert before.broad.stands == {Stand.WITHDRAWN: 1}
    assert (first.year, first.broad.count) == (2024, 0)
    assert [one.broad.count for one in own] == [0, 0, 0]


def test_a_release_tells_what_may_be_shown_and_nothing_else() -> None:
    def cell(wage: str, value: int | None, scope: Scope = CHAIN) -> Figure:
        place = by({Dimension.SCOPE: scope.value, Dimension.WAGE: wage})
        return Figure(Measure.RECEIVED, place, value)

    released = {
        2025: [cell("below-living-wage", 12), cell("other-wages", 30)],
        2026: [cell("below-living-wage", None), cell("other-wages", 31)],
    }
    now, before = transparency.wages_released(released, CHAIN)
    assert (now.strict.count, now.broad.count) == (None, None)
    assert (before.strict.count, before.broad.count) == (12, 42)
    assert (before.broad.with_plan, before.broad.stands) == (None, {})
    # What is not named is 0 where the table is there, and else nobody knows.
    for tables, count in ((BRAND_TABLES, 0), (PUBLIC_TABLES, None)):
        (own,) = transparency.wages_released({2025: released[2025]}, Scope.OWN, {2025: tables})
        assert (own.strict.count, own.broad.count) == (count, count)
    (own,) = transparency.wages_released({2025: released[2025]}, Scope.OWN)
    assert own.broad.count is None


@pytest.mark.parametrize(
    ("living", "other", "strict", "broad"),
    [
        (9, 30, None, 39),
        (5, 0, None, None),
        (10, 0, 10, 10),
        (12, 5, None, 17),
        (0, 9, None, None),
        (0, 40, 0, 40),
        (40, None, 40, None),
    ],
)
def test_what_is_to_be_made_public_is_no_number_below_ten_and_tells_none(
    living: int, other: int | None, strict: int | None, broad: int | None
) -> None:
    """The staff of a brand see numbers from 5 on; whoever reads what they publish must not."""
    cells = [
        Figure(
            Measure.RECEIVED, by({Dimension.SCOPE: CHAIN.value, Dimension.WAGE: wage.value}), value
        )
        for wage, value in ((Wage.LIVING, living), (Wage.OTHER, other))
    ]
    (found,) = transparency.wages_released({2025: cells}, CHAIN)
    assert (found.strict.count, found.broad.count) == (strict, broad)


def test_places_and_since_when_are_those_of_the_day(year: Year) -> None:
    factory = year.other_brands_factory(CHAIN)
    with year.store.writing() as session:
        supply = session.exec(select(Supply).where(Supply.factory_id == factory)).one()
        supply.until = date(2026, 6, 30)
        brand = supply.brand_id
    with year.store.reading() as session:
        june = transparency.places(session, brand, CHAIN, date(2026, 6, 30))
        july = transparency.places(session, brand, CHAIN, date(2026, 7, 1))
        supplied = transparency.supplied(session, brand, CHAIN, date(2026, 6, 30))
        assert transparency.places(session, brand, Scope.OWN, date(2026, 6, 30)) == ()
    assert june == (Place("KH", 2, 1200, 1),)
    assert july == (Place("KH", 1, 1200, 0),)
    assert [(one.code, one.since.year) for one in supplied] == [("OWN01", 2024), ("GT7KM", 2024)]


@pytest.mark.parametrize(
    ("relations", "since"),
    [
        ((("2019-01-01", "2021-12-31"), ("2024-01-01", None)), "2024-01-01"),
        ((("2019-01-01", "2021-12-31"), ("2022-01-01", None)), "2019-01-01"),
        ((("2019-01-01", "2021-12-31"), ("2022-01-02", None)), "2022-01-02"),
        (
            (("2019-01-01", "2023-06-30"), ("2021-01-01", "2022-01-01"), ("2023-07-01", None)),
            "2019-01-01",
        ),
        ((("2019-01-01", "2026-06-30"), ("2026-09-01", None)), "2019-01-01"),
        ((("2019-01-01", "2019-12-31"), ("2021-01-01", "2026-12-31")), "2021-01-01"),
    ],
)
def test_a_site_works_for_a_brand_since_the_last_break(
    year: Year, relations: tuple[tuple[str, str | None], ...], since: str
) -> None:
    """Own operations once and a supplier since is one relation; what began anew is another."""
    factory = year.other_brands_factory(CHAIN)
    with year.store.writing() as session:
        supply = session.exec(select(Supply).where(Supply.factory_id == factory)).one()
        brand = supply.brand_id
        session.delete(supply)
        session.flush()
        for number, (first, last) in enumerate(relations):
            session.add(
                Supply(
                    id=new_id(END),
                    factory_id=factory,
                    brand_id=brand,
                    scope=CHAIN if number or len(relations) > 2 else Scope.OWN,
                    since=date.fromisoformat(first),
                    until=date.fromisoformat(last) if last else None,
                )
            )
    with year.store.reading() as session:
        scope = Scope.OWN if relations[0][1] == "2026-06-30" else CHAIN
        found = transparency.supplied(session, brand, scope, date(2026, 6, 30))
    assert [str(one.since) for one in found if one.code == "OWN01"] == [since]


def test_complaints_stand_beside_the_parts_of_element_three(year: Year) -> None:
    year.live()  # two of them about contracts
    several = (
        (Category.HOURS, "forced-overtime"),
        (Category.HOURS, "excessive-overtime"),
        (Category.FREEDOM_OF_ASSOCIATION, "bargaining-refused"),
        (Category.FREEDOM_OF_ASSOCIATION, "union-busting"),
    )
    reference = year.file(at(10, 1), "No rest", category=Category.HOURS)
    year.triage(reference, at(10, 1), Severity.SERIOUS, several)
    with year.store.reading() as session:
        brand = session.exec(select(Brand).where(Brand.code == "AURORA")).one()
        found = transparency.aspects(session, brand.id, CHAIN, 2026, END, seen_by=None)
    assert found == {
        Aspect.OVERTIME: 1,
        Aspect.CONTRACTS: 2,
        Aspect.ASSOCIATION: 1,
        Aspect.BARGAINING: 1,
    }


def test_a_case_that_a_reader_may_not_see_is_in_no_number(year: Year, cast: Cast) -> None:
    low = year.file(at(10, 1), "Low", category=Category.WAGES)
    both = ((Category.WAGES, "below-living-wage"), (Category.HOURS, "forced-overtime"))
    year.triage(low, at(10, 1), Severity.SERIOUS, both)
    with year.store.writing() as session:
        for case in session.exec(select(Case)):
            case.restricted = True
    for name, number in (("boris", 0), ("dilani", 1)):
        with year.store.reading() as session:
            asked = (session, cast.aurora.id, CHAIN, 2026, END)
            now, *_ = transparency.wages(*asked, seen_by=cast.actor(name))
            assert (now.strict.count, now.broad.count) == (number, number)
            found = transparency.aspects(*asked, seen_by=cast.actor(name))
            assert found[Aspect.OVERTIME] == number
