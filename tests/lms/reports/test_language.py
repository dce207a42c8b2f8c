"""A report speaks the language of the one who asks, and is the same report in every one."""

from __future__ import annotations

import datetime as dt
import io
import re

import openpyxl
import pytest
from flask_babel import force_locale
from pypdf import PdfReader

from lms.reports.exports import FORMATS
from lms.reports.kinds import KINDS
from lms.web.texts import said
from tests.support.hospital import TODAY
from tests.support.language import CLOSES, LANGUAGE, OPENS, write_catalogue
from tests.support.signing import sign_in

THERE = {"Accept-Language": LANGUAGE}
PLACES = re.compile(r"[A-Z]+-?[A-Z]*|Unit [A-Z-]+|20\d\d-\d\d-\d\d")  # codes, names of units and ISO dates
MONTH = re.compile(r"m20\d\d-\d\d|d20\d\d-\d\d-\d\d|20\d\d-\d\d")  # keys of columns headed by a day or a month


@pytest.fixture
def other_language(app, tmp_path, monkeypatch):
    """The product in English and in the language that nobody speaks."""
    write_catalogue(tmp_path, "reports", "board", "web")
    held = app.extensions["babel"]
    monkeypatch.setattr(held, "translation_directories", [str(tmp_path)])
    monkeypatch.setattr("lms.web.shell.LOCALES", ("en", LANGUAGE))
    held.instance.domain_instance.cache.clear()
    yield
    held.instance.domain_instance.cache.clear()


@pytest.fixture
def cmio(app, client, wards, other_language):
    sign_in(client, app, "cmio@example.org", ["cmio"])
    return client


def test_the_page_of_a_report_speaks_the_readers_language(cmio) -> None:
    here = cmio.get("/workforce/readiness?unit=MED").get_data(as_text=True)
    there = cmio.get("/workforce/readiness?unit=MED", headers=THERE).get_data(as_text=True)
    assert "<h1>Unit MED" not in there
    assert "«Super-users»" in there
    assert '<th scope="col" class="n">«At every target»</th>' in there
    assert OPENS not in here
    assert _digests(here) == _digests(there) != set()
    assert re.findall(r">([\d,]+%?)<", here) == re.findall(r">([\d,]+%?)<", there)


def test_a_report_kept_for_the_next_reader_is_said_in_that_readers_language(cmio) -> None:
    for _turn in range(2):
        there = cmio.get("/workforce/compliance", headers=THERE).get_data(as_text=True)
        here = cmio.get("/workforce/compliance").get_data(as_text=True)
        assert "«Critical competencies met»" in there
        assert OPENS not in here


def test_pdf_and_workbook_speak_it_too_and_carry_the_same_digest_and_figures(cmio) -> None:
    query = "unit=MED&as_of=2026-11-20&compare_to=2026-10-01"
    for form in ("pdf", "xlsx"):
        here = cmio.get(f"/workforce/readiness.{form}?{query}")
        there = cmio.get(f"/workforce/readiness.{form}?{query}", headers=THERE)
        assert here.headers["X-Report-Digest"] == there.headers["X-Report-Digest"]
        if form == "pdf":
            paper, other = PdfReader(io.BytesIO(here.data)), PdfReader(io.BytesIO(there.data))
            assert (paper.trailer["/Root"]["/Lang"], other.trailer["/Root"]["/Lang"]) == ("en", LANGUAGE)
            text = " ".join(page.extract_text() for page in other.pages)
            assert "«At every target»" in text
            assert OPENS not in " ".join(page.extract_text() for page in paper.pages)
        else:
            sheets = [openpyxl.load_workbook(io.BytesIO(each.data)) for each in (here, there)]
            units = [book["units"] for book in sheets]
            heads = [[cell.value for cell in sheet[1]] for sheet in units]
            assert heads[1] == [f"{OPENS}{head}{CLOSES}" for head in heads[0]]
            figures = [
                [
                    [cell for cell in row if isinstance(cell, int)]
                    for row in sheet.iter_rows(min_row=2, values_only=True)
                ]
                for sheet in units
            ]
            assert figures[0] == figures[1]


def test_what_programs_read_is_the_same_in_every_language(cmio) -> None:
    for form in ("json", "csv"):
        path = f"/workforce/readiness.{form}?unit=MED"
        assert cmio.get(path).data == cmio.get(path, headers=THERE).data


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_of_a_report_stays_untranslated(app, wards, other_language, kind) -> None:
    questions = (
        {"unit": "MED"}, {"unit": "SGH", "profession": "nurse"}, {"competencies": "K1"}, {"flat": True},
        {"unit": "SGH", "as_of": TODAY + dt.timedelta(days=60)},
        {"unit": "MED", "compare_to": TODAY - dt.timedelta(days=30)},
    )  # fmt: skip
    for more in questions:
        report = wards.ask(kind, **more)
        english = (report.body, [chart.svg for chart in report.charts], FORMATS["csv"].write(report))
        assert not any(OPENS in said(text) for text in _texts(report))
        with force_locale(LANGUAGE):
            texts = _texts(report)
            assert not [text for text in texts if not said(text).startswith(OPENS) and not _named(text)], more
            assert all(OPENS in chart.svg for chart in report.charts)
        assert english == (report.body, [chart.svg for chart in report.charts], FORMATS["csv"].write(report))


def _texts(report) -> list[str]:
    """Everything that a reader is told in words: titles, finding, definitions, heads of columns, notes."""
    found = [KINDS[report.kind].label, report.title, report.finding]
    found += [word for definition in report.definitions for word in definition]
    tables = [*report.tables, *(chart.table for chart in report.charts)]
    found += [table.title for table in tables]
    found += [head for table in tables for key, head in table.columns if not MONTH.fullmatch(key)]
    found += [text for chart in report.charts for text in (chart.title, chart.note)]
    return found


def _named(text: str) -> bool:
    return not text or PLACES.fullmatch(text) is not None


def _digests(page: str) -> set[str]:
    return set(re.findall(r"[0-9a-f]{64}", page))
