"""``stats``: the figures of a period, exact for the office or as an audience may read them."""

import argparse
import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from casework import factories
from casework.config import Settings
from casework.db import Session
from casework.errors import BadInput
from casework.figures import figurerows, statistics
from casework.figures.adding import margins
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import BRAND_TABLES, PUBLIC_TABLES, Figure, Key, Sheet, Table
from casework.publication import releases
from casework.taking_in import tables
from casework.vocabulary import Scope
from recourse.parsing import Commands, show
from recourse.setup import open_store
from recourse.wallclock import wall_clock

STAFF = "staff"
_FORMATS = ("text", "json", "csv", "xlsx")
_NUMBERS = ("count", "median", "p90", "before", "median_before", "p90_before")


def add_to(commands: Commands) -> None:
    """Declare the command of this room."""
    stats = commands.add_parser(
        "stats",
        help="print the figures of a period",
        description="Print the figures of a period: exact, for the office alone, or as an audience"
        " may read them. Without --measure: everything that a brand is told. Money is in minor units"
        " of its currency, days are median and 90th percentile.",
    )
    stats.add_argument(
        "--period",
        metavar="PERIOD",
        help="2026, 2026-Q3 or 2026-01-15..2026-02-14 (default: this year)",
    )
    stats.add_argument("--measure", choices=[one.value for one in Measure], help="only this number")
    stats.add_argument(
        "--by", metavar="LIST", default="", help="broken down by these, such as country,category"
    )
    stats.add_argument("--brand", metavar="CODE", default="", help="only cases of this brand")
    stats.add_argument("--scope", choices=[one.value for one in Scope], help="only of this scope")
    stats.add_argument(
        "--compare", action="store_true", help="beside each number that of the period before"
    )
    stats.add_argument(
        "--audience",
        metavar="WHO",
        default=STAFF,
        help="staff (default): exact and live; public, or the code of a brand: what was released",
    )
    stats.add_argument("--format", choices=_FORMATS, default="text", help="text (default), …")
    stats.add_argument("--out", metavar="FILE", type=Path, help="write into this file")
    stats.set_defaults(run=_stats)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked for."""

    period: Period
    tables: tuple[Table, ...]
    brand: str
    scope: Scope | None
    audience: str
    now: datetime
    """Of a period that is not over, exact figures are of the days until now."""


Numbers = dict[Key, dict[str, int | float | None]]


def _stats(settings: Settings, options: argparse.Namespace) -> int:
    if options.format == "xlsx" and options.out is None:
        raise BadInput("A spreadsheet needs a file to go into: add --out FILE.xlsx.")
    asked = _asked(options)
    with open_store(settings).reading() as session:
        found = _figures(session, asked, asked.period)
        before = _figures(session, asked, asked.period.before) if options.compare else None
    rows = _rows(found, before)
    match options.format:
        case "json":
            _write(options.out, (json.dumps(rows, ensure_ascii=False, indent=2) + "\n").encode())
        case "csv":
            _write(options.out, _csv(rows).encode())
        case "xlsx":
            _write(options.out, _xlsx(rows))
        case _:
            said = io.StringIO()
            with redirect_stdout(said):
                show(_even(rows), "table")
            _write(options.out, said.getvalue().encode())
    return 0


def _asked(options: argparse.Namespace) -> _Asked:
    now = wall_clock()
    period = Period.read(options.period) if options.period else Period.year(now.year)
    try:
        by = tuple(Dimension(name.strip()) for name in options.by.split(",") if name.strip())
    except ValueError:
        known = ", ".join(one.value for one in Dimension)
        raise BadInput(f"--by takes some of: {known}.") from None
    if by and not options.measure:
        raise BadInput("Say with --measure what is to be broken down.")
    audience = options.audience.strip()
    audience = (
        audience.lower() if audience.lower() in (STAFF, releases.PUBLIC) else audience.upper()
    )
    if audience != STAFF and (options.brand or options.scope):
        raise BadInput(
            "--brand and --scope are for exact figures. What an audience may read is as it was"
            " released: choose it with --audience, and a breakdown with --by."
        )
    wanted: tuple[Table, ...]
    if options.measure:
        wanted = (Table(Measure(options.measure), _in_order(by)),)
    else:
        wanted = PUBLIC_TABLES if audience == releases.PUBLIC else BRAND_TABLES
    scope = Scope(options.scope) if options.scope else None
    return _Asked(period, wanted, options.brand, scope, audience, now)


def _in_order(by: Iterable[Dimension]) -> tuple[Dimension, ...]:
    wanted = set(by)
    return tuple(one for one in Dimension if one in wanted)


def _figures(session: Session, asked: _Asked, period: Period) -> Numbers:
    if asked.audience == STAFF:
        brand = factories.brand_by_code(session, asked.brand) if asked.brand else None
        if asked.brand and brand is None:
            raise BadInput(f"There is no brand {asked.brand}. See: recourse brand list")
        sheet = statistics.count(
            session,
            period,
            asked.tables,
            brand_id=brand.id if brand else None,
            scope=asked.scope,
            now=asked.now,
        )
        return _exact(sheet, asked.tables)
    return _released(session, asked, period)


def _exact(sheet: Sheet, wanted: Sequence[Table]) -> Numbers:
    found: Numbers = {key: {"count": number} for key, number in sheet.counts.items()}
    for table in wanted:
        # A total is said also where there is nothing.
        if () in margins(table) and table.measure is not Measure.DAYS:
            found.setdefault((table.measure, ()), {"count": 0})
    for key, spread in sheet.spreads.items():
        found[key] = {"count": spread.count, "median": spread.median, "p90": spread.p90}
    return found


def _released(session: Session, asked: _Asked, period: Period) -> Numbers:
    release = releases.newest(session, asked.audience, period)
    if release is None:
        known = ", ".join(str(one) for one in releases.periods(session, asked.audience))
        raise BadInput(
            f"Nothing was released to {asked.audience} of {period}."
            + (f" There is: {known}." if known else " See: recourse figures list")
        )
    shown = {one: table for table in releases.tables(release) for one in _keys(table)}
    missing = [one for table in asked.tables for one in _keys(table) if one not in shown]
    if missing and len(asked.tables) == 1:
        measure, by = missing[0]
        names = ", ".join(one.value for one in by) or "nothing"
        raise BadInput(f"“{measure.value}” by {names} is not among what is released of {period}.")
    wanted = {one for table in asked.tables for one in _keys(table)}
    figures = {(one.measure, one.by): one for one in releases.figures(release)}
    return {
        (measure, by): _value(one, figures)
        for (measure, by), one in figures.items()
        if (measure, tuple(dimension for dimension, _ in by)) in wanted
    }


def _keys(table: Table) -> list[tuple[Measure, tuple[Dimension, ...]]]:
    return [(table.measure, margin) for margin in margins(table)]


def _value(figure: Figure, beside: Mapping[Key, Figure]) -> dict[str, int | float | None]:
    if figure.measure is not Measure.DAYS:
        return {"count": figure.value}
    promises = beside.get((Measure.MET, figure.by))
    count = promises.value if promises and figure.value is not None else None
    return {"count": count, "median": figure.value, "p90": figure.p90}


def _rows(found: Numbers, before: Numbers | None) -> list[dict[str, Any]]:
    """A row for each cell: its dimensions, its numbers, and ``suppressed`` where they are hidden."""
    rows = []
    keys = found.keys() | (before or {}).keys()
    for key in sorted(keys, key=figurerows.order):
        measure, by = key
        row: dict[str, Any] = {"measure": measure.value}
        row |= {dimension.value: value for dimension, value in by}
        numbers = found.get(key, _zero(measure))
        row |= numbers
        if before is not None:
            earlier = before.get(key, _zero(measure))
            row["before"] = earlier["count"]
            row |= {
                f"{name}_before": earlier[name] for name in ("median", "p90") if name in earlier
            }
            if _hidden(earlier):
                row["suppressed_before"] = True
        if _hidden(numbers):
            row["suppressed"] = True
        rows.append(row)
    return rows


def _zero(measure: Measure) -> Mapping[str, int | float | None]:
    return (
        {"count": 0} if measure is not Measure.DAYS else {"count": 0, "median": None, "p90": None}
    )


def _hidden(numbers: Mapping[str, int | float | None]) -> bool:
    return numbers["count"] is None


def _even(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with the same columns: those of any of them."""
    named = {name for row in rows for name in row}
    order = ["measure", *(one.value for one in Dimension), *_NUMBERS]
    columns = [name for name in (*order, "suppressed", "suppressed_before") if name in named]
    return [{name: row.get(name) for name in columns} for row in rows]


def _csv(rows: Sequence[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    even = _even(rows)
    writer.writerow(even[0] if even else ["measure", "count"])
    for row in even:
        writer.writerow([tables.defused(v) if isinstance(v, str) else v for v in row.values()])
    return out.getvalue()


def _xlsx(rows: Sequence[dict[str, Any]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Figures")
    even = _even(rows)
    sheet.append(list(even[0]) if even else ["measure", "count"])
    for row in even:
        sheet.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write(path: Path | None, content: bytes) -> None:
    if path is None:
        sys.stdout.write(content.decode())
        return
    try:
        path.write_bytes(content)
    except OSError as error:
        raise BadInput(f"{path} can't be written ({error.strerror}).") from None
