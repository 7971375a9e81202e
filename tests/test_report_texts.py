"""Texts for reports: what is known stands in them, nothing small does, and gaps stay gaps."""

import re
from datetime import datetime
from random import Random

import pytest
from flask import Flask

from casework.db import Store
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import Figure, by
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.released import NUMBERS, QUARTER, TABLES, YEAR, Numbers, figures, release
from tests.webhelp import Browser, build, give_accounts
from webadmin import figure_words
from webadmin.figure_source import Numbers as Source
from webadmin.report_markdown import markdown
from webadmin.report_numbers import MARK, Facts
from webadmin.report_parts import Gap, Line, Text, Who
from webadmin.report_texts import texts

WHO = Who("Aurora | Sportswear", "Workers' Desk")


def facts(numbers: Numbers) -> Facts:
    return Facts(Source.of(QUARTER, TABLES, figures(numbers)))


def lines(numbers: Numbers) -> dict[str, str]:
    """Every row of every table, by its name."""
    made = texts(facts(numbers), WHO)
    return {line.name: "; ".join(line.numbers) for text in made for line in text.lines}


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    return build(store, clock)


def test_what_is_known_stands_in_the_table() -> None:
    found = lines(NUMBERS)
    assert found["Cases received"] == found["Filed"] == "140"
    assert found["Workers at these factories"] == "1,200"
    assert found["Cases for each 1,000 workers"] == "116.7"
    assert found["Outcome: days"] == "median 12.5 days, 90 of 100 within 40.0 days"
    assert found["Outcome: kept in time"] == "49%; 69% with pauses and extensions"
    assert found["Money paid"] == "KHR 12,345.00"


def test_what_is_hidden_is_a_mark() -> None:
    found = lines(NUMBERS)
    assert found["Cases of retaliation"] == MARK
    assert found["Remedy delivered: kept in time"] == MARK
    assert found["Remedy delivered: days"] == MARK


@pytest.mark.parametrize(
    ("numbers", "name"),
    [
        ({("received",): 7}, "Cases received"),
        ({("retaliation",): 9}, "Cases of retaliation"),
        ({("received",): 7, ("workers",): 1000}, "Cases for each 1,000 workers"),
        (
            {("days", "promise", "outcome"): (3.0, 9.0), ("met", "promise", "outcome"): 6},
            "Outcome: days",
        ),
        ({("paid", "currency", "KHR"): 500, ("paid-persons", "currency", "KHR"): 6}, "Money paid"),
        (
            {
                ("promised", "promise", "outcome", "kept", "in-time"): 90,
                ("promised", "promise", "outcome", "kept", "late"): 6,
            },
            "Outcome: kept in time",
        ),
    ],
)
def test_numbers_that_a_brand_may_see_are_still_too_small_for_everybody(
    numbers: Numbers, name: str
) -> None:
    assert lines(numbers)[name] == MARK


def test_a_sentence_says_no_more_than_its_number_counts() -> None:
    made = {text.name: text for text in texts(facts(NUMBERS), WHO)}
    said = {
        name: " ".join(str(piece) for pieces in text.paragraphs for piece in pieces)
        for name, text in made.items()
    }
    # Who took a case back before it was decided was told no outcome, and counts there, too.
    assert "times a worker was told how a case ends, or took it back." in said["sustainability"]
    # A topic is that of the first issue of a case.
    assert "Cases whose first issue is forced labour" in said["modern-slavery"]
    assert "Other issues of a case are not counted here." in said["modern-slavery"]
    # One that is decided anew may be confirmed anew.
    resolved = next(one for one in made["know-the-chain"].lines if one.name == "Resolved")
    assert "each answer counts" in resolved.meaning


def test_nothing_is_a_number_that_may_be_told() -> None:
    found = lines({})
    assert found["Cases received"] == found["Money paid"] == "0"
    assert found["Cases of retaliation"] == "0"


def test_of_tables_that_are_not_released_nothing_is_told() -> None:
    made = texts(Facts(Source.of(QUARTER, [], [])), WHO)
    numbers = {number for text in made for line in text.lines for number in line.numbers}
    assert numbers == {MARK}


@pytest.mark.parametrize("seed", range(30))
def test_no_number_from_one_to_nine_stands_in_any_text(seed: int) -> None:
    """Whatever was released: counts, parts of counts, and what stands behind shares and days."""
    random = Random(seed)
    made = [Figure(Measure.RECEIVED, (), random.choice([3, 40, 400]))]
    for table in TABLES:
        for _ in range(4):
            place = {one: _any(random, one) for one in table.by}
            value = random.choice([0, 1, 4, 5, 9, 10, 55, None])
            made.append(Figure(table.measure, by(place), value, 8.0 if value else None))
    texts_made = texts(Facts(Source.of(QUARTER, TABLES, made)), WHO)
    counted = {
        Measure.SITES,
        Measure.WORKERS,
        Measure.LANGUAGES,
    }
    open_facts = {figure_words.measure_name(one) for one in counted}
    for text in texts_made:
        for line in text.lines:
            if line.name in open_facts or line.name.endswith((": days", "1,000 workers")):
                continue
            for number in line.numbers:
                assert not re.search(r"(?<![\d,.])[1-9](?![\d,.%])", number), line


def _any(random: Random, dimension: Dimension) -> str:
    values = figure_words.ORDERS.get(dimension)
    return random.choice(values) if values else random.choice(["KH", "VN", "ID"])


def test_each_text_leaves_gaps_for_people() -> None:
    for text in texts(facts(NUMBERS), WHO):
        gaps = [piece for pieces in text.paragraphs for piece in pieces if isinstance(piece, Gap)]
        assert gaps, text.name


def test_each_number_has_its_definition() -> None:
    for text in texts(facts(NUMBERS), WHO):
        assert all(line.meaning for line in text.lines), text.name


def test_markdown_takes_no_name_for_markup() -> None:
    text = Text(
        "a", "Title", "", (("By <b>*Aurora*</b> | ", Gap("Who? [x]")),), (Line("a|b", ("1",)),)
    )
    made = markdown("# Aurora", ["a_b"], [text], ("What", "Number", "Definition"))
    assert made.startswith("# \\# Aurora\n\na\\_b\n\n## Title\n")
    assert "By \\<b\\>\\*Aurora\\*\\</b\\> \\|" in made
    assert "**[Who? \\[x\\]]**" in made
    assert "| a\\|b | 1 |  |" in made


def test_the_page_and_the_file_hold_the_same(app: Flask, store: Store, now: datetime) -> None:
    release(store, now, "AURORA", NUMBERS, period=YEAR)
    browser = Browser(app)
    browser.sign_in("brigitte")
    browser.get("/statistics/report")
    assert (
        "In 2025, workers at factories that work for Aurora Sportswear could complain"
        in browser.text
    )
    answer = browser.get("/statistics/report/texts.md")
    assert "recourse-aurora-2025.md" in answer.headers["Content-Disposition"]
    text = answer.get_data(as_text=True)
    assert "In 2025, workers at factories that work for Aurora Sportswear could complain" in text
    assert "below 10" in text
    assert text.count("## ") == 4


def test_the_office_chooses_a_brand_and_reads_its_releases_alone(
    app: Flask, store: Store, now: datetime
) -> None:
    release(store, now, "AURORA", {("received",): 140}, period=YEAR)
    release(store, now, "AURORA", {("received",): 800}, period=YEAR.before)
    browser = Browser(app)
    browser.sign_in("boris")
    browser.get("/statistics/report")
    assert "Whose text?" in browser.text
    assert browser.get("/statistics/report/texts.md").status_code == 404
    browser.get("/statistics/report?brand=AURORA")
    assert "It received 140 cases" in browser.text
    browser.get("/statistics/report?brand=AURORA&period=2024")
    assert "It received 800 cases" in browser.text
    link = re.search(r'href="(/statistics/report/texts\.md[^"]*)"', browser.page)
    assert link
    assert "800" in browser.get(link[1].replace("&amp;", "&")).get_data(as_text=True)
    browser.get("/statistics/report?brand=BOREALIS")
    assert "The next are those of 2026, from 15 Jan 2027 on." in browser.text


def test_there_are_texts_of_whole_years_alone(app: Flask, store: Store, now: datetime) -> None:
    """The texts of a year and of three of its quarters would tell what the fourth hides."""
    release(store, now, "AURORA", {("received",): 140}, period=Period.quarter(2025, 3))
    browser = Browser(app)
    browser.sign_in("brigitte")
    browser.get("/statistics/report")
    # Its quarter is released: nobody is told that nothing is, but when there will be texts.
    assert "Nothing is released yet" not in browser.text
    assert "Texts are of whole years that were released." in browser.text
    assert "The next are those of 2026, from 15 Jan 2027 on." in browser.text
    assert browser.get("/statistics/report/texts.md").status_code == 404
    assert browser.get("/statistics/report/texts.md?period=2025-Q3").status_code == 404
    release(store, now, "AURORA", {("received",): 800}, period=YEAR)
    browser.get("/statistics/report?period=2025-Q3")
    assert "It received 800 cases" in browser.text
    assert "140" not in browser.text
    assert re.findall(r'<option value="([^"]*)"', browser.page) == ["2025"]


def test_topics_are_told_and_nothing_beside_them_that_is_finer() -> None:
    """Two breakdowns by what complaints are about would tell what each leaves out alone."""
    numbers: Numbers = {
        ("received",): 100,
        ("received", "topic", "pay-and-hours"): 49,
        ("received", "topic", "safety-and-housing"): 51,
        ("received", "category", "WAG"): 44,
        ("received", "category", "HRS"): 5,
        ("received", "category", "OHS"): 51,
    }
    found = lines(numbers)
    kinds = {name: row for name, row in found.items() if "49" in row}
    assert set(kinds) == {"Cases received, by topic", "Filed, by kind", "Kinds of complaints"}
    assert len(set(kinds.values())) == 1
    assert not any(re.search(r"\b44\b", row) for row in found.values())
