"""What a go-live plan says: units, date, requirements, shifts, checklist; to and from the JSON that is kept. Pure.

The text of each edition is kept whole, so that what a plan said on a past day can be shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

STATES = ("draft", "active", "done")


@dataclass(frozen=True)
class Requirement:
    """A course whose certificate must hold, or a competency with the level needed; `profession` empty for everybody."""

    kind: str  # course or level
    code: str
    level: int = 0
    profession: str = ""

    @property
    def key(self) -> str:
        """What names it in an address, such as course:CPOE-101."""
        return f"{self.kind}:{self.code}"

    def applies(self, profession: str) -> bool:
        """Whether somebody of this profession must meet it."""
        return self.profession in ("", profession)


@dataclass(frozen=True)
class Shift:
    """A shift of the day; `share` is the part of a unit's people, in per cent, expected on it by default."""

    key: str
    name: str
    starts: str
    ends: str
    share: int


@dataclass(frozen=True)
class Places:
    """What was entered for a shift of a unit: people expected and super-users planned, None for the default."""

    staff: int | None = None
    super_users: int | None = None


@dataclass(frozen=True)
class Item:
    """A line of the checklist: what, whose (a role or team), and by when."""

    key: str
    title: str
    owner: str
    due: dt.date


SHIFTS = (
    Shift("early", "Early", "07:00", "15:00", 30),
    Shift("late", "Late", "14:30", "22:30", 25),
    Shift("night", "Night", "22:00", "07:30", 15),
)


@dataclass(frozen=True)
class PlanText:
    """One edition of a plan. `units` are codes, each counted with all below it; `aim` is the per cent that must be
    ready; one super-user is wanted for each `ratio` people on a shift; the pace is that of the last `weeks` weeks.
    """

    name: str
    system: str
    date: dt.date
    units: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    aim: int = 90
    ratio: int = 12
    weeks: int = 8
    shifts: tuple[Shift, ...] = SHIFTS
    places: Mapping[str, Mapping[str, Places]] = field(default_factory=dict)
    checklist: tuple[Item, ...] = ()

    @property
    def courses(self) -> tuple[str, ...]:
        """The codes of the courses required of anybody."""
        return tuple(dict.fromkeys(each.code for each in self.requirements if each.kind == "course"))

    @property
    def competencies(self) -> tuple[str, ...]:
        """The codes of the competencies required of anybody."""
        return tuple(dict.fromkeys(each.code for each in self.requirements if each.kind == "level"))

    def to_json(self) -> dict[str, Any]:
        """The document that is kept."""
        found = asdict(self)
        found["date"] = self.date.isoformat()
        found["checklist"] = [{**asdict(item), "due": item.due.isoformat()} for item in self.checklist]
        for name in ("units", "requirements", "shifts"):
            found[name] = list(found[name])
        return found


def from_json(document: Mapping[str, Any]) -> PlanText:
    """The text that was kept as this document."""
    return PlanText(
        name=document["name"],
        system=document["system"],
        date=dt.date.fromisoformat(document["date"]),
        units=tuple(document["units"]),
        requirements=tuple(Requirement(**each) for each in document["requirements"]),
        aim=document["aim"],
        ratio=document["ratio"],
        weeks=document["weeks"],
        shifts=tuple(Shift(**each) for each in document["shifts"]),
        places={
            unit: {shift: Places(**each) for shift, each in mine.items()} for unit, mine in document["places"].items()
        },
        checklist=tuple(
            Item(each["key"], each["title"], each["owner"], dt.date.fromisoformat(each["due"]))
            for each in document["checklist"]
        ),
    )


NAMES = {
    "name": "name", "system": "system", "date": "date", "aim": "aim", "ratio": "super-user ratio",
    "weeks": "weeks of the pace",
}  # fmt: skip


def changes(before: PlanText | None, after: PlanText) -> tuple[str, ...]:
    """What an edition changed, in short sentences; none where the text is the same."""
    if before is None:
        return ("The plan was written.",)
    found = [
        f"The {words} changed from {getattr(before, name)} to {getattr(after, name)}."
        for name, words in NAMES.items()
        if getattr(before, name) != getattr(after, name)
    ]
    found += _moved("Units", set(before.units), set(after.units))
    found += _moved("Requirements", _said(before), _said(after))
    if before.shifts != after.shifts:
        found.append("The shifts changed.")
    if before.places != after.places:
        found.append("The cover entered for units and shifts changed.")
    titles = ({item.title for item in before.checklist}, {item.title for item in after.checklist})
    found += _moved("Checklist", *titles)
    if titles[0] == titles[1] and before.checklist != after.checklist:
        found.append("Owners or dates of the checklist changed.")
    return tuple(found)


def _said(text: PlanText) -> set[str]:
    return {
        f"{each.code}{f' at level {each.level}' if each.level else ''}"
        f"{f' for {each.profession}s' if each.profession else ''}"
        for each in text.requirements
    }


def _moved(what: str, before: set[str], after: set[str]) -> list[str]:
    lines = []
    if after - before:
        lines.append(f"{what}: added {', '.join(sorted(after - before))}.")
    if before - after:
        lines.append(f"{what}: taken away {', '.join(sorted(before - after))}.")
    return lines
