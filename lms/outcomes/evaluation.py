"""The report of evaluations by Kirkpatrick's first three levels, as one frozen value for page and every file.

Reaction and intention come from the round at the end of a course, learning from first attempts at its exam, behaviour
from the rounds after 30 and 90 days and from observations at work that were signed off.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from courses.evaluations import Question
from courses.rendering.headings import plain_text
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.competency.observed import observed
from lms.evaluations import queries
from lms.evaluations.facts import FormFacts, Tally, released
from lms.learning.finished import finished_between
from lms.quizzes.firsts import Firsts, first_attempts
from lms.reports.pictures import MOST_BARS, share_bars
from lms.reports.value import Chart, Report, Table
from lms.reports.words import long_day, percent
from lms.web.clock import local

KIND = "evaluation"
SEEN_WITHIN = dt.timedelta(days=180)
SEEN_LEVEL = 3
BEGINNING = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)

COMPARED = (
    "Compared",
    "The same figures with the answers, first attempts and observations of months that had ended on the earlier date. "
    "The change is that of the whole percentages shown, in points.",
)
DEFINITIONS = (
    ("Answers", "Questionnaires that were sent, without names. Each may be answered once for each completion."),
    (
        "Counted until",
        "The end of the last whole month. Months are put together until they hold {smallest} answers or more; what is "
        "left over waits. So no two reports can be subtracted to find what a few people said.",
    ),
    (
        "Small groups",
        "A question that 1 to {few} people answered is not shown. Free texts are shown from {smallest} of them on.",
    ),
    ("Relevant", "The rating of the question on relevance is 4 or 5 of 5. Ratings are counted, never averaged."),
    (
        "Learning",
        "People whose first attempt at the exam reached the pass mark. No test is taken before a course, so nothing is "
        "said of a gain.",
    ),
    (
        "Seen at work",
        "People who completed the course and were observed within 180 days after it, signed off, at level 3 or above "
        "in a competency that the course teaches. It does not show that the course brought it about.",
    ),
    ("What people say they do", "Answers after 30 and 90 days are reports about oneself, and not everybody answers."),
)


FIGURES = {
    "relevant": "Relevant", "biased": "Noticed bias", "changes": "Will change something",
    "did30": "Do it after 30 days", "did90": "Do it after 90 days", "passed": "Passed at first",
}  # fmt: skip


def evaluation_report(code: str | None, *, as_of: dt.date, smallest: int, before: dt.date | None = None) -> Report:
    """The report of one course, or of all that are published, beside an earlier date where one is given.

    Raises LookupError for an unknown course.
    """
    data, title = _data(code, as_of, smallest)
    filters: tuple[tuple[str, str], ...] = (("course", code or "all"),)
    meant = tuple((term, text.format(smallest=smallest, few=smallest - 1)) for term, text in DEFINITIONS)
    if before:
        then, _ = _data(code, before, smallest)
        data |= {"compared_with": before.isoformat(), "compared": _compared(data, then)}
        filters += (("compared with", before.isoformat()),)
        meant += (COMPARED,)
    return Report(KIND, title, _finding(data, code), as_of, filters, meant, data, _tables, _charts)


def _data(code: str | None, as_of: dt.date, smallest: int) -> tuple[dict[str, Any], str]:
    """The figures of a date, and the title of the report."""
    versions = [each for each in catalog.catalogue() if code in (None, each.code)]
    if code is not None and not versions:
        raise LookupError(f"No course {code}.")
    cut = as_of.replace(day=1)
    moment = dt.datetime.combine(cut, dt.time(), dt.UTC)
    forms = queries.forms()
    said: dict[str, list[Tally]] = defaultdict(list)
    for tally in queries.tallies(cut, code):
        said[tally.course_code].append(tally)
    firsts = first_attempts(moment)
    courses = []
    for version in sorted(versions, key=lambda each: each.title):
        form = queries.form_of(version.code, forms)
        courses.append(
            {
                "code": version.code, "title": version.title,
                "rounds": _rounds(form, said[version.code], smallest) if form else [],
                "exam": _exam(firsts.get(version.code), smallest),
                "seen": _seen(version, cut, smallest) if code is not None else None,
            }
        )  # fmt: skip
    title = f"Evaluation of {versions[0].title}" if code is not None else "Evaluations of the courses"
    return {"counted_before": cut.isoformat(), "courses": courses}, title


def _compared(now: Mapping[str, Any], then: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each key figure of each course on both dates, with the change in points where both have people."""
    earlier = {each["code"]: key_figures(each) for each in then["courses"]}
    found = []
    for course in now["courses"]:
        for name, figure in key_figures(course).items():
            was = earlier.get(course["code"], {}).get(name)
            change = percent(*figure) - percent(*was) if figure and was else None
            found.append({"course": course["code"], "figure": name, "before": was, "now": figure, "change": change})
    return found


def _rounds(form: FormFacts, said: Sequence[Tally], smallest: int) -> list[dict[str, Any]]:
    found = []
    for asked in form.rounds:
        for days in asked.days:
            mine = [each for each in said if (each.round, each.days) == (asked.id, days)]
            sent = [(each.month, each.count) for each in mine if not each.question]
            until = released(sent, smallest)
            counts: dict[tuple[str, str], int] = defaultdict(int)
            for each in mine:
                if until is not None and each.month <= until:
                    counts[each.question, each.answer] += each.count
            answers = counts["", ""]
            questions = [_question(one, counts, answers, smallest) for one in asked.questions if one.kind != "text"]
            found.append(
                {
                    "id": asked.id, "title": asked.title, "days": days, "answers": answers,
                    "until": until.isoformat() if until else None, "questions": questions if answers else [],
                }
            )  # fmt: skip
    return found


def _question(one: Question, counts: Mapping[tuple[str, str], int], answers: int, smallest: int) -> dict[str, Any]:
    chosen = {option.id: counts.get((one.id, option.id), 0) for option in one.options}
    of = answers if one.kind == "choices" else sum(chosen.values())
    hidden = 0 < of < smallest
    return {
        "id": one.id, "title": one.title, "kind": one.kind, "asks": one.asks, "level": one.level,
        "of": None if hidden else of, "suppressed": hidden,
        "options": [
            {"id": option.id, "title": plain_text(option.html), "count": None if hidden else chosen[option.id]}
            for option in one.options
        ],
    }  # fmt: skip


def _exam(found: Firsts | None, smallest: int) -> dict[str, Any]:
    if found is None:
        return {"of": 0, "passed": 0, "suppressed": False}
    hidden = 0 < found.takers < smallest
    return {
        "of": None if hidden else found.takers, "passed": None if hidden else found.passed, "suppressed": hidden
    }  # fmt: skip


def _seen(version: VersionFacts, cut: dt.date, smallest: int) -> dict[str, Any]:
    moment = dt.datetime.combine(cut, dt.time(), dt.UTC)
    first: dict[int, dt.date] = {}
    for each in finished_between(BEGINNING, moment):
        if each.code == version.code:
            first.setdefault(each.person_id, local(each.completed_at).date())
    days = observed([code for code, _level in version.competencies], SEEN_LEVEL, cut)
    seen = sum(
        1 for person_id, done in first.items()
        if any(done < day <= done + SEEN_WITHIN for day in days.get(person_id, ()))
    )  # fmt: skip
    hidden = 0 < len(first) < smallest
    return {"of": None if hidden else len(first), "seen": None if hidden else seen, "suppressed": hidden}


def key_figures(course: Mapping[str, Any]) -> dict[str, tuple[int, int] | None]:
    """Part and whole of what a list of courses shows: `relevant`, `biased`, `changes`, `did30`, `did90`, `passed`.

    None where nothing was answered or too few did. `did` counts the first answer to the first question on practice.
    """
    end = next((each for each in course["rounds"] if each["days"] == 0), None)
    found: dict[str, tuple[int, int] | None] = {
        "relevant": _part(end, "relevance", (3, 4)),
        "biased": _part(end, "commercial-bias", (2,)),
        "changes": _part(end, "intention", (0, 1)),
    }
    for days in (30, 90):
        later = next((each for each in course["rounds"] if each["days"] == days), None)
        found[f"did{days}"] = _part(later, "practice", (0,))
    exam = course["exam"]
    found["passed"] = (exam["passed"], exam["of"]) if exam["of"] else None
    return found


def _part(asked: Mapping[str, Any] | None, asks: str, places: Sequence[int]) -> tuple[int, int] | None:
    question = next((each for each in (asked or {}).get("questions", ()) if each["asks"] == asks), None)
    if question is None or not question["of"]:
        return None
    options = question["options"]
    return sum(options[place]["count"] for place in places if place < len(options)), question["of"]


def _finding(data: Mapping[str, Any], code: str | None) -> str:
    figures = [key_figures(each) for each in data["courses"]]
    parts = [each["relevant"] for each in figures if each["relevant"]]
    if not parts:
        return "Too few answers to show yet"
    part, whole = sum(each[0] for each in parts), sum(each[1] for each in parts)
    said = f"{percent(part, whole)}% found it relevant to their own work ({part:,} of {whole:,})"
    if code is None:
        return f"{said}, over all courses"
    did = figures[0]["did30"]
    return f"{said}; after 30 days {did[0]} of {did[1]} do it as a routine" if did else said


def _charts(data: Mapping[str, Any]) -> tuple[Chart, ...]:
    """Of one course its key figures, of all the share that found each relevant and that does it after 30 days."""
    courses = data["courses"]
    if len(courses) == 1:
        figures = key_figures(courses[0])
        rows = [(FIGURES[name], *figures[name]) for name in FIGURES if figures[name]]  # type: ignore[misc]
        return share_bars(rows, "Key figures of this course", "People", percent) if rows else ()
    relevant = _bars(courses, "relevant", "found it relevant to their work")
    return (*relevant, *_bars(courses, "did30", "do it after 30 days"))


def _bars(courses: Sequence[Mapping[str, Any]], name: str, said: str) -> tuple[Chart, ...]:
    """A figure by course, the lowest first; courses with too few answers are in the table alone."""
    held = [(each["title"], figure) for each in courses if (figure := key_figures(each)[name])]
    if not held:
        return ()
    held.sort(key=lambda each: (percent(*each[1]), each[0]))
    title = f"{held[0][0]}: {percent(*held[0][1])}% {said}"
    rows = [(course, part, of) for course, (part, of) in held[:MOST_BARS]]
    return share_bars(rows, title, f"People who {said}", percent)


def _tables(data: Mapping[str, Any]) -> tuple[Table, ...]:
    answers = tuple(
        (course["title"], asked["days"], question["level"] or "", question["title"], option["title"], option["count"],
         question["of"])
        for course in data["courses"] for asked in course["rounds"] for question in asked["questions"]
        for option in question["options"]
    )  # fmt: skip
    columns = (("course", "Course"), ("days", "Days after"), ("level", "Level"), ("question", "Question"),
               ("answer", "Answer"), ("count", "People"), ("of", "of"))  # fmt: skip
    heads = (("course", "Course"), ("answers", "Answers at the end"), ("relevant", "Relevant"), ("relevant_of", "of"),
             ("biased", "Noticed bias"), ("biased_of", "of"),
             ("changes", "Will change something"), ("changes_of", "of"),
             ("did30", "Do it after 30 days"), ("did30_of", "of"), ("did90", "after 90 days"), ("did90_of", "of"),
             ("passed", "Passed at first"), ("passed_of", "of"))  # fmt: skip
    rows = []
    for course in data["courses"]:
        cells: list[Any] = [course["title"], next((r["answers"] for r in course["rounds"] if r["days"] == 0), 0)]
        for figure in key_figures(course).values():
            cells += figure or (None, None)
        rows.append(tuple(cells))
    one = len(data["courses"]) == 1
    tables = [
        # Of one course the chart says the same; of all, every answer is hundreds of lines that nobody reads on paper.
        Table("courses", "By course", heads, tuple(rows), for_files=one),
        Table("answers", "Every answer", columns, answers, for_files=not one),
    ]
    found = [*reversed(tables)] if one else tables
    return (*found, _side_by_side(data)) if "compared_with" in data else tuple(found)


def _side_by_side(data: Mapping[str, Any]) -> Table:
    titles = {each["code"]: each["title"] for each in data["courses"]}
    columns = (("course", "Course"), ("figure", "Figure"), ("before_percent", "Per cent before"),
               ("percent", "Per cent"), ("change", "Change in points"))  # fmt: skip
    rows = tuple(
        (titles[row["course"]], FIGURES[row["figure"]], percent(*row["before"]) if row["before"] else None,
         percent(*row["now"]) if row["now"] else None, "" if row["change"] is None else row["change"])
        for row in data["compared"] if row["before"] or row["now"]
    )  # fmt: skip
    return Table("compared", f"Compared with {long_day(dt.date.fromisoformat(data['compared_with']))}", columns, rows)
