"""What the versions 2 and 3 of QTI have in common: an item, or a package with imsmanifest.xml, items and media."""

import re
from typing import ClassVar

from assessments.exchange.content import Source
from assessments.exchange.draft import Reading
from assessments.exchange.formats.kind import Format
from assessments.exchange.outgoing import Outgoing, Written
from assessments.exchange.qti.package import read_document, read_package, version_of
from assessments.exchange.qti.packing import write_qti


class Qti(Format):
    """See `qti.reading` for the interactions that come in. `element` is what an item begins with."""

    suffix = ".zip"
    version: ClassVar[str]
    element: ClassVar[str]

    def detect(self, source: Source) -> bool:
        """See Format: an assessment item, or a package whose first item is of this version."""
        if source.is_zip:
            return version_of(source.files) == self.version
        return source.looks_like_xml and bool(re.search(rf"<(?:[\w.-]+:)?{self.element}[\s>]", source.text))

    def read(self, source: Source) -> Reading:
        """See Format."""
        if source.is_zip:
            return read_package(source.files, source.notes)
        return read_document(source.text, source.notes)

    def write(self, outgoing: Outgoing, *, single: bool) -> Written:
        """See Format: a package, or with `single` one item alone."""
        return write_qti(outgoing, self.version, single=single)
