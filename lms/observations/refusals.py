"""Why an act of this feature is refused: one exception for all of them."""

from __future__ import annotations


class Refused(Exception):
    """The act cannot be done. `kind` is a machine word, `field` the form field at fault."""

    def __init__(self, kind: str, message: str, field: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.field = field


def refuse_unstorable(text: str, longest: int, field: str, what: str = "The note") -> None:
    """Refuse text that is too long or holds characters that a database cannot store."""
    if len(text) > longest:
        raise Refused(field, f"{what} is longer than {longest} characters.", field)
    if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in text):
        raise Refused(field, f"{what} holds characters that cannot be stored.", field)
