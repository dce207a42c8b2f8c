"""Aiken questions become drafts. The form is strict, and every line that breaks it is named."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from assessments.exchange.building import Weighted, single
from assessments.exchange.draft import Draft, Reading
from assessments.exchange.faults import ExchangeError, Refusal
from assessments.exchange.markup.escaping import clean, escaped, line_start
from assessments.exchange.naming import one_line

OPTION = re.compile(r"\s*([A-Z])[.)]\s+(\S.*)\Z")
_NEARLY = re.compile(r"\s*([A-Za-z])[.)](?:\s*(.*))\Z")
_OPTION_FORM = "an option begins with a capital letter, a point or bracket, and a space"
ANSWER = re.compile(r"\s*ANSWER:\s*(.*?)\s*\Z")


@dataclass
class _Block:
    """The lines of one question, up to its ANSWER line."""

    line: int
    stem: list[str] = field(default_factory=list)
    options: list[tuple[str, str]] = field(default_factory=list)
    key: str | None = None
    trouble: str = ""

    def wrong(self, reason: str) -> None:
        """Note the first thing that is wrong."""
        self.trouble = self.trouble or reason


def read_aiken(text: str, notes: list[str]) -> Reading:
    """Return the drafts of an Aiken file; raises ExchangeError where it holds no ANSWER line."""
    reading = Reading(notes=notes)
    for block in _blocks(text.split("\n")):
        title = one_line(" ".join(block.stem))
        draft = Draft(title if len(title) <= 60 else title[:59].rstrip() + "…", "aiken")
        reading.add(draft, lambda draft, block=block: _fill(draft, block))  # type: ignore[misc]
    if not reading.drafts:
        raise ExchangeError("the file holds no question: expected options A. B. … and a line ANSWER: A")
    return reading


def _blocks(rows: Sequence[str]) -> list[_Block]:
    found: list[_Block] = []
    block: _Block | None = None
    apart = False
    for number, row in enumerate(rows, 1):
        if not row.strip():
            apart = block is not None and bool(block.options)
            continue
        if apart and not (ANSWER.match(row) or _NEARLY.match(row)):
            # The question before it has no ANSWER line; without this, it would take the next one with it.
            block = None
        apart = False
        if block is None:
            block = _Block(number)
            found.append(block)
        answer, option, nearly = ANSWER.match(row), OPTION.match(row), _NEARLY.match(row)
        if answer:
            block.key = answer[1]
            block = None
        elif option:
            block.options.append((option[1], option[2].strip()))
        elif block.options:
            hint = _OPTION_FORM if nearly else ""
            block.wrong(f"line {number} is neither an option nor the ANSWER line{': ' + hint if hint else ''}")
        else:
            block.stem.append(row.strip())
    return found


def _fill(draft: Draft, block: _Block) -> None:
    letters = [letter for letter, _ in block.options]
    if block.trouble:
        raise Refusal(block.trouble)
    if not block.stem:
        raise Refusal(f"the question on line {block.line} has no text before its options")
    if block.key is None:
        raise Refusal(f"the question on line {block.line} has no line ANSWER: and a letter")
    if len(letters) < 2:
        near = any(_NEARLY.match(row) for row in block.stem[1:])
        raise Refusal(
            f"the question on line {block.line} has {len(letters)} options: expected two or more"
            f"{'; ' + _OPTION_FORM if near else ''}"
        )
    if letters != [chr(ord("A") + place) for place in range(len(letters))]:
        raise Refusal(f"its options are lettered {', '.join(letters)}: expected A, B, C and so on in order")
    if block.key not in letters:
        raise Refusal(f"its answer is {block.key!r}: expected one of the letters {', '.join(letters)}")
    draft.stem = line_start(escaped(clean(" ".join(block.stem))))
    single(
        draft,
        [
            Weighted(line_start(escaped(clean(text))), Fraction(int(letter == block.key)))
            for letter, text in block.options
        ],
    )
