"""A hospital small enough to count by hand, and questions to it as the CMIO asks them."""

from __future__ import annotations

import datetime as dt

import pytest

from lms.competency.services import fold, record_evidence
from lms.db import db
from lms.people.scope import Scope
from lms.reports.making import make
from lms.reports.plans import Question
from lms.reports.value import Report
from tests.support.hospital import NOW, TODAY, load_small_framework, make_leave, make_person, make_post, make_unit
from tests.support.signing import separate_requests

EVERYTHING = Scope(everything=True)


class Wards:
    """The hospital, and short words to add to it and to ask of it. Adding commits."""

    def __init__(self) -> None:
        self.units: dict[str, int] = {}
        self.people: dict[str, int] = {}

    def unit(self, code: str, parent: str | None = None, name: str = "") -> None:
        """A unit below a known one."""
        self.units[code] = make_unit(code, name, parent)

    def person(self, name: str, *units: str, profession: str = "nurse", **post: object) -> int:
        """Somebody with a post in each of these units."""
        self.people[name] = make_person(name, name.title(), "Sample", profession)
        for code in units:
            make_post(self.people[name], self.units[code], **post)
        return self.people[name]

    def staff(self, count: int, unit: str, profession: str = "nurse") -> None:
        """So many people more in a unit."""
        for number in range(count):
            self.person(f"{unit}-{profession}-{len(self.people)}-{number}".lower(), unit, profession=profession)
        db.session.commit()

    def evidence(self, name: str, code: str, level: int, on: dt.date = TODAY, source: str = "test", **more) -> None:
        """A piece of evidence, signed off where it is an observation."""
        more.setdefault("signed_off", source == "observation")
        key = f"{name}-{code}-{source}-{on}-{level}"
        record_evidence(self.people[name], code, source, level, on, key=key, actor=None, now=NOW, **more)
        db.session.commit()

    def ask(self, kind: str = "heatmap", unit: str | None = None, as_of: dt.date = TODAY, **more) -> Report:
        """A report after folding what is outstanding."""
        fold(today=more.get("today", TODAY))
        db.session.commit()
        more = {"today": TODAY, "scope": EVERYTHING} | more
        return make(kind, Question(unit=unit, as_of=as_of, **more))

    def rows(self, kind: str = "heatmap", unit: str | None = None, **more) -> dict[str, dict]:
        """The rows of a report by unit code."""
        return {row["code"]: row for row in self.ask(kind, unit, **more).data["units"]}

    def cells(self, code: str, unit: str | None = None, **more) -> dict[str, dict]:
        """One competency's cells by unit code."""
        return {name: row["cells"][code] for name, row in self.rows(unit=unit, **more).items()}


@pytest.fixture
def empty(app) -> Wards:
    """A framework of two competencies and no unit. Nurses need K1 at 2, physicians K1 at 3 and K2 at 2."""
    separate_requests(app)
    load_small_framework((3, 2, 0, 3, 0), (2, 0, 0, 2, 2))
    db.session.commit()
    return Wards()


@pytest.fixture
def wards(empty: Wards) -> Wards:
    """Two medical wards and an emergency department with every case that counting must get right."""
    day = dt.timedelta(days=1)
    for code, parent in (("SGH", None), ("MED", "SGH"), ("MED-A", "MED"), ("MED-B", "MED"), ("ED", "SGH")):
        empty.unit(code, parent)
    for name in ("a2", "a3", "a4", "a5", "a6"):
        empty.person(name, "MED-A")
    empty.person("a1", "MED-A", "MED-B")  # two posts
    make_leave(empty.people["a2"], TODAY - 5 * day, TODAY + day)
    empty.person("b1", "MED-B", ends=TODAY - day)
    for name in ("b2", "b3", "b4", "b5"):
        empty.person(name, "MED-B")
    empty.person("b6", "MED-B", profession="physician")
    empty.person("e1", "ED", starts=TODAY + day)
    for name in ("e2", "e3", "e4", "e5", "e6", "e7"):
        empty.person(name, "ED")
    empty.person("o1", "ED", profession="other")
    db.session.commit()
    year = dt.timedelta(days=400)
    empty.evidence("a1", "K1", 2)
    empty.evidence("a3", "K1", 1)
    empty.evidence("a4", "K1", 3, source="observation")
    empty.evidence("a5", "K1", 2, passed=False)
    empty.evidence("a6", "K1", 2, TODAY - year)
    empty.evidence("b6", "K1", 2)
    return empty
