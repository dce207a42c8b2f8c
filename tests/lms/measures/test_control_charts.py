"""Control charts against worked examples and against what must hold of any series.

The worked examples are those of Montgomery, Introduction to Statistical Quality Control (6th edition): the juice cans
of chapter 7 (p), the circuit boards (c), the shipments (u), and the costs of loans of chapter 6 (individuals). His
limits are printed with two to four decimals; the tolerance of each comparison is one unit of the last one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.measures.spc import KINDS, RULES, RUN, TREND, Observation, chart, verdict

CANS = (12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6)
BOARDS = (21, 24, 16, 12, 15, 5, 28, 20, 31, 25, 20, 24, 16, 19, 10, 17, 13, 22, 18, 39, 30, 24, 16, 19, 17, 15)
SHIPMENTS = (2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4)
LOANS = (310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304)
START = dt.date(2024, 1, 1)


def month(number: int) -> dt.date:
    return dt.date(2024 + number // 12, number % 12 + 1, 1)


def series(values: Sequence[float], of: float | None = None) -> list[Observation]:
    return [Observation(month(place), value, of) for place, value in enumerate(values)]


def test_a_p_chart_agrees_with_the_worked_example() -> None:
    drawn = chart("p", series(CANS, 50))
    first = drawn.points[0]
    assert (first.centre, first.lower, first.upper) == pytest.approx((0.2313, 0.0524, 0.4102), abs=1e-4)
    outside = [place + 1 for place, each in enumerate(drawn.points) if "beyond" in each.signals]
    assert outside == [15, 23], "the two samples that the example names"


def test_a_c_chart_agrees_with_the_worked_example() -> None:
    drawn = chart("c", series(BOARDS))
    first = drawn.points[0]
    assert (first.centre, first.lower, first.upper) == pytest.approx((19.85, 6.48, 33.22), abs=1e-2)
    assert [place + 1 for place, each in enumerate(drawn.points) if "beyond" in each.signals] == [6, 20]


def test_a_u_chart_agrees_with_the_worked_example() -> None:
    first = chart("u", series(SHIPMENTS, 50)).points[0]
    assert (first.centre, first.upper) == pytest.approx((0.0740, 0.1894), abs=1e-4)
    assert first.lower == 0


def test_a_chart_of_single_values_agrees_with_the_worked_example() -> None:
    drawn = chart("xmr", series(LOANS))
    first = drawn.points[0]
    assert (first.centre, first.lower, first.upper) == pytest.approx((300.5, 279.78, 321.22), abs=1e-2)
    assert not drawn.signals()


def test_each_point_has_the_limits_of_its_own_denominator() -> None:
    few, many = chart("p", [Observation(month(0), 5, 50), Observation(month(1), 100, 1000)]).points
    assert few.upper - few.centre > 4 * (many.upper - many.centre)
    assert few.lower == 0, "a share below nothing is no limit"


def test_limits_that_were_frozen_do_not_move_with_later_values() -> None:
    before = series([20, 22, 19, 21, 20, 22, 18, 21, 20, 19, 22, 20])
    later = [Observation(month(12 + place), 60) for place in range(4)]
    frozen = chart("c", [*before, *later], baseline_until=month(11))
    assert {each.upper for each in frozen.points} == {chart("c", before).points[0].upper}
    assert all("beyond" in each.signals for each in frozen.points[-4:])
    assert [each.baseline for each in frozen.points] == [True] * 12 + [False] * 4


def test_a_new_phase_has_a_centre_line_of_its_own_and_no_signal_from_the_step() -> None:
    values = [*[10, 12, 11, 9] * 3, *[40, 42, 41, 39] * 3]
    assert chart("c", series(values)).signals()
    parted = chart("c", series(values), breaks=[month(12)])
    assert not parted.signals()
    assert {each.phase for each in parted.points} == {0, 1}


@pytest.mark.parametrize("length", [RUN - 2, RUN - 1])
def test_a_run_begins_to_count_at_its_length_and_not_before(length: int) -> None:
    values = [*[9.0, 11.0] * 12, *[10.5, 10.6] * (length // 2), *([10.5] if length % 2 else []), 9.0]
    marked = [each for each in chart("xmr", series(values), baseline_until=month(23)).points if "run" in each.signals]
    # The last value before the stretch is on its side too, so one less is needed.
    assert len(marked) == (length + 1 if length + 1 >= RUN else 0)


@pytest.mark.parametrize("length", [TREND - 1, TREND])
def test_a_trend_begins_to_count_at_its_length_and_not_before(length: int) -> None:
    values = [*[9.0, 11.0] * 12, *[9.5 + place / 10 for place in range(length)], 9.4]
    marked = [each for each in chart("xmr", series(values), baseline_until=month(23)).points if "trend" in each.signals]
    assert len(marked) == (length if length >= TREND else 0)


def test_two_of_three_near_a_limit_are_a_signal_and_one_is_none() -> None:
    calm = [9.0, 11.0] * 12  # standard deviation 2 × 2.66 ÷ 3 = 1.77
    one = chart("xmr", series([*calm, 13.9, 10.1, 10.2]), baseline_until=month(23))
    two = chart("xmr", series([*calm, 13.9, 10.1, 14.0]), baseline_until=month(23))
    assert not one.signals()
    assert [each.signals for each in two.points[-3:]] == [("near",), (), ("near",)]


def test_the_verdict_names_the_direction_that_the_hospital_wants() -> None:
    drawn = chart("xmr", series([*[9.0, 11.0] * 12, 30.0]), baseline_until=month(23))
    assert verdict(drawn, month(24), "up") == "better"
    assert verdict(drawn, month(24), "down") == "worse"
    assert verdict(drawn, month(24), "none") == "change"
    assert verdict(drawn, month(25), "up") == "early"
    assert verdict(chart("xmr", series([9.0, 11.0] * 12)), month(20), "up") == "none"


def test_a_period_without_any_case_is_left_out_and_said_so() -> None:
    drawn = chart("p", [Observation(month(0), 1, 10), Observation(month(1), 0, 0), Observation(month(2), 2, 10)])
    assert drawn.left_out == (month(1),)
    assert len(drawn.points) == 2


@pytest.mark.parametrize(
    ("kind", "given_", "words"),
    [
        ("q", [Observation(START, 1)], "expected one of p, u, c, xmr"),
        ("p", [Observation(START, 3, 2)], "a share is 1 at most"),
        ("p", [Observation(START, 3)], "has no denominator"),
        ("c", [Observation(START, -1)], "negative"),
        ("c", [Observation(START, 1), Observation(START, 2)], "Two observations"),
        ("xmr", [Observation(START, float("nan"))], "no number"),
    ],
)
def test_what_cannot_be_charted_is_refused_in_words(kind: str, given_: list[Observation], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        chart(kind, given_)


counts = st.lists(st.tuples(st.integers(0, 60), st.integers(60, 400)), min_size=1, max_size=40)


@given(counts, st.sampled_from(KINDS), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(rows, kind, random) -> None:
    whole = [Observation(month(place), x, n if kind in "pu" else None) for place, (x, n) in enumerate(rows)]
    mixed = list(whole)
    random.shuffle(mixed)
    assert chart(kind, mixed) == chart(kind, whole)


@given(counts, st.sampled_from(KINDS))
def test_the_centre_is_between_the_limits_and_signals_are_known_rules(rows, kind) -> None:
    drawn = chart(kind, [Observation(month(i), x, n if kind in "pu" else None) for i, (x, n) in enumerate(rows)])
    for each in drawn.points:
        assert each.lower <= each.centre <= each.upper
        assert set(each.signals) <= set(RULES)
        assert bool(each.signals) == (each.direction != 0)
        if each.lower < each.value < each.upper:
            assert "beyond" not in each.signals


@given(counts, st.sampled_from(("p", "u")), st.sampled_from((100, 100_000)))
def test_what_a_value_is_counted_per_changes_no_signal(rows, kind, per) -> None:
    whole = [Observation(month(place), x, n) for place, (x, n) in enumerate(rows)]
    one, other = chart(kind, whole), chart(kind, whole, per=per)
    assert [each.value * per for each in one.points] == pytest.approx([each.value for each in other.points])
    assert [set(e.signals) - {"trend"} for e in one.points] == [set(e.signals) - {"trend"} for e in other.points]


@given(st.lists(st.integers(0, 50), min_size=1, max_size=40))
def test_a_mirrored_series_has_mirrored_signals(values) -> None:
    up, down = chart("xmr", series(values)), chart("xmr", series([100 - each for each in values]))
    assert [each.signals for each in up.points] == [each.signals for each in down.points]
    assert [each.direction for each in up.points] == [-each.direction for each in down.points]
