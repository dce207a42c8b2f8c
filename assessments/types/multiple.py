"""Several right options among several."""

from fractions import Fraction
from typing import Any

from assessments.answers import Choices
from assessments.body import Parts
from assessments.headings import Heading
from assessments.model import AnswerError, Item
from assessments.seeds import opaque
from assessments.source import Report
from assessments.types.choices import ChoiceKind, checked_position, option_position, shown


class Multiple(ChoiceKind):
    """Task list with several `[x]`; the raw answer is a list of option ids, the canonical one sorted positions."""

    name = "multiple"

    def check(self, parts: Parts, heading: Heading, report: Report) -> None:
        """Point out a list with one right option, which gives the count away."""
        right = [one for one in parts.options if one.right]
        if len(right) == 1:
            report.warning(right[0].line, right[0].column, "only one option of this .multiple question is right")

    def read_answer(self, item: Item, answer: Choices, seed: str, raw: Any) -> list[int] | None:
        """See Kind; an empty list is no answer."""
        if raw is None:
            return None
        if not isinstance(raw, list):
            raise AnswerError(f"expected a list of option ids, not {shown(raw)}")
        if len(raw) > len(answer.options):
            raise AnswerError(f"expected at most {len(answer.options)} option ids, not {len(raw)}")
        picked = [option_position(item, answer, seed, one) for one in raw]
        if len(set(picked)) < len(picked):
            raise AnswerError("an option id is given twice; expected each once")
        return sorted(picked) or None

    def raw_answer(self, item: Item, answer: Choices, seed: str, canonical: Any) -> list[str]:
        """See Kind."""
        return [opaque(seed, item.id, str(one)) for one in _positions(canonical, len(answer.options))]

    def share(self, item: Item, answer: Choices, canonical: Any) -> Fraction:
        """(right picks − wrong picks) / right options, not below 0."""
        picks = [answer.options[one].right for one in _positions(canonical, len(answer.options))]
        right = sum(one.right for one in answer.options)
        return max(Fraction(0), Fraction(sum(picks) - picks.count(False), right)) if right else Fraction(0)

    def review(self, item: Item, answer: Choices, seed: str, canonical: Any) -> dict[str, Any]:
        """See Kind."""
        chosen = [] if canonical is None else _positions(canonical, len(answer.options))
        return self.looked_back(item, answer, seed, chosen)


def _positions(canonical: Any, count: int) -> list[int]:
    if not isinstance(canonical, list):
        raise AnswerError(f"expected a list of positions, not {shown(canonical)}")
    return sorted({checked_position(one, count) for one in canonical})
