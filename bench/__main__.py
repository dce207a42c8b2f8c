"""`make bench`: prepare a hospital of 10,000 staff, measure, print a table.

Usage: python -m bench [--staff N] [--database sqlite|postgresql] [--rounds N] [--only NAME]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench import calibration
from bench.browser import Client
from bench.scenarios import SCENARIOS, Stage
from bench.servers import PROJECT, Server, serve
from tests.support import postgres

BUILD = PROJECT / "build" / "bench"


@dataclass(frozen=True)
class Figure:
    """One measurement."""

    name: str
    requests: int
    seconds: float
    cpu: float

    @property
    def per_second(self) -> float:
        """Requests per second of one client."""
        return self.requests / self.seconds

    @property
    def milliseconds(self) -> float:
        """CPU milliseconds per request, server and database together."""
        return self.cpu * 1000 / self.requests


def measure(name: str, server: Server, act: Callable[[], object], times: int, requests: int = 1) -> Figure:
    """Run `act` some times after a warm-up; `requests` is what one act counts as."""
    act()
    before, start = server.cpu(), time.perf_counter()
    for _ in range(times):
        act()
    return Figure(name, times * requests, time.perf_counter() - start, server.cpu() - before)


def flask(environment: dict[str, str], *words: str, text: str | None = None) -> str:
    """Run a command of the application."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    environment = {**os.environ, **environment}
    done = subprocess.run(
        command, cwd=PROJECT, env=environment, input=text, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: {done.stderr.strip()[-2000:]}")
    return done.stdout


@contextmanager
def database(kind: str, staff: int) -> Iterator[tuple[dict[str, str], tuple[int, ...]]]:
    """The environment of a prepared database, and the server processes whose CPU counts."""
    folder = BUILD / f"{kind}-{staff}"
    if kind == "sqlite":
        environment = {"INSTANCE_PATH": str(folder)}
        if not (folder / "ready").exists():
            _prepare(folder, environment, staff)
        yield environment, ()
        return
    with postgres.server() as address, ExitStack():
        shutil.rmtree(folder, ignore_errors=True)
        environment = {"INSTANCE_PATH": str(folder), "DATABASE_URL": address.format(name="postgres")}
        _prepare(folder, environment, staff)
        home = address.split("host=")[1]
        pid = int(Path(home, "data", "postmaster.pid").read_text().splitlines()[0])
        yield environment, (pid,)


def _prepare(folder: Path, environment: dict[str, str], staff: int) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    print(f"Preparing a sample hospital of {staff} staff …", file=sys.stderr)
    flask(environment, "db", "upgrade")
    start = time.perf_counter()
    flask(environment, "prepare", "--staff", str(staff))
    print(f"  loaded in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    (folder / "ready").touch()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--staff", type=int, default=10_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=200, help="requests for each cheap figure")
    parser.add_argument("--only", default="", help="the name of one figure")
    chosen = parser.parse_args()
    if chosen.only == "calibration":
        calibration.main()
        return
    rows: list[tuple[Figure, float]] = []
    with database(chosen.database, chosen.staff) as (environment, others):
        environment |= {"SESSION_HOURS": "24", "LOG_LEVEL": "WARNING"}
        with serve("bench.bare:app", {}) as bare, serve("wsgi:app", environment, others) as server:
            visitor = Client(bare.port)
            stage = Stage(server, environment, flask)
            for scenario in SCENARIOS:
                if chosen.only and chosen.only != scenario.name:
                    continue
                act = scenario.prepare(stage)
                plain = [measure("bare page", bare, lambda: visitor.get("/"), 400)]
                figure = measure(
                    scenario.name, server, act, max(3, round(chosen.rounds * scenario.share)), scenario.requests
                )
                plain.append(measure("bare page", bare, lambda: visitor.get("/"), 400))
                rows.append((figure, sum(each.milliseconds for each in plain) / 2))
    _print(rows, chosen.staff, chosen.database)
    if not chosen.only:
        calibration.main()


def _print(rows: list[tuple[Figure, float]], staff: int, kind: str) -> None:
    print(f"\n{staff} staff, {kind}, one server process; CPU is server and database together\n")
    print("| What | Requests/s | CPU ms | Bare page CPU ms | Ratio |")
    print("|---|---:|---:|---:|---:|")
    for figure, plain in rows:
        ratio = figure.milliseconds / plain if plain else 0
        print(f"| {figure.name} | {figure.per_second:.0f} | {figure.milliseconds:.2f} | {plain:.2f} | {ratio:.1f} |")


if __name__ == "__main__":
    main()
