"""Made-up complaints of several brands and quarters, and their exact figures, for the tests of what
may be shown. Counted plainly, with nothing of the program but its names."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from random import Random

from casework.disclosure.audiences import PUBLIC, Past, Published, brand
from casework.disclosure.disclosing import disclose
from casework.figures.measures import TOPICS, UNKNOWN, Dimension, Measure, Topic
from casework.figures.periods import Period
from casework.figures.tables import BRAND_TABLES, PUBLIC_TABLES, Key, Sheet, Spread, Table
from casework.vocabulary import Category

D, M = Dimension, Measure
CATEGORIES = (Category.WAGES, Category.HOURS, Category.HARASSMENT, Category.DISCRIMINATION)
COUNTRIES = ("BD", "KH", "TR")
QUARTERS = (*(Period.quarter(2026, number) for number in (1, 2, 3, 4)), Period.quarter(2027, 1))
PERIODS = (*QUARTERS[:4], Period.year(2026), QUARTERS[4])
"""In the order in which they are released."""


@dataclass(frozen=True)
class Fact:
    """Something that happened in a quarter, once; or of a person, who counts once in a period."""

    measure: Measure
    brand: str
    quarter: int
    of: dict[Dimension, str]
    weight: int = 1
    person: int = 0


def facts(random: Random) -> list[Fact]:
    """The life of some factories of two brands and of others, in five quarters."""
    skew = random.uniform(0.3, 2.0)

    def some(choices: Sequence[str]) -> str:
        weights = [1 / (rank + 1) ** skew for rank in range(len(choices))]
        return random.choices(choices, weights)[0]

    found: list[Fact] = []
    size = random.choice((3, 8, 20, 50))
    brands = ["A"] * random.choice((1, 3)) + ["B"] * random.choice((0, 1, 3)) + ["C"] * random.choice((0, 1))  # fmt: skip
    for quarter in range(len(QUARTERS)):
        for _ in range(random.randrange(size, 4 * size)):
            found += _case(random, some, random.choice(brands), quarter)
    return found


def _case(
    random: Random, some: Callable[[Sequence[str]], str], brand: str, quarter: int
) -> Iterable[Fact]:
    category = Category(some(CATEGORIES)) if random.random() < 0.95 else None
    country = some(COUNTRIES)
    wage = "not-about-wages"
    if category is Category.WAGES:
        wage = some(("other-wages", "below-living-wage"))
    elif random.random() < 0.05:
        wage = "other-wages"
    number = random.randrange(3)
    about = {
        D.COUNTRY: country,
        D.FACTORY: f"{brand}-{country}-{number}",
        D.SCOPE: ("supply-chain", "supply-chain", "own")[number],
        D.TIER: ("1", "2", "unknown")[number],
        D.TOPIC: str(TOPICS[category] if category else Topic.OTHER),
        D.CATEGORY: str(category or UNKNOWN),
        D.WAGE: wage,
        D.SEVERITY: some(("medium", "high", "low")),
        D.CHANNEL: some(("telegram", "phone")),
        D.LANGUAGE: some(("bn", "km", "tr")),
        D.RELATION: some(("worker", "former", "helper")),
    }
    person = random.randrange(1, 2000) if random.random() < 0.9 else random.randrange(1, 20)

    def fact(measure: Measure, weight: int = 1, **of: str) -> Fact:
        extra = {D(name): value for name, value in of.items()}
        return Fact(measure, brand, quarter, {**about, **extra}, weight, person)

    yield fact(M.RECEIVED)
    yield fact(M.PERSONS)
    yield fact(M.ISSUES, random.choice((1, 1, 1, 2)))
    if random.random() < 0.8:
        yield fact(M.ADMISSIBLE)
    if random.random() < 0.6:
        yield fact(M.DECIDED, outcome=some(("founded", "unfounded", "withdrawn")))
        yield fact(M.ANSWERED, answer=some(("confirmed", "unanswered", "disputed")))
    if random.random() < 0.1:
        yield fact(M.APPEALS, ruling=some(("upheld", "dismissed")))
    if random.random() < 0.1:
        yield fact(M.RETALIATION)
    if random.random() < 0.3:
        yield fact(M.REMEDIED)
    for promise in ("acknowledge", "decide"):
        if random.random() < 0.8:
            yield fact(M.PROMISED, promise=promise, kept=some(("in-time", "late")))
            yield fact(M.MET, promise=promise)
    yield from _more(random, some, fact)


def _more(
    random: Random, some: Callable[[Sequence[str]], str], fact: Callable[..., Fact]
) -> Iterable[Fact]:
    yield fact(M.OPEN, age=some(("0-29", "30-89", "90-179")))
    if random.random() < 0.05:
        yield fact(M.ZERO_TOLERANCE)
    if random.random() < 0.1:
        yield fact(M.OVERDUE)
    if random.random() < 0.3:
        currency = some(("BDT", "USD"))
        yield fact(M.OWED_PERSONS, currency=currency)
        yield fact(M.OWED, random.randrange(100, 99999), currency=currency)


PERSONS = (M.PERSONS, M.OWED_PERSONS, M.PAID_PERSONS)
AT_END = (M.OPEN, M.ZERO_TOLERANCE, M.OVERDUE)


def sheet(found: Iterable[Fact], period: Period, tables: Sequence[Table]) -> Sheet:
    """The exact figures of a period."""
    within = {index for index, one in enumerate(QUARTERS) if one in period.quarters}
    facts_of: dict[Measure, list[Fact]] = defaultdict(list)
    for one in found:
        if one.quarter in ({max(within)} if one.measure in AT_END else within):
            facts_of[one.measure].append(one)
    counts: dict[Key, int] = {}
    spreads: dict[Key, Spread] = {}
    for measure, dims in sorted({(one.measure, dims) for one in tables for dims in parts(one.by)}):
        if measure in (M.OWED, M.PAID) and D.CURRENCY not in dims:
            continue  # never mixed
        once: Counter = Counter()
        people = defaultdict(set)
        for one in facts_of[M.MET if measure is M.DAYS else measure]:
            where = tuple((dim, one.of[dim]) for dim in dims)
            once[where] += one.weight
            if measure in PERSONS:
                people[where].add(one.person)
        for where, number in once.items():
            if measure is M.DAYS:
                spreads[measure, where] = Spread(number, 3.0, 9.5)
            else:
                counts[measure, where] = len(people[where]) if measure in PERSONS else number
    counts[M.SITES, ()] = 9
    counts |= {(M.SITES, ((D.COUNTRY, country),)): 3 for country in COUNTRIES}
    return Sheet(period, dict(counts), spreads)


def parts(dims: Sequence[Dimension]) -> list[tuple[Dimension, ...]]:
    """A table's dimensions, and those of its margins, in the order of columns."""
    return [
        tuple(dim for dim in D if dim in some)
        for size in range(len(dims) + 1)
        for some in combinations(dims, size)
    ]


Tables = dict[str, tuple[Table, ...]]
ALL_TABLES: Tables = {"public": PUBLIC_TABLES, "A": BRAND_TABLES, "B": BRAND_TABLES}


def some_tables(random: Random, share: float) -> Tables:
    """A part of what is published, so that a history is short; always something of what came in."""
    chosen = {one for one in BRAND_TABLES if random.random() < share} | {
        random.choice([one for one in PUBLIC_TABLES if one.measure is M.RECEIVED])
    }
    return {
        name: tuple(one for one in tables if one in chosen) for name, tables in ALL_TABLES.items()
    }


PLACES = tuple(
    Table(M.RECEIVED, dims)
    for dims in ((D.SCOPE, D.FACTORY), (D.COUNTRY, D.FACTORY), (D.FACTORY, D.TIER))
)
"""Always counted for a brand, whose staff know where each factory is."""


Exact = dict[tuple[str, Period], Sheet]


def sheets(found: Sequence[Fact], tables: Tables, *, known: bool = True) -> Exact:
    """Of each audience and period. ``known`` is there for a test that shows what follows where it is
    forgotten that a brand's staff know where each factory is."""
    return {
        (name, period): sheet(
            [one for one in found if name in ("public", one.brand)],
            period,
            (*tables[name], *(PLACES if known and name != "public" else ())),
        )
        for name in tables
        for period in PERIODS
    }


AUDIENCES = {"public": PUBLIC, "A": brand("A"), "B": brand("B")}
Releases = dict[tuple[str, Period], Published]


def release(exact: Exact, tables: Tables, *, complementary: bool = True) -> Releases:
    """All that is released, period after period, to one audience after the other."""
    made: Releases = {}
    for period in PERIODS:
        for name, audience in AUDIENCES.items():
            until = PERIODS[: PERIODS.index(period) + 1]
            pasts = {
                who: [Past(exact[who, one], made.get((who, one))) for one in until]
                for who in AUDIENCES
            }
            beside = [who for who in AUDIENCES if who != name and "public" in (who, name)]
            made[name, period] = disclose(
                exact[name, period],
                tables[name],
                audience,
                earlier=[past for past in pasts[name] if past.published],
                beside={AUDIENCES[who]: pasts[who] for who in beside},
                complementary=complementary,
            )
    return made
