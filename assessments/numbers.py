"""Numbers as authors and learners write them, kept exact.

An author writes a decimal point and any of the minus signs; a learner types a point or a comma. Every number is
bounded, so that none can take long to work with.
"""

import math
import re
from fractions import Fraction

from assessments.model import AnswerError

NUMBER = r"[+\-−]?(?:\d{1,30}(?:\.\d{1,30})?|\.\d{1,30})(?:[eE][+\-−]?\d{1,2})?"
MOST_DIGITS = 15
_NUMBER = re.compile(NUMBER, re.ASCII)
_TYPED = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+", re.ASCII)
_SPACED = re.compile(r"[+-]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?", re.ASCII)
_SPACES = re.compile("[\u00a0\u2009\u202f ]+")


def author_number(text: str) -> Fraction | None:
    """Return the exact value of a number in an item's source, or None where it is not one."""
    return Fraction(text.replace("−", "-")) if _NUMBER.fullmatch(text) else None


def parse_number(text: str) -> int | float | None:
    """Return the number a learner typed into a form, as the API would carry it; None for an empty field.

    A comma is read as a decimal point. "1,200" could mean two things, so it is refused rather than guessed at.
    Raises AnswerError with what was expected.
    """
    plain = _SPACES.sub(" ", text).strip().replace("−", "-").replace("–", "-")
    if not plain:
        return None
    if _THOUSANDS.fullmatch(plain):
        whole = plain.replace(",", "")
        raise AnswerError(f"{plain} could be read in two ways; write {whole} or {plain.replace(',', '.')}")
    if _SPACED.fullmatch(plain):
        plain = plain.replace(" ", "")
    if not _TYPED.fullmatch(plain):
        raise AnswerError("expected a number without its unit, such as 12.5 or 12,5")
    if sum(one.isdigit() for one in plain) > MOST_DIGITS:
        raise AnswerError(f"expected a number of at most {MOST_DIGITS} digits")
    return json_number(float(plain.replace(",", ".")))


def json_number(value: int | float) -> int | float:
    """Return the same number, whole ones as int; raises AnswerError where it is not finite or beyond bounds."""
    if isinstance(value, float) and not math.isfinite(value):
        raise AnswerError("expected a finite number")
    if abs(value) > 10**MOST_DIGITS and isinstance(value, int):
        raise AnswerError(f"expected a number of at most {MOST_DIGITS} digits")
    if isinstance(value, float) and abs(value) < 10**MOST_DIGITS and value == int(value):
        return int(value)
    return value


def exact(value: int | float) -> Fraction:
    """Return the decimal number that was written, not its nearest binary one: 0.1 is one tenth."""
    return Fraction(repr(value))
