"""Kinds of report, one file each; this list is the registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lms.reports.frame import Frame
from lms.reports.kinds import compliance, expiry, heatmap, items, misconceptions, readiness, time, training, trend
from lms.reports.value import Report
from lms.web.texts import text as _


@dataclass(frozen=True)
class Kind:
    """A kind of report: its name for readers, how it is built, what it needs beside the counts of units.

    `whole` kinds are for those who answer for the whole hospital. The `by_` flags and `compares`
    say which filters mean something to it.
    """

    name: str
    label: str
    build: Callable[[Frame], Report]
    cover: bool = False  # super-users by unit
    endings: tuple[int, ...] = ()  # spans in days, where the kind looks ahead
    gathers: str = ""  # what `gathering` fills in
    whole: bool = False
    by_unit: bool = True  # unit, rows and profession
    by_competency: bool = True
    compares: bool = True


KINDS = {
    kind.name: kind
    for kind in (
        Kind("heatmap", _("Heat map"), heatmap.build),
        Kind("readiness", _("Readiness"), readiness.build, cover=True),
        Kind("compliance", _("Critical competencies"), compliance.build),
        Kind("training", _("Mandatory training"), training.build, gathers="training", by_competency=False),
        Kind("expiry", _("Running out"), expiry.build, endings=expiry.SPANS),
        Kind("trend", _("Trend"), trend.build, gathers="trend", compares=False),
        Kind("misconceptions", _("Sure and wrong"), misconceptions.build, gathers="answers", whole=True),
        Kind(
            "items", _("Item quality"), items.build, gathers="exams", whole=True, by_unit=False, by_competency=False,
            compares=False,
        ),
        Kind(
            "time", _("Time spent"), time.build, gathers="learning", by_competency=False, compares=False
        ),
    )
}  # fmt: skip
