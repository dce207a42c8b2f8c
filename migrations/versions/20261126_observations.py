"""Checklists, confirmation, requests, coaching, prior learning, panels, delegation and withdrawn evidence."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261126b"
down_revision = "20261126_privacy"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "checklist",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("competency_code", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("edition", sa.String(length=40), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("intro_html", sa.Text(), nullable=False),
        sa.Column("items", DOCUMENT, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("level between 1 and 4", name=op.f("ck_checklist_level")),
        sa.ForeignKeyConstraint(["published_by"], ["account.id"], name=op.f("fk_checklist_published_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist")),
        sa.UniqueConstraint("code", "digest", name=op.f("uq_checklist_code_digest")),
    )
    op.create_index("ix_checklist_competency_code", "checklist", ["competency_code"])
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("competencies", DOCUMENT, nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(person_id is null) <> (unit_id is null)", name=op.f("ck_delegation_one_scope")),
        sa.CheckConstraint("ends >= starts", name=op.f("ck_delegation_dates")),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_delegation_two_accounts")),
        sa.ForeignKeyConstraint(["from_id"], ["account.id"], name=op.f("fk_delegation_from_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_delegation_person_id")),
        sa.ForeignKeyConstraint(["to_id"], ["account.id"], name=op.f("fk_delegation_to_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_delegation_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegation")),
        sa.UniqueConstraint("key", name=op.f("uq_delegation_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_delegation_public_id")),
    )
    op.create_index("ix_delegation_from_id", "delegation", ["from_id"])
    op.create_index("ix_delegation_to_id", "delegation", ["to_id"])
    with op.batch_alter_table("observation") as batch_op:
        batch_op.add_column(sa.Column("setting", sa.String(length=12), server_default="work", nullable=False))
        batch_op.add_column(sa.Column("checklist_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("answers", DOCUMENT, nullable=True))
        batch_op.add_column(sa.Column("delegation_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("state", sa.String(length=12), server_default="signed", nullable=False))
        batch_op.add_column(sa.Column("state_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(op.f("ix_observation_observer_id"), ["observer_id"], unique=False)
        batch_op.create_foreign_key(op.f("fk_observation_checklist_id"), "checklist", ["checklist_id"], ["id"])
        batch_op.create_foreign_key(op.f("fk_observation_delegation_id"), "delegation", ["delegation_id"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_observation_state"), "state in ('signed', 'confirmed', 'disputed', 'resolved', 'withdrawn')"
        )
        batch_op.create_check_constraint(op.f("ck_observation_setting"), "setting in ('work', 'simulation')")
    op.add_column("evidence", sa.Column("stated", sa.Integer(), nullable=True))
    op.create_table(
        "coaching_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("coach_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("competency_code", sa.String(length=20), nullable=False),
        sa.Column("coached_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("practised", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'confirmed', 'declined')", name=op.f("ck_coaching_entry_state")),
        sa.CheckConstraint("coach_id <> person_id", name=op.f("ck_coaching_entry_two_people")),
        sa.CheckConstraint("minutes between 1 and 600", name=op.f("ck_coaching_entry_minutes")),
        sa.ForeignKeyConstraint(["coach_id"], ["person.id"], name=op.f("fk_coaching_entry_coach_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_coaching_entry_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coaching_entry")),
        sa.UniqueConstraint("key", name=op.f("uq_coaching_entry_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_coaching_entry_public_id")),
    )
    op.create_index("ix_coaching_entry_coach_id", "coaching_entry", ["coach_id"])
    op.create_index("ix_coaching_entry_person_id", "coaching_entry", ["person_id"])
    op.create_table(
        "nudge",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_nudge_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_nudge_person_id")),
        sa.PrimaryKeyConstraint("person_id", "week", name=op.f("pk_nudge")),
    )
    op.create_table(
        "observation_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("open_key", sa.String(length=60), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("competency_code", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('open', 'done', 'withdrawn', 'expired')", name=op.f("ck_observation_request_state")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_observation_request_person_id")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["account.id"], name=op.f("fk_observation_request_supervisor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_request")),
        sa.UniqueConstraint("open_key", name=op.f("uq_observation_request_open_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_observation_request_public_id")),
    )
    op.create_index("ix_observation_request_person_id", "observation_request", ["person_id"])
    op.create_index("ix_observation_request_state_asked", "observation_request", ["state", "asked_at"])
    op.create_table(
        "panel_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("competency_code", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("members", DOCUMENT, nullable=False),
        sa.Column("minutes", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_panel_decision_person_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["account.id"], name=op.f("fk_panel_decision_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_decision")),
        sa.UniqueConstraint("key", name=op.f("uq_panel_decision_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_panel_decision_public_id")),
    )
    op.create_index("ix_panel_decision_person_id", "panel_decision", ["person_id"])
    op.create_table(
        "prior_learning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("competency_code", sa.String(length=20), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("achieved_on", sa.Date(), nullable=False),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("signed_level", sa.Integer(), nullable=True),
        sa.Column("signed_by", sa.Integer(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("level between 1 and 4", name=op.f("ck_prior_learning_level")),
        sa.CheckConstraint("signed_level between 1 and 4", name=op.f("ck_prior_learning_signed_level")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_prior_learning_person_id")),
        sa.ForeignKeyConstraint(["signed_by"], ["account.id"], name=op.f("fk_prior_learning_signed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prior_learning")),
        sa.UniqueConstraint("key", name=op.f("uq_prior_learning_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_prior_learning_public_id")),
    )
    op.create_index("ix_prior_learning_person_id", "prior_learning", ["person_id"])
    op.create_table(
        "evidence_withdrawal",
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_evidence_withdrawal_by_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_withdrawal_evidence_id")),
        sa.PrimaryKeyConstraint("evidence_id", name=op.f("pk_evidence_withdrawal")),
    )
    op.create_table(
        "prior_document",
        sa.Column("prior_id", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["prior_id"], ["prior_learning.id"], name=op.f("fk_prior_document_prior_id")),
        sa.PrimaryKeyConstraint("prior_id", name=op.f("pk_prior_document")),
    )
    op.create_table(
        "observation_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("observation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind in ('confirmed', 'disputed', 'resolved', 'withdrawn')", name=op.f("ck_observation_event_kind")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_observation_event_by_id")),
        sa.ForeignKeyConstraint(
            ["observation_id"], ["observation.id"], name=op.f("fk_observation_event_observation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation_event")),
    )
    op.create_index("ix_observation_event_observation_id", "observation_event", ["observation_id"])


def downgrade() -> None:
    op.drop_table("observation_event")
    op.drop_table("prior_document")
    op.drop_table("evidence_withdrawal")
    op.drop_table("prior_learning")
    op.drop_table("panel_decision")
    op.drop_table("observation_request")
    op.drop_table("nudge")
    op.drop_table("coaching_entry")
    with op.batch_alter_table("observation") as batch_op:
        batch_op.drop_constraint(op.f("ck_observation_state"), type_="check")
        batch_op.drop_constraint(op.f("ck_observation_setting"), type_="check")
        batch_op.drop_constraint(op.f("fk_observation_delegation_id"), type_="foreignkey")
        batch_op.drop_constraint(op.f("fk_observation_checklist_id"), type_="foreignkey")
        batch_op.drop_index("ix_observation_observer_id")
        for column in ("state_at", "state", "delegation_id", "answers", "checklist_id", "setting"):
            batch_op.drop_column(column)
    op.drop_column("evidence", "stated")  # without copying the table, whose triggers would be lost
    op.drop_table("delegation")
    op.drop_table("checklist")
