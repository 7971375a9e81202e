"""``dialogue``: the steps of the conversation, listed or drawn from their own declaration."""

import argparse
import textwrap
from collections.abc import Iterator
from pathlib import Path

from bot import controls
from bot.dialogue import STEPS, step
from bot.questions import Question, Room
from bot.rendering import render
from bot.turns import Chat, Draft, Msg, News, NewsRead, Part, Say
from casework.config import Settings
from casework.errors import BadInput
from casework.vocabulary import Notice
from recourse.parsing import Commands, add_format, show
from translations import SOURCE_LANGUAGE

START = "language"
"""Where somebody begins who was never here."""
_ROOMS = {
    Room.SETTINGS: "The conversation itself",
    Room.INTAKE: "A new complaint",
    Room.FOLLOWUP: "Her cases",
}
_CONTROLS = {
    "language": "Language",
    "stop": "Stop",
    "start": "/start",
    "home": "/home",
    "cases": "My cases",
    "reach": "How you may write to me",
    "safety": "My safety",
    "erase": "Erase this chat",
    "forget": "Forget me",
}
"""What she may press or type at any question, as it is called."""
_NEWS = {Notice.REPLY: "Open (news)", Notice.CHECK_IN: "Open (a question)"}
"""What she may open wherever she is, because the bot told her that there is something."""
_TELLING = Chat("story", agreed=True, draft=Draft(parts=(Part("…"),)))
"""Somebody in the middle of a complaint: what the controls do to her is what the picture shows."""
_LABEL_AT_MOST = 44

_PAGE = """\
# The conversation

Drawn by `./run dialogue --diagram --out docs/dialogue.md` from the declaration of the questions
(`bot.dialogue.STEPS`). A test holds it in step: after changing a question, run the command again.

An arrow is something that an answer may lead to; "change" is the way of somebody who corrects one
answer of the read-back. Controls under every question come from the bubble "any question", and so
does what she opens when the bot told her that there is something. "Back" and "Help" are left out,
and so are the buttons below news about a case: they mean the same anywhere.

```mermaid
{diagram}```
"""


def add_to(commands: Commands) -> None:
    """Declare the command of this room."""
    dialogue = commands.add_parser(
        "dialogue",
        help="list or draw the steps of the conversation",
        description="List the steps of the conversation with the bot and what each leads to, or"
        " draw them.",
    )
    dialogue.add_argument(
        "--diagram", action="store_true", help="draw them, as a state diagram in Mermaid's language"
    )
    dialogue.add_argument(
        "--out",
        metavar="FILE",
        type=Path,
        help="write the drawing here; a page around it where FILE ends in .md",
    )
    add_format(dialogue)
    dialogue.set_defaults(run=_dialogue)


def diagram() -> str:
    """The conversation as a state diagram in Mermaid's language: rooms are groups."""
    lines = ["stateDiagram-v2", f"    [*] --> {_id(START)}"]
    for room, title in _ROOMS.items():
        lines.append(f'    state "{title}" as {room}_room {{')
        lines += [f'        state "{label(q)}" as {_id(q.name)}' for q in _questions(room)]
        lines.append("    }")
    lines.append('    state "any question" as anywhere')
    lines += [f"    anywhere --> {_id(to)} : {title}" for to, title in _controlled()]
    lines += [f"    {arrow}" for question in STEPS.values() for arrow in _arrows(question)]
    return "\n".join(lines) + "\n"


def page() -> str:
    """``docs/dialogue.md``: the diagram, and how it was made."""
    return _PAGE.format(diagram=diagram())


def reachable() -> set[str]:
    """Every step that some way of answers and controls leads to, from the very beginning."""
    found: set[str] = set()
    ahead = [START, *(to for to, _ in _controlled())]
    while ahead:
        step = ahead.pop()
        if step not in found:
            found.add(step)
            ahead += STEPS[step].leads_to
    return found


def label(question: Question) -> str:
    """The text of a question in English, cut to what a bubble holds."""
    for other in _questions(question.room):
        if other is question:
            return _shortened(_text(question))
        if _text(other) == _text(question):
            # Its text comes with what is loaded (a case): its help says what it is.
            return _shortened(_english(question.help))
    raise LookupError(f"{question.name!r} is no step of the conversation.")


def _questions(room: Room) -> list[Question]:
    return [question for question in STEPS.values() if question.room is room]


def _arrows(question: Question) -> Iterator[str]:
    here, targets = _id(question.name), list(question.leads_to)
    for room in Room:
        steps = {other.name for other in _questions(room)}
        if room is not question.room and steps <= set(targets):
            yield f"{here} --> {room}_room : where she was"
            targets = [name for name in targets if name not in steps]
    for name in targets:
        only_changing = name == question.changed and name not in (question.then, *question.also)
        yield f"{here} --> {_id(name)}" + (" : change" if only_changing else "")


def _controlled() -> Iterator[tuple[str, str]]:
    """Where each control leads from the middle of a complaint."""
    for name, title in _CONTROLS.items():
        then = controls.use(_TELLING, STEPS[_TELLING.step], name)
        if then is None:
            raise LookupError(f"There is no control {name!r} any more.")
        yield then.chat.step, title
    for notice, title in _NEWS.items():
        opened = NewsRead("RC-…", (News(notice),))
        yield step(Chat("case", case="RC-…"), opened).chat.step, title


def _id(name: str) -> str:
    return name.replace("-", "_")  # a hyphen is part of Mermaid's arrows


def _text(question: Question) -> str:
    return _english(question.page(Chat(question.name, case="RC-…")).text)


def _english(said: Msg) -> str:
    return render(Say(said), SOURCE_LANGUAGE, "the operator").text


def _shortened(text: str) -> str:
    line = text.partition("\n")[0]
    asked, mark, _ = line.partition("?")
    return textwrap.shorten(asked + mark, _LABEL_AT_MOST, placeholder="…").replace('"', "'")


def _dialogue(_: Settings, options: argparse.Namespace) -> int:
    if not options.diagram:
        if options.out:
            raise BadInput("--out goes with --diagram.")
        rows = [
            {"step": q.name, "room": q.room.value, "text": label(q), "to": ", ".join(q.leads_to)}
            for q in STEPS.values()
        ]
        show(rows, options.format)
    elif options.out:
        text = page() if options.out.suffix == ".md" else diagram()
        try:
            options.out.write_text(text, "utf-8")
        except OSError as error:
            raise BadInput(f"{options.out} can't be written ({error.strerror}).") from None
        print(f"Written: {options.out}")
    else:
        print(diagram(), end="")
    return 0
