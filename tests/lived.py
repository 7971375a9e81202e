"""The sample data, lived through once for all tests of a run: each gets a copy of the file."""

import fcntl
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
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, sqlite_known: sa.Engine
) -> Lived:
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent  # the same for all processes of a run: the first one makes it
    path, keys, made = (folder / f"lived.{name}" for name in ("sqlite3", "keys", "summary"))
    with (folder / "lived.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            made.write_bytes(pickle.dumps(_live(path, create_key_file(keys))))
    return Lived(path, load_key_file(keys), pickle.loads(made.read_bytes()), sqlite_known)


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
