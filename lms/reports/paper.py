"""A report as a tagged PDF, pressed by `certificates.press` from the same value as the page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import current_app

from certificates.press import press, report_css
from lms.reports.steps import step
from lms.reports.value import Report
from lms.reports.words import percent

COLUMNS = 10  # competencies side by side on a page


def report_pdf(report: Report) -> bytes:
    """The report on A4 pages, tagged for screen readers, dated with the report's own date."""
    settings = current_app.config["SETTINGS"]
    template = current_app.jinja_env.get_template("reports/paper.html")
    html = template.render(
        report=report,
        maps=list(heat_maps(report)) if report.kind == "heatmap" else [],
        hospital=settings.hospital,
        product=settings.product,
        sample=current_app.config.get("SAMPLE_DATA", False),
    )
    return press(
        html,
        [report_css()],
        title=report.title,
        language="en",
        author=settings.hospital,
        keywords=[report.kind, report.as_of.isoformat(), report.digest],
        created=report.as_of,
    )


def heat_maps(report: Report) -> Iterator[dict[str, Any]]:
    """The heat map cut into parts that fit a page, each with whole competencies."""
    competencies = report.data["competencies"]
    for start in range(0, len(competencies), COLUMNS):
        part = competencies[start : start + COLUMNS]
        rows = []
        for unit in report.data["units"]:
            cells = [_cell(unit["cells"][each["code"]]) for each in part]
            rows.append({"code": unit["code"], "name": unit["name"], "staff": unit["staff"], "cells": cells})
        yield {"competencies": part, "rows": rows}


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    if cell.get("suppressed"):
        return {"step": "few", "share": None, "count": "too few"}
    if not cell["of"]:
        return {"step": "none", "share": None, "count": "no target"}
    share = percent(cell["at_target"], cell["of"])
    return {"step": step(share), "share": share, "count": f"{cell['at_target']} of {cell['of']}"}
