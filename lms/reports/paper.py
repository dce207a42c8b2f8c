"""A report as a tagged PDF, pressed by `certificates.press` from the same value as the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app

from certificates.press import press, report_css
from lms.reports.steps import step
from lms.reports.value import Report, Table
from lms.reports.words import TEXTS, long_day, percent, short_day
from lms.web.texts import said, tag

COLUMNS = 10  # competencies side by side on a page
WIDE = ("heatmap", "readiness", "training", "trend", "expiry", "items", "evaluation")


@cache
def paper_css() -> str:
    """What reports add to the press's own style sheet of reports."""
    return Path(__file__).with_name("paper.css").read_text(encoding="utf-8")


def report_pdf(report: Report) -> bytes:
    """The report on A4 pages, tagged for screen readers, dated with the report's own date."""
    settings = current_app.config["SETTINGS"]
    template = current_app.jinja_env.get_template("reports/paper.html")
    html = template.render(
        section=section(report),
        texts=TEXTS,
        report=report,
        hospital=settings.hospital,
        product=settings.product,
        day=long_day(report.as_of),
        sample=current_app.config.get("SAMPLE_DATA", False),
    )
    return press(
        html,
        [report_css(), paper_css()],
        title=said(report.title),
        language=tag(),
        author=settings.hospital,
        keywords=[report.kind, report.as_of.isoformat(), report.digest],
        created=report.as_of,
    )


@dataclass(frozen=True)
class Section:
    """A report laid out for paper: wide ones lie on their side; the heat map comes in parts."""

    report: Report
    wide: bool
    maps: tuple[dict[str, Any], ...]
    tables: tuple[Table, ...]


def section(report: Report) -> Section:
    """The report as the pages of a PDF show it."""
    maps = tuple(heat_maps(report)) if report.kind == "heatmap" else ()
    tables = () if maps else tuple(table for table in report.shown_tables if table.rows)
    return Section(report, report.kind in WIDE, maps, tables)


def heat_maps(report: Report) -> Iterator[dict[str, Any]]:
    """The heat map cut into parts that fit a page, of whole domains where they fit."""
    for part in _parts(report.data["competencies"]):
        rows = []
        for unit in report.data["units"]:
            cells = [_cell(unit["cells"][each["code"]]) for each in part]
            rows.append({"code": unit["code"], "name": unit["name"], "staff": unit["staff"], "cells": cells})
        compared = report.data.get("compared_with")
        since = long_day(dt.date.fromisoformat(compared)) if compared else ""
        yield {"competencies": part, "rows": rows, "compared": since}


def _parts(competencies: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    part: list[dict[str, Any]] = []
    for domain in dict.fromkeys(each["domain"] for each in competencies):
        mine = [each for each in competencies if each["domain"] == domain]
        if part and len(part) + len(mine) > COLUMNS:
            yield part
            part = []
        part += mine
        while len(part) > COLUMNS:
            yield part[:COLUMNS]
            part = part[COLUMNS:]
    if part:
        yield part


def _cell(cell: dict[str, Any]) -> dict[str, Any]:
    if cell.get("suppressed"):
        return {"step": "few", "share": None, "at_target": None, "of": None}
    if not cell["of"]:
        return {"step": "none", "share": None, "at_target": None, "of": 0}
    share = percent(cell["at_target"], cell["of"])
    found = {"step": step(share), "share": share, "at_target": cell["at_target"], "of": cell["of"]}
    if moved := cell.get("target_moved"):
        found |= {"moved": moved["way"], "moved_on": short_day(dt.date.fromisoformat(moved["on"]))}
    return found | {"change": cell.get("change", "")}
