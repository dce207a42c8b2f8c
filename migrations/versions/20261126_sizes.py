"""A mark that is another after every change of how many people the kept counts are about."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_sizes"
down_revision = "20261126_border"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "size_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_size_edition_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_size_edition")),
    )


def downgrade() -> None:
    op.drop_table("size_edition")
