"""The one list of formats, in the order in which a file's content is tried against them."""

from collections.abc import Mapping

from assessments.exchange.content import Source
from assessments.exchange.faults import ExchangeError
from assessments.exchange.formats.aiken import Aiken
from assessments.exchange.formats.authored import Markdown
from assessments.exchange.formats.gift import Gift
from assessments.exchange.formats.kind import Format
from assessments.exchange.formats.moodle_xml import MoodleXml

_ALL: tuple[Format, ...] = (Markdown(), MoodleXml(), Aiken(), Gift())

FORMATS: Mapping[str, Format] = {one.name: one for one in _ALL}


def format_named(name: str) -> Format:
    """Return a format by name; raises ExchangeError naming those there are."""
    if name not in FORMATS:
        raise ExchangeError(f"there is no format {name!r}: expected one of {', '.join(FORMATS)}")
    return FORMATS[name]


def detected(source: Source) -> Format:
    """Return the format of a file by its content; raises ExchangeError where it is of none."""
    if not source.data.strip():
        raise ExchangeError("the file is empty: expected questions in it")
    for one in FORMATS.values():
        if one.detect(source):
            return one
    labels = ", ".join(one.label for one in FORMATS.values())
    raise ExchangeError(f"the file is of no known format: expected one of {labels}")
