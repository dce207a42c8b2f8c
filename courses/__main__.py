"""`python -m courses`: the author's lint, with no application needed."""

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from assessments.model import Fault
from courses.archive import ArchiveError, read_archive
from courses.framework import DEFAULT_FILE, Framework, read_framework
from courses.matrix import coverage_matrix
from courses.model import Course
from courses.reading import read_course, scan_folder, sorted_faults
from courses.text import read_text

WRONG_USE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code: 0 fine, 1 faults found, 2 not usable as asked."""
    parser = argparse.ArgumentParser(prog="python -m courses", description="Check courses written in Markdown.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="read course folders and say everything that is wrong with them")
    check.add_argument("paths", nargs="+", metavar="PATH", help="a course folder, a folder of courses, or a zip file")
    check.add_argument("--strict", action="store_true", help="let warnings fail as errors do")
    check.add_argument(
        "--framework", metavar="FILE", type=Path, default=DEFAULT_FILE, help="competency framework (YAML)"
    )
    check.add_argument("--matrix", action="store_true", help="also print which competency is claimed, asked and drawn")
    bring = commands.add_parser("import", help="turn foreign material into a course folder")
    bring.add_argument("source", metavar="SOURCE")
    bring.add_argument("folder", metavar="DIR")
    bring.add_argument("--report", metavar="FILE.json")
    chosen = parser.parse_args(arguments)
    if chosen.command == "import":
        message = "import is not available in this version; nothing was read or written"
        print(message, file=sys.stderr)
        return WRONG_USE
    return _check(chosen.paths, chosen.framework, strict=chosen.strict, matrix=chosen.matrix)


def _check(paths: Sequence[str], framework_file: Path, *, strict: bool, matrix: bool) -> int:
    framework, faults = _framework(framework_file)
    _print(faults)
    if framework is None:
        return 1
    courses: list[Course] = []
    for folder in _courses_below(paths):
        course, found = _check_one(folder, framework)
        doubled = next((other for other in courses if course and other.code == course.code), None)
        if doubled and course:
            message = f"the code {course.code} is taken by {doubled.name}: codes are unique"
            found.append(Fault(f"{folder}/course.md", 1, 1, "error", message))
        if course:
            courses.append(course)
        _print(sorted_faults(found))
        faults += found
    if matrix:
        for course in courses:
            print(f"\n{coverage_matrix(course)}")
    errors = sum(fault.severity == "error" for fault in faults)
    warnings = len(faults) - errors
    print(f"{_count(errors, 'error')}, {_count(warnings, 'warning')}", file=sys.stderr)
    return 1 if errors or (strict and warnings) else 0


def _check_one(path: Path, framework: Framework) -> tuple[Course | None, list[Fault]]:
    if path.is_file():
        if path.suffix.lower() != ".zip":
            return None, [
                Fault(str(path), 1, 1, "error", "expected a course folder, a folder of courses or a zip file")
            ]
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


def _framework(file: Path) -> tuple[Framework | None, list[Fault]]:
    try:
        data = file.read_bytes()
    except OSError as fault:
        return None, [Fault(str(file), 1, 1, "error", f"cannot be read: {fault.strerror}")]
    text, faults = read_text(data, str(file))
    if text is None:
        return None, faults
    framework, found = read_framework(text, str(file))
    return framework, faults + found


def _courses_below(paths: Sequence[str]) -> list[Path]:
    """Return the course folders meant: each path itself, the folder around a Markdown file, the courses inside one."""
    found: list[Path] = []
    for path in map(Path, paths):
        if path.suffix == ".md" and (path.parent / "course.md").is_file():
            path = path.parent
        inside = []
        if path.is_dir() and not (path / "course.md").exists():
            inside = sorted(child for child in path.iterdir() if (child / "course.md").is_file())
        found += inside or [path]
    return list(dict.fromkeys(found))


def _print(faults: Sequence[Fault]) -> None:
    for fault in faults:
        print(f"{fault.path}:{fault.line}:{fault.column}: {fault.severity}: {fault.message}")


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        # A terminal that lacks a character, or a file name that is no text, must not stop the report.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(main())
