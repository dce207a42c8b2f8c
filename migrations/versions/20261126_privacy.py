"""Who looked at whose record, erasures, and an audit trail and ledger that the database itself keeps from change."""

import sqlalchemy as sa
from alembic import op

revision = '20261126_privacy'
down_revision = '20261126a'
branch_labels = None
depends_on = None


# A row of the trail never changes. Of the ledger only the free text may be emptied, when a person is erased.
GUARDED = {
    "audit_entry": "at, actor_id, action, subject_kind, subject, detail",
    "evidence": "key, person_id, competency_id, source, level, passed, signed_off, coaching_log, achieved_on, "
    "valid_until, recorded_at",
}
REFUSE = """
create function refuse_change() returns trigger language plpgsql as $$
begin raise exception '% is append-only', tg_table_name; end $$
"""


def guard() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(REFUSE)
    for table, columns in GUARDED.items():
        for name, act in (("update", f"update of {columns}"), ("delete", "delete")):
            head = f"create trigger {table}_no_{name} before {act} on {table} for each row "
            if postgres:
                op.execute(head + "execute function refuse_change()")
            else:
                op.execute(head + f"begin select raise(abort, '{table} is append-only'); end")


def upgrade() -> None:
    op.create_table('erasure',
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('erased_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('erased_by', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['erased_by'], ['account.id'], name=op.f('fk_erasure_erased_by')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_erasure_person_id')),
    sa.PrimaryKeyConstraint('person_id', name=op.f('pk_erasure'))
    )
    op.create_table('record_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('viewer_id', sa.Integer(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=20), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('span', sa.Integer(), nullable=False),
    sa.CheckConstraint("what in ('list', 'record', 'certificate', 'export')", name=op.f('ck_record_view_what')),
    sa.ForeignKeyConstraint(['subject_id'], ['person.id'], name=op.f('fk_record_view_subject_id')),
    sa.ForeignKeyConstraint(['viewer_id'], ['account.id'], name=op.f('fk_record_view_viewer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_view')),
    sa.UniqueConstraint('subject_id', 'viewer_id', 'what', 'span', name=op.f('uq_record_view_subject_id_viewer_id_what_span'))
    )
    with op.batch_alter_table('record_view', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_record_view_at'), ['at'], unique=False)
        batch_op.create_index('ix_record_view_viewer_at', ['viewer_id', 'at'], unique=False)
    guard()


def downgrade() -> None:
    postgres = op.get_bind().dialect.name == "postgresql"
    for table in GUARDED:
        for name in ("update", "delete"):
            op.execute(f"drop trigger {table}_no_{name}" + (f" on {table}" if postgres else ""))
    if postgres:
        op.execute("drop function refuse_change()")
    with op.batch_alter_table('record_view', schema=None) as batch_op:
        batch_op.drop_index('ix_record_view_viewer_at')
        batch_op.drop_index(batch_op.f('ix_record_view_at'))

    op.drop_table('record_view')
    op.drop_table('erasure')
