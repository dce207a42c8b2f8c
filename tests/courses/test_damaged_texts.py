"""Pathways, policies and forms that are damaged: always faults with a place, never a crash, and no half-read text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.model import Fault
from courses.evaluations import read_evaluation
from courses.pathways import read_pathway
from courses.policies import read_policy
from tests.courses.test_evaluations import FORM
from tests.courses.test_pathways import PATHWAY
from tests.courses.test_policies import POLICY

Reader = Callable[[str, str], tuple[Any, list[Fault]]]
READERS = pytest.mark.parametrize(
    ("read", "text"), [(read_pathway, PATHWAY), (read_policy, POLICY), (read_evaluation, FORM)]
)
SCRAPS = (
    "---",
    "",
    "#",
    "## ",
    "# {#a days=0}",
    "- ",
    "1. ",
    "> ",
    "{}",
    "[",
    "steps:",
    "\t",
    "\x00",
    "{#changes}",
    "é",
)


def holds(read: Reader, text: str) -> None:
    found, faults = read(text, "x.md")
    lines = text.count("\n") + text.count("\r") + 2
    assert (found is None) == any(one.severity == "error" for one in faults)
    for one in faults:
        assert one.path == "x.md"
        assert 1 <= one.line <= lines, one
        assert one.column >= 1
        assert one.message


@READERS
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_damaged_text_is_answered_with_faults(read: Reader, text: str, data: st.DataObject) -> None:
    lines = text.split("\n")
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.sampled_from(("drop", "double", "replace", "swap", "cut")))
        if change == "drop" and len(lines) > 1:
            del lines[at]
        elif change == "double":
            lines.insert(at, lines[at])
        elif change == "replace":
            lines[at] = data.draw(st.sampled_from(SCRAPS))
        elif change == "swap":
            lines[at], lines[0] = lines[0], lines[at]
        else:
            lines[at] = lines[at][: len(lines[at]) // 2]
    holds(read, "\n".join(lines))


@READERS
@settings(max_examples=40, deadline=None)
@given(noise=st.text(max_size=200))
def test_noise_is_answered_with_faults(read: Reader, text: str, noise: str) -> None:
    holds(read, noise)
    holds(read, f"---\n{noise}\n---\n{noise}")
    holds(read, text + "\n" + noise)
