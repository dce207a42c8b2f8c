"""What people need on a day, as roles that a statement can group by: people of one role need the same in everything.

Without decisions of the hospital a role is a profession with its two further roles. Where the hospital's own
targets hold, it also follows from the units of a person's posts: each post is of a kind, which is its unit's place
among the decisions with profession and further roles, and a role is what the kinds of somebody's posts need together.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import CTE, BigInteger, Select, cast, distinct, func, select

from lms.competency.local import Zone
from lms.competency.requirements import needed
from lms.competency.snapshot import Snapshot
from lms.db import db, numbers
from lms.people.facts import PROFESSIONS
from lms.people.presence import away_on

_FURTHER = 4  # of a profession: neither super-user nor informaticist, informaticist, super-user, both
_KINDS = _FURTHER * len(PROFESSIONS)  # of a post in one place
Path = tuple[Zone, ...]


class Needs(NamedTuple):
    """The targets of each role, one digit a competency, and how many roles each profession has."""

    digits: tuple[str, ...]
    size: int

    def profession(self, role: Any) -> Any:
        """The place of a role's profession, of a number as of a column."""
        return role // self.size

    def only(self, places: Collection[int]) -> Needs:
        """The same of these competencies alone."""
        kept = ("".join(each if place in places else "0" for place, each in enumerate(mine)) for mine in self.digits)
        return Needs(tuple(kept), self.size)


class Staffing(NamedTuple):
    """A statement of everybody on duty with role, lowest and highest unit id, and what the roles need."""

    people: Select[Any]
    needs: Needs


def staffing(held: CTE, lines: Mapping[int, Sequence[int]], frame: Snapshot, on: dt.date) -> Staffing:
    """The people who count on a day. `held` are the posts of the day, of a person either all or none."""
    if frame.local.zones(on):
        return _by_posts(held, lines, frame, on)
    further = func.max(held.c.super_user) * 2 + func.max(held.c.informaticist)
    role = func.max(held.c.profession) * _FURTHER + further
    people = (
        select(held.c.person_id, role.label("role"), *_ends(held))
        .where(held.c.person_id.not_in(away_on(on)))
        .group_by(held.c.person_id)
    )
    digits = tuple(frame.targets(_subjects(kind), on) for kind in range(_KINDS))
    return Staffing(people, Needs(digits, _FURTHER))


def _ends(held: CTE) -> list[Any]:
    return [func.min(held.c.unit_id).label("lowest"), func.max(held.c.unit_id).label("highest")]


def _subjects(kind: int) -> frozenset[str]:
    """The profession and roles of a kind of post."""
    further = (("informaticist", kind % 2), ("super-user", kind % _FURTHER >= 2))
    return frozenset({PROFESSIONS[kind % _KINDS // _FURTHER], *(name for name, yes in further if yes)})


def _by_posts(held: CTE, lines: Mapping[int, Sequence[int]], frame: Snapshot, on: dt.date) -> Staffing:
    """With the hospital's own targets. The kinds that occur together are asked first; they are few on any day."""
    paths = {unit_id: frame.local.path(line, on) for unit_id, line in lines.items()}
    places = list(dict.fromkeys(paths.values()))
    number = {path: place for place, path in enumerate(places)}
    place = numbers("place", ("unit_id", "number"), [(unit_id, number[path]) for unit_id, path in paths.items()])
    kind = (
        cast(place.c.number, BigInteger) * _KINDS
        + held.c.profession * _FURTHER + held.c.super_user * 2 + held.c.informaticist
    )  # fmt: skip
    post = select(held, kind.label("kind")).join(place, place.c.unit_id == held.c.unit_id).cte("posted")
    spread = (
        select(
            post.c.person_id, func.min(post.c.kind).label("low"), func.max(post.c.kind).label("high"),
            func.count(distinct(post.c.kind)).label("kinds"), *_ends(post),
        )
        .where(post.c.person_id.not_in(away_on(on)))
        .group_by(post.c.person_id)
        .cte("spread")
    )  # fmt: skip
    book = _Book(frame, places, on)
    pairs = [(low, high) for low, high in db.session.execute(_pairs(spread))]
    many: dict[int, set[int]] = defaultdict(set)
    for person_id, mine in db.session.execute(_many(post, spread)):
        many[person_id].add(mine)
    needs = book.needs([*pairs, *many.values()])
    return Staffing(_people(spread, pairs, many, book), needs)


def alike(frame: Snapshot, lines: Mapping[int, Sequence[int]], on: dt.date) -> dict[str, str]:
    """By code of a competency in force the first that the same people need on a day, whoever they are.

    A framework names many competencies that every nurse needs, and few sets of people.
    """
    places = {frame.local.path(line, on) for line in lines.values()} or {()}
    digits = [needed(frame, _subjects(kind), path, on) for path in places for kind in range(_KINDS)]
    first: dict[tuple[bool, ...], str] = {}
    return {
        each.code: first.setdefault(tuple(mine[frame.places[each.id]] != "0" for mine in digits), each.code)
        for each in frame.current
    }


def _pairs(spread: CTE) -> Select[Any]:
    """Which kinds occur together, of people with one or two of them."""
    return select(spread.c.low, spread.c.high).where(spread.c.kinds <= 2).distinct()


def _many(post: CTE, spread: CTE) -> Select[Any]:
    """The kinds of the very few whose posts are of three or more, person by person."""
    joined = select(post.c.person_id, post.c.kind).join(spread, spread.c.person_id == post.c.person_id)
    return joined.where(spread.c.kinds > 2).distinct()


def _people(
    spread: CTE, pairs: Sequence[tuple[int, int]], many: Mapping[int, Collection[int]], book: _Book
) -> Select[Any]:
    roles = numbers("pair", ("low", "high", "role"), [(*pair, book.role(pair)) for pair in pairs])
    both = (roles.c.low == spread.c.low) & (roles.c.high == spread.c.high)
    statement = select(spread.c.person_id, roles.c.role, spread.c.lowest, spread.c.highest)
    two = statement.outerjoin(roles, both)
    if not many:
        return two
    alone = numbers(
        "several", ("person_id", "role"), [(person_id, book.role(mine)) for person_id, mine in many.items()]
    )
    role = func.coalesce(alone.c.role, roles.c.role).label("role")
    several = select(spread.c.person_id, role, spread.c.lowest, spread.c.highest)
    return several.outerjoin(roles, both).outerjoin(alone, alone.c.person_id == spread.c.person_id)


class _Book:
    """What kinds of posts need together, and which role that is."""

    def __init__(self, frame: Snapshot, places: Sequence[Path], on: dt.date) -> None:
        self._frame, self._places, self._on = frame, places, on
        self._roles: list[dict[str, int]] = [{} for _ in PROFESSIONS]
        self._size = 1

    def _asked(self, kinds: Iterable[int]) -> tuple[int, str]:
        """The profession of these kinds and their targets."""
        held = list(kinds)
        digits = "0" * len(self._frame.everything)
        for kind in held:
            path = self._places[kind // _KINDS]
            digits = "".join(map(max, digits, needed(self._frame, _subjects(kind), path, self._on)))
        return held[0] % _KINDS // _FURTHER, digits

    def needs(self, together: Iterable[Iterable[int]]) -> Needs:
        """The roles of everything that occurs together."""
        for kinds in together:
            profession, digits = self._asked(kinds)
            self._roles[profession].setdefault(digits, len(self._roles[profession]))
        self._size = max(1, *map(len, self._roles))
        none = "0" * len(self._frame.everything)
        found = [[*mine, *[none] * (self._size - len(mine))] for mine in self._roles]
        return Needs(tuple(digits for mine in found for digits in mine), self._size)

    def role(self, kinds: Iterable[int]) -> int:
        """The number of a role; ask for `needs` first."""
        profession, digits = self._asked(kinds)
        return profession * self._size + self._roles[profession][digits]
