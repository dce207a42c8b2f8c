"""Which targets are others on a later day than on an earlier one, by whose decision about which unit, and since when.

A comparison of two days asks it first: where a target moved, a share at target that fell may be nobody's loss.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from lms.competency.local import Zone
from lms.competency.requirements import Lines, needed
from lms.competency.snapshot import Snapshot

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class TargetMove:
    """A profession's or role's target in a competency that is another: in a unit and below it, or (None) everywhere.

    `on` is the last day of its changes.
    """

    code: str
    subject: str
    unit_id: Zone
    before: int
    now: int
    on: dt.date


def target_moves(frame: Snapshot, lines: Lines, since: dt.date, until: dt.date) -> tuple[TargetMove, ...]:
    """The targets that are others on `until` than on `since`. `lines` gives each unit with its ancestors."""
    days = sorted({day for day in _starts(frame) if since < day <= until})
    if not days:
        return ()
    zones = {None, *(span.unit_id for span in frame.local.spans if span.unit_id in lines)}
    subjects = sorted({*(span.subject for span in frame.spans), *(span.subject for span in frame.local.spans)})
    found = []
    for zone in sorted(zones, key=lambda each: each or 0):
        for subject in subjects:
            first, last = (_needed(frame, lines, zone, subject, day) for day in (since, until))
            moved = [place for place in range(len(first)) if first[place] != last[place]]
            known = {day: _needed(frame, lines, zone, subject, day) for day in (since, *days)} if moved else {}
            for place in moved:
                steps = zip((since, *days), days, strict=False)
                on = max(day for before, day in steps if known[before][place] != known[day][place])
                code = frame.everything[place].code
                found.append(TargetMove(code, subject, zone, int(first[place]), int(last[place]), on))
    return tuple(found)


def _needed(frame: Snapshot, lines: Lines, zone: Zone, subject: str, on: dt.date) -> str:
    path = frame.local.path(lines[zone] if zone is not None else (), on)
    return needed(frame, frozenset({subject}), path, on)


def _starts(frame: Snapshot) -> Iterable[dt.date]:
    """Every day from which some target may be another than the day before."""
    spans = [(span.starts, span.ends) for span in frame.spans]
    for starts, ends in [*spans, *((span.starts, span.ends) for span in frame.local.spans)]:
        yield starts
        if ends is not None:
            yield ends + _DAY
