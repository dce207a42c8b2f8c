"""Items that new papers leave out, and what is reckoned from the answers to items."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '20261126_bank'
down_revision = "20261126_outcomes"
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
    sa.Column('ability_sd', sa.Double(), nullable=True),
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
    op.create_table('placement_test',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('figures_digest', sa.String(length=64), nullable=False),
    sa.Column('state', DOCUMENT, nullable=False),
    sa.Column('answers', DOCUMENT, nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decision', sa.String(length=10), nullable=True),
    sa.Column('open_key', sa.Integer(), nullable=True),
    sa.CheckConstraint("decision in ('above', 'below', 'undecided')", name=op.f('ck_placement_test_decision')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_placement_test_course_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_placement_test_person_id')),
    sa.ForeignKeyConstraint(['version_id'], ['course_version.id'], name=op.f('fk_placement_test_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement_test')),
    sa.UniqueConstraint('person_id', 'course_id', 'open_key', name=op.f('uq_placement_test_person_id_course_id_open_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_placement_test_public_id'))
    )
    op.create_index('ix_placement_test_course', 'placement_test', ['course_id'], unique=False)
    op.create_table('placement_use',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=120), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_placement_use_course_id')),
    sa.PrimaryKeyConstraint('course_id', 'item', name=op.f('pk_placement_use'))
    )


def downgrade() -> None:
    op.drop_table('placement_use')
    op.drop_index('ix_placement_test_course', table_name='placement_test')
    op.drop_table('placement_test')
    op.drop_table('item_figures')
    op.drop_table('bank_analysis')
    op.drop_table('retired_item')
