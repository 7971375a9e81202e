"""``recourse stats``: exact figures for the office, and what was released for anybody else."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from sqlmodel import SQLModel, select

from casework import cases, filing
from casework.actors import staff_actor
from casework.config import settings_from
from casework.db import Store
from casework.figures import figurerows
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import Figure, Table
from casework.filing import Complaint, Piece
from casework.ids import new_id
from casework.models import Factory, Release, Reporter, Snapshot, Staff
from casework.vocabulary import Action, Category, Role
from recourse import cli
from recourse.setup import open_store
from recourse.wallclock import wall_clock
from tests.conftest import Cast
from tests.plan import plan
from tests.test_cli import fails, folder, upgraded

__all__ = ["folder", "upgraded"]

MARCH = datetime(2026, 3, 15, 12, tzinfo=UTC)


@pytest.fixture
def store(upgraded: Path) -> Store:
    """An installation with three complaints of the first quarter of 2026, and one of the second."""
    found = open_store(settings_from({"RECOURSE_DATA_DIR": str(upgraded / "var")}))
    SQLModel.metadata.create_all(found.engine)
    cast = Cast(found, wall_clock())
    with found.writing() as session:
        reporter = session.get_one(Reporter, cast.htwe.id)
        factory = session.get_one(Factory, cast.golden_thread.id)
        for month, category in ((3, "WAG"), (3, "WAG"), (3, "HRS"), (4, "WAG")):
            complaint = Complaint((Piece("No."),), factory=factory, category=Category(category))
            filing.open_case(session, reporter, complaint, now=MARCH.replace(month=month))
    return found


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(["stats", *arguments]) == 0
    return capsys.readouterr().out


def rows(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run(capsys, *arguments, "--format", "json"))
    return found


def test_a_number_is_told_with_all_its_margins(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--period", "2026-Q1", "--measure", "received", "--by", "category,country")
    assert rows(capsys, *asked) == [
        {"measure": "received", "count": 3},
        {"measure": "received", "country": "KH", "count": 3},
        {"measure": "received", "country": "KH", "category": "HRS", "count": 1},
        {"measure": "received", "country": "KH", "category": "WAG", "count": 2},
        {"measure": "received", "category": "HRS", "count": 1},
        {"measure": "received", "category": "WAG", "count": 2},
    ]


def test_a_period_is_compared_with_the_one_before(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--period", "2026-Q2", "--measure", "received", "--brand", "aurora", "--compare")
    assert rows(capsys, *asked) == [{"measure": "received", "count": 1, "before": 3}]
    other = ("--period", "2026-Q2", "--measure", "received", "--brand", "borealis")
    assert rows(capsys, *other) == [{"measure": "received", "count": 0}]


def test_all_figures_are_told_where_none_is_named(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    found = rows(capsys, "--period", "2026")
    assert {"received", "open", "promised", "sites", "languages"} <= {
        str(row["measure"]) for row in found
    }
    assert "received" in run(capsys, "--period", "2026")


def test_of_a_period_that_runs_is_told_how_it_stands_today(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    now = wall_clock()
    with store.writing() as session:
        reporter = session.exec(select(Reporter)).first()
        by = staff_actor(session.exec(select(Staff).where(Staff.role == Role.ADMIN)).one())
        assert reporter
        complaint = Complaint((Piece("No."),), category=Category.OTHER)
        case = filing.open_case(session, reporter, complaint, now=now)
        cases.advance(session, case, Action.ACKNOWLEDGE, by=by, now=now)
        plan(session, case, by=by, now=now, due_on=now.date())
    days = f"{now.date()}..{now.date() + timedelta(days=400)}"
    ages = rows(capsys, "--period", days, "--measure", "open", "--by", "age")
    assert {"measure": "open", "age": "0-29", "count": 1} in ages
    assert rows(capsys, "--period", days, "--measure", "overdue") == [
        {"measure": "overdue", "count": 0}
    ]


def test_the_same_is_written_for_spreadsheets(
    store: Store, upgraded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("--period", "2026", "--measure", "received", "--by", "category")
    table = list(csv.DictReader(io.StringIO(run(capsys, *asked, "--format", "csv"))))
    assert [(row["category"], row["count"]) for row in table] == [
        *(("", "4"), ("HRS", "1"), ("WAG", "3"))
    ]
    out = upgraded / "out.xlsx"
    run(capsys, *asked, "--format", "xlsx", "--out", str(out))
    sheet = openpyxl.load_workbook(out).active
    assert sheet is not None
    assert list(sheet.values) == [
        ("measure", "category", "count"),
        ("received", None, 4),
        ("received", "HRS", 1),
        ("received", "WAG", 3),
    ]


def test_others_read_what_was_released_to_them_and_nothing_else(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    _release(store)
    asked = ("--period", "2026-Q1", "--audience", "AURORA")
    assert rows(capsys, *asked, "--measure", "received", "--by", "category") == [
        {"measure": "received", "count": None, "suppressed": True},
        {"measure": "received", "category": "WAG", "count": 7},
    ]
    assert rows(capsys, *asked, "--measure", "days", "--by", "promise") == [
        {"measure": "days", "promise": "acknowledge", "count": 9, "median": 1.5, "p90": 4.0},
        {
            "measure": "days",
            "promise": "outcome",
            "count": None,
            "median": None,
            "p90": None,
            "suppressed": True,
        },
    ]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (["--period", "2026-Q5"], "no period"),
        (["--brand", "NOBODY"], "no brand"),
        (["--by", "category"], "--measure"),
        (["--measure", "received", "--by", "colour"], "--by takes"),
        (["--measure", "received", "--by", "kept"], "can't be broken down"),
        (["--measure", "paid"], "never added up"),
        (["--format", "xlsx"], "--out"),
        (["--audience", "public", "--period", "2026"], "Nothing was released"),
        (["--audience", "public", "--brand", "AURORA"], "exact figures"),
        (
            ["--audience", "AURORA", "--period", "2026-Q1", "--measure", "open", "--by", "age"],
            "not among",
        ),
    ],
)
def test_what_can_not_be_told_is_refused_in_one_line(
    store: Store, capsys: pytest.CaptureFixture[str], asked: list[str], why: str
) -> None:
    _release(store)
    assert why in fails(capsys, "stats", *asked)


def _release(store: Store) -> None:
    """Some figures of the first quarter, as the staff of Aurora may read them."""
    days, met = Measure.DAYS, Measure.MET

    def promise(name: str) -> tuple[tuple[Dimension, str], ...]:
        return ((Dimension.PROMISE, name),)

    figures = [
        Figure(Measure.RECEIVED, (), None),
        Figure(Measure.RECEIVED, ((Dimension.CATEGORY, "WAG"),), 7),
        Figure(met, promise("acknowledge"), 9),
        Figure(met, promise("outcome"), None),
        Figure(days, promise("acknowledge"), 1.5, 4.0),
        Figure(days, promise("outcome"), None),
    ]
    shown = [
        Table(Measure.RECEIVED, (Dimension.CATEGORY,)),
        Table(met, (Dimension.PROMISE,)),
        Table(days, (Dimension.PROMISE,)),
    ]
    now = wall_clock()
    period = str(Period.quarter(2026, 1))
    with store.writing() as session:
        snapshot = Snapshot(
            id=new_id(now),
            audience="AURORA",
            period=period,
            version=1,
            made_at=now,
            checked_at=now,
            digest="",
        )
        session.add(snapshot)
        session.flush()
        session.add(
            Release(
                id=new_id(now),
                audience="AURORA",
                period=period,
                version=1,
                made_at=now,
                threshold=5,
                snapshot_id=snapshot.id,
                judged_id=snapshot.id,
                tables=figurerows.of_tables(shown),
                figures=figurerows.rows(figures),
                digest="",
            )
        )
