"""``recourse rating``: the shape that scripts read, text for people, a file to print."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sqlmodel import SQLModel

from casework.config import settings_from
from casework.db import Store
from casework.procedure import address_of
from casework.ratings.rating_data import as_data
from casework.ratings.transparency import wages
from casework.vocabulary import Scope
from recourse import cli
from recourse.setup import open_store
from tests.conftest import Cast
from tests.rated import END, Year
from webadmin import rating_report

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
ASKED = ("rating", "--brand", "AURORA", "--scope", "supply-chain", "--year", "2026")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Year:
    """An installation that the commands open, with a year lived in it."""
    import os

    for name in list(os.environ):
        if name.startswith("RECOURSE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECOURSE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("RECOURSE_PUBLIC_URL", "https://operator.example")
    assert cli.main(["db", "upgrade"]) == 0
    store = open_store(settings_from(dict(os.environ)))
    SQLModel.metadata.create_all(store.engine)
    year = Year(store, Cast(store, NOW))
    year.live(["no extension is asked for"])
    return year


def said(capsys: pytest.CaptureFixture[str], *more: str) -> str:
    capsys.readouterr()
    assert cli.main([*ASKED, *more]) == 0
    return capsys.readouterr().out


def test_the_data_have_the_shape_that_was_promised(
    installed: Year, capsys: pytest.CaptureFixture[str]
) -> None:
    found = json.loads(said(capsys, "--format", "json"))
    assert (found["brand"], found["scope"], found["year"]) == ("AURORA", "supply-chain", 2026)
    assert found["methodology"] == "asn-living-wage"
    assert found["weighted"] is None
    assert [one["number"] for one in found["questions"]] == list(range(1, 9))
    for question in found["questions"]:
        assert {"number", "score", "state", "sentences", "flags"} <= question.keys()
        assert question["state"] in ("met", "not met", "not evidenced")
        for sentence in question["sentences"]:
            assert {"id", "state", "basis", "evidence"} <= sentence.keys()
            assert sentence["state"] in ("met", "not met", "not evidenced")
            assert sentence["basis"] in ("proved", "attested")
        for flag in question["flags"]:
            assert flag["id"]
            assert len(flag["text"]) > 20
    seven = found["questions"][6]
    states = {one["id"]: one for one in seven["sentences"]}
    assert states["S5a"]["state"] == "not met"
    case, clock = states["S5a"]["evidence"]
    assert case["lacks"] == ["time"]
    assert (clock["kind"], clock["label"]) == ("clock", "investigate")
    assert clock["case"] == case["label"]
    assert found["wage_complaints"][0]["strict"] == {
        "count": 1,
        "with_plan": 1,
        "status": {"concluded": 1},
    }


def test_a_rated_brand_has_a_number(store: Store, cast: Cast) -> None:
    year = Year(store, cast)
    year.live()
    for number in range(1, 7):
        year.attest(f"Q{number}", score=3)
    for about in ("E1", "E4", "E7"):
        year.attest(about)
    found = as_data(year.rate())
    # 81 % at 3, question 7 at 5, question 8 at 1 of three elements.
    assert found["weighted"] == pytest.approx(0.81 * 3 + 0.07 * 5 + 0.12 * 1)
    assert json.dumps(found)
    assert found["questions"][2]["sentences"][0]["text"].startswith("As 2, and it says how")
    eight = found["questions"][7]
    assert (eight["score"], eight["lenient"]) == (1, 1)
    assert [flag["id"] for flag in eight["flags"]] == ["provisional"]
    assert next(one for one in found["lifts"] if one["number"] == 8)["choose"] == 1


def test_text_and_a_file_to_print(installed: Year, capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys)
    assert "not rated, because questions that people answer have no answer yet" in text
    assert "S5a  not met, proved: Every complaint is answered appropriately." in text
    said(capsys, "--format", "html", "--out", "rating.html")
    page = Path("rating.html").read_text()
    for word in ("Not rated", "lacks time", "What would lift the score", "Below a living wage"):
        assert word in page
    HTMLParser().feed(page)
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "<script" not in page


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (("--brand", "NOBODY"), "no brand"),
        (("--year", "2999"), "not begun"),
        (("--year", "20"), "Write a year"),
        (("--methodology", "none"), "asn-living-wage"),
    ],
)
def test_what_can_not_be_rated_is_told_in_one_line(
    installed: Year, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], says: str
) -> None:
    capsys.readouterr()
    assert cli.main([*ASKED, *more]) == 1
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line.startswith("recourse: ")
    assert says in line


def test_the_printed_page_names_no_more_cases_than_it_says(store: Store, cast: Cast) -> None:
    year = Year(store, cast)
    for _ in range(rating_report.MOST_NAMED + 3):
        year.late()
    with store.reading() as session:
        found = year.rate()
        page = rating_report.page(
            found, wages(session, cast.aurora.id, Scope.SUPPLY_CHAIN, 2026, END, seen_by=None)
        )
    assert "more</div>" in page


@pytest.mark.parametrize(
    ("address", "published"),
    [
        ("https://operator.example", "https://operator.example/public"),
        ("http://127.0.0.1:8000", ""),
        ("http://localhost:8000", ""),
        ("http://0.0.0.0:80", ""),
    ],
)
def test_rules_that_nobody_else_can_read_are_not_published(address: str, published: str) -> None:
    assert address_of(settings_from({"RECOURSE_PUBLIC_URL": address})) == published
    assert address_of(settings_from({"RECOURSE_PUBLIC_URL": address}, practice=True)) == ""
