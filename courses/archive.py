"""A course as one zip file, and a course written out to a folder. Trusts nothing that a zip file says of itself."""

import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from courses.folder import LARGEST_COURSE, LARGEST_FILE, MOST_FILES, safe_path

LARGEST_ARCHIVE = 200_000_000
HIGHEST_RATIO = 200
_PIECE = 1 << 16


class ArchiveError(ValueError):
    """The archive cannot be read; the message says why and what was expected."""


def read_archive(data: bytes) -> Mapping[str, bytes]:
    """Return the files of a zip archive by path, a single top folder taken off. Raises `ArchiveError`.

    Refuses encrypted entries, links, names that leave the folder, doubles, and anything that unpacks to more than a
    course may hold; sizes are counted while unpacking, not believed.
    """
    if len(data) > LARGEST_ARCHIVE:
        raise ArchiveError(f"the archive has {len(data):,} bytes: expected at most {LARGEST_ARCHIVE:,}")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _litter(entry.filename)]
            if len(entries) > MOST_FILES:
                raise ArchiveError(f"the archive holds {len(entries):,} files: expected at most {MOST_FILES:,}")
            files: dict[str, bytes] = {}
            room = LARGEST_COURSE
            for entry in entries:
                _refuse(entry, files)
                files[entry.filename] = _unpack(archive, entry, room)
                room -= len(files[entry.filename])
    except ArchiveError:
        raise
    # Damaged bytes lead the zip reader to errors of many kinds: its own, zlib's, struct's, OSError, ValueError.
    except Exception as fault:
        raise ArchiveError("the file is not a readable zip archive") from fault
    if not files:
        raise ArchiveError("the archive is empty: expected a course folder with a course.md")
    return _without_top_folder(files)


def _litter(name: str) -> bool:
    parts = name.split("/")
    return any((part.startswith(".") and part not in (".", "..")) or part == "__MACOSX" for part in parts)


def _refuse(entry: zipfile.ZipInfo, files: Mapping[str, bytes]) -> None:
    shown = entry.filename.encode("unicode_escape").decode("ascii")[:120]
    # ZipInfo cuts a name at a NUL and turns backslashes around on some systems; the name as stored is judged.
    if entry.orig_filename != entry.filename or not safe_path(entry.filename):
        raise ArchiveError(f"the archive holds “{shown}”: expected short paths inside the course folder")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ArchiveError(f"the archive holds the link “{shown}”: expected the file itself")
    if entry.flag_bits & 0x1:
        raise ArchiveError(f"“{shown}” is encrypted: expected a plain zip archive")
    if entry.filename in files:
        raise ArchiveError(f"the archive holds “{shown}” twice")


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    limit = min(LARGEST_FILE, room, max(entry.compress_size, 1_000) * HIGHEST_RATIO)
    pieces, size = [], 0
    with archive.open(entry) as stream:
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > limit:
                raise ArchiveError(f"“{entry.filename}” unpacks to more than a course may hold")
            pieces.append(piece)
    return b"".join(pieces)


def _without_top_folder(files: dict[str, bytes]) -> Mapping[str, bytes]:
    if "course.md" in files:
        return files
    tops = {path.partition("/")[0] for path in files}
    if len(tops) == 1 and all("/" in path for path in files):
        return {path.partition("/")[2]: data for path, data in files.items()}
    return files


def write_folder(files: Mapping[str, bytes], path: Path) -> None:
    """Write a course's files into the folder `path`, which must not exist or be empty: all of them or none.

    Raises ValueError on a name that would leave the folder, FileExistsError where the folder holds something.
    """
    for name in files:
        if not safe_path(name):
            raise ValueError(f"“{name}” is not a path inside a course folder")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise FileExistsError(f"{path} holds something already: expected a new or an empty folder")
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        for name, data in files.items():
            target = made / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        # A temporary folder is private; an exported course is an ordinary folder.
        mask = os.umask(0)
        os.umask(mask)
        made.chmod(0o777 & ~mask)
        if path.exists():
            path.rmdir()
        made.rename(path)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
