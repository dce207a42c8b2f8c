"""The blueprint of the question bank, which its modules of pages add to."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("bank", __name__, template_folder="../templates", url_prefix="/bank")
