"""The desks of those who teach and run the programme: what each is for and who works there.

One list for the page `/manage` and for its place in the navigation. The routes themselves state who may use
them; a desk that a role may not open is not shown to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

TEACHING = frozenset({"educator", "administrator"})
LEADING = frozenset({"cmio", "administrator"})


@dataclass(frozen=True)
class Desk:
    """A place of work: its name, what is done there in a sentence, and the roles that may open it."""

    label: Any
    about: Any
    icon: str
    endpoint: str
    roles: frozenset[str]


DESKS: tuple[tuple[Any, tuple[Desk, ...]], ...] = (
    (
        _l("Teach and examine"),
        (
            Desk(
                _l("Courses I publish"),
                _l("Upload a course in Markdown, see every fault at once, and publish."),
                "edit", "publishing.courses", TEACHING,
            ),
            Desk(
                _l("Question bank"),
                _l("Find questions by competency, use and figures; retire, import and export them."),
                "archive", "bank.questions", TEACHING,
            ),
            Desk(
                _l("Exam desk"),
                _l("Mark essays, answer objections, regrade, reset an attempt, grant extra time."),
                "check", "examining.desk", TEACHING,
            ),
            Desk(
                _l("Standard setting"),
                _l("Let a panel set a pass mark, and keep its evidence with the mark."),
                "sliders", "standards.studies", TEACHING | LEADING | {"supervisor"},
            ),
            Desk(
                _l("Evaluations"),
                _l("What learners say after a course, after 30 days and after 90."),
                "speech", "outcomes.evaluations", TEACHING | LEADING | {"supervisor"},
            ),
        ),
    ),
    (
        _l("Assign and go live"),
        (
            Desk(
                _l("Assignments"),
                _l("Rules for who must take what by when, with a preview of who joins and who leaves."),
                "list", "mandates.rules", TEACHING | LEADING | {"supervisor"},
            ),
            Desk(
                _l("Go-live plans"),
                _l("Readiness now and forecast, super-user cover, who blocks it, and what-if."),
                "flag", "golive.plans", LEADING | {"supervisor"},
            ),
            Desk(
                _l("Quality measures"),
                _l("Import a measure and see it on a control chart beside training."),
                "chart", "outcomes.overview", LEADING | {"supervisor"},
            ),
            Desk(
                _l("Disputed observations"),
                _l("Observations that the observed person does not agree with."),
                "speech", "observations.disputes", LEADING | {"supervisor"},
            ),
        ),
    ),
    (
        _l("Run the programme"),
        (
            Desk(
                _l("Framework"),
                _l("Competencies and dated targets by profession, role and unit; import and export."),
                "checklist", "frameworks.desk", LEADING,
            ),
            Desk(
                _l("People"),
                _l("Invite, reset, give roles, deactivate a leaver; the records stay."),
                "people", "accounts.people", frozenset({"administrator"}),
            ),
            Desk(
                _l("Roster and training"),
                _l("Import units, posts, leave and past training from CSV, with a dry run."),
                "upload", "rostering.desk", frozenset({"administrator"}),
            ),
            Desk(
                _l("Audit trail"),
                _l("Who changed what and when, and who looked at whose record."),
                "shield", "privacy.audit", LEADING,
            ),
        ),
    ),
)  # fmt: skip
MANAGING = frozenset().union(*(desk.roles for _title, desks in DESKS for desk in desks))
# Where these desks are, so that the navigation shows which part of the product a page belongs to.
MANAGED = ("/teach", "/bank", "/exams", "/standards", "/assignments", "/framework", "/admin", "/audit", "/workforce")


def desks_for(roles: frozenset[str]) -> list[tuple[Any, list[Desk]]]:
    """The groups of desks that these roles may open; a group without one is left out."""
    open_to = [(title, [desk for desk in desks if desk.roles & roles]) for title, desks in DESKS]
    return [(title, desks) for title, desks in open_to if desks]
