"""What is asked of a report, and the question laid over the tree of units. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import gettext as _

from lms.people.facts import PROFESSIONS, UnitFacts
from lms.people.scope import Scope
from lms.reports.tree import Tree

__all__ = ["PROFESSIONS", "Plan", "Question", "ReportRefused"]


class ReportRefused(Exception):
    """The report cannot be made. `kind` is unknown or unknown-unit (404), scope (403), or a filter's name (422)."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


@dataclass(frozen=True)
class Question:
    """What is asked of a report. `flat` shows every unit without units below it instead of direct children.

    Without `unit` the rows are all roots; with `opened` a single root is taken as the unit asked for, as a page
    does. `competencies` is a choice of `picks.picked`; `compare_to` another date of which the same is asked. `behind`
    are people whose change of today is not folded yet, who are counted as they stood before. `cover`,
    `endings` (spans in days) and `gathers` (a name in `gathering.GATHERERS`) are what a kind of report needs beside
    the counts; `whole` is for kinds that only those who see everything may read. `needs_on` holds everybody to the
    targets of another day, so that two dates can be compared by one target.
    """

    unit: str | None
    as_of: dt.date
    today: dt.date
    scope: Scope
    profession: str | None = None
    flat: bool = False
    opened: bool = False
    smallest: int = 5
    competencies: str = ""
    compare_to: dt.date | None = None
    behind: int = 0
    cover: bool = False
    endings: tuple[int, ...] = ()
    gathers: str = ""
    whole: bool = False
    needs_on: dt.date | None = None

    @property
    def plain(self) -> bool:
        """Whether the counts of units alone answer it."""
        more = (
            self.cover,
            self.endings,
            self.gathers,
            self.competencies,
            self.compare_to,
            self.profession,
            self.needs_on,
        )
        return not any(more)


def refuse_later(question: Question) -> None:
    """Raises ReportRefused where the date to compare with is not before the date, or has not come yet."""
    then = question.compare_to
    if then is None:
        return
    if then >= question.as_of:
        raise ReportRefused(
            "compare", _("The date to compare with is not before the date of the report; an earlier day was expected.")
        )
    if then > question.today:
        raise ReportRefused(
            "compare", _("The date to compare with has not come yet; today or an earlier day was expected.")
        )


@dataclass(frozen=True)
class Plan:
    """A question laid over the unit tree: which rows are shown, and which units are needed to decide what is hidden.

    `only` are the people that are counted where the reader may not see all of a unit, else None.
    """

    question: Question
    tree: Tree
    asked: UnitFacts | None
    rows: tuple[UnitFacts, ...]
    parents: tuple[UnitFacts, ...]
    needed: frozenset[int]
    only: frozenset[int] | None

    @property
    def folded(self) -> bool:
        """Whether the rollups alone answer it."""
        asked = self.question
        whole = asked.profession is None and not asked.competencies and self.only is None and not asked.needs_on
        return asked.as_of == asked.today and whole

    @property
    def counted(self) -> bool:
        """Whether counts of units answer it, kept or counted for the day, without reading a person."""
        return self.only is None and not self.question.needs_on
