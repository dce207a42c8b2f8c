"""What people decide about exams: marks, objections, regrades, resets, extra time."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '20261126a'
down_revision = '20261123a'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('time_allowance',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('granted_by', sa.Integer(), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('percent between 1 and 300', name=op.f('ck_time_allowance_percent')),
    sa.ForeignKeyConstraint(['granted_by'], ['account.id'], name=op.f('fk_time_allowance_granted_by')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_time_allowance_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_time_allowance'))
    )
    op.create_table('time_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('granted', sa.Boolean(), nullable=True),
    sa.Column('open_key', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_time_request_decided_by')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_time_request_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_time_request')),
    sa.UniqueConstraint('person_id', 'open_key', name=op.f('uq_time_request_person_id_open_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_time_request_public_id'))
    )
    op.create_table('regrade',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=120), nullable=False),
    sa.Column('rule', sa.String(length=20), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("rule in ('key', 'credit', 'leave-out')", name=op.f('ck_regrade_rule')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_regrade_course_id')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_regrade_made_by')),
    sa.ForeignKeyConstraint(['version_id'], ['course_version.id'], name=op.f('fk_regrade_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_regrade')),
    sa.UniqueConstraint('key', name=op.f('uq_regrade_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_regrade_public_id'))
    )
    with op.batch_alter_table('regrade', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_regrade_course_id'), ['course_id'], unique=False)

    op.create_table('attempt_reset',
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('reset_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reset_by', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_attempt_reset_attempt_id')),
    sa.ForeignKeyConstraint(['reset_by'], ['account.id'], name=op.f('fk_attempt_reset_reset_by')),
    sa.PrimaryKeyConstraint('attempt_id', name=op.f('pk_attempt_reset'))
    )
    op.create_table('challenge',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=120), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("outcome in ('explained', 'upheld')", name=op.f('ck_challenge_outcome')),
    sa.ForeignKeyConstraint(['answered_by'], ['account.id'], name=op.f('fk_challenge_answered_by')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_challenge_attempt_id')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_challenge_course_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_challenge')),
    sa.UniqueConstraint('attempt_id', 'item', name=op.f('uq_challenge_attempt_id_item')),
    sa.UniqueConstraint('public_id', name=op.f('uq_challenge_public_id'))
    )
    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.create_index('ix_challenge_course_item', ['course_id', 'item'], unique=False)

    op.create_table('essay_mark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=120), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('marker_id', sa.Integer(), nullable=False),
    sa.Column('points', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('marked_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('turn between 1 and 3', name=op.f('ck_essay_mark_turn')),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_essay_mark_attempt_id')),
    sa.ForeignKeyConstraint(['marker_id'], ['account.id'], name=op.f('fk_essay_mark_marker_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_essay_mark')),
    sa.UniqueConstraint('attempt_id', 'item', 'marker_id', name=op.f('uq_essay_mark_attempt_id_item_marker_id')),
    sa.UniqueConstraint('attempt_id', 'item', 'turn', name=op.f('uq_essay_mark_attempt_id_item_turn'))
    )
    op.create_table('regraded',
    sa.Column('regrade_id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('earned', sa.String(length=60), nullable=False),
    sa.Column('possible', sa.String(length=60), nullable=False),
    sa.Column('percent', sa.Numeric(precision=5, scale=1), nullable=False),
    sa.Column('passed', sa.Boolean(), nullable=False),
    sa.Column('percent_before', sa.Numeric(precision=5, scale=1), nullable=False),
    sa.Column('passed_before', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempt.id'], name=op.f('fk_regraded_attempt_id')),
    sa.ForeignKeyConstraint(['regrade_id'], ['regrade.id'], name=op.f('fk_regraded_regrade_id')),
    sa.PrimaryKeyConstraint('regrade_id', 'attempt_id', name=op.f('pk_regraded'))
    )
    with op.batch_alter_table('regraded', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_regraded_attempt_id'), ['attempt_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('regraded', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_regraded_attempt_id'))

    op.drop_table('regraded')
    op.drop_table('essay_mark')
    with op.batch_alter_table('challenge', schema=None) as batch_op:
        batch_op.drop_index('ix_challenge_course_item')

    op.drop_table('challenge')
    op.drop_table('attempt_reset')
    with op.batch_alter_table('regrade', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_regrade_course_id'))

    op.drop_table('regrade')
    op.drop_table('time_request')
    op.drop_table('time_allowance')
