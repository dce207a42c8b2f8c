"""Which assessments nobody can start, because what comes first cannot be completed here. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from lms.catalog.facts import VersionFacts


def blocked_among(offered: Iterable[VersionFacts]) -> dict[str, tuple[str, ...]]:
    """By code of a course, the prerequisites that nobody can complete among the courses offered.

    A course without an assessment is complete once it is read, whatever it asks for.
    """
    waiting = {each.code: each for each in offered}
    within_reach: set[str] = set()
    while found := {
        code for code, each in waiting.items() if each.exam is None or within_reach.issuperset(each.prerequisites)
    }:
        within_reach |= found
        waiting = {code: each for code, each in waiting.items() if code not in found}
    return {
        code: tuple(each for each in version.prerequisites if each not in within_reach)
        for code, version in waiting.items()
    }
