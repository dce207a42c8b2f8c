"""Moodle XML: a `quiz` of questions, alone or as the one XML file of a zip archive."""

from assessments.exchange.content import Source, parse_xml
from assessments.exchange.draft import Reading
from assessments.exchange.faults import ExchangeError
from assessments.exchange.formats.kind import Format
from assessments.exchange.markup.reading import tag
from assessments.exchange.moodle.reading import read_quiz
from assessments.exchange.moodle.writing import write_quiz
from assessments.exchange.outgoing import Outgoing, Written


class MoodleXml(Format):
    """See `moodle.types` for the question types that come in."""

    name = "moodle-xml"
    label = "Moodle XML"
    suffix = ".xml"

    def detect(self, source: Source) -> bool:
        """See Format: the root element is `quiz`."""
        return source.looks_like_xml and source.root_name == "quiz"

    def read(self, source: Source) -> Reading:
        """See Format."""
        if source.is_zip:
            raise ExchangeError("expected a Moodle XML file, not a zip archive")
        root, notes = parse_xml(source.text)
        if tag(root) != "quiz":
            raise ExchangeError(f"the file begins with <{tag(root)}>: expected <quiz>")
        return read_quiz(root, [*source.notes, *notes])

    def write(self, outgoing: Outgoing, *, single: bool) -> Written:
        """See Format."""
        return write_quiz(outgoing)
