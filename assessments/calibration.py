"""Rasch and two-parameter calibration of items, and abilities on the scale that it makes.

The model is P(right) = 1 / (1 + exp(−a(θ − b))), D = 1. It is identified by the abilities: under `2pl` they are
N(0, 1); under `rasch` every a is 1 and they are N(0, σ²) with σ estimated, so that b is in logits from the mean
ability. What was not reached is left out of the likelihood and not counted as wrong, which is right as long as
whether an item was reached does not depend on its answer. Estimates are by marginal maximum likelihood
(Bock and Aitkin 1981); the arithmetic stands in `assessments.irt` and is loaded when it is first needed.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from assessments.responses import Column, Responses

Model = Literal["rasch", "2pl"]
MODELS: tuple[str, ...] = get_args(Model)

# Fewer takers of an item than these leave its estimates too loose to act on: for b alone 30 takers give about
# ±1 logit, and slopes want some hundreds. They are conventions of practice, not laws; whoever shows figures says so.
ENOUGH: Mapping[str, int] = {"rasch": 30, "2pl": 200}

# A flatter item does not tell at which ability it parts takers.
FLATTEST = 0.1


@dataclass(frozen=True)
class ItemEstimate:
    """An item on the scale; None with a `reason` in words where a figure cannot be had or should not be used.

    `se_a` is None under `rasch`, where a is fixed. `infit` and `outfit` are mean squares, 1 where the model holds.
    """

    id: str
    reached: int
    a: float | None
    b: float | None
    se_a: float | None
    se_b: float | None
    infit: float | None
    outfit: float | None
    reason: str | None


@dataclass(frozen=True)
class Calibration:
    """All items of a table of responses on one scale.

    `ability_sd` is σ of the abilities (1 under `2pl`), `standard_errors` says how they were worked out, `warnings`
    are sentences for whoever reads the figures.
    """

    model: str
    takers: int
    ability_sd: float | None
    log_likelihood: float | None
    steps: int
    converged: bool
    standard_errors: str | None
    items: tuple[ItemEstimate, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Ability:
    """A taker's ability on the scale of the calibration and its standard error; None where nothing was reached."""

    estimate: float | None
    se: float | None
    reached: int


def calibrate(responses: Responses, model: Model) -> Calibration:
    """Estimate every item that some got right and some wrong; raises ValueError on an unknown model."""
    from assessments.irt import em, grid, uncertainty  # NumPy and SciPy would slow the start of the web process.

    if model not in MODELS:
        raise ValueError(f"expected a model among {', '.join(MODELS)}, not {model!r}")
    reasons = {column.id: _extreme(column) for column in responses.columns}
    usable = [column for column in responses.columns if reasons[column.id] is None]
    rasch = model == "rasch"
    if len(usable) < 2:
        items = tuple(
            _without(column, reasons[column.id] or "one item alone makes no scale") for column in responses.columns
        )
        warning = "Fewer than two items were answered both right and wrong, so there is no scale."
        return Calibration(model, responses.takers, None, None, 0, False, None, items, (warning,))
    data = grid.table(usable, responses.takers)
    fit = em.estimate(data, rasch)
    errors = uncertainty.errors(data, fit, rasch)
    infit, outfit = uncertainty.mean_squares(data, fit)
    found = {
        column.id: _estimate(
            column, float(fit.slopes[at]), float(fit.intercepts[at]), errors.blocks[at], rasch,
            (float(infit[at]), float(outfit[at])), em.STEEPEST,
        )
        for at, column in enumerate(usable)
    }  # fmt: skip
    items = tuple(found.get(one.id) or _without(one, reasons[one.id] or "") for one in responses.columns)
    return Calibration(
        model, responses.takers, float(fit.slopes[0]) if rasch else 1.0, fit.log_likelihood, fit.steps,
        fit.converged, errors.method, items, tuple(_warnings(usable, items, model, fit.converged)),
    )  # fmt: skip


def abilities(
    responses: Responses, calibration: Calibration, method: Literal["eap", "wle"] = "eap"
) -> tuple[Ability, ...]:
    """Return the ability of every taker from the items that the calibration estimated.

    `eap` is the mean of the abilities N(0, σ²) given the responses, `wle` Warm's weighted likelihood estimate.
    Raises ValueError where no item of the table is calibrated.
    """
    import numpy as np  # NumPy would slow the start of the web process.

    from assessments.irt import abilities as irt  # loads NumPy as well
    from assessments.irt import grid  # likewise

    known = {one.id: (one.a, one.b) for one in calibration.items if one.a is not None and one.b is not None}
    columns = [column for column in responses.columns if column.id in known]
    if not columns:
        raise ValueError("expected at least one calibrated item among the columns")
    data = grid.table(columns, responses.takers)
    slopes = np.array([known[one.id][0] for one in columns], dtype=float)
    intercepts = -slopes * np.array([known[one.id][1] for one in columns], dtype=float)
    spread = (calibration.ability_sd or 1.0) if method == "eap" else 1.0
    estimate, se = (irt.eap if method == "eap" else irt.wle)(data, slopes * spread, intercepts)
    reached = np.asarray(data.reached.sum(axis=1))
    rows = [
        Ability(_finite(float(one) * spread), _finite(float(error) * spread), int(count)) if count else _NOBODY
        for one, error, count in zip(estimate, se, reached, strict=True)
    ]
    return tuple(rows[at] for at in data.row)


def item_from_proportion(difficulty: float, ability_sd: float = 1.0) -> float:
    """Return a rough b in logits from a proportion right, for an item that was never calibrated.

    b = −ln(p / (1 − p)) · √(1 + σ² / 2.89), the normal approximation of PROX (Wright and Stone 1979), for takers
    N(0, σ²) and a = 1. Raises ValueError unless 0 < p < 1.
    """
    if not 0 < difficulty < 1:
        raise ValueError(f"expected a proportion right between 0 and 1, not {difficulty!r}")
    return -math.log(difficulty / (1 - difficulty)) * math.sqrt(1 + ability_sd**2 / 2.89)


_NOBODY = Ability(None, None, 0)


def _extreme(column: Column) -> str | None:
    reached, right = column.reached.bit_count(), column.right.bit_count()
    if not reached:
        return "nobody reached it"
    if right == reached:
        return f"all {reached} who reached it got it right, so that it may be as easy as can be"
    if not right:
        return f"all {reached} who reached it got it wrong, so that it may be as hard as can be; check its key"
    return None


def _without(column: Column, reason: str) -> ItemEstimate:
    return ItemEstimate(column.id, column.reached.bit_count(), None, None, None, None, None, None, reason)


def _estimate(
    column: Column, slope: float, intercept: float, block: Any, rasch: bool, fit: tuple[float, float], steepest: float
) -> ItemEstimate:
    """Turn slope and intercept into a and b; the standard error of b = −c/a is by the delta method."""
    reached = column.reached.bit_count()
    infit, outfit = _finite(fit[0]), _finite(fit[1])
    if rasch:
        se = _root(float(block[0, 0]))
        return ItemEstimate(column.id, reached, 1.0, -intercept, None, se, infit, outfit, None)
    if abs(slope) >= steepest:
        return _without(column, "its slope grows without end: it parts these takers without one exception")
    se_a = _root(float(block[1, 1]))
    if abs(slope) < FLATTEST:
        reason = "it hardly tells able takers from others, so that its difficulty cannot be placed"
        return ItemEstimate(column.id, reached, slope, None, se_a, None, infit, outfit, reason)
    by_c, by_a = -1 / slope, intercept / slope**2
    variance = by_c**2 * block[0, 0] + 2 * by_c * by_a * block[0, 1] + by_a**2 * block[1, 1]
    doubt = "able takers get it wrong more often than others; check its key" if slope < 0 else None
    b = -intercept / slope
    return ItemEstimate(column.id, reached, slope, b, se_a, _root(float(variance)), infit, outfit, doubt)


def _root(variance: float) -> float | None:
    return math.sqrt(variance) if math.isfinite(variance) and variance > 0 else None


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _warnings(usable: list[Column], items: tuple[ItemEstimate, ...], model: Model, converged: bool) -> list[str]:
    said = []
    enough = ENOUGH[model]
    few = sum(one.reached.bit_count() < enough for one in usable)
    if few:
        name = "Rasch" if model == "rasch" else "2PL"
        said.append(
            f"{few} of {len(items)} items were reached by fewer than {enough} takers; "
            f"a {name} calibration of those says little."
        )
    left = sum(one.b is None for one in items)
    if left:
        said.append(f"{left} of {len(items)} items could not be placed; each says why.")
    if not converged:
        said.append("The estimates had not settled when the search was ended; do not use them.")
    return said
