"""What asking an item costs in a test-out, learnt for each course's text and figures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261126_prices"
down_revision = "20261126_adopted"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "placement_prices",
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("figures_digest", sa.String(length=64), nullable=False),
        sa.Column("pool_digest", sa.String(length=64), nullable=False),
        sa.Column("prices", DOCUMENT, nullable=False),
        sa.Column("learnt_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_placement_prices_course_id")),
        sa.ForeignKeyConstraint(["version_id"], ["course_version.id"], name=op.f("fk_placement_prices_version_id")),
        sa.PrimaryKeyConstraint("course_id", name=op.f("pk_placement_prices")),
    )


def downgrade() -> None:
    op.drop_table("placement_prices")
