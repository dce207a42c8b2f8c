"""The fields of exam.md, typed: the blueprint of the assessment."""

from fractions import Fraction

from assessments.papers import Draw
from courses.coursefile import unknown_competency
from courses.fields import Fields
from courses.model import Exam

OPEN = ("after_lessons", "always")
FEEDBACK = ("after_submit", "after_pass", "never")


def read_exam_fields(
    fields: Fields, instructions: str, body_line: int, known_competencies: frozenset[str] | None
) -> Exam:
    """Read all fields of exam.md; what is left out has the defaults shown in the format's description."""
    expected = "a pass mark in per cent, 0 to 100"
    passing = fields.number("pass", None, required=True, low=0, high=100, expected=expected)
    exam = Exam(
        title=fields.text("title", required=True, expected="the assessment's title"),
        pass_percent=passing or Fraction(0),
        attempts=fields.whole("attempts", 0, low=0, high=1_000, expected="how many attempts, 0 for no limit") or 0,
        wait_hours=fields.whole("wait_hours", 0, low=0, high=10_000, expected="whole hours between attempts") or 0,
        time_limit=fields.whole("time_limit", None, low=1, high=1_440, expected="whole minutes; leave it out for none"),
        open=fields.choice("open", "after_lessons", OPEN),
        confidence=fields.boolean("confidence", False),
        feedback=fields.choice("feedback", "after_submit", FEEDBACK),
        draws=_draws(fields, known_competencies),
        instructions=instructions,
        path="exam.md",
        body_line=body_line,
        draw_line=fields.line("draw"),
        markers=fields.whole("markers", 1, low=1, high=2, expected="1 or 2 markers for each essay") or 1,
    )
    if passing == 0:
        fields.warning("pass", "a pass mark of 0 passes everybody")
    fields.finish()
    return exam


def _draws(fields: Fields, known: frozenset[str] | None) -> tuple[Draw, ...]:
    found = []
    for each in fields.each("draw", expected="a list such as [{competency: B1, count: 4}, {tag: safety, count: 2}]"):
        count = each.whole("count", 0, required=True, low=1, high=500, expected="how many items, 1 to 500") or 0
        competency = each.text("competency", longest=20) or None
        level = each.whole("level", None, low=1, high=5, expected="a level from 1 to 5")
        tag = each.text("tag", longest=60) or None
        each.finish()
        if competency and known is not None and competency not in known:
            each.error("competency", unknown_competency(competency, known))
        if count:
            found.append(Draw(count=count, competency=competency, level=level, tag=tag))
    return tuple(found)
