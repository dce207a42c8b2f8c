"""The application that the journeys visit, made for gunicorn: `tests.browser.served:make()`.

It lives in a process of its own, with a worker beside it as in production, and takes its time from
a file, so that a journey can let a day pass. It knows no journey.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import flask_migrate
from flask import Flask

from config import Settings
from courses.framework import DEFAULT_FILE
from courses.reading import read_folder
from lms.app import create_app
from lms.cli.worker import load_tasks
from lms.competency.services import import_framework
from lms.credentials.desk import current_desk
from lms.db import db
from lms.demo.loading import load
from lms.jobs.worker import Worker
from lms.observations.checklists import publish as publish_checklist
from lms.publishing.services import publish
from lms.web.clock import now

CURRICULUM = Path(__file__).resolve().parents[2] / "courses" / "content"
FOUNDATION = ("cpoe-safe-orders", "working-through-downtime")
STAFF = 400  # the smallest round number with which every sample sign-in has a place


class Clock:
    """The real time, moved by as many seconds as the file says."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __call__(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.moved

    @property
    def moved(self) -> dt.timedelta:
        """How far the clock is ahead."""
        return dt.timedelta(seconds=float(self.path.read_text() or 0) if self.path.exists() else 0)

    def move(self, by: dt.timedelta) -> None:
        """Put the clock ahead by this much in all; the file is replaced as a whole."""
        draft = self.path.with_suffix(".draft")
        draft.write_text(str(by.total_seconds()))
        draft.rename(self.path)


def settings(home: Path, address: str) -> Settings:
    """Settings whose files all lie in `home`; e-mails go to files there."""
    return Settings(
        env="testing", secret_key="only-for-tests-" * 3, database_url=f"sqlite:///{home / 'academy.db'}", instance=home,
        media=home / "media", issuer=home / "issuer", cache=home / "cache", mail_url="file:mail", base_url=address,
        hospital="Example General Hospital", timezone="UTC",
    )  # fmt: skip


def application(home: Path, address: str) -> Flask:
    """An application on the hospital in `home` that keeps the time of its file."""
    app = create_app(settings(home, address))
    app.config["CLOCK"] = Clock(home / "clock")
    return app


def build(home: Path) -> None:
    """Make a migrated database with framework, two courses and the sample hospital in `home`."""
    app = application(home, "http://127.0.0.1")
    moment = dt.datetime.now(dt.UTC)
    with app.app_context():
        flask_migrate.upgrade(directory=str(app.config["SETTINGS"].migrations))
        import_framework(DEFAULT_FILE.read_text(encoding="utf-8"), DEFAULT_FILE.name, actor=None, now=moment)
        db.session.commit()
        for name in FOUNDATION:
            publish(read_folder(CURRICULUM / name), name, actor=None, now=moment)
            db.session.commit()
        for path in sorted((CURRICULUM / "checklists").glob("*.md")):
            publish_checklist(path.read_bytes(), path.name, actor=None, now=moment)
        db.session.commit()
        load(STAFF, 1, desk=replace(current_desk(), sample=True), now=moment)
        db.session.commit()
        db.engine.dispose()


def settle(home: Path, pattern: Path) -> None:
    """Give `home` a copy of the hospital at `pattern`, which the first of several processes builds."""
    pattern.mkdir(parents=True, exist_ok=True)
    with (pattern.parent / "hospital.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (pattern / "ready").exists():
            build(pattern)
            (pattern / "ready").touch()
    shutil.copytree(pattern, home, dirs_exist_ok=True)


def make() -> Flask:
    """The application of this process, with a thread that does the background work."""
    home = Path(os.environ["BROWSER_HOME"])
    settle(home, Path(os.environ["BROWSER_PATTERN"]))
    app = application(home, os.environ["BROWSER_ADDRESS"])

    load_tasks()

    def work() -> None:
        with app.app_context():
            Worker(now, idle=0.2).run()

    threading.Thread(target=work, daemon=True, name="worker").start()
    return app
