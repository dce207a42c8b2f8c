"""Papers of equal expected difficulty: forms for several sittings, and one person's paper made as hard as the rest.

A paper is drawn first as `assessments.papers` does; then items change places with others that fill the same draw
until its mean difficulty is right. Difficulty may be the proportion right or a b in logits, as long as all items are
measured alike; an item that was never measured counts as the mean of those that were. Chance comes from the seed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessments.model import Bank, Item
from assessments.papers import Draw, asking_order, draw_faults, draw_paper, match_draws, preference, times_seen

# Means of proportions right that differ by less than this differ by less than a fifth of an item in twenty.
TOLERANCE = 0.01
SWAPS = 200


@dataclass(frozen=True)
class Form:
    """Item ids in asking order and their mean difficulty, each weighted by the points that it can earn."""

    items: tuple[str, ...]
    difficulty: float


def expected_difficulty(bank: Bank, draws: Sequence[Draw], difficulties: Mapping[str, float]) -> float:
    """Return the mean difficulty of papers drawn at random: that of the items which match each draw, by its places.

    Raises ValueError where nothing that the draws match was ever measured.
    """
    known = _measures(bank, difficulties)
    pool = preference(bank, "")
    total = weight = 0.0
    for draw in draws:
        matching = [item for item in pool if draw.matches(item)]
        if matching:
            total += draw.count * _mean(matching, known)
            weight += draw.count
    return total / weight if weight else _mean(pool, known)


def balanced_paper(
    bank: Bank,
    draws: Sequence[Draw],
    seed: str,
    difficulties: Mapping[str, float],
    target: float | None = None,
    avoid: Collection[str] | Mapping[str, int] = frozenset(),
    overused: Collection[str] = frozenset(),
    tolerance: float = TOLERANCE,
) -> Form:
    """Draw a paper whose mean difficulty is as near to `target` as swaps make it, by default to the expected one.

    No swap brings in an item that was seen more often than the one it replaces, or one of `overused` for one that
    is not, so that a paper repeats as little as `draw_paper` does. Raises ValueError where the bank cannot fill the
    draws or no item was ever measured.
    """
    known = _measures(bank, difficulties)
    aim = expected_difficulty(bank, draws, difficulties) if target is None else target
    if not draws:
        every = draw_paper(bank, draws, seed)
        return Form(every, _mean((bank.item(one) for one in every), known))
    ranked = preference(bank, seed, avoid, overused)
    taken = match_draws(ranked, draws)
    if taken is None:
        raise ValueError("; ".join(draw_faults(bank, draws)))
    cost = {item.id: (times_seen(avoid, item.id), item.id in overused) for item in ranked}
    _balance(bank, taken, ranked, draws, known, aim, cost, tolerance)
    chosen = [bank.item(item_id) for item_id in taken]
    return Form(asking_order(bank, taken, seed), _mean(chosen, known))


def parallel_forms(
    bank: Bank,
    draws: Sequence[Draw],
    count: int,
    seed: str,
    difficulties: Mapping[str, float],
    avoid: Collection[str] = frozenset(),
    tolerance: float = TOLERANCE,
) -> tuple[Form, ...]:
    """Return `count` papers of equal expected difficulty that share as few items as the bank allows.

    Each form first takes items that no earlier form holds; swaps then keep to that. Raises ValueError on fewer than
    one form, no draws, a bank that cannot fill them, or no item ever measured.
    """
    if count < 1 or not draws:
        raise ValueError("expected one form or more, and draws to fill")
    used: dict[str, int] = dict.fromkeys(avoid, count)
    aim = expected_difficulty(bank, draws, difficulties)
    forms: list[Form] = []
    for number in range(count):
        form = balanced_paper(bank, draws, f"{seed}/{number}", difficulties, aim, used, (), tolerance)
        forms.append(form)
        for item_id in form.items:
            used[item_id] = used.get(item_id, 0) + 1
    return _evened(bank, draws, forms, seed, _measures(bank, difficulties), aim)


def overexposed(counts: Mapping[str, int], papers: int, cap: float) -> frozenset[str]:
    """Return the items that one more paper would carry beyond a share `cap` of all papers drawn so far.

    An item never shown is not among them. Hand the result to `draw_paper` as `overused`, or to an adaptive test as
    `barred`. Raises ValueError unless 0 < cap ≤ 1.
    """
    if not 0 < cap <= 1:
        raise ValueError(f"expected a share above 0 and at most 1, not {cap!r}")
    return frozenset(item_id for item_id, shown in counts.items() if shown and shown + 1 > cap * (papers + 1))


def _measures(bank: Bank, difficulties: Mapping[str, float]) -> dict[str, float]:
    known = {item.id: difficulties[item.id] for item in bank.items if item.id in difficulties}
    if not known:
        raise ValueError("expected the difficulty of at least one item of the bank")
    middle = sum(known.values()) / len(known)
    return {item.id: known.get(item.id, middle) for item in bank.items}


def _mean(items: Iterable[Item], known: Mapping[str, float]) -> float:
    pairs = [(float(item.points), known[item.id]) for item in items]
    weight = sum(points for points, _ in pairs)
    return sum(points * value for points, value in pairs) / weight if weight else 0.0


def _balance(
    bank: Bank,
    taken: dict[str, int],
    ranked: Sequence[Item],
    draws: Sequence[Draw],
    known: Mapping[str, float],
    aim: float,
    cost: Mapping[str, tuple[int, bool]],
    tolerance: float,
) -> None:
    """Swap taken items for others until the mean is within the tolerance or no swap brings it nearer.

    The first swap in the order of chance that lands within the tolerance is made, else the one that lands nearest:
    so that the items of middling difficulty are not preferred more than they must be.
    """
    for _ in range(SWAPS):
        gap = abs(_mean((bank.item(one) for one in taken), known) - aim)
        if gap <= tolerance:
            return
        best: tuple[float, str, str] | None = None
        weight = sum(float(bank.item(one).points) for one in taken)
        total = sum(float(bank.item(one).points) * known[one] for one in taken)
        for out in [item for item in ranked if item.id in taken]:
            draw = draws[taken[out.id]]
            for into in ranked:
                if into.id in taken or not draw.matches(into) or cost[into.id] > cost[out.id]:
                    continue
                new_weight = weight - float(out.points) + float(into.points)
                new_total = total - float(out.points) * known[out.id] + float(into.points) * known[into.id]
                new_gap = abs(new_total / new_weight - aim)
                if best is None or new_gap < best[0]:
                    best = new_gap, out.id, into.id
                if new_gap <= tolerance:
                    break
            if best is not None and best[0] <= tolerance:
                break
        if best is None or best[0] >= gap - 1e-12:
            return
        taken[best[2]] = taken.pop(best[1])


def _evened(
    bank: Bank, draws: Sequence[Draw], forms: list[Form], seed: str, known: Mapping[str, float], aim: float
) -> tuple[Form, ...]:
    """Let the easiest and the hardest form exchange items as long as that brings both together nearer to the aim."""
    held = [list(form.items) for form in forms]

    def mean(number: int) -> float:
        return _mean((bank.item(one) for one in held[number]), known)

    for _ in range(SWAPS):
        order = sorted(range(len(held)), key=mean)
        low, high = order[0], order[-1]
        spread = max(abs(mean(low) - aim), abs(mean(high) - aim))
        best: tuple[float, int, int] | None = None
        for at, one in enumerate(held[low]):
            for to, other in enumerate(held[high]):
                if one in held[high] or other in held[low] or known[one] >= known[other]:
                    continue
                if not _alike(bank.item(one), bank.item(other), draws):
                    continue
                held[low][at], held[high][to] = other, one
                new = max(abs(mean(low) - aim), abs(mean(high) - aim))
                held[low][at], held[high][to] = one, other
                if new < spread - 1e-12 and (best is None or new < best[0]):
                    best = new, at, to
        if low == high or best is None:
            break
        held[low][best[1]], held[high][best[2]] = held[high][best[2]], held[low][best[1]]
    return tuple(
        Form(asking_order(bank, frozenset(items), f"{seed}/{number}"), mean(number))
        for number, items in enumerate(held)
    )


def _alike(one: Item, other: Item, draws: Sequence[Draw]) -> bool:
    """Say whether two items match exactly the same draws and earn the same, so that either can stand for the other."""
    return one.points == other.points and all(draw.matches(one) == draw.matches(other) for draw in draws)
