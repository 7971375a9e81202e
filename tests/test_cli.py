"""The command line: its help reads well, its errors are one clear line, its JSON has its shape."""

import argparse
import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import delete, select

from casework import cases, filing
from casework.actors import Actor
from casework.config import settings_from
from casework.deadlines import versions
from casework.deadlines.clocks import parse_span
from casework.deadlines.policies import DEFAULT, Line
from casework.filing import Complaint, Piece
from casework.messaging import messages
from casework.models import Calendar, SearchWord
from casework.vocabulary import Action, Category, Promise, Role, Severity
from recourse import cli
from recourse.setup import open_store
from tests.botapi import BotApi
from tests.conftest import Cast

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder that all commands of a test use; nothing of the developer's settings."""
    import os

    for name in list(os.environ):
        if name.startswith("RECOURSE_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RECOURSE_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("RECOURSE_LISTEN", "127.0.0.1:0")
    return tmp_path


@pytest.fixture
def upgraded(folder: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert cli.main(["db", "upgrade"]) == 0
    capsys.readouterr()
    return folder


def fails(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line with which a command fails."""
    assert cli.main(arguments) == 1
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("recourse: ")
    return lines[0]


def _parsers(parser: argparse.ArgumentParser, name: str = "recourse") -> Iterator[tuple[str, str]]:
    yield name, parser.format_help()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, below in action.choices.items():
                yield from _parsers(below, f"{name} {word}")


@pytest.mark.parametrize(("name", "text"), list(_parsers(cli._parser())))
def test_every_command_has_help_that_says_what_it_does(name: str, text: str) -> None:
    assert text.startswith("usage: ")
    assert "==SUPPRESS==" not in text
    assert len([line for line in text.splitlines() if line.strip()]) >= 3, text


@pytest.mark.parametrize(
    ("setting", "value", "says"),
    [
        ("RECOURSE_LISTEN", "nowhere", "127.0.0.1:8000"),
        ("RECOURSE_ZONE", "Mars/Olympus", "Asia/Phnom_Penh"),
        ("RECOURSE_DATABASE_URL", "mysql://x", "sqlite:///"),
        ("RECOURSE_TELEGRAM_TOKEN", "not a token", "BotFather"),
        ("RECOURSE_PUBLIC_URL", "example.org", "https://example.org"),
        ("RECOURSE_TELEGRAM_TOKEN_FILE", "/no/such/file", "RECOURSE_TELEGRAM_TOKEN_FILE"),
        ("RECOURSE_SMTP_URL", "mail.example.org", "smtp://user:password@mail.example.org:587"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_write(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    setting: str,
    value: str,
    says: str,
) -> None:
    monkeypatch.setenv(setting, value)
    line = fails(capsys, "doctor")
    assert setting in line
    assert says in line


def test_nothing_installed_yet_says_how_to_begin(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "./run start" in fails(capsys, "case", "list")


def test_a_missing_key_file_says_where_it_should_be(
    upgraded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (upgraded / "var" / "keys.json").unlink()
    for command in (["doctor"], ["db", "upgrade"], ["start"]):
        line = fails(capsys, *command)
        assert "keys.json" in line
        assert "backup" in line
    assert not (upgraded / "var" / "keys.json").exists(), "A new key would hide the loss."


def test_the_key_file_of_another_installation_is_refused(
    upgraded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECOURSE_DATA_DIR", str(upgraded / "other"))
    assert cli.main(["db", "upgrade"]) == 0
    capsys.readouterr()
    monkeypatch.setenv("RECOURSE_KEYS_FILE", str(upgraded / "var" / "keys.json"))
    assert "does not belong" in fails(capsys, "doctor")


def test_the_doctor_says_whether_staff_are_mailed(
    upgraded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "RECOURSE_SMTP_URL: not set (staff are told on their page only)." in out
    monkeypatch.setenv("RECOURSE_SMTP_URL", "smtp://desk:geheim@mail.example.org")
    assert cli.main(["doctor"]) == 0
    out = capsys.readouterr().out
    assert "RECOURSE_SMTP_URL: set." in out
    assert "geheim" not in out


def test_a_busy_port_names_it_and_another(
    upgraded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("RECOURSE_LISTEN", f"127.0.0.1:{port}")
        line = fails(capsys, "start")
    assert str(port) in line
    assert "RECOURSE_LISTEN" in line


def test_a_token_that_telegram_refuses_is_one_line_without_the_token(
    upgraded: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with BotApi() as api:
        monkeypatch.setenv("RECOURSE_TELEGRAM_API_URL", api.url)
        monkeypatch.setenv("RECOURSE_TELEGRAM_TOKEN", "123456:AAwrong")
        line = fails(capsys, "bot")
    assert "BotFather" in line
    assert "AAwrong" not in line


def test_the_bot_without_a_token_says_where_to_get_one(
    upgraded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "BotFather" in fails(capsys, "bot")


def test_a_database_that_is_no_database_is_one_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "broken.sqlite3"
    file.write_bytes(b"this is no database, only some text that is long enough" * 100)
    monkeypatch.setenv("RECOURSE_DATABASE_URL", f"sqlite:///{file}")
    assert "backup" in fails(capsys, "doctor")


def test_an_unreachable_server_is_one_line_without_its_password(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECOURSE_DATABASE_URL", "postgresql://u:secret-word@127.0.0.1:1/x")
    line = fails(capsys, "doctor")
    assert "RECOURSE_DATABASE_URL" in line
    assert "secret-word" not in line


def test_the_demo_never_touches_real_cases(
    upgraded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "real cases" in fails(capsys, "demo")


def test_due_tells_the_moment_and_each_step(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = (
        "due --severity serious --promise acknowledge --from 2026-11-20T18:40+07:00"
        " --country KH --zone Asia/Phnom_Penh --format json"
    )
    assert cli.main([*arguments.split(), "--hours", "Mon-Fri 08:00-12:00,13:00-17:00"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["due"] == "2026-11-26T17:00:00+07:00"
    assert any("Water Festival" in step for step in found["steps"])


def _due(capsys: pytest.CaptureFixture[str], *more: str) -> tuple[str, list[str]]:
    capsys.readouterr()
    started = ("--from", "2026-11-20T18:40+07:00", "--format", "json")
    assert cli.main(["due", *started, *more]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"due", "steps"}
    return found["due"], found["steps"]


OFFICE = ("--zone", "Asia/Phnom_Penh", "--hours", "Mon-Fri 08:00-17:00")
PLAN = ("--severity", "serious", "--promise", "investigate")


def test_due_counts_without_the_time_in_which_a_case_was_paused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain, _ = _due(capsys, *PLAN, *OFFICE)
    assert plain == "2026-12-21T17:00:00+07:00"
    pauses = (
        *("--pause", "2026-11-23T09:00+07:00..2026-11-25T09:00+07:00"),
        *("--pause", "2026-12-01T09:00+07:00..2026-12-02T09:00+07:00"),
    )
    later, steps = _due(capsys, *PLAN, *OFFICE, *pauses)
    assert later == "2026-12-23T17:00:00+07:00"
    assert any("Without the time in which it was paused" in step for step in steps)
    unpaused = ("--severity", "serious", "--promise", "acknowledge", *OFFICE)
    assert _due(capsys, *unpaused, *pauses)[0] == _due(capsys, *unpaused)[0]


def test_due_goes_by_the_policy_of_the_installation_when_told_to(
    upgraded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = (Category.WAGES, Promise.INVESTIGATE, Severity.SERIOUS)
    policy = replace(DEFAULT, exceptions={key: Line(parse_span("100 hours"))})
    with open_store(
        settings_from({"RECOURSE_DATA_DIR": str(upgraded / "var")})
    ).writing() as session:
        chen = Actor(Role.ADMIN)
        versions.save(session, policy, "Wages first", by=chen, now=NOW)
        zone = session.exec(select(Calendar)).one().zone
    wages = ("--category", "WAG")
    assert _due(capsys, *PLAN, *wages, *OFFICE)[0] == "2026-12-21T17:00:00+07:00"
    assert _due(capsys, *PLAN, *wages, *OFFICE, "--current")[0] == "2026-11-24T22:40:00+07:00"
    due, steps = _due(capsys, *PLAN, *wages, "--current")
    assert datetime.fromisoformat(due) == datetime(2026, 11, 24, 15, 40, tzinfo=UTC)
    assert f"({zone})" in steps[0]
    other = _due(capsys, *PLAN, "--category", "HRS", *OFFICE, "--current")[0]
    assert other == "2026-12-21T17:00:00+07:00"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("--promise protection --severity minor", "promises no protection for minor cases"),
        ("--pause 2026-11-23T09:00+07:00", "is no pause"),
        ("--pause 2026-11-23T09:00..2026-11-24T09:00", "needs an offset"),
        ("--pause 2026-11-24T09:00+07:00..2026-11-23T09:00+07:00", "A pause ends after it begins"),
        ("--zone=", "--zone Asia/Phnom_Penh"),
        ("--zone= --current", "without --hours"),
        ("--span soon", "is no span"),
    ],
)
def test_due_says_what_can_not_be_worked_out(
    folder: Path, capsys: pytest.CaptureFixture[str], wrong: str, said: str
) -> None:
    start = ("--from", "2026-11-20T18:40+07:00")
    assert said in fails(capsys, "due", *PLAN, *start, *OFFICE, *wrong.split())


@pytest.mark.parametrize(
    "wrong",
    ["--from 2026-11-20T18:40", "--from yesterday", "--zone Mars/Olympus", "--hours Mon"],
)
def test_due_says_what_is_wrong_with_a_value(
    folder: Path, capsys: pytest.CaptureFixture[str], wrong: str
) -> None:
    name, value = wrong.split(" ", 1)
    arguments = {
        "--severity": "serious",
        "--promise": "acknowledge",
        "--from": "2026-11-20T18:40+07:00",
        "--zone": "Asia/Phnom_Penh",
        name: value,
    }
    fails(capsys, "due", *(word for pair in arguments.items() for word in pair))


def test_lists_are_json_for_scripts(upgraded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["brand", "list"], ["factory", "list"], ["case", "list"]):
        assert cli.main([*command, "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out) == []
    assert cli.main(["languages", "--format", "json"]) == 0
    tags = [row["tag"] for row in json.loads(capsys.readouterr().out)]
    assert {"en", "vi", "id", "my"} <= set(tags)


def test_a_person_is_added_with_a_link_that_works_once(
    upgraded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["staff", "add", "Mina@Example.org", "--role", "handler"]) == 0
    assert "/welcome/" in capsys.readouterr().out
    assert "has this address already" in fails(
        capsys, "staff", "add", "mina@example.org", "--role", "admin"
    )
    assert "e-mail address" in fails(capsys, "staff", "add", "mina", "--role", "admin")
    assert "Choose the brand" in fails(capsys, "staff", "add", "b@example.org", "--role", "brand")


def test_an_import_with_a_wrong_row_writes_nothing(
    upgraded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = upgraded / "factories.csv"
    file.write_text(
        "code,name,place,country,zone,workers,brand,scope,tier,since\n"
        "GT7KM,Golden Thread,Phnom Penh,KH,Asia/Phnom_Penh,1200,,,,\n"
        ",,Hanoi,VN,Asia/Ho_Chi_Minh,many,,,,\n"
    )
    assert cli.main(["factory", "import", str(file)]) == 1
    assert "3" in capsys.readouterr().out
    file.write_text("\n".join(file.read_text().splitlines()[:2]) + "\n")
    assert cli.main(["factory", "import", str(file)]) == 0
    capsys.readouterr()
    assert cli.main(["factory", "list", "--format", "json"]) == 0
    assert [row["code"] for row in json.loads(capsys.readouterr().out)] == ["GT7KM"]


def test_audit_verify_names_the_first_broken_link(
    upgraded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_from({"RECOURSE_DATA_DIR": str(upgraded / "var")})
    store = open_store(settings)
    cast = Cast(store, NOW)
    with store.writing() as session:
        whole, changed = (
            filing.open_case(session, cast.htwe, Complaint((Piece("Not paid."),)), now=NOW)
            for _ in range(2)
        )
        cases.advance(session, changed, Action.ACKNOWLEDGE, by=cast.actor("asha"), now=NOW)
        filing.add(session, changed, Piece("Still nothing."), now=NOW)
    assert cli.main(["audit", "verify"]) == 0
    assert "All 2 cases are whole" in capsys.readouterr().out

    with store.writing() as session:
        # Somebody with the keys puts other words into the worker's mouth.
        added = messages.of_case(session, changed.id)[-1]
        place = ("message", "text_sealed", added.id)
        added.text_sealed = session.vault.seal_text(*place, "All is well.")
    assert cli.main(["audit", "verify"]) == 1
    told = capsys.readouterr()
    assert f"{changed.reference}: the chain breaks at event 3." in told.out
    assert whole.reference not in told.out
    assert "1 of 2 cases" in told.err
    store.engine.dispose()


def test_search_rebuild_finds_the_words_of_all_cases_anew(
    upgraded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    store = open_store(settings_from({"RECOURSE_DATA_DIR": str(upgraded / "var")}))
    cast = Cast(store, NOW)
    with store.writing() as session:
        for _ in range(3):
            filing.open_case(session, cast.htwe, Complaint((Piece("Not paid."),)), now=NOW)
        before = set(session.exec(select(SearchWord.word, SearchWord.case_id)))
        session.exec(delete(SearchWord))
    assert cli.main(["search", "rebuild"]) == 0
    assert "3 cases" in capsys.readouterr().out
    with store.reading() as session:
        assert set(session.exec(select(SearchWord.word, SearchWord.case_id))) == before
    store.engine.dispose()
