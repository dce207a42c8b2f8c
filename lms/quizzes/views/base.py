"""The blueprint of the exam's pages, and the attempt that a page is about."""

from __future__ import annotations

from flask import Blueprint, abort

from lms.quizzes import queries
from lms.quizzes.facts import AttemptFacts
from lms.web.principal import principal

blueprint = Blueprint("quizzes", __name__, template_folder="../templates")


def mine(public_id: str) -> AttemptFacts:
    """The signed-in person's own attempt; 404 for any other."""
    return queries.attempt(public_id, principal().person_id) or abort(404)
