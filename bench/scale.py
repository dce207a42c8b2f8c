"""`make bench-scale`: a national hospital at 10,000, 100,000 and 1,000,000 staff on a private PostgreSQL.

Usage: python -m bench.scale [STAFF …] [--keep]. Prints for each size the rows and bytes of the
tables, CPU (server and database together) and wall time of every report, and the rebuild, the fold and
the proof before and after a thousand concurrent writes. Figures go to build/bench/scale-STAFF.json too,
from which `python -m bench.plot` makes table and plot of the documentation. With `--keep` the last
hospital's database stays up after the measuring, until interrupted, to look at a report's statements.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench.__main__ import BUILD, flask
from bench.browser import Client
from bench.national import FIRST, National, write
from bench.scenarios import PASSWORD
from bench.servers import PROJECT, Server, serve
from config import load
from lms.app import create_app
from lms.competency.services import outstanding, record_evidence
from lms.competency.tasks import fold_now, fold_portion
from lms.db import db
from lms.web.clock import now, today
from tests.support import postgres

SIZES = (10_000, 100_000, 1_000_000)
WRITES, WRITERS = 1000, 8
DUE = 3  # per cent of the staff whom a night's passing of time changes
DOMAIN = "A"
TABLES = ("person", "post", "leave", "evidence", "standing", "rollup", "unit_staff", "profession_rollup", "unit")
OPTIONS = (
    "-c shared_buffers=1GB -c maintenance_work_mem=512MB -c max_wal_size=8GB -c wal_level=minimal -c max_wal_senders=0"
)
REPORTS = (
    ("heat map, page", "/workforce", 20),
    ("heat map, JSON", "/workforce/heatmap.json", 20),
    ("heat map of nurses, JSON", "/workforce/heatmap.json?profession=nurse", 20),
    ("readiness, JSON", "/workforce/readiness.json", 20),
    ("critical competencies, JSON", "/workforce/compliance.json", 20),
    ("expiry forecast, JSON", "/workforce/expiry.json", 20),
    ("readiness in critical ones, JSON", "/workforce/readiness.json?competencies=critical", 20),
    ("readiness in a domain, JSON", "/workforce/readiness.json?competencies={domain}", 1),
    ("trend of a department, JSON", "/workforce/trend.json?unit=H000A", 1),
    ("heat map of a department, JSON", "/workforce/heatmap.json?unit=H000A", 20),
    ("department 60 days ago, JSON", "/workforce/heatmap.json?unit=H000A&as_of={past}", 3),
    ("whole hospital 60 days ago, JSON", "/workforce/heatmap.json?as_of={past}", 1),
)


@dataclass
class Stand:
    """A size under measurement, and what was found."""

    staff: int
    environment: dict[str, str]
    database: int  # the process of the database server
    found: dict[str, Any] = field(default_factory=dict)

    def timed(self, name: str, act: Callable[[], Any], times: int = 1, server: Server | None = None) -> Any:
        """Measure an act: CPU seconds of everything that worked on it, and wall seconds, each of one time."""
        meter = server or Server(0, os.getpid(), (self.database,))
        before, start = meter.cpu(), time.perf_counter()
        answer = None
        for _ in range(times):
            answer = act()
        wall, cpu = (time.perf_counter() - start) / times, (meter.cpu() - before) / times
        self.found.setdefault("figures", {})[name] = {"cpu": cpu, "wall": wall}
        print(f"  {name:<42}{cpu * 1000:>12.1f} ms CPU {wall * 1000:>12.1f} ms", flush=True)
        return answer

    def command(self, *words: str) -> str:
        """Run a command of the application."""
        return flask(self.environment, *words)


def measure(staff: int, keep: bool = False) -> None:
    """Build a hospital of this size, measure, and write down what was found; with `keep`, wait before it is gone."""
    print(f"\n{staff:,} staff", flush=True)
    with postgres.server(OPTIONS) as address:
        home = Path(address.split("host=")[1])
        pid = int((home / "data" / "postmaster.pid").read_text().splitlines()[0])
        url = address.format(name="postgres")
        environment = {
            "INSTANCE_PATH": str(BUILD / f"national-{staff}"), "DATABASE_URL": url, "SESSION_HOURS": "24",
            "LOG_LEVEL": "WARNING", "APP_ENV": "development",
        }  # fmt: skip
        stand = Stand(staff, environment, pid)
        stand.command("db", "upgrade")
        stand.command("framework", "import", str(PROJECT / "courses" / "framework.yaml"))
        flask(environment, "account", "create", "cmio@example.org", "--role", "cmio", "--password-stdin", text=PASSWORD)
        stand.timed("building the hospital", lambda: _build(staff, url))
        stand.timed("rollups rebuild", lambda: stand.command("rollups", "rebuild"))
        _sizes(stand, url)
        stand.timed("rollups rebuild --check", lambda: stand.command("rollups", "rebuild", "--check"))
        with serve("wsgi:app", environment, (pid,)) as server:
            client = Client(server.port)
            client.timeout = 1800
            client.sign_in("cmio@example.org", PASSWORD)
            _reports(stand, server, client)
            app = _application(environment)
            _after_a_write(stand, server, client, app)
            stand.timed(f"{WRITES} writes of {WRITERS} writers at once", lambda: _writes(app, staff))
            stand.timed("folding them", lambda: _fold(app))
            _after_midnight(stand, server, client, app)
        stand.timed("rollups rebuild --check after the writes", lambda: stand.command("rollups", "rebuild", "--check"))
        (BUILD / f"scale-{staff}.json").write_text(json.dumps({"staff": staff, **stand.found}, indent=1))
        if keep:
            _wait(environment)


def _wait(environment: dict[str, str]) -> None:
    words = " ".join(f"{name}={environment[name]}" for name in ("INSTANCE_PATH", "DATABASE_URL"))
    print(f"  kept: {words}", flush=True)
    with suppress(KeyboardInterrupt):
        threading.Event().wait()


def _build(staff: int, url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        competencies = connection.execute("select id, critical from competency order by id").fetchall()
        needs: dict[str, list[int]] = {name: [] for name in ("nurse", "physician", "pharmacist", "other")}
        for subject, competency in connection.execute("select subject, competency_id from target where ends is null"):
            if subject in needs:
                needs[subject].append(competency)
        write(connection, National(staff, competencies, needs, dt.datetime.now(dt.UTC).date()))


def _sizes(stand: Stand, url: str) -> None:
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("vacuum analyze")
        for table in TABLES:
            rows = connection.execute(f'select count(*) from "{table}"').fetchone()[0]  # type: ignore[index]
            size = connection.execute("select pg_total_relation_size(%s)", (table,)).fetchone()[0]  # type: ignore[index]
            stand.found.setdefault("tables", {})[table] = {"rows": rows, "bytes": size}
            print(f"  {table:<20}{rows:>14,} rows {size / 1e6:>12,.1f} MB", flush=True)


def _reports(stand: Stand, server: Server, client: Client) -> None:
    past = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=60)
    for name, address, times in REPORTS:
        path = address.format(past=past, domain=DOMAIN)
        if times > 1:
            stand.timed(f"{name}, first", lambda path=path: _ask(client, path), 1, server)
        stand.timed(name, lambda path=path: _ask(client, path), times, server)


def _ask(client: Client, path: str) -> None:
    page = client.get(path)
    if page.status != 200:
        raise RuntimeError(f"{path}: status {page.status}: {page.body[:300]}")


def _application(environment: dict[str, str]) -> Any:
    os.environ.update(environment)
    return create_app(load())


def _after_a_write(stand: Stand, server: Server, client: Client, app: Any) -> None:
    """The page when a write came before it: the fold of one person, and everything made anew."""
    name, turns = "heat map, page after a write", 20
    cpu = wall = 0.0
    for turn in range(turns):
        _record(app, FIRST + turn, f"bench-after:{turn}")
        before, start = server.cpu(), time.perf_counter()
        _ask(client, "/workforce")
        cpu, wall = cpu + server.cpu() - before, wall + time.perf_counter() - start
    stand.found["figures"][name] = {"cpu": cpu / turns, "wall": wall / turns}
    print(f"  {name:<42}{cpu / turns * 1000:>12.1f} ms CPU {wall / turns * 1000:>12.1f} ms", flush=True)


def _record(app: Any, person_id: int, key: str) -> None:
    with app.app_context():
        record_evidence(person_id, "A1", "observation", 3, today(), key=key, actor=None, now=now(), signed_off=True)
        db.session.commit()


def _writes(app: Any, staff: int) -> None:
    """A thousand pieces of evidence for people all over the hospital, each committed by itself, by several writers."""

    def act(writer: int) -> None:
        for turn in range(writer, WRITES, WRITERS):
            _record(app, FIRST + turn * 7919 % staff, f"bench-write:{turn}")

    threads = [threading.Thread(target=act, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _fold(app: Any) -> None:
    with app.app_context():
        fold_now(today())


def _after_midnight(stand: Stand, server: Server, client: Client, app: Any) -> None:
    """Very many people are due at once: what a page costs meanwhile, and how long the worker takes."""
    with app.app_context():
        many = "insert into mark (person_id) select person_id from standing where person_id % 100 < :due"
        db.session.execute(db.text(many), {"due": DUE})
        db.session.commit()
    stand.timed(f"heat map, page while {DUE} % are due", lambda: _ask(client, "/workforce"), 3, server)

    def work() -> None:
        with app.app_context():
            while outstanding(today()):
                fold_portion(now=now())
                db.session.commit()

    stand.timed("the worker's fold of them", work)
    stand.timed("heat map of nurses, page of the day", lambda: _ask(client, "/workforce?profession=nurse"), 3, server)


def main() -> None:
    """Measure every size asked for."""
    parser = argparse.ArgumentParser(prog="make bench-scale")
    parser.add_argument("staff", nargs="*", type=int, default=list(SIZES))
    parser.add_argument("--keep", action="store_true", help="leave the last database up until interrupted")
    BUILD.mkdir(parents=True, exist_ok=True)
    asked = parser.parse_args()
    for staff in asked.staff:
        measure(staff, keep=asked.keep and staff == asked.staff[-1])


if __name__ == "__main__":
    main()
