"""Options, prompts to match and gaps of QTI 1 become single, multiple, true-or-false, matching and cloze items."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from assessments.answers import Choices, Gap, Option
from assessments.exchange.building import Weighted, cloze, matching, short, single
from assessments.exchange.faults import Refusal
from assessments.exchange.naming import one_line
from assessments.exchange.qti.scoring import settle_credit, subsets
from assessments.exchange.qti1.item import OTHER, Question, wanted_of
from assessments.exchange.qti1.processing import Answers
from assessments.types.truefalse import WORDS

# Each option is tried against all rules, so that their number bounds the time that an item takes.
MOST_OPTIONS = 100


def _labels(question: Question, response: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in response.iter("response_label"):
        name = one.get("ident", "")
        if name in found:
            raise Refusal(f"the identifier {name!r} is given twice")
        found[name] = question.texts.blocks(one)
    if len(found) > MOST_OPTIONS:
        raise Refusal(f"it has {len(found)} options: expected at most {MOST_OPTIONS}")
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


def pick_one(question: Question, responses: Sequence[Any]) -> None:
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


def pick_several(question: Question, responses: Sequence[Any]) -> None:
    name, options, shown = _options(question, responses[0])
    named = [one for one in options if any((test.text or "").strip() == one for test in wanted_of(question))]
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


def pairs(question: Question, responses: Sequence[Any]) -> None:
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
    question.place(full, [{}, dict.fromkeys(full, (OTHER,))])
    used = [right for _, right in prompts]
    matching(question.draft, prompts, [text for text in dict.fromkeys(choices.values()) if text not in used])


def gap_name(response: Any) -> str:
    """Return the name by which a text marks the place of a gap, such as `[dose]`; empty where it can have none."""
    name = response.get("ident", "")
    return name.removeprefix("response_") if name.startswith("response_") else ""


def marked(question: Question, responses: Sequence[Any]) -> str | None:
    shown = question.item.find("presentation")
    return question.texts.with_gaps(shown, [gap_name(one) for one in responses])


def gaps(question: Question, responses: Sequence[Any]) -> None:
    """Read the gaps of Canvas: places of a text, each with words that are picked, or that are accepted when typed."""
    draft = question.draft
    typed = question.fields.get("question_type") == "fill_in_multiple_blanks_question"
    full: dict[str, tuple[str, ...]] = {}
    made: list[Gap] = []
    for place, one in enumerate(responses, 1):
        name = one.get("ident", "")
        labels = {label.get("ident", ""): one_line("".join(label.itertext())) for label in one.iter("response_label")}
        scores = {label: question.outcome({name: (label,)}).score for label in labels}
        best = max(scores.values(), default=Fraction(0))
        right = [label for label, score in scores.items() if score == best]
        if best <= question.outcome({}).score:
            raise Refusal(f"no answer of gap {place} is right: expected one")
        picked = not typed or any(
            label.get("answer_type", "openEntry") != "openEntry" for label in one.iter("response_label")
        )
        if picked:
            others = [text for label, text in labels.items() if label not in right]
            draft.changed(f"gap {place} was picked from a list and is now typed; left out: {short(', '.join(others))}")
        elif len(labels) > len(right):
            # Canvas accepts every answer that it lists, and names only the first in the rules that it writes.
            draft.changed(f"every answer that is listed for gap {place} is accepted, though the rules name one")
            right = list(labels)
        answers = list(dict.fromkeys(labels[label] for label in right))
        for text in answers:
            if "|" in text or "}}" in text or not text:
                raise Refusal(f"the answer “{short(text)}” of gap {place} cannot be typed into a gap here")
        full[name] = (right[0],)
        made.append(Gap(tuple(answers)))
    best = question.best_of([full])
    share = Fraction(1, len(full))
    cases = [("all gaps", Fraction(1), Fraction(1), True)]
    for place, name in enumerate(full, 1):
        alone = question.outcome({name: full[name]}).score / best
        cases.append((f"gap {place} alone", alone, share, len(full) == 1))
    settle_credit(draft, cases, whole=True)
    question.place(full, [{}, dict.fromkeys(full, (OTHER,))])
    draft.stem = marked(question, responses) or draft.stem
    cloze(draft, made, case=False)
