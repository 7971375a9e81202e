"""What may be shown of figures: the rules one by one, and that nobody works out what is hidden."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from itertools import combinations
from random import Random

import pytest

from casework.disclosure.audiences import PUBLIC, Audience, Past, Published, brand
from casework.disclosure.disclosing import disclose
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import BRAND_TABLES, PUBLIC_TABLES, Key, Sheet, Spread, Table, by
from tests.attacker import Attack, Name, Reading
from tests.histories import (
    ALL_TABLES,
    AUDIENCES,
    Exact,
    Tables,
    facts,
    release,
    sheets,
    some_tables,
)

D, M = Dimension, Measure
Q1, Q2, Q3, Q4 = (Period.quarter(2026, number) for number in (1, 2, 3, 4))
YEAR = Period.year(2026)
COUNTRY = Table(M.RECEIVED, (D.COUNTRY,))
CATEGORY = Table(M.RECEIVED, (D.CATEGORY,))
TOPIC = Table(M.RECEIVED, (D.TOPIC,))


def one_way(period: Period, dim: Dimension, measure: Measure = M.RECEIVED, **cells: int) -> Sheet:
    """A table by one dimension with its total."""
    counts = {(measure, by({dim: name})): value for name, value in cells.items()}
    return Sheet(period, {**counts, (measure, ()): sum(cells.values())}, {})


def values(published: Published, measure: Measure = M.RECEIVED) -> dict[str, float | None]:
    """The figures by the last word of what they are broken down by."""
    return {
        "/".join(value for _, value in one.by) or "total": one.value
        for one in published.figures
        if one.measure is measure
    }


def sited(sheet: Sheet, **sites: int) -> Sheet:
    """With sites that are covered: of the whole, and of countries."""
    found: dict[Key, int] = {(M.SITES, ()): sum(sites.values()) or 2}
    found |= {(M.SITES, by({D.COUNTRY: country})): number for country, number in sites.items()}
    return replace(sheet, counts={**sheet.counts, **found})


def shown(sheet: Sheet, *tables: Table) -> dict[str, float | None]:
    return values(disclose(sheet, tables or (COUNTRY,), PUBLIC))


def test_a_number_below_the_threshold_is_hidden_with_another_one_so_that_the_total_tells_nothing() -> None:  # fmt: skip
    found = shown(one_way(Q1, D.COUNTRY, BD=40, KH=25, TR=3))
    assert found == {"total": 68, "BD": 40, "KH": None, "TR": None}


def test_zeros_and_large_numbers_are_shown() -> None:
    found = disclose(one_way(Q1, D.COUNTRY, BD=40, KH=25, TR=0), (COUNTRY,), PUBLIC)
    assert values(found) == {"total": 65, "BD": 40, "KH": 25}  # what is not named is 0
    assert found.tables == (COUNTRY,)


def test_the_threshold_of_a_brand_is_five_and_that_of_the_public_is_ten() -> None:
    sheet = one_way(Q1, D.COUNTRY, BD=40, KH=25, TR=9, VN=5)
    assert None not in values(disclose(sheet, (COUNTRY,), brand("A"))).values()
    assert values(disclose(sheet, (COUNTRY,), PUBLIC))["TR"] is None


def test_a_lone_small_total_is_hidden() -> None:
    assert shown(one_way(Q1, D.COUNTRY, BD=4)) == {"total": None, "BD": None}


def test_what_cannot_be_told_apart_from_the_total_hides_the_total() -> None:
    """Two numbers of which there are five in all."""
    found = shown(one_way(Q1, D.COUNTRY, BD=2, KH=3))
    assert set(found.values()) == {None}


def test_categories_do_not_give_a_topic_away_nor_a_topic_its_categories() -> None:
    sheet = Sheet(
        Q1,
        {
            (M.RECEIVED, ()): 103,
            (M.RECEIVED, by({D.TOPIC: "pay-and-hours"})): 60,
            (M.RECEIVED, by({D.TOPIC: "safety-and-housing"})): 43,
            (M.RECEIVED, by({D.CATEGORY: "WAG"})): 57,
            (M.RECEIVED, by({D.CATEGORY: "HRS"})): 3,
            (M.RECEIVED, by({D.CATEGORY: "OHS"})): 43,
        },
        {},
    )
    found = shown(sited(sheet), TOPIC, CATEGORY)
    assert found["HRS"] is None
    assert found["WAG"] is None  # else it follows from the topic
    assert found["OHS"] == found["safety-and-housing"] == 43


def test_a_detailed_table_gives_way_to_a_coarser_one_where_most_of_it_is_small() -> None:
    counts = {(M.RECEIVED, by({D.CATEGORY: name})): 9 for name in ("WAG", "HRS", "OHS")}
    topics = {"pay-and-hours": 18, "safety-and-housing": 9}
    counts |= {(M.RECEIVED, by({D.TOPIC: name})): value for name, value in topics.items()}
    counts[M.RECEIVED, ()] = 27
    found = disclose(sited(Sheet(Q1, counts, {})), (TOPIC, CATEGORY), PUBLIC)
    assert found.tables == (TOPIC,)
    assert not {"WAG", "HRS", "OHS"} & values(found).keys()


def test_a_year_does_not_give_a_hidden_quarter_away() -> None:
    quarters = [one_way(q, D.COUNTRY, BD=n) for q, n in zip((Q1, Q2, Q3, Q4), (30, 3, 20, 15), strict=True)]  # fmt: skip
    pasts = [Past(one, disclose(one, (COUNTRY,), PUBLIC)) for one in quarters]
    assert values(disclose(one_way(YEAR, D.COUNTRY, BD=68), (COUNTRY,), PUBLIC)) == {
        "total": 68,
        "BD": 68,
    }
    found = disclose(one_way(YEAR, D.COUNTRY, BD=68), (COUNTRY,), PUBLIC, earlier=pasts)
    assert values(found) == {"total": None, "BD": None}


def test_a_year_may_be_shown_where_two_hidden_quarters_hide_behind_each_other() -> None:
    quarters = [one_way(q, D.COUNTRY, BD=n) for q, n in zip((Q1, Q2, Q3, Q4), (30, 8, 9, 15), strict=True)]  # fmt: skip
    pasts = [Past(one, disclose(one, (COUNTRY,), PUBLIC)) for one in quarters]
    year = one_way(YEAR, D.COUNTRY, BD=62)
    found = disclose(year, (COUNTRY,), PUBLIC, earlier=pasts)
    assert values(found) == {"total": 62, "BD": 62}


def test_the_cases_open_at_the_end_of_a_year_are_those_of_its_last_quarter() -> None:
    table = Table(M.OPEN, (D.AGE,))
    last = one_way(Q4, D.AGE, M.OPEN, young=30, old=3, older=12)
    past = Past(last, disclose(last, (table,), PUBLIC))
    found = disclose(replace(last, period=YEAR), (table,), PUBLIC, earlier=[past])
    assert past.published
    assert values(found, M.OPEN) == values(past.published, M.OPEN)


def test_a_public_number_is_hidden_where_a_brand_could_take_its_own_from_it() -> None:
    everybody = one_way(Q1, D.COUNTRY, BD=40, KH=30)
    own = one_way(Q1, D.COUNTRY, BD=36, KH=12)
    beside = {brand("A"): [Past(own, None)]}
    found = values(disclose(everybody, (COUNTRY,), PUBLIC, beside=beside))
    assert found["BD"] is None
    assert found["total"] == 70
    assert found["KH"] is None  # else it follows


def test_persons_and_issues_do_not_close_in_on_the_cases_between_them() -> None:
    """Cases are hidden, because a brand with 6 of them would know of 8 of others; else they would be
    at least as many as the persons and at most as many as the issues."""
    tables = (Table(M.RECEIVED), Table(M.PERSONS), Table(M.ISSUES))

    def sheet(cases: int, persons: int, issues: int) -> Sheet:
        counts: dict[Key, int] = {
            (M.RECEIVED, ()): cases,
            (M.PERSONS, ()): persons,
            (M.ISSUES, ()): issues,
        }
        return Sheet(Q1, counts, {})

    found = disclose(
        sheet(14, 13, 17), tables, PUBLIC, beside={brand("A"): [Past(sheet(6, 1, 7), None)]}
    )
    shown = {one.measure for one in found.figures if one.value is not None}
    assert M.RECEIVED not in shown
    assert len(shown) == 1


def test_a_brand_is_not_shown_what_would_tell_it_of_the_few_of_others() -> None:
    everybody, own = one_way(Q1, D.COUNTRY, BD=40, KH=60), one_way(Q1, D.COUNTRY, BD=36, KH=12)
    public = disclose(everybody, (COUNTRY,), PUBLIC)  # made without minding the brand
    alone = values(disclose(own, (COUNTRY,), brand("A")))
    assert alone["BD"] == 36
    beside = {PUBLIC: [Past(everybody, public)]}
    assert values(disclose(own, (COUNTRY,), brand("A"), beside=beside))["BD"] is None


def test_days_are_shown_only_of_enough_kept_promises() -> None:
    met, days = Table(M.MET, (D.PROMISE,)), Table(M.DAYS, (D.PROMISE,))
    counts = one_way(Q1, D.PROMISE, M.MET, ack=30, reply=20, remedy=2).counts
    spreads = {
        (M.DAYS, by({D.PROMISE: name})): Spread(number, 2.5, 8.0)
        for name, number in (("ack", 30), ("reply", 20), ("remedy", 2))
    }
    found = disclose(Sheet(Q1, counts, spreads), (met, days), PUBLIC)
    assert values(found, M.DAYS) == {"ack": 2.5, "reply": None, "remedy": None}
    assert [one.p90 for one in found.figures if one.measure is M.DAYS] == [8.0, None, None]
    assert disclose(Sheet(Q1, counts, spreads), (days,), PUBLIC).tables == ()


@pytest.mark.parametrize(
    ("audience", "met", "days"),
    [
        (brand("A"), 4, (None, None)),
        (brand("A"), 5, (2.5, None)),
        (brand("A"), 9, (2.5, None)),
        (brand("A"), 10, (2.5, 8.0)),
        (PUBLIC, 19, (2.5, None)),
        (PUBLIC, 20, (2.5, 8.0)),
    ],
)
def test_the_slowest_tenth_is_shown_only_of_twice_as_many_as_a_median(
    audience: Audience, met: int, days: tuple[float | None, float | None]
) -> None:
    """Of five to nine it would be the days of one person."""
    tables = (Table(M.MET), Table(M.DAYS))
    exact = Sheet(Q1, {(M.MET, ()): met}, {(M.DAYS, ()): Spread(met, 2.5, 8.0)})
    found = [one for one in disclose(exact, tables, audience).figures if one.measure is M.DAYS]
    assert [(one.value, one.p90) for one in found] == [days]


MONEY = (Table(M.OWED_PERSONS, (D.CURRENCY,)), Table(M.OWED, (D.CURRENCY,)))


def money(period: Period, people: int, amount: int) -> Sheet:
    usd = by({D.CURRENCY: "USD"})
    counts = {(M.OWED_PERSONS, usd): people, (M.OWED_PERSONS, ()): people, (M.OWED, usd): amount}
    return Sheet(period, counts, {})


@pytest.mark.parametrize(
    ("people", "year_people", "shows"),
    [
        ((20, 30, 12, 15), 77, True),
        ((20, 30, 3, 15), 68, False),  # the year would tell the money of three
        ((20, 30, 3, 4), 57, False),  # of seven
        ((20, 30, 8, 9), 67, True),  # of seventeen, in two quarters
        ((20, 30, 8, 9), 52, False),  # of who knows how few: many came again
        ((20, 30, 0, 15), 65, True),
    ],
)
def test_the_money_of_a_year_does_not_give_that_of_a_few_away(
    people: tuple[int, ...], year_people: int, shows: bool
) -> None:
    quarters = [money(q, n, 100 * n) for q, n in zip((Q1, Q2, Q3, Q4), people, strict=True)]
    pasts = [Past(one, disclose(one, MONEY, PUBLIC)) for one in quarters]
    year = money(YEAR, year_people, 100 * sum(people))
    found = disclose(year, MONEY, PUBLIC, earlier=pasts)
    assert (values(found, M.OWED)["USD"] is not None) == shows


def test_the_money_of_few_others_is_not_left_between_the_public_and_a_brand() -> None:
    own = {brand("A"): [Past(money(Q1, 30, 3000), None)]}
    assert values(disclose(money(Q1, 33, 3100), MONEY, PUBLIC, beside=own), M.OWED)["USD"] is None
    public = Past(money(Q1, 33, 3100), disclose(money(Q1, 33, 3100), MONEY, PUBLIC))
    found = disclose(money(Q1, 30, 3000), MONEY, brand("A"), beside={PUBLIC: [public]})
    assert values(found, M.OWED)["USD"] is None


def test_facts_about_places_are_always_shown() -> None:
    table = Table(M.SITES, (D.COUNTRY,))
    sheet = one_way(Q1, D.COUNTRY, M.SITES, BD=1, KH=2)
    assert values(disclose(sheet, (table,), PUBLIC), M.SITES) == {"BD": 1, "KH": 2, "total": 3}


@pytest.mark.parametrize("dim", [D.TOPIC, D.CATEGORY, D.KIND])
def test_a_factory_is_never_crossed_with_what_tells_of_violence(dim: Dimension) -> None:
    with pytest.raises(ValueError, match="never a factory"):
        disclose(Sheet(Q1, {}, {}), (Table(M.RECEIVED, (D.FACTORY, dim)),), brand("A"))
    assert not [one for one in BRAND_TABLES + PUBLIC_TABLES if {D.FACTORY, dim} <= set(one.by)]


def cases(period: Period, **factories: int) -> Sheet:
    """Cases of factories (``own_KH_A``), half of each about pay and half about abuse; no sites."""
    counts: dict[Key, int] = {}
    for name, value in factories.items():
        scope, country, _ = name.split("_")
        place = {D.SCOPE: scope, D.COUNTRY: country, D.FACTORY: name}
        for topic, category in (("pay-and-hours", "WAG"), ("abuse-and-discrimination", "HAR")):
            about = {**place, D.TOPIC: topic, D.CATEGORY: category}
            for size in range(3):
                for dims in combinations(about, size):
                    key = (M.RECEIVED, by({dim: about[dim] for dim in dims}))
                    counts[key] = counts.get(key, 0) + value // 2
    return Sheet(period, counts, {})


BY_SCOPE = Table(M.RECEIVED, (D.SCOPE, D.TOPIC))
BY_COUNTRY = Table(M.RECEIVED, (D.COUNTRY, D.TOPIC), yearly=True)
ABOUT = (TOPIC, CATEGORY, BY_SCOPE, BY_COUNTRY)


@pytest.mark.parametrize(
    ("factories", "there"),
    [
        ({"own_KH_A": 80}, ()),
        ({"own_KH_A": 80, "own_KH_B": 80}, ABOUT),
        ({"own_KH_A": 80, "own_BD_B": 80}, (TOPIC, CATEGORY, BY_SCOPE)),
        ({"own_KH_A": 80, "chain_KH_B": 80}, (TOPIC, CATEGORY, BY_COUNTRY)),
    ],
)
def test_what_one_factory_complains_of_is_not_told_by_what_it_stands_behind_alone(
    factories: dict[str, int], there: tuple[Table, ...]
) -> None:
    assert disclose(cases(YEAR, **factories), ABOUT, brand("A")).tables == there


@pytest.mark.parametrize(
    ("sites", "there"),
    [
        ({"KH": 1}, ()),
        ({"KH": 2, "BD": 2}, (TOPIC, CATEGORY, BY_COUNTRY)),
        ({"KH": 2, "BD": 1}, (TOPIC, CATEGORY)),
        ({"KH": 2, "BD": 2, "TR": 1}, (TOPIC, CATEGORY, BY_COUNTRY)),  # nobody complained there
    ],
)
def test_what_one_covered_site_complains_of_is_not_told_to_the_public(
    sites: dict[str, int], there: tuple[Table, ...]
) -> None:
    exact = sited(cases(YEAR, own_KH_A=80, own_BD_B=80), **sites)
    assert disclose(exact, (TOPIC, CATEGORY, BY_COUNTRY), PUBLIC).tables == there


@pytest.mark.parametrize(("also", "there"), [(0, ()), (40, (TOPIC,))])
def test_a_year_does_not_tell_what_one_factory_complained_of_in_a_quarter(
    also: int, there: tuple[Table, ...]
) -> None:
    """In two quarters a table was withheld: what is left of the year is that of one, or of two."""
    quarters = [
        cases(Q1, own_KH_A=80),
        cases(Q2, own_KH_B=also),
        cases(Q3, own_KH_A=80, own_KH_B=80),
        cases(Q4, own_KH_A=80, own_KH_B=80),
    ]
    pasts = [Past(one, disclose(one, (TOPIC,), brand("A"))) for one in quarters]
    assert [bool(one.published and one.published.tables) for one in pasts][::2] == [False, True]
    year = cases(YEAR, own_KH_A=240, own_KH_B=160 + also)
    assert disclose(year, (TOPIC,), brand("A"), earlier=pasts).tables == there


def test_a_table_that_gives_a_number_away_whatever_is_hidden_is_withheld_without_a_trace() -> None:
    """What KH had is known from the quarters, and all of it is about one topic: so is the rest."""
    inner = Table(M.RECEIVED, (D.COUNTRY, D.TOPIC), yearly=True)
    asked = (COUNTRY, TOPIC, inner)

    def sheet(period: Period, times: int, kh: int, **cells: int) -> Sheet:
        counts: dict[Key, int] = {(M.RECEIVED, ()): 80 * times}
        for dim, name, value in (
            (D.TOPIC, "pay", 67 * times),
            (D.TOPIC, "abuse", 13 * times),
            (D.COUNTRY, "KH", kh),
            (D.COUNTRY, "BD", 80 * times - kh),
        ):
            counts[M.RECEIVED, by({dim: name})] = value
        for name, value in cells.items():
            country, topic = name.split("_")
            counts[M.RECEIVED, by({D.COUNTRY: country, D.TOPIC: topic})] = value
        return sited(Sheet(period, counts, {}), KH=2, BD=2)

    quarters = [sheet(q, 1, kh) for q, kh in zip((Q1, Q2, Q3, Q4), (11, 11, 11, 12), strict=True)]
    pasts = [Past(one, disclose(one, asked, PUBLIC)) for one in quarters]
    year = sheet(YEAR, 4, 45, BD_pay=268, BD_abuse=7, KH_abuse=45)
    assert disclose(year, asked, PUBLIC).tables == asked
    found = disclose(year, asked, PUBLIC, earlier=pasts)
    assert found.tables == (COUNTRY, TOPIC)
    assert max(len(one.by) for one in found.figures) == 1


def test_a_revision_shows_nothing_that_was_hidden() -> None:
    first = one_way(Q1, D.COUNTRY, BD=40, KH=25, TR=3)
    past = Past(first, disclose(first, (COUNTRY,), PUBLIC))
    second = one_way(Q1, D.COUNTRY, BD=40, KH=25, TR=12)
    assert values(disclose(second, (COUNTRY,), PUBLIC))["TR"] == 12
    found = values(disclose(second, (COUNTRY,), PUBLIC, earlier=[past]))
    assert found["TR"] is found["KH"] is None
    gone = one_way(Q1, D.COUNTRY, BD=40, KH=25, TR=0)
    assert values(disclose(gone, (COUNTRY,), PUBLIC, earlier=[past]))["TR"] is None


# The attack


def as_read(published: Published) -> Reading:
    """A release as somebody outside has it."""
    return Reading(
        published.audience,
        str(published.period),
        {(str(one.measure), tuple(map(str, one.by))) for one in published.tables},
        {
            (str(one.measure), frozenset((str(dim), value) for dim, value in one.by)): one.value
            for one in published.figures
        },
    )


def truth(exact: Exact, reader: str, name: Name) -> int:
    """What a number really is."""
    who, period, measure, where = name
    key = (M(measure), by({D(dim): value for dim, value in where}))
    if who == "others":
        return truth(exact, reader, ("public", *name[1:])) - truth(exact, "", (reader, *name[1:]))
    return exact[who, Period.read(period)].counts.get(key, 0)


def given_away(
    exact: Exact,
    read: Mapping[tuple[str, str], Reading],
    readers: Iterable[str] = tuple(AUDIENCES),
) -> tuple[list[str], int]:
    """The hidden numbers that somebody can work out more closely than they may, and of how many.
    Who reads for a brand reads what is public, too, and is also curious about few of others."""
    for one in read.values():  # of what is withheld not even a mark is there
        assert all(one.shows(measure, [dim for dim, _ in where]) for measure, where in one.rows)
    found, looked_at = [], 0
    for who in readers:
        audience = AUDIENCES[who]
        attack = Attack([one for (name, _), one in read.items() if name in ("public", who)])
        assert attack.is_right(partial(truth, exact, who))
        wanted = dict.fromkeys(attack.hidden(who), audience.threshold - 2)
        for name in attack.numbers:
            if name[0] == "others" and 0 < truth(exact, who, name) < PUBLIC.threshold:
                wanted[name] = PUBLIC.threshold - 2
        for name, (least, most) in attack.bounds(wanted).items():
            looked_at += 1
            if most - least < wanted[name]:
                found.append(f"{who} knows {name}: from {least} to {most}")
    return found, looked_at


def test_somebody_who_knows_where_factories_are_succeeds_where_that_is_forgotten() -> None:
    """Of 23 in Cambodia 20 are of one of its two factories."""
    tables = (COUNTRY, Table(M.RECEIVED, (D.FACTORY,)))
    factories = {"A-KH-0": 20, "A-KH-1": 3, "A-BD-0": 6, "A-BD-1": 40, "A-TR-0": 6}
    plain: dict[Key, int] = {(M.RECEIVED, ()): 75}
    plain |= {(M.RECEIVED, by({D.FACTORY: code})): n for code, n in factories.items()}
    plain |= {(M.RECEIVED, by({D.COUNTRY: c})): n for c, n in (("KH", 23), ("BD", 46), ("TR", 6))}
    known = {
        (M.RECEIVED, by({D.COUNTRY: code.split("-")[1], D.FACTORY: code})): n
        for code, n in factories.items()
    }
    for asked, counts, gives_away in [
        (tables, plain, True),
        (tables, plain | known, False),
        ((*tables, Table(M.RECEIVED, (D.COUNTRY, D.FACTORY))), plain | known, False),
    ]:
        exact = Sheet(Q1, counts, {})
        read = {("A", str(Q1)): as_read(disclose(exact, asked, brand("A")))}
        found, looked_at = given_away({("A", Q1): exact}, read, ("A",))
        assert looked_at
        assert bool(found) is gives_away


def counted(*figures: tuple[Measure, int, dict[Dimension, str]]) -> Sheet:
    """Exact figures of a quarter, one by one."""
    return Sheet(Q1, {(measure, by(where)): value for measure, value, where in figures}, {})


GRAVE = (
    (Table(M.OPEN, (D.SCOPE,)), Table(M.ZERO_TOLERANCE, (D.FACTORY,))),
    counted(
        (M.OPEN, 10, {}),
        (M.OPEN, 8, {D.SCOPE: "own"}),
        (M.OPEN, 2, {D.SCOPE: "supply-chain"}),
        (M.ZERO_TOLERANCE, 8, {}),
        (M.ZERO_TOLERANCE, 8, {D.FACTORY: "A-KH-2"}),
        (M.RECEIVED, 8, {D.SCOPE: "own", D.FACTORY: "A-KH-2"}),
    ),
)
"""Eight of the ten open cases are of a factory of the brand's own: at most two are not."""
YOUNG = (
    (COUNTRY, Table(M.ISSUES), Table(M.OPEN, (D.AGE,))),
    counted(
        (M.RECEIVED, 5, {}),
        (M.RECEIVED, 1, {D.COUNTRY: "BD"}),
        (M.RECEIVED, 1, {D.COUNTRY: "KH"}),
        (M.RECEIVED, 3, {D.COUNTRY: "TR"}),
        (M.ISSUES, 6, {}),
        (M.OPEN, 25, {}),
        (M.OPEN, 5, {D.AGE: "0-29"}),
        (M.OPEN, 20, {D.AGE: "90-179"}),
    ),
)
"""Between the five that came in this month and are still open, and the six issues of all that did."""


@pytest.mark.parametrize(("tables", "exact"), [GRAVE, YOUNG])
def test_what_is_never_above_something_else_does_not_close_in_on_it(
    tables: tuple[Table, ...], exact: Sheet
) -> None:
    for complementary in (False, True):
        made = disclose(exact, tables, brand("A"), complementary=complementary)
        found, looked_at = given_away({("A", Q1): exact}, {("A", str(Q1)): as_read(made)}, ("A",))
        assert looked_at
        assert bool(found) is not complementary
    assert any(one.value for one in made.figures)


def told_of_one_factory(
    public: Iterable[Published], own: Iterable[Published]
) -> dict[tuple[Period, str, str], float]:
    """What the staff of a brand work out of the one site that is not theirs: what its cases are about."""
    mine = {one.period: one for one in own}
    found = {}
    for everybody in public:
        whole, part = ({(f.measure, f.by): f.value for f in one.figures} for one in
                       (everybody, mine[everybody.period]))  # fmt: skip
        for (measure, where), value in whole.items():
            about = [pair for pair in where if pair[0] in (D.TOPIC, D.CATEGORY)]
            site = (M.SITES, tuple(pair for pair in where if pair not in about))
            left = (whole.get(site) or 0) - (part.get(site) or 0)
            of_mine = part.get((measure, where), 0)
            if value is None or of_mine is None or measure is not M.RECEIVED:
                continue
            if about and left == 1:
                found[everybody.period, str(site[1]), about[0][1]] = value - of_mine
    return found


@pytest.mark.parametrize(("others", "told"), [(0, True), (1, False), (2, True)])
def test_a_brand_does_not_learn_what_the_one_other_factory_complained_of(
    others: int, told: bool
) -> None:
    """It takes its own from what is public."""
    tables = (TOPIC, CATEGORY, BY_COUNTRY, Table(M.SITES, (D.COUNTRY,)))
    own = sited(cases(YEAR, own_KH_A=80, own_KH_B=80), KH=2)
    rest = {f"own_KH_{name}": 60 for name in "CD"[:others]}
    all_of_it = sited(cases(YEAR, own_KH_A=80, own_KH_B=80, **rest), KH=2 + others)
    public = disclose(all_of_it, tables, PUBLIC, beside={brand("A"): [Past(own, None)]})
    mine = disclose(own, tables, brand("A"), beside={PUBLIC: [Past(all_of_it, public)]})
    assert not told_of_one_factory([public], [mine])
    assert (TOPIC in public.tables) is told
    without = disclose(all_of_it, tables, PUBLIC)
    assert bool(told_of_one_factory([without], [mine])) is not told


def history(seed: int, share: float) -> tuple[Exact, Tables]:
    """A random history, and the tables that are published of it."""
    random = Random(seed)
    tables = some_tables(random, share) if share < 1 else ALL_TABLES
    return sheets(facts(random), tables), tables


def attacked(seeds: range, share: float, *, complementary: bool = True) -> tuple[list[str], int]:
    """What is given away over several histories."""
    found, looked_at = [], 0
    for seed in seeds:
        exact, tables = history(seed, share)
        made = release(exact, tables, complementary=complementary)
        read = {(who, str(period)): as_read(one) for (who, period), one in made.items()}
        some, number = given_away(exact, read)
        found += [f"history {seed}: {one}" for one in some]
        looked_at += number
    return found, looked_at


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "first", [0, 20, *(pytest.param(one, marks=pytest.mark.slow) for one in range(40, 200, 20))]
)
def test_nobody_works_out_what_is_hidden(first: int) -> None:
    """Quarter after quarter and a year, two brands and the public: 200 histories."""
    found, looked_at = attacked(range(first, first + 20), 0.05)
    assert not found
    assert looked_at > 400


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nobody_works_out_what_is_hidden_where_every_table_is_published() -> None:
    found, looked_at = attacked(range(200, 202), 1)
    assert not found
    assert looked_at > 1000


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("first", range(1000, 1300, 10))
def test_nobody_works_out_what_is_hidden_in_many_more_histories(first: int) -> None:
    assert not attacked(range(first, first + 10), 0.5)[0]


@pytest.mark.timeout(600)
def test_without_complementary_suppression_the_same_attacker_succeeds() -> None:
    found, looked_at = attacked(range(10), 0.15, complementary=False)
    assert len(found) > looked_at / 10
    exactly = [one for one in found if re.search(r"from ([\d.]+) to \1$", one)]
    assert len(exactly) > 50  # to the last one
