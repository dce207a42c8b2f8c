"""QTI 3.0: an item, or a package with imsmanifest.xml, items and media."""

import re

from assessments.exchange.content import Source
from assessments.exchange.draft import Reading
from assessments.exchange.formats.kind import Format
from assessments.exchange.outgoing import Outgoing, Written
from assessments.exchange.qti.package import read_document, read_package, version_of
from assessments.exchange.qti.packing import write_qti

_ITEM = re.compile(r"<(?:[\w.-]+:)?qti-assessment-item[\s>]")


class Qti30(Format):
    """See `qti.reading` for the interactions that come in."""

    name = "qti30"
    label = "QTI 3.0"
    suffix = ".zip"

    def detect(self, source: Source) -> bool:
        """See Format: an assessment item, or a package whose first item is of this version."""
        if source.is_zip:
            return version_of(source.files) == "3"
        return source.looks_like_xml and bool(_ITEM.search(source.text))

    def read(self, source: Source) -> Reading:
        """See Format."""
        if source.is_zip:
            return read_package(source.files, source.notes)
        return read_document(source.text, source.notes)

    def write(self, outgoing: Outgoing, *, single: bool) -> Written:
        """See Format: a package, or with `single` one item alone."""
        return write_qti(outgoing, "3", single=single)
