"""A course as one zip file, and a course written out to a folder. Trusts nothing that a zip file says of itself."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from assessments.archive import ArchiveError, Limits, safe_path, unpack
from courses.folder import LARGEST_COURSE, LARGEST_FILE, MOST_FILES

__all__ = ["LARGEST_ARCHIVE", "ArchiveError", "read_archive", "read_named_archive", "write_folder"]

LARGEST_ARCHIVE = 200_000_000


def read_archive(data: bytes) -> Mapping[str, bytes]:
    """Return the files of a zip archive by path, a single top folder taken off. Raises `ArchiveError`.

    See `assessments.archive` for what is refused.
    """
    return read_named_archive(data)[1]


def read_named_archive(data: bytes) -> tuple[str, Mapping[str, bytes]]:
    """The same with the name of the folder that was taken off, empty where there is none."""
    files = unpack(data, Limits(LARGEST_ARCHIVE, MOST_FILES, LARGEST_FILE, LARGEST_COURSE, "course"))
    if not files:
        raise ArchiveError("the archive is empty: expected a course folder with a course.md")
    return _without_top_folder(files)


def _without_top_folder(files: dict[str, bytes]) -> tuple[str, Mapping[str, bytes]]:
    if "course.md" in files:
        return "", files
    tops = {path.partition("/")[0] for path in files}
    if len(tops) == 1 and all("/" in path for path in files):
        return tops.pop(), {path.partition("/")[2]: data for path, data in files.items()}
    return "", files


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
