"""Items that new papers leave out, and what is reckoned from the answers to items."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '20261126_bank'
down_revision = '20261126_privacy'
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


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
    op.create_table('bank_analysis',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('as_of', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('takers', sa.Integer(), nullable=False),
    sa.Column('papers', sa.Integer(), nullable=False),
    sa.Column('alpha', sa.Double(), nullable=True),
    sa.Column('sem', sa.Double(), nullable=True),
    sa.Column('model', sa.String(length=10), nullable=True),
    sa.Column('warnings', DOCUMENT, nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_bank_analysis_course_id')),
    sa.ForeignKeyConstraint(['version_id'], ['course_version.id'], name=op.f('fk_bank_analysis_version_id')),
    sa.PrimaryKeyConstraint('course_id', name=op.f('pk_bank_analysis'))
    )
    op.create_table('item_figures',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=120), nullable=False),
    sa.Column('takers', sa.Integer(), nullable=False),
    sa.Column('shown', sa.Integer(), nullable=False),
    sa.Column('difficulty', sa.Double(), nullable=True),
    sa.Column('discrimination', sa.Double(), nullable=True),
    sa.Column('flags', DOCUMENT, nullable=False),
    sa.Column('figures', DOCUMENT, nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_item_figures_course_id')),
    sa.PrimaryKeyConstraint('course_id', 'item', name=op.f('pk_item_figures'))
    )


def downgrade() -> None:
    op.drop_table('item_figures')
    op.drop_table('bank_analysis')
    op.drop_table('retired_item')
