"""The form of an observation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from lms.observations.services import LONGEST_NOTE


class ObservationForm(FlaskForm):  # type: ignore[misc]
    """What was seen, at which level, and when."""

    key = HiddenField()
    competency = SelectField(_l("Competency"), validators=[DataRequired(_l("Choose the competency you observed."))])
    level = RadioField(
        _l("What you saw"),
        coerce=int,
        choices=[
            (1, _l("Level 1, aware: knows what to do, did not do it alone")),
            (2, _l("Level 2, assisted: did it with help or prompts")),
            (3, _l("Level 3, independent: did it safely without help")),
        ],
        validators=[DataRequired(_l("Choose the level that you saw."))],
    )
    observed_on = DateField(
        _l("Day of the observation"), validators=[DataRequired(_l("Give the day, such as 27/11/2026."))]
    )
    note = TextAreaField(
        _l("Note"),
        validators=[
            Optional(),
            Length(max=LONGEST_NOTE, message=_l("The note is too long; at most 2,000 characters.")),
        ],
    )
