"""A language that nobody speaks: every message of the product between two marks, so that what is not one stands out."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo

ROOT = Path(__file__).resolve().parents[2] / "lms"
LANGUAGE = "de"  # its plurals and the names of its months are taken, not its words
OPENS, CLOSES = "«", "»"


def write_catalogue(folder: Path, *features: str) -> None:
    """Collect the messages of these features as translators get them, and mark each."""
    catalogue = Catalog(locale=LANGUAGE)
    for feature in features:
        for _file, _line, message, _notes, _context in extract_from_dir(ROOT / feature, [("**.py", "python")]):
            forms = message if isinstance(message, tuple) else (message,)
            marked = tuple(f"{OPENS}{form}{CLOSES}" for form in forms)
            catalogue.add(message, marked if isinstance(message, tuple) else marked[0])
    place = folder / LANGUAGE / "LC_MESSAGES"
    place.mkdir(parents=True)
    written = io.BytesIO()
    write_mo(written, catalogue)
    (place / "messages.mo").write_bytes(written.getvalue())
