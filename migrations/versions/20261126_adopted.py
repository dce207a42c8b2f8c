"""A pass mark adopted by a panel is kept from change by the database itself."""

from alembic import op

revision = "20261126_adopted"
down_revision = "20261126_standards"
branch_labels = None
depends_on = None

TABLE = "standard_adopted"
ACTS = ("update", "delete")


def upgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for act in ACTS:
        head = f"create trigger {TABLE}_no_{act} before {act} on {TABLE} for each row "
        if postgres:
            op.execute(head + "execute function refuse_change()")
        else:
            op.execute(head + f"begin select raise(abort, '{TABLE} is append-only'); end")


def downgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for act in ACTS:
        op.execute(f"drop trigger {TABLE}_no_{act}" + (f" on {TABLE}" if postgres else ""))
