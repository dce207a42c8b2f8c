"""The unit tree as arithmetic: paths, cycles and closure of a parent map. Pure; knows no database."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def cycles(parents: Mapping[Key, Key | None]) -> list[list[Key]]:
    """The circles in a parent map, each once, in the order child to parent.

    A parent that is not a key itself ends the path.
    """
    state: dict[Key, int] = {}
    found: list[list[Key]] = []
    for start in parents:
        path: list[Key] = []
        at: Key | None = start
        while at is not None and at in parents and at not in state:
            state[at] = 1
            path.append(at)
            at = parents[at]
        if at is not None and state.get(at) == 1:
            found.append(path[path.index(at) :])
        for key in path:
            state[key] = 2
    return found


def closure(parents: Mapping[Key, Key | None]) -> set[tuple[Key, Key, int]]:
    """Every (ancestor, unit, depth) of a parent map without circles, each unit itself at depth 0."""
    rows: set[tuple[Key, Key, int]] = set()
    for unit in parents:
        at: Key | None = unit
        depth = 0
        while at is not None:
            rows.add((at, unit, depth))
            at = parents.get(at)
            depth += 1
    return rows


def lines(parents: Mapping[Key, Key | None]) -> dict[Key, tuple[Key, ...]]:
    """For every unit the unit itself and its ancestors, the root last."""
    found: dict[Key, tuple[Key, ...]] = {}
    for unit in parents:
        at: Key | None = unit
        path: list[Key] = []
        while at is not None:
            path.append(at)
            at = parents.get(at)
        found[unit] = tuple(path)
    return found
