"""A small sample hospital for tests: units in a tree and people with posts, written by the product's services.

    hospital = sample_hospital()          # inside an application context; commits
    hospital.units["ED"]                  # internal ids by unit code
    hospital.people["E-001"]              # internal ids by employee number

`make_unit`, `make_person`, `make_post` and `make_leave` add to it, one fact a call, and flush.
`load_framework` puts the product's framework in force, `load_small_framework` one of a few competencies.
All people are plainly samples.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from courses.framework import DEFAULT_FILE
from lms.competency.services import import_framework
from lms.db import db
from lms.people.posts import LeaveEntry, PostEntry, add_posts, set_leaves
from lms.people.services import PersonEntry, add_people
from lms.people.units import UnitEntry, save_units

NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)  # the moment of the suite's clock
TODAY = NOW.date()
STARTS = dt.date(2024, 1, 1)

UNITS = (
    ("SGH", "Sample General Hospital", None, "Main"),
    ("MED", "Medicine", "SGH", "Main"),
    ("MED-A", "Medicine ward A", "MED", "Main"),
    ("MED-B", "Medicine ward B", "MED", "Main"),
    ("ED", "Emergency", "SGH", "Main"),
    ("PHA", "Pharmacy", "SGH", "East"),
)

# employee number, given name, family name, profession, unit, post, roles, manager's employee number
PEOPLE = (
    ("E-001", "Mona", "Manager", "nurse", "MED-A", "Ward manager", "", ""),
    ("E-002", "Asha", "Sample", "physician", "MED-A", "Resident physician", "", "E-001"),
    ("E-003", "Noor", "Example", "nurse", "MED-A", "Staff nurse", "", "E-001"),
    ("E-004", "Sami", "Sample", "nurse", "MED-A", "Staff nurse", "super-user", "E-001"),
    ("E-005", "Ines", "Example", "nurse", "MED-B", "Staff nurse", "", "E-001"),
    ("E-006", "Ravi", "Sample", "physician", "MED-B", "Consultant", "", ""),
    ("E-007", "Li", "Example", "physician", "ED", "Emergency physician", "", ""),
    ("E-008", "Olga", "Sample", "nurse", "ED", "Triage nurse", "", ""),
    ("E-009", "Paul", "Example", "pharmacist", "PHA", "Clinical pharmacist", "", ""),
    ("E-010", "Ida", "Sample", "other", "PHA", "Technician", "", ""),
    ("E-011", "Femi", "Example", "physician", "SGH", "Informatics physician", "informaticist", ""),
)


@dataclass
class SampleHospital:
    """Internal ids of what was written: units by code, people by employee number."""

    units: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)


def email_of(employee_id: str) -> str:
    """The e-mail of a sample person."""
    return f"{employee_id.lower()}@hospital.example"


def make_unit(code: str, name: str = "", parent: str | None = None, *, today: dt.date = TODAY) -> int:
    """A unit under a known parent code; returns its internal id."""
    return save_units([UnitEntry(code, name or f"Unit {code}", parent)], today=today)[code]


def make_person(
    employee_id: str, given: str = "Any", family: str = "Sample", profession: str = "nurse", email: str | None = None
) -> int:
    """A rostered person without a post; returns the internal id."""
    return add_people([PersonEntry(employee_id, given, family, email or email_of(employee_id), profession)])[0]


def make_post(
    person_id: int,
    unit_id: int,
    title: str = "Staff",
    *,
    roles: str = "",
    manager_id: int | None = None,
    starts: dt.date = STARTS,
    ends: dt.date | None = None,
) -> None:
    """A post of a person in a unit; `roles` as the roster writes them."""
    held = roles.split(";")
    post = PostEntry(person_id, unit_id, title, starts, ends, "super-user" in held, "informaticist" in held, manager_id)
    add_posts([post])


def make_leave(person_id: int, starts: dt.date, ends: dt.date | None = None) -> None:
    """A time away, both days included."""
    set_leaves([LeaveEntry(person_id, starts, ends)])


def sample_hospital(*, commit: bool = True) -> SampleHospital:
    """Write the whole sample hospital."""
    hospital = SampleHospital()
    hospital.units = save_units([UnitEntry(code, name, up, site) for code, name, up, site in UNITS], today=TODAY)
    for number, given, family, profession, *_ in PEOPLE:
        hospital.people[number] = make_person(number, given, family, profession)
    for number, _, _, _, unit, title, roles, manager in PEOPLE:
        manager_id = hospital.people.get(manager)
        make_post(hospital.people[number], hospital.units[unit], title, roles=roles, manager_id=manager_id)
    if commit:
        db.session.commit()
    return hospital


def load_framework() -> None:
    """Put the product's own framework in force and flush."""
    import_framework(DEFAULT_FILE.read_text(encoding="utf-8"), DEFAULT_FILE.name, actor=None, now=NOW)


def small_framework(*targets: tuple[int, int, int, int, int], edition: str = "1") -> str:
    """The text of a framework with competencies K1, K2, …; K1 is critical. Targets in the order of the format."""
    lines = [
        "code: SMALL", "title: A small framework", f'edition: "{edition}"', "levels:",
        "  - {level: 1, name: Aware, evidence: test}", "  - {level: 2, name: Assisted, evidence: test or case}",
        "  - {level: 3, name: Independent, evidence: sign-off}", "  - {level: 4, name: Coach, evidence: coaching log}",
        "  - {level: 5, name: Authority, evidence: panel}", "responsibilities:", "  R1: Everything", "domains:",
        "  - code: K", "    title: All of it", "    responsibilities: [R1]", "    competencies:",
    ]  # fmt: skip
    for number, levels in enumerate(targets, start=1):
        critical = "true" if number == 1 else "false"
        lines.append(
            f"      - {{code: K{number}, critical: {critical}, title: Skill {number}, targets: {list(levels)}}}"
        )
    return "\n".join(lines) + "\n"


def load_small_framework(
    *targets: tuple[int, int, int, int, int], edition: str = "1", now: dt.datetime | None = None
) -> None:
    """Put a small framework in force and flush."""
    import_framework(small_framework(*targets, edition=edition), "small.yaml", actor=None, now=now or NOW)
