"""QTI 1.2: a `questestinterop` file, or a package of them, such as a quiz of Canvas. Read only."""

from assessments.exchange.content import Source
from assessments.exchange.draft import Reading
from assessments.exchange.faults import ExchangeError
from assessments.exchange.formats.kind import Format
from assessments.exchange.outgoing import Outgoing, Written
from assessments.exchange.qti1.package import places, read_document, read_package


class Qti12(Format):
    """See `qti1.reading` for the responses that come in."""

    name = "qti12"
    label = "QTI 1.2"
    suffix = ".zip"
    writes = False

    def detect(self, source: Source) -> bool:
        """See Format: the root element is `questestinterop`, or a file of the package has it."""
        if source.is_zip:
            return bool(places(source.files))
        return source.looks_like_xml and source.root_name == "questestinterop"

    def read(self, source: Source) -> Reading:
        """See Format."""
        if source.is_zip:
            return read_package(source.files, source.notes)
        return read_document(source.text, source.notes)

    def write(self, outgoing: Outgoing, *, single: bool) -> Written:
        """See Format: never, as every system that reads this reads a later version as well."""
        raise ExchangeError("questions are not written as QTI 1.2: expected qti21 or qti30")
