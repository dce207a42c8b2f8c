"""Views of reports that people save."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '20261126_reports'
down_revision = "20261126_assign"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('saved_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('filters', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
    sa.Column('schedule', sa.String(length=10), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("schedule in ('weekly', 'monthly', '')", name=op.f('ck_saved_view_schedule')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_saved_view_account_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    sa.UniqueConstraint('account_id', 'name', name=op.f('uq_saved_view_account_id_name')),
    sa.UniqueConstraint('public_id', name=op.f('uq_saved_view_public_id'))
    )
    op.create_index(op.f('ix_saved_view_due_on'), 'saved_view', ['due_on'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_saved_view_due_on'), table_name='saved_view')
    op.drop_table('saved_view')
