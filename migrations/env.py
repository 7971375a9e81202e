"""What Alembic runs: on the connection it was given, over all tables there are."""

from alembic import context
from sqlmodel import SQLModel

import casework.models
import webadmin.accounts  # noqa: F401  the tables that are not casework's: how staff sign in

assert casework.models.__all__

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
