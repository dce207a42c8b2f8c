"""`make test`: the whole suite. Both databases, library tests, views, architecture, browser journeys.

The journeys run in processes of their own: a browser's driver keeps an event loop running for the whole
session, in which other tests could not start one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run everything but the journeys, then the journeys; the exit status is the worse of the two."""
    words = sys.argv[1:]
    processes = os.environ.get("TEST_PROCESSES", "2")
    pytest = [sys.executable, "-m", "pytest", "--databases=sqlite,postgresql", "-n", processes, "--dist", "worksteal"]
    parts = (["--ignore=tests/browser", "tests"], ["tests/browser"])
    return max(subprocess.run([*pytest, *part, *words], cwd=PROJECT, check=False).returncode for part in parts)


if __name__ == "__main__":
    sys.exit(main())
