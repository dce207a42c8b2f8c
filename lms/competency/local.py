"""Targets that the hospital decides itself, for all of it or for a unit and what lies below it. Pure: no database.

The framework says what a profession or role needs. A decision meets that on the way down from the hospital to the
unit of a post: `at-least` raises what came from above, `exactly` replaces it, so the nearest unit has the last word.
Knows nothing of people.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

_DAY = dt.timedelta(days=1)
Zone = int | None  # a unit's internal id, None for the whole hospital


class Ruling(NamedTuple):
    """A decision: from `starts` on, until another for the same competency, subject and unit holds."""

    place: int
    subject: str
    unit_id: Zone
    way: str
    level: int
    starts: dt.date
    number: int  # decisions are numbered in their order; of two for one day the later counts


class LocalSpan(NamedTuple):
    """A decision with the last day on which it holds, None without an end."""

    place: int
    subject: str
    unit_id: Zone
    way: str
    level: int
    starts: dt.date
    ends: dt.date | None

    def covers(self, on: dt.date) -> bool:
        """Whether the decision holds on this day."""
        return self.starts <= on and (self.ends is None or on <= self.ends)


def spans_of(rulings: Iterable[Ruling]) -> tuple[LocalSpan, ...]:
    """Decisions as spans of days, without those that leave a target as it comes from above."""
    lines: dict[tuple[int, str, Zone], dict[dt.date, Ruling]] = defaultdict(dict)
    for each in sorted(rulings, key=lambda ruling: ruling.number):
        lines[each.place, each.subject, each.unit_id][each.starts] = each
    found = []
    for line in lines.values():
        days = sorted(line)
        for day, following in zip(days, [*days[1:], None], strict=True):
            each = line[day]
            if each.way != "none":
                last = following - _DAY if following else None
                found.append(LocalSpan(each.place, each.subject, each.unit_id, each.way, each.level, day, last))
    return tuple(found)


@dataclass(frozen=True)
class LocalTargets:
    """All decisions about targets of the hospital, by spans of days."""

    spans: tuple[LocalSpan, ...] = ()
    _zones: dict[dt.date, frozenset[Zone]] = field(default_factory=dict, compare=False)
    digits: dict[tuple[frozenset[str], tuple[Zone, ...], dt.date], str] = field(default_factory=dict, compare=False)

    @cached_property
    def _by_zone(self) -> dict[tuple[Zone, str], list[LocalSpan]]:
        found: dict[tuple[Zone, str], list[LocalSpan]] = defaultdict(list)
        for span in self.spans:
            found[span.unit_id, span.subject].append(span)
        return dict(found)

    def zones(self, on: dt.date) -> frozenset[Zone]:
        """The units with a decision that holds on a day; None among them stands for the whole hospital."""
        if on not in self._zones:
            if len(self._zones) > 1024:
                self._zones.clear()
            self._zones[on] = frozenset(span.unit_id for span in self.spans if span.covers(on))
        return self._zones[on]

    def path(self, line: Sequence[int], on: dt.date) -> tuple[Zone, ...]:
        """Of a unit and its ancestors those with a decision, from the hospital down to the unit."""
        zones = self.zones(on)
        return tuple(zone for zone in (None, *reversed(line)) if zone in zones)

    def meet(self, levels: list[int], subject: str, path: Iterable[Zone], on: dt.date) -> dict[int, Zone]:
        """Change the levels of a subject by the decisions on the path; returns by place who had the last say."""
        said: dict[int, Zone] = {}
        for zone in path:
            for span in self._by_zone.get((zone, subject), ()):
                if span.covers(on) and (span.way == "exactly" or span.level > levels[span.place]):
                    levels[span.place] = span.level
                    said[span.place] = zone
        return said

    def next_change(self, zones: Collection[Zone], on: dt.date) -> dt.date | None:
        """The next day after `on` from which a decision of these zones begins or ends."""
        mine = [span for span in self.spans if span.unit_id in zones]
        days = [span.starts for span in mine] + [span.ends + _DAY for span in mine if span.ends]
        return min((day for day in days if day > on), default=None)


NO_LOCAL = LocalTargets()
