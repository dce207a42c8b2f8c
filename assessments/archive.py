"""Zip files from strangers: every name and size is judged before a byte is kept; and zip files of our own.

Knows nothing of courses or questions; whoever calls says how much an archive may hold. Refused are encrypted
entries, links, names that leave the folder, doubles, and whatever unpacks to more than the limits; sizes are counted
while unpacking, not believed.
"""

import re
import stat
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO

HIGHEST_RATIO = 200
LONGEST_PATH = 300
_PIECE = 1 << 16
_SAFE_PART = re.compile(r"[^\\/:*?\"<>|\x00-\x1f\x7f]{1,200}\Z")


class ArchiveError(ValueError):
    """The archive cannot be read; the message says why and what was expected."""


@dataclass(frozen=True)
class Limits:
    """How much an archive may hold, in bytes and files; `what` names the whole in a message, as in "course"."""

    archive: int
    files: int
    file: int
    total: int
    what: str


def safe_path(path: str) -> bool:
    """Whether `path` names a file inside a folder on any system: no root, no drive, no way up, no odd characters."""
    parts = path.split("/")
    return len(path) <= LONGEST_PATH and all(
        _SAFE_PART.match(part) and part.strip(". ") == part.strip() and part not in (".", "..") for part in parts
    )


def unpack(data: bytes, limits: Limits) -> dict[str, bytes]:
    """Return the files of a zip archive by path, hidden and system litter left out. Raises `ArchiveError`."""
    if len(data) > limits.archive:
        raise ArchiveError(f"the archive has {len(data):,} bytes: expected at most {limits.archive:,}")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _litter(entry.filename)]
            if len(entries) > limits.files:
                raise ArchiveError(f"the archive holds {len(entries):,} files: expected at most {limits.files:,}")
            files: dict[str, bytes] = {}
            room = limits.total
            for entry in entries:
                _refuse(entry, files, limits)
                files[entry.filename] = _unpacked(archive, entry, room, limits)
                room -= len(files[entry.filename])
    except ArchiveError:
        raise
    # Damaged bytes lead the zip reader to errors of many kinds: its own, zlib's, struct's, OSError, ValueError.
    except Exception as fault:
        raise ArchiveError("the file is not a readable zip archive") from fault
    return files


def _litter(name: str) -> bool:
    parts = name.split("/")
    return any((part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in parts)


def _refuse(entry: zipfile.ZipInfo, files: Mapping[str, bytes], limits: Limits) -> None:
    shown = entry.filename.encode("unicode_escape").decode("ascii")[:120]
    # ZipInfo cuts a name at a NUL and turns backslashes around on some systems; the name as stored is judged.
    if entry.orig_filename != entry.filename or not safe_path(entry.filename):
        raise ArchiveError(f"the archive holds “{shown}”: expected short paths inside the {limits.what} folder")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ArchiveError(f"the archive holds the link “{shown}”: expected the file itself")
    if entry.flag_bits & 0x1:
        raise ArchiveError(f"“{shown}” is encrypted: expected a plain zip archive")
    if entry.filename in files:
        raise ArchiveError(f"the archive holds “{shown}” twice")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int, limits: Limits) -> bytes:
    limit = min(limits.file, room, max(entry.compress_size, 1_000) * HIGHEST_RATIO)
    pieces, size = [], 0
    with archive.open(entry) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > limit:
                raise ArchiveError(f"“{entry.filename}” unpacks to more than a {limits.what} may hold")
            pieces.append(piece)
    return b"".join(pieces)


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return a zip archive of files by path, the same bytes each time."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return stream.getvalue()
