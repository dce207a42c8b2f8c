"""What the pages of the desk share: their blueprint."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("board", __name__, template_folder="templates")
