"""The command line of the library: `python -m assessments analyse RESPONSES.csv`.

Prints JSON to standard output and everything else to standard error. Exit 1 on a faulty file, 2 on a wrong call.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assessments.classical import ENOUGH_TAKERS, Statistics, analyse
from assessments.responses import read_responses

MODELS = ("classical", "rasch", "2pl")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m assessments", description="Work with questions and responses.")
    commands = parser.add_subparsers(dest="command", required=True)
    analysis = commands.add_parser("analyse", help="print statistics of a table of responses as JSON")
    analysis.add_argument("file", type=Path, help="CSV: one row a taker, one column an item, 0/1, empty = not reached")
    analysis.add_argument("--model", choices=MODELS, default="classical")
    options = parser.parse_args(arguments)
    return _analyse(options.file, options.model)


def _analyse(path: Path, model: str) -> int:
    if model != "classical":
        print(f"error: the model {model} is not there yet; expected --model classical", file=sys.stderr)
        return 2
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
    if responses.takers < ENOUGH_TAKERS:
        print(
            f"warning: {responses.takers} takers are few; below {ENOUGH_TAKERS} these figures say little",
            file=sys.stderr,
        )
    print(json.dumps(_report(analyse(responses)), indent=2, allow_nan=False))
    return 0


def _report(found: Statistics) -> dict[str, Any]:
    """Return the figures in the shape that every model shares; what a model does not estimate is null."""
    return {
        "model": "classical",
        "takers": found.takers,
        "alpha": found.alpha,
        "sem": found.sem,
        "items": [
            {
                "id": item.id,
                "reached": item.reached,
                "difficulty": item.difficulty,
                "discrimination": item.discrimination,
                "a": None,
                "b": None,
                "se_a": None,
                "se_b": None,
                "fit": None,
            }
            for item in found.items
        ],
    }


if __name__ == "__main__":
    sys.exit(main())
