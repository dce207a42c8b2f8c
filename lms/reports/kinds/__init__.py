"""Kinds of report, one file each; this list is the registry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lms.reports.frame import Frame
from lms.reports.kinds import compliance, expiry, heatmap, readiness
from lms.reports.value import Report


@dataclass(frozen=True)
class Kind:
    """A kind of report: how it is built, and what it needs beside the counts of units."""

    name: str
    build: Callable[[Frame], Report]
    people: bool = False
    cover: bool = False  # super-users by unit
    endings: bool = False  # who will fall below target, where the kind looks ahead


KINDS = {
    kind.name: kind
    for kind in (
        Kind("heatmap", heatmap.build),
        Kind("readiness", readiness.build, cover=True),
        Kind("expiry", expiry.build, endings=True),
        Kind("compliance", compliance.build),
    )
}
