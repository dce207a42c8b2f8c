"""The author's check: paths become courses and texts of a programme, with every fault of them at once.

Reads from a disk and prints nothing; `__main__` does the talking.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assessments.model import Fault
from courses.archive import ArchiveError, read_archive
from courses.framework import Framework, read_framework
from courses.model import Course
from courses.programme import FOLDERS, Programme, read_programme, scan_programme
from courses.reading import read_course, scan_folder, sorted_faults
from courses.text import read_text


@dataclass(frozen=True)
class Meant:
    """What paths name: course folders or zips, and texts of programmes as (folder around, path below it)."""

    courses: tuple[Path, ...]
    texts: tuple[tuple[Path, str], ...]


@dataclass
class Checked:
    """What was read, in order. `unread` counts courses that have an error; `faults` holds every fault, in order."""

    courses: list[Course] = field(default_factory=list)
    programme: Programme = field(default_factory=Programme)
    unread: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """How many faults are errors."""
        return sum(fault.severity == "error" for fault in self.faults)


def read_framework_file(file: Path) -> tuple[Framework | None, list[Fault]]:
    """Read a framework from a disk."""
    try:
        data = file.read_bytes()
    except OSError as fault:
        return None, [Fault(str(file), 1, 1, "error", f"cannot be read: {fault.strerror}")]
    text, faults = read_text(data, str(file))
    if text is None:
        return None, faults
    framework, found = read_framework(text, str(file))
    return framework, faults + found


def check_paths(paths: Sequence[str], framework: Framework) -> Checked:
    """Check everything that `paths` name: course folders, zips, folders of courses, texts beside them."""
    meant = what_is_meant(paths)
    checked = Checked()
    for folder in meant.courses:
        course, found = _check_course(folder, framework)
        doubled = next((other for other in checked.courses if course and other.code == course.code), None)
        if doubled and course:
            message = f"the code {course.code} is taken by {doubled.name}: codes are unique"
            found.append(Fault(f"{folder}/course.md", 1, 1, "error", message))
        if course:
            checked.courses.append(course)
        else:
            checked.unread += 1
        checked.faults += sorted_faults(found)
    _check_texts(meant.texts, framework, checked)
    return checked


def what_is_meant(paths: Sequence[str]) -> Meant:
    """Return each path itself, the course around a Markdown file, and the courses and texts inside a folder."""
    courses: list[Path] = []
    texts: list[tuple[Path, str]] = []
    for path in map(Path, paths):
        if path.suffix == ".md" and (path.parent / "course.md").is_file():
            courses.append(path.parent)
        elif path.suffix == ".md" and path.parent.name in FOLDERS:
            texts.append((path.parent.parent, f"{path.parent.name}/{path.name}"))
        elif path.is_dir() and not (path / "course.md").exists():
            inside = sorted(child for child in path.iterdir() if (child / "course.md").is_file())
            below = _texts_below(path)
            courses += inside or ([] if below else [path])
            texts += below
        else:
            courses.append(path)
    return Meant(tuple(dict.fromkeys(courses)), tuple(dict.fromkeys(texts)))


def _texts_below(folder: Path) -> list[tuple[Path, str]]:
    if folder.name in FOLDERS:
        return [(folder.parent, f"{folder.name}/{file.name}") for file in sorted(folder.glob("*.md"))]
    return [(folder, f"{below}/{file.name}") for below in FOLDERS for file in sorted((folder / below).glob("*.md"))]


def _check_texts(texts: Sequence[tuple[Path, str]], framework: Framework, checked: Checked) -> None:
    # Where a course has errors or none was given, nobody knows yet which codes there are.
    known = None if checked.unread or not checked.courses else {course.code for course in checked.courses}
    for root in dict.fromkeys(folder for folder, _ in texts):
        files, faults = scan_programme(root)
        wanted = {path for folder, path in texts if folder == root}
        found, more = read_programme(
            {path: data for path, data in files.items() if path in wanted},
            str(root),
            courses=known,
            competencies=framework.codes,
            responsibilities=framework.responsibilities,
        )
        before = checked.programme
        checked.programme = Programme(
            before.pathways + found.pathways,
            before.policies + found.policies,
            before.evaluations + found.evaluations,
            before.checklists + found.checklists,
        )
        named = {str(root / path) for path in wanted}
        checked.faults += sorted_faults([*(fault for fault in faults if fault.path in named), *more])


def _check_course(path: Path, framework: Framework) -> tuple[Course | None, list[Fault]]:
    if path.is_file():
        if path.suffix.lower() != ".zip":
            message = "expected a course folder, a folder of courses or a zip file"
            return None, [Fault(str(path), 1, 1, "error", message)]
        try:
            files = dict(read_archive(path.read_bytes()))
            faults: list[Fault] = []
        except (ArchiveError, OSError) as fault:
            return None, [Fault(str(path), 1, 1, "error", str(fault))]
    else:
        files, faults = scan_folder(path)
        if not files and faults:
            return None, faults
    course, found = read_course(files, str(path), framework.codes, frozenset(framework.responsibilities))
    return course, faults + found
