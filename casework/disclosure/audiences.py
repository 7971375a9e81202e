"""Who reads figures, and what a release of figures is: shapes. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from casework.figures.periods import Period
from casework.figures.tables import Figure, Sheet, Table


@dataclass(frozen=True, slots=True)
class Audience:
    """Who reads a release."""

    name: str
    """``public``, or the code of a brand."""
    threshold: int
    """Numbers of people or cases from 1 up to but not with it are hidden."""

    @property
    def apart(self) -> int:
        """How far apart the least and the greatest value of a hidden number must stay possible: as
        many values as a small number may have."""
        return self.threshold - 2


PUBLIC = Audience("public", 10)
"""Everybody (field.md section 5, our default)."""


def brand(code: str) -> Audience:
    """The staff of a brand, who read what the public reads besides (section 5, our default)."""
    return Audience(code, 5)


@dataclass(frozen=True, slots=True)
class Published:
    """What a release shows."""

    audience: str
    period: Period
    tables: tuple[Table, ...]
    """The tables that are in it. One that was asked for and is not here is withheld as a whole:
    nothing of it is known. In one that is here, what is not named among the figures is 0."""
    figures: tuple[Figure, ...]
    """``value`` is ``None`` where it is hidden; hidden is never 0."""


@dataclass(frozen=True, slots=True)
class Past:
    """A period of an audience before: what is exact, and what its readers can read of it."""

    sheet: Sheet
    published: Published | None
    """``None`` where nothing of this period was released to this audience (yet)."""


def of_year(pasts: Iterable[Past], period: Period) -> dict[Period, Past]:
    """Those of the same calendar year, as far as they were released: no sum reaches further. Where a
    period comes twice, the first holds."""
    found: dict[Period, Past] = {}
    for past in pasts:
        if past.published is not None and past.sheet.period.start.year == period.start.year:
            found.setdefault(past.sheet.period, past)
    return found
