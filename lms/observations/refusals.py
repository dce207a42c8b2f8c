"""Why an act of this feature is refused: one exception for all of them."""

from __future__ import annotations

from flask_babel import gettext as _


class Refused(Exception):
    """The act cannot be done. `kind` is a machine word, `field` the form field at fault."""

    def __init__(self, kind: str, message: str, field: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.field = field


def refuse_unstorable(text: str, longest: int, field: str, what: str = "") -> None:
    """Refuse text that is too long or holds characters that a database cannot store; `what` names it."""
    what = what or _("The note")
    if len(text) > longest:
        raise Refused(field, _("%(what)s is longer than %(longest)s characters.", what=what, longest=longest), field)
    if any(sign == "\0" or "\ud800" <= sign <= "\udfff" for sign in text):
        raise Refused(field, _("%(what)s holds characters that cannot be stored.", what=what), field)
