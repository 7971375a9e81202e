"""Everything that can be fetched from outside is taken, through the API, the page and its files; and
nobody works out what is hidden. How releases are attacked: ``tests.test_disclosure``."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from random import Random

import pytest
from flask import Flask

from casework.db import Store
from casework.disclosure.disclosing import disclose
from casework.figures import snapshots
from casework.figures.measures import Dimension
from casework.publication import releasing
from casework.vocabulary import ApiScope
from tests.apihelp import Caller, make
from tests.attacker import Reading, Where
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.histories import AUDIENCES, PERIODS, Exact, Tables, facts, sheets, some_tables
from tests.test_disclosure import given_away
from tests.webhelp import Browser, build, give_accounts

NAMES = {"public": "public", "A": "AURORA", "B": "BOREALIS"}


@pytest.fixture
def app(store: Store, cast: Cast, now: datetime, clock: Clock) -> Flask:
    give_accounts(store, cast, now)
    return build(store, clock)


def released(store: Store, now: datetime, exact: Exact, tables: Tables) -> None:
    """Keep the exact figures period after period, and release what is due, as the job does."""
    for period in PERIODS:
        with store.writing() as session:
            for who, name in NAMES.items():
                snapshots.add(session, name, exact[who, period], tables[who], now, now)
        while True:
            with store.reading() as session:
                question = releasing.due(session)
            if question is None:
                break
            answer = releasing.answer(
                question,
                lambda sheet, tables, audience, earlier, beside: disclose(
                    sheet, tables, audience, earlier=earlier, beside=beside
                ),
            )
            with store.writing() as session:
                assert releasing.keep(session, question, answer, now) == 1


def by_api(caller: Caller, audience: str, who: str) -> Iterator[Reading]:
    """All that a token opens, every version of every period."""
    for one in caller.json(f"/releases?audience={audience}")["releases"]:
        path = f"/figures?audience={audience}&period={one['period']}&version={one['version']}"
        answer = caller.json(path)
        rows = {(r["measure"], frozenset(r["by"].items())): r["value"] for r in answer["figures"]}
        shapes = {(table["measure"], tuple(table["by"])) for table in answer["tables"]}
        yield Reading(who, one["period"], shapes, rows)


Rows = dict[tuple[str, Where], float | None]


def by_file(brand: Browser, period: str, scope: str = "") -> Rows:
    """What the page's CSV file holds."""
    answer = brand.get(f"/statistics/figures.csv?period={period}&scope={scope}")
    found: Rows = {}
    for row in csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))):
        if row["period"] == period:
            where = frozenset((dim, row[dim]) for dim in map(str, Dimension) if row.get(dim))
            found[row["measure"], where] = None if row["suppressed"] else float(row["count"])
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(5001, 5005))
def test_nobody_works_out_what_is_hidden_from_all_that_can_be_fetched(
    app: Flask, store: Store, cast: Cast, now: datetime, seed: int
) -> None:
    random = Random(seed)
    tables = some_tables(random, 0.2)
    exact = sheets(facts(random), tables)
    released(store, now, exact, tables)
    everybody = Caller(app, make(store, cast, now, None, ApiScope.FIGURES))
    staff = {
        "A": Caller(app, make(store, cast, now, cast.aurora)),
        "B": Caller(app, make(store, cast, now, cast.borealis)),
    }
    public = list(by_api(everybody, "public", "public"))
    read = {("public", one.period): one for one in public}
    for who, caller in staff.items():
        # What the public reads, its staff read, too: the very same.
        assert list(by_api(caller, "public", "public")) == public
        read |= {(who, one.period): one for one in by_api(caller, NAMES[who], who)}
    assert len(read) == len(AUDIENCES) * len(PERIODS)
    brigitte = Browser(app)
    brigitte.sign_in("brigitte")
    for period in map(str, PERIODS):
        assert by_file(brigitte, period) == read["A", period].rows
        for scope in ("supply-chain", "own"):
            for (measure, where), value in by_file(brigitte, period, scope).items():
                rows = read["A", period].rows
                assert rows[measure, where | {("scope", scope)}] == value
    found, looked_at = given_away(exact, read)
    assert not found
    assert looked_at > 20
    assert any(value for one in public for value in one.rows.values())
