"""What learners say of the courses, never by name: for educators, supervisors, the CMIO and administrators.

Answers are kept without a unit, so there are none "of one's own unit": supervisors read those of the whole hospital,
and no free texts, in which a colleague could be known.
"""

from __future__ import annotations

import datetime as dt

from flask import render_template
from flask.typing import ResponseReturnValue

from lms.evaluations import queries
from lms.outcomes.answers import asked_report, file_of, kept, smallest
from lms.outcomes.evaluation import key_figures
from lms.outcomes.views import blueprint
from lms.reports.asking import READERS as DESK
from lms.reports.words import percent
from lms.web.guard import access
from lms.web.principal import principal

READERS = ("educator", "supervisor", "cmio", "administrator")
TEXTS_FOR = frozenset({"educator", "cmio", "administrator"})
NOT_BY_AUTHORS = "commercial-bias"  # what is said of bias is read by others than those who write courses


@blueprint.get("/workforce/evaluations")
@access(*READERS)
def evaluations() -> ResponseReturnValue:
    """Every course with its key figures."""
    report = asked_report("evaluation", "")
    rows = [(course, key_figures(course)) for course in report.data["courses"]]
    return render_template(
        "outcomes/evaluations.html", report=report, rows=rows, percent=percent, kept=kept(), may_save=_saves()
    )


@blueprint.get("/workforce/evaluations/<code>")
@access(*READERS)
def evaluation(code: str) -> ResponseReturnValue:
    """One course: every question with its answers, and free texts where there are enough of them."""
    report = asked_report("evaluation", code)
    course = report.data["courses"][0]
    return render_template(
        "outcomes/evaluation.html",
        report=report,
        course=course,
        figures=key_figures(course),
        texts=_texts(code, course["rounds"], report.as_of) if TEXTS_FOR & principal().roles else [],
        percent=percent,
        smallest=smallest(),
        kept=kept(course=code),
        may_save=_saves(),
    )


def _saves() -> bool:
    """Whether the reader has a desk on which views are kept."""
    return bool(set(DESK) & principal().roles)


@blueprint.get("/workforce/evaluations/<code>.<format>")
@access(*READERS)
def evaluation_file(code: str, format: str) -> ResponseReturnValue:
    """A course, or `all`, as a file: json, csv, xlsx or pdf. Free texts are in none."""
    return file_of(asked_report("evaluation", "" if code == "all" else code), format, code)


def _texts(code: str, rounds: list[dict[str, object]], as_of: dt.date) -> list[tuple[str, int, list[str]]]:
    """Question, days and texts, of released months alone and only where there are enough."""
    form = queries.form_of(code, queries.forms())
    until = {(each["id"], each["days"]): str(each["until"] or "") for each in rounds}
    known = {
        one.id: one for asked in (form.rounds if form else ()) for one in asked.questions
        if one.asks != NOT_BY_AUTHORS or principal().roles & {"cmio", "administrator"}
    }  # fmt: skip
    found: dict[tuple[str, int], list[str]] = {}
    for name, days, month, question, words in queries.texts(code, as_of):
        if question in known and month.isoformat() <= until.get((name, days), ""):
            found.setdefault((question, days), []).append(words)
    return [
        (known[question].title, days, sorted(texts))
        for (question, days), texts in sorted(found.items(), key=lambda each: (each[0][1], each[0][0]))
        if len(texts) >= smallest()
    ]
