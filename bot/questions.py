"""What a question is: its text, its buttons, where each leads, and the ways out of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.turns import Chat, Draft, Effect, Msg, Part
from translations import N_


class Room(StrEnum):
    """The part of the conversation a question belongs to."""

    INTAKE = "intake"
    FOLLOWUP = "followup"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Then:
    """What follows: the chat as it is now, what to say before its question, what to do.

    ``waits``: the result of the effect will speak. ``page``: said in place of the question's own
    text and buttons, where they depend on a result. ``before``: messages of their own, ahead of it
    all.
    """

    chat: Chat
    first: tuple[Msg, ...] = ()
    do: tuple[Effect, ...] = ()
    waits: bool = False
    page: "Page | None" = None
    before: tuple[Msg, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A button, and what a press does: ``does`` if given; else it ``sets`` something in the draft,
    ``says`` something and goes on ``to`` a step (the question's ``then`` if none is named)."""

    value: str
    label: Msg | str
    icon: str = ""
    sets: Callable[[Draft], Draft] | None = None
    says: Msg | None = None
    to: str = ""
    does: Callable[[Chat], Then] | None = None


Rows = tuple[tuple[Answer, ...], ...]

Verb = Callable[[Chat, str], Then]
"""What a button about a case does, given the case's reference."""


@dataclass(frozen=True, slots=True)
class Page:
    """A text and the buttons below it."""

    text: Msg
    rows: Rows = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One step of the conversation, declared.

    ``then`` comes next; ``changed`` comes next while she changes one answer. ``asked`` tells whether
    it comes up at all on the way forward. ``hears`` takes words or a file (``None`` from it: not
    meant for this question). ``loads`` names what must be fetched before it can be asked.
    ``parent`` is where "back" leads in a room without a trail. ``also`` names steps that ``does``
    and ``hears`` lead to, so that a map of the conversation can be drawn from the declaration.
    """

    name: str
    room: Room
    page: Callable[[Chat], Page]
    help: Msg
    then: str = ""
    changed: str = "review"
    asked: Callable[[Chat], bool] = lambda _: True
    hears: Callable[[Chat, Part], Then | None] | None = None
    loads: Callable[[Chat], Effect | None] = lambda _: None
    parent: str = ""
    also: tuple[str, ...] = ()

    @property
    def leads_to(self) -> tuple[str, ...]:
        """Every step that an answer to this question may lead to, controls apart."""
        changed = self.changed if self.then else ""
        return tuple(dict.fromkeys(name for name in (self.then, changed, *self.also) if name))


ASK_ANYTHING = Msg(
    N_("Press one button. There is no wrong answer, and you can change it before you send.")
)
"""The help of a question that needs no other."""

SKIP = Msg(N_("Skip"))


def skip(label: Msg = SKIP, sets: Callable[[Draft], Draft] | None = None) -> Answer:
    """The way past a question that a case can live without."""
    return Answer("skip", label, "⏭️", sets=sets)


def in_rows(answers: Sequence[Answer], across: int = 1) -> Rows:
    """Buttons in the order given, ``across`` in a row."""
    return tuple(tuple(answers[i : i + across]) for i in range(0, len(answers), across))


def go(chat: Chat, step: str) -> Chat:
    """On to a step of the intake; the present one is remembered for "back", never twice."""
    trail = chat.trail
    if chat.step in trail:
        trail = trail[: trail.index(chat.step)]
    editing = chat.editing and step != "review"
    if chat.editing:
        return replace(chat, step=step, editing=editing)
    return replace(chat, step=step, trail=(*trail, chat.step), editing=editing)
