"""Fenced code becomes a labelled, keyboard-scrollable listing with four kinds of token for the style sheet."""

import html
import re
import xml.etree.ElementTree as etree
from typing import Any

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from pygments import lex
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Generic, Keyword, Name, Operator, String, Token
from pygments.util import ClassNotFound

from courses.rendering.record import Record

_CLASSES = (
    (Comment, "tok-c"),
    (Keyword, "tok-k"),
    (Operator.Word, "tok-k"),
    (String, "tok-s"),
    (Generic.Heading, "tok-h"),
    (Generic.Subheading, "tok-h"),
    (Name.Tag, "tok-h"),
    (Name.Class, "tok-h"),
    (Name.Function, "tok-h"),
)
PLAIN = frozenset({"", "text", "plain", "txt", "none"})
LONGEST_HIGHLIGHTED = 50_000
LONGEST_HEADER = 200
MOST_OPTIONS = 4
_FENCE_LINE = re.compile(r"([ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?)(`{3,}|~{3,})(.*)\Z")
_LANGUAGE = re.compile(r"[ \t]*([\w#.+-]{1,40})(?=[ \t]|\Z)")


def token_class(token: Any) -> str:
    """Return the design's class for a Pygments token type, empty for plain text."""
    return next((name for kind, name in _CLASSES if token in kind), "")


def highlighted(code: str, language: str) -> str | None:
    """Return `code` as HTML with token classes, or None where the language is not known."""
    if language.lower() in PLAIN or len(code) > LONGEST_HIGHLIGHTED:
        return html.escape(code, quote=False)
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    parts: list[str] = []
    for token, value in lex(code, lexer):
        name = token_class(token) if token is not Token.Text else ""
        text = html.escape(value, quote=False)
        parts.append(f'<span class="{name}">{text}</span>' if name and value.strip() else text)
    return "".join(parts)


def language_name(language: str) -> str:
    """Return the name a reader knows a language by, as `SQL` for `sql`."""
    if language.lower() in PLAIN:
        return ""
    try:
        return str(get_lexer_by_name(language).name)
    except ClassNotFound:
        return language


def listing(code: str, language: str, title: str, record: Record) -> str:
    """Return the design's code component for one listing."""
    body = highlighted(code, language)
    if body is None:
        record.problem(
            "warning", f"“{language}” is not a language we can highlight: use a name such as sql, json or text",
            f"```{language}", f"``` {language}", language,
        )  # fmt: skip
        body = html.escape(code, quote=False)
    known = language_name(language)
    name = title or (f"{record.labels.code}: {known}" if known else record.labels.code)
    label, shown = html.escape(record.unique_label(name)), html.escape(title or known or record.labels.code)
    return (
        f'<div class="code"><div class="code__head"><span>{shown}</span></div>'
        f'<pre tabindex="0" role="region" aria-label="{label}"><code>{body}</code></pre></div>'
    )


def tame_fences(text: str, record: Record) -> str:
    """Cut the header of a fence down to its language where it is beyond reason.

    The extension that reads headers takes time that doubles with every quoted option, so that one line could hold
    a server for ever. A language and a title never come near the limit.
    """
    lines = text.split("\n")
    opened = ""
    for number, line in enumerate(lines):
        fence = _FENCE_LINE.match(line)
        if fence is None:
            continue
        if opened:
            if fence[2].startswith(opened) and not fence[3].strip():
                opened = ""
            continue
        opened = fence[2]
        header = fence[3]
        if len(header) > LONGEST_HEADER or header.count("=") > MOST_OPTIONS:
            language = _LANGUAGE.match(header)
            lines[number] = f"{fence[1]}{fence[2]}{language[1] if language else ''}"
            record.problem(
                "warning", "the header of this code is not readable: expected a language and a title", fence[2]
            )
    return "\n".join(lines)


class FenceFormatter:
    """Formats fences for superfences; holds the record that its plain callback cannot be given."""

    def __init__(self, record: Record) -> None:
        self.record = record

    def validate(
        self, language: str, inputs: dict[str, str], options: dict[str, Any], attrs: dict[str, str], md: Markdown
    ) -> bool:
        """Keep the title; line numbers and other options of the dialect are accepted and not shown."""
        if "title" in inputs:
            options["title"] = inputs["title"]
        return True

    def format(
        self, source: str, language: str, css_class: str, options: dict[str, Any], md: Markdown, **kwargs: Any
    ) -> str:
        """Return the HTML of one fence."""
        return listing(source, language or "", str((options or {}).get("title", "")), self.record)


class IndentedCodeTreeprocessor(Treeprocessor):
    """Gives indented code the same frame as fenced code."""

    def __init__(self, md: Markdown, record: Record) -> None:
        super().__init__(md)
        self.record = record

    def run(self, root: etree.Element) -> None:
        """Replace every bare `pre` below `root`."""
        for pre in list(root.iter("pre")):
            code = pre.find("code")
            if code is None:
                continue
            text = "".join(code.itertext()).rstrip("\n")
            tail = pre.tail
            pre.clear()
            pre.tail = tail
            pre.tag = "p"
            pre.text = self.md.htmlStash.store(listing(html.unescape(text), "", "", self.record))
