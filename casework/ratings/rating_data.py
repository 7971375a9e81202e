"""A rating as plain data, for scripts: the shape that ``recourse rating --format json`` promises."""

from typing import Any

from casework.ratings.lifting import Lift, lifts
from casework.ratings.methodology import Kind, Methodology, Question
from casework.ratings.rated import Rated
from casework.ratings.rating import Basis, Evidence, Scored
from casework.ratings.transparency import Complaints, WageYear


def as_data(rated: Rated, wages: tuple[WageYear, ...] = ()) -> dict[str, Any]:
    """A rating with all that is behind it, for the operator: cases are named.

    ``basis`` of what nothing is known of is that by which it would be known first. ``weighted`` is
    ``None`` where a question that people answer has no answer: not rated, which is not 0.
    """
    by = rated.methodology
    weighted = rated.result.weighted
    return {
        "brand": rated.brand.code,
        "scope": rated.scope.value,
        "year": rated.year,
        "as_of": rated.mechanism.now.isoformat(),
        "methodology": by.id,
        "questions": [_question(by, scored) for scored in rated.result.questions],
        "weighted": None if weighted is None else float(weighted),
        "highest": by.highest,
        "wage_complaints": [_wages(one) for one in wages],
        "lifts": [_lift(lift) for lift in lifts(by, rated.known)],
    }


def _question(by: Methodology, scored: Scored) -> dict[str, Any]:
    question = by.question(scored.number)
    found: dict[str, Any] = {
        "number": scored.number,
        "title": question.title,
        "weight": question.weight,
        "score": scored.score,
        "state": scored.state.value,
        "sentences": [
            {
                "id": one.id,
                "text": text_of(question, one.id, scored.score),
                "state": one.state.value,
                "basis": (one.basis or _looked_for(question)).value,
                "evidence": [_evidence(piece) for piece in one.evidence],
            }
            for one in scored.sentences
        ],
        "flags": [
            {"id": flag.id, "text": flag.text} for flag in question.flags if flag.id in scored.flags
        ],
    }
    if question.kind is Kind.ELEMENTS:
        found["lenient"] = scored.lenient
    return found


def text_of(question: Question, name: str, score: int | None = None) -> str:
    """What a sentence, an element, or the rung that people chose says."""
    if question.kind is Kind.ATTESTED:
        return next((rung.text for rung in question.rungs if rung.score == score), question.title)
    sentences = {one.id: one.text for one in question.sentences}
    elements = {one.id: one.text for one in question.elements}
    return sentences.get(name) or elements.get(name) or question.title


def _looked_for(question: Question) -> Basis:
    return Basis.PROVED if question.kind is Kind.LADDER else Basis.ATTESTED


def _evidence(one: Evidence) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": one.kind.value, "label": one.label}
    if one.case:
        found["case"] = one.case
    if one.at is not None:
        found["at"] = one.at.isoformat()
    if one.lacks:
        found["lacks"] = list(one.lacks)
    return found


def _wages(one: WageYear) -> dict[str, Any]:
    def counted(complaints: Complaints) -> dict[str, Any]:
        stands = {stand.value: count for stand, count in complaints.stands.items()}
        return {"count": complaints.count, "with_plan": complaints.with_plan, "status": stands}

    return {"year": one.year, "strict": counted(one.strict), "broad": counted(one.broad)}


def _lift(lift: Lift) -> dict[str, Any]:
    return {
        "number": lift.number,
        "score": lift.score,
        "to": lift.to,
        "adds": float(lift.adds),
        "all_of": [f"{one.need.value} {one.id}" for one in lift.all_of],
        "any_of": [f"{one.need.value} {one.id}" for one in lift.any_of],
        "choose": lift.choose,
    }
