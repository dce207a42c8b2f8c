"""What every item type can do. A type is pure: it holds no state and is handed the item each time."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Generic, TypeVar

from assessments.body import Parts
from assessments.headings import Heading, Traits
from assessments.model import Item
from assessments.source import Line, Report

A = TypeVar("A")


class Kind(ABC, Generic[A]):
    """An item type; `A` is the shape of its key.

    The canonical form of an answer is JSON-able and speaks of the author's positions (from 0), so that it can be
    stored and scored without the seed. The raw form is what the HTTP API carries, with opaque ids.
    """

    name: str
    # Formative items never stand in a paper and never count towards a result.
    formative = False
    # What a person marks waits for that person.
    by_person = False

    @abstractmethod
    def split(self, lines: Sequence[Line], report: Report) -> Parts:
        """Take the lines under the heading apart in the way this type is answered."""

    @abstractmethod
    def parse(self, parts: Parts, heading: Heading, traits: Traits, report: Report) -> tuple[str, A]:
        """Return the stem and the key, and report all that is wrong with them."""

    def points(self, answer: A, traits: Traits) -> Fraction:
        """Return what a full answer earns."""
        return traits.points if traits.points is not None else Fraction(1)

    @abstractmethod
    def present(self, item: Item, answer: A, seed: str, canonical: Any) -> dict[str, Any]:
        """Return what a page needs beyond the common fields. Nothing in it may tell the key."""

    @abstractmethod
    def read_answer(self, item: Item, answer: A, seed: str, raw: Any) -> Any:
        """Return the canonical form of a raw answer, None where it is empty; raises AnswerError."""

    @abstractmethod
    def raw_answer(self, item: Item, answer: A, seed: str, canonical: Any) -> Any:
        """Return the raw form of a canonical answer."""

    @abstractmethod
    def share(self, item: Item, answer: A, canonical: Any) -> Fraction:
        """Return how much of the item an answer gets right, from 0 to 1, before `partial=no`."""

    def finished(self, item: Item, answer: A, canonical: Any) -> bool:
        """Whether a canonical answer, not None, is a whole one; only a path can be left half way."""
        return True

    @abstractmethod
    def review(self, item: Item, answer: A, seed: str, canonical: Any) -> dict[str, Any]:
        """Return what a page shows afterwards, key included, beyond the common fields."""


def key_missing(heading: Heading, report: Report, expected: str) -> None:
    """Report an item without an answer."""
    report.error(heading.line, 1, f"this question has no answer; expected {expected}")
