"""Differential item functioning: whether takers of equal ability but another group find an item harder.

Mantel–Haenszel over levels of the total score (Holland and Thayer 1988), with the classes of the Educational
Testing Service (Zwick and Ercikan 1989): A negligible, B moderate, C large. Groups may be professions; the module
knows only their names. A flag calls for people to read the item; it does not say that the item is unfair.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assessments.responses import Responses

# Fewer of a group than these make the classes a game of chance. The Educational Testing Service asks for more.
ENOUGH_IN_GROUP = 50
LEVELS = 10
NEGLIGIBLE, LARGE = 1.0, 1.5
SIGNIFICANT = 3.841458820694124  # The 95th percentile of chi-square with one degree of freedom.
ONE_SIDED = 1.6448536269514722  # The 95th percentile of the normal distribution.


@dataclass(frozen=True)
class Stratum:
    """Takers of one level: right and wrong in the reference group, right and wrong in the focal group."""

    reference_right: int
    reference_wrong: int
    focal_right: int
    focal_wrong: int


@dataclass(frozen=True)
class MantelHaenszel:
    """`odds_ratio` above 1 favours the reference group; `delta` = −2.35 · ln of it, below 0 favours the reference.

    `chi_square` has the continuity correction and one degree of freedom, `p` is its tail, `se_delta` after Robins,
    Breslow and Greenland (Biometrics 42, 1986, 311–323). `grade` is A, B or C. All None where no level holds both
    groups and both answers.
    """

    odds_ratio: float | None
    delta: float | None
    se_delta: float | None
    chi_square: float | None
    p: float | None
    grade: str | None


@dataclass(frozen=True)
class ItemDif:
    """One item for one focal group; `reason` says in words why there is no result, `purified` that items of class C
    were left out of the matching score."""

    id: str
    reference: str
    focal: str
    takers_reference: int
    takers_focal: int
    result: MantelHaenszel | None
    purified: bool
    reason: str | None


def mantel_haenszel(strata: Sequence[Stratum]) -> MantelHaenszel:
    """Return the common odds ratio and its test (Mantel and Haenszel 1959)."""
    above = below = hits = expected = variance = 0.0
    pr = ps_qr = qs = 0.0
    for one in strata:
        a, b, c, d = one.reference_right, one.reference_wrong, one.focal_right, one.focal_wrong
        n = a + b + c + d
        if n < 2 or not (a + b) or not (c + d) or not (a + c) or not (b + d):
            continue
        above, below = above + a * d / n, below + b * c / n
        hits, expected = hits + a, expected + (a + b) * (a + c) / n
        variance += (a + b) * (c + d) * (a + c) * (b + d) / (n * n * (n - 1))
        pr += (a + d) / n * a * d / n
        ps_qr += (a + d) / n * b * c / n + (b + c) / n * a * d / n
        qs += (b + c) / n * b * c / n
    if not variance:
        return MantelHaenszel(None, None, None, None, None, None)
    chi_square = max(0.0, abs(hits - expected) - 0.5) ** 2 / variance
    p = math.erfc(math.sqrt(chi_square / 2))
    if not above or not below:
        return MantelHaenszel(None, None, None, chi_square, p, None)
    odds = above / below
    delta = -2.35 * math.log(odds)
    spread = pr / (2 * above**2) + ps_qr / (2 * above * below) + qs / (2 * below**2)
    se = 2.35 * math.sqrt(spread)
    return MantelHaenszel(odds, delta, se, chi_square, p, _grade(delta, se, chi_square))


def _grade(delta: float, se: float, chi_square: float) -> str:
    """A unless |Δ| ≥ 1 and significantly not 0; C if |Δ| ≥ 1.5 and significantly above 1; else B."""
    size = abs(delta)
    if size < NEGLIGIBLE or chi_square < SIGNIFICANT:
        return "A"
    if size >= LARGE and size - ONE_SIDED * se > NEGLIGIBLE:
        return "C"
    return "B"


def item_dif(
    responses: Responses,
    groups: Sequence[str | None],
    reference: str,
    enough: int = ENOUGH_IN_GROUP,
    purify: bool = True,
) -> tuple[ItemDif, ...]:
    """Return every item for every group other than the reference, items in the order of the columns.

    `groups` names the group of each taker, None for those to leave out. Takers are matched by their items right,
    the studied item included; where takers reached different items, by tenths of the share of right ones. With
    `purify` the matching score is made once more without the items of class C (the studied one stays in). Raises
    ValueError where groups and takers differ in number.
    """
    if len(groups) != responses.takers:
        raise ValueError(f"expected a group for each of {responses.takers} takers, not {len(groups)}")
    members: dict[str, int] = {}
    for taker, name in enumerate(groups):
        if name is not None:
            members[name] = members.get(name, 0) | 1 << taker
    found: list[ItemDif] = []
    for focal in sorted(set(members) - {reference}):
        pair = members.get(reference, 0), members[focal]
        first = _pass(responses, pair, frozenset(), enough)
        large = frozenset(name for name, one in first.items() if one[0] and one[0].grade == "C")
        purified = bool(purify and large and len(large) < len(responses.columns) - 1)
        results = _pass(responses, pair, large, enough) if purified else first
        for column in responses.columns:
            result, reason = results[column.id]
            counts = (column.reached & pair[0]).bit_count(), (column.reached & pair[1]).bit_count()
            found.append(ItemDif(column.id, reference, focal, *counts, result, purified, reason))
    order = {column.id: at for at, column in enumerate(responses.columns)}
    return tuple(sorted(found, key=lambda one: (order[one.id], one.focal)))


def _pass(
    responses: Responses, pair: tuple[int, int], left_out: frozenset[str], enough: int
) -> dict[str, tuple[MantelHaenszel | None, str | None]]:
    results: dict[str, tuple[MantelHaenszel | None, str | None]] = {}
    both = pair[0] | pair[1]
    shared = _levels(responses, both, left_out)
    for column in responses.columns:
        counts = [(column.reached & members).bit_count() for members in pair]
        if min(counts) < enough:
            few = f"{min(counts)} takers in the smaller group are too few; {enough} are needed in each"
            results[column.id] = None, few
            continue
        levels = _levels(responses, both, left_out - {column.id}) if column.id in left_out else shared
        wrong = column.reached & ~column.right
        strata = [
            Stratum(
                (column.right & pair[0] & level).bit_count(), (wrong & pair[0] & level).bit_count(),
                (column.right & pair[1] & level).bit_count(), (wrong & pair[1] & level).bit_count(),
            )
            for level in levels
        ]  # fmt: skip
        result = mantel_haenszel(strata)
        reason = None if result.grade else "no level of the score holds both groups with right and wrong answers"
        results[column.id] = result, reason
    return results


def _levels(responses: Responses, takers: int, left_out: frozenset[str]) -> list[int]:
    """Return the takers of each level of the matching score as bits."""
    right = [0] * responses.takers
    reached = [0] * responses.takers
    for column in responses.columns:
        if column.id in left_out:
            continue
        for taker, (tried, hit) in enumerate(
            zip(_digits(column.reached, responses.takers), _digits(column.right, responses.takers), strict=True)
        ):
            reached[taker] += tried == "1"
            right[taker] += hit == "1"
    complete = len(set(reached)) <= 1
    levels: dict[int, int] = {}
    for taker in range(responses.takers):
        if takers >> taker & 1 and reached[taker]:
            score = right[taker] if complete else min(LEVELS - 1, right[taker] * LEVELS // reached[taker])
            levels[score] = levels.get(score, 0) | 1 << taker
    return [levels[score] for score in sorted(levels)]


def _digits(bits: int, length: int) -> str:
    """Return bits as text, first taker first."""
    return format(bits, f"0{length}b")[::-1] if length else ""
