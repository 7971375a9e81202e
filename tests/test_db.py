"""One transaction per unit of work: nothing lost, nothing half done, readers never in the way."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from casework.db import Store, for_change, make_engine
from casework.errors import SettingError
from casework.models import Case, CaseEvent, Fact
from tests.desk import Desk


def _put(store: Store, value: int) -> None:
    with store.writing() as session:
        session.merge(Fact(name="count", value=str(value).encode()))


def _count(store: Store) -> int:
    with store.reading() as session:
        return int(session.get_one(Fact, "count").value)


def test_four_threads_that_count_at_once_lose_nothing(any_store: Store) -> None:
    _put(any_store, 0)
    together = threading.Barrier(4)

    def work() -> None:
        together.wait()
        for _ in range(100):
            with any_store.writing() as session:
                fact = session.exec(for_change(select(Fact).where(Fact.name == "count"))).one()
                fact.value = str(int(fact.value) + 1).encode()

    with ThreadPoolExecutor(4) as pool:
        for job in [pool.submit(work) for _ in range(4)]:
            job.result()
    assert _count(any_store) == 400


def test_two_stores_on_one_file_lose_nothing_either(store: Store) -> None:
    """What two processes would be: the lock of one is not the lock of the other."""
    _put(store, 0)
    other = Store(make_engine(store.engine.url.render_as_string()), store.vault)
    together = threading.Barrier(2)

    def work(mine: Store) -> None:
        together.wait()
        for _ in range(25):
            with mine.writing() as session:
                fact = session.get_one(Fact, "count")
                fact.value = str(int(fact.value) + 1).encode()

    with ThreadPoolExecutor(2) as pool:
        for job in [pool.submit(work, mine) for mine in (store, other)]:
            job.result()
    other.engine.dispose()
    assert _count(store) == 50


def test_a_reader_does_not_wait_for_a_writer_and_sees_what_was_committed(any_store: Store) -> None:
    _put(any_store, 1)
    with any_store.writing() as session:
        session.merge(Fact(name="count", value=b"2"))
        session.flush()
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(_count, any_store).result(timeout=5) == 1
    assert _count(any_store) == 2


def test_a_writer_does_not_wait_for_a_reader(any_store: Store) -> None:
    _put(any_store, 1)
    with any_store.reading() as session:
        session.get_one(Fact, "count")
        with ThreadPoolExecutor(1) as pool:
            pool.submit(_put, any_store, 2).result(timeout=5)
    assert _count(any_store) == 2


def test_an_error_takes_everything_back_and_lets_the_next_one_in(any_store: Store) -> None:
    _put(any_store, 1)

    def fail() -> None:
        with any_store.writing() as session:
            session.merge(Fact(name="count", value=b"2"))
            session.flush()
            raise ValueError("half way")

    with pytest.raises(ValueError, match="half way"):
        fail()
    assert _count(any_store) == 1
    with ThreadPoolExecutor(1) as pool:
        pool.submit(_put, any_store, 3).result(timeout=5)
    assert _count(any_store) == 3


def test_what_is_changed_while_reading_is_forgotten(any_store: Store) -> None:
    _put(any_store, 1)
    with any_store.reading() as session:
        session.get_one(Fact, "count").value = b"2"
    assert _count(any_store) == 1


def test_what_was_read_or_written_can_be_used_afterwards(any_store: Store) -> None:
    with any_store.writing() as session:
        written = Fact(name="count", value=b"7")
        session.add(written)
    assert written.value == b"7"
    with any_store.reading() as session:
        read = session.get_one(Fact, "count")
    assert read.value == b"7"


def test_sqlite_keeps_foreign_keys_and_overwrites_what_is_deleted(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'own.sqlite3'}")
    with engine.connect() as connection:

        def pragma(name: str) -> object:
            return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

        assert pragma("foreign_keys") == 1
        assert pragma("secure_delete") == 1
        assert pragma("journal_mode") == "wal"
        assert pragma("synchronous") == 2
    engine.dispose()


def test_a_row_without_its_parent_is_refused(any_store: Store, now: datetime) -> None:
    event = {
        "id": 1,
        "case_id": 1,
        "number": 1,
        "at": now,
        "action": "file",
        "after": "received",
        "role": "worker",
        "data": {},
        "hash": b"",
    }
    with pytest.raises(sa.exc.IntegrityError), any_store.writing() as session:
        session.add(CaseEvent.model_validate(event))


def test_a_naive_moment_is_refused(store: Store, now: datetime) -> None:
    with pytest.raises(sa.exc.StatementError), store.writing() as session:
        session.exec(select(Case).where(Case.received_at < now.replace(tzinfo=None))).all()


@pytest.mark.parametrize(
    ("table", "column"),
    [("case", "status"), ("caseevent", "before"), ("caseevent", "after"), ("staff", "role")],
)
def test_a_value_outside_its_list_is_refused_by_the_database(
    any_desk: Desk, now: datetime, table: str, column: str
) -> None:
    any_desk.file(now, "No pay")
    with pytest.raises(sa.exc.IntegrityError), any_desk.store.writing() as session:
        session.connection().exec_driver_sql(f'UPDATE "{table}" SET "{column}" = \'nonsense\'')


def test_ids_are_the_rows_own_places_on_sqlite(store: Store) -> None:
    """A second tree for each primary key would double every look-up and sort every list."""
    with store.reading() as session:
        plan = session.connection().exec_driver_sql(
            'EXPLAIN QUERY PLAN SELECT * FROM "case" WHERE id = 1'
        )
        assert "INTEGER PRIMARY KEY" in str(plan.all())


def test_an_address_that_is_none_is_told_in_one_line() -> None:
    with pytest.raises(SettingError, match="RECOURSE_DATABASE_URL"):
        make_engine("nonsense")


def test_the_keys_do_not_show_in_a_store(store: Store, tmp_path: Path) -> None:
    assert "Vault" not in repr(store)


def test_what_was_deleted_leaves_the_files_when_they_are_scrubbed(
    store: Store, now: datetime
) -> None:
    mark = b"the-marked-fact-quokka"
    path = Path(str(store.engine.url.database))
    with store.writing() as session:
        session.add(Fact(name="marked", value=mark))
    with store.writing() as session:
        session.delete(session.get_one(Fact, "marked"))
    files = [file for file in path.parent.glob(f"{path.name}*") if file.is_file()]
    assert any(mark in file.read_bytes() for file in files), "in the log"
    assert store.scrub()
    assert not any(mark in file.read_bytes() for file in files)


def test_scrubbing_waits_for_nobody_who_reads_for_long(store: Store, now: datetime) -> None:
    with store.writing() as session:
        session.add(Fact(name="one", value=b"1"))
    with store.reading() as reading:
        reading.get(Fact, "one")
        with store.writing() as session:
            session.add(Fact(name="two", value=b"2"))
        assert not store.scrub()
    assert store.scrub()


@pytest.mark.postgres
def test_on_postgresql_scrubbing_frees_the_place(postgres_store: Store) -> None:
    assert postgres_store.scrub()
    seen = sa.text("SELECT relname FROM pg_stat_user_tables WHERE vacuum_count > 0")
    with postgres_store.engine.connect() as connection:
        found = set(connection.execute(seen).scalars())
    # Not only where rows go: her cases lose who she is, and her unsent files their pieces.
    assert {"reporter", "conversation", "outbox", "case", "message", "filechunk"} <= found
