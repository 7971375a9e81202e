"""How figures are written as JSON, and their digests. Pure.

A row names a figure and its value; ``null`` is hidden, and so is its ``p90``::

    {"measure": "received", "by": {"country": "KH", "topic": "pay-and-hours"}, "value": 12}
    {"measure": "received", "by": {"country": "VN"}, "value": null}
    {"measure": "days", "by": {"promise": "acknowledge"}, "value": 1.5, "p90": 4.0}

Rows stand in the order of ``Measure``, then of their breakdown: the same figures are the same text.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import By, Figure, Key, Sheet, Spread, Table, by

Row = dict[str, Any]

_MEASURES = {measure: place for place, measure in enumerate(Measure)}
_DIMENSIONS = {dimension: place for place, dimension in enumerate(Dimension)}


def order(key: Key) -> tuple[int, tuple[tuple[int, str], ...]]:
    """What rows are sorted by: totals before what they are made of."""
    measure, breakdown = key
    return _MEASURES[measure], tuple((_DIMENSIONS[one], value) for one, value in breakdown)


def rows(figures: Iterable[Figure]) -> list[Row]:
    """Published figures as rows."""
    found = sorted(figures, key=lambda figure: order((figure.measure, figure.by)))
    return [_figure_row(figure) for figure in found]


def figures(rows: Sequence[Mapping[str, Any]]) -> tuple[Figure, ...]:
    """Published figures out of rows."""
    return tuple(Figure(*key_of(row), value=row["value"], p90=row.get("p90")) for row in rows)


def key_of(row: Mapping[str, Any]) -> Key:
    """Which figure a row is of."""
    named: Mapping[str, str] = row["by"]
    return Measure(row["measure"]), by({Dimension(name): named[name] for name in named})


def named(key: Key) -> Row:
    """A row that only names its figure."""
    measure, breakdown = key
    return {"measure": measure.value, "by": _by(breakdown)}


def of_sheet(sheet: Sheet) -> tuple[list[Row], list[Row]]:
    """Exact counts, and exact spreads, as rows. What is 0 is kept where it was counted."""
    counts = [{**named(key), "value": sheet.counts[key]} for key in sorted(sheet.counts, key=order)]
    spreads = []
    for key in sorted(sheet.spreads, key=order):
        spread = sheet.spreads[key]
        row = {"count": spread.count, "value": spread.median, "p90": spread.p90}
        spreads.append({**named(key), **row})
    return counts, spreads


def sheet(
    period: Period, counts: Sequence[Mapping[str, Any]], spreads: Sequence[Mapping[str, Any]]
) -> Sheet:
    """The exact figures out of rows."""
    return Sheet(
        period,
        {key_of(row): row["value"] for row in counts},
        {key_of(row): Spread(row["count"], row["value"], row["p90"]) for row in spreads},
    )


def of_tables(tables: Iterable[Table]) -> list[Row]:
    """Tables as rows."""
    return [
        {"measure": one.measure.value, "by": [d.value for d in one.by], "yearly": one.yearly}
        for one in tables
    ]


def tables(rows: Iterable[Mapping[str, Any]]) -> tuple[Table, ...]:
    """Tables out of rows."""
    return tuple(
        Table(Measure(row["measure"]), tuple(map(Dimension, row["by"])), row["yearly"])
        for row in rows
    )


def digest(**parts: Any) -> str:
    """SHA-256, hexadecimal, of JSON with sorted names, no spaces and no escapes."""
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _figure_row(figure: Figure) -> Row:
    row = {**named((figure.measure, figure.by)), "value": figure.value}
    return row if figure.p90 is None else {**row, "p90": figure.p90}


def _by(breakdown: By) -> dict[str, str]:
    return {dimension.value: value for dimension, value in breakdown}
