"""What evidence says about a level: ceilings, ages, and that the latest of each source counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.mastery import SOURCES, EvidencePoint, Standing, ceiling, counted_level, standing, valid_until

TODAY = date(2026, 11, 23)
LATER = date(2027, 11, 22)


def point(source: str, level: int, achieved: date = TODAY, until: date | None = LATER, **more: object) -> EvidencePoint:
    return EvidencePoint(source, level, achieved, until, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "signed", "log", "highest"),
    [
        ("test", False, False, 2),
        ("test", True, True, 2),
        ("case", True, False, 2),
        ("simulation", False, False, 2),
        ("simulation", True, False, 3),
        ("simulation", True, True, 4),
        ("simulation", False, True, 2),
        ("observation", False, False, 0),
        ("observation", False, True, 0),
        ("observation", True, False, 3),
        ("observation", True, True, 4),
        ("panel", False, False, 5),
        ("prior", False, False, 2),
        ("prior", True, False, 3),
        ("prior", True, True, 4),
        ("self", False, False, 1),
        ("self", True, True, 1),
    ],
)
def test_each_source_has_its_ceiling(source: str, signed: bool, log: bool, highest: int) -> None:
    assert ceiling(source, signed, log) == highest
    assert counted_level(point(source, 5, signed_off=signed, coaching_log=log)) == highest


def test_an_unknown_source_is_refused() -> None:
    with pytest.raises(ValueError, match="expected a source among test, case"):
        ceiling("rumour")


def test_nothing_is_known_without_evidence() -> None:
    assert standing([], TODAY) == Standing(0, {}, None, None)


def test_the_level_is_the_highest_of_the_sources_which_stand_side_by_side() -> None:
    found = standing([point("test", 2), point("self", 4), point("observation", 3, signed_off=True)], TODAY)
    assert found.level == 3
    assert found.by_source == {"test": 2, "observation": 3, "self": 1}


def test_a_test_never_lowers_an_observation() -> None:
    seen = point("observation", 3, TODAY - timedelta(days=30), signed_off=True)
    assert standing([seen, point("test", 1)], TODAY).level == 3


def test_a_later_observation_replaces_an_earlier_one_even_downwards() -> None:
    early = point("observation", 3, TODAY - timedelta(days=30), signed_off=True)
    late = point("observation", 1, TODAY - timedelta(days=1), signed_off=True)
    assert standing([late, early], TODAY).level == 1


def test_an_observation_nobody_signed_neither_sets_nor_replaces() -> None:
    early = point("observation", 3, TODAY - timedelta(days=30), signed_off=True)
    assert standing([early, point("observation", 1)], TODAY).by_source == {"observation": 3}


def test_a_failed_test_sets_no_level_and_replaces_nothing() -> None:
    passed = point("test", 2, TODAY - timedelta(days=30))
    assert standing([passed, point("test", 2, passed=False)], TODAY).level == 2
    assert standing([point("test", 2, passed=False)], TODAY) == Standing(0, {}, None, None)


def test_of_two_on_one_day_the_one_recorded_later_counts() -> None:
    morning = datetime(2026, 11, 23, 8, tzinfo=UTC)
    first = point("observation", 3, recorded=morning, signed_off=True)
    second = point("observation", 2, recorded=morning + timedelta(hours=1), signed_off=True)
    assert standing([second, first], TODAY).level == 2


def test_evidence_holds_through_its_last_day() -> None:
    ends = point("test", 2, TODAY - timedelta(days=365), TODAY)
    assert standing([ends], TODAY).level == 2
    assert standing([ends], TODAY + timedelta(days=1)).level == 0


def test_evidence_of_the_future_is_not_known_yet() -> None:
    assert standing([point("test", 2, TODAY + timedelta(days=1))], TODAY) == Standing(0, {}, None, None)


def test_an_old_best_does_not_live_for_ever_but_returns_when_a_newer_one_ends_first() -> None:
    best = point("observation", 3, date(2026, 1, 1), date(2027, 12, 31), signed_off=True)
    newer = point("observation", 1, date(2026, 6, 1), date(2026, 12, 31), signed_off=True)
    found = standing([best, newer], TODAY)
    assert found.level == 1
    assert found.valid_until == date(2027, 12, 31)
    assert found.next_change == date(2027, 1, 1)
    assert standing([best, newer], date(2027, 1, 1)).level == 3


def test_the_standing_says_until_when_its_level_holds_and_when_it_next_changes() -> None:
    tested = point("test", 2, until=date(2027, 3, 1))
    seen = point("observation", 2, until=date(2027, 6, 1), signed_off=True)
    found = standing([tested, seen], TODAY)
    assert found.valid_until == date(2027, 6, 1)
    assert found.next_change == date(2027, 3, 2)
    assert standing([point("panel", 5, until=None), tested], TODAY).valid_until is None


def test_a_critical_competency_holds_twelve_months_and_others_twenty_four() -> None:
    assert valid_until(date(2026, 11, 23), critical=True) == date(2027, 11, 23)
    assert valid_until(date(2026, 11, 23), critical=False) == date(2028, 11, 23)
    assert valid_until(date(2028, 2, 29), critical=True) == date(2029, 2, 28)
    assert valid_until(date(2026, 12, 31), critical=True) == date(2027, 12, 31)


days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
points = st.builds(
    EvidencePoint,
    source=st.sampled_from(SOURCES),
    level=st.integers(0, 7),
    achieved=days,
    valid_until=st.none() | days,
    signed_off=st.booleans(),
    coaching_log=st.booleans(),
    passed=st.booleans(),
)


@given(st.lists(points, max_size=8), days)
def test_the_level_never_passes_a_ceiling_and_is_the_best_source(evidence: list[EvidencePoint], on: date) -> None:
    found = standing(evidence, on)
    assert found.level == max(found.by_source.values(), default=0)
    for source, level in found.by_source.items():
        assert 0 <= level <= ceiling(source, signed_off=True, coaching_log=True)


@given(st.lists(points, max_size=8), days, st.randoms())
def test_the_order_in_which_evidence_is_read_does_not_matter(
    evidence: list[EvidencePoint], on: date, chance: object
) -> None:
    mixed = list(evidence)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert standing(mixed, on) == standing(evidence, on)


@given(st.lists(points, max_size=8), days)
def test_nothing_changes_before_the_day_that_is_foretold(evidence: list[EvidencePoint], on: date) -> None:
    known = [one for one in evidence if one.achieved <= on]
    found = standing(known, on)
    if found.next_change is not None:
        assert found.next_change > on
        assert standing(known, found.next_change - timedelta(days=1)).by_source == found.by_source
        assert standing(known, found.next_change).by_source != found.by_source
    if found.valid_until is not None:
        assert standing(known, found.valid_until).level >= found.level
        assert standing(known, found.valid_until + timedelta(days=1)).level < found.level
