"""A question on its way in: filled by a format's reader, then made an item under an id of its own.

The reader notes every change as it makes it. What the reader cannot hold it refuses. Knows no format.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from assessments.answers import Answer
from assessments.exchange.faults import Refusal
from assessments.exchange.naming import file_name, good_tag, last_part, slug, take_traits
from assessments.model import Item

CATEGORY = "categories of the file became tags"


@dataclass
class Draft:
    """One question of a foreign file. `origin` is the name its file gives its type, `wanted_id` its id there.

    `case` names the case draft it stands under; `made` is an item that needs no making.
    """

    title: str
    origin: str
    wanted_id: str = ""
    type: str = ""
    stem: str = ""
    answer: Answer | None = None
    rationale: str | None = None
    points: Fraction = Fraction(1)
    tags: list[str] = field(default_factory=list)
    competency: str | None = None
    level: int | None = None
    objectives: tuple[int, ...] = ()
    shuffle: bool = True
    partial: bool = True
    case: str | None = None
    reasons: list[str] = field(default_factory=list)
    refusal: str | None = None
    made: Item | None = None

    def changed(self, reason: str) -> None:
        """Note a change, once."""
        if reason not in self.reasons:
            self.reasons.append(reason)

    def tagged(self, tags: Iterable[str]) -> str | None:
        """Take tags, and the traits that stand among them; returns the case that they name."""
        said = take_traits(tags)
        self.competency, self.level, self.objectives = said.competency, said.level, said.objectives
        self.tags += [one for one in said.others if one not in self.tags]
        return said.case


@dataclass
class CaseDraft:
    """A vignette of a foreign file; `key` is what drafts name it by."""

    key: str
    title: str
    stem: str
    wanted_id: str = ""
    reasons: list[str] = field(default_factory=list)
    origin: str = ""


@dataclass
class Reading:
    """What a format's reader found: drafts and cases in the file's order, media by path under `media/`, and notes."""

    drafts: list[Draft] = field(default_factory=list)
    cases: list[CaseDraft] = field(default_factory=list)
    media: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Note what holds for the file as a whole, once."""
        if text not in self.notes:
            self.notes.append(text)

    def category(self, path: str) -> str:
        """Return a category of the file as one tag: its last part, as the ones above name courses and banks."""
        name = last_part(path)
        if name.lower() in ("top", "") or name.lower().startswith("default for "):
            return ""
        tag = good_tag(slug(name) or name)
        if tag:
            self.note(f"{CATEGORY}: “{name}” is the tag {tag}")
        return tag

    def keep(self, name: str, data: bytes) -> str:
        """Store a media file under a name of its own and return its path; the same bytes are stored once."""
        stem, dot, ending = (file_name(name) or "file").rpartition(".")
        if not dot:
            stem, ending = ending, ""
        number = 1
        path = f"media/{stem}{dot}{ending}"
        while path in self.media and self.media[path] != data:
            number += 1
            path = f"media/{stem}-{number}{dot}{ending}"
        self.media[path] = data
        return path

    def add(self, draft: Draft, fill: Callable[[Draft], None]) -> None:
        """Let `fill` read into a draft and keep it, refused where `fill` refuses."""
        self.drafts.append(draft)
        try:
            fill(draft)
        except Refusal as refusal:
            draft.refusal = str(refusal)
            draft.answer = None
