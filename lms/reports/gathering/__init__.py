"""Gathering what single kinds of report are made of, one file each; this list is the registry. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lms.competency.facts import PersonStanding
from lms.reports.gathering import answers, exams, learning, training, trend
from lms.reports.plans import Plan

Gatherer = Callable[[Plan, tuple[PersonStanding, ...]], dict[str, Any]]

# Each answers the fields of a frame that it fills, from a plan and everybody who counts (of every profession).
GATHERERS: Mapping[str, Gatherer] = {
    "trend": trend.gather,
    "answers": answers.gather,
    "exams": exams.gather,
    "learning": learning.gather,
    "training": training.gather,
}
