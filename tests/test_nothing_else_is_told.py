"""What readers of figures fetch hangs on the rows of releases and on nothing that is exact: everything
that each of them can reach is fetched, all exact figures and all cases are changed, and it is fetched
again. So what holds of releases (``tests.test_disclosure``) holds of pages, files, charts and texts."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from sqlmodel import select

from casework import tokens
from casework.db import Store
from casework.disclosure.audiences import Audience, Past, Published
from casework.disclosure.disclosing import disclose
from casework.figures import figurerows
from casework.figures.periods import Period
from casework.figures.tables import Sheet, Table
from casework.models import Case, Issue, Release, Snapshot
from casework.publication import releases
from casework.vocabulary import ApiScope, Category, Inadmissible, Scope, Status
from recourse import figure_jobs
from tests.apihelp import Caller, all_addresses, make
from tests.bothouse import Clock
from tests.conftest import Cast
from tests.crawler import crawl
from tests.frozen import receive
from tests.office import Office
from tests.random_year import Year
from tests.released import write
from tests.statements import statements
from tests.webhelp import Browser, build, give_accounts

AUDIENCES = ("public", "AURORA", "BOREALIS")
FROZEN = datetime(2027, 1, 15, tzinfo=UTC)
REVISED = "2026-Q2"
FETCHED = datetime(2027, 2, 20, 8, tzinfo=UTC)
ABOUT = (Category.WAGES, Category.HOURS, Category.HARASSMENT, Category.CONTRACT)


def live(store: Store, cast: Cast, clock: Clock, seed: int) -> None:
    """Some months of a whole office, released quarter after quarter to two brands and the public;
    and of a quarter of each a second version."""
    random = Random(seed)
    Year(Office(store, cast), random).live(150)
    for month in range(1, 13):
        for category in ABOUT:
            day = datetime(2026, month, random.randrange(1, 28), 3, tzinfo=UTC)
            receive(store, cast, day, random.randrange(14), category)
    clock.at = FROZEN

    def decide(
        sheet: Sheet,
        tables: Sequence[Table],
        who: Audience,
        past: Sequence[Past],
        beside: Mapping[Audience, Sequence[Past]],
    ) -> Published:
        return disclose(sheet, tables, who, earlier=past, beside=beside)

    assert figure_jobs.run(store, clock, disclose=decide).released >= 3 * 5
    with store.writing() as session:
        for who in AUDIENCES:
            first = session.exec(
                select(Release).where(Release.audience == who, Release.period == REVISED)
            ).one()
            more = [
                {**row, "value": row["value"] + 20} if row["value"] else row
                for row in first.figures
            ]
            write(
                session,
                FROZEN + timedelta(days=30),
                who,
                figurerows.figures(more),
                period=Period.read(first.period),
                version=2,
                threshold=first.threshold,
                tables=releases.tables(first),
            )
    clock.at = FETCHED


Pages = dict[tuple[str, str], bytes]
"""What stands at an address for a reader."""

_OF_THE_MOMENT = re.compile(
    rb'name="csrf_token"[^>]*>|nonce[-=]"?[\w+/=-]+|^(Set-Cookie|Date|RateLimit): .*\n',
    re.MULTILINE,
)


def plain(answer: bytes) -> bytes:
    """An answer without what differs each time; a workbook by its parts, which bear the time at which
    they were packed."""
    head, found, packed = answer.partition(b"PK\x03\x04")
    if b"spreadsheetml" in head and found:
        with zipfile.ZipFile(io.BytesIO(found + packed)) as book:
            parts = [book.read(name) for name in book.namelist() if name != "docProps/core.xml"]
        answer = re.sub(rb"Content-Length.*", b"", head) + b"".join(parts)
    return _OF_THE_MOMENT.sub(b"", answer)


def everything(
    brigitte: Browser, anybody: Browser, callers: Mapping[str, Caller], periods: Sequence[str]
) -> Pages:
    """What each reader can fetch: the pages that lead on from each other with every choice of the
    figures' forms, their files, charts and texts; and every address of the API."""
    found: Pages = {}
    choices = [
        f"/statistics?period={period}&{more}"
        for period in periods
        for more in ("compare=no", *(f"scope={one}" for one in ("", *Scope)))
    ]
    choices += [f"/statistics?period={REVISED}&version={number}" for number in (1, 2)]
    choices += [f"/statistics/report?period={period}" for period in periods]
    for who, browser, starts in (
        ("brigitte", brigitte, ("/", *choices)),
        ("anybody", anybody, ("/public", "/public/figures.csv", "/public/figures.json")),
    ):
        found |= {(who, path): plain(body) for path, body in crawl(browser, *starts).items()}
    for who, caller in callers.items():
        for path in all_addresses(periods, {who, "public"}):
            answer = caller.get(path)
            assert answer.status_code in (200, 403, 404), (path, answer.text)
            found[who, f"/api/v1{path}"] = plain(str(answer.headers).encode() + answer.data)
    return found


def change_what_is_exact(store: Store) -> None:
    """No exact figure is what it was."""
    with store.writing() as session:
        for one in session.exec(select(Snapshot)):
            one.counts = [{**row, "value": 3 * row["value"] + 1} for row in one.counts]
            one.spreads, one.changes = [], []


def change_all_cases(store: Store, cast: Cast) -> None:
    """Many more in quarters that were released, and of those that are there none is what it was."""
    with store.writing() as session:
        for number, case in enumerate(session.exec(select(Case))):
            case.category, case.status = list(Category)[number % 9], Status.CLOSED
            case.inadmissible = Inadmissible.SPAM if number % 2 else None
        for issue in session.exec(select(Issue)):
            issue.category = Category.CHILD_LABOUR
    for month in range(1, 13):
        receive(store, cast, datetime(2026, month, 3, tzinfo=UTC), 30)


def differing(before: Pages, after: Pages) -> list[tuple[str, str]]:
    """Where a reader finds something else."""
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", [1, pytest.param(3, marks=pytest.mark.long)])
def test_what_readers_fetch_is_the_same_whatever_is_exact(
    store: Store,
    cast: Cast,
    now: datetime,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    monkeypatch.setattr(tokens, "PER_MINUTE", 100_000)
    give_accounts(store, cast, now)
    live(store, cast, clock, seed)
    app = build(store, clock)
    opened = {"public": make(store, cast, now, None, ApiScope.FIGURES)}
    opened |= {one.code: make(store, cast, now, one) for one in (cast.aurora, cast.borealis)}
    callers = {who: Caller(app, token) for who, token in opened.items()}
    for caller in callers.values():
        caller.json("")  # from now on each was used today
    brigitte, boris = Browser(app), Browser(app)
    brigitte.sign_in("brigitte")
    boris.sign_in("boris")
    with store.reading() as session:
        periods = [
            str(one) for one in releases.periods(session, "AURORA") if one.start.year == 2026
        ]

    def fetch() -> Pages:
        return everything(brigitte, Browser(app), callers, periods)

    def live_figures() -> list[bytes]:
        return [
            boris.get(path).data for path in (f"/releases/{REVISED}", "/statistics?period=2026")
        ]

    first, exact = fetch(), live_figures()
    assert len(first) > 500
    change_what_is_exact(store)
    change_all_cases(store, cast)
    with statements(store) as asked:
        again = fetch()
    # A rating rests on cases, and tells of them no figure: docs/disclosure.md.
    told = [path for _, path in differing(first, again) if not path.startswith("/rating")]
    assert told == []
    assert any("FROM release" in text for text, _values in asked)
    assert not [text for text, _values in asked if re.search(r'(FROM|JOIN)\s+"?snapshot\b', text)]
    # Who leads the office sees it.
    assert not set(exact) & set(live_figures())
