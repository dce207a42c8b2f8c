"""Rows of what is seen and said of somebody's work: observations, requests, coaching, prior learning, panels."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lms.db import Base, Document, Instant, public_id

STATES = ("signed", "confirmed", "disputed", "resolved", "withdrawn")
SETTINGS = ("work", "simulation")


class Checklist(Base):
    """One published text of a checklist, found by its digest; never changed, only replaced. pii: none."""

    __tablename__ = "checklist"
    __table_args__ = (UniqueConstraint("code", "digest"), CheckConstraint("level between 1 and 4", name="level"))

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(300))
    competency_code: Mapped[str] = mapped_column(String(20), index=True)
    level: Mapped[int]
    edition: Mapped[str] = mapped_column(String(40))
    minutes: Mapped[int]
    language: Mapped[str] = mapped_column(String(20))
    intro_html: Mapped[str] = mapped_column(Text)
    items: Mapped[list[Any]] = mapped_column(Document)  # [{id, html, hint_html, critical}]
    source: Mapped[str] = mapped_column(Text)
    current: Mapped[bool]  # the pointer to the text in use; the only column that ever changes
    published_at: Mapped[dt.datetime] = mapped_column(Instant)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Observation(Base):
    """What a supervisor saw and signed. pii: a person's assessed level, observer, note."""

    __tablename__ = "observation"
    __table_args__ = (
        CheckConstraint("level between 1 and 5", name="level"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint(f"setting in {SETTINGS}", name="setting"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    key: Mapped[str] = mapped_column(String(160), unique=True)  # a form sent twice is one observation
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    competency_code: Mapped[str] = mapped_column(String(20))
    level: Mapped[int]
    note: Mapped[str] = mapped_column(Text, default="")
    observer_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    observed_on: Mapped[dt.date]
    signed_at: Mapped[dt.datetime] = mapped_column(Instant)
    setting: Mapped[str] = mapped_column(String(12), default="work", server_default="work")
    checklist_id: Mapped[int | None] = mapped_column(ForeignKey("checklist.id"))
    answers: Mapped[dict[str, Any] | None] = mapped_column(Document)  # {item id: met, not-met or not-seen}
    delegation_id: Mapped[int | None] = mapped_column(ForeignKey("delegation.id"))  # by whose leave, where not own
    state: Mapped[str] = mapped_column(String(12), default="signed", server_default="signed")
    state_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class ObservationEvent(Base):
    """What was said of an observation after it was signed; append-only. pii: who said it, their words."""

    __tablename__ = "observation_event"
    __table_args__ = (CheckConstraint(f"kind in {STATES[1:]}", name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    observation_id: Mapped[int] = mapped_column(ForeignKey("observation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)


class ObservationRequest(Base):
    """A learner's wish to be observed. pii: who asks, for what, whom they ask, their words."""

    __tablename__ = "observation_request"
    __table_args__ = (
        CheckConstraint("state in ('open', 'done', 'withdrawn', 'expired')", name="state"),
        Index("ix_observation_request_state_asked", "state", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    open_key: Mapped[str | None] = mapped_column(String(60), unique=True)  # person and competency while it is open
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    competency_code: Mapped[str] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))  # empty: whoever may sign
    state: Mapped[str] = mapped_column(String(12), default="open")
    asked_at: Mapped[dt.datetime] = mapped_column(Instant)
    reminded_at: Mapped[dt.datetime | None] = mapped_column(Instant)
    closed_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class CoachingEntry(Base):
    """A time at which somebody coached a colleague. pii: both people, what was practised."""

    __tablename__ = "coaching_entry"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'confirmed', 'declined')", name="state"),
        CheckConstraint("coach_id <> person_id", name="two_people"),
        CheckConstraint("minutes between 1 and 600", name="minutes"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    coach_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)  # who was coached
    competency_code: Mapped[str] = mapped_column(String(20))
    coached_on: Mapped[dt.date]
    minutes: Mapped[int]
    practised: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    written_at: Mapped[dt.datetime] = mapped_column(Instant)
    answered_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class PriorLearning(Base):
    """Learning from elsewhere that a person brings in, perhaps signed off. pii: a person's training, level."""

    __tablename__ = "prior_learning"
    __table_args__ = (
        CheckConstraint("level between 1 and 4", name="level"),
        CheckConstraint("signed_level between 1 and 4", name="signed_level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    competency_code: Mapped[str] = mapped_column(String(20))
    level: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    achieved_on: Mapped[dt.date]
    brought_at: Mapped[dt.datetime] = mapped_column(Instant)
    file_name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    signed_level: Mapped[int | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    signed_at: Mapped[dt.datetime | None] = mapped_column(Instant)


class PriorDocument(Base):
    """The bytes of a document of prior learning, read only when it is opened. pii: the document."""

    __tablename__ = "prior_document"

    prior_id: Mapped[int] = mapped_column(ForeignKey("prior_learning.id"), primary_key=True)
    size: Mapped[int]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class PanelDecision(Base):
    """A panel's judgement, with its members and minutes. pii: a person's level, members' names, minutes."""

    __tablename__ = "panel_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True, default=public_id)
    key: Mapped[str] = mapped_column(String(160), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    competency_code: Mapped[str] = mapped_column(String(20))
    level: Mapped[int]
    held_on: Mapped[dt.date]
    members: Mapped[list[Any]] = mapped_column(Document)  # names as they are to stand in the record
    minutes: Mapped[str] = mapped_column(Text)
    recorded_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    recorded_at: Mapped[dt.datetime] = mapped_column(Instant)


class Nudge(Base):
    """A friendly e-mail of a supervisor, at most one a person and week. pii: who was reminded when, by whom."""

    __tablename__ = "nudge"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    week: Mapped[dt.date] = mapped_column(primary_key=True)  # its Monday
    by_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    at: Mapped[dt.datetime] = mapped_column(Instant)
