"""Pages of certificates: the public check, the holder's page, the paper, and an administrator's decisions."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.exceptions import ServiceUnavailable

from certificates.facts import CertificateFacts
from certificates.press import MissingLetters
from certificates.serials import normalise
from lms.accounts.queries import scope_of
from lms.audit.places import Place
from lms.audit.tasks import note_look
from lms.credentials.desk import current_desk
from lms.credentials.facts import Correction, CredentialFacts
from lms.credentials.forms import CorrectionForm, RevocationForm
from lms.credentials.paper import pdf as press_pdf
from lms.credentials.picture import DRAWINGS, picture
from lms.credentials.queries import by_serial
from lms.credentials.services import CredentialRefused, revoke, supersede
from lms.db import db
from lms.people.queries import posts_on
from lms.web.clock import now, today
from lms.web.extensions import limiter
from lms.web.guard import access, demand
from lms.web.principal import principal

blueprint = Blueprint("credentials", __name__, template_folder="templates")

STAFF = frozenset({"supervisor", "cmio", "administrator"})
LONGEST_TYPED = 80
RENEWAL = dt.timedelta(days=90)  # before the end; from then on the assessment is open again


@blueprint.get("/verify")
@access(public=True)
def verify() -> ResponseReturnValue:
    """The form for a certificate number; with one, its page."""
    typed = " ".join(request.args.get("serial", "").split())
    known = normalise(typed)
    if known is not None:
        return redirect(url_for("credentials.verify_serial", serial=known), 303)
    if typed:
        return _verification(typed), 404  # what is no number has no page of its own
    return render_template("credentials/verify.html", typed="", credential=None)


@blueprint.get("/verify/<serial>")
@access(public=True)
@limiter.limit("120/minute")
def verify_serial(serial: str) -> ResponseReturnValue:
    """Every printed fact with today's status, or 404 that says how a number may be misread."""
    found = by_serial(serial)
    return _verification(serial, found), 200 if found else 404


def _verification(typed: str, found: CredentialFacts | None = None) -> str:
    status = found.status(today()) if found else None
    return render_template(
        "credentials/verify.html", typed=typed[:LONGEST_TYPED], credential=found, status=status, checked_at=now(),
        malformed=found is None and normalise(typed) is None,
    )  # fmt: skip


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
    return _page(_entitled(serial))


def _page(
    found: CredentialFacts, correcting: CorrectionForm | None = None, revoking: RevocationForm | None = None
) -> str:
    who = principal()
    decides = "administrator" in who.roles and found.revoked_at is None and found.superseded_by is None
    if decides:
        correcting = correcting or CorrectionForm(None, obj=found.facts, prefix="correct-")
        revoking = revoking or RevocationForm(None, prefix="revoke-")
    return render_template(
        "credentials/certificate.html", credential=found, status=found.status(today()),
        own=found.person_id == who.person_id, drawn=picture(found.facts), decides=decides,
        correcting=correcting, revoking=revoking,
        renews_on=found.valid_until - RENEWAL if found.valid_until else None,
    )  # fmt: skip


@blueprint.post("/certificates/<serial>/correct")
@access("administrator")
def correct(serial: str) -> ResponseReturnValue:
    """Issue a corrected certificate in the place of this one."""
    found, form = _found(serial), CorrectionForm(prefix="correct-")
    if not form.validate_on_submit():
        return _page(found, correcting=form), 422
    correction = Correction(form.name.data, form.profession.data, form.unit.data or "")
    try:
        made = supersede(
            found.serial, correction, form.reason.data, actor=principal().account_id, now=now(), desk=current_desk()
        )
    except CredentialRefused as fault:
        return _refused(found, form, fault)
    db.session.commit()
    flash(_("Corrected. This certificate took the place of %(serial)s.", serial=found.serial), "good")
    return redirect(url_for("credentials.certificate", serial=made.serial), 303)


@blueprint.post("/certificates/<serial>/revoke", endpoint="revoke")
@access("administrator")
def take_back(serial: str) -> ResponseReturnValue:
    """Revoke this certificate for a stated reason."""
    found, form = _found(serial), RevocationForm(prefix="revoke-")
    if not form.validate_on_submit():
        return _page(found, revoking=form), 422
    try:
        revoke(found.serial, form.reason.data, actor=principal().account_id, now=now())
    except CredentialRefused as fault:
        return _refused(found, form, fault)
    db.session.commit()
    flash(_("Revoked. The verification page says so from now on."), "good")
    return redirect(url_for("credentials.certificate", serial=found.serial), 303)


def _refused(
    found: CredentialFacts, form: CorrectionForm | RevocationForm, fault: CredentialRefused
) -> ResponseReturnValue:
    """Show the form again with the reason; a decision that was taken before leads to the certificate as it is now."""
    db.session.rollback()
    if found.superseded_by is not None or found.revoked_at is not None:
        flash(str(fault), "bad")
        return redirect(url_for("credentials.certificate", serial=found.serial), 303)
    form.reason.errors = [*form.reason.errors, str(fault)]
    if isinstance(form, CorrectionForm):
        return _page(found, correcting=form), 422
    return _page(found, revoking=form), 422


@blueprint.get("/certificates/drawings/<name>.svg")
@access()
def drawing(name: str) -> ResponseReturnValue:
    """A drawn part of the paper for the picture on the page; the same for everybody."""
    if name not in DRAWINGS:
        abort(404)
    headers = {"Cache-Control": "private, max-age=604800"}
    return Response(DRAWINGS[name](), mimetype="image/svg+xml", headers=headers)


@blueprint.get("/certificates/<serial>.pdf")
@access()
def pdf(serial: str) -> ResponseReturnValue:
    """The signed paper."""
    found = _entitled(serial)
    return pdf_response(found)


def pdf_response(found: CredentialFacts) -> Response:
    """The signed paper as a download. 503 where no installed font can draw a letter of it."""
    try:
        data = press_pdf(found, current_desk(), now())
    except MissingLetters as fault:
        raise ServiceUnavailable(f"The paper cannot be pressed now: {fault}. The signed facts are complete.") from fault
    headers = {"Content-Disposition": f'attachment; filename="certificate-{found.serial}.pdf"'}
    return Response(data, mimetype="application/pdf", headers=headers)


@blueprint.get("/certificates/<serial>.json")
@access()
def signed_facts(serial: str) -> ResponseReturnValue:
    """The signed facts as a file that `python -m certificates verify` reads."""
    found = _entitled(serial)
    headers = {"Content-Disposition": f'attachment; filename="certificate-{found.serial}.json"'}
    return Response(json.dumps(found.signed, ensure_ascii=False), mimetype="application/json", headers=headers)


def _found(serial: str) -> CredentialFacts:
    found = by_serial(serial)
    if found is None:
        abort(404)
    return found


def _entitled(serial: str) -> CredentialFacts:
    found = _found(serial)
    demand(may_see(found))
    note_look(principal(), [found.person_id], "certificate", Place("certificate", found.facts.course_title), now())
    return found


@blueprint.app_template_filter("length_in_words")
def length_in_words(facts: CertificateFacts) -> str:
    """The length of a course as the paper states it, such as "40 minutes (0.67 hours)"."""
    hours = f"{(Decimal(facts.minutes) / 60).quantize(Decimal('0.01')).normalize():f}"
    minutes = ngettext("%(num)d minute", "%(num)d minutes", facts.minutes)
    if hours == "1":
        return _("%(minutes)s (1 hour)", minutes=minutes)
    return _("%(minutes)s (%(hours)s hours)", minutes=minutes, hours=hours)


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
