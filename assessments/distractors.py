"""Which options were picked by whom: a table of options by groups of takers ordered by their score.

A good distractor draws weak takers, the key draws able ones. Scores are the takers' scores on the rest of the paper,
so that the item does not correlate with itself. Says what is odd in codes that a page can put into words.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessments.classical import ENOUGH_TAKERS

GROUPS = 3
# An option that fewer than one taker in twenty picks distracts nobody (Tarrant, Ware and Mohammed 2009).
FUNCTIONING = 0.05
WEAK_KEY = 0.1
ATTRACTS = 0.05

UNUSED = "unused"
ATTRACTS_ABLE = "attracts-able"
BEATS_KEY = "beats-key"
KEY_WEAK = "key-weak"


@dataclass(frozen=True)
class Pick:
    """The options that one taker picked, none where the item was left unanswered, and the score on the rest."""

    options: tuple[str, ...]
    score: float


@dataclass(frozen=True)
class Group:
    """Takers with scores from `low` to `high`, weakest group first."""

    low: float
    high: float
    takers: int


@dataclass(frozen=True)
class OptionUse:
    """How an option was used; `option` is None for takers who left the item unanswered.

    `by_group` counts picks in each group, `correlation` is the point-biserial of picking it with the score on the
    rest. `flags`: `unused` fewer than 5 % picked it; `attracts-able` a wrong option that rises with the score;
    `beats-key` a wrong option that the ablest group picked more often than any right one; `key-weak` a right option
    that does not rise with the score. No flags are raised with too few takers.
    """

    option: str | None
    right: bool
    picks: int
    share: float
    by_group: tuple[int, ...]
    correlation: float | None
    flags: tuple[str, ...]


@dataclass(frozen=True)
class DistractorTable:
    """The options of an item in the order given, then no answer; `enough` says whether the flags mean anything."""

    takers: int
    enough: bool
    groups: tuple[Group, ...]
    options: tuple[OptionUse, ...]


def distractor_table(
    picks: Iterable[Pick], options: Sequence[tuple[str, bool]], groups: int = GROUPS, enough: int = ENOUGH_TAKERS
) -> DistractorTable:
    """Tabulate picks of `options`, pairs of id and whether it is right.

    Takers with equal scores stay in one group, so that groups differ in size. Raises ValueError on fewer than two
    groups or a pick that is no option.
    """
    if groups < 2:
        raise ValueError(f"expected two groups or more, not {groups}")
    taken = sorted(picks, key=lambda one: one.score)
    known = {name for name, _ in options}
    for one in taken:
        if not known.issuperset(one.options):
            raise ValueError(f"expected picks among {sorted(known)}, not {sorted(one.options)}")
    places = _places([one.score for one in taken], groups)
    made = []
    for number in range(groups):
        scores = [one.score for one, place in zip(taken, places, strict=True) if place == number]
        if scores:
            made.append((number, Group(scores[0], scores[-1], len(scores))))
    rows: list[tuple[str | None, bool, list[bool]]] = [
        (name, right, [name in one.options for one in taken]) for name, right in options
    ]
    rows.append((None, False, [not one.options for one in taken]))
    scores = [one.score for one in taken]
    counted = [
        (name, right, chosen, tuple(sum(c and p == n for c, p in zip(chosen, places, strict=True)) for n, _ in made))
        for name, right, chosen in rows
    ]
    best = max((by_group[-1] for _, right, _, by_group in counted if right and by_group), default=0)
    uses = []
    for name, right, chosen, by_group in counted:
        correlation = point_biserial(chosen, scores)
        share = sum(chosen) / len(taken) if taken else 0.0
        flags = _flags(right, share, by_group, correlation, best) if len(taken) >= enough and name is not None else ()
        uses.append(OptionUse(name, right, sum(chosen), share, by_group, correlation, flags))
    return DistractorTable(len(taken), len(taken) >= enough, tuple(one for _, one in made), tuple(uses))


def point_biserial(chosen: Sequence[bool], scores: Sequence[float]) -> float | None:
    """Return the correlation of a choice with scores, None where either does not vary."""
    takers = len(scores)
    picked = sum(chosen)
    if not 0 < picked < takers:
        return None
    mean = math.fsum(scores) / takers
    spread = math.fsum((one - mean) ** 2 for one in scores)
    if spread <= 1e-12 * max(1.0, mean * mean) * takers:
        return None
    apart = math.fsum(one for one, hit in zip(scores, chosen, strict=True) if hit) / picked - mean
    return max(-1.0, min(1.0, apart * picked / math.sqrt(spread * picked * (takers - picked) / takers)))


def _places(scores: Sequence[float], groups: int) -> list[int]:
    """Put ordered scores into groups by the middle of the ranks that share a score."""
    places: list[int] = []
    while len(places) < len(scores):
        start = len(places)
        end = start
        while end < len(scores) and scores[end] == scores[start]:
            end += 1
        places += [min(groups - 1, (start + end) * groups // (2 * len(scores)))] * (end - start)
    return places


def _flags(
    right: bool, share: float, by_group: tuple[int, ...], correlation: float | None, best: int
) -> tuple[str, ...]:
    flags = []
    if share < FUNCTIONING:
        flags.append(UNUSED)
    if right and correlation is not None and correlation < WEAK_KEY:
        flags.append(KEY_WEAK)
    if not right and share >= FUNCTIONING and correlation is not None and correlation > ATTRACTS:
        flags.append(ATTRACTS_ABLE)
    if not right and by_group and by_group[-1] > best:
        flags.append(BEATS_KEY)
    return tuple(flags)
