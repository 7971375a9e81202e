"""The figures that a review of the mechanism looks at, and how a copy of them is kept. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.figures.measures import Dimension, Measure
from casework.figures.tables import Figure, Sheet, Table

LOOKED_AT = (
    Table(Measure.RECEIVED, (Dimension.CATEGORY,)),
    Table(Measure.RECEIVED, (Dimension.WAGE,)),
    Table(Measure.RECEIVED, (Dimension.COUNTRY,)),
    Table(Measure.RECEIVED, (Dimension.CHANNEL,)),
    Table(Measure.RECEIVED, (Dimension.LANGUAGE,)),
    Table(Measure.PERSONS),
    Table(Measure.ISSUES),
    Table(Measure.ADMISSIBLE),
    Table(Measure.DECIDED, (Dimension.OUTCOME,)),
    Table(Measure.ANSWERED, (Dimension.ANSWER,)),
    Table(Measure.APPEALS, (Dimension.RULING,)),
    Table(Measure.RETALIATION),
    Table(Measure.REMEDIED),
    Table(Measure.PROMISED, (Dimension.KEPT,)),
    Table(Measure.DAYS, (Dimension.PROMISE,)),
    Table(Measure.OPEN, (Dimension.AGE,)),
    Table(Measure.OWED, (Dimension.CURRENCY,)),
    Table(Measure.PAID, (Dimension.CURRENCY,)),
    Table(Measure.SITES),
    Table(Measure.WORKERS),
)
"""The figures that a review looks at."""

_NEVER_ADDED = (Measure.DAYS, Measure.OWED, Measure.PAID)
"""Has no total: days of different promises, money of different currencies."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Figures taken in: copied, with where they come from."""

    figures: tuple[Figure, ...]
    digest: bytes | None = None
    """Of the snapshot they are copied from; ``None``: counted just now."""
    snapshot_id: int | None = None


def key_figures(sheet: Sheet) -> tuple[Figure, ...]:
    """Of exact figures those that a review looks at: totals also where they are 0."""
    unmixed = (table.measure for table in LOOKED_AT if table.measure not in _NEVER_ADDED)
    found = [Figure(one, (), sheet.counts.get((one, ()), 0)) for one in unmixed]
    wanted = {(table.measure, table.by) for table in LOOKED_AT if table.by}
    for (measure, by), value in sheet.counts.items():
        if value and (measure, tuple(one for one, _ in by)) in wanted:
            found.append(Figure(measure, by, value))
    for (measure, by), spread in sheet.spreads.items():
        if (measure, tuple(one for one, _ in by)) in wanted:
            found.append(Figure(measure, by, spread.median, spread.p90))
    order = list(Measure)
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=lambda one: (order.index(one.measure), one.by)))


def key_published(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Of published figures those that a review looks at; of what is hidden the mark alone. A total
    that is not there was not published."""
    wanted = {(table.measure, table.by) for table in LOOKED_AT}
    wanted |= {(table.measure, ()) for table in LOOKED_AT if table.measure not in _NEVER_ADDED}
    found = [
        one
        for one in figures
        if (one.measure, tuple(name for name, _ in one.by)) in wanted
        and (one.value != 0 or not one.by)
    ]
    order = list(Measure)
    return tuple(sorted(found, key=lambda one: (order.index(one.measure), one.by)))


def to_row(figure: Figure) -> dict[str, Any]:
    """As JSON keeps it."""
    row: dict[str, Any] = {
        "measure": figure.measure.value,
        "by": [[one.value, value] for one, value in figure.by],
        "value": figure.value,
    }
    return row if figure.p90 is None else {**row, "p90": figure.p90}


def from_row(row: Mapping[str, Any]) -> Figure:
    """The figure again."""
    return Figure(
        Measure(row["measure"]),
        tuple((Dimension(name), value) for name, value in row["by"]),
        row["value"],
        row.get("p90"),
    )


def digest(rows: Sequence[Mapping[str, Any]]) -> bytes:
    """SHA-256 of a copy."""
    return hashlib.sha256(as_text(rows).encode()).digest()


as_text = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
"""The same values always give the same text."""
