"""The migrations make exactly the models, on both databases, up and down."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import Engine
from sqlmodel import SQLModel

import migrations
from casework.db import make_engine


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    if request.param == "sqlite":
        return make_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    return make_engine(request.getfixturevalue("postgres_url"))


def test_the_newest_revision_equals_the_models(empty: Engine) -> None:
    migrations.upgrade(empty)
    with empty.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    assert not migrations.pending(empty)
    empty.dispose()


def test_down_to_nothing_and_up_again(empty: Engine) -> None:
    assert migrations.pending(empty)
    migrations.upgrade(empty)
    migrations.downgrade(empty, "base")
    assert set(sa.inspect(empty).get_table_names()) <= {"alembic_version"}
    migrations.upgrade(empty)
    assert "case" in sa.inspect(empty).get_table_names()
    empty.dispose()


def test_cases_from_before_words_were_kept_wait_for_the_job_that_finds_them(empty: Engine) -> None:
    migrations.upgrade(empty)
    migrations.downgrade(empty, "3a9a1e9e2d87")
    with empty.begin() as connection:
        case = sa.Table("case", sa.MetaData(), autoload_with=connection)
        at = datetime(2026, 11, 20, tzinfo=UTC)
        flags = ("restricted", "retaliation_risk", "practice", "open_question", "unread")
        row: dict[str, object] = dict.fromkeys(flags, False) | dict.fromkeys(
            ("received_at", "updated_at"), at
        )
        row |= {"id": 7, "reference": "RC", "status": "received", "severity": "minor"}
        row |= {"channel": "web", "language": "en", "receipt_tries": 0, "event_count": 0}
        connection.execute(sa.insert(case).values(row | {"head_hash": b""}))
    migrations.upgrade(empty)
    with empty.begin() as connection:
        facts = connection.execute(sa.text("SELECT name, value FROM fact")).all()
        assert [(name, bytes(value)) for name, value in facts] == [("search-left", b"7")]
        connection.execute(sa.text('DELETE FROM "case"'))
    migrations.downgrade(empty, "3a9a1e9e2d87")
    with empty.begin() as connection:
        assert not connection.execute(sa.text("SELECT name FROM fact")).all()
    empty.dispose()
