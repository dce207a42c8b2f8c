"""Forms of an administrator's decisions about a certificate."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from certificates.facts import LONGEST
from lms.credentials.services import LONGEST_REASON

_REASON = [
    DataRequired(_l("Give the reason; the holder reads it.")),
    Length(max=LONGEST_REASON, message=_l("At most %(max)d characters fit.")),
]


def _text(label: str, name: str, *, needed: bool = True) -> StringField:
    rules = [Length(max=LONGEST[name], message=_l("At most %(max)d characters fit on the page."))]
    if needed:
        rules.insert(0, DataRequired(_l("Write it as it shall be printed.")))
    return StringField(label, validators=rules)


class CorrectionForm(FlaskForm):  # type: ignore[misc]
    """What is to be printed instead."""

    name = _text(_l("Name"), "name")
    profession = _text(_l("Profession"), "profession")
    unit = _text(_l("Unit"), "unit", needed=False)
    reason = TextAreaField(_l("Reason"), validators=_REASON)


class RevocationForm(FlaskForm):  # type: ignore[misc]
    """Why a certificate is taken back."""

    reason = TextAreaField(_l("Reason"), validators=_REASON)
