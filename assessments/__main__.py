"""The command line of the library: `python -m assessments analyse RESPONSES.csv`, `… convert FILE --to gift -o OUT`.

Prints JSON to standard output and everything else to standard error. Exit 1 on a faulty file, 2 on a wrong call.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from assessments import calibration
from assessments.classical import Statistics, analyse
from assessments.exchange.command import add_conversion, run_conversion
from assessments.responses import read_responses

MODELS = ("classical", *calibration.MODELS)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m assessments", description="Work with questions and responses.")
    commands = parser.add_subparsers(dest="command", required=True)
    analysis = commands.add_parser("analyse", help="print statistics of a table of responses as JSON")
    analysis.add_argument("file", type=Path, help="CSV: one row a taker, one column an item, 0/1, empty = not reached")
    analysis.add_argument("--model", choices=MODELS, default="classical")
    add_conversion(commands)
    options = parser.parse_args(arguments)
    if options.command == "convert":
        return run_conversion(options)
    return _analyse(options.file, options.model)


def _analyse(path: Path, model: str) -> int:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        print(f"error: cannot read {path}: {error.strerror}", file=sys.stderr)
        return 1
    except UnicodeDecodeError as error:
        print(f"{path}:1:1: error: expected UTF-8 text; byte {error.start + 1} is not", file=sys.stderr)
        return 1
    responses, faults = read_responses(text, str(path))
    if faults:
        print(*faults, sep="\n", file=sys.stderr)
        return 1
    found = analyse(responses)
    scale = None if model == "classical" else calibration.calibrate(responses, cast(calibration.Model, model))
    for warning in (found.few, *(scale.warnings if scale else ())):
        if warning:
            print(f"warning: {warning}", file=sys.stderr)
    print(json.dumps(_report(found, scale), indent=2, allow_nan=False))
    return 0


def _report(found: Statistics, scale: calibration.Calibration | None) -> dict[str, Any]:
    """Return the figures in the shape that every model shares; what a model does not estimate is null.

    `fit` is the infit mean square, 1 where the model holds. `reason` says in words why a figure is missing.
    """
    placed = {one.id: one for one in scale.items} if scale else {}
    report: dict[str, Any] = {
        "model": scale.model if scale else "classical",
        "takers": found.takers,
        "alpha": found.alpha,
        "sem": found.sem,
    }
    if scale:
        report |= {
            "ability_sd": scale.ability_sd,
            "log_likelihood": scale.log_likelihood,
            "converged": scale.converged,
            "standard_errors": scale.standard_errors,
        }
    items = []
    for item in found.items:
        one = placed.get(item.id)
        items.append(
            {
                "id": item.id,
                "reached": item.reached,
                "difficulty": item.difficulty,
                "discrimination": item.discrimination,
                "a": one.a if one else None,
                "b": one.b if one else None,
                "se_a": one.se_a if one else None,
                "se_b": one.se_b if one else None,
                "fit": one.infit if one else None,
                "outfit": one.outfit if one else None,
                "reason": one.reason if one else None,
            }
        )
    return report | {"items": items}


if __name__ == "__main__":
    sys.exit(main())
