"""What the pages share: the blueprint, the question that an address asks, and refusals."""

from __future__ import annotations

from typing import NoReturn

from flask import Blueprint, abort, current_app, make_response, render_template, request
from werkzeug.exceptions import HTTPException, UnprocessableEntity

from lms.accounts.queries import scope_of
from lms.golive import making, queries
from lms.golive.frame import Frame
from lms.people.scope import Scope
from lms.reports.dates import BadDate, read_date
from lms.web.clock import end_of, local, now, today
from lms.web.principal import principal

blueprint = Blueprint("golive", "lms.golive", template_folder="templates", url_prefix="/workforce/golive")
READERS = ("supervisor", "cmio", "administrator")
WRITERS = ("cmio", "administrator")
STATUS = {"unknown": 404, "scope": 403}


def scope() -> Scope:
    """What the reader may see."""
    who = principal()
    return scope_of(who.account_id, who.person_id, who.roles, today())


def writes() -> bool:
    """Whether the reader may change plans."""
    return bool(set(WRITERS) & principal().roles)


def asked(plan: str) -> making.Asked:
    """The question of an address: a plan as of a day."""
    try:
        day = read_date(request.args.get("as_of", ""), today())
    except BadDate as fault:
        _no_such_day(plan, str(fault))
    moment = now() if day >= today() else end_of(day)
    return making.Asked(plan, day, today(), moment, scope(), current_app.config["SETTINGS"].small_group)


def framed(plan: str) -> Frame:
    """The figures of a plan, or the page of the refusal."""
    try:
        return making.frame(asked(plan))
    except making.PlanRefused as fault:
        refuse(fault)


def refuse(fault: making.PlanRefused) -> NoReturn:
    """Answer a refusal with the page of its status; a day that cannot be shown keeps the plan and asks for another."""
    if fault.kind == "date":
        _no_such_day((request.view_args or {}).get("plan", ""), fault.message)
    refusal = HTTPException(fault.message)
    refusal.code = STATUS.get(fault.kind, 422)
    raise refusal from None


def _no_such_day(public: str, message: str) -> NoReturn:
    found = queries.plan(public)
    if found is None or not queries.in_sight([found], scope()):
        raise UnprocessableEntity(message)
    first = local(queries.editions(found.id)[-1].saved_at).date()
    page = render_template("golive/no_such_day.html", plan=found, message=message, first=first, today=today())
    abort(make_response(page, 422))


def kept() -> dict[str, str]:
    """The parameters that links on a page keep."""
    return {"as_of": request.args["as_of"]} if request.args.get("as_of") else {}
