"""The coverage of a programme: what is counted, and that every gap is named."""

from __future__ import annotations

from fractions import Fraction

from courses.coverage import ProgrammeCoverage, coverage_text, programme_coverage
from courses.framework import default_framework
from courses.model import Course
from courses.reading import read_course
from tests.courses.sample import course_files, edited

FRAMEWORK = default_framework()


def course(old: str = "", new: str = "", path: str = "course.md") -> Course:
    files = edited(path, old, new) if old else course_files()
    found, faults = read_course(files, "x", FRAMEWORK.codes, frozenset(FRAMEWORK.responsibilities))
    assert found is not None, faults
    return found


def covered(*courses: Course) -> ProgrammeCoverage:
    return programme_coverage(courses, FRAMEWORK)


def test_items_are_counted_by_competency_and_course() -> None:
    found = covered(course("SAFE-101", "SAFE-102"), course())
    assert [one.code for one in found.courses] == ["SAFE-101", "SAFE-102"]
    assert found.courses[0].items == {"B1": 2, "B4": 1}
    assert found.courses[0].bank == 3
    rows = [line.split() for line in coverage_text(found).splitlines()]
    assert ["B1", "2*", "2*", "4"] in rows
    assert ["B5", "·", "·", "0"] in rows
    assert ["all", "3", "3", "6"] in rows


def test_what_no_course_claims_is_named() -> None:
    found = covered(course())
    assert ("A1", "Find and verify what a decision needs") in found.unclaimed
    assert {code for code, _ in found.unclaimed} == FRAMEWORK.codes - {"B1", "B4"}
    assert {code for code, _ in found.unserved} == set(FRAMEWORK.responsibilities) - {"R3"}
    assert "  R8 Education, training and curriculum design" in coverage_text(found).splitlines()


def test_an_objective_is_covered_once_an_item_names_it() -> None:
    bare = covered(course())
    assert bare.courses[0].untested == ((1, "Compare two identifiers before every order"),)
    assert "SAFE-101 objective 1 – Compare two identifiers" in coverage_text(bare)
    named = covered(course("{#two-identifiers", "{#two-identifiers objective=1", "questions.md"))
    assert named.courses[0].untested == ()
    assert "Objectives without an item: none" in coverage_text(named)


def test_an_item_without_a_rationale_is_named() -> None:
    whole = covered(course())
    assert whole.courses[0].unexplained == ()
    text = course_files()["questions.md"].decode()
    rationale = next(line for line in text.splitlines() if line.startswith("> "))
    silent = covered(course(rationale + "\n", "", "questions.md"))
    assert len(silent.courses[0].unexplained) == 1
    assert f"SAFE-101 {silent.courses[0].unexplained[0]}" in coverage_text(silent)


def test_reading_time_follows_words_pictures_and_checks() -> None:
    one = course()
    figures = covered(one).courses[0]
    words = sum(lesson.words for lesson in one.lessons)
    pictures = sum(lesson.pictures for lesson in one.lessons)
    checks = sum(len(lesson.checks) for lesson in one.lessons)
    assert min(words, pictures, checks) > 0
    assert figures.reading == Fraction(words, 200) + Fraction(12 * pictures + 45 * checks, 60)
    assert figures.stated == 4
    longer = covered(course("You see", "You see " + "more " * 200, "20-alerts.md")).courses[0]
    assert longer.reading == figures.reading + 1


def test_a_grade_is_given_only_where_there_is_enough_prose_in_english() -> None:
    assert covered(course()).courses[0].grade is None
    prose = "You see. " + "The nurse reads the order aloud and the patient says the date. " * 15
    graded = covered(course("You see", prose, "20-alerts.md")).courses[0].grade
    assert graded is not None
    assert 3 < graded < 7
    files = edited("20-alerts.md", "You see", prose)
    files["course.md"] = files["course.md"].replace(b"language: en", b"language: de")
    german, _ = read_course(files, "x", None)
    assert german is not None
    assert covered(german).courses[0].grade is None
