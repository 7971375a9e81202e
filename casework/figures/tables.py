"""Figures as values, and the tables in which they are published. Pure.

Which of them may be shown: ``casework.disclosure.disclosing``.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period

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
