"""Media: what it is, how large, and whether a browser may have it."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from courses.media import read_media

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 360 180">{}</svg>'
)


def picture(kind: str, size: tuple[int, int] = (64, 48), **extra: object) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "white").save(stream, kind, **extra)
    return stream.getvalue()


def message(path: str, data: bytes) -> str:
    media, faults = read_media(path, data, path)
    assert (media is None) == any(fault.severity == "error" for fault in faults)
    return "; ".join(fault.message for fault in faults)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_pictures_know_their_size(kind: str) -> None:
    media, faults = read_media(f"media/a.{kind.lower()}", picture(kind), "a")
    assert media is not None
    assert not faults
    assert (media.width, media.height, media.media_type) == (64, 48, f"image/{kind.lower()}")
    assert len(media.digest) == 64


def test_a_photograph_taken_upright_has_its_sides_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    media, _ = read_media("media/a.jpg", picture("JPEG", exif=exif.tobytes()), "a")
    assert media is not None
    assert (media.width, media.height) == (48, 64)


def test_a_drawing_takes_its_size_from_the_view_box_or_its_sides() -> None:
    media, _ = read_media("media/d.svg", SVG.format("").encode(), "d")
    assert media is not None
    assert (media.width, media.height) == (360, 180)
    sized = SVG.format("").replace("viewBox", 'width="2in" height="96pt" viewBox').encode()
    media, _ = read_media("media/d.svg", sized, "d")
    assert media is not None
    assert (media.width, media.height) == (192, 128)


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect onclick="alert(1)"/>',
        '<rect ONLOAD="alert(1)"/>',
        '<a xlink:href="javascript:alert(1)"><rect/></a>',
        '<a href=" javascript:alert(1)"><rect/></a>',
        '<image href="https://example.org/a.png"/>',
        '<use xlink:href="other.svg#a"/>',
        "<foreignObject><p>x</p></foreignObject>",
        "<style>@import 'https://example.org/a.css';</style>",
        "<style>rect { fill: url(https://example.org/a) }</style>",
        '<rect style="fill: url( https://example.org/a )"/>',
        '<rect fill="url(other.svg#a)"/>',
        '<animate attributeName="href" to="javascript:a()"/>',
        '<?xml-stylesheet href="a.css"?>',
        '<image href="data:image/svg+xml;base64,AAAA"/>',
    ],
)
def test_a_drawing_that_could_run_or_fetch_is_refused(inside: str) -> None:
    assert "save the drawing without it" in message(
        "media/d.svg", SVG.format(inside).encode()
    ) or "into the drawing" in message("media/d.svg", SVG.format(inside).encode())


@pytest.mark.parametrize(
    "inside",
    [
        '<rect fill="url(#gradient)"/>',
        "<style>.a { fill: red }</style>",
        '<use href="#a"/>',
        '<a href="https://example.org"><text>there</text></a>',
        "<title>on click nothing</title>",
        '<image href="data:image/png;base64,AAAA"/>',
        "<!-- onclick -->",
    ],
)
def test_a_harmless_drawing_passes(inside: str) -> None:
    assert message("media/d.svg", SVG.format(inside).encode()) == ""


def test_entities_of_a_drawing_are_refused_and_never_unfolded() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + SVG.format("<text>&b;</text>")
    assert "entities" in message("media/d.svg", bomb.encode())
    outside = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SVG.format("<text>&a;</text>")
    assert "entities" in message("media/d.svg", outside.encode())


def test_content_must_be_what_the_ending_says() -> None:
    assert "cannot be read as PNG" in message("media/a.png", b"<html>")
    assert "cannot be read as PNG" in message("media/a.png", picture("GIF"))
    assert "cannot be read as PNG" in message("media/a.png", picture("PNG")[:40])
    assert "does not hold what its ending .pdf says" in message("media/a.pdf", b"<html>")
    assert "WEBVTT" in message("media/a.vtt", b"1\n00:00 --> 00:01\nHi")
    assert message("media/a.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nHi") == ""
    assert "is not an SVG drawing" in message("media/d.svg", b"<html/>")
    assert "cannot be read as SVG" in message("media/d.svg", b"<svg")


@pytest.mark.parametrize(
    "path", ["media/a.html", "media/a.js", "media/a.exe", "media/a", "media/a.svgz", "media/a.png.html"]
)
def test_files_that_could_run_are_not_published(path: str) -> None:
    assert "are not published" in message(path, b"x")


def test_an_empty_file_is_an_error() -> None:
    assert message("media/a.txt", b"") == "is empty"


def test_a_picture_of_too_many_pixels_is_refused_without_unfolding_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courses.media.MOST_PIXELS", 1_000)
    assert "64 × 48 pixels" in message("media/a.png", picture("PNG"))


def test_a_heavy_picture_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("courses.media.LARGE_PICTURE", 10)
    media, faults = read_media("media/a.png", picture("PNG"), "a")
    assert media is not None
    assert [fault.severity for fault in faults] == ["warning"]
