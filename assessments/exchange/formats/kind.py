"""What every format can do: tell its own files, read them, and write a bank."""

from abc import ABC, abstractmethod

from assessments.exchange.content import Source
from assessments.exchange.draft import Reading
from assessments.exchange.outgoing import Outgoing, Written


class Format(ABC):
    """A way in which questions are kept. A format holds no state."""

    name: str
    label: str
    suffix: str
    # False where questions of it come in and none goes out.
    writes: bool = True

    @abstractmethod
    def detect(self, source: Source) -> bool:
        """Say whether a file is of this format, by its content; never raises for a file of another kind."""

    @abstractmethod
    def read(self, source: Source) -> Reading:
        """Read every question of a file; raises ExchangeError where the file as a whole cannot be read."""

    @abstractmethod
    def write(self, outgoing: Outgoing, *, single: bool) -> Written:
        """Write a bank; with `single`, one item alone as one document where the format tells the two apart."""
