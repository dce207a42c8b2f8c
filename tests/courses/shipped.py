"""The curriculum that the product ships with, read once for all tests that hold it."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from assessments.model import Fault, Item
from courses.framework import default_framework
from courses.model import Course
from courses.pages import CoursePages, render_course
from courses.programme import Programme, read_programme, scan_programme
from courses.reading import read_course, read_folder

CONTENT = Path(__file__).resolve().parents[2] / "courses" / "content"
FRAMEWORK = default_framework()
FOLDERS = sorted(path.parent for path in CONTENT.glob("*/course.md"))
NAMES = [folder.name for folder in FOLDERS]


@dataclass(frozen=True)
class Shipped:
    """A course of ours: its files, what was read, and every page rendered."""

    folder: Path
    files: dict[str, bytes]
    course: Course
    pages: CoursePages
    faults: tuple[Fault, ...]

    @property
    def texts(self) -> dict[str, str]:
        """Its Markdown by path."""
        return {path: data.decode() for path, data in self.files.items() if path.endswith(".md")}


@cache
def shipped(name: str) -> Shipped:
    """Return the course in the folder of that name."""
    folder = CONTENT / name
    files = dict(read_folder(folder))
    course, faults = read_course(files, name, FRAMEWORK.codes, frozenset(FRAMEWORK.responsibilities))
    assert course is not None, "\n".join(map(str, faults))
    return Shipped(folder, files, course, render_course(course, files), tuple(faults))


@cache
def every_course() -> tuple[Shipped, ...]:
    """Return all courses, by folder."""
    return tuple(shipped(name) for name in NAMES)


def every_item() -> list[tuple[str, Item]]:
    """Return all items with the code of their course."""
    return [(one.course.code, item) for one in every_course() for item in one.course.bank.items]


@cache
def programme() -> tuple[Programme, tuple[Fault, ...]]:
    """Return pathways, policies and evaluations, checked against the courses that are there."""
    files, faults = scan_programme(CONTENT)
    found, more = read_programme(
        files,
        courses={one.course.code for one in every_course()},
        competencies=FRAMEWORK.codes,
        responsibilities=FRAMEWORK.responsibilities,
    )
    return found, (*faults, *more)


@cache
def references() -> tuple[dict[str, str], ...]:
    """Return the rows of references.csv, and of files beside it that hold one course's rows."""
    rows: list[dict[str, str]] = []
    for file in sorted(CONTENT.glob("references*.csv")):
        with file.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream, strict=True)
            assert reader.fieldnames == ["course", "claim", "reference", "doi", "verified"], file.name
            rows += [{**row, "file": file.name} for row in reader]
    return tuple(rows)


def words(text: str) -> list[str]:
    """Return the words of a text without markup, in small letters."""
    return re.findall(r"[a-z0-9]+", text.lower())
