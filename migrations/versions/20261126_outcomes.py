"""Quality measures, comparisons with training, and evaluations of courses."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '20261126_outcomes'
down_revision = '20261126_scale'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('evaluation_form',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=60), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('edition', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('document', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_form')),
    sa.UniqueConstraint('digest', name=op.f('uq_evaluation_form_digest'))
    )
    with op.batch_alter_table('evaluation_form', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_form_code'), ['code'], unique=False)

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
    op.create_table('evaluation_asked',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('completion_key', sa.String(length=160), nullable=False),
    sa.Column('round', sa.String(length=40), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('answered', sa.Boolean(), nullable=False),
    sa.Column('draft', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=True),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('days between 0 and 999', name=op.f('ck_evaluation_asked_days')),
    sa.ForeignKeyConstraint(['form_id'], ['evaluation_form.id'], name=op.f('fk_evaluation_asked_form_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_evaluation_asked_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_asked')),
    sa.UniqueConstraint('completion_key', 'round', 'days', name=op.f('uq_evaluation_asked_completion_key_round_days'))
    )
    with op.batch_alter_table('evaluation_asked', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_asked_person_id'), ['person_id'], unique=False)

    op.create_table('evaluation_tally',
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('course_code', sa.String(length=40), nullable=False),
    sa.Column('round', sa.String(length=40), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('question', sa.String(length=40), nullable=False),
    sa.Column('answer', sa.String(length=40), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.CheckConstraint('count >= 0', name=op.f('ck_evaluation_tally_count')),
    sa.ForeignKeyConstraint(['form_id'], ['evaluation_form.id'], name=op.f('fk_evaluation_tally_form_id')),
    sa.PrimaryKeyConstraint('form_id', 'course_code', 'round', 'days', 'month', 'question', 'answer', name=op.f('pk_evaluation_tally'))
    )
    op.create_table('evaluation_text',
    sa.Column('key', sa.String(length=20), nullable=False),
    sa.Column('form_id', sa.Integer(), nullable=False),
    sa.Column('course_code', sa.String(length=40), nullable=False),
    sa.Column('round', sa.String(length=40), nullable=False),
    sa.Column('days', sa.Integer(), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('question', sa.String(length=40), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['form_id'], ['evaluation_form.id'], name=op.f('fk_evaluation_text_form_id')),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_evaluation_text')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('evaluation_text', schema=None) as batch_op:
        batch_op.create_index('ix_evaluation_text_course', ['course_code'], unique=False)

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
    with op.batch_alter_table('evaluation_text', schema=None) as batch_op:
        batch_op.drop_index('ix_evaluation_text_course')

    op.drop_table('evaluation_text')
    op.drop_table('evaluation_tally')
    with op.batch_alter_table('evaluation_asked', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_asked_person_id'))

    op.drop_table('evaluation_asked')
    op.drop_table('concurrent_change')
    with op.batch_alter_table('comparison', schema=None) as batch_op:
        batch_op.drop_index('ix_comparison_measure')

    op.drop_table('comparison')
    op.drop_table('measure')
    with op.batch_alter_table('evaluation_form', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_form_code'))

    op.drop_table('evaluation_form')
