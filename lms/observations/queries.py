"""Reading observations for pages: those of a person, one with all that was said of it, what waits for somebody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, literal, select, union_all

from lms.accounts.delegations import count_lent
from lms.accounts.queries import names_of
from lms.db import Instant, db
from lms.observations.checklists import ChecklistFacts, by_id
from lms.observations.models import CoachingEntry, Observation, ObservationEvent, ObservationRequest
from lms.observations.responses import CONFIRM_DAYS, last_day


@dataclass(frozen=True)
class Observed:
    """One observation of a person. `observer` is a printed name, `state` one of the model's states."""

    id: int
    public_id: str
    person_id: int
    competency: str
    level: int
    note: str
    observer_id: int
    observer: str
    observed_on: dt.date
    signed_at: dt.datetime
    setting: str
    checklist_id: int | None
    answers: dict[str, str] | None
    delegation_id: int | None
    state: str

    @property
    def answer_by(self) -> dt.date:
        """The last day on which the observed person may answer."""
        return last_day(self.signed_at.date())

    def waits(self, today: dt.date) -> bool:
        """Whether the observed person's word is still awaited."""
        return self.state == "signed" and today <= self.answer_by


@dataclass(frozen=True)
class Said:
    """What was said of an observation afterwards. A resolution's `note` is the later observation's public id."""

    kind: str
    note: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Hints:
    """What home tells somebody: what waits for their word, and whether they sign in a colleague's stead."""

    observations: int = 0
    coaching: int = 0
    lent: int = 0  # rights to sign off, lent by colleagues


_COLUMNS = (
    Observation.id, Observation.public_id, Observation.person_id, Observation.competency_code, Observation.level,
    Observation.note, Observation.observer_id, Observation.observed_on, Observation.signed_at, Observation.setting,
    Observation.checklist_id, Observation.answers, Observation.delegation_id, Observation.state,
)  # fmt: skip


def _read(condition: ColumnElement[bool], limit: int | None = None) -> tuple[Observed, ...]:
    order = (Observation.observed_on.desc(), Observation.id.desc())
    rows = db.session.execute(select(*_COLUMNS).where(condition).order_by(*order).limit(limit)).all()
    names = names_of([row.observer_id for row in rows]) if rows else {}
    values: Iterator[tuple[Any, ...]] = (tuple(row) for row in rows)
    return tuple(Observed(*(*row[:7], names.get(row[6], ""), *row[7:])) for row in values)


def observed(person_id: int) -> tuple[Observed, ...]:
    """Every observation of a person, the newest first, withdrawn ones too."""
    return _read(Observation.person_id == person_id)


def one(public: str) -> Observed | None:
    """The observation with this public id."""
    return next(iter(_read(Observation.public_id == public)), None)


def said_of(observation: Observed) -> tuple[Said, ...]:
    """Everything that was said of an observation, in order."""
    columns = (ObservationEvent.kind, ObservationEvent.note, ObservationEvent.by_id, ObservationEvent.at)
    statement = select(*columns).where(ObservationEvent.observation_id == observation.id)
    rows = db.session.execute(statement.order_by(ObservationEvent.id)).all()
    names = names_of([row.by_id for row in rows]) if rows else {}
    return tuple(Said(row.kind, row.note, names.get(row.by_id, ""), row.at) for row in rows)


def checklist_of(observation: Observed) -> ChecklistFacts | None:
    """The very text that was ticked."""
    return by_id(observation.checklist_id) if observation.checklist_id else None


def disputes(person_ids: Collection[int] | None = None) -> tuple[Observed, ...]:
    """Open disputes of these people, or all of them, the newest first; at most 500."""
    condition = Observation.state == "disputed"
    if person_ids is not None:
        condition = condition & Observation.person_id.in_(person_ids)
    return _read(condition, 500)


def recently_observed(account_id: int, limit: int = 8) -> tuple[int, ...]:
    """The people whom an account observed last, the latest first, by internal id."""
    statement = (
        select(Observation.person_id)
        .where(Observation.observer_id == account_id)
        .group_by(Observation.person_id)
        .order_by(func.max(Observation.id).desc())
        .limit(limit)
    )
    return tuple(db.session.scalars(statement))


_observation: Any = Observation.__table__
_coaching: Any = CoachingEntry.__table__
# Asked for on every home: made of the tables and built once.
_HINTS = union_all(
    select(literal("observations"), func.count()).where(
        _observation.c.person_id == bindparam("person"),
        _observation.c.state == "signed",
        _observation.c.signed_at >= bindparam("since", type_=Instant),
    ),
    select(literal("coaching"), func.count()).where(
        _coaching.c.person_id == bindparam("person"), _coaching.c.state == "waiting"
    ),
    select(literal("lent"), count_lent().scalar_subquery()),
)


def hints(person_id: int, today: dt.date) -> Hints:
    """What waits for a person's word, with one statement."""
    since = dt.datetime.combine(today - dt.timedelta(days=CONFIRM_DAYS), dt.time(), dt.UTC)
    rows = db.session.connection().execute(_HINTS, {"person": person_id, "since": since, "today": today})
    return Hints(**{str(kind): int(number) for kind, number in rows})


def request_exists(person_id: int, competency: str) -> bool:
    """Whether a person waits to be observed in a competency."""
    key = f"{person_id}:{competency}"
    return db.session.scalar(select(ObservationRequest.id).where(ObservationRequest.open_key == key)) is not None
