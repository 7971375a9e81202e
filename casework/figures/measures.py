"""What is counted, and by what: the measures of figures and their breakdowns. Pure.

Persons, cases and issues are three different counts (field.md section 2): each measure says which it
is. How they are counted: ``casework.figures.statistics``.
"""

from enum import StrEnum

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
