"""Words typed into the gaps of a text."""

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from assessments.answers import Alternative, Cloze, Gap
from assessments.body import Parts, split_gaps
from assessments.headings import Heading, Traits
from assessments.model import AnswerError, Item
from assessments.source import Line, Report, code_spans, math_spans
from assessments.types.choices import shown
from assessments.types.kind import Kind, key_missing
from assessments.types.text import LONGEST, accepts, typed_text

# Gaps are marked in the stem by characters of the private-use area, which Markdown and sanitising leave alone.
OPEN, CLOSE = "\ue000", "\ue001"
_MARKED = re.compile(rf"{OPEN}(\d{{1,4}}){CLOSE}")


class ClozeKind(Kind[Cloze]):
    """`{{answer|other}}` in the stem, outside code and math; raw and canonical answer are a string for each gap."""

    name = "cloze"

    def split(self, lines: Sequence[Line], report: Report) -> Parts:
        """See Kind. A quotation at the end that holds gaps is part of the text, not the rationale."""
        parts = split_gaps(lines, report)
        if parts.rationale is not None and _take_gaps(parts.rationale)[1]:
            stem = "\n".join(line.text for line in lines).strip("\n").rstrip()
            return Parts(stem, None, parts.stem_line)
        return parts

    def parse(self, parts: Parts, heading: Heading, traits: Traits, report: Report) -> tuple[str, Cloze]:
        """Take the gaps out of the stem; an empty and an unclosed one are faults."""
        text = parts.stem.replace(OPEN, "").replace(CLOSE, "")
        stem, gaps, troubles = _take_gaps(text)
        for offset, message in troubles:
            line = parts.stem_line + text.count("\n", 0, offset)
            report.error(line, offset - (text.rfind("\n", 0, offset) + 1) + 1, message)
        if not gaps and not troubles:
            key_missing(heading, report, "a gap such as {{answer|other answer}} in the text, outside code and math")
        return stem, Cloze(tuple(gaps), traits.case)

    def present(self, item: Item, answer: Cloze, seed: str, canonical: Any) -> dict[str, Any]:
        """Show the stem with numbered gaps, and in pieces between which a page puts its fields."""
        return {
            "stem_html": _MARKED.sub(_gap_html, item.stem),
            "stem_parts": _MARKED.split(item.stem)[::2],
            "gaps": [{"number": number} for number in range(1, len(answer.gaps) + 1)],
        }

    def read_answer(self, item: Item, answer: Cloze, seed: str, raw: Any) -> list[str | None] | None:
        """See Kind; a gap may be left empty, and `{"gaps": […]}` is read as its list."""
        given = raw.get("gaps") if isinstance(raw, dict) and set(raw) == {"gaps"} else raw
        if given is None:
            return None
        if not isinstance(given, list) or len(given) != len(answer.gaps):
            raise AnswerError(f"expected a list of {len(answer.gaps)} strings, one a gap, not {shown(raw)}")
        words = [typed_text(one, LONGEST) for one in given]
        return words if any(one is not None for one in words) else None

    def raw_answer(self, item: Item, answer: Cloze, seed: str, canonical: Any) -> list[str]:
        """See Kind."""
        words = self.read_answer(item, answer, seed, canonical) or [None] * len(answer.gaps)
        return [one or "" for one in words]

    def share(self, item: Item, answer: Cloze, canonical: Any) -> Fraction:
        """Right gaps / gaps."""
        hits = self._hits(item, answer, canonical)
        return Fraction(sum(hits), len(hits)) if hits else Fraction(0)

    def review(self, item: Item, answer: Cloze, seed: str, canonical: Any) -> dict[str, Any]:
        """Show each gap with its key and what was typed."""
        hits = self._hits(item, answer, canonical)
        given = self.read_answer(item, answer, seed, canonical) or [None] * len(answer.gaps)
        return {
            "stem_html": _MARKED.sub(_gap_html, item.stem),
            "stem_parts": _MARKED.split(item.stem)[::2],
            "gaps": [
                {
                    "number": position + 1,
                    "given": given[position],
                    "key_text": gap.answers[0],
                    "also_accepted": list(gap.answers[1:]),
                    "right": hits[position],
                }
                for position, gap in enumerate(answer.gaps)
            ],
        }

    def _hits(self, item: Item, answer: Cloze, canonical: Any) -> list[bool]:
        given = self.read_answer(item, answer, "", canonical) or [None] * len(answer.gaps)
        return [
            one is not None and any(accepts(Alternative(word), one, answer.case_sensitive) for word in gap.answers)
            for one, gap in zip(given, answer.gaps, strict=True)
        ]


def _gap_html(found: re.Match[str]) -> str:
    return f'<span class="gap" data-gap="{found[1]}">[{found[1]}]</span>'


def _take_gaps(text: str) -> tuple[str, list[Gap], list[tuple[int, str]]]:
    """Return the stem with its gaps marked, the gaps, and what is wrong by offset."""
    code = code_spans(text)
    skipped = sorted([*code, *math_spans(text, code)])
    pieces: list[str] = []
    gaps: list[Gap] = []
    troubles: list[tuple[int, str]] = []
    done = at = 0
    while (start := text.find("{{", at)) >= 0:
        inside = next((end for begin, end in skipped if begin <= start < end), None)
        if inside is not None or _escaped(text, start):
            at = max(inside or 0, start + 2)
            continue
        end = text.find("}}", start + 2)
        line_end = text.find("\n", start)
        if end < 0 or 0 <= line_end < end:
            troubles.append((start, "this gap is never closed; expected }} on the same line, or \\{{ for plain braces"))
            at = start + 2
            continue
        answers = tuple(word.strip() for word in text[start + 2 : end].split("|"))
        if not all(answers):
            troubles.append((start, "an answer of this gap is empty; expected {{answer|other answer}}"))
        gaps.append(Gap(tuple(word for word in answers if word) or ("",)))
        pieces.append(f"{text[done:start]}{OPEN}{len(gaps)}{CLOSE}")
        done = at = end + 2
    pieces.append(text[done:])
    return "".join(pieces), gaps, troubles


def _escaped(text: str, at: int) -> bool:
    """Say whether an odd number of backslashes stands before a place."""
    before = text[:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1
