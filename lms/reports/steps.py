"""The five steps of the heat map, alike on page and paper. Pure."""

from __future__ import annotations


def step(share: int) -> str:
    """The class of a whole percentage, so that figure and colour agree."""
    for least, name in ((95, "up"), (90, "ok"), (80, "near"), (65, "low")):
        if share >= least:
            return name
    return "far"
