"""Which items a paper asks and in which order, rebuilt exactly from bank, draws and seed.

A draw takes items at random by seed, never one twice; all draws together are matched to the bank, so that a
paper is found whenever there is one. Items of one case stay together in the author's order. Followers of a
branching item and concordance items are never drawn. Knows nothing of attempts or people.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assessments.answers import Branching
from assessments.model import Bank, Item
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


def draw_paper(bank: Bank, draws: Sequence[Draw], seed: str, avoid: frozenset[str] = frozenset()) -> tuple[str, ...]:
    """Return the item ids of a paper in asking order.

    Without draws the whole bank is asked in the author's order. Items in `avoid` (seen in an earlier attempt) are
    taken only where the others do not suffice. Raises ValueError where the bank cannot fill the draws.
    """
    pool = [item for item in bank.items if drawable(item)]
    if not draws:
        return tuple(item.id for item in _together(pool))
    ranked = sorted(pool, key=lambda item: (item.id in avoid, rank(seed, "draw", item.id)))
    taken = _assign(ranked, draws)
    if taken is None:
        raise ValueError("; ".join(draw_faults(bank, draws)))
    chosen = [item for item in pool if item.id in taken]
    groups: dict[str, list[Item]] = {}
    for item in chosen:
        groups.setdefault(_group(item), []).append(item)
    order = sorted(groups, key=lambda group: rank(seed, "order", group))
    return tuple(item.id for group in order for item in groups[group])


def draw_faults(bank: Bank, draws: Sequence[Draw]) -> list[str]:
    """Say in words why the bank cannot fill the draws; an empty list means that it can."""
    pool = [item for item in bank.items if drawable(item)]
    faults = []
    for number, draw in enumerate(draws, 1):
        if draw.count < 1:
            faults.append(f"draw {number} asks for {draw.count} items; expected 1 or more")
            continue
        have = sum(draw.matches(item) for item in pool)
        if have < draw.count:
            faults.append(f"draw {number} asks for {draw.count} items of {draw}, but the bank has {have}")
    if not faults and draws and _assign(pool, draws) is None:
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


def _assign(ranked: Sequence[Item], draws: Sequence[Draw]) -> frozenset[str] | None:
    """Match each place of each draw to an item of its own, or return None where that cannot be.

    Places are filled one after the other with the best free item; where none is free, earlier places are moved
    along an augmenting path, which finds a full matching whenever there is one.
    """
    fits = [[index for index, item in enumerate(ranked) if draw.matches(item)] for draw in draws]
    owner: dict[int, int] = {}

    def place(draw: int, seen: set[int]) -> bool:
        free = next((index for index in fits[draw] if index not in owner), None)
        if free is not None:
            owner[free] = draw
            return True
        for index in fits[draw]:
            # Places of one draw are alike, so moving an item within its own draw gains nothing.
            if index in seen or owner[index] == draw:
                continue
            seen.add(index)
            if place(owner[index], seen):
                owner[index] = draw
                return True
        return False

    for number, draw in enumerate(draws):
        for _ in range(draw.count):
            if not place(number, set()):
                return None
    return frozenset(ranked[index].id for index in owner)
