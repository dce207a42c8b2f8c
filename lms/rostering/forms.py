"""The forms of the roster desk: which files."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class RosterForm(FlaskForm):  # type: ignore[misc]
    """The two files of a roster."""

    units = FileField(_l("Units"), validators=[FileRequired(_l("Choose the file of units."))])
    people = FileField(_l("People and posts"), validators=[FileRequired(_l("Choose the file of people."))])


class TrainingForm(FlaskForm):  # type: ignore[misc]
    """The file of past training."""

    training = FileField(_l("Past training"), validators=[FileRequired(_l("Choose the file of past training."))])
