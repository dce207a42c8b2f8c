"""The board pack: chosen reports of one date under one cover, as a tagged PDF or a workbook."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from flask import current_app

from certificates.press import press, report_css
from lms.reports.exports import add_about, add_tables, filter_lines, set_properties
from lms.reports.paper import paper_css, section
from lms.reports.value import Report
from lms.reports.words import TEXTS, long_day
from lms.web.texts import said, tag
from lms.web.texts import text as _


@dataclass(frozen=True)
class Pack:
    """Reports for a board, in order, all of one date."""

    hospital: str
    as_of: dt.date
    reports: tuple[Report, ...]

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the digests of the reports in their order."""
        return hashlib.sha256("\n".join(report.digest for report in self.reports).encode()).hexdigest()

    @property
    def definitions(self) -> tuple[tuple[str, str], ...]:
        """Every definition of the reports once, in their order."""
        return tuple(dict.fromkeys(each for report in self.reports for each in report.definitions))


def pack_pdf(pack: Pack) -> bytes:
    """Cover with the digests, contents, each report on its pages, the definitions at the end."""
    settings = current_app.config["SETTINGS"]
    template = current_app.jinja_env.get_template("board/pack_paper.html")
    html = template.render(
        pack=pack,
        texts=TEXTS,
        sections=[section(report) for report in pack.reports],
        hospital=pack.hospital,
        product=settings.product,
        day=long_day(pack.as_of),
        sample=current_app.config.get("SAMPLE_DATA", False),
    )
    return press(
        html,
        [report_css(), paper_css()],
        title=said(_("Board pack, %(day)s", day=long_day(pack.as_of))),
        language=tag(),
        author=pack.hospital,
        keywords=["board pack", pack.as_of.isoformat(), pack.digest],
        created=pack.as_of,
    )


def pack_xlsx(pack: Pack) -> bytes:
    """A cover sheet, then for each report a sheet about it and one for each of its tables."""
    import xlsxwriter  # heavy; only an export needs it

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    set_properties(book, _("Board pack"), pack.hospital, pack.digest, pack.as_of)
    lines: list[tuple[str, str]] = [
        (_("Board pack"), pack.hospital),
        (_("As of"), pack.as_of.isoformat()),
        (_("Digest"), pack.digest),
    ]
    lines += [(report.title, report.digest) for report in pack.reports]
    add_about(book, "Cover", lines)
    for name, report in zip(_prefixes(pack.reports), pack.reports, strict=True):
        add_about(book, _sheet_name(name, "about"), [(_("Report"), report.title), *_about(report)])
        add_tables(book, report.tables, prefix=name)
    book.close()
    return out.getvalue()


def _about(report: Report) -> Sequence[tuple[str, str]]:
    said = [(_("Finding"), report.finding), *filter_lines(report), (_("Digest"), report.digest)]
    return [*said, *report.definitions]


def _prefixes(reports: Sequence[Report]) -> list[str]:
    """What the sheets of each report begin with: its kind, numbered from the second of a kind on."""
    found: list[str] = []
    for place, report in enumerate(reports):
        before = sum(1 for each in reports[:place] if each.kind == report.kind)
        found.append(f"{report.kind} {before + 1}" if before else report.kind)
    return found


def _sheet_name(kind: str, what: str) -> str:
    return f"{kind} {what}"[:31]


WRITERS: dict[str, Callable[[Pack], bytes]] = {"pdf": pack_pdf, "xlsx": pack_xlsx}
