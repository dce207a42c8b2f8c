"""Making the figures and the report of a plan from a question: the one way for page, API, command and snapshot."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import gettext as _

from lms.catalog.queries import versions_of
from lms.competency.queries import competency
from lms.golive.figures import build
from lms.golive.frame import Frame
from lms.golive.people import counted, plan_units
from lms.golive.queries import done_items, in_sight, plan
from lms.golive.standing import assess
from lms.golive.text import PlanText
from lms.people.scope import Scope
from lms.reports.value import Report

WEEK = dt.timedelta(days=7)


class PlanRefused(Exception):
    """The report cannot be made. `kind` is unknown (404), scope (403) or date (422)."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


@dataclass(frozen=True)
class Asked:
    """What is asked: a plan by its public id, as of a day. `moment` is the end of that day, or now for today."""

    plan: str
    as_of: dt.date
    today: dt.date
    moment: dt.datetime
    scope: Scope
    smallest: int = 5


def make(asked: Asked) -> Report:
    """The report. Raises PlanRefused."""
    return build(frame(asked))


def frame(asked: Asked) -> Frame:
    """The figures. Raises PlanRefused for an unknown plan, one out of sight, and a day without an answer."""
    if asked.as_of > asked.today:
        raise PlanRefused(
            "date", _("A plan is shown as of today or a past day; its figures look ahead to its own day.")
        )
    if plan(asked.plan) is None:
        raise PlanRefused("unknown", _("There is no go-live plan with this number."))
    past = asked.moment if asked.as_of < asked.today else None
    found = plan(asked.plan, known_by=past)
    if found is None:
        raise PlanRefused("date", _("This plan was not yet written on %(as_of)s.", as_of=asked.as_of))
    if not in_sight([found], asked.scope):
        raise PlanRefused("scope", _("This plan concerns no unit that you may see."))
    text = found.text
    shown = plan_units(text)
    seen = tuple(each for each in shown if asked.scope.covers_unit(each.id))
    people = counted(text, asked.scope, past)
    moments = [past, *(asked.moment - WEEK * back for back in range(1, text.weeks + 1))]
    return Frame(
        plan=found,
        as_of=asked.as_of,
        today=asked.today,
        units=seen or _with(shown, {code for each in people for code in each.units}),
        people=people,
        assessed=assess(people, text, moments),
        done=done_items(found.id, known_by=past),
        titles=titles(text),
        smallest=asked.smallest,
        whole=len(seen) == len(shown),
        only=not seen and not asked.scope.everything,
    )


def _with(shown: tuple, codes: set[str]) -> tuple:  # type: ignore[type-arg]
    return tuple(each for each in shown if each.code in codes)


def titles(text: PlanText) -> dict[str, str]:
    """The titles of the courses and competencies that a plan requires, by code."""
    found = {}
    for code in text.courses:
        versions = versions_of(code)
        found[code] = versions[0].title if versions else code
    for code in text.competencies:
        known = competency(code)
        found[code] = known.title if known else code
    return found
