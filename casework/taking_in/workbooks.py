"""Reads the rows of an XLSX file: streamed, never calculated, and wary of what is no spreadsheet.

A cell with a formula is not read: what it shows was calculated by another program, perhaps long ago,
and we calculate nothing. It is named, so that its value can be pasted in its place.
"""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils import column_index_from_string

from casework.errors import BadInput, Remark

MAX_UNPACKED = 96 * 1024 * 1024
"""Bytes of all parts together: some 100,000 rows; a few kilobytes can unpack to gigabytes."""
MAX_PARTS = 2_000
_MAX_CELLS = 400
"""Cells of one row: a stray cell far to the right is no column."""
_LAST_ROW = 1_048_576
"""The last row a spreadsheet has."""
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*\bref=\"([A-Z]{1,3})(\d{1,7}):[^\"]*\"")
_HIDDEN = re.compile(rb"\bhidden=\"(?:1|true)\"")
_NUMBER = re.compile(rb"\br=\"(\d{1,12})\"")
_SCAN = 1 << 20
_BROKEN = (
    *(KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, OSError),
    *(zipfile.BadZipFile, zlib.error, ParseError, NotImplementedError, OverflowError),
)
"""What the library raises on files that are no spreadsheets, or damaged ones."""

FORMULA = Remark("This cell holds a formula. Copy the column and paste it as values.")
ERROR = Remark("The spreadsheet shows an error here. Write the value, or empty the cell.")
MERGED = Remark("Cells are merged here. Unmerge them, and fill in each row.")

Cell = str | date | datetime | time | timedelta | Remark
"""What stands in a cell; a ``Remark`` where that can't be taken."""


class Workbook:
    """A sheet of an XLSX file. ``BadInput`` where it is none that can be taken."""

    def __init__(self, raw: bytes) -> None:
        if raw.startswith(_OLD_EXCEL):
            raise BadInput(
                "This file is locked with a password, or of an old Excel. Save it as .xlsx without"
                " a password."
            )
        self.hidden: list[int] = []
        """Rows that the spreadsheet does not show."""
        self.merged: list[tuple[int, int]] = []
        """Row and column (from 0) where merged cells begin."""
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(raw))
            _check_size(self._archive)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # on styles and extensions, which nobody needs here
                self._book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True)
            sheets: list[Any] = list(self._book.worksheets)
            self._sheet = next(sheet for sheet in sheets if sheet.sheet_state == "visible")
            # Only the library knows which part of the file a sheet is.
            self._scan(str(self._sheet._worksheet_path))  # noqa: SLF001
        except StopIteration:
            raise BadInput("The file has no sheet with rows.") from None
        except _BROKEN:
            raise _damaged() from None

    @property
    def other_sheets(self) -> list[str]:
        """The names of sheets that are not read: only the first visible one is."""
        return [sheet.title for sheet in self._book.worksheets if sheet.title != self._sheet.title]

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Each row that holds anything, with its number."""
        self._sheet.reset_dimensions()  # what the file says of its own size may be anything
        try:
            for number, cells in enumerate(self._sheet.iter_rows(), start=1):
                if len(cells) > _MAX_CELLS:
                    raise BadInput(
                        "Row %(row)s has cells far to the right. Delete them.", row=number
                    )
                found = [_cell(cell) for cell in cells]
                if any(found):
                    yield number, found
        except _BROKEN:
            raise _damaged() from None

    def _scan(self, path: str) -> None:
        """What the library does not tell while it streams: hidden rows and merged cells."""
        with self._archive.open(path.lstrip("/")) as part:
            rest = b""
            while piece := part.read(_SCAN):
                text = rest + piece
                end = text.rfind(b"<")
                rest, text = (text[end:], text[:end]) if end > 0 else (text, b"")
                self._look(text)
                if len(rest) > _SCAN:
                    raise _damaged()
            self._look(rest)

    def _look(self, text: bytes) -> None:
        for (attributes,) in (found.groups() for found in _ROW.finditer(text)):
            number = _NUMBER.search(attributes)
            row = int(number[1]) if number else 0
            if row > _LAST_ROW:
                raise _damaged()
            if row and _HIDDEN.search(attributes):
                self.hidden.append(row)
        for found in _MERGED.finditer(text):
            column = column_index_from_string(found[1].decode())
            self.merged.append((int(found[2]), column - 1))


def is_workbook(raw: bytes) -> bool:
    """Whether the bytes are meant as a spreadsheet rather than a text."""
    return raw.startswith((b"PK\x03\x04", _OLD_EXCEL))


def _check_size(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BadInput("The file unpacks to far more than a list of cases. Split it.")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with archive.open(part) as content:
                head = content.read(1024)
            # No spreadsheet program writes these; they are how a small file becomes a huge one.
            if b"<!" in head.replace(b"<!--", b"") or head.startswith((b"\xff\xfe", b"\xfe\xff")):
                raise _damaged()


def _cell(cell: Any) -> Cell:
    match cell.data_type, cell.value:
        case _, None:
            return ""
        case "f", _:
            return FORMULA
        case "e", _:
            return ERROR
        case _, bool() as value:
            return "TRUE" if value else "FALSE"
        case _, datetime() | date() | time() | timedelta() as value:
            return value
        case _, float() as value:
            return str(int(value)) if value.is_integer() else repr(value)
        case _, value:
            return str(value)


def _damaged() -> BadInput:
    return BadInput("This file can't be read as a spreadsheet. Save it as .xlsx again, or as CSV.")
