"""The page of figures: exact for who leads the office, releases and nothing else for a brand."""

import csv
import io
import json
import re
from collections import Counter
from datetime import datetime, timedelta
from xml.etree import ElementTree

import openpyxl
import pytest
from flask import Flask
from sqlmodel import SQLModel

from casework.db import Store
from casework.figures.periods import Period
from casework.vocabulary import Action, Category
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.desk import Desk
from tests.released import BEFORE, NUMBERS, Numbers, release
from tests.statements import statements
from tests.webhelp import Browser, build, give_accounts

ADDRESSES = (
    "/statistics",
    "/statistics?scope=supply-chain",
    "/statistics?version=1",
    "/statistics/figures.csv",
    "/statistics/figures.xlsx",
    "/statistics/figures.json",
    "/statistics/charts/topics.svg",
    "/statistics/report",
    "/statistics/report/texts.md",
    "/",
)


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    return build(store, clock)


@pytest.fixture
def brand(app: Flask) -> Browser:
    browser = Browser(app)
    browser.sign_in("brigitte")
    return browser


@pytest.fixture
def boss(app: Flask) -> Browser:
    browser = Browser(app)
    browser.sign_in("boris")
    return browser


def _row(page: str, name: str) -> str:
    """The cells of the first row of a table with this head."""
    found = re.search(rf"<tr><th scope=\"row\"[^>]*>(?:<bdi>)?{name}.*?</tr>", page, re.DOTALL)
    assert found, f"no row {name}"
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


# Who leads the office


def test_the_office_sees_what_was_counted_now(boss: Browser, desk: Desk, now: datetime) -> None:
    desk.file(now - timedelta(days=1), "Wages.", category=Category.WAGES, kind="unpaid")
    reference = desk.file(now, "The soup.", category=Category.DORMITORY, kind="food")
    desk.act(reference, Action.ACKNOWLEDGE, now)
    assert boss.get("/statistics").status_code == 200
    assert "Cases received 2" in boss.text
    assert "1 Oct – 20 Nov 2026" in boss.page.replace("\u2009", " ")
    assert "Not over yet" in boss.text
    assert _row(boss.page, "Wages: Unpaid").endswith(" 1 0")
    assert _row(boss.page, "Golden Thread Garments") == "Golden Thread Garments Co., Ltd 2 1 0 0"


def test_the_office_chooses_a_brand_and_a_period(boss: Browser, desk: Desk, now: datetime) -> None:
    desk.file(now - timedelta(days=60), "Wages.", category=Category.WAGES, kind="unpaid")
    boss.get("/statistics?period=2026-Q3&brand=AURORA")
    assert "Cases received 1" in boss.text
    boss.get("/statistics?period=2026-Q3&brand=BOREALIS")
    assert "Cases received 0" in boss.text
    boss.get("/statistics?from=2026-09-21&to=2026-09-21&period=2026-Q4")
    assert "Cases received 1" in boss.text
    # The list was changed while days still stood in their fields.
    boss.get("/statistics?from=2026-09-21&to=2026-09-21&period=2026-Q2&was=days")
    assert "Cases received 0" in boss.text


AT_MOST = 62
"""Statements of a page with a period and the one before it: one for each number or two, and one for
each quarter of the trend."""


def test_the_page_asks_for_nothing_twice(boss: Browser, desk: Desk, now: datetime) -> None:
    desk.file(now, "Wages.", category=Category.WAGES, kind="unpaid")
    boss.get("/statistics")
    for address in ("/statistics", "/statistics?period=2026", "/statistics?brand=AURORA"):
        with statements(desk.store) as asked:
            boss.get(address)
        reads = [(text, repr(values)) for text, values in asked if text.startswith("SELECT")]
        twice = [text for (text, _), count in Counter(reads).items() if count > 1]
        assert not [text for text in twice if "supply" in text or '"case"' in text]
        assert len(asked) <= AT_MOST


@pytest.mark.parametrize(
    "query", ["period=days&from=2026-09-21&to=2026-09-01", "period=soon", "period=days"]
)
def test_days_that_make_no_sense_are_said_to_be_so(boss: Browser, query: str) -> None:
    assert boss.get(f"/statistics?{query}").status_code == 200
    assert 'role="alert"' in boss.page
    assert boss.get(f"/statistics/figures.csv?{query}").status_code == 404


# Brand staff


def test_without_a_release_a_brand_is_told_when_the_first_comes(
    brand: Browser, desk: Desk, now: datetime
) -> None:
    desk.file(now, "Wages.", category=Category.WAGES, kind="unpaid")
    assert brand.get("/statistics").status_code == 200
    assert "Nothing is released yet" in brand.text
    assert "The next ones are those of Q4 2026, from 15 Jan 2027 on." in brand.text
    assert brand.get("/statistics/figures.json").status_code == 404
    assert brand.get("/statistics/report/texts.md").status_code == 404


def test_a_brand_sees_its_release_with_marks(brand: Browser, store: Store, now: datetime) -> None:
    release(store, now, "AURORA", NUMBERS)
    brand.get("/statistics")
    assert "Cases received 140" in brand.text
    assert _row(brand.page, "Pay and working hours") == "Pay and working hours 96"
    assert _row(brand.page, "Child labour") == "Child labour – hidden"
    assert "Hidden: below 5, or it would give such a number away." in brand.text
    assert "A low number of complaints is no proof of good conditions." in brand.text
    assert _row(brand.page, "Outcome") == "Outcome 49% 69%"
    assert _row(brand.page, "Remedy delivered") == "Remedy delivered – hidden – hidden"
    assert "12.5 40.0" in brand.text
    assert "KHR 12,345" in brand.text
    assert "Cases for each 1,000 workers 116.7" in brand.text
    assert "Golden Thread Garments Co., Ltd" in brand.text


def test_a_rate_is_hidden_where_its_count_is(brand: Browser, store: Store, now: datetime) -> None:
    release(store, now, "AURORA", {**NUMBERS, ("received",): None})
    brand.get("/statistics")
    assert "Cases for each 1,000 workers – hidden" in brand.text


def test_what_was_never_measured_is_no_nought(brand: Browser, store: Store, now: datetime) -> None:
    release(store, now, "AURORA", {("received",): 0, ("workers",): 1200})
    brand.get("/statistics")
    assert "Cases for each 1,000 workers 0.0" in brand.text
    assert "Median days" not in brand.text
    assert "Promises kept in time" not in brand.text


def test_tables_that_are_not_released_are_not_told_to_be_empty(
    brand: Browser, store: Store, now: datetime
) -> None:
    release(store, now, "AURORA", {("received",): 40}, tables=[])
    brand.get("/statistics")
    assert "Nothing to count" in brand.text


def test_periods_are_compared_by_their_newest_releases(
    brand: Browser, store: Store, now: datetime
) -> None:
    release(store, now, "AURORA", NUMBERS)
    release(store, now, "AURORA", {("received",): 30}, period=BEFORE)
    release(store, now, "AURORA", {("received",): 33}, period=BEFORE, version=2)
    brand.get("/statistics")
    assert "Cases received 140 Q2 2026: 33" in brand.text
    assert _row(brand.page, "Pay and working hours") == "Pay and working hours 96 0"
    assert _row(brand.page, "Q2 2026") == "Q2 2026 33"
    brand.get("/statistics?compare=no")
    assert "Q2 2026: 33" not in brand.text


def test_a_scope_shows_what_is_released_by_scope(
    brand: Browser, store: Store, now: datetime
) -> None:
    release(store, now, "AURORA", NUMBERS)
    brand.get("/statistics?scope=supply-chain")
    assert "Cases received 133" in brand.text
    assert _row(brand.page, "Pay and working hours") == "Pay and working hours 91"
    assert "Only some tables are released by scope" in brand.text
    assert "Cases by language" not in brand.text
    found = json.loads(brand.get("/statistics/figures.json?scope=supply-chain").get_data())
    assert found["scope"] == "supply-chain"
    assert {row["count"] for row in found["rows"] if row["measure"] == "received"} == {133, 91}


def test_a_revision_says_so_and_the_version_before_stays(
    brand: Browser, store: Store, now: datetime
) -> None:
    release(store, now, "AURORA", NUMBERS)
    later: Numbers = {**NUMBERS, ("received",): 155}
    release(store, now, "AURORA", later, version=2, pending_since=now)
    brand.get("/statistics")
    assert "Cases received 155" in brand.text
    assert "Version 2 of 20 Nov 2026 · Revised" in brand.text
    assert "Corrections are known since 20 Nov 2026" in brand.text
    brand.get("/statistics?period=2026-Q3&version=1")
    assert "Cases received 140" in brand.text
    assert brand.get("/statistics?version=3").status_code == 404


def test_no_address_leads_a_brand_to_another_one(
    brand: Browser, store: Store, now: datetime
) -> None:
    release(store, now, "BOREALIS", {("received",): 777})
    release(store, now, "public", {("received",): 888})
    for address in ADDRESSES:
        brand.get(f"{address.partition('?')[0]}?brand=BOREALIS&period=2026-Q3")
        assert "777" not in brand.page
        assert "888" not in brand.page


def test_a_brand_never_reads_a_live_figure(
    brand: Browser, store: Store, desk: Desk, now: datetime
) -> None:
    """Nothing that hangs on a case is asked for, nor are exact figures, whatever is asked."""
    desk.file(now, "Wages.", category=Category.WAGES, kind="unpaid")
    release(store, now, "AURORA", NUMBERS)
    release(store, now, "AURORA", NUMBERS, period=BEFORE)
    release(store, now, "AURORA", NUMBERS, period=Period.year(2025))
    hanging = {
        table.name
        for table in SQLModel.metadata.tables.values()
        if any(key.column.table.name == "case" for key in table.foreign_keys)
    }
    forbidden = {"case", "snapshot", "reporter", *hanging}
    assert {"issue", "caseevent", "clock", "message"} <= forbidden, forbidden
    with statements(store) as asked:
        for address in ADDRESSES:
            assert brand.get(address).status_code == 200, address
    assert asked
    for text, _values in asked:
        read = set(re.findall(r'(?:FROM|JOIN|INTO|UPDATE)\s+"?(\w+)"?', text))
        assert not read & forbidden, text


def test_that_test_would_see_a_live_figure(boss: Browser, store: Store) -> None:
    with statements(store) as asked:
        boss.get("/statistics")
    assert any(re.search(r'FROM "case"', text) for text, _values in asked)


def test_the_overview_of_a_brand_leads_to_its_figures(brand: Browser) -> None:
    brand.get("/")
    assert 'href="/statistics"' in brand.page


# Files


def test_csv_holds_what_is_on_the_page(brand: Browser, store: Store, now: datetime) -> None:
    release(store, now, "AURORA", NUMBERS)
    answer = brand.get("/statistics/figures.csv")
    assert "recourse-aurora-2026-Q3.csv" in answer.headers["Content-Disposition"]
    text = answer.get_data().decode("utf-8-sig")
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(NUMBERS)
    assert rows[0]["period"] == "2026-Q3"
    hidden = [row for row in rows if row["suppressed"]]
    assert {row["topic"] for row in hidden} >= {"child-labour", "contract-and-union"}
    assert {row["count"] for row in hidden} == {""}
    assert {row["p90"] for row in rows if row["measure"] == "days"} == {"40.0"}


def test_no_spreadsheet_runs_anything_of_a_file(
    brand: Browser, store: Store, now: datetime
) -> None:
    release(store, now, "AURORA", {("received", "language", "=1+1"): 20, ("received",): 20})
    text = brand.get("/statistics/figures.csv").get_data().decode("utf-8-sig")
    assert "'=1+1" in text
    book = openpyxl.load_workbook(io.BytesIO(brand.get("/statistics/figures.xlsx").get_data()))
    assert all(cell.data_type != "f" for sheet in book for row in sheet.rows for cell in row)


def test_xlsx_says_what_its_numbers_mean(brand: Browser, store: Store, now: datetime) -> None:
    release(store, now, "AURORA", NUMBERS)
    raw = brand.get("/statistics/figures.xlsx").get_data()
    figures, meanings = openpyxl.load_workbook(io.BytesIO(raw)).worksheets
    rows = [tuple(cell.value for cell in row) for row in figures.rows]
    assert len(rows) == len(NUMBERS) + 1
    heads = rows[0]
    number = heads.index("Number")
    counts = {row[1]: row[number] for row in rows[1:]}
    assert counts["Workers who filed them"] == 131
    assert ("Money paid", 12345) in {(row[1], row[number]) for row in rows}
    assert any(row[number] == "–" for row in rows)
    told = {row[0].value: row[1].value for row in meanings.rows}
    assert "Practice, spam and duplicates are left out" in str(told["Cases received"])
    assert "–" in told
    assert "no proof of good conditions" in str(told["How to read this"])


def test_json_has_the_shape_of_the_command(brand: Browser, store: Store, now: datetime) -> None:
    release(store, now, "AURORA", NUMBERS)
    found = json.loads(brand.get("/statistics/figures.json").get_data())
    assert (found["brand"], found["period"], found["version"]) == ("AURORA", "2026-Q3", 1)
    assert found["threshold"] == 5
    assert {
        "period": "2026-Q3",
        "measure": "received",
        "topic": "child-labour",
        "count": None,
        "suppressed": True,
    } in found["rows"]
    assert {
        "period": "2026-Q3",
        "measure": "days",
        "promise": "outcome",
        "count": 88,
        "median": 12.5,
        "p90": 40.0,
    } in found["rows"]


def test_each_chart_is_a_picture_by_itself(brand: Browser, store: Store, now: datetime) -> None:
    release(store, now, "AURORA", NUMBERS)
    brand.get("/statistics")
    links = re.findall(r'href="(/statistics/charts/[^"]+)"', brand.page)
    assert len(links) >= 4
    for link in links:
        answer = brand.get(link.replace("&amp;", "&"))
        assert answer.mimetype == "image/svg+xml"
        ElementTree.fromstring(answer.get_data())
        assert "Aurora Sportswear · Q3 2026" in answer.get_data(as_text=True)
    assert brand.get("/statistics/charts/nothing.svg").status_code == 404
    assert brand.get("/statistics/figures.exe").status_code == 404


def test_the_files_of_the_office_are_exact(boss: Browser, desk: Desk, now: datetime) -> None:
    desk.file(now, "Wages.", category=Category.WAGES, kind="unpaid")
    found = json.loads(boss.get("/statistics/figures.json?period=2026").get_data())
    assert {"measure": "received", "count": 1, "period": "2026-01-01..2026-11-20"} in found["rows"]
    assert not any(row.get("suppressed") for row in found["rows"])


@pytest.mark.parametrize("address", ["/statistics", "/statistics/report"])
@pytest.mark.parametrize("name", ["asha", "indra", "auguste"])
def test_others_have_no_such_page(app: Flask, address: str, name: str) -> None:
    browser = Browser(app)
    browser.sign_in(name)
    assert browser.get(address).status_code == 403
    assert 'href="/statistics"' not in browser.page


@pytest.mark.parametrize("name", ["boris", "chen", "brigitte"])
def test_the_menu_leads_there(app: Flask, name: str) -> None:
    browser = Browser(app)
    browser.sign_in(name)
    browser.get("/statistics")
    assert re.search(r'href="/statistics"[^>]*aria-current="page"', browser.page)


def test_the_periods_of_a_release_are_quarters_and_years(
    brand: Browser, store: Store, now: datetime
) -> None:
    release(store, now, "AURORA", NUMBERS)
    release(store, now, "AURORA", {("received",): 500}, period=Period.year(2025))
    brand.get("/statistics?period=2025")
    assert "Cases received 500" in brand.text
    brand.get("/statistics?period=2026-01-01..2026-01-02")
    assert "Cases received 140" in brand.text
