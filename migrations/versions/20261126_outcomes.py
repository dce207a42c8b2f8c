"""Quality measures, comparisons with training, and evaluations of courses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '20261126_outcomes'
down_revision = '20261126_privacy'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('measure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=3), nullable=False),
    sa.Column('direction', sa.String(length=4), nullable=False),
    sa.Column('span', sa.String(length=5), nullable=False),
    sa.Column('per', sa.Integer(), nullable=False),
    sa.Column('of', sa.String(length=80), nullable=False),
    sa.Column('owner', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=300), nullable=False),
    sa.Column('definition', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("direction in ('up', 'down', 'none')", name=op.f('ck_measure_direction')),
    sa.CheckConstraint("kind in ('p', 'u', 'c', 'xmr')", name=op.f('ck_measure_kind')),
    sa.CheckConstraint("span in ('month', 'week')", name=op.f('ck_measure_span')),
    sa.CheckConstraint('per > 0', name=op.f('ck_measure_per')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure')),
    sa.UniqueConstraint('code', name=op.f('uq_measure_code'))
    )
    op.create_table('comparison',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('measure_id', sa.Integer(), nullable=False),
    sa.Column('course_code', sa.String(length=40), nullable=False),
    sa.Column('units', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
    sa.Column('beside', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('lag', sa.Integer(), nullable=False),
    sa.Column('expected', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('registered_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("expected in ('better', 'worse', 'none')", name=op.f('ck_comparison_expected')),
    sa.CheckConstraint('lag between 0 and 24', name=op.f('ck_comparison_lag')),
    sa.ForeignKeyConstraint(['measure_id'], ['measure.id'], name=op.f('fk_comparison_measure_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comparison')),
    sa.UniqueConstraint('public_id', name=op.f('uq_comparison_public_id'))
    )
    with op.batch_alter_table('comparison', schema=None) as batch_op:
        batch_op.create_index('ix_comparison_measure', ['measure_id'], unique=False)

    op.create_table('concurrent_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('happened_on', sa.Date(), nullable=False),
    sa.Column('words', sa.String(length=300), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_concurrent_change_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_concurrent_change')),
    sa.UniqueConstraint('public_id', name=op.f('uq_concurrent_change_public_id'))
    )
    op.create_table('measure_value',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('measure_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('period', sa.Date(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('numerator', sa.Numeric(precision=18, scale=6), nullable=False),
    sa.Column('denominator', sa.Numeric(precision=18, scale=6), nullable=True),
    sa.Column('known_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('revision >= 1', name=op.f('ck_measure_value_revision')),
    sa.ForeignKeyConstraint(['measure_id'], ['measure.id'], name=op.f('fk_measure_value_measure_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_measure_value_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_measure_value')),
    sa.UniqueConstraint('measure_id', 'unit_id', 'period', 'revision', name=op.f('uq_measure_value_measure_id_unit_id_period_revision'))
    )
    op.create_table('comparison_outcome',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('comparison_id', sa.Integer(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("outcome in ('better', 'worse', 'mixed', 'change', 'none', 'early')", name=op.f('ck_comparison_outcome_outcome')),
    sa.ForeignKeyConstraint(['comparison_id'], ['comparison.id'], name=op.f('fk_comparison_outcome_comparison_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comparison_outcome')),
    sa.UniqueConstraint('comparison_id', 'digest', name=op.f('uq_comparison_outcome_comparison_id_digest'))
    )


def downgrade() -> None:
    op.drop_table('comparison_outcome')
    op.drop_table('measure_value')
    op.drop_table('concurrent_change')
    with op.batch_alter_table('comparison', schema=None) as batch_op:
        batch_op.drop_index('ix_comparison_measure')

    op.drop_table('comparison')
    op.drop_table('measure')
