"""The library of phrases: what comes along, how it is filled, found, written and approved."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest

from casework.db import Store
from casework.errors import BadInput, NotAllowed
from casework.messaging import holes, phrases
from casework.messaging.holes import Money, Value
from casework.vocabulary import Hole, Situation
from tests.conftest import Cast
from translations import languages
from webadmin.phrase_words import filled

WORKERS = languages("bot")


def test_every_phrase_that_comes_along_is_written_in_every_language_of_workers() -> None:
    assert len(phrases.shipped()) == 12
    for entry in phrases.shipped().values():
        assert phrases.missing(entry, WORKERS) == [], entry.key


def test_every_situation_has_a_phrase() -> None:
    assert {one.situation for one in phrases.shipped().values()} == set(Situation)


def test_what_comes_along_says_that_nobody_has_checked_it() -> None:
    for entry in phrases.shipped().values():
        for text in entry.texts.values():
            assert not text.checked
            assert text.drafted_by is None


def test_every_language_of_a_phrase_has_the_holes_of_the_english_one() -> None:
    for entry in phrases.shipped().values():
        for text in entry.texts.values():
            assert holes.are_good(text.words), (entry.key, text.language)
            assert sorted(holes.names(text.words)) == sorted(entry.holes), (
                entry.key,
                text.language,
            )
            assert len(text.words) <= phrases.WORDS_AT_MOST


@pytest.mark.parametrize(
    ("hole", "typed", "value"),
    [
        (Hole.DAY, "2026-12-04", date(2026, 12, 4)),
        (Hole.DAY, "4 December", None),
        (Hole.TIME, "18:30", time(18, 30)),
        (Hole.TIME, "25:00", None),
        (Hole.TIME, "6pm", None),
        (Hole.AMOUNT, "1,250.50 THB", Money(Decimal("1250.50"), "THB")),
        (Hole.AMOUNT, "1250THB", Money(Decimal(1250), "THB")),
        (Hole.AMOUNT, "1250.505 THB", None),
        (Hole.AMOUNT, "1250.5 JPY", None),
        (Hole.AMOUNT, "12.345 BHD", Money(Decimal("12.345"), "BHD")),
        (Hole.AMOUNT, "1250 XQX", None),
        (Hole.AMOUNT, "0 THB", None),
        (Hole.AMOUNT, "1250", None),
        (Hole.NUMBER, "12", 12),
        (Hole.NUMBER, "0", None),
        (Hole.NUMBER, "-3", None),
        (Hole.NUMBER, "²", None),
        (Hole.NUMBER, "1.5", None),
        (Hole.PLACE, " Legal Aid ", "Legal Aid"),
        (Hole.PLACE, "two\nlines", None),
        (Hole.PLACE, "{day}", None),
        (Hole.PLACE, "x" * 81, None),
        (Hole.PHONE, "+66 2 123 4567", "+66 2 123 4567"),
        (Hole.PHONE, "none", None),
        (Hole.PHONE, "", None),
    ],
)
def test_a_hole_takes_what_fits_and_nothing_else(
    hole: Hole, typed: str, value: Value | None
) -> None:
    assert holes.read(hole, typed) == value


def test_days_hours_and_money_are_written_as_each_language_does() -> None:
    values: dict[str, Value] = {
        "day": date(2026, 12, 4),
        "time": time(18, 30),
        "amount": Money(Decimal("1250.5"), "THB"),
    }
    words = "{day} {time} {amount}"
    assert filled(words, values, "en").replace("\xa0", " ") == "4 December 2026 18:30 1,250.50 THB"
    assert "ဒီဇင်ဘာ" in filled(words, values, "my")
    assert "12月4日" in filled(words, values, "ja")
    assert "THB" in filled(words, values, "ar")


def test_a_number_to_dial_stays_whole_among_letters_from_right_to_left() -> None:
    assert filled("{phone}", {"phone": "+92 21 123"}, "ur") == "\u2066+92 21 123\u2069"
    assert filled("{phone}", {"phone": "+66 2 123"}, "en") == "+66 2 123"


def test_a_phrase_is_found_by_its_situation_and_by_words_in_the_readers_language(
    store: Store, cast: Cast
) -> None:
    with store.reading() as session:
        library = phrases.library(session)
    assert [one.key for one in phrases.offered(library, "my", "en", words="payslip")] == [
        "ask-papers"
    ]
    assert [one.key for one in phrases.offered(library, "my", "vi", words="phiếu lương")] == [
        "ask-papers"
    ]
    found = phrases.offered(library, "my", "en", situation=Situation.SAFETY)
    assert [one.key for one in found] == ["are-you-safe", "keep-quiet"]
    assert not phrases.offered(library, "my", "en", words="no such words")


def test_a_phrase_is_not_offered_for_a_worker_whose_language_it_lacks(
    store: Store, cast: Cast, now: datetime
) -> None:
    with store.writing() as session:
        boris = cast.actor("boris")
        row = phrases.add(session, Situation.THANK, "See you on {day}.", by=boris, now=now)
        for_burmese = phrases.offered(phrases.library(session), "my", "en", words="see you")
        assert not for_burmese
        phrases.write(session, row.key, "my", "{day} တွင် တွေ့ပါမည်။", by=boris, now=now)
        found = phrases.offered(phrases.library(session), "my", "en", words="see you")
        assert [one.key for one in found] == [row.key]


def test_what_the_operator_writes_stands_in_place_of_what_comes_along(
    store: Store, cast: Cast, now: datetime
) -> None:
    boris = cast.actor("boris")
    with store.writing() as session:
        phrases.write(session, "thank-told", "my", "ကျေးဇူးပါ။", by=boris, now=now)
        entry = phrases.find(session, "thank-told")
        assert entry
        assert entry.texts["my"].words == "ကျေးဇူးပါ။"
        assert entry.texts["my"].drafted_by == boris.staff_id
        assert not entry.texts["my"].checked
        assert entry.texts["km"] == phrases.shipped()["thank-told"].texts["km"]


def test_an_approval_falls_away_when_the_words_change(
    store: Store, cast: Cast, now: datetime
) -> None:
    boris = cast.actor("boris")
    with store.writing() as session:
        phrases.approve(session, "thank-told", "my", by=boris, now=now)
        entry = phrases.find(session, "thank-told")
        assert entry
        assert (entry.texts["my"].approved_by, entry.texts["my"].approved_at) == (
            boris.staff_id,
            now,
        )
        assert entry.texts["my"].drafted_by is None
        phrases.write(session, "thank-told", "my", "ကျေးဇူးပါ။", by=boris, now=now)
        entry = phrases.find(session, "thank-told")
        assert entry
        assert not entry.texts["my"].checked


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ""),
        ("en", "x" * 401),
        ("en", "Call {phone"),
        ("en", "Call {phones}."),
        ("en", "Call {worker}."),
        ("my", "နေ့မပါ"),
        ("my", "{day} {place}"),
    ],
)
def test_a_phrase_that_could_not_be_filled_is_not_taken(
    language: str, words: str, store: Store, cast: Cast, now: datetime
) -> None:
    with store.writing() as session, pytest.raises(BadInput):
        phrases.write(session, "will-talk", language, words, by=cast.actor("boris"), now=now)


def test_a_phrase_that_is_withdrawn_is_offered_to_nobody(
    store: Store, cast: Cast, now: datetime
) -> None:
    with store.writing() as session:
        phrases.withdraw(session, "thank-told", True, by=cast.actor("chen"), now=now)
        assert "thank-told" not in {one.key for one in phrases.library(session)}
        entry = phrases.find(session, "thank-told")
        assert entry
        assert entry.withdrawn


def test_handlers_write_phrases_to_workers_and_do_not_change_them(
    store: Store, cast: Cast, now: datetime
) -> None:
    asha = cast.actor("asha")
    with store.writing() as session:
        with pytest.raises(NotAllowed):
            phrases.write(session, "thank-told", "my", "ကျေးဇူး", by=asha, now=now)
        with pytest.raises(NotAllowed):
            phrases.approve(session, "thank-told", "my", by=asha, now=now)
        with pytest.raises(NotAllowed):
            phrases.withdraw(session, "thank-told", True, by=asha, now=now)
