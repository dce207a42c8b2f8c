"""GIFT: plain text, answers between braces."""

import re

from assessments.exchange.content import Source
from assessments.exchange.draft import Reading
from assessments.exchange.faults import ExchangeError
from assessments.exchange.formats.kind import Format
from assessments.exchange.gift.reading import read_gift
from assessments.exchange.gift.writing import write_gift
from assessments.exchange.outgoing import Outgoing, Written

_ANSWERS = re.compile(r"(?<!\\)\{\s*(?:[=~#}]|T(?:RUE)?\s*[#}]|F(?:ALSE)?\s*[#}])", re.IGNORECASE)
_TITLE = re.compile(r"^\s*::.+?::", re.MULTILINE)


class Gift(Format):
    """See `gift.blocks` for how a file is taken apart."""

    name = "gift"
    label = "GIFT"
    suffix = ".gift"

    def detect(self, source: Source) -> bool:
        """See Format: a title between double colons, or braces that begin as answers do."""
        if source.is_zip or source.looks_like_xml:
            return False
        return bool(_TITLE.search(source.text) or _ANSWERS.search(source.text))

    def read(self, source: Source) -> Reading:
        """See Format."""
        if source.is_zip:
            raise ExchangeError("expected a GIFT file, not a zip archive")
        return read_gift(source.text, source.notes)

    def write(self, outgoing: Outgoing, *, single: bool) -> Written:
        """See Format."""
        return write_gift(outgoing)
