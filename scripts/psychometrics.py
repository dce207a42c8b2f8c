"""The simulations of docs/psychometrics.md: prints its tables and draws its two pictures.

Usage: python scripts/psychometrics.py [--quick]
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from assessments.adaptive import AdaptiveItem, AdaptiveSpec, answer, exposure_prices, next_item, start, verdict  # noqa: E402
from assessments.calibration import MODELS, Model, abilities, calibrate  # noqa: E402
from assessments.forms import overexposed  # noqa: E402
from assessments.irt import abilities as irt  # noqa: E402
from assessments.irt import grid  # noqa: E402
from assessments.responses import Column, Responses  # noqa: E402
from scripts.drawing import Chart  # noqa: E402

IMAGES = PROJECT / "docs" / "images"
ITEMS = 40
CAP = 0.3


def table(right: np.ndarray) -> Responses:
    """Responses of which everything was reached."""
    whole = (1 << len(right)) - 1
    return Responses(
        len(right),
        tuple(
            Column(f"i{at}", whole, int.from_bytes(np.packbits(right[:, at], bitorder="little").tobytes(), "little"))
            for at in range(right.shape[1])
        ),
    )


@dataclass(frozen=True)
class Sample:
    """True and estimated figures of one simulation."""

    difficulties: list[tuple[float, float]]
    slopes: list[tuple[float, float]]
    abilities: list[tuple[float, float]]


def simulate(model: Model, takers: int, seed: int) -> Sample:
    """Draw items and takers, let them answer, and estimate both."""
    chance = np.random.default_rng(seed)
    slopes = np.ones(ITEMS) if model == "rasch" else np.exp(chance.normal(0, 0.3, ITEMS))
    difficulties, truth = chance.normal(0, 1, ITEMS), chance.normal(0, 1, takers)
    p = 1 / (1 + np.exp(-slopes * (truth[:, None] - difficulties)))
    responses = table(chance.random(p.shape) < p)
    found = calibrate(responses, model)
    able = abilities(responses, found)
    return Sample(
        [(b, one.b) for one, b in zip(found.items, difficulties, strict=True) if one.b is not None],
        [(a, one.a) for one, a in zip(found.items, slopes, strict=True) if one.a is not None],
        [(theta, one.estimate) for one, theta in zip(able, truth, strict=True) if one.estimate is not None],
    )


def bias_and_error(pairs: Sequence[tuple[float, float]]) -> str:
    """Mean error and root mean square error as two cells."""
    miss = np.array([estimate - truth for truth, estimate in pairs])
    return f"{miss.mean():+.3f} | {np.sqrt(np.mean(miss**2)):.3f}"


def recovery(repeats: int) -> None:
    """Print bias and error by number of takers, and draw one simulation."""
    print(f"| Model | Takers | b bias | b RMSE | a bias | a RMSE | θ bias | θ RMSE |\n|---|{'---:|' * 7}")
    for model in MODELS:
        for takers in (100, 250, 500, 1000, 2000):
            samples = [simulate(model, takers, 1000 * takers + seed) for seed in range(repeats)]  # type: ignore[arg-type]
            joined = [[pair for one in samples for pair in getattr(one, name)] for name in Sample.__annotations__]
            slopes = "fixed | fixed" if model == "rasch" else bias_and_error(joined[1])
            cells = f"{bias_and_error(joined[0])} | {slopes} | {bias_and_error(joined[2])}"
            print(f"| {'Rasch' if model == 'rasch' else '2PL'} | {takers:,} | {cells} |", flush=True)
    one = simulate("2pl", 1000, 1)
    chart = Chart("True figures and their estimates: 2PL, 40 items, 1,000 takers", 760, 380)
    for at, (name, pairs) in enumerate((("Difficulty b", one.difficulties), ("Ability θ (EAP)", one.abilities[:400]))):
        panel = chart.panel(60 + at * 370, 40, 300, 280, (-3.5, 3.5), (-3.5, 3.5))
        panel.axes([-3, -2, -1, 0, 1, 2, 3], [-3, -2, -1, 0, 1, 2, 3], f"{name}, true", "estimated")
        panel.line([(-3.5, -3.5), (3.5, 3.5)], "guide")
        panel.dots(pairs, 3 if at == 0 else 2)
    chart.save(IMAGES / "recovery.svg")


def adaptive(takers: int, longest: int = 20) -> None:
    """Print and draw the standard error of an adaptive test and of random fixed forms by length."""
    chance = np.random.default_rng(1)
    slopes, difficulties = np.exp(chance.normal(0, 0.3, 300)), chance.normal(0, 1, 300)
    chance = np.random.default_rng(1)
    truth = chance.normal(0, 1, takers)
    p = 1 / (1 + np.exp(-slopes * (truth[:, None] - difficulties)))
    right = chance.random(p.shape) < p
    items = tuple(
        AdaptiveItem(f"i{at}", float(a), float(b)) for at, (a, b) in enumerate(zip(slopes, difficulties, strict=True))
    )
    spec = AdaptiveSpec(items, least=longest, most=longest)
    spec = replace(spec, prices=exposure_prices(spec, CAP))
    shown: Counter[str] = Counter()
    errors, squares = np.zeros(longest), np.zeros(longest)
    for taker in range(takers):
        state = start(replace(spec, barred=overexposed(shown, taker, CAP)), str(taker))
        while (item := next_item(state)) is not None:
            state = answer(state, item, bool(right[taker, int(item[1:])]))
            found = verdict(state)
            errors[found.asked - 1] += found.se / takers
            squares[found.asked - 1] += (found.ability - truth[taker]) ** 2 / takers
        shown.update(item for item, _ in state["answers"])
    fixed: dict[int, list[tuple[float, float]]] = {}
    for length in range(10, 2 * longest + 1, 5):
        for _ in range(10):
            form = chance.choice(300, length, replace=False)
            data = grid.table(table(right[:, form]).columns, takers)
            mean, se = irt.eap(data, slopes[form], -slopes[form] * difficulties[form])
            off = float(np.sqrt(np.mean((mean[data.row] - truth) ** 2)))
            fixed.setdefault(length, []).append((float(se[data.row].mean()), off))
    print(f"\nGreatest exposure {max(shown.values()) / takers:.3f}; {len(shown)} of 300 items were used.\n")
    print("| Fixed form | its mean SE (lowest to highest of ten) | its RMSE | Adaptive items | mean SE | RMSE |")
    print("|---:|---|---:|---:|---:|---:|")
    for length, forms in fixed.items():
        ses = [one for one, _ in forms]
        rmse = np.mean([two for _, two in forms])
        if length % 10:
            continue
        half = length // 2 - 1
        print(
            f"| {length} | {np.mean(ses):.3f} ({min(ses):.3f} to {max(ses):.3f}) | {rmse:.3f} "
            f"| {length // 2} | {errors[half]:.3f} | {np.sqrt(squares[half]):.3f} |"
        )
    chart = Chart("Mean standard error by number of items: adaptive test and random fixed forms", 760, 400)
    panel = chart.panel(70, 40, 650, 290, (0, 40), (0.2, 0.9))
    rules = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
    panel.axes([0, 5, 10, 15, 20, 25, 30, 35, 40], rules, "items asked", "mean standard error")
    means = [(float(length), float(np.mean([one for one, _ in forms]))) for length, forms in fixed.items()]
    panel.line(means, "other")
    panel.dots(means, 4, "other")
    panel.line([(at + 1.0, float(one)) for at, one in enumerate(errors)], "first")
    panel.label(means[3][0], means[3][1] + 0.03, "random fixed forms (mean of ten)", "other")
    panel.label(20.5, 0.31, "adaptive, exposure at most 0.3", "first")
    chart.save(IMAGES / "adaptive.svg")


def main() -> None:
    """Run both simulations."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="few repeats and takers, to see that it runs")
    quick = parser.parse_args().quick
    recovery(2 if quick else 20)
    adaptive(50 if quick else 2000)


if __name__ == "__main__":
    main()
