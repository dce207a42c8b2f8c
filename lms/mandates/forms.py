"""The form of a rule, and those of an exemption and of a withdrawal."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
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
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from lms.assignments.facts import Rule
from lms.assignments.services import LONGEST_TEXT
from lms.assignments.terms import Audience, Target, Terms

WHOLE = _l("Give a whole number, such as 30.")


def _number(label: object, low: int, high: int) -> IntegerField:
    return IntegerField(label, validators=[Optional(), NumberRange(low, high, _l("The number is out of range."))])


class RuleForm(FlaskForm):  # type: ignore[misc]
    """What is asked of whom by when."""

    key = HiddenField()
    target = SelectField(_l("What"), validators=[DataRequired(_l("Choose what the rule asks."))])
    level = SelectField(
        _l("Level, for a competency"),
        choices=[SelectChoice("", _l("Not a competency")), *(SelectChoice(str(n), str(n)) for n in range(1, 6))],
        validators=[Optional()],
    )
    kind = RadioField(
        _l("How"),
        choices=[SelectChoice("mandatory", _l("Mandatory")), SelectChoice("recommended", _l("Recommended"))],
        default="mandatory",
        validators=[DataRequired(_l("Choose one of the two."))],
    )
    unit = SelectField(_l("Where"), validators=[Optional()])
    professions = SelectMultipleField(
        _l("Professions"),
        choices=[
            SelectChoice("physician", _l("Physicians")),
            SelectChoice("nurse", _l("Nurses")),
            SelectChoice("pharmacist", _l("Pharmacists")),
            SelectChoice("other", _l("Other staff")),
        ],
    )
    roles = SelectMultipleField(
        _l("Roles"),
        choices=[
            SelectChoice("clinician", _l("Clinicians")),
            SelectChoice("super-user", _l("Super-users")),
            SelectChoice("informaticist", _l("Informaticists")),
        ],
    )
    within_days = _number(_l("Only posts that began at most so many days ago"), 0, 3650)
    due_days = _number(_l("Days after joining"), 0, 3650)
    due_on = DateField(_l("Or by a fixed day"), validators=[Optional()])
    grace_days = _number(_l("Days of grace"), 0, 365)
    again = RadioField(
        _l("Again"),
        choices=[
            SelectChoice("once", _l("Once is enough")),
            SelectChoice("months", _l("Again after some months")),
            SelectChoice("expiry", _l("Again when the certificate ends")),
        ],
        default="once",
        validators=[DataRequired(_l("Choose one."))],
    )
    recur_months = _number(_l("Months"), 1, 120)
    because = StringField(
        _l("Why"), validators=[Optional(), Length(max=LONGEST_TEXT, message=_l("At most 300 characters."))]
    )

    def parts(self, unit_id: int | None) -> tuple[Target, Audience, Terms]:
        """The words of the rule."""
        kind, _sep, code = (self.target.data or "").partition(":")
        level = int(self.level.data) if self.level.data else None
        target = Target(kind, code, level)
        audience = Audience(
            unit_id, frozenset(self.professions.data or ()), frozenset(self.roles.data or ()), self.within_days.data
        )
        terms = Terms(
            mandatory=self.kind.data == "mandatory",
            due_on=self.due_on.data,
            due_days=self.due_days.data,
            recur_months=self.recur_months.data if self.again.data == "months" else None,
            follows_expiry=self.again.data == "expiry",
            grace_days=self.grace_days.data or 0,
        )
        return target, audience, terms

    def fill(self, rule: Rule, unit_code: str) -> None:
        """Show the newest version of a rule."""
        version = rule.newest
        terms, audience = version.terms, version.audience
        self.target.data = f"{version.target.kind}:{version.target.code}"
        self.level.data = str(version.target.level or "")
        self.kind.data = "mandatory" if terms.mandatory else "recommended"
        self.unit.data = unit_code
        self.professions.data, self.roles.data = sorted(audience.professions), sorted(audience.roles)
        self.within_days.data, self.due_days.data, self.due_on.data = audience.within_days, terms.due_days, terms.due_on
        self.grace_days.data = terms.grace_days or None
        self.again.data = "expiry" if terms.follows_expiry else "months" if terms.recur_months else "once"
        self.recur_months.data = terms.recur_months
        self.because.data = version.because


class ExemptForm(FlaskForm):  # type: ignore[misc]
    """Until when, and why."""

    ends = DateField(_l("Last day"), validators=[DataRequired(_l("Give the last day, such as 27/11/2026."))])
    reason = StringField(
        _l("Reason"),
        validators=[
            DataRequired(_l("Say why, without a diagnosis.")),
            Length(max=LONGEST_TEXT, message=_l("At most 300 characters.")),
        ],
    )


class WithdrawForm(FlaskForm):  # type: ignore[misc]
    """Why a policy goes out of force."""

    reason = TextAreaField(_l("Reason"), validators=[DataRequired(_l("Say why the policy is withdrawn."))])
