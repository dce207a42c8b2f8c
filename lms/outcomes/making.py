"""Making a report of this room from a question: the one way for page, API, command, board pack and e-mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext as _

from lms.catalog import queries as catalog
from lms.measures import queries as measures
from lms.measures.facts import ComparisonFacts, MeasureFacts
from lms.outcomes import comparison, evaluation, measure
from lms.outcomes.comparison import exposure_report
from lms.outcomes.evaluation import evaluation_report
from lms.outcomes.measure import measure_report
from lms.people.facts import UnitFacts
from lms.people.queries import units
from lms.people.scope import Scope
from lms.reports.plans import Question, ReportRefused, refuse_later
from lms.reports.value import Report
from lms.web.clock import end_of


@dataclass(frozen=True)
class Asked:
    """A question, what it is about (a course, a comparison, a measure by code), and the moment at which it is asked."""

    subject: str
    question: Question
    moment: dt.datetime

    def known_at(self, day: dt.date) -> dt.datetime:
        """The last moment of a day that is known: what came to be known later changes no report of that day."""
        return min(self.moment, end_of(day))

    @property
    def before(self) -> tuple[dt.date, dt.datetime] | None:
        """The date to compare with and its last moment."""
        day = self.question.compare_to
        return (day, self.known_at(day)) if day else None


def _evaluation(asked: Asked) -> Report:
    question = asked.question
    try:
        return evaluation_report(
            asked.subject or None, as_of=question.as_of, smallest=question.smallest, before=question.compare_to
        )
    except LookupError:
        raise ReportRefused("unknown", _("There is no published course %(code)s.", code=asked.subject[:40])) from None


def _exposure(asked: Asked) -> Report:
    question = asked.question
    found = measures.comparison(asked.subject)
    if found is None:
        raise ReportRefused("unknown", _("There is no comparison with this number."))
    if not sees(found, question.scope):
        raise ReportRefused("scope", _("This comparison is about units that are not among those you may see."))
    return exposure_report(
        found, as_of=question.as_of, known_at=asked.known_at(question.as_of), smallest=question.smallest,
        before=asked.before,
    )  # fmt: skip


def _measure(asked: Asked) -> Report:
    question = asked.question
    found = measures.measure(asked.subject)
    if found is None:
        raise ReportRefused("unknown", _("There is no measure with the code %(code)s.", code=asked.subject[:40]))
    choices = units_with(found, question.scope)
    if not choices:
        raise ReportRefused("scope", _("This measure has no value of a unit that you may see."))
    unit = next((each for each in choices if question.unit in (None, each.code)), None)
    if unit is None:
        raise ReportRefused(
            "unknown-unit", _("The measure has no value of a unit %(unit)s that you may see.", unit=question.unit)
        )
    return measure_report(
        found, unit, as_of=question.as_of, known_at=asked.known_at(question.as_of), before=asked.before
    )  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A kind of report of this room. `subject` is the parameter that says what it is about; needed unless `all`."""

    name: str
    label: str
    subject: str
    make: Callable[[Asked], Report]
    all: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        Kind(evaluation.KIND, "Evaluations", "course", _evaluation, all=True),
        Kind(comparison.KIND, "Training beside a measure", "comparison", _exposure),
        Kind(measure.KIND, "Quality measure", "measure", _measure),
    )
}


def make(kind: str, asked: Asked) -> Report:
    """The report. Raises KeyError for an unknown kind and ReportRefused for what is not there or may not be seen."""
    chosen = KINDS[kind]
    if not asked.subject and not chosen.all:
        raise ReportRefused(chosen.subject, _("Say which %(what)s the report is about.", what=chosen.subject))
    refuse_later(asked.question)
    return chosen.make(asked)


def sees(found: ComparisonFacts, scope: Scope) -> bool:
    """Whether a reader answers for every unit that a comparison is about, those beside them too."""
    if scope.everything:
        return True
    known = {each.code: each.id for each in units()}
    return all(code in known and scope.covers_unit(known[code]) for code in (*found.units, *found.beside))


def units_with(found: MeasureFacts, scope: Scope) -> list[UnitFacts]:
    """The units that have a value of a measure, as far as a reader may see them."""
    with_values = measures.units_of(found.id)
    return [each for each in units() if each.id in with_values and scope.covers_unit(each.id)]


def comparisons(scope: Scope) -> tuple[ComparisonFacts, ...]:
    """The registered comparisons that a reader may see, the newest first."""
    return tuple(each for each in measures.comparisons() if sees(each, scope))


def title(found: ComparisonFacts) -> str:
    """A comparison in a few words: the course and the measure."""
    about = measures.measure_by_id(found.measure_id)
    course = catalog.current_version(found.course_code)
    return f"{course.title if course else found.course_code} beside {about.title if about else '?'}"
