"""Obligations as a page says them: title, address, and by when in words. Knows pages, reads nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from lms.assignments.facts import Book
from lms.assignments.obligations import WAITING, Obligation
from lms.assignments.terms import Target
from lms.learning.notes import Note
from lms.web.shell import day, short_day

SIGNS = {"course": "book", "pathway": "list", "policy": "shield", "competency": "clipboard"}
KINDS = {
    "overdue": "bad", "grace": "warn", "due": "warn", "soon": "act", "open": "act", "done": "good", "exempt": "",
    "away": "",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """An obligation on a page. `strong` says by when, `why` who asks and for what reason."""

    obligation: Obligation
    title: str
    strong: str
    why: str

    @property
    def url(self) -> str:
        """The page on which it is done."""
        return address(self.obligation.target)

    @property
    def kind(self) -> str:
        """The colour of its sign."""
        return KINDS[self.obligation.state]

    @property
    def sign(self) -> str:
        """The icon of what is asked."""
        return SIGNS[self.obligation.target.kind]

    @property
    def waits(self) -> bool:
        """Whether the person has to do something."""
        return self.obligation.state in WAITING


def lines(book: Book, obligations: Iterable[Obligation], today: dt.date) -> tuple[Line, ...]:
    """The obligations as lines, in their order."""
    return tuple(Line(each, title(book, each.target), by_when(each, today), why(each)) for each in obligations)


def title(book: Book, target: Target) -> str:
    """What is asked, in a few words."""
    name = book.title(target)
    if target.kind == "competency":
        return _("%(code)s %(title)s at level %(level)s", code=target.code, title=name, level=target.level)
    return name


def address(target: Target) -> str:
    """The page on which it is done."""
    if target.kind == "course":
        return url_for("learning.course", code=target.code)
    if target.kind == "pathway":
        return url_for("assignments.pathway", code=target.code)
    if target.kind == "policy":
        return url_for("policies.policy", code=target.code)
    return url_for("competency.profile")


def by_when(each: Obligation, today: dt.date) -> str:
    """By when, or how it stands."""
    due = each.due_on
    if each.state == "done":
        until = each.lapses_on
        return _("Done, holds until %(day)s", day=day(until)) if until else _("Done %(day)s", day=day(each.done_on))
    if each.state == "exempt":
        return _("You are exempt")
    if each.state == "away":
        return _("The clock stands still while you are away")
    if due is None:
        return _("No date") if each.mandatory else _("Recommended")
    shown = short_day(due) if due.year == today.year else day(due)
    if due < today:
        return _("Was due %(day)s", day=shown) if each.state != "overdue" else _("Overdue since %(day)s", day=shown)
    if due == today:
        return _("Due today")
    return _("Renew by %(day)s", day=shown) if each.renewal else _("Due %(day)s", day=shown)


def why(each: Obligation) -> str:
    """Who asks it, and why."""
    if each.direct:
        who = each.by or _("your supervisor")
        return (
            _("Assigned by %(name)s: %(note)s", name=who, note=each.because)
            if each.because
            else _("Assigned by %(name)s", name=who)
        )
    return each.because or (_("Mandatory at this hospital") if each.mandatory else _("Recommended by this hospital"))


def note(line: Line) -> Note:
    """The same as a note on the page of a course."""
    each = line.obligation
    words = _("This course is assigned to you.") if each.mandatory else _("This course is recommended to you.")
    return Note(words, (line.strong, line.why), line.kind)
