"""Looking back on a handed-in attempt: what may be shown, in which order, and what it adds up to. No web."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from assessments import registry
from assessments.model import Item
from lms.catalog import queries as catalog
from lms.catalog.facts import LessonFacts, VersionFacts
from lms.items import queries as items
from lms.quizzes.facts import ItemResult, Result

SHOWS = ("missed", "flagged", "all")
CERTAIN = 3


@dataclass(frozen=True)
class Reviewed:
    """One question looked back on. `model` is what `assessments.registry.review` gives."""

    number: int
    item: Item
    model: dict[str, Any]
    result: ItemResult
    lesson: LessonFacts | None
    case_html: str | None

    @property
    def confident_error(self) -> bool:
        """Certain and not right: what to look at first."""
        return self.result.right is False and self.result.response.confidence == CERTAIN


@dataclass(frozen=True)
class View:
    """The answers that are shown. `allowed` is False where the exam keeps its key to itself."""

    allowed: bool
    show: str
    counts: dict[str, int]
    answers: tuple[Reviewed, ...]


@dataclass(frozen=True)
class Calibration:
    """Answers given with one degree of confidence, 1 to 3, and how many of them were right."""

    confidence: int
    answers: int
    right: int


def allowed(result: Result, version: VersionFacts) -> bool:
    """Whether the exam's feedback policy lets the key be seen."""
    policy = version.exam.feedback if version.exam else "never"
    return policy == "after_submit" or (policy == "after_pass" and bool(result.passed))


def view(result: Result, version: VersionFacts, show: str) -> View:
    """The answers of a result; confident errors first, then the less sure, then the rest in asking order.

    `show` is missed, flagged or all; anything else means missed where there are any, else all.
    """
    missed = [item for item in result.items if item.right is False]
    flagged = [item for item in result.items if item.response.flagged]
    groups = {"missed": missed, "flagged": flagged, "all": list(result.items)}
    if show not in SHOWS:
        show = "missed" if missed else "all"
    counts = {name: len(group) for name, group in groups.items()}
    if not allowed(result, version):
        return View(False, show, counts, ())
    numbers = {item: number for number, item in enumerate(result.attempt.paper, 1)}
    lessons = {check: lesson for lesson in catalog.lessons(version.id) for check in lesson.checks}
    bank = items.bank(version.id)
    found = []
    for each in groups[show]:
        item = bank.item(each.id)
        model = registry.review(item, result.attempt.seed, each.response.value)
        case = bank.case(item.case_id).stem if item.case_id else None
        found.append(Reviewed(numbers[each.id], item, model, each, lessons.get(each.id), case))
    found.sort(key=lambda one: (-_concern(one.result), one.number))
    return View(True, show, counts, tuple(found))


def _concern(item: ItemResult) -> int:
    """How much an answer asks to be looked at: a missed one more the surer the person was."""
    return 1 + (item.response.confidence or 0) if item.right is False else 0


def calibration(result: Result) -> tuple[Calibration, ...]:
    """Answers by how sure the person was, the surest first; empty where nobody was asked or said."""
    rows = []
    for degree in (3, 2, 1):
        given = [
            item for item in result.items
            if item.response.confidence == degree and item.response.answered and item.right is not None
        ]  # fmt: skip
        rows.append(Calibration(degree, len(given), sum(1 for item in given if item.right)))
    return tuple(rows) if any(row.answers for row in rows) else ()


def by_competency(result: Result) -> tuple[tuple[str, Fraction, Fraction], ...]:
    """Points earned and possible for each competency of the paper, in asking order; marked items only."""
    bank = items.bank(result.attempt.version_id)
    sums: dict[str, tuple[Fraction, Fraction]] = {}
    for each in result.items:
        code = bank.item(each.id).competency
        if code is None or each.share is None:
            continue
        earned, possible = sums.get(code, (Fraction(0), Fraction(0)))
        share = Fraction(each.share).limit_denominator(10_000)
        sums[code] = (earned + each.points * share, possible + each.points)
    return tuple((code, earned, possible) for code, (earned, possible) in sums.items())
