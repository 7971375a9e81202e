"""words to search by and saved filters."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "509c134ca999"
down_revision = "3a9a1e9e2d87"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "savedfilter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("asked_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_savedfilter_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_savedfilter")),
    )
    with op.batch_alter_table("savedfilter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_savedfilter_shared"), ["shared"], unique=False)
        batch_op.create_index(batch_op.f("ix_savedfilter_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "searchword",
        sa.Column("word", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("word", "case_id", name=op.f("pk_searchword")),
        sqlite_with_rowid=False,
    )

    # Words need the key, which no migration has: a job makes those of the cases that are here.
    newest = op.get_bind().execute(sa.text('SELECT max(id) FROM "case"')).scalar()
    if newest is not None:
        fact = sa.table("fact", sa.column("name", sa.String), sa.column("value", sa.LargeBinary))
        op.execute(sa.insert(fact).values(name="search-left", value=str(newest).encode()))


def downgrade() -> None:
    op.execute("DELETE FROM fact WHERE name = 'search-left'")
    op.drop_table("searchword")
    with op.batch_alter_table("savedfilter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_savedfilter_staff_id"))
        batch_op.drop_index(batch_op.f("ix_savedfilter_shared"))

    op.drop_table("savedfilter")
