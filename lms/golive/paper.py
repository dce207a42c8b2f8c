"""The report of a plan as a tagged PDF, and the formats of its exports: those of every report, one paper apart."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from flask import current_app

from certificates.press import press, report_css
from lms.golive.chart import chart
from lms.reports.exports import FORMATS as OF_REPORTS
from lms.reports.paper import paper_css
from lms.reports.value import Report
from lms.reports.words import long_day

TEXTS = ("unit", "name", "title", "is_ready", "largest_gaps", "due", "state")


def golive_pdf(report: Report) -> bytes:
    """The report on A4 pages with its chart, tagged for screen readers, dated with the report's own date."""
    settings = current_app.config["SETTINGS"]
    html = current_app.jinja_env.get_template("golive/paper.html").render(
        report=report,
        chart=chart(report.data["total"], report.data["plan"]),
        texts=TEXTS,
        hospital=settings.hospital,
        product=settings.product,
        day=long_day(report.as_of),
        go_live=long_day(dt.date.fromisoformat(report.data["plan"]["go_live"])),
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


FORMATS = {name: replace(each, write=golive_pdf) if name == "pdf" else each for name, each in OF_REPORTS.items()}
