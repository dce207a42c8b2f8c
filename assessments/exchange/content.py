"""Bytes from strangers become text, XML or a package of files, and nothing hostile gets further than here.

Text is UTF-8, UTF-16 with its mark, or Windows-1252. XML has no document type, so no entity of its own and nothing to
fetch; its depth and size are bounded. A package is a zip file judged by `assessments.archive`.
"""

import html.entities
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from assessments.archive import ArchiveError, Limits, unpack
from assessments.exchange.faults import ExchangeError

LARGEST_TEXT = 20_000_000
DEEPEST = 100
MOST_ELEMENTS = 1_000_000
PACKAGE = Limits(archive=100_000_000, files=5_000, file=50_000_000, total=200_000_000, what="package")
_DECLARED = re.compile(r"\A\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*\?>")
_PROLOG = re.compile(r"(?:\s+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31});")
_XML_ENTITIES = ("amp", "lt", "gt", "quot", "apos")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CHARSETS = {
    "utf-8": "utf-8", "utf8": "utf-8", "us-ascii": "utf-8", "ascii": "utf-8", "utf-16": "utf-16",
    "utf-16le": "utf-16-le", "utf-16be": "utf-16-be", "iso-8859-1": "cp1252", "latin1": "cp1252",
    "windows-1252": "cp1252", "cp1252": "cp1252", "iso-8859-15": "iso-8859-15",
}  # fmt: skip
ANSI = "the file is not UTF-8 and was read as Windows-1252: look at letters with accents and at quotation marks"
MENDED = "the file is not quite XML (characters or entities that XML does not know) and was mended while reading"


@dataclass
class Source:
    """A file to be read. Only one of `text`, `root` and `files` is for a given format; each raises ExchangeError."""

    data: bytes
    name: str = "questions"

    @property
    def is_zip(self) -> bool:
        """Whether the bytes begin as a zip file does."""
        return self.data.startswith((b"PK\x03\x04", b"PK\x05\x06"))

    @cached_property
    def _decoded(self) -> tuple[str, list[str]]:
        return decoded(self.data)

    @property
    def text(self) -> str:
        """The file as text, with line ends as `\\n`."""
        return self._decoded[0]

    @property
    def notes(self) -> list[str]:
        """What was guessed to read the text."""
        return [] if self.is_zip else list(self._decoded[1])

    @cached_property
    def looks_like_xml(self) -> bool:
        """Whether the text begins with a tag."""
        return not self.is_zip and self.text.lstrip().startswith("<")

    @cached_property
    def root_name(self) -> str:
        """The name of the first element, without prefix; told from the text, so that no parser need run on it."""
        text = _DECLARATION.sub("", self.text, count=1)
        prolog = _PROLOG.match(text)
        rest = text[prolog.end() if prolog else 0 :]
        rest = re.sub(r"\A<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>\s*", "", rest[:100_000], flags=re.DOTALL)
        found = re.match(r"<(?:[\w.-]+:)?([\w.-]+)", rest)
        return found[1] if found else ""

    @cached_property
    def files(self) -> Mapping[str, bytes]:
        """The files of a package by path."""
        return package(self.data)


def decoded(data: bytes) -> tuple[str, list[str]]:
    """Return the text of a file and what had to be guessed; raises ExchangeError on what is no text."""
    if len(data) > LARGEST_TEXT:
        raise ExchangeError(f"the file has {len(data):,} bytes: expected at most {LARGEST_TEXT:,}")
    notes: list[str] = []
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = _strict(data, "utf-16")
    else:
        declared = _DECLARED.match(data[:300].decode("latin-1").removeprefix("\xef\xbb\xbf"))
        charset = "utf-8"
        if declared:
            charset = _CHARSETS.get(declared[1].lower(), "")
            if not charset:
                raise ExchangeError(f"the character set {declared[1]!r} is not read: expected UTF-8")
            # A declaration that could be read byte by byte is not UTF-16, whatever it says.
            charset = "utf-8" if charset.startswith("utf-16") and b"\0" not in data[:200] else charset
        try:
            text = data.decode(charset)
        except UnicodeDecodeError:
            text = data.decode("cp1252", errors="replace")
            notes.append(ANSI)
    if "\0" in text:
        raise ExchangeError("the file holds NUL characters: expected text in UTF-8")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"), notes


def _strict(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except UnicodeDecodeError:
        raise ExchangeError(f"the file begins as {charset.upper()} and is not: expected UTF-8") from None


def parse_xml(text: str) -> tuple[Any, list[str]]:
    """Return the root element of an XML text and what had to be mended. Raises ExchangeError."""
    bare = _DECLARATION.sub("", text, count=1).lstrip()
    prolog = _PROLOG.match(bare)
    if bare[prolog.end() if prolog else 0 :][:9].upper() == "<!DOCTYPE":
        raise ExchangeError("the file declares a document type (<!DOCTYPE …>): expected XML without one")
    notes: list[str] = []
    try:
        root = _parsed(bare)
    except etree.XMLSyntaxError as first:
        mended = _NOT_XML.sub("", _ENTITY.sub(_reference, bare))
        if mended == bare:
            raise ExchangeError(f"the file is not well-formed XML: {_in_words(first)}") from None
        try:
            root = _parsed(mended)
        except etree.XMLSyntaxError as fault:
            raise ExchangeError(f"the file is not well-formed XML: {_in_words(fault)}") from None
        notes.append(MENDED)
    _check_depth(root)
    return root, notes


def without_named_type(text: str, root: str) -> str:
    """Return an XML text without a document type that only names a file: it defines nothing, and nothing is fetched.

    One that defines something of its own is left, and refused by `parse_xml`.
    """
    bare = _DECLARATION.sub("", text, count=1)
    prolog = _PROLOG.match(bare)
    start = prolog.end() if prolog else 0
    quoted = r"(?:\"[^\"]{0,300}\"|'[^']{0,300}')"
    named = re.compile(rf"<!DOCTYPE\s+{root}\s+(?:SYSTEM\s+{quoted}|PUBLIC\s+{quoted}(?:\s+{quoted})?)\s*>")
    found = named.match(bare, start)
    return bare[:start] + bare[found.end() :] if found else text


def _parsed(text: str) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, encoding="utf-8",
    )  # fmt: skip
    return etree.fromstring(text.encode("utf-8", "replace"), parser)


def _reference(found: re.Match[str]) -> str:
    name = found[1]
    if name in _XML_ENTITIES:
        return found[0]
    known = html.entities.html5.get(name + ";")
    return "".join(f"&#{ord(one)};" for one in known) if known else found[0]


def _in_words(fault: etree.XMLSyntaxError) -> str:
    said = (fault.msg or "it breaks off").partition(", line")[0]
    return f"{said} (line {fault.lineno})" if fault.lineno else said


def _check_depth(root: Any) -> None:
    """Refuse a tree too deep or too large to be questions; walks without recursion."""
    depth = count = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > DEEPEST:
            raise ExchangeError(f"the XML is nested deeper than {DEEPEST} elements: expected plain questions")
        if count > MOST_ELEMENTS:
            raise ExchangeError(f"the XML has more than {MOST_ELEMENTS:,} elements: expected fewer questions a file")


def package(data: bytes) -> dict[str, bytes]:
    """Return the files of a zip package by path; raises ExchangeError on a hostile or damaged one."""
    try:
        files = unpack(data, PACKAGE)
    except ArchiveError as fault:
        raise ExchangeError(str(fault)) from None
    if not files:
        raise ExchangeError("the package is empty: expected questions in it")
    return files
