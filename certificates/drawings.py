"""The drawn parts of a certificate: guilloche band, seal, mark and QR code, as SVG made by our own code.

Curves are computed once and kept. This module may not know the facts of a certificate; the QR code gets the
address to show.
"""

from functools import cache
from math import cos, pi, sin

import segno

INK = "#15252b"
PETROL = "#0d4450"
SPARK = "#ffd257"
PALE = "#f3f8f8"

# Petrol as it looks half transparent on each ground; real transparency costs the press much more.
_BAND_LINE = "#729399"
_SEAL_LINE = "#567c82"

_SVG = 'xmlns="http://www.w3.org/2000/svg"'
_BOOK = "M16 25c-2.6-2-6-3-10-3V12c4 0 7.4 1 10 3 2.6-2 6-3 10-3v10c-4 0-7.4 1-10 3zM16 15v10"


@cache
def mark_svg() -> str:
    """Return the mark of the academy, an open book under a spark, on a square of 32 units."""
    return (
        f'<svg {_SVG} viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="{PETROL}"/>'
        f'<g fill="none" stroke="{PALE}" stroke-width="2.2" stroke-linejoin="round"><path d="{_BOOK}"/></g>'
        f'<circle cx="16" cy="8" r="2.4" fill="{SPARK}"/></svg>'
    )


@cache
def band_svg() -> str:
    """Return the guilloche band, 700 by 40 units: seven waves whose height swells and fades."""
    waves = "".join(f'<path d="{_wave(2 * pi * strand / 7)}"/>' for strand in range(7))
    return (
        f'<svg {_SVG} viewBox="0 0 700 40" width="700" height="40" preserveAspectRatio="none">'
        '<rect width="700" height="40" fill="#eef4f2"/>'
        f'<g fill="none" stroke="{_BAND_LINE}" stroke-width=".45">{waves}</g></svg>'
    )


def _wave(phase: float) -> str:
    """Return one strand as a path: a carrier with a period of 78 units under an envelope of 280 units.

    A cubic curve runs from each sampled point to the next with the strand's own slope at both, so that few
    points draw it as smoothly as many straight pieces would, at a fifth of the time in the press.
    """
    step = 12.5

    def height(x: float) -> float:
        turn = 2 * pi * x / 700
        swell = 10 + 6.5 * cos(2.5 * turn + phase / 9)
        return 20 + swell * sin(9 * turn + phase) + 2.2 * sin(5 * turn + 2 * phase)

    def rise(x: float) -> float:
        return (height(x + 0.01) - height(x - 0.01)) / 0.02 * step / 3

    path = f"M0 {height(0):.2f}"
    for place in range(round(700 / step)):
        left, right = place * step, (place + 1) * step
        first, second = height(left) + rise(left), height(right) - rise(right)
        path += f"C{left + step / 3:.2f} {first:.2f} {right - step / 3:.2f} {second:.2f} {right:g} {height(right):.2f}"
    return path


@cache
def seal_svg() -> str:
    """Return the seal: two rosettes of turned ellipses around the mark, 220 units across."""
    wide = "".join(f'<ellipse rx="104" ry="40" transform="rotate({turn})"/>' for turn in range(0, 180, 10))
    near = "".join(f'<ellipse rx="66" ry="44" transform="rotate({turn})"/>' for turn in range(0, 180, 15))
    return (
        f'<svg {_SVG} viewBox="-110 -110 220 220">'
        f'<g fill="none" stroke="{_SEAL_LINE}" stroke-width=".55">{wide}{near}</g>'
        f'<circle r="40" fill="#fffdf7"/><circle r="37" fill="{PETROL}"/>'
        f'<circle r="32.5" fill="none" stroke="{SPARK}" stroke-width="1"/>'
        f'<g fill="none" stroke="{PALE}" stroke-width="2.6" stroke-linejoin="round">'
        '<path d="M0 18c-5-4-12-6-19-6V-7c7 0 14 2 19 6 5-4 12-6 19-6V12c-7 0-14 2-19 6zM0-1V18"/></g>'
        f'<circle cy="-15" r="4.5" fill="{SPARK}"/></svg>'
    )


def qr_svg(address: str, title: str) -> str:
    """Return the QR code that opens `address`, as an inline SVG of one path named by `title`.

    One path with a stroke for each run of modules is many times cheaper to press than a square for each.
    """
    code = segno.make(address, error="m", micro=False)
    steps = []
    for y, row in enumerate(code.matrix):
        x = 0
        while x < len(row):
            run = x
            while run < len(row) and row[run]:
                run += 1
            if run > x:
                steps.append(f"M{x} {y}.5h{run - x}")
            x = run + 1
    size = len(code.matrix)
    return (
        f'<svg {_SVG} class="cert__qr" viewBox="0 0 {size} {size}" role="img"><title>{title}</title>'
        f'<path stroke="{INK}" stroke-width="1" d="{"".join(steps)}"/></svg>'
    )
