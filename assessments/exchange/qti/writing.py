"""An item becomes a QTI item in the names of QTI 2, which `names` turns into either version."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from assessments.answers import Choices, Cloze, Essay, Matching, Numeric, Ordering, Text
from assessments.exchange.authored.writing import decimal
from assessments.exchange.building import MATCHING_TITLES, plain_answers
from assessments.exchange.faults import Refusal
from assessments.exchange.markup.writing import Render, phrase_html, pictures, with_pictures, xhtml
from assessments.exchange.qti.rules import Rules, points_text
from assessments.exchange.qti.typed import GAP_LABEL
from assessments.exchange.record import Tally
from assessments.model import Case, Item
from assessments.types.cloze import CLOSE, OPEN
from assessments.types.truefalse import WORDS

_MARK = re.compile(f"{OPEN}(\\d{{1,4}}){CLOSE}")
_UNIT = re.compile(r"[^\s\d<>|±+\-−.,;:!?]\S*(?: per \S+)?\Z")
_TEMPLATES = {
    "2": "http://www.imsglobal.org/question/qti_v2p1/rptemplates/{}",
    "3": "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/{}.xml",
}
MEDIA = "../media/"


class Writer:
    """Writes one item. `root` is the element; pictures that it shows are gathered in `shown`."""

    def __init__(self, item: Item, case: Case | None, render: Render, tally: Tally, version: str) -> None:
        self.item, self.case, self.render, self.tally, self.version = item, case, render, tally, version
        self.shown: list[str] = []
        self.root = etree.Element(
            "assessmentItem", identifier=identifier(item.id), title=item.title, adaptive="false", timeDependent="false"
        )
        self.rules = Rules(item.points)

    def written(self) -> Any:
        """Return the element of the item; raises Refusal where QTI has no interaction for it."""
        item = self.item
        if item.type not in _BODIES:
            raise Refusal(f"QTI has no interaction for items of the type {item.type}")
        body = etree.Element("itemBody")
        if self.case is not None:
            self.tally.changed("the text of its case stands before its own")
            self.put(self.case.stem, etree.SubElement(body, "div"))
        if not isinstance(item.answer, Cloze):
            self.put(item.stem, etree.SubElement(body, "div"))
        _BODIES[item.type](self, body)
        self.root.extend(self.rules.declarations)
        self.root.append(_outcome("SCORE", "float", "0"))
        self.root.append(_outcome("MAXSCORE", "float", points_text(item.points)))
        modal = self._explanation()
        self.root.append(body)
        self.root.append(self._processing())
        self.root.extend(modal)
        if re.search(r"^> \[!\w+\]", item.stem, re.MULTILINE):
            self.tally.changed("a callout became a plain quotation")
        return self.root

    def put(self, source: str, parent: Any, *, inline: bool = False) -> None:
        """Put a Markdown text into an element, its pictures under the package's media folder."""
        made = phrase_html(source, self.render) if inline else self.render(source)
        self.shown += pictures(made)
        xhtml(with_pictures(made, MEDIA), parent, inline=inline)

    def _explanation(self) -> list[Any]:
        """Return the explanation as feedback that is shown after every answer."""
        if not self.item.rationale:
            return []
        self.root.append(_outcome("EXPLANATION", "identifier", "all"))
        modal = etree.Element("modalFeedback", outcomeIdentifier="EXPLANATION", identifier="all", showHide="show")
        self.put(self.item.rationale, etree.SubElement(modal, "contentBody") if self.version == "3" else modal)
        return [modal]

    def _processing(self) -> Any:
        if self.rules.template:
            return etree.Element("responseProcessing", template=_TEMPLATES[self.version].format(self.rules.template))
        processing = etree.Element("responseProcessing")
        processing.extend(self.rules.conditions)
        return processing


def identifier(name: str) -> str:
    """Return an id as an identifier of QTI, which begins with a letter or a low line."""
    return name if name[:1].isalpha() else f"_{name}"


def _outcome(name: str, base: str, value: str) -> Any:
    element = etree.Element("outcomeDeclaration", identifier=name, cardinality="single", baseType=base)
    etree.SubElement(etree.SubElement(element, "defaultValue"), "value").text = value
    return element


def _choices(writer: Writer, body: Any) -> None:
    item = writer.item
    assert isinstance(item.answer, Choices)
    options = item.answer.options
    one = item.type != "multiple"
    shuffle = item.shuffle and item.type != "truefalse"
    interaction = etree.SubElement(
        body, "choiceInteraction", responseIdentifier="RESPONSE", shuffle=str(shuffle).lower(),
        maxChoices="1" if one else "0",
    )  # fmt: skip
    if item.type == "truefalse" and {option.text.casefold() for option in options} != WORDS:
        writer.tally.changed("it is an ordinary question with two options there")
    names = [f"choice-{place}" for place in range(1, len(options) + 1)]
    for name, option in zip(names, options, strict=True):
        element = etree.SubElement(interaction, "simpleChoice", identifier=name)
        writer.put(option.text, element, inline="\n" not in option.text)
        if option.feedback:
            inner = etree.SubElement(
                element, "feedbackInline", outcomeIdentifier="FEEDBACK", identifier=name, showHide="show"
            )
            writer.put(option.feedback, inner, inline=True)
            if "\n" in option.feedback:
                writer.tally.changed("paragraphs and lists in feedback became one line")
    if any(option.feedback for option in options):
        cardinality = "single" if one else "multiple"
        writer.rules.feedback = cardinality
        writer.root.append(
            etree.Element("outcomeDeclaration", identifier="FEEDBACK", cardinality=cardinality, baseType="identifier")
        )
    right = [name for name, option in zip(names, options, strict=True) if option.right]
    if one:
        writer.rules.single(right)
    else:
        writer.rules.multiple(names, right, partial=item.partial)


def _order(writer: Writer, body: Any) -> None:
    answer = writer.item.answer
    assert isinstance(answer, Ordering)
    interaction = etree.SubElement(body, "orderInteraction", responseIdentifier="RESPONSE", shuffle="true")
    names = [f"choice-{place}" for place in range(1, len(answer.entries) + 1)]
    # Where nothing shuffles, the order of the file is not the key.
    turned = [*range(1, len(names), 2), *range(0, len(names), 2)]
    for place in turned:
        element = etree.SubElement(interaction, "simpleChoice", identifier=names[place])
        writer.put(answer.entries[place], element, inline="\n" not in answer.entries[place])
    writer.rules.order(names, partial=writer.item.partial)


def _match(writer: Writer, body: Any) -> None:
    answer = writer.item.answer
    assert isinstance(answer, Matching)
    if (answer.left_title, answer.right_title) not in (MATCHING_TITLES, ("", "")):
        writer.tally.changed(f"the titles of its columns are left out: {answer.left_title}, {answer.right_title}")
    interaction = etree.SubElement(
        body, "matchInteraction", responseIdentifier="RESPONSE", shuffle="true", maxAssociations="0"
    )
    left, right = etree.SubElement(interaction, "simpleMatchSet"), etree.SubElement(interaction, "simpleMatchSet")
    for place, prompt in enumerate(answer.prompts, 1):
        element = etree.SubElement(left, "simpleAssociableChoice", identifier=f"prompt-{place}", matchMax="1")
        writer.put(prompt.text, element, inline=True)
    for place, text in enumerate(answer.choices, 1):
        element = etree.SubElement(right, "simpleAssociableChoice", identifier=f"choice-{place}", matchMax="0")
        writer.put(text, element, inline=True)
    pairs = [f"prompt-{place} choice-{prompt.choice + 1}" for place, prompt in enumerate(answer.prompts, 1)]
    writer.rules.pairs(pairs, partial=writer.item.partial)


def _entry(parent: Any, name: str) -> Any:
    return etree.SubElement(parent, "textEntryInteraction", responseIdentifier=name, expectedLength="30")


def _words(writer: Writer, body: Any) -> None:
    answer = writer.item.answer
    assert isinstance(answer, Text)
    found = plain_answers(answer, writer.tally)
    _entry(etree.SubElement(body, "p"), "RESPONSE")
    writer.rules.words(found, case=answer.case_sensitive)


def _numbers(writer: Writer, body: Any) -> None:
    answer = writer.item.answer
    assert isinstance(answer, Numeric)
    spans = []
    for one in answer.ranges:
        low, high = decimal(one.low), decimal(one.high)
        if low is None or high is None:
            raise Refusal(f"its range {one.shown} has no decimal form of twelve places")
        spans.append((low, high))
    entry = _entry(etree.SubElement(body, "p"), "RESPONSE")
    if answer.unit:
        entry.tail = f" {answer.unit}"
        if not _UNIT.match(answer.unit):
            writer.tally.changed("its unit stands in the text behind the answer")
    middle = decimal((answer.ranges[0].low + answer.ranges[0].high) / 2)
    writer.rules.numbers(spans, middle or spans[0][0])


def _gaps(writer: Writer, body: Any) -> None:
    answer = writer.item.answer
    assert isinstance(answer, Cloze)
    if len(answer.gaps) == 1:
        writer.root.set("label", GAP_LABEL)
    holder = etree.SubElement(body, "div")
    writer.put(writer.item.stem, holder)
    for element in list(holder.iter()):
        _open_gaps(element)
    names = [f"RESPONSE-{place}" for place in range(1, len(answer.gaps) + 1)]
    writer.rules.gaps(
        names, [list(gap.answers) for gap in answer.gaps], case=answer.case_sensitive, partial=writer.item.partial
    )


def _open_gaps(element: Any) -> None:
    """Put entries in the place of the marks in an element's own text and in the text behind it."""
    if element.text and OPEN in element.text:
        first, *rest = _MARK.split(element.text)
        element.text = first
        for place, (number, after) in enumerate(zip(rest[::2], rest[1::2], strict=True)):
            entry = etree.Element("textEntryInteraction", responseIdentifier=f"RESPONSE-{number}", expectedLength="30")
            entry.tail = after
            element.insert(place, entry)
    if element.tail and OPEN in element.tail:
        first, *rest = _MARK.split(element.tail)
        element.tail = first
        parent = element.getparent()
        at = parent.index(element) + 1
        for place, (number, after) in enumerate(zip(rest[::2], rest[1::2], strict=True)):
            entry = etree.Element("textEntryInteraction", responseIdentifier=f"RESPONSE-{number}", expectedLength="30")
            entry.tail = after
            parent.insert(at + place, entry)


def _essay(writer: Writer, body: Any) -> None:
    answer = writer.item.answer
    assert isinstance(answer, Essay)
    etree.SubElement(body, "extendedTextInteraction", responseIdentifier="RESPONSE")
    rows = [("Criterion", "Points", *answer.headings)]
    rows += [(one.title, points_text(one.points), *one.descriptors) for one in answer.criteria]
    rubric = etree.SubElement(body, "rubricBlock", view="scorer")
    holder = etree.SubElement(rubric, "contentBody") if writer.version == "3" else rubric
    table = etree.SubElement(holder, "table")
    for place, row in enumerate(rows):
        line = etree.SubElement(etree.SubElement(table, "tbody" if place else "thead"), "tr")
        for text in row:
            writer.put(text, etree.SubElement(line, "td" if place else "th"), inline=True)
    writer.tally.changed("its rubric is a table for those who mark, and points are given as one number")
    writer.rules.essay()


_BODIES: Mapping[str, Callable[[Writer, Any], None]] = {
    "single": _choices,
    "multiple": _choices,
    "truefalse": _choices,
    "ordering": _order,
    "matching": _match,
    "text": _words,
    "numeric": _numbers,
    "cloze": _gaps,
    "essay": _essay,
}
