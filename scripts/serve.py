"""Serve the application: web processes and one worker, started and ended together.

`make run` and the production start are this one path. SIGTERM or SIGINT ends both cleanly:
running requests and the running job are finished first. If one of the two ends by itself the
other is ended too and the exit status is 1, so that a service manager starts both afresh.
Usage: python scripts/serve.py [--bind ADDRESS:PORT]
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from config import SettingsError, load  # noqa: E402  (the project's folder must be on the path first)

GRACE = 25  # seconds for running requests and the running job


def commands(bind: str, workers: int) -> dict[str, list[str]]:
    """The command lines of the two parts."""
    python = sys.executable
    web = [
        python, "-m", "gunicorn", "wsgi:app", "--bind", bind, "--workers", str(workers), "--threads", "4",
        "--worker-class", "gthread", "--preload", "--timeout", "60", "--graceful-timeout", "20", "--keep-alive", "15",
        "--max-requests", "20000", "--max-requests-jitter", "2000", "--log-level", "warning", "--no-control-socket",
        "--worker-tmp-dir", "/dev/shm" if Path("/dev/shm").is_dir() else "/tmp",
    ]  # fmt: skip
    return {"web": web, "worker": [python, "-m", "flask", "--app", "wsgi", "worker"]}


def main() -> int:
    """Start both parts, wait, end both."""
    try:
        settings = load()
    except SettingsError as fault:
        print(fault, file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser()
    parser.add_argument("--bind", default=f"127.0.0.1:{settings.port}")
    bind = parser.parse_args().bind
    wanted: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, frame: wanted.append(received))
    parts = {
        name: subprocess.Popen(command, cwd=PROJECT, env=os.environ.copy(), start_new_session=True)
        for name, command in commands(bind, settings.workers).items()
    }
    while not wanted and all(part.poll() is None for part in parts.values()):
        time.sleep(0.2)
    fallen = [name for name, part in parts.items() if part.poll() is not None] if not wanted else []
    for name in fallen:
        print(
            f"The {name} part ended by itself with status {parts[name].returncode}; ending the rest.", file=sys.stderr
        )
    end(list(parts.values()))
    return 1 if fallen else 0


def end(parts: list[subprocess.Popen[bytes]]) -> None:
    """Ask every part to end, and after the grace make it."""
    for part in parts:
        if part.poll() is None:
            part.terminate()
    limit = time.monotonic() + GRACE
    for part in parts:
        try:
            part.wait(max(0.1, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            part.kill()
            part.wait()


if __name__ == "__main__":
    sys.exit(main())
