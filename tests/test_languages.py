"""How far each language is: counted from its catalog, told by ``recourse languages``."""

import json
from pathlib import Path

import pytest

from recourse import cli
from translations import languages, own_name
from translations.standing import Standing, standings

TEMPLATE = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Good morning."
msgstr ""

#, python-format
msgid "Your case is %(reference)s."
msgstr ""

#, python-format
msgid "One day"
msgid_plural "%(n)s days"
msgstr[0] ""
msgstr[1] ""

msgid "Thank you."
msgstr ""
"""
INDONESIAN = """\
msgid ""
msgstr ""
"Language: id\\n"
"X-Drafted-By: a machine\\n"
"X-Native-Review: Sri, 2026-12\\n"
"Plural-Forms: nplurals=1; plural=(0);\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Good morning."
msgstr "Selamat pagi."

#, python-format
msgid "Your case is %(reference)s."
msgstr "Kasus Anda %(reference)s."

#, python-format
msgid "One day"
msgid_plural "%(n)s days"
msgstr[0] "%(n)s hari"

msgid "Thank you."
msgstr "Terima kasih."
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bot.pot").write_text(TEMPLATE, "utf-8")
    (tmp_path / "id" / "LC_MESSAGES").mkdir(parents=True)
    return tmp_path


def standing(folder: Path, catalog: str) -> Standing:
    (folder / "id" / "LC_MESSAGES" / "bot.po").write_text(catalog, "utf-8")
    english, indonesian = standings("bot", folder)
    assert english == Standing("en", 4, 4)
    return indonesian


def test_a_finished_catalog_says_who_drafted_and_who_read_it(folder: Path) -> None:
    found = standing(folder, INDONESIAN)
    assert found == Standing("id", 4, 4, drafted_by="a machine", native_review="Sri, 2026-12")
    assert found.percent == 100


def test_an_empty_sentence_and_one_that_is_not_there_count_as_missing(folder: Path) -> None:
    without = INDONESIAN.replace('"Selamat pagi."', '""').partition('msgid "Thank you."')[0]
    found = standing(folder, without)
    assert (found.translated, found.total, found.percent) == (2, 4, 50)


def test_broken_holes_and_wrong_plurals_are_counted(folder: Path) -> None:
    broken = INDONESIAN.replace("Anda %(reference)s", "Anda %(referensi)s")
    assert standing(folder, broken).broken_holes == 1
    assert standing(folder, broken.replace("%(n)s hari", "%(m)s hari")).broken_holes == 2
    two_forms = INDONESIAN.replace("nplurals=1; plural=(0)", "nplurals=2; plural=(n != 1)")
    assert standing(folder, two_forms).wrong_plurals == 1


def test_a_sentence_left_in_english_is_another_problem(folder: Path) -> None:
    found = standing(folder, INDONESIAN.replace('"Selamat pagi."', '"Good morning."'))
    assert (found.translated, found.other_problems) == (4, 1)


def test_a_catalog_that_cannot_be_read_has_nothing_translated(folder: Path) -> None:
    found = standing(folder, INDONESIAN.replace('"Selamat pagi."', '"Selamat pagi.'))
    assert (found.translated, found.other_problems) == (0, 1)


def test_every_language_is_told_in_a_table_and_for_scripts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECOURSE_DATA_DIR", str(tmp_path))
    assert cli.main(["languages", "--format", "json"]) == 0
    rows = {row["tag"]: row for row in json.loads(capsys.readouterr().out)}
    assert tuple(rows) == languages("bot")
    for tag, row in rows.items():
        assert row["name"] == own_name(tag)
        assert row["percent"] == 100
        assert row["broken_holes"] == row["wrong_plurals"] == row["other_problems"] == 0
    assert rows["en"]["native_review"] is None
    assert rows["my"]["native_review"]
    assert rows["en"]["staff"]["percent"] == 100
    assert {tag for tag, row in rows.items() if row["staff"]} == set(languages("webadmin"))
    assert cli.main(["languages"]) == 0
    table = capsys.readouterr().out
    assert all(own_name(tag) in table for tag in rows)
    lines = {line.split()[0]: line for line in table.splitlines()}
    assert "staff pages" in lines["tag"]
    assert "100 %" in lines["en"].rpartition("  ")[2]
    assert all(lines[tag].endswith("–") for tag in set(rows) - set(languages("webadmin")))
    assert cli.main(["languages", "--domain", "webadmin"]) == 0
    assert "English" in capsys.readouterr().out
