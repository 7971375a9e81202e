"""Questions 7 and 8 of the living-wage methodology, history by history, as field.md section 7 says."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from casework.errors import BadInput
from casework.ratings import methodology
from casework.ratings.proofs import CaseFacts, Lack, Mechanism, Review, facts, prove
from casework.ratings.rating import (
    Attestation,
    Basis,
    Evidence,
    EvidenceKind,
    Known,
    Scored,
    State,
    evaluate,
)

NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)
ASN = methodology.load("asn-living-wage")


def attest(about: str, **more: Any) -> Attestation:
    return Attestation(about, "https://brand.example/report", date(2026, 6, 1), **more)


REMEDIED = CaseFacts(
    "RC-0001-0001",
    acknowledged=True,
    outcome_told=True,
    decided=True,
    independent=True,
    declared=True,
    founded=True,
    remedy_due=True,
    planned=True,
    delivered=True,
    verified=True,
    worker_asked=True,
)
"""A founded case, carried to verified remedy."""
UNFOUNDED = replace(
    REMEDIED,
    reference="RC-0002-0002",
    founded=False,
    remedy_due=False,
    planned=False,
    delivered=False,
    verified=False,
)
NEW = CaseFacts("RC-0003-0003")
"""It came in today: nothing was due yet."""
REVIEW = Review("review of 2026", date(2026, 9, 1))
BEST = Mechanism(
    NOW,
    channels={"telegram": NOW - timedelta(hours=1)},
    procedure="https://operator.example/public",
    takes_outsiders=True,
    cases=(REMEDIED, UNFOUNDED, NEW),
    reviews=(REVIEW,),
)


def known(by: Mechanism, *attested: Attestation, **more: Any) -> Known:
    return Known(NOW.date(), prove(by), attested, facts=facts(by), **more)


def question(number: int, by: Known) -> Scored:
    found = evaluate(ASN, by).questions
    return next(one for one in found if one.number == number)


@dataclass(frozen=True)
class History:
    """A history, the score it gets, and the sentences that are not met."""

    name: str
    by: Mechanism
    score: int
    missing: str = ""
    flags: str = ""
    attested: tuple[Attestation, ...] = ()
    state: State = State.NOT_EVIDENCED


def with_cases(*cases: CaseFacts) -> Mechanism:
    return replace(BEST, cases=cases)


def worse(**changed: Any) -> Mechanism:
    """The best history, its founded case different."""
    return with_cases(replace(REMEDIED, **changed), UNFOUNDED)


LADDER = (
    History("all is proved", BEST, 5, flags="any-category", state=State.MET),
    History("a plan is missing", worse(planned=False), 4, "S5b", state=State.NOT_MET),
    History("less was paid than owed", worse(delivered=False), 4, "S5b", state=State.NOT_MET),
    History("only the respondent verified", worse(verified=False), 4, "S5b", state=State.NOT_MET),
    History("the worker was not asked", worse(worker_asked=False), 4, "S5b", state=State.NOT_MET),
    History("the worker disputes", worse(disputed=True), 4, "S5b", state=State.NOT_MET),
    History("she was punished", worse(retaliation_clear=False), 4, "S5b", state=State.NOT_MET),
    History("remedy is not due yet", worse(remedy_due=False), 4, "S5b"),
    History("one of two is remedied", with_cases(REMEDIED, replace(REMEDIED, planned=False)), 4,
            "S5b", state=State.NOT_MET),
    History("nothing was found to be true", with_cases(UNFOUNDED), 4, "S5b", "no-founded-case"),
    History("nobody acknowledged", worse(acknowledged=False), 4, "S5a", state=State.NOT_MET),
    History("no outcome was told", worse(outcome_told=False), 4, "S5a", state=State.NOT_MET),
    History("something was overdue", worse(overdue=True), 4, "S5a", state=State.NOT_MET),
    History("one of a hundred was late", with_cases(*[REMEDIED] * 99, replace(REMEDIED, overdue=True)),
            4, "S5a", state=State.NOT_MET),
    History("nothing is due yet", with_cases(NEW), 4, "S5a S5b", "no-founded-case",
            (attest("S2b"),)),
    History("remedy is attested, nothing was founded", with_cases(UNFOUNDED), 4, "S5b",
            "no-founded-case", (attest("S5b"),)),
    History("remedy is attested, but refuted", worse(planned=False), 4, "S5b", "",
            (attest("S5b"),), State.NOT_MET),
    History("answers can not be attested", with_cases(NEW), 4, "S5a S5b", "no-founded-case",
            (attest("S2b"), attest("S5a"))),
    History("only a question came in", with_cases(replace(UNFOUNDED, human_rights=False)), 3,
            "S4 S5b", "no-founded-case"),
    History("nobody complained", with_cases(), 3, "S4 S5a S5b", "no-founded-case",
            (attest("S2b"),)),
    History("never reviewed", replace(BEST, reviews=()), 2, "S3 S4"),
    History("reviewed 366 days ago", replace(BEST, reviews=(Review("x", date(2025, 12, 30)),)), 2,
            "S3 S4"),
    History("reviewed a year ago", replace(BEST, reviews=(Review("x", date(2025, 12, 31)),)), 5,
            state=State.MET),
    History("the review is not signed", replace(BEST, reviews=(Review("x", None),)), 2, "S3 S4"),
    History("the review has no figures", replace(BEST, reviews=(replace(REVIEW, has_figures=False),)),
            2, "S3 S4"),
    History("the review decided nothing", replace(BEST, reviews=(replace(REVIEW, has_actions=False),)),
            2, "S3 S4"),
    History("the review is of next year", replace(BEST, reviews=(Review("x", date(2027, 1, 1)),)), 2,
            "S3 S4"),
    History("minutes are attested", replace(BEST, reviews=()), 5, "", "", (attest("S3"),), State.MET),
    History("minutes have expired", replace(BEST, reviews=()), 2, "S3 S4", "",
            (attest("S3", expires=date(2026, 12, 30)),)),
    History("minutes of next year", replace(BEST, reviews=()), 2, "S3 S4", "",
            (Attestation("S3", "https://brand.example", date(2027, 1, 1)),)),
    History("minutes without an address", replace(BEST, reviews=()), 2, "S3 S4", "",
            (Attestation("S3", "", date(2026, 1, 1)),)),
    History("the assessor belongs to the brand", worse(independent=False), 1, "S2b", "one-of-two",
            state=State.NOT_MET),
    History("no conflict was declared", worse(declared=False), 1, "S2b", "one-of-two",
            state=State.NOT_MET),
    History("the mandate is attested, but refuted", worse(declared=False), 1, "S2b", "one-of-two",
            (attest("S2b"),), State.NOT_MET),
    History("for insiders only", replace(BEST, takes_outsiders=False), 1, "S2a", "one-of-two"),
    History("outsiders are attested", replace(BEST, takes_outsiders=False), 5, "", "",
            (attest("S2a"),), State.MET),
    History("neither open nor independent",
            replace(worse(independent=False), takes_outsiders=False), 1, "S2a S2b",
            state=State.NOT_MET),
    History("no door is open", replace(BEST, channels={}, procedure=""), 0, "S1", "no-mechanism"),
    History("the door closed 31 days ago",
            replace(BEST, channels={"web": NOW - timedelta(days=31)}), 0, "S1", "no-mechanism",
            state=State.NOT_MET),
    History("the door was seen 30 days ago",
            replace(BEST, channels={"web": NOW - timedelta(days=30)}), 5, state=State.MET),
    History("a closed door can not be attested",
            replace(BEST, channels={"web": NOW - timedelta(days=90)}), 0, "S1", "no-mechanism",
            (attest("S1"),), State.NOT_MET),
    History("no published procedure", replace(BEST, procedure=""), 0, "S1", "no-mechanism"),
    History("the procedure is attested", replace(BEST, procedure=""), 5, "", "", (attest("S1"),),
            State.MET),
    History("nothing at all", Mechanism(NOW), 0, "S1 S2a S2b S3 S4 S5a S5b", "no-founded-case"),
    History("a hotline elsewhere, attested", Mechanism(NOW), 3, "S4 S5a S5b", "no-founded-case",
            (attest("S1"), attest("S2a"), attest("S2b"), attest("S3"))),
)  # fmt: skip


@pytest.mark.parametrize("one", LADDER, ids=lambda one: one.name)
def test_question_seven(one: History) -> None:
    found = question(7, known(one.by, *one.attested))
    assert found.score == one.score
    missing = {s.id for s in found.sentences if s.state is not State.MET}
    assert missing == set(one.missing.split())
    assert set(one.flags.split()) <= set(found.flags)
    assert ("garbled-four" in found.flags) == (one.score == 4)
    assert ("no-mechanism" in found.flags) == ("no-mechanism" in one.flags)
    assert ("one-of-two" in found.flags) == ("one-of-two" in one.flags)
    assert found.state is one.state


def test_there_are_at_least_forty_histories_and_each_rung() -> None:
    assert len(LADDER) >= 40
    assert {one.score for one in LADDER} == {0, 1, 2, 3, 4, 5}


def test_what_is_proved_and_what_is_attested_stay_apart() -> None:
    found = question(7, known(replace(BEST, reviews=()), attest("S3")))
    by = {sentence.id: sentence for sentence in found.sentences}
    assert by["S3"].basis is Basis.ATTESTED
    assert [one.label for one in by["S3"].evidence] == ["https://brand.example/report"]
    assert by["S1"].basis is Basis.PROVED
    assert [one.label for one in by["S5b"].evidence] == ["RC-0001-0001"]


def test_what_fails_is_named() -> None:
    clock = Evidence(EvidenceKind.CLOCK, "outcome", case="RC-9999-9999", at=NOW)
    late = replace(REMEDIED, reference="RC-9999-9999", overdue=True, late=(clock,))
    found = question(7, known(with_cases(REMEDIED, late)))
    (answered,) = (sentence for sentence in found.sentences if sentence.id == "S5a")
    assert answered.evidence == (
        Evidence(EvidenceKind.CASE, "RC-9999-9999", lacks=(Lack.TIME,)),
        clock,
    )


def test_an_older_case_counts_for_everything_but_that_it_came_in() -> None:
    older = replace(REMEDIED, received=False)
    found = question(7, known(with_cases(older)))
    assert {s.id for s in found.sentences if s.state is not State.MET} == {"S4"}
    late = replace(older, overdue=True)
    found = question(7, known(with_cases(late, UNFOUNDED)))
    assert {s.id for s in found.sentences if s.state is not State.MET} == {"S5a"}


NINE = tuple(attest(f"E{n}") for n in range(1, 10))


@pytest.mark.parametrize(
    ("public", "requests", "score", "flags"),
    [
        (9, "all", 5, ""),
        (9, "none", 5, ""),
        (9, None, 5, "provisional"),
        (8, "all", 4, "more-than-seven"),
        (8, "some", 3, "lower-of-two"),
        (8, "little", 2, "lower-of-two"),
        (8, "none", 1, "lower-of-two"),
        (8, None, 4, "more-than-seven provisional"),
        (7, "all", 3, ""),
        (7, "some", 3, ""),
        (6, "some", 3, ""),
        (6, "little", 2, "lower-of-two"),
        (5, "little", 2, ""),
        (4, "all", 2, ""),
        (4, "none", 1, "lower-of-two"),
        (3, "none", 1, ""),
        (1, "all", 1, ""),
        (1, None, 1, "provisional"),
        (0, "all", 0, ""),
        (0, None, 0, "provisional"),
    ],
)
def test_question_eight(public: int, requests: str | None, score: int, flags: str) -> None:
    found = question(8, Known(NOW.date(), attested=NINE[:public], requests=requests))
    assert found.score == score
    assert set(found.flags) == set(flags.split())


def test_an_element_of_four_parts_counts_whole_and_the_lenient_score_stands_beside() -> None:
    parts = tuple(attest(f"E2.{n}") for n in (1, 2, 3))
    rest = tuple(attest(f"E{n}") for n in (1, 4, 5, 6, 7, 8, 9))
    found = question(8, Known(NOW.date(), attested=(*parts, *rest), requests="all"))
    assert (found.score, found.lenient) == (3, 4)
    assert "lenient" in found.flags
    found = question(8, Known(NOW.date(), attested=(*parts, attest("E2.4"), *rest), requests="all"))
    assert (found.score, found.lenient) == (4, 4)


ANSWERS = {n: attest(f"Q{n}", score=3) for n in range(1, 7)}


def test_the_weighted_score() -> None:
    by = known(BEST, *NINE, answers=ANSWERS, requests="all")
    # 60 % and 21 % at 3, question 7 at 5, question 8 at 5.
    assert evaluate(ASN, by).weighted == Fraction(81 * 3 + 7 * 5 + 12 * 5, 100)


@pytest.mark.parametrize("missing", range(1, 7))
def test_without_an_answer_of_people_it_is_not_rated_which_is_not_nought(missing: int) -> None:
    answers = {n: one for n, one in ANSWERS.items() if n != missing}
    found = evaluate(ASN, known(BEST, *NINE, answers=answers))
    assert found.weighted is None
    assert found.questions[missing - 1].state is State.NOT_EVIDENCED


def test_a_rung_that_does_not_exist_can_not_be_given() -> None:
    answers = {**ANSWERS, 2: attest("Q2", score=2)}
    found = evaluate(ASN, known(BEST, answers=answers))
    assert found.questions[1].score is None
    assert found.questions[1].flags == ("no-two",)


SECOND = """
id = "own"
name = "A short methodology"
source = "ours"
highest = 2
categories = ["weak", "strong"]

[[question]]
number = 1
title = "Do workers use it and are they answered?"
reference = ""
weight = 100
kind = "ladder"
sentences = [
    { id = "A", proof = "used", text = "It is used." },
    { id = "B", proof = "answered", text = "Everybody is answered." },
]
rungs = [
    { score = 2, row = "1", needs = ["A", "B"] },
    { score = 1, row = "2", needs = ["A"] },
    { score = 0, row = "3", needs = [] },
]
"""


def test_a_second_methodology_is_data() -> None:
    own = methodology.parse(SECOND)
    assert evaluate(own, known(BEST)).weighted == 2
    assert evaluate(own, known(worse(overdue=True))).weighted == 1
    assert evaluate(own, known(with_cases())).weighted == 0


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("weight = 100", "weight = 90", "weights"),
        ('needs = ["A", "B"]', 'needs = ["A", "C"]', "sentence"),
        ('{ score = 0, row = "3", needs = [] },', "", "lowest rung"),
        ('kind = "ladder"', 'kind = "lottery"', "not a methodology"),
        ('id = "own"', "", "not a methodology"),
    ],
)
def test_a_methodology_that_does_not_fit_together_is_refused(
    before: str, after: str, says: str
) -> None:
    assert before in SECOND
    with pytest.raises(BadInput, match=says):
        methodology.parse(SECOND.replace(before, after))


def test_a_methodology_nobody_knows_is_told_with_those_there_are() -> None:
    with pytest.raises(BadInput) as refused:
        methodology.load("nothing")
    assert "asn-living-wage" in str(refused.value)
