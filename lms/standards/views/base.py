"""What the pages of both methods share: who may see a study, and the parts that are the same."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort

from lms.standards import queries
from lms.standards.facts import Study
from lms.web.guard import demand
from lms.web.principal import principal

blueprint = Blueprint("standards", __name__, template_folder="../templates", url_prefix="/standards")

EDUCATORS = ("educator", "administrator")
OVERSEERS = ("cmio", "administrator")
EVERYBODY = ("educator", "supervisor", "cmio", "administrator")


def educates() -> bool:
    """Whether the reader may begin, close and adopt."""
    return bool(principal().roles & set(EDUCATORS))


def found_study(public: str) -> Study:
    """The study, for those who may see it: educators, and the members of its panel."""
    found = queries.study(public) or abort(404)
    demand(educates() or principal().account_id in found.panel)
    return found


def member_study(public: str, *, borderline: bool) -> Study:
    """The study of this method, for the members of its panel."""
    found = queries.study(public) or abort(404)
    demand(principal().account_id in found.panel)
    return found if found.borderline == borderline else abort(404)


def adoption(found: Study) -> dict[str, Any]:
    """Whether the digest of an adopted pass mark is made again from its evidence, and the line for exam.md."""
    adopted = found.adopted
    if adopted is None:
        return {"again": False, "line": ""}
    made = queries.standard_of(dict(adopted.evidence), adopted.adopted, adopted.reason)
    return {"again": made.digest == adopted.digest, "line": f"pass: {float(adopted.adopted):g}"}


def percent(value: Any) -> str:
    """A figure in per cent with one decimal where it has one: 76.4, 80."""
    return f"{float(value):.1f}".removesuffix(".0")
