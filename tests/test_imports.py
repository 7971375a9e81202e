"""Factories and brands as they are typed, and whole lists of them from a CSV file."""

import random
from datetime import date, datetime

import pytest
from sqlmodel import select

from casework import factories
from casework.db import Store
from casework.errors import BadInput
from casework.factories import FactoryFacts, SupplyFacts
from casework.models import Factory, Supply
from casework.references import ALPHABET
from casework.taking_in import imports
from casework.vocabulary import Scope
from tests.conftest import Cast

HEADER = "code,name,place,country,zone,workers,brand,scope,tier,since\n"
LOTUS = "LOTUS,Lotus Footwear,Biên Hòa,VN,Asia/Ho_Chi_Minh,5400,AURORA,supply-chain,1,2024-01-15\n"


def _read(store: Store, text: str | bytes) -> imports.Plan:
    raw = text if isinstance(text, bytes) else text.encode()
    with store.reading() as session:
        return imports.read_factories(raw, session)


def _apply(store: Store, now: datetime, text: str) -> list[Factory]:
    with store.writing() as session:
        return imports.apply(session, imports.read_factories(text.encode(), session), now)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_spreadsheet_may_write_its_letters_as_it_likes(
    store: Store, cast: Cast, encoding: str
) -> None:
    text = HEADER + LOTUS.replace("Biên Hòa", "Biên-Hôa")
    plan = _read(store, text.encode(encoding))
    assert plan.problems == ()
    assert plan.rows[0].factory.place == "Biên-Hôa"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_cells_may_be_parted_as_the_country_does(store: Store, cast: Cast, delimiter: str) -> None:
    plan = _read(store, (HEADER + LOTUS).replace(",", delimiter))
    assert [row.factory.code for row in plan.rows] == ["LOTUS"]


def test_a_file_is_imported_whole_and_again_without_doubling(
    store: Store, cast: Cast, now: datetime
) -> None:
    text = HEADER + LOTUS + LOTUS.replace("AURORA,supply-chain,1", "BOREALIS,own,0")
    for _ in range(2):
        written = _apply(store, now, text)
        assert [factory.code for factory in written] == ["LOTUS"]
    with store.reading() as session:
        factory = session.exec(select(Factory).where(Factory.code == "LOTUS")).one()
        assert (factory.folded_name, factory.workers) == ("lotus footwear", 5400)
        supplies = session.exec(select(Supply).where(Supply.factory_id == factory.id)).all()
        assert {(s.scope, s.tier) for s in supplies} == {(Scope.SUPPLY_CHAIN, 1), (Scope.OWN, 0)}


def test_without_a_code_one_is_made(store: Store, cast: Cast, now: datetime) -> None:
    (factory,) = _apply(store, now, "name,country,zone\nLotus,VN,Asia/Ho_Chi_Minh\n")
    assert len(factory.code) == 5
    assert set(factory.code) <= set(ALPHABET)


def test_the_code_of_a_known_factory_changes_it(store: Store, cast: Cast, now: datetime) -> None:
    text = "code,name,country,zone,workers\ngt7km,Golden Thread II,KH,Asia/Phnom_Penh,900\n"
    plan = _read(store, text)
    assert (plan.added, plan.changed) == (0, 1)
    _apply(store, now, text)
    with store.reading() as session:
        changed = session.get_one(Factory, cast.golden_thread.id)
        assert (changed.name, changed.workers) == ("Golden Thread II", 900)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (LOTUS.replace("LOTUS", "L O"), "code"),
        (LOTUS.replace("LOTUS", "import"), "code"),
        (LOTUS.replace("Lotus Footwear", ""), "name"),
        (LOTUS.replace("Lotus Footwear", "=HYPERLINK()"), "name"),
        (LOTUS.replace("Biên Hòa", "@SUM(1)"), "place"),
        (LOTUS.replace("VN", "Vietnam"), "country"),
        (LOTUS.replace("Asia/Ho_Chi_Minh", "Saigon"), "zone"),
        (LOTUS.replace("5400", "many"), "workers"),
        (LOTUS.replace("5400", "-5"), "workers"),
        (LOTUS.replace("AURORA", "NOBODY"), "brand"),
        (LOTUS.replace("supply-chain", "friend"), "scope"),
        (LOTUS.replace("supply-chain,1", "own,1"), "tier"),
        (LOTUS.replace("supply-chain,1", "supply-chain,0"), "tier"),
        (LOTUS.replace("2024-01-15", "15/01/2024"), "since"),
        (LOTUS.replace("2024-01-15", ""), "since"),
    ],
)
def test_each_problem_is_named_by_row_and_column(
    store: Store, cast: Cast, row: str, column: str
) -> None:
    plan = _read(store, HEADER + LOTUS.replace("LOTUS", "FINE2").replace("Lotus", "Fine") + row)
    assert [(p.row, p.column) for p in plan.problems] == [(3, column)]
    assert plan.problems[0].text.endswith(".")


def test_all_problems_are_named_at_once_and_nothing_is_imported(
    store: Store, cast: Cast, now: datetime
) -> None:
    text = HEADER + LOTUS + ",,,XX,Nowhere,,,,,\n"
    plan = _read(store, text)
    assert {p.column for p in plan.problems} == {"name", "country", "zone"}
    with store.writing() as session, pytest.raises(BadInput):
        imports.apply(session, plan, now)
    with store.reading() as session:
        assert len(session.exec(select(Factory)).all()) == 1


@pytest.mark.parametrize(
    ("text", "column"),
    [
        (HEADER + LOTUS + LOTUS, "code"),
        (HEADER + LOTUS + LOTUS.replace("5400", "1"), "code"),
        ("name,country,zone\nLotus,VN,Asia/Ho_Chi_Minh\nLOTUS co,VN,Asia/Ho_Chi_Minh\n", "name"),
        (
            "name,place,country,zone\nGolden Thread Garments,phnom penh,KH,Asia/Phnom_Penh\n",
            "name",
        ),
        (HEADER + "GT7KM,Golden Thread,,KH,Asia/Phnom_Penh,,AURORA,own,0,2026-01-01\n", "since"),
        ("colour,name\nred,Lotus\n", ""),
        ("name,country\nLotus,VN\n", ""),
        (HEADER, ""),
        ("", ""),
        (b"\x50\x4b\x03\x04\x00\x00", ""),
        (HEADER + LOTUS.strip() + ",one,too many\n", ""),
        (HEADER + "x" * 600_000, ""),
    ],
)
def test_what_can_not_be_meant_is_refused(
    store: Store, cast: Cast, text: str | bytes, column: str
) -> None:
    plan = _read(store, text)
    assert [p.column for p in plan.problems] == [column]


def test_a_code_is_drawn_again_while_a_factory_has_it(store: Store, cast: Cast) -> None:
    with store.writing() as session:
        draws = [0] * 5 + [1] * 5
        session.get_one(Factory, cast.golden_thread.id).code = ALPHABET[0] * 5
        session.flush()
        assert factories.free_code(session, lambda _n: draws.pop(0)) == ALPHABET[1] * 5
        assert len(factories.free_code(session, random.Random(1).randrange)) == 5


def test_a_factory_can_not_work_twice_for_a_brand_at_one_time(
    store: Store, cast: Cast, now: datetime
) -> None:
    def facts(since: str, until: str | None = None) -> SupplyFacts:
        end = date.fromisoformat(until) if until else None
        return SupplyFacts("BOREALIS", Scope.SUPPLY_CHAIN, 1, date.fromisoformat(since), end)

    with store.writing() as session:
        factory = session.get_one(Factory, cast.golden_thread.id)
        assert isinstance(factories.link(session, factory, facts("2020-01-01"), now), Supply)
        clash = factories.link(session, factory, facts("2022-01-01"), now)
        assert clash == {"since": "The factory already works for this brand in that time."}
        ended = factories.link(session, factory, facts("2020-01-01", "2021-12-31"), now)
        assert isinstance(ended, Supply)
        assert isinstance(factories.link(session, factory, facts("2022-01-01"), now), Supply)


def test_the_code_of_a_factory_is_nobody_elses(store: Store, cast: Cast, now: datetime) -> None:
    facts = FactoryFacts("GT7KM", "Other", "", "KH", "Asia/Phnom_Penh", None)
    with store.writing() as session:
        assert factories.add_factory(session, facts, now) == {"code": factories.TAKEN}
