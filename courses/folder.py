"""The files of a course folder: which there are, what each is for, and reading them from a disk safely.

Only regular files inside the folder are read: a link that leads out, a device or a pipe is refused.
"""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assessments.archive import LONGEST_PATH, safe_path
from assessments.model import Fault

MOST_FILES = 2_000
LARGEST_FILE = 200_000_000
LARGEST_COURSE = 500_000_000
LESSON = re.compile(r"(\d{1,6})-([a-z0-9][a-z0-9-]*)\.md\Z")
_LESSON_LIKE = re.compile(r"\d.*\.md\Z", re.IGNORECASE)
_UNSPOKEN = re.compile(r"(?:README|LICEN[CS]E|CHANGELOG|CONTRIBUTING|NOTICE|CITATION)(?:\..*)?\Z", re.IGNORECASE)
LONGEST_SLUG = 120
_QUESTIONS = re.compile(r"questions(?:/[^/]+)?\.md\Z")
_NAME_EXPECTED = "expected a short path of letters, digits, hyphens and dots"


class UnreadableFolder(ValueError):
    """A course folder cannot be read; `faults` says why, file by file."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(f"{fault.path}: {fault.message}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Layout:
    """The files of a course by what they are for. `lessons` holds (slug, path) in reading order."""

    course: str | None
    lessons: tuple[tuple[str, str], ...]
    questions: tuple[str, ...]
    exam: str | None
    media: tuple[str, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that belongs to the course, sorted."""
        single = [path for path in (self.course, self.exam) if path]
        return tuple(sorted([*single, *(path for _, path in self.lessons), *self.questions, *self.media]))


def _error(path: str, message: str) -> Fault:
    return Fault(path, 1, 1, "error", message)


def _warning(path: str, message: str) -> Fault:
    return Fault(path, 1, 1, "warning", message)


def arrange(files: Mapping[str, bytes], name: str) -> tuple[Layout, list[Fault]]:
    """Sort the paths of `files` into a layout; `name` stands before each path in faults."""
    faults: list[Fault] = []
    lessons: list[tuple[int, str, str]] = []
    questions: list[str] = []
    media: list[str] = []
    for path in sorted(files):
        lesson = LESSON.match(path)
        if not safe_path(path):
            shown = path.encode("unicode_escape").decode("ascii")[:LONGEST_PATH]
            faults.append(_error(display(name, shown), f"is not a name that every system can store: {_NAME_EXPECTED}"))
        elif lesson:
            lessons.append((int(lesson[1]), lesson[2], path))
        elif _QUESTIONS.match(path):
            questions.append(path)
        elif path.startswith("media/"):
            media.append(path)
        elif path not in ("course.md", "exam.md"):
            faults += _stray(path, display(name, path))
    faults += _slug_faults(sorted(lessons), name)
    layout = Layout(
        course="course.md" if "course.md" in files else None,
        lessons=tuple((slug, path) for _, slug, path in sorted(lessons)),
        questions=tuple(questions),
        exam="exam.md" if "exam.md" in files else None,
        media=tuple(media),
    )
    return layout, faults


def _stray(path: str, shown: str) -> list[Fault]:
    """Say what a file is not, where its author may have meant it for the course."""
    example = "as in 10-right-patient.md"
    if "/" not in path and _LESSON_LIKE.match(path):
        expected = f"expected a number, a hyphen and small letters, digits and hyphens, {example}"
        return [_error(shown, f"is not a lesson's name: {expected}")]
    if _UNSPOKEN.match(path):
        return []
    hint = f": a lesson's name begins with a number, {example}" if "/" not in path and path.endswith(".md") else ""
    return [_warning(shown, f"is not part of a course and is not read{hint}")]


def _slug_faults(lessons: list[tuple[int, str, str]], name: str) -> list[Fault]:
    faults: list[Fault] = []
    seen: dict[str, str] = {}
    for _, slug, path in lessons:
        if slug in seen:
            taken = f"the lesson id “{slug}” is taken by {seen[slug]}: ids are unique in a course"
            faults.append(_error(display(name, path), taken))
        if len(slug) > LONGEST_SLUG:
            long = f"the lesson id has {len(slug)} characters: expected at most {LONGEST_SLUG}"
            faults.append(_error(display(name, path), long))
        seen.setdefault(slug, path)
    return faults


def display(name: str, path: str) -> str:
    """Return how a path of the course `name` is shown to its author."""
    return f"{name.rstrip('/')}/{path}" if name else path


def scan_folder(folder: Path) -> tuple[dict[str, bytes], list[Fault]]:
    """Read the files of a course folder: its top level, questions/ and media/. Returns them and what was refused."""
    faults: list[Fault] = []
    files: dict[str, bytes] = {}
    if not folder.is_dir():
        return {}, [_error(str(folder), "is not a folder: expected a course folder with a course.md")]
    root = Path(os.path.realpath(folder))
    total = 0
    for path in _walk(folder, "", faults):
        if len(files) >= MOST_FILES:
            faults.append(_error(str(folder), f"holds more than {MOST_FILES:,} files"))
            break
        data = _read(folder / path, root, faults, LARGEST_COURSE - total)
        if data is not None:
            files[path] = data
            total += len(data)
    return files, faults


def read_folder(path: Path) -> Mapping[str, bytes]:
    """Return the files of a course folder by their path inside it. Raises `UnreadableFolder`."""
    files, faults = scan_folder(path)
    if any(fault.severity == "error" for fault in faults):
        raise UnreadableFolder(faults)
    return files


def _walk(folder: Path, below: str, faults: list[Fault]) -> list[str]:
    found: list[str] = []
    try:
        entries = sorted(os.scandir(folder / below), key=lambda entry: entry.name)
    except OSError as fault:
        faults.append(_error(str(folder / below), f"cannot be read: {fault.strerror}"))
        return []
    for entry in entries:
        path = f"{below}/{entry.name}" if below else entry.name
        if (
            entry.name.startswith(".")
            or entry.name.endswith("~")
            or entry.name in ("Thumbs.db", "desktop.ini", "__MACOSX")
        ):
            continue
        try:
            entry.name.encode("utf-8")
        except UnicodeEncodeError:
            faults.append(_error(str(folder), f"holds a file whose name is not UTF-8: {os.fsencode(entry.name)!r}"))
            continue
        if entry.is_dir():
            if below.startswith("media") or path in ("media", "questions"):
                if entry.is_symlink():
                    faults.append(_error(str(folder / path), "is a link to a folder: expected the folder itself"))
                elif path.count("/") < 5:
                    found += _walk(folder, path, faults)
            else:
                faults.append(_warning(str(folder / path), "is a folder that is not part of a course and is not read"))
        else:
            found.append(path)
    return found


def _read(file: Path, root: Path, faults: list[Fault], room: int) -> bytes | None:
    real = Path(os.path.realpath(file))
    if not real.is_relative_to(root):
        faults.append(_error(str(file), "is a link that leads out of the course folder: put the file itself here"))
        return None
    try:
        # Without O_NONBLOCK opening a pipe would wait for ever; O_NOFOLLOW holds the check just made.
        with os.fdopen(os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW), "rb") as stream:
            facts = os.fstat(stream.fileno())
            if not stat.S_ISREG(facts.st_mode):
                faults.append(_error(str(file), "is not an ordinary file"))
                return None
            limit = min(LARGEST_FILE, room)
            data = stream.read(limit + 1)
    except OSError as fault:
        faults.append(_error(str(file), f"cannot be read: {fault.strerror}"))
        return None
    if len(data) > limit:
        faults.append(
            _error(
                str(file),
                f"is too large: expected at most {LARGEST_FILE:,} bytes a file and {LARGEST_COURSE:,} a course",
            )
        )
        return None
    return data
