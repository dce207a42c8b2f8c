"""The words of each imported framework, and the hospital's own decisions about targets; both only grow."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_framework"
down_revision = "20261126_bank"
branch_labels = None
depends_on = None

SUBJECTS = "('physician', 'nurse', 'pharmacist', 'super-user', 'informaticist')"
TABLES = ("framework_edition", "target_change", "target_withdrawal")


def guard() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in TABLES:
        for act in ("update", "delete"):
            head = f"create trigger {table}_no_{act} before {act} on {table} for each row "
            if postgres:
                op.execute(head + "execute function refuse_change()")
            else:
                op.execute(head + f"begin select raise(abort, '{table} is append-only'); end")


def upgrade() -> None:
    op.create_table(
        "framework_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("framework_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("imported_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["framework_id"], ["framework.id"], name=op.f("fk_framework_edition_framework_id")),
        sa.ForeignKeyConstraint(["imported_by"], ["account.id"], name=op.f("fk_framework_edition_imported_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_framework_edition")),
    )
    op.create_table(
        "target_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("competency_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("level between 0 and 5", name=op.f("ck_target_change_level")),
        sa.CheckConstraint(f"subject in {SUBJECTS}", name=op.f("ck_target_change_subject")),
        sa.CheckConstraint("way in ('at-least', 'exactly', 'none')", name=op.f("ck_target_change_way")),
        sa.ForeignKeyConstraint(["competency_id"], ["competency.id"], name=op.f("fk_target_change_competency_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_target_change_decided_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_target_change_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_change")),
        sa.UniqueConstraint("public_id", name=op.f("uq_target_change_public_id")),
    )
    op.create_table(
        "target_withdrawal",
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["target_change.id"], name=op.f("fk_target_withdrawal_change_id")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["account.id"], name=op.f("fk_target_withdrawal_withdrawn_by")),
        sa.PrimaryKeyConstraint("change_id", name=op.f("pk_target_withdrawal")),
    )
    guard()


def downgrade() -> None:
    op.drop_table("target_withdrawal")
    op.drop_table("target_change")
    op.drop_table("framework_edition")
