"""The finding of every report at once, for the page that lists them."""

from __future__ import annotations

from collections.abc import Sequence

from lms.reports.kinds import KINDS
from lms.reports.making import asked_of, make
from lms.reports.plans import Question
from lms.reports.value import Report

SLOW = ("training", "expiry", "trend")  # the kinds that read people or the ledger, whose cost grows with staff
MANY = 2500  # staff from which a list of findings does not wait for them


def glance(names: Sequence[str], question: Question) -> dict[str, Report | None]:
    """A report of each of these kinds, None where it is only worked out when it is opened. Raises ReportRefused."""
    first = make("heatmap", question)
    staff = max((row["staff"] for row in first.data["units"]), default=0)
    return {
        name: None if name in SLOW and staff > MANY else make(name, asked_of(name, question))
        for name in names
        if name in KINDS
    }
