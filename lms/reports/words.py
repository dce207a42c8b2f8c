"""The definitions that stand under every figure, in one place, and how shares and dates are written. Pure."""

from __future__ import annotations

import datetime as dt

from lms.reports.frame import Frame
from lms.web.texts import Text, date_text
from lms.web.texts import text as _

AIM = 90  # per cent; the share from which a unit counts as ready
# Columns of words in tables, which stand at the start of their cells; all others are figures.
TEXTS = (
    "unit", "name", "competency", "title", "is_ready", "largest_gaps", "course", "profession", "month", "date",
    "signal", "target", "type", "period", "signals", "on", "question", "answer", "figure",
)  # fmt: skip

COUNTED = (
    _("Who is counted"),
    _(
        "People with a current post in the unit or below it and a target above 0, each once a row. Staff on leave are "
        "not counted, nor those whose post has not begun or has ended. Professions without targets are in no "
        "denominator."
    ),
)
AT_TARGET = (
    _("At target"),
    _(
        "The level held on evidence that has not expired is at least the highest target of the person's profession "
        "and roles."
    ),
)
LEVEL = (
    _("Level"),
    _(
        "Per source only the latest unexpired evidence counts; the level is the highest of those under their ceilings: "
        "test and case 2, observation signed off 3, with a coaching log 4, panel 5, prior learning 2, self-rating 1."
    ),
)
FORECAST = (
    _("Forecast"),
    _(
        "The date has not come yet. What is counted is what would be seen on it if nothing happened until then: the "
        "posts, leave and targets known today, and evidence of today as far as it still holds. Nobody renews, nobody "
        "is trained."
    ),
)
NOT_SHOWN = _("Nothing can be shown here that would not tell of a small group")
NOBODY_COUNTED = _("Nobody with a target is counted here")


LOWEST, MANAGED = _("lowest units"), _("those you manage")  # values of filters


def behind(people: int) -> Text:
    """The value of the filter that says of how many people the latest change is not counted."""
    return _("%(people)s people, as they stood before", people=people)


def small(frame: Frame) -> tuple[str, str]:
    """The definition of what is hidden."""
    hidden = _(
        "Groups of 1 to %(few)s people are not shown, nor a second group from which they could be worked out. The date "
        "and the filters stand above; the digest names exactly these figures.",
        few=frame.smallest - 1,
    )
    if frame.profession:
        hidden = _(
            "%(hidden)s Figures of one profession are hidden also where, beside those of all and of other professions, "
            "they would give away a small group of another.",
            hidden=hidden,
        )
    return (_("Small groups"), hidden)


def chosen(frame: Frame) -> tuple[tuple[str, str], ...]:
    """The definition of a choice of competencies, where one was made."""
    if not frame.choice:
        return ()
    codes = ", ".join(each.code for each in frame.competencies)
    only = _("Only targets in these count here: %(codes)s. Other targets are as if nobody had them.", codes=codes)
    return ((_("Competencies"), only),)


def share(part: int, whole: int) -> float | None:
    """A part as a number from 0 to 1 with four decimals, None of an empty whole."""
    return round(part / whole, 4) if whole else None


def percent(part: int, whole: int) -> int:
    """A whole percentage, rounded half up, and 100 only for all."""
    if not whole:
        return 0
    if part == whole:
        return 100
    return min(99, (200 * part + whole) // (2 * whole))


def percent_reached(part: int, whole: int) -> int:
    """A whole percentage rounded down, so that a figure never shows an aim that is not reached."""
    return part * 100 // whole if whole else 0


def short_day(day: dt.date) -> Text:
    """A date in words for a narrow place, such as 27 Nov 2026."""
    return date_text(day, f"{day.day} {day:%b %Y}", "d MMM yyyy")


def long_day(day: dt.date) -> Text:
    """A date in words, such as 27 November 2026."""
    return date_text(day, f"{day.day} {day:%B %Y}", "d MMMM yyyy")
