"""Texts in the formats that Moodle knows, in its XML and in GIFT alike: HTML, plain, Markdown, and its own guess."""

import html
import re

_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>|&[#\w]+;")


def as_html(raw: str, kind: str) -> str:
    """Return a text as HTML. `kind` is html, plain, or moodle, which is HTML where it has tags and plain where not.

    The line ends of plain texts are shown, as Moodle shows them, and those of a text whose format it guesses.
    """
    text = raw.strip()
    if kind == "html":
        return text
    if kind == "plain" or not _TAG.search(text):
        text = html.escape(text)
    return re.sub(r"\n\s*\n", "<p>", text).replace("\n", "<br>")


def fitted(raw: str) -> str:
    """Return foreign Markdown whose headings do not stand above those of a question here."""
    return re.sub(r"^#{1,2}(?=[ \t])", "###", raw, flags=re.MULTILINE)
