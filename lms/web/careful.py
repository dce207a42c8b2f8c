"""Free text of a form is looked through for what could identify a patient, and its writer is asked once.

Shapes are found and not knowledge (`lms.web.identifiers`), so the writer decides: reword, or tick that nobody can be
recognised. Nothing is stored before.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field
from wtforms.validators import ValidationError

from lms.web.identifiers import suspects

SHOWN = 5


class CarefulForm(FlaskForm):  # type: ignore[misc]
    """A form with free text: `identifiers` is shown once something was found, and lets it pass when ticked."""

    identifiers = BooleanField(_l("I have looked: nobody can be recognised by these words"))
    suspected = False


class NoIdentifiers:
    """Ask about words of a `CarefulForm` that could identify a patient. `expected` are shapes that belong there."""

    def __init__(self, *expected: str) -> None:
        self.expected = frozenset(expected)

    def __call__(self, form: Any, field: Field) -> None:
        """Mark the form as suspected; raises ValidationError unless its writer has looked."""
        found = [words for shape, words in suspects(field.data or "") if shape not in self.expected]
        if not found:
            return
        form.suspected = True
        if not form.identifiers.data:
            words = ", ".join(f"“{each}”" for each in found[:SHOWN])
            raise ValidationError(
                _(
                    "Could this identify a patient? Look at %(words)s: reword it, or tick below that it cannot.",
                    words=words,
                )
            )
