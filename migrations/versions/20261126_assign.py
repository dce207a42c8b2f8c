"""Policies and who attested them, pathways, rules of training, direct assignments, exemptions, reminders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '20261126_assign'
down_revision = '20261126_golive'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('assignment_rule',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment_rule')),
    sa.UniqueConstraint('public_id', name=op.f('uq_assignment_rule_public_id'))
    )
    op.create_table('pathway',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pathway')),
    sa.UniqueConstraint('code', name=op.f('uq_pathway_code'))
    )
    op.create_table('reminder_sent',
    sa.Column('key', sa.String(length=120), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_reminder_sent'))
    )
    with op.batch_alter_table('reminder_sent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminder_sent_sent_at'), ['sent_at'], unique=False)

    op.create_table('assignment_direct',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('target_kind', sa.String(length=12), nullable=False),
    sa.Column('target_code', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('assigned_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('assigned_by', sa.Integer(), nullable=True),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.Column('open_key', sa.Integer(), nullable=True),
    sa.CheckConstraint("kind in ('mandatory', 'recommended')", name=op.f('ck_assignment_direct_kind')),
    sa.CheckConstraint("target_kind in ('course', 'pathway', 'policy')", name=op.f('ck_assignment_direct_target_kind')),
    sa.ForeignKeyConstraint(['assigned_by'], ['account.id'], name=op.f('fk_assignment_direct_assigned_by')),
    sa.ForeignKeyConstraint(['ended_by'], ['account.id'], name=op.f('fk_assignment_direct_ended_by')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_assignment_direct_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment_direct')),
    sa.UniqueConstraint('person_id', 'target_kind', 'target_code', 'open_key', name=op.f('uq_assignment_direct_person_id_target_kind_target_code_open_key')),
    sa.UniqueConstraint('public_id', name=op.f('uq_assignment_direct_public_id'))
    )
    op.create_table('assignment_exemption',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('rule_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('starts', sa.Date(), nullable=False),
    sa.Column('ends', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('granted_by', sa.Integer(), nullable=True),
    sa.Column('granted_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['granted_by'], ['account.id'], name=op.f('fk_assignment_exemption_granted_by')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_assignment_exemption_person_id')),
    sa.ForeignKeyConstraint(['rule_id'], ['assignment_rule.id'], name=op.f('fk_assignment_exemption_rule_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment_exemption')),
    sa.UniqueConstraint('public_id', name=op.f('uq_assignment_exemption_public_id')),
    sa.UniqueConstraint('rule_id', 'person_id', 'starts', name=op.f('uq_assignment_exemption_rule_id_person_id_starts'))
    )
    with op.batch_alter_table('assignment_exemption', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assignment_exemption_person_id'), ['person_id'], unique=False)

    op.create_table('assignment_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('rule_id', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('starts', sa.Date(), nullable=False),
    sa.Column('ends', sa.Date(), nullable=True),
    sa.Column('clock_from', sa.Date(), nullable=False),
    sa.Column('target_kind', sa.String(length=12), nullable=False),
    sa.Column('target_code', sa.String(length=40), nullable=False),
    sa.Column('level', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=True),
    sa.Column('professions', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
    sa.Column('roles', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
    sa.Column('within_days', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('due_days', sa.Integer(), nullable=True),
    sa.Column('recur_months', sa.Integer(), nullable=True),
    sa.Column('follows_expiry', sa.Boolean(), nullable=False),
    sa.Column('window_days', sa.Integer(), nullable=False),
    sa.Column('grace_days', sa.Integer(), nullable=False),
    sa.Column('because', sa.String(length=300), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("(target_kind = 'competency') = (level is not null)", name=op.f('ck_assignment_version_level')),
    sa.CheckConstraint("kind in ('mandatory', 'recommended')", name=op.f('ck_assignment_version_kind')),
    sa.CheckConstraint("target_kind in ('course', 'pathway', 'policy', 'competency')", name=op.f('ck_assignment_version_target_kind')),
    sa.CheckConstraint('due_days is null or due_days between 0 and 3650', name=op.f('ck_assignment_version_due_days')),
    sa.CheckConstraint('grace_days between 0 and 365', name=op.f('ck_assignment_version_grace_days')),
    sa.CheckConstraint('recur_months is null or recur_months between 1 and 120', name=op.f('ck_assignment_version_recur_months')),
    sa.CheckConstraint('window_days between 0 and 365', name=op.f('ck_assignment_version_window_days')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_assignment_version_made_by')),
    sa.ForeignKeyConstraint(['rule_id'], ['assignment_rule.id'], name=op.f('fk_assignment_version_rule_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_assignment_version_unit_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignment_version')),
    sa.UniqueConstraint('key', name=op.f('uq_assignment_version_key')),
    sa.UniqueConstraint('rule_id', 'sequence', name=op.f('uq_assignment_version_rule_id_sequence'))
    )
    op.create_table('pathway_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pathway_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('edition', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('audience', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
    sa.Column('steps', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['pathway_id'], ['pathway.id'], name=op.f('fk_pathway_text_pathway_id')),
    sa.ForeignKeyConstraint(['published_by'], ['account.id'], name=op.f('fk_pathway_text_published_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pathway_text')),
    sa.UniqueConstraint('pathway_id', 'digest', name=op.f('uq_pathway_text_pathway_id_digest'))
    )
    op.create_table('policy',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_by', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['withdrawn_by'], ['account.id'], name=op.f('fk_policy_withdrawn_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy')),
    sa.UniqueConstraint('code', name=op.f('uq_policy_code'))
    )
    op.create_table('policy_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('policy_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('edition', sa.String(length=40), nullable=False),
    sa.Column('change', sa.String(length=12), nullable=False),
    sa.Column('asked_from', sa.Date(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('owner', sa.String(length=300), nullable=False),
    sa.Column('audience', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
    sa.Column('effective', sa.Date(), nullable=False),
    sa.Column('review_by', sa.Date(), nullable=True),
    sa.Column('reattest_months', sa.Integer(), nullable=True),
    sa.Column('competencies', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
    sa.Column('responsibilities', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('words', sa.Integer(), nullable=False),
    sa.Column('html', sa.Text(), nullable=False),
    sa.Column('changes_html', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("change in ('first', 'material', 'correction')", name=op.f('ck_policy_text_change')),
    sa.ForeignKeyConstraint(['policy_id'], ['policy.id'], name=op.f('fk_policy_text_policy_id')),
    sa.ForeignKeyConstraint(['published_by'], ['account.id'], name=op.f('fk_policy_text_published_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_text')),
    sa.UniqueConstraint('policy_id', 'digest', name=op.f('uq_policy_text_policy_id_digest'))
    )
    op.create_table('attestation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('policy_id', sa.Integer(), nullable=False),
    sa.Column('text_id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.String(length=40), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('statement', sa.Text(), nullable=False),
    sa.Column('attested_on', sa.Date(), nullable=False),
    sa.Column('attested_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_attestation_person_id')),
    sa.ForeignKeyConstraint(['policy_id'], ['policy.id'], name=op.f('fk_attestation_policy_id')),
    sa.ForeignKeyConstraint(['text_id'], ['policy_text.id'], name=op.f('fk_attestation_text_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attestation')),
    sa.UniqueConstraint('person_id', 'policy_id', 'edition', 'attested_on', name=op.f('uq_attestation_person_id_policy_id_edition_attested_on')),
    sa.UniqueConstraint('public_id', name=op.f('uq_attestation_public_id'))
    )
    with op.batch_alter_table('attestation', schema=None) as batch_op:
        batch_op.create_index('ix_attestation_policy', ['policy_id', 'edition'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('attestation', schema=None) as batch_op:
        batch_op.drop_index('ix_attestation_policy')

    op.drop_table('attestation')
    op.drop_table('policy_text')
    op.drop_table('policy')
    op.drop_table('pathway_text')
    op.drop_table('assignment_version')
    with op.batch_alter_table('assignment_exemption', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_assignment_exemption_person_id'))

    op.drop_table('assignment_exemption')
    op.drop_table('assignment_direct')
    with op.batch_alter_table('reminder_sent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reminder_sent_sent_at'))

    op.drop_table('reminder_sent')
    op.drop_table('pathway')
    op.drop_table('assignment_rule')
