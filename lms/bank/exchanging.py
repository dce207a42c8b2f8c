"""Questions that come in and go out: what a file holds, a draft of a course with it, a course's own as a file.

Nothing is published here: what comes in becomes a draft upload, which goes through the check that every course goes
through. Knows no pages.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from assessments.archive import pack
from assessments.exchange.conversion import Export, Import, read_items, write_items
from assessments.exchange.naming import slug
from assessments.model import Bank, Item
from courses.reading import read_course
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.items import queries as items

TARGETS = ("markdown", "moodle-xml", "gift", "aiken", "qti21", "qti30")
MEDIA_TYPES = {".md": "text/markdown", ".xml": "application/xml", ".zip": "application/zip", ".txt": "text/plain"}


class ExchangeRefused(ValueError):
    """The questions cannot be carried over; the message says why."""


@dataclass(frozen=True)
class Draft:
    """The files of a course with questions added; `renamed` holds ids that were taken and what they became."""

    files: Mapping[str, bytes]
    path: str
    count: int
    renamed: Mapping[str, str]


def look(name: str, data: bytes) -> Import:
    """What a file holds, item by item; raises ExchangeError where it cannot be read as a whole."""
    return read_items(data, name=name)


def as_markdown(found: Import) -> tuple[bytes, str]:
    """The questions of a file in our Markdown and how the name should end: `.zip` where pictures go with them."""
    made = write_items(found.bank, "markdown", media=found.media)
    if not made.media:
        return made.data, ".md"
    return pack({"questions.md": made.data, **made.media}), ".zip"


def draft(version: VersionFacts, found: Import, name: str, competency: str = "", level: int | None = None) -> Draft:
    """The current text of a course with the questions of a file added as one more file.

    `competency` and `level` are set where a question says none. An id that the course has already gets a number
    behind it, and so does the name of a picture that is another one there. Raises ExchangeRefused where nothing came
    in.
    """
    if not found.bank.items:
        raise ExchangeRefused(_("No question of the file came in, so there is nothing to add."))
    files = dict(catalog.source_files(version.id))
    bank, renamed = _renamed(found.bank, items.bank(version.id))
    bank = Bank(tuple(_placed(item, competency, level) for item in bank.items), bank.cases)
    media = dict(write_items(bank, "markdown", media=found.media).media)
    for taken in [path for path, data in media.items() if files.get(path, data) != data]:
        stem, dot, ending = taken.rpartition(".")
        new = _free(stem, dot + ending, {*files, *media})
        bank = _relinked(bank, f"{taken})", f"{new})")
        media[new] = media.pop(taken)
    # The file stands in a folder of its own, and links of a course are told from where they stand.
    text = write_items(_relinked(bank, "media/", "../media/"), "markdown").data
    path = _free(f"questions/90-imported-{slug(name.rsplit('.', 1)[0])[:40] or 'questions'}", ".md", files)
    return Draft({**files, **media, path: text}, path, len(bank.items), renamed)


def _relinked(bank: Bank, before: str, after: str) -> Bank:
    """The bank with the links of its texts that begin with `before` beginning with `after`."""

    def moved(text: str) -> str:
        return text.replace(f"]({before}", f"]({after}")

    return Bank(
        tuple(item.with_text(moved, moved) for item in bank.items),
        tuple(case.with_text(moved, moved) for case in bank.cases),
    )


def _placed(item: Item, competency: str, level: int | None) -> Item:
    return replace(item, competency=item.competency or competency or None, level=item.level or level)


def _free(wanted: str, ending: str, files: Collection[str]) -> str:
    number = 1
    while (path := f"{wanted}{f'-{number}' if number > 1 else ''}{ending}") in files:
        number += 1
    return path


def _renamed(bank: Bank, theirs: Bank) -> tuple[Bank, dict[str, str]]:
    """The bank under ids that the course does not have; arrows between branching items are not followed."""
    known = {one.id for one in theirs.items} | {one.id for one in theirs.cases}
    taken = known | {one.id for one in bank.items} | {one.id for one in bank.cases}
    new: dict[str, str] = {}
    for name in [one.id for one in bank.items] + [one.id for one in bank.cases]:
        if name in known:
            number = 2
            while f"{name}-{number}" in taken:
                number += 1
            new[name] = f"{name}-{number}"
            taken.add(new[name])
    changed = tuple(
        replace(one, id=new.get(one.id, one.id), case_id=new.get(one.case_id, one.case_id) if one.case_id else None)
        for one in bank.items
    )
    return Bank(changed, tuple(replace(one, id=new.get(one.id, one.id)) for one in bank.cases)), new


def write(version: VersionFacts, wanted: Collection[str], target: str) -> Export:
    """These questions of a course's text in a format of `TARGETS`, with the report of what is lost.

    Raises ExchangeRefused for an unknown format, or where the text cannot be read as it was written.
    """
    if target not in TARGETS:
        raise ExchangeRefused(_("One of these formats was expected: %(what)s.", what=", ".join(TARGETS)))
    files = catalog.source_files(version.id)
    course, _faults = read_course(files, version.code.lower(), None)
    if course is None:
        raise ExchangeRefused(_("The text of this course cannot be read as it was written. Publish it anew first."))
    kept = tuple(item for item in course.bank.items if item.id in wanted)
    cases = {item.case_id for item in kept}
    bank = Bank(kept, tuple(case for case in course.bank.cases if case.id in cases))
    # In `questions/` a picture is found one folder up; outside the course it goes beside the file.
    bank = _relinked(bank, "../media/", "media/")
    media = {path: data for path, data in files.items() if path.startswith("media/")}
    made = write_items(bank, target, media=media)
    if made.media and target == "markdown":
        return replace(made, data=pack({"questions.md": made.data, **made.media}), suffix=".zip")
    return made
