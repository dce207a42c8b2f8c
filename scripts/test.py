"""`make test`: the whole suite. Both databases, library tests, views, architecture, browser journeys."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Run the fast parts on both cores, then the browser journeys; the exit status is the worst of them."""
    words = sys.argv[1:]
    pytest = [
        sys.executable,
        "-m",
        "pytest",
        "--databases=sqlite,postgresql",
        "-n",
        os.environ.get("TEST_PROCESSES", "2"),
    ]
    return subprocess.run([*pytest, "--dist", "worksteal", *words], cwd=PROJECT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
