"""Every report that a reader may have, whatever room makes it: the one list of desk, pack, saved views and commands.

A report goes by its kind, and where the kind is about one thing by that thing too: `exposure:9f…` is a comparison.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from lms.outcomes import making as outcomes
from lms.people.scope import Scope
from lms.reports import asking
from lms.reports.kinds import KINDS
from lms.reports.making import Frames
from lms.reports.making import make as make_counted
from lms.reports.plans import Question, ReportRefused
from lms.reports.value import Report

NAMES = (*KINDS, *outcomes.KINDS)
SUBJECTS = {kind.name: kind.subject for kind in outcomes.KINDS.values()}
PAGES = {"exposure": ("outcomes.comparison", "key"), "measure": ("outcomes.measure", "code"),
         "evaluation": ("outcomes.evaluation", "code")}  # fmt: skip


def make(kind: str, subject: str, question: Question, moment: dt.datetime, frames: Frames | None = None) -> Report:
    """The report of any kind; several of them share `frames`. Raises ReportRefused."""
    if kind in KINDS:
        return make_counted(kind, question, frames)
    if kind not in outcomes.KINDS:
        raise ReportRefused("unknown", _("The reports are %(what)s.", what=", ".join(NAMES)))
    return outcomes.make(kind, outcomes.Asked(subject, question, moment))


def choices(scope: Scope) -> dict[str, str]:
    """What a reader may put into a pack, by name, with what it is called: comparisons one by one."""
    found = {kind.name: kind.label for kind in KINDS.values() if scope.everything or not kind.whole}
    found["evaluation"] = outcomes.KINDS["evaluation"].label
    return found | {f"exposure:{each.public_id}": outcomes.title(each) for each in outcomes.comparisons(scope)}


def named(name: str, question: Question, moment: dt.datetime, frames: Frames | None = None) -> Report:
    """The report of a name; several of them share `frames`. Raises ReportRefused."""
    kind, _sep, subject = name.partition(":")
    return make(kind, subject, question, moment, frames)


def subject_of(kind: str, filters: Mapping[str, str]) -> str:
    """What a saved view is about, from its filters; empty for kinds that are about no single thing."""
    return filters.get(SUBJECTS[kind], "") if kind in SUBJECTS else ""


def label(kind: str) -> str:
    """What a kind is called."""
    return KINDS[kind].label if kind in KINDS else outcomes.KINDS[kind].label if kind in outcomes.KINDS else kind


def address(kind: str, **filters: Any) -> str:
    """The page of a kind with these filters."""
    if kind not in outcomes.KINDS:
        return asking.address(kind, **filters)
    subject = filters.pop(SUBJECTS[kind], "")
    if not subject:
        return url_for("outcomes.evaluations" if kind == "evaluation" else "outcomes.overview", **filters)
    page, name = PAGES[kind]
    return url_for(page, **{name: subject}, **filters)


def page_of(name: str) -> str:
    """The page of a report by its name in a pack."""
    kind, _sep, subject = name.partition(":")
    return address(kind, **({SUBJECTS[kind]: subject} if subject else {}))
