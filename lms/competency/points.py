"""The evidence of many people in a few competencies, for rooms that hold it against levels of their own. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from assessments.mastery import EvidencePoint
from lms.competency.ledger import points_of
from lms.competency.snapshot import snapshot

PointsByCode = dict[str, list[EvidencePoint]]


def points_for(
    person_ids: Collection[int], codes: Collection[str], *, on: dt.date, known_by: dt.datetime | None = None
) -> dict[int, PointsByCode]:
    """By person and competency code what can count on a day; unknown codes are left out.

    `known_by` asks for what was recorded, and not yet withdrawn, at a moment. Each point says when it was
    recorded, so that a caller may leave out what was not yet known at an earlier one.
    """
    frame = snapshot()
    wanted = {each.id: code for code in codes if (each := frame.by_code(code)) is not None}
    if not wanted:
        return {}
    code_at = {frame.places[key]: code for key, code in wanted.items()}
    return {
        person_id: {code_at[place]: points for place, points in mine.items() if place in code_at}
        for person_id, mine in points_of(person_ids, on=on, known_by=known_by, competency_ids=list(wanted)).items()
    }
