"""A whole course, and every mistake an author can make in it, each beside its near miss."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest

from assessments.model import Fault
from courses.framework import default_framework
from courses.model import Course
from courses.reading import read_course
from tests.courses.sample import course_files, edited

FRAMEWORK = default_framework()


def read(files: Mapping[str, bytes], name: str = "c") -> tuple[Course | None, list[Fault]]:
    return read_course(files, name, FRAMEWORK.codes, frozenset(FRAMEWORK.responsibilities))


def errors(files: Mapping[str, bytes]) -> list[tuple[str, int, str]]:
    course, faults = read(files)
    found = [(fault.path, fault.line, fault.message) for fault in faults if fault.severity == "error"]
    assert (course is None) == bool(found)
    return found


def test_a_course_is_read_as_written() -> None:
    course, faults = read(course_files())
    assert course is not None
    assert not [fault for fault in faults if fault.severity == "error"]
    assert (course.code, course.edition, course.language, course.minutes) == ("SAFE-101", "2026.1", "en", 6)
    assert [(claim.code, claim.level) for claim in course.competencies] == [("B1", 2), ("B4", 2)]
    assert [(lesson.slug, lesson.position, lesson.minutes) for lesson in course.lessons] == [
        ("right-patient", 1, 2),
        ("alerts", 2, 2),
    ]
    assert course.lessons[0].checks == ("two-identifiers",)
    assert len(course.bank.items) == 3
    assert course.exam is not None
    assert (course.exam.pass_percent, course.exam.time_limit, course.exam.confidence) == (Fraction(80), 2, True)
    assert course.authors[0].disclosure == "none"
    assert str(course.review_by) == "2027-11-01"
    assert course.media[0].media_type == "image/svg+xml"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("code: SAFE-101", "code: safe_101", "A–Z"),
        ("code: SAFE-101\n", "", "“code” is missing"),
        ("title: Safer", "tilte: Safer", "“title” is missing"),
        ("minutes: 6", "minutes: twenty", "expected whole minutes"),
        ("minutes: 6", "minutes: 6.5", "expected whole minutes"),
        ("minutes: 6", "minutes: 0", "expected whole minutes"),
        ('edition: "2026.1"\n', "", "“edition” is missing"),
        ("language: en", "language: English please", "language tag"),
        ("audience: [physician, nurse]", "audience: [{doctor: 1}]", "expected a list from physician"),
        ("audience: [physician, nurse]", "audience: []", "“audience” is empty"),
        ("code: B1, level: 2", "code: B9, level: 2", "“B9” is not in the framework"),
        ("code: B1, level: 2", "code: B1, level: 6", "a level from 1 to 5"),
        ("code: B4", "code: B1", "B1 stands here twice"),
        ("prerequisites: []", "prerequisites: [SAFE-101]", "asks for itself"),
        ("responsibilities: [R3]", "responsibilities: [R9]", "“R9” is not a responsibility"),
        ("review_by: 2027-11-01", "review_by: 1.11.2027", "a date such as 2027-11-01"),
        ("review_by: 2027-11-01", "review_by: 2027-02-30", "a date such as 2027-11-01"),
        ("valid_months: 24", "valid_months: always", "whole months"),
        ("valid_months: 24", "credits: [{type: ama-pra-1, amount: 0.8}]", "steps of 0.25"),
        ("valid_months: 24", "credits: [{type: acpe, amount: 0.75, uan: 12}]", "universal activity number"),
        ("valid_months: 24", "credits: [{type: ancc}]", "“amount” is missing"),
        ("valid_months: 24", "code: TWICE", "twice"),
        ("---\n\nTwo", "\n\nTwo", "front matter"),
    ],
)
def test_a_mistake_in_course_md_is_an_error(old: str, new: str, says: str) -> None:
    found = errors(edited("course.md", old, new))
    assert [message for path, _, message in found if says in message and path == "c/course.md"], found


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('edition: "2026.1"', "edition: 2026.10"),
        ("minutes: 6", "minutes: '6'"),
        ("language: en", "language: pt-BR"),
        ("prerequisites: []", "prerequisites: [EHR-101]"),
        ("audience: [physician, nurse]", "audience: nurse"),
        ("audience: [physician, nurse]", "audience: [dietitian]"),
        ("valid_months: 24\n", ""),
        ("valid_months: 24", "credits: [{type: ama-pra-1, amount: 0.75}, {type: ancc, amount: 0.8}]"),
        ("valid_months: 24", 'credits: [{type: acpe, amount: 0.75, uan: "0000-0000-26-001-H05-P"}]'),
    ],
)
def test_near_misses_in_course_md_are_read(old: str, new: str) -> None:
    assert not errors(edited("course.md", old, new))


def test_an_edition_stays_as_it_is_written() -> None:
    course, _ = read(edited("course.md", 'edition: "2026.1"', "edition: 2026.10"))
    assert course is not None
    assert course.edition == "2026.10"


def test_a_field_nobody_reads_is_a_warning_with_a_guess() -> None:
    _, faults = read(edited("course.md", "review_by:", "reviewed_by: me\nreview_by:"))
    assert any("did you mean “review_by”?" in fault.message and fault.severity == "warning" for fault in faults)


@pytest.mark.parametrize(
    ("path", "old", "new", "line", "says"),
    [
        ("10-right-patient.md", "title: The right patient, the right encounter\n", "", 1, "“title” is missing"),
        ("10-right-patient.md", "minutes: 2", "minutes: soon", 3, "expected whole minutes"),
        ("10-right-patient.md", "---\ntitle", "title", 1, "no front matter"),
        ("10-right-patient.md", "two-identifiers", "three-identifiers", 14, "“three-identifiers” is not an item"),
        ("10-right-patient.md", "[!CHECK] two-identifiers", "[!CASE] ward-b", 14, "“ward-b” is not a case"),
        ("10-right-patient.md", "20-alerts.md", "30-alerts.md", 18, "did you mean 20-alerts.md?"),
        ("10-right-patient.md", "20-alerts.md", "20-alerts.md#nowhere", 18, "no heading with the id “nowhere”"),
        ("10-right-patient.md", "media/banner.svg", "media/baner.svg", 12, "did you mean media/banner.svg?"),
        ("10-right-patient.md", "The banner shows the name and the encounter", "", 12, "no alternative text"),
        ("exam.md", "pass: 80", "pass: 101", 3, "0 to 100"),
        ("exam.md", "pass: 80\n", "", 1, "“pass” is missing"),
        ("exam.md", "open: after_lessons", "open: later", 7, "after_lessons, always"),
        ("exam.md", "confidence: true", "confidence: maybe", 8, "true or false"),
        ("exam.md", "attempts: 3", "draw: [{competency: B1, count: 40}]", 4, "but the bank has 2"),
        ("exam.md", "attempts: 3", "draw: [{competency: Z1, count: 1}]", 4, "“Z1” is not in the framework"),
        ("exam.md", "attempts: 3", "draw: [{competency: B1}]", 4, "“count” is missing"),
        ("questions.md", "competency: B1", "competency: Q1", 6, "“Q1” is not in the framework"),
        ("questions.md", "{#alert-override", "{#heparin-rate", 24, "heparin-rate"),
        ("questions.md", "{#heparin-rate}", "", 16, "has no id"),
    ],
)
def test_a_mistake_elsewhere_is_an_error_at_its_line(path: str, old: str, new: str, line: int, says: str) -> None:
    found = errors(edited(path, old, new))
    assert {one[0] for one in found} == {f"c/{path}"}
    assert line in [one[1] for one in found if says in one[2]], found


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("10-right-patient.md", "20-alerts.md", "20-alerts.md#knows"),
        ("10-right-patient.md", "20-alerts.md", "course.md"),
        ("exam.md", "attempts: 3", "draw: [{competency: B1, count: 2}]"),
        ("exam.md", "attempts: 3", "attempts: 0"),
        ("exam.md", "pass: 80", "pass: 66.7"),
        ("exam.md", "confidence: true", "confidence: no"),
    ],
)
def test_near_misses_elsewhere_are_read(path: str, old: str, new: str) -> None:
    assert not errors(edited(path, old, new))


def test_every_mistake_is_reported_at_once() -> None:
    files = course_files()
    for path, old, new in (
        ("course.md", "minutes: 6", "minutes: x"),
        ("10-right-patient.md", "two-identifiers", "nothing"),
        ("exam.md", "pass: 80", "pass: x"),
        ("questions.md", "competency: B1", "competency: Q1"),
    ):
        files[path] = files[path].replace(old.encode(), new.encode(), 1)
    files["media/bad.png"] = b"no picture"
    files["20-alerts.md"] = b"\xff"
    assert {path for path, _, _ in errors(files)} == {f"c/{path}" for path in files if path != "media/banner.svg"}


def test_a_course_without_its_file_still_has_its_other_files_examined() -> None:
    files = course_files()
    del files["course.md"]
    files["exam.md"] = files["exam.md"].replace(b"pass: 80", b"pass: x")
    found = errors(files)
    assert any("is missing" in message for _, _, message in found)
    assert any(path == "c/exam.md" for path, _, _ in found)


def test_a_course_without_lessons_is_an_error() -> None:
    files = {path: data for path, data in course_files().items() if not path[0].isdigit()}
    assert any("has no lesson" in message for _, _, message in errors(files))


def test_an_assessment_without_items_is_an_error() -> None:
    files = course_files()
    files["questions.md"] = b""
    files["10-right-patient.md"] = files["10-right-patient.md"].replace(b"> [!CHECK] two-identifiers", b"")
    assert any("has no items" in message for _, _, message in errors(files))


def test_questions_may_stand_in_several_files_but_their_ids_are_unique() -> None:
    files = course_files()
    files["questions/10-a.md"] = files.pop("questions.md")
    assert not errors(files)
    files["questions/20-b.md"] = files["questions/10-a.md"]
    assert {path for path, _, _ in errors(files)} == {"c/questions/20-b.md"}


def test_without_a_framework_codes_are_not_checked() -> None:
    files = edited("course.md", "code: B1, level: 2", "code: XYZ, level: 2")
    course, _ = read_course(files, "c", None)
    assert course is not None


@pytest.mark.parametrize("path", ["course.md", "10-right-patient.md", "exam.md", "questions.md"])
@pytest.mark.parametrize(
    "data",
    [b"", b"\x00", b"\xff\xfe", b"---", b"---\n---\n", b"---\n- a\n---\n", b"---\na: [\n---\n", b"---\n? {}\n---\n"],
)
def test_no_content_of_a_file_breaks_the_reader(path: str, data: bytes) -> None:
    course, faults = read({**course_files(), path: data})
    assert faults or course is not None
    assert all(fault.line >= 1 and fault.column >= 1 for fault in faults)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    files = course_files()
    turned = {
        path: b"\xef\xbb\xbf" + data.replace(b"\n", b"\r\n") if path.endswith(".md") else data
        for path, data in files.items()
    }
    assert read(turned) == read(files)


def test_a_picture_in_a_question_obeys_the_same_rules_from_where_the_file_lies() -> None:
    picture = "before an order?\n\n![A banner](media/banner.svg)"
    files = edited("questions.md", "before an order?", picture)
    assert not errors(files)
    text = files.pop("questions.md").replace(b"](media/", b"](../media/")
    assert not errors({**files, "questions/10-a.md": text})
    assert errors({**files, "questions/10-a.md": text.replace(b"A banner", b"")})[0][:2] == ("c/questions/10-a.md", 10)


def test_a_course_named_like_its_questions_folder_is_read_all_the_same() -> None:
    course, faults = read(edited("questions.md", "before an order?", "?\n\n![A banner](media/banner.svg)"), "questions")
    assert course is not None, faults
