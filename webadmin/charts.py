"""Charts as values: what stands in one, and where each bar goes. Pure.

A chart takes sentences and numbers as they are read: whoever makes one chooses the language. How it
is drawn: ``charts.html`` on a page (classes of ``app.css``), ``chart.svg`` as a file by itself.
Widths are units of the drawing, which grows and shrinks with the page.
"""

import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH = 360
"""Units from edge to edge: about as many pixels as a phone shows, so letters stay readable there."""
FONT = 12.5
"""The size of letters, in units."""
TITLE, NOTE = 15.0, 9.5
"""Of the title and the footnote of a drawing that stands by itself."""
_LABEL, _BAR, _PAIR_BAR, _GAP = 17.0, 11.0, 10.5, 13.0
_LINE, _LINES = 15.0, 2
"""How far lines of a name are apart, and how many it may have."""
_HIDDEN = 18.0
"""How long the bar of a hidden number is: always the same, so that it tells nothing."""
_PLOT = 150.0
"""How high the columns of a chart over time may be."""
MOST_BARS = 15
"""How many rows are drawn. All of them stand in the table."""
_SERIES = 2
"""A chart compares two periods at most."""


@dataclass(frozen=True, slots=True)
class Value:
    """One number of a chart: how long its bar is, and how it is written."""

    size: float | None
    """``None`` where there is no bar: it is hidden, or there is nothing to measure."""
    text: str
    hidden: bool = False
    """It may not be shown: drawn as a hatched bar, written as ``Mark.sign``."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is counted, and its number in each series."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands in the place of a hidden number."""

    sign: str
    name: str
    """One word, read aloud: "hidden"."""
    reason: str
    """The footnote below whatever holds a mark; the same for each."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart and the table beside it: the same numbers, in the same order."""

    name: str
    """Letters and hyphens: its id on the page and the name of its file."""
    title: str
    text: str
    """What it shows, in a sentence: for who can't see it, and below its title."""
    head: str
    """What the rows are: the first column's head."""
    series: tuple[str, ...]
    """The heads of the other columns: one period, or this one and the one before."""
    rows: tuple[Row, ...]
    mark: Mark
    most: float = 0
    """How much a full bar is, where that is not the largest number: 100 for shares."""
    over_time: bool = False
    """Columns side by side, the rows being periods; else a bar below each other."""

    @property
    def hides(self) -> bool:
        """Whether any number is hidden, so that the reason must stand below."""
        return any(value.hidden for row in self.rows for value in row.values)

    @property
    def is_drawn(self) -> bool:
        """Whether there is anything to draw: not where everything is nothing."""
        return any(value.size or value.hidden for row in self.rows for value in row.values)


@dataclass(frozen=True, slots=True)
class Box:
    """A bar: its place, which series it is of, and what is written beside it."""

    x: float
    y: float
    width: float
    height: float
    series: int
    hidden: bool
    text: str
    text_x: float
    text_y: float


@dataclass(frozen=True, slots=True)
class Words:
    """Letters in a drawing."""

    text: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart with every place worked out. In languages that are written from right to left it is
    the mirror image."""

    chart: Chart
    height: float
    boxes: tuple[Box, ...]
    names: tuple[Words, ...]
    lines: tuple[Words, ...] = ()
    """Lines across a chart over time, with the number each stands for."""
    keys: tuple[Words, ...] = ()
    """The legend, where there are two series: a square before each."""
    rtl: bool = False

    @property
    def start(self) -> float:
        """Where a line of text begins."""
        return WIDTH if self.rtl else 0.0

    @property
    def title(self) -> tuple[str, ...]:
        """The title in lines, above a drawing that stands by itself."""
        return wrapped(self.chart.title, WIDTH, TITLE)

    @property
    def note(self) -> tuple[str, ...]:
        """The reason of marks in lines, below a drawing that stands by itself."""
        mark = self.chart.mark
        return wrapped(f"{mark.sign} {mark.reason}", WIDTH, NOTE) if self.chart.hides else ()


def drawn(chart: Chart, *, rtl: bool, written: Callable[[float], str] = str) -> Drawing:
    """Where everything of a chart goes. ``written`` writes the numbers of lines across."""
    if len(chart.series) > _SERIES:
        raise ValueError("A chart shows two series at most.")
    drawing = _columns(chart, written) if chart.over_time else _bars(chart)
    return _mirrored(drawing) if rtl else drawing


def wide(text: str, font: float = FONT) -> float:
    """About how many units a text is wide: enough to keep clear of its neighbours."""
    return font * sum(map(_em, text))


def cut(text: str, width: float) -> str:
    """A text that fits, with an ellipsis where it had to be cut. The table has it in full."""
    if wide(text) <= width:
        return text
    while text and wide(text + "…") > width:
        text = text[:-1]
    return text.rstrip() + "…"


def fitting(text: str, width: float) -> tuple[str, ...]:
    """A text in one line, or two; what is longer still is cut. The table has it in full."""
    lines = wrapped(text, width, FONT)
    return lines if len(lines) <= _LINES else (lines[0], cut(" ".join(lines[1:]), width))


def wrapped(text: str, width: float, font: float) -> tuple[str, ...]:
    """A text in lines that fit. Words are kept whole where they are set apart by spaces."""
    lines: list[str] = []
    line = ""
    for piece in re.findall(r"\S+\s*", text):
        pieces = [piece] if wide(piece, font) <= width else list(piece)
        for one in pieces:
            if line and wide(line + one.rstrip(), font) > width:
                lines.append(line.rstrip())
                line = ""
            line += one
    return (*lines, line.rstrip()) if line else tuple(lines)


def _em(letter: str) -> float:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return 0.56 if ord(letter) < 0x0900 else 0.75


def _most(chart: Chart) -> float:
    sizes = [value.size for row in chart.rows for value in row.values if value.size]
    return chart.most or max(sizes, default=0) or 1


def _bars(chart: Chart) -> Drawing:
    texts = [_written(chart, value) for row in chart.rows[:MOST_BARS] for value in row.values]
    room = WIDTH - 8 - max((wide(text) for text in texts), default=0)
    most, high = _most(chart), _BAR if len(chart.series) == 1 else _PAIR_BAR
    boxes, names, y = [], [], 0.0
    keys = _keys(chart)
    if keys:
        y = keys[-1].y + FONT + 1
    for row in chart.rows[:MOST_BARS]:
        lines = fitting(row.name, WIDTH)
        names += [Words(text, 0, y + FONT + _LINE * line) for line, text in enumerate(lines)]
        y += _LABEL + _LINE * (len(lines) - 1)
        for series, value in enumerate(row.values):
            width = _HIDDEN if value.hidden else _length(value.size, most, room)
            boxes.append(
                Box(0, y, width, high, series, value.hidden, _written(chart, value),
                    width + 6 if width else 0, y + high / 2 + FONT * 0.36)
            )  # fmt: skip
            y += high + 3
        y += _GAP - 3
    return Drawing(chart, max(y - _GAP + 4, 1), tuple(boxes), tuple(names), keys=keys)


def _length(size: float | None, most: float, room: float) -> float:
    # The least that is something is seen as something.
    return max(round(room * min(size / most, 1), 2), 1.5) if size else 0.0


def _keys(chart: Chart) -> tuple[Words, ...]:
    if len(chart.series) == 1:
        return ()
    half = WIDTH / 2
    if all(wide(name) <= half - 20 for name in chart.series):
        return tuple(Words(name, number * half, FONT) for number, name in enumerate(chart.series))
    return tuple(
        Words(cut(name, WIDTH - 20), 0, FONT + 18 * number)
        for number, name in enumerate(chart.series)
    )


def _written(chart: Chart, value: Value) -> str:
    return chart.mark.sign if value.hidden else value.text


def ticks(most: float) -> list[float]:
    """Round numbers from 0 to the first that is not below ``most``: at most five."""
    most = max(most, 1)
    step = 10.0 ** math.floor(math.log10(most))
    for part in (0.1, 0.2, 0.25, 0.5, 1, 2, 2.5, 5):
        rounded = step * part
        if rounded >= 1 and rounded == int(rounded) and most / rounded <= 4:
            return [number * rounded for number in range(math.ceil(most / rounded) + 1)]
    return [0.0, most]


def _columns(chart: Chart, written: Callable[[float], str]) -> Drawing:
    marks = ticks(_most(chart))
    keys = _keys(chart)
    top, left = (keys[-1].y + 21.0 if keys else 16.0), wide(written(marks[-1])) + 10
    base = top + _PLOT
    slot = (WIDTH - left) / max(len(chart.rows), 1)
    width = min(slot * 0.66, 44.0) / len(chart.series)
    boxes, names, lowest = [], [], base + 24
    for number, row in enumerate(chart.rows):
        middle = left + slot * (number + 0.5)
        for series, value in enumerate(row.values):
            share = (value.size or 0) / marks[-1]
            high = _HIDDEN if value.hidden else max(_PLOT * share, 1.5 if value.size else 0)
            x = middle + width * (series - len(row.values) / 2)
            text = _written(chart, value)
            text = text if wide(text) <= slot / len(row.values) + 4 else ""
            boxes.append(
                Box(x + 0.75, base - high, width - 1.5, high, series, value.hidden, text,
                    x + width / 2, base - high - 4)
            )  # fmt: skip
        for line, text in enumerate(fitting(row.name, slot)):
            names.append(Words(text, middle, base + 17 + _LINE * line))
            lowest = max(lowest, base + 24 + _LINE * line)
    lines = tuple(Words(written(mark), left, base - _PLOT * mark / marks[-1]) for mark in marks)
    return Drawing(chart, lowest, tuple(boxes), tuple(names), lines, keys)


def _mirrored(drawing: Drawing) -> Drawing:
    def other(words: Sequence[Words]) -> tuple[Words, ...]:
        return tuple(Words(one.text, WIDTH - one.x, one.y) for one in words)

    boxes = tuple(
        Box(WIDTH - box.x - box.width, box.y, box.width, box.height, box.series, box.hidden,
            box.text, WIDTH - box.text_x, box.text_y)
        for box in drawing.boxes
    )  # fmt: skip
    return Drawing(
        drawing.chart,
        drawing.height,
        boxes,
        other(drawing.names),
        other(drawing.lines),
        other(drawing.keys),
        rtl=True,
    )
