"""Match, associate and gap-match interactions become matching and cloze items."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from assessments.answers import Gap
from assessments.exchange.building import cloze, matching, short
from assessments.exchange.faults import Refusal
from assessments.exchange.naming import one_line
from assessments.exchange.qti.item import Item
from assessments.exchange.qti.scoring import answer_of, probe, scoring, settle_credit
from assessments.exchange.qti.values import Declaration
from assessments.types.cloze import CLOSE, OPEN

Pair = tuple[str, str]


def match(item: Item, interaction: Any) -> None:
    """Read a matchInteraction: the first set are the prompts, the second the choices."""
    one = item.declaration(interaction)
    sets = interaction.findall("simpleMatchSet")
    if len(sets) != 2:
        raise Refusal(f"it has {len(sets)} sets to match: expected two")
    left, right = (
        {
            choice.get("identifier", ""): item.markdown(choice, phrase=True)
            for choice in one_set.iter("simpleAssociableChoice")
        }
        for one_set in sets
    )
    key = _key(one, [(first, second) for first in left for second in right])
    sources = [first for first, _ in key]
    if sorted(sources) != sorted(left):
        turned = [second for _, second in key]
        if sorted(turned) != sorted(right):
            raise Refusal("its prompts have not one right answer each: expected one for every prompt")
        # Each of the second set has one partner: these are the prompts then.
        item.draft.changed("the second set of choices became the prompts, as each of it has one partner")
        pairs = [(right[second], left[first]) for first, second in key]
        others = [text for name, text in left.items() if name not in sources]
    else:
        key.sort(key=lambda pair: list(left).index(pair[0]))
        pairs = [(left[first], right[second]) for first, second in key]
        others = [text for name, text in right.items() if name not in [second for _, second in key]]
    wrong = [(first, second) for first in left for second in right if (first, second) not in key]
    _credit(item, one, key, wrong)
    matching(item.draft, pairs, others)


def associate(item: Item, interaction: Any) -> None:
    """Read an associateInteraction whose right pairs use each choice once: the first of each pair is the prompt."""
    one = item.declaration(interaction)
    texts = {
        choice.get("identifier", ""): item.markdown(choice, phrase=True)
        for choice in interaction.iter("simpleAssociableChoice")
    }
    key = _key(one, [(first, second) for first in texts for second in texts if first < second])
    used = [name for pair in key for name in pair]
    if len(set(used)) != len(used):
        raise Refusal("a choice stands in several of its right pairs: expected each in one")
    item.draft.changed("any two choices could be paired; here the first of each right pair is a prompt for the second")
    wrong = [(key[0][0], second) for _, second in key[1:]]
    _credit(item, one, key, wrong)
    others = [text for name, text in texts.items() if name not in used]
    matching(item.draft, [(texts[first], texts[second]) for first, second in key], others)


def gap_match(item: Item, interaction: Any) -> None:
    """Read a gapMatchInteraction: words that were dragged into gaps are typed into them."""
    one = item.declaration(interaction)
    words = {
        choice.get("identifier", ""): one_line("".join(choice.itertext())) for choice in interaction.iter("gapText")
    }
    if interaction.find(".//gapImg") is not None:
        raise Refusal("pictures are dragged into its gaps, which cannot be typed")
    names = [gap.get("identifier", "") for gap in interaction.iter("gap")]
    key = _key(one, [(first, second) for first in words for second in names])
    filled = {second: first for first, second in key}
    if sorted(second for _, second in key) != sorted(names):
        raise Refusal("its gaps have not one right word each: expected one for every gap")
    gaps = []
    for name in names:
        text = words.get(filled[name], "")
        if not text or "|" in text or "}}" in text:
            raise Refusal(f"the words “{short(text)}” cannot be typed into a gap here")
        gaps.append(Gap((text,)))
    places = iter(range(1, len(names) + 1))

    def special(element: Any) -> str | None:
        if element.tag == "gap":
            return f"{OPEN}{next(places)}{CLOSE}"
        if element.tag in ("gapText", "prompt"):
            return ""
        return item.quiet(element) if element is not interaction else None

    left_out = [text for name, text in words.items() if name not in filled.values()]
    item.draft.changed(
        "its words were dragged from a list and are now typed"
        + (f"; left out: {short(', '.join(left_out))}" if left_out else "")
    )
    _credit(item, one, key, [(first, second) for first in words for second in names if (first, second) not in key])
    prompt = interaction.find("prompt")
    parts = [item.markdown(prompt) if prompt is not None else "", item.markdown(item.body, special)]
    item.draft.stem = "\n\n".join(part for part in parts if part)
    cloze(item.draft, gaps, case=False)


def _key(one: Declaration, possible: Sequence[Pair]) -> list[Pair]:
    """Return the right pairs: those declared, else those that are worth something."""
    key: list[Pair] = list(one.correct.items) or [entry.key for entry in one.entries if entry.value > 0]
    if one.base == "pair":
        known = {frozenset(pair): pair for pair in possible}
        key = [pair if pair in possible else known.get(frozenset(pair), pair) for pair in key]
    else:
        turned = [(second, first) for first, second in key]
        key = turned if all(pair in possible for pair in turned) and key and key[0] not in possible else key
    if not key or any(pair not in possible for pair in key):
        raise Refusal("its right pairs are not among its choices: expected a right answer or a mapping")
    return key


def _credit(item: Item, one: Declaration, key: list[Pair], wrong: Sequence[Pair]) -> None:
    """Find how parts are paid: alone, all together, and with a wrong pair beside."""
    # Declared pairs may be turned around against ours; the program is asked in the order of the declaration.
    declared = {frozenset(pair): pair for pair in [*one.correct.items, *(entry.key for entry in one.entries)]}

    def answer(pairs: Sequence[Pair]) -> dict[str, Any]:
        return {one.identifier: answer_of(one, *(declared.get(frozenset(pair), pair) for pair in pairs))}

    found = scoring(item.program, [answer(key)], item.declared_points(), item.draft)
    cases = []
    for pairs, hits in [
        *(([pair], 1) for pair in key), (key, len(key)), (key[:-1], len(key) - 1),
        *(([*key[:-1], pair], len(key) - 1) for pair in wrong if pair[0] == key[-1][0] or pair[1] == key[-1][1]),
        *(([pair], 0) for pair in wrong[:20]),
    ]:  # fmt: skip
        if pairs:
            share = probe(lambda pairs=pairs: found.share(answer(pairs)))  # type: ignore[misc]
            cases.append((f"{hits} right of {len(pairs)} pairs", share, Fraction(hits, len(key)), hits == len(key)))
    settle_credit(item.draft, cases, whole=True)
    item.place_feedback(answer(key), [answer([pair]) for pair in wrong[:1]])
