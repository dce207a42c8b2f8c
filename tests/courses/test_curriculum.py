"""The courses that the product ships with, held to their own standard."""

from __future__ import annotations

from pathlib import Path

import pytest

from courses.framework import default_framework
from courses.reading import read_course, read_folder

CONTENT = Path(__file__).resolve().parents[2] / "courses" / "content"
FRAMEWORK = default_framework()
COURSES = sorted(path.parent for path in CONTENT.glob("*/course.md"))


def test_there_are_courses_to_hold() -> None:
    assert {"cpoe-safe-orders", "working-through-downtime"} <= {folder.name for folder in COURSES}


@pytest.mark.parametrize("folder", COURSES, ids=lambda folder: folder.name)
def test_a_course_of_ours_has_no_fault_and_enough_substance(folder: Path) -> None:
    course, faults = read_course(
        read_folder(folder), folder.name, FRAMEWORK.codes, frozenset(FRAMEWORK.responsibilities)
    )
    assert not faults, "\n".join(map(str, faults))
    assert course is not None
    assert len(course.lessons) >= 5
    assert len(course.bank.items) >= 20
    assert any(media.media_type.startswith("image/") for media in course.media)
    assert all(lesson.checks for lesson in course.lessons)
