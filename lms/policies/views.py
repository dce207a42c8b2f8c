"""Pages of a reader of policies: what waits, one policy with what changed, and the attestation."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.db import db
from lms.people.queries import person
from lms.people.tenure import tenures_of
from lms.policies import queries, services
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal

blueprint = Blueprint("policies", __name__, template_folder="templates", url_prefix="/policies")


@blueprint.get("")
@access()
def policies() -> ResponseReturnValue:
    """Every policy in force: those that wait for the reader first, then what they attested."""
    mine = queries.mine(principal().person_id)
    waits = services.waiting(mine, _subjects(), today())
    others = [each for each in mine if each not in waits]
    given = queries.attested_by(principal().person_id)
    return render_template("policies/policies.html", waits=waits, others=others, given=given)


@blueprint.get("/<code>")
@access()
def policy(code: str) -> ResponseReturnValue:
    """One policy to be read and attested; `?text=` shows an earlier text by its digest."""
    return _page(code)


def _page(code: str, error: str = "") -> str:
    wanted = request.args.get("text")
    page = queries.page(code, wanted) or abort(404)
    newest = page if wanted is None else queries.page(code)
    held = next((each for each in queries.mine(principal().person_id) if each.policy.code == code), None)
    current = newest is not None and newest.facts.digest == page.facts.digest
    return render_template(
        "policies/policy.html", page=page, policy=page.facts, held=held, error=error, texts=queries.texts(code),
        current=current, waits=held is not None and current and held.waits(today()),
        holds=held is not None and held.holds(today()),
    )  # fmt: skip


@blueprint.post("/<code>/attest")
@access()
def attest(code: str) -> ResponseReturnValue:
    """Take the reader's word for the text that was shown; the same form sent twice is one attestation."""
    if request.form.get("agreed") != "yes":
        return _page(code, _("Tick the sentence if you have read the policy.")), 422
    try:
        services.attest(
            principal().person_id, code, request.form.get("digest", ""), actor=principal().account_id, now=now(),
            today=today(),
        )  # fmt: skip
    except services.AttestRefused as fault:
        db.session.rollback()
        return _page(code, str(fault)), 422
    db.session.commit()
    flash(_("Thank you. Your word is on record with today's date."), "good")
    return redirect(url_for("policies.policy", code=code), 303)


def _subjects() -> frozenset[str]:
    """The reader's profession and roles in posts of today, to which audiences are compared."""
    who = person(principal().person_id)
    held = [each for each in tenures_of(principal().person_id, today()) if each.covers(today())]
    if who is None or not held:
        return frozenset()
    found = {who.profession}
    found |= {"super-user" for each in held if each.super_user}
    return frozenset(found | {"informaticist" for each in held if each.informaticist})
