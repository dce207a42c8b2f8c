"""Callouts in GitHub's manner, and our two placements: a knowledge check and a case.

`> [!WARNING] Title` opens a callout; `> [!CHECK] item-id` and `> [!CASE] case-id` stand alone.
"""

import re
import xml.etree.ElementTree as etree

from markdown import Markdown
from markdown.blockprocessors import BlockQuoteProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import nearing_recursion_limit

from courses.rendering.record import Record

ICONS = {
    "note": "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5M12 8v.1",
    "tip": "M9 18h6M10 21h4M8.5 15c-1.8-1.2-3-3-3-5.3a6.5 6.5 0 0 1 13 0c0 2.3-1.2 4.1-3 5.3z",
    "important": "M5 21V4h12l-2 4 2 4H5",
    "warning": "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17v.1",
    "caution": "M6 6l12 12M18 6L6 18",
}
_CLASSES = {
    "note": "callout",
    "tip": "callout is-pearl",
    "important": "callout is-key",
    "warning": "callout is-warn",
    "caution": "callout is-bad",
}
PLACEMENT_ID = re.compile(r"[a-z0-9][a-z0-9-]*\Z")
_OPENING = re.compile(r"\[!([A-Za-z]+)\][ \t]*(.*)\Z")


def icon(kind: str) -> str:
    """Return the inline drawing of a callout kind, in the design's 24-unit grid."""
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{ICONS[kind]}"/></svg>'


class QuoteProcessor(BlockQuoteProcessor):
    """Block quotes that end at a blank line, so that neighbouring callouts stay apart."""

    def run(self, parent: etree.Element, blocks: list[str]) -> None:
        """Turn the next block into a quote of its own."""
        block = blocks.pop(0)
        found = self.RE.search(block)
        if found is None or nearing_recursion_limit():
            return
        self.parser.parseBlocks(parent, [block[: found.start()]])
        lines = [self.clean(line) for line in block[found.start() :].lstrip("\n").split("\n")]
        first = next((number for number, line in enumerate(lines) if line.strip()), 0)
        if _OPENING.match(lines[first].strip()):
            # What follows the opening line is text of its own: a list there needs no empty line before it.
            lines.insert(first + 1, "")
        inner = "\n".join(lines)
        quote = etree.SubElement(parent, "blockquote")
        # In this state the parser wraps text of a quote inside a list item in paragraphs.
        self.parser.state.set("blockquote")
        self.parser.parseChunk(quote, inner)
        self.parser.state.reset()


class CalloutTreeprocessor(Treeprocessor):
    """Turns the quotes that begin with `[!KIND]` into callouts and placements, before inline text is read."""

    def __init__(self, md: Markdown, record: Record) -> None:
        super().__init__(md)
        self.record = record

    def run(self, root: etree.Element) -> None:
        """Convert every quote below `root`."""
        for quote in list(root.iter("blockquote")):
            first = quote[0] if len(quote) else None
            if first is None or first.tag != "p" or not first.text:
                continue
            line, _, rest = first.text.partition("\n")
            opening = _OPENING.match(line.strip())
            if opening is None:
                continue
            kind, words = opening[1].lower(), opening[2].strip()
            if kind in ("check", "case"):
                self._place(quote, kind, words, bool(rest.strip()) or len(quote) > 1, line.strip())
            elif kind in _CLASSES:
                self._callout(quote, kind, words, rest.lstrip())
            else:
                self.record.problem(
                    "warning",
                    f"[!{opening[1]}] is not a callout: expected NOTE, TIP, IMPORTANT, WARNING, CAUTION, CHECK or CASE",
                    f"[!{opening[1]}]",
                )

    def _callout(self, quote: etree.Element, kind: str, title: str, rest: str) -> None:
        paragraph = quote[0]
        paragraph.text = rest
        if not rest and not len(paragraph):
            quote.remove(paragraph)
        if not len(quote):
            self.record.problem("warning", f"[!{kind.upper()}] has no text", f"[!{kind.upper()}]", f"[!{kind}]")
        quote.tag = "aside"
        quote.set("class", _CLASSES[kind])
        heading = etree.Element("p", {"class": "callout__title"})
        heading.text = title or getattr(self.record.labels, kind)
        heading.tail = "\n"
        quote.insert(0, heading)
        quote.text = self.record.hold(icon(kind))

    def _place(self, quote: etree.Element, kind: str, words: str, has_body: bool, line: str) -> None:
        tail = quote.tail
        quote.clear()
        quote.tail = tail
        quote.tag = "p"
        if not PLACEMENT_ID.match(words):
            self.record.problem(
                "error", f"[!{kind.upper()}] needs one id of small letters, digits and hyphens, as in "
                f"“> [!{kind.upper()}] alert-override”; found “{words}”", line,
            )  # fmt: skip
            return
        if has_body:
            self.record.problem("error", f"[!{kind.upper()}] {words} takes no text under it", line)
        (self.record.checks if kind == "check" else self.record.cases).append(words)
        quote.text = self.record.hold(f'\n<div data-{kind}="{words}"></div>\n')


class CalloutNameTreeprocessor(Treeprocessor):
    """Names each callout after its title, once the title's inline text is known."""

    def __init__(self, md: Markdown, record: Record) -> None:
        super().__init__(md)
        self.record = record

    def run(self, root: etree.Element) -> None:
        """Set `aria-label` on every callout below `root`."""
        for aside in root.iter("aside"):
            title = aside.find("p")
            if title is not None and title.get("class") == "callout__title":
                name = " ".join("".join(title.itertext()).split())
                aside.set("aria-label", self.record.unique_label(name))
