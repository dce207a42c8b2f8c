"""The product's own framework file, and a hospital's with mistakes in it."""

from __future__ import annotations

import pytest

from courses.framework import SUBJECTS, default_framework, read_framework

GOOD = """\
code: GEN
title: A small framework
edition: 2026.1
levels:
  - {level: 1, name: Aware, evidence: test}
  - {level: 2, name: Assisted, evidence: test}
  - {level: 3, name: Independent, evidence: sign-off}
  - {level: 4, name: Coach, evidence: log}
  - {level: 5, name: Authority, evidence: panel}
responsibilities: {R1: Strategy}
domains:
  - code: A
    title: Records
    responsibilities: [R1]
    competencies:
      - {code: A1, critical: yes, title: Find, targets: [3, 3, 3, 4, 4]}
      - {code: A2, critical: no, title: Write, targets: [0, 1, 2, 3, 5]}
"""


def test_the_product_ships_with_a_framework_of_eight_domains() -> None:
    framework = default_framework()
    assert framework.code == "CIW"
    assert framework.edition == "2026.1"
    assert [domain.code for domain in framework.domains] == list("ABCDEFGH")
    assert len(framework.competencies) == 38
    assert set(framework.responsibilities) == {f"R{number}" for number in range(1, 9)}
    a1 = framework.competencies[0]
    assert (a1.code, a1.critical, a1.targets["super-user"]) == ("A1", True, 4)
    assert framework.domain_of("C3") is framework.domains[2]
    assert framework.domain_of("Z9") is None


def test_a_framework_of_another_hospital_is_read_the_same_way() -> None:
    framework, faults = read_framework(GOOD, "f.yaml")
    assert framework is not None
    assert not faults
    assert framework.edition == "2026.1"
    assert framework.codes == {"A1", "A2"}
    assert framework.competencies[1].targets == dict(zip(SUBJECTS, (0, 1, 2, 3, 5), strict=True))
    assert not framework.competencies[1].critical


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("code: GEN\n", "", 1, "“code” is missing"),
        ("level: 3,", "level: 4,", 5, "expected 1, 2, 3, 4, 5"),
        ("responsibilities: [R1]", "responsibilities: [R9]", 14, "“R9” is not a responsibility"),
        ("code: A2", "code: A1", 17, "stands twice"),
        ("critical: yes", "critical: perhaps", 16, "expected true or false"),
        ("critical: yes, ", "", 16, "does not say whether it is critical"),
        ("[3, 3, 3, 4, 4]", "[3, 3, 3, 4]", 16, "expected five levels"),
        ("[3, 3, 3, 4, 4]", "[3, 3, 3, 4, 6]", 16, "expected five levels"),
        ("[3, 3, 3, 4, 4]", "[3, 3, 3, 4, -1]", 16, "expected five levels"),
        ("title: Find", "title: ''", 16, "“title” is missing"),
        ("edition: 2026.1", "edition: &e 2026.1\nnote: *e", 4, "alias"),
        ("domains:", "domains: none\nothers:", 11, "“domains” is not readable"),
    ],
)
def test_a_mistake_in_a_framework_is_an_error_at_its_line(old: str, new: str, line: int, says: str) -> None:
    assert old in GOOD
    framework, faults = read_framework(GOOD.replace(old, new, 1), "f.yaml")
    assert framework is None
    assert any(says in fault.message and fault.severity == "error" and fault.line == line for fault in faults), faults


def test_an_unknown_field_is_a_warning_with_a_guess() -> None:
    framework, faults = read_framework(GOOD.replace("critical: no", "critical: no, tilte: x"), "f.yaml")
    assert framework is not None
    assert [fault.severity for fault in faults] == ["warning"]
    assert "did you mean “title”?" in faults[0].message


def test_text_that_is_no_yaml_is_one_error() -> None:
    for text in ("a: [", "- a\n- b", "a: \x00", "\t"):
        framework, faults = read_framework(text, "f.yaml")
        assert framework is None
        assert {fault.severity for fault in faults} == {"error"}
