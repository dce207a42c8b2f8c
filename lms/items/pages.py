"""The widgets of items as templates: a blueprint without routes, so that lessons and quizzes find them."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("items", __name__, template_folder="templates")
