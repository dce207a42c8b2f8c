"""Answers in our shapes from what other systems say about theirs, with every difference in scoring named.

Shares are fractions of the item's points, 1 for a full answer, as other systems give them for each option.
"""

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessments.answers import (
    Alternative,
    Choices,
    Cloze,
    Criterion,
    Essay,
    Gap,
    Matching,
    Numeric,
    Option,
    Prompt,
    Range,
    Text,
)
from assessments.exchange.authored.writing import decimal
from assessments.exchange.draft import Draft
from assessments.exchange.faults import Refusal
from assessments.exchange.naming import one_line, typed_line
from assessments.exchange.record import Tally
from assessments.exchange.spelling import spelled_out
from assessments.types.numeric import read_range

# The item source writes numbers to so many places.
_PLACES = 12
_ROUNDS_BELOW = Fraction(1, 10**9)
# Other systems round thirds and sevenths to five places.
CLOSE = Fraction(1, 2000)
# Other systems give the two sides no titles; a table needs them.
MATCHING_TITLES = ("Prompt", "Answer")
_PATTERN_MARKS = re.compile(r"[.\\+*?()|\[\]{}^$]")
_UNIT = re.compile(r"[^\s\d,.;:|±+\-−][^|±]*\Z")


@dataclass(frozen=True)
class Weighted:
    """An answer of another system: its text, the share it earns, what is said to one who gives it, and how far a

    number may be off where that stands apart from it.
    """

    text: str
    share: Fraction
    feedback: str | None = None
    tolerance: str = "0"


def percent(share: Fraction) -> str:
    """Return a share in words, such as 33.3 %."""
    return f"{float(share) * 100:.4g} %".replace("-", "−")


def short(text: str) -> str:
    """Return the beginning of a text for a reason."""
    plain = one_line(text)
    return plain if len(plain) <= 60 else plain[:59] + "…"


def left_out(draft: Draft, element: Any, known: Container[str]) -> None:
    """Name the parts of an element that no reader looks at and that hold words, so that none is lost unsaid."""
    for one in element:
        if not isinstance(one.tag, str) or one.tag in known:
            continue
        said = one_line(" ".join(one.itertext()))
        if said:
            draft.changed(f"its part “{one.tag}” is left out: “{short(re.sub(r'<[^<>]*>', ' ', said))}”")


def single(draft: Draft, options: Sequence[Weighted]) -> None:
    """Give a draft the answer of a single item; only the best option earns, as here each answer is right or wrong."""
    best = max((one.share for one in options), default=Fraction(0))
    right = [one for one in options if one.share == best]
    if best <= 0:
        raise Refusal("no option is right: expected one that earns the whole mark")
    if len(right) > 1:
        raise Refusal(f"{len(right)} options earn the whole mark where one can be picked: expected one right option")
    if best < 1 - CLOSE:
        draft.changed(f"the best option earned {percent(best)} of the mark and now earns all of it")
    for one in options:
        if one not in right and one.share:
            draft.changed(f"the option “{short(one.text)}” earned {percent(one.share)} and now earns nothing")
    draft.type = draft.type or "single"
    draft.answer = Choices(tuple(Option(one.text, one in right, one.feedback or None) for one in options))


def multiple(draft: Draft, options: Sequence[Weighted]) -> None:
    """Give a draft the answer of a multiple item; here right picks earn alike and wrong picks cost as much."""
    right = [one for one in options if one.share > 0]
    if not right:
        raise Refusal("no option is right: expected at least one that earns something")
    share = Fraction(1, len(right))
    total = sum((one.share for one in right), Fraction(0))
    for one in right:
        if abs(one.share - share) > CLOSE:
            draft.changed(f"the option “{short(one.text)}” earned {percent(one.share)} and now earns {percent(share)}")
    if abs(total - 1) > CLOSE * len(right):
        draft.changed(f"all right options together earned {percent(total)} and now earn 100 %")
    for one in options:
        if one.share <= 0 and abs(one.share + share) > CLOSE:
            now = f"now costs {percent(share)}"
            was = f"cost {percent(-one.share)}" if one.share else "cost nothing"
            draft.changed(f"the wrong option “{short(one.text)}” {was} and {now}")
    draft.type = "multiple"
    draft.answer = Choices(tuple(Option(one.text, one.share > 0, one.feedback or None) for one in options))


def true_or_false(draft: Draft, truth: bool, on_true: str | None, on_false: str | None) -> None:
    """Give a draft the answer of a statement to call true or false."""
    draft.type = "truefalse"
    draft.answer = Choices((Option("True", truth, on_true or None), Option("False", not truth, on_false or None)))


def literal(words: str) -> str:
    """Return a pattern that matches just these words."""
    return _PATTERN_MARKS.sub(lambda found: "\\" + found[0], words)


def alternative(words: str) -> Alternative:
    """Return words as an accepted answer, as a pattern where the item source would read them as something else."""
    plain = typed_line(words)
    risky = plain.startswith("~") or " | " in f" {plain} "
    return Alternative(literal(plain), pattern=True) if risky else Alternative(plain)


def wildcard(text: str) -> Alternative:
    r"""Return Moodle's answer, in which `*` stands for anything and `\*` for a star, as ours."""
    plain = typed_line(text)
    if "*" not in plain.replace("\\*", ""):
        return alternative(plain.replace("\\*", "*"))
    parts = re.split(r"(?<!\\)\*", plain)
    return Alternative(".*".join(literal(part.replace("\\*", "*")) for part in parts), pattern=True)


def words(
    draft: Draft, answers: Sequence[Weighted], *, case: bool, read: Callable[[str], Alternative] = alternative
) -> None:
    """Give a draft the answer of a text item; an answer that earns less than the best is no longer accepted."""
    accepted = [read(one.text) for one in _best_of(draft, answers)]
    draft.type = "text"
    draft.answer = Text(tuple(dict.fromkeys(accepted)), case)


def number(text: str) -> Fraction | None:
    """Return the exact number that another system wrote, or None; a decimal comma is read where no point is."""
    plain = text.strip().replace("−", "-").replace("\u00a0", "")
    if "," in plain and "." not in plain and plain.count(",") == 1:
        plain = plain.replace(",", ".")
    if not re.fullmatch(r"[+-]?(?:\d{1,30}\.?\d{0,30}|\.\d{1,30})(?:[eE][+-]?\d{1,2})?", plain, re.ASCII):
        return None
    return Fraction(plain.rstrip(".") if plain.endswith(".") else plain)


def around(draft: Draft, value: Fraction, tolerance: Fraction) -> Range:
    """Return the range of a value and its tolerance; raises Refusal where it cannot be written in decimals."""
    first, width = _decimals(draft, (value, abs(tolerance)), abs(tolerance))
    return _range(f"{first} ± {width}" if tolerance else first)


def between(draft: Draft, low: Fraction, high: Fraction) -> Range:
    """Return the range from `low` to `high`; raises Refusal where it is empty or cannot be written in decimals."""
    if low > high:
        raise Refusal("its range is empty: expected the lower end first")
    first, last = _decimals(draft, (low, high), high - low)
    return _range(f"{first}..{last}")


def _decimals(draft: Draft, numbers: tuple[Fraction, Fraction], width: Fraction) -> tuple[str, str]:
    """Return two numbers in decimals. What a program computed has more places than anybody types: it is rounded, and

    that is said, where the range is a thousand times wider than the rounding could move it.
    """
    first, second = (decimal(one) for one in numbers)
    if (first is None or second is None) and width >= _ROUNDS_BELOW:
        first, second = (decimal(round(one, _PLACES)) for one in numbers)
        draft.changed(f"its number was rounded to {_PLACES} decimal places")
    if first is None or second is None:
        raise Refusal(f"its number has no decimal form of {_PLACES} places")
    return first, second


def _range(text: str) -> Range:
    found = read_range(text)
    if found is None:
        raise Refusal(f"its number {text!r} cannot be written in the item source")
    return found[0]


def numbers(draft: Draft, answers: Sequence[Weighted], read: Callable[[Weighted], Range], unit: str = "") -> None:
    """Give a draft the answer of a numeric item; an answer that earns less than the best is no longer accepted."""
    accepted = [read(one) for one in _best_of(draft, answers)]
    draft.type = "numeric"
    draft.answer = Numeric(tuple(dict.fromkeys(accepted)), unit)


def _best_of(draft: Draft, answers: Sequence[Weighted]) -> list[Weighted]:
    """Return the typed answers that earn most, which are those accepted here, and name what goes with the others."""
    best = max((one.share for one in answers), default=Fraction(0))
    if best <= 0:
        raise Refusal("no answer is right: expected one that earns the whole mark")
    if best < 1 - CLOSE:
        draft.changed(f"the best answer earned {percent(best)} of the mark and now earns all of it")
    for one in answers:
        name = f"the answer “{short(one.text)}”" if one.text.strip(" *") else "any other answer"
        if one.share and one.share < best:
            draft.changed(f"{name} earned {percent(one.share)} and is now not accepted")
        if one.feedback:
            draft.changed(f"the feedback to {name} is left out: “{short(one.feedback)}”")
    return [one for one in answers if one.share == best]


def tolerant(draft: Draft, answer: Weighted) -> Range:
    """Return the range of a number and its tolerance as they are written; raises Refusal where they are no numbers."""
    value, width = number(answer.text), number(answer.tolerance or "0")
    if value is None or width is None:
        raise Refusal(f"its answer “{short(answer.text)}” is no plain number with a tolerance")
    return around(draft, value, width)


def unit(draft: Draft, text: str) -> str:
    """Return a unit that can stand beside the field, or none with the reason why."""
    plain = one_line(text)
    if plain and not _UNIT.match(plain):
        draft.changed(f"the unit “{short(plain)}” cannot stand beside a number here and was left out")
        return ""
    return plain


def matching(
    draft: Draft,
    pairs: Sequence[tuple[str, str]],
    distractors: Sequence[str],
    titles: tuple[str, str] = MATCHING_TITLES,
) -> None:
    """Give a draft the answer of a matching item."""
    choices: dict[str, int] = {}
    prompts = [Prompt(left, choices.setdefault(right, len(choices))) for left, right in pairs]
    for one in distractors:
        choices.setdefault(one, len(choices))
    if len(prompts) < 2:
        raise Refusal(f"there are {len(prompts)} prompts to match: expected two or more")
    draft.type = "matching"
    draft.answer = Matching(tuple(prompts), tuple(choices), *titles)


def cloze(draft: Draft, gaps: Sequence[Gap], *, case: bool) -> None:
    """Give a draft the answer of a cloze item, whose stem marks the gaps already."""
    if not gaps:
        raise Refusal("it has no gap: expected at least one")
    draft.type = "cloze"
    draft.answer = Cloze(tuple(gaps), case)


def essay(draft: Draft, guidance: str) -> None:
    """Give a draft a rubric of one criterion, as a person marks by a rubric here.

    `guidance` is what graders are told, on one line.
    """
    draft.type = "essay"
    if draft.points <= 0:
        raise Refusal("it earns no points: expected more than 0 for a person to give")
    descriptors, headings = ((guidance,), ("Guidance",)) if guidance else ((), ())
    draft.answer = Essay((Criterion("Answer", draft.points, descriptors),), headings)
    draft.changed("a rubric of one criterion was made for it, as essays are marked by a rubric here")


def plain_answers(answer: Text, tally: Tally) -> list[str]:
    """Return the accepted answers of a text item as plain words for a format without patterns.

    A pattern that stands for a few words is spelled out and noted; any other raises Refusal.
    """
    found: list[str] = []
    for one in answer.alternatives:
        if not one.pattern:
            found.append(one.text)
            continue
        spelled = spelled_out(one.text)
        if spelled is None:
            raise Refusal(f"its pattern {one.text!r} stands for more words than can be listed")
        tally.changed(f"the pattern {one.text!r} is spelled out as {len(spelled)} plain answers")
        found += spelled
    return list(dict.fromkeys(found))
