"""The page of releases: what is frozen, for whom, what was corrected, and having it counted again."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlmodel import col

from casework.db import Store
from casework.figures.measures import Dimension, Measure
from casework.figures.tables import Table
from casework.models import Case, Staff
from casework.publication import freezing
from casework.vocabulary import Inadmissible
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.frozen import FEW, freeze, receive
from tests.webhelp import Browser, build, give_accounts

FEBRUARY = datetime(2026, 2, 10, 9, tzinfo=UTC)


@pytest.fixture
def app(store: Store, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setattr(
        freezing, "tables_of", lambda _: (*FEW, Table(Measure.OPEN, (Dimension.AGE,)))
    )
    give_accounts(store, cast, clock.at)
    return build(store, clock)


@pytest.fixture
def boris(app: Flask) -> Browser:
    browser = Browser(app)
    browser.sign_in("boris")
    return browser


def correct(store: Store, rows: list[int]) -> None:
    with store.writing() as session:
        session.execute(
            sa.update(Case).where(col(Case.id).in_(rows)).values(inadmissible=Inadmissible.SPAM)
        )


def test_before_anything_is_frozen_the_page_says_what_will_be(boris: Browser) -> None:
    boris.get("/releases")
    assert "Nothing is frozen yet" in boris.text
    assert "Next: Q4 2026, on 15 Jan 2027" in boris.text


def test_each_frozen_period_is_listed_the_newest_first(
    boris: Browser, store: Store, cast: Cast, clock: Clock
) -> None:
    receive(store, cast, FEBRUARY, 24)
    freeze(store, clock)
    boris.get("/releases")
    places = [boris.text.index(name) for name in ("Q3 2026", "Q2 2026", "Q1 2026")]
    assert places == sorted(places)
    boris.get("/releases/2026-Q1")
    for word in ("The public", "Aurora Sportswear", "Borealis Outdoor", "Nothing was corrected"):
        assert word in boris.text


def test_a_correction_is_shown_with_what_was_before_and_who_asked(
    boris: Browser, store: Store, cast: Cast, clock: Clock
) -> None:
    with store.writing() as session:
        session.get_one(Staff, cast.boris.id).restricted_pool = True
    rows = receive(store, cast, FEBRUARY, 24)
    freeze(store, clock)
    correct(store, rows[:7])
    boris.get("/releases/2026-Q1")
    boris.post("/releases/2026-Q1/recount", follow_redirects=True)
    assert "It is counted again by itself" in boris.text
    assert "Somebody asked for it" in boris.text
    boris.get("/releases")
    assert "Is counted again" in boris.text
    clock.forward(minutes=1)
    freeze(store, clock)
    boris.get("/releases/2026-Q1")
    assert "Some wait since 20 Nov 2026: too small to be shown" in boris.text  # for the public
    assert "Asked for by Boris" in boris.text
    assert "Cambodia" in boris.text
    before, after = boris.page.index(">24</td>"), boris.page.index(">17</td>")
    assert before < after
    boris.get("/releases")
    assert "Some wait: too small to be shown" in boris.text


def test_of_whom_a_case_may_be_kept_reads_that_something_was_corrected_and_no_number(
    boris: Browser, store: Store, cast: Cast, clock: Clock
) -> None:
    rows = receive(store, cast, FEBRUARY, 24)
    freeze(store, clock)
    correct(store, rows[:7])
    boris.get("/releases/2026-Q1")
    boris.post("/releases/2026-Q1/recount")
    clock.forward(minutes=1)
    freeze(store, clock)
    boris.get("/releases/2026-Q1")
    assert "Asked for by Boris" in boris.text
    assert "hidden" in boris.text
    for told in ("Cambodia", "numbers differ", "Exact numbers", ">24</td>", ">17</td>"):
        assert told not in boris.page


@pytest.mark.parametrize("period", ["2019-Q1", "2026-Q4", "2026-01-01..2026-01-31", "spring"])
def test_a_period_that_is_not_frozen_has_no_page(
    boris: Browser, store: Store, cast: Cast, clock: Clock, period: str
) -> None:
    receive(store, cast, FEBRUARY)
    freeze(store, clock)
    boris.get("/releases")
    assert boris.post(f"/releases/{period}/recount").status_code == 404
    assert boris.get(f"/releases/{period}").status_code == 404
