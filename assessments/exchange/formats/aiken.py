"""Aiken: plain text, a question on its lines, options A. to Z. and a line ANSWER:."""

import re

from assessments.exchange.aiken.reading import read_aiken
from assessments.exchange.aiken.writing import write_aiken
from assessments.exchange.content import Source
from assessments.exchange.draft import Reading
from assessments.exchange.faults import ExchangeError
from assessments.exchange.formats.kind import Format
from assessments.exchange.outgoing import Outgoing, Written

_ANSWER = re.compile(r"^\s*ANSWER:[ \t]*\S", re.MULTILINE)
_OPTION = re.compile(r"^\s*[A-Z][.)][ \t]+\S", re.MULTILINE)


class Aiken(Format):
    """See `aiken.reading` for its rules; ids are made from the words of the question."""

    name = "aiken"
    label = "Aiken"
    suffix = ".txt"

    def detect(self, source: Source) -> bool:
        """See Format: an option line and an ANSWER line."""
        if source.is_zip or source.looks_like_xml:
            return False
        return bool(_ANSWER.search(source.text) and _OPTION.search(source.text))

    def read(self, source: Source) -> Reading:
        """See Format."""
        if source.is_zip:
            raise ExchangeError("expected an Aiken file, not a zip archive")
        return read_aiken(source.text, source.notes)

    def write(self, outgoing: Outgoing, *, single: bool) -> Written:
        """See Format."""
        return write_aiken(outgoing)
