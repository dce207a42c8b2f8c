"""A picture of the certificate for its page: SVG in the look of the paper, drawn from the facts.

It stands beside the facts in words and is hidden from screen readers, so a long text may be cut here. The content
policy allows no style in a page; every size is an attribute. Units are hundredths of the page's width times 7,
as in the paper's own drawings.
"""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import east_asian_width

from certificates.drawings import band_svg, mark_svg, qr_svg, seal_svg
from certificates.facts import CertificateFacts

DRAWINGS = {"band": band_svg, "mark": mark_svg, "seal": seal_svg}
ABOVE = 138  # the baseline of the line above the name
NARROW = "iljtfrI.,;:!'|() "
WIDE = "mwMW—"


@dataclass(frozen=True)
class Line:
    """A line of text: its baseline and size in units."""

    text: str
    y: float
    size: float


@dataclass(frozen=True)
class Picture:
    """What the template needs to draw: lines of text by role, and the QR code as SVG."""

    issuer: tuple[Line, ...]
    name: tuple[Line, ...]
    learner: Line
    title: tuple[Line, ...]
    course: Line
    levels: Line
    signatory: tuple[Line, ...]
    qr: str


def picture(facts: CertificateFacts) -> Picture:
    """Lay the facts out on a page of 700 by 495 units."""
    name = broken(facts.name, 360, (44, 36, 28), 2)
    y = ABOVE + 8 + name[0][1] * 0.8  # the height of a capital and of what reaches above it
    name_lines, y = _stack(name, y)
    learner = Line(cut(", ".join(part for part in (facts.profession, facts.unit) if part), 12.5, 370), y + 12, 12.5)
    title_lines, y = _stack(broken(facts.course_title, 360, (24, 20, 16), 2), y + 46)
    score = f", {facts.score}%" if facts.score is not None else ""
    course = Line(cut(f"{facts.course_code}, {facts.edition}, {facts.minutes} min{score}", 11, 370), y, 11)
    levels = ", ".join(f"{code} level {level}" for code, _, level, _ in facts.competencies)
    first, _, rest = facts.issuer.partition(", ")
    qr = qr_svg(facts.verify_url, "").replace("<svg ", '<svg x="442" y="356" width="72" height="72" ', 1)
    return Picture(
        issuer=(Line(cut(first, 11, 200), 92, 11), Line(cut(rest, 11, 200), 108, 11)),
        name=name_lines,
        learner=learner,
        title=title_lines,
        course=course,
        levels=Line(cut(levels, 11, 370), y + 16, 11),
        signatory=(Line(cut(facts.signatory_name, 10.5, 200), 416, 10.5),
                   Line(cut(facts.signatory_title, 10.5, 200), 430, 10.5)),
        qr=qr.replace("<title></title>", ""),
    )  # fmt: skip


def width(text: str, size: float) -> float:
    """About how wide a text is in units; wide characters count as two."""
    ems = 0.0
    for sign in text:
        if east_asian_width(sign) in "WF":
            ems += 1
        else:
            ems += 0.3 if sign in NARROW else 0.85 if sign in WIDE else 0.66 if sign.isupper() else 0.53
    return ems * size


def cut(text: str, size: float, room: float) -> str:
    """The text, ended with an ellipsis where it is too wide for its room."""
    if width(text, size) <= room:
        return text
    while text and width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def broken(text: str, room: float, sizes: tuple[float, ...], most: int) -> list[tuple[str, float]]:
    """The text in one line of the first size that fits, else in up to `most` lines of the last; with the size."""
    for size in sizes:
        if width(text, size) <= room:
            return [(text, size)]
    size, lines = sizes[-1], [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, size) <= room or not lines[-1] or len(lines) == most:
            lines[-1] = longer
        else:
            lines.append(word)
    return [(cut(line, size, room), size) for line in lines]


def _stack(lines: list[tuple[str, float]], y: float) -> tuple[tuple[Line, ...], float]:
    """Lines below each other from `y`, and where the next text may stand."""
    made = []
    for text, size in lines:
        made.append(Line(text, round(y, 1), size))
        y += size * 1.12
    return tuple(made), round(y - lines[-1][1] * 1.12 + 16, 1)
