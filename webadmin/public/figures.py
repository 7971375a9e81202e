"""The public figures as tables: quarters side by side, out of the releases and nothing else."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from markupsafe import Markup

from casework.figures.measures import Dimension, Kept, Measure
from casework.figures.periods import Period
from casework.figures.tables import Figure, Key, Table, by
from casework.figures.uncounted import Uncounted
from casework.models import Release
from casework.publication import releases
from casework.vocabulary import Category, Promise
from webadmin.charts import Chart, Drawing, Mark, Row, Value, drawn
from webadmin.public import words
from webadmin.public.speaking import Voice

Name = TypeVar("Name", bound=str)

SHOWN = 4
"""So many quarters stand side by side."""
_THOUSAND = 1000


@dataclass(frozen=True, slots=True)
class Quarter:
    """What was released of a quarter."""

    period: Period
    version: int
    made_on: date
    threshold: int
    tables: Sequence[Table]
    """What was released: in these tables, what is not among the values is 0."""
    values: Mapping[Key, Figure]
    uncounted: bool
    """The number of workers of a factory is not known."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: a row for what is counted, a column for each quarter or each share."""

    name: str
    title: Markup
    heads: tuple[str, ...]
    rows: tuple[Row, ...]


def quarter(release: Release, uncounted: Uncounted) -> Quarter:
    """A released quarter to look figures up in."""
    period = Period.read(release.period)
    return Quarter(
        period,
        release.version,
        release.made_at.date(),
        release.threshold,
        releases.tables(release),
        {(figure.measure, figure.by): figure for figure in releases.figures(release)},
        bool(uncounted.countries(period)),
    )


def why_hidden(voice: Voice, threshold: int) -> Markup:
    """The one reason for every mark, so that no mark tells more than another."""
    hidden = voice.says(words.HIDDEN)
    return voice.says(words.WHY_HIDDEN, hidden=hidden, n=voice.number(threshold))


@dataclass(frozen=True, slots=True)
class Figures:
    """Some quarters, the earliest first, as one language says them."""

    voice: Voice
    quarters: tuple[Quarter, ...]

    def grids(self) -> Iterator[Grid]:
        """Every table of the page that holds anything, but that of the times kept."""
        says = self.voice.says
        yield self._grid("all", words.FIGURES, self._overview())
        yield self._broken_down(
            "category", words.BY_CATEGORY, Measure.RECEIVED, Dimension.CATEGORY, words.CATEGORIES
        )
        countries = sorted(self._named(Measure.RECEIVED, Dimension.COUNTRY))
        names = {code: self.voice.country(code) for code in countries}
        if names:
            rows = self._rows(Measure.RECEIVED, Dimension.COUNTRY, names)
            yield self._grid("country", words.COUNTS[Measure.RECEIVED], rows)
        yield self._broken_down(
            "results",
            words.COUNTS[Measure.DECIDED],
            Measure.DECIDED,
            Dimension.OUTCOME,
            words.OUTCOMES,
        )
        yield self._broken_down(
            "answers", words.BY_ANSWER, Measure.ANSWERED, Dimension.ANSWER, words.ANSWERS
        )
        yield self._broken_down(
            "appeals", words.BY_RULING, Measure.APPEALS, Dimension.RULING, words.RULINGS
        )
        paid = [
            Row(
                says(sentence, currency=currency),
                tuple(self._amount(one, measure, currency) for one in self.quarters),
            )
            for currency in self._currencies()
            for measure, sentence in words.MONEY_OF.items()
        ]
        if paid:
            yield self._grid("money", words.CATEGORIES[Category.WAGES], paid)

    def kept(self) -> Iterator[Grid]:
        """How often each promise was due in the newest quarter, and which share was kept; then the
        share of each quarter."""
        newest, due = self.quarters[-1], self._named(Measure.PROMISED, Dimension.PROMISE)
        promises = [promise for promise in words.PROMISES if promise in due]
        names = [self._said(words.PROMISES[promise]) for promise in promises]
        if not promises:
            return
        heads = tuple(map(self._said, (words.DUE, words.IN_TIME, words.IN_TIME_BY_PAUSE)))
        title = self.voice.says(words.KEPT) + " " + self.voice.period(newest.period)
        rows = [
            Row(name, self._shares(newest, promise))
            for name, promise in zip(names, promises, strict=True)
        ]
        yield Grid("kept", title, heads, tuple(rows))
        if len(self.quarters) > 1:
            rows = [
                Row(name, tuple(self._shares(one, promise)[1] for one in self.quarters))
                for name, promise in zip(names, promises, strict=True)
            ]
            yield self._grid("in-time", words.IN_TIME, rows)

    def charts(self) -> Iterator[Drawing]:
        """How many complaints came, and what they were about in the newest quarter."""
        received = words.COUNTS[Measure.RECEIVED]
        over_time = tuple(
            Row(self.voice.period(one.period), (self._count(one, Measure.RECEIVED),))
            for one in self.quarters
        )
        yield self._drawing("by-quarter", received, "", over_time, over_time=True)
        newest = Figures(self.voice, self.quarters[-1:])
        rows = newest._rows(Measure.RECEIVED, Dimension.CATEGORY, newest._names(words.CATEGORIES))
        rows = [row for row in rows if row.values[0].size or row.values[0].hidden]
        if rows:
            yield self._drawing("by-category", words.BY_CATEGORY, received, tuple(rows))

    @property
    def mark(self) -> Mark:
        """What stands in the place of a hidden number: the same word everywhere, for one reason."""
        hidden = self._said(words.HIDDEN)
        return Mark(hidden, hidden, why_hidden(self.voice, self.threshold))

    @property
    def threshold(self) -> int:
        """The least number above 0 that every quarter shows."""
        return max(one.threshold for one in self.quarters)

    # --- rows ---

    def _overview(self) -> list[Row]:
        rows = []
        for measure, sentence in words.COUNTS.items():
            values = tuple(self._count(one, measure) for one in self.quarters)
            rows.append(Row(self._said(sentence), values))
            if measure is Measure.WORKERS:
                title = self.voice.says(words.PER_WORKERS, n=self.voice.number(_THOUSAND))
                rows.append(Row(title, tuple(map(self._reach, self.quarters))))
        return rows

    def _broken_down(
        self,
        name: str,
        title: str,
        measure: Measure,
        dimension: Dimension,
        sentences: Mapping[Name, str],
    ) -> Grid:
        return self._grid(name, title, self._rows(measure, dimension, self._names(sentences)))

    def _rows(self, measure: Measure, dimension: Dimension, names: Mapping[str, str]) -> list[Row]:
        """A row for each value that is anything but 0 in any quarter shown."""
        named = self._named(measure, dimension)
        order = [value for value in names if value in named]
        order += sorted(named - set(names))
        return [
            Row(
                names.get(value) or self._said(words.UNKNOWN),
                tuple(self._count(one, measure, {dimension: value}) for one in self.quarters),
            )
            for value in order
        ]

    def _grid(self, name: str, title: str, rows: Sequence[Row]) -> Grid:
        heads = tuple(self.voice.period(one.period) for one in self.quarters)
        return Grid(name, self.voice.says(title), heads, tuple(rows))

    def _drawing(
        self, name: str, title: str, text: str, rows: tuple[Row, ...], *, over_time: bool = False
    ) -> Drawing:
        newest = self.voice.period(self.quarters[-1].period)
        first = self.voice.period(self.quarters[0].period)
        span = f"{first} – {newest}" if over_time and first != newest else newest
        chart = Chart(
            name,
            self._said(title),
            f"{self._said(text)}, {span}" if text else span,
            self._said(title),
            (newest,),
            rows,
            self.mark,
            over_time=over_time,
        )
        return drawn(chart, rtl=self.voice.rtl, written=self.voice.number)

    # --- values ---

    def _count(
        self, one: Quarter, measure: Measure, breakdown: Mapping[Dimension, str] | None = None
    ) -> Value:
        return self._value(self._of(one, measure, breakdown or {}), self.voice.number)

    def _amount(self, one: Quarter, measure: Measure, currency: str) -> Value:
        found = self._of(one, measure, {Dimension.CURRENCY: currency})
        return self._value(found, lambda minor: self.voice.money(int(minor), currency))

    def _reach(self, one: Quarter) -> Value:
        """Complaints for each thousand workers: of shown numbers only, and none where some of the
        workers are not counted."""
        received = self._of(one, Measure.RECEIVED, {})
        workers = self._of(one, Measure.WORKERS, {})
        if received is None:
            return self._value(None, str)
        if not workers or one.uncounted:
            return Value(None, "–")
        rate = _THOUSAND * received / workers
        return Value(rate, self.voice.number(round(rate, 1)))

    def _shares(self, one: Quarter, promise: Promise) -> tuple[Value, ...]:
        """How often it was due; the share that was kept, raw and with pauses. A share is shown where
        both its numbers are."""

        def times(kept: Kept | None) -> float | None:
            breakdown: dict[Dimension, str] = {Dimension.PROMISE: promise}
            if kept:
                breakdown[Dimension.KEPT] = kept
            return self._of(one, Measure.PROMISED, breakdown)

        due, raw, late = times(None), times(Kept.IN_TIME), times(Kept.LATE)
        paused = times(Kept.IN_TIME_BY_PAUSE)
        with_pauses = None
        if due is not None and late is not None:
            with_pauses = due - late
        elif raw is not None and paused is not None:
            with_pauses = raw + paused
        if due == 0:
            return Value(0, self.voice.number(0)), Value(None, "–"), Value(None, "–")
        return (
            self._value(due, self.voice.number),
            *(
                self._value(
                    None if due is None else part, lambda part: self.voice.percent(part, due or 1)
                )
                for part in (raw, with_pauses)
            ),
        )

    def _value(self, found: float | None, written: Callable[[float], str]) -> Value:
        if found is None:
            return Value(None, self._said(words.HIDDEN), hidden=True)
        return Value(found, written(found))

    def _of(
        self, one: Quarter, measure: Measure, breakdown: Mapping[Dimension, str]
    ) -> float | None:
        """A released number, ``None`` where it is hidden or was withheld; 0 where its table was
        released and does not name it."""
        figure = one.values.get((measure, by(breakdown)))
        if figure is not None:
            return figure.value
        there = any(
            table.measure is measure and set(breakdown) <= set(table.by) for table in one.tables
        )
        return 0 if there else None

    def _named(self, measure: Measure, dimension: Dimension) -> set[str]:
        """Values by which anything but 0 was released."""
        return {
            breakdown[0][1]
            for one in self.quarters
            for (of, breakdown), figure in one.values.items()
            if of is measure
            and [name for name, _ in breakdown] == [dimension]
            and figure.value != 0
        }

    def _currencies(self) -> list[str]:
        return sorted(
            {
                currency
                for measure in words.MONEY_OF
                for currency in self._named(measure, Dimension.CURRENCY)
            }
        )

    def _names(self, sentences: Mapping[Name, str]) -> dict[str, str]:
        return {value: self._said(sentence) for value, sentence in sentences.items()}

    def _said(self, sentence: str) -> str:
        return str(self.voice.says(sentence).unescape())
