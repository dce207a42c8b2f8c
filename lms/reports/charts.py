"""Charts as SVG, drawn on the server: the same string on page and paper. Pure.

Its words are in the language of the one who asks.
Every mark has the light colour as an attribute, for the paper, and a class, which on the screen
follows the theme. A drawing is 360 units wide with text of 12.5 units, so that it can be read from
320 to 480 pixels; each has a title and a description for those who hear it, and stands beside a
table of its numbers. Bars and lines begin at zero. A hidden figure is hatched and says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil

from lms.web.texts import said
from lms.web.texts import text as _

WIDTH = 360
INK, SOFT, EDGE, GRID = "#15252b", "#4b5b62", "#9aa7a9", "#dfe3e0"
FIRST, SECOND, REST = "#0b6a7a", "#b4620a", "#cfd6d6"
FEW = _("too few")
MOST_MARKS = 13


@dataclass(frozen=True)
class Bar:
    """One bar: `value` None where it is hidden; `shown` is the figure as it is written; `second` the other colour."""

    label: str
    value: float | None
    shown: str
    second: bool = False


def line(points: Sequence[tuple[str, int | None]], *, aim: int | None, title: str, about: str) -> str:
    """A line of whole percentages over labelled days; None leaves a gap. The last value is written beside it."""
    left, right, top, foot = 38, 316, 16, 152
    step = (right - left) / max(1, len(points) - 1)

    def x(place: int) -> float:
        return round(left + step * place, 1)

    def y(value: float) -> float:
        return round(foot - (foot - top) * value / 100, 1)

    marks = []
    for grid in (0, 50, 100):
        marks.append(_rule(left, right, y(grid), "c-axis" if grid == 0 else "c-grid"))
        marks.append(_text(left - 6, y(grid) + 4, f"{grid}%", anchor="end"))
    if aim is not None:
        dashed = f'<path class="c-aim" stroke="{SOFT}" stroke-width="1.5" stroke-dasharray="5 4" fill="none"'
        marks.append(f'{dashed} d="M{left} {y(aim)}H{right}"/>')
        marks.append(_text(right + 5, y(aim) + 4, _("aim %(aim)s", aim=aim)))
    marks += _runs([(x(place), y(value)) if value is not None else None for place, (_day, value) in enumerate(points)])
    for place, (_day, value) in enumerate(points):
        if value is not None and len(points) <= 2 * MOST_MARKS:
            marks.append(
                f'<circle class="c-b1 c-line0" fill="{FIRST}" stroke="#ffffff" stroke-width="1.5" cx="{x(place)}" '
                f'cy="{y(value)}" r="4"/>'
            )
    last = next((place for place in range(len(points) - 1, -1, -1) if points[place][1] is not None), None)
    if last is not None and (value := points[last][1]) is not None:
        near = aim is not None and abs(y(value) - y(aim)) < 14
        high = y(value) + 4 if not near or aim is None else y(value) + (18 if value < aim else -10)
        marks.append(_text(x(last) + 7, high, f"{value}%", strong=True))
    elif points:
        marks.append(_text((left + right) / 2, y(50) - 8, FEW, anchor="middle"))
    for place in sorted({0, (len(points) - 1) // 2, len(points) - 1} if points else set()):
        anchor = "start" if place == 0 else ("end" if place == len(points) - 1 else "middle")
        marks.append(_text(x(place), foot + 18, points[place][0], anchor=anchor))
    return _drawing(foot + 26, title, about, marks)


def _runs(places: Sequence[tuple[float, float] | None]) -> list[str]:
    """The line in as many pieces as there are between gaps."""
    runs: list[list[tuple[float, float]]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(place)
    start = f'<path class="c-line1" stroke="{FIRST}" stroke-width="2.5" stroke-linejoin="round" fill="none"'
    return [f'{start} d="M{"L".join(f"{x} {y}" for x, y in run)}"/>' for run in runs if len(run) > 1]


def bars(rows: Sequence[Bar], *, limit: float, title: str, about: str, aim: float | None = None) -> str:
    """Bars from zero to `limit` under their labels, the figure at the end, with a mark at the aim."""
    row, thick = 36, 11
    marks = []
    for place, bar in enumerate(rows):
        top = place * row + 4
        marks.append(_text(0, top + 11, _cut(said(bar.label), 40)))
        marks.append(_text(WIDTH, top + 11, FEW if bar.value is None else bar.shown, strong=True, anchor="end"))
        ground = top + 17
        marks.append(_box("c-rest", REST, 0, ground, WIDTH, thick))
        if bar.value is None:
            marks.append(_hatch(0, ground, WIDTH, thick))
            continue
        length = round(WIDTH * min(max(bar.value / limit, 0), 1), 1) if limit else 0
        if length:
            name, colour = ("c-b2", SECOND) if bar.second else ("c-b1", FIRST)
            marks.append(_box(name, colour, 0, ground, length, thick))
        if aim is not None and limit:
            marks.append(_box("c-mark", INK, round(WIDTH * aim / limit - 1, 1), ground - 3, 2, thick + 6))
    return _drawing(max(1, len(rows)) * row + 4, title, about, marks)


def columns(rows: Sequence[Bar], *, title: str, about: str) -> str:
    """Upright bars side by side, the count above each and its label below; for months."""
    top, foot = 22, 140
    highest = max([bar.value for bar in rows if bar.value is not None], default=0) or 1
    slot = WIDTH / max(1, len(rows))
    wide = round(min(40.0, slot * 0.68), 1)
    marks = [_rule(0, WIDTH, foot, "c-axis")]
    every = ceil(len(rows) / MOST_MARKS) or 1
    for place, bar in enumerate(rows):
        middle = round(slot * (place + 0.5), 1)
        left = round(middle - wide / 2, 1)
        if bar.value is None:
            marks.append(_hatch(left, foot - 24, wide, 24))
        elif bar.value > 0:
            high = round((foot - top) * bar.value / highest, 1)
            name, colour = ("c-b2", SECOND) if bar.second else ("c-b1", FIRST)
            marks.append(_box(name, colour, left, round(foot - high, 1), wide, high))
            marks.append(_text(middle, round(foot - high - 5, 1), bar.shown, strong=True, anchor="middle"))
        else:
            marks.append(_text(middle, foot - 5, "0", anchor="middle"))
        if place % every == 0:
            marks.append(_text(middle, foot + 17, bar.label, anchor="middle"))
    if any(bar.value is None for bar in rows):
        marks.append(_text(WIDTH, 12, _("hatched: %(few)s", few=FEW), anchor="end"))
    return _drawing(foot + 24, title, about, marks)


def _drawing(height: float, title: str, about: str, marks: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" role="img" '
        f'font-family="Atkinson Hyperlegible Next, sans-serif" font-size="12.5"><title>{escape(said(title))}</title>'
        f"<desc>{escape(said(about))}</desc>{''.join(marks)}</svg>"
    )


def _text(x: float, y: float, words: str, *, anchor: str = "start", strong: bool = False) -> str:
    place = f'x="{x:g}" y="{y:g}"' + (f' text-anchor="{anchor}"' if anchor != "start" else "")
    look = f'class="c-val" fill="{INK}" font-weight="600"' if strong else f'class="c-txt" fill="{SOFT}"'
    return f"<text {look} {place}>{escape(said(words))}</text>"


def _rule(left: float, right: float, y: float, name: str) -> str:
    colour = EDGE if name == "c-axis" else GRID
    return f'<path class="{name}" stroke="{colour}" fill="none" d="M{left:g} {y:g}H{right:g}"/>'


def _box(name: str, colour: str, x: float, y: float, width: float, height: float) -> str:
    return f'<rect class="{name}" fill="{colour}" x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}"/>'


def _hatch(x: float, y: float, width: float, height: float) -> str:
    """Slanted lines, for a figure that is hidden."""
    slant = min(height, 8.0)
    lines = "".join(
        f"M{x + at:g} {y + height:g}l{slant:g} {-height:g}" for at in range(0, max(1, int(width - slant) + 1), 7)
    )
    return f'<path class="c-axis" stroke="{EDGE}" fill="none" d="{lines}"/>'


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
