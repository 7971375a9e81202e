"""``recourse case``: past cases read from a file, one case handed over and opened elsewhere."""

import csv
import io
import json
from pathlib import Path

import pytest
from sqlmodel import func, select

from casework import filing
from casework.config import settings_from
from casework.db import Store
from casework.filing import Complaint, Piece
from casework.models import AccessLog, Case
from recourse import cli
from recourse.setup import open_store
from recourse.wallclock import wall_clock
from tests.conftest import Cast
from tests.test_cli import fails, folder, upgraded
from tests.test_past_cases import ENDED, OPEN, as_csv, as_xlsx

__all__ = ["folder", "upgraded"]


@pytest.fixture
def store(upgraded: Path) -> Store:
    """The installation of a test, with the cast in it."""
    found = open_store(settings_from({"RECOURSE_DATA_DIR": str(upgraded / "var")}))
    Cast(found, wall_clock())
    return found


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(arguments) == 0
    return capsys.readouterr().out


def count(store: Store) -> int:
    with store.reading() as session:
        return session.exec(select(func.count()).select_from(Case)).one()


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_past_cases_are_tried_then_imported_and_never_twice(
    store: Store, upgraded: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    file = upgraded / name
    file.write_bytes(as_csv([ENDED, OPEN]) if name.endswith("csv") else as_xlsx([ENDED, OPEN]))
    tried = run(capsys, "case", "import", str(file), "--dry-run")
    assert "2 cases would be imported." in tried
    assert count(store) == 0
    assert "2 cases imported" in run(capsys, "case", "import", str(file))
    assert "0 cases imported" in (again := run(capsys, "case", "import", str(file)))
    assert "2 were there already." in again
    assert count(store) == 2
    rows = json.loads(run(capsys, "case", "list", "--format", "json"))
    assert [row["status"] for row in rows] == ["investigating", "closed"]


def test_of_a_file_with_problems_nothing_is_imported_unless_somebody_says_so(
    store: Store, upgraded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, bad = upgraded / "list.csv", upgraded / "bad.csv"
    file.write_bytes(as_csv([ENDED, OPEN | {"workers": "many", "factory": "NOWHERE"}]))
    assert cli.main(["case", "import", str(file), "--bad", str(bad)]) == 1
    said = capsys.readouterr()
    assert "Row 3, factory: There is no factory" in said.out
    assert "Row 3, workers: Write a whole number" in said.out
    assert said.err.strip() == "recourse: 2 problems: nothing was imported."
    assert count(store) == 0
    rows = list(csv.DictReader(io.StringIO(bad.read_text().removeprefix("\ufeff"))))
    assert [row["reference"] for row in rows] == [OPEN["reference"]]
    assert "can't be written" in fails(
        capsys, "case", "import", str(file), "--bad", str(bad), "--dry-run"
    )
    out = run(capsys, "case", "import", str(file), "--skip-bad")
    assert "1 cases imported" in out
    assert "1 rows were left out." in out
    assert count(store) == 1


def test_letters_that_are_not_certain_are_asked_for(
    store: Store, upgraded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = upgraded / "list.csv"
    thai = "ค่าจ้างไม่ได้รับสองเดือน"
    file.write_bytes(as_csv([ENDED | {"summary": thai}]).decode().encode("cp874"))
    assert cli.main(["case", "import", str(file)]) == 1
    assert f"--encoding cp874 reads: {thai[:8]}" in capsys.readouterr().out.replace('"', "")
    assert "1 cases imported" in run(capsys, "case", "import", str(file), "--encoding", "cp874")


def test_a_file_that_is_not_there_is_one_line(
    store: Store, upgraded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "can't be read" in fails(capsys, "case", "import", str(upgraded / "none.csv"))


def file_one(store: Store, words: str) -> str:
    from casework.models import Reporter

    with store.writing() as session:
        reporter = session.exec(select(Reporter)).one()
        complaint = Complaint((Piece(words),))
        return filing.open_case(session, reporter, complaint, now=wall_clock()).reference


def test_a_case_is_handed_over_sealed_and_opens_where_nothing_is_installed(
    store: Store,
    upgraded: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reference = file_one(store, "No pay for two months")
    out = upgraded / "case.rccase"
    to = ("--out", str(out), "--reason", "to the union")
    said = run(capsys, "case", "export", reference, *to, "--by", "boris@example.org")
    passphrase = said.split()[-1]
    assert out.stat().st_mode & 0o077 == 0
    assert b"No pay" not in out.read_bytes()
    assert "can't be written" in fails(
        capsys, "case", "export", reference, *to, "--by", "boris@example.org"
    )
    with store.reading() as session:
        assert session.exec(select(AccessLog.what)).all() == ["export"]
    monkeypatch.setenv("RECOURSE_DATA_DIR", str(upgraded / "elsewhere"))
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{passphrase}\n"))
    assert f"{reference}: 2 events" in run(capsys, "case", "open", str(out))
    assert "No pay for two months" in (upgraded / "case" / "index.html").read_text()
    assert (upgraded / "case" / "case.json").stat().st_mode & 0o077 == 0
    monkeypatch.setattr("sys.stdin", io.StringIO("wrong\n"))
    line = fails(capsys, "case", "open", str(out), "--out", str(upgraded / "other"))
    assert "the passphrase is wrong" in line
    assert not (upgraded / "other").exists()


@pytest.mark.parametrize(
    ("reference", "by", "says"),
    [
        ("RC-7K3M-9Q2T", "boris@example.org", "sees no case"),
        ("", "asha@example.org", "no supervisor or admin"),
        ("", "nobody@example.org", "no supervisor or admin"),
    ],
)
def test_who_may_not_hand_a_case_over_leaves_no_file(
    store: Store,
    upgraded: Path,
    capsys: pytest.CaptureFixture[str],
    reference: str,
    by: str,
    says: str,
) -> None:
    known, out = file_one(store, "No pay"), upgraded / "case.rccase"
    arguments = ("--out", str(out), "--reason", "to the union", "--by", by)
    assert says in fails(capsys, "case", "export", reference or known, *arguments)
    assert not out.exists()
