"""What can be wrong with a hospital's files, and how it is said: file, line, and what was expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class FileFault:
    """One fault or piece of advice. Line 1 is the header; `warning` stops nothing."""

    file: str
    line: int
    message: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {'warning' if self.warning else 'error'}: {self.message}"


class FileRefused(ValueError):
    """The files were refused as a whole; nothing was written. `faults` holds every reason at once."""

    def __init__(self, faults: Sequence[FileFault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.file, fault.line)))
        super().__init__(f"{len(self.faults)} faults; nothing was imported.")
