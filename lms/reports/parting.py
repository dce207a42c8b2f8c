"""Which figures of a profession may be shown today, kept in the process while sizes, units and targets are the same.

Whether a unit may show a profession depends on every unit of the hospital, of which a page shows a few.
Sizes change when people come, go or need something else, and not when somebody passes; so what follows from
them is worked out once after such a change, of one competency for all that the same people need.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from lms.competency.needs import alike
from lms.competency.queries import size_edition, stored_sizes
from lms.competency.snapshot import Snapshot
from lms.db import db
from lms.people.facts import UnitFacts
from lms.people.spans import unit_lines_on
from lms.reports.frame import CRITICAL, READY
from lms.reports.masks import by_profession, sizes_of_rows
from lms.reports.plans import Plan

KEPT = 4


@dataclass(frozen=True)
class Parted:
    """What was worked out, and of what: `units` and `known` are the very values that it holds for."""

    units: tuple[UnitFacts, ...]
    known: Snapshot
    like: Mapping[str, str]  # by measure the one that stands for it
    veiled: Mapping[str, Mapping[int, frozenset[str]]]  # by measure and unit the professions

    def hidden(self, rows: Sequence[UnitFacts], profession: str) -> dict[int, frozenset[str]]:
        """The measures that these units may not show of a profession."""
        found = {}
        for unit in rows:
            names = {
                measure
                for measure, first in self.like.items()
                if profession in self.veiled.get(first, {}).get(unit.id, ())
            }
            if names:
                found[unit.id] = frozenset(names)
        return found


_kept: OrderedDict[tuple[str, str, dt.date, int], Parted] = OrderedDict()
_lock = Lock()


def parted(planned: Plan, known: Snapshot) -> Parted:
    """What may be shown by profession of the plan's day, which is today."""
    question, units = planned.question, planned.tree.units
    key = (str(db.engine.url), size_edition(), question.today, question.smallest)
    with _lock:
        held = _kept.get(key)
    # People who are still counted as of another day may need what another day asks for: nothing stands for another.
    if held is not None and held.units is units and held.known is known and not question.behind:
        return held
    codes = [each.code for each in known.current]
    like = (
        {code: code for code in codes}
        if question.behind
        else alike(known, unit_lines_on(question.today), question.today)
    )
    firsts = sorted(set(like.values()))
    veiled = by_profession(planned.tree, sizes_of_rows(stored_sizes(firsts), firsts), question.smallest)
    fresh = Parted(units, known, like | {READY: READY, CRITICAL: CRITICAL}, veiled)
    if not question.behind:
        with _lock:
            _kept[key] = fresh
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
    return fresh
