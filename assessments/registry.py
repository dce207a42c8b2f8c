"""The one list of item types, and what can be done with an item whatever its type.

An item is presented, its answer read, scored and reviewed by the rules of its type. Nothing that `present`
returns tells the key; `review` tells it and is for after submission. Texts are passed on as they stand in the
item, so callers hand over the published form, whose texts are HTML.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from assessments.model import AnswerError, Item, Score
from assessments.types.branching import BranchingKind
from assessments.types.cloze import ClozeKind
from assessments.types.concordance import ConcordanceKind
from assessments.types.essay import EssayKind
from assessments.types.kind import Kind
from assessments.types.matching import MatchingKind
from assessments.types.multiple import Multiple
from assessments.types.numeric import NumericKind
from assessments.types.ordering import OrderingKind
from assessments.types.single import Single
from assessments.types.text import TextKind
from assessments.types.truefalse import TrueFalse

__all__ = [
    "INFERRED", "KINDS", "AnswerError", "Score",
    "formative", "kind_of", "number", "present", "raw_answer", "read_answer", "review", "score",
]  # fmt: skip

_ALL: tuple[Kind[Any], ...] = (
    Single(), Multiple(), TrueFalse(), NumericKind(), TextKind(), MatchingKind(), OrderingKind(), ClozeKind(),
    ConcordanceKind(), EssayKind(), BranchingKind(),
)  # fmt: skip

KINDS: Mapping[str, Kind[Any]] = {kind.name: kind for kind in _ALL}
# The types that the shape of an answer can tell; the others always carry their class.
INFERRED = ("single", "multiple", "truefalse", "numeric", "text")


def kind_of(item: Item) -> Kind[Any]:
    """Return the item's type; raises KeyError on an unknown one."""
    return KINDS[item.type]


def formative(item: Item) -> bool:
    """Say whether the item never counts towards a result."""
    return kind_of(item).formative


def present(item: Item, seed: str, canonical: Any = None) -> dict[str, Any]:
    """Return a JSON-able model of the question for a page or the API, without its key.

    Ids of options are opaque and, like their order, derived from `seed`. `canonical` is the answer so far, which
    only a branching item needs, to show what followed from each step.
    """
    return {**_head(item), **kind_of(item).present(item, item.answer, seed, canonical)}


def read_answer(item: Item, seed: str, raw: Any) -> Any:
    """Return the canonical, JSON-able form of a raw answer as the API carries it; None clears it.

    Raises AnswerError, whose message says what was expected.
    """
    return kind_of(item).read_answer(item, item.answer, seed, raw)


def raw_answer(item: Item, seed: str, canonical: Any) -> Any:
    """Return the raw form of a canonical answer, to show a saved answer again."""
    return None if canonical is None else kind_of(item).raw_answer(item, item.answer, seed, canonical)


def finished(item: Item, canonical: Any) -> bool:
    """Whether a canonical answer is a whole one: there is one, and a path of decisions has come to its end."""
    return canonical is not None and kind_of(item).finished(item, item.answer, canonical)


def score(item: Item, canonical: Any) -> Score:
    """Return what a canonical answer earns; no answer earns 0. Raises AnswerError on what is not an answer."""
    kind = kind_of(item)
    if canonical is None:
        return Score(Fraction(0), item.points, right=False)
    if kind.by_person:
        given = kind.read_answer(item, item.answer, "", canonical)
        return Score(Fraction(0), item.points, right=False, status="scored" if given is None else "awaiting_marking")
    share = kind.share(item, item.answer, canonical)
    right = share == 1
    if not right and not item.partial:
        share = Fraction(0)
    return Score(item.points * share, item.points, right)


def review(item: Item, seed: str, canonical: Any) -> dict[str, Any]:
    """Return a JSON-able model of the question after submission: key, what was chosen, feedback, points."""
    result = score(item, canonical)
    return {
        **_head(item),
        **kind_of(item).review(item, item.answer, seed, canonical),
        "answered": canonical is not None,
        "right": result.right,
        "status": result.status,
        "earned": number(result.earned),
        "possible": number(result.possible),
        "rationale_html": item.rationale,
    }


def number(value: Fraction) -> int | float:
    """Return a fraction as a JSON number, whole ones without a point."""
    return value.numerator if value.denominator == 1 else float(value)


def _head(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "type": item.type,
        "title": item.title,
        "stem_html": item.stem,
        "points": number(item.points),
        "case_id": item.case_id,
    }
