"""Short ways to read foreign files in tests."""

from __future__ import annotations

from pathlib import Path

from assessments.archive import pack
from assessments.exchange.conversion import Import, read_items
from assessments.exchange.record import Outcome
from assessments.model import Item
from assessments.reading import read_bank

FILES = Path(__file__).parent / "files"
# One item of each type that most formats can hold.
USUAL = read_bank((FILES / "usual-types.md").read_text(encoding="utf-8"), "q.md")[0]


def sample(name: str) -> Import:
    """Read one of the files beside the tests, or a folder of them as a zip package."""
    return read_items(bytes_of(name), name=name)


def bytes_of(name: str) -> bytes:
    """The bytes of a file beside the tests, a folder zipped."""
    path = FILES / name
    if path.is_file():
        return path.read_bytes()
    inside = sorted(one for one in path.rglob("*") if one.is_file())
    return pack({one.relative_to(path).as_posix(): one.read_bytes() for one in inside})


def outcomes(found: Import) -> dict[str, Outcome]:
    """The outcomes by id."""
    return {one.id: one for one in found.record.outcomes}


def only(found: Import) -> Item:
    """The one item of a file, which must have come in."""
    assert len(found.bank.items) == 1, found.record.outcomes
    return found.bank.items[0]


def reasons(found: Import) -> list[str]:
    """All reasons of a file's items."""
    return [reason for one in found.record.outcomes for reason in one.reasons]
