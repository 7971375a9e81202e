"""Numbers of a release as they may stand in a text that everybody reads, each in words."""

from collections.abc import Callable
from dataclasses import dataclass

from casework.figures.measures import Dimension, Kept, Measure
from casework.figures.tables import Figure
from casework.publication import publishing
from casework.vocabulary import Promise
from webadmin import figure_charts, figure_words
from webadmin.charts import Value
from webadmin.figure_source import Numbers
from webadmin.i18n import gettext as _

MARK = "–"
"""Stands where a number may not."""
_D, _M = Dimension, Measure


@dataclass(frozen=True, slots=True)
class Facts:
    """The numbers of a period for a text. ``place`` names a value of a dimension."""

    numbers: Numbers
    place: Callable[[Dimension, str], str] = figure_words.value_name

    @property
    def period(self) -> str:
        """The name of the period."""
        return figure_words.period_name(self.numbers.period)

    def count(self, measure: Measure, at: dict[Dimension, str] | None = None) -> str:
        """A number by itself, or the mark."""
        figure = self.numbers.one(measure, at)
        return self._text(figure) if publishing.may_show(figure) else MARK

    def open_fact(self, measure: Measure) -> str:
        """A number about places, which is never hidden."""
        figure = self.numbers.one(measure)
        return self._text(figure) if figure and figure.value is not None else MARK

    def parts(self, measure: Measure, dimension: Dimension) -> list[tuple[str, str]]:
        """What may be listed of a breakdown, with its numbers; what is missing is none, small, or
        left out."""
        found = self.numbers.values(measure, dimension)
        shown = publishing.listed(self.numbers.one(measure), found)
        return [
            (self.place(dimension, one), figure_words.count(shown[one]))
            for one in figure_charts.ordered(dimension, found, self.place)
            if one in shown
        ]

    def lines(self, measure: Measure, dimension: Dimension) -> tuple[str, ...]:
        """The same in words: ``Wages: 40``."""
        found = [f"{name}: {number}" for name, number in self.parts(measure, dimension)]
        return tuple(found) or (MARK,)

    def part(self, measure: Measure, dimension: Dimension, value: str) -> str:
        """One number of a breakdown, where it may be listed; a 0 is only told with all others."""
        found = self.numbers.values(measure, dimension)
        shown = publishing.listed(self.numbers.one(measure), found)
        total = self.numbers.one(measure)
        if value in shown:
            return figure_words.count(shown[value])
        return figure_words.count(0) if total and total.value == 0 else MARK

    def days(self, promise: Promise) -> str:
        """Median and 90th percentile, where enough were kept."""
        at = {_D.PROMISE: promise.value}
        days, met = self.numbers.one(_M.DAYS, at), self.numbers.one(_M.MET, at)
        if days is None or days.value is None or not met or not publishing.may_show(met):
            return MARK
        return _("median %(median)s days, 90 of 100 within %(p90)s days") % {
            "median": figure_words.tenths(days.value),
            "p90": figure_charts.ninetieth(days).text or MARK,
        }

    def in_time(self, promise: Promise) -> str:
        """The share kept in time, raw and with pauses, where none of its parts is small."""
        at = {_D.PROMISE: promise.value}
        parts = [self.numbers.one(_M.PROMISED, {**at, _D.KEPT: kept.value}) for kept in Kept]
        raw, paused = figure_charts.shares(self.numbers, promise)
        if not all(map(publishing.may_show, parts)) or not _told(raw, paused):
            return MARK
        shares = {"raw": raw.text, "paused": paused.text}
        return _("%(raw)s; %(paused)s with pauses and extensions") % shares

    def money(self, measure: Measure, persons: Measure) -> tuple[str, ...]:
        """Amounts by currency, where enough workers stand behind each."""
        found = []
        for currency, figure in sorted(self.numbers.values(measure, _D.CURRENCY).items()):
            behind = self.numbers.one(persons, {_D.CURRENCY: currency})
            if publishing.may_show(behind) and figure.value:
                found.append(self._text(figure))
        nobody = not self.numbers.values(persons, _D.CURRENCY) and self.numbers.has(persons)
        return tuple(found) or (figure_words.count(0) if nobody else MARK,)

    def rate(self) -> str:
        """Cases for each 1,000 workers, where the number of cases may stand there."""
        cases = self.numbers.one(_M.RECEIVED)
        if not publishing.may_show(cases):
            return MARK
        return figure_charts.per_thousand(self.numbers).text or MARK

    def _text(self, figure: Figure | None) -> str:
        return figure_charts.value(figure).text or MARK


def _told(*values: Value) -> bool:
    return all(one.size is not None for one in values)
