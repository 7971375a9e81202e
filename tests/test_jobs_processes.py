"""Two real ``recourse jobs``: on PostgreSQL one works and the other takes over; nothing is done twice."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import select

from casework import facts
from casework.config import settings_from
from casework.db import Store
from casework.deadlines import sweeping
from casework.models import Lease
from recourse import rounds
from recourse.setup import prepare
from tests.conftest import Cast
from tests.desk import Desk
from tests.due import done, pile_up
from tests.running import PATIENCE, Running

CASES = 90
"""So many that one transaction does not do for them."""
TAKES_OVER = "This process runs the jobs now."
_NEWS = """
CREATE FUNCTION say() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify(TG_ARGV[0], ''); RETURN NULL; END $$;
CREATE TRIGGER told AFTER INSERT ON staffnotice EXECUTE FUNCTION say('told');
CREATE TRIGGER turn AFTER INSERT OR UPDATE OF owner ON lease EXECUTE FUNCTION say('turn');
CREATE TRIGGER ran AFTER INSERT OR UPDATE ON fact EXECUTE FUNCTION say('ran');
"""


class News:
    """What is committed in the database, heard as it happens: nothing is waited for by the clock."""

    def __init__(self, url: str) -> None:
        address = sa.make_url(url).set(drivername="postgresql").render_as_string(False)
        self._connection = psycopg.connect(address, autocommit=True)
        self._connection.execute(_NEWS)

    def begin(self, *names: str) -> None:
        """Hear of these from now on, and of nothing else."""
        self._connection.execute("UNLISTEN *")
        for _ in self._connection.notifies(timeout=0):
            pass
        for name in names:
            self._connection.execute(f"LISTEN {name}")

    def wait(self) -> None:
        """Until something of it happened."""
        for _ in self._connection.notifies(timeout=PATIENCE, stop_after=1):
            return
        pytest.fail("Nothing happened.")

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def installed(tmp_path: Path, postgres_url: str) -> Iterator[tuple[Store, News]]:
    settings = {"RECOURSE_DATA_DIR": str(tmp_path), "RECOURSE_DATABASE_URL": postgres_url}
    before = datetime.now(UTC) - timedelta(days=8)
    store = prepare(settings_from(settings), before)
    pile_up(Desk(store, Cast(store, before)), before, CASES)
    news = News(postgres_url)
    yield store, news
    news.close()
    store.engine.dispose()


def turn_of(store: Store, *processes: Running) -> Running:
    """The one of them whose turn it is."""
    with store.reading() as session:
        owner = session.exec(select(Lease.owner)).one()
    return next(one for one in processes if f":{one.pid}:" in owner)


def becomes(store: Store, news: News, process: Running) -> bool:
    """Wait until it is this one's turn: the other may renew its own before it is gone."""
    while True:
        with store.reading() as session:
            owner = session.exec(select(Lease.owner)).first()
        if owner and f":{process.pid}:" in owner:
            return True
        news.wait()


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_one_works_and_when_it_is_killed_or_stopped_the_other_takes_over(
    installed: tuple[Store, News], tmp_path: Path, postgres_url: str
) -> None:
    store, news = installed
    news.begin("told")
    with (
        Running(tmp_path, "jobs", RECOURSE_DATABASE_URL=postgres_url) as one,
        Running(tmp_path, "jobs", RECOURSE_DATABASE_URL=postgres_url) as two,
    ):
        news.wait()
        first = turn_of(store, one, two)
        second = two if first is one else one
        first.kill()
        assert not any(TAKES_OVER in line for line in second.output)

        news.begin("turn")
        with store.engine.begin() as connection:
            # It may take a moment until the server sees that it is gone, and frees what it locked.
            connection.execute(sa.text('SELECT id FROM "case" FOR UPDATE'))
            # As if the time of its turn had passed.
            connection.execute(sa.text("DELETE FROM fact WHERE name = 'jobs-ran'"))
            connection.execute(sa.text("UPDATE lease SET until = until - interval '1 minute'"))
        assert becomes(store, news, second)
        news.begin("ran")
        if not _ran(store):
            news.wait()
        assert _all_is_done_once(store)

        first.start()
        news.begin("turn")
        assert second.stop() == 0
        assert becomes(store, news, first)
        assert first.stop() == 0
    with store.reading() as session:
        assert session.exec(select(Lease)).all() == []
    assert _all_is_done_once(store)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_on_sqlite_do_nothing_twice_and_say_that_there_should_be_one(tmp_path: Path) -> None:
    before = datetime.now(UTC) - timedelta(days=8)
    store = prepare(settings_from({"RECOURSE_DATA_DIR": str(tmp_path)}), before)
    pile_up(Desk(store, Cast(store, before)), before, CASES)
    with Running(tmp_path, "jobs") as one, Running(tmp_path, "jobs") as two:
        for process in (one, two):
            assert any("several need PostgreSQL" in line for line in process.output)
            assert process.stop() == 0
    # What was cut off by stopping them is done now.
    rounds.run_due(store, lambda: datetime.now(UTC), lambda: True)
    assert _all_is_done_once(store)
    store.engine.dispose()


def _ran(store: Store) -> bool:
    with store.reading() as session:
        return facts.jobs_ran_at(session) is not None


def _all_is_done_once(store: Store) -> bool:
    with store.reading() as session:
        assert not sweeping.anything_due(session, datetime.now(UTC) - timedelta(minutes=2))
    found = done(store)
    assert len(found.notices) > CASES
    return {n for part in found for n in part.values()} == {1}
