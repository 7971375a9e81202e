"""``recourse figures``: freezing by hand, and what is frozen as a list."""

import json
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from casework.db import Store
from casework.models import Case
from casework.vocabulary import Inadmissible
from recourse import cli, figures_commands
from tests.conftest import Cast
from tests.frozen import count_few, receive

pytestmark = pytest.mark.slow

FEBRUARY = datetime(2026, 2, 10, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def installed(store: Store, cast: Cast, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands work on this database, on this day."""
    count_few(monkeypatch)
    monkeypatch.setattr(figures_commands, "open_store", lambda _: store)
    monkeypatch.setattr(figures_commands, "wall_clock", lambda: now)


def test_freezing_by_hand_does_what_is_due_and_then_nothing(
    store: Store, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    receive(store, cast, FEBRUARY, 24)
    assert cli.main(["figures", "freeze"]) == 0
    told = capsys.readouterr()
    assert "New counts: 9. New releases: 9." in told.out
    assert "Counted 2026-Q1: 3 new." in told.err
    assert cli.main(["figures", "freeze"]) == 0
    assert "Nothing is due, and nothing differs." in capsys.readouterr().out


def test_a_period_is_counted_again_when_asked_for(
    store: Store, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    receive(store, cast, FEBRUARY, 24)
    assert cli.main(["figures", "freeze", "--period", "2026-Q1"]) == 0
    with store.writing() as session:
        session.execute(sa.update(Case).values(inadmissible=Inadmissible.SPAM))
    assert cli.main(["figures", "freeze"]) == 0
    capsys.readouterr()
    assert cli.main(["figures", "freeze", "--period", "2026-Q1"]) == 0
    assert "New counts: 2. New releases: 2." in capsys.readouterr().out
    assert cli.main(["figures", "list", "--period", "2026-Q1", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    found = [(row["audience"], row["version"], row["counts"], row["pending"]) for row in rows]
    assert found == [
        ("public", 2, 2, False),
        ("public", 1, 2, False),
        ("AURORA", 2, 2, False),
        ("AURORA", 1, 2, False),
        ("BOREALIS", 1, 1, False),
    ]
    assert all(len(row["digest"]) == 64 for row in rows)


def test_the_list_shows_the_newest_version_of_each(
    store: Store, cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["figures", "list"]) == 0
    assert "Nothing yet." in capsys.readouterr().out
    receive(store, cast, FEBRUARY, 24)
    cli.main(["figures", "freeze"])
    capsys.readouterr()
    assert cli.main(["figures", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert lines[1].split()[:3] == ["2026-Q3", "public", "1"]


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("spring", "is no period"),
        ("2026-Q4", "2026-Q4 is frozen from 2027-01-15 on."),
        ("2026-01-01..2026-01-31", "Only quarters and years are frozen"),
    ],
)
def test_what_cannot_be_frozen_is_one_clear_line(
    store: Store, cast: Cast, capsys: pytest.CaptureFixture[str], period: str, said: str
) -> None:
    receive(store, cast, FEBRUARY)
    assert cli.main(["figures", "freeze", "--period", period]) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1
    assert said in lines[0]
