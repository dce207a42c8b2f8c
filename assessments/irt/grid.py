"""Responses as matrices, and the grid of abilities over which the models integrate.

Knows the logistic model P = 1 / (1 + exp(−(a·θ + c))), b = −c/a, D = 1, and nothing of how it is estimated.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from scipy import sparse

from assessments.responses import Column

Matrix: TypeAlias = Any  # A dense array, or a sparse one that multiplies in the same way.
Array: TypeAlias = np.ndarray[Any, np.dtype[Any]]

# What is cut off beyond this many standard deviations changes no estimate by more than a millionth.
REACH = 6.0
WIDEST = 0.25
# Tables with fewer filled cells than this share are kept sparse.
SPARSE = 0.2


@dataclass(frozen=True)
class Table:
    """Responses of N takers to J items.

    `right` and `reached` are N × J of 0 and 1, `weights` (N) says how many takers a row stands for, `row` (takers)
    in which row each taker stands, `complete` that every item was reached in every row.
    """

    right: Matrix
    reached: Matrix
    weights: Array
    row: Array
    complete: bool

    @property
    def longest(self) -> int:
        """The most items that one taker reached."""
        return int(np.asarray(self.reached.sum(axis=1)).max(initial=0))


def table(columns: Sequence[Column], takers: int) -> Table:
    """Turn columns of bits into matrices; takers with the same responses share a row."""
    right = _bits([one.right for one in columns], takers)
    reached = _bits([one.reached for one in columns], takers)
    packed = np.ascontiguousarray(np.packbits(np.concatenate([right, reached], axis=1), axis=1))
    keys = packed.view(np.dtype((np.void, packed.shape[1]))).reshape(-1)
    _, first, row, count = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    # Rows stand in the order of takers, so that sums do not depend on how byte strings sort.
    order = np.argsort(first, kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(order.size)
    right, reached = right[first[order]], reached[first[order]]
    share = float(reached.mean()) if reached.size else 1.0
    make: Any = sparse.csr_array if share < SPARSE else np.asarray
    return Table(
        make(right.astype(float)), make(reached.astype(float)), count[order].astype(float),
        place[row.reshape(-1)], share == 1.0,
    )  # fmt: skip


def _bits(values: Sequence[int], takers: int) -> Array:
    """Unpack whole numbers into a matrix of bits, takers × numbers."""
    size = (takers + 7) // 8
    data = np.frombuffer(b"".join(one.to_bytes(size, "little") for one in values), dtype=np.uint8)
    bits = np.unpackbits(data.reshape(len(values), size), axis=1, bitorder="little")[:, :takers]
    return np.ascontiguousarray(bits.T)


def nodes(longest: int) -> tuple[Array, Array]:
    """Return abilities z and the logarithms of their standard normal weights.

    Equal steps integrate a smooth peak almost exactly once they are no wider than the peak's standard deviation;
    the more items a taker may reach, the narrower the peak and the finer the steps.
    """
    step = min(WIDEST, 0.8 / math.sqrt(1 + 0.15 * longest))
    count = math.ceil(REACH / step)
    z = np.linspace(-REACH, REACH, 2 * count + 1)
    log_weights = -0.5 * z * z
    return z, log_weights - np.log(np.exp(log_weights).sum())


def chances(slopes: Array, intercepts: Array, z: Array) -> Array:
    """Return the chance of a right answer, items × abilities."""
    logits = slopes[:, None] * z[None, :] + intercepts[:, None]
    result: Array = 1 / (1 + np.exp(-np.clip(logits, -40, 40)))
    return result


def posterior(data: Table, slopes: Array, intercepts: Array, z: Array, log_weights: Array) -> tuple[Array, float]:
    """Return each row's distribution over the abilities (N × Q) and the logarithm of the marginal likelihood.

    The sum over items of x·(a·θ + c) is linear in θ, so that right answers cost two products of a matrix with a
    vector; only what was reached, where it differs between takers, costs a product of matrices.
    """
    logits = slopes[:, None] * z[None, :] + intercepts[:, None]
    burden = np.logaddexp(0, logits)
    logs = (data.right @ slopes)[:, None] * z[None, :] + (data.right @ intercepts)[:, None] + log_weights[None, :]
    logs -= burden.sum(axis=0)[None, :] if data.complete else data.reached @ burden
    top = logs.max(axis=1)
    logs -= top[:, None]
    np.exp(logs, out=logs)
    total = logs.sum(axis=1)
    logs /= total[:, None]
    return logs, float(data.weights @ (top + np.log(total)))


def counts(data: Table, after: Array) -> Array:
    """Return how many takers are expected to have reached each item at each ability; 1 × Q where all reached all."""
    weighted = after * data.weights[:, None]
    if data.complete:
        total: Array = weighted.sum(axis=0)[None, :]
        return total
    result: Array = np.asarray(data.reached.T @ weighted)
    return result
