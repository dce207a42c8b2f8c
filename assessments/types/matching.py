"""Prompts matched with choices, some of which may be distractors."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from assessments.answers import Matching, Prompt
from assessments.body import Cell, Parts, split_table
from assessments.headings import Heading, Traits
from assessments.model import AnswerError, Item
from assessments.seeds import opaque, shuffled
from assessments.source import Line, Report
from assessments.types.choices import checked_position, shown
from assessments.types.kind import Kind, key_missing


class MatchingKind(Kind[Matching]):
    """Two-column table; the raw answer is a list of [left, right] ids, the canonical one of positions.

    The prompts keep their order. The choices are always shuffled, as the author's order would be the key.
    """

    name = "matching"

    def split(self, lines: Sequence[Line], report: Report) -> Parts:
        """See Kind."""
        return split_table(lines, report)

    def parse(self, parts: Parts, heading: Heading, traits: Traits, report: Report) -> tuple[str, Matching]:
        """Read the pairs; rows of another width, empty choices and prompts given twice are faults."""
        if not parts.rows:
            key_missing(heading, report, "a table of two columns, prompts and their answers")
            return parts.stem, Matching((), (), "", "")
        prompts: dict[str, Prompt] = {}
        choices: dict[str, int] = {}
        distractors: list[Cell] = []
        for row in parts.rows:
            if len(row) != 2:
                report.error(row[0].line, row[0].column, f"this row has {len(row)} columns; expected two")
        pairs = [row for row in parts.rows[1:] if len(row) == 2]
        for left, right in pairs:
            if not right.text:
                report.error(right.line, right.column, "the right cell is empty; expected the answer to the prompt")
            elif not left.text:
                distractors.append(right)
            elif left.text in prompts:
                report.error(left.line, left.column, f"the prompt {left.text!r} is given twice")
            else:
                prompts[left.text] = Prompt(left.text, choices.setdefault(right.text, len(choices)))
        for cell in distractors:
            if cell.text in choices:
                report.error(cell.line, cell.column, f"the distractor {cell.text!r} is already among the choices")
            choices.setdefault(cell.text, len(choices))
        if len(prompts) < 2:
            report.error(parts.rows[0][0].line, 1, f"the table has {len(prompts)} prompts; expected two or more")
        titles = [*(cell.text for cell in parts.rows[0]), "", ""]
        return parts.stem, Matching(tuple(prompts.values()), tuple(choices), titles[0], titles[1])

    def present(self, item: Item, answer: Matching, seed: str, canonical: Any) -> dict[str, Any]:
        """Show both sides with opaque ids."""
        order = shuffled(seed, item.id, [str(one) for one in range(len(answer.choices))])
        return {
            "left_title_html": answer.left_title,
            "right_title_html": answer.right_title,
            "left": [
                {"id": _left(seed, item, position), "html": prompt.text}
                for position, prompt in enumerate(answer.prompts)
            ],
            "right": [{"id": _right(seed, item, int(one)), "html": answer.choices[int(one)]} for one in order],
        }

    def read_answer(self, item: Item, answer: Matching, seed: str, raw: Any) -> list[list[int]] | None:
        """See Kind; prompts may be left out, and a choice may serve several prompts."""
        if raw is None:
            return None
        if not isinstance(raw, list):
            raise AnswerError(f"expected a list of [left, right] pairs of ids, not {shown(raw)}")
        lefts = {_left(seed, item, position): position for position in range(len(answer.prompts))}
        rights = {_right(seed, item, position): position for position in range(len(answer.choices))}
        pairs: dict[int, int] = {}
        for pair in raw:
            if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(one, str) for one in pair):
                raise AnswerError(f"expected a pair [left, right] of ids, not {shown(pair)}")
            left, right = lefts.get(pair[0]), rights.get(pair[1])
            if left is None or right is None:
                raise AnswerError(f"expected ids of the left and the right side, not {shown(pair)}")
            if left in pairs:
                raise AnswerError("a left id is given twice; expected each at most once")
            pairs[left] = right
        return [[left, pairs[left]] for left in sorted(pairs)] or None

    def raw_answer(self, item: Item, answer: Matching, seed: str, canonical: Any) -> list[list[str]]:
        """See Kind."""
        pairs = _pairs(answer, canonical)
        return [[_left(seed, item, left), _right(seed, item, right)] for left, right in pairs.items()]

    def share(self, item: Item, answer: Matching, canonical: Any) -> Fraction:
        """Right pairs / prompts."""
        pairs = _pairs(answer, canonical)
        hits = sum(pairs.get(position) == prompt.choice for position, prompt in enumerate(answer.prompts))
        return Fraction(hits, len(answer.prompts)) if answer.prompts else Fraction(0)

    def review(self, item: Item, answer: Matching, seed: str, canonical: Any) -> dict[str, Any]:
        """Show each prompt with its answer and the one chosen."""
        pairs = {} if canonical is None else _pairs(answer, canonical)
        rows = []
        for position, prompt in enumerate(answer.prompts):
            chosen = pairs.get(position)
            rows.append(
                {
                    "left_html": prompt.text,
                    "key_html": answer.choices[prompt.choice],
                    "chosen_html": None if chosen is None else answer.choices[chosen],
                    "right": chosen == prompt.choice,
                }
            )
        return {
            "left_title_html": answer.left_title,
            "right_title_html": answer.right_title,
            "pairs": rows,
        }


def _left(seed: str, item: Item, position: int) -> str:
    return opaque(seed, item.id, f"left {position}")


def _right(seed: str, item: Item, position: int) -> str:
    return opaque(seed, item.id, f"right {position}")


def _pairs(answer: Matching, canonical: Any) -> dict[int, int]:
    if not isinstance(canonical, list) or not all(isinstance(one, list) and len(one) == 2 for one in canonical):
        raise AnswerError(f"expected a list of pairs, not {shown(canonical)}")
    return {
        checked_position(left, len(answer.prompts)): checked_position(right, len(answer.choices))
        for left, right in canonical
    }
