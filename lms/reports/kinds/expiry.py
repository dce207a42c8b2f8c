"""What runs out: people who will fall below a target within 30, 60, 90 and 365 days unless they renew. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Any

from lms.people.facts import UnitFacts
from lms.reports.frame import READY, Frame
from lms.reports.value import Report, Table
from lms.reports.words import AT_TARGET, COUNTED, small

SPANS = (30, 60, 90, 365)
DEFINITION = (
    "Ending",
    "People at target in a competency on the date whose evidence will have run out after the span, so that they will "
    "be below target unless they renew. Each person counts once a span, in the units of their posts and above. Nothing "
    "that is not known on the date is assumed: no renewals, no new staff.",
)


def build(frame: Frame) -> Report:
    """The expiry forecast of the rows of a frame; needs the people and their endings."""
    counted: dict[int, Counter[int]] = {}
    by_code: dict[int, Counter[tuple[str, int]]] = {}
    for person in frame.people:
        mine = (frame.endings or {}).get(person.person_id, {})
        for unit_id in person.units:
            for span in SPANS:
                ending = [code for code, first in mine.items() if first <= span]
                if ending:
                    counted.setdefault(unit_id, Counter())[span] += 1
                for code in ending:
                    by_code.setdefault(unit_id, Counter())[code, span] += 1
    units = [_row(frame, unit, counted.get(unit.id, Counter()), by_code.get(unit.id, Counter())) for unit in frame.rows]
    columns = (
        ("unit", "Unit"), ("name", "Name"), ("staff", "Staff"), ("of", "Of"),
        *((f"in_{span}", f"Within {span} days") for span in SPANS),
    )  # fmt: skip
    rows = tuple(
        (r["code"], r["name"], r["staff"], r["of"], *(r["ending"][str(s)] if r["ending"] else None for s in SPANS))
        for r in units
    )
    return Report(
        kind="expiry",
        title="Evidence that runs out",
        finding=_finding(units),
        as_of=frame.as_of,
        filters=frame.filters,
        definitions=(DEFINITION, AT_TARGET, COUNTED, small(frame)),
        data={"spans": list(SPANS), "units": units},
        tables=(Table("units", "People with evidence that runs out, by unit", columns, rows),),
    )


def _row(frame: Frame, unit: UnitFacts, people: Counter[int], codes: Counter[tuple[str, int]]) -> dict[str, Any]:
    row: dict[str, Any] = {"code": unit.code, "name": unit.name, "staff": frame.of(unit.id).staff}
    if READY in frame.hidden.get(unit.id, frozenset()):
        return row | {"of": None, "ending": None, "cells": None, "suppressed": True}
    cells = {
        each.code: {str(span): codes[each.code, span] for span in SPANS}
        for each in frame.competencies
        if frame.cell(unit.id, each.code) is not None and codes[each.code, SPANS[-1]]
    }
    return row | {
        "of": frame.of(unit.id).targeted,
        "ending": {str(span): people[span] for span in SPANS},
        "cells": cells,
    }


def _finding(units: list[dict[str, Any]]) -> str:
    first = units[0] if units else None
    if not first or not first["ending"]:
        return "Nobody with a target is counted here"
    soon = first["ending"]["90"]
    if not soon:
        return f"{first['name']}: nobody falls below a target within 90 days"
    return f"{first['name']}: {soon} of {first['of']} fall below a target within 90 days unless they renew"
