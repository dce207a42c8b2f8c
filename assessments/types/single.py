"""One right option among several."""

from fractions import Fraction
from typing import Any

from assessments.answers import Choices
from assessments.body import Parts
from assessments.headings import Heading
from assessments.model import Item
from assessments.seeds import opaque
from assessments.source import Report
from assessments.types.choices import ChoiceKind, checked_position, option_position


class Single(ChoiceKind):
    """Task list with one `[x]`; the raw answer is one option id, the canonical one its position."""

    name = "single"

    def check(self, parts: Parts, heading: Heading, report: Report) -> None:
        """Refuse a second right option."""
        for extra in [one for one in parts.options if one.right][1:]:
            report.error(
                extra.line, extra.column,
                f"a second right option in a .{self.name} question; expected one [x], or the class .multiple",
            )  # fmt: skip

    def read_answer(self, item: Item, answer: Choices, seed: str, raw: Any) -> int | None:
        """See Kind."""
        return None if raw is None else option_position(item, answer, seed, raw)

    def raw_answer(self, item: Item, answer: Choices, seed: str, canonical: Any) -> str:
        """See Kind."""
        return opaque(seed, item.id, str(checked_position(canonical, len(answer.options))))

    def share(self, item: Item, answer: Choices, canonical: Any) -> Fraction:
        """All or nothing."""
        return Fraction(int(answer.options[checked_position(canonical, len(answer.options))].right))

    def review(self, item: Item, answer: Choices, seed: str, canonical: Any) -> dict[str, Any]:
        """See Kind."""
        return self.looked_back(item, answer, seed, () if canonical is None else (canonical,))
