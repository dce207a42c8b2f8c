"""A ward whose staff were trained, a ward beside it, and two years of a measure for both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from lms.db import db
from lms.measures import queries, services
from lms.measures.facts import ComparisonFacts
from lms.measures.periods import later
from tests.support.courses import CODE
from tests.support.hospital import TODAY, load_framework, make_person, make_post, make_unit
from tests.support.taking import put_course, read_all

BEGAN = dt.date(2025, 12, 1)
NO_EXAM = {"exam": None}


def month(number: int) -> dt.date:
    """The months from November 2024 on."""
    return later(dt.date(2024, 11, 1), number)


def lines(unit: str, values: list[int], of: int = 400) -> str:
    rows = [
        f"GIVEN,Override reasons given,{unit},{month(place):%Y-%m},{value},{of},up,p"
        for place, value in enumerate(values)
    ]
    return "\n".join(rows) + "\n"


CALM = [200, 208, 195, 203, 199, 206, 194, 202, 207, 196, 201, 198, 204, 197, 205, 199, 203, 196, 202, 200, 207, 195]
RISEN = [*CALM[:15], 280, 290, 300, 295, 305, 310, 300]


@pytest.fixture
def wards(app, clock) -> dict[str, list[int]]:
    """Ward A with six people, ward B with seven, and a ward of three; half of A completed the course in January."""
    load_framework()
    make_unit("SGH", "Sample General Hospital")
    people: dict[str, list[int]] = {}
    for code, count in (("A", 6), ("B", 7), ("FEW", 3)):
        unit = make_unit(code, f"Ward {code}", "SGH")
        people[code] = [make_person(f"E-{code}{n}", "Any", f"Sample {code}{n}", "nurse") for n in range(count)]
        for person in people[code]:
            make_post(person, unit, starts=dt.date(2024, 1, 1))
    put_course(clock(), **NO_EXAM)
    for person in people["A"][:3]:
        read_all(person, CODE, dt.datetime(2026, 1, 10, tzinfo=dt.UTC))
    db.session.commit()
    return people


@pytest.fixture
def load(wards, clock) -> Callable[[list[int], list[int]], None]:
    """A function that imports the measure of both wards."""

    def put(a: list[int], b: list[int]) -> None:
        text = "code,title,unit,period,numerator,denominator,direction,kind\n" + lines("A", a) + lines("B", b)
        services.import_measures(text.encode(), "given.csv", actor=None, now=clock(), today=TODAY)
        db.session.commit()

    return put


@pytest.fixture
def register(wards, clock) -> Callable[..., ComparisonFacts]:
    """A function that registers the comparison of ward A with ward B."""

    def put(**changes: object) -> ComparisonFacts:
        given: dict[str, object] = {
            "begins_on": BEGAN, "lag": 2, "expected": "better", "reason": "They learn to.", "actor": None,
            "now": clock(),
        }  # fmt: skip
        measure = queries.measure("GIVEN")
        assert measure is not None
        key = services.register(measure, CODE, ["A"], ["B"], **(given | changes))
        db.session.commit()
        found = queries.comparison(key)
        assert found is not None
        return found

    return put
