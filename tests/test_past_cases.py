"""Past cases of another system: whole lists of them, with everything that can be wrong in one."""

import csv
import io
import random
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from sqlmodel import col, func, select

from casework import events, importing, messages, promises, search, sweeping, tables, taking_up
from casework.actors import SYSTEM
from casework.db import Store
from casework.errors import BadInput
from casework.importing import Plan
from casework.models import Case, CaseEvent, Clock, ImportedCase, Issue, SearchWord, StaffNotice
from casework.pastcases import COLUMNS, DateOrder, Reading
from casework.vocabulary import (
    Action,
    Category,
    Channel,
    Finding,
    Promise,
    Resolution,
    Severity,
    Status,
)
from tests.conftest import Cast

ZONE = ZoneInfo("Asia/Phnom_Penh")
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
HOW = Reading(ZONE, NOW)
ENDED = {
    "reference": "FW-2019-0042",
    "factory": "gt7km",
    "received": "2024-03-31",
    "status": "Closed",
    "category": "WAG",
    "kind": "overtime unpaid",
    "severity": "serious",
    "channel": "phone",
    "language": "km",
    "acknowledged": "2024-04-02 09:30",
    "told": "2024-05-01",
    "closed": "2024-06-01",
    "finding": "founded",
    "resolution": "confirmed",
    "workers": "12",
    "summary": "Overtime of the packing line, three months",
}
OPEN = {
    **ENDED,
    "reference": "FW-2026-0001",
    "status": "investigating",
    "received": "2026-10-01",
    "acknowledged": "2026-10-02",
    "told": "",
    "closed": "",
    "finding": "",
    "resolution": "",
}


def as_csv(rows: list[dict[str, str]], delimiter: str = ",") -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def as_xlsx(rows: list[dict[str, Any]], change: Callable[[Any], None] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(COLUMNS)
    for row in rows:
        sheet.append([row.get(name) for name in COLUMNS])
    if change:
        change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plan_of(store: Store, raw: bytes, how: Reading = HOW, encoding: str = "") -> Plan:
    with store.reading() as session:
        return importing.read_cases(raw, session, how, encoding)


def take(store: Store, raw: bytes, *, skip_bad: bool = False, now: datetime = NOW) -> int:
    with store.writing() as session:
        plan = importing.read_cases(raw, session, HOW)
        return taking_up.apply(session, plan, by=SYSTEM, now=now, skip_bad=skip_bad)


def problems(plan: Plan) -> list[tuple[int, str]]:
    return [(problem.row, problem.column) for problem in plan.problems]


# --- ten thousand cases, two hundred errors ---------------------------------------------------

ERRORS: list[tuple[str, dict[str, str], str]] = [
    ("no reference", {"reference": ""}, "reference"),
    ("the reference of another row", {"reference": "OLD-000000"}, "reference"),
    ("an unknown factory", {"factory": "NOWHERE"}, "factory"),
    ("no day", {"received": ""}, "received"),
    ("a day that is none", {"received": "2023-02-30"}, "received"),
    ("a day in the future", {"received": "2031-01-01"}, "received"),
    ("day or month first", {"received": "03/04/2023"}, "received"),
    ("a year of the Thai calendar", {"received": "2566-03-31"}, "received"),
    ("an unknown status", {"status": "done"}, "status"),
    ("no category", {"category": ""}, "category"),
    ("an unknown category", {"category": "MONEY"}, "category"),
    ("a kind of another category", {"kind": "curfew"}, "kind"),
    ("an unknown severity", {"severity": "high"}, "severity"),
    ("an unknown channel", {"channel": "pigeon"}, "channel"),
    ("no language", {"language": "Klingon!"}, "language"),
    ("acknowledged before it came", {"acknowledged": "2020-01-01"}, "acknowledged"),
    ("ended without a day", {"closed": ""}, "closed"),
    ("ended before it was told", {"closed": "2023-01-15"}, "closed"),
    ("an unknown finding", {"finding": "guilty"}, "finding"),
    ("an unknown answer", {"resolution": "happy"}, "resolution"),
    ("half a worker", {"workers": "1.5"}, "workers"),
    ("letters that were broken", {"summary": "GarÃ§on à¸à¸£à¸"}, "summary"),
    ("a letter that is none", {"summary": "caf\ufffd"}, "summary"),
    ("far too long", {"summary": "x" * 20_001}, "summary"),
    ("two at once", {"status": "", "workers": "-3"}, "status workers"),
]


def ten_thousand(cast: Cast) -> tuple[list[dict[str, str]], list[tuple[int, str]]]:
    """The rows of a list, and where its two hundred errors are."""
    rng = random.Random(5)
    kinds = ("unpaid", "late", "severance", "overtime-unpaid")
    statuses = ("closed", "closed", "closed", "resolved", "withdrawn", "referred", "inadmissible")
    rows = []
    for number in range(10_000):
        day = date(2023, 1, 1) + timedelta(days=number % 700)
        status = statuses[number % 7]
        rows.append(
            {
                "reference": f"OLD-{number:06}",
                "factory": "GT7KM",
                "received": day.isoformat(),
                "status": status,
                "category": "WAG",
                "kind": rng.choice(kinds),
                "severity": rng.choice(("serious", "minor", "")),
                "channel": rng.choice(("phone", "letter", "")),
                "language": rng.choice(("km", "my", "vi")),
                "acknowledged": (day + timedelta(days=1)).isoformat(),
                "told": (day + timedelta(days=30)).isoformat(),
                "closed": (day + timedelta(days=60)).isoformat(),
                "finding": rng.choice(("founded", "partly", "")),
                "resolution": "confirmed" if status in ("closed", "resolved") else "",
                "workers": str(1 + number % 90),
                "summary": f"Wages of the line {number % 40}, told by phone; second month",
            }
        )
    expected: list[tuple[int, str]] = []
    # Not the first: others have its reference. Those before the day of the test stay in order.
    for turn, place in enumerate(sorted(rng.sample(range(100, 10_000), 200))):
        _, change, columns = ERRORS[turn % len(ERRORS)]
        rows[place] |= {"received": "2023-01-10", "acknowledged": "", "told": "2023-02-10"}
        rows[place] |= {"status": "closed", "resolution": "", "closed": "2023-03-10"} | change
        expected += [(place + 2, column) for column in columns.split()]
    return rows, expected


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_two_hundred_errors_among_ten_thousand_cases_are_each_found_and_the_rest_comes_in(
    store: Store, cast: Cast, write: Callable[[list[dict[str, str]]], bytes]
) -> None:
    rows, expected = ten_thousand(cast)
    raw = write(rows)
    plan = plan_of(store, raw)
    assert problems(plan) == expected
    assert (len(plan.good), plan.bad_rows, len(plan.bad)) == (9_800, 200, 200)
    with store.writing() as session, pytest.raises(BadInput, match="nothing was imported"):
        taking_up.apply(session, plan, by=SYSTEM, now=NOW)
    with store.reading() as session:
        for table in (Case, ImportedCase, CaseEvent, Issue, SearchWord):
            assert session.exec(select(func.count()).select_from(table)).one() == 0
    assert take(store, raw, skip_bad=True) == 9_800
    with store.reading() as session:
        for table in (Case, ImportedCase, CaseEvent, Issue):
            assert session.exec(select(func.count()).select_from(table)).one() == 9_800
        assert session.exec(select(func.count()).select_from(Clock)).one() == 0
    again = plan_of(store, raw)
    assert (len(again.good), len(again.known), again.bad_rows) == (0, 9_800, 200)
    # The file of bad rows, put right, brings in the rest.
    bad = list(csv.DictReader(io.StringIO(importing.bad_rows(plan).removeprefix("\ufeff"))))
    assert len(bad) == 200
    assert all(row["problem"].endswith(".") for row in bad)
    fine = {name: ENDED[name] for name in COLUMNS if name != "reference"}
    mended = [row | fine | {"reference": f"NEW-{number}"} for number, row in enumerate(bad)]
    text = tables.as_csv(mended[0], [list(row.values()) for row in mended])
    assert take(store, text.encode()) == 200
