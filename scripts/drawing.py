"""Plain pictures of figures for the documentation: SVG with axes, dots and lines, readable in light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1d2b33 } .title { font-weight: 600; font-size: 15px }
.ground { fill: #ffffff } .rule { stroke: #d5dde1; stroke-width: 1 } .guide { stroke: #7b8a92; stroke-dasharray: 4 4 }
.first { stroke: #0b6a7a; fill: #0b6a7a } .other { stroke: #a4571b; fill: #a4571b }
polyline { fill: none !important; stroke-width: 2.5 }
circle { stroke: none !important; fill-opacity: .75 } text { stroke: none !important }
@media (prefers-color-scheme: dark) {
text { fill: #dbe5ea } .ground { fill: #10191e } .rule { stroke: #2b3a42 } .guide { stroke: #8fa1aa }
.first { stroke: #5cc6d6; fill: #5cc6d6 } .other { stroke: #eba36a; fill: #eba36a } }
"""


class Panel:
    """A pair of axes at a place of a chart; points are given in the figures' own units."""

    def __init__(
        self, parts: list[str], place: tuple[float, float, float, float], across: tuple[float, float],
        up: tuple[float, float],
    ) -> None:  # fmt: skip
        self.parts, self.place, self.across, self.up = parts, place, across, up

    def _at(self, x: float, y: float) -> tuple[float, float]:
        left, top, width, height = self.place
        return (
            left + width * (x - self.across[0]) / (self.across[1] - self.across[0]),
            top + height * (1 - (y - self.up[0]) / (self.up[1] - self.up[0])),
        )

    def axes(self, across: Sequence[float], up: Sequence[float], below: str, beside: str) -> None:
        """Draw rules with their figures, and what the axes mean."""
        left, top, width, height = self.place
        for x in across:
            at, _ = self._at(x, 0)
            self.parts.append(f'<line class="rule" x1="{at:.1f}" y1="{top}" x2="{at:.1f}" y2="{top + height}"/>')
            self.parts.append(f'<text x="{at:.1f}" y="{top + height + 18}" text-anchor="middle">{_plain(x)}</text>')
        for y in up:
            _, at = self._at(0, y)
            self.parts.append(f'<line class="rule" x1="{left}" y1="{at:.1f}" x2="{left + width}" y2="{at:.1f}"/>')
            self.parts.append(f'<text x="{left - 8}" y="{at + 4:.1f}" text-anchor="end">{_plain(y)}</text>')
        middle = left + width / 2
        self.parts.append(f'<text x="{middle:.1f}" y="{top + height + 40}" text-anchor="middle">{escape(below)}</text>')
        turned = top + height / 2
        self.parts.append(
            f'<text transform="translate({left - 42},{turned:.1f}) rotate(-90)" text-anchor="middle">'
            f"{escape(beside)}</text>"
        )

    def dots(self, points: Sequence[tuple[float, float]], radius: float, kind: str = "first") -> None:
        """Draw points that lie within the axes."""
        for x, y in points:
            if self.across[0] <= x <= self.across[1] and self.up[0] <= y <= self.up[1]:
                a, b = self._at(x, y)
                self.parts.append(f'<circle class="{kind}" cx="{a:.1f}" cy="{b:.1f}" r="{radius}"/>')

    def line(self, points: Sequence[tuple[float, float]], kind: str) -> None:
        """Draw a line through points."""
        path = " ".join(f"{a:.1f},{b:.1f}" for a, b in (self._at(x, y) for x, y in points))
        self.parts.append(f'<polyline class="{kind}" points="{path}"/>')

    def label(self, x: float, y: float, text: str, kind: str) -> None:
        """Write beside a line."""
        a, b = self._at(x, y)
        self.parts.append(f'<text class="{kind}" x="{a:.1f}" y="{b:.1f}">{escape(text)}</text>')


class Chart:
    """A picture with a title, which is also its description for those who do not see it."""

    def __init__(self, title: str, width: int, height: int) -> None:
        self.title, self.width, self.height = title, width, height
        self.parts: list[str] = []

    def panel(
        self, left: float, top: float, width: float, height: float, across: tuple[float, float], up: tuple[float, float]
    ) -> Panel:
        """Return a pair of axes within the picture."""
        return Panel(self.parts, (left, top, width, height), across, up)

    def save(self, path: Path) -> None:
        """Write the picture."""
        title = escape(self.title)
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" role="img">'
        body = "\n".join(self.parts)
        path.write_text(
            f"{head}\n<title>{title}</title>\n<style>{STYLE}</style>\n"
            f'<rect class="ground" width="{self.width}" height="{self.height}"/>\n'
            f'<text class="title" x="18" y="24">{title}</text>\n{body}\n</svg>\n',
            encoding="utf-8",
        )


def _plain(value: float) -> str:
    return f"{value:g}".replace("-", "−")
