"""Every question of every current text: found, narrowed, and looked at together. Reads only.

Banks of published versions never change and are kept in the process; a list costs a handful of statements however
many questions there are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from assessments.model import Item
from assessments.papers import drawable
from lms.bank import queries
from lms.bank.facts import Figures
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.items import queries as items
from lms.items import retiring
from lms.quizzes import challenges

PAGE = 50
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Entry:
    """A question of a current text. `use` is exam, both, check or never; `objections` are those without an answer."""

    version: VersionFacts
    item: Item
    use: str
    retired: bool
    objections: int
    figures: Figures | None

    @property
    def look(self) -> tuple[str, ...]:
        """The flags that ask for a look; a retired item asks for none."""
        return () if self.retired or self.figures is None else self.figures.look

    @property
    def needs_look(self) -> bool:
        """Whether somebody should look at it: figures are odd, or a taker objects."""
        return bool(self.look or self.objections)

    @cached_property
    def words(self) -> str:
        """What a search looks through: id, title and stem as plain text, in lower case."""
        return f"{self.item.id} {self.item.title} {_TAGS.sub(' ', self.item.stem)}".casefold()


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed by; an empty string is no wish."""

    text: str = ""
    course: str = ""
    competency: str = ""
    level: str = ""
    kind: str = ""
    use: str = ""
    flag: str = ""  # a flag, or "look" for whatever asks for a look
    state: str = ""

    def matches(self, entry: Entry) -> bool:
        """Whether a question is wanted; every word of the text has to be found."""
        item, figures = entry.item, entry.figures
        return (
            (not self.course or entry.version.code == self.course)
            and (not self.competency or item.competency == self.competency)
            and (not self.level or str(item.level) == self.level)
            and (not self.kind or item.type == self.kind)
            and (not self.use or entry.use == self.use)
            and (not self.flag or (entry.needs_look if self.flag == "look" else self.flag in _flags(figures)))
            and self._state(entry)
            and all(word in entry.words for word in self.text.casefold().split())
        )

    def _state(self, entry: Entry) -> bool:
        if self.state == "challenged":
            return entry.objections > 0
        return not self.state or entry.retired == (self.state == "retired")


@dataclass(frozen=True)
class Listing:
    """One page of questions. `total` and `look` count all that the filter finds, `everything` the whole bank."""

    entries: tuple[Entry, ...]
    total: int
    look: int
    everything: int
    page: int
    pages: int


def _flags(figures: Figures | None) -> tuple[str, ...]:
    return figures.flags if figures else ()


def use_of(version: VersionFacts, item: Item, checks: frozenset[str]) -> str:
    """How a text uses an item: its exam may draw it, a lesson asks it as a check, both or neither."""
    draws = version.exam.draws if version.exam else ()
    asked = version.exam is not None and drawable(item) and (not draws or any(draw.matches(item) for draw in draws))
    if asked:
        return "both" if item.id in checks else "exam"
    return "check" if item.id in checks else "never"


def entries(code: str = "") -> tuple[Entry, ...]:
    """Every question of the courses that learners see, or of one of them, in the order of courses and authors."""
    catalogue = [version for version in catalog.catalogue() if not code or version.code == code]
    figures = queries.figures(catalogue[0].course_id if len(catalogue) == 1 else None)
    retired = retiring.retired_everywhere()
    open_ones: dict[tuple[int, str], int] = {}
    for each in challenges.waiting():
        key = (each.course_id, each.item)
        open_ones[key] = open_ones.get(key, 0) + 1
    found = []
    for version in catalogue:
        checks = frozenset(check for lesson in catalog.lessons(version.id) for check in lesson.checks)
        out = retired.get(version.course_id, frozenset())
        for item in items.bank(version.id).items:
            key = (version.course_id, item.id)
            found.append(
                Entry(
                    version, item, use_of(version, item, checks), item.id in out, open_ones.get(key, 0),
                    figures.get(key),
                )
            )  # fmt: skip
    return tuple(found)


def listing(wanted: Filter, page: int = 1) -> Listing:
    """A page of what the filter finds; what needs a look stands first."""
    everything = entries()
    found = sorted((each for each in everything if wanted.matches(each)), key=lambda each: not each.needs_look)
    pages = max(1, -(-len(found) // PAGE))
    at = min(max(page, 1), pages)
    shown = tuple(found[(at - 1) * PAGE : at * PAGE])
    return Listing(shown, len(found), sum(each.needs_look for each in found), len(everything), at, pages)


def choices() -> Mapping[str, list[str]]:
    """What can be chosen in the filter: competencies and levels that any current question has."""
    banks = [items.bank(version.id) for version in catalog.catalogue()]
    found = {(item.competency, item.level) for bank in banks for item in bank.items}
    return {
        "competency": sorted({code for code, _ in found if code}),
        "level": [str(level) for level in sorted({level for _, level in found if level})],
    }
