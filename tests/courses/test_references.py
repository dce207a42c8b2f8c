"""Every reference of the curriculum stands in references.csv, with how it was verified."""

from __future__ import annotations

import re

import pytest

from tests.courses.shipped import NAMES, Shipped, every_course, references, shipped, words

each_course = pytest.mark.parametrize("name", NAMES)
DOI = re.compile(r"10\.\d{4,9}/[-._;()/:a-zA-Z0-9<>\[\]+]+\Z")
WRITTEN_DOI = re.compile(r"(?:doi:|doi\.org/)\s*(10\.\d{4,9}/[^\s\])]+(?:\([^\s)]*\)[^\s\])]*)?)", re.IGNORECASE)
NOTE = re.compile(r"^\[\^([^\]]+)\]:[ \t]*(.+)$", re.MULTILINE)


def notes(one: Shipped) -> dict[tuple[str, str], str]:
    """Return every footnote by file and mark."""
    return {(path, mark): text for path, content in one.texts.items() for mark, text in NOTE.findall(content)}


def rows_of(code: str) -> list[dict[str, str]]:
    return [row for row in references() if row["course"] == code]


def test_every_row_is_complete_and_names_a_course_that_is_here() -> None:
    codes = {one.course.code for one in every_course()}
    for row in references():
        assert row["course"] in codes, row
        for column in ("claim", "reference", "verified"):
            assert (row[column] or "").strip(), row
        assert not row["doi"] or DOI.match(row["doi"]), row
        assert None not in row, row


def test_no_row_stands_twice() -> None:
    seen = [(row["course"], row["claim"], row["reference"]) for row in references()]
    assert len(seen) == len(set(seen))


def test_one_work_has_one_doi() -> None:
    """A DOI that is written in two ways would be two works to whoever looks it up."""
    spelled: dict[str, str] = {}
    for row in references():
        if row["doi"]:
            assert spelled.setdefault(row["doi"].lower(), row["doi"]) == row["doi"]


@each_course
def test_a_course_lists_its_references(name: str) -> None:
    assert rows_of(shipped(name).course.code)


@each_course
def test_every_doi_of_a_course_is_listed_for_it(name: str) -> None:
    one = shipped(name)
    written = {found.rstrip(".,;").lower() for text in one.texts.values() for found in WRITTEN_DOI.findall(text)}
    assert all(DOI.match(doi) for doi in written)
    assert written - {row["doi"].lower() for row in rows_of(one.course.code)} == set()


@each_course
def test_every_footnote_of_a_course_has_its_row(name: str) -> None:
    """A row answers for a footnote by its DOI, or by the words that name the work: authors, journal, year, pages."""
    one = shipped(name)
    rows = rows_of(one.course.code)
    listed = [set(words(row["reference"])) - {"et", "al", "and", "the", "of", "in", "a", "on"} for row in rows]
    dois = {row["doi"].lower() for row in rows if row["doi"]}
    unlisted = []
    for place, text in notes(one).items():
        found = {doi.rstrip(".,;").lower() for doi in WRITTEN_DOI.findall(text)}
        told = set(words(text))
        named = any(len(row & told) >= 0.7 * len(row) for row in listed if row)
        if not (found & dois or named):
            unlisted.append((place, text))
    assert unlisted == []


@each_course
def test_a_footnote_is_defined_once_in_a_file_and_used(name: str) -> None:
    for path, text in shipped(name).texts.items():
        defined = [mark for mark, _ in NOTE.findall(text)]
        used = set(re.findall(r"\[\^([^\]]+)\](?!:)", text))
        assert len(defined) == len(set(defined)), path
        assert set(defined) == used, path
