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

from casework.actors import SYSTEM
from casework.audit import events
from casework.db import Store
from casework.deadlines import promises, sweeping
from casework.errors import BadInput
from casework.messaging import messages
from casework.models import Case, CaseEvent, Clock, ImportedCase, Issue, SearchWord, StaffNotice
from casework.searching import search
from casework.taking_in import importing, tables, taking_up
from casework.taking_in.importing import Plan
from casework.taking_in.pastcases import COLUMNS, DateOrder, Reading
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


@pytest.mark.slow
@pytest.mark.timeout(300)
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
    with store.writing() as session:
        taken = taking_up.apply(session, plan, by=SYSTEM, now=NOW, skip_bad=True)
    assert taken == 9_800
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


def past_cases() -> bytes:
    """A list with one good row and each of the errors, for whoever shows what is wrong."""
    wrong = [
        ENDED | {"reference": f"X{number}"} | change
        for number, (_, change, _c) in enumerate(ERRORS)
    ]
    return as_csv([ENDED, *wrong])


# --- what becomes of one case -----------------------------------------------------------------


def only_case(store: Store) -> Case:
    with store.reading() as session:
        return session.exec(select(Case)).one()


def test_a_case_that_ended_stays_as_it_ended_and_is_marked(
    store: Store, cast: Cast, now: datetime
) -> None:
    assert take(store, as_csv([ENDED])) == 1
    case = only_case(store)
    assert (case.status, case.severity, case.category) == (
        Status.CLOSED,
        Severity.SERIOUS,
        Category.WAGES,
    )
    assert (case.channel, case.language, case.resolution) == (
        Channel.PHONE,
        "km",
        Resolution.CONFIRMED,
    )
    assert case.factory_id == cast.golden_thread.id
    assert case.received_at == datetime(2024, 3, 30, 17, 0, tzinfo=UTC)
    assert case.acknowledged_at == datetime(2024, 4, 2, 2, 30, tzinfo=UTC)
    assert (case.imported_at, case.next_due_at, case.reporter_id) == (NOW, None, None)
    assert (case.unread, case.practice, case.restricted) == (False, False, False)
    with store.reading() as session:
        origin = taking_up.origin(session, case)
        assert origin
        row, reference = origin
        assert (reference, row.finding, row.workers) == ("FW-2019-0042", Finding.FOUNDED, 12)
        assert messages.summary(session, case) == ENDED["summary"]
        issue = session.exec(select(Issue)).one()
        assert (issue.category, issue.kind) == (Category.WAGES, "overtime-unpaid")
        (event,) = events.history(session, case.id)
        assert event.action is Action.IMPORT
        assert events.first_broken(case, [event]) is None
        assert "FW-2019" not in str(event.data)
        assert promises.of_case(session, case.id) == []


def test_an_open_case_gets_its_promises_from_the_import_on_and_nothing_is_late(
    store: Store, cast: Cast
) -> None:
    take(store, as_csv([OPEN]))
    case = only_case(store)
    with store.reading() as session:
        clocks = {clock.promise: clock for clock in promises.of_case(session, case.id)}
    assert Promise.ACKNOWLEDGE not in clocks, "a person acknowledged it elsewhere"
    assert {Promise.TRIAGE, Promise.INVESTIGATE, Promise.OUTCOME} <= set(clocks)
    assert all(clock.started_at == NOW and clock.due_at > NOW for clock in clocks.values())
    assert case.next_due_at == min(clock.due_at for clock in clocks.values())
    with store.writing() as session:
        sweeping.sweep(session, NOW + timedelta(minutes=1))
        assert session.exec(select(StaffNotice)).all() == []


@pytest.mark.parametrize("status", [status for status in Status if status in taking_up.PATHS])
def test_an_open_case_of_each_status_goes_on_here(store: Store, cast: Cast, status: Status) -> None:
    told = "2026-11-01" if status in (Status.VERIFYING, Status.APPEALED) else ""
    early = {"acknowledged": ""} if status is Status.RECEIVED else {}
    take(store, as_csv([OPEN | {"status": status.value, "told": told} | early]))
    case = only_case(store)
    assert case.status is status
    assert case.next_due_at
    assert case.next_due_at > NOW
    # What the policy makes of its history is what it has: a change of severity moves nothing.
    with store.writing() as session:
        again = session.get_one(Case, case.id)
        assert promises.reschedule(session, again, NOW) == []


def test_sexual_violence_comes_in_for_the_restricted_pool_alone(store: Store, cast: Cast) -> None:
    take(store, as_csv([ENDED | {"category": "HAR", "kind": "sexual", "severity": ""}]))
    case = only_case(store)
    assert case.restricted
    assert case.severity is Severity.CRITICAL


def test_it_is_found_by_its_old_reference_its_words_and_its_factory(
    store: Store, cast: Cast
) -> None:
    take(store, as_csv([ENDED]))
    case = only_case(store)
    from casework.searching.queue import Filter

    with store.reading() as session:
        for words in ("FW-2019-0042", "packing", "golden thread", case.reference):
            found = search.page(session, cast.actor("asha"), words, Filter())
            assert [row.reference for row in found.rows] == [case.reference], words


def test_the_same_row_is_never_imported_twice_whatever_its_case_and_spaces(
    store: Store, cast: Cast
) -> None:
    take(store, as_csv([ENDED]))
    plan = plan_of(store, as_csv([ENDED | {"reference": " fw-2019-0042"}, OPEN]))
    assert (plan.known, len(plan.good), plan.problems) == ([2], 1, [])
    assert take(store, as_csv([ENDED, OPEN])) == 1


def test_references_of_the_past_stand_in_the_database_in_no_readable_form(
    store: Store, cast: Cast
) -> None:
    take(store, as_csv([ENDED]))
    with store.reading() as session:
        row = session.exec(select(ImportedCase)).one()
        assert b"FW-2019" not in row.old_reference_sealed
        assert len(row.old_index) == 16


def test_pages_list_imported_cases_by_when_they_were_received(store: Store, cast: Cast) -> None:
    rows = [ENDED | {"reference": f"R{year}", "received": f"{year}-01-01"} for year in (2022, 2018)]
    take(store, as_csv(rows))
    with store.reading() as session:
        found = session.exec(select(Case).order_by(col(Case.id))).all()
    assert [case.received_at.astimezone(ZONE).year for case in found] == [2018, 2022]


# --- letters, separators, quotation marks -----------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_letters_that_are_certain_are_read_without_asking(
    store: Store, cast: Cast, encoding: str, delimiter: str
) -> None:
    words = "ကျွန်မတို့ လစာ မရသေးပါ; “three”,\nmonths"
    raw = as_csv([ENDED | {"summary": words}], delimiter).decode().encode(encoding)
    plan = plan_of(store, raw)
    assert (plan.problems, plan.unsure) == ([], [])
    assert plan.good[0].facts.summary == words


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", "Le salaire n’a pas été payé à Noël"),
        ("cp874", "ค่าจ้างไม่ได้รับสองเดือน"),
        ("cp932", "給料が二か月払われていません"),
        ("gb18030", "两个月没有发工资"),
        ("cp949", "두 달 동안 임금을 받지 못했습니다"),
        ("cp1251", "Зарплату не платили два месяца"),
    ],
)
def test_older_letters_are_never_guessed_in_silence(
    store: Store, cast: Cast, encoding: str, words: str
) -> None:
    raw = as_csv([ENDED | {"summary": words}]).decode().encode(encoding)
    plan = plan_of(store, raw)
    assert problems(plan) == [(1, "")]
    assert "which letters" in plan.problems[0].text
    assert not plan.good
    first = plan.unsure[0]
    assert first.encoding == encoding
    assert words[:5] in first.sample or words[10:15] in first.sample
    assert plan_of(store, raw, encoding=encoding).good[0].facts.summary == words


def test_an_encoding_that_can_not_be_is_refused(store: Store, cast: Cast) -> None:
    raw = as_csv([ENDED]).replace(b"Overtime", b"Overtime \x81\xff")
    plan = plan_of(store, raw, encoding="cp932")
    assert "CP932" in plan.problems[0].text


def test_a_quotation_mark_that_is_never_closed_swallows_nothing_in_silence(
    store: Store, cast: Cast
) -> None:
    lines = as_csv([ENDED, OPEN]).decode().splitlines()
    lines[1] = lines[1].replace("Overtime", 'She "said" it').replace('"She', '"She')
    broken = "\n".join([lines[0], 'X-1,"GT7KM' + lines[1][5:], lines[2]])
    plan = plan_of(store, broken.encode())
    assert plan.problems
    assert not any(one.facts.reference == "X-1" for one in plan.good)


def test_text_that_looks_like_a_formula_stays_text_and_leaves_defused(
    store: Store, cast: Cast
) -> None:
    evil = '=HYPERLINK("http://x","y")'
    plan = plan_of(store, as_csv([ENDED | {"summary": evil}]))
    assert plan.good[0].facts.summary == evil
    bad = plan_of(store, as_csv([ENDED | {"summary": evil, "status": "+done"}]))
    text = importing.bad_rows(bad)
    cells = next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert (cells["summary"], cells["status"]) == ("'" + evil, "'+done")
    again = plan_of(store, text.encode())
    assert problems(again) == [(2, "status")]
    assert again.bad[0][1][again.header.index("summary")] == evil


# --- first lines, rows ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("reference,received,status", [(1, "category")]),
        ("reference,received,status,category,colour", [(1, "colour")]),
        ("reference,received,status,category,received", [(1, "received")]),
        ("reference,,received,status,category", [(1, "B")]),
    ],
)
def test_a_first_line_that_can_not_be_meant_is_named_column_by_column(
    store: Store, cast: Cast, header: str, expected: list[tuple[int, str]]
) -> None:
    plan = plan_of(store, f"{header}\nA,2024-01-01,closed,WAG,x\n".encode())
    assert problems(plan) == expected
    assert not plan.readable
    with store.writing() as session, pytest.raises(BadInput):
        taking_up.apply(session, plan, by=SYSTEM, now=NOW, skip_bad=True)


def test_columns_in_any_order_with_other_names_and_empty_ones_behind_are_read(
    store: Store, cast: Cast
) -> None:
    text = (
        "sep=;\nCategory;Old reference;Factory Code; STATUS ;received;;\n"
        "Wages;A-1;GT7KM;received;2026-11-19;;\n;;;;;;\n"
    )
    plan = plan_of(store, text.encode())
    assert plan.problems == []
    facts = plan.good[0].facts
    assert (facts.category, facts.reference, facts.status) == (
        Category.WAGES,
        "A-1",
        Status.RECEIVED,
    )
    assert (facts.severity, facts.channel) == (Severity.SERIOUS, Channel.OTHER)


def test_a_row_with_more_cells_than_the_first_line_is_one_problem_of_that_row(
    store: Store, cast: Cast
) -> None:
    raw = as_csv([ENDED, OPEN]).rstrip() + b",more\n"
    plan = plan_of(store, raw)
    assert problems(plan) == [(3, "")]
    assert len(plan.good) == 1


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"reference,received,status,category\n"])
def test_a_file_without_cases_says_so(store: Store, cast: Cast, raw: bytes) -> None:
    plan = plan_of(store, raw)
    assert plan.problems
    assert not plan.readable


@pytest.mark.parametrize(
    ("order", "text", "expected"),
    [
        (DateOrder.ISO, "2024-03-31", date(2024, 3, 31)),
        (DateOrder.ISO, "2024-3-1", date(2024, 3, 1)),
        (DateOrder.ISO, "2024-03-31T09:30:00+07:00", date(2024, 3, 31)),
        (DateOrder.DMY, "31/03/2024", date(2024, 3, 31)),
        (DateOrder.DMY, "1.3.2024 9:05", date(2024, 3, 1)),
        (DateOrder.MDY, "03-31-2024", date(2024, 3, 31)),
        (DateOrder.MDY, "31/03/2024", None),
        (DateOrder.ISO, "31 March 2024", None),
        (DateOrder.ISO, "45382", None),
        (DateOrder.ISO, "1974-03-31", None),
    ],
)
def test_days_are_read_as_they_were_said_to_be_written(
    store: Store, cast: Cast, order: DateOrder, text: str, expected: date | None
) -> None:
    row = {"reference": "A", "received": text, "status": "withdrawn", "category": "OTH"}
    raw = as_csv([row | {"closed": "2024-12-01" if order is DateOrder.ISO else "12/12/2024"}])
    plan = plan_of(store, raw, Reading(ZONE, NOW, order))
    if expected is None:
        assert problems(plan) == [(2, "received")]
    else:
        assert plan.problems == []
        assert plan.good[0].facts.received.astimezone(ZONE).date() == expected


# --- Excel ------------------------------------------------------------------------------------


def test_excel_dates_numbers_and_times_are_read_in_both_of_its_calendars(
    store: Store, cast: Cast
) -> None:
    row: dict[str, Any] = dict(ENDED) | {"reference": 4711, "workers": 12.0}
    row |= {"received": date(2024, 3, 31), "acknowledged": datetime(2024, 4, 2, 9, 30)}  # noqa: DTZ001  as Excel has it

    def of_1904(sheet: Any) -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904

        sheet.parent.epoch = CALENDAR_MAC_1904

    for change in (None, of_1904):
        plan = plan_of(store, as_xlsx([row], change))
        assert plan.problems == []
        facts = plan.good[0].facts
        assert (facts.reference, facts.workers) == ("4711", 12)
        assert facts.received == datetime(2024, 3, 31, tzinfo=ZONE)
        assert facts.acknowledged == datetime(2024, 4, 2, 9, 30, tzinfo=ZONE)


def test_formulas_errors_times_and_merged_cells_are_named_and_hidden_rows_are_told(
    store: Store, cast: Cast
) -> None:
    rows = [dict(ENDED) | {"reference": f"X-{number}"} for number in range(7)]

    def change(sheet: Any) -> None:
        sheet["B2"] = "=VLOOKUP(A2,Sheet2!A:B,2)"
        sheet["O3"] = "#REF!"
        sheet["O3"].data_type = "e"
        sheet["C4"] = time(9, 30)
        sheet.merge_cells("E5:E6")
        sheet.row_dimensions[7].hidden = True
        sheet["P8"].value = "=1+1"
        sheet["P8"].data_type = "s"
        sheet.parent.create_sheet("Notes")["A1"] = "not read"

    plan = plan_of(store, as_xlsx(rows, change))
    assert problems(plan) == [
        (2, "factory"),
        (3, "workers"),
        (4, "received"),
        (5, "category"),
        (6, "category"),
    ]
    assert "formula" in plan.problems[0].text
    assert "error" in plan.problems[1].text
    assert any("7" in note for note in plan.notes)
    assert any("Notes" in note for note in plan.notes)
    assert [one.facts.summary for one in plan.good][-1] == "=1+1"


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def _with_part(raw: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", 8) as packed:
        for part in old.namelist():
            content = old.read(part)
            packed.writestr(part, change(content) if part == name else content)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    "raw",
    [
        b"PK\x03\x04 cut off",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old or locked workbook",
        _zip(nothing=b"of a workbook"),
        as_xlsx([ENDED])[:-400],
        _with_part(as_xlsx([ENDED]), SHEET, lambda x: x + b" " * (97 * 1024 * 1024)),
        _with_part(as_xlsx([ENDED]), SHEET, lambda x: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + x),
        _with_part(as_xlsx([ENDED]), SHEET, lambda x: x.replace(b'r="2"', b'r="99999999999"')),
        as_xlsx([ENDED], lambda sheet: sheet.cell(2, 5000, "far")),
        _with_part(as_xlsx([ENDED]), SHEET, lambda x: x[: len(x) // 2]),
    ],
    ids="cut-off old empty damaged bomb entities far-row far-column half".split(),
)
def test_what_is_no_spreadsheet_or_meant_to_harm_is_refused_calmly(
    store: Store, cast: Cast, raw: bytes
) -> None:
    plan = plan_of(store, raw)
    assert problems(plan) == [(1, "")]
    assert not plan.readable
    assert plan.problems[0].text.endswith(".")


def test_a_cell_in_the_very_last_row_of_a_sheet_costs_nothing(store: Store, cast: Cast) -> None:
    plan = plan_of(store, as_xlsx([ENDED], lambda sheet: sheet.cell(1_048_576, 1, "stray")))
    assert {row for row, _ in problems(plan)} == {1_048_576}
    assert len(plan.good) == 1


def test_more_rows_than_are_taken_at_once_are_refused(
    store: Store, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "MAX_ROWS", 2)
    rows = [ENDED | {"reference": f"R{number}"} for number in range(3)]
    plan = plan_of(store, as_csv(rows))
    assert "50,000" in plan.problems[0].text
    assert not plan.readable
