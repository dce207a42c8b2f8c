"""Reading the forms of a plan: every field with what was expected of it, nothing guessed. Knows no database."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from lms.db import public_id
from lms.golive.text import SHIFTS, Item, Places, PlanText, Requirement, Shift
from lms.people.facts import PROFESSIONS
from lms.reports.dates import BadDate, read_date

Form = MultiDict[str, str]
LEVEL_ROWS = 6
SHIFT_ROWS = 4
BLANK_ITEMS = 4
MOST_ITEMS = 60
KEY = re.compile(r"[0-9a-f]{20}")  # drawn when the form is shown, so that sending it twice is harmless
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass
class Reading:
    """What was read so far, and what was amiss by field."""

    form: Form
    errors: dict[str, str] = field(default_factory=dict)

    def word(self, name: str, most: int) -> str:
        """A text in one line, at most so long."""
        text = " ".join(self.form.get(name, "").replace("\x00", "").split())
        if len(text) > most:
            self.errors[name] = _("%(found)s characters; at most %(most)s were expected.", found=len(text), most=most)
        return text[:most]

    def number(self, name: str, least: int, most: int, default: int) -> int:
        """A whole number in a range."""
        given = self.form.get(name, "").strip()
        if given.isdecimal() and len(given) < 7 and least <= int(given) <= most:
            return int(given)
        self.errors[name] = _("A whole number from %(least)s to %(most)s was expected.", least=least, most=most)
        return default

    def day(self, name: str, default: dt.date) -> dt.date:
        """A date."""
        given = self.form.get(name, "").strip()
        try:
            if given:
                return read_date(given, default)
        except BadDate as fault:
            self.errors[name] = str(fault)
            return default
        self.errors[name] = _("A date was expected.")
        return default


def read_plan(
    form: Form,
    before: PlanText,
    *,
    units: Mapping[str, str | None],
    courses: Collection[str],
    levels: Collection[str],
    earliest: dt.date,
) -> tuple[PlanText, dict[str, str]]:
    """The plan that a form says, and what was amiss by field, all at once.

    No new day may be before `earliest`; a plan whose day has passed keeps it. `before` keeps what the form does not
    hold (cover entered by unit). `units` are the codes of the hospital with their parents', `courses` and `levels`
    what may be required.
    """
    reading = Reading(form)
    name = reading.word("name", 120)
    if not name:
        reading.errors["name"] = _("A name was expected, such as “Closed-loop medication, wave 2”.")
    system = reading.word("system", 120)
    if not system:
        reading.errors["system"] = _("What goes live was expected, such as CPOE.")
    day = reading.day("date", before.date)
    if day < earliest and day != before.date:
        reading.errors["date"] = _("This day is past; today or a later day was expected.")
    text = replace(
        before,
        name=name,
        system=system,
        date=day,
        aim=reading.number("aim", 50, 100, before.aim),
        ratio=reading.number("ratio", 1, 500, before.ratio),
        weeks=reading.number("weeks", 4, 26, before.weeks),
        units=_units(reading, units),
        requirements=(*_courses(reading, courses, before), *_levels(reading, levels)),
        shifts=_shifts(reading),
        checklist=_items(reading, before),
    )
    kept = {unit: mine for unit, mine in before.places.items() if unit in text.units}
    keys = {shift.key for shift in text.shifts}
    places = {unit: {key: each for key, each in mine.items() if key in keys} for unit, mine in kept.items()}
    return replace(text, places={unit: mine for unit, mine in places.items() if mine}), reading.errors


def _units(reading: Reading, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    chosen = [code for code in dict.fromkeys(reading.form.getlist("unit")) if code in parents]
    for code in chosen:
        above = parents[code]
        while above is not None:
            if above in chosen:
                reading.errors["unit"] = _(
                    "%(above)s already holds %(code)s: choose one of them.", above=above, code=code
                )
            above = parents[above]
    if not chosen:
        reading.errors["unit"] = _("At least one unit was expected.")
    return tuple(chosen)


def label(name: str) -> str:
    """What a field of the plan's form is called in the list of its faults."""
    said = {
        "name": _("Name"), "system": _("System"), "date": _("Go-live"), "aim": _("Aim, per cent ready"),
        "ratio": _("People for one super-user"), "weeks": _("Weeks of the pace"), "unit": _("Units that go live"),
    }  # fmt: skip
    kind, _dash, row = name.rpartition("-")
    n = int(row) + 1 if row.isdecimal() else 0
    rows = {
        "level-code": _("Competency %(n)s", n=n), "level-level": _("Level of competency %(n)s", n=n),
        "shift-name": _("Name of shift %(n)s", n=n), "shift-starts": _("Shift %(n)s begins", n=n),
        "shift-ends": _("Shift %(n)s ends", n=n), "shift-share": _("Share of shift %(n)s", n=n),
        "item-title": _("Line %(n)s", n=n), "item-owner": _("Whose is line %(n)s", n=n),
        "item-due": _("Line %(n)s is due", n=n),
    }  # fmt: skip
    return said.get(name) or rows.get(kind, "")


def _profession(reading: Reading, name: str) -> str | None:
    """Empty for everybody, a profession, or None where nothing is required."""
    given = reading.form.get(name, "")
    return "" if given == "all" else given if given in PROFESSIONS else None


def _courses(reading: Reading, known: Collection[str], before: PlanText) -> list[Requirement]:
    found = []
    for code in [*known, *(code for code in before.courses if code not in known)]:
        whose = _profession(reading, f"course-{code}")
        if whose is not None:
            found.append(Requirement("course", code, 0, whose))
    return found


def _levels(reading: Reading, known: Collection[str]) -> list[Requirement]:
    found: dict[tuple[str, str], Requirement] = {}
    for row in range(LEVEL_ROWS):
        code = reading.form.get(f"level-code-{row}", "")
        if not code:
            continue
        if code not in known:
            reading.errors[f"level-code-{row}"] = _("A competency of the framework was expected.")
            continue
        level = reading.number(f"level-level-{row}", 1, 5, 2)
        need = Requirement("level", code, level, _profession(reading, f"level-whose-{row}") or "")
        if (code, need.profession) in found:
            reading.errors[f"level-code-{row}"] = _("%(code)s stands there twice for the same people.", code=code)
        found[code, need.profession] = need
    return list(found.values())


def _shifts(reading: Reading) -> tuple[Shift, ...]:
    found = []
    for row in range(SHIFT_ROWS):
        name = reading.word(f"shift-name-{row}", 40)
        if not name:
            continue
        times = [reading.form.get(f"shift-{end}-{row}", "").strip() for end in ("starts", "ends")]
        for end, time in zip(("starts", "ends"), times, strict=True):
            if not CLOCK.fullmatch(time):
                reading.errors[f"shift-{end}-{row}"] = _("A time such as 07:00 was expected.")
        share = reading.number(f"shift-share-{row}", 1, 100, 25)
        key = SHIFTS[row].key if row < len(SHIFTS) else f"shift{row}"
        found.append(Shift(key, name, times[0][:5], times[1][:5], share))
    return tuple(found)


def _items(reading: Reading, before: PlanText) -> tuple[Item, ...]:
    found: list[Item] = []
    for row in range(MOST_ITEMS):
        title = reading.word(f"item-title-{row}", 200)
        if not title:
            continue
        key = reading.form.get(f"item-key-{row}", "")
        fresh = not KEY.fullmatch(key) or key in {item.key for item in found}
        due = reading.day(f"item-due-{row}", before.date)
        found.append(Item(public_id() if fresh else key, title, reading.word(f"item-owner-{row}", 80), due))
    return tuple(found)


def read_cover(form: Form, before: PlanText) -> tuple[PlanText, dict[str, str]]:
    """The people and super-users that a form enters for each unit and shift; an empty field is the default."""
    reading = Reading(form)
    places: dict[str, dict[str, Places]] = {}
    for unit in before.units:
        for shift in before.shifts:
            entered = [_entered(reading, f"{kind}-{unit}-{shift.key}") for kind in ("staff", "supers")]
            if entered != [None, None]:
                places.setdefault(unit, {})[shift.key] = Places(*entered)
    return replace(before, places=places), reading.errors


def _entered(reading: Reading, name: str) -> int | None:
    return reading.number(name, 0, 10000, 0) if reading.form.get(name, "").strip() else None
