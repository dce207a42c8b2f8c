"""The hospital that the journeys visit: a server process of its own, and what a test may arrange behind it.

What a journey shows is done in the browser; what it only needs beforehand (a published course, an
account) is written here by the product's services, into the same database.
"""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from lms.accounts.queries import account_of_person
from lms.accounts.services import create_account
from lms.db import db
from lms.demo.sign_ins import PASSWORD
from lms.people import queries as people
from lms.publishing.services import publish
from tests.browser.served import Clock, application

PROJECT = Path(__file__).resolve().parents[2]
START_LIMIT = 120  # seconds for building and starting on a busy machine


@dataclass
class Hospital:
    """A running server. `app` is a second application on its database, for arranging and looking up."""

    address: str
    home: Path
    app: Flask
    clock: Clock
    log: Path
    taken: set[str] = field(default_factory=set)

    @contextmanager
    def behind(self) -> Iterator[dt.datetime]:
        """Act on the database as a service does; what was written is committed at the end. Gives the time."""
        with self.app.app_context():
            try:
                yield self.clock()
                db.session.commit()
            finally:
                db.session.remove()

    @contextmanager
    def later(self, **by: float) -> Iterator[None]:
        """Let time pass, by the arguments of a timedelta, until the block ends."""
        before = self.clock.moved
        self.clock.move(before + dt.timedelta(**by))
        try:
            yield
        finally:
            self.clock.move(before)

    def publish(self, files: dict[str, bytes], name: str = "course") -> str:
        """Publish a course folder and return its code."""
        with self.behind() as now:
            return publish(files, name, actor=None, now=now).code

    def somebody(self, unit: str = "", profession: str = "nurse") -> Somebody:
        """A person of the roster whom no other test uses, with an account; the account is made now."""
        with self.behind() as now:
            root = people.unit_by_code(unit) or people.roots()[0]
            for one in people.people_in(people.subtree_ids([root.id]), now.date()):
                posts = people.posts_on(one.id, now.date())
                plain = len(posts) == 1 and not posts[0].super_user and not posts[0].informaticist
                free = one.email not in self.taken and account_of_person(one.id) is None
                if one.profession == profession and plain and free and not people.on_leave(one.id, now.date()):
                    create_account(one.email, ["learner"], password=PASSWORD, actor=None, now=now)
                    self.taken.add(one.email)
                    return Somebody(one.email, one.id, one.public_id, one.name, posts[0].unit_code)
        raise LookupError(f"The sample hospital has no free {profession} left in {unit or 'any unit'}.")

    def newcomer(self, roles: tuple[str, ...] = ("learner",)) -> str:
        """The e-mail of a new account for somebody whom the roster does not know."""
        address = f"newcomer.{len(self.taken)}@example.org"
        self.taken.add(address)
        with self.behind() as now:
            create_account(address, list(roles), password=PASSWORD, actor=None, now=now)
        return address

    def person_id(self, address: str) -> int:
        """The internal id of the person with this e-mail."""
        with self.behind():
            found = people.person_by_email(address)
        assert found is not None, address
        return found.id

    def link_for(self, address: str) -> str:
        """The link to choose a password in the newest e-mail to this address; waits until the worker has sent it.

        Reminders and other letters may reach the same person at any moment.
        """
        limit = time.monotonic() + 20
        while time.monotonic() < limit:
            for path in sorted((self.home / "mail").glob("*.eml"), key=lambda p: -p.stat().st_mtime_ns):
                letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                found = (
                    re.search(r"https?://\S+/set-password/\S+", letter.get_content())
                    if letter["To"] == address
                    else None
                )
                if found:
                    return found.group()
            time.sleep(0.1)
        raise AssertionError(f"no e-mail to {address} within 20 seconds")

    def faults(self) -> list[str]:
        """What the server has logged as an error so far."""
        found = []
        for line in self.log.read_text(errors="replace").splitlines():
            if (line.startswith("{") and json.loads(line).get("level") in ("error", "critical")) or line.startswith(
                "Traceback"
            ):
                found.append(line)
        return found


@dataclass(frozen=True)
class Somebody:
    """A sample person with an account of their own."""

    email: str
    person_id: int
    public_id: str
    name: str
    unit: str


@contextmanager
def served(home: Path, pattern: Path) -> Iterator[Hospital]:
    """Start the server on a free port of this computer and end it afterwards."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        home.mkdir(parents=True, exist_ok=True)
        log = home / "server.log"
        surroundings = os.environ | {
            "BROWSER_HOME": str(home), "BROWSER_PATTERN": str(pattern), "BROWSER_ADDRESS": address,
            "PYTHONPATH": str(PROJECT),
        }  # fmt: skip
        command = [
            sys.executable, "-m", "gunicorn", "tests.browser.served:make()", "--bind", f"fd://{listener.fileno()}",
            "--worker-class", "gthread", "--threads", "8", "--timeout", "180", "--keep-alive", "30",
            "--log-level", "warning", "--no-control-socket",
        ]  # fmt: skip
        with log.open("w") as out:
            server = subprocess.Popen(
                command, cwd=PROJECT, env=surroundings, stderr=out, stdout=out, pass_fds=[listener.fileno()]
            )
        try:
            _wait(server, address, log)
            app = application(home, address)
            yield Hospital(address, home, app, app.config["CLOCK"], log)
            with app.app_context():
                db.engine.dispose()
        finally:
            server.terminate()
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    limit = time.monotonic() + START_LIMIT
    while time.monotonic() < limit:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"The server did not start:\n{log.read_text()[-4000:]}")
