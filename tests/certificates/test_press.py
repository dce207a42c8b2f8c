"""The press: tagged and archival pages, own assets only, the same bytes each time."""

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from certificates import press as press_module
from certificates.assets import UnknownAsset, asset
from certificates.press import MissingLetters, PressError, TooManyPages, press, report_css

REPORT = """<body><p class="running">Example General Hospital</p><p class="issued">Data to 1 November 2026</p>
<main><h1>Emergency is not ready</h1><p>See <a href="https://academy.example.org/"><b>the page</b></a>.</p>
<table class="table"><caption>Units</caption><thead><tr><th scope="col">Unit</th><th scope="col">Staff</th></tr></thead>
<tbody>{rows}</tbody></table></main></body>"""


def press_page(html: str, css: tuple[str, ...] = (), **changes: Any) -> bytes:
    given: dict[str, Any] = {
        "title": "A page",
        "language": "en",
        "author": "Example General Hospital",
        "created": datetime(2026, 11, 23, 12, tzinfo=UTC),
    }
    return press(html, css, **given | changes)


def read(pdf: bytes) -> PdfReader:
    return PdfReader(BytesIO(pdf))


def tags(reader: PdfReader) -> list[Any]:
    """Return every structure element of the document."""
    found: list[Any] = []
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]["/K"]]
    while waiting:
        entry = waiting.pop()
        entry = entry.get_object() if hasattr(entry, "get_object") else entry
        if isinstance(entry, list):
            waiting.extend(entry)
        elif hasattr(entry, "get") and "/S" in entry:
            found.append(entry)
            waiting.append(entry.get("/K", []))
    return found


def test_a_pressed_page_has_what_pdf_ua_and_pdf_a_ask_of_a_document() -> None:
    reader = read(press_page("<h1>Title</h1><p>Text</p>", keywords=("one", "two")))
    root = reader.trailer["/Root"]
    metadata = root["/Metadata"].get_data().decode()
    assert root["/MarkInfo"]["/Marked"] is True or str(root["/MarkInfo"]["/Marked"]) == "True"
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert 'pdfuaid:part="1"' in metadata
    assert 'pdfaid:part="2"' in metadata
    assert 'pdfaid:conformance="A"' in metadata
    assert root["/OutputIntents"][0].get_object()["/S"] == "/GTS_PDFA1"
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.author) == ("A page", "Example General Hospital")
    assert reader.metadata["/Keywords"] == "one, two"
    assert {"/Document", "/H1", "/P"} <= {tag["/S"] for tag in tags(reader)}


def test_the_same_input_gives_the_same_bytes_also_in_another_process(tmp_path: Path) -> None:
    first = press_page("<h1>Răzvan</h1>", (report_css(),))
    assert press_page("<h1>Răzvan</h1>", (report_css(),)) == first
    script = (
        "import sys; from datetime import UTC, datetime; from certificates.press import press, report_css;"
        "sys.stdout.buffer.write(press('<h1>R\\u0103zvan</h1>', (report_css(),), title='A page', language='en',"
        "author='Example General Hospital', created=datetime(2026, 11, 23, 12, tzinfo=UTC)))"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr.decode()
    assert ran.stdout == first


def test_another_date_gives_other_bytes_and_zones_are_turned_into_utc() -> None:
    summer = timezone(timedelta(hours=7))
    pressed = press_page("<p>x</p>", created=datetime(2026, 11, 23, 19, tzinfo=summer))
    assert pressed == press_page("<p>x</p>")
    assert pressed != press_page("<p>x</p>", created=date(2026, 11, 23))
    with pytest.raises(PressError, match="zone"):
        press_page("<p>x</p>", created=datetime(2026, 11, 23))


@pytest.mark.parametrize(
    "address",
    [
        *("https://example.org/x.png", "http://127.0.0.1:9/x.png", "//example.org/x.png", "ftp://example.org/x"),
        *("file:///etc/passwd", "/etc/passwd", "../keys.py", "asset:keys.py", "asset:../keys.py"),
        *("data:image/png;base64,AAAA", "asset:fonts/../keys.py"),
    ],
)
def test_the_press_fetches_nothing_but_its_own_assets(
    address: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*given: Any, **named: Any) -> None:
        raise AssertionError("the press opened a connection or a file of the outside")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("urllib.request.OpenerDirector.open", refuse)
    with caplog.at_level(logging.ERROR, logger="weasyprint"):
        pressed = press_page(
            f'<p style="background: url({address})">x<img src="{address}" alt="x"></p>'
            f'<link rel="attachment" href="{address}"><link rel="stylesheet" href="{address}">'
        )
    assert "root:" not in read(pressed).pages[0].extract_text()
    assert any("Failed to load" in record.message for record in caplog.records)
    assert "/EmbeddedFiles" not in read(pressed).trailer["/Root"].get("/Names", {})


def test_an_asset_has_a_name_and_nothing_else_has_one() -> None:
    assert asset("asset:band.svg")[1] == "image/svg+xml"
    assert asset("asset:report.css")[1] == "text/css"
    for address in ("report.css", "asset:", "asset:press.py", "asset:../report.css", "https://example.org/"):
        with pytest.raises(UnknownAsset):
            asset(address)


def test_a_report_repeats_table_heads_and_numbers_its_pages_and_keeps_its_tags() -> None:
    rows = "".join(f'<tr><th scope="row">Unit {n}</th><td>{n}</td></tr>' for n in range(120))
    reader = read(press_page(REPORT.format(rows=rows), (report_css(),)))
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) == 4
    for number, text in enumerate(texts, start=1):
        assert "Example General Hospital" in text
        assert "Data to 1 November 2026" in text
        assert f"Page {number} of 4" in text
        assert "Staff" in text
    heads = [tag for tag in tags(reader) if tag["/S"] == "/TH"]
    assert len(heads) >= 122
    assert round(float(reader.pages[0].mediabox.width)) == 595


def test_a_landscape_report_lies_on_its_side() -> None:
    page = read(press_page('<body class="landscape"><h1>x</h1></body>', (report_css(),))).pages[0]
    assert round(float(page.mediabox.width)) == 842


def test_a_link_with_marked_words_in_it_is_one_tagged_link() -> None:
    reader = read(press_page(REPORT.format(rows=""), (report_css(),)))
    page = reader.pages[0]
    assert len(page["/Annots"]) == 1
    assert page["/Annots"][0].get_object()["/Contents"] == "https://academy.example.org/"
    owners = [tag for tag in tags(reader) if "/OBJR" in str([kid.get_object() for kid in _kids(tag)])]
    assert [tag["/S"] for tag in owners] == ["/Link"]


def _kids(tag: Any) -> list[Any]:
    return [kid for kid in tag.get("/K", []) if hasattr(kid, "idnum")]


def test_the_language_of_a_heading_is_on_its_tag() -> None:
    reader = read(press_page("<h1>Mẫu</h1><h2>x</h2>", tag_languages={"H1": "vi"}))
    assert {tag["/S"]: tag.get("/Lang") for tag in tags(reader)}["/H1"] == "vi"
    assert {tag["/S"]: tag.get("/Lang") for tag in tags(reader)}["/H2"] is None


def test_more_pages_than_allowed_are_an_error_and_not_a_longer_paper() -> None:
    long = '<p style="break-after: page">x</p>' * 3
    with pytest.raises(TooManyPages) as caught:
        press_page(long, most_pages=1)
    assert caught.value.pages >= 3
    assert len(read(press_page(long, most_pages=4)).pages) >= 3


def test_a_letter_without_a_font_stops_a_whole_page_and_is_named() -> None:
    # One of the rarest characters there are; the fonts for Chinese leave it out.
    letter = "\U00031349"
    with pytest.raises(MissingLetters, match="U\\+31349") as caught:
        press_page(f"<p>Asha {letter}</p>", whole=True)
    assert caught.value.letters == letter
    assert "fonts-noto" in str(caught.value)
    assert press_page(f"<p>Asha {letter}</p>").startswith(b"%PDF-")


@pytest.mark.parametrize("missing", ["title", "language"])
def test_a_page_needs_a_title_and_a_language(missing: str) -> None:
    with pytest.raises(PressError, match="title and a language"):
        press_page("<p>x</p>", **{missing: " "})


def test_style_sheets_are_parsed_once_and_the_store_of_them_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    press_page("<p>x</p>", (report_css(),))
    warm = press_module._warm()
    assert warm._parsed(report_css()) is warm._parsed(report_css())
    for number in range(2 * press_module._MOST_STYLES):
        warm._parsed(f"p {{ margin: {number}px }}")
    assert len(warm._styles) == press_module._MOST_STYLES
    assert press_page("<p>x</p>", (report_css(),)).startswith(b"%PDF-")


def test_a_forked_process_presses_and_leaves_the_parents_fonts_alone() -> None:
    before = press_page("<h1>x</h1>")
    child = os.fork()
    if child == 0:
        fine = press_page("<h1>x</h1>") == before
        press_module._forget_at_exit()
        os._exit(0 if fine else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert press_page("<h1>x</h1>") == before


@pytest.fixture(autouse=True)
def _no_complaints_of_the_renderer(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Any:
    yield
    expected: tuple[Callable[..., Any], ...] = (
        test_the_press_fetches_nothing_but_its_own_assets,
        test_a_letter_without_a_font_stops_a_whole_page_and_is_named,
    )
    if request.function not in expected:
        assert not [record for record in caplog.records if record.name.startswith("weasyprint")]
