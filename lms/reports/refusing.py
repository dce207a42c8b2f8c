"""A filter that cannot be used: the page that names it, says what was expected and keeps all the others."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import HTTPException

from lms.accounts.queries import scope_of
from lms.people.queries import units
from lms.reports.asking import FILTERS, MOST_OFFERED, FilterRefused, blueprint
from lms.web.clock import today
from lms.web.principal import principal

NAMES = {
    "unit": _l("Unit"), "as_of": _l("As of"), "compare_to": _l("Compared with"), "profession": _l("Profession"),
    "competencies": _l("Competencies"), "rows": _l("Rows"),
}  # fmt: skip


@blueprint.app_errorhandler(FilterRefused)
def refused(fault: HTTPException) -> tuple[str, int]:
    """The filters as they were given, the refused one with what is expected of it; nothing was worked out."""
    assert isinstance(fault, FilterRefused), "what this handles"
    given = {name: request.args[name] for name in ("unit", *FILTERS, "columns", "kind") if name in request.args}
    view = request.view_args or {}
    given |= {"unit": view["code"]} if request.endpoint == "reports.unit" else {}
    who = principal()
    scope = scope_of(who.account_id, who.person_id, who.roles, today())
    seen = [(each.code, each.name) for each in units() if scope.covers_unit(each.id)]
    page = render_template(
        "reports/refused.html",
        field=fault.field,
        name=NAMES.get(fault.field, _("Report")),
        message=fault.description,
        given=given,
        kinds=request.args.getlist("kind"),
        choices=seen[:MOST_OFFERED],
        action=url_for("reports.workforce") if {"code", "unit"}.intersection(view) else request.path,
    )
    return page, fault.code or 422
