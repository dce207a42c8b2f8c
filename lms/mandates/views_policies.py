"""The desk of policies: who has attested which, by unit, the history of texts, and the withdrawal."""

from __future__ import annotations

import datetime as dt

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.audit.places import Place
from lms.audit.tasks import note_look
from lms.db import db
from lms.mandates import queries
from lms.mandates.forms import WithdrawForm
from lms.mandates.views import READERS, WRITERS, blueprint, reader
from lms.policies import queries as policies
from lms.policies import services
from lms.policies.facts import PolicyFacts
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal

MOST_NAMES = 200


@blueprint.get("/policies")
@access(*READERS)
def policies_desk() -> ResponseReturnValue:
    """Every policy with how many of its readers have attested it."""
    known, who = policies.everything(), reader()
    everybody = queries.members(who, today())
    found = [(each, queries.attested(frozenset(each.audience), _holders(each), everybody, who).top) for each in known]
    return render_template("mandates/policies.html", policies=found)


@blueprint.get("/policies/<code>")
@access(*READERS)
def policy_desk(code: str) -> ResponseReturnValue:
    """One policy: who has attested it by unit, and every text."""
    return _page(code, WithdrawForm(formdata=None))


@blueprint.post("/policies/<code>/withdraw")
@access(*WRITERS)
def withdraw(code: str) -> ResponseReturnValue:
    """Take a policy out of force for a reason; attestations stay."""
    form = WithdrawForm()
    if not form.validate_on_submit():
        return _page(code, form), 422
    try:
        services.withdraw(code, form.reason.data, actor=principal().account_id, now=now())
    except ValueError as fault:
        db.session.rollback()
        form.reason.errors = [str(fault)]
        return _page(code, form), 422
    db.session.commit()
    flash(_("Withdrawn. What was confirmed stays on record."), "good")
    return redirect(url_for("mandates.policy_desk", code=code), 303)


def _holders(policy: PolicyFacts) -> frozenset[int]:
    """Everybody whose attestation of the present edition holds today."""
    given = policies.attested([(policy.policy_id, policy.edition)], today())
    return frozenset(key for key, days in given.items() if _holds(policy, days[policy.policy_id]))


def _holds(policy: PolicyFacts, attested_on: dt.date) -> bool:
    ends = policy.ends(attested_on)
    return ends is None or ends >= today()


def _page(code: str, form: WithdrawForm) -> str:
    texts = policies.texts(code) or abort(404)
    policy, who = texts[0], reader()
    found = queries.attested(
        frozenset(policy.audience), _holders(policy), queries.members(who, today()), who, request.args.get("unit", "")
    )
    place = Place("policy", policy.title, found.trail[-1].name if found.trail else "")
    note_look(principal(), [each.id for each in found.missing[:MOST_NAMES]], "list", place, now())
    return render_template(
        "mandates/policy.html", policy=policy, texts=texts, found=found, missing=found.missing[:MOST_NAMES], form=form,
        writes=bool(set(WRITERS) & principal().roles), reader=who,
    )  # fmt: skip
