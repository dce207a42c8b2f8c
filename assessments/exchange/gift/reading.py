"""GIFT questions become drafts, each by the form of its answers."""

import re
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from assessments.answers import Gap, Numeric, Range
from assessments.exchange.building import (
    Weighted,
    between,
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
    wildcard,
    words,
)
from assessments.exchange.draft import Draft, Reading
from assessments.exchange.faults import ExchangeError, Refusal
from assessments.exchange.gift.blocks import Block, blocks, plain
from assessments.exchange.markup.escaping import clean
from assessments.exchange.markup.formatted import as_html, fitted
from assessments.exchange.markup.reading import Markdown
from assessments.exchange.naming import one_line
from assessments.exchange.pictures import in_text
from assessments.types.cloze import CLOSE, OPEN

_PART = re.compile(r"[~=]")
_SHARE = re.compile(r"\s*%(-?\d+(?:\.\d+)?)%")
_FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
# A number followed by one word, such as mL/h or units per hour, has it as its unit.
_UNIT = re.compile(r"(?![.,;:!?])[^\s\d<>|±+\-−.,;:!?]\S*(?<![.,;:!?])(?: per \S+(?<![.,;:!?]))?\Z")
_TRUTH = {"T": True, "TRUE": True, "F": False, "FALSE": False}


def read_gift(text: str, notes: list[str]) -> Reading:
    """Return the drafts of a GIFT file; raises ExchangeError where it holds no question."""
    reading = Reading(notes=notes)
    for block in blocks(text):
        kind = "description" if block.answers is None and not block.trouble else "question"
        draft = Draft(block.title or one_line(plain(block.before))[:60], kind, block.ids[0] if block.ids else "")
        if not block.title:
            # Without a title, GIFT itself takes the first words of the question as one.
            draft.title = one_line(re.sub(r"<[^<>]*>", "", plain(block.before)))[:60]
        tag = reading.category(block.category)
        draft.tags = [tag] if tag else []
        draft.tagged(block.tags)
        reading.add(draft, _Filling(block, reading))
    if not reading.drafts:
        raise ExchangeError("the file holds no question: expected text with answers in { }")
    return reading


class _Filling:
    """Reads one block into its draft."""

    def __init__(self, block: Block, reading: Reading) -> None:
        self.block, self.reading = block, reading
        self.draft = Draft("", "")

    def __call__(self, draft: Draft) -> None:
        self.draft, block = draft, self.block
        if block.trouble:
            raise Refusal(block.trouble)
        if block.answers is None:
            raise Refusal("it has no answers in { }: a description asks nothing")
        answers, _, general = block.answers.partition("####")
        self._question(answers.strip())
        if general.strip():
            draft.rationale = self._text(general) or None

    def _question(self, answers: str) -> None:
        block = self.block
        tail = bool(block.after.strip())
        if answers and not answers.startswith("#") and answers[0] in "=~":
            parts = list(_parts(answers))
            matched = [one for one in parts if one[0] == "=" and "->" in one[1]]
            if matched:
                self._matching(parts, len(matched))
            elif any(mark == "~" for mark, _ in parts):
                self._choices(parts)
            else:
                self._words(parts, tail)
                tail = tail and self.draft.type != "cloze"
        elif not answers:
            essay(self.draft, "")
        elif answers.startswith("#"):
            self._numbers(answers[1:].strip())
        elif answers.partition("#")[0].strip().upper() in _TRUTH:
            self._truth(answers)
        else:
            raise Refusal("its answers are of no known form: expected =, ~, #, T, F or nothing between the braces")
        if isinstance(self.draft.answer, Numeric) and _UNIT.match(block.after.strip()):
            self.draft.answer = replace(self.draft.answer, unit=plain(block.after).strip())
            tail = False
        if self.draft.type != "cloze":
            gap = " … " if tail else ""
            self.draft.stem = self._text(block.before.rstrip() + gap + block.after.strip() if tail else block.before)
            if tail:
                self.draft.changed("the answer stood within the sentence; an ellipsis marks its place now")

    def _text(self, source: str, *, phrase: bool = False) -> str:
        """Return the Markdown of a text in the question's format, or in the one that it names itself."""
        kind = self.block.format or "moodle"
        named = _FORMAT.match(source)
        if named:
            kind, source = named[1].lower(), source[named.end() :]
        raw = clean(plain(source)).strip()
        if kind == "markdown":
            if fitted(raw) != raw:
                self.draft.changed("headings of the first two levels became headings of the third")
            return one_line(fitted(raw)) if phrase else fitted(raw)
        raw = as_html(raw, kind)
        reader = Markdown(media=lambda address: in_text(address, self.reading.keep))
        made = reader.phrase(raw) if phrase else reader.blocks(raw)
        for loss in reader.losses:
            self.draft.changed(loss)
        return made

    def _weighted(self, mark: str, source: str, *, typed: bool = False) -> Weighted:
        share = Fraction(int(mark == "="))
        given = _SHARE.match(source)
        if given:
            share = Fraction(given[1]) / 100
            source = source[given.end() :]
        text, _, said = source.partition("#")
        answer = plain(text).strip() if typed else self._text(text)
        return Weighted(answer, share, self._text(said) or None if said.strip() else None)

    def _choices(self, parts: list[tuple[str, str]]) -> None:
        options = [self._weighted(mark, text) for mark, text in parts]
        if any(mark == "=" for mark, _ in parts):
            single(self.draft, options)
        else:
            multiple(self.draft, options)

    def _words(self, parts: list[tuple[str, str]], tail: bool) -> None:
        answers = [self._weighted(mark, text, typed=True) for mark, text in parts]
        if tail and all("*" not in one.text and "|" not in one.text and "}}" not in one.text for one in answers):
            words(self.draft, answers, case=False)
            best = max(one.share for one in answers)
            gap = Gap(tuple(dict.fromkeys(one.text for one in answers if one.share == best)))
            before, after = self.block.before, self.block.after
            self.draft.stem = self._text(f"{before}{OPEN}1{CLOSE}{after}")
            cloze(self.draft, [gap], case=False)
            return
        words(self.draft, answers, case=False, read=wildcard)

    def _truth(self, answers: str) -> None:
        value, *said = [one.strip() for one in answers.split("#")]
        truth = _TRUTH[value.upper()]
        # The first feedback is for the wrong answer, the second for the right one.
        wrong = self._text(said[0]) if said and said[0] else None
        right = self._text(said[1]) if len(said) > 1 and said[1] else None
        true_or_false(self.draft, truth, right if truth else wrong, wrong if truth else right)

    def _matching(self, parts: list[tuple[str, str]], matched: int) -> None:
        if matched != len(parts):
            raise Refusal("some of its answers are pairs (->) and some are not: expected one kind")
        pairs, distractors = [], []
        for _, source in parts:
            left, _, right = source.partition("->")
            right, _, said = right.partition("#")
            if said.strip():
                self.draft.changed(f"the feedback to a pair is left out: “{short(plain(said))}”")
            prompt, answer = self._text(left, phrase=True), self._text(right, phrase=True)
            if prompt:
                pairs.append((prompt, answer))
            else:
                distractors.append(answer)
        matching(self.draft, pairs, distractors)

    def _numbers(self, source: str) -> None:
        parts = list(_parts(source if source[:1] in ("=", "~") else f"={source}"))
        answers = [self._weighted(mark, text, typed=True) for mark, text in parts]
        numbers(self.draft, answers, lambda one: _range(self.draft, one))


def _parts(answers: str) -> Iterable[tuple[str, str]]:
    marks = list(_PART.finditer(answers))
    for mark, after in zip(marks, [*marks[1:], None], strict=True):
        yield mark[0], answers[mark.end() : after.start() if after else len(answers)].strip()


def _range(draft: Draft, answer: Weighted) -> Range:
    text = answer.text
    low, dots, high = text.partition("..")
    if dots:
        first, last = number(low), number(high)
        if first is None or last is None:
            raise Refusal(f"its range “{short(text)}” is not of two numbers")
        return between(draft, first, last)
    value, _, width = text.partition(":")
    return tolerant(draft, replace(answer, text=value, tolerance=width))
