"""What figures are called when we speak to staff, and how their numbers are written."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from babel import dates as babel_dates
from babel.numbers import format_decimal, format_percent

from casework.figures.measures import (
    UNKNOWN,
    Age,
    Answer,
    Counted,
    Dimension,
    Kept,
    Matter,
    Measure,
    Ruling,
    Topic,
    Wage,
)
from casework.figures.periods import Period
from casework.remedy import money
from casework.vocabulary import (
    Category,
    Channel,
    Outcome,
    Promise,
    Relation,
    Scope,
    Severity,
)
from translations import N_, babel_locale
from webadmin import labels
from webadmin.charts import Mark
from webadmin.figure_meanings import MEANINGS, MEASURES
from webadmin.i18n import gettext as _
from webadmin.i18n import language
from webadmin.names import country_name, language_name

DIMENSIONS: dict[Dimension, str] = {
    Dimension.BRAND: N_("Brand"),
    Dimension.SCOPE: N_("Scope"),
    Dimension.COUNTRY: N_("Country"),
    Dimension.FACTORY: N_("Factory"),
    # Translators: how far a factory is from the brand: tier 1 sews, tier 2 dyes, and so on
    Dimension.TIER: N_("Tier"),
    Dimension.TOPIC: N_("Topic"),
    Dimension.CATEGORY: N_("Category"),
    Dimension.KIND: N_("Kind"),
    Dimension.MATTER: N_("Topic"),
    Dimension.WAGE: N_("Wages"),
    Dimension.SEVERITY: N_("Severity"),
    Dimension.CHANNEL: N_("Channel"),
    Dimension.LANGUAGE: N_("Language"),
    Dimension.RELATION: N_("Who filed"),
    Dimension.OUTCOME: N_("Outcome"),
    Dimension.ANSWER: N_("Answer"),
    Dimension.RULING: N_("Decision"),
    Dimension.PROMISE: N_("Promise"),
    # Translators: the head of a column: whether a promise was kept
    Dimension.KEPT: N_("Kept"),
    # Translators: how long a case has been open
    Dimension.AGE: N_("Age"),
    Dimension.CURRENCY: N_("Currency"),
}

UNITS: dict[Counted, str] = {
    Counted.CASES: N_("cases"),
    Counted.PERSONS: N_("persons"),
    Counted.ISSUES: N_("issues"),
    Counted.PROMISES: N_("promises"),
    Counted.MONEY: N_("money"),
    Counted.DAYS: N_("days"),
    Counted.SITES: N_("factories"),
    Counted.LANGUAGES: N_("languages"),
}

_VALUES: dict[Dimension, dict[str, str]] = {
    Dimension.OUTCOME: {
        Outcome.UNDECIDED: N_("Ended without a finding"),
        Outcome.ANSWERED: N_("Question answered"),
        Outcome.FOUNDED: N_("Founded"),
        Outcome.PARTLY: N_("Partly founded"),
        Outcome.UNFOUNDED: N_("Unfounded"),
        Outcome.UNDETERMINED: N_("Can’t be determined"),
        Outcome.INADMISSIBLE: N_("Inadmissible"),
        Outcome.REFERRED: N_("Referred"),
        Outcome.WITHDRAWN: N_("Withdrawn"),
    },
    Dimension.ANSWER: {
        Answer.CONFIRMED: N_("Confirmed"),
        Answer.UNANSWERED: N_("No answer in time"),
        Answer.DISPUTED: N_("Disputed"),
        Answer.APPEALED: N_("Appealed"),
    },
    Dimension.RULING: {
        # Translators: of an appeal: the worker was right
        Ruling.UPHELD: N_("Upheld"),
        # Translators: of an appeal: the worker was not right
        Ruling.DISMISSED: N_("Dismissed"),
    },
    Dimension.KEPT: {
        Kept.IN_TIME: N_("In time"),
        Kept.IN_TIME_BY_PAUSE: N_("In time by a pause or an extension"),
        Kept.LATE: N_("Late or missed"),
    },
    Dimension.AGE: {
        Age.MONTH: N_("Less than 30 days"),
        Age.QUARTER: N_("30 to 89 days"),
        Age.HALF: N_("90 to 179 days"),
        Age.YEAR: N_("180 to 364 days"),
        Age.LONGER: N_("365 days or more"),
    },
    Dimension.TOPIC: {
        Topic.PAY: N_("Pay and working hours"),
        Topic.ABUSE: N_("Abuse and discrimination"),
        Topic.FORCED: N_("Forced labour and recruitment"),
        Topic.CHILDREN: N_("Child labour"),
        Topic.SAFETY: N_("Safety and housing"),
        Topic.RIGHTS: N_("Contract and union"),
        Topic.OTHER: N_("Other"),
    },
    Dimension.MATTER: {
        Matter.PAY: N_("Pay and working hours"),
        Matter.SAFETY: N_("Safety and housing"),
        Matter.OTHER: N_("Everything else"),
    },
    Dimension.WAGE: {
        Wage.LIVING: N_("Below a living wage"),
        Wage.OTHER: N_("Other wages"),
        Wage.NONE: N_("Not about wages"),
    },
}
_LISTS: dict[Dimension, type[StrEnum]] = {
    Dimension.SCOPE: Scope,
    Dimension.CATEGORY: Category,
    Dimension.SEVERITY: Severity,
    Dimension.CHANNEL: Channel,
    Dimension.RELATION: Relation,
    Dimension.PROMISE: Promise,
}
"""Dimensions whose values have their names in ``webadmin.labels``."""


def _kind(value: str) -> str:
    category, _colon, code = value.partition(":")
    if category not in list(Category):
        return value
    if (Category(category), code) not in labels.KINDS:
        return labels.label(Category(category))
    return f"{labels.label(Category(category))}: {labels.kind(Category(category), code)}"


_NAMED: dict[Dimension, Callable[[str], str]] = {
    Dimension.COUNTRY: country_name,
    Dimension.LANGUAGE: language_name,
    Dimension.KIND: _kind,
    Dimension.TIER: lambda value: (
        _("Tier %(number)s") % {"number": value} if value != "0" else labels.label(Scope.OWN)
    ),
}
ORDERS: dict[Dimension, tuple[str, ...]] = {
    **{dimension: tuple(names) for dimension, names in _VALUES.items()},
    **{dimension: tuple(values) for dimension, values in _LISTS.items()},
}
"""In which order the values of a closed list stand."""
SCALES = frozenset(
    {
        Dimension.SCOPE,
        Dimension.TIER,
        Dimension.SEVERITY,
        Dimension.OUTCOME,
        Dimension.ANSWER,
        Dimension.RULING,
        Dimension.PROMISE,
        Dimension.KEPT,
        Dimension.AGE,
    }
)
"""Whose values keep their order in a chart; all others stand by how many they are."""


def measure_name(measure: Measure) -> str:
    """What is counted, in the reader's language."""
    return _(MEASURES[measure])


def meaning(measure: Measure) -> str:
    """What a number of it means, in one sentence."""
    return _(MEANINGS[measure])


def dimension_name(dimension: Dimension) -> str:
    """By what it is broken down: the head of a column."""
    return _(DIMENSIONS[dimension])


def unit_name(counted: Counted) -> str:
    """What a number is a number of, as it stands behind it."""
    return _(UNITS[counted])


def value_name(dimension: Dimension, value: str) -> str:
    """What one value of a dimension is called; of a brand or a factory its code."""
    if value == UNKNOWN:
        return _("Not known")
    if dimension in _VALUES:
        found = _VALUES[dimension].get(value)
        return _(found) if found else value
    if dimension in _LISTS:
        entries = _LISTS[dimension]
        return labels.label(entries(value)) if value in list(entries) else value
    return _NAMED.get(dimension, str)(value)


def hidden(below: int) -> Mark:
    """The mark of what may not be shown to an audience that sees no number below ``below``. It has
    one reason whatever the cause, so that the mark itself tells nothing."""
    return Mark(
        "–",
        _("hidden"),
        _("Hidden: below %(number)s, or it would give such a number away.")
        % {"number": count(below)},
    )


def count(value: float) -> str:
    """A whole number as the reader writes it."""
    return str(format_decimal(value, format="#,##0.#", locale=babel_locale(language())))


def tenths(value: float) -> str:
    """Days, or a rate, to one tenth, so that they stand in line below each other."""
    return str(format_decimal(value, format="#,##0.0", locale=babel_locale(language())))


def share(part: float) -> str:
    """A share as the reader writes it: ``87 %``. Rounded down: 100 % is all of them."""
    percent = int(part * 100 + 1e-9) / 100
    return str(format_percent(percent, locale=babel_locale(language())))


def amount(minor: int, currency: str) -> str:
    """Money with the code of its currency."""
    return money.written(minor, currency, babel_locale(language()))


def period_name(period: Period) -> str:
    """``2026``, ``Q3 2026``, ``15 Jan – 14 Feb 2026``: as the reader writes it."""
    locale = babel_locale(language())
    if period.is_year:
        return babel_dates.format_skeleton("y", period.start, locale=locale)
    if period.is_quarter:
        return babel_dates.format_skeleton("yQQQ", period.start, locale=locale)
    last = period.end - timedelta(days=1)
    return babel_dates.format_interval(period.start, last, "yMMMd", locale=locale)


def low_counts() -> str:
    """What must stand beside any number of complaints."""
    return _(
        "A low number of complaints is no proof of good conditions. It can mean that workers do not"
        " know of the mechanism, do not trust it, or are afraid."
    )
