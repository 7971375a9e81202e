"""References: read aloud, typed in from paper, and never mistaken for another case."""

import random
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from casework.references import ALPHABET, new_reference, parse_reference


def _reference(payload: str) -> str:
    letters = iter(payload)
    return new_reference(lambda _: ALPHABET.index(next(letters)))


REFERENCES = st.text(ALPHABET, min_size=7, max_size=7).map(_reference)


def _plain(reference: str) -> str:
    return reference.removeprefix("RC-").replace("-", "")


@given(REFERENCES)
def test_a_reference_reads_as_two_groups_of_four_and_parses_to_itself(reference: str) -> None:
    prefix, first, second = reference.split("-")
    assert (prefix, len(first), len(second)) == ("RC", 4, 4)
    assert parse_reference(reference) == reference


@given(REFERENCES)
def test_every_wrong_character_is_noticed(reference: str) -> None:
    plain = _plain(reference)
    for place, right in enumerate(plain):
        for wrong in ALPHABET.replace(right, ""):
            assert parse_reference(plain[:place] + wrong + plain[place + 1 :]) is None


@given(REFERENCES)
def test_every_swap_of_two_characters_is_noticed(reference: str) -> None:
    plain = _plain(reference)
    for one, other in combinations(range(len(plain)), 2):
        if plain[one] != plain[other]:
            swapped = list(plain)
            swapped[one], swapped[other] = plain[other], plain[one]
            assert parse_reference("".join(swapped)) is None


@given(REFERENCES)
def test_a_missing_or_an_added_character_is_noticed(reference: str) -> None:
    plain = _plain(reference)
    assert parse_reference(plain[:-1]) is None
    assert parse_reference(plain + plain[-1]) is None


@given(REFERENCES, st.data())
def test_case_dashes_spaces_and_prefix_are_forgiven(reference: str, data: st.DataObject) -> None:
    typed = "".join(
        data.draw(st.sampled_from(["", " ", "-", " - ", "–", "."]))
        + data.draw(st.sampled_from([c, c.lower()]))
        for c in data.draw(st.sampled_from(["RC", ""])) + _plain(reference)
    )
    assert parse_reference(typed + "\n") == reference


@given(st.text(max_size=20))
def test_anything_else_is_no_reference_and_no_error(text: str) -> None:
    found = parse_reference(text)
    assert found is None or parse_reference(found) == found


def test_a_reference_that_begins_like_its_prefix_parses_with_and_without_it() -> None:
    reference = _reference("RCRC234")
    assert reference.startswith("RC-RCRC-234")
    assert parse_reference(reference) == reference
    assert parse_reference(_plain(reference)) == reference


def test_no_character_can_be_taken_for_another() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 23
    for pair in ("0O", "0Q", "OQ", "OD", "1I", "1L", "IL", "2Z", "5S", "8B", "6G", "UV"):
        assert not set(pair) <= set(ALPHABET), pair
    assert not set("AEIOU") & set(ALPHABET)


def test_references_are_random_not_running_numbers() -> None:
    made = [new_reference() for _ in range(2000)]
    assert len(set(made)) == len(made)
    for place in range(7):
        assert len({_plain(reference)[place] for reference in made}) == len(ALPHABET)


def test_a_seeded_choice_makes_the_same_references_again() -> None:
    once = [new_reference(random.Random(1).randrange) for _ in range(2)]
    assert once[0] == once[1]
