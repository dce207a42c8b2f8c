"""Names of the measures that single kinds count people for, beside those of `frame`. Pure."""

from __future__ import annotations

ON_DUTY = "*duty"  # on duty, which every figure of time is about
TRAINED = "*trained"  # with mandatory training, at work and not exempt from all of it
EXCUSED = "*excused"  # with mandatory training, but on leave or exempt from all of it
LONGEST = 120  # minutes of one exam that count; a page left open overnight is no learning


def sure_in(code: str) -> str:
    """The people who answered with a stated certainty in a competency."""
    return f"*sure:{code}"


def sure_at(course: str, item: str) -> str:
    """The people who answered an item with a stated certainty."""
    return f"*sure:{course}/{item}"


def asked_for(kind: str, code: str, level: int) -> str:
    """The people of whom a course, pathway, policy or level is mandatory."""
    return f"*asked:{kind}:{code}:{level}"
