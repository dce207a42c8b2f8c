"""Table and plot of the last `bench-scale`: prints Markdown and writes docs/images/scale.svg.

The plot is drawn to the rules of the product's own charts: both axes logarithmic, lines named at their
ends, no colour that carries meaning alone.
"""

from __future__ import annotations

import json
import math
from html import escape
from typing import Any

from bench.__main__ import BUILD
from bench.servers import PROJECT

LINES = (
    ("heat map, page", "Heat map, page", "#0b5cad", ""),
    ("heat map, page after a write", "Heat map after a write", "#7a3e9d", "6 4"),
    ("department 60 days ago, JSON", "A department, past day", "#8a5a00", "2 4"),
    ("whole hospital 60 days ago, JSON", "Whole hospital, past day", "#a3262a", "10 4"),
    ("rollups rebuild", "Rebuild from the ledger", "#3a3a3a", "1 3"),
)
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 440, 80, 230, 56, 56
LOW, HIGH = 0, 6  # powers of ten of a millisecond


def load() -> list[dict[str, Any]]:
    """What was measured, the smallest hospital first."""
    found = [json.loads(path.read_text()) for path in BUILD.glob("scale-*.json")]
    return sorted(found, key=lambda each: int(each["staff"]))


def table(found: list[dict[str, Any]]) -> str:
    """The figures as Markdown: tables first, then CPU and wall time."""
    head = "| | " + " | ".join(f"{each['staff']:,} staff" for each in found) + " |"
    rule = "|---|" + "---:|" * len(found)
    lines = [head, rule]
    for name in found[-1]["tables"]:
        cells = [f"{each['tables'][name]['rows']:,} rows, {_bytes(each['tables'][name]['bytes'])}" for each in found]
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    lines += ["", head, rule]
    names = max((each["figures"] for each in found), key=len)
    for name in dict.fromkeys([*names, *found[-1]["figures"]]):
        cells = [_times(each["figures"].get(name)) for each in found]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _bytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.1f} MB"


def _times(figure: dict[str, float] | None) -> str:
    return "" if figure is None else f"{_seconds(figure['cpu'])} / {_seconds(figure['wall'])}"


def _seconds(value: float) -> str:
    return f"{value:,.0f} s" if value >= 10 else f"{value:.1f} s" if value >= 1 else f"{value * 1000:.0f} ms"


def svg(found: list[dict[str, Any]]) -> str:
    """CPU of a request against staff."""
    sizes = [int(each["staff"]) for each in found]
    first, last = math.log10(sizes[0]), math.log10(sizes[-1])

    def x(staff: float) -> float:
        return LEFT + (math.log10(staff) - first) / ((last - first) or 1) * (WIDTH - LEFT - RIGHT)

    def y(seconds: float) -> float:
        power = math.log10(max(seconds * 1000, 1))
        return HEIGHT - BOTTOM - (power - LOW) / (HIGH - LOW) * (HEIGHT - TOP - BOTTOM)

    title = "Reports of today cost the same at any size; a past day grows with the people counted"
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="t d" '
        'font-family="system-ui, sans-serif" font-size="13">',
        f'<title id="t">{escape(title)}</title><desc id="d">{escape(_words(found))}</desc>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="24" font-size="16" font-weight="600" fill="#1a1a1a">{escape(title)}</text>',
        f'<text x="{LEFT}" y="43" fill="#4a4a4a">CPU of server and database, both axes logarithmic</text>',
    ]
    for power, name in enumerate(("1 ms", "10 ms", "100 ms", "1 s", "10 s", "100 s", "1,000 s")):
        at = y(10.0 ** (power - 3))
        parts.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end" fill="#4a4a4a">{name}</text>')
    for staff in sizes:
        parts.append(f'<text x="{x(staff):.1f}" y="{HEIGHT - 28}" text-anchor="middle" fill="#4a4a4a">{staff:,}</text>')
    parts.append(
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle" fill="#4a4a4a">Staff</text>'
    )
    taken: list[float] = []
    for key, name, colour, dash in LINES:
        points = [(x(each["staff"]), y(each["figures"][key]["cpu"])) for each in found if key in each["figures"]]
        path = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>')
        parts += [f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.5" fill="{colour}"/>' for a, b in points]
        at = points[-1][1] + 4
        while any(abs(at - other) < 16 for other in taken):
            at += 4
        taken.append(at)
        end = _seconds(found[-1]["figures"][key]["cpu"])
        parts.append(f'<text x="{points[-1][0] + 10:.1f}" y="{at:.1f}" fill="{colour}">{escape(name)}: {end}</text>')
    return "\n".join([*parts, "</svg>", ""])


def _words(found: list[dict[str, Any]]) -> str:
    said = []
    for key, name, _, _ in LINES:
        values = [
            f"{_seconds(each['figures'][key]['cpu'])} at {each['staff']:,}" for each in found if key in each["figures"]
        ]
        said.append(f"{name}: {', '.join(values)}.")
    return " ".join(said)


def main() -> None:
    """Print the table, write the plot."""
    found = load()
    if not found:
        raise SystemExit("Nothing was measured yet; run `make bench-scale` first.")
    (PROJECT / "docs" / "images" / "scale.svg").write_text(svg(found), encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
