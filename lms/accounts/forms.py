"""Forms of sign-in, account and people pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from lms.accounts.passwords import LONGEST
from lms.accounts.refusals import AccountRefused
from lms.accounts.roles import BY_CODE, ROLES
from lms.accounts.services import checked_email


def _strip(value: str | None) -> str:
    """Without outer space, and without the one character that a database may refuse."""
    return (value or "").replace("\x00", "").strip()


def _an_email(form: FlaskForm, field: StringField) -> None:
    try:
        checked_email(field.data or "")
    except AccountRefused:
        raise ValidationError(_l("Write an e-mail address such as name@hospital.org.")) from None


class SignInForm(FlaskForm):
    """E-mail and password. Neither is judged here, so that every mismatch gets the same answer."""

    email = StringField(_l("E-mail"), [DataRequired(_l("Enter your e-mail.")), Length(max=320)], filters=[_strip])
    password = PasswordField(_l("Password"), [InputRequired(_l("Enter your password.")), Length(max=LONGEST)])


class ForgotForm(FlaskForm):
    """Whose password is to be new."""

    email = StringField(_l("E-mail"), [DataRequired(_l("Enter your e-mail.")), _an_email], filters=[_strip])


def _same(form: FlaskForm, field: PasswordField) -> None:
    if field.data != form.password.data:
        raise ValidationError(_l("The two entries differ. Write the same password twice."))


class NewPasswordForm(FlaskForm):
    """A new password, twice. The rule itself stands in `passwords`."""

    password = PasswordField(_l("New password"), [InputRequired(_l("Choose a password."))])
    again = PasswordField(_l("New password once more"), [InputRequired(_l("Write it once more.")), _same])


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    old = PasswordField(_l("Present password"), [InputRequired(_l("Enter your present password."))])


class NameForm(FlaskForm):
    """The name of a person whom the roster does not know."""

    given = StringField(_l("Given name"), [Length(max=200)], filters=[_strip])
    family = StringField(_l("Family name"), [DataRequired(_l("Enter a name.")), Length(max=200)], filters=[_strip])
    display = StringField(_l("Name as printed on certificates"), [Optional(), Length(max=400)], filters=[_strip])


class TokenForm(FlaskForm):
    """A name that says what an API token is for."""

    name = StringField(_l("What is it for?"), [DataRequired(_l("Give it a name.")), Length(max=120)], filters=[_strip])


class RolesForm(FlaskForm):
    """The roles of an account."""

    roles = SelectMultipleField(
        _l("Roles"), choices=[SelectChoice(role.code, role.label) for role in ROLES], validate_choice=True, coerce=str
    )

    def validate_roles(self, field: SelectMultipleField) -> None:
        """At least one, or the account opens nothing."""
        if not field.data:
            raise ValidationError(_l("Choose one role or more."))
        if set(field.data) - set(BY_CODE):
            raise ValidationError(_l("Choose among the roles shown."))


class NewAccountForm(RolesForm):
    """Somebody to invite whom the roster may not know."""

    email = StringField(_l("E-mail"), [DataRequired(_l("Enter the e-mail.")), _an_email], filters=[_strip])
