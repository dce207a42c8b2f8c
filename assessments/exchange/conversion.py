"""The doors of the room: questions are read from a file, written to a file, or taken from one format to another.

Every call returns a record of what became of each item, so a dry run is the same call with its result put aside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assessments.exchange.content import Source
from assessments.exchange.faults import ExchangeError
from assessments.exchange.formats.listing import FORMATS, TARGETS, detected, format_named
from assessments.exchange.making import make
from assessments.exchange.markup.writing import Render, plain_html
from assessments.exchange.outgoing import Outgoing
from assessments.exchange.record import Record, joined
from assessments.model import Bank

__all__ = ["FORMATS", "TARGETS", "ExchangeError", "Export", "Import", "Record", "convert", "read_items", "write_items"]


@dataclass(frozen=True)
class Import:
    """What a file holds: the items that came in, their media by path under `media/`, and the report."""

    bank: Bank
    media: Mapping[str, bytes]
    record: Record


@dataclass(frozen=True)
class Export:
    """A new file: its bytes, how its name should end, media that go beside it under `media/`, and the report."""

    data: bytes
    suffix: str
    record: Record
    media: Mapping[str, bytes] = field(default_factory=dict)


def read_items(data: bytes, *, name: str = "questions", source: str | None = None) -> Import:
    """Read every question of a file.

    `name` is what items say as their place; `source` is a name of `FORMATS`, told from the content where it is None.
    Raises ExchangeError where the file as a whole cannot be read, with what was expected. A file of which no item
    comes in is no error: its report says why.
    """
    given = Source(data, name)
    try:
        found = format_named(source) if source else detected(given)
        reading = found.read(given)
    except RecursionError:
        raise ExchangeError("the file is nested too deeply: expected plain questions") from None
    made = make(reading, name)
    record = Record(tuple(made.outcomes), tuple(reading.notes), found.name, "")
    return Import(made.bank, reading.media, record)


def write_items(
    bank: Bank,
    target: str,
    *,
    media: Mapping[str, bytes] | None = None,
    render: Render = plain_html,
    single: bool = False,
) -> Export:
    """Write a bank (as authors wrote it, not rendered) in the format `target`, a name of `TARGETS`.

    `media` holds files by path under `media/`; `render` makes HTML of Markdown; `single` asks for one item as a
    document of its own where a format tells items from packages. Raises ExchangeError for an unknown format.
    """
    written = format_named(target).write(Outgoing(bank, media or {}, render), single=single)
    return Export(
        written.data, written.suffix, Record(tuple(written.outcomes), tuple(written.notes), "", target), written.media
    )


def convert(
    data: bytes,
    target: str,
    *,
    name: str = "questions",
    source: str | None = None,
    media: Mapping[str, bytes] | None = None,
    render: Render = plain_html,
    single: bool = False,
) -> Export:
    """Take a file from its format to another: `read_items`, then `write_items`, with one report of both."""
    given = read_items(data, name=name, source=source)
    made = write_items(given.bank, target, media={**(media or {}), **given.media}, render=render, single=single)
    return Export(made.data, made.suffix, joined(given.record, made.record), made.media)
