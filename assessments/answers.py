"""What an item holds as its answer: one frozen shape for each way of answering, and nothing that acts on it.

Texts are Markdown as written, or HTML once `with_text` has been through them. Answers that are typed by the
learner (numbers, words) stay plain text. The rules of each type are in `assessments.types`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias

Render: TypeAlias = Callable[[str], str]


@dataclass(frozen=True)
class Option:
    """A choice to tick, whether it is right, and what is said to one who picks it."""

    text: str
    right: bool
    feedback: str | None = None


@dataclass(frozen=True)
class Choices:
    """Options of a single, multiple or truefalse item, as the author ordered them."""

    options: tuple[Option, ...]

    def with_text(self, block: Render, inline: Render) -> "Choices":
        """Return the same choices with their texts rendered."""
        return Choices(
            tuple(
                Option(passage(one.text, block, inline), one.right, one.feedback and block(one.feedback))
                for one in self.options
            )
        )


@dataclass(frozen=True)
class Range:
    """Numbers from `low` to `high`, both included; `shown` is how the author wrote them, without the unit."""

    low: Fraction
    high: Fraction
    shown: str


@dataclass(frozen=True)
class Numeric:
    """Accepted ranges of a number; the unit is shown beside the field and never typed."""

    ranges: tuple[Range, ...]
    unit: str

    def with_text(self, block: Render, inline: Render) -> "Numeric":
        """Return itself: numbers are not rendered."""
        return self


@dataclass(frozen=True)
class Alternative:
    """One accepted answer: plain words, or a regular expression for the whole answer."""

    text: str
    pattern: bool = False


@dataclass(frozen=True)
class Text:
    """Accepted answers of a text item."""

    alternatives: tuple[Alternative, ...]
    case_sensitive: bool = False

    def with_text(self, block: Render, inline: Render) -> "Text":
        """Return itself: typed answers are not rendered."""
        return self


@dataclass(frozen=True)
class Prompt:
    """The left side of a pair and the position of its answer among the choices."""

    text: str
    choice: int


@dataclass(frozen=True)
class Matching:
    """Prompts and the choices they are matched with; choices that no prompt names are distractors."""

    prompts: tuple[Prompt, ...]
    choices: tuple[str, ...]
    left_title: str
    right_title: str

    def with_text(self, block: Render, inline: Render) -> "Matching":
        """Return the same pairs with their texts rendered."""
        return Matching(
            tuple(Prompt(inline(one.text), one.choice) for one in self.prompts),
            tuple(inline(one) for one in self.choices),
            inline(self.left_title),
            inline(self.right_title),
        )


@dataclass(frozen=True)
class Ordering:
    """Entries in the right order."""

    entries: tuple[str, ...]

    def with_text(self, block: Render, inline: Render) -> "Ordering":
        """Return the same entries rendered."""
        return Ordering(tuple(passage(one, block, inline) for one in self.entries))


@dataclass(frozen=True)
class Gap:
    """Accepted words of one gap; the first is the one shown as the key."""

    answers: tuple[str, ...]


@dataclass(frozen=True)
class Cloze:
    """Gaps in the order in which the stem marks them."""

    gaps: tuple[Gap, ...]
    case_sensitive: bool = False

    def with_text(self, block: Render, inline: Render) -> "Cloze":
        """Return itself: typed answers are not rendered."""
        return self


@dataclass(frozen=True)
class Concordance:
    """How many panellists chose each of −2, −1, 0, +1, +2."""

    votes: tuple[int, ...]

    def with_text(self, block: Render, inline: Render) -> "Concordance":
        """Return itself: votes are not rendered."""
        return self


@dataclass(frozen=True)
class Criterion:
    """A line of a rubric: what is judged, for how many points, and what each grade looks like."""

    title: str
    points: Fraction
    descriptors: tuple[str, ...]


@dataclass(frozen=True)
class Essay:
    """The rubric a person marks by; `headings` are the titles of the descriptor columns."""

    criteria: tuple[Criterion, ...]
    headings: tuple[str, ...]

    def with_text(self, block: Render, inline: Render) -> "Essay":
        """Return the same rubric rendered."""
        return Essay(
            tuple(
                Criterion(inline(one.title), one.points, tuple(inline(text) for text in one.descriptors))
                for one in self.criteria
            ),
            tuple(inline(one) for one in self.headings),
        )


@dataclass(frozen=True)
class Branch:
    """An option of a step, what follows from it, and the step it leads to (None ends the path)."""

    text: str
    right: bool
    consequence: str | None
    target: str | None


@dataclass(frozen=True)
class Step:
    """One question on a branching path."""

    id: str
    title: str
    stem: str
    branches: tuple[Branch, ...]


@dataclass(frozen=True)
class Branching:
    """The item's own step first, then every step that can be reached from it.

    `follower` says that another item leads here, so that this one is never asked alone.
    """

    steps: tuple[Step, ...]
    follower: bool = False

    def with_text(self, block: Render, inline: Render) -> "Branching":
        """Return the same steps rendered."""
        return replace(
            self,
            steps=tuple(
                Step(
                    step.id,
                    step.title,
                    block(step.stem),
                    tuple(
                        Branch(
                            passage(one.text, block, inline), one.right,
                            one.consequence and block(one.consequence), one.target,
                        )
                        for one in step.branches
                    ),
                )
                for step in self.steps
            ),
        )  # fmt: skip


Answer: TypeAlias = (
    Choices | Numeric | Text | Matching | Ordering | Cloze | Concordance | Essay | Branching
)  # fmt: skip

SHAPES: dict[str, type[Any]] = {
    "single": Choices,
    "multiple": Choices,
    "truefalse": Choices,
    "numeric": Numeric,
    "text": Text,
    "matching": Matching,
    "ordering": Ordering,
    "cloze": Cloze,
    "concordance": Concordance,
    "essay": Essay,
    "branching": Branching,
}


def passage(text: str, block: Render, inline: Render) -> str:
    """Render running text as a phrase, and text with paragraphs, lists, tables or code in it as blocks."""
    return block(text) if _BLOCKS.search(text) else inline(text)


_BLOCKS = re.compile(r"\n[ \t]*(?:\n|[-*+>|#] ?|\d+[.)] |```|~~~|\$\$)")
