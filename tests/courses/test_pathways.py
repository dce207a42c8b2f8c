"""Pathways: what an author may write, and what is said about the rest."""

from __future__ import annotations

import pytest

from courses.pathways import Step, read_pathway

PATHWAY = """\
---
code: FIRST-WEEK
title: Your first week
summary: What to finish before you order alone.
edition: "2026.1"
audience: [physician, nurse]
steps:
  - {course: EHR-101, due_days: 1}
  - {title: Before you order, courses: [CPOE-101, MED-101, CDS-101], need: 2, due_days: 7}
  - course: DOC-101
---

Start with **the record**.
"""


def said(text: str, known: set[str] | None = None) -> list[str]:
    """Return faults as `line:column severity message`."""
    found, faults = read_pathway(text, "p.md", known)
    assert (found is None) == any(one.severity == "error" for one in faults)
    return [f"{one.line}:{one.column} {one.severity} {one.message}" for one in faults]


def test_a_pathway_names_courses_in_order_with_their_days() -> None:
    found, faults = read_pathway(PATHWAY, "p.md", {"EHR-101", "CPOE-101", "MED-101", "CDS-101", "DOC-101"})
    assert faults == []
    assert found is not None
    assert (found.code, found.title, found.edition, found.language) == ("FIRST-WEEK", "Your first week", "2026.1", "en")
    assert found.steps == (
        Step(("EHR-101",), 1, 1),
        Step(("CPOE-101", "MED-101", "CDS-101"), 2, 7, "Before you order"),
        Step(("DOC-101",), 1, None),
    )
    assert found.courses == ("EHR-101", "CPOE-101", "MED-101", "CDS-101", "DOC-101")
    assert found.html == "<p>Start with <strong>the record</strong>.</p>"


def test_a_group_needs_all_its_courses_unless_it_says_how_many() -> None:
    found, _ = read_pathway(PATHWAY.replace(", need: 2", ""), "p.md")
    assert found is not None
    assert found.steps[1].need == 3


def test_equal_words_have_an_equal_digest_whatever_the_editor_did() -> None:
    digests = {
        found.digest
        for text in (PATHWAY, "\ufeff" + PATHWAY, PATHWAY.replace("\n", "\r\n"), PATHWAY + "\n\n")
        if (found := read_pathway(text, "p.md")[0])
    }
    assert len(digests) == 1
    other, _ = read_pathway(PATHWAY.replace("record", "chart"), "p.md")
    assert other is not None
    assert other.digest not in digests


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("code: FIRST-WEEK", "code: first week", "2:7 error “code: first week” is not readable"),
        ("title: Your first week\n", "", "1:1 error the field “title” is missing: expected the pathway's title"),
        ("EHR-101, due_days: 1", "EHR-101, due_days: -1", "8:33 error “due_days: -1” is not readable"),
        ("course: EHR-101", "course: ehr 101", "8:14 error “course: ehr 101” is not readable"),
        ("course: EHR-101, ", "", "8:5 error a step names one `course`, or `courses` with a `title`"),
        ("{course: EHR-101", "{courses: [A-1], course: EHR-101", "8:5 error a step names one `course`, or `courses`"),
        ("title: Before you order, ", "", "9:5 error the field “title” is missing: expected what the courses"),
        ("need: 2", "need: 4", "9:76 error “need: 4” is not readable: expected how many of the 3 courses are needed"),
        ("[CPOE-101, MED-101, CDS-101]", "[]", "9:40 error “courses” is empty"),
        ("course: DOC-101", "course: EHR-101", "10:13 error the course EHR-101 stands in the pathway twice"),
        ("due_days: 1}", "due_days: 9}", "9:89 warning is due on day 7, after a step that is due on day 9"),
        ("due_days: 1}", "days: 1}", "8:29 warning the field “days” is not known"),
        ("audience: [physician, nurse]\n", "", "1:1 error the field “audience” is missing"),
        ("Start with **the record**.\n", "", "warning has no text: tell the learner what it is for"),
        ("**the record**", "[it](nowhere.md)", "13:17 error"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(old: str, new: str, expected: str) -> None:
    assert old in PATHWAY
    found = said(PATHWAY.replace(old, new, 1))
    assert any(expected in one for one in found), found


def test_a_course_that_is_not_here_warns_because_it_may_come_later() -> None:
    found = said(PATHWAY, {"EHR-101", "CPOE-101", "MED-101", "CDS-101"})
    assert found == ["10:13 warning no course DOC-101 is here: expected one of CDS-101, CPOE-101, EHR-101, MED-101"]


@pytest.mark.parametrize("text", ["", "no front matter", "---\ncode: [\n---\n", "---\ncode: A", "a\x00b", "\ud800"])
def test_what_is_no_pathway_at_all_is_an_error_and_nothing_more(text: str) -> None:
    found, faults = read_pathway(text, "p.md")
    assert found is None
    assert [one.severity for one in faults] == ["error"] * len(faults)
    assert faults
