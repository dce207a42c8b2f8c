"""Reports of this room as tagged PDFs, pressed by `certificates.press` from the same value as page and files."""

from __future__ import annotations

from collections.abc import Sequence

from flask import current_app

from certificates.press import press, report_css
from lms.reports.paper import paper_css
from lms.reports.value import Report
from lms.reports.words import long_day

TEXTS = ("period", "title", "name", "signals", "on", "unit", "question", "answer", "course")


def outcome_pdf(report: Report, charts: Sequence[tuple[str, str]]) -> bytes:
    """The report on A4 pages with its charts, each a caption and a drawing."""
    settings = current_app.config["SETTINGS"]
    html = current_app.jinja_env.get_template("outcomes/paper.html").render(
        report=report,
        charts=charts,
        texts=TEXTS,
        hospital=settings.hospital,
        product=settings.product,
        day=long_day(report.as_of),
        sample=current_app.config.get("SAMPLE_DATA", False),
    )
    return press(
        html,
        [report_css(), paper_css()],
        title=report.title,
        language="en",
        author=settings.hospital,
        keywords=[report.kind, report.as_of.isoformat(), report.digest],
        created=report.as_of,
    )
