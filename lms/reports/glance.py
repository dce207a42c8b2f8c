"""The finding of every report at once, for the page that lists them."""

from __future__ import annotations

from collections.abc import Sequence

from lms.reports.kinds import KINDS
from lms.reports.making import asked_of, make
from lms.reports.plans import Question
from lms.reports.value import Report


def glance(names: Sequence[str], question: Question) -> dict[str, Report]:
    """A report of each of these kinds. Raises ReportRefused."""
    return {name: make(name, asked_of(name, question)) for name in names if name in KINDS}
