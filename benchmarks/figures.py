"""Bench ``figures``: a brand's year among very many cases, counted and read from what was frozen."""

import statistics as averages
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import sqlalchemy as sa
from sqlmodel import col, select

from benchmarks import archive
from benchmarks.databases import DATABASES
from benchmarks.references import bare_figures
from benchmarks.table import Row, Table, at_most
from casework.db import Session, Store
from casework.figures import snapshots, statistics
from casework.figures.measures import Measure
from casework.figures.periods import Period
from casework.figures.tables import BRAND_TABLES
from casework.ids import new_id
from casework.models import Brand, Factory, Supply
from casework.vocabulary import Scope

_COLUMNS = ("ms", "bare, each table ms", "ours/bare", "bare, all in one ms", "ours/one")
_YEAR = 2025
_RATIO = 1.2
_READ_MS = 20
_RECEIVED = [table for table in BRAND_TABLES if table.measure is Measure.RECEIVED]


def measure(*, quick: bool) -> Table:
    """One size, on each database that is there."""
    size = 20_000 if quick else 1_000_000
    rows = []
    for name, places in DATABASES:
        with places() as place:
            if place is not None:
                store, _ = place("figures", archive.NOW)
                rows += _measure(name, store, size, times=5 if quick else 7)
                store.engine.dispose()
    return Table(f"figures: a brand's year among {size:,} cases", _COLUMNS, tuple(rows))


def _measure(name: str, store: Store, size: int, times: int) -> list[Row]:
    archive.build(store, size, words=False)
    brand = _brand(store)
    taken: dict[str, list[float]] = {"ours": [], "finest": [], "each": []}
    for _ in range(times):
        with store.reading() as session:
            taken["ours"].append(_timed(partial(_count, session, brand)))
        with store.reading() as session:
            raw = session.connection()
            for way, reference in (("finest", bare_figures.finest), ("each", bare_figures.each)):
                taken[way].append(_timed(partial(reference, raw, brand, _YEAR)))
    # The first one finds the pages of the database cold.
    ours, finest, each = (averages.median(taken[way][1:]) for way in taken)
    counted = Row(
        f"{name}: cases received, by all that is published",
        (
            f"{1000 * ours:.0f}",
            f"{1000 * each:.0f}",
            f"{ours / each:.2f}",
            f"{1000 * finest:.0f}",
            f"{ours / finest:.2f}",
        ),
        (at_most(ours / each, _RATIO, "times a bare GROUP BY for each table"),),
    )
    whole = _timed(lambda: _freeze(store, brand))
    everything = Row(f"{name}: every figure, counted", (f"{1000 * whole:.0f}", *[""] * 4))
    read = averages.median(_timed(lambda: _read(store)) for _ in range(20))
    frozen = Row(
        f"{name}: every figure, from what was frozen",
        (f"{1000 * read:.1f}", *[""] * 4),
        (at_most(1000 * read, _READ_MS, "milliseconds"),),
    )
    return [counted, everything, frozen]


def _brand(store: Store) -> int:
    """A brand for which every second factory works."""
    with store.writing() as session:
        brand = Brand(id=new_id(archive.NOW), code="AURORA", name="Aurora")
        session.add(brand)
        session.flush()
        factories = session.exec(select(Factory).order_by(col(Factory.id))).all()
        for number, factory in enumerate(factories[::2]):
            own = number % 10 == 0
            session.add(
                Supply(
                    id=new_id(archive.NOW),
                    factory_id=factory.id,
                    brand_id=brand.id,
                    scope=Scope.OWN if own else Scope.SUPPLY_CHAIN,
                    tier=0 if own else 1 + number % 3,
                    since=date(2020, 1, 1),
                )
            )
        row = brand.id
    if not store.sqlite:
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as alone:
            alone.execute(sa.text("ANALYZE"))
    return row


def _count(session: Session, brand_id: int) -> None:
    statistics.count(session, Period.year(_YEAR), _RECEIVED, brand_id=brand_id)


def _freeze(store: Store, brand_id: int) -> None:
    year = Period.year(_YEAR)
    with store.writing() as session:
        found = statistics.count(session, year, BRAND_TABLES, brand_id=brand_id)
        again = archive.NOW + timedelta(days=30)
        snapshots.add(session, "AURORA", found, BRAND_TABLES, archive.NOW, again)


def _read(store: Store) -> None:
    with store.reading() as session:
        kept = snapshots.newest(session, "AURORA", Period.year(_YEAR))
        assert kept is not None
        snapshots.sheet(kept)


def _timed(what: Callable[[], object]) -> float:
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun
