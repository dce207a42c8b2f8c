"""The form with which something is asked of one person."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from lms.assignments.services import LONGEST_TEXT


class AssignForm(FlaskForm):  # type: ignore[misc]
    """What, by when, why."""

    target = SelectField(_l("What"), validators=[DataRequired(_l("Choose a course, a pathway or a policy."))])
    kind = RadioField(
        _l("How"),
        choices=[
            SelectChoice("mandatory", _l("It has to be done by the day below")),
            SelectChoice("recommended", _l("I recommend it")),
        ],
        default="mandatory",
        validators=[DataRequired(_l("Choose one of the two."))],
    )
    due_on = DateField(_l("By when"), validators=[Optional()])
    note = StringField(
        _l("Why"),
        validators=[Optional(), Length(max=LONGEST_TEXT, message=_l("At most 300 characters."))],
    )
