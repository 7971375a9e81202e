"""What would lift the score of each question by one step, and by how much the weighted score. Pure.

A step is the next score that can be given: some methodologies leave numbers out. It may reach further
where what comes after is there already.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from casework.ratings.methodology import REQUESTS, Kind, Methodology, Question, Rung
from casework.ratings.rating import Evidence, Known, Scored, State, counted, evaluate


class Need(StrEnum):
    """What kind of thing is missing."""

    SENTENCE = "sentence"
    ELEMENT = "element"
    REQUESTS = "requests"
    """Requests for information are answered better."""
    ANSWER = "answer"
    """People choose the next rung, and say where that can be read."""


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing."""

    need: Need
    id: str
    """``S3``, ``E4``; of requests how they are to be answered, of an answer ``Q1``."""
    text: str
    """As the methodology says it."""
    state: State = State.NOT_EVIDENCED
    attest: str = ""
    """What can be attested in its place; ``""``: it has to be proved, or was refuted."""
    evidence: tuple[Evidence, ...] = ()
    """Of a sentence that is refuted: what fails."""
    parts: tuple[str, ...] = ()
    """Of an element in parts: those that are not public yet, as ``E2.1``."""


@dataclass(frozen=True, slots=True)
class Lift:
    """A question one step higher."""

    number: int
    score: int | None
    """As it is; ``None``: not answered."""
    to: int
    adds: Fraction
    """To the weighted score, which exists once every question is answered."""
    all_of: tuple[Missing, ...]
    any_of: tuple[Missing, ...] = ()
    choose: int = 0
    """So many of ``any_of``."""


def lifts(by: Methodology, known: Known) -> tuple[Lift, ...]:
    """The next step of each question that is not at its highest, in the order of the questions."""
    result = evaluate(by, known)
    found = (
        _lift(question, scored, known)
        for question, scored in zip(by.questions, result.questions, strict=True)
    )
    return tuple(one for one in found if one is not None)


def _lift(question: Question, scored: Scored, known: Known) -> Lift | None:
    higher = [
        rung
        for rung in question.rungs
        if rung.score > (-1 if scored.score is None else scored.score)
    ]
    if scored.score is None:
        higher = [rung for rung in higher if rung.score > 0] or higher
    if not higher:
        return None
    rung = min(higher, key=lambda one: one.score)
    match question.kind:
        case Kind.ATTESTED:
            answer = Missing(Need.ANSWER, f"Q{question.number}", rung.text)
            return _to(question, scored, rung.score, (answer,))
        case Kind.LADDER:
            needs = _sentences(question, scored, rung, known)
            return _to(question, scored, _reached(question, scored, rung, known), needs)
        case Kind.ELEMENTS:
            return _elements(question, scored, rung, known)


def _to(
    question: Question,
    scored: Scored,
    score: int,
    all_of: tuple[Missing, ...],
    any_of: tuple[Missing, ...] = (),
    choose: int = 0,
) -> Lift:
    adds = Fraction(question.weight * (score - (scored.score or 0)), 100)
    return Lift(question.number, scored.score, score, adds, all_of, any_of, choose)


def _reached(question: Question, scored: Scored, rung: Rung, known: Known) -> int:
    """The score with all of a rung: more than its own where what comes after it is there already."""
    met = {one.id for one in scored.sentences if one.state is State.MET} | set(rung.needs)
    for sentence in question.sentences:
        proof = known.proofs.get(sentence.proof)
        if sentence.after in met and proof is not None and proof.state is State.MET:
            met.add(sentence.id)
    return next(one.score for one in question.rungs if met.issuperset(one.needs))


def _sentences(question: Question, scored: Scored, rung: Rung, known: Known) -> tuple[Missing, ...]:
    found = {one.id: one for one in scored.sentences}
    missing = []
    for sentence in question.sentences:
        one = found[sentence.id]
        if sentence.id not in rung.needs or one.state is State.MET:
            continue
        alone = known.proofs.get(sentence.proof)
        if alone is not None and alone.state is State.MET:
            continue  # it only waits for the sentence that it says once more
        refuted = one.state is State.NOT_MET
        missing.append(
            Missing(
                Need.SENTENCE,
                sentence.id,
                sentence.text,
                one.state,
                "" if refuted or sentence.attest_unless in known.facts else sentence.attest,
                one.evidence if refuted else (),
            )
        )
    return tuple(missing)


def _elements(question: Question, scored: Scored, rung: Rung, known: Known) -> Lift:
    public = {one.about for one in known.attested if one.holds(known.on)}
    states = {one.id: one.state for one in scored.sentences}
    count = sum(state is State.MET for state in states.values())
    open_ = tuple(
        Missing(
            Need.ELEMENT,
            element.id,
            element.text,
            parts=tuple(
                name
                for number in range(1, len(element.parts) + 1)
                if (name := f"{element.id}.{number}") not in public
            ),
        )
        for element in question.elements
        if states[element.id] is not State.MET
    )
    choose = max(0, rung.least - count)
    wanted: tuple[Missing, ...] = ()
    requests = known.requests
    if requests is not None and rung.requests and _is_less(requests, rung.requests):
        wanted, requests = (Missing(Need.REQUESTS, rung.requests, rung.text),), rung.requests
    score, _flags = counted(question.rungs, count + choose, requests)
    return _to(question, scored, score, wanted, open_ if choose else (), choose)


def _is_less(answered: str, wanted: str) -> bool:
    return REQUESTS.index(answered) < REQUESTS.index(wanted)
