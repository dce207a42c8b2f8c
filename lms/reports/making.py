"""Making a report of any kind from a question: the one way for page, API, command and board paper.

Heat maps of today are kept in the process, for they are asked for most. What is kept is used only
while every figure read from the database is the same as when it was made, so that no answer is
ever older than the last committed write.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from threading import Lock

from lms.competency.snapshot import Snapshot, snapshot
from lms.db import db
from lms.people.facts import UnitFacts
from lms.reports.frame import Frame
from lms.reports.kinds import KINDS
from lms.reports.plans import Plan, Question
from lms.reports.queries import Rows, counts_of, frame, framed, plan, read_folded
from lms.reports.value import Report
from lms.reports.words import FORECAST, long_day
from lms.web.texts import text as _

Frames = dict[Question, Frame]
KEPT = 64
KEPT_PARTS = 8


@dataclass
class Made:
    """A frame with what was made of it: reports by kind, and parts of pages by whatever names them."""

    frame: Frame
    known: Snapshot | None = None
    units: tuple[UnitFacts, ...] = ()
    read: tuple[Rows, Rows] | None = None
    reports: dict[str, Report] = field(default_factory=dict)
    parts: OrderedDict[object, str] = field(default_factory=OrderedDict)

    def report(self, kind: str) -> Report:
        """The report of a kind, built once."""
        if kind not in self.reports:
            self.reports[kind] = _built(kind, self.frame)
        return self.reports[kind]

    def keep(self, name: object, text: str) -> str:
        """Keep a part of a page for as long as the frame; a few of them."""
        self.parts[name] = text
        while len(self.parts) > KEPT_PARTS:
            self.parts.popitem(last=False)
        return text


_kept: OrderedDict[object, Made] = OrderedDict()
_lock = Lock()


def make(kind: str, question: Question, frames: Frames | None = None) -> Report:
    """The report. Raises KeyError for an unknown kind and ReportRefused for what may not be seen.

    Who makes several reports at once hands in `frames`, an empty dictionary at first: kinds that are about the same
    figures then share them instead of counting each for itself.
    """
    asked = asked_of(kind, question)
    if asked.plain:
        return made(asked).report(kind)
    if frames is None:
        return _built(kind, frame(asked))
    if not asked.endings and not asked.gathers:
        asked = replace(asked, cover=True)  # super-users beside the counts change none of them
    if asked not in frames:
        frames[asked] = frame(asked)
    return _built(kind, frames[asked])


def _built(kind: str, found: Frame) -> Report:
    """The report; of a day that has not come yet it says in its first words that it is a forecast, and of what."""
    report = KINDS[kind].build(found)
    if found.as_of <= found.today:
        return report
    day = long_day(found.as_of)
    finding = _("Forecast for %(day)s, if nobody renews: %(finding)s", day=day, finding=report.finding)
    return replace(report, finding=finding, definitions=(*report.definitions, FORECAST))


def asked_of(kind: str, question: Question) -> Question:
    """The question as a kind can answer it: with what it needs, without the filters that mean nothing to it.

    The filters of the value say which held.
    """
    chosen = KINDS[kind]
    return replace(
        question,
        cover=chosen.cover,
        endings=chosen.endings,
        gathers=chosen.gathers,
        whole=chosen.whole,
        unit=question.unit if chosen.by_unit else None,
        flat=question.flat and chosen.by_unit,
        opened=question.opened and chosen.by_unit,
        profession=question.profession if chosen.by_unit else None,
        competencies=question.competencies if chosen.by_competency else "",
        compare_to=question.compare_to if chosen.compares else None,
    )


def made(question: Question) -> Made:
    """The frame of a question with what was made of it before. Raises ReportRefused."""
    planned = plan(question)
    if not planned.folded or not question.plain:
        return Made(frame(question))
    known, read = snapshot(), read_folded(planned)
    units = planned.tree.units
    name = _name(planned)
    with _lock:
        held = _kept.get(name)
        if held is not None:
            _kept.move_to_end(name)
    if held is not None and held.known is known and held.read == read and held.units == units:
        return held
    fresh = Made(framed(planned, known, counts_of(read)), known, units, read)
    with _lock:
        _kept[name] = fresh
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return fresh


def _name(planned: Plan) -> object:
    asked = planned.question
    rows = tuple(unit.id for unit in planned.rows)
    return (str(db.engine.url), asked.unit, asked.as_of, asked.smallest, asked.flat, asked.behind, rows)
