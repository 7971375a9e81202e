"""The public page in one language: its sentences, numbers, dates, spans, countries and languages."""

import math
from dataclasses import dataclass
from datetime import date, timedelta

from babel import Locale
from babel.dates import format_date, format_skeleton, format_timedelta
from babel.numbers import format_decimal, format_percent
from markupsafe import Markup, escape

from casework.deadlines.clocks import Span, Unit
from casework.figures.periods import Period
from casework.remedy import money
from translations import babel_locale, catalog, is_rtl
from webadmin.public import words

_UNITS = {
    Unit.HOURS: ("hour", timedelta(hours=1)),
    Unit.DAYS: ("day", timedelta(days=1)),
    Unit.MONTHS: ("month", timedelta(days=30)),
}
_NEVER = 10**9
"""So many of a unit would have to come together before a greater one is named."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One language of the workers."""

    tag: str

    @property
    def locale(self) -> Locale:
        """How the language writes numbers and dates."""
        return babel_locale(self.tag)

    @property
    def rtl(self) -> bool:
        """Whether it is written from right to left."""
        return is_rtl(self.tag)

    def says(self, msgid: str, **holes: object) -> Markup:
        """A sentence; names in its holes keep their own direction."""
        text = escape(catalog("bot", self.tag).gettext(msgid))
        if not holes:
            return text
        return text % {name: Markup("<bdi>{}</bdi>").format(holes[name]) for name in holes}

    def counts(self, forms: tuple[str, str], number: int) -> Markup:
        """A sentence that counts."""
        text = catalog("bot", self.tag).ngettext(*forms, number)
        return escape(text) % {"n": self.number(number)}

    def number(self, value: float) -> str:
        """``1,234.5``."""
        return str(format_decimal(value, locale=self.locale))

    def percent(self, part: float, whole: float) -> str:
        """``99%``: rounded down, so that only all of it is ``100%``."""
        return str(format_percent(math.floor(100 * part / whole) / 100, locale=self.locale))

    def money(self, minor: int, currency: str) -> str:
        """An amount in a currency whose code stands beside it: whole ones, without what is over.
        The downloads have it to the last coin."""
        return self.number(minor // 10 ** money.decimals(currency))

    def day(self, day: date) -> str:
        """``22 November 2026``."""
        return str(format_date(day, "long", locale=self.locale))

    def period(self, period: Period) -> str:
        """``Q3 2026``; a year is its number."""
        if period.is_year:
            return str(format_skeleton("y", period.start, locale=self.locale))
        return str(format_skeleton("yQQQ", period.start, locale=self.locale))

    def years(self, number: int) -> str:
        """``5 years``."""
        return self._together("year", number * timedelta(days=365))

    def span(self, span: Span) -> str:
        """``3 days``, as the policy says it."""
        if span.unit is Unit.WORKING_HOURS:
            return str(self.counts(words.WORKING_HOURS, span.amount))
        if span.unit is Unit.WORKING_DAYS:
            return str(self.counts(words.WORKING_DAYS, span.amount))
        name, one = _UNITS[span.unit]
        return self._together(name, span.amount * one)

    def days(self, number: int) -> str:
        """``30 days``."""
        return self._together("day", timedelta(days=number))

    def country(self, code: str) -> str:
        """The name of a country; its code where the language has none for it."""
        return str(self.locale.territories.get(code, code))

    def _together(self, unit: str, time: timedelta) -> str:
        # Not format_unit: Unicode's data lacks the long form of half of these languages.
        return format_timedelta(
            time,
            granularity=unit,  # type: ignore[arg-type]  # it knows these names
            threshold=_NEVER,
            locale=self.locale,
        )
