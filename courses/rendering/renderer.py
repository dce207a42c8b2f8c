"""The renderer: one Markdown text in, safe accessible HTML and everything worth saying about it out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.model import Fault
from courses.rendering.dialect import Dialect
from courses.rendering.headings import Heading, anchored
from courses.rendering.labels import labels_for
from courses.rendering.listings import tame_fences
from courses.rendering.record import Record
from courses.rendering.sanitising import RESERVED_IDS, clean, removals
from courses.rendering.shelf import BareShelf, Shelf
from courses.rendering.source import Source
from courses.rendering.targets import Reference, TargetWriter

_DISPLAY_MATH = re.compile(r'<p>(<math [^>]*?display="block"[^>]*>(?:(?!</math>).)*</math>)</p>', re.DOTALL)
_LONE_PARAGRAPH = re.compile(r"\s*<p>((?:(?!</?p[ >]).)*)</p>\s*\Z", re.DOTALL)
_TOP_HEADING = re.compile(r"(</?)h1(?=[ >])")
MOST_REMOVALS_NAMED = 25


@dataclass(frozen=True)
class PlacedReference:
    """A reference to an anchor and where it is written, to be checked once all pages are known."""

    reference: Reference
    line: int
    column: int


@dataclass(frozen=True)
class Rendered:
    """One finished text.

    `html` is sanitised; `ids` are all anchors of it, `outline` its headings, `checks` and `cases` the placements in
    order, `words` the count of words outside code and formulas, `prose` those words as plain text.
    """

    html: str
    outline: tuple[Heading, ...]
    ids: frozenset[str]
    checks: tuple[str, ...]
    cases: tuple[str, ...]
    references: tuple[PlacedReference, ...]
    words: int
    images: int
    prose: str
    faults: tuple[Fault, ...]


class Renderer:
    """Renders the texts of one course. Not for use by two threads at once."""

    def __init__(self, shelf: Shelf | None = None, language: str = "en") -> None:
        self._shelf: Shelf = shelf or BareShelf()
        self._record = Record()
        self._record.labels = labels_for(language)
        self._page = Dialect(self._record, notes=True)
        self._block = Dialect(self._record, notes=False)
        self._inline = Dialect(self._record, notes=False, inline_only=True)

    def page(self, text: str, source: Source, prefix: str = "") -> Rendered:
        """Render a page of its own: headings have anchors, notes are allowed.

        `prefix` stands before the ids made from headings, for a text that shares its page with other sections.
        """
        return self._render(self._page, text, source, page=True, prefix=prefix)

    def block(self, text: str, source: Source) -> Rendered:
        """Render a passage that stands inside a page, without ids of its own, as an item's stem does."""
        return self._render(self._block, text, source, page=False)

    def inline(self, text: str, source: Source) -> Rendered:
        """Render running text without any block around it, as an option does."""
        return self._render(self._inline, text, source, page=False)

    def _render(self, dialect: Dialect, text: str, source: Source, *, page: bool, prefix: str = "") -> Rendered:
        record = self._record
        record.begin(text)
        try:
            raw = dialect.convert(tame_fences(text, record))
        except RecursionError:
            record.problem("error", "the text is nested too deeply to be read")
            raw = ""
        raw = _TOP_HEADING.sub(r"\1h2", raw)
        safe = clean(raw, ids=page)
        self._name_removals(raw, safe, page=page)
        safe = _DISPLAY_MATH.sub(r"\1", safe)
        outline: tuple[Heading, ...] = ()
        if page:
            safe, outline = anchored(safe, prefix)
        writer = TargetWriter(self._shelf, record, source.folder)
        writer.feed(safe)
        writer.close()
        html = record.restore(writer.html).strip()
        if dialect.inline_only:
            lone = _LONE_PARAGRAPH.match(html)
            html = lone[1] if lone else html
        references = _placed(writer.references, source)
        faults = [source.fault(severity, message, *needles) for severity, message, needles in record.problems]
        faults += _broken_anchors(references, writer.ids, source)
        return Rendered(
            html=html,
            outline=outline,
            ids=frozenset(writer.ids),
            checks=tuple(record.checks),
            cases=tuple(record.cases),
            references=tuple(placed for placed in references if placed.reference.page),
            words=writer.words,
            images=writer.images,
            prose="".join(writer.prose),
            faults=tuple(faults),
        )

    def _name_removals(self, raw: str, safe: str, *, page: bool) -> None:
        for one in removals(raw, safe, ids=page)[:MOST_REMOVALS_NAMED]:
            if one.attribute in ("href", "src"):
                shown = one.value[:60]
                message = f"removed the address “{shown}”: expected a path in the course, https: or mailto:"
                self._record.problem(
                    "warning", message, f"]({one.value}", one.value, f"{one.attribute}=", f"<{one.tag}"
                )
            elif one.attribute:
                reason = ": the page around uses this name" if one.attribute == "id" else ""
                message = f"removed the attribute {one.attribute} of <{one.tag}>{reason}"
                self._record.problem("warning", message, f"{one.attribute}=", f"#{one.value}", f"<{one.tag}")
            else:
                shown = "a declaration" if one.tag in "?!" else f"<{one.tag}>"
                message = f"removed {shown}, which a lesson may not contain; write &lt; to show a “<”"
                self._record.problem("warning", message, f"<{one.tag}")


def _placed(references: Sequence[Reference], source: Source) -> list[PlacedReference]:
    return [PlacedReference(one, *source.find(f"]({one.written}", one.written)) for one in references]


def _broken_anchors(placed: Sequence[PlacedReference], ids: set[str], source: Source) -> list[Fault]:
    """Return a fault for each link to an anchor that its own page does not have."""
    return [
        Fault(
            source.path, one.line, one.column, "error",
            f"a link leads to “#{one.reference.anchor}”, but no heading of this page has that id",
        )
        for one in placed
        if not one.reference.page and one.reference.anchor not in ids - RESERVED_IDS
    ]  # fmt: skip
