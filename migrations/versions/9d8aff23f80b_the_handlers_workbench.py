"""the handlers workbench."""

import sqlalchemy as sa
import sqlmodel.sql.sqltypes
from alembic import op

revision = "9d8aff23f80b"
down_revision = "509c134ca999"
branch_labels = None
depends_on = None


# What the closed lists were, and are from now on: these columns hold nothing else.
CHANNELS = ("telegram", "web")
ROLES = ("admin", "supervisor", "handler", "brand", "worker", "system")
LISTS = (
    ("case", "channel", CHANNELS, (*CHANNELS, "phone", "in-person", "letter", "other")),
    ("reporter", "channel", CHANNELS, (*CHANNELS, "phone", "in-person", "letter", "other")),
    ("staff", "role", ROLES, (*ROLES, "interpreter", "auditor")),
    ("caseevent", "role", ROLES, (*ROLES, "interpreter", "auditor")),
)


def _limit(table: str, column: str, values: tuple[str, ...]) -> None:
    """Let a column hold these values only."""
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
        batch_op.create_check_constraint(
            op.f(f"ck_{table}_{column}"), sa.text(f"{column} IN ({listed})")
        )


def upgrade() -> None:
    for table, column, _before, after in LISTS:
        _limit(table, column, after)
    op.create_table(
        "anchor",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=False,
            nullable=False,
        ),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_anchor")),
        sa.UniqueConstraint("day", name=op.f("uq_anchor_day")),
    )
    op.create_table(
        "anchoredhead",
        sa.Column("anchor", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("anchor", "case_id", "events", name=op.f("pk_anchoredhead")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("anchoredhead", schema=None) as batch_op:
        batch_op.create_index("ix_anchoredhead_case", ["case_id", "events"], unique=False)

    op.create_table(
        "secondsteprule",
        sa.Column(
            "role",
            sa.Enum(
                "admin",
                "supervisor",
                "handler",
                "interpreter",
                "auditor",
                "brand",
                "worker",
                "system",
                name="role",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_secondsteprule")),
    )
    op.create_table(
        "usedchallenge",
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_usedchallenge")),
    )
    with op.batch_alter_table("usedchallenge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_usedchallenge_at"), ["at"], unique=False)

    op.create_table(
        "absence",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "stand_in_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column(
            "said_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("said_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("next_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("began_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("looked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["staff.id"], name=op.f("fk_absence_said_by_id_staff")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_absence_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["stand_in_id"], ["staff.id"], name=op.f("fk_absence_stand_in_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_next_at"), ["next_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_absence_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "caseupload",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("encoding", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("dates", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_caseupload_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_caseupload")),
    )
    with op.batch_alter_table("caseupload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_caseupload_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_caseupload_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "phrase",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column(
            "situation",
            sa.Enum(
                "acknowledge",
                "ask-what",
                "ask-papers",
                "safety",
                "will-do",
                "delay",
                "meet",
                "result",
                "put-right",
                "refuse",
                "thank",
                name="situation",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_phrase_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrase")),
        sa.UniqueConstraint("key", name=op.f("uq_phrase_key")),
    )
    op.create_table(
        "verification",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "started_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("anchors", sa.Integer(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("deleted", sa.Integer(), nullable=False),
        sa.Column("breaks", sa.Integer(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["started_by"], ["staff.id"], name=op.f("fk_verification_started_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verification")),
    )
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verification_ended_at"), ["ended_at"], unique=False)

    op.create_table(
        "authenticator",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_counter", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("confirmed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_authenticator_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator")),
    )
    with op.batch_alter_table("authenticator", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_authenticator_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "break",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "verification_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("case_id", sa.BigInteger(), nullable=True),
        sa.Column("reference", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "flaw",
            sa.Enum(
                "number",
                "hash",
                "words",
                "intake",
                "summary",
                "head",
                "cut",
                "added",
                "rewritten",
                "gone",
                "anchor",
                "kept-anchor",
                name="flaw",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["verification_id"],
            ["verification.id"],
            name=op.f("fk_break_verification_id_verification"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_break")),
    )
    with op.batch_alter_table("break", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_break_verification_id"), ["verification_id"], unique=False
        )

    op.create_table(
        "conflict",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "cause",
            sa.Enum(
                "accused", "organisation", "tie", name="conflictcause", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_conflict_case_id_case")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_conflict_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("staff_id", "case_id", name=op.f("pk_conflict")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conflict_case_id"), ["case_id"], unique=False)

    op.create_table(
        "declaration",
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("organisation", sqlmodel.sql.sqltypes.AutoString(length=120), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_declaration_case_id_case")),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_declaration_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("case_id", "staff_id", name=op.f("pk_declaration")),
    )
    op.create_table(
        "handedover",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "absence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("to_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("event_count", sa.Integer(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("back_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["absence_id"], ["absence.id"], name=op.f("fk_handedover_absence_id_absence")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_handedover_case_id_case")),
        sa.ForeignKeyConstraint(["to_id"], ["staff.id"], name=op.f("fk_handedover_to_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handedover")),
    )
    with op.batch_alter_table("handedover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handedover_absence_id"), ["absence_id"], unique=False)

    op.create_table(
        "importedcase",
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("old_index", sa.LargeBinary(), nullable=False),
        sa.Column("old_reference_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "finding",
            sa.Enum(
                "founded",
                "partly",
                "unfounded",
                "undetermined",
                name="finding",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("workers", sa.Integer(), nullable=True),
        sa.Column("closed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_importedcase_case_id_case")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_importedcase_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_importedcase")),
        sa.UniqueConstraint("old_index", name=op.f("uq_importedcase_old_index")),
    )
    op.create_table(
        "party",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "respondent",
                "witness",
                "representative",
                "expert",
                "other",
                name="partykind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("organisation_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("organisation_index", sa.LargeBinary(), nullable=True),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("removed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name=op.f("fk_party_added_by_staff")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_party_case_id_case")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_party_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
    )
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_party_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_party_organisation_index"), ["organisation_index"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_party_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "passkey",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("browser", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("created_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_passkey_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_account_id"), ["account_id"], unique=False)

    op.create_table(
        "persongroup",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_persongroup_case_id_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_persongroup")),
    )
    with op.batch_alter_table("persongroup", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_persongroup_case_id"), ["case_id"], unique=False)

    op.create_table(
        "phrasetext",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "phrase_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(length=600), nullable=False),
        sa.Column(
            "drafted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("drafted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "approved_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("approved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["approved_by"], ["staff.id"], name=op.f("fk_phrasetext_approved_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["drafted_by"], ["staff.id"], name=op.f("fk_phrasetext_drafted_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["phrase_id"], ["phrase.id"], name=op.f("fk_phrasetext_phrase_id_phrase")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrasetext")),
        sa.UniqueConstraint("phrase_id", "language", name=op.f("uq_phrasetext_phrase_id_language")),
    )
    op.create_table(
        "recoverycode",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_recoverycode_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recoverycode")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recoverycode_code_hash")),
    )
    with op.batch_alter_table("recoverycode", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recoverycode_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "signinsession",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("since", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("seen", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("proved_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("browser", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("network", sa.LargeBinary(), nullable=False),
        sa.Column("set_up_by", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_signinsession_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signinsession")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_signinsession_token_hash")),
    )
    with op.batch_alter_table("signinsession", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_signinsession_account_id"), ["account_id"], unique=False
        )

    op.create_table(
        "suppliercontact",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("email_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("organisation_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["added_by"], ["staff.id"], name=op.f("fk_suppliercontact_added_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_suppliercontact_case_id_case")
        ),
        sa.ForeignKeyConstraint(
            ["factory_id"], ["factory.id"], name=op.f("fk_suppliercontact_factory_id_factory")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppliercontact")),
    )
    with op.batch_alter_table("suppliercontact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suppliercontact_case_id"), ["case_id"], unique=False)

    op.create_table(
        "task",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "assignee_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("added_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("done_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("done_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["added_by"], ["staff.id"], name=op.f("fk_task_added_by_staff")),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["staff.id"], name=op.f("fk_task_assignee_id_staff")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_task_case_id_case")),
        sa.ForeignKeyConstraint(["done_by"], ["staff.id"], name=op.f("fk_task_done_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_task_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_task_open",
            ["assignee_id", "due_on"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "tie",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("brand_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("declared_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_tie_brand_id_brand")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_tie_case_id_case")),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name=op.f("fk_tie_ended_by_staff")),
        sa.ForeignKeyConstraint(
            ["factory_id"], ["factory.id"], name=op.f("fk_tie_factory_id_factory")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_tie_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tie")),
    )
    with op.batch_alter_table("tie", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tie_brand_id"), ["brand_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tie_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tie_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "ledgerentry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("owed", "paid", name="ledgerkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("currency", sqlmodel.sql.sqltypes.AutoString(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "reverses_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("note_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_ledgerentry_case_id_case")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["persongroup.id"], name=op.f("fk_ledgerentry_group_id_persongroup")
        ),
        sa.ForeignKeyConstraint(
            ["reverses_id"], ["ledgerentry.id"], name=op.f("fk_ledgerentry_reverses_id_ledgerentry")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_ledgerentry_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledgerentry")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_ledgerentry_reverses_id")),
    )
    with op.batch_alter_table("ledgerentry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ledgerentry_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ledgerentry_group_id"), ["group_id"], unique=False)

    op.create_table(
        "remedyaction",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=12), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pay",
                "refund-fees",
                "return-documents",
                "stop-practice",
                "reinstate",
                "apologise",
                "train",
                "repair",
                "refer",
                "other",
                name="remedykind",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "owner",
            sa.Enum("factory", "office", "other", name="remedyowner", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("owner_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("what_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proof_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("factory_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("issues", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "claimed",
                "verified",
                "refused",
                "dropped",
                name="remedystate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("look_again_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_remedyaction_case_id_case")
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["suppliercontact.id"],
            name=op.f("fk_remedyaction_contact_id_suppliercontact"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_remedyaction_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedyaction")),
        sa.UniqueConstraint("code", name=op.f("uq_remedyaction_code")),
    )
    with op.batch_alter_table("remedyaction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remedyaction_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_remedyaction_contact_id"), ["contact_id"], unique=False
        )
        batch_op.create_index(
            "ix_remedyaction_look_again",
            ["look_again_on"],
            unique=False,
            sqlite_where=sa.text("look_again_on IS NOT NULL"),
            postgresql_where=sa.text("look_again_on IS NOT NULL"),
        )
        batch_op.create_index("ix_remedyaction_state", ["state", "due_on"], unique=False)

    op.create_table(
        "supplierlink",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("opened_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["suppliercontact.id"],
            name=op.f("fk_supplierlink_contact_id_suppliercontact"),
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["staff.id"], name=op.f("fk_supplierlink_made_by_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplierlink")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_supplierlink_token_hash")),
    )
    with op.batch_alter_table("supplierlink", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_supplierlink_contact_id"), ["contact_id"], unique=False
        )

    op.create_table(
        "heldwords",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "file",
                "acknowledge",
                "triage",
                "assign",
                "ask",
                "reply",
                "note",
                "notify-factory",
                "assess",
                "investigate",
                "propose-remedy",
                "conclude",
                "resolve",
                "close",
                "refer",
                "reject",
                "add",
                "confirm",
                "dispute",
                "appeal",
                "withdraw",
                "rate",
                "check-in",
                "move",
                "forget",
                "link",
                "unlink",
                "end-duplicate",
                "told",
                "protect",
                "party",
                "interview",
                "task",
                "consider",
                "finding",
                "pause",
                "resume",
                "ask-extension",
                "extend",
                "refuse-extension",
                "miss",
                "escalate",
                "recalculate",
                "declare",
                "bar",
                "plan-remedy",
                "verify-remedy",
                "record-money",
                "invite-factory",
                "factory-answer",
                "import",
                "export",
                "redact",
                "hold",
                "release",
                "expire",
                "hold-words",
                "drop-words",
                "translate",
                "transcribe",
                "ask-interpreter",
                name="action",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("wanted", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("begun_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("reason", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_heldwords_case_id_case")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_heldwords_message_id_message")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_heldwords_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_heldwords")),
    )
    with op.batch_alter_table("heldwords", schema=None) as batch_op:
        batch_op.create_index(
            "ix_heldwords_open",
            ["case_id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "interview",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "whom",
            sa.Enum("worker", "party", "other", name="whom", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("party_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column(
            "how",
            sa.Enum(
                "in-person", "phone", "site-visit", name="meeting", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("consent", sa.Boolean(), nullable=False),
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("noted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("noted_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_interview_case_id_case")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_interview_message_id_message")
        ),
        sa.ForeignKeyConstraint(
            ["noted_by"], ["staff.id"], name=op.f("fk_interview_noted_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["party_id"], ["party.id"], name=op.f("fk_interview_party_id_party")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
    )
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interview_case_id"), ["case_id"], unique=False)

    op.create_table(
        "remedyentry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "action_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "added",
                "changed",
                "claimed",
                "answered",
                "refused",
                "verified",
                "not-done",
                "dropped",
                "reopened",
                "looked-again",
                name="remedystep",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "attachment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column(
            "verified_by",
            sa.Enum(
                "visit",
                "interview",
                "documents",
                "payment-proof",
                name="verifiedby",
                native_enum=False,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verifier_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("organisation_index", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["action_id"], ["remedyaction.id"], name=op.f("fk_remedyentry_action_id_remedyaction")
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachment.id"],
            name=op.f("fk_remedyentry_attachment_id_attachment"),
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"],
            ["suppliercontact.id"],
            name=op.f("fk_remedyentry_contact_id_suppliercontact"),
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_remedyentry_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedyentry")),
    )
    with op.batch_alter_table("remedyentry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remedyentry_action_id"), ["action_id"], unique=False)

    op.create_table(
        "interpreting",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("held_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("wanted", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("asked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("done_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["staff.id"], name=op.f("fk_interpreting_asked_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_interpreting_case_id_case")
        ),
        sa.ForeignKeyConstraint(
            ["done_by"], ["staff.id"], name=op.f("fk_interpreting_done_by_staff")
        ),
        sa.ForeignKeyConstraint(
            ["held_id"], ["heldwords.id"], name=op.f("fk_interpreting_held_id_heldwords")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_interpreting_message_id_message")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_interpreting_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpreting")),
    )
    with op.batch_alter_table("interpreting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interpreting_case_id"), ["case_id"], unique=False)
        batch_op.create_index(
            "ix_interpreting_open",
            ["asked_at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "messageversion",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("held_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("translation", "transcript", name="versionkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("language", sqlmodel.sql.sqltypes.AutoString(length=16), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column(
            "made_by",
            sa.Enum(
                "staff",
                "interpreter",
                "machine",
                "phrases",
                name="versionby",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["case.id"], name=op.f("fk_messageversion_case_id_case")
        ),
        sa.ForeignKeyConstraint(
            ["held_id"], ["heldwords.id"], name=op.f("fk_messageversion_held_id_heldwords")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_messageversion_message_id_message")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_messageversion_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messageversion")),
    )
    with op.batch_alter_table("messageversion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messageversion_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("accesslog", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accesslog_case_id"))
        batch_op.drop_index(batch_op.f("ix_accesslog_staff_id"))
        batch_op.create_index("ix_accesslog_case", ["case_id", "id"], unique=False)
        batch_op.create_index("ix_accesslog_person", ["staff_id", "id"], unique=False)
        batch_op.create_index("ix_accesslog_what", ["what", "id"], unique=False)

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("second_step_by", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        batch_op.add_column(
            sa.Column("second_step_reset_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )

    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "reach",
                sa.Enum(
                    "not-at-all", "by-phone", "returns", name="reach", native_enum=False, length=24
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("phone_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(
            sa.Column("admissible_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        batch_op.add_column(
            sa.Column(
                "inadmissible",
                sa.Enum(
                    "not-work",
                    "not-covered",
                    "outside",
                    "decided",
                    "nothing-to-act-on",
                    name="inadmissible",
                    native_enum=False,
                    length=24,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "referral",
                sa.Enum(
                    "labour-office",
                    "legal-aid",
                    "union",
                    "care",
                    "child-protection",
                    "other-mechanism",
                    "other",
                    name="referral",
                    native_enum=False,
                    length=24,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("words_deleted_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        batch_op.add_column(
            sa.Column("legal_hold", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("imported_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        batch_op.create_index(
            "ix_case_practice",
            ["updated_at"],
            unique=False,
            sqlite_where=sa.text("practice = 1"),
            postgresql_where=sa.text("practice"),
        )

    with op.batch_alter_table("caseevent", schema=None) as batch_op:
        batch_op.create_index(
            "ix_caseevent_taken_away",
            ["id"],
            unique=False,
            sqlite_where=sa.text("action IN ('redact', 'hold', 'release', 'expire', 'forget')"),
            postgresql_where=sa.text("action IN ('redact', 'hold', 'release', 'expire', 'forget')"),
        )

    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("position", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column(
                "finding",
                sa.Enum(
                    "founded",
                    "partly",
                    "unfounded",
                    "undetermined",
                    name="finding",
                    native_enum=False,
                    length=24,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column(
                "gravity",
                sa.Enum("major", "minor", name="gravity", native_enum=False, length=24),
                nullable=True,
            )
        )
        batch_op.add_column(
            sa.Column("finding_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True)
        )
        batch_op.add_column(
            sa.Column(
                "finding_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.add_column(sa.Column("reason_sealed", sa.LargeBinary(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_issue_finding_by_staff"), "staff", ["finding_by"], ["id"]
        )

    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "staff_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_link_staff_id_staff"), "staff", ["staff_id"], ["id"]
        )

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "speaks",
                sqlmodel.sql.sqltypes.AutoString(length=200),
                server_default="",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("scope_factories", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("scope_languages", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(
            sa.Column("barred_factories", sa.JSON(none_as_null=True), nullable=True)
        )
        batch_op.add_column(
            sa.Column("may_identify", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("away_until", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "stand_in_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )


def downgrade() -> None:
    # What there was no word for before: the nearest one.
    op.execute("UPDATE \"case\" SET channel = 'web' WHERE channel NOT IN ('telegram', 'web')")
    op.execute(
        "UPDATE staff SET role = 'brand', active = false WHERE role IN ('interpreter', 'auditor')"
    )
    op.execute("UPDATE caseevent SET role = 'handler' WHERE role IN ('interpreter', 'auditor')")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_column("stand_in_id")
        batch_op.drop_column("away_until")
        batch_op.drop_column("may_identify")
        batch_op.drop_column("barred_factories")
        batch_op.drop_column("scope_languages")
        batch_op.drop_column("scope_factories")
        batch_op.drop_column("speaks")

    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_link_staff_id_staff"), type_="foreignkey")
        batch_op.drop_column("staff_id")

    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_issue_finding_by_staff"), type_="foreignkey")
        batch_op.drop_column("reason_sealed")
        batch_op.drop_column("finding_by")
        batch_op.drop_column("finding_at")
        batch_op.drop_column("gravity")
        batch_op.drop_column("finding")
        batch_op.drop_column("position")

    with op.batch_alter_table("caseevent", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_caseevent_taken_away",
            sqlite_where=sa.text("action IN ('redact', 'hold', 'release', 'expire', 'forget')"),
            postgresql_where=sa.text("action IN ('redact', 'hold', 'release', 'expire', 'forget')"),
        )

    with op.batch_alter_table("case", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_case_practice",
            sqlite_where=sa.text("practice = 1"),
            postgresql_where=sa.text("practice"),
        )
        batch_op.drop_column("imported_at")
        batch_op.drop_column("legal_hold")
        batch_op.drop_column("words_deleted_at")
        batch_op.drop_column("referral")
        batch_op.drop_column("inadmissible")
        batch_op.drop_column("admissible_at")
        batch_op.drop_column("phone_sealed")
        batch_op.drop_column("reach")

    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("second_step_reset_at")
        batch_op.drop_column("second_step_by")

    with op.batch_alter_table("accesslog", schema=None) as batch_op:
        batch_op.drop_index("ix_accesslog_what")
        batch_op.drop_index("ix_accesslog_person")
        batch_op.drop_index("ix_accesslog_case")
        batch_op.create_index(batch_op.f("ix_accesslog_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_accesslog_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("messageversion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_messageversion_case_id"))

    op.drop_table("messageversion")
    with op.batch_alter_table("interpreting", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_interpreting_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_interpreting_case_id"))

    op.drop_table("interpreting")
    with op.batch_alter_table("remedyentry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_remedyentry_action_id"))

    op.drop_table("remedyentry")
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interview_case_id"))

    op.drop_table("interview")
    with op.batch_alter_table("heldwords", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_heldwords_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("heldwords")
    with op.batch_alter_table("supplierlink", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_supplierlink_contact_id"))

    op.drop_table("supplierlink")
    with op.batch_alter_table("remedyaction", schema=None) as batch_op:
        batch_op.drop_index("ix_remedyaction_state")
        batch_op.drop_index(
            "ix_remedyaction_look_again",
            sqlite_where=sa.text("look_again_on IS NOT NULL"),
            postgresql_where=sa.text("look_again_on IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_remedyaction_contact_id"))
        batch_op.drop_index(batch_op.f("ix_remedyaction_case_id"))

    op.drop_table("remedyaction")
    with op.batch_alter_table("ledgerentry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledgerentry_group_id"))
        batch_op.drop_index(batch_op.f("ix_ledgerentry_case_id"))

    op.drop_table("ledgerentry")
    with op.batch_alter_table("tie", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tie_staff_id"))
        batch_op.drop_index(batch_op.f("ix_tie_case_id"))
        batch_op.drop_index(batch_op.f("ix_tie_brand_id"))

    op.drop_table("tie")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_task_open",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_task_case_id"))

    op.drop_table("task")
    with op.batch_alter_table("suppliercontact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suppliercontact_case_id"))

    op.drop_table("suppliercontact")
    with op.batch_alter_table("signinsession", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signinsession_account_id"))

    op.drop_table("signinsession")
    with op.batch_alter_table("recoverycode", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recoverycode_account_id"))

    op.drop_table("recoverycode")
    op.drop_table("phrasetext")
    with op.batch_alter_table("persongroup", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_persongroup_case_id"))

    op.drop_table("persongroup")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_account_id"))

    op.drop_table("passkey")
    with op.batch_alter_table("party", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_party_staff_id"))
        batch_op.drop_index(batch_op.f("ix_party_organisation_index"))
        batch_op.drop_index(batch_op.f("ix_party_case_id"))

    op.drop_table("party")
    op.drop_table("importedcase")
    with op.batch_alter_table("handedover", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handedover_absence_id"))

    op.drop_table("handedover")
    op.drop_table("declaration")
    with op.batch_alter_table("conflict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conflict_case_id"))

    op.drop_table("conflict")
    with op.batch_alter_table("break", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_break_verification_id"))

    op.drop_table("break")
    with op.batch_alter_table("authenticator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authenticator_account_id"))

    op.drop_table("authenticator")
    with op.batch_alter_table("verification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verification_ended_at"))

    op.drop_table("verification")
    op.drop_table("phrase")
    with op.batch_alter_table("caseupload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_caseupload_staff_id"))
        batch_op.drop_index(batch_op.f("ix_caseupload_at"))

    op.drop_table("caseupload")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_staff_id"))
        batch_op.drop_index(batch_op.f("ix_absence_next_at"))

    op.drop_table("absence")
    with op.batch_alter_table("usedchallenge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_usedchallenge_at"))

    op.drop_table("usedchallenge")
    op.drop_table("secondsteprule")
    with op.batch_alter_table("anchoredhead", schema=None) as batch_op:
        batch_op.drop_index("ix_anchoredhead_case")

    op.drop_table("anchoredhead")
    op.drop_table("anchor")
    for table, column, before, _after in LISTS:
        _limit(table, column, before)
