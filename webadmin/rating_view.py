"""What a rating says, made ready for its page: for each question its lines, each with its state, by
what it is known, and the evidence as far as the reader may see it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from casework.ratings.lifting import Lift, lifts
from casework.ratings.methodology import Flag, Kind, Question, Rung
from casework.ratings.proofs import RESTS_ON_CASES
from casework.ratings.rated import Rated, for_brand
from casework.ratings.rating import Basis, Evidence, EvidenceKind, Scored, Sentenced, State
from casework.vocabulary import Channel

MOST_NAMED = 6
"""So many cases are named under a line; the rest is counted."""


_WATCHED = frozenset({Channel.TELEGRAM.value, Channel.WEB.value})


class Standing(StrEnum):
    """What an investor asks first of a line."""

    PROVED = "proved"
    ATTESTED = "attested"
    NOT_MET = "not-met"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Document:
    """An attested document, as the list of attestations has it."""

    row: int
    address: str
    on: date
    expires: date
    person: str


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, an element or a chosen rung."""

    id: str
    text: str
    state: State
    basis: Basis | None
    shown: tuple[Evidence, ...] = ()
    """What the reader may look up, but documents that were attested."""
    more: int = 0
    """So many cases beyond those that are named."""
    kept_back: bool = False
    """It is a thing that cases decide, of which the reader is told nothing further: not even whether
    there is one."""
    documents: tuple[Document, ...] = ()
    parts: tuple[tuple[str, str, Document | None], ...] = ()
    """Of an element in parts: the name, the text and the document of each."""
    attested_as: str = ""
    """By this name it can be attested; ``""``: it can only be proved."""
    supplied: str = ""
    """What of it comes out of the tracker, as the methodology says."""

    @property
    def fine(self) -> tuple[Evidence, ...]:
        """Cases that show it."""
        return tuple(e for e in self.shown if e.kind is EvidenceKind.CASE and not e.lacks)

    @property
    def failing(self) -> tuple[Evidence, ...]:
        """Cases that refute it."""
        return tuple(e for e in self.shown if e.kind is EvidenceKind.CASE and e.lacks)

    def late_in(self, reference: str) -> tuple[Evidence, ...]:
        """What was late in one of them."""
        return tuple(e for e in self.shown if e.kind is EvidenceKind.CLOCK and e.case == reference)

    @property
    def may_be_attested(self) -> bool:
        """What is proved needs no word, and what is refuted takes none."""
        return bool(self.attested_as) and self.basis is not Basis.PROVED

    @property
    def standing(self) -> Standing:
        if self.state is State.NOT_MET:
            return Standing.NOT_MET
        if self.state is State.NOT_EVIDENCED:
            return Standing.MISSING
        return Standing.PROVED if self.basis is Basis.PROVED else Standing.ATTESTED


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its score and its lines."""

    question: Question
    scored: Scored
    lines: tuple[Line, ...]
    flags: tuple[Flag, ...]
    rung: Rung | None
    before: int | None
    """Its score of the year before."""

    @property
    def number(self) -> int:
        return self.question.number

    @property
    def is_answered_by_people(self) -> bool:
        return self.question.kind is Kind.ATTESTED


@dataclass(frozen=True, slots=True)
class View:
    """A brand in one scope and year."""

    rated: Rated
    asked: tuple[Asked, ...]
    before: Rated | None
    lifts: tuple[Lift, ...]
    """The next step of each question, that which adds most first."""

    @property
    def weighted(self) -> Fraction | None:
        return self.rated.result.weighted

    @property
    def unanswered(self) -> tuple[int, ...]:
        """The questions without which there is no overall result."""
        return tuple(one.number for one in self.asked if one.scored.score is None)

    @property
    def tally(self) -> dict[Standing, int]:
        """How many lines stand how."""
        found = dict.fromkeys(Standing, 0)
        for one in self.asked:
            for line in one.lines:
                found[line.standing] += 1
        return found


def view(
    rated: Rated,
    before: Rated | None,
    *,
    documents: Collection[tuple[str, Document]],
    visible: Collection[str] | None,
) -> View:
    """Make a rating ready. ``documents``: those that count, each with what it is about. ``visible``:
    references of cases that the reader may open; ``None``: a reader of whom no case is known."""
    by_topic: dict[str, list[Document]] = {}
    for about, document in documents:
        by_topic.setdefault(about, []).append(document)
    earlier = {one.number: one.score for one in before.result.questions} if before else {}
    asked = []
    for question, scored in zip(rated.methodology.questions, rated.result.questions, strict=True):
        flags = tuple(flag for flag in question.flags if flag.id in scored.flags)
        lines = tuple(_lines(question, scored, by_topic, visible))
        rung = next((one for one in question.rungs if one.score == scored.score), None)
        asked.append(Asked(question, scored, lines, flags, rung, earlier.get(question.number)))
    steps = sorted(lifts(rated.methodology, rated.known), key=lambda one: (-one.adds, one.number))
    return View(rated, tuple(asked), before, tuple(steps))


def references(rated: Rated) -> frozenset[str]:
    """Every case that the evidence names."""
    found = (e for one in rated.result.questions for line in one.sentences for e in line.evidence)
    return frozenset(_case(one) for one in found) - {""}


def _lines(
    question: Question,
    scored: Scored,
    documents: Mapping[str, list[Document]],
    visible: Collection[str] | None,
) -> Iterator[Line]:
    by_id = {one.id: one for one in scored.sentences}
    match question.kind:
        case Kind.ATTESTED:
            about = f"Q{question.number}"
            one = by_id.get(about, Sentenced(about, State.NOT_EVIDENCED, None))
            rung = next((rung for rung in question.rungs if rung.score == scored.score), None)
            yield Line(
                about,
                rung.text if rung else "",
                one.state,
                one.basis,
                documents=tuple(documents.get(about, ())[:1]),
                attested_as=about,
            )
        case Kind.LADDER:
            for sentence in question.sentences:
                one = by_id[sentence.id]
                shown, more = _shown(one, visible)
                by_people = one.basis is Basis.ATTESTED
                kept_back = visible is None and sentence.proof in RESTS_ON_CASES and not by_people
                attested = documents.get(sentence.id, ()) if by_people else ()
                yield Line(
                    sentence.id,
                    sentence.text,
                    one.state,
                    one.basis,
                    shown,
                    more,
                    kept_back,
                    tuple(attested[:1]),
                    attested_as=sentence.id if sentence.attest else "",
                )
        case Kind.ELEMENTS:
            for element in question.elements:
                one = by_id[element.id]
                parts = tuple(
                    (name, text, next(iter(documents.get(name, ())), None))
                    for name, text in (
                        (f"{element.id}.{number}", text)
                        for number, text in enumerate(element.parts, 1)
                    )
                )
                yield Line(
                    element.id,
                    element.text,
                    one.state,
                    one.basis,
                    documents=tuple(documents.get(element.id, ())[:1]),
                    parts=parts,
                    attested_as="" if parts else element.id,
                    supplied=element.supplied,
                )


def _shown(one: Sentenced, visible: Collection[str] | None) -> tuple[tuple[Evidence, ...], int]:
    """What of the evidence is named to a reader, and how many cases more they may see."""
    found = [e for e in one.evidence if one.basis is not Basis.ATTESTED]
    if visible is None:
        return tuple(e for e in for_brand(tuple(found)) if not _shown_by_cases(e)), 0
    others = [e for e in found if not _case(e)]
    cases = [e for e in found if e.kind is EvidenceKind.CASE]
    seen = [e for e in cases if e.label in visible]
    named = seen[:MOST_NAMED]
    names = {e.label for e in named}
    late = [e for e in found if e.kind is EvidenceKind.CLOCK and e.case in names]
    return (*others, *named, *late), len(seen) - len(named)


def _shown_by_cases(evidence: Evidence) -> bool:
    """A way in at which no program of ours stands is known to work by the case that came in there."""
    return evidence.kind is EvidenceKind.CHANNEL and evidence.label not in _WATCHED


def _case(evidence: Evidence) -> str:
    """The reference of the case that it is about; ``""`` if none."""
    return evidence.label if evidence.kind is EvidenceKind.CASE else evidence.case
