"""A statement to call true or false."""

from collections.abc import Sequence

from assessments.answers import Choices
from assessments.body import OptionSource, Parts
from assessments.headings import Heading
from assessments.model import Item
from assessments.source import Report
from assessments.types.single import Single

WORDS = frozenset({"true", "false"})


class TrueFalse(Single):
    """Two options, inferred from the words True and False alone; in another language the first one means true."""

    name = "truefalse"

    def check(self, parts: Parts, heading: Heading, report: Report) -> None:
        """Refuse more than two options, and a second right one."""
        super().check(parts, heading, report)
        for extra in parts.options[2:]:
            report.error(extra.line, extra.column, "a third option in a .truefalse question; expected two")

    def order(self, item: Item, answer: Choices, seed: str) -> list[int]:
        """Never shuffle: readers expect true and false where the author put them."""
        return list(range(len(answer.options)))


def says_true_or_false(options: Sequence[OptionSource]) -> bool:
    """Say whether the options are just the two words."""
    return len(options) == 2 and {one.text.casefold() for one in options} == WORDS
