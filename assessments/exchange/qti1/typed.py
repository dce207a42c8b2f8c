"""Texts, numbers and essays of QTI 1."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from assessments.answers import Numeric, Range
from assessments.exchange.authored.writing import decimal
from assessments.exchange.building import Weighted, around, between, essay, number, percent, short, words
from assessments.exchange.faults import Refusal
from assessments.exchange.qti.scoring import near
from assessments.exchange.qti1.item import OTHER, Question, tests_of, wanted_of
from assessments.exchange.qti1.processing import Answers

_PLACES = 25


def typed_text(question: Question, responses: Sequence[Any]) -> None:
    name = responses[0].get("ident", "")
    plain = list(dict.fromkeys((one.text or "").strip() for one in wanted_of(question)))
    for one in tests_of(question):
        if one.tag not in ("varequal", "other"):
            raise Refusal(f"its text is compared by {one.tag}: expected whole answers")
    best = question.best_of([{name: (text,)} for text in plain])
    shares = {text: question.outcome({name: (text,)}).score / best for text in plain}
    turned = [text for text in plain if text.swapcase() != text and shares[text]]
    exact = [not near(question.outcome({name: (text.swapcase(),)}).score / best, shares[text]) for text in turned]
    if any(exact) and not all(exact):
        question.draft.changed("capital letters mattered in some of its answers and now matter in none")
    words(question.draft, [Weighted(text, share) for text, share in shares.items()], case=bool(exact) and all(exact))
    right = next(text for text, share in shares.items() if near(share, Fraction(1)))
    question.place({name: (right,)}, [{name: (OTHER,)}])


def typed_numeric(question: Question, responses: Sequence[Any]) -> None:
    draft, name = question.draft, responses[0].get("ident", "")

    def answer(value: Fraction) -> Answers:
        return {name: (decimal(round(value, _PLACES), _PLACES) or "",)}

    spans = _spans(question)
    if not spans:
        raise Refusal("its numbers are scored by a rule that gives no range: expected a value with a tolerance")
    middles = {span: (span[0] + span[1]) / 2 for span in spans}
    best = question.best_of([answer(one) for one in middles.values()])
    shares = {span: question.outcome(answer(middle)).score / best for span, middle in middles.items()}
    full = [span for span in spans if near(shares[span], Fraction(1))]
    ranges: list[Range] = []
    for span, share in shares.items():
        low, high = span
        if share and span not in full:
            draft.changed(f"numbers around {float(middles[span]):g} earned {percent(share)} and now earn nothing")
        if span not in full or any(other[0] <= low and high <= other[1] for other in full if other != span):
            continue
        if not all(near(question.outcome(answer(end)).score / best, Fraction(1)) for end in span):
            draft.changed("the ends of its range were not accepted and now are")
        middle = middles[span]
        ranges.append(
            around(draft, middle, (high - low) / 2) if _written(question, middle) else between(draft, low, high)
        )
    draft.type = "numeric"
    draft.answer = Numeric(tuple(dict.fromkeys(ranges)), "")
    question.place(answer(middles[full[0]]), [answer(max(high for _, high in spans) + 1_000_003)])


def _written(question: Question, value: Fraction) -> bool:
    return any(number(one.text or "") == value for one in wanted_of(question))


def _spans(question: Question) -> list[tuple[Fraction, Fraction]]:
    """Return single numbers and the pairs of bounds that stand together in the rules."""
    found: list[tuple[Fraction, Fraction]] = []
    for one in wanted_of(question):
        value = number(one.text or "")
        if value is None:
            raise Refusal(f"its answer “{short(one.text or '')}” is no number")
        found.append((value, value))
    for holder in {id(one.getparent()): one.getparent() for one in tests_of(question)}.values():
        lows = [number(one.text or "") for one in holder if one.tag in ("vargte", "vargt")]
        highs = [number(one.text or "") for one in holder if one.tag in ("varlte", "varlt")]
        if len(lows) == len(highs) == 1 and lows[0] is not None and highs[0] is not None and lows[0] <= highs[0]:
            found.append((lows[0], highs[0]))
    return list(dict.fromkeys(found))


def typed_essay(question: Question, responses: Sequence[Any]) -> None:
    draft = question.draft
    said = question.worth
    draft.points = round(said, 4) if said is not None and said > 0 else Fraction(1)
    essay(draft, "")
    name = responses[0].get("ident", "")
    question.place({name: (OTHER,)}, [{}])
