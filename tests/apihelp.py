"""A program that asks the read API, and what is published for it to read."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from casework import token_making
from casework.db import Store
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import Figure, Table, by
from casework.ids import new_id
from casework.models import Brand, Factory, Supply
from casework.token_making import TokenFacts
from casework.vocabulary import ApiScope, Scope
from tests.conftest import Cast
from tests.released import release_figures
from webadmin.api_answers import OPERATIONS

EVERYTHING = tuple(ApiScope)
D, M = Dimension, Measure

TABLES = (
    Table(M.RECEIVED, (D.COUNTRY,)),
    Table(M.MET, (D.PROMISE,)),
    Table(M.DAYS, (D.PROMISE,)),
    Table(M.OVERDUE, (D.FACTORY,)),
)


def figure(measure: Measure, value: float | None, p90: float | None = None, **named: str) -> Figure:
    """One, named like ``figure(Measure.RECEIVED, 12, country="KH")``."""
    return Figure(measure, by({Dimension(one): text for one, text in named.items()}), value, p90)


def usual(total: int) -> list[Figure]:
    """A little of everything: shown, hidden, days."""
    return [
        figure(M.RECEIVED, total),
        figure(M.RECEIVED, total - 7, country="KH"),
        figure(M.RECEIVED, None, country="TH"),
        figure(M.RECEIVED, None, country="VN"),
        figure(M.MET, 20, promise="acknowledge"),
        figure(M.DAYS, 1.5, 4.0, promise="acknowledge"),
        figure(M.MET, None, promise="remedy"),
        figure(M.DAYS, None, promise="remedy"),
        figure(M.OVERDUE, 0),
    ]


def released(
    store: Store, now: datetime, audience: str, period: str, total: int, **more: Any
) -> None:
    """Release a few figures of a period."""
    when = Period.read(period)
    release_figures(store, now, audience, usual(total), period=when, **{"tables": TABLES, **more})


class Caller:
    """A program that asks."""

    def __init__(self, app: Flask, token: str = "") -> None:
        self.client: FlaskClient = app.test_client()
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, **headers: str) -> TestResponse:
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get("/api/v1" + path, headers={**self.headers, **more})

    def json(self, path: str) -> Any:
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json


def all_addresses(periods: Iterable[str], audiences: Iterable[str]) -> list[str]:
    """Every address by itself, and with every value that each of its parameters may have."""
    open_lists = {"period": tuple(periods), "audience": tuple(audiences), "version": ("1", "2")}
    return [
        f"{one.path}{query}"
        for one in OPERATIONS
        for query in (
            "",
            *(
                f"?{parameter.name}={value}"
                for parameter in one.parameters
                for value in parameter.choices or open_lists[parameter.name]
            ),
        )
    ]


def make(
    store: Store,
    cast: Cast,
    now: datetime,
    brand: Brand | None,
    *scopes: ApiScope,
    until: date | None = None,
) -> str:
    """A token of a brand, or of the public."""
    with store.writing() as session:
        facts = TokenFacts("Report", brand, scopes or EVERYTHING, until or date(2027, 6, 30))
        return token_making.make(session, facts, by=cast.actor("chen"), now=now)[1]


def publish(store: Store, cast: Cast, now: datetime) -> None:
    """Two brands and the public, each with figures of its own; of Aurora's one corrected."""
    with store.writing() as session:
        mill = Factory(
            id=new_id(now),
            code="NORTH1",
            name="Northern Mill",
            country="VN",
            zone="Asia/Ho_Chi_Minh",
        )
        session.add(mill)
        session.flush()
        session.add(
            Supply(
                id=new_id(now),
                factory_id=mill.id,
                brand_id=cast.borealis.id,
                scope=Scope.OWN,
                tier=0,
                since=date(2025, 1, 1),
            )
        )
    released(store, now, "public", "2026-Q3", 911, threshold=10)
    released(store, now, "AURORA", "2026-Q2", 388)
    released(store, now, "AURORA", "2026-Q3", 411)
    released(store, now, "AURORA", "2026-Q3", 412, version=2, pending_since=now)
    released(store, now, "BOREALIS", "2026-Q3", 577)
    released(store, now, "BOREALIS", "2025", 599)
