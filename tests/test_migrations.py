"""The migrations make exactly the models, on both databases, up and down."""

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
