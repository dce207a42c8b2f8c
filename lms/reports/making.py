"""Making a report of any kind from a question: the one way for page, API, command and board paper."""

from __future__ import annotations

from dataclasses import replace

from lms.reports.kinds import KINDS
from lms.reports.queries import Question, frame
from lms.reports.value import Report


def make(kind: str, question: Question) -> Report:
    """The report. Raises KeyError for an unknown kind and ReportRefused for what may not be seen."""
    chosen = KINDS[kind]
    return chosen.build(frame(replace(question, people=chosen.people, endings=chosen.endings)))
