"""The layout of contact sheets: everything has its place, and the whole is small."""

from __future__ import annotations

import io
import random

import pytest
from PIL import Image

from scripts.contact_sheet_layout import GROUPS, LARGEST, Sheet, Tile, composed


def noise(width: int, height: int) -> Image.Image:
    """A picture that no format can make small."""
    return Image.frombytes("RGB", (width, height), random.Random(width * height).randbytes(3 * width * height))


def test_a_sheet_of_a_whole_course_fits_its_limit() -> None:
    plain = Image.new("RGB", (390, 1_600), "#e6f0f0")
    tiles = [Tile(group, f"item-{number}", plain) for group in GROUPS for number in range(45)]
    data = composed(Sheet("SAFE-101  Safer orders, a sample", tuple(tiles)))
    assert len(data) <= LARGEST
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.format == "WEBP"
        assert picture.width > 900


def test_a_sheet_grows_coarser_and_smaller_until_it_fits() -> None:
    sheet = Sheet("X", (Tile("lessons-desk", "a", noise(600, 900)),))
    roomy, tight = composed(sheet, 200_000), composed(sheet, 20_000)
    assert len(tight) <= 20_000 < len(roomy)
    with pytest.raises(ValueError, match="does not fit"):
        composed(sheet, 500)
