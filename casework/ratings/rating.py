"""What a methodology says of a brand in one scope, out of what is proved and what is attested.

Pure: ``evaluate`` takes values and gives values. What the tracker can prove is ``casework.ratings.proofs``.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from casework.ratings.methodology import REQUESTS, Flag, Kind, Methodology, Question, Rung, Sentence


class State(StrEnum):
    """Whether something holds."""

    MET = "met"
    NOT_MET = "not met"
    NOT_EVIDENCED = "not evidenced"
    """Neither shown nor refuted: there is nothing to look at."""


class Basis(StrEnum):
    """By what it is known. The two stay apart wherever a score is shown."""

    PROVED = "proved"
    ATTESTED = "attested"


class EvidenceKind(StrEnum):
    """What a state rests on."""

    CASE = "case"
    CLOCK = "clock"
    """A promise that was late."""
    CHANNEL = "channel"
    REVIEW = "review"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that can be looked up: the reader sees it as far as they may."""

    kind: EvidenceKind
    label: str
    """Of a case its reference, of a clock its promise, of a channel its name, of a review its day,
    of a document its address."""
    id: int | None = None
    """Of the row; ``None`` where there is none."""
    case: str = ""
    """Of a clock: the reference of its case."""
    at: datetime | None = None
    """Of a clock when it was due, of a channel when it was seen alive last."""
    lacks: tuple[str, ...] = ()
    """Of a case that fails: what is missing there, as ``casework.ratings.proofs.Lack``."""


def document(address: str) -> Evidence:
    """What can be read at an address."""
    return Evidence(EvidenceKind.DOCUMENT, address)


@dataclass(frozen=True, slots=True)
class Proof:
    """What the tracker says of one thing, and where that can be looked up."""

    state: State
    evidence: tuple[Evidence, ...] = ()
    """What the state rests on: of something that holds all of it, of something that fails what
    fails."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """What people state for a brand: where it can be read, since when, until when."""

    about: str
    """``S2b`` of a ladder, ``E4`` or ``E2.1`` of elements (the first part of the second)."""
    address: str
    on: date
    expires: date | None = None
    score: int | None = None
    """Of a question that people answer: the rung they chose."""
    why: str = ""

    def holds(self, day: date) -> bool:
        """Whether it counts on a day: it has an address, was made by then and has not expired."""
        return (
            bool(self.address) and self.on <= day and (self.expires is None or day <= self.expires)
        )


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of a brand in one scope and period, on a day."""

    on: date
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    attested: Sequence[Attestation] = ()
    answers: Mapping[int, Attestation] = field(default_factory=dict)
    """Of the questions that people answer, by number."""
    requests: str | None = None
    """How requests for information were answered; ``None``: nobody asked."""
    facts: frozenset[str] = frozenset()
    """What flags ask for: ``complaints``, ``no-founded-case``."""


@dataclass(frozen=True, slots=True)
class Sentenced:
    """A sentence or an element with its state, and by what it is known."""

    id: str
    state: State
    basis: Basis | None
    """``None`` where nothing is known."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Scored:
    """A question with its score (``None``: not answered), and how that came about."""

    number: int
    score: int | None
    state: State
    sentences: tuple[Sentenced, ...] = ()
    flags: tuple[str, ...] = ()
    lenient: int | None = None
    """Of elements: the score if a part were enough for the whole."""


@dataclass(frozen=True, slots=True)
class Result:
    """All questions, and the weighted score from 0 to the highest; ``None``: not rated."""

    methodology: str
    questions: tuple[Scored, ...]
    weighted: Fraction | None


def evaluate(by: Methodology, known: Known) -> Result:
    """Score every question. Without all questions that people answer there is no overall score:
    "not rated" is not 0."""
    scored = tuple(_question(question, known) for question in by.questions)
    if any(one.score is None for one in scored):
        return Result(by.id, scored, None)
    total = sum(
        Fraction(question.weight * (one.score or 0), 100)
        for question, one in zip(by.questions, scored, strict=True)
    )
    return Result(by.id, scored, Fraction(total))


def _question(question: Question, known: Known) -> Scored:
    match question.kind:
        case Kind.ATTESTED:
            return _answered(question, known)
        case Kind.LADDER:
            return _ladder(question, known)
        case Kind.ELEMENTS:
            return _elements(question, known)


def _answered(question: Question, known: Known) -> Scored:
    answer = known.answers.get(question.number)
    if answer is None or not answer.holds(known.on) or answer.score not in question.scores:
        flags = _flags(question.flags, None, {}, known.facts)
        return Scored(question.number, None, State.NOT_EVIDENCED, flags=flags)
    state = State.MET if answer.score else State.NOT_MET
    about = Sentenced(f"Q{question.number}", state, Basis.ATTESTED, (document(answer.address),))
    flags = _flags(question.flags, answer.score, {}, known.facts)
    return Scored(question.number, answer.score, state, (about,), flags)


def _ladder(question: Question, known: Known) -> Scored:
    found: dict[str, Sentenced] = {}
    for sentence in question.sentences:
        found[sentence.id] = _sentence(sentence, known)
        before = found.get(sentence.after)
        if before and before.state is not State.MET and found[sentence.id].state is State.MET:
            found[sentence.id] = replace(found[sentence.id], state=before.state)
    met = {name for name, one in found.items() if one.state is State.MET}
    rung = next(rung for rung in question.rungs if met.issuperset(rung.needs))
    flags = _flags(
        question.flags, rung.score, {name: one.state for name, one in found.items()}, known.facts
    )
    return Scored(
        question.number,
        rung.score,
        _overall(one.state for one in found.values()),
        tuple(found.values()),
        flags,
    )


def _sentence(sentence: Sentence, known: Known) -> Sentenced:
    """What is proved stands; what is refuted can not be attested; where there is nothing to look at
    an attestation counts."""
    proof = known.proofs.get(sentence.proof, Proof(State.NOT_EVIDENCED))
    if proof.state is not State.NOT_EVIDENCED:
        return Sentenced(sentence.id, proof.state, Basis.PROVED, proof.evidence)
    found = [a for a in known.attested if a.about == sentence.id and a.holds(known.on)]
    if sentence.attest and found and sentence.attest_unless not in known.facts:
        evidence = tuple(document(one.address) for one in found)
        return Sentenced(sentence.id, State.MET, Basis.ATTESTED, evidence)
    return Sentenced(sentence.id, State.NOT_EVIDENCED, None, proof.evidence)


def _elements(question: Question, known: Known) -> Scored:
    public = {a.about: a.address for a in known.attested if a.holds(known.on)}
    strict, lenient, found = 0, 0, []
    for element in question.elements:
        parts = [f"{element.id}.{n + 1}" for n in range(len(element.parts))]
        there = [name for name in (parts or [element.id]) if name in public]
        whole = element.id in public or (bool(there) and len(there) == len(parts or [element.id]))
        strict += whole
        lenient += whole or bool(there)
        state = State.MET if whole else State.NOT_EVIDENCED
        evidence = tuple(
            document(public[name]) for name in dict.fromkeys((*there, element.id)) if name in public
        )
        found.append(Sentenced(element.id, state, Basis.ATTESTED if evidence else None, evidence))
    score, facts = counted(question.rungs, strict, known.requests)
    kind, _facts = counted(question.rungs, lenient, known.requests)
    if kind != score:
        facts |= {"lenient-differs"}
    flags = _flags(question.flags, score, {}, known.facts | facts)
    state = _overall(one.state for one in found)
    return Scored(question.number, score, state, tuple(found), flags, kind)


def counted(rungs: Sequence[Rung], count: int, requests: str | None) -> tuple[int, frozenset[str]]:
    """The score of so many elements: the lower of what the count and the answers give; and what flags
    ask for."""
    by_count = next(rung for rung in rungs if count >= rung.least)
    if requests is None:
        return by_count.score, frozenset({"no-request"})
    if not by_count.requests:
        return by_count.score, frozenset()
    answered = REQUESTS.index(requests)
    by_answers = max(
        rung.score for rung in rungs if rung.requests and answered >= REQUESTS.index(rung.requests)
    )
    if by_answers < by_count.score:
        return by_answers, frozenset({"held-back-by-requests"})
    return by_count.score, frozenset()


def _flags(
    flags: Sequence[Flag],
    score: int | None,
    states: Mapping[str, State],
    facts: Collection[str],
) -> tuple[str, ...]:
    met = {name for name, state in states.items() if state is State.MET}
    return tuple(flag.id for flag in flags if _is_raised(flag, score, met, facts))


def _is_raised(flag: Flag, score: int | None, met: Collection[str], facts: Collection[str]) -> bool:
    if flag.always:
        return True
    return (
        (not flag.score or score in flag.score)
        and flag.met.issubset(met)
        and not flag.not_met.intersection(met)
        and (not flag.exactly_one or len(flag.exactly_one.intersection(met)) == 1)
        and (not flag.fact or flag.fact in facts)
    )


def _overall(states: Iterable[State]) -> State:
    found = set(states)
    if found <= {State.MET}:
        return State.MET
    return State.NOT_MET if State.NOT_MET in found else State.NOT_EVIDENCED
