"""Makes numbers of a period, and of the one before, into what stands on a page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from casework.figures.measures import COUNTED, UNKNOWN, Counted, Dimension, Kept, Measure
from casework.figures.periods import Period
from casework.figures.tables import Figure
from casework.vocabulary import Promise
from webadmin import figure_words
from webadmin.charts import Chart, Drawing, Mark, Row, Value, drawn
from webadmin.figure_source import Numbers
from webadmin.i18n import gettext as _

_TREND = 2
"""One quarter alone is no trend."""
NOTHING = Value(None, "")
"""There is no such number: nothing was measured, or this is not told of the period."""


@dataclass(frozen=True, slots=True)
class Key:
    """A number that stands by itself."""

    name: str
    value: Value
    before: Value | None
    """That of the period before; ``None`` where none is compared."""
    meaning: str

    @property
    def hides(self) -> bool:
        """Whether the reason of marks must stand below."""
        return self.value.hidden or bool(self.before and self.before.hidden)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table without a chart: several numbers about each row."""

    name: str
    title: str
    text: str
    head: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    mark: Mark

    @property
    def hides(self) -> bool:
        """Whether the reason of marks must stand below."""
        return any(value.hidden for row in self.rows for value in row.values)


@dataclass(frozen=True, slots=True)
class View:
    """What is looked at: the numbers of a period, perhaps those before, and how they are said."""

    now: Numbers
    before: Numbers | None
    mark: Mark
    rtl: bool
    place: Callable[[Dimension, str], str] = figure_words.value_name
    """Names a value of a dimension: a factory by its name."""
    quarters: tuple[Numbers, ...] = ()
    """The quarters up to this period, the oldest first."""

    @property
    def periods(self) -> tuple[str, ...]:
        """The heads of the columns: this period, and the one it is compared with."""
        shown = [self.now, *([self.before] if self.before else [])]
        return tuple(figure_words.period_name(one.period) for one in shown)

    def draw(self, chart: Chart) -> Drawing:
        """A chart as the reader's language has it."""
        return drawn(chart, rtl=self.rtl, written=figure_words.count)

    def key(self, measure: Measure, at: dict[Dimension, str] | None = None) -> Key | None:
        """A number with what it means; ``None`` where it is not told."""
        figure = self.now.one(measure, at)
        if figure is None:
            return None
        before = value(self.before.one(measure, at)) if self.before else None
        return Key(
            figure_words.measure_name(measure), value(figure), before, figure_words.meaning(measure)
        )

    def chart(
        self, name: str, measure: Measure, dimension: Dimension, title: str, text: str
    ) -> Drawing | None:
        """The numbers of a breakdown; ``None`` where it is not told, or nothing was counted."""
        if not self.now.has(measure, dimension):
            return None
        found = self.now.values(measure, dimension)
        earlier = self.before.values(measure, dimension) if self.before else {}
        told = self.before is not None and self.before.has(measure, dimension)
        rows = []
        for one in ordered(dimension, {**earlier, **found}, self.place):
            values = [value(found.get(one) or Figure(measure, (), 0))]
            if self.before:
                old = earlier.get(one) or Figure(measure, (), 0)
                values.append(value(old) if told else NOTHING)
            if any(each.size or each.hidden for each in values):
                rows.append(Row(self.place(dimension, one), tuple(values)))
        if not rows:
            return None
        head = figure_words.dimension_name(dimension)
        return self.draw(Chart(name, title, text, head, self.periods, tuple(rows), self.mark))

    def trend(self, name: str, measure: Measure, title: str, text: str) -> Drawing | None:
        """A number over the quarters; ``None`` where there is only one of them."""
        told = [one for one in self.quarters if one.has(measure)]
        if len(told) < _TREND:
            return None
        # By its name even where it is not over.
        named = [(Period.quarter_of(one.period.start), one.one(measure)) for one in told]
        rows = tuple(Row(figure_words.period_name(one), (value(found),)) for one, found in named)
        series = (figure_words.measure_name(measure),)
        chart = Chart(name, title, text, _("Quarter"), series, rows, self.mark, over_time=True)
        return self.draw(chart)


def ordered(
    dimension: Dimension,
    found: dict[str, Figure],
    place: Callable[[Dimension, str], str] = figure_words.value_name,
) -> list[str]:
    """Values in the order of their closed list where it is a scale, else the largest first. Those
    that are hidden stand behind, by name: their place must tell nothing."""
    if dimension in figure_words.SCALES:
        known = [one for one in figure_words.ORDERS.get(dimension, sorted(found)) if one in found]
        return known + sorted(set(found) - set(known))
    return sorted(
        found,
        key=lambda one: (one == UNKNOWN, found[one].value is None, -(found[one].value or 0),
                         place(dimension, one)),
    )  # fmt: skip


def value(figure: Figure | None) -> Value:
    """A figure as it stands on a page."""
    if figure is None:
        return NOTHING
    if figure.value is None:
        return Value(None, "", hidden=True)
    if COUNTED.get(figure.measure) is Counted.MONEY:
        currency = dict(figure.by).get(Dimension.CURRENCY, "")
        return Value(figure.value, figure_words.amount(int(figure.value), currency))
    written = figure_words.tenths if figure.measure is Measure.DAYS else figure_words.count
    return Value(figure.value, written(figure.value))


def ninetieth(figure: Figure | None) -> Value:
    """Within how many days 90 of 100 were kept."""
    if figure is None:
        return NOTHING
    if figure.p90 is None:
        return Value(None, "", hidden=True)
    return Value(figure.p90, figure_words.tenths(figure.p90))


def shares(numbers: Numbers, promise: Promise) -> tuple[Value, Value]:
    """Which share of a promise was kept in time: raw, and with pauses and extensions. A share is
    hidden where one of the numbers that it is made of is."""
    parts = [
        numbers.one(
            Measure.PROMISED, {Dimension.PROMISE: promise.value, Dimension.KEPT: kept.value}
        )
        for kept in Kept
    ]
    if any(part is None for part in parts):
        return NOTHING, NOTHING
    known = [part.value for part in parts if part and part.value is not None]
    if len(known) < len(parts):
        hidden = Value(None, "", hidden=True)
        return hidden, hidden
    due = sum(known)
    if not due:
        return NOTHING, NOTHING
    return _share(known[0] / due), _share((known[0] + known[1]) / due)


def per_thousand(numbers: Numbers, country: str = "") -> Value:
    """Complaints for each 1,000 workers, in all or of one country; hidden where the number of
    complaints is, and none where the number of workers of a factory is not known."""
    at = {Dimension.COUNTRY: country} if country else {}
    cases, workers = numbers.one(Measure.RECEIVED, at), numbers.one(Measure.WORKERS, at)
    known = country not in numbers.uncounted if country else not numbers.uncounted
    if cases is None or workers is None or not workers.value or not known:
        return NOTHING
    if cases.value is None:
        return Value(None, "", hidden=True)
    rate = round(1000 * cases.value / workers.value, 1)
    return Value(rate, figure_words.tenths(rate))


def _share(part: float) -> Value:
    return Value(100 * part, figure_words.share(part))


def any_numbers(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows in which anything stands."""
    return tuple(row for row in rows if any(one.text or one.hidden for one in row.values))
