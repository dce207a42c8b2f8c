"""Which items a paper asks and in which order, rebuilt exactly from bank, draws and seed.

A draw takes items at random by seed, never one twice; all draws together are matched to the bank, so that a
paper is found whenever there is one, and holds as few items seen before as any paper could. Items of one case stay
together in the author's order. Followers of a branching item and concordance items are never drawn. Knows nothing
of attempts or people. Papers of equal difficulty are made in `assessments.forms`.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assessments.answers import Branching
from assessments.model import Bank, Item
from assessments.registry import present
from assessments.seeds import rank


@dataclass(frozen=True)
class Draw:
    """So many items of a competency, level or tag; what is None does not matter."""

    count: int
    competency: str | None = None
    level: int | None = None
    tag: str | None = None

    def matches(self, item: Item) -> bool:
        """Say whether the item may be taken for this draw."""
        return (
            (self.competency is None or item.competency == self.competency)
            and (self.level is None or item.level == self.level)
            and (self.tag is None or self.tag in item.tags)
        )

    def __str__(self) -> str:
        wanted = []
        if self.competency is not None:
            wanted.append(f"competency {self.competency}")
        if self.level is not None:
            wanted.append(f"level {self.level}")
        if self.tag is not None:
            wanted.append(f"tag {self.tag}")
        return " and ".join(wanted) or "any kind"


def drawable(item: Item) -> bool:
    """Say whether an item may stand in a paper by itself."""
    if isinstance(item.answer, Branching):
        return not item.answer.follower
    return item.type != "concordance"


def draw_paper(
    bank: Bank,
    draws: Sequence[Draw],
    seed: str,
    avoid: Collection[str] | Mapping[str, int] = frozenset(),
    overused: Collection[str] = frozenset(),
) -> tuple[str, ...]:
    """Return the item ids of a paper in asking order.

    Without draws the whole bank is asked in the author's order. Items in `avoid` (seen in an earlier attempt, or
    how often by item) are taken only where the others do not suffice, the least seen first; among the rest, those in
    `overused` (shown to too many people) come last. Raises ValueError where the bank cannot fill the draws.
    """
    if not draws:
        return tuple(item.id for item in _together(drawables(bank)))
    taken = match_draws(preference(bank, seed, avoid, overused), draws)
    if taken is None:
        raise ValueError("; ".join(draw_faults(bank, draws)))
    return asking_order(bank, taken, seed)


def preference(
    bank: Bank,
    seed: str,
    avoid: Collection[str] | Mapping[str, int] = frozenset(),
    overused: Collection[str] = frozenset(),
) -> list[Item]:
    """Return the items that may be drawn, those to be taken first in front; equals in an order of chance."""
    return sorted(
        drawables(bank),
        key=lambda item: (times_seen(avoid, item.id), item.id in overused, rank(seed, "draw", item.id)),
    )


def times_seen(avoid: Collection[str] | Mapping[str, int], item_id: str) -> int:
    """Return how often an item is to count as seen."""
    return avoid.get(item_id, 0) if isinstance(avoid, Mapping) else int(item_id in avoid)


def asking_order(bank: Bank, taken: Collection[str], seed: str) -> tuple[str, ...]:
    """Put items in the order of chance in which they are asked, those of a case together in the author's order."""
    groups: dict[str, list[Item]] = {}
    for item in bank.items:
        if item.id in taken:
            groups.setdefault(_group(item), []).append(item)
    order = sorted(groups, key=lambda group: rank(seed, "order", group))
    return tuple(item.id for group in order for item in groups[group])


def drawables(bank: Bank) -> list[Item]:
    """Return the items that may stand in a paper by themselves, in the author's order."""
    return [item for item in bank.items if drawable(item)]


def fingerprint(version_digest: str, bank: Bank, paper: Sequence[str], seed: str) -> str:
    """Return a digest (SHA-256) of all that a taker is shown: version, items, their order and that of their parts.

    A paper rebuilt from the same version and seed has the same fingerprint; any other has another.
    """
    shown = [[item_id, present(bank.item(item_id), seed)] for item_id in paper]
    data = json.dumps([version_digest, shown], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(data.encode()).hexdigest()


def draw_faults(bank: Bank, draws: Sequence[Draw]) -> list[str]:
    """Say in words why the bank cannot fill the draws; an empty list means that it can."""
    pool = drawables(bank)
    faults = []
    for number, draw in enumerate(draws, 1):
        if draw.count < 1:
            faults.append(f"draw {number} asks for {draw.count} items; expected 1 or more")
            continue
        have = sum(draw.matches(item) for item in pool)
        if have < draw.count:
            faults.append(f"draw {number} asks for {draw.count} items of {draw}, but the bank has {have}")
    if not faults and draws and match_draws(pool, draws) is None:
        wanted = sum(draw.count for draw in draws)
        have = sum(any(draw.matches(item) for draw in draws) for item in pool)
        faults.append(
            f"the draws overlap: together they ask for {wanted} different items, and the {have} items that "
            "match any of them do not suffice, since each is asked once"
        )
    return faults


def _group(item: Item) -> str:
    return f"case {item.case_id}" if item.case_id is not None else f"item {item.id}"


def _together(items: Sequence[Item]) -> list[Item]:
    """Move the items of a case to where its first item stands."""
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(_group(item), []).append(item)
    return [item for group in groups.values() for item in group]


def match_draws(ranked: Sequence[Item], draws: Sequence[Draw]) -> dict[str, int] | None:
    """Give each place of each draw an item of its own, or return None where that cannot be.

    Returns the number of the draw that each taken item fills. Items are taken in the order given whenever those
    taken before can make room along an augmenting path. Sets of items that can be placed are the independent sets of
    a matroid (Edmonds and Fulkerson 1965), so that no paper could do with items of better rank.
    """
    fits = {item.id: [number for number, draw in enumerate(draws) if draw.matches(item)] for item in ranked}
    filled: list[list[str]] = [[] for _ in draws]

    def place(item_id: str, seen: set[int]) -> bool:
        for number in fits[item_id]:
            if number not in seen and len(filled[number]) < draws[number].count:
                filled[number].append(item_id)
                return True
        for number in fits[item_id]:
            if number in seen:
                continue
            seen.add(number)
            for at, other in enumerate(filled[number]):
                if place(other, seen):
                    filled[number][at] = item_id
                    return True
        return False

    missing = sum(draw.count for draw in draws)
    for item in ranked:
        if not missing:
            break
        missing -= place(item.id, set())
    if missing:
        return None
    return {item_id: number for number, items in enumerate(filled) for item_id in items}
