"""A course is blocked where what it asks for first cannot be completed here."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from lms.catalog.reach import blocked_among


class Course(NamedTuple):
    """What of a version matters here."""

    code: str
    prerequisites: tuple[str, ...] = ()
    exam: str | None = "exam"


@pytest.mark.parametrize(
    ("offered", "blocked"),
    [
        ([Course("A")], {}),
        ([Course("A"), Course("B", ("A",)), Course("C", ("A", "B"))], {}),
        ([Course("B", ("A",))], {"B": ("A",)}),
        ([Course("C", ("B", "D")), Course("B", ("A",)), Course("D")], {"B": ("A",), "C": ("B",)}),
        ([Course("A", ("B",)), Course("B", ("A",))], {"A": ("B",), "B": ("A",)}),
        ([Course("B", ("A",), exam=None), Course("C", ("B",))], {}),
    ],
    ids=["alone", "in turn", "missing", "behind a missing one", "in a circle", "without an assessment"],
)
def test_a_course_is_blocked_by_what_nobody_can_complete(offered, blocked) -> None:
    assert blocked_among(offered) == blocked
