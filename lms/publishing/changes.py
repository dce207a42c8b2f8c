"""What publishing a text would change for learners, said before it happens. Pure: compares, writes nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assessments.model import Bank, to_json
from courses.publishing import PublishedCourse
from lms.catalog.facts import LessonPage, VersionFacts, exam_document

_NUMBERS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})*")
Kind = Literal["new", "same", "edition", "correction"]


@dataclass(frozen=True)
class Parts:
    """Titles of the parts of one sort that came, went, or read differently now."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


@dataclass(frozen=True)
class Changes:
    """`kind` tells whether the course is new, unchanged, a new edition, or a correction of the same edition."""

    kind: Kind
    lessons: Parts = Parts()
    items: Parts = Parts()
    exam: bool = False
    front: bool = False  # title, objectives, competencies and what else stands in course.md
    media: bool = False
    older: bool = False  # the edition is numbered lower than the one that learners see


def is_older(new: str, old: str) -> bool:
    """Whether an edition such as 2025.9 is numbered lower than another; what is not numbers is never older."""
    if not (_NUMBERS.fullmatch(new) and _NUMBERS.fullmatch(old)):
        return False
    first, second = ([int(part) for part in text.split(".")] for text in (new, old))
    return first < second


def changes(
    old: VersionFacts | None,
    old_lessons: Sequence[LessonPage],
    old_bank: Bank,
    new: PublishedCourse,
) -> Changes:
    """Compare the current version (None for a course that is not published yet) with a new text."""
    lessons = {lesson.slug: (lesson.title, (lesson.title, lesson.minutes, lesson.html)) for lesson in new.lessons}
    items = _items(new.bank)
    if old is None:
        return Changes("new", Parts(added=_titles(lessons)), Parts(added=_titles(items)), new.course.exam is not None)
    if old.digest == new.digest:
        return Changes("same")
    before = {lesson.slug: (lesson.title, (lesson.title, lesson.minutes, lesson.html)) for lesson in old_lessons}
    return Changes(
        "correction" if old.edition == new.course.edition else "edition",
        _compare(before, lessons),
        _compare(_items(old_bank), items),
        exam=_exam(old) != _new_exam(new),
        front=_front(old) != _new_front(new),
        older=is_older(new.course.edition, old.edition),
    )


def _items(bank: Bank) -> dict[str, tuple[str, Any]]:
    titles = {item.id: item.title for item in bank.items}
    rows: list[dict[str, Any]] = to_json(bank)["items"]
    # Where an item stands in its file is not part of what a learner sees.
    return {row["id"]: (titles[row["id"]], {**row, "path": "", "line": 0}) for row in rows}


def _titles(parts: Mapping[str, tuple[str, Any]]) -> tuple[str, ...]:
    return tuple(title for title, _ in parts.values())


def _compare(before: Mapping[str, tuple[str, Any]], after: Mapping[str, tuple[str, Any]]) -> Parts:
    return Parts(
        added=tuple(title for key, (title, _) in after.items() if key not in before),
        removed=tuple(title for key, (title, _) in before.items() if key not in after),
        changed=tuple(title for key, (title, text) in after.items() if key in before and before[key][1] != text),
    )


def _exam(old: VersionFacts) -> Any:
    return exam_document(old.exam, old.exam.instructions_html) if old.exam else None


def _new_exam(new: PublishedCourse) -> Any:
    return exam_document(new.course.exam, new.exam_html or "") if new.course.exam else None


def _front(old: VersionFacts) -> tuple[Any, ...]:
    return (
        old.title, old.summary, old.minutes, old.valid_months, old.audience, old.objectives, old.prerequisites,
        dict(old.competencies), old.overview_html,
    )  # fmt: skip


def _new_front(new: PublishedCourse) -> tuple[Any, ...]:
    meta = new.course
    return (
        meta.title, meta.summary, meta.minutes, meta.valid_months, tuple(meta.audience), tuple(meta.objectives),
        tuple(meta.prerequisites), {claim.code: claim.level for claim in meta.competencies}, new.overview_html,
    )  # fmt: skip
