"""Choosing competencies: all, the critical ones, a domain or a single one. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from lms.competency.facts import CompetencyFacts

CRITICAL_ONES = "critical"


def picked(known: Sequence[CompetencyFacts], choice: str) -> tuple[CompetencyFacts, ...]:
    """The competencies of a choice, in the framework's order; empty where the choice names nothing.

    The choice is empty (all), `critical`, the code of a domain, or the code of a competency.
    """
    if not choice:
        return tuple(known)
    if choice == CRITICAL_ONES:
        return tuple(each for each in known if each.critical)
    domain = tuple(each for each in known if each.domain == choice)
    return domain or tuple(each for each in known if each.code == choice)


def masked(targets: str, places: frozenset[int]) -> str:
    """Targets by digit, with those outside these places taken away."""
    return "".join(digit if place in places else "0" for place, digit in enumerate(targets))
