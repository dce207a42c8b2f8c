"""One QTI 1 item becomes a draft, by its responses; how it is scored is found by running its rules."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from assessments.answers import Choices, Numeric, Option, Range
from assessments.exchange.authored.writing import decimal
from assessments.exchange.building import (
    Weighted,
    around,
    between,
    essay,
    left_out,
    matching,
    number,
    percent,
    short,
    single,
    words,
)
from assessments.exchange.draft import Draft
from assessments.exchange.faults import Refusal
from assessments.exchange.markup.reading import Media
from assessments.exchange.naming import one_line
from assessments.exchange.qti.processing import Unknown
from assessments.exchange.qti.scoring import near, settle_credit, subsets
from assessments.exchange.qti1.material import RESPONSES, Texts
from assessments.exchange.qti1.processing import Answers, Outcome, Program
from assessments.types.truefalse import WORDS

_PLACES = 25
# What no learner would type; it stands for any other answer.
_OTHER = "\u2603"
_KINDS: Mapping[str, str] = {
    "calculated_question": "its numbers are computed from a formula for each attempt, which items here cannot do",
    "file_upload_question": "it is answered by uploading a file",
    "text_only_question": "it asks nothing that is answered",
}
# The comment and the rights of an item are the file's own; all else is read.
_KNOWN = frozenset(
    "qticomment duration itemmetadata presentation resprocessing itemfeedback itemproc_extension".split()
)
_RENDERED = {
    "render_hotspot": "it is answered by pointing at a picture",
    "render_slider": "it is answered with a slider",
    "render_extension": "it is answered by a program of its own",
}


def fields_of(item: Any) -> dict[str, str]:
    """Return what the metadata of an item or assessment says, by its label."""
    found = {
        one_line(one.findtext("fieldlabel") or ""): one_line(one.findtext("fieldentry") or "")
        for one in item.iterfind(".//qtimetadatafield")
    }
    for one in item.iterfind("itemmetadata/*"):
        if one.text and not len(one):
            found.setdefault(one.tag, one_line(one.text))
    return found


@dataclass
class Question:
    """One item on its way to a draft."""

    item: Any
    draft: Draft
    texts: Texts
    program: Program
    fields: Mapping[str, str]
    said: dict[str, str] = field(default_factory=dict)

    def outcome(self, answers: Answers) -> Outcome:
        """Return what becomes of an answer; raises Refusal where the rules cannot be run."""
        try:
            return self.program.run(answers)
        except Unknown as fault:
            raise Refusal(f"its scoring has {fault}, which is not read here") from None

    def best_of(self, answers: Sequence[Answers]) -> Fraction:
        """Return the most that one of some answers earns, and set the points; raises Refusal where none earns."""
        best = max((self.outcome(one).score for one in answers), default=Fraction(0))
        if self.program.called:
            self.draft.changed("its rules give no score; the answers that they call correct earn the mark")
        if best <= 0:
            raise Refusal("no answer earns anything by its own rules: expected a right answer")
        said = number(self.fields.get("points_possible") or self.fields.get("qmd_absolutescore_max") or "")
        # Most systems score in per cent and say the points apart; where they do not, the rules' own score counts.
        self.draft.points = round(said, 4) if said is not None and said > 0 else round(best, 4)
        if said is not None and said <= 0:
            self.draft.points = Fraction(1)
            self.draft.changed(f"it was worth {float(said):g} points and is now worth 1")
        return best

    def shown(self, answers: Answers) -> list[str]:
        """Return the texts that are shown after an answer."""
        found = (self.said.get(one, "") for one in self.outcome(answers).shown)
        return list(dict.fromkeys(one for one in found if one))

    def place(self, right: Answers, others: Sequence[Answers]) -> None:
        """Keep feedback that every answer is shown as the explanation, and name all other."""
        everywhere = [text for text in self.shown(right) if all(text in self.shown(one) for one in others)]
        self.draft.rationale = "\n\n".join(everywhere) or None
        self.left_out(everywhere)

    def left_out(self, kept: Sequence[str]) -> None:
        """Name feedback that has no place here."""
        for text in self.said.values():
            if text and text not in kept:
                self.draft.changed(f"feedback for some answers only is left out: “{short(text)}”")


def fill(draft: Draft, item: Any, media: Media) -> None:
    """Read a normalised item into a draft; raises Refusal where it cannot be one of ours."""
    fields = fields_of(item)
    kind = fields.get("question_type") or fields.get("cc_profile") or fields.get("bbmd_questiontype") or ""
    draft.origin = kind or draft.origin
    if kind in _KINDS:
        raise Refusal(f"{_KINDS[kind]} ({kind})")
    shown = item.find("presentation")
    if shown is None:
        raise Refusal("it has no presentation: expected what is asked")
    responses = list(shown.iter(*RESPONSES))
    once = frozenset(one.get("ident", "") for one in responses if one.get("rcardinality", "Single").lower() == "single")
    texts = Texts(draft, media)
    question = Question(item, draft, texts, Program(item.find("resprocessing"), once), fields)
    question.said = {one.get("ident", ""): texts.blocks(one) for one in item.findall("itemfeedback")}
    draft.stem = texts.blocks(shown)
    left_out(draft, item, _KNOWN)
    _reader(question, responses)(question, responses)


def _reader(question: Question, responses: Sequence[Any]) -> Callable[[Question, Sequence[Any]], None]:
    if not responses:
        raise Refusal("it has no response: it asks nothing that is answered")
    for one in responses:
        for name, reason in _RENDERED.items():
            if one.find(f".//{name}") is not None:
                raise Refusal(f"{reason}, which no item type here can hold")
        if one.tag in ("response_xy", "response_grp"):
            raise Refusal(f"its response is a {one.tag}: expected options, a text or a number")
    if len(responses) > 1:
        # Gaps of a text are responses with options as well; they name a place of it and have no text of their own.
        pairs = question.fields.get("question_type", "matching_question") == "matching_question"
        if pairs and all(one.tag == "response_lid" for one in responses):
            return _matching
        raise Refusal(f"it asks {len(responses)} things at once: expected one response, or prompts to match")
    if responses[0].tag == "response_lid":
        return _multiple if responses[0].get("rcardinality", "Single").lower() == "multiple" else _single
    typed = [one for one in _tests(question) if one.tag != "other"]
    if not typed:
        return _essay
    kind = (responses[0].find(".//render_fib"), responses[0])
    numeric = any(one is not None and one.get("fibtype", "").lower() in ("decimal", "integer") for one in kind)
    named = "numeric" in question.draft.origin.lower() or "numerical" in question.draft.origin.lower()
    return _numeric if numeric or named or responses[0].tag == "response_num" else _text


def _tests(question: Question) -> list[Any]:
    """Return every test of the rules that does not ask how tests hold together."""
    rules = question.program.rules
    if rules is None:
        return []
    return [
        one for one in rules.iter() if isinstance(one.tag, str) and (one.tag.startswith("var") or one.tag == "other")
    ]


def _labels(question: Question, response: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in response.iter("response_label"):
        name = one.get("ident", "")
        if name in found:
            raise Refusal(f"the identifier {name!r} is given twice")
        found[name] = question.texts.blocks(one)
    if len(found) < 2:
        raise Refusal(f"it has {len(found)} options: expected two or more")
    return found


def _options(question: Question, response: Any) -> tuple[str, dict[str, str], dict[str, list[str]]]:
    """Return the response's name, its options, and what is shown after picking each of them alone."""
    name = response.get("ident", "")
    options = _labels(question, response)
    choice = response.find(".//render_choice")
    question.draft.shuffle = choice is not None and choice.get("shuffle", "No").lower() == "yes"
    return name, options, {one: question.shown({name: (one,)}) for one in options}


def _said_to(question: Question, shown: Mapping[str, Sequence[str]]) -> dict[str, str | None]:
    """Return the feedback of each option: what is shown after it and not after all; that becomes the explanation."""
    everywhere = [text for text in next(iter(shown.values())) if all(text in one for one in shown.values())]
    question.draft.rationale = "\n\n".join(everywhere) or None
    question.left_out([text for one in shown.values() for text in one])
    return {
        name: "\n\n".join(text for text in found if text not in everywhere) or None for name, found in shown.items()
    }


def _single(question: Question, responses: Sequence[Any]) -> None:
    name, options, shown = _options(question, responses[0])
    answers: dict[str, Answers] = {one: {name: (one,)} for one in options}
    best = question.best_of(list(answers.values()))
    feedback = _said_to(question, shown)
    single(
        question.draft,
        [Weighted(text, question.outcome(answers[one]).score / best, feedback[one]) for one, text in options.items()],
    )
    if len(options) == 2 and {text.casefold() for text in options.values()} == WORDS:
        question.draft.type, question.draft.shuffle = "truefalse", True


def _multiple(question: Question, responses: Sequence[Any]) -> None:
    name, options, shown = _options(question, responses[0])
    named = [one for one in options if any((test.text or "").strip() == one for test in _wanted(question))]
    picks = list(dict.fromkeys([*subsets(list(options), 0, named), tuple(named)]))
    scores = {pick: question.outcome({name: pick}).score for pick in picks if pick}
    best = question.best_of([{name: pick} for pick in scores])
    key = min((pick for pick, score in scores.items() if score == best), key=len)
    cases = []
    for pick, score in sorted(scores.items(), key=lambda pair: len(pair[0])):
        hits = sum(one in key for one in pick)
        ours = max(Fraction(0), Fraction(2 * hits - len(pick), len(key)))
        said = "picking " + short(", ".join(f"“{options[one]}”" for one in pick))
        cases.append((said, score / best, ours, set(pick) == set(key)))
    settle_credit(question.draft, cases, whole=True)
    feedback = _said_to(question, shown)
    question.draft.type = "multiple"
    question.draft.answer = Choices(tuple(Option(text, one in key, feedback[one]) for one, text in options.items()))


def _wanted(question: Question) -> list[Any]:
    """Return the tests for equality that do not stand within a `not`."""
    return [
        one
        for one in _tests(question)
        if one.tag == "varequal" and not any(up.tag == "not" for up in one.iterancestors())
    ]


def _matching(question: Question, responses: Sequence[Any]) -> None:
    prompts: list[tuple[str, str]] = []
    choices: dict[str, str] = {}
    full: dict[str, tuple[str, ...]] = {}
    for one in responses:
        name, prompt = one.get("ident", ""), question.texts.phrase(one)
        labels = {label.get("ident", ""): question.texts.phrase(label) for label in one.iter("response_label")}
        if not prompt or not labels:
            raise Refusal("a prompt to match has no text or no choices")
        choices |= labels
        right = max(labels, key=lambda label, name=name: question.outcome({name: (label,)}).score)  # type: ignore[misc]
        if question.outcome({name: (right,)}).score <= question.outcome({}).score:
            raise Refusal(f"no choice for “{short(prompt)}” earns anything: expected a right one")
        full[name] = (right,)
        prompts.append((prompt, labels[right]))
    best = question.best_of([full])
    cases = [("all pairs", Fraction(1), Fraction(1), True)]
    for place, name in enumerate(full, 1):
        share = question.outcome({name: full[name]}).score / best
        cases.append((f"pair {place} alone", share, Fraction(1, len(full)), len(full) == 1))
    settle_credit(question.draft, cases, whole=True)
    question.place(full, [{}, dict.fromkeys(full, (_OTHER,))])
    used = [right for _, right in prompts]
    matching(question.draft, prompts, [text for text in dict.fromkeys(choices.values()) if text not in used])


def _text(question: Question, responses: Sequence[Any]) -> None:
    name = responses[0].get("ident", "")
    plain = list(dict.fromkeys((one.text or "").strip() for one in _wanted(question)))
    for one in _tests(question):
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
    question.place({name: (right,)}, [{name: (_OTHER,)}])


def _numeric(question: Question, responses: Sequence[Any]) -> None:
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
    return any(number(one.text or "") == value for one in _wanted(question))


def _spans(question: Question) -> list[tuple[Fraction, Fraction]]:
    """Return single numbers and the pairs of bounds that stand together in the rules."""
    found: list[tuple[Fraction, Fraction]] = []
    for one in _wanted(question):
        value = number(one.text or "")
        if value is None:
            raise Refusal(f"its answer “{short(one.text or '')}” is no number")
        found.append((value, value))
    for holder in {id(one.getparent()): one.getparent() for one in _tests(question)}.values():
        lows = [number(one.text or "") for one in holder if one.tag in ("vargte", "vargt")]
        highs = [number(one.text or "") for one in holder if one.tag in ("varlte", "varlt")]
        if len(lows) == len(highs) == 1 and lows[0] is not None and highs[0] is not None and lows[0] <= highs[0]:
            found.append((lows[0], highs[0]))
    return list(dict.fromkeys(found))


def _essay(question: Question, responses: Sequence[Any]) -> None:
    draft = question.draft
    said = number(question.fields.get("points_possible") or question.fields.get("qmd_absolutescore_max") or "")
    draft.points = round(said, 4) if said is not None and said > 0 else Fraction(1)
    essay(draft, "")
    name = responses[0].get("ident", "")
    question.place({name: (_OTHER,)}, [{}])
