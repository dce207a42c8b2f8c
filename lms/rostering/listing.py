"""The two roster files, read and checked by themselves: units that make trees, people with their posts.

What can only be judged against what is stored is left to `plan`. Every fault is collected.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from lms.people.facts import PROFESSIONS, ROLES
from lms.people.tree import cycles
from lms.rostering.faults import FileFault
from lms.rostering.sheet import Row, Sheet, read_sheet
from lms.rostering.words import _

UNIT_COLUMNS = ("code", "name", "parent", "site")
PEOPLE_COLUMNS = (
    "employee_id", "given_name", "family_name", "email", "profession", "unit", "post", "roles", "manager", "starts",
    "ends",
)  # fmt: skip
OPTIONAL_COLUMNS = ("display_name", "leave_from", "leave_until")
_LENGTHS = {
    "code": 64, "name": 200, "site": 200, "employee_id": 64, "given_name": 200, "family_name": 200,
    "display_name": 400, "email": 320, "post": 200,
}  # fmt: skip
_EMAIL = re.compile(r"[^\s@,;:<>()\[\]\"\\]+@[^\s@,;:<>()\[\]\"\\.]+(\.[^\s@,;:<>()\[\]\"\\.]+)+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)


@dataclass(frozen=True)
class ListedUnit:
    """A unit as its line states it; `parent` is empty for a root."""

    line: int
    code: str
    name: str
    parent: str
    site: str


@dataclass(frozen=True)
class ListedPost:
    """A post as its line states it; `manager` is an employee number or empty."""

    line: int
    unit: str
    title: str
    super_user: bool
    informaticist: bool
    manager: str
    starts: dt.date
    ends: dt.date | None


@dataclass
class ListedPerson:
    """A person with all their lines. `display_name` None and `leaves` None: the file has no such column."""

    line: int
    employee_id: str
    given_name: str
    family_name: str
    email: str | None
    profession: str
    display_name: str | None
    posts: list[ListedPost] = field(default_factory=list)
    leaves: dict[dt.date, dt.date | None] | None = None

    @property
    def name(self) -> str:
        """The name for messages."""
        return self.display_name or f"{self.given_name} {self.family_name}".strip()


@dataclass
class Roster:
    """Both files as read, with every fault."""

    units_file: str
    people_file: str
    units: dict[str, ListedUnit] = field(default_factory=dict)
    people: dict[str, ListedPerson] = field(default_factory=dict)
    faults: list[FileFault] = field(default_factory=list)

    def fault(self, file: str, line: int, message: str, *, warning: bool = False) -> None:
        """Add a fault or a piece of advice."""
        self.faults.append(FileFault(file, line, message, warning))


def read_roster(units: bytes, people: bytes, *, units_file: str, people_file: str, known: Collection[str]) -> Roster:
    """Read both files; `known` are the codes of stored units, which a listed unit may have as its parent."""
    roster = Roster(units_file, people_file)
    sheet = read_sheet(units, units_file, UNIT_COLUMNS)
    _read_units(roster, sheet, known)
    listing = read_sheet(people, people_file, PEOPLE_COLUMNS, OPTIONAL_COLUMNS)
    _read_people(roster, listing)
    if roster.units:
        _check_units_of_posts(roster)
    roster.faults = [*sheet.faults, *listing.faults, *roster.faults]
    return roster


def _read_units(roster: Roster, sheet: Sheet, known: Collection[str]) -> None:
    for row in sheet.rows:
        too_long(sheet, row)
        code = row["code"]
        if not code:
            sheet.fault(row.line, _("code is empty: expected a code that lasts, such as MED-A."))
            continue
        if code in roster.units:
            first = roster.units[code].line
            sheet.fault(row.line, _("The unit %(code)s stands on line %(line)s already.", code=code, line=first))
            continue
        if not row["name"]:
            sheet.fault(row.line, _("name is empty: expected the name of the unit %(code)s.", code=code))
        roster.units[code] = ListedUnit(row.line, code, row["name"], row["parent"], row["site"])
    for unit in roster.units.values():
        if unit.parent and unit.parent not in roster.units and unit.parent not in known:
            message = _("parent is “%(parent)s”: expected the code of a unit of this file, or nothing for the top.",
                        parent=unit.parent)  # fmt: skip
            sheet.fault(unit.line, message)
    for circle in cycles({code: unit.parent or None for code, unit in roster.units.items()}):
        path = " → ".join([*circle, circle[0]])
        line = min(roster.units[code].line for code in circle)
        sheet.fault(
            line, _("Units contain each other: %(path)s. Expected one of them to have another parent.", path=path)
        )


def _read_people(roster: Roster, sheet: Sheet) -> None:
    lines: dict[tuple[str, str, str, dt.date], int] = {}
    for row in sheet.rows:
        too_long(sheet, row)
        person = _person(sheet, row)
        post = _post(sheet, row, roster)
        leave = _leave(sheet, row)
        if person is None:
            continue
        held = roster.people.setdefault(person.employee_id, person)
        if held is not person:
            _same_person(sheet, held, person)
        if post is not None:
            key = (person.employee_id, post.unit, post.title, post.starts)
            if key in lines:
                message = _("The same post of %(number)s, with the same first day, stands on line %(line)s already.",
                            number=person.employee_id, line=lines[key])  # fmt: skip
                sheet.fault(row.line, message)
            lines.setdefault(key, row.line)
            held.posts.append(post)
        _add_leave(sheet, row, held, leave)
    _check_emails(sheet, roster)


def _person(sheet: Sheet, row: Row) -> ListedPerson | None:
    number = row["employee_id"]
    if not number:
        sheet.fault(row.line, _("employee_id is empty: expected the employee number."))
    if not (row["given_name"] or row["family_name"]):
        sheet.fault(row.line, _("given_name and family_name are empty: expected at least one of them."))
    email = row["email"].lower()
    if email and not _EMAIL.fullmatch(email):
        sheet.fault(row.line, _("email is “%(email)s”: expected one address, such as name@hospital.org.", email=email))
    if not email:
        sheet.fault(row.line, _("email is empty: this person can be counted, but not invited."), warning=True)
    profession = row["profession"].lower()
    if profession not in PROFESSIONS:
        sheet.fault(row.line, expected_one("profession", row["profession"], PROFESSIONS))
    if not number:
        return None
    return ListedPerson(
        line=row.line,
        employee_id=number,
        given_name=row["given_name"],
        family_name=row["family_name"],
        email=email or None,
        profession=profession,
        display_name=row["display_name"] if "display_name" in sheet.columns else None,
        leaves={} if "leave_from" in sheet.columns else None,
    )


def _post(sheet: Sheet, row: Row, roster: Roster) -> ListedPost | None:
    if not row["unit"]:
        sheet.fault(row.line, _("unit is empty: expected a code of %(file)s.", file=roster.units_file))
    if not row["post"]:
        sheet.fault(row.line, _("post is empty: expected a title, such as Staff nurse."))
    roles = [role.strip().lower() for role in row["roles"].split(";") if role.strip()]
    for role in roles:
        if role not in ROLES:
            sheet.fault(row.line, expected_one("roles", role, ROLES))
    if row["manager"] and row["manager"] == row["employee_id"]:
        sheet.fault(row.line, _("manager is the person's own number: expected another employee_id or nothing."))
    starts = read_date(sheet, row, "starts", required=True)
    ends = read_date(sheet, row, "ends")
    if starts and ends and ends < starts:
        message = _("ends is %(ends)s, before starts, %(starts)s: expected the last day in the post.",
                    ends=ends, starts=starts)  # fmt: skip
        sheet.fault(row.line, message)
        return None
    if starts is None or not row["unit"] or not row["post"]:
        return None
    return ListedPost(
        row.line,
        row["unit"],
        row["post"],
        "super-user" in roles,
        "informaticist" in roles,
        row["manager"],
        starts,
        ends,
    )


def _leave(sheet: Sheet, row: Row) -> tuple[dt.date, dt.date | None] | None:
    first, last = read_date(sheet, row, "leave_from"), read_date(sheet, row, "leave_until")
    if first is None:
        if row["leave_until"] and not row["leave_from"]:
            sheet.fault(row.line, _("leave_until stands without leave_from: expected the first day away as well."))
        return None
    if last is not None and last < first:
        message = _("leave_until is %(last)s, before leave_from, %(first)s: expected the last day away.",
                    last=last, first=first)  # fmt: skip
        sheet.fault(row.line, message)
        return None
    return first, last


def _add_leave(sheet: Sheet, row: Row, person: ListedPerson, leave: tuple[dt.date, dt.date | None] | None) -> None:
    if leave is None or person.leaves is None:
        return
    first, last = leave
    if person.leaves.get(first, last) != last:
        message = _("The leave of %(number)s from %(first)s has another last day on another line: expected one.",
                    number=person.employee_id, first=first)  # fmt: skip
        sheet.fault(row.line, message)
    person.leaves.setdefault(first, last)


def _same_person(sheet: Sheet, held: ListedPerson, other: ListedPerson) -> None:
    for column in ("given_name", "family_name", "email", "profession", "display_name"):
        if getattr(held, column) != getattr(other, column):
            message = _("%(column)s of %(number)s is another than on line %(line)s: expected the same on every line of "
                        "a person.", column=column, number=held.employee_id, line=held.line)  # fmt: skip
            sheet.fault(other.line, message)


def _check_emails(sheet: Sheet, roster: Roster) -> None:
    owners: dict[str, list[ListedPerson]] = defaultdict(list)
    for person in roster.people.values():
        if person.email:
            owners[person.email].append(person)
    for email, people in owners.items():
        for other in people[1:]:
            message = _("email %(email)s stands on line %(line)s for %(number)s: expected an address of one person.",
                        email=email, line=people[0].line, number=people[0].employee_id)  # fmt: skip
            sheet.fault(other.line, message)


def _check_units_of_posts(roster: Roster) -> None:
    for person in roster.people.values():
        for post in person.posts:
            if post.unit not in roster.units:
                message = _("unit is “%(unit)s”: expected a code of %(file)s.", unit=post.unit, file=roster.units_file)
                roster.fault(roster.people_file, post.line, message)


def expected_one(column: str, value: str, among: Collection[str]) -> str:
    """The message for a value that is none of a few words."""
    words = ", ".join(among)
    if not value:
        return _("%(column)s is empty: expected one of %(words)s.", column=column, words=words)
    return _("%(column)s is “%(value)s”: expected one of %(words)s.", column=column, value=value, words=words)


def too_long(sheet: Sheet, row: Row) -> None:
    """Add a fault for every value that does not fit."""
    for column, most in _LENGTHS.items():
        if len(row[column]) > most:
            message = _("%(column)s has %(found)s characters: at most %(most)s were expected.",
                        column=column, found=len(row[column]), most=most)  # fmt: skip
            sheet.fault(row.line, message)


def read_date(sheet: Sheet, row: Row, column: str, *, required: bool = False) -> dt.date | None:
    """A date of a row in ISO 8601; a fault where it is not one."""
    value = row[column]
    if not value and not required:
        return None
    if not value:
        sheet.fault(row.line, _("%(column)s is empty: expected a date, such as 2026-02-01.", column=column))
        return None
    try:
        found = dt.date.fromisoformat(value) if _DATE.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None:
        message = _("%(column)s is “%(value)s”: expected a date as year-month-day, such as 2026-02-01.",
                    column=column, value=value)  # fmt: skip
        sheet.fault(row.line, message)
    elif not EARLIEST <= found <= LATEST:
        message = _("%(column)s is %(value)s: expected a date from %(first)s to %(last)s.",
                    column=column, value=value, first=EARLIEST, last=LATEST)  # fmt: skip
        sheet.fault(row.line, message)
        return None
    return found
