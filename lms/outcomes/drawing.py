"""The control chart as SVG, with the training under it on an axis of its own: the same string on page and paper. Pure.

Every mark has the light colour as an attribute, for the paper, and a class, which on the screen follows the theme.
Signals differ by shape as well as colour: circle without one, diamond for the better or a mere change, square for
the worse. The drawing is 360 units wide with text of 12.5 units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

WIDTH, LEFT, RIGHT = 360, 46, 326
TOP, FOOT = 36, 162  # of the chart
INK, SOFT, EDGE, GRID = "#15252b", "#4b5b62", "#9aa7a9", "#dfe3e0"
FIRST, SECOND, REST = "#0b6a7a", "#b4620a", "#cfd6d6"
BAND = 46  # the height of the training's bars


def control_chart(
    rows: Sequence[Mapping[str, Any]], *, title: str, about: str, better: str, marks_at: Sequence[tuple[int, str]] = ()
) -> str:
    """The chart of rows with `label`, `shown`, `value`, `centre`, `lower`, `upper`, `signals`, `direction`, `phase`.

    A row may hold `trained` (done, of), drawn below. `marks_at` are places with a word, drawn as upright lines before
    them: where the training began, from when an effect was expected.
    """
    if not rows:
        return ""
    step = (RIGHT - LEFT) / max(1, len(rows) - 1)
    low, high = _range(rows)

    def x(place: float) -> float:
        return round(LEFT + step * place, 1)

    def y(value: float) -> float:
        return round(FOOT - (FOOT - TOP) * (value - low) / (high - low), 1)

    with_training = any("trained" in row for row in rows)
    ground = FOOT + (BAND + 34 if with_training else 0)
    marks = [_path("c-axis", EDGE, f"M{LEFT} {FOOT}H{RIGHT}")]
    for number, (place, word) in enumerate(marks_at):
        at = x(max(0.0, place - 0.5))
        word_at = 12 + 14 * number
        marks.append(_path("c-axis", EDGE, f"M{at} {word_at - 9}V{ground}", dash="2 3"))
        before = at > LEFT + 70
        marks.append(_text(at + (-4 if before else 4), word_at, word, "end" if before else "start"))
    for first, last in _phases(rows):
        for name in ("upper", "lower"):
            line = "".join(
                f"{'M' if place == first else 'L'}{max(LEFT, x(place - 0.5)):g} {y(rows[place][name])}"
                f"H{min(RIGHT, x(place + 0.5)):g}"
                for place in range(first, last)
            )
            marks.append(_path("c-aim", SOFT, line, dash="5 3", width=1.2))
        centre = y(rows[first]["centre"])
        marks.append(_path("c-aim", SOFT, f"M{x(first):g} {centre}H{x(last - 1):g}", width=1.2))
    line = "M" + "L".join(f"{x(place):g} {y(row['value'])}" for place, row in enumerate(rows))
    marks.append(_path("c-line1", FIRST, line, width=1.8))
    marks += [_mark(x(place), y(row["value"]), row, better) for place, row in enumerate(rows)]
    last_row = rows[-1]
    near = abs(y(last_row["value"]) - y(last_row["centre"])) < 13
    marks.append(_text(RIGHT + 6, y(last_row["value"]) + 4, last_row["shown"], strong=True))
    if not near:
        marks.append(_text(LEFT - 5, y(rows[0]["centre"]) + 4, "mean", "end"))
    marks.append(_text(LEFT - 5, y(rows[0]["upper"]) + 4, last_row["shown_upper"], "end"))
    marks.append(_text(LEFT - 5, FOOT + 4, last_row["shown_low"], "end"))
    if with_training:
        marks += _training(rows, x, step, FOOT + 30)
    for place in sorted({0, (len(rows) - 1) // 2, len(rows) - 1}):
        anchor = "start" if place == 0 else ("end" if place == len(rows) - 1 else "middle")
        marks.append(_text(x(place), ground + 17, rows[place]["label"], anchor if len(rows) > 1 else "start"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {ground + 24}" role="img" '
        f'font-family="Atkinson Hyperlegible Next, sans-serif" font-size="12.5"><title>{escape(title)}</title>'
        f"<desc>{escape(about)}</desc>{''.join(marks)}</svg>"
    )


def floor_of(rows: Sequence[Mapping[str, Any]]) -> float:
    """The value at the foot of the chart, to be written there."""
    return _range(rows)[0] if rows else 0.0


def _range(rows: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """From zero where that wastes little room, else from a little below the lowest mark."""
    low = min(min(row["value"], row["lower"]) for row in rows)
    high = max(max(row["value"], row["upper"]) for row in rows)
    if 0 <= low <= 0.5 * high:
        low = 0.0
    room = (high - low) or abs(high) or 1.0
    return (low if low == 0 else low - 0.06 * room), high + 0.04 * room


def _phases(rows: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    starts = [place for place, row in enumerate(rows) if place == 0 or row["phase"] != rows[place - 1]["phase"]]
    return list(zip(starts, [*starts[1:], len(rows)], strict=True))


def _mark(x: float, y: float, row: Mapping[str, Any], better: str) -> str:
    if not row["signals"]:
        return f'<circle class="c-b1 c-line0" fill="{FIRST}" stroke="#ffffff" cx="{x:g}" cy="{y:g}" r="3.2"/>'
    worse = better != "none" and (row["direction"] > 0) != (better == "up")
    if worse:
        return f'<rect class="c-b2" fill="{SECOND}" x="{x - 4.5:g}" y="{y - 4.5:g}" width="9" height="9"/>'
    return f'<path class="c-mark" fill="{INK}" d="M{x:g} {y - 6:g}l6 6l-6 6l-6 -6z"/>'


def _training(rows: Sequence[Mapping[str, Any]], x: Any, step: float, top: float) -> list[str]:
    """Bars from nothing to all, one a period; hatched where too few people could be shown."""
    foot = top + BAND
    wide = round(max(2.0, min(16.0, step * 0.7)), 1)
    marks = [_path("c-axis", EDGE, f"M{LEFT} {foot}H{RIGHT}"), _path("c-grid", GRID, f"M{LEFT} {top}H{RIGHT}")]
    marks += [_text(LEFT - 5, top + 5, "100%", "end"), _text(LEFT - 5, foot + 4, "0%", "end")]
    shown = ""
    for place, row in enumerate(rows):
        left = round(min(max(LEFT, x(place) - wide / 2), RIGHT - wide), 1)
        done, of = row.get("trained", (None, None))
        if of is None:
            marks.append(_path("c-axis", EDGE, f"M{left} {foot}l{wide} -9M{left} {foot - 6}l{wide} -9"))
            shown = "too few"
        elif of:
            tall = round(BAND * done / of, 1)
            shown = f"{100 * done // of}%"
            if tall:
                marks.append(
                    f'<rect class="c-b1" fill="{FIRST}" x="{left}" y="{foot - tall:g}" width="{wide}" '
                    f'height="{tall:g}"/>'
                )
    marks.append(_text(LEFT, top - 6, "Trained"))
    marks.append(_text(RIGHT + 6, top + 16, shown, strong=True))
    return marks


def _path(name: str, colour: str, line: str, *, dash: str = "", width: float = 1) -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<path class="{name}" stroke="{colour}" stroke-width="{width:g}"{dashed} fill="none" d="{line}"/>'


def _text(x: float, y: float, words: str, anchor: str = "start", *, strong: bool = False) -> str:
    place = f'x="{x:g}" y="{y:g}"' + (f' text-anchor="{anchor}"' if anchor != "start" else "")
    look = f'class="c-val" fill="{INK}" font-weight="600"' if strong else f'class="c-txt" fill="{SOFT}"'
    return f"<text {look} {place}>{escape(words)}</text>"
