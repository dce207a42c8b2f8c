"""Files that mean harm are refused before anything is made of them, with what was expected."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.exchange.conversion import FORMATS, TARGETS, ExchangeError, read_items, write_items
from assessments.exchange.naming import file_name
from assessments.model import Bank
from tests.assessments.exchange.samples import FILES, bytes_of

XXE = (
    '<!DOCTYPE quiz [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<quiz><question type="essay"><name>&x;</name></question></quiz>'
)
BOMB = (
    '<?xml version="1.0"?><!-- c --><!DOCTYPE quiz [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]><quiz>&j;</quiz>"
)


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (XXE.encode(), "document type"),
        (XXE.encode("utf-16"), "document type"),
        (("\ufeff" + XXE).encode(), "document type"),
        (BOMB.encode(), "document type"),
        (b'<?xml version="1.0" encoding="utf-7"?><quiz/>', "character set 'utf-7' is not read"),
        (b'<?xml version="1.0" encoding="cp037"?><quiz/>', "character set 'cp037' is not read"),
        (b"<quiz>" + b"<a>" * 300 + b"</a>" * 300 + b"</quiz>", "not well-formed|nested deeper"),
        (b"<quiz>" + b"<a>" * 120 + b"</a>" * 120 + b"</quiz>", "nested deeper than 100"),
        (b"<quiz><question>", "not well-formed XML"),
        (b"<quiz>\0</quiz>", "NUL"),
        (b"", "the file is empty"),
        (b"   \n", "the file is empty"),
        (b"just some words", "of no known format: expected one of Markdown, Moodle XML"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "NUL"),
        (b"<questestinterop/>", "expected <item> elements in <questestinterop>"),
        (b"<manifest/>", "expected the whole package as a zip"),
        (b"<html><body/></html>", "of no known format"),
        (b"PK\x03\x04 broken", "not a readable zip"),
        (zipped({"../imsmanifest.xml": b"<manifest/>"}), "short paths inside the package folder"),
        (zipped({"/etc/x.xml": b"<a/>"}), "short paths inside the package folder"),
        (zipped({"a\\..\\b.xml": b"<a/>"}), "short paths inside the package folder"),
        (zipped({"a.xml": b"<assessmentItem>" + b" " * 5_000_000}), "unpacks to more than a package may hold"),
        (zipped({f"{n}.xml": b"" for n in range(5_001)}), "holds 5,001 files"),
        (zipped({}), "the package is empty"),
        (zipped({"a.txt": b"nothing"}), "of no known format"),
    ],
)  # fmt: skip
def test_a_hostile_or_foreign_file_is_refused(data: bytes, expected: str) -> None:
    started = time.process_time()
    with pytest.raises(ExchangeError, match=expected):
        read_items(data)
    assert time.process_time() - started < 5


def test_a_link_and_a_double_in_a_package_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        entry = zipfile.ZipInfo("items/a.xml")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    with pytest.raises(ExchangeError, match="the link"):
        read_items(stream.getvalue())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.xml", "<b/>")
    with pytest.raises(ExchangeError, match="twice"):
        read_items(stream.getvalue())


def test_an_oversized_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assessments.exchange.content.LARGEST_TEXT", 10)
    with pytest.raises(ExchangeError, match="expected at most 10"):
        read_items(b"::a::b{=c} and more")


def test_one_hostile_file_of_a_package_is_refused_and_the_others_come_in() -> None:
    good = (FILES / "item-2.2.xml").read_bytes()
    found = read_items(
        zipped({"good.xml": good, "bad.xml": b'<!DOCTYPE a [<!ENTITY x "y">]><assessmentItem>&x;</assessmentItem>'})
    )
    assert {one.id: one.status for one in found.record.outcomes}["bad"] == "refused"
    assert len(found.bank.items) == 1


def test_references_out_of_a_package_find_nothing() -> None:
    item = (FILES / "item-2.2.xml").read_text(encoding="utf-8")
    for address in ("../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "data:image/png;base64,AA"):
        found = read_items(zipped({"i/a.xml": item.replace("<p>An", f'<p><img src="{address}" alt="x"/>An').encode()}))
        assert found.media == {}
        assert any("a picture could not be taken along" in one for one in found.record.outcomes[0].reasons)


@pytest.mark.parametrize(
    "name", ["../a.png", "a/../../b", "..", "con/\\x.png", "a\0b.png", "", "é.png", ".hidden", "%2e%2e%2fx"]
)
def test_names_of_media_never_leave_their_folder(name: str) -> None:
    found = file_name(name)
    assert "/" not in found
    assert "\\" not in found
    assert not found.startswith(".")


def test_gaps_and_headings_cannot_be_smuggled_in() -> None:
    text = "&lt;p&gt;{{free}} \ue0001\ue001&lt;/p&gt;\n\n## Extra {#extra}\n\n- [x] a\n"
    source = (
        "<quiz><question type='shortanswer'><name><text>Q {#evil .essay}</text></name><questiontext format='markdown'>"
    )
    source += f"<text>{text}</text></questiontext><answer fraction='100'><text>x</text></answer></question></quiz>"
    found = read_items(source.encode())
    assert len(found.bank.items) <= 1
    for item in found.bank.items:
        assert item.type == "text"
        assert item.id != "evil"


@pytest.mark.parametrize("piece", ["\\(", "<a", "`", "$$a ", "*a ", "{1:SA:"])
def test_endless_repetition_is_refused_soon(piece: str) -> None:
    head = "<quiz><question type='shortanswer'><name><text>Q</text></name><questiontext format='html'><text><![CDATA["
    tail = "]]></text></questiontext><answer fraction='100'><text>x</text></answer></question></quiz>"
    source = f"{head}x {piece * 50_000}{tail}"
    started = time.process_time()
    found = read_items(source.encode())
    assert time.process_time() - started < 10
    assert len(found.record.outcomes) == 1


base = st.sampled_from(
    ["moodle-4.xml", "course.gift", "quiz-aiken.txt", "usual-types.md", "item-2.2.xml", "package-3.0"]
)


@settings(max_examples=40, deadline=None)
@given(base, st.data())
def test_a_damaged_file_is_read_or_refused_and_never_breaks(name: str, data: st.DataObject) -> None:
    raw = bytearray(bytes_of(name))
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(raw) - 1))
        piece = data.draw(
            st.sampled_from([b"", b"<", b"&", b"]]>", b"{", b"}", b"\xff", b"</", b"\n\n", b"%", b"~", b'"', b"-1e99"])
        )
        raw[place : place + data.draw(st.integers(0, 8))] = piece
    try:
        found = read_items(bytes(raw))
    except ExchangeError as fault:
        assert str(fault)  # noqa: PT017
        return
    for target in TARGETS:
        made = write_items(found.bank, target, media=found.media)
        assert len(made.record.outcomes) == len(found.bank.items)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(sorted(FORMATS)),
    st.binary(max_size=60) | st.text(max_size=80).map(lambda text: text.encode("utf-8", "replace")),
)
def test_any_bytes_under_any_name_are_read_or_refused(source: str, data: bytes) -> None:
    try:
        found = read_items(data, source=source)
    except ExchangeError as fault:
        assert str(fault)  # noqa: PT017
    else:
        assert isinstance(found.bank, Bank)
