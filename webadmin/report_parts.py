"""What texts for reports are made of: sentences, gaps, and lines with a number and its definition."""

from dataclasses import dataclass

from casework.figures.measures import Dimension, Measure
from webadmin import figure_words
from webadmin.i18n import gettext as _
from webadmin.report_numbers import Facts


@dataclass(frozen=True, slots=True)
class Gap:
    """Where somebody must write something, and what."""

    text: str


Piece = str | Gap


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: what, the number, and what it means."""

    name: str
    numbers: tuple[str, ...]
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text for one kind of report."""

    name: str
    """Letters and hyphens: its id on the page."""
    title: str
    use: str
    """Where it goes; not a part of it."""
    paragraphs: tuple[tuple[Piece, ...], ...]
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Who:
    """Whose text it is."""

    brand: str
    operator: str


def line(facts: Facts, measure: Measure) -> Line:
    """A number by itself, with its definition."""
    return Line(
        figure_words.measure_name(measure), (facts.count(measure),), figure_words.meaning(measure)
    )


def open_line(facts: Facts, measure: Measure) -> Line:
    """The same of a number about places, which is never hidden."""
    return Line(
        figure_words.measure_name(measure),
        (facts.open_fact(measure),),
        figure_words.meaning(measure),
    )


def listing(facts: Facts, measure: Measure, dimension: Dimension, name: str) -> Line:
    """The parts of a number that may be listed."""
    return Line(name, facts.lines(measure, dimension), not_listed())


def not_listed() -> str:
    """What it means that a part is missing."""
    return _(
        "What is not listed is none, fewer than ten, or left out so that no such number can be worked"
        " out."
    )
