"""Where a look at somebody's record was: the page and its labels as they were seen, beside the look itself."""

import sqlalchemy as sa
from alembic import op

revision = "20261126_looks"
down_revision = "20261126_sizes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "record_view_place",
        sa.Column("view_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=30), nullable=False),
        sa.Column("about", sa.String(length=300), nullable=False),
        sa.Column("unit", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("place <> ''", name=op.f("ck_record_view_place_place")),
        sa.ForeignKeyConstraint(
            ["view_id"], ["record_view.id"], name=op.f("fk_record_view_place_view_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("view_id", "place", "about", "unit", name=op.f("pk_record_view_place")),
    )
    op.create_index(op.f("ix_record_view_place_at"), "record_view_place", ["at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_record_view_place_at"), "record_view_place")
    op.drop_table("record_view_place")
