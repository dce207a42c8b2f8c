"""The finding of every report at once, for the page that lists them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from lms.board import papers
from lms.reports.kinds import KINDS
from lms.reports.making import asked_of, make
from lms.reports.plans import Question
from lms.reports.value import Report

# The kinds that read people or the ledger, whose cost grows with staff; comparisons count who was trained when.
SLOW = ("training", "expiry", "trend", "exposure")
MANY = 2500  # staff from which a list of findings does not wait for them
MOST_COMPARISONS = 12  # whose findings stand on the list


def glance(names: Iterable[str], question: Question, moment: dt.datetime) -> dict[str, Report | None]:
    """A report of each of these names, None where it is only worked out when it is opened. Raises ReportRefused."""
    first = make("heatmap", question)
    staff = max((row["staff"] for row in first.data["units"]), default=0)
    found: dict[str, Report | None] = {}
    for name in names:
        kind = name.partition(":")[0]
        many = sum(1 for each in found if each.startswith("exposure:")) >= MOST_COMPARISONS
        if (kind in SLOW and staff > MANY) or (kind == "exposure" and many):
            found[name] = None
        else:
            asked = asked_of(kind, question) if kind in KINDS else question
            found[name] = papers.named(name, asked, moment)
    return found
