"""The policy as data, pauses and extensions, and what the office is told."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "3a9a1e9e2d87"
down_revision = "7e730ad7701c"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("owner", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("not_before", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("leased_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("failed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_mail_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail")),
    )
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index(
            "ix_mail_waiting",
            ["not_before"],
            unique=False,
            sqlite_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
        )

    op.create_table(
        "policyversion",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("why", sqlmodel.sql.sqltypes.AutoString(length=400), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_policyversion_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policyversion")),
        sa.UniqueConstraint("number", name=op.f("uq_policyversion_number")),
    )
    op.create_table(
        "pause",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "answer", "documents", "decision", name="pausereason", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("began_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_pause_case_id_case")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_pause_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pause_case_id"), ["case_id"], unique=False)

    op.create_table(
        "staffnotice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clock_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("level", sqlmodel.sql.sqltypes.AutoString(length=48), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "warning",
                "missed",
                "escalated",
                "extension-asked",
                "extended",
                "extension-refused",
                name="staffnoticekind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reached_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("unmailed", sa.Boolean(), nullable=False),
        sa.Column("mail_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("read_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_staffnotice_case_id_case")),
        sa.ForeignKeyConstraint(
            ["clock_id"], ["clock.id"], name=op.f("fk_staffnotice_clock_id_clock")
        ),
        sa.ForeignKeyConstraint(["mail_id"], ["mail.id"], name=op.f("fk_staffnotice_mail_id_mail")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staffnotice_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staffnotice")),
        sa.UniqueConstraint(
            "clock_id",
            "extensions",
            "level",
            "staff_id",
            name=op.f("uq_staffnotice_clock_id_extensions_level_staff_id"),
        ),
    )
    with op.batch_alter_table("staffnotice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staffnotice_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_staffnotice_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index("ix_staffnotice_person", ["staff_id", "read_at", "id"], unique=False)
        batch_op.create_index(
            "ix_staffnotice_unmailed",
            ["staff_id"],
            unique=False,
            sqlite_where=sa.text("unmailed = 1"),
            postgresql_where=sa.text("unmailed"),
        )

    op.create_table(
        "extension",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clock_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "factory",
                "evidence",
                "others",
                "people",
                name="extensionreason",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("before", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column(
            "decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("approved", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["staff.id"], name=op.f("fk_extension_asked_by_staff")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_extension_case_id_case")),
        sa.ForeignKeyConstraint(
            ["clock_id"], ["clock.id"], name=op.f("fk_extension_clock_id_clock")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["staff.id"], name=op.f("fk_extension_decided_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_extension_message_id_message")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extension_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_extension_waiting",
            ["asked_at"],
            unique=False,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("paused_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        batch_op.add_column(
            sa.Column("progress_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        batch_op.create_index(
            "ix_case_progress",
            ["progress_at"],
            unique=False,
            sqlite_where=sa.text("progress_at IS NOT NULL"),
            postgresql_where=sa.text("progress_at IS NOT NULL"),
        )

    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("extended_to", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        batch_op.add_column(
            sa.Column("extensions", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("paused_seconds", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.add_column(
            sa.Column("told_until", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        batch_op.add_column(
            sa.Column("next_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        batch_op.drop_index(
            batch_op.f("ix_clock_due"),
            sqlite_where=sa.text("met_at IS NULL AND missed_at IS NULL AND cancelled_at IS NULL"),
        )
        batch_op.create_index(
            "ix_clock_next",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_clock_missed",
            ["missed_at"],
            unique=False,
            sqlite_where=sa.text("missed_at IS NOT NULL"),
            postgresql_where=sa.text("missed_at IS NOT NULL"),
        )

    # What is running is swept when it is due; who is warned before that is found then, too.
    op.execute("UPDATE clock SET told_until = started_at")
    op.execute(
        "UPDATE clock SET next_at = due_at"
        " WHERE met_at IS NULL AND missed_at IS NULL AND cancelled_at IS NULL"
    )
    op.execute(
        'UPDATE "case" SET progress_at = (SELECT min(due_at) FROM clock'
        " WHERE clock.case_id = \"case\".id AND promise = 'progress'"
        " AND met_at IS NULL AND cancelled_at IS NULL)"
    )
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.alter_column(
            "told_until", existing_type=sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False
        )


def downgrade() -> None:
    # The schema before knows no interim protection and waits for no answer.
    op.execute("DELETE FROM extension")
    op.execute("DELETE FROM staffnotice")
    op.execute("DELETE FROM clock WHERE promise IN ('protection', 'confirmation')")
    with op.batch_alter_table("clock", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_clock_missed",
            sqlite_where=sa.text("missed_at IS NOT NULL"),
            postgresql_where=sa.text("missed_at IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_clock_next",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_clock_due"),
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("met_at IS NULL AND missed_at IS NULL AND cancelled_at IS NULL"),
        )
        batch_op.drop_column("next_at")
        batch_op.drop_column("told_until")
        batch_op.drop_column("paused_seconds")
        batch_op.drop_column("extensions")
        batch_op.drop_column("extended_to")

    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_case_progress",
            sqlite_where=sa.text("progress_at IS NOT NULL"),
            postgresql_where=sa.text("progress_at IS NOT NULL"),
        )
        batch_op.drop_column("progress_at")
        batch_op.drop_column("paused_until")

    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_extension_waiting",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_extension_case_id"))

    op.drop_table("extension")
    with op.batch_alter_table("staffnotice", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_staffnotice_unmailed",
            sqlite_where=sa.text("unmailed = 1"),
            postgresql_where=sa.text("unmailed"),
        )
        batch_op.drop_index("ix_staffnotice_person")
        batch_op.drop_index(batch_op.f("ix_staffnotice_mail_id"))
        batch_op.drop_index(batch_op.f("ix_staffnotice_case_id"))

    op.drop_table("staffnotice")
    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pause_case_id"))

    op.drop_table("pause")
    op.drop_table("policyversion")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_mail_waiting",
            sqlite_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL AND failed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_mail_staff_id"))

    op.drop_table("mail")
    op.drop_table("lease")
