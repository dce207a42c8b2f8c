"""What an act of the audit trail was about, in words, whom it concerned, and where it can be read. Reads only.

A page of the trail is short, so each subject is looked up by itself and once. What is no longer there keeps its code.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from lms.accounts.queries import person_of_account
from lms.assignments import queries as assignments
from lms.audit.queries import EntryFacts
from lms.catalog import queries as catalog
from lms.competency.queries import competency
from lms.credentials.queries import by_serial
from lms.golive import queries as golive
from lms.observations.queries import one as observation
from lms.people.facts import PersonFacts
from lms.people.queries import people_by_ids, person_by_public_id, unit_by_code
from lms.policies import queries as policies
from lms.quizzes.queries import any_attempt

OPAQUE = re.compile(r"[0-9a-f]{20,64}")  # ids and digests say nothing to a reader; the CSV has them


@dataclass(frozen=True)
class Subject:
    """`words` say what it was, `endpoint` and `values` where it is; `person` is whom it concerned, if anybody."""

    words: str
    person: PersonFacts | None = None
    endpoint: str = ""
    values: tuple[tuple[str, str], ...] = ()


def subjects(found: Iterable[EntryFacts]) -> Mapping[tuple[str, str], Subject]:
    """By kind and code what each of these acts was about."""
    return {key: _subject(*key) for key in {(each.subject_kind, each.subject) for each in found}}


def details(entry: EntryFacts) -> tuple[tuple[str, str], ...]:
    """The facts of an act that a reader can use."""
    said = [(name, _said(value)) for name, value in entry.detail.items() if value not in (None, "", [])]
    return tuple((name, text) for name, text in said if not OPAQUE.fullmatch(text))


def _said(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _subject(kind: str, code: str) -> Subject:
    find = FINDERS.get(kind)
    found = find(code) if find else None
    if found is not None:
        return found
    said = KINDS[kind]() if kind in KINDS else kind.replace("_", " ")
    return Subject(said if OPAQUE.fullmatch(code) else f"{said} {code}")


def _person_of(person_id: int | None) -> PersonFacts | None:
    return people_by_ids([person_id]).get(person_id) if person_id is not None else None


def _person(code: str) -> Subject | None:
    found = person_by_public_id(code)
    return Subject(_("a person’s record"), found) if found else None


def _account(code: str) -> Subject | None:
    person_id = person_of_account(code)
    return Subject(_("an account"), _person_of(person_id)) if person_id else None


def _course(code: str) -> Subject | None:
    found = catalog.current_version(code)
    return Subject(f"{found.title} ({code})", None, "learning.course", (("code", code),)) if found else None


def _credential(serial: str) -> Subject | None:
    found = by_serial(serial)
    if found is None:
        return None
    title = _title(found.course_code)
    words = _("certificate of %(title)s", title=title)
    return Subject(words, _person_of(found.person_id), "credentials.verify_serial", (("serial", serial),))


def _title(code: str) -> str:
    found = catalog.current_version(code)
    return found.title if found else code


def _attempt(code: str) -> Subject | None:
    found = any_attempt(code)
    if found is None:
        return None
    version = catalog.version(found.version_id)
    words = _("assessment of %(title)s, attempt %(n)s", title=version.title if version else "", n=found.number)
    return Subject(words, _person_of(found.person_id))


def _observation(code: str) -> Subject | None:
    found = observation(code)
    if found is None:
        return None
    known = competency(found.competency)
    name = f"{found.competency} {known.title}" if known else found.competency
    return Subject(_("observation in %(competency)s", competency=name), _person_of(found.person_id))


def _competency(code: str) -> Subject | None:
    found = competency(code)
    return Subject(f"{code} {found.title}", None, "frameworks.desk") if found else None


def _policy(code: str) -> Subject | None:
    texts = policies.texts(code)
    return Subject(texts[0].title, None, "mandates.policy_desk", (("code", code),)) if texts else None


def _golive(code: str) -> Subject | None:
    found = golive.plan(code)
    return Subject(found.text.name, None, "golive.plan", (("plan", code),)) if found else None


def _assignment(code: str) -> Subject | None:
    rule = assignments.rule(code)
    if rule is not None:
        target = rule.newest.target
        words = _("rule about %(what)s", what=_title(target.code) if target.kind == "course" else target.code)
        return Subject(words, None, "mandates.rule", (("public", code),))
    direct = assignments.direct(code)
    return Subject(_title(direct.target.code), _person_of(direct.person_id)) if direct else None


def _unit(code: str) -> Subject | None:
    found = unit_by_code(code)
    return Subject(found.name, None, "reports.workforce", (("unit", code),)) if found else None


FINDERS: Mapping[str, Callable[[str], Subject | None]] = {
    "person": _person, "account": _account, "course": _course, "credential": _credential, "attempt": _attempt,
    "observation": _observation, "competency": _competency, "policy": _policy, "golive": _golive,
    "assignment": _assignment, "unit": _unit,
}  # fmt: skip
KINDS: Mapping[str, Callable[[], str]] = {
    "person": lambda: _("a person’s record"), "account": lambda: _("an account"), "course": lambda: _("course"),
    "credential": lambda: _("certificate"), "attempt": lambda: _("an assessment"),
    "observation": lambda: _("an observation"), "observation_request": lambda: _("a request for an observation"),
    "assignment": lambda: _("an assignment"), "exemption": lambda: _("an exemption"),
    "challenge": lambda: _("an objection to a question"), "coaching": lambda: _("coaching"),
    "panel": lambda: _("a panel"), "placement": lambda: _("a test-out"), "delegation": lambda: _("a lent right"),
    "enrolment": lambda: _("a course"), "standard": lambda: _("a pass mark"), "view": lambda: _("a saved view"),
    "report": lambda: _("report"), "golive": lambda: _("a go-live plan"), "hospital": lambda: _("hospital"),
    "change": lambda: _("a change beside the measures"), "comparison": lambda: _("a comparison"),
    "measure": lambda: _("measures"), "roster": lambda: _("roster"), "file": lambda: _("file"),
}  # fmt: skip
