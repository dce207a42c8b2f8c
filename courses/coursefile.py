"""The fields of course.md, typed. Knows nothing of files: it is given the fields and returns values and faults."""

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from courses.fields import Fields
from courses.model import Author, CompetencyClaim, Credit

PROFESSIONS = ("physician", "nurse", "pharmacist", "other")
ROLES = ("clinician", "super-user", "informaticist")
COURSE_CODE = r"[A-Z0-9][A-Z0-9-]{0,39}"
CREDIT_TYPE = r"[a-z0-9][a-z0-9-]{0,39}"
# Provider, joint providership, year, sequence, H (home) or L (live) with the topic, P (pharmacists) or T (technicians).
_UAN = r"[A-Z0-9]{4}-\d{4}-\d{2}-\d{3}-[HLBC]\d{2}-[PT]"
_LANGUAGE = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}"


@dataclass(frozen=True)
class CourseFields:
    """What the front matter of course.md says."""

    code: str
    title: str
    summary: str
    edition: str
    language: str
    audience: tuple[str, ...]
    minutes: int
    competencies: tuple[CompetencyClaim, ...]
    prerequisites: tuple[str, ...]
    responsibilities: tuple[str, ...]
    credits: tuple[Credit, ...]
    valid_months: int | None
    objectives: tuple[str, ...]
    authors: tuple[Author, ...]
    review_by: date | None


def read_course_fields(
    fields: Fields, known_competencies: frozenset[str] | None, known_responsibilities: frozenset[str] | None
) -> CourseFields:
    """Read all fields of course.md; None for a set of known codes means that codes are not checked."""
    code = fields.text(
        "code", required=True, pattern=COURSE_CODE, expected="a lasting id of A–Z, 0–9 and hyphens, as in CPOE-101"
    )
    read = CourseFields(
        code=code,
        title=fields.text("title", required=True, expected="the course's title"),
        summary=fields.text("summary", required=True, expected="one sentence for the catalogue", longest=500),
        edition=fields.text("edition", required=True, expected='an edition such as "2026.1"', longest=40),
        language=fields.text(
            "language", required=True, pattern=_LANGUAGE, expected="a language tag such as en", longest=20
        ),
        audience=read_audience(fields),
        minutes=fields.whole("minutes", 0, required=True, low=1, high=6_000, expected="whole minutes, 1 to 6000") or 0,
        competencies=_claims(fields, known_competencies),
        prerequisites=fields.texts("prerequisites", pattern=COURSE_CODE, expected="codes of courses, as in [EHR-101]"),
        responsibilities=read_responsibilities(fields, known_responsibilities),
        credits=_credits(fields),
        valid_months=fields.whole("valid_months", None, low=1, high=600, expected="whole months, 1 to 600"),
        objectives=fields.texts("objectives", expected="a list of sentences, each what a learner can do afterwards"),
        authors=_authors(fields),
        review_by=fields.day("review_by"),
    )
    if code and code in read.prerequisites:
        fields.error("prerequisites", f"{code} asks for itself: expected codes of other courses")
    if not read.objectives:
        fields.warning("objectives", "no objectives: say what a learner can do afterwards")
    if not read.authors:
        fields.warning("authors", "no authors: learners are told who wrote a course, and what they disclose")
    fields.finish()
    return read


def read_audience(fields: Fields) -> tuple[str, ...]:
    """Return the field `audience`: professions and roles, another word with a warning."""
    known = PROFESSIONS + ROLES
    expected = f"a list from {', '.join(known)}"
    found = fields.texts("audience", required=True, expected=expected, pattern=r"[\w -]+")
    for one in found:
        if one not in known:
            fields.warning("audience", f"“{one}” is not an audience that we know: expected {expected}")
    return found


def _claims(fields: Fields, known: frozenset[str] | None) -> tuple[CompetencyClaim, ...]:
    found: list[CompetencyClaim] = []
    expected = "a list such as [{code: B1, level: 2}]"
    for each in fields.each("competencies", required=True, expected=expected):
        code = each.text("code", required=True, expected="a competency of the framework, as in B1", longest=20)
        level = each.whole("level", 0, required=True, low=1, high=5, expected="a level from 1 to 5") or 0
        each.finish()
        if code and known is not None and code not in known:
            each.error("code", unknown_competency(code, known))
        elif code in {claim.code for claim in found}:
            each.error("code", f"the competency {code} stands here twice")
        elif code and level:
            found.append(CompetencyClaim(code, level))
    return tuple(found)


def unknown_competency(code: str, known: frozenset[str]) -> str:
    """Return the message for a competency code that the framework does not have."""
    shown = sorted(known)
    listed = ", ".join(shown[:60]) + (" …" if len(shown) > 60 else "")
    return f"the competency “{code}” is not in the framework: expected one of {listed}"


def read_responsibilities(fields: Fields, known: frozenset[str] | None) -> tuple[str, ...]:
    """Return the field `responsibilities`; `known` are the framework's codes, None where they are not checked."""
    found = fields.texts("responsibilities", expected="codes of the framework's responsibilities, as in [R3, R7]")
    for one in found:
        if known is not None and one not in known:
            fields.error(
                "responsibilities",
                f"“{one}” is not a responsibility of the framework: expected one of {', '.join(sorted(known))}",
            )
    return found


def _credits(fields: Fields) -> tuple[Credit, ...]:
    found: list[Credit] = []
    for each in fields.each("credits", expected="a list such as [{type: ancc, amount: 0.75}]"):
        kind = each.text(
            "type", required=True, pattern=CREDIT_TYPE, expected="a credit type such as ama-pra-1, ancc or acpe"
        )
        amount = each.number("amount", Fraction(0), required=True, low=0, high=1_000, expected="a number such as 0.75")
        uan = each.text("uan", pattern=_UAN, expected="a universal activity number such as 0000-0000-26-001-H05-P")
        each.finish()
        if kind in {credit.type for credit in found}:
            each.error("type", f"the credit type {kind} stands here twice")
        elif each.has("amount") and amount == 0:
            each.error("amount", "“amount: 0” is no credit: expected a number such as 0.75")
        elif kind == "ama-pra-1" and amount and (amount * 4).denominator != 1:
            each.error("amount", "AMA PRA Category 1 Credit comes in steps of 0.25: expected 0.25, 0.5, 0.75 and so on")
        elif kind and amount:
            found.append(Credit(kind, amount, uan or None))
    return tuple(found)


def _authors(fields: Fields) -> tuple[Author, ...]:
    found = []
    for each in fields.each(
        "authors", expected="a list such as [{name: A. Sample, credentials: RN, disclosure: none}]"
    ):
        name = each.text("name", required=True, longest=200)
        credentials = each.text("credentials", longest=200)
        disclosure = each.text("disclosure", longest=2_000)
        if not disclosure:
            each.here(
                "warning",
                f"{name or 'an author'} discloses nothing, not even “none”: learners are told before they begin",
            )
        each.finish()
        found.append(Author(re.sub(r"\s+", " ", name), credentials, disclosure))
    return tuple(found)
