"""The sample data, lived through once as long as the code is the same: each test gets a copy of it."""

import fcntl
import hashlib
import pickle
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from casework.db import Store
from casework.deadlines.calendars import usual_hours
from casework.ids import new_id
from casework.models import Calendar
from casework.vault import Vault, create_key_file, load_key_file
from recourse import sample
from tests.databases import quick

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
"""When the history ends."""


@dataclass(frozen=True)
class Lived:
    """A database file with the sample data, and what was made."""

    file: Path
    vault: Vault
    summary: sample.SampleSummary
    known: sa.Engine

    @contextmanager
    def copied(self, folder: Path) -> Iterator[Store]:
        """A copy of it below ``folder``, to be read and changed."""
        path = shutil.copy(self.file, folder)
        engine = quick(path, self.known)
        yield Store(engine, self.vault)
        engine.dispose()


@pytest.fixture(scope="session")
def lived(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    worker_id: str,
    sqlite_known: sa.Engine,
) -> Lived:
    folder = tmp_path_factory.getbasetemp()
    if request.config.pluginmanager.hasplugin("cacheprovider"):
        folder = request.config.cache.mkdir("lived")
    elif worker_id != "master":
        folder = folder.parent
    of = folder / _code()
    path, keys, made = (of / name for name in ("recourse.sqlite3", "keys", "summary"))
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the first process that comes makes it
        if not made.exists():
            for older in folder.iterdir():
                shutil.rmtree(older, ignore_errors=True)  # the lock is no folder, and stays
            of.mkdir()
            made.write_bytes(pickle.dumps(_live(path, create_key_file(keys))))
    return Lived(path, load_key_file(keys), pickle.loads(made.read_bytes()), sqlite_known)


def _code() -> str:
    """A digest of all that could make the history another one."""
    found = hashlib.sha256(Path(__file__).read_bytes())
    for package in ("bot", "casework", "recourse", "translations", "webadmin"):
        for path in sorted((ROOT / package).rglob("*")):
            if path.suffix in {".py", ".csv", ".toml"}:
                found.update(path.read_bytes())
    return found.hexdigest()[:16]


def _live(path: Path, vault: Vault) -> sample.SampleSummary:
    engine = quick(path)
    SQLModel.metadata.create_all(engine)
    store = Store(engine, vault)
    with store.writing() as session:
        session.add(
            Calendar(
                id=new_id(NOW), name="Office", zone="UTC", hours=usual_hours(""), is_default=True
            )
        )
    summary = sample.build(store, now=NOW)
    engine.dispose()
    return summary
