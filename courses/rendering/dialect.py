"""The Markdown dialect: which extensions are on, with which options, and in which order ours run.

The order is by priority, highest first: block text, then placements (22), inline text (20), then structure.
"""

from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.abbr import AbbrExtension
from markdown.extensions.attr_list import AttrListExtension
from markdown.extensions.def_list import DefListExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from pymdownx.saneheaders import SaneHeadersExtension
from pymdownx.superfences import SuperFencesCodeExtension
from pymdownx.tasklist import TasklistExtension
from pymdownx.tilde import DeleteSubExtension

from courses.rendering.callouts import CalloutNameTreeprocessor, CalloutTreeprocessor, QuoteProcessor
from courses.rendering.listings import FenceFormatter, IndentedCodeTreeprocessor
from courses.rendering.mathematics import DISPLAY_INLINE, INLINE, MathBlockProcessor, MathInlineProcessor
from courses.rendering.record import Record
from courses.rendering.structure import FigureTreeprocessor, NotesTreeprocessor, TableTreeprocessor


class CourseExtension(Extension):
    """Registers what is our own in the dialect."""

    def __init__(self, record: Record, *, inline_only: bool) -> None:
        super().__init__()
        self.record = record
        self.inline_only = inline_only

    def extendMarkdown(self, md: Markdown) -> None:
        """Register our processors with `md`."""
        record = self.record
        # Above the escape pattern (180), so that a backslash inside a formula stays LaTeX; below code spans (190).
        md.inlinePatterns.register(MathInlineProcessor(DISPLAY_INLINE, md, record, display=True), "math-display", 186)
        md.inlinePatterns.register(MathInlineProcessor(INLINE, md, record, display=False), "math", 185)
        md.treeprocessors.register(FigureTreeprocessor(md), "figures", 6)
        if self.inline_only:
            for name in ("code", "hashheader", "setextheader", "hr", "olist", "ulist", "quote", "indent"):
                md.parser.blockprocessors.deregister(name)
            return
        md.parser.blockprocessors.register(QuoteProcessor(md.parser), "quote", 20)
        md.parser.blockprocessors.register(MathBlockProcessor(md.parser, record), "math", 82)
        md.treeprocessors.register(CalloutTreeprocessor(md, record), "callouts", 22)
        md.treeprocessors.register(IndentedCodeTreeprocessor(md, record), "indented-code", 21)
        md.treeprocessors.register(CalloutNameTreeprocessor(md, record), "callout-names", 5)
        md.treeprocessors.register(TableTreeprocessor(md, record), "table-regions", 4)
        md.treeprocessors.register(NotesTreeprocessor(md, record), "notes", 3)


class Dialect:
    """One configured Markdown converter; `convert` starts afresh each time."""

    def __init__(self, record: Record, *, notes: bool, inline_only: bool = False) -> None:
        self.inline_only = inline_only
        extensions: list[Any] = [AbbrExtension(), AttrListExtension(), SaneHeadersExtension()]
        extensions.append(DeleteSubExtension(subscript=False))
        if not inline_only:
            fence = FenceFormatter(record)
            everything = {"name": "*", "class": "", "format": fence.format, "validator": fence.validate}
            extensions += [
                TableExtension(use_align_attribute=True),
                DefListExtension(),
                SaneListExtension(),
                TasklistExtension(),
                SuperFencesCodeExtension(custom_fences=[everything]),
            ]
        if notes:
            extensions.append(FootnoteExtension(USE_DEFINITION_ORDER=False, BACKLINK_TEXT="&#8617;&#65038;"))
        extensions.append(CourseExtension(record, inline_only=inline_only))
        self._markdown = Markdown(extensions=extensions, output_format="html")

    def convert(self, text: str) -> str:
        """Return HTML for `text`, not yet sanitised."""
        return self._markdown.reset().convert(text)
