"""Programs reach nobody's words by any address of the read API: with the figures of the sample data
released as they are, nothing masked, every answer is searched for every sentence and case number."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from casework import token_making
from casework.actors import staff_actor
from casework.db import Store
from casework.factories import brand_by_code
from casework.figures.measures import Dimension, Measure
from casework.figures.periods import Period
from casework.figures.tables import Figure, Sheet, Table, by
from casework.models import Staff
from casework.publication import freezing
from casework.token_making import TokenFacts
from casework.vocabulary import ApiScope, Role
from tests.apihelp import Caller, all_addresses
from tests.lived import NOW, Lived
from tests.released import release_figures
from tests.test_reach import Marks, marks_of
from tests.webhelp import build

YEAR = Period.year(2026)
"""The sample data's: so every table is there, the yearly ones, too."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, lived: Lived) -> Iterator[Store]:
    with lived.copied(tmp_path_factory.mktemp("api")) as store:
        with store.reading() as session:
            everybody = freezing.audiences(session)
            wanted = freezing.Count(tuple((one, YEAR) for one in everybody))
            sheets = freezing.look(session, wanted)
        for (audience, period), sheet in sheets.items():
            tables = freezing.tables_of(audience)
            release_figures(store, NOW, audience, exact(sheet), period=period, tables=tables)
        yield store


def exact(sheet: Sheet) -> list[Figure]:
    """All that was counted, nothing hidden."""
    counted = [Figure(*key, value) for key, value in sheet.counts.items()]
    days = [Figure(*key, one.median, one.p90) for key, one in sheet.spreads.items()]
    return counted + days


@pytest.fixture(scope="module")
def marks(store: Store) -> Marks:
    return marks_of(store)


def callers(store: Store) -> Iterator[tuple[str, Caller]]:
    """A program of each audience that may read all there is."""
    clock = iter(NOW + timedelta(seconds=n) for n in range(10_000))
    app = build(store, lambda: next(clock))
    with store.writing() as session:
        admin = staff_actor(session.exec(select(Staff).where(Staff.role == Role.ADMIN)).one())
        for audience in freezing.audiences(session):
            brand = brand_by_code(session, audience)
            scopes = tuple(ApiScope) if brand else (ApiScope.FIGURES,)
            facts = TokenFacts("Search", brand, scopes, NOW.date() + timedelta(days=9))
            yield audience, Caller(app, token_making.make(session, facts, by=admin, now=NOW)[1])


def test_no_answer_holds_a_sentence_or_a_case_number(store: Store, marks: Marks) -> None:
    leaks, read = [], 0
    for audience, caller in list(callers(store)):
        for path in all_addresses(("2026",), {audience, "public"}):
            answer = caller.get(path)
            assert answer.status_code in (200, 403, 404), (path, answer.text)
            read += answer.status_code == 200
            text = str(answer.headers) + answer.text
            leaks += [(path, mark) for mark in (*marks.words, *marks.references) if mark in text]
    assert read > 100
    assert not leaks


def test_the_same_search_would_find_one(store: Store, marks: Marks) -> None:
    word = min(marks.words)
    leak = Figure(Measure.RECEIVED, by({Dimension.FACTORY: word}), 1)
    tables = (Table(Measure.RECEIVED, (Dimension.FACTORY,)),)
    release_figures(store, NOW, "public", [leak], period=Period.year(2025), tables=tables)
    caller = dict(callers(store))["public"]
    assert word in caller.json("/figures?period=2025")["figures"][0]["by"]["factory"]
