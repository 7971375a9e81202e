"""The figures of a page as files: CSV and JSON with codes, XLSX with words and definitions.

A row names the period, what is counted, its breakdown, and ``count``; of days it is the number of
promises, beside ``median`` and ``p90``. Where it is hidden ``suppressed`` says so. Money is in minor units of its currency, but in XLSX as it is written.
"""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from casework.figures import figurerows
from casework.figures.measures import COUNTED, Counted, Dimension, Measure
from casework.figures.tables import Figure
from casework.remedy import money
from casework.taking_in import tables
from webadmin import figure_words
from webadmin.figure_charts import View
from webadmin.figure_source import Numbers
from webadmin.i18n import gettext as _

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

_NUMBERS = ("count", "median", "p90")


def as_json(view: View, about: Mapping[str, Any]) -> str:
    """Rows with their breakdown, ``count``, and ``suppressed`` where it is hidden."""
    found = [row for numbers in _periods(view) for row in rows(numbers)]
    return json.dumps({**about, "rows": found}, ensure_ascii=False, indent=1) + "\n"


def as_csv(view: View) -> str:
    """The same as a table: a column for each dimension that occurs."""
    used = _used(view)
    header = ["period", "measure", *(one.value for one in used), *_NUMBERS, "suppressed"]
    lines = [
        [_text(row.get(name)) for name in header]
        for numbers in _periods(view)
        for row in rows(numbers)
    ]
    return tables.as_csv(header, lines)


def rows(numbers: Numbers) -> list[dict[str, Any]]:
    """One row for each figure, in the order of a release."""
    found = []
    for figure in in_order(numbers.figures):
        row: dict[str, Any] = {"period": str(numbers.period), "measure": figure.measure.value}
        row |= {dimension.value: value for dimension, value in figure.by}
        if figure.measure is Measure.DAYS:
            met = numbers.one(Measure.MET, dict(figure.by))
            row |= {"count": met.value if met else None, "median": figure.value, "p90": figure.p90}
        else:
            row["count"] = figure.value
        if figure.value is None:
            row["suppressed"] = True
        found.append(row)
    return found


def as_xlsx(view: View, notes: Sequence[tuple[str, str]]) -> bytes:
    """A spreadsheet: the figures in words, and a sheet that says what each number means."""
    book = Workbook(write_only=True)
    _figures_sheet(book, view)
    _meanings_sheet(book, view, notes)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def in_order(figures: Iterable[Figure]) -> list[Figure]:
    """Figures in the order of a release: totals before what they are made of."""
    return sorted(figures, key=lambda figure: figurerows.order((figure.measure, figure.by)))


def _figures_sheet(book: Workbook, view: View) -> None:
    used = _used(view)
    sheet = book.create_sheet(_("Figures"))
    heads = [
        *(_("Period"), _("What is counted")),
        *(figure_words.dimension_name(one) for one in used),
        *(_("Number"), _("Unit"), _("90 of 100 within, days")),
    ]
    sheet.freeze_panes = "A2"
    for place, width in enumerate([16, 34, *[22] * len(used), 14, 14, 14], start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([_bold(sheet, head) for head in heads])
    for numbers in _periods(view):
        period = figure_words.period_name(numbers.period)
        for figure in in_order(numbers.figures):
            at = dict(figure.by)
            named = [view.place(one, at[one]) if one in at else "" for one in used]
            line = [period, figure_words.measure_name(figure.measure), *named]
            sheet.append([*map(_safe, line), *_number(figure, view.mark.sign)])


def _number(figure: Figure, sign: str) -> tuple[Any, Any, Any]:
    counted = COUNTED.get(figure.measure, Counted.CASES)
    unit = figure_words.unit_name(counted)
    if counted is Counted.MONEY:
        unit = dict(figure.by).get(Dimension.CURRENCY, "")
    if figure.value is None:
        return sign, unit, sign if figure.measure is Measure.DAYS else None
    if counted is Counted.MONEY:
        return Decimal(int(figure.value)).scaleb(-money.decimals(unit)), unit, None
    if figure.measure is Measure.DAYS and figure.p90 is None:
        return figure.value, unit, sign
    return figure.value, unit, figure.p90


def _meanings_sheet(book: Workbook, view: View, notes: Sequence[tuple[str, str]]) -> None:
    sheet = book.create_sheet(_("Definitions"))
    for place, width in (("A", 38), ("B", 100)):
        sheet.column_dimensions[place].width = width
    mark = (view.mark.sign, view.mark.reason)
    counted = [one for one in Measure if view.now.has(one)]
    meanings = [(figure_words.measure_name(one), figure_words.meaning(one)) for one in counted]
    for name, text in [*notes, mark, *meanings]:
        cell = WriteOnlyCell(sheet, _safe(text))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.append([_bold(sheet, name), cell])


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, _safe(text))
    cell.font = Font(bold=True)
    return cell


def _safe(text: str) -> str:
    """A text that no spreadsheet runs."""
    return tables.defused(text)


def _periods(view: View) -> list[Numbers]:
    return [view.now, *([view.before] if view.before else [])]


def _used(view: View) -> list[Dimension]:
    found = {
        one for numbers in _periods(view) for figure in numbers.figures for one, _value in figure.by
    }
    return [one for one in Dimension if one in found]


def _text(value: Any) -> str:
    return "" if value is None else "true" if value is True else str(value)
