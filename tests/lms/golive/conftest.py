"""A hospital small enough to count by hand, with a plan for it: K1 at level 2 of nurses, a course of everybody."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from lms.competency.services import record_evidence
from lms.credentials.models import Credential
from lms.db import db
from lms.golive import services
from lms.golive.frame import Frame
from lms.golive.making import Asked, frame
from lms.golive.text import Item, PlanText, Requirement, Shift
from lms.people.scope import Scope
from lms.web.clock import end_of
from tests.support.hospital import NOW, TODAY, load_small_framework, make_leave, make_person, make_post, make_unit
from tests.support.signing import separate_requests

DAY = dt.timedelta(days=1)
GO_LIVE = TODAY + 21 * DAY
LONG_AGO = TODAY - 100 * DAY
PLAN = "ab" * 10
COURSE = "CPOE-101"
EVERYTHING = Scope(everything=True)
TEXT = PlanText(
    name="Wave 2",
    system="CPOE",
    date=GO_LIVE,
    units=("ED", "MED"),
    requirements=(Requirement("course", COURSE), Requirement("level", "K1", 2, "nurse")),
    ratio=4,
    shifts=(Shift("early", "Early", "07:00", "15:00", 50), Shift("night", "Night", "22:00", "07:00", 30)),
    checklist=(
        Item("c1" * 10, "Rota published", "Informatics team", TODAY - DAY),
        Item("c2" * 10, "Go or no-go decided", "CMIO", GO_LIVE - DAY),
    ),
)


class Hospital:
    """Short words to add to the hospital and to ask of the plan. Adding commits."""

    def __init__(self) -> None:
        self.units: dict[str, int] = {}
        self.people: dict[str, int] = {}
        self.serials = 0

    def unit(self, code: str, parent: str | None = None, name: str = "") -> None:
        self.units[code] = make_unit(code, name or code.title(), parent)

    def person(self, name: str, *units: str, profession: str = "nurse", **post) -> int:
        self.people[name] = make_person(name, name.title(), "Sample", profession)
        for code in units:
            make_post(self.people[name], self.units[code], **post)
        db.session.commit()
        return self.people[name]

    def certify(self, name: str, on: dt.date = LONG_AGO, until: dt.date | None = None, **more) -> Credential:
        self.serials += 1
        row = Credential(
            serial=f"S-{self.serials:04}", key=f"test:{self.serials}", person_id=self.people[name], course_code=COURSE,
            version_digest="0" * 64, facts={}, signed={}, issued_at=noon(on), valid_until=until, **more,
        )  # fmt: skip
        db.session.add(row)
        db.session.commit()
        return row

    def skill(self, name: str, level: int = 2, on: dt.date = LONG_AGO, recorded: dt.date | None = None) -> None:
        key = f"{name}-{level}-{on}-{recorded}"
        record_evidence(
            self.people[name], "K1", "test", level, on, key=key, actor=None, now=noon(recorded or on)
        )  # fmt: skip
        db.session.commit()

    def train(self, name: str, on: dt.date = LONG_AGO) -> None:
        self.certify(name, on)
        self.skill(name, on=on)

    def frame(self, as_of: dt.date = TODAY, scope: Scope = EVERYTHING, plan: str = PLAN) -> Frame:
        return frame(Asked(plan, as_of, TODAY, NOW if as_of == TODAY else end_of(as_of), scope))


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), dt.UTC)


@pytest.fixture
def hospital(app) -> Hospital:
    """Emergency with ten nurses e0 to e9 (e0 and e1 super-users), a physician and a clerk; Medicine with six nurses."""
    separate_requests(app)
    load_small_framework((2, 2, 2, 2, 2), (2, 2, 2, 2, 2))
    found = Hospital()
    for code, parent in (("SGH", None), ("ED", "SGH"), ("MED", "SGH"), ("MED-A", "MED")):
        found.unit(code, parent, {"ED": "Emergency", "MED": "Medicine"}.get(code, code))
    for number in range(10):
        found.person(f"e{number}", "ED", roles="super-user" if number < 2 else "")
    for number in range(6):
        found.person(f"m{number}", "MED-A")
    return found


@pytest.fixture
def plan(hospital: Hospital) -> Hospital:
    """The same with the plan, written 70 days ago."""
    services.create(PLAN, TEXT, actor=None, now=NOW - 70 * DAY)
    db.session.commit()
    return hospital


def changed(**values) -> PlanText:
    """The plan's text with something else in it."""
    return replace(TEXT, **values)


__all__ = ["DAY", "GO_LIVE", "PLAN", "TEXT", "Hospital", "changed", "make_leave", "noon"]
