"""Bench ``tracker``: pages of the case tracker, signed in, among few and among very many cases."""

import re
import statistics
import time
from itertools import cycle

from flask import Flask
from flask.testing import FlaskClient

from benchmarks import archive
from benchmarks.archive import Archive
from benchmarks.databases import DATABASES
from benchmarks.references import bare_tracker
from benchmarks.table import Row, Table, Target, at_most
from casework.config import Settings
from casework.db import Store
from casework.searching.searchwords import key
from webadmin.app import create_app

_COLUMNS = ("few ms", "many ms", "many/few", "bare ms", "many/bare")
_GROWN = 1.5
_NEVER = "search, two words that never meet"
_CASE_PAGE = "case page"

Timed = dict[str, tuple[float, float]]
"""Seconds for each page: ours and the bare one's."""


def measure(*, quick: bool) -> Table:
    """Few and many cases, on each database that is there."""
    few, many = (1_000, 20_000) if quick else (10_000, 1_000_000)
    rows = []
    for name, places in DATABASES:
        with places() as place:
            if place is None:
                continue
            sides = [
                _Side(*place(side, archive.NOW), size)
                for side, size in (("few", few), ("many", many))
            ]
            small, large = _in_turns(sides, 10 if quick else 60)
            for side in sides:
                side.store.engine.dispose()
        rows += [_row(f"{name}: {page}", page, small[page], large[page]) for page in large]
    return Table(f"tracker: pages among {few:,} and {many:,} cases", _COLUMNS, tuple(rows))


def _row(name: str, page: str, small: tuple[float, float], large: tuple[float, float]) -> Row:
    (few, _), (many, bare) = small, large
    targets: tuple[Target, ...] = ()
    # Among few cases there is little to look through before such a search is over.
    if page != _NEVER:
        least = 15 if page == _CASE_PAGE else 10
        targets = (
            at_most(many / few, _GROWN, "times the time among few"),
            at_most(many / bare, least, "times bare Flask"),
        )
    figures = (
        *(f"{1000 * one:.1f}" for one in (few, many)),
        f"{many / few:.2f}",
        f"{1000 * bare:.2f}",
        f"{many / bare:.1f}",
    )
    return Row(name, figures, targets)


class _Side:
    """An installation with so many cases: ours and the bare one, signed in where that is asked."""

    def __init__(self, store: Store, settings: Settings, size: int) -> None:
        self.store = store
        built = archive.build(store, size)
        ours = create_app(store, settings, now=lambda: archive.NOW, secret_key=b"k" * 32)
        self.clients = (_signed_in(ours), bare_tracker.create_app(store.engine).test_client())
        self.pages = _pages(store, built)


def _in_turns(sides: list[_Side], times: int) -> list[Timed]:
    """All that is compared takes turns: a machine that gets busier meanwhile does so for each."""
    found: list[Timed] = [{} for _ in sides]
    for page in sides[0].pages:
        asked = [
            (client, cycle(addresses), taken)
            for side in sides
            for client, addresses in zip(side.clients, side.pages[page], strict=True)
            for taken in [list[float]()]
        ]
        for _ in range(times):
            for client, addresses, taken in asked:
                taken.append(_get(client, next(addresses)))
        # The first few find templates and pages of the database cold.
        middle = [statistics.median(taken[3:]) for _, _, taken in asked]
        for place, timed in enumerate(found):
            timed[page] = (middle[2 * place], middle[2 * place + 1])
    return found


def _pages(store: Store, built: Archive) -> dict[str, tuple[list[str], list[str]]]:
    """Addresses of ours and of the bare ones for each page."""

    def search(words: str) -> tuple[list[str], list[str]]:
        asked = "&".join(f"word={key(store.vault, word)}" for word in reversed(words.split()))
        return [f"/cases?find={words.replace(' ', '+')}&status=all"], [f"/search?{asked}"]

    factory = built.factory_id
    return {
        "list": (["/cases"], ["/list"]),
        "list of a factory": (
            [f"/cases?factory={factory}&status=all&sort=received"],
            [f"/filtered?factory={factory}"],
        ),
        "search, frequent word": search(built.frequent),
        "search, rare word": search(built.rare),
        "search, two words": search(built.two),
        _NEVER: search(built.never_together),
        _CASE_PAGE: (
            [f"/cases/{reference}" for reference in built.references],
            [f"/case/{reference}" for reference in built.references],
        ),
    }


def _get(client: FlaskClient, path: str) -> float:
    begun = time.perf_counter()
    answer = client.get(path)
    answer.get_data()
    taken = time.perf_counter() - begun
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}.")
    return taken


def _signed_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
    assert token
    form = {"csrf_token": token[1], "email": archive.EMAIL, "password": archive.PASSWORD}
    if client.post("/sign-in", data=form).status_code != 302:
        raise RuntimeError("The handler can't sign in.")
    return client
