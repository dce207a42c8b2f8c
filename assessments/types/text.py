"""A word or phrase that the learner types."""

import unicodedata
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from assessments.answers import Alternative, Text
from assessments.body import Parts, Passage, split_answers
from assessments.headings import Heading, Traits
from assessments.model import AnswerError, Item
from assessments.patterns import PatternError, check_pattern, whole_match
from assessments.source import Line, Report
from assessments.types.choices import shown
from assessments.types.kind import Kind, key_missing

LONGEST = 500
BETWEEN = " | "


class TextKind(Kind[Text]):
    """Answer lines `= answer | other answer`, `~` before a pattern; raw and canonical answer are a string."""

    name = "text"

    def split(self, lines: Sequence[Line], report: Report) -> Parts:
        """See Kind."""
        return split_answers(lines, report)

    def parse(self, parts: Parts, heading: Heading, traits: Traits, report: Report) -> tuple[str, Text]:
        """Read the alternatives; an empty one and a pattern outside the dialect are faults."""
        if not parts.answers:
            key_missing(heading, report, "a line `= answer | other answer` after a blank line")
        alternatives = [one for passage in parts.answers for one in _alternatives(passage, report)]
        if alternatives and all(one.pattern for one in alternatives):
            first = parts.answers[0]
            report.warning(
                first.line,
                first.column,
                "every answer is a pattern; add a plain one, which learners are shown as the key",
            )
        return parts.stem, Text(tuple(alternatives), traits.case)

    def present(self, item: Item, answer: Text, seed: str, canonical: Any) -> dict[str, Any]:
        """A text field needs nothing more than the stem."""
        return {}

    def read_answer(self, item: Item, answer: Text, seed: str, raw: Any) -> str | None:
        """See Kind; space alone is no answer."""
        return typed_text(raw, LONGEST)

    def raw_answer(self, item: Item, answer: Text, seed: str, canonical: Any) -> str | None:
        """See Kind."""
        return typed_text(canonical, LONGEST)

    def share(self, item: Item, answer: Text, canonical: Any) -> Fraction:
        """All or nothing."""
        given = typed_text(canonical, LONGEST)
        accepted = given is not None and any(accepts(one, given, answer.case_sensitive) for one in answer.alternatives)
        return Fraction(int(accepted))

    def review(self, item: Item, answer: Text, seed: str, canonical: Any) -> dict[str, Any]:
        """The key is the first plain answer; patterns are shown only where there is nothing else."""
        plain = [one.text for one in answer.alternatives if not one.pattern]
        key = plain[0] if plain else " or ".join(one.text for one in answer.alternatives)
        return {"given": canonical, "key_text": key, "also_accepted": plain[1:]}


def typed_text(raw: Any, longest: int) -> str | None:
    """Return what was typed without outer space, None where nothing was; raises AnswerError."""
    if raw is None:
        return None
    if not isinstance(raw, str):
        raise AnswerError(f"expected a string, not {shown(raw)}")
    if len(raw) > longest:
        raise AnswerError(f"expected at most {longest} characters, not {len(raw)}")
    if any("\ud800" <= one <= "\udfff" or one == "\0" for one in raw):
        raise AnswerError("expected text without control characters")
    return raw.strip() or None


def accepts(alternative: Alternative, given: str, case_sensitive: bool) -> bool:
    """Say whether an answer is the alternative, or is matched by its pattern as a whole."""
    text = unicodedata.normalize("NFC", given.strip())
    if alternative.pattern:
        return whole_match(alternative.text, text, case_sensitive=case_sensitive)
    wanted = unicodedata.normalize("NFC", alternative.text.strip())
    return text == wanted if case_sensitive else text.casefold() == wanted.casefold()


def _alternatives(passage: Passage, report: Report) -> list[Alternative]:
    found: list[Alternative] = []
    column = passage.column
    for part in passage.text.split(BETWEEN):
        text = part.strip()
        at = column + len(part) - len(part.lstrip())
        column += len(part) + len(BETWEEN)
        pattern = text.startswith("~")
        words = text[1:].strip() if pattern else text
        if not words or words == "|" or (not pattern and (words.startswith("| ") or words.endswith(" |"))):
            report.error(passage.line, at, "an answer is empty; expected words on both sides of the bar")
            continue
        if pattern:
            try:
                check_pattern(words)
            except PatternError as error:
                report.error(passage.line, at, f"the pattern {words!r} cannot be used: {error}")
                continue
        elif len(words) > LONGEST:
            report.error(passage.line, at, f"this answer is longer than a learner may type ({LONGEST} characters)")
            continue
        found.append(Alternative(words, pattern))
    return found
