"""What the rest of the house may know of units, people, posts and leave: frozen values, no rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

PROFESSIONS = ("physician", "nurse", "pharmacist", "other")
ROLES = ("clinician", "super-user", "informaticist")


@dataclass(frozen=True)
class UnitFacts:
    """A unit of the hospital. `parent_id` is None for a root."""

    id: int
    code: str
    name: str
    site: str
    parent_id: int | None


@dataclass(frozen=True)
class PersonFacts:
    """A member of staff; `employee_id` is None for a person the roster does not know."""

    id: int
    public_id: str
    employee_id: str | None
    name: str
    given_name: str
    family_name: str
    email: str | None
    profession: str


@dataclass(frozen=True)
class PersonEntry:
    """What the roster states of a person. `email` is lower case or None."""

    employee_id: str | None
    given_name: str
    family_name: str
    email: str | None
    profession: str
    display_name: str = ""


@dataclass(frozen=True)
class PostFacts:
    """A post with its dates; `ends` is the last day, inclusive, and None while it is open."""

    unit_id: int
    unit_code: str
    unit_name: str
    title: str
    super_user: bool
    informaticist: bool
    manager_id: int | None
    starts: dt.date
    ends: dt.date | None

    def covers(self, on: dt.date) -> bool:
        """Whether the post is held on this day."""
        return self.starts <= on and (self.ends is None or on <= self.ends)


@dataclass(frozen=True)
class PostSpan:
    """The part of a post that counting needs, for bulk reads of many people at once."""

    person_id: int
    unit_id: int
    super_user: bool
    informaticist: bool
    starts: dt.date
    ends: dt.date | None

    def covers(self, on: dt.date) -> bool:
        """Whether the post is held on this day."""
        return self.starts <= on and (self.ends is None or on <= self.ends)


@dataclass(frozen=True)
class LeaveSpan:
    """A time away from work, both days included; `ends` None while the return is unknown."""

    person_id: int
    starts: dt.date
    ends: dt.date | None

    def covers(self, on: dt.date) -> bool:
        """Whether the person is away on this day."""
        return self.starts <= on and (self.ends is None or on <= self.ends)


@dataclass(frozen=True)
class ProfessionSpan:
    """A profession that a person had up to and including a day; a later change ended it."""

    person_id: int
    profession: str
    ends: dt.date
