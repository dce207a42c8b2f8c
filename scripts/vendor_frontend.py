"""Fetch the third-party front-end files, at pinned versions, into the places that serve them.

Nothing is fetched when the product runs or is tested: the files are part of the repository, with their
licences. This script is how they got there and how a newer version would. It asks npm's own client for each
package, refuses one whose SHA-256 is not the pinned one, and cuts the text font down to the characters and
weights that pages use (33 kB become 18).

    python scripts/vendor_frontend.py           write the files
    python scripts/vendor_frontend.py --check   write nothing; fail if a file here differs from its package
"""

from __future__ import annotations

import argparse
import hashlib
import io
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "lms/web/static/fonts"
CHECKERS = ROOT / "tests/browser/vendor"
READERS = ROOT / "tests/assessments/exchange/vendor"

# The characters of the first font file. app.css states the same list, so that the browser asks for the second
# file only where a page has other letters; a test compares the two.
LATIN = (
    "U+0020-007E, U+00A0-00FF, U+0131, U+0152-0153, U+2010-2015, U+2018-201E, U+2020-2022, U+2026, "
    "U+2032-2033, U+2039-203A, U+2044, U+20AC, U+2122, U+2212"
)
WEIGHTS = (400, 700)


@dataclass(frozen=True)
class Package:
    """One pinned package: its name, version, the SHA-256 of its archive, and what is taken from it.

    `files` maps a path in the archive to the place here and what is done to the bytes on the way.
    """

    name: str
    version: str
    sha256: str
    files: tuple[tuple[str, Path, Callable[[bytes], bytes]], ...]


def unchanged(data: bytes) -> bytes:
    """The bytes as they are."""
    return data


def latin_only(data: bytes) -> bytes:
    """A variable woff2 font cut to the characters of LATIN and the weights of WEIGHTS.

    Kerning and tabular figures stay, because tables of figures need them; the font's own timestamp stays too,
    so that the same input always gives the same font.
    """
    options = subset.Options()
    options.layout_features = ["kern", "tnum", "ccmp", "mark"]
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(LATIN.replace(" ", "")))
    cutter.subset(font)
    font.flavor = None
    plain = io.BytesIO()
    font.save(plain)
    plain.seek(0)
    font = instancer.instantiateVariableFont(TTFont(plain, recalcTimestamp=False), {"wght": WEIGHTS})
    font.flavor = "woff2"
    small = io.BytesIO()
    font.save(small)
    return small.getvalue()


PACKAGES = (
    Package(
        "@fontsource-variable/atkinson-hyperlegible-next",
        "5.3.0",
        "75d5156505841b7dd4251398f0a5ff9e44120c87c2e388e9a108879b4def23a6",
        (
            (
                "files/atkinson-hyperlegible-next-latin-wght-normal.woff2",
                FONTS / "atkinson-hyperlegible-next-latin.woff2",
                latin_only,
            ),
            (
                "files/atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
                FONTS / "atkinson-hyperlegible-next-latin-ext.woff2",
                unchanged,
            ),
            ("LICENSE", FONTS / "OFL.txt", unchanged),
        ),
    ),
    Package(
        "axe-core",
        "4.14.1",
        "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
        (
            ("axe.min.js", CHECKERS / "axe.min.js", unchanged),
            ("LICENSE", CHECKERS / "axe-LICENSE.txt", unchanged),
            ("LICENSE-3RD-PARTY.txt", CHECKERS / "axe-LICENSE-3RD-PARTY.txt", unchanged),
        ),
    ),
    Package(
        "gift-pegjs",
        "1.0.2",
        "b15e322e9f9145c753bee378a12c31b9f45526f472ac81186a0ff706722f1c7d",
        (
            ("lib/gift-parser.js", READERS / "gift-parser.js", unchanged),
            ("LICENSE", READERS / "gift-parser-LICENSE.txt", unchanged),
        ),
    ),
)


def fetch(package: Package, folder: Path) -> Path:
    """Ask npm for the archive of `package`; SystemExit if its SHA-256 is not the pinned one."""
    known = set(folder.iterdir())
    subprocess.run(
        ["npm", "pack", f"{package.name}@{package.version}", "--pack-destination", str(folder), "--silent"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (archive,) = set(folder.iterdir()) - known
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != package.sha256:
        raise SystemExit(f"{package.name} {package.version}: expected sha256 {package.sha256}, found {found}")
    return archive


def member(archive: Path, path: str) -> bytes:
    """The bytes of one file of a package archive; SystemExit if it is not there."""
    with tarfile.open(archive) as tar:
        try:
            found = tar.extractfile(f"package/{path}")
        except KeyError:
            found = None
        if found is None:
            raise SystemExit(f"{archive.name} holds no file {path}")
        return found.read()


def main(arguments: list[str] | None = None) -> int:
    """Write or check all files; the exit code is 1 if a check found a difference."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing, fail on a difference")
    only_check = parser.parse_args(arguments).check
    differs = False
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            archive = fetch(package, Path(folder))
            for path, place, change in package.files:
                data = change(member(archive, path))
                same = place.exists() and place.read_bytes() == data
                differs = differs or not same
                word = "same" if same else "differs" if only_check else "written"
                print(f"{word:8} {place.relative_to(ROOT)} ({len(data):,} bytes)")
                if not only_check and not same:
                    place.parent.mkdir(parents=True, exist_ok=True)
                    place.write_bytes(data)
    return 1 if only_check and differs else 0


if __name__ == "__main__":
    sys.exit(main())
