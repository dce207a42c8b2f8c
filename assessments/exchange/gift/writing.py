"""Items become GIFT questions; what GIFT has no place for is named."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction

from assessments.answers import Choices, Cloze, Essay, Matching, Numeric, Text
from assessments.exchange.authored.writing import decimal
from assessments.exchange.building import MATCHING_TITLES, plain_answers
from assessments.exchange.faults import Refusal
from assessments.exchange.gift.blocks import escaped
from assessments.exchange.markup.writing import Render, phrase_html, pictures
from assessments.exchange.naming import traits_as_tags
from assessments.exchange.outgoing import Outgoing, Written, each_item
from assessments.exchange.record import Tally
from assessments.model import Case, Item
from assessments.types.cloze import CLOSE, OPEN
from assessments.types.truefalse import WORDS

_MARK = re.compile(f"{OPEN}(\\d{{1,4}}){CLOSE}")
_SHARE_LIKE = re.compile(r"\s*%-?\d")


def write_gift(outgoing: Outgoing) -> Written:
    """Return the file and what became of each item."""
    cases = {one.id: one for one in outgoing.bank.cases}
    pieces, outcomes = each_item(
        outgoing.bank.items,
        lambda item, tally: _Question(item, cases.get(item.case_id or ""), outgoing.render, tally).written(),
    )
    return Written("\n\n".join(pieces).encode("utf-8") + b"\n", ".gift", outcomes)


class _Question:
    """One item on its way out."""

    def __init__(self, item: Item, case: Case | None, render: Render, tally: Tally) -> None:
        self.item, self.case, self.render, self.tally = item, case, render, tally

    def written(self) -> str:
        item = self.item
        if item.type not in _ANSWERS:
            raise Refusal(f"GIFT has no form for items of the type {item.type}")
        answers = _ANSWERS[item.type](self)
        self._left_out()
        marks = [f"[id:{item.id}]"]
        marks += [f"[tag:{one}]" for one in traits_as_tags(item)]
        general = f"####{self.html(item.rationale)}" if item.rationale else ""
        stem = self.html(item.stem)
        if self.case is not None:
            self.tally.changed("the text of its case stands before its own, as GIFT has no cases")
            stem = self.html(self.case.stem) + stem
        head = f"// {' '.join(marks)}\n::{escaped(item.title)}::[html]"
        if isinstance(item.answer, Cloze):
            before, after = _MARK.split(stem)[::2]
            return f"{head}{before}{{{answers}{general}}}{after}"
        unit = f" {escaped(item.answer.unit)}" if isinstance(item.answer, Numeric) and item.answer.unit else ""
        return f"{head}{stem}{{{answers}{general}}}{unit}"

    def html(self, source: str, *, phrase: bool = False) -> str:
        """Return a text as GIFT carries it: HTML on one line."""
        made = phrase_html(source, self.render) if phrase else self.render(source).strip()
        for path in pictures(made):
            self.tally.changed(f"GIFT carries no files: the picture {path} is left behind")
        if re.search(r"^> \[!\w+\]", source, re.MULTILINE):
            self.tally.changed("a callout became a plain quotation")
        return escaped(made)

    def _left_out(self) -> None:
        item, changed = self.item, self.tally.changed
        if not item.title:
            changed("it has no title, and other systems take its first words as one")
        if item.points != 1:
            changed(f"GIFT has no points: its {float(item.points):g} are left out")
        if not item.shuffle and item.type in ("single", "multiple"):
            changed("GIFT cannot say that options keep their order")
        if not item.partial and item.type in ("multiple", "matching"):
            changed("partial marks are given there, where here only the whole answer earned")
        if isinstance(item.answer, Text | Cloze) and item.answer.case_sensitive:
            changed("GIFT cannot say that capital letters matter")

    def option(self, mark: str, share: Fraction | None, text: str, feedback: str | None) -> str:
        """Return one answer with its share and feedback; `text` is ready."""
        given = f"%{float(share * 100):.5f}".rstrip("0").rstrip(".") + "%" if share is not None else ""
        if not given and _SHARE_LIKE.match(text):
            given = "%100%" if mark == "=" else "%0%"
        said = f"#{self.html(feedback)}" if feedback else ""
        return f"{mark}{given}{text}{said}"


def _choices(question: _Question) -> str:
    answer = question.item.answer
    assert isinstance(answer, Choices)
    if question.item.type == "single":
        rows = [
            question.option("=" if one.right else "~", None, question.html(one.text), one.feedback)
            for one in answer.options
        ]
    else:
        share = Fraction(1, max(1, sum(one.right for one in answer.options)))
        rows = [
            question.option("~", share if one.right else -share, question.html(one.text), one.feedback)
            for one in answer.options
        ]
    return "\n" + "\n".join(rows) + "\n"


def _truth(question: _Question) -> str:
    assert isinstance(question.item.answer, Choices)
    first, second = question.item.answer.options
    words = [one.text.casefold() for one in (first, second)]
    if set(words) != WORDS:
        question.tally.changed(f"its options “{first.text}” and “{second.text}” became true and false")
    elif words[0] == "false":
        question.tally.changed("true comes before false there")
        first, second = second, first
    right, wrong = (first, second) if first.right else (second, first)
    said = ""
    if wrong.feedback or right.feedback:
        said = f"#{question.html(wrong.feedback or '')}"
        said += f"#{question.html(right.feedback)}" if right.feedback else ""
    return ("TRUE" if first.right else "FALSE") + said


def _words(question: _Question) -> str:
    answer = question.item.answer
    assert isinstance(answer, Text)
    found = plain_answers(answer, question.tally)
    return " ".join(question.option("=", None, escaped(_starless(one)), None) for one in found)


def _starless(text: str) -> str:
    if "*" in text:
        raise Refusal(f"its answer {text!r} holds a star, which GIFT reads as a wildcard")
    return text


def _numbers(question: _Question) -> str:
    answer = question.item.answer
    assert isinstance(answer, Numeric)
    found = []
    for one in answer.ranges:
        middle, width = decimal((one.low + one.high) / 2), decimal((one.high - one.low) / 2)
        low, high = decimal(one.low), decimal(one.high)
        if ".." in one.shown and low is not None and high is not None:
            found.append(f"{low}..{high}")
        elif middle is not None and width is not None:
            found.append(f"{middle}:{width}" if one.low != one.high else middle)
        else:
            raise Refusal(f"its range {one.shown} has no decimal form of twelve places")
    if answer.unit and not re.match(r"[^\s\d<>|±+\-−.,;:!?]\S*(?: per \S+)?\Z", answer.unit):
        question.tally.changed("its unit stands in the text behind the answer")
    return f"#{found[0]}" if len(found) == 1 else "#" + " ".join(f"={one}" for one in found)


def _pairs(question: _Question) -> str:
    answer = question.item.answer
    assert isinstance(answer, Matching)
    if (answer.left_title, answer.right_title) not in (MATCHING_TITLES, ("", "")):
        question.tally.changed(f"the titles of its columns are left out: {answer.left_title}, {answer.right_title}")
    used = {one.choice for one in answer.prompts}
    rows = [(one.text, answer.choices[one.choice]) for one in answer.prompts]
    rows += [("", text) for place, text in enumerate(answer.choices) if place not in used]
    pairs = [(question.html(left, phrase=True), question.html(right, phrase=True)) for left, right in rows]
    if any("->" in one for pair in pairs for one in pair):
        raise Refusal("one of its texts holds an arrow (->), which parts a pair in GIFT")
    return "\n" + "\n".join(f"={left} -> {right}" for left, right in pairs) + "\n"


def _gap(question: _Question) -> str:
    answer = question.item.answer
    assert isinstance(answer, Cloze)
    if len(answer.gaps) != 1:
        raise Refusal(f"GIFT has no form for a text with {len(answer.gaps)} gaps: expected one")
    return " ".join(question.option("=", None, escaped(_starless(one)), None) for one in answer.gaps[0].answers)


def _essay(question: _Question) -> str:
    assert isinstance(question.item.answer, Essay)
    question.tally.changed("GIFT has no rubric: it is left out")
    return ""


_ANSWERS: Mapping[str, Callable[[_Question], str]] = {
    "single": _choices,
    "multiple": _choices,
    "truefalse": _truth,
    "text": _words,
    "numeric": _numbers,
    "matching": _pairs,
    "cloze": _gap,
    "essay": _essay,
}
