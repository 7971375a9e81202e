"""What is counted, by what, and in which tables it is published: figures as values. Pure.

Persons, cases and issues are three different counts (field.md section 2): each measure says which it
is. How they are counted: ``casework.statistics``; which of them may be shown: ``casework.disclosure``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from casework.errors import BadInput
from casework.vocabulary import Category


class Counted(StrEnum):
    """What a number is a number of."""

    CASES = "cases"
    PERSONS = "persons"
    ISSUES = "issues"
    PROMISES = "promises"
    MONEY = "money"
    """Minor units of the currency the figure is broken down by; never mixed."""
    DAYS = "days"
    SITES = "sites"
    LANGUAGES = "languages"


class Measure(StrEnum):
    """What is counted. Of the days of a period, unless it says "at its end"."""

    RECEIVED = "received"
    """Cases that came in."""
    PERSONS = "persons"
    """Workers who filed them; whoever filed two is one."""
    ISSUES = "issues"
    """What those cases are about: one case may hold several."""
    ADMISSIBLE = "admissible"
    """Cases first taken up."""
    DECIDED = "decided"
    """Cases whose worker was told how they end, or that ended without; one that was decided anew
    after a dispute or an appeal counts again."""
    ANSWERED = "answered"
    """What workers said to what they were told."""
    APPEALS = "appeals"
    """Disputes and appeals that were decided anew."""
    RETALIATION = "retaliation"
    """Cases in which somebody said that they were punished for complaining."""
    REMEDIED = "remedied"
    """Workers whose remedy was delivered and verified."""
    PROMISED = "promised"
    """Promises that were to be kept in these days."""
    MET = "met"
    """Promises that were kept in these days, in time or late: what ``DAYS`` are taken of."""
    DAYS = "days"
    """Median and 90th percentile of the days from the start of a promise until it was met."""
    OPEN = "open"
    """Cases that were open at its end."""
    ZERO_TOLERANCE = "zero-tolerance"
    """Cases open at its end with an issue for which there is no tolerance."""
    OVERDUE = "overdue"
    """Cases whose remedy was overdue at its end."""
    OWED_PERSONS = "owed-persons"
    """Workers to whom it was noted that money is owed."""
    OWED = "owed"
    """Money that was noted as owed."""
    PAID_PERSONS = "paid-persons"
    """Workers who were paid what they were owed, or a part of it."""
    PAID = "paid"
    """Money that was paid to them."""
    SITES = "sites"
    """Factories covered at its end."""
    WORKERS = "workers"
    """Who works there, as far as it is known."""
    LANGUAGES = "languages"
    """Languages in which one could complain."""


class Dimension(StrEnum):
    """By what a figure is broken down. The order is that of columns."""

    BRAND = "brand"
    SCOPE = "scope"
    COUNTRY = "country"
    FACTORY = "factory"
    TIER = "tier"
    TOPIC = "topic"
    """Six groups of categories: what is left when categories are too small to show."""
    CATEGORY = "category"
    """Of a case: that of its first issue. So cases add up; issues have their own."""
    KIND = "kind"
    """``WAG:unpaid``; only of issues."""
    MATTER = "matter"
    """Three groups, made so that what was filed at one factory tells of nobody's body or union."""
    WAGE = "wage"
    """Whether a case is about wages below a living wage, about other wages, or about none."""
    SEVERITY = "severity"
    CHANNEL = "channel"
    LANGUAGE = "language"
    RELATION = "relation"
    """Who filed: a worker, a former one, or somebody who helps."""
    OUTCOME = "outcome"
    ANSWER = "answer"
    RULING = "ruling"
    PROMISE = "promise"
    KEPT = "kept"
    AGE = "age"
    CURRENCY = "currency"


class Kept(StrEnum):
    """Whether a promise was kept. Raw share: the first over all; paused share: the first two."""

    IN_TIME = "in-time"
    IN_TIME_BY_PAUSE = "in-time-by-pause"
    """Only because time in which we waited for the worker does not count, or by an extension that
    was approved before it was due."""
    LATE = "late"


class Answer(StrEnum):
    """What a worker said to the outcome."""

    CONFIRMED = "confirmed"
    UNANSWERED = "unanswered"
    """She was asked and the time for it is over. Never counted as confirmed."""
    DISPUTED = "disputed"
    APPEALED = "appealed"


class Ruling(StrEnum):
    """How a dispute or an appeal was decided."""

    UPHELD = "upheld"
    """The worker was right: what is decided now is not what was decided before."""
    DISMISSED = "dismissed"


class Age(StrEnum):
    """How long an open case has been open, in days."""

    MONTH = "0-29"
    QUARTER = "30-89"
    HALF = "90-179"
    YEAR = "180-364"
    LONGER = "365-"


AGES = ((30, Age.MONTH), (90, Age.QUARTER), (180, Age.HALF), (365, Age.YEAR))
"""Below how many days each holds; the rest is older."""


class Topic(StrEnum):
    """Groups of categories. Our default."""

    PAY = "pay-and-hours"
    ABUSE = "abuse-and-discrimination"
    FORCED = "forced-labour-and-recruitment"
    CHILDREN = "child-labour"
    SAFETY = "safety-and-housing"
    RIGHTS = "contract-and-union"
    OTHER = "other"


_C = Category
TOPICS: dict[Category, Topic] = {
    _C.WAGES: Topic.PAY,
    _C.HOURS: Topic.PAY,
    _C.HARASSMENT: Topic.ABUSE,
    _C.DISCRIMINATION: Topic.ABUSE,
    _C.RETALIATION: Topic.ABUSE,
    _C.FORCED_LABOUR: Topic.FORCED,
    _C.RECRUITMENT: Topic.FORCED,
    _C.DOCUMENTS: Topic.FORCED,
    _C.CHILD_LABOUR: Topic.CHILDREN,
    _C.HEALTH_AND_SAFETY: Topic.SAFETY,
    _C.DORMITORY: Topic.SAFETY,
    _C.CONTRACT: Topic.RIGHTS,
    _C.FREEDOM_OF_ASSOCIATION: Topic.RIGHTS,
    _C.OTHER: Topic.OTHER,
}


class Matter(StrEnum):
    """What a case of one factory is about, as coarse as it may be told. Harassment, which holds
    gender-based violence, always stands among all the others (field.md section 5: never factory by
    gender-based violence)."""

    PAY = "pay-and-hours"
    SAFETY = "safety-and-housing"
    OTHER = "everything-else"


def matter_of(category: Category | None) -> Matter:
    """The group of a case's category in a table by factory."""
    topic = TOPICS.get(category) if category else None
    return {Topic.PAY: Matter.PAY, Topic.SAFETY: Matter.SAFETY}.get(
        topic or Topic.OTHER, Matter.OTHER
    )


class Wage(StrEnum):
    """Question 8, element 7, of the living-wage methodology: strict and broad."""

    LIVING = "below-living-wage"
    OTHER = "other-wages"
    NONE = "not-about-wages"


UNKNOWN = "unknown"
"""The value of a dimension where nobody knows it: no factory, no kind, no tier."""

By = tuple[tuple[Dimension, str], ...]
"""What a figure is broken down by, in the order of ``Dimension``; ``()`` is the total."""

Key = tuple[Measure, By]
"""Names a figure within a period."""


def by(values: Mapping[Dimension, str]) -> By:
    """The same breakdown is always written the same way."""
    return tuple(sorted(values.items(), key=_place))


def _place(one: tuple[Dimension, str]) -> int:
    return _PLACES[one[0]]


_PLACES = {dimension: place for place, dimension in enumerate(Dimension)}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Days of UTC, from ``start`` up to but not with ``end``."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise BadInput("A period ends after it begins. Choose a later last day.")

    @classmethod
    def quarter(cls, year: int, number: int) -> "Period":
        """The quarter 1 to 4 of a year."""
        first = date(year, 3 * number - 2, 1)
        return cls(first, date(year + 1, 1, 1) if number == 4 else date(year, 3 * number + 1, 1))

    @classmethod
    def year(cls, year: int) -> "Period":
        """A calendar year."""
        return cls(date(year, 1, 1), date(year + 1, 1, 1))

    @classmethod
    def quarter_of(cls, day: date) -> "Period":
        """The quarter a day is in."""
        return cls.quarter(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> "Period":
        """``2026``, ``2026-Q3`` or ``2026-01-15..2026-02-14`` (both days with it); ``BadInput``
        where it is none of them."""
        year, _, quarter = text.strip().upper().partition("-Q")
        try:
            if ".." in text:
                first, last = (date.fromisoformat(day.strip()) for day in text.split("..", 1))
                return cls(first, last + timedelta(days=1))
            if quarter:
                return cls.quarter(int(year), {"1": 1, "2": 2, "3": 3, "4": 4}[quarter])
            return cls.year(int(year))
        except (ValueError, KeyError, OverflowError):
            raise BadInput(
                "“%(text)s” is no period. Write a year such as 2026, a quarter such as 2026-Q3, or"
                " days such as 2026-01-15..2026-02-14.",
                text=text,
            ) from None

    def __str__(self) -> str:
        """As ``read`` takes it."""
        if self.is_year:
            return f"{self.start.year:04}"
        if self.is_quarter:
            return f"{self.start.year:04}-Q{(self.start.month + 2) // 3}"
        return f"{self.start}..{self.end - timedelta(days=1)}"

    @property
    def is_year(self) -> bool:
        return self == Period.year(self.start.year)

    @property
    def is_quarter(self) -> bool:
        return self == Period.quarter(self.start.year, (self.start.month + 2) // 3)

    @property
    def quarters(self) -> tuple["Period", ...]:
        """Of a year its four quarters; of a quarter itself; else none."""
        if self.is_year:
            return tuple(Period.quarter(self.start.year, number) for number in (1, 2, 3, 4))
        return (self,) if self.is_quarter else ()

    @property
    def before(self) -> "Period":
        """The period before it: the year or quarter before, else as many days."""
        if self.is_year:
            return Period.year(self.start.year - 1)
        if self.is_quarter:
            last = self.start - timedelta(days=1)
            return Period.quarter(last.year, (last.month + 2) // 3)
        return Period(self.start - (self.end - self.start), self.start)

    @property
    def after(self) -> "Period":
        """The period after it, of the same kind."""
        if self.is_year:
            return Period.year(self.start.year + 1)
        if self.is_quarter:
            return Period.quarter_of(self.end)
        return Period(self.end, self.end + (self.end - self.start))

    @property
    def begins(self) -> datetime:
        """The first moment, in UTC."""
        return datetime.combine(self.start, time(), UTC)

    @property
    def ends(self) -> datetime:
        """The first moment after it, in UTC."""
        return datetime.combine(self.end, time(), UTC)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is published: a measure by up to two dimensions, with all its margins."""

    measure: Measure
    by: tuple[Dimension, ...] = ()
    yearly: bool = False
    """Only of whole years: of a quarter it would be too thin."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How days are spread, by the nearest-rank method: each is the days of a promise that was."""

    count: int
    median: float
    p90: float
    """Days, to one tenth."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The exact figures of a period. What is not named is 0."""

    period: Period
    counts: Mapping[Key, int]
    """Every cell and every margin of the tables asked for; money in minor units."""
    spreads: Mapping[Key, Spread]


@dataclass(frozen=True, slots=True)
class Figure:
    """One published number of a period. ``value`` is ``None`` where it is hidden."""

    measure: Measure
    by: By
    value: int | float | None
    p90: float | None = None
    """With ``DAYS``, whose ``value`` is the median. ``None`` where it is hidden, too: it may be shown
    only of more values than a median."""


COUNTED: dict[Measure, Counted] = {
    Measure.PERSONS: Counted.PERSONS,
    Measure.ISSUES: Counted.ISSUES,
    Measure.REMEDIED: Counted.PERSONS,
    Measure.PROMISED: Counted.PROMISES,
    Measure.MET: Counted.PROMISES,
    Measure.DAYS: Counted.DAYS,
    Measure.OWED_PERSONS: Counted.PERSONS,
    Measure.OWED: Counted.MONEY,
    Measure.PAID_PERSONS: Counted.PERSONS,
    Measure.PAID: Counted.MONEY,
    Measure.SITES: Counted.SITES,
    Measure.WORKERS: Counted.PERSONS,
    Measure.LANGUAGES: Counted.LANGUAGES,
}
"""Every other measure counts cases."""

BASES: dict[Measure, Measure] = {
    Measure.DAYS: Measure.MET,
    Measure.OWED: Measure.OWED_PERSONS,
    Measure.PAID: Measure.PAID_PERSONS,
}
"""What is no count is shown only where the count behind it, by the same breakdown, may be."""

OPEN_FACTS = frozenset({Measure.SITES, Measure.WORKERS, Measure.LANGUAGES})
"""About places, not about anybody who complained: always shown."""

ADDS_UP = frozenset(
    {
        Measure.RECEIVED,
        Measure.ISSUES,
        Measure.ADMISSIBLE,
        Measure.DECIDED,
        Measure.ANSWERED,
        Measure.APPEALS,
        Measure.RETALIATION,
        Measure.REMEDIED,
        Measure.PROMISED,
        Measure.MET,
        Measure.OWED,
        Measure.PAID,
    }
)
"""A year's number is the sum of its quarters'. Persons may come twice; the others are of one day."""

_D, _M = Dimension, Measure

_ALL_AUDIENCES = (
    Table(_M.RECEIVED, (_D.TOPIC,)),
    Table(_M.RECEIVED, (_D.CATEGORY,)),
    Table(_M.RECEIVED, (_D.COUNTRY,)),
    Table(_M.RECEIVED, (_D.CHANNEL,)),
    Table(_M.RECEIVED, (_D.LANGUAGE,)),
    Table(_M.RECEIVED, (_D.COUNTRY, _D.TOPIC), yearly=True),
    Table(_M.PERSONS),
    Table(_M.ISSUES),
    Table(_M.ADMISSIBLE),
    Table(_M.DECIDED, (_D.OUTCOME,)),
    Table(_M.ANSWERED, (_D.ANSWER,)),
    Table(_M.APPEALS, (_D.RULING,)),
    Table(_M.RETALIATION),
    Table(_M.REMEDIED),
    Table(_M.PROMISED, (_D.PROMISE, _D.KEPT)),
    Table(_M.MET, (_D.PROMISE,)),
    Table(_M.DAYS, (_D.PROMISE,)),
    Table(_M.OPEN, (_D.AGE,)),
    Table(_M.OWED_PERSONS, (_D.CURRENCY,)),
    Table(_M.OWED, (_D.CURRENCY,)),
    Table(_M.PAID_PERSONS, (_D.CURRENCY,)),
    Table(_M.PAID, (_D.CURRENCY,)),
    Table(_M.SITES, (_D.COUNTRY,)),
    Table(_M.WORKERS, (_D.COUNTRY,)),
    Table(_M.LANGUAGES),
)
PUBLIC_TABLES = _ALL_AUDIENCES
"""What anybody may read, of all brands together."""
BRAND_TABLES = (
    *_ALL_AUDIENCES,
    Table(_M.RECEIVED, (_D.SCOPE, _D.TOPIC)),
    Table(_M.RECEIVED, (_D.SCOPE, _D.WAGE)),
    Table(_M.RECEIVED, (_D.FACTORY,)),
    # Readers know the country, scope and tier of each factory: these say so to what must be hidden.
    Table(_M.RECEIVED, (_D.SCOPE, _D.FACTORY)),
    Table(_M.RECEIVED, (_D.COUNTRY, _D.FACTORY)),
    Table(_M.RECEIVED, (_D.FACTORY, _D.TIER)),
    Table(_M.RECEIVED, (_D.TIER,)),
    Table(_M.RECEIVED, (_D.SEVERITY,)),
    Table(_M.RECEIVED, (_D.RELATION,)),
    Table(_M.DECIDED, (_D.SCOPE, _D.OUTCOME)),
    Table(_M.OPEN, (_D.SCOPE,)),
    Table(_M.ZERO_TOLERANCE, (_D.FACTORY,)),
    Table(_M.OVERDUE, (_D.FACTORY,)),
    Table(_M.RETALIATION, (_D.FACTORY,)),
    Table(_M.SITES, (_D.SCOPE, _D.COUNTRY)),
    Table(_M.WORKERS, (_D.SCOPE, _D.COUNTRY)),
)
"""What the staff of one brand may read, of its own factories."""
