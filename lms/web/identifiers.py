"""What in a free text could identify a patient or a colleague. Pure.

Looks for shapes, not for knowledge: it warns too often rather than too seldom, and the writer decides.
"""

from __future__ import annotations

import re

_MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?"
)
_MONTHS += "|nov(?:ember)?|dec(?:ember)?"
SHAPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("email", re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}\.[^\s@]{2,24}")),
    ("date", re.compile(r"\b\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\b")),
    ("date", re.compile(rf"\b\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTHS})\b(?: \d{{4}})?", re.IGNORECASE)),
    ("number", re.compile(r"(?<![\d.])\d(?:[ -]?\d){5,19}(?!\d)")),
    ("word", re.compile(r"\b(?:MRN|DOB|NHS number|date of birth|born on|record number|case number)\b", re.IGNORECASE)),
    ("name", re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sister|Nurse|Patient)\.? [A-Z][a-z'’-]+")),
    ("place", re.compile(r"\b(?:bed|room|bay|cubicle) (?:no\.? |number )?\d{1,4}[a-z]?\b", re.IGNORECASE)),
    ("age", re.compile(r"\b\d{1,3}[- ]?(?:year|yr|month|week)s?[- ]old\b", re.IGNORECASE)),
)


def suspects(text: str) -> tuple[tuple[str, str], ...]:
    """What looks like an identifier, as (shape, words found), in the order of the text, each once."""
    found: dict[str, tuple[int, str]] = {}
    for shape, pattern in SHAPES:
        for match in pattern.finditer(text):
            found.setdefault(match[0], (match.start(), shape))
    return tuple((shape, words) for words, (_, shape) in sorted(found.items(), key=lambda each: each[1]))
