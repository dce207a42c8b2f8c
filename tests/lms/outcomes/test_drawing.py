"""The drawing of a control chart: marks in their places, signals by shape, words that do not run into each other."""

from __future__ import annotations

import re
from itertools import pairwise

from lms.outcomes.drawing import FOOT, TOP, control_chart


def rows(values, signals=(), direction=1):
    return [
        {
            "label": f"M{place}", "shown": str(value), "shown_upper": "60", "shown_low": "0", "value": value,
            "centre": 50.0, "lower": 40.0, "upper": 60.0, "phase": 0,
            "signals": ["beyond"] if place in signals else [], "direction": direction, "trained": (place, 20),
        }
        for place, value in enumerate(values)
    ]  # fmt: skip


def drawn(values, signals=(), direction=1, better="up"):
    marks = [(5, "training"), (7, "effect expected")]
    given = rows(values, signals, direction)
    return control_chart(given, title="T <1>", about="A", better=better, marks_at=marks)


def test_every_value_stands_within_the_chart_and_a_higher_one_higher() -> None:
    values = [45.0, 47.0, 50.0, 52.0, 55.0, 58.0, 63.0, 66.0, 70.0]
    heights = [float(y) for y in re.findall(r'cy="([\d.]+)"', drawn(values))]
    assert len(heights) == len(values)
    assert all(TOP <= height <= FOOT for height in heights)
    assert all(one > two for one, two in pairwise(heights))


def test_a_signal_is_told_by_its_shape() -> None:
    better, worse = drawn([50.0] * 9, (8,)), drawn([50.0] * 9, (8,), -1)
    assert better.count("<circle") == worse.count("<circle") == 8
    assert "l6 6l-6 6l-6 -6z" in better
    assert "l6 6l-6 6l-6 -6z" not in worse
    assert 'width="9" height="9"' in worse
    assert "l6 6l-6 6l-6 -6z" in drawn([50.0] * 9, (8,), -1, better="none")


def test_words_are_escaped_and_marks_carry_colour_and_class() -> None:
    svg = drawn([50.0] * 9)
    assert "<title>T &lt;1&gt;</title>" in svg
    for mark in re.findall(r"<(?:path|rect|circle|text) [^>]*>", svg):
        assert 'class="c-' in mark
        assert "#" in mark
    assert "style=" not in svg


def test_nothing_to_draw_is_no_drawing_and_one_period_is_one_mark() -> None:
    assert control_chart([], title="T", about="A", better="up") == ""
    assert drawn([50.0]).count("<circle") == 1
