"""Choice and order interactions become single, multiple, true-or-false and ordering items."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import islice, permutations
from typing import Any

from assessments.answers import Choices, Option, Ordering
from assessments.exchange.building import Weighted, short, single
from assessments.exchange.faults import Refusal
from assessments.exchange.qti.item import Item
from assessments.exchange.qti.scoring import Answers, Scoring, answer_of, near, probe, scoring, settle_credit, subsets
from assessments.exchange.qti.values import Declaration, Value
from assessments.types.truefalse import WORDS

_MOST_PERMUTED = 5
# Each pick is tried against all rules, so that their number bounds the time that an item takes.
_MOST_NAMED = 200


def choice(item: Item, interaction: Any) -> None:
    """Read a choiceInteraction."""
    one = item.declaration(interaction)
    names, texts, said = _options(item, interaction, "simpleChoice")
    _fixed(item, interaction, "simpleChoice", texts)
    limit = interaction.get("maxChoices", "1" if one.cardinality == "single" else "0")
    most = int(limit) if limit.isdigit() else 0
    if one.cardinality == "single" or most == 1:
        _single(item, one, names, texts, said)
        return
    if interaction.get("minChoices", "0") not in ("", "0", "1"):
        item.draft.changed(f"at least {interaction.get('minChoices')} options had to be picked; here any number may be")
    _multiple(item, one, names, texts, said, most)


def _options(item: Item, interaction: Any, name: str) -> tuple[list[str], list[str], dict[str, str]]:
    """Return identifiers, texts, and feedback within an option by identifier."""
    names, texts, said = [], [], {}
    for element in interaction.iter(name):
        identifier = element.get("identifier", "")
        if identifier in names:
            raise Refusal(f"the identifier {identifier!r} is given twice")
        names.append(identifier)
        texts.append(item.markdown(element))
        inner = [item.markdown(one) for one in element.iter("feedbackInline", "feedbackBlock")]
        if any(inner):
            said[identifier] = "\n\n".join(one for one in inner if one)
    return names, texts, said


def _fixed(item: Item, interaction: Any, name: str, texts: Sequence[str]) -> None:
    item.draft.shuffle = interaction.get("shuffle", "false") == "true"
    kept = [text for one, text in zip(interaction.iter(name), texts, strict=True) if _stays(one)]
    if len(kept) == len(texts):
        # Where every option keeps its place nothing is shuffled, whatever the interaction says.
        item.draft.shuffle = False
    if item.draft.shuffle and kept:
        item.draft.changed(f"the options that kept their place are shuffled with the others: {short(', '.join(kept))}")


def _stays(option: Any) -> bool:
    return bool(option.get("fixed", "false") == "true")


def _single(item: Item, one: Declaration, names: list[str], texts: list[str], said: dict[str, str]) -> None:
    answers: dict[str, Answers] = {name: {one.identifier: answer_of(one, name)} for name in names}
    found = scoring(item.program, _best(one, list(answers.values())), item.declared_points(), item.draft)
    feedback = _by_option(item, found, answers, said)
    single(
        item.draft,
        [
            Weighted(text, _rounded(probe(lambda name=name: found.share(answers[name]))), feedback.get(name))  # type: ignore[misc]
            for name, text in zip(names, texts, strict=True)
        ],
    )
    if len(texts) == 2 and {text.casefold() for text in texts} == WORDS:
        item.draft.type, item.draft.shuffle = "truefalse", True


def _best(one: Declaration, others: Sequence[Answers]) -> list[Answers]:
    """Return the answers of which one should earn all: the declared right one, and all the others."""
    declared: list[Answers] = [{one.identifier: one.correct}] if not one.correct.null else []
    return [*declared, *others]


def _rounded(share: Fraction) -> Fraction:
    return Fraction(1) if near(share, Fraction(1)) else share


def _multiple(
    item: Item, one: Declaration, names: list[str], texts: list[str], said: dict[str, str], most: int
) -> None:
    draft = item.draft
    worth = {name: one.mapped_value(Value((name,), "multiple")) for name in names} if one.mapped else {}
    key = [name for name in names if name in one.correct.items] or [name for name in names if worth.get(name, 0) > 0]
    picks = list(dict.fromkeys([*subsets(names, most, key), *_named(item, names)]))
    declared: list[Answers] = [{one.identifier: answer_of(one, *pick)} for pick in [key, *picks] if pick]
    found = scoring(item.program, declared, item.declared_points(), draft)
    shares = {pick: probe(lambda pick=pick: found.share({one.identifier: answer_of(one, *pick)})) for pick in picks}  # type: ignore[misc]
    best = max(shares.values())
    if not key or not near(shares.get(tuple(key), Fraction(0)), best):
        key = sorted((list(pick) for pick, share in shares.items() if near(share, best)), key=len)[0]
        if not one.correct.null:
            draft.changed(
                "the options it declares as right are not those that earn most by its rules; these are right now"
            )
    if most and most < len(names) and most != len(key):
        draft.changed(f"at most {most} options could be picked; here any number may be")
    elif most and most < len(names):
        draft.changed(f"at most {most} options could be picked, as many as are right; here any number may be")
    text_of = dict(zip(names, texts, strict=True))
    for pick, share in shares.items():
        if near(share, best) and set(pick) != set(key) and not set(pick) > set(key):
            draft.changed(
                "another pick earned all as well and no longer does: "
                + short(", ".join(text_of[name] for name in pick))
            )
    cases = []
    for pick, share in sorted(shares.items(), key=lambda pair: len(pair[0])):
        hits = sum(name in key for name in pick)
        ours = max(Fraction(0), Fraction(2 * hits - len(pick), len(key)))
        words = "picking " + short(", ".join(f"“{text_of[name]}”" for name in pick))
        cases.append((words, share, ours, set(pick) == set(key)))
    settle_credit(draft, cases, whole=True)
    answers: dict[str, Answers] = {name: {one.identifier: answer_of(one, name)} for name in names}
    feedback = _by_option(item, found, answers, said)
    draft.type = "multiple"
    draft.answer = Choices(
        tuple(Option(text, name in key, feedback.get(name)) for name, text in zip(names, texts, strict=True))
    )


def _named(item: Item, names: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the picks that the rules name as a whole, which among many options are not found by trying."""
    if item.program.rules is None:
        return []
    found = []
    for holder in islice(item.program.rules.iter("multiple"), _MOST_NAMED):
        said = {"".join(one.itertext()).strip() for one in holder.findall("baseValue")}
        found.append(tuple(name for name in names if name in said))
    return [pick for pick in found if pick]


def _by_option(item: Item, found: Scoring, answers: dict[str, Answers], said: dict[str, str]) -> dict[str, str]:
    """Return the feedback of each option: its own, and what is shown after picking it but not after every pick."""
    item.program = found.program if not item.program.missing else item.program
    shown = {name: item.shown_after(answer) for name, answer in answers.items()}
    everywhere = [text for text in next(iter(shown.values()), []) if all(text in one for one in shown.values())]
    everywhere = everywhere if len(shown) > 1 else []
    if everywhere:
        item.draft.rationale = "\n\n".join(everywhere)
    feedback: dict[str, str] = {}
    for name, texts in shown.items():
        own = [*([said[name]] if name in said else []), *(text for text in texts if text not in everywhere)]
        if own:
            feedback[name] = "\n\n".join(dict.fromkeys(own))
    placed = {text for texts in shown.values() for text in texts}
    for _, _, _, text in item.modal_feedback():
        if text and text not in placed:
            item.draft.changed(f"feedback that no single pick is shown is left out: “{short(text)}”")
    return feedback


def order(item: Item, interaction: Any) -> None:
    """Read an orderInteraction, all of whose choices are put in order."""
    draft = item.draft
    one = item.declaration(interaction)
    names, texts, said = _options(item, interaction, "simpleChoice")
    if said:
        draft.changed("feedback within its entries is left out")
    if interaction.get("shuffle", "false") != "true":
        draft.changed("its entries were shown in the file's order; here they are shuffled")
    else:
        kept = [text for element, text in zip(interaction.iter("simpleChoice"), texts, strict=True) if _stays(element)]
        if kept:
            draft.changed(f"the entries that kept their place are shuffled with the others: {short(', '.join(kept))}")
    key = list(one.correct.items)
    if not key and len(names) <= _MOST_PERMUTED:
        key = max(
            (list(row) for row in permutations(names)),
            key=lambda row: probe(lambda: item.program.score({one.identifier: answer_of(one, *row)})),
        )
    if sorted(key) != sorted(names):
        raise Refusal(f"its right answer puts {len(key)} of {len(names)} entries in order: expected all of them")
    found = scoring(item.program, [{one.identifier: answer_of(one, *key)}], item.declared_points(), draft)
    cases = []
    for row in _orders(key):
        share = probe(lambda row=row: found.share({one.identifier: answer_of(one, *row)}))  # type: ignore[misc]
        hits = sum(first == second for first, second in zip(row, key, strict=True))
        cases.append(("one wrong order", share, Fraction(hits, len(key)), row == key))
    settle_credit(draft, cases, whole=True)
    text_of = dict(zip(names, texts, strict=True))
    draft.type = "ordering"
    draft.answer = Ordering(tuple(text_of[name] for name in key))
    item.place_feedback({one.identifier: answer_of(one, *key)}, [{one.identifier: answer_of(one, *key[::-1])}])


def _orders(key: list[str]) -> list[list[str]]:
    found = [key, key[::-1], [*key[1:], key[0]], [key[1], key[0], *key[2:]]] if len(key) > 1 else [key]
    found += [[*key[:-2], key[-1], key[-2]]] if len(key) > 2 else []
    if len(key) <= _MOST_PERMUTED - 1:
        found += [list(row) for row in permutations(key)]
    return found
