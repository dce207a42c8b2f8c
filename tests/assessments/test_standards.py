"""Pass marks by a panel and by a borderline group: figures by hand, and evidence that cannot change unseen."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.standards import (
    Rating,
    angoff_rounds,
    angoff_standard,
    borderline_group,
    hofstee,
    rating_faults,
)  # fmt: skip

ITEMS = ("a", "b", "c", "d")


def ratings(table: dict[str, list[int]], number: int = 1) -> list[Rating]:
    """Ratings of items a, b, c, … by judge."""
    return [
        Rating(judge, "abcd"[at], number, Fraction(one)) for judge, row in table.items() for at, one in enumerate(row)
    ]


FIRST = ratings({"J1": [60, 70, 80, 90], "J2": [50, 60, 70, 80], "J3": [70, 70, 90, 90]})


def test_a_round_of_three_judges_is_reckoned_as_by_hand() -> None:
    """Cuts 75, 65, 80: mean 73 1/3, sd √(175/3) = 7.638, se 7.638/√3 = 4.410. Items' means 60, 66 2/3, 80, 86 2/3."""
    (found,) = angoff_rounds(FIRST, ITEMS, {"a": 0.5, "b": 0.6, "c": 0.9, "d": 0.8})
    assert found.cut == Fraction(220, 3)
    assert found.sd == pytest.approx(math.sqrt(175 / 3))
    assert found.se == pytest.approx(math.sqrt(175 / 3) / math.sqrt(3))
    assert [one.mean for one in found.items] == [60, Fraction(200, 3), 80, Fraction(260, 3)]
    assert found.items[0].sd == pytest.approx(10)
    assert (found.items[0].lowest, found.items[0].highest, found.items[0].takers_right) == (50, 70, 50)
    assert found.discuss == ("a", "c", "b")
    assert found.judges[0].consistency == pytest.approx(0.8485, abs=0.0001)
    assert not any(one.outlier or one.against for one in found.judges)
    assert found.missing == 0


def test_a_judge_far_from_the_panel_and_one_who_sees_things_upside_down_are_named() -> None:
    table = {"J1": [60, 70, 80, 90], "J2": [58, 70, 78, 90], "J3": [62, 70, 82, 90], "J4": [61, 71, 80, 90],
             "J5": [20, 10, 30, 20], "J6": [90, 80, 70, 60]}  # fmt: skip
    (found,) = angoff_rounds(ratings(table), ITEMS, {"a": 0.5, "b": 0.6, "c": 0.7, "d": 0.9})
    assert [one.judge for one in found.judges if one.outlier] == ["J5"]
    assert [one.judge for one in found.judges if one.against] == ["J6"]
    assert (found.judges[0].with_panel or 0) > 0.5 > (found.judges[5].with_panel or 0)


def test_the_last_round_sets_the_cut_and_its_evidence_is_pinned() -> None:
    second = ratings({"J1": [60, 70, 80, 80], "J2": [60, 60, 70, 80], "J3": [70, 70, 80, 90]}, 2)
    found = angoff_standard([*FIRST, *second], ITEMS)
    assert (found.method, found.rounds, found.panel, found.items) == ("angoff", 2, 3, 4)
    assert found.cut == found.adopted == Fraction(870, 12)
    assert found.doubts == ("3 judges are few; 5 or more are usual.",)
    assert len(found.digest) == 64
    assert angoff_standard([*second, *FIRST], ITEMS) == found
    other = [*FIRST[:-1], Rating("J3", "d", 1, Fraction(91)), *second]
    assert angoff_standard(other, ITEMS).digest != found.digest
    assert "one round only" in angoff_standard(FIRST, ITEMS).doubts[1]


def test_another_mark_is_adopted_only_with_a_statement() -> None:
    with pytest.raises(ValueError, match="expected a statement of why"):
        angoff_standard(FIRST, ITEMS, adopted=Fraction(70))
    found = angoff_standard(FIRST, ITEMS, adopted=Fraction(70), statement="One se lower: the first cohort.")
    assert (found.adopted, found.cut) == (70, Fraction(220, 3))
    assert found.digest != angoff_standard(FIRST, ITEMS).digest
    with pytest.raises(ValueError, match="from 0 to 100, not 101"):
        angoff_standard(FIRST, ITEMS, adopted=Fraction(101), statement="x")


def test_faulty_and_missing_ratings_are_told_all_at_once() -> None:
    bad = [Rating("J", "a", 1, Fraction(101)), Rating("J", "a", 1, Fraction(5)), Rating("J", "x", 0, Fraction(5))]
    assert rating_faults(bad, ITEMS) == [
        "J gave 'a' 101; expected 0 to 100",
        "J rated 'a' twice in round 1",
        "J rated 'x', which is not among the items",
        "J rated 'x' in round 0; expected 1 or later",
    ]
    with pytest.raises(ValueError, match="expected 0 to 100; J rated"):
        angoff_rounds(bad, ITEMS)
    with pytest.raises(ValueError, match="1 ratings of round 1 are missing"):
        angoff_standard(FIRST[:-1], ITEMS)
    with pytest.raises(ValueError, match="at least one round"):
        angoff_standard([], ITEMS)
    assert angoff_rounds([], ITEMS) == ()


@given(st.lists(st.lists(st.integers(0, 100), min_size=4, max_size=4), min_size=1, max_size=8))
def test_the_cut_is_the_mean_of_all_ratings_and_between_the_judges(table: list[list[int]]) -> None:
    found = angoff_standard(ratings({f"J{at}": row for at, row in enumerate(table)}), ITEMS)
    assert found.cut == Fraction(sum(map(sum, table)), 4 * len(table))
    cuts = [Fraction(sum(row), 4) for row in table]
    assert min(cuts) <= found.cut <= max(cuts)


def test_the_borderline_group_sets_its_median() -> None:
    """By hand: borderline 60, 64, 70, 72: median 67, mean 66.5, sd √(91/3), se 1.2533 · sd / √4."""
    takers = [(Fraction(one), "borderline") for one in (72, 60, 70, 64)]
    takers += [(Fraction(85), "above"), (Fraction(90), "above"), (Fraction(40), "below")]
    found = borderline_group(takers)
    sd = math.sqrt(91 / 3)
    assert (found.cut, found.adopted, found.panel) == (67, 67, 4)
    assert found.sd == pytest.approx(sd)
    assert found.se == pytest.approx(1.2533 * sd / 2)
    assert found.doubts == ("4 takers judged borderline are few; 10 or more are usual.",)
    assert borderline_group(list(reversed(takers))) == found


def test_a_borderline_group_that_makes_no_sense_is_doubted_or_refused() -> None:
    odd = [(Fraction(60), "borderline"), (Fraction(50), "above"), (Fraction(80), "below")]
    assert len(borderline_group(odd).doubts) == 3
    assert borderline_group(odd).se is None
    for bad in ([(Fraction(50), "good")], [(Fraction(101), "above")], [(Fraction(50), "above")]):
        with pytest.raises(ValueError, match="expected"):
            borderline_group(bad)


def test_hofstees_compromise_lies_where_the_curve_meets_the_line() -> None:
    """By hand: scores 1 to 100, so that at a pass mark c a share of c − 1 fails; the line from (50, 70) to (90, 10)
    is 145 − 1.5·c; they meet near c = 58.4, where 58 fail: the first cut above 58 fails 58, no less than the line."""
    found = hofstee([float(one) for one in range(1, 101)], (50, 90), (10, 70))
    assert found == pytest.approx(58.0, abs=0.5)
    assert hofstee([95.0] * 20, (50, 90), (10, 70)) is None
    assert hofstee([10.0] * 20, (50, 90), (10, 70)) is None
    assert hofstee([], (50, 90), (10, 70)) is None
    with pytest.raises(ValueError, match="within 0 to 100, not 90 to 50"):
        hofstee([1.0], (90, 50), (10, 70))
