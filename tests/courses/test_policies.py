"""Policies: fields, what changed, and what another text means for those who attested the one before."""

from __future__ import annotations

from datetime import date

import pytest

from courses.policies import STATEMENT, change, read_policy

POLICY = """\
---
code: EMR-USE
title: Use of the record
edition: "2"
owner: Chief medical information officer
audience: [physician, nurse]
effective: 2027-01-01
review_by: 2028-01-01
reattest_months: 12
competencies: [A1, E1]
responsibilities: [R2]
---

## 1. Your own sign-in

Use **your own**.

## What changed in this edition {#changes}

Sessions now lock after *ten* minutes.

### For pharmacists

Nothing else.

## 2. Afterwards

The end.
"""
CODES = {"A1", "E1"}
SECTION = "Sessions now lock after *ten* minutes.\n\n### For pharmacists\n\nNothing else."


def said(text: str) -> list[str]:
    found, faults = read_policy(text, "p.md", CODES, {"R2"})
    assert (found is None) == any(one.severity == "error" for one in faults)
    return [f"{one.line}:{one.column} {one.severity} {one.message}" for one in faults]


def test_a_policy_is_read_with_all_its_fields() -> None:
    found, faults = read_policy(POLICY, "p.md", CODES, {"R2"})
    assert faults == []
    assert found is not None
    assert (found.code, found.owner, found.edition) == ("EMR-USE", "Chief medical information officer", "2")
    assert (found.effective, found.review_by, found.reattest_months) == (date(2027, 1, 1), date(2028, 1, 1), 12)
    assert (found.competencies, found.responsibilities) == (("A1", "E1"), ("R2",))
    assert found.statement == STATEMENT
    assert 'id="changes"' in found.html
    assert found.words > 20


def test_what_changed_is_also_there_by_itself_up_to_the_next_section() -> None:
    found, _ = read_policy(POLICY, "p.md")
    assert found is not None
    assert found.changes_html.startswith("<p>Sessions now lock after <em>ten</em> minutes.</p>")
    assert found.changes_html.endswith("<p>Nothing else.</p>")
    assert " id=" not in found.changes_html
    last, _ = read_policy(POLICY[: POLICY.index("## 2.")], "p.md")
    assert last is not None
    assert last.changes_html == found.changes_html


def test_an_edition_is_a_material_change_and_other_words_are_a_correction() -> None:
    first, _ = read_policy(POLICY, "p.md")
    corrected, _ = read_policy(POLICY.replace("The end.", "That is all."), "p.md")
    renewed, _ = read_policy(POLICY.replace('edition: "2"', 'edition: "3"'), "p.md")
    assert first is not None
    assert corrected is not None
    assert renewed is not None
    assert change(first.edition, first.digest, first) == "unchanged"
    assert change(first.edition, first.digest, corrected) == "correction"
    assert change(first.edition, first.digest, renewed) == "material"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("owner: Chief medical information officer\n", "", "1:1 error the field “owner” is missing"),
        ("effective: 2027-01-01\n", "", "1:1 error the field “effective” is missing"),
        ("2027-01-01", "01.01.2027", "7:12 error “effective: 01.01.2027” is not readable"),
        ("2028-01-01", "2026-01-01", "8:12 error “review_by: 2026-01-01” is not after “effective: 2027-01-01”"),
        ("review_by: 2028-01-01\n", "", "1:1 warning the field “review_by” is missing"),
        ("reattest_months: 12", "reattest_months: 0", "9:18 error “reattest_months: 0” is not readable"),
        ("[A1, E1]", "[A1, Z9]", "10:15 error the competency “Z9” is not in the framework"),
        ("[R2]", "[R9]", "11:19 error “R9” is not a responsibility"),
        (" {#changes}", "", "13:1 error does not say what changed: expected a section “## What changed"),
        (SECTION, "", "18:1 error this section is empty"),
        ("[physician, nurse]", "[poet]", "6:11 warning “poet” is not an audience that we know"),
        ("**your own**", "<script>x</script>your own", "16:5 warning removed <script>"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_where_it_stands(old: str, new: str, expected: str) -> None:
    assert old in POLICY
    found = said(POLICY.replace(old, new, 1))
    assert any(expected in one for one in found), found


def test_a_heading_inside_a_code_block_opens_no_section() -> None:
    found = said(POLICY.replace("## What changed in this edition {#changes}", "```\n## What {#changes}\n```"))
    assert any("does not say what changed" in one for one in found)
