"""A rating methodology as data: its questions, weights and ladders, read and checked.

Each is a TOML file in ``casework/methodologies``. Another one needs no code as long as it asks for
what a tracker can prove (``casework.ratings.proofs``) or people attest.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any

from casework.errors import BadInput


class Kind(StrEnum):
    """How a question is scored."""

    ATTESTED = "attested"
    """People choose the rung, and say where it can be read."""
    LADDER = "ladder"
    """The highest rung all of whose sentences are met."""
    ELEMENTS = "elements"
    """How many elements are public, and how requests for information were answered."""


REQUESTS = ("none", "little", "some", "all")
"""How requests for information were answered, least first."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a ladder: what proves it, and what people may attest in its place."""

    id: str
    text: str
    proof: str
    attest: str = ""
    """What is attested; ``""``: this can only be proved."""
    attest_unless: str = ""
    """A fact (``casework.ratings.proofs``) with which there is nothing to attest."""
    after: str = ""
    """The id of a sentence before it that it says once more: without that one it is not met."""


@dataclass(frozen=True, slots=True)
class Rung:
    """A score, and what it needs. ``row`` is its place in the source."""

    score: int
    row: str
    text: str = ""
    needs: tuple[str, ...] = ()
    """Of a ladder: the ids of its sentences."""
    least: int = 0
    """Of elements: how many are public."""
    requests: str = ""
    """Of elements: how requests are answered at least; ``""``: whatever the answers were."""


@dataclass(frozen=True, slots=True)
class Element:
    """One of the elements that are public or not."""

    id: str
    text: str
    parts: tuple[str, ...] = ()
    """It counts when all of them are public."""
    supplied: str = ""
    """What of it comes out of the tracker: ``full``, ``draft``, ``supplement``, ``dates``."""


@dataclass(frozen=True, slots=True)
class Flag:
    """An ambiguity of the source, when it matters, and how it was read."""

    id: str
    text: str
    always: bool = False
    score: frozenset[int] = frozenset()
    met: frozenset[str] = frozenset()
    not_met: frozenset[str] = frozenset()
    exactly_one: frozenset[str] = frozenset()
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question, its weight in hundredths, and its rungs from the highest down."""

    number: int
    title: str
    reference: str
    weight: int
    kind: Kind
    rungs: tuple[Rung, ...]
    sentences: tuple[Sentence, ...] = ()
    elements: tuple[Element, ...] = ()
    flags: tuple[Flag, ...] = ()

    @property
    def scores(self) -> frozenset[int]:
        """What can be given."""
        return frozenset(rung.score for rung in self.rungs)


@dataclass(frozen=True, slots=True)
class Methodology:
    """How a company is rated. Every question is answered for one scope at a time."""

    id: str
    name: str
    source: str
    highest: int
    categories: tuple[str, ...]
    category_note: str
    questions: tuple[Question, ...]

    def question(self, number: int) -> Question:
        """The question of a number; ``KeyError`` if there is none."""
        found = next((one for one in self.questions if one.number == number), None)
        if found is None:
            raise KeyError(number)
        return found


def names() -> tuple[str, ...]:
    """The methodologies that come along."""
    folder = resources.files("casework.methodologies")
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml")))


def load(name: str) -> Methodology:
    """One that comes along; ``BadInput`` names those there are."""
    if name not in names():
        raise BadInput(
            "There is no methodology %(name)s. There is: %(names)s.",
            name=name,
            names=", ".join(names()),
        )
    text = resources.files("casework.methodologies").joinpath(f"{name}.toml").read_text("utf-8")
    return parse(text)


def parse(text: str) -> Methodology:
    """Read a methodology; ``BadInput`` says what is wrong with it, and in which question."""
    try:
        data = tomllib.loads(text)
        questions = tuple(_question(one) for one in data["question"])
        found = Methodology(
            id=data["id"],
            name=data["name"],
            source=data["source"],
            highest=data["highest"],
            categories=tuple(data["categories"]),
            category_note=data.get("category_note", ""),
            questions=questions,
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise BadInput("This is not a methodology: %(problem)s.", problem=str(error)) from error
    _check(found)
    return found


def _question(data: Mapping[str, Any]) -> Question:
    kind = Kind(data["kind"])
    rungs = data["counts"] if kind is Kind.ELEMENTS else data["rungs"]
    return Question(
        number=data["number"],
        title=data["title"],
        reference=data["reference"],
        weight=data["weight"],
        kind=kind,
        rungs=tuple(
            sorted(
                (Rung(**{**rung, "needs": tuple(rung.get("needs", ()))}) for rung in rungs),
                key=lambda rung: -rung.score,
            )
        ),
        sentences=tuple(Sentence(**one) for one in data.get("sentences", ())),
        elements=tuple(
            Element(**{**one, "parts": tuple(one.get("parts", ()))})
            for one in data.get("elements", ())
        ),
        flags=tuple(_flag(one) for one in data.get("flags", ())),
    )


def _flag(data: Mapping[str, Any]) -> Flag:
    when = data["when"]
    return Flag(
        id=data["id"],
        text=data["text"],
        always=when.get("always", False),
        score=frozenset(when.get("score", ())),
        met=frozenset(when.get("met", ())),
        not_met=frozenset(when.get("not_met", ())),
        exactly_one=frozenset(when.get("exactly_one", ())),
        fact=when.get("fact", ""),
    )


def _check(found: Methodology) -> None:
    """Weights sum up, sentences exist, every ladder has a lowest rung that needs nothing."""
    if sum(one.weight for one in found.questions) != 100:
        raise BadInput("The weights of the questions are not 100 together.")
    for one in found.questions:
        known = {sentence.id for sentence in one.sentences}
        needed = {name for rung in one.rungs for name in rung.needs}
        named = {n for f in one.flags for n in (*f.met, *f.not_met, *f.exactly_one)}
        named |= {sentence.after for sentence in one.sentences if sentence.after}
        if needed - known or named - known:
            raise BadInput(
                "Question %(number)s names a sentence that it does not have.", number=one.number
            )
        if not one.rungs or one.rungs[-1].needs or one.rungs[-1].least:
            raise BadInput("Question %(number)s has no lowest rung.", number=one.number)
        if any(rung.requests and rung.requests not in REQUESTS for rung in one.rungs):
            raise BadInput(
                "Question %(number)s: requests are answered none, little, some or all.",
                number=one.number,
            )
