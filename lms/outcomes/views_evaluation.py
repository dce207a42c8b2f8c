"""What learners say of the courses: for educators, the CMIO and administrators, never by name."""

from __future__ import annotations

import datetime as dt

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from lms.evaluations import queries
from lms.outcomes.answers import asked_date, file_of, smallest
from lms.outcomes.evaluation import evaluation_report, key_figures
from lms.outcomes.views import blueprint
from lms.reports.value import Report
from lms.reports.words import percent
from lms.web.guard import access
from lms.web.principal import principal

READERS = ("educator", "cmio", "administrator")
NOT_BY_AUTHORS = "commercial-bias"  # what is said of bias is read by others than those who write courses


@blueprint.get("/workforce/evaluations")
@access(*READERS)
def evaluations() -> ResponseReturnValue:
    """Every course with its key figures."""
    report = _report(None)
    rows = [(course, key_figures(course)) for course in report.data["courses"]]
    return render_template("outcomes/evaluations.html", report=report, rows=rows, percent=percent)


@blueprint.get("/workforce/evaluations/<code>")
@access(*READERS)
def evaluation(code: str) -> ResponseReturnValue:
    """One course: every question with its answers, and free texts where there are enough of them."""
    report = _report(code)
    course = report.data["courses"][0]
    return render_template(
        "outcomes/evaluation.html",
        report=report,
        course=course,
        figures=key_figures(course),
        texts=_texts(code, course["rounds"], report.as_of),
        percent=percent,
        smallest=smallest(),
    )


@blueprint.get("/workforce/evaluations/<code>.<format>")
@access(*READERS)
def evaluation_file(code: str, format: str) -> ResponseReturnValue:
    """A course, or `all`, as a file: json, csv, xlsx or pdf. Free texts are in none."""
    return file_of(_report(None if code == "all" else code), format, (), code)


def _report(code: str | None) -> Report:
    try:
        return evaluation_report(code, as_of=asked_date(), smallest=smallest())
    except LookupError:
        abort(404)


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
