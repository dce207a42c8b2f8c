"""Many screenshots become one small picture: groups under each other, tiles of a group side by side.

Knows nothing of courses or browsers.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

LARGEST = 250_000  # bytes of a sheet
WIDTH = 1_900  # pixels of a sheet before it has to shrink
GAP = 8
LABEL = 13
# Width of a tile and the heading of its group, in the order of the sheet.
GROUPS = {
    "lessons-desk": (258, "Lessons at 1440 px"),
    "lessons-phone": (116, "Lessons at 390 px"),
    "items-desk": (180, "Items at 1440 px, asked and looked back on"),
    "items-phone": (86, "Items at 390 px"),
}
PAPER, INK, LINE = "#ffffff", "#15252b", "#c3cdd0"
QUALITIES = (50, 30)
SCALES = (1.0, 0.85, 0.72, 0.6, 0.5)


@dataclass(frozen=True)
class Tile:
    """One screenshot with the group it belongs to and its name."""

    group: str
    label: str
    picture: Image.Image


@dataclass(frozen=True)
class Sheet:
    """All screenshots of one course under its title."""

    title: str
    tiles: tuple[Tile, ...]


def composed(sheet: Sheet, largest: int = LARGEST) -> bytes:
    """Return the sheet as WebP of at most `largest` bytes; it gets coarser, then smaller, until it fits."""
    whole = _drawn(sheet)
    for scale in SCALES:
        size = (round(whole.width * scale), round(whole.height * scale))
        shrunk = whole if scale == 1 else whole.resize(size, Image.Resampling.LANCZOS)
        for quality in QUALITIES:
            stream = io.BytesIO()
            shrunk.save(stream, "WEBP", quality=quality, method=4)
            if stream.tell() <= largest:
                return stream.getvalue()
    raise ValueError(f"{sheet.title} does not fit into {largest:,} bytes")


def _drawn(sheet: Sheet) -> Image.Image:
    """Draw all groups under each other; a group is parted into columns, each tile goes where there is most room."""
    parts: list[tuple[str, list[tuple[int, int, Image.Image, str]], int]] = []
    for group, (width, heading) in GROUPS.items():
        tiles = [tile for tile in sheet.tiles if tile.group == group]
        if tiles:
            placed, height = _columns(tiles, width)
            parts.append((f"{heading} ({len(tiles)})", placed, height))
    title, small = ImageFont.load_default(20), ImageFont.load_default(LABEL - 3)
    canvas = Image.new("RGB", (WIDTH, 44 + sum(height + 30 for _, _, height in parts)), PAPER)
    draw = ImageDraw.Draw(canvas)
    draw.text((GAP, 10), sheet.title, INK, font=title)
    top = 44
    for heading, placed, height in parts:
        draw.text((GAP, top), heading, INK, font=ImageFont.load_default(14))
        for left, down, picture, label in placed:
            draw.text((left, top + 22 + down), label[: picture.width // 5], INK, font=small)
            canvas.paste(picture, (left, top + 22 + down + LABEL))
            box = (left - 1, top + 21 + down + LABEL, left + picture.width, top + 22 + down + LABEL + picture.height)
            draw.rectangle(box, outline=LINE)
        top += height + 30
    return canvas


def _columns(tiles: Sequence[Tile], width: int) -> tuple[list[tuple[int, int, Image.Image, str]], int]:
    count = max(1, (WIDTH - GAP) // (width + GAP))
    heights = [0] * count
    placed = []
    for tile in tiles:
        high = max(1, round(tile.picture.height * width / tile.picture.width))
        picture = tile.picture.resize((width, high), Image.Resampling.LANCZOS)
        column = heights.index(min(heights))
        placed.append((GAP + column * (width + GAP), heights[column], picture, tile.label))
        heights[column] += high + LABEL + GAP
    return placed, max(heights)
