"""Cases for each 1,000 workers: of no workers that were not counted."""

from datetime import date, datetime

import pytest
from flask import Flask

from casework import factories
from casework.db import Store
from casework.factories import FactoryFacts, SupplyFacts
from casework.figures.periods import Period
from casework.figures.uncounted import Uncounted
from casework.models import Factory
from casework.vocabulary import Scope
from tests import published
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.desk import Desk
from tests.released import NUMBERS, YEAR, release
from tests.webhelp import Browser, build, give_accounts

RATE = "Cases for each 1,000 workers"
YEARS = [Period.year(year) for year in (2024, 2025, 2027)]


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    return build(store, clock)


def add(
    store: Store, now: datetime, workers: int | None, country: str = "VN", brand: str = "AURORA"
) -> None:
    """A factory that works for a brand in 2025 and 2026."""
    with store.writing() as session:
        facts = FactoryFacts("NEW01", "New", "Town", country, "Asia/Phnom_Penh", workers)
        factory = factories.add_factory(session, facts, now)
        assert isinstance(factory, Factory)
        days = date(2025, 1, 1), date(2026, 12, 31)
        factories.link(session, factory, SupplyFacts(brand, Scope.OWN, 0, *days), now)


def test_it_is_known_where_and_when_workers_are_not_counted(store: Store, cast: Cast) -> None:
    now = datetime.fromisoformat("2026-11-20T10:00:00+00:00")
    add(store, now, None)
    with store.reading() as session:
        asked = ((None, None), (cast.aurora.id, Scope.OWN), (cast.aurora.id, Scope.SUPPLY_CHAIN))
        found = [Uncounted.read(session, *one) for one in asked]
        found.append(Uncounted.read(session, cast.borealis.id))
    there = [["", "VN", ""], ["", "VN", ""], ["", "", ""], ["", "", ""]]
    assert [[" ".join(one.countries(year)) for year in YEARS] for one in found] == there


@pytest.mark.parametrize(
    ("workers", "country", "told", "in_cambodia"),
    [(50, "VN", "116.7", "116.7"), (None, "VN", "", "116.7"), (None, "KH", "", "")],
)
def test_a_brand_reads_no_rate_where_workers_are_not_counted(
    app: Flask,
    store: Store,
    now: datetime,
    workers: int | None,
    country: str,
    told: str,
    in_cambodia: str,
) -> None:
    add(store, now, workers, country)
    release(store, now, "AURORA", NUMBERS, period=YEAR)
    brand = Browser(app)
    brand.sign_in("brigitte")
    brand.get("/statistics?period=2025")
    assert (f"{RATE} 116.7" in brand.text) == bool(told)
    assert f"Cambodia 1 1,200 140 {in_cambodia}".strip() in brand.text
    assert ("140 116.7" in brand.text) == bool(in_cambodia)
    brand.get("/statistics/report?period=2025")
    assert f"{RATE} {told or '–'} " in brand.text


def test_the_office_reads_none_either(app: Flask, store: Store, now: datetime, desk: Desk) -> None:
    desk.file(now, "Wages.")
    boss = Browser(app)
    boss.sign_in("boris")
    boss.get("/statistics?period=2026")
    assert f"{RATE} 0.8" in boss.text
    add(store, now, None)
    boss.get("/statistics?period=2026")
    assert f"{RATE} 0.8" not in boss.text
    assert f"{RATE} Cambodia 1 1,200 1 0.8 Vietnam 1 0 0" in boss.text


def test_nor_does_anybody(app: Flask, store: Store, now: datetime) -> None:
    with store.writing() as session:
        published.release(session, "2025-Q4", published.usual(), now)
    page = app.test_client().get("/public").text
    assert ">9.8<" in page
    add(store, now, None, brand="BOREALIS")
    assert ">9.8<" not in app.test_client().get("/public").text
