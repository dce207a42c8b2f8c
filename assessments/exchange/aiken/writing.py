"""Items become Aiken questions: only those with one right option, and only their bare words."""

from assessments.answers import Choices
from assessments.exchange.aiken.reading import ANSWER, OPTION
from assessments.exchange.faults import Refusal
from assessments.exchange.markup.writing import Render, plain_words
from assessments.exchange.outgoing import Outgoing, Written, each_item
from assessments.exchange.record import Tally
from assessments.model import Item

_MOST = 26


def write_aiken(outgoing: Outgoing) -> Written:
    """Return the file and what became of each item."""
    cases = {one.id: one.stem for one in outgoing.bank.cases}

    def one_item(item: Item, tally: Tally) -> str:
        return _question(item, cases.get(item.case_id or ""), outgoing.render, tally)

    pieces, outcomes = each_item(outgoing.bank.items, one_item)
    return Written("\n\n".join(pieces).encode("utf-8") + b"\n", ".txt", outcomes)


def _question(item: Item, vignette: str | None, render: Render, tally: Tally) -> str:
    if item.type not in ("single", "truefalse") or not isinstance(item.answer, Choices):
        raise Refusal(f"Aiken holds only questions with one right option, not items of the type {item.type}")
    options = item.answer.options
    if len(options) > _MOST:
        raise Refusal(f"it has {len(options)} options: expected at most one for each letter")
    stem = _words(item.stem, render, tally)
    if vignette is not None:
        stem = f"{_words(vignette, render, tally)} {stem}"
        tally.changed("the text of its case stands before its own, as Aiken has no cases")
    if OPTION.match(stem) or ANSWER.match(stem):
        raise Refusal("its text begins as an option or answer line does")
    letters = [chr(ord("A") + place) for place in range(len(options))]
    rows = [f"{letter}. {_words(one.text, render, tally)}" for letter, one in zip(letters, options, strict=True)]
    key = next((letter for letter, one in zip(letters, options, strict=True) if one.right), None)
    if key is None:
        raise Refusal("no option of it is right")
    _left_out(item, stem, tally)
    return "\n".join([stem, *rows, f"ANSWER: {key}"])


def _words(text: str, render: Render, tally: Tally) -> str:
    words, lost = plain_words(text, render)
    if not words:
        raise Refusal("one of its texts has no words, and Aiken holds nothing else")
    if lost:
        tally.changed("emphasis, paragraphs, formulas and pictures became plain words on one line")
    return words


def _left_out(item: Item, stem: str, tally: Tally) -> None:
    assert isinstance(item.answer, Choices)
    left = []
    if item.type == "truefalse":
        tally.changed("it is an ordinary question with two options there")
    if item.title and item.title not in (stem, stem[:59].rstrip() + "…"):
        left.append("title")
    if item.rationale:
        left.append("explanation")
    if any(one.feedback for one in item.answer.options):
        left.append("feedback")
    if item.points != 1:
        left.append("points")
    if item.competency or item.level:
        left.append("competency and level")
    if item.objectives:
        left.append("objectives")
    if item.tags:
        left.append("tags")
    if not item.shuffle and item.type == "single":
        left.append("the fixed order of its options")
    if left:
        tally.changed(f"left out, as Aiken has no place for it: {', '.join(left)}")
