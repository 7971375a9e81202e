"""Rounds of a promise: a message on progress is due again and again, a second appeal is decided."""

import sqlalchemy as sa
from alembic import op

revision = "5ace9653c383"
down_revision = "6190370957b1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.add_column(sa.Column("round", sa.Integer(), nullable=False, server_default="1"))
        batch_op.drop_constraint(batch_op.f("uq_clock_case_id_promise"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_clock_case_id_promise_round"), ["case_id", "promise", "round"]
        )


def downgrade() -> None:
    # The schema before knows one round of three promises only.
    op.execute(
        "DELETE FROM clock WHERE round > 1"
        " OR promise NOT IN ('acknowledge', 'first-reply', 'outcome')"
    )
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_clock_case_id_promise_round"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_clock_case_id_promise"), ["case_id", "promise"]
        )
        batch_op.drop_column("round")
