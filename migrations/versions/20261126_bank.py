"""Items that new papers leave out, and what is reckoned from the answers to items."""

import sqlalchemy as sa
from alembic import op

revision = '20261126_bank'
down_revision = '20261126_privacy'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('retired_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=120), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('retired_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('retired_by', sa.Integer(), nullable=True),
    sa.Column('restored_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('restored_by', sa.Integer(), nullable=True),
    sa.Column('open_key', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_retired_item_course_id')),
    sa.ForeignKeyConstraint(['restored_by'], ['account.id'], name=op.f('fk_retired_item_restored_by')),
    sa.ForeignKeyConstraint(['retired_by'], ['account.id'], name=op.f('fk_retired_item_retired_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_retired_item')),
    sa.UniqueConstraint('course_id', 'item', 'open_key', name=op.f('uq_retired_item_course_id_item_open_key'))
    )


def downgrade() -> None:
    op.drop_table('retired_item')
