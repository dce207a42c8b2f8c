"""Which stored post a listed post is, and what has to happen to make the stored one say the same. Pure.

A post keeps its identity by person, unit, title and the first day that the roster states. Where a
change of roles splits it, its parts follow each other and the last one is the present.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lms.people.posts import HeldPost, PostEntry

Key = tuple[int, int, str]  # person, unit, title


@dataclass(frozen=True)
class Wanted:
    """A listed post with internal ids where they are known; `manager_id` −1 is a person still to be written."""

    line: int
    starts: dt.date
    ends: dt.date | None
    super_user: bool
    informaticist: bool
    manager_id: int | None


@dataclass
class Changes:
    """What has to happen to the stored posts of one import, by internal id of the post."""

    same: int = 0
    opened: list[tuple[Key, Wanted]] = field(default_factory=list)
    changed: dict[int, tuple[PostEntry, Wanted, tuple[str, ...]]] = field(default_factory=dict)
    split: dict[int, tuple[PostEntry, Wanted, tuple[str, ...]]] = field(default_factory=dict)
    removed: list[int] = field(default_factory=list)  # later parts of a post that ended before them
    ended: list[HeldPost] = field(default_factory=list)
    open_before: int = 0


def is_open(entry: PostEntry, today: dt.date) -> bool:
    """Whether a post goes on after today, or begins later."""
    return entry.ends is None or entry.ends > today


def match(
    wanted: Mapping[Key, Sequence[Wanted]], held: Iterable[HeldPost], spoken_for: frozenset[int], today: dt.date
) -> Changes:
    """Compare listed posts with stored ones; `spoken_for` are the units whose unlisted posts end."""
    changes = Changes()
    stored: dict[Key, dict[dt.date, list[HeldPost]]] = defaultdict(lambda: defaultdict(list))
    for post in sorted(held, key=lambda each: (each.entry.starts, each.id)):
        stored[post.entry.person_id, post.entry.unit_id, post.entry.title][post.listed].append(post)
    for key, listed in wanted.items():
        parts = stored.get(key, {})
        unmatched = [one for one in listed if one.starts not in parts]
        for one in listed:
            if one.starts in parts:
                _compare(changes, one, parts[one.starts], today)
        loose = [first for first in parts if first not in {one.starts for one in listed}]
        corrected = [first for first in loose if len(parts[first]) == 1 and is_open(parts[first][0].entry, today)]
        if len(unmatched) == 1 and len(corrected) == 1:
            _move_start(changes, unmatched[0], parts[corrected[0]][0])
            changes.open_before += key[1] in spoken_for
            parts.pop(corrected[0])
        else:
            changes.opened += [(key, one) for one in unmatched]
    _end_unlisted(changes, wanted, stored, spoken_for, today)
    return changes


def _end_unlisted(
    changes: Changes,
    wanted: Mapping[Key, Sequence[Wanted]],
    stored: Mapping[Key, Mapping[dt.date, Sequence[HeldPost]]],
    spoken_for: frozenset[int],
    today: dt.date,
) -> None:
    for key, by_start in stored.items():
        if key[1] not in spoken_for:
            continue
        listed = {one.starts for one in wanted.get(key, ())}
        for first, parts in by_start.items():
            if not is_open(parts[-1].entry, today):
                continue
            changes.open_before += 1
            if first not in listed:
                changes.ended.append(parts[-1])


def _differences(entry: PostEntry, one: Wanted) -> tuple[str, ...]:
    found = []
    if (entry.super_user, entry.informaticist) != (one.super_user, one.informaticist):
        found.append("roles")
    if entry.ends != one.ends:
        found.append("ends")
    if entry.manager_id != one.manager_id:
        found.append("manager")
    return tuple(found)


def _compare(changes: Changes, one: Wanted, parts: Sequence[HeldPost], today: dt.date) -> None:
    kept = [part for part in parts if one.ends is None or part.entry.starts <= one.ends]
    changes.removed += [part.id for part in parts if part not in kept]
    last = kept[-1]
    what = _differences(last.entry, one)
    if not what:
        changes.same += 1
        return
    entry = replace(
        last.entry, ends=one.ends, super_user=one.super_user, informaticist=one.informaticist, manager_id=one.manager_id
    )
    running = last.entry.starts < today and (last.entry.ends is None or last.entry.ends >= today)
    goes_on = one.ends is None or one.ends >= today
    if "roles" in what and running and goes_on:
        changes.split[last.id] = (entry, one, what)
    else:
        changes.changed[last.id] = (entry, one, what)


def _move_start(changes: Changes, one: Wanted, post: HeldPost) -> None:
    entry = replace(
        post.entry, starts=one.starts, ends=one.ends, super_user=one.super_user, informaticist=one.informaticist,
        manager_id=one.manager_id, listed_start=None,
    )  # fmt: skip
    changes.changed[post.id] = (entry, one, ("starts", *_differences(post.entry, one)))
