"""A text that is one file: front matter, a Markdown body, a digest, finished HTML.

Pathways, policies and evaluations are read through here, so that all of them answer a bad file in the same way and
are digested by the same rule. Knows no file system and none of the fields.
"""

import hashlib
from dataclasses import dataclass

from assessments.frontmatter import front_matter
from assessments.model import Fault
from courses.fields import Fields
from courses.rendering.renderer import Rendered, Renderer
from courses.rendering.source import Source
from courses.text import read_text

CODE = r"[A-Z0-9][A-Z0-9-]{0,39}"
CODE_EXPECTED = "a lasting id of A–Z, 0–9 and hyphens, as in FIRST-WEEK"
LANGUAGE = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}"


@dataclass(frozen=True)
class Document:
    """A file taken apart. `body` is Markdown that begins on line `body_line`, `digest` SHA-256 in hex of the whole."""

    fields: Fields
    body: str
    body_line: int
    path: str
    digest: str

    def page(self, language: str) -> Rendered:
        """Render the body as a page of its own."""
        return Renderer(language=language).page(self.body, self.source(self.body, self.body_line))

    def source(self, passage: str, line: int) -> Source:
        """Return where a passage of the body stands, which begins on `line`."""
        return Source(self.path, passage, line)


def open_document(text: str, path: str, faults: list[Fault]) -> Document | None:
    """Take a file apart; what is wrong goes to `faults`, and None is returned where nothing can be read of it."""
    clean, found = read_text(text.encode("utf-8", "surrogatepass"), path)
    faults += found
    if clean is None:
        return None
    values, body, body_line, found = front_matter(clean, path)
    faults += found
    if body_line == 1:
        message = "has no front matter: expected fields between two lines of ---, as in “title: …”"
        faults.append(Fault(path, 1, 1, "error", message))
    if found or body_line == 1:
        return None
    return Document(Fields(values, path, faults), body, body_line, path, text_digest(clean))


def text_digest(text: str) -> str:
    """Return the SHA-256, in hex, of a text; a byte order mark, line ends and outer empty lines do not count."""
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return hashlib.sha256(b"document 1\n" + plain.encode("utf-8", "surrogatepass")).hexdigest()


def language_of(fields: Fields) -> str:
    """Return the field `language`, English where it is left out."""
    return fields.text("language", "en", pattern=LANGUAGE, expected="a language tag such as en", longest=20)


def failed(faults: list[Fault]) -> bool:
    """Whether there is an error among the faults: such a file becomes nothing."""
    return any(fault.severity == "error" for fault in faults)
