"""The administrator's people."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from lms.accounts.views.base import blueprint
from lms.web.guard import access


@blueprint.get("/admin/people")
@access("administrator")
def people() -> ResponseReturnValue:
    """People with the state of their accounts."""
    return ""
