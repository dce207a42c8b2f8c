"""`python -m courses`: the author's lint, with no application needed."""

import argparse
import io
import sys
from collections.abc import Sequence
from pathlib import Path

from assessments.model import Fault
from courses.checking import check_paths, read_framework_file
from courses.coverage import coverage_text, programme_coverage
from courses.framework import DEFAULT_FILE, Framework
from courses.matrix import coverage_matrix
from courses.model import Course

WRONG_USE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code: 0 fine, 1 faults found, 2 not usable as asked."""
    parser = argparse.ArgumentParser(prog="python -m courses", description="Check courses written in Markdown.")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="read courses and other texts and say everything that is wrong")
    check.add_argument("paths", nargs="+", metavar="PATH", help="a course folder, a folder of courses, or a zip file")
    check.add_argument("--strict", action="store_true", help="let warnings fail as errors do")
    check.add_argument(
        "--framework", metavar="FILE", type=Path, default=DEFAULT_FILE, help="competency framework (YAML)"
    )
    check.add_argument(
        "--matrix",
        action="store_true",
        help="also print what is claimed, asked and drawn, on standard output",
    )
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
    framework, faults = read_framework_file(framework_file)
    _print(faults)
    if framework is None:
        return 1
    checked = check_paths(paths, framework)
    _print(checked.faults)
    _print_coverage(checked.courses, framework, asked=matrix)
    faults += checked.faults
    errors = sum(fault.severity == "error" for fault in faults)
    warnings = len(faults) - errors
    print(f"{_count(errors, 'error')}, {_count(warnings, 'warning')}", file=sys.stderr)
    return 1 if errors or (strict and warnings) else 0


def _print_coverage(courses: Sequence[Course], framework: Framework, *, asked: bool) -> None:
    """Print the matrices, on standard output only where they were asked for.

    Unasked, the programme's matrix is for people who check several courses: it goes to standard error, like the count
    of faults, so that standard output holds fault lines alone for a script to read.
    """
    if asked:
        for course in courses:
            print(f"\n{coverage_matrix(course)}")
    if courses and (asked or len(courses) > 1):
        text = coverage_text(programme_coverage(courses, framework))
        print(f"\n{text}", file=sys.stdout if asked else sys.stderr)
        if not asked:
            print(file=sys.stderr)


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
