"""The queue: jobs are done once, given back after a fault, and survive the loss of a worker."""

from __future__ import annotations

import datetime as dt
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.db import db
from lms.jobs import queries, registry, services
from lms.jobs.models import Job
from lms.jobs.registry import TaskRefused
from lms.jobs.worker import Worker
from lms.messages.models import Mail
from tests.support.signing import separate_requests

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "TASKS", {})
    for module in ("services", "worker"):
        monkeypatch.setattr(f"lms.jobs.{module}.TASKS", registry.TASKS)
    periodic: dict = {}
    monkeypatch.setattr(registry, "PERIODIC", periodic)
    monkeypatch.setattr("lms.jobs.worker.PERIODIC", periodic)


@pytest.fixture
def worker(app, clock) -> Worker:
    return Worker(clock)


def jobs() -> list[Job]:
    db.session.expire_all()
    return list(db.session.scalars(select(Job).order_by(Job.id)))


def state() -> str:
    return jobs()[0].state


def add(kind: str = "sum", **more) -> bool:
    payload = more.pop("payload", {"n": 1})
    new = services.enqueue(kind, payload, **more)
    db.session.commit()
    return new


def test_a_job_is_done_with_its_payload_in_the_order_of_adding(worker, clock) -> None:
    seen = []
    registry.task("sum")(lambda payload, *, now: seen.append((payload["n"], now)))
    for n in (1, 2, 3):
        add(payload={"n": n}, now=clock())
    assert worker.drain() == 3
    assert seen == [(1, clock.now), (2, clock.now), (3, clock.now)]
    assert {job.state for job in jobs()} == {"done"}
    assert worker.drain() == 0


def test_what_a_caller_takes_back_is_not_queued(worker, clock) -> None:
    services.enqueue("sum", {}, now=clock())
    db.session.rollback()
    assert jobs() == []


def test_the_same_key_is_queued_once(worker, clock) -> None:
    registry.task("sum")(lambda payload, *, now: None)
    assert add(key="day:1", now=clock())
    assert not add(key="day:1", now=clock())
    assert worker.drain() == 1
    assert not add(key="day:1", now=clock())
    clock.move(days=8)
    services.tidy(clock())
    db.session.commit()
    assert add(key="day:1", now=clock())


def test_a_job_waits_until_it_is_due(worker, clock) -> None:
    registry.task("sum")(lambda payload, *, now: None)
    add(now=clock(), due_at=clock() + dt.timedelta(hours=1))
    assert worker.drain() == 0
    clock.move(hours=1)
    assert worker.drain() == 1


def test_what_a_failed_job_wrote_is_taken_back_and_it_is_tried_later(worker, clock) -> None:
    tries = []

    @registry.task("write")
    def write(payload, *, now) -> None:
        tries.append(now)
        db.session.add(Mail(to="a@example.org", subject="s", body="b", created_at=now))
        db.session.flush()
        if len(tries) < 3:
            raise RuntimeError("no luck")

    add("write", now=clock())
    worker.drain()
    assert state() == "waiting"
    assert "no luck" in str(jobs()[0].fault)
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0
    assert worker.drain() == 0
    clock.move(seconds=10)
    worker.drain()
    clock.move(seconds=39)
    assert worker.drain() == 0
    clock.move(seconds=1)
    worker.drain()
    assert state() == "done"
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 1


def test_a_job_that_fails_every_time_is_given_up_and_kept_for_somebody_to_see(worker, clock) -> None:
    @registry.task("bad", tries=3)
    def bad(payload, *, now) -> None:
        raise RuntimeError("never")

    add("bad", now=clock())
    for _ in range(5):
        worker.drain()
        clock.move(hours=1)
    assert (state(), jobs()[0].tries) == ("failed", 3)
    assert queries.state(clock()).failed == 1


def test_a_job_that_can_never_succeed_is_given_up_at_once(worker, clock) -> None:
    @registry.task("gone")
    def gone(payload, *, now) -> None:
        raise TaskRefused("The row is gone.")

    add("gone", now=clock())
    add("nobody knows this kind", now=clock())
    worker.drain()
    assert [job.state for job in jobs()] == ["failed", "failed"]


def test_one_bad_job_stops_no_other(worker, clock) -> None:
    done = []

    @registry.task("sum")
    def task(payload, *, now) -> None:
        if payload["n"] == 1:
            raise RuntimeError("bad")
        done.append(payload["n"])

    for n in (1, 2):
        add(payload={"n": n}, now=clock())
    worker.drain()
    assert done == [2]


@pytest.mark.parametrize(("tries", "seconds"), [(1, 10), (2, 40), (3, 160), (4, 640), (5, 2560), (6, 3600), (60, 3600)])
def test_the_pause_grows_up_to_an_hour(tries: int, seconds: int) -> None:
    assert services.pause(tries) == dt.timedelta(seconds=seconds)


def test_a_job_whose_worker_was_lost_is_given_back_after_its_lease(worker, clock) -> None:
    done = []
    registry.task("sum", lease=60)(lambda payload, *, now: done.append(1))
    add(now=clock())
    assert services.claim(clock()) is not None
    db.session.commit()
    clock.move(seconds=60)
    assert services.sweep(clock()) == 0
    clock.move(seconds=1)
    assert services.sweep(clock()) == 1
    db.session.commit()
    clock.move(seconds=10)
    worker.drain()
    assert (done, state(), jobs()[0].tries) == ([1], "done", 2)


def test_a_worker_that_was_taken_over_writes_nothing(worker, clock) -> None:
    @registry.task("slow", lease=60)
    def slow(payload, *, now) -> None:
        db.session.add(Mail(to="a@example.org", subject="s", body="b", created_at=now))
        db.session.flush()
        clock.move(seconds=61)
        services.sweep(clock())  # as another worker would have done and committed

    add("slow", now=clock())
    worker.run_one()
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0


def test_a_job_that_is_taken_is_not_taken_twice(app, clock) -> None:
    """Two workers with a connection each, at the same time."""
    for n in range(20):
        services.enqueue("sum", {"n": n}, now=clock())
    db.session.commit()
    taken: list[int] = []

    def empty() -> None:
        with app.app_context():
            while (job := services.claim(clock.now)) is not None:
                db.session.commit()
                taken.append(job.payload["n"])
            db.session.rollback()
            db.session.remove()

    threads = [threading.Thread(target=empty) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == list(range(20))


def test_periodic_tasks_are_called_again_after_their_time_and_one_that_fails_stops_no_other(
    worker, monkeypatch
) -> None:
    called = []

    @registry.every(60, "bad")
    def bad(*, now) -> None:
        raise RuntimeError("bad")

    registry.every(60, "good")(lambda *, now: called.append(now))
    moment = [1000.0]
    monkeypatch.setattr("lms.jobs.worker.time.monotonic", lambda: moment[0])
    for seconds in (0, 30, 30):
        moment[0] += seconds
        worker.run_periodic()
    assert len(called) == 2


def test_two_tasks_of_one_kind_are_a_mistake(app) -> None:
    registry.task("sum")(lambda payload, *, now: None)
    with pytest.raises(ValueError, match="Two tasks"):
        registry.task("sum")(lambda payload, *, now: None)


def test_the_state_says_how_late_the_queue_is(app, clock) -> None:
    add(now=clock())
    clock.move(minutes=5)
    found = queries.state(clock())
    assert (found.waiting, found.behind) == (1, dt.timedelta(minutes=5))


def test_a_failure_in_the_log_holds_no_payload(worker, clock, caplog) -> None:
    @registry.task("bad")
    def bad(payload, *, now) -> None:
        raise RuntimeError("no luck")

    add("bad", payload={"secret": "4711"}, now=clock())
    worker.drain()
    assert "4711" not in caplog.text


SCRIPT = """
import datetime as dt, sys, time
from pathlib import Path
from config import Settings
from lms.app import create_app
from lms.cli.worker import worker
from lms.db import db
from lms.jobs.registry import task
from lms.messages.models import Mail

url, home, seconds = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])

@task("slow")
def slow(payload, *, now):
    db.session.add(Mail(to="a@example.org", subject="s", body="b", created_at=now))
    db.session.flush()
    (home / "started").touch()
    time.sleep(seconds)

app = create_app(Settings(env="testing", secret_key="x" * 40, database_url=url, instance=home, mail_url="memory:"))
app.test_cli_runner().invoke(worker, [], catch_exceptions=False)
(home / "ended").touch()
"""


@pytest.fixture
def process(app, tmp_path):
    """A function that starts a real worker and waits until it has a job in hand."""
    started: list[subprocess.Popen] = []
    url = db.engine.url.render_as_string(hide_password=False)

    def start(seconds: float) -> subprocess.Popen:
        db.session.commit()
        (tmp_path / "started").unlink(missing_ok=True)
        command = [sys.executable, "-c", SCRIPT, url, str(tmp_path), str(seconds)]
        with (tmp_path / "log").open("wb") as log:
            child = subprocess.Popen(command, cwd=PROJECT, stderr=log)
        started.append(child)
        until = time.monotonic() + 60
        while not (tmp_path / "started").exists():
            assert child.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < until, "the worker took no job"
            time.sleep(0.05)
        return child

    yield start
    for child in started:
        if child.poll() is None:
            child.kill()
        child.wait()


def test_a_job_in_flight_survives_the_kill_of_its_worker(process, app, clock) -> None:
    services.enqueue("slow", {}, now=dt.datetime.now(dt.UTC))
    child = process(60)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert state() == "running"
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0
    later = dt.datetime.now(dt.UTC) + services.DEFAULT_LEASE + dt.timedelta(seconds=5)
    assert services.sweep(later) == 1
    db.session.commit()
    done = []
    registry.task("slow")(lambda payload, *, now: done.append(1))
    Worker(lambda: later + dt.timedelta(minutes=1)).drain()
    assert (done, state()) == ([1], "done")


def test_a_worker_that_is_told_to_end_finishes_the_job_in_hand(process, app, tmp_path) -> None:
    services.enqueue("slow", {}, now=dt.datetime.now(dt.UTC))
    child = process(1.0)
    child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=30) == 0
    assert (tmp_path / "ended").exists()
    assert state() == "done"
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 1


def test_an_idle_worker_ends_within_a_second_or_so(process, app) -> None:
    services.enqueue("slow", {}, now=dt.datetime.now(dt.UTC))
    child = process(0.0)
    time.sleep(0.5)
    began = time.monotonic()
    child.send_signal(signal.SIGTERM)
    assert child.wait(timeout=30) == 0
    assert time.monotonic() - began < 10


@pytest.fixture(autouse=True)
def _separate(app) -> None:
    separate_requests(app)
