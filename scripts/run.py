"""`make run`: migrate, load the curriculum and a sample hospital where there is none, then serve.

A second run finds its data and starts within seconds. Ends cleanly on SIGTERM.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from config import load  # noqa: E402  (the project's folder must be on the path first)


def flask(*words: str) -> None:
    """Run one command of the application; its failure ends ours with the same status."""
    done = subprocess.run([sys.executable, "-m", "flask", "--app", "wsgi", *words], cwd=PROJECT, check=False)
    if done.returncode:
        sys.exit(done.returncode)


def main() -> None:
    """Prepare, then become the server."""
    settings = load()
    os.chdir(PROJECT)
    flask("prepare")
    print(f"\nServing on {settings.base_url} (Ctrl+C ends it)", flush=True)
    os.execv(sys.executable, [sys.executable, str(PROJECT / "scripts" / "serve.py")])


if __name__ == "__main__":
    main()
