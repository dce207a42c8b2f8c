"""What the types with a task list share: reading options, showing them under opaque ids, and looking back."""

from collections.abc import Iterable, Sequence
from typing import Any

from assessments.answers import Choices, Option
from assessments.body import Parts, split_options
from assessments.headings import Heading, Traits
from assessments.model import AnswerError, Item
from assessments.seeds import opaque, shuffled
from assessments.source import Line, Report
from assessments.types.kind import Kind, key_missing


class ChoiceKind(Kind[Choices]):
    """A type answered by picking from options."""

    def split(self, lines: Sequence[Line], report: Report) -> Parts:
        """See Kind."""
        return split_options(lines, report)

    def parse(self, parts: Parts, heading: Heading, traits: Traits, report: Report) -> tuple[str, Choices]:
        """Read the options; fewer than two, none that is right, and two that are the same are faults."""
        check_options(parts, heading, report)
        self.check(parts, heading, report)
        options = tuple(Option(one.text, one.right, one.feedback) for one in parts.options)
        return parts.stem, Choices(options)

    def check(self, parts: Parts, heading: Heading, report: Report) -> None:
        """Report what only this type forbids."""

    def order(self, item: Item, answer: Choices, seed: str) -> list[int]:
        """Return the author's positions in the order shown."""
        positions = list(range(len(answer.options)))
        if not item.shuffle:
            return positions
        return [int(part) for part in shuffled(seed, item.id, [str(one) for one in positions])]

    def present(self, item: Item, answer: Choices, seed: str, canonical: Any) -> dict[str, Any]:
        """Show the options with opaque ids."""
        return {
            "options": [
                {"id": opaque(seed, item.id, str(one)), "html": answer.options[one].text}
                for one in self.order(item, answer, seed)
            ]
        }

    def looked_back(self, item: Item, answer: Choices, seed: str, chosen: Iterable[int]) -> dict[str, Any]:
        """Show the options again with what was right, what was chosen, and their feedback."""
        picked = set(chosen)
        return {
            "options": [
                {
                    "id": opaque(seed, item.id, str(one)),
                    "html": answer.options[one].text,
                    "right": answer.options[one].right,
                    "chosen": one in picked,
                    "feedback_html": answer.options[one].feedback,
                }
                for one in self.order(item, answer, seed)
            ]
        }


def check_options(parts: Parts, heading: Heading, report: Report) -> None:
    """Report fewer than two options, none that is right, and two that are the same."""
    options = parts.options
    if not options:
        key_missing(heading, report, "options as `- [ ] text`, the right one with [x]")
        return
    first = options[0]
    if len(options) < 2:
        report.error(first.line, first.column, "there is one option; expected at least two")
    if not any(one.right for one in options):
        report.error(first.line, first.column, "no option is right; expected [x] before the right one")
    seen: dict[str, int] = {}
    for one in options:
        words = " ".join(one.text.split())
        if words in seen:
            report.error(one.line, one.column, f"this option is the same as the one on line {seen[words]}")
        elif words:
            seen[words] = one.line


def option_position(item: Item, answer: Choices, seed: str, raw: Any) -> int:
    """Return the author's position of the option with an opaque id; raises AnswerError where there is none."""
    if isinstance(raw, str):
        for position in range(len(answer.options)):
            if opaque(seed, item.id, str(position)) == raw:
                return position
    raise AnswerError(f"expected the id of one of the {len(answer.options)} options, not {shown(raw)}")


def checked_position(canonical: Any, count: int) -> int:
    """Return a stored position; raises AnswerError where the item has no such part."""
    if isinstance(canonical, int) and not isinstance(canonical, bool) and 0 <= canonical < count:
        return canonical
    raise AnswerError(f"expected a position from 0 to {count - 1}, not {shown(canonical)}")


def shown(raw: Any) -> str:
    """Return a short form of something that came from outside, for a message."""
    text = repr(raw)
    return text if len(text) <= 60 else f"{text[:57]}…"
