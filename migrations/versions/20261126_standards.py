"""Panels that set pass marks: their studies, ratings, closed rounds, and what was adopted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261126_standards"
down_revision = "20261126_framework"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "standard_study",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("items", DOCUMENT, nullable=False),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=False),
        sa.CheckConstraint("rounds between 1 and 4", name=op.f("ck_standard_study_rounds")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_standard_study_course_id")),
        sa.ForeignKeyConstraint(["created_by"], ["account.id"], name=op.f("fk_standard_study_created_by")),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_standard_study_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_study")),
        sa.UniqueConstraint("public_id", name=op.f("uq_standard_study_public_id")),
    )
    op.create_index("ix_standard_course", "standard_study", ["course_id"], unique=False)
    op.create_table(
        "standard_judge",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_standard_judge_account_id")),
        sa.ForeignKeyConstraint(["study_id"], ["standard_study.id"], name=op.f("fk_standard_judge_study_id")),
        sa.PrimaryKeyConstraint("study_id", "account_id", name=op.f("pk_standard_judge")),
        sa.UniqueConstraint("study_id", "label", name=op.f("uq_standard_judge_study_id_label")),
    )
    op.create_table(
        "standard_rating",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=120), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("percent between 0 and 100", name=op.f("ck_standard_rating_percent")),
        sa.CheckConstraint("round >= 1", name=op.f("ck_standard_rating_round")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_standard_rating_account_id")),
        sa.ForeignKeyConstraint(["study_id"], ["standard_study.id"], name=op.f("fk_standard_rating_study_id")),
        sa.PrimaryKeyConstraint("study_id", "round", "account_id", "item", name=op.f("pk_standard_rating")),
    )
    op.create_table(
        "standard_round",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("takers_right", DOCUMENT, nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by"], ["account.id"], name=op.f("fk_standard_round_closed_by")),
        sa.ForeignKeyConstraint(["study_id"], ["standard_study.id"], name=op.f("fk_standard_round_study_id")),
        sa.PrimaryKeyConstraint("study_id", "number", name=op.f("pk_standard_round")),
    )
    op.create_table(
        "standard_adopted",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("cut", sa.String(length=40), nullable=False),
        sa.Column("adopted", sa.String(length=40), nullable=False),
        sa.Column("se", sa.Double(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("evidence", DOCUMENT, nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("adopted_by", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["adopted_by"], ["account.id"], name=op.f("fk_standard_adopted_adopted_by")),
        sa.ForeignKeyConstraint(["study_id"], ["standard_study.id"], name=op.f("fk_standard_adopted_study_id")),
        sa.PrimaryKeyConstraint("study_id", name=op.f("pk_standard_adopted")),
    )


def downgrade() -> None:
    op.drop_table("standard_adopted")
    op.drop_table("standard_round")
    op.drop_table("standard_rating")
    op.drop_table("standard_judge")
    op.drop_index("ix_standard_course", "standard_study")
    op.drop_table("standard_study")
