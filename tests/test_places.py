"""Factories: found by the code on a poster or by a name somebody half remembers."""

import random
import time
from datetime import date, datetime

import pytest

from casework import places
from casework.db import Store
from casework.errors import SettingError
from casework.ids import new_id
from casework.models import Calendar, Factory, Supply
from casework.places import fold
from casework.vocabulary import Scope
from tests.conftest import Cast

NAMES = (
    "Star Pacific Knitwear",
    "Star Atlantic Knitwear",
    "Đồng Nai Footwear JSC",
    "PT Sumber Makmur Sejahtera",
    "ရွှေချည် အထည်ချုပ်",
    "Café Lumière Textiles",
)


def _add(store: Store, now: datetime, name: str, **more: object) -> Factory:
    row = new_id(now)
    facts = {"code": f"C{row:X}", "country": "VN", "zone": "Asia/Ho_Chi_Minh", **more}
    with store.writing() as session:
        factory = Factory(id=row, name=name, folded_name=fold(name), **facts)  # type: ignore[arg-type]
        session.add(factory)
        return factory


@pytest.fixture
def town(store: Store, cast: Cast, now: datetime) -> Store:
    """A few factories beside Golden Thread."""
    for name in NAMES:
        _add(store, now, name)
    return store


def _find(store: Store, query: str) -> list[str]:
    with store.reading() as session:
        return [factory.name for factory in places.find(session, query).factories]


# --- folding --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Golden Thread Garments Co., Ltd", "golden thread garments"),
        ("  GOLDEN\tthread   garments ", "golden thread garments"),
        ("PT. Sumber Makmur (Sejahtera)", "sumber makmur sejahtera"),
        ("Công ty TNHH Đồng Nai", "dong nai"),
        ("Café Lumière", "cafe lumiere"),
        ("STRASSE Straße", "strasse strasse"),
        ("Ltd", "ltd"),
        ("한국 공장", "한국 공장"),
        ("Ｆａｃｔｏｒｙ　１２", "factory 12"),
        ("...", ""),
        ("", ""),
    ],
)
def test_a_name_is_folded(name: str, folded: str) -> None:
    assert fold(name) == folded
    assert fold(folded) == folded


def test_the_vowel_signs_of_burmese_and_khmer_stay_in_their_words() -> None:
    assert len(fold("ရွှေချည် အထည်ချုပ်").split()) == 2
    assert fold("ရောင်") != fold("ရင်")
    assert len(fold("រោងចក្រ កាត់ដេរ").split()) == 2


# --- finding --------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["GT7KM", "gt7km", " F-GT7KM ", "f-gt7km"])
def test_a_factory_is_found_by_the_code_on_its_poster(town: Store, query: str) -> None:
    with town.reading() as session:
        found = places.find(session, query)
    assert found.exact
    assert [factory.code for factory in found.factories] == ["GT7KM"]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("golden thread garments", "Golden Thread Garments Co., Ltd"),
        ("goldn thred", "Golden Thread Garments Co., Ltd"),
        ("garments golden tread", "Golden Thread Garments Co., Ltd"),
        ("Golden", "Golden Thread Garments Co., Ltd"),
        ("dong nai", "Đồng Nai Footwear JSC"),
        ("đong naj", "Đồng Nai Footwear JSC"),
        ("sumber makmur", "PT Sumber Makmur Sejahtera"),
        ("lumiere", "Café Lumière Textiles"),
        ("ရွှေချည်", "ရွှေချည် အထည်ချုပ်"),
        ("star pasific", "Star Pacific Knitwear"),
    ],
)
def test_a_factory_is_found_by_a_name_spelt_more_or_less(
    town: Store, query: str, first: str
) -> None:
    assert _find(town, query)[0] == first


def test_alike_names_are_all_offered_the_likeliest_first(town: Store) -> None:
    found = _find(town, "star pacific")
    assert found[:2] == ["Star Pacific Knitwear", "Star Atlantic Knitwear"]


def test_what_is_no_factory_finds_none_and_breaks_nothing(any_store: Store, any_cast: Cast) -> None:
    for query in ("", "  ", "...", "x", "qqqqqq", "zzzz 99", "\0", "GT7\0KM", "%", "' OR 1=1; --"):
        assert _find(any_store, query) == [], query
    assert _find(any_store, "gt7km") == _find(any_store, "goldn thred") != []


def test_a_whole_name_that_only_one_factory_has_is_exact(town: Store) -> None:
    with town.reading() as session:
        assert places.find(session, "lumiere cafe textiles").exact is False
        assert places.find(session, "CAFE LUMIERE TEXTILES").exact is True


def test_a_closed_factory_is_not_offered_but_its_poster_still_tells_its_cases(
    store: Store, now: datetime
) -> None:
    _add(store, now, "Silver Needle", code="SN123", active=False)
    assert _find(store, "silver needle") == []
    assert _find(store, "SN123") == []
    with store.reading() as session:
        closed = places.by_code(session, " sn123 ")
        assert closed is not None
        assert closed.name == "Silver Needle"


def test_a_search_among_two_thousand_factories_is_quick_even_for_a_whole_story(
    store: Store, now: datetime
) -> None:
    chance = random.Random(7)
    words = (
        "golden silver thread star pacific garment textile knit saigon dragon sun moon apex royal"
        " crown elite new asia global fashion shoes industries jaya makmur dong nai"
    ).split()
    with store.writing() as session:
        for number in range(2000):
            name = " ".join(chance.choices(words, k=chance.randint(2, 5))) + f" {number}"
            session.add(
                Factory(
                    id=new_id(now),
                    code=f"F{number}",
                    name=name,
                    folded_name=fold(name),
                    country="VN",
                    zone="UTC",
                )
            )
    assert len(_find(store, "goldn thred")) == 6
    story = "they have not paid our overtime since march and the line leader shouts " * 60
    for query in ("goldn thred garmnt", story):
        started = time.perf_counter()
        _find(store, query)
        assert time.perf_counter() - started < 3  # a busy machine; about 0.1 on a quiet one


# --- brands and calendars -------------------------------------------------------------------


def test_the_factories_of_a_brand_on_a_day(any_store: Store, any_cast: Cast, now: datetime) -> None:
    brand, thread = any_cast.aurora.id, any_cast.golden_thread
    needle = _add(any_store, now, "Blue Needle")
    spans = [(date(2020, 1, 1), date(2021, 6, 30)), (date(2025, 1, 1), None)]
    with any_store.writing() as session:
        session.add_all(
            Supply(
                id=new_id(now),
                factory_id=needle.id,
                brand_id=brand,
                scope=Scope.OWN,
                since=since,
                until=until,
            )
            for since, until in spans
        )
    with any_store.reading() as session:

        def on(*day: int) -> list[str]:
            return [f.name for f in places.suppliers_of(session, brand, date(*day))]

        assert [f.name for f in places.suppliers_of(session, brand)] == ["Blue Needle", thread.name]
        assert on(2019, 12, 31) == []
        assert on(2020, 1, 1) == on(2021, 6, 30) == ["Blue Needle"]
        assert on(2021, 7, 1) == []
        assert on(2026, 11, 20) == ["Blue Needle", thread.name]
        assert places.suppliers_of(session, any_cast.borealis.id) == []
        assert [b.name for b in places.brands(session)] == ["Aurora Sportswear", "Borealis Outdoor"]


def test_a_factory_has_the_calendar_of_its_office_or_the_default_one(
    any_store: Store, any_cast: Cast, now: datetime
) -> None:
    with any_store.writing() as session:
        dhaka = Calendar(
            id=new_id(now), name="Dhaka", zone="Asia/Dhaka", hours="Sun-Thu 09:00-17:00"
        )
        session.add(dhaka)
    theirs = _add(any_store, now, "Meghna Denim", calendar_id=dhaka.id)
    with any_store.reading() as session:
        thread = places.factory_of(session, any_cast.golden_thread.id)
        assert places.calendar_for(session, theirs).zone.key == "Asia/Dhaka"
        assert places.calendar_for(session, thread).zone.key == "Asia/Phnom_Penh"
        assert places.calendar_for(session, None).zone.key == "Asia/Phnom_Penh"
        assert places.factory_of(session, None) is None


def test_a_changed_calendar_counts_from_the_next_question_on(store: Store, now: datetime) -> None:
    with store.writing() as session:
        row = session.get_one(Calendar, _default(store))
        row.days_off = ["2026-11-26"]
    with store.reading() as session:
        calendar = places.calendar_for(session, None)
    assert calendar.working_day_from(date(2026, 11, 26)) == date(2026, 11, 27)


def test_without_a_default_calendar_the_operator_is_told_what_to_do(store: Store) -> None:
    with store.writing() as session:
        session.delete(session.get_one(Calendar, _default(store)))
    with store.reading() as session, pytest.raises(SettingError, match="recourse db upgrade"):
        places.calendar_for(session, None)


def _default(store: Store) -> int:
    from sqlmodel import select

    with store.reading() as session:
        return session.exec(select(Calendar.id)).one()
