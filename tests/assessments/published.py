"""Data sets that others have published figures for, and ways to make tables of responses from matrices.

Only the counts stand here; which figure comes from where is said by the test that uses it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assessments.responses import Column, Responses

# Takers for each of the 32 patterns of five answers, from 00000 to 11111, item 1 first.
# Law School Admission Test, section 6 and section 7: Bock and Lieberman, Psychometrika 35 (1970) 179–197.
LSAT6 = [3, 6, 2, 11, 1, 1, 3, 4, 1, 8, 0, 16, 0, 3, 2, 15, 10, 29, 14, 81, 3, 28, 15, 80, 16, 56, 21, 173, 11, 61, 28,
         298]  # fmt: skip
LSAT7 = [12, 19, 1, 7, 3, 19, 3, 17, 10, 5, 3, 7, 7, 23, 8, 28, 7, 39, 11, 34, 14, 51, 15, 90, 6, 25, 7, 35, 18, 136,
         32, 308]  # fmt: skip


def patterns(counts: Sequence[int]) -> list[list[int]]:
    """Return one row of five answers a taker."""
    return [[int(one) for one in f"{number:05b}"] for number, count in enumerate(counts) for _ in range(count)]


def responses(right: Sequence[Sequence[int]] | np.ndarray, reached: np.ndarray | None = None) -> Responses:
    """Return a table of responses from takers × items; what is not reached counts neither way."""
    hits = np.asarray(right, dtype=np.uint8)
    tries = np.ones_like(hits) if reached is None else np.asarray(reached, dtype=np.uint8)
    columns = tuple(
        Column(f"i{at + 1}", _bits(tries[:, at]), _bits(hits[:, at] & tries[:, at])) for at in range(hits.shape[1])
    )
    return Responses(len(hits), columns)


def _bits(values: np.ndarray) -> int:
    return int.from_bytes(np.packbits(values, bitorder="little").tobytes(), "little")


def simulate(
    seed: int, takers: int, slopes: np.ndarray, difficulties: np.ndarray, spread: float = 1.0
) -> tuple[np.ndarray, np.ndarray]:
    """Return abilities N(0, spread²) and their answers under the two-parameter model."""
    chance = np.random.default_rng(seed)
    abilities = chance.normal(0, spread, takers)
    p = 1 / (1 + np.exp(-slopes * (abilities[:, None] - difficulties)))
    return abilities, (chance.random(p.shape) < p).astype(np.uint8)
