"""Go-live plans: editions, checklist, frozen reports, outcomes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
revision = '20261126_golive'
down_revision = '20261126b'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('golive_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['account.id'], name=op.f('fk_golive_plan_created_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_golive_plan')),
    sa.UniqueConstraint('public_id', name=op.f('uq_golive_plan_public_id'))
    )
    op.create_table('golive_edition',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('text', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("state in ('draft', 'active', 'done')", name=op.f('ck_golive_edition_state')),
    sa.CheckConstraint('number > 0', name=op.f('ck_golive_edition_number')),
    sa.ForeignKeyConstraint(['plan_id'], ['golive_plan.id'], name=op.f('fk_golive_edition_plan_id')),
    sa.ForeignKeyConstraint(['saved_by'], ['account.id'], name=op.f('fk_golive_edition_saved_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_golive_edition')),
    sa.UniqueConstraint('plan_id', 'number', name=op.f('uq_golive_edition_plan_id_number'))
    )
    op.create_table('golive_outcome',
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('tickets', sa.Numeric(precision=8, scale=2), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.CheckConstraint('tickets >= 0', name=op.f('ck_golive_outcome_tickets')),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_golive_outcome_entered_by')),
    sa.ForeignKeyConstraint(['plan_id'], ['golive_plan.id'], name=op.f('fk_golive_outcome_plan_id')),
    sa.ForeignKeyConstraint(['unit_id'], ['unit.id'], name=op.f('fk_golive_outcome_unit_id')),
    sa.PrimaryKeyConstraint('plan_id', 'unit_id', name=op.f('pk_golive_outcome'))
    )
    op.create_table('golive_snapshot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('label', sa.String(length=10), nullable=False),
    sa.Column('go_live', sa.Date(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=False),
    sa.Column('taken_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('report', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql"), nullable=False),
    sa.ForeignKeyConstraint(['plan_id'], ['golive_plan.id'], name=op.f('fk_golive_snapshot_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_golive_snapshot')),
    sa.UniqueConstraint('plan_id', 'label', 'go_live', name=op.f('uq_golive_snapshot_plan_id_label_go_live'))
    )
    op.create_table('golive_tick',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('done', sa.Boolean(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by'], ['account.id'], name=op.f('fk_golive_tick_by')),
    sa.ForeignKeyConstraint(['plan_id'], ['golive_plan.id'], name=op.f('fk_golive_tick_plan_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_golive_tick')),
    sa.UniqueConstraint('plan_id', 'item', 'number', name=op.f('uq_golive_tick_plan_id_item_number'))
    )


def downgrade() -> None:
    op.drop_table('golive_tick')
    op.drop_table('golive_snapshot')
    op.drop_table('golive_outcome')
    op.drop_table('golive_edition')
    op.drop_table('golive_plan')
