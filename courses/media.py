"""What a file under media/ is, how large its picture is, and whether it is safe to hand to a browser.

The ending must be one we know and the content must be what the ending says. Drawings (SVG) with anything that could
run or fetch are refused, not mended: their author can save them again without it.
"""

import hashlib
import io
import posixpath
import re
import warnings
from typing import Any

from lxml import etree  # type: ignore[import-untyped]
from PIL import Image

from assessments.model import Fault
from courses.model import Media

TYPES = {
    ".avif": "image/avif",
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".vtt": "text/vtt",
    ".wav": "audio/wav",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".zip": "application/zip",
}
_PICTURES = {".avif": "AVIF", ".gif": "GIF", ".jpeg": "JPEG", ".jpg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
_BEGINNINGS = {
    ".docx": rb"PK", ".m4a": rb"....ftyp", ".mp3": rb"ID3|\xff[\xe0-\xff]", ".mp4": rb"....ftyp", ".ogg": rb"OggS",
    ".pdf": rb"%PDF-", ".pptx": rb"PK", ".vtt": rb"(?:\xef\xbb\xbf)?WEBVTT(?:[ \t\r\n]|\Z)", ".wav": rb"RIFF....WAVE",
    ".webm": rb"\x1aE\xdf\xa3", ".xlsx": rb"PK", ".zip": rb"PK",
}  # fmt: skip
MOST_PIXELS = 50_000_000
LARGE_PICTURE = 400_000
LARGEST_DRAWING = 2_000_000
_SVG = "{http://www.w3.org/2000/svg}"
_RUNS = ("script", "foreignObject", "iframe", "object", "embed", "audio", "video", "handler", "listener")
_MOVES = ("set", "animate", "animateMotion", "animateTransform")
_REFUSED_ELEMENTS = frozenset(_RUNS + _MOVES)
_SIZE = re.compile(r"\s*([0-9]*\.?[0-9]+)\s*(px|pt|mm|cm|in|)\s*\Z")
_UNITS = {"": 1.0, "px": 1.0, "pt": 96 / 72, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_FETCH = re.compile(r"(?:url\(\s*['\"]?\s*(?!#)|@import|expression\(|javascript:)", re.IGNORECASE)


def read_media(path: str, data: bytes, shown: str) -> tuple[Media | None, list[Fault]]:
    """Examine one media file; `shown` names it in faults. None where it must not be published."""
    ending = posixpath.splitext(path)[1].lower()
    media_type = TYPES.get(ending)
    if media_type is None:
        message = f"files of this kind are not published: expected one of {', '.join(sorted(TYPES))}"
        return None, [Fault(shown, 1, 1, "error", message)]
    if not data:
        return None, [Fault(shown, 1, 1, "error", "is empty")]
    width = height = None
    faults: list[Fault] = []
    if ending in _PICTURES:
        width, height, problem = _measure_picture(data, _PICTURES[ending])
        if not problem and len(data) > LARGE_PICTURE:
            message = (
                f"has {len(data) // 1000} kB: learners on a ward wait for it; aim for under {LARGE_PICTURE // 1000} kB"
            )
            faults.append(Fault(shown, 1, 1, "warning", message))
    elif ending == ".svg":
        width, height, problem = _measure_drawing(data)
    else:
        beginning = _BEGINNINGS.get(ending)
        wrong = beginning is not None and not re.match(beginning, data, re.DOTALL)
        problem = f"does not hold what its ending {ending} says" if wrong else ""
        if wrong and ending == ".vtt":
            problem = "is not a caption file: expected WEBVTT on the first line"
    if problem:
        return None, [Fault(shown, 1, 1, "error", problem)]
    digest = hashlib.sha256(data).hexdigest()
    return Media(path, posixpath.basename(path), media_type, digest, len(data), width, height), faults


def _measure_picture(data: bytes, expected: str) -> tuple[int | None, int | None, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=(expected,)) as picture:
                width, height = picture.size
                turned = picture.getexif().get(0x0112) in (5, 6, 7, 8) if expected == "JPEG" else False
                if width * height > MOST_PIXELS:
                    return None, None, f"has {width} × {height} pixels: expected at most {MOST_PIXELS:,} in all"
                picture.verify()
    # Pillow's readers raise whatever the damaged bytes lead them to: SyntaxError, struct.error, OSError and others.
    except Exception:
        return None, None, f"cannot be read as {expected}: save it again"
    return (height, width, "") if turned else (width, height, "")


def _measure_drawing(data: bytes) -> tuple[int | None, int | None, str]:
    if len(data) > LARGEST_DRAWING:
        return None, None, f"has {len(data):,} bytes: expected at most {LARGEST_DRAWING:,} for a drawing"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as fault:
        return None, None, f"cannot be read as SVG: {fault}"
    if root.tag != _SVG + "svg":
        return None, None, 'is not an SVG drawing: expected <svg xmlns="http://www.w3.org/2000/svg">'
    if root.getroottree().docinfo.internalDTD is not None and b"<!ENTITY" in data:
        return None, None, "declares entities: save the drawing without them"
    problem = _unsafe(root)
    if problem:
        return None, None, problem
    return (*_drawing_size(root), "")


def _unsafe(root: Any) -> str:
    for element in root.iter():
        if not isinstance(element.tag, str):
            if element.tag is etree.ProcessingInstruction:
                return f"holds the instruction <?{element.target}: save the drawing without it"
            continue
        name = etree.QName(element).localname
        if name in _REFUSED_ELEMENTS:
            return f"holds <{name}>, which could run, move or fetch something: save the drawing without it"
        if name == "style" and _FETCH.search("".join(element.itertext())):
            return "holds a style that fetches something: save the drawing without it"
        for attribute, value in element.attrib.items():
            local = etree.QName(attribute).localname.lower()
            if local.startswith("on"):
                return f"holds the event attribute {local}: save the drawing without it"
            if local == "href" and not value.strip().startswith(("#", "data:image/png", "data:image/jpeg")):
                if name == "a" and value.strip().startswith(("https://", "http://")):
                    continue
                return f"fetches “{value.strip()[:60]}”: put everything into the drawing itself"
            if _FETCH.search(value):
                return f"holds “{value.strip()[:60]}” in {local}, which fetches something: save the drawing without it"
    return ""


def _drawing_size(root: Any) -> tuple[int | None, int | None]:
    """Return the size of a drawing: its width and height, else its viewBox."""
    sides = [_SIZE.match(str(root.get(name, ""))) for name in ("width", "height")]
    if sides[0] and sides[1]:
        wide, high = (round(float(side[1]) * _UNITS[side[2]]) for side in sides if side)
        if wide > 0 and high > 0:
            return wide, high
    box = re.split(r"[\s,]+", str(root.get("viewBox", "")).strip())
    try:
        wide, high = (round(float(value)) for value in box[2:4])
    except ValueError:
        return None, None
    return (wide, high) if 0 < wide < 100_000 and 0 < high < 100_000 else (None, None)
