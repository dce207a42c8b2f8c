"""What the renderer may ask about the course around a text: which file is which lesson, what a media file is."""

from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Track:
    """One caption file of a recording: its language tag and address."""

    language: str
    url: str


@dataclass(frozen=True)
class MediaEntry:
    """A media file as a page may use it. Sizes are CSS pixels; None where the file has none."""

    url: str
    media_type: str
    width: int | None = None
    height: int | None = None
    tracks: tuple[Track, ...] = ()


class Shelf(Protocol):
    """Looks up what stands beside a text; every path is relative to the course folder."""

    def media(self, path: str) -> MediaEntry | None:
        """Return the media file at `path`, None where there is none that can be published."""

    def page(self, path: str) -> str | None:
        """Return the address of the page made from the Markdown file at `path`, None where it has none."""

    def near(self, path: str) -> str | None:
        """Return the path of a file that the author may have meant."""


@dataclass(frozen=True)
class BareShelf:
    """A shelf with given entries; an empty one serves text that stands alone."""

    entries: dict[str, MediaEntry] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)

    def media(self, path: str) -> MediaEntry | None:
        """Return the entry at `path`."""
        return self.entries.get(path)

    def page(self, path: str) -> str | None:
        """Return the page at `path`."""
        return self.pages.get(path)

    def near(self, path: str) -> str | None:
        """A bare shelf makes no guesses."""
        return None
