"""Tables, figures, task lists and notes in the accessible shape that the style sheet and screen readers expect.

Works on the tree that Markdown built, after inline text is known and before it becomes HTML.
"""

import posixpath
import re
import xml.etree.ElementTree as etree
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from courses.rendering.record import Record

VIDEO = frozenset({".mp4", ".webm"})
AUDIO = frozenset({".mp3", ".m4a", ".ogg", ".wav"})
LONGEST_REGION_NAME = 120
# The Markdown library keeps finished pieces out of the tree behind marks of this shape.
_PLACEHOLDER = re.compile("\x02[^\x03]*\x03")


def text_of(element: etree.Element) -> str:
    """Return the text inside `element` with single spaces, placeholders of the Markdown library left out."""
    return " ".join(_PLACEHOLDER.sub("", "".join(element.itertext())).split())


def _is_blank(element: etree.Element) -> bool:
    """Whether there is nothing in `element`, not even a formula that still waits behind its placeholder."""
    return not len(element) and not (element.text or "").strip()


class TableTreeprocessor(Treeprocessor):
    """Gives tables their class, header scopes, alignment classes, caption and scroll region."""

    def __init__(self, md: Markdown, record: Record) -> None:
        super().__init__(md)
        self.record = record

    def run(self, root: etree.Element) -> None:
        """Wrap every table below `root`."""
        for parent in list(root.iter()):
            for index, child in enumerate(list(parent)):
                if child.tag == "table":
                    self._wrap(parent, index, child)

    def _wrap(self, parent: etree.Element, index: int, table: etree.Element) -> None:
        table.set("class", " ".join(["table", *table.get("class", "").split()]))
        headers = [text_of(cell) for cell in table.iterfind("thead/tr/th")]
        for cell in list(table.iter("th")) + list(table.iter("td")):
            if cell.get("align") == "right":
                cell.set("class", " ".join(["n", *cell.get("class", "").split()]))
        for cell in table.iterfind("thead/tr/th"):
            # A header cell without words is no header; as such it would only puzzle a screen reader.
            if _is_blank(cell):
                cell.tag = "td"
            else:
                cell.set("scope", "col")
        self._scope_rows(table)
        region = etree.Element("div", {"class": "scroll", "tabindex": "0", "role": "region"})
        region.tail, table.tail = table.tail, None
        name = ", ".join(header for header in headers if header)[:LONGEST_REGION_NAME]
        label = f"{self.record.labels.table}: {name}" if name else self.record.labels.table
        region.set("aria-label", self.record.unique_label(label))
        parent.remove(table)
        region.append(table)
        parent.insert(index, region)

    @staticmethod
    def _scope_rows(table: etree.Element) -> None:
        """Make the first column row headers where its header is empty or each of its cells is bold throughout."""
        rows = [row for row in table.iterfind("tbody/tr") if len(row) > 1]
        corner = table.find("thead/tr/*")
        if not rows or corner is None or any(_is_blank(row[0]) for row in rows):
            return
        if _is_blank(corner) or all(_is_bold(row[0]) for row in rows):
            for row in rows:
                row[0].tag = "th"
                row[0].set("scope", "row")


def _is_bold(cell: etree.Element) -> bool:
    """Whether a cell holds nothing but bold words."""
    return len(cell) == 1 and cell[0].tag == "strong" and not (cell.text or "").strip() and not (cell[0].tail or "")


class FigureTreeprocessor(Treeprocessor):
    """An image alone in its paragraph and with a title becomes a figure; recordings become players."""

    def run(self, root: etree.Element) -> None:
        """Convert the images below `root`."""
        for image in list(root.iter("img")):
            kind = recording_kind(image.get("src", ""))
            if kind:
                _to_player(image, kind)
        for paragraph in list(root.iter("p")):
            self._to_figure(paragraph)

    @staticmethod
    def _to_figure(paragraph: etree.Element) -> None:
        if len(paragraph) != 1 or (paragraph.text or "").strip() or (paragraph[0].tail or "").strip():
            return
        content = paragraph[0]
        if content.tag not in ("img", "video", "audio") or not content.get("title"):
            return
        caption = etree.Element("figcaption")
        caption.text = content.attrib.pop("title")
        content.tail = "\n"
        paragraph.text = "\n"
        paragraph.tag = "figure"
        paragraph.set("class", " ".join(["figure", *paragraph.get("class", "").split()]))
        paragraph.append(caption)


def recording_kind(address: str) -> str:
    """Return `video`, `audio` or nothing for an address, by the ending of its path."""
    ending = posixpath.splitext(unquote(urlsplit(address).path if "//" not in address else address))[1].lower()
    return "video" if ending in VIDEO else "audio" if ending in AUDIO else ""


def _to_player(image: etree.Element, kind: str) -> None:
    image.tag = kind
    name = image.attrib.pop("alt", "")
    if name:
        image.set("aria-label", name)
    image.set("controls", "controls")
    image.set("preload", "metadata")


class NotesTreeprocessor(Treeprocessor):
    """Turns the footnote block into a named section with links back that say where they lead.

    A note that nothing refers to is left out: it would have a number that the text never shows.
    """

    def __init__(self, md: Markdown, record: Record) -> None:
        super().__init__(md)
        self.record = record

    def run(self, root: etree.Element) -> None:
        """Convert the footnote block below `root`, if there is one."""
        references = {mark.get("id", "") for mark in root.iter("sup")}
        for parent, block in [(element, child) for element in root.iter() for child in element]:
            if block.tag != "div" or block.get("class") != "footnote":
                continue
            if not _keep_used(block, references):
                parent.remove(block)
                continue
            block.tag = "section"
            block.set("class", "footnotes")
            block.set("role", "doc-endnotes")
            block.set("aria-label", self.record.unique_label(self.record.labels.notes))
            for rule in block.findall("hr"):
                block.remove(rule)
            for number, back in _links_back(block):
                back.attrib.pop("title", None)
                back.set("role", "doc-backlink")
                back.set("aria-label", self.record.labels.back.format(number))
        for reference in root.iter("a"):
            if reference.get("class") == "footnote-ref":
                reference.set("role", "doc-noteref")


def _keep_used(block: etree.Element, references: set[str]) -> bool:
    """Take the notes out that nothing refers to; returns whether any note is left."""
    entries = block.find("ol")
    if entries is None:
        return False
    for note in list(entries):
        if note.get("id", "").replace("fn:", "fnref:", 1) not in references:
            entries.remove(note)
    return len(entries) > 0


def _links_back(block: etree.Element) -> Iterator[tuple[str, etree.Element]]:
    for number, note in enumerate(block.iterfind("ol/li"), start=1):
        links = [link for link in note.iter("a") if link.get("class") == "footnote-backref"]
        for turn, link in enumerate(links):
            yield (str(number) if turn == 0 else f"{number}.{turn + 1}"), link
