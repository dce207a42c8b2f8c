"""Regular expressions that no pattern and no answer can hang.

The dialect is RE2: it has no back-references and no look-around, and its time grows with the length of the text
alone. A pattern is matched against the whole answer.
"""

from functools import lru_cache
from typing import Any

import re2

_MEMORY = 1 << 20
LONGEST_PATTERN = 1000


class PatternError(ValueError):
    """A pattern that the dialect cannot express; the message says which part."""


@lru_cache(maxsize=2000)
def _compiled(pattern: str, case_sensitive: bool) -> Any:
    options = re2.Options()
    options.case_sensitive = case_sensitive
    options.log_errors = False
    options.max_mem = _MEMORY
    return re2.compile(pattern, options)


def check_pattern(pattern: str) -> None:
    """Raise PatternError where a pattern cannot be used."""
    if len(pattern) > LONGEST_PATTERN:
        raise PatternError(f"it is longer than {LONGEST_PATTERN} characters")
    try:
        _compiled(pattern, False)
        _compiled(pattern, True)
    except re2.error as error:
        reason = error.args[0] if error.args else "it cannot be read"
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise PatternError(f"{text} (the dialect has no look-around and no back-references)") from None


def whole_match(pattern: str, text: str, *, case_sensitive: bool) -> bool:
    """Say whether the pattern matches all of the text; raises PatternError on a pattern that cannot be used."""
    try:
        return _compiled(pattern, case_sensitive).fullmatch(text) is not None
    except re2.error:
        check_pattern(pattern)
        raise
