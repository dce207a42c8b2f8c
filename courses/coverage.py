"""What the courses of a programme cover together, and where they leave a gap: the matrix that the check prints.

`programme_coverage` counts, `coverage_text` writes the counts as a plain table. Knows courses and the framework.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from courses.framework import Framework
from courses.model import Course, Lesson
from courses.prose import reading_minutes


@dataclass(frozen=True)
class CourseCoverage:
    """One course in figures.

    `items` counts bank items by competency code, `claimed` the codes that course.md claims. `stated` and `reading`
    are minutes of the lessons, as course files say and as words, pictures and checks take. `grade` is the reading
    grade over the lessons, weighted by words, an indication only. `untested` are the objectives without an item, as
    (position from 1, words); `unexplained` the ids of items without a rationale.
    """

    code: str
    title: str
    claimed: frozenset[str]
    responsibilities: frozenset[str]
    items: dict[str, int]
    lessons: int
    words: int
    stated: int
    reading: Fraction
    grade: float | None
    objectives: int
    untested: tuple[tuple[int, str], ...]
    unexplained: tuple[str, ...]

    @property
    def bank(self) -> int:
        """How many items the course has, those of no competency included."""
        return sum(self.items.values())


@dataclass(frozen=True)
class ProgrammeCoverage:
    """A programme in figures, courses by their code. `unclaimed` and `unserved` are the competencies and
    responsibilities of the framework that no course claims, as (code, title)."""

    courses: tuple[CourseCoverage, ...]
    competencies: tuple[str, ...]
    unclaimed: tuple[tuple[str, str], ...]
    unserved: tuple[tuple[str, str], ...]
    responsibilities: int


def programme_coverage(courses: Sequence[Course], framework: Framework) -> ProgrammeCoverage:
    """Count what `courses` cover of the framework."""
    found = tuple(sorted((_course(course) for course in courses), key=lambda one: one.code))
    claimed = frozenset().union(*(one.claimed for one in found))
    served = frozenset().union(*(one.responsibilities for one in found))
    return ProgrammeCoverage(
        courses=found,
        competencies=tuple(one.code for one in framework.competencies),
        unclaimed=tuple((one.code, one.title) for one in framework.competencies if one.code not in claimed),
        unserved=tuple((code, title) for code, title in framework.responsibilities.items() if code not in served),
        responsibilities=len(framework.responsibilities),
    )


def _course(course: Course) -> CourseCoverage:
    items: dict[str, int] = {}
    for item in course.bank.items:
        items[item.competency or ""] = items.get(item.competency or "", 0) + 1
    tested = {position for item in course.bank.items for position in item.objectives}
    return CourseCoverage(
        code=course.code,
        title=course.title,
        claimed=frozenset(claim.code for claim in course.competencies),
        responsibilities=frozenset(course.responsibilities),
        items=items,
        lessons=len(course.lessons),
        words=sum(lesson.words for lesson in course.lessons),
        stated=sum(lesson.minutes for lesson in course.lessons),
        reading=sum((_minutes(lesson) for lesson in course.lessons), Fraction(0)),
        grade=_grade(course.lessons),
        objectives=len(course.objectives),
        untested=tuple((at, words) for at, words in enumerate(course.objectives, 1) if at not in tested),
        unexplained=tuple(item.id for item in course.bank.items if not (item.rationale or "").strip()),
    )


def _minutes(lesson: Lesson) -> Fraction:
    return reading_minutes(lesson.words, lesson.pictures, len(lesson.checks))


def _grade(lessons: Sequence[Lesson]) -> float | None:
    graded = [(lesson.words, lesson.grade) for lesson in lessons if lesson.grade is not None]
    words = sum(count for count, _ in graded)
    return sum(count * grade for count, grade in graded) / words if words else None


def coverage_text(found: ProgrammeCoverage) -> str:
    """Return the matrix as text: items by competency and course, the courses in figures, and every gap by name.

    No line of it can be taken for a fault: none begins with a path and a position.
    """
    covered = len(found.competencies) - len(found.unclaimed)
    served = found.responsibilities - len(found.unserved)
    parts = [
        f"Coverage: {_count(len(found.courses), 'course')}, {covered} of {len(found.competencies)} competencies, "
        f"{served} of {found.responsibilities} responsibilities",
        "Items by competency and course (* the course claims the competency)\n" + _table(_item_rows(found)),
        "Courses (minutes are of the lessons; read: 200 words a minute, 12 s a picture, 45 s a check; "
        "grade: Flesch–Kincaid, an indication)\n" + _table(_course_rows(found)),
    ]
    parts += _gap("Competencies that no course claims", [f"{code} {title}" for code, title in found.unclaimed])
    parts += _gap("Responsibilities that no course claims", [f"{code} {title}" for code, title in found.unserved])
    parts += _gap(
        "Objectives without an item",
        [f"{one.code} objective {at} – {words}" for one in found.courses for at, words in one.untested],
    )
    parts += _gap(
        "Items without a rationale", [f"{one.code} {item}" for one in found.courses for item in one.unexplained]
    )
    return "\n\n".join(parts)


def _item_rows(found: ProgrammeCoverage) -> list[list[str]]:
    # A competency that the framework does not have is an error elsewhere; items of no competency get a row.
    codes = [*found.competencies, *([""] if any("" in one.items for one in found.courses) else [])]
    rows = [["competency", *(one.code for one in found.courses), "items"]]
    for code in codes:
        cells = [_cell(one.items.get(code, 0), code in one.claimed) for one in found.courses]
        rows.append([code or "none", *cells, str(sum(one.items.get(code, 0) for one in found.courses))])
    rows.append(["all", *(str(one.bank) for one in found.courses), str(sum(one.bank for one in found.courses))])
    return rows


def _cell(items: int, claimed: bool) -> str:
    return f"{items}*" if claimed else str(items or "·")


def _course_rows(found: ProgrammeCoverage) -> list[list[str]]:
    rows = [["course", "lessons", "words", "stated", "read", "grade", "items", "no rationale", "objectives", "no item"]]
    for one in found.courses:
        rows.append(
            [
                one.code,
                str(one.lessons),
                str(one.words),
                f"{one.stated} min",
                f"{float(one.reading):.0f} min",
                "–" if one.grade is None else f"{one.grade:.1f}",
                str(one.bank),
                str(len(one.unexplained)),
                str(one.objectives),
                str(len(one.untested)),
            ]
        )
    return rows


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  "
        + "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )


def _gap(title: str, lines: Sequence[str]) -> list[str]:
    return [f"{title} ({len(lines)})\n" + "\n".join(f"  {line}" for line in lines)] if lines else [f"{title}: none"]


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
