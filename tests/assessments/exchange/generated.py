"""Banks of every item type, made by Hypothesis in the shapes that our reader gives."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import strategies as st

from assessments.answers import (
    Alternative,
    Branch,
    Branching,
    Choices,
    Cloze,
    Concordance,
    Criterion,
    Essay,
    Gap,
    Matching,
    Numeric,
    Option,
    Ordering,
    Prompt,
    Step,
    Text,
)
from assessments.exchange.building import around, between
from assessments.exchange.draft import Draft
from assessments.model import Bank, Case, Item
from assessments.types.cloze import CLOSE, OPEN

WORDS = (
    "alert", "order set", "the *first* step", "**never** twice", "a < b & c", "H<sub>2</sub>O", "`code`", "$x^2$",
    "5 mg/L", "R&D", "naïve café", "日本語", "“quoted”", "it's", "50 %", "a_b", "C#", "x = y", "1.5", "[link](https://example.org/a)",
)  # fmt: skip

phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
stems = st.lists(phrases, min_size=1, max_size=3).map("\n\n".join)
short_texts = st.lists(phrases, min_size=2, max_size=5, unique=True)
plain = st.text("abcdefgh ijkÄé0123456789-'().,", min_size=1, max_size=12).map(str.strip).filter(bool)
titles = st.lists(
    st.sampled_from(["Alerts", "naïve", "order", "2", "(old)", "C#", "A & B"]), min_size=1, max_size=3
).map(" ".join)
maybe_text = st.none() | stems


@st.composite
def choices(draw: st.DrawFn, kind: str) -> Choices:
    texts = draw(short_texts)
    least = 1
    right = draw(
        st.sets(st.integers(0, len(texts) - 1), min_size=least, max_size=1 if kind == "single" else len(texts))
    )
    if kind == "truefalse":
        truth = draw(st.booleans())
        return Choices((Option("True", truth, draw(maybe_text)), Option("False", not truth, draw(maybe_text))))
    return Choices(tuple(Option(one, place in right, draw(maybe_text)) for place, one in enumerate(texts)))


@st.composite
def numbers(draw: st.DrawFn) -> Numeric:
    decimals = st.decimals(-10_000, 10_000, places=3).map(Fraction)
    ranges = []
    for _ in range(draw(st.integers(1, 2))):
        value, width = draw(decimals), abs(draw(decimals))
        draft = Draft("", "")
        made = around(draft, value, width) if draw(st.booleans()) else between(draft, value, value + width)
        if (made.low, made.high) not in [(one.low, one.high) for one in ranges]:
            ranges.append(made)
    return Numeric(tuple(ranges), draw(st.sampled_from(["", "mL/h", "%", "units per hour"])))


@st.composite
def words(draw: st.DrawFn) -> Text:
    found = draw(st.lists(plain, min_size=1, max_size=3, unique=True))
    patterns = draw(st.lists(st.sampled_from(["[ab]+c?", r"o\.k\.", "(a|b) c"]), max_size=1))
    return Text(
        (*(Alternative(one) for one in found), *(Alternative(one, True) for one in patterns)), draw(st.booleans())
    )


@st.composite
def pairs(draw: st.DrawFn) -> Matching:
    left = draw(short_texts)
    right = draw(short_texts)
    places: dict[int, int] = {}
    prompts = []
    for one in left:
        prompts.append(Prompt(one, places.setdefault(draw(st.integers(0, len(right) - 1)), len(places))))
    order = [*places, *(place for place in range(len(right)) if place not in places)]
    return Matching(tuple(prompts), tuple(right[one] for one in order), "Prompt", "Answer")


@st.composite
def gapped(draw: st.DrawFn) -> tuple[str, Cloze]:
    count = draw(st.integers(1, 3))
    stem = draw(phrases) + "".join(f" {OPEN}{one}{CLOSE} {draw(phrases)}" for one in range(1, count + 1))
    gaps = tuple(Gap(tuple(draw(st.lists(plain, min_size=1, max_size=2, unique=True)))) for _ in range(count))
    return stem, Cloze(gaps, draw(st.booleans()))


@st.composite
def rubric(draw: st.DrawFn) -> Essay:
    headings = tuple(draw(st.lists(phrases, max_size=2)))
    points = st.integers(1, 40).map(lambda one: Fraction(one, 4))
    criteria = [Criterion(one, draw(points), tuple(draw(phrases) for _ in headings)) for one in draw(short_texts)]
    return Essay(tuple(criteria), headings)


@st.composite
def items(draw: st.DrawFn, item_id: str = "q", kinds: tuple[str, ...] | None = None) -> Item:
    kind = draw(st.sampled_from(kinds or KINDS))
    stem = draw(stems)
    if kind in ("single", "multiple", "truefalse"):
        answer = draw(choices(kind))
    elif kind == "cloze":
        stem, answer = draw(gapped())
    else:
        answer = draw(ANSWERS[kind])
    points = sum((one.points for one in answer.criteria), Fraction(0)) if isinstance(answer, Essay) else None
    return Item(
        id=item_id, type=kind, title=draw(titles), stem=stem,
        competency=draw(st.sampled_from([None, "B1"])), level=draw(st.sampled_from([None, 1, 5])),
        points=points or draw(st.sampled_from([Fraction(1), Fraction(5, 2), Fraction(3)])),
        tags=tuple(draw(st.lists(st.sampled_from(["safety", "alerts", "go-live"]), max_size=2, unique=True))),
        shuffle=draw(st.booleans()), partial=draw(st.booleans()), rationale=draw(maybe_text), case_id=None,
        answer=answer, path="", line=0,
        objectives=draw(st.sampled_from([(), (2,), (1, 4)])),
    )  # fmt: skip


ANSWERS = {
    "numeric": numbers(),
    "text": words(),
    "matching": pairs(),
    "ordering": short_texts.map(lambda texts: Ordering(tuple(texts))),
    "concordance": st.lists(st.integers(0, 9), min_size=5, max_size=5).filter(any).map(lambda v: Concordance(tuple(v))),
    "essay": rubric(),
}
KINDS = ("single", "multiple", "truefalse", "cloze", *ANSWERS)


@st.composite
def banks(draw: st.DrawFn, kinds: tuple[str, ...] | None = None) -> Bank:
    """A bank of some items, one of them perhaps under a case."""
    found = [draw(items(f"q-{place}", kinds)) for place in range(draw(st.integers(1, 3)))]
    cases: tuple[Case, ...] = ()
    if draw(st.booleans()):
        cases = (Case("night", draw(titles), draw(stems)),)
        found[0] = replace(found[0], case_id="night")
    return Bank(tuple(found), cases)


@st.composite
def paths(draw: st.DrawFn) -> Bank:
    """A case with a branching path of two steps."""
    texts = draw(short_texts)
    last = Step(
        "end", "End", draw(stems), (Branch("Yes", True, draw(maybe_text), None), Branch("No", False, None, None))
    )
    first = Step(
        "start", "Start", draw(stems),
        tuple(Branch(one, place == 0, draw(maybe_text), "end" if place else None) for place, one in enumerate(texts)),
    )  # fmt: skip
    model = replace(draw(items("start", ("single",))), type="branching", case_id="night")
    made = (
        replace(model, id="start", title="Start", stem=first.stem, answer=Branching((first, last))),
        replace(model, id="end", title="End", stem=last.stem, answer=Branching((last,), follower=True)),
    )
    return Bank(made, (Case("night", "Night", draw(stems)),))


def placeless(bank: Bank) -> Bank:
    """The same bank without where things stand."""
    return Bank(
        tuple(replace(one, path="", line=0) for one in bank.items),
        tuple(replace(one, path="", line=0) for one in bank.cases),
    )
