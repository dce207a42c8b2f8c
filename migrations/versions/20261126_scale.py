"""Counts by profession, of critical targets, cover and endings beside those that are kept already.

Rollups and standings are worked out from the ledger, so they are made anew and everybody is marked;
the next fold fills them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261126_scale"
down_revision = "20261126_reports"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
CELL = ("at_target", "n0", "n1", "n2", "n3", "n4", "n5", "ends30", "ends60", "ends90", "ends365")
STAFF = ("staff", "targeted", "complete", "critical", "compliant", "super_users", "ends30", "ends60", "ends90", "ends365")


def upgrade() -> None:
    _empty()
    _tables("rollup", "unit_staff", CELL, STAFF)
    _tables("profession_rollup", "profession_staff", CELL, STAFF, "profession")
    op.create_table(
        "standing",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("levels", sa.Text(), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("endings", sa.Text(), nullable=False),
        sa.Column("units", DOCUMENT, nullable=False),
        sa.Column("cover", DOCUMENT, nullable=False),
        sa.Column("profession", sa.String(length=20), nullable=False),
        sa.Column("compliant", sa.Boolean(), nullable=True),
        sa.Column("changes_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_standing_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_standing")),
    )
    op.create_index(op.f("ix_standing_changes_on"), "standing", ["changes_on"], unique=False)
    op.create_table(
        "unit_edition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_unit_edition_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_edition")),
    )


def downgrade() -> None:
    op.drop_table("unit_edition")
    op.drop_table("profession_staff")
    op.drop_table("profession_rollup")
    _empty()
    _tables("rollup", "unit_staff", ("of", *CELL[:7]), STAFF[:3])
    op.create_table(
        "standing",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("levels", sa.Text(), nullable=False),
        sa.Column("targets", sa.Text(), nullable=False),
        sa.Column("units", DOCUMENT, nullable=False),
        sa.Column("profession", sa.String(length=20), nullable=False),
        sa.Column("changes_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_standing_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_standing")),
    )
    op.create_index(op.f("ix_standing_changes_on"), "standing", ["changes_on"], unique=False)


def _empty() -> None:
    """Mark everybody and drop what the fold works out."""
    op.execute("insert into mark (person_id) select person_id from post union select person_id from evidence")
    op.drop_index(op.f("ix_standing_changes_on"), table_name="standing")
    for table in ("standing", "unit_staff", "rollup"):
        op.drop_table(table)


def _tables(cells: str, heads: str, cell: tuple[str, ...], staff: tuple[str, ...], *text: str) -> None:
    """A table of counts by unit and competency, and one by unit; `text` names a further column of their keys."""
    for table, counts, numbers in ((cells, cell, ("competency_id",)), (heads, staff, ())):
        op.create_table(
            table,
            sa.Column("unit_id", sa.Integer(), nullable=False),
            *(sa.Column(name, sa.String(length=20), nullable=False) for name in text),
            *(sa.Column(name, sa.Integer(), nullable=False) for name in (*numbers, *counts)),
            sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f(f"fk_{table}_unit_id")),
            *(
                sa.ForeignKeyConstraint([name], ["competency.id"], name=op.f(f"fk_{table}_{name}"))
                for name in numbers
            ),
            sa.PrimaryKeyConstraint("unit_id", *text, *numbers, name=op.f(f"pk_{table}")),
        )
