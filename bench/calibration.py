"""How long a calibration takes: 1,000 items × 10,000 takers, beside a matrix product of that size on the same machine.

Usage: python -m bench --only calibration
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from assessments.calibration import Model, calibrate
from assessments.responses import Column, Responses

TAKERS, ITEMS = 10_000, 1_000
DRAWN = 30


def simulated(share: float, seed: int = 1) -> Responses:
    """Answers under the two-parameter model, each item reached by a taker with the chance `share`."""
    chance = np.random.default_rng(seed)
    slopes, difficulties = np.exp(chance.normal(0, 0.3, ITEMS)), chance.normal(0, 1, ITEMS)
    logits = slopes * (chance.normal(0, 1, TAKERS)[:, None] - difficulties)
    right = chance.random(logits.shape) < 1 / (1 + np.exp(-logits))
    reached = chance.random(logits.shape) < share
    return Responses(
        TAKERS,
        tuple(Column(f"i{at}", _bits(reached[:, at]), _bits(right[:, at] & reached[:, at])) for at in range(ITEMS)),
    )


def _bits(values: np.ndarray) -> int:
    return int.from_bytes(np.packbits(values, bitorder="little").tobytes(), "little")


def seconds(act: Callable[[], object]) -> float:
    """Wall-clock seconds of one run."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    matrix = np.random.default_rng(1).random((TAKERS, ITEMS))
    matrix.T @ matrix
    product = min(seconds(lambda: matrix.T @ matrix) for _ in range(3))
    print(f"\n{ITEMS:,} items, {TAKERS:,} takers, estimates, standard errors and fit; one run each\n")
    print("| Calibration | Seconds | Beside one product of the matrices |")
    print("|---|---:|---:|")
    print(f"| (the product) | {product:.2f} | 1 |")
    tables: tuple[tuple[str, float, Model], ...] = (
        ("Rasch, all items reached", 1.0, "rasch"),
        ("2PL, all items reached", 1.0, "2pl"),
        ("2PL, 90 % reached", 0.9, "2pl"),
        (f"2PL, papers of about {DRAWN} drawn items", DRAWN / ITEMS, "2pl"),
    )
    for name, share, model in tables:
        table = simulated(share)
        taken = seconds(lambda table=table, model=model: calibrate(table, model))  # type: ignore[misc]
        print(f"| {name} | {taken:.1f} | {taken / product:.0f} × |")
