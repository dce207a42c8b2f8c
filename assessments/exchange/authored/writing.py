"""An item becomes the Markdown that an author would have written for it."""

import re
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

from assessments.answers import (
    Alternative,
    Branching,
    Choices,
    Cloze,
    Concordance,
    Essay,
    Gap,
    Matching,
    Numeric,
    Ordering,
    Text,
)
from assessments.exchange.faults import Refusal
from assessments.model import Case, Item
from assessments.registry import INFERRED
from assessments.types.cloze import CLOSE, OPEN
from assessments.types.concordance import LABELS, SCALE

_MARK = re.compile(f"{OPEN}(\\d{{1,4}}){CLOSE}")
_BARE = re.compile(r"[^\s\"'{}]+\Z")


def item_source(item: Item, *, with_type: bool) -> str:
    """Return the source of an item, its class in the heading where `with_type` says so or its type needs it.

    Raises Refusal where the source cannot say what the item holds.
    """
    stem = _cloze_stem(item) if isinstance(item.answer, Cloze) else item.stem
    parts = [_heading(item, with_type or item.type not in INFERRED)]
    # A question without text asks its title; writing it twice would say nothing more.
    if stem != item.title or isinstance(item.answer, Cloze):
        parts.append(stem)
    answer = _WRITERS[type(item.answer)](item)
    if answer:
        parts.append(answer)
    if item.rationale:
        parts.append(_quoted(item.rationale, ""))
    return "\n\n".join(parts) + "\n"


def case_source(case: Case) -> str:
    """Return the source of a vignette, without the items under it."""
    return f"# Case: {case.title} {{#{case.id}}}\n\n{case.stem}\n"


def decimal(value: Fraction, places: int = 12) -> str | None:
    """Return a fraction as a decimal number, or None where it has no such form within `places`."""
    whole = value * 10**places
    if whole.denominator != 1:
        return None
    sign = "-" if value < 0 else ""
    digits = f"{abs(whole.numerator):0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:]}".rstrip("0").rstrip(".")
    return sign + text


def _heading(item: Item, with_type: bool) -> str:
    words = [f"#{item.id}"]
    if with_type:
        words.append(f".{item.type}")
    if item.competency is not None:
        words.append(f"competency={_value(item.competency)}")
    if item.level is not None:
        words.append(f"level={item.level}")
    if item.objectives:
        words.append(f"objective={','.join(str(one) for one in item.objectives)}")
    if item.points != 1 and not (isinstance(item.answer, Essay) and item.answer.criteria):
        points = decimal(item.points, 4)
        if points is None or item.points >= 10_000 or item.points <= 0:
            raise Refusal(f"it is worth {float(item.points):g} points: expected at most four digits before and after")
        words.append(f"points={points}")
    if item.tags:
        words.append(f"tags={_value(','.join(item.tags))}")
    if not item.shuffle:
        words.append("shuffle=no")
    if not item.partial:
        words.append("partial=no")
    if isinstance(item.answer, Text | Cloze) and item.answer.case_sensitive:
        words.append("case=yes")
    title = item.title + " " if item.title else ""
    return f"## {title}{{{' '.join(words)}}}"


def _value(text: str) -> str:
    if _BARE.match(text):
        return text
    if re.search(r"[{}\n]", text):
        raise Refusal(f"the attribute {text!r} holds braces, which a heading cannot")
    mark = "'" if '"' in text else '"'
    if mark in text:
        raise Refusal(f"the attribute {text!r} holds both kinds of quotation mark")
    return f"{mark}{text}{mark}"


def _quoted(text: str, indent: str) -> str:
    return "\n".join(f"{indent}> {line}" if line else f"{indent}>" for line in text.split("\n"))


def _indented(text: str, indent: str) -> str:
    first, *below = text.split("\n")
    return "\n".join([first, *(indent + line if line else "" for line in below)])


def _choices(item: Item) -> str:
    assert isinstance(item.answer, Choices)
    return _options((one.right, one.text, one.feedback) for one in item.answer.options)


def _options(options: Iterable[tuple[bool, str, str | None]]) -> str:
    rows = []
    for right, text, feedback in options:
        rows.append(f"- [{'x' if right else ' '}] {_indented(text, '  ')}")
        if feedback:
            rows.append(_quoted(feedback, "  "))
    return "\n".join(rows)


def _branches(item: Item) -> str:
    assert isinstance(item.answer, Branching)
    if not item.answer.steps:
        raise Refusal("it has no step")
    return _options(
        (one.right, f"{one.text} → #{one.target}" if one.target is not None else one.text, one.consequence)
        for one in item.answer.steps[0].branches
    )


def _numbers(item: Item) -> str:
    assert isinstance(item.answer, Numeric)
    return "\n".join(f"= {one.shown} {item.answer.unit}".rstrip() for one in item.answer.ranges)


def _words(item: Item) -> str:
    assert isinstance(item.answer, Text)
    return "= " + " | ".join(_alternative(one) for one in item.answer.alternatives)


def _alternative(one: Alternative) -> str:
    return f"~{one.text}" if one.pattern else one.text


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [[_cell(one) for one in row] for row in (header, *rows)]
    width = len(lines[0])
    written = [f"| {' | '.join(row)} |" for row in lines]
    return "\n".join([written[0], "|" + " --- |" * width, *written[1:]])


def _cell(text: str) -> str:
    if "\n" in text:
        raise Refusal("a cell of its table holds several lines")
    return text.replace("|", "\\|")


def _pairs(item: Item) -> str:
    answer = item.answer
    assert isinstance(answer, Matching)
    used = {one.choice for one in answer.prompts}
    rows = [(one.text, answer.choices[one.choice]) for one in answer.prompts]
    rows += [("", text) for place, text in enumerate(answer.choices) if place not in used]
    return _table((answer.left_title, answer.right_title), rows)


def _entries(item: Item) -> str:
    assert isinstance(item.answer, Ordering)
    return "\n".join(f"{place}. {_indented(one, '   ')}" for place, one in enumerate(item.answer.entries, 1))


def _cloze_stem(item: Item) -> str:
    assert isinstance(item.answer, Cloze)
    gaps = item.answer.gaps
    return _MARK.sub(lambda found: _gap(gaps[int(found[1]) - 1]) if 0 < int(found[1]) <= len(gaps) else "", item.stem)


def _gap(gap: Gap) -> str:
    for one in gap.answers:
        if "|" in one or "}}" in one or "\n" in one:
            raise Refusal(f"the gap's answer {one!r} holds a bar or closing braces")
    # An answer that ends in a brace would close the gap one character early.
    inner = "|".join(gap.answers)
    return f"{{{{{inner} }}}}" if inner.endswith("}") else f"{{{{{inner}}}}}"


def _votes(item: Item) -> str:
    assert isinstance(item.answer, Concordance)
    return _table((LABELS[one] for one in SCALE), [[str(one) for one in item.answer.votes]])


def _rubric(item: Item) -> str:
    answer = item.answer
    assert isinstance(answer, Essay)
    rows = []
    for one in answer.criteria:
        points = decimal(one.points, 4)
        if points is None:
            raise Refusal(f"the criterion {one.title!r} is worth {one.points} points: expected a decimal number")
        rows.append((one.title, points, *one.descriptors))
    return _table(("Criterion", "Points", *answer.headings), rows)


_WRITERS: Mapping[type, Callable[[Item], str]] = {
    Choices: _choices,
    Numeric: _numbers,
    Text: _words,
    Matching: _pairs,
    Ordering: _entries,
    Cloze: lambda item: "",
    Concordance: _votes,
    Essay: _rubric,
    Branching: _branches,
}
