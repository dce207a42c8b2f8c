"""The forms of observing: choices of people and competencies are filled in by the views."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from lms.observations.services import LONGEST_NOTE
from lms.web.careful import CarefulForm, NoIdentifiers

_DAY = _l("Give the day, such as 27/11/2026.")
_LEVEL = _l("Choose the level that you saw.")
_COMPETENCY = _l("Choose the competency.")


def listed(pairs: Iterable[tuple[Any, Any]]) -> list[SelectChoice]:
    """Pairs of value and label as the choices of a field."""
    return [SelectChoice(value, label) for value, label in pairs]


def _note(label: Any, longest: int = LONGEST_NOTE, *expected: str) -> TextAreaField:
    too_long = _l("This is too long; at most %(max)d characters.")
    return TextAreaField(
        label, validators=[Optional(), Length(max=longest, message=too_long), NoIdentifiers(*expected)]
    )


class ObservationForm(CarefulForm):
    """The quick form: what was seen, at which level, and when."""

    key = HiddenField()
    competency = SelectField(_l("Competency"), validators=[DataRequired(_l("Choose the competency you observed."))])
    level = RadioField(_l("What you saw"), coerce=int, choices=[], validators=[DataRequired(_LEVEL)])
    observed_on = DateField(_l("Day of the observation"), validators=[DataRequired(_DAY)])
    note = _note(_l("Note"))


class BedsideForm(CarefulForm):
    """The bedside: the ticks of the checklist come beside this form, one field an item."""

    key = HiddenField()
    checklist = HiddenField()
    level = RadioField(_l("What you saw"), coerce=int, choices=[], validators=[DataRequired(_LEVEL)])
    observed_on = DateField(_l("Day"), validators=[DataRequired(_DAY)])
    setting = SelectField(
        _l("Where"), choices=listed([("work", _l("At work")), ("simulation", _l("In simulation"))]), default="work"
    )
    note = _note(_l("Note"))


class ReasonForm(CarefulForm):
    """Why an observation is withdrawn."""

    reason = TextAreaField(
        _l("Reason"), validators=[DataRequired(_l("Give the reason; it stays in the record.")), NoIdentifiers()]
    )


class AnswerForm(CarefulForm):
    """What the observed person says."""

    kind = HiddenField(validators=[DataRequired(_l("Confirm or dispute."))])
    note = _note(_l("Comment"))


class AskForm(CarefulForm):
    """Whom to ask, and when it suits."""

    supervisor = SelectField(_l("Whom do you ask?"), choices=[], validate_choice=False)
    note = _note(_l("When would it suit?"), 500, "date")


class CoachingForm(CarefulForm):
    """An entry of the coaching log."""

    key = HiddenField()
    person = SelectField(_l("Whom you coached"), choices=[], validate_choice=False)
    other = StringField(_l("Or somebody of another unit"), validators=[Optional(), Length(max=320)])
    competency = SelectField(_l("Competency"), choices=[], validators=[DataRequired(_COMPETENCY)])
    coached_on = DateField(_l("Day"), validators=[DataRequired(_DAY)])
    minutes = IntegerField(
        _l("Minutes"), validators=[InputRequired(_l("Give the minutes.")), NumberRange(1, 600, _l("1 to 600 minutes."))]
    )
    practised = TextAreaField(
        _l("What was practised"),
        validators=[DataRequired(_l("Say in a line what was practised.")), NoIdentifiers()],
    )


class PriorForm(FlaskForm):  # type: ignore[misc]
    """Learning from elsewhere, with its document."""

    key = HiddenField()
    competency = SelectField(_l("Competency"), choices=[], validators=[DataRequired(_COMPETENCY)])
    title = StringField(
        _l("What it was, and who gave it"), validators=[DataRequired(_l("Say what it was.")), Length(max=300)]
    )
    achieved_on = DateField(_l("Day of the document"), validators=[DataRequired(_DAY)])
    level = RadioField(
        _l("What it shows"), coerce=int, choices=[], validators=[DataRequired(_l("Choose the level that it shows."))]
    )
    document = FileField(_l("Document"), validators=[FileRequired(_l("Choose the document."))])


class PriorSignForm(FlaskForm):  # type: ignore[misc]
    """At which level prior learning is signed off."""

    level = SelectField(_l("Level"), coerce=int, choices=listed([(1, "1"), (2, "2"), (3, "3")]), default=3)


class PanelForm(CarefulForm):
    """What a panel decided."""

    key = HiddenField()
    competency = SelectField(_l("Competency"), choices=[], validators=[DataRequired(_COMPETENCY)])
    level = RadioField(_l("Level"), coerce=int, choices=[], validators=[DataRequired(_l("Choose the level."))])
    held_on = DateField(_l("Day of the panel"), validators=[DataRequired(_DAY)])
    members = TextAreaField(_l("Members, one a line"), validators=[DataRequired(_l("Name the members, one a line."))])
    minutes = TextAreaField(
        _l("Minutes"), validators=[DataRequired(_l("The minutes are the evidence.")), NoIdentifiers("date", "name")]
    )


class DelegationForm(FlaskForm):  # type: ignore[misc]
    """Lending the right to sign off."""

    key = HiddenField()
    to = StringField(
        _l("To whom"), validators=[DataRequired(_l("Give the e-mail of your colleague’s account.")), Length(max=320)]
    )
    scope = SelectField(_l("For whom"), choices=[], validators=[DataRequired(_l("Choose a unit or a person."))])
    competencies = SelectMultipleField(_l("Competencies"), choices=[])
    starts = DateField(_l("First day"), validators=[DataRequired(_DAY)])
    ends = DateField(_l("Last day"), validators=[DataRequired(_DAY)])
