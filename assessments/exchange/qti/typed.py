"""Text entries and inline choices become numeric, text and cloze items; extended text becomes an essay."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice, product
from math import prod
from typing import Any

from assessments.answers import Alternative, Gap, Numeric, Range
from assessments.exchange.building import Weighted, around, between, cloze, essay, number, percent, short, words
from assessments.exchange.draft import Draft
from assessments.exchange.faults import Refusal
from assessments.exchange.naming import one_line, typed_line
from assessments.exchange.qti.item import Item
from assessments.exchange.qti.processing import Unknown, tolerances
from assessments.exchange.qti.scoring import Scoring, answer_of, near, probe, scoring, settle_credit
from assessments.exchange.qti.values import Declaration, Value
from assessments.exchange.spelling import spelled_out
from assessments.types.cloze import CLOSE, OPEN

Span = tuple[Fraction, Fraction]
_NUMBERS = ("float", "integer")
_UNIT = re.compile(r"(?![.,;:!?])[^\s\d<>|±+\-−.,;:!?]\S*(?<![.,;:!?])(?: per \S+(?<![.,;:!?]))?\Z")
_BLOCKS = frozenset("p div li td th blockquote h1 h2 h3 h4 h5 h6 dd dt".split())
_HERE = "\ue020"
_MOST_TRIED = 256
# Our own export says by this label that a lone entry is a gap of a text.
GAP_LABEL = "cloze"


def entries(item: Item) -> None:
    """Read an item whose interactions are all text entries or inline choices."""
    first = item.interactions[0]
    _masks(item)
    alone = len(item.interactions) == 1 and first.tag == "textEntryInteraction"
    if alone and item.declaration(first).base in _NUMBERS:
        _numeric(item, first)
    elif alone and item.root.get("label") != GAP_LABEL and not _text_after(first, item.body):
        _text(item, first)
    else:
        _cloze(item)


def _masks(item: Item) -> None:
    if any(one.get("patternMask") for one in item.interactions):
        item.draft.changed("a mask that limited what could be typed is left out")


def _text_after(interaction: Any, body: Any) -> str:
    """Return the words that follow an interaction within its block."""
    block = interaction.getparent()
    while block is not body and block.tag not in _BLOCKS:
        block = block.getparent()
    tail = interaction.tail
    interaction.tail = _HERE + (tail or "")
    found = "".join(block.itertext())
    interaction.tail = tail
    return one_line(found.partition(_HERE)[2])


def _elements(item: Item, one: Declaration, *names: str) -> list[Any]:
    """Return the expressions of the processing that speak of a response."""
    if item.program.rules is None or item.program.template:
        return []
    return [
        element
        for element in item.program.rules.iter(*names)
        if any(child.get("identifier") == one.identifier for child in element.iter("variable", "mapResponse"))
    ]


def _candidates(item: Item, one: Declaration) -> list[Any]:
    """Return every value that the declaration or the processing names for a response."""
    found = [*one.correct.items, *(entry.key for entry in one.entries)]
    for element in _elements(item, one, "match", "stringMatch", "equal", "member"):
        for base in element.iter("baseValue"):
            text = "".join(base.itertext()).strip()
            value = number(text) if one.base in _NUMBERS else text
            if value is not None:
                found.append(value)
    return list(dict.fromkeys(found))


def _text(item: Item, interaction: Any) -> None:
    draft = item.draft
    one = item.declaration(interaction)
    plain = [str(value) for value in _candidates(item, one)]
    patterns = [element.get("pattern", "") for element in _elements(item, one, "patternMatch")]
    samples = {pattern: spelled_out(pattern) for pattern in patterns}
    tries = [{one.identifier: answer_of(one, text)} for text in [*plain, *(row[0] for row in samples.values() if row)]]
    if patterns and not all(samples.values()):
        draft.changed("its patterns are taken as whole right answers, which could not be tried")
        found = None if not tries else scoring(item.program, tries, item.declared_points(), draft)
    else:
        found = scoring(item.program, tries, item.declared_points(), draft)
    accepted = {text: _share(item, found, one, text) for text in plain}
    case = _case(item, found, one, accepted)
    if not case:
        accepted = {text: max(share, accepted.get(text.casefold(), share)) for text, share in accepted.items()}
    answers = [Weighted(text, Fraction(1) if near(share, Fraction(1)) else share) for text, share in accepted.items()]
    answers += [Weighted(f"~{pattern}", Fraction(1)) for pattern in patterns]
    words(draft, answers, case=case or bool(patterns), read=lambda text: _read(text, patterns))
    draft.stem = item.stem()
    item.place_feedback({one.identifier: answer_of(one, *(plain[:1]))}, [{one.identifier: answer_of(one, "\u2603")}])


def _read(text: str, patterns: Sequence[str]) -> Alternative:
    if text.startswith("~") and text[1:] in patterns:
        return Alternative(text[1:], pattern=True)
    plain = typed_line(text)
    if plain.startswith("~") or " | " in f" {plain} ":
        raise Refusal(f"its answer “{short(plain)}” cannot be written in the item source")
    return Alternative(plain)


def _share(item: Item, found: Scoring | None, one: Declaration, text: str) -> Fraction:
    if found is None:
        return Fraction(0)
    return probe(lambda: found.share({one.identifier: answer_of(one, text)}))


def _case(item: Item, found: Scoring | None, one: Declaration, accepted: Mapping[str, Fraction]) -> bool:
    """Say whether capital letters matter, tried on every accepted answer that has letters."""
    tried = [
        near(_share(item, found, one, text.swapcase()), share)
        for text, share in accepted.items()
        if share > 0 and text.swapcase() != text and text.swapcase() not in accepted
    ]
    if any(tried) and not all(tried):
        item.draft.changed("capital letters mattered in some of its answers and now matter in none")
    return bool(tried) and not any(tried)


def _numeric(item: Item, interaction: Any) -> None:
    draft = item.draft
    one = item.declaration(interaction)
    spans = _spans(item, one)
    points = [{one.identifier: answer_of(one, value)} for value in _candidates(item, one)]
    points += [{one.identifier: answer_of(one, (low + high) / 2)} for low, high in spans]
    found = scoring(item.program, points, item.declared_points(), draft)
    ranges: list[Range] = []
    for span in spans:
        made = _checked(item, found, one, span, spans)
        if made is not None and made not in ranges:
            ranges.append(made)
    for value in _candidates(item, one):
        share = probe(lambda value=value: found.share({one.identifier: answer_of(one, value)}))  # type: ignore[misc]
        inside = any(each.low <= value <= each.high for each in ranges)
        if near(share, Fraction(1)) and not inside:
            ranges.append(around(draft, value, Fraction(0)))
        elif share and not near(share, Fraction(1)) and not inside:
            draft.changed(f"the answer {float(value):g} earned {percent(share)} and is now not accepted")
    if not ranges:
        raise Refusal("its numbers are scored by a rule that gives no range: expected a value with a tolerance")
    after = _text_after(interaction, item.body)
    unit = after if _UNIT.match(after) else ""
    if unit:
        interaction.tail = ""
    draft.stem = item.stem(lambda element: "…" if after and not unit else "")
    if after and not unit:
        draft.changed("the answer stood within the sentence; an ellipsis marks its place now")
    draft.type = "numeric"
    draft.answer = Numeric(tuple(ranges), unit)
    middle = (ranges[0].low + ranges[0].high) / 2
    far = max(span.high for span in ranges) + 1_000_003
    item.place_feedback({one.identifier: answer_of(one, middle)}, [{one.identifier: answer_of(one, far)}])


def _spans(item: Item, one: Declaration) -> list[Span]:
    """Return the ranges that tolerances and pairs of bounds in the processing speak of."""
    found: list[Span] = []
    for element in _elements(item, one, "equal"):
        values = [number("".join(base.itertext())) for base in element.iter("baseValue")]
        values += [value for _ in element.iter("correct") for value in one.correct.items]
        try:
            low, high = tolerances(element)
        except Unknown:
            continue
        for value in values:
            if value is None:
                continue
            if element.get("toleranceMode") == "relative":
                found.append((value - abs(value) * low / 100, value + abs(value) * high / 100))
            elif element.get("toleranceMode") == "absolute":
                found.append((value - low, value + high))
    for element in _elements(item, one, "and"):
        lows, highs = _bounds(element, one, ("gte", "gt")), _bounds(element, one, ("lte", "lt"))
        if len(lows) == len(highs) == 1:
            found.append((lows[0], highs[0]))
    return list(dict.fromkeys(pair for pair in found if pair[0] <= pair[1]))


def _bounds(element: Any, one: Declaration, names: tuple[str, str]) -> list[Fraction]:
    """Return the numbers that a response is compared with from one side, whichever side of it they stand on."""
    turned = {"gte": "lte", "gt": "lt", "lte": "gte", "lt": "gt"}
    found = []
    for child in element:
        if len(child) != 2:
            continue
        order = child.tag if child[0].tag == "variable" else turned.get(child.tag, "")
        values = [number("".join(base.itertext())) for base in child.iter("baseValue")]
        if order in names and len(values) == 1 and values[0] is not None:
            found.append(values[0])
    return found


def _checked(item: Item, found: Scoring, one: Declaration, span: Span, spans: Sequence[Span]) -> Range | None:
    """Return a range whose ends were tried, or None where its inside earns less than all."""

    def share(value: Fraction) -> Fraction:
        return probe(lambda: found.share({one.identifier: answer_of(one, value)}))

    low, high = span
    inside, step = (low + high) / 2, max(high - low, Fraction(1)) / 100_000
    if not near(share(inside), Fraction(1)):
        if share(inside):
            item.draft.changed(f"numbers around {float(inside):g} earned {percent(share(inside))} and now earn nothing")
        return None
    for value in (low - step, high + step):
        if near(share(value), Fraction(1)) and not any(first <= value <= last for first, last in spans):
            raise Refusal("its numbers are scored by a rule that its tolerances do not tell: expected plain ranges")
    if not near(share(low), Fraction(1)) or not near(share(high), Fraction(1)):
        item.draft.changed("the ends of its range were not accepted and now are")
    width = (high - low) / 2
    return around(item.draft, inside, width) if _declared(one, inside) else between(item.draft, low, high)


def _declared(one: Declaration, value: Fraction) -> bool:
    return value in one.correct.items


@dataclass
class _Blank:
    """One gap: its response, what may stand in it, and what is accepted."""

    declaration: Declaration
    tries: list[str]
    answers: list[Any]


def _cloze(item: Item) -> None:
    draft = item.draft
    blanks = [_blank(item, one) for one in item.interactions]
    places = {id(one): place for place, one in enumerate(item.interactions, 1)}
    full = _fullest(item, blanks)
    found = scoring(item.program, [full], item.declared_points(), draft)
    gaps, exact, taken = [], [], []
    cases = [("a full answer", found.share(full), Fraction(1), True)]
    for place, (blank, interaction) in enumerate(zip(blanks, item.interactions, strict=True), 1):
        others = {key: value for key, value in full.items() if key != blank.declaration.identifier}
        accepted = _accepted(found, blank, others, full, place, draft)
        part = Fraction(1, len(blanks))
        alone = {blank.declaration.identifier: full[blank.declaration.identifier]}
        cases.append((f"gap {place} alone", probe(lambda a=alone: found.share(a)), part, len(blanks) == 1))  # type: ignore[misc]
        cases.append((f"all but gap {place}", probe(lambda o=others: found.share(o)), 1 - part, False))  # type: ignore[misc]
        taken.append(accepted)
        exact.append(_gap_case(found, blank, others, accepted))
        gaps.append(Gap(tuple(_word(item, interaction, one) for one in accepted)))
    if len({one for one in exact if one is not None}) > 1:
        draft.changed("capital letters mattered in some of its gaps and now matter in none")
    settle_credit(draft, cases, whole=True)
    _exchanged(found, full, blanks, taken, draft)
    draft.stem = item.stem(lambda element: f"{OPEN}{places[id(element)]}{CLOSE}")
    cloze(draft, gaps, case={one for one in exact if one is not None} == {True})
    item.place_feedback(full, [{}])


def _fullest(item: Item, blanks: Sequence[_Blank]) -> dict[str, Value]:
    """Return an answer to all gaps that earns most, where their answers are few enough to try; else the first of each.

    Gaps may ask for two different words of one list, so that the first of each is not a full answer.
    """
    names = [blank.declaration for blank in blanks]
    rows = [blank.answers for blank in blanks]
    first = {one.identifier: answer_of(one, *row[:1]) for one, row in zip(names, rows, strict=True)}
    if prod(len(row) for row in rows) > _MOST_TRIED:
        return first
    tries = [
        {one.identifier: answer_of(one, value) for one, value in zip(names, row, strict=True)} for row in product(*rows)
    ]
    return max([first, *tries], key=lambda answers: probe(lambda: item.program.score(answers)))


def _exchanged(
    found: Scoring, full: Mapping[str, Value], blanks: Sequence[_Blank], taken: Sequence[list[Any]], draft: Draft
) -> None:
    """Name gaps whose answers could stand in each other's place; here each gap has its own."""
    for (one, mine), (other, theirs) in islice(combinations(enumerate(taken), 2), _MOST_TRIED):
        first, second = blanks[one].declaration, blanks[other].declaration
        if set(mine) & set(theirs) or first.base != second.base:
            continue
        turned = {first.identifier: full[second.identifier], second.identifier: full[first.identifier]}
        share = probe(lambda turned=turned: found.share({**full, **turned}))  # type: ignore[misc]
        if near(share, found.share(full)):
            draft.changed(f"gaps {one + 1} and {other + 1} took each other's answers as well; here each has its own")


def _blank(item: Item, interaction: Any) -> _Blank:
    one = item.declaration(interaction)
    if interaction.tag == "inlineChoiceInteraction":
        names = [choice.get("identifier", "") for choice in interaction.iter("inlineChoice")]
        right = list(one.correct.items) or [entry.key for entry in one.entries if entry.value > 0]
        if not right:
            right = [
                max(names, key=lambda name: probe(lambda: item.program.score({one.identifier: answer_of(one, name)})))
            ]
        others = [_label(interaction, name) for name in names if name not in right]
        item.draft.changed(f"a gap was picked from a list and is now typed; left out: {short(', '.join(others))}")
        return _Blank(one, names, right)
    found = _candidates(item, one)
    if _elements(item, one, "patternMatch"):
        item.draft.changed("a pattern for one of its gaps is left out, as gaps here take plain words")
    if not found:
        raise Refusal(f"the gap {one.identifier} has no right answer")
    best = [value for value in found if value in one.correct.items] or found
    return _Blank(one, [str(value) for value in found], [*best, *(value for value in found if value not in best)])


def _alone(item: Item, one: Declaration, name: str) -> Fraction:
    return probe(lambda: item.program.score({one.identifier: answer_of(one, name)}))


def _label(interaction: Any, name: str) -> str:
    for choice in interaction.iter("inlineChoice"):
        if choice.get("identifier") == name:
            return one_line("".join(choice.itertext()))
    return name


def _accepted(
    found: Scoring, blank: _Blank, others: Mapping[str, Value], full: Mapping[str, Value], place: int, draft: Draft
) -> list[Any]:
    """Return the values of a gap that earn as much as its right answer, the others right."""
    accepted = []
    best = found.share(full)
    for value in blank.answers:
        answer = {**others, blank.declaration.identifier: answer_of(blank.declaration, value)}
        share = probe(lambda answer=answer: found.share(answer))  # type: ignore[misc]
        nothing = probe(lambda: found.share(others))
        if near(share, best):
            accepted.append(value)
        elif share - nothing > 0:
            draft.changed(f"the answer “{value}” of gap {place} earned less than all and is now not accepted")
    return accepted or blank.answers[:1]


def _gap_case(found: Scoring, blank: _Blank, others: Mapping[str, Value], accepted: Sequence[Any]) -> bool | None:
    """Say whether capital letters matter in a gap; None where nothing tells."""
    if blank.declaration.base != "string":
        return None
    first = next((one for one in map(str, accepted) if one.swapcase() != one), None)
    if first is None:
        return None
    swapped = {**others, blank.declaration.identifier: answer_of(blank.declaration, first.swapcase())}
    right = {**others, blank.declaration.identifier: answer_of(blank.declaration, first)}
    return not near(probe(lambda: found.share(swapped)), probe(lambda: found.share(right)))


def _word(item: Item, interaction: Any, value: Any) -> str:
    text = _label(interaction, str(value)) if interaction.tag == "inlineChoiceInteraction" else typed_line(str(value))
    if isinstance(value, Fraction):
        text = f"{float(value):g}"
    if not text or "|" in text or "}}" in text:
        raise Refusal(f"the answer “{short(text)}” cannot be typed into a gap here")
    return text


def extended(item: Item, interaction: Any) -> None:
    """Read an extendedTextInteraction, marked by a person."""
    draft = item.draft
    if interaction.get("maxStrings") not in (None, "", "0", "1"):
        raise Refusal("it is answered by several texts: here an essay is one")
    if interaction.get("format", "plain") == "xhtml":
        draft.changed("the answer was typed with formatting; here it is plain text")
    one = item.declaration(interaction)
    if not one.correct.null or one.mapped:
        draft.changed("it was marked by comparing texts; here a person marks it")
    draft.points = item.declared_points() or Fraction(1)
    draft.stem = item.stem()
    for element in item.root.findall("rubricBlock"):
        item.quiet(element)
    essay(draft, item.guidance)
    item.place_feedback({}, [])
