"""Pages of privacy: who looked at my record, a copy of my data, and for those who answer for it the audit trail."""

from __future__ import annotations

import csv
import datetime as dt
import io

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from lms.accounts.queries import account_of_person
from lms.audit.queries import Wanted
from lms.audit.services import record
from lms.audit.words import WORDS
from lms.credentials.desk import current_desk
from lms.db import db
from lms.people.queries import person_by_public_id, search
from lms.privacy import queries
from lms.privacy.copy import copy_of
from lms.web.clock import local, now, today
from lms.web.guard import access, rule_of
from lms.web.principal import principal

blueprint = Blueprint("privacy", __name__, template_folder="templates")
READERS = ("cmio", "administrator")


@blueprint.get("/record/looks")
@access()
def looks() -> ResponseReturnValue:
    """Who opened my record, in which role, and when."""
    found = queries.looks_at_me(principal().person_id, request.args.get("before", type=int))
    return render_template("privacy/looks.html", found=found[: queries.PAGE], more=len(found) > queries.PAGE)


@blueprint.post("/record/copy", endpoint="copy")
@access()
def my_copy() -> ResponseReturnValue:
    """Everything that is kept about me, as a zip."""
    who = principal()
    data = copy_of(who.person_id, actor=who.account_id, now=now(), desk=current_desk())
    db.session.commit()
    headers = {"Content-Disposition": f'attachment; filename="my-data-{today().isoformat()}.zip"'}
    return Response(data, mimetype="application/zip", headers=headers)


@blueprint.get("/audit", endpoint="audit")
@access(*READERS, writes=True)
def audit_trail() -> ResponseReturnValue:
    """Who did what; looking is itself recorded."""
    wanted, chosen = _wanted()
    found = queries.trail(wanted, request.args.get("before", type=int))
    record("privacy.search", "hospital", "audit", actor=principal().account_id, now=now(), **_said(chosen))
    db.session.commit()
    if request.args.get("format") == "csv":
        return _csv(found)
    return render_template(
        "privacy/audit.html", found=found[: queries.PAGE], more=len(found) > queries.PAGE, words=WORDS, chosen=chosen,
        open_to=_open_to,
    )  # fmt: skip


def _open_to(endpoint: str) -> bool:
    """Whether the reader's roles open a page; a link to another would end on a refusal."""
    rule = rule_of(current_app, endpoint, "GET") if endpoint in current_app.view_functions else None
    return rule is not None and (rule.public or not rule.roles or bool(rule.roles & principal().roles))


@blueprint.get("/audit/looks", endpoint="all_looks")
@access(*READERS, writes=True)
def all_looks() -> ResponseReturnValue:
    """Who looked at whose record, by one viewer, at one person, or of all; looking is itself recorded."""
    text = request.args.get("q", "").strip()
    person = person_by_public_id(request.args.get("person", ""))
    account = account_of_person(person.id) if person else None
    as_viewer = request.args.get("as") == "viewer"
    found = queries.all_looks(
        person.id if person and not as_viewer else None,
        (account.id if account else -1) if person and as_viewer else None,
        request.args.get("before", type=int),
    )
    subject = person.public_id if person else "all"
    record("privacy.search", "person", subject, actor=principal().account_id, now=now(), kind="looks")
    db.session.commit()
    return render_template(
        "privacy/all_looks.html", found=found[: queries.PAGE], more=len(found) > queries.PAGE, person=person,
        search=text, people=search(text, limit=10) if text else (), as_viewer=as_viewer,
    )  # fmt: skip


def _wanted() -> tuple[Wanted, dict[str, str]]:
    chosen = {name: request.args.get(name, "").strip() for name in ("action", "subject", "actor", "since", "until")}
    actor = person_by_public_id(chosen["actor"]) if chosen["actor"] else None
    if chosen["actor"] and actor is None:
        people = search(chosen["actor"], limit=1)
        actor = people[0] if people else None
    account = account_of_person(actor.id) if actor else None
    until = _day(chosen["until"])
    wanted = Wanted(
        action=chosen["action"] if chosen["action"] in WORDS else "",
        subject=chosen["subject"],
        actor_id=(account.id if account else -1) if chosen["actor"] else None,
        since=_day(chosen["since"]),
        until=until + dt.timedelta(days=1) if until else None,
    )
    return wanted, chosen


def _day(text: str) -> dt.datetime | None:
    """The start of a day in the hospital's zone; what is no date asks for nothing."""
    try:
        return dt.datetime.combine(dt.date.fromisoformat(text), dt.time(), local(now()).tzinfo)
    except ValueError:
        return None


def _said(chosen: dict[str, str]) -> dict[str, str]:
    """What was asked, without names that were typed."""
    names = {"action": "acts", "since": "since", "until": "until"}
    return {names[name]: value for name, value in chosen.items() if value and name in names}


def _csv(found: tuple[queries.NamedEntry, ...]) -> Response:
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(["at", "actor", "action", "subject_kind", "subject"])
    for each in found[: queries.PAGE]:
        entry = each.entry
        name = "'" + each.actor if each.actor[:1] in "=+-@" else each.actor  # a name is no formula
        sheet.writerow([entry.at.isoformat(), name, entry.action, entry.subject_kind, entry.subject])
    headers = {"Content-Disposition": 'attachment; filename="audit.csv"'}
    return Response(out.getvalue(), mimetype="text/csv", headers=headers)
