"""The curriculum that the product ships with: what it covers, and that every course has its substance."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from assessments.papers import drawable
from courses.__main__ import main
from courses.rendering.renderer import Rendered
from tests.courses.shipped import CONTENT, FRAMEWORK, NAMES, Shipped, every_course, shipped

# The programme: which course claims which competencies of the framework.
PROGRAMME = {
    "EHR-101": {"A1", "A3"},
    "DOC-101": {"A2", "A4"},
    "DOWN-101": {"A5"},
    "CPOE-101": {"B1"},
    "MED-101": {"B2", "B3"},
    "CDS-101": {"B4", "B5"},
    "HIE-101": {"C1", "C2"},
    "TERM-101": {"C3", "C4"},
    "DATA-101": {"D1", "D3"},
    "MEAS-101": {"D2", "D4"},
    "AI-101": {"D5"},
    "SEC-101": {"E1", "E2"},
    "GOV-101": {"E3", "E4", "E5"},
    "IMPL-101": {"F1", "F2", "F3", "F4", "F5"},
    "STRAT-101": {"G1", "G2", "G3", "G4"},
    "TEACH-101": {"H1", "H2", "H3", "H4", "H5"},
}
COMPETENCIES = frozenset().union(*PROGRAMME.values())
SVG = "{http://www.w3.org/2000/svg}"

each_course = pytest.mark.parametrize("name", NAMES)


def test_the_programme_names_every_competency_of_the_framework() -> None:
    assert len(PROGRAMME) >= 16
    assert FRAMEWORK.codes == COMPETENCIES
    assert len(COMPETENCIES) == 38
    assert len(FRAMEWORK.domains) == 8


def test_sixteen_courses_and_more_are_here() -> None:
    codes = [one.course.code for one in every_course()]
    assert len(codes) >= 16
    assert set(PROGRAMME) <= set(codes)


def test_every_competency_and_every_responsibility_is_claimed_and_asked_about() -> None:
    claimed = {claim.code for one in every_course() for claim in one.course.competencies}
    asked = {item.competency for one in every_course() for item in one.course.bank.items}
    served = {code for one in every_course() for code in one.course.responsibilities}
    assert claimed == COMPETENCIES
    assert asked >= COMPETENCIES
    assert served == {f"R{number}" for number in range(1, 9)}


def test_the_check_passes_over_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["check", str(CONTENT), "--strict"])
    printed = capsys.readouterr()
    assert (code, printed.out) == (0, "")
    assert "38 of 38 competencies, 8 of 8 responsibilities" in printed.err
    assert "Objectives without an item: none" in printed.err
    assert "Items without a rationale: none" in printed.err


def test_codes_are_unique_and_prerequisites_are_courses_of_ours() -> None:
    codes = [one.course.code for one in every_course()]
    assert len(codes) == len(set(codes))
    known = set(codes) | set(PROGRAMME)
    assert {code for one in every_course() for code in one.course.prerequisites} <= known


@each_course
def test_a_course_has_no_fault(name: str) -> None:
    assert not shipped(name).faults, "\n".join(map(str, shipped(name).faults))


@each_course
def test_a_course_claims_what_the_programme_gives_it(name: str) -> None:
    course = shipped(name).course
    claimed = {claim.code for claim in course.competencies}
    assert claimed >= PROGRAMME.get(course.code, set())
    assert {item.competency for item in course.bank.items} <= claimed
    assert course.responsibilities
    assert course.authors
    assert course.review_by


@each_course
def test_a_course_has_five_to_eight_lessons_of_five_minutes(name: str) -> None:
    course = shipped(name).course
    assert 5 <= len(course.lessons) <= 8
    lengths = {lesson.slug: lesson.words for lesson in course.lessons}
    assert all(500 <= length <= 900 for length in lengths.values()), lengths
    assert all(4 <= lesson.minutes <= 7 for lesson in course.lessons)
    assert {lesson.slug: len(lesson.checks) for lesson in course.lessons if len(set(lesson.checks)) < 2} == {}


@each_course
def test_a_course_says_what_it_takes(name: str) -> None:
    course = shipped(name).course
    assert course.exam is not None
    together = sum(lesson.minutes for lesson in course.lessons)
    assert together <= course.minutes <= together + (course.exam.time_limit or 30)


@each_course
def test_a_course_has_an_item_bank_with_cases(name: str) -> None:
    bank = shipped(name).course.bank
    assert len(bank.items) >= 24
    assert len({item.type for item in bank.items}) >= 5
    members = [sum(item.case_id == case.id for item in bank.items) for case in bank.cases]
    assert max(members, default=0) >= 3


@each_course
def test_every_objective_is_tested_by_two_items_and_every_item_names_one(name: str) -> None:
    course = shipped(name).course
    assert 5 <= len(course.objectives) <= 8
    assert [item.id for item in course.bank.items if not item.objectives] == []
    counts = dict.fromkeys(range(1, len(course.objectives) + 1), 0)
    for item in course.bank.items:
        counts |= {at: counts[at] + 1 for at in item.objectives}
    assert all(count >= 2 for count in counts.values()), counts


@each_course
def test_the_exam_leaves_items_to_spare_and_draws_nothing_that_a_person_marks(name: str) -> None:
    course = shipped(name).course
    exam = course.exam
    assert exam is not None
    assert exam.draws
    assert exam.pass_percent >= 70
    asked = {claim.code for claim in course.competencies}
    assert {draw.competency for draw in exam.draws} >= asked
    for draw in exam.draws:
        matching = [item for item in course.bank.items if draw.matches(item)]
        assert [item.id for item in matching if item.type in ("essay", "concordance")] == []
        assert sum(map(drawable, matching)) >= 1.6 * draw.count, str(draw)


@each_course
def test_a_course_shows_two_figures_of_ours_with_title_and_description(name: str) -> None:
    one = shipped(name)
    figures = [media for media in one.course.media if media.media_type == "image/svg+xml"]
    shown = [media for media in figures if media.path in one.pages.shown]
    assert len(shown) >= 2
    assert [media.path for media in figures if media not in shown] == []
    for media in figures:
        root = ElementTree.fromstring(one.files[media.path])
        assert root.get("role") == "img", media.path
        titles = [root.findtext(f"{SVG}{part}") or "" for part in ("title", "desc")]
        assert all(len(text.split()) >= 3 for text in titles), media.path
        assert titles[0] != titles[1], media.path
        assert root.get("viewBox", "").startswith("0 0 "), media.path


def every_page(one: Shipped) -> list[Rendered]:
    return [one.pages.overview, *one.pages.lessons.values(), *([one.pages.exam] if one.pages.exam else [])]


@each_course
def test_every_picture_has_words_for_those_who_do_not_see_it(name: str) -> None:
    for page in every_page(shipped(name)):
        for image in re.findall(r"<img [^>]*>", page.html):
            alternative = re.search(r'alt="([^"]*)"', image)
            assert alternative, image
            assert len(alternative[1].split()) >= 3, image


@each_course
def test_no_link_of_a_course_is_dead(name: str) -> None:
    one = shipped(name)
    slugs = {lesson.slug for lesson in one.course.lessons}
    served = {media.digest for media in one.course.media}
    for page in every_page(one):
        for address in re.findall(r'(?:href|src)="([^"]*)"', page.html):
            path, _, anchor = address.partition("#")
            if not path:
                assert anchor in page.ids, address
            elif path.startswith("/media/"):
                assert path.split("/")[2] in served, address
            elif path.startswith(f"/courses/{one.course.code}/lessons/"):
                assert path.rpartition("/")[2] in slugs, address
            else:
                assert path in slugs or path.startswith(("https://", f"/courses/{one.course.code}")), address


@each_course
def test_a_course_explains_its_abbreviations(name: str) -> None:
    one = shipped(name)
    overview = one.texts["course.md"]
    assert re.search(r"^## Abbreviations", overview, re.MULTILINE)
    glossary = overview[overview.index("## Abbreviations") :]
    explained = set(re.findall(r"^([^\n:*\[#][^\n]*)\n: ", glossary, re.MULTILINE))
    assert explained
    marked = {found for text in one.texts.values() for found in re.findall(r"^\*\[([^\]]+)\]:", text, re.MULTILINE)}
    assert marked <= explained, marked - explained
