"""Moodle's question types, one reader each, in the one table `READERS`."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from assessments.answers import Gap, Ordering
from assessments.exchange.building import (
    Weighted,
    cloze,
    essay,
    matching,
    multiple,
    number,
    numbers,
    short,
    single,
    tolerant,
    true_or_false,
    unit,
    wildcard,
)
from assessments.exchange.building import (
    words as accepted_words,
)
from assessments.exchange.faults import Refusal
from assessments.exchange.moodle.element import Question, flag, share, words
from assessments.exchange.moodle.embedded import lone_number, read_embedded
from assessments.exchange.naming import one_line
from assessments.types.cloze import CLOSE, OPEN

_PLACE = re.compile(r"\[\[(\d{1,3})\]\]")


def _answers(question: Question) -> list[Any]:
    return list(question.element.findall("answer"))


def _options(question: Question) -> list[Weighted]:
    return [
        Weighted(question.markdown(one), share(one), _feedback(question, one) or None) for one in _answers(question)
    ]


def _feedback(question: Question, answer: Any) -> str:
    holder = answer.find("feedback")
    return "" if holder is None else question.markdown(holder)


def _multichoice(question: Question) -> None:
    element, draft = question.element, question.draft
    draft.shuffle = flag(element, "shuffleanswers", True)
    if words(element, "answernumbering") not in ("", "abc", "none", "ABCD", "123", "iii", "IIII"):
        draft.changed("the numbering of its options is not kept")
    if flag(element, "single", True):
        single(draft, _options(question))
    else:
        multiple(draft, _options(question))


def _all_or_nothing(question: Question) -> None:
    """The plug-in type whose right options must all be picked, and no other."""
    question.draft.shuffle = flag(question.element, "shuffleanswers", True)
    options = _options(question)
    count = sum(one.share > 0 for one in options)
    even = Fraction(1, count) if count else Fraction(0)
    multiple(question.draft, [Weighted(one.text, even if one.share > 0 else -even, one.feedback) for one in options])
    question.draft.partial = False


def _truefalse(question: Question) -> None:
    feedback: dict[str, str] = {}
    truth: str | None = None
    for one in _answers(question):
        name = words(one, "text").lower()
        if name not in ("true", "false"):
            raise Refusal(f"an answer of this true/false question is {name!r}: expected true and false")
        feedback[name] = _feedback(question, one)
        if share(one) > 0:
            truth = name
    if truth is None:
        raise Refusal("neither true nor false is right: expected one that earns the mark")
    true_or_false(question.draft, truth == "true", feedback.get("true"), feedback.get("false"))


def _shortanswer(question: Question) -> None:
    answers = [Weighted(words(one, "text"), share(one), _feedback(question, one) or None) for one in _answers(question)]
    accepted_words(question.draft, answers, case=flag(question.element, "usecase", False), read=wildcard)


def _numerical(question: Question) -> None:
    draft = question.draft
    answers = [
        Weighted(words(one, "text"), share(one), _feedback(question, one) or None, words(one, "tolerance"))
        for one in _answers(question)
    ]
    numbers(draft, answers, lambda one: tolerant(draft, one), _unit(question))


def _unit(question: Question) -> str:
    draft, element = question.draft, question.element
    units = [
        (words(one, "unit_name"), number(words(one, "multiplier") or "1")) for one in element.findall("units/unit")
    ]
    if not units:
        return ""
    base = next((name for name, factor in units if factor == 1), units[0][0])
    others = [name for name, factor in units if name != base]
    if others:
        draft.changed(f"answers in {', '.join(others)} are no longer converted; the unit shown is {base}")
    if words(element, "unitgradingtype") not in ("", "0"):
        draft.changed("the unit was graded; here it is shown and never typed")
    elif words(element, "showunits") in ("0", "1", "2"):
        draft.changed("the unit was chosen or typed; here it is shown beside the field")
    return unit(draft, base)


def _matching(question: Question) -> None:
    pairs, distractors = [], []
    for one in question.element.findall("subquestion"):
        prompt = question.markdown(one, phrase=True)
        holder = one.find("answer")
        answer = question.markdown(holder, phrase=True) if holder is not None else ""
        if prompt:
            pairs.append((prompt, answer))
        elif answer:
            distractors.append(answer)
    if not flag(question.element, "shuffleanswers", True):
        question.draft.changed("the answers kept their order; here they are shuffled")
    matching(question.draft, pairs, distractors)


def _essay(question: Question) -> None:
    draft, element = question.draft, question.element
    form = words(element, "responseformat")
    if form == "noinline":
        raise Refusal("it is answered by uploading a file: here an essay is typed")
    if form not in ("", "plain", "monospaced"):
        draft.changed("the answer was typed with formatting; here it is plain text")
    if words(element, "attachments") not in ("", "0"):
        draft.changed("files could be attached to the answer; here they cannot")
    if question.text("responsetemplate"):
        draft.changed("the template that the answer began with is left out")
    if words(element, "minwordlimit") or words(element, "maxwordlimit"):
        draft.changed("the limits on the number of words are left out")
    essay(draft, question.text("graderinfo", phrase=True))


def _ordering(question: Question) -> None:
    draft, element = question.draft, question.element
    if words(element, "selecttype") not in ("", "0", "ALL"):
        draft.changed("only some of its entries were asked; here all are")
    grading = words(element, "gradingtype")
    if grading in ("-1", "ALL_OR_NOTHING"):
        draft.partial = False
    elif grading not in ("0", "ABSOLUTE_POSITION"):
        draft.changed("partial marks were given by another rule; here each entry in its place earns its share")
    answers = _answers(question)
    if all(number(one.get("fraction", "")) is not None for one in answers):
        # The fraction of an entry is its place, counted from 1, or all are the same and the file's order counts.
        answers.sort(key=lambda one: number(one.get("fraction", "")) or Fraction(0))
    draft.type = "ordering"
    draft.answer = Ordering(tuple(question.markdown(one) for one in answers))


def _places(question: Question) -> None:
    """Words dragged or picked into a text: here they are typed."""
    element = question.element
    choices = [
        (one_line(words(one, "text")), words(one, "group"))
        for one in [*element.findall("dragbox"), *element.findall("selectoption")]
    ]
    gaps: list[Gap] = []

    def marked(found: re.Match[str]) -> str:
        place = int(found[1]) - 1
        if not 0 <= place < len(choices):
            raise Refusal(f"its text refers to choice {found[1]}, of which there is none")
        gaps.append(_typed(question, choices[place][0]))
        return f"{OPEN}{len(gaps)}{CLOSE}"

    _with_gaps(question, _PLACE, marked)
    used = {one.answers[0] for one in gaps}
    others = [text for text, _ in choices if text not in used]
    question.draft.changed(
        "its words were picked from a list and are now typed"
        + (f"; the choices that fit no gap are left out: {short(', '.join(others))}" if others else "")
    )
    cloze(question.draft, gaps, case=False)


def _typed(question: Question, text: str) -> Gap:
    plain = one_line("".join(re.sub(r"<[^<>]*>", "", text)))
    if not plain or "|" in plain or "}}" in plain:
        raise Refusal(f"the words “{short(text)}” cannot be typed into a gap here")
    return Gap((plain,))


def _with_gaps(question: Question, pattern: re.Pattern[str], marked: Callable[[re.Match[str]], str]) -> None:
    """Read the question's text with its gaps marked."""
    holder = question.element.find("questiontext")
    inner = holder.find("text") if holder is not None else None
    if inner is None or not inner.text:
        raise Refusal("it has no text: expected one with gaps in it")
    inner.text = pattern.sub(marked, inner.text.replace(OPEN, "").replace(CLOSE, ""))
    question.draft.stem = question.markdown(holder, marked=True)


def _embedded(question: Question) -> None:
    holder = question.element.find("questiontext")
    inner = holder.find("text") if holder is not None else None
    if inner is None or not inner.text:
        raise Refusal("it has no text: expected one with gaps in it")
    whole = inner.text.replace(OPEN, "").replace(CLOSE, "")
    number = lone_number(whole)
    if number is not None:
        _number_in_text(question, holder, inner, *number)
        return
    text, gaps, case, weight = read_embedded(whole, question.draft)
    inner.text = text
    if not words(question.element, "defaultgrade"):
        # Moodle writes no grade here: such a question is worth the weights of its gaps together.
        question.draft.points = weight
    question.draft.stem = question.markdown(holder, marked=True)
    cloze(question.draft, gaps, case=case)


def _number_in_text(
    question: Question, holder: Any, inner: Any, before: str, after: str, answers: list[Weighted], weight: Fraction
) -> None:
    """Read a text with one gap for a number, which takes a tolerance as gaps here do not, as a numeric item."""
    within = bool(re.sub(r"<[^<>]*>|&nbsp;|[\s.]", "", after))
    inner.text = f"{before}…{after}" if within else before + re.sub(r"\A\s*\.", "", after)
    if within:
        question.draft.changed("the answer stood within the sentence; an ellipsis marks its place now")
    question.draft.stem = question.markdown(holder)
    if not words(question.element, "defaultgrade"):
        question.draft.points = weight
    numbers(question.draft, answers, lambda one: tolerant(question.draft, one))


READERS: Mapping[str, Callable[[Question], None]] = {
    "multichoice": _multichoice,
    "multichoiceset": _all_or_nothing,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "matching": _matching,
    "match": _matching,
    "essay": _essay,
    "ordering": _ordering,
    "ddwtos": _places,
    "gapselect": _places,
    "cloze": _embedded,
    "multianswer": _embedded,
}
# The stem of these holds gaps, so their reader reads it.
OWN_STEM = frozenset({"ddwtos", "gapselect", "cloze", "multianswer"})
REFUSED: Mapping[str, str] = {
    "calculated": "its numbers are computed from a formula for each attempt, which items here cannot do",
    "calculatedsimple": "its numbers are computed from a formula for each attempt, which items here cannot do",
    "calculatedmulti": "its numbers are computed from a formula for each attempt, which items here cannot do",
    "ddimageortext": "it is answered by dragging onto a picture, which no item type here can hold",
    "ddmarker": "it is answered by placing marks on a picture, which no item type here can hold",
    "random": "it stands for a question drawn by chance; the draw of an exam does that here",
    "randomsamatch": "it is made of other questions by chance, which items here cannot be",
    "missingtype": "its file does not know its type",
}
