"""The one list of formats, in the order in which a file's content is tried against them."""

from collections.abc import Mapping

from assessments.exchange.content import Source
from assessments.exchange.faults import ExchangeError
from assessments.exchange.formats.aiken import Aiken
from assessments.exchange.formats.authored import Markdown
from assessments.exchange.formats.gift import Gift
from assessments.exchange.formats.kind import Format
from assessments.exchange.formats.moodle_xml import MoodleXml
from assessments.exchange.formats.qti12 import Qti12
from assessments.exchange.formats.qti21 import Qti21
from assessments.exchange.formats.qti30 import Qti30

_ALL: tuple[Format, ...] = (Markdown(), MoodleXml(), Qti30(), Qti21(), Qti12(), Aiken(), Gift())

FORMATS: Mapping[str, Format] = {one.name: one for one in _ALL}
# Those that questions are written in as well.
TARGETS = tuple(name for name, one in FORMATS.items() if one.writes)


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
    if source.looks_like_xml and source.root_name in ("manifest", "assessmentTest", "qti-assessment-test"):
        raise ExchangeError(f"the file is the <{source.root_name}> of a package: expected the whole package as a zip")
    labels = ", ".join(one.label for one in FORMATS.values())
    raise ExchangeError(f"the file is of no known format: expected one of {labels}")
