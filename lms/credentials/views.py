"""Pages of the feature."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("credentials", __name__, template_folder="templates")
