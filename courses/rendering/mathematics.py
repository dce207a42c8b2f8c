"""LaTeX between dollar signs becomes MathML.

`$` opens only at a start, after space or `(`, and closes only after a non-space and before a non-digit, so that
US$5–$10 stays money. `$$…$$` is a formula of its own.
"""

import html
import re
import xml.etree.ElementTree as etree

from latex2mathml.converter import Converter
from markdown import Markdown
from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor
from markdown.inlinepatterns import InlineProcessor

from courses.rendering.record import Record

INLINE = r"(?:(?<=[\s(])|(?<![\s\S]))\$(?![\s$])((?:\\.|[^\\$\x02\x03])+?)(?<!\s)\$(?![\d$])"
DISPLAY_INLINE = r"(?<!\\)\$\$(?!\$)((?:\\.|[^\\$\x02\x03])+?)\$\$(?!\$)"
LONGEST = 2_000
# These reach outside the formula (links, styles) or grow without bound (macros).
_REFUSED = re.compile(
    r"\\(?:newcommand|renewcommand|providecommand|def|let|href|style|class|require|includegraphics)(?![A-Za-z])"
)


class UnreadableMath(ValueError):
    """The LaTeX cannot be read; the message says why in words for an author."""


def to_mathml(latex: str, *, display: bool) -> str:
    """Return MathML for `latex`, its source as `alttext`. Raises `UnreadableMath`."""
    source = " ".join(latex.split())
    if len(source) > LONGEST:
        raise UnreadableMath(f"longer than {LONGEST} characters")
    refused = _REFUSED.search(source)
    if refused:
        raise UnreadableMath(f"{refused[0]} is not supported")
    mode = "block" if display else "inline"
    try:
        math = Converter(display=mode).convert_to_element(source)
    except RecursionError:
        raise UnreadableMath("nested too deeply") from None
    # The converter raises its own family of errors and, on odd input, plain IndexError and KeyError.
    except Exception as fault:
        raise UnreadableMath(_in_words(fault)) from fault
    attributes = math.attrib
    attributes.clear()
    if display:
        attributes["display"] = "block"
    attributes["alttext"] = source
    for element in math.iter():
        # The converter writes character references as text and leaves them to a later unescaping of the whole
        # output, which would let `\text{<script>}` through; here each text is unescaped and then escaped again.
        element.text = html.unescape(element.text) if element.text else None
        element.tail = html.unescape(element.tail) if element.tail else None
        unknown = (element.text or "").strip()
        if element.tag == "mi" and re.fullmatch(r"\\[A-Za-z]+", unknown):
            raise UnreadableMath(f"{unknown} is not a known command")
    return etree.tostring(math, encoding="unicode", short_empty_elements=False)


def _in_words(fault: Exception) -> str:
    name = type(fault).__name__.removesuffix("Error")
    words = " ".join(re.findall(r"[A-Z][a-z]+", name)).lower()
    return words if words and "index" not in words and "key" not in words else "incomplete formula"


def formula(latex: str, record: Record, *, display: bool) -> str:
    """Return MathML, or the source as code with a fault noted in `record`."""
    try:
        return to_mathml(latex, display=display)
    except UnreadableMath as fault:
        first = latex.strip().split("\n")[0]
        record.problem("error", f"math cannot be read: {fault}", first, "$")
        return f"<code>{html.escape(latex.strip())}</code>"


class MathInlineProcessor(InlineProcessor):
    """Formulas inside running text."""

    def __init__(self, pattern: str, md: Markdown, record: Record, *, display: bool) -> None:
        super().__init__(pattern, md)
        self.record = record
        self.display = display

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[str, int, int]:
        """Stash the formula and leave its placeholder."""
        return self.md.htmlStash.store(formula(m[1], self.record, display=self.display)), m.start(0), m.end(0)


class MathBlockProcessor(BlockProcessor):
    """`$$` at the start of a line, to the closing `$$` at the end of one, blank lines between allowed."""

    OPENING = re.compile(r"(?:^|\n) {0,3}\$\$(?!\$)")
    CLOSING = re.compile(r"(?<!\\)\$\$[ \t]*(?:\n|$)")

    def __init__(self, parser: BlockParser, record: Record) -> None:
        super().__init__(parser)
        self.record = record

    def test(self, parent: etree.Element, block: str) -> bool:
        """Whether a formula opens in this block."""
        return self.OPENING.search(block) is not None

    def run(self, parent: etree.Element, blocks: list[str]) -> bool:
        """Take the formula out of as many blocks as it spans; give it back untouched where it never closes."""
        opening = self.OPENING.search(blocks[0])
        assert opening is not None
        before, text = blocks[0][: opening.start()], blocks[0][opening.end() :]
        used = 1
        closing = self.CLOSING.search(text)
        while closing is None and used < len(blocks):
            text += "\n\n" + blocks[used]
            used += 1
            closing = self.CLOSING.search(text)
        if closing is None or not text[: closing.start()].strip() or "$$" in text[: closing.start()]:
            return False
        del blocks[:used]
        if before.strip():
            self.parser.parseBlocks(parent, [before])
        paragraph = etree.SubElement(parent, "p")
        paragraph.text = self.parser.md.htmlStash.store(formula(text[: closing.start()], self.record, display=True))
        rest = text[closing.end() :]
        if rest.strip():
            blocks.insert(0, rest)
        return True
