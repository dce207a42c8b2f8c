"""When a course can be tested out of, and what is asked. Pure: figures in, a specification out."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from assessments.adaptive import AdaptiveItem, AdaptiveSpec, exposure_prices
from assessments.forms import overexposed
from assessments.registry import formative, kind_of
from lms.bank.listing import Entry

NEEDED = 30  # items with a place on the scale; with fewer, many people would be asked the same
LEAST, MOST = 10, 25
CONFIDENCE = 0.95
CAP = 0.4  # an item that more than this share of tests asked is asked only where no other is left
SLACK = 1.1  # what the cap of a small pool leaves above an equal use of all items, so that prices have a say
STARTS = 10  # tests before exposure is looked at
WAIT = dt.timedelta(days=30)
REACH = 4.0


@dataclass(frozen=True)
class Pool:
    """The items that can be asked. `placed` is how many there are, `cut` the ability that passes, None without one."""

    items: tuple[AdaptiveItem, ...]
    cut: float | None

    @property
    def placed(self) -> int:
        """How many items have a place on the scale."""
        return len(self.items)

    @property
    def enough(self) -> bool:
        """Whether a test can be given honestly."""
        return self.placed >= NEEDED and self.cut is not None


NOTHING = Pool((), None)


def pool(entries: Mapping[str, Entry], places: Mapping[str, tuple[float, float]], passing: Fraction) -> Pool:
    """The items of a course that are placed on its scale, in use, and scored without a person.

    `places` holds slope and difficulty by item; `passing` is the pass mark of the exam in per cent. The cut is the
    ability at which somebody is expected to get that share of these items right.
    """
    found = []
    for item_id, (slope, place) in sorted(places.items()):
        entry = entries.get(item_id)
        if entry is None or entry.retired or entry.objections or "key" in entry.look:
            continue
        if entry.use not in ("exam", "both") or formative(entry.item) or kind_of(entry.item).by_person:
            continue
        if entry.item.type == "branching":
            continue  # what happens next depends on the answer: one page a question does not hold it
        found.append(AdaptiveItem(item_id, slope, place, entry.item.competency or ""))
    return Pool(tuple(found), cut_of(found, float(passing) / 100))


def cut_of(items: list[AdaptiveItem], share: float) -> float | None:
    """The ability at which the expected share right of `items` is `share`, within ±4; None where there is none."""

    def expected(ability: float) -> float:
        return math.fsum(1 / (1 + math.exp(-one.a * (ability - one.b))) for one in items) / len(items)

    if not items or not expected(-REACH) < share < expected(REACH):
        return None
    low, high = -REACH, REACH
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if expected(middle) < share else (low, middle)
    return (low + high) / 2


def spec(
    found: Pool, sd: float, asked: Mapping[str, int], tests: int, prices: Mapping[str, float] | None = None
) -> AdaptiveSpec:
    """What a test asks: the areas in the shares that the pool has, and what too many were asked only at the last.

    `prices` keep an item for those whom it tells most about; barring stays a guard where they do not hold the cap.
    """
    areas: dict[str, float] = {}
    for one in found.items:
        areas[one.content] = areas.get(one.content, 0.0) + 1 / len(found.items)
    barred = overexposed(asked, tests, CAP) if tests >= STARTS else frozenset()
    return AdaptiveSpec(
        items=found.items, cut=found.cut, confidence=CONFIDENCE, least=LEAST, most=min(MOST, len(found.items)),
        shares=areas if len(areas) > 1 else {}, barred=barred & {one.id for one in found.items}, sd=sd,
        prices={one.id: prices[one.id] for one in found.items if prices and one.id in prices},
    )  # fmt: skip


def cap_of(found: Pool) -> float:
    """The greatest share of tests of full length that an item should stand in: CAP, or what a small pool can hold."""
    return min(1.0, max(CAP, SLACK * min(MOST, found.placed) / found.placed)) if found.placed else 1.0


def learn(found: Pool, sd: float) -> dict[str, float]:
    """The prices of a pool's items; some seconds of simulated takers. Every item has one, most of them 0."""
    return exposure_prices(spec(found, sd, {}, 0), cap_of(found))


def digest(found: Pool, sd: float) -> str:
    """A digest of all that prices are learnt from."""
    facts = [[one.id, one.a, one.b, one.content] for one in found.items]
    text = json.dumps([facts, sd, CAP, SLACK, LEAST, MOST], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
