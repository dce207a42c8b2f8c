"""Reading pathways, and how far a person is on one. Never writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from assessments.frontmatter import front_matter, plain
from courses.documents import text_digest
from courses.pathways import Step
from lms.catalog.facts import VersionFacts
from lms.db import db
from lms.learning.facts import MyCourse
from lms.pathways.models import Pathway, PathwayText

_COLUMNS = (
    PathwayText.id, Pathway.code, PathwayText.digest, PathwayText.edition, PathwayText.title, PathwayText.summary,
    PathwayText.audience, PathwayText.steps, PathwayText.published_at,
)  # fmt: skip


@dataclass(frozen=True)
class PathwayFacts:
    """A pathway without its text."""

    id: int
    code: str
    digest: str
    edition: str
    title: str
    summary: str
    audience: tuple[str, ...]
    steps: tuple[Step, ...]
    published_at: dt.datetime


@dataclass(frozen=True)
class Stop:
    """A course of a step as one person sees it. `version` is None for a course that is not offered here yet."""

    code: str
    version: VersionFacts | None
    mine: MyCourse | None
    done_on: dt.date | None

    @property
    def title(self) -> str:
        """The course's title, or its code."""
        return self.version.title if self.version else self.code


@dataclass(frozen=True)
class Leg:
    """A step with its courses. `missing` is how many more courses complete it."""

    step: Step
    stops: tuple[Stop, ...]
    due_on: dt.date | None

    @property
    def offered(self) -> bool:
        """Whether anything of it can be taken here; else nobody is asked for it."""
        return any(stop.version for stop in self.stops)

    @property
    def missing(self) -> int:
        """How many of its courses are still needed, of those that are offered."""
        need = min(self.step.need, sum(1 for stop in self.stops if stop.version))
        return max(0, need - sum(1 for stop in self.stops if stop.done_on and stop.version))

    @property
    def done(self) -> bool:
        """Whether the step is complete."""
        return self.offered and not self.missing

    @property
    def title(self) -> str:
        """The step's title, or that of its only course."""
        return self.step.title or self.stops[0].title


def _facts(row: Any) -> PathwayFacts:
    steps = tuple(
        Step(tuple(each["courses"]), each["need"], each["due_days"], each.get("title", "")) for each in row.steps
    )
    return PathwayFacts(
        row.id, row.code, row.digest, row.edition, row.title, row.summary, tuple(row.audience), steps, row.published_at
    )


def pathways(*, at: dt.datetime | None = None) -> tuple[PathwayFacts, ...]:
    """The newest text of every pathway, by title; with `at` as it was just before that moment."""
    newest = select(func.max(PathwayText.id)).group_by(PathwayText.pathway_id)
    if at is not None:
        newest = newest.where(PathwayText.published_at < at)
    statement = select(*_COLUMNS).join(Pathway, Pathway.id == PathwayText.pathway_id)
    rows = db.session.execute(statement.where(PathwayText.id.in_(newest)).order_by(PathwayText.title))
    return tuple(_facts(row) for row in rows)


def pathway(code: str) -> tuple[PathwayFacts, str] | None:
    """The newest text of a pathway with its rendered words, or None."""
    statement = select(*_COLUMNS, PathwayText.html).join(Pathway, Pathway.id == PathwayText.pathway_id)
    row = db.session.execute(statement.where(Pathway.code == code).order_by(PathwayText.id.desc()).limit(1)).first()
    return (_facts(row), row.html) if row else None


def stamp() -> tuple[Any, ...]:
    """Expressions whose values change with the pathways, for whoever keeps what was read of them."""
    text = PathwayText.__table__.c
    return (select(func.max(text.id)).scalar_subquery(), select(func.max(text.digest)).scalar_subquery())


def known_text(text: str) -> bool:
    """Whether a text was ever published here, or a pathway of its code was published by an account."""
    digest = text_digest(text)
    if db.session.scalar(select(PathwayText.id).where(PathwayText.digest == digest).limit(1)) is not None:
        return True
    code = plain(front_matter(text, "pathway.md")[0], "code")
    own = select(PathwayText.id).join(Pathway, Pathway.id == PathwayText.pathway_id)
    statement = own.where(Pathway.code == code, PathwayText.published_by.is_not(None)).limit(1)
    return db.session.scalar(statement) is not None


def legs(
    found: PathwayFacts,
    versions: Mapping[str, VersionFacts],
    mine: Mapping[str, MyCourse],
    done: Mapping[str, dt.date],
    due: Mapping[int, dt.date | None],
) -> tuple[Leg, ...]:
    """The steps as one person sees them. `done` is by course code, `due` by the step's place from 0. Pure."""
    return tuple(
        Leg(
            step,
            tuple(Stop(code, versions.get(code), mine.get(code), done.get(code)) for code in step.courses),
            due.get(place),
        )
        for place, step in enumerate(found.steps)
    )
