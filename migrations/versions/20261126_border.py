"""Studies in which a panel judges people who took the exam: what was said of whom, and what is left of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261126_border"
down_revision = "20261126_prices"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
# Written out, since both databases take a column with its check, and no full table has to be made anew for it.
METHOD = """
alter table standard_study add column method varchar(12) default 'angoff' not null
constraint ck_standard_study_method check (method in ('angoff', 'borderline'))
"""


def upgrade() -> None:
    op.execute(METHOD)
    op.add_column("standard_round", sa.Column("takers", DOCUMENT, nullable=True))
    op.create_table(
        "standard_judgement",
        sa.Column("study_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("judgement", sa.String(length=12), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "judgement in ('below', 'borderline', 'above')", name=op.f("ck_standard_judgement_judgement")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_standard_judgement_account_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_standard_judgement_person_id")),
        sa.ForeignKeyConstraint(["study_id"], ["standard_study.id"], name=op.f("fk_standard_judgement_study_id")),
        sa.PrimaryKeyConstraint("study_id", "account_id", "person_id", name=op.f("pk_standard_judgement")),
    )
    op.create_index("ix_standard_judgement_person", "standard_judgement", ["person_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_standard_judgement_person", "standard_judgement")
    op.drop_table("standard_judgement")
    op.drop_column("standard_round", "takers")
    op.drop_column("standard_study", "method")
