"""Pages of certificates: the public check, the holder's page, the paper."""

from __future__ import annotations

import json

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from certificates.serials import normalise
from lms.accounts.queries import scope_of
from lms.credentials.desk import current_desk
from lms.credentials.facts import CredentialFacts
from lms.credentials.paper import pdf as press_pdf
from lms.credentials.queries import by_serial
from lms.people.queries import posts_on
from lms.web.clock import now, today
from lms.web.extensions import limiter
from lms.web.guard import access, demand
from lms.web.principal import principal

blueprint = Blueprint("credentials", __name__, template_folder="templates")

STAFF = frozenset({"supervisor", "cmio", "administrator"})


@blueprint.get("/verify")
@access(public=True)
def verify() -> ResponseReturnValue:
    """The form for a certificate number; with one, its page."""
    typed = request.args.get("serial", "").strip()
    if typed:
        return redirect(url_for("credentials.verify_serial", serial=(normalise(typed) or typed)[:80]), 303)
    return render_template("credentials/verify.html", typed="", credential=None)


@blueprint.get("/verify/<serial>")
@access(public=True)
@limiter.limit("120/minute")
def verify_serial(serial: str) -> ResponseReturnValue:
    """Every printed fact with today's status, or 404 that says how a number may be misread."""
    found = by_serial(serial)
    status = found.status(today()) if found else None
    page = render_template(
        "credentials/verify.html", typed=serial[:80], credential=found, status=status, checked_at=now()
    )
    return page, 200 if found else 404


@blueprint.get("/verify/issuer.pem")
@access(public=True)
def issuer() -> ResponseReturnValue:
    """The issuer's certificates for `python -m certificates verify --trust`."""
    pem = current_desk().trust(now())
    return Response(pem, mimetype="application/x-pem-file", headers={"Cache-Control": "public, max-age=3600"})


@blueprint.get("/certificates/<serial>")
@access()
def certificate(serial: str) -> ResponseReturnValue:
    """The holder's page: is it valid, until when, how to show it."""
    found = _entitled(serial)
    own = found.person_id == principal().person_id
    return render_template("credentials/certificate.html", credential=found, status=found.status(today()), own=own)


@blueprint.get("/certificates/<serial>.pdf")
@access()
def pdf(serial: str) -> ResponseReturnValue:
    """The signed paper."""
    found = _entitled(serial)
    data = press_pdf(found, current_desk(), now())
    headers = {"Content-Disposition": f'attachment; filename="certificate-{found.serial}.pdf"'}
    return Response(data, mimetype="application/pdf", headers=headers)


@blueprint.get("/certificates/<serial>.json")
@access()
def signed_facts(serial: str) -> ResponseReturnValue:
    """The signed facts as a file that `python -m certificates verify` reads."""
    found = _entitled(serial)
    headers = {"Content-Disposition": f'attachment; filename="certificate-{found.serial}.json"'}
    return Response(json.dumps(found.signed, ensure_ascii=False), mimetype="application/json", headers=headers)


def _entitled(serial: str) -> CredentialFacts:
    found = by_serial(serial)
    if found is None:
        abort(404)
    demand(may_see(found))
    return found


def may_see(found: CredentialFacts) -> bool:
    """The holder, the CMIO and administrators, and supervisors in whose scope the holder is."""
    who = principal()
    if found.person_id == who.person_id:
        return True
    if not who.roles & STAFF:
        return False
    scope = scope_of(who.account_id, who.person_id, who.roles, today())
    units = frozenset(post.unit_id for post in posts_on(found.person_id, today()))
    return scope.covers_person(found.person_id, units)
