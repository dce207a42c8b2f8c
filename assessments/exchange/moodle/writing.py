"""A bank becomes a Moodle XML file: one question element an item, descriptions for cases, pictures inside."""

import base64
import posixpath
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from assessments.answers import Choices, Cloze, Essay, Gap, Matching, Numeric, Ordering, Text
from assessments.exchange.authored.writing import decimal
from assessments.exchange.building import MATCHING_TITLES, percent, plain_answers
from assessments.exchange.faults import Refusal
from assessments.exchange.markup.writing import phrase_html, pictures, with_pictures
from assessments.exchange.naming import traits_as_tags
from assessments.exchange.outgoing import Outgoing, Written, each_item
from assessments.exchange.record import Tally
from assessments.model import Case, Item
from assessments.types.cloze import CLOSE, OPEN
from assessments.types.truefalse import WORDS

_MARK = re.compile(f"{OPEN}(\\d{{1,4}}){CLOSE}")
# The shares that Moodle knows, in per cent; others are refused or moved by its import.
_KNOWN = (
    100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571, 12.5, 11.11111, 10,
    5,
)  # fmt: skip
_DOT_STAR = re.compile(r"(?:[^.\\+*?()|\[\]{}^$]|\\[.\\+*?()|\[\]{}^$]|\.\*)*\Z")


def write_quiz(outgoing: Outgoing) -> Written:
    """Return the file and what became of each item."""
    writer = _Writer(outgoing)
    elements, outcomes = each_item(outgoing.bank.items, writer.question)
    root = etree.Element("quiz")
    done: set[str] = set()
    written = {one.id for one in outcomes if one.status != "refused"}
    shown = [item for item in outgoing.bank.items if item.id in written]
    for item, element in zip(shown, elements, strict=True):
        if item.case_id is not None and item.case_id in writer.cases and item.case_id not in done:
            done.add(item.case_id)
            root.append(writer.description(writer.cases[item.case_id]))
        root.append(element)
    etree.indent(root)
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return Written(data + b"\n", ".xml", outcomes)


class _Writer:
    """Writes question elements; holds what they share."""

    def __init__(self, outgoing: Outgoing) -> None:
        self.outgoing = outgoing
        self.cases = {one.id: one for one in outgoing.bank.cases}

    def question(self, item: Item, tally: Tally) -> Any:
        """Return the element of an item; raises Refusal where Moodle has no type for it."""
        if item.type not in _TYPES:
            raise Refusal(f"Moodle has no question type for items of the type {item.type}")
        kind, fill = _TYPES[item.type]
        element = etree.Element("question", type=kind)
        _leaf(element, "name", item.title or item.id)
        if not item.title:
            tally.changed("it has no title and takes its id as one")
        question = _Question(self, item, element, tally)
        question.text("questiontext", item.stem)
        question.text("generalfeedback", item.rationale or "")
        _plain(element, "defaultgrade", decimal(item.points, 7) or f"{float(item.points):.7f}")
        _plain(element, "penalty", "0")
        _plain(element, "hidden", "0")
        _plain(element, "idnumber", item.id)
        fill(question)
        case = item.case_id if item.case_id in self.cases else None
        self._tags(element, traits_as_tags(item, case))
        return element

    def description(self, case: Case) -> Any:
        """Return the element that shows a vignette."""
        element = etree.Element("question", type="description")
        _leaf(element, "name", case.title or case.id)
        nobody = Item(case.id, "", "", "", None, None, Fraction(1), (), True, True, None, None, Choices(()), "", 0)
        _Question(self, nobody, element, Tally()).text("questiontext", case.stem)
        _plain(element, "defaultgrade", "0")
        _plain(element, "idnumber", case.id)
        self._tags(element, [f"case:{case.id}"])
        return element

    @staticmethod
    def _tags(element: Any, tags: list[str]) -> None:
        if tags:
            holder = etree.SubElement(element, "tags")
            for tag in tags:
                _leaf(holder, "tag", tag)


class _Question:
    """One element on its way out."""

    def __init__(self, writer: _Writer, item: Item, element: Any, tally: Tally) -> None:
        self.writer, self.item, self.element, self.tally = writer, item, element, tally

    def text(self, name: str, source: str, *, parent: Any = None, phrase: bool = False) -> Any:
        """Add a child that holds a text as HTML, and the pictures in it."""
        holder = etree.SubElement(self.element if parent is None else parent, name, format="html")
        self.fill(holder, source, phrase=phrase)
        return holder

    def fill(self, holder: Any, source: str, *, phrase: bool = False) -> None:
        """Put a text as HTML into an element, and the pictures in it."""
        render = self.writer.outgoing.render
        made = phrase_html(source, render) if phrase else render(source)
        if re.search(r"^> \[!\w+\]", source, re.MULTILINE):
            self.tally.changed("a callout became a plain quotation")
        inner = etree.SubElement(holder, "text")
        inner.text = etree.CDATA(with_pictures(made, "@@PLUGINFILE@@/").replace("]]>", "]]&gt;")) if made else None
        for path in dict.fromkeys(pictures(made)):
            data = self.writer.outgoing.media.get(path)
            if data is None:
                self.tally.changed(f"the picture {path} is missing and could not be taken along")
                continue
            name = path.removeprefix("media/")
            folder = posixpath.dirname(name)
            file = etree.SubElement(holder, "file", name=posixpath.basename(name), encoding="base64")
            file.set("path", f"/{folder}/" if folder else "/")
            file.text = base64.b64encode(data).decode("ascii")

    def answer(self, share: Fraction, words: str, feedback: str | None = None, **attributes: str) -> Any:
        """Add an answer of plain words."""
        element = etree.SubElement(self.element, "answer", fraction=_percent(share), **attributes)
        etree.SubElement(element, "text").text = words
        if feedback:
            self.text("feedback", feedback, parent=element)
        return element


def _leaf(parent: Any, name: str, words: str) -> None:
    etree.SubElement(etree.SubElement(parent, name), "text").text = words


def _plain(parent: Any, name: str, words: str) -> None:
    etree.SubElement(parent, name).text = words


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.5f}".rstrip("0").rstrip(".")


def _choice(question: _Question) -> None:
    item, element = question.item, question.element
    assert isinstance(item.answer, Choices)
    single = item.type == "single"
    _plain(element, "single", "true" if single else "false")
    _plain(element, "shuffleanswers", "true" if item.shuffle else "false")
    _plain(element, "answernumbering", "abc")
    right = sum(one.right for one in item.answer.options)
    share = Fraction(1, right) if right else Fraction(0)
    if not single:
        nearest = min(_KNOWN, key=lambda one: abs(one - float(share) * 100))
        if abs(nearest - float(share) * 100) > 0.001:
            question.tally.changed(f"Moodle knows no share of {percent(share)}; each right option earns {nearest:g} %")
            share = Fraction(str(nearest)) / 100
        if not item.partial:
            question.tally.changed("partial marks are given there, where here only the whole answer earned")
    for one in item.answer.options:
        wrong = Fraction(0) if single else -share
        answer = etree.SubElement(element, "answer", fraction=_percent(share if one.right else wrong), format="html")
        question.fill(answer, one.text)
        if one.feedback:
            question.text("feedback", one.feedback, parent=answer)


def _truth(question: _Question) -> None:
    assert isinstance(question.item.answer, Choices)
    first, second = question.item.answer.options
    words = [one.text.casefold() for one in (first, second)]
    if set(words) != WORDS:
        question.tally.changed(f"its options “{first.text}” and “{second.text}” became true and false")
    elif words[0] == "false":
        question.tally.changed("true comes before false there")
        first, second = second, first
    for one, name in ((first, "true"), (second, "false")):
        question.answer(Fraction(int(one.right)), name, one.feedback, format="moodle_auto_format")


def _words(question: _Question) -> None:
    answer = question.item.answer
    assert isinstance(answer, Text)
    _plain(question.element, "usecase", "1" if answer.case_sensitive else "0")
    # Words and .* are just what Moodle's stars say; any other pattern is spelled out where that has an end.
    stars = [one for one in answer.alternatives if one.pattern and ".*" in one.text and _DOT_STAR.match(one.text)]
    others = Text(tuple(one for one in answer.alternatives if one not in stars), answer.case_sensitive)
    for text in plain_answers(others, question.tally):
        question.answer(Fraction(1), text.replace("*", "\\*"))
    for one in stars:
        question.answer(Fraction(1), re.sub(r"\.\*|\\(.)|\*", lambda found: _unescaped(found[0]), one.text))


def _unescaped(piece: str) -> str:
    if piece == ".*":
        return "*"
    return "\\*" if piece in ("\\*", "*") else piece[1:]


def _numbers(question: _Question) -> None:
    answer = question.item.answer
    assert isinstance(answer, Numeric)
    for one in answer.ranges:
        middle, width = (one.low + one.high) / 2, (one.high - one.low) / 2
        value, tolerance = decimal(middle), decimal(width)
        if value is None or tolerance is None:
            raise Refusal(f"its range {one.shown} has no decimal form of twelve places")
        if ".." in one.shown or "%" in one.shown:
            question.tally.changed(f"the range {one.shown} became {value} ± {tolerance}")
        element = question.answer(Fraction(1), value)
        _plain(element, "tolerance", tolerance)
    _plain(question.element, "unitgradingtype", "0")
    _plain(question.element, "unitpenalty", "0")
    _plain(question.element, "showunits", "3")
    _plain(question.element, "unitsleft", "0")
    if answer.unit:
        question.tally.changed("Moodle shows no unit beside a field: it is kept as the unit of the question")
        unit = etree.SubElement(etree.SubElement(question.element, "units"), "unit")
        _plain(unit, "multiplier", "1")
        _plain(unit, "unit_name", answer.unit)


def _pairs(question: _Question) -> None:
    answer = question.item.answer
    assert isinstance(answer, Matching)
    _plain(question.element, "shuffleanswers", "true")
    if (answer.left_title, answer.right_title) not in (MATCHING_TITLES, ("", "")):
        question.tally.changed(f"the titles of its columns are left out: {answer.left_title}, {answer.right_title}")
    _whole_only(question)
    used = {one.choice for one in answer.prompts}
    rows = [(one.text, answer.choices[one.choice]) for one in answer.prompts]
    rows += [("", text) for place, text in enumerate(answer.choices) if place not in used]
    for left, right in rows:
        element = question.text("subquestion", left, phrase=True)
        made = phrase_html(right, question.writer.outgoing.render)
        if re.search(r"<(?!/?(?:br)\b)\w", made):
            question.tally.changed("the answers of a matching question are shown there as plain words or as their HTML")
        etree.SubElement(etree.SubElement(element, "answer"), "text").text = made


def _whole_only(question: _Question) -> None:
    if not question.item.partial:
        question.tally.changed("partial marks are given there, where here only the whole answer earned")


def _entries(question: _Question) -> None:
    assert isinstance(question.item.answer, Ordering)
    _plain(question.element, "layouttype", "VERTICAL")
    _plain(question.element, "selecttype", "ALL")
    _plain(question.element, "selectcount", "0")
    _plain(question.element, "gradingtype", "ABSOLUTE_POSITION" if question.item.partial else "ALL_OR_NOTHING")
    _plain(question.element, "showgrading", "SHOW")
    for place, one in enumerate(question.item.answer.entries, 1):
        element = etree.SubElement(question.element, "answer", fraction=f"{place}", format="html")
        question.fill(element, one)


def _essay(question: _Question) -> None:
    answer = question.item.answer
    assert isinstance(answer, Essay)
    _plain(question.element, "responseformat", "plain")
    _plain(question.element, "responserequired", "1")
    _plain(question.element, "attachments", "0")
    render = question.writer.outgoing.render
    rows = [("Criterion", "Points", *answer.headings)]
    rows += [(one.title, f"{float(one.points):g}", *one.descriptors) for one in answer.criteria]
    lines = [f"| {' | '.join(one.replace('|', chr(92) + '|') for one in row)} |" for row in rows]
    table = "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])
    holder = etree.SubElement(question.element, "graderinfo", format="html")
    etree.SubElement(holder, "text").text = etree.CDATA(render(table))
    question.tally.changed("its rubric is a table for those who mark, and points are given as one number")


def _gaps(question: _Question) -> None:
    answer = question.item.answer
    assert isinstance(answer, Cloze)
    _whole_only(question)
    kind = "SHORTANSWER_C" if answer.case_sensitive else "SHORTANSWER"
    inner = question.element.find("questiontext/text")
    made = _MARK.sub(lambda found: _embedded(answer.gaps[int(found[1]) - 1], kind), inner.text or "")
    inner.text = etree.CDATA(made)
    grade = question.element.find("defaultgrade")
    if question.item.points != len(answer.gaps):
        question.tally.changed(f"each gap is worth 1 there, so the whole is worth {len(answer.gaps)}")
        grade.text = str(len(answer.gaps))


def _embedded(gap: Gap, kind: str) -> str:
    answers = "~".join("=" + _escaped(one) for one in gap.answers)
    return f"{{1:{kind}:{answers}}}"


def _escaped(text: str) -> str:
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if "*" in plain:
        raise Refusal(f"the gap's answer {text!r} holds a star, which Moodle reads as a wildcard")
    return re.sub(r"[}~#/\"\\]", lambda found: "\\" + found[0], plain)


_TYPES: Mapping[str, tuple[str, Callable[[_Question], None]]] = {
    "single": ("multichoice", _choice),
    "multiple": ("multichoice", _choice),
    "truefalse": ("truefalse", _truth),
    "text": ("shortanswer", _words),
    "numeric": ("numerical", _numbers),
    "matching": ("matching", _pairs),
    "ordering": ("ordering", _entries),
    "essay": ("essay", _essay),
    "cloze": ("cloze", _gaps),
}
