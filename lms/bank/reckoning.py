"""What the answers to a course's items say of the items. Pure: answers in, figures out; the library has the formulas.

Below thirty takers an item gets its counts and no verdict: no flag is raised, and no figure is acted on.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assessments import calibration, distractors
from assessments.answers import Choices
from assessments.classical import ENOUGH_TAKERS, analyse
from assessments.dif import ItemDif, item_dif
from assessments.model import Bank, Item
from assessments.responses import Responses, collect
from lms.quizzes.sittings import FirstSitting, Given

TOO_HARD, TOO_EASY, WEAK = 0.3, 0.95, 0.1
SURELY_WRONG = 0.6  # certain answers that are right less often than this tell of a misconception, or of a wrong key
MISFIT = 1.5
CERTAIN = 3
# What asks for a look, here and in the report of item quality; the other flags are notes.
LOOK = ("key", "weak", "hard", "beats-key", "dif", "surely-wrong")


@dataclass(frozen=True)
class Figures:
    """The figures of one item; `document` holds the tables, JSON-able."""

    item: str
    takers: int
    difficulty: float | None
    discrimination: float | None
    flags: tuple[str, ...]
    document: dict[str, Any]


@dataclass(frozen=True)
class Analysis:
    """All items of a course together; `digest` covers the answers that the figures rest on."""

    takers: int
    alpha: float | None
    sem: float | None
    model: str | None
    ability_sd: float | None
    warnings: tuple[str, ...]
    digest: str
    items: tuple[Figures, ...]


def same_question(one: Item, other: Item) -> bool:
    """Whether two versions ask the same: all that a taker sees and how it is scored, not where it stands in a file."""
    return replace(one, path="", line=0) == replace(other, path="", line=0)


def comparable(bank: Bank, others: Mapping[int, Bank]) -> dict[int, frozenset[str]]:
    """By version the items that stand in it exactly as in `bank`: only answers to these are counted."""
    return {
        version_id: frozenset(
            item.id for item in bank.items if item.id in other and same_question(item, other.item(item.id))
        )
        for version_id, other in others.items()
    }


def reckon(
    bank: Bank,
    sittings: Sequence[FirstSitting],
    same: Mapping[int, frozenset[str]],
    professions: Mapping[int, str],
    *,
    scaled: bool = True,
) -> Analysis:
    """The figures of every item of `bank` that anybody met; `professions` by person.

    Without `scaled` no scale is worked out, which takes most of the time; what asks for a look does not rest on it.
    """
    met = [
        (
            sat,
            {
                item: given
                for item, given in sat.answers.items()
                if item in same.get(sat.version_id, ()) and given.right is not None
            },
        )
        for sat in sittings
    ]
    met = [(sat, answers) for sat, answers in met if answers]
    rights = [{item: bool(given.right) for item, given in answers.items()} for _, answers in met]
    order = [item.id for item in bank.items if any(item.id in one for one in rights)]
    table = collect(rights, order)
    classical = analyse(table)
    scale = _scale(table) if scaled else None
    dif = _dif(table, [professions.get(sat.person_id) for sat, _ in met])
    estimates = {one.id: one for one in scale.items} if scale else {}
    scores = [(answers, sum(right.values()), _kept(sat)) for (sat, answers), right in zip(met, rights, strict=True)]
    found = []
    for one in classical.items:
        given = [answers[one.id] for _, answers in met if one.id in answers]
        kept = [
            (answers[one.id], _rest(answers, one.id, score))
            for answers, score, held in scores if held and one.id in answers
        ]  # fmt: skip
        document: dict[str, Any] = {
            "options": _options(bank.item(one.id), kept),
            "confidence": _confidence(given),
            "dif": [_dif_row(each) for each in dif.get(one.id, ())],
            "irt": _irt(estimates.get(one.id), scale),
        }
        flags = _flags(one.reached, one.difficulty, one.discrimination, document)
        found.append(Figures(one.id, one.reached, one.difficulty, one.discrimination, flags, document))
    return Analysis(
        len(met), classical.alpha, classical.sem, scale.model if scale else None,
        scale.ability_sd if scale else None, tuple(scale.warnings) if scale else (), _digest(rights, met), tuple(found),
    )  # fmt: skip


def _digest(rights: Sequence[Mapping[str, bool]], met: Sequence[tuple[FirstSitting, Any]]) -> str:
    facts = [[sat.attempt_id, sorted(one.items())] for (sat, _), one in zip(met, rights, strict=True)]
    return hashlib.sha256(json.dumps(facts, separators=(",", ":")).encode()).hexdigest()


def _rest(answers: Mapping[str, Given], item: str, score: int) -> float:
    """The share right of a taker's other items; `score` counts all that were right."""
    others = len(answers) - 1
    return (score - bool(answers[item].right)) / others if others else 0.0


def _kept(sat: FirstSitting) -> bool:
    """Whether the answers are still kept; once a person is erased, or after years, only right and wrong is."""
    return any(given.value is not None for given in sat.answers.values())


def _options(item: Item, given: Sequence[tuple[Given, float]]) -> dict[str, Any] | None:
    if not isinstance(item.answer, Choices):
        return None
    count = len(item.answer.options)
    picks = []
    for each, rest in given:
        chosen = [] if each.value is None else each.value if isinstance(each.value, list) else [each.value]
        if all(isinstance(one, int) and 0 <= one < count for one in chosen):
            picks.append(distractors.Pick(tuple(str(one) for one in chosen), rest))
    table = distractors.distractor_table(
        picks, [(str(at), option.right) for at, option in enumerate(item.answer.options)]
    )
    return {
        "takers": table.takers,
        "groups": [group.takers for group in table.groups],
        "rows": [
            {
                "option": None if use.option is None else int(use.option), "right": use.right, "picks": use.picks,
                "share": use.share, "by_group": list(use.by_group), "correlation": use.correlation,
                "flags": list(use.flags),
            }
            for use in table.options
        ],
    }  # fmt: skip


def _confidence(given: Sequence[Given]) -> list[list[int]]:
    """Answers by degree of certainty, the surest first: degree, answers, right ones."""
    answers: Counter[int] = Counter(one.confidence for one in given if one.confidence and one.value is not None)
    right: Counter[int] = Counter(one.confidence for one in given if one.confidence and one.right)
    return [[degree, answers[degree], right[degree]] for degree in (3, 2, 1)] if answers else []


def _scale(table: Responses) -> calibration.Calibration | None:
    """A calibration where at least two items have enough takers; slopes only where most items can bear them."""
    counts = sorted(column.reached.bit_count() for column in table.columns)
    if len(counts) < 2 or counts[-2] < calibration.ENOUGH["rasch"]:
        return None
    return calibration.calibrate(table, "2pl" if counts[len(counts) // 2] >= calibration.ENOUGH["2pl"] else "rasch")


def _irt(one: calibration.ItemEstimate | None, scale: calibration.Calibration | None) -> dict[str, Any] | None:
    if one is None or scale is None:
        return None
    enough = one.reached >= calibration.ENOUGH[scale.model]
    return {
        "model": scale.model, "takers": one.reached, "enough": enough, "needed": calibration.ENOUGH[scale.model],
        "a": one.a, "b": one.b, "se_a": one.se_a, "se_b": one.se_b, "infit": one.infit, "outfit": one.outfit,
        "reason": one.reason,
    }  # fmt: skip


def _dif(table: Responses, groups: Sequence[str | None]) -> dict[str, list[ItemDif]]:
    """By item the comparison of each profession with the largest one."""
    sizes = Counter(group for group in groups if group)
    if len(sizes) < 2 or not table.columns:
        return {}
    reference = max(sorted(sizes), key=lambda name: sizes[name])
    found: dict[str, list[ItemDif]] = {}
    for one in item_dif(table, groups, reference):
        found.setdefault(one.id, []).append(one)
    return found


def _dif_row(one: ItemDif) -> dict[str, Any]:
    result = one.result
    return {
        "reference": one.reference, "focal": one.focal,
        "n_reference": one.takers_reference, "n_focal": one.takers_focal,
        "delta": result.delta if result else None, "se": result.se_delta if result else None,
        "grade": result.grade if result else None, "reason": one.reason,
    }  # fmt: skip


def _flags(
    takers: int, difficulty: float | None, discrimination: float | None, document: Mapping[str, Any]
) -> tuple[str, ...]:
    """What is odd about an item, in codes; nothing with too few takers."""
    if takers < ENOUGH_TAKERS or difficulty is None:
        return ()
    found = []
    # One standard error of a correlation near nothing: below thirty to fifty takers a small minus is chance.
    error = 1 / math.sqrt(takers)
    if discrimination is not None and discrimination < -error:
        found.append("key")
    elif discrimination is not None and discrimination < WEAK - error:
        found.append("weak")
    if difficulty < TOO_HARD:
        found.append("hard")
    if difficulty > TOO_EASY:
        found.append("easy")
    options = document["options"] or {"rows": []}
    raised = {flag for row in options["rows"] for flag in row["flags"]}
    found += [flag for flag in (distractors.BEATS_KEY, distractors.UNUSED) if flag in raised]
    grades = {row["grade"] for row in document["dif"]}
    found += ["dif"] if "C" in grades else ["dif-some"] if "B" in grades else []
    sure = next((row for row in document["confidence"] if row[0] == CERTAIN), None)
    if sure and sure[1] >= ENOUGH_TAKERS and sure[2] < SURELY_WRONG * sure[1]:
        found.append("surely-wrong")
    irt = document["irt"]
    if irt and irt["enough"] and max(irt["infit"] or 0, irt["outfit"] or 0) > MISFIT:
        found.append("misfit")
    return tuple(found)
