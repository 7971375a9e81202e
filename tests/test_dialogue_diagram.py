"""The drawing of the conversation: in step with its declaration, whole, and one way in to each step."""

import json
import re
from pathlib import Path

import pytest

from bot.dialogue import STEPS
from recourse import cli, dialogue_diagram
from tests.test_cli import fails

ROOT = Path(__file__).parent.parent
_ARROW = re.compile(r"^ +(\S+) --> (\w+)(?: : .+)?$", re.MULTILINE)
_BUBBLE = re.compile(r'^ +state "([^"\n]+)" as (\w+)( \{)?$', re.MULTILINE)


def test_docs_dialogue_is_in_step_with_the_declaration() -> None:
    committed = (ROOT / "docs" / "dialogue.md").read_text("utf-8")
    assert committed == dialogue_diagram.page(), (
        "run ./run dialogue --diagram --out docs/dialogue.md and commit what it writes"
    )


def test_every_step_is_drawn_once_and_reachable_from_the_beginning() -> None:
    drawn = [name for _, name, group in _BUBBLE.findall(dialogue_diagram.diagram()) if not group]
    assert sorted(drawn) == sorted([*(name.replace("-", "_") for name in STEPS), "anywhere"])
    assert dialogue_diagram.reachable() == set(STEPS)


def test_every_arrow_of_the_declaration_is_drawn_and_no_other() -> None:
    text = dialogue_diagram.diagram()
    arrows = set(_ARROW.findall(text))
    bubbles = {name for _, name, _ in _BUBBLE.findall(text)} | {"[*]"}
    assert {end for arrow in arrows for end in arrow} <= bubbles
    for step, question in STEPS.items():
        drawn = {to for here, to in arrows if here == step.replace("-", "_")}
        for group in [to for to in drawn if to.endswith("_room")]:
            drawn.remove(group)
            drawn |= {n.replace("-", "_") for n, q in STEPS.items() if group == f"{q.room}_room"}
        assert drawn == {to.replace("-", "_") for to in question.leads_to}, step


def test_the_labels_of_a_room_tell_its_steps_apart() -> None:
    for room in {question.room for question in STEPS.values()}:
        labels = [dialogue_diagram.label(q) for q in STEPS.values() if q.room is room]
        assert len(labels) == len(set(labels))
        assert all(0 < len(label) <= 44 for label in labels), labels


def test_the_command_prints_and_writes_the_drawing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RECOURSE_DATA_DIR", str(tmp_path))
    assert cli.main(["dialogue", "--diagram"]) == 0
    assert capsys.readouterr().out == dialogue_diagram.diagram()
    for name, text in (
        ("d.md", dialogue_diagram.page()),
        ("d.mmd", dialogue_diagram.diagram()),
    ):
        assert cli.main(["dialogue", "--diagram", "--out", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_text("utf-8") == text
    capsys.readouterr()
    assert cli.main(["dialogue", "--format", "json"]) == 0
    assert {row["step"] for row in json.loads(capsys.readouterr().out)} == set(STEPS)
    assert "--diagram" in fails(capsys, "dialogue", "--out", "d.md")
    missing = str(tmp_path / "no" / "d.md")
    assert "can't be written" in fails(capsys, "dialogue", "--diagram", "--out", missing)
