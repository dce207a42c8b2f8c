"""The framework in force, its competencies and dated targets, read once and kept in the process.

A framework changes only by an import and a target of a unit only by a decision; both change the key
under which the snapshot is kept, so that asking costs one small statement.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock
from typing import Any

from sqlalchemy import func, select

from lms.competency.facts import CompetencyFacts, DomainFacts, FrameworkFacts, LevelFacts
from lms.competency.local import NO_LOCAL, LocalTargets, Ruling, spans_of
from lms.competency.models import Competency, Framework, Target, TargetChange, TargetWithdrawal
from lms.db import db

KEPT = 8
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class TargetSpan:
    """A level that a subject (a profession or role) needs between two days, both included."""

    place: int
    subject: str
    level: int
    starts: dt.date
    ends: dt.date | None

    def covers(self, on: dt.date) -> bool:
        """Whether the target holds on this day."""
        return self.starts <= on and (self.ends is None or on <= self.ends)


@dataclass(frozen=True)
class Snapshot:
    """Competencies by internal id, retired ones too: the place in `everything` is the digit's place."""

    framework: FrameworkFacts | None
    everything: tuple[CompetencyFacts, ...]
    spans: tuple[TargetSpan, ...]
    local: LocalTargets = NO_LOCAL
    _targets: dict[tuple[frozenset[str], dt.date], str] = field(default_factory=dict)

    @cached_property
    def places(self) -> dict[int, int]:
        """The digit's place by internal id."""
        return {each.id: place for place, each in enumerate(self.everything)}

    @cached_property
    def order(self) -> dict[str, int]:
        """The digit's place by code."""
        return {each.code: place for place, each in enumerate(self.everything)}

    @cached_property
    def current(self) -> tuple[CompetencyFacts, ...]:
        """The competencies of the framework in force, in its order."""
        held = [each for each in self.everything if each.retired_on is None]
        return tuple(sorted(held, key=lambda each: each.position))

    @cached_property
    def critical(self) -> tuple[int, ...]:
        """The places of the critical competencies of the framework in force."""
        return tuple(self.places[each.id] for each in self.current if each.critical)

    def by_code(self, code: str) -> CompetencyFacts | None:
        """The competency with this code, retired or not."""
        place = self.order.get(code)
        return None if place is None else self.everything[place]

    def targets(self, subjects: Iterable[str], on: dt.date) -> str:
        """The highest target of these subjects on a day, one digit a competency."""
        key = (frozenset(subjects), on)
        if key not in self._targets:
            if len(self._targets) > 4096:
                self._targets.clear()
            digits = [0] * len(self.everything)
            for span in self.spans:
                if span.subject in key[0] and span.covers(on):
                    digits[span.place] = max(digits[span.place], span.level)
            self._targets[key] = "".join(map(str, digits))
        return self._targets[key]

    def next_change(self, on: dt.date) -> dt.date | None:
        """The next day after `on` from which some target is another."""
        days = [span.starts for span in self.spans] + [span.ends + _DAY for span in self.spans if span.ends]
        return min((day for day in days if day > on), default=None)


_FRAMEWORK: Any = Framework.__table__
_CHANGE: Any = TargetChange.__table__
_WITHDRAWAL: Any = TargetWithdrawal.__table__
_NEWEST = (
    select(
        _FRAMEWORK.c.id,
        _FRAMEWORK.c.digest,
        _FRAMEWORK.c.imported_at,
        # An opaque id is drawn anew for every decision, while a number may come again after a rollback.
        select(_CHANGE.c.public_id).order_by(_CHANGE.c.id.desc()).limit(1).scalar_subquery(),
        select(func.max(_WITHDRAWAL.c.withdrawn_at)).scalar_subquery(),
        select(func.count()).select_from(_WITHDRAWAL).scalar_subquery(),
    )
    .order_by(_FRAMEWORK.c.imported_at.desc(), _FRAMEWORK.c.id.desc())
    .limit(1)
)
_kept: OrderedDict[tuple[object, ...], Snapshot] = OrderedDict()
_lock = Lock()


def snapshot() -> Snapshot:
    """The present snapshot; without an imported framework it is empty."""
    newest = db.session.connection().execute(_NEWEST).first()
    key = (str(db.engine.url), *newest) if newest else None
    if key is None:
        return Snapshot(None, (), ())
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = _read(int(key[1]))  # type: ignore[call-overload]
    with _lock:
        _kept[key] = made
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return made


def forget() -> None:
    """Drop what is kept, after an import in this process."""
    with _lock:
        _kept.clear()


def _read(framework_id: int) -> Snapshot:
    columns = (
        Competency.id, Competency.code, Competency.title, Competency.domain, Competency.critical,
        Competency.position, Competency.retired_on,
    )  # fmt: skip
    rows = db.session.execute(select(*columns).order_by(Competency.id))
    everything = tuple(CompetencyFacts(*row) for row in rows)
    places = {each.id: place for place, each in enumerate(everything)}
    fields = (Target.competency_id, Target.subject, Target.level, Target.starts, Target.ends)
    targets = db.session.execute(select(*fields).order_by(Target.id))
    spans = tuple(
        TargetSpan(places[competency_id], subject, level, starts, ends)
        for competency_id, subject, level, starts, ends in targets
    )
    return Snapshot(_framework(framework_id), everything, spans, LocalTargets(spans_of(rulings(places))))


def rulings(places: Mapping[int, int]) -> list[Ruling]:
    """The decisions about targets that were not withdrawn; `places` gives the digit's place by competency id."""
    change = TargetChange
    columns: tuple[Any, ...] = (
        change.competency_id,
        change.subject,
        change.unit_id,
        change.way,
        change.level,
        change.starts,
        change.id,
    )
    withdrawn = select(TargetWithdrawal.change_id)
    rows = db.session.execute(select(*columns).where(change.id.not_in(withdrawn)).order_by(change.id))
    return [Ruling(places[competency_id], *rest) for competency_id, *rest in rows]


def _framework(framework_id: int) -> FrameworkFacts:
    row = db.session.execute(select(Framework).where(Framework.id == framework_id)).scalar_one()
    return FrameworkFacts(
        id=row.id,
        code=row.code,
        title=row.title,
        edition=row.edition,
        digest=row.digest,
        levels=tuple(LevelFacts(each["level"], each["name"], each["evidence"]) for each in row.levels),
        responsibilities=dict(row.responsibilities),
        domains=tuple(DomainFacts(d["code"], d["title"], tuple(d["responsibilities"])) for d in row.domains),
    )
