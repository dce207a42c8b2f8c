"""Rules in words: whom they concern, by when, how often. Pure but for translations."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import ngettext

from lms.assignments.terms import Audience, Terms
from lms.web.shell import day

PROFESSIONS = {
    "physician": lambda: _("physicians"),
    "nurse": lambda: _("nurses"),
    "pharmacist": lambda: _("pharmacists"),
    "other": lambda: _("other staff"),
}
ROLES = {
    "clinician": lambda: _("clinicians"),
    "super-user": lambda: _("super-users"),
    "informaticist": lambda: _("informaticists"),
}


def joined(words: list[str]) -> str:
    """A list as it is said: one, two and three."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s", first=", ".join(words[:-1]), last=words[-1])


def whom(audience: Audience, unit: str) -> str:
    """Whom a rule concerns, as a sentence without its stop."""
    kinds = [PROFESSIONS[each]() for each in PROFESSIONS if each in audience.professions]
    roles = [ROLES[each]() for each in ROLES if each in audience.roles]
    if kinds and roles:
        who = _("%(professions)s who are %(roles)s", professions=joined(kinds), roles=joined(roles))
    else:
        who = joined(kinds or roles) or _("everybody")
    where = (
        _("%(who)s in %(unit)s and below", who=who, unit=unit) if unit else _("%(who)s in the whole hospital", who=who)
    )
    if audience.within_days is not None:
        since = ngettext("whose post began at most %(num)d day ago", "whose post began at most %(num)d days ago",
                         audience.within_days)  # fmt: skip
        where = f"{where}, {since}"
    return where[:1].upper() + where[1:]


def by_when(terms: Terms, pathway: bool = False) -> str:
    """By when something is due."""
    if terms.due_on is not None:
        found = _("By %(day)s", day=day(terms.due_on))
        if terms.due_days is not None:
            found += ngettext(", whoever joins later within %(num)d day", ", whoever joins later within %(num)d days",
                              terms.due_days)  # fmt: skip
    elif terms.due_days is not None:
        found = ngettext("Within %(num)d day of joining", "Within %(num)d days of joining", terms.due_days)
    else:
        found = _("By the days of its steps") if pathway else _("No date")
    if terms.grace_days:
        found += ngettext(", then %(num)d day of grace", ", then %(num)d days of grace", terms.grace_days)
    return found


def how_often(terms: Terms) -> str:
    """Whether and when it is asked again."""
    if terms.follows_expiry:
        return _("Again when the certificate ends")
    if terms.recur_months:
        return ngettext("Again every month", "Again every %(num)d months", terms.recur_months)
    return _("Once")
