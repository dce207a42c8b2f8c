"""The stated rule: for every table that holds something about a person, what erasure and time do to it. Pure data.

A test holds that no table with personal data lacks a rule. `docs/privacy.md` gives the reasons in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import null

YEAR = 365
SQL_NULL = null()

Way = Literal[
    "person", "account", "enrolment", "attempt", "observation", "prior_learning", "evidence", "record_view", "address",
    "none",
]  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """What becomes of old rows: after `days` counted from the moment in `column` they are deleted or blanked."""

    column: str
    days: int
    blank: Mapping[str, Any] | None = None  # columns to empty; None: the row goes


@dataclass(frozen=True)
class Rule:
    """How a table's rows belong to a person, and what happens to them.

    `way` says through what: a person, an account, another of their rows, or the e-mail address; `columns` are the
    columns that point there. `erase` is "keep", "delete", or the columns to empty. `why` is said where rows stay.
    """

    way: Way
    columns: tuple[str, ...]
    erase: Literal["keep", "delete"] | Mapping[str, Any]
    why: str = ""
    kept: Kept | None = None
    copy: bool = True  # whether the owner's copy of the data holds the rows
    secret: tuple[str, ...] = field(default=())  # columns that no copy shows


PERSON, ACCOUNT, ENROLMENT, ATTEMPT = ("person_id",), ("account_id",), ("enrolment_id",), ("attempt_id",)
FIGURES = "Figures of past dates are counted from it; it names nobody once the person is erased."
RECORD = "A certificate is a permanent record that its holder may have shown to others; its number must stay checkable."
TRAIL = "It says who acted, by numbers that name nobody once the person is erased."

RULES: Mapping[str, Rule] = {
    # Who somebody is, and their way in. The row of the person stays as a number without a name.
    "person": Rule("person", ("id",), {
        "given_name": "", "family_name": "", "display_name": "Erased person", "email": SQL_NULL,
        "employee_id": SQL_NULL,
    }),
    "account": Rule("account", ("id",), {"password_hash": SQL_NULL, "locale": ""}, secret=("password_hash",)),
    "account_role": Rule("account", ACCOUNT, "delete"),
    "unit_grant": Rule("account", ACCOUNT, "delete"),
    "sign_in": Rule("account", ACCOUNT, "delete", kept=Kept("expires_at", 90), secret=("token_hash",)),
    "sign_in_failure": Rule("none", (), "keep", "Hashes that count tries.", Kept("at", 1), copy=False),
    "mail_link": Rule("account", ACCOUNT, "delete", kept=Kept("expires_at", 90), secret=("token_hash",)),
    "api_token": Rule("account", ACCOUNT, "delete", secret=("token_hash",)),
    "saved_view": Rule("account", ACCOUNT, "delete"),
    "mail": Rule("address", ("to",), "delete", kept=Kept("created_at", 30)),
    "upload": Rule("account", ACCOUNT, "delete", kept=Kept("uploaded_at", 7), copy=False),
    "import_file": Rule("account", ACCOUNT, "delete", kept=Kept("uploaded_at", 1), copy=False),
    # Where somebody worked.
    "post": Rule("person", ("person_id", "manager_id"), "keep", FIGURES),
    "past_profession": Rule("person", PERSON, "keep", FIGURES),
    "leave": Rule("person", PERSON, "keep", FIGURES),
    # What somebody learned and showed.
    "enrolment": Rule("person", PERSON, "keep", FIGURES),
    "lesson_progress": Rule("enrolment", ENROLMENT, "keep", FIGURES),
    "check_answer": Rule("enrolment", ENROLMENT, "delete", kept=Kept("answered_at", 3 * YEAR)),
    "completion": Rule("enrolment", ENROLMENT, "keep", FIGURES),
    "attempt": Rule("person", PERSON, "keep", FIGURES),
    "response": Rule(
        "attempt", ATTEMPT, {"answer": SQL_NULL}, kept=Kept("saved_at", 3 * YEAR, {"answer": SQL_NULL})
    ),
    "attempt_reset": Rule("attempt", ATTEMPT, {"reason": ""}),
    "time_allowance": Rule("person", PERSON, "delete"),
    "time_request": Rule("person", PERSON, "delete", kept=Kept("asked_at", YEAR)),
    "challenge": Rule("attempt", ATTEMPT, {"words": "", "answer": ""}),
    "regraded": Rule("attempt", ATTEMPT, "keep", FIGURES),
    "essay_mark": Rule("attempt", ATTEMPT, {"comment": ""}, secret=("marker_id",)),
    # What was answered stands in no row of a person; that it was answered, and an unsent draft, do.
    "evaluation_asked": Rule("person", PERSON, "delete"),
    "evidence": Rule("person", PERSON, {"document": ""}),
    "evidence_withdrawal": Rule("evidence", ("evidence_id",), {"reason": ""}),
    "placement_test": Rule(
        "person", PERSON, {"answers": SQL_NULL}, kept=Kept("started_at", 3 * YEAR, {"answers": SQL_NULL})
    ),
    "observation": Rule("person", PERSON, {"note": ""}),
    "observation_event": Rule("observation", ("observation_id",), {"note": ""}),
    "observation_request": Rule("person", PERSON, "delete", kept=Kept("asked_at", 2 * YEAR)),
    "coaching_entry": Rule("person", ("coach_id", "person_id"), {"practised": ""}),
    "prior_learning": Rule("person", PERSON, {"title": "", "file_name": ""}),
    "prior_document": Rule("prior_learning", ("prior_id",), "delete", secret=("data",)),
    "panel_decision": Rule("person", PERSON, {"minutes": ""}),
    "nudge": Rule("person", PERSON, "delete", kept=Kept("at", YEAR)),
    "standing": Rule("person", PERSON, "keep", FIGURES, copy=False),
    "mark": Rule("person", PERSON, "keep", "A number that waits to be counted.", copy=False),
    "credential": Rule("person", PERSON, "keep", RECORD),
    # What is asked of somebody, and what they promised.
    "attestation": Rule("person", PERSON, "keep", FIGURES),
    "assignment_direct": Rule("person", PERSON, {"note": ""}),
    "assignment_exemption": Rule("person", PERSON, {"reason": ""}),
    "reminder_sent": Rule("none", (), "keep", "Keys that keep a reminder from going out twice.",
                          Kept("sent_at", 800), copy=False),
    # Who did what.
    "audit_entry": Rule("account", ("actor_id",), "keep", TRAIL),
    # Where a look was goes with the person: the names of lists and units tell where somebody worked.
    "record_view_place": Rule("record_view", ("view_id",), "delete", kept=Kept("at", 2 * YEAR)),
    "record_view": Rule("person", ("subject_id",), "keep", TRAIL, Kept("at", 2 * YEAR)),
    "regrade": Rule("account", ("made_by",), "keep", TRAIL, copy=False),
    "retired_item": Rule("account", ("retired_by", "restored_by"), "keep", TRAIL, copy=False),
    "standard_study": Rule("account", ("created_by",), "keep", TRAIL, copy=False),
    "standard_judge": Rule("account", ACCOUNT, "keep", TRAIL),
    "standard_rating": Rule("account", ACCOUNT, "keep", "A pass mark rests on it; judges are numbers there."),
    "standard_judgement": Rule("person", PERSON, "delete", kept=Kept("judged_at", YEAR)),
    "standard_round": Rule("account", ("closed_by",), "keep", TRAIL, copy=False),
    "standard_adopted": Rule("account", ("adopted_by",), "keep", TRAIL, copy=False),
    "erasure": Rule("person", PERSON, "keep", "It proves that the erasure was carried out.", copy=False),
    "delegation": Rule("account", ("from_id", "to_id"), "keep", TRAIL),
    "checklist": Rule("account", ("published_by",), "keep", "A text that everybody uses.", copy=False),
    "golive_plan": Rule("account", ("created_by",), "keep", TRAIL, copy=False),
    "golive_edition": Rule("account", ("saved_by",), "keep", TRAIL, copy=False),
    "golive_tick": Rule("account", ("by",), "keep", TRAIL, copy=False),
    "golive_outcome": Rule("account", ("entered_by",), "keep", TRAIL, copy=False),
    "framework_edition": Rule("account", ("imported_by",), "keep", TRAIL, copy=False),
    "target_change": Rule("account", ("decided_by",), "keep", TRAIL, copy=False),
    "target_withdrawal": Rule("account", ("withdrawn_by",), "keep", TRAIL, copy=False),
    "course_version": Rule("account", ("published_by",), "keep", "Authors are named as they published.", copy=False),
    "job": Rule("none", (), "keep", "Numbers only; gone when the work is done.", Kept("ended_at", 30), copy=False),
}  # fmt: skip

LEAVERS_AFTER = 6 * YEAR  # days after the end of the last post, after which a leaver is erased without being asked
