"""What one rendering notes along the way: faults, placements, and pieces kept out of the sanitiser's reach.

The Markdown extensions write to it while they run; the renderer reads it afterwards.
"""

import hashlib

from courses.rendering.labels import Labels, labels_for
from courses.rendering.source import Severity


class Record:
    """The notebook of one rendering; `begin` clears it for the next."""

    def __init__(self) -> None:
        self.labels: Labels = labels_for("en")
        self.begin("")

    def begin(self, text: str) -> None:
        """Start afresh for `text`."""
        self.problems: list[tuple[Severity, str, tuple[str, ...]]] = []
        self.checks: list[str] = []
        self.cases: list[str] = []
        self._held: dict[str, str] = {}
        self._names: dict[str, int] = {}
        # A digest of the text itself is a mark that the text cannot contain.
        self._mark = "slot" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:20]

    def problem(self, severity: Severity, message: str, *needles: str) -> None:
        """Note a fault; `needles` are words of the source that show where."""
        self.problems.append((severity, message, needles))

    def hold(self, html: str) -> str:
        """Keep finished HTML of our own past the sanitiser; returns the mark to put in its place."""
        mark = f"{self._mark}x{len(self._held)}x"
        self._held[mark] = html
        return mark

    def restore(self, html: str) -> str:
        """Put back what `hold` kept; a paragraph holding nothing else gives way."""
        for mark, kept in self._held.items():
            html = html.replace(f"<p>{mark}</p>", kept).replace(mark, kept)
        return html

    def unique_label(self, label: str) -> str:
        """Return `label`, numbered from its second use, so that no two landmarks of a page share a name."""
        count = self._names[label] = self._names.get(label, 0) + 1
        return label if count == 1 else f"{label} ({count})"
