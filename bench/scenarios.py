"""What is measured: each scenario prepares itself and gives back the act that is repeated."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape

from bench.browser import Client, Page, token
from bench.servers import Server

PASSWORD = "sample-hospital-door"
COURSE = "CPOE-101"


@dataclass
class Stage:
    """A running application, and a way to its commands."""

    server: Server
    environment: dict[str, str]
    flask: Callable[..., str]
    count: itertools.count = field(default_factory=itertools.count)  # type: ignore[type-arg]

    def client(self, email: str) -> Client:
        """A signed-in person of the sample hospital."""
        client = Client(self.server.port)
        client.sign_in(email, PASSWORD)
        return client

    def newcomer(self) -> Client:
        """A person with an account and nothing else."""
        email = f"bench{next(self.count)}-{self.server.pid}@example.org"
        words = ("account", "create", email, "--role", "learner", "--password-stdin")
        self.flask(self.environment, *words, text=PASSWORD)
        return self.client(email)

    def reader(self) -> tuple[Client, list[str]]:
        """A newcomer enrolled in the course, and the addresses of its lessons."""
        client = self.newcomer()
        page = client.get(f"/courses/{COURSE}")
        client.post(f"/courses/{COURSE}/enrol", {"csrf_token": token(page)})
        page = client.get(f"/courses/{COURSE}")
        found = re.findall(rf'href="(/courses/{COURSE}/lessons/[a-z0-9-]+)', page.body)
        return client, list(dict.fromkeys(found))

    def candidate(self) -> Client:
        """A reader who has completed every lesson."""
        client, lessons = self.reader()
        for address in lessons:
            page = client.get(address)
            client.post(f"{address}/complete", {"csrf_token": token(page)})
        return client


@dataclass(frozen=True)
class Scenario:
    """`share` of the usual rounds are run; `requests` is what one act counts as."""

    name: str
    prepare: Callable[[Stage], Callable[[], object]]
    share: float = 1.0
    requests: int = 1


def _expect(page: Page, *statuses: int) -> Page:
    if page.status not in (statuses or (200,)):
        raise RuntimeError(f"status {page.status}: {page.body[:300]}")
    return page


def lesson(stage: Stage) -> Callable[[], object]:
    """A lesson page: checks enrolment, records the visit."""
    client, lessons = stage.reader()
    turn = itertools.cycle(lessons)
    return lambda: _expect(client.get(next(turn)))


def home(stage: Stage) -> Callable[[], object]:
    """The home of a nurse with two years of history."""
    client = stage.client("nurse@example.org")
    return lambda: _expect(client.get("/"))


def _begin(client: Client) -> str:
    page = _expect(client.get(f"/courses/{COURSE}/exam"))
    sent = client.post(f"/courses/{COURSE}/exam", {"csrf_token": token(page)})
    found = re.match(r"(?:https?://[^/]+)?(/attempts/[0-9a-f]+)/\d+", sent.location)
    if found is None:
        raise RuntimeError(f"The attempt did not start: {sent.status} {sent.location}")
    return found.group(1)


def _fields(page: Page) -> list[tuple[str, str]]:
    """A filled-in form of a question: the first of each group of options, some text in each field."""
    values: dict[str, str] = {}
    for tag in re.findall(r"<input[^>]+>", page.body):
        kind = re.search(r'type="([^"]+)"', tag)
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        if name is None or name.group(1) in values or name.group(1) in ("theme", "go"):
            continue
        what = kind.group(1) if kind else "text"
        if what in ("radio", "checkbox", "hidden") and value:
            values[unescape(name.group(1))] = unescape(value.group(1))
        elif what in ("text", "number"):
            values[unescape(name.group(1))] = "12"
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page.body, re.S):
        found = [each for each in re.findall(r'value="([^"]+)"', options) if each]
        values[unescape(name)] = unescape(found[len([n for n in values if n[:3] == name[:3]]) % len(found)])
    return list(values.items())


def answer(stage: Stage) -> Callable[[], object]:
    """Saving one answer, as the script does on each change."""
    client = stage.candidate()
    address = f"{_begin(client)}/1"
    fields = _fields(_expect(client.get(address)))
    return lambda: _expect(client.post(address, fields), 303, 204)


def attempt(stage: Stage) -> Callable[[], object]:
    """A whole attempt: every question shown and saved, handed in, the result read."""
    waiting = [stage.candidate() for _ in range(7)]

    def act() -> None:
        client = waiting.pop()
        address = _begin(client)
        page = _expect(client.get(f"{address}/1"))
        total = max(int(each) for each in re.findall(rf"{address}/(\d+)", page.body))
        for number in range(1, total + 1):
            page = _expect(client.get(f"{address}/{number}"))
            _expect(client.post(f"{address}/{number}", [*_fields(page), ("go", "next")]), 303, 422)
        page = _expect(client.get(address))
        _expect(client.post(f"{address}/submit", {"csrf_token": token(page)}), 303)
        _expect(client.get(f"{address}/result"))

    return act


def submit(stage: Stage) -> Callable[[], object]:
    """Handing in an attempt with nothing answered, and again, which gives the same result."""
    client = stage.candidate()
    address = _begin(client)
    csrf = token(_expect(client.get(f"{address}/1")))
    return lambda: _expect(client.post(f"{address}/submit", {"csrf_token": csrf}), 303)


def heat_map(stage: Stage) -> Callable[[], object]:
    """The workforce page with all lowest units, more than thirty rows."""
    client = stage.client("cmio@example.org")
    return lambda: _expect(client.get("/workforce?rows=lowest"))


def certificate(stage: Stage) -> Callable[[], object]:
    """Certificates pressed and signed for the first time."""
    client = stage.client("administrator@example.org")
    page = client.get("/record")
    serials = stage.flask(stage.environment, "shell", text=_SERIALS).split()
    serials = [each for each in serials if re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", each)]
    _expect(page)
    turn = iter(serials)
    return lambda: _expect(client.get(f"/certificates/{next(turn)}.pdf"))


_SERIALS = (
    "from lms.db import db\nfrom sqlalchemy import text\n"
    "print(*db.session.scalars(text('select serial from credential order by id desc limit 400')))\n"
)

SCENARIOS = (
    Scenario("lesson page", lesson, 2.0),
    Scenario("home", home),
    Scenario("saving an answer", answer, 2.0),
    Scenario("whole attempt", attempt, 0.02),
    Scenario("handing in again", submit),
    Scenario("heat map, all units", heat_map),
    Scenario("certificate PDF, first time", certificate, 0.15),
)
