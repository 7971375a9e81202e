"""What would lift the score: whatever is said to be missing does lift it once it is there."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.ratings.lifting import Lift, Missing, Need, lifts
from casework.ratings.methodology import REQUESTS
from casework.ratings.rating import Attestation, Known, Proof, State, evaluate
from tests.test_rating import (
    ANSWERS,
    ASN,
    BEST,
    LADDER,
    NINE,
    NOW,
    attest,
    known,
    worse,
)

PROOFS = [sentence.proof for sentence in ASN.question(7).sentences]
ABOUT = [f"E{n}" for n in (1, 4, 5, 6, 7, 8, 9)] + [
    f"E{e}.{n}" for e in (2, 3) for n in range(1, 5)
]


def done(by: Known, missing: Missing, to: int) -> Known:
    """The same, with one thing that is missing there."""
    match missing.need:
        case Need.SENTENCE:
            (sentence,) = (one for one in ASN.question(7).sentences if one.id == missing.id)
            return replace(by, proofs={**by.proofs, sentence.proof: Proof(State.MET)})
        case Need.ELEMENT:
            names = missing.parts or (missing.id,)
            return replace(by, attested=(*by.attested, *(attest(name) for name in names)))
        case Need.REQUESTS:
            return replace(by, requests=missing.id)
        case Need.ANSWER:
            said = attest(missing.id, score=to)
            return replace(by, answers={**by.answers, int(missing.id[1:]): said})


def all_done(by: Known, lift: Lift) -> Known:
    for missing in (*lift.all_of, *lift.any_of[: lift.choose]):
        by = done(by, missing, lift.to)
    return by


@given(
    proved=st.fixed_dictionaries({name: st.sampled_from(State) for name in PROOFS}),
    public=st.sets(st.sampled_from(ABOUT)),
    requests=st.sampled_from([None, *REQUESTS]),
    answers=st.dictionaries(st.integers(1, 6), st.sampled_from([0, 1, 3, 4, 5]), max_size=6),
)
@settings(max_examples=200)
def test_what_is_missing_lifts_exactly_to_what_was_said(
    proved: dict[str, State],
    public: set[str],
    requests: str | None,
    answers: dict[int, int],
) -> None:
    by = Known(
        NOW.date(),
        {name: Proof(state) for name, state in proved.items()},
        tuple(map(attest, sorted(public))),
        {number: attest(f"Q{number}", score=score) for number, score in answers.items()},
        requests,
    )
    before = evaluate(ASN, by)
    found = {lift.number: lift for lift in lifts(ASN, by)}
    for question, scored in zip(ASN.questions, before.questions, strict=True):
        lift = found.get(question.number)
        if lift is None:
            assert scored.score == ASN.highest
            continue
        assert lift.score == scored.score
        assert lift.all_of or lift.choose
        after = evaluate(ASN, all_done(by, lift))
        assert after.questions[question.number - 1].score == lift.to
        if before.weighted is not None and after.weighted is not None:
            assert after.weighted - before.weighted == lift.adds
        # Nothing of it is too much.
        for left_out in range(len(lift.all_of)):
            less = replace(lift, all_of=lift.all_of[:left_out] + lift.all_of[left_out + 1 :])
            lower = evaluate(ASN, all_done(by, less)).questions[question.number - 1].score
            assert lower is None or lower < lift.to
        if lift.choose:
            less = replace(lift, choose=lift.choose - 1)
            lower = evaluate(ASN, all_done(by, less)).questions[question.number - 1].score
            assert lower is not None
            assert lower < lift.to


def test_a_refuted_sentence_names_what_fails_and_can_not_be_attested() -> None:
    (seven,) = (one for one in lifts(ASN, known(worse(planned=False))) if one.number == 7)
    (missing,) = seven.all_of
    assert (missing.id, missing.state, missing.attest) == ("S5b", State.NOT_MET, "")
    assert [one.label for one in missing.evidence] == ["RC-0001-0001"]
    assert seven.adds == Fraction(7, 100)


def test_a_sentence_that_waits_for_another_is_not_missing_itself() -> None:
    (seven,) = (one for one in lifts(ASN, known(replace(BEST, reviews=()))) if one.number == 7)
    assert (seven.score, seven.to) == (2, 5)  # all that comes after it is there
    assert [one.id for one in seven.all_of] == ["S3"]
    assert seven.all_of[0].attest


def test_a_number_that_can_not_be_given_is_stepped_over() -> None:
    answers = {**ANSWERS, 2: Attestation("Q2", "https://x.example", NOW.date(), score=1)}
    (two,) = (one for one in lifts(ASN, known(BEST, answers=answers)) if one.number == 2)
    assert (two.score, two.to, two.adds) == (1, 3, Fraction(40, 100))


def test_at_the_highest_nothing_is_missing() -> None:
    best = {n: attest(f"Q{n}", score=5) for n in range(1, 7)}
    assert lifts(ASN, known(BEST, *NINE, answers=best, requests="all")) == ()


def test_every_history_that_scores_less_than_five_has_a_step() -> None:
    for one in LADDER:
        found = {lift.number for lift in lifts(ASN, known(one.by, *one.attested))}
        assert (7 in found) == (one.score < 5), one.name
