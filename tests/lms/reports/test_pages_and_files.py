"""Pages, files and the board pack: every kind shows one value everywhere, and only to those who may see it."""

from __future__ import annotations

import csv
import io
import re
import zipfile

import pytest
from pypdf import PdfReader

from lms.audit.models import AuditEntry
from lms.db import db
from lms.reports.kinds import KINDS
from tests.support.signing import sign_in

EVERY = list(KINDS)


@pytest.fixture
def cmio(app, client, wards):
    """The CMIO, signed in."""
    sign_in(client, app, "cmio@example.org", ["cmio"])
    return client


def address(kind: str) -> str:
    return "/workforce" if kind == "heatmap" else f"/workforce/{kind}"


@pytest.mark.parametrize("kind", EVERY)
def test_page_and_the_four_files_carry_one_digest_and_one_set_of_figures(cmio, wards, kind) -> None:
    query = "?unit=MED"
    report = cmio.get(f"/workforce/{kind}.json{query}").json
    page = cmio.get(address(kind) + query).get_data(as_text=True)
    assert report["digest"] in page
    value = wards.ask(kind, "MED" if KINDS[kind].by_unit else None)
    assert value.digest == report["digest"]
    lines = list(csv.reader(io.StringIO(cmio.get(f"/workforce/{kind}.csv{query}").get_data().decode("utf-8-sig"))))
    assert all(line[-1] == report["digest"] for line in lines[1:])
    assert len(lines) - 1 == len(value.tables[0].rows)
    shown = [["too few" if cell is None else str(cell) for cell in row] for row in value.tables[0].rows]
    assert [[cell.removeprefix("'") for cell in line[:-2]] for line in lines[1:]] == shown
    book = zipfile.ZipFile(io.BytesIO(cmio.get(f"/workforce/{kind}.xlsx{query}").get_data()))
    assert report["digest"] in book.read("xl/sharedStrings.xml").decode()
    assert len([name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]) == len(value.tables) + 1
    paper = PdfReader(io.BytesIO(cmio.get(f"/workforce/{kind}.pdf{query}").get_data()))
    words = "".join(paper.pages[number].extract_text() for number in range(len(paper.pages)))
    assert report["digest"] in re.sub(r"\s", "", words)
    assert "/StructTreeRoot" in paper.trailer["/Root"]


@pytest.mark.parametrize("kind", [kind for kind in EVERY if kind != "heatmap"])
def test_the_same_drawing_is_on_page_and_paper_with_its_numbers(cmio, wards, kind) -> None:
    charts = wards.ask(kind, "MED" if KINDS[kind].by_unit else None).charts
    page = cmio.get(address(kind) + "?unit=MED").get_data(as_text=True)
    for chart in charts:
        assert chart.svg in page
    assert page.count('class="chart__data"') == len(charts)


def test_filters_of_the_page_are_those_of_its_files(cmio) -> None:
    page = cmio.get("/workforce/readiness?unit=MED&competencies=K1&compare_to=2026-10-01").get_data(as_text=True)
    link = re.search(r'href="(/workforce/readiness\.csv[^"]*)"', page).group(1).replace("&amp;", "&")
    assert {"competencies=K1", "compare_to=2026-10-01", "unit=MED"} <= set(link.split("?")[1].split("&"))
    assert "before_percent" in cmio.get(link).get_data(as_text=True)


@pytest.mark.parametrize(
    ("query", "status"),
    [("compare_to=soon", 422), ("as_of=2026-13-01", 422), ("competencies=NOPE", 422), ("profession=cook", 422),
     ("unit=NOPE", 404), ("compare_to=2026-11-23", 422)],
)  # fmt: skip
def test_bad_filters_are_answered_in_words(cmio, query, status) -> None:
    for path in ("/workforce", "/workforce/readiness", "/workforce/readiness.json", "/workforce/pack.pdf"):
        answer = cmio.get(f"{path}?{query}")
        assert answer.status_code == status, path


def test_the_overview_gives_each_report_as_a_sentence_with_a_link(cmio, wards) -> None:
    page = cmio.get("/workforce/reports").get_data(as_text=True)
    for kind in EVERY:
        assert f'href="{address(kind)}"' in page
    assert "Unit MED: 8 of 10 are below target" in page


def test_supervisors_find_only_the_reports_that_are_theirs(app, client, wards) -> None:
    sign_in(client, app, "supervisor@example.org", ["supervisor"])
    page = client.get("/workforce/reports").get_data(as_text=True)
    assert "/workforce/misconceptions" not in page
    assert "/workforce/items" not in page
    assert client.get("/workforce/misconceptions").status_code == 403
    assert client.get("/workforce/items.json").status_code == 403
    assert client.get("/workforce/pack.pdf?kind=items").status_code == 422
    sign_in(client, app, "learner@example.org", ["learner"])
    for path in ("/workforce/reports", "/workforce/trend", "/workforce/pack.xlsx"):
        assert client.get(path).status_code == 403


def test_the_board_pack_is_one_tagged_document_and_the_same_again_is_alike(cmio, wards) -> None:
    path = "/workforce/pack.pdf?kind=readiness&kind=heatmap&kind=trend&as_of=2026-11-20"
    first, again = cmio.get(path), cmio.get(path)
    assert first.get_data() == again.get_data()
    paper = PdfReader(io.BytesIO(first.get_data()))
    cover = paper.pages[0].extract_text()
    for words in ("Board pack", "20 November 2026", "Contents", "Sample General Hospital"):
        assert words in cover
    flat = re.sub(r"\s", "", paper.pages[-1].extract_text())  # the digests stand together at the end
    for kind in ("heatmap", "readiness", "trend"):
        report = cmio.get(f"/workforce/{kind}.json?unit=SGH&as_of=2026-11-20").json
        assert report["digest"] in flat
        assert report["title"].replace(" ", "") in flat
    assert first.headers["X-Report-Digest"] in flat
    assert "Small groups" in paper.pages[-1].extract_text()


def test_the_board_pack_as_a_workbook_holds_every_table(cmio, wards) -> None:
    answer = cmio.get("/workforce/pack.xlsx?kind=readiness&kind=expiry")
    book = zipfile.ZipFile(io.BytesIO(answer.get_data()))
    names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
    assert names == ["Cover", "readiness about", "readiness units", "expiry about", "expiry units",
                     "expiry competencies", "expiry seats", "expiry seats_by_course"]  # fmt: skip
    assert answer.headers["X-Report-Digest"] in book.read("xl/sharedStrings.xml").decode()
    assert cmio.get("/workforce/pack.xlsx?kind=readiness&kind=expiry").get_data() == answer.get_data()


def test_looking_at_people_through_a_filter_is_recorded(cmio, wards) -> None:
    answer = cmio.get("/workforce/units/MED/K1?compare_to=2026-10-01&competencies=K1")
    assert answer.status_code == 200
    entry = db.session.query(AuditEntry).filter_by(action="report.people").one()
    assert entry.detail["competency"] == "K1"
