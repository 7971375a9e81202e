"""A table somebody uploads, CSV or XLSX, as numbered rows of cells; and cells written safely again."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from casework.errors import BadInput, Remark
from casework.taking_in import letters
from casework.taking_in.workbooks import MERGED, Cell, Workbook, is_workbook

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a text for a formula and runs it when the file is opened."""
BROKEN_CSV = Remark("This row can't be read as CSV: check its quotation marks.")

_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n?", re.IGNORECASE)
"""With this first line Excel is told the separator; it is no row."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in which row (as a spreadsheet counts) and column (``""``: the row)."""

    row: int
    column: str
    text: Remark

    def __str__(self) -> str:
        """As the command line prints it."""
        place = f"Row {self.row}, {self.column}" if self.column else f"Row {self.row}"
        return f"{place}: {self.text}"


Row = tuple[int, list[Cell] | Remark]
"""Number and cells of a row that holds anything; instead of cells, why it can't be read."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that was uploaded. Its rows are streamed: read them once."""

    rows: Iterator[Row]
    read: letters.Read | None = None
    """Of a CSV file: its text and how sure its letters are."""
    notes: list[Remark] = field(default_factory=list)
    """What is no mistake, but should be known."""
    merged: list[tuple[int, int]] = field(default_factory=list)
    """Row and column (from 0) of merged cells."""


def read(raw: bytes, encoding: str = "") -> Sheet:
    """The table of a file; ``BadInput`` where it is none."""
    if not is_workbook(raw):
        text = letters.read(raw, encoding)
        return Sheet(csv_rows(text.text), text)
    book = Workbook(raw)
    notes = []
    if book.hidden:
        shown = ", ".join(map(str, book.hidden[:10])) + (" …" if len(book.hidden) > 10 else "")
        notes.append(
            Remark("The file hides rows: %(rows)s. They are read like all others.", rows=shown)
        )
    if book.other_sheets:
        names = ", ".join(book.other_sheets[:5])
        notes.append(
            Remark("Only the first sheet is read. These are left out: %(sheets)s.", sheets=names)
        )
    return Sheet(book.rows(), notes=notes, merged=book.merged)


def csv_rows(text: str) -> Iterator[Row]:
    """The rows of a CSV text, parted by commas, semicolons or tabs."""
    named = _SEPARATOR_LINE.match(text)
    if named:
        text = text[named.end() :]
    first = text.split("\n", 1)[0]
    delimiter = named[1] if named else max(",;\t", key=first.count)
    # Strictly: a quotation mark that is never closed would swallow all rows after it in silence.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield number, BROKEN_CSV
            continue
        if any(cell.strip() for cell in cells):
            yield number, [_undefused(cell) for cell in cells]


def merged_problems(sheet: Sheet, header: list[str]) -> Iterator[Problem]:
    """A problem for each group of merged cells."""
    for row, column in sheet.merged:
        yield Problem(row, header[column] if column < len(header) else "", MERGED)


def as_csv(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A CSV text that spreadsheets open rightly (UTF-8 with a mark) and run nothing of."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def defused(text: str) -> str:
    """A text that no spreadsheet takes for a formula: with an apostrophe before it."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def _undefused(text: str) -> str:
    """The text before it was defused, so that our own files can be read again."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(FORMULA_SIGNS) else text


def one_row(row: Row) -> list[str]:
    """The cells of a row of a CSV file as text; ``BadInput`` where it can't be read."""
    _, cells = row
    if isinstance(cells, Remark):
        raise BadInput("The file can't be read as CSV: check its quotation marks.")
    return [str(cell) for cell in cells]
