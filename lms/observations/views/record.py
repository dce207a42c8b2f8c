"""A learner's own side: observations to confirm, asking to be observed, rating oneself."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.accounts.delegations import signers_of
from lms.accounts.queries import names_of
from lms.competency.queries import competency, profile
from lms.db import db, public_id
from lms.observations import coaching, prior, queries, ratings, requests, responses
from lms.observations.forms import AnswerForm, AskForm, listed
from lms.observations.refusals import Refused
from lms.observations.views.base import blueprint, refuse, scale, titles
from lms.people.queries import people_by_ids, person
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal


@blueprint.get("/record/observations", endpoint="mine")
@access()
def mine() -> ResponseReturnValue:
    """Everything around my work that others saw: what waits for my word first."""
    me = principal().person_id
    observed = queries.observed(me)
    to_confirm = coaching.to_confirm(me)
    asked = requests.of_person(me)
    return render_template(
        "observations/mine.html",
        waiting=[each for each in observed if each.waits(today())],
        observed=observed,
        to_confirm=to_confirm,
        requests=[each for each in asked if each.state == "open"],
        closed=[each for each in asked if each.state in ("expired", "withdrawn")][:5],
        people=people_by_ids({each.coach_id for each in to_confirm}),
        asked_of=names_of([each.supervisor_id for each in asked if each.supervisor_id]),
        prior=prior.of_person(me),
        log=coaching.entries_of_coach(me),
        titles=titles(),
    )


@blueprint.get("/record/observations/<public>", endpoint="own_observation")
@access()
def own_observation(public: str) -> ResponseReturnValue:
    """One observation of me, to confirm or to dispute."""
    return _own(public, AnswerForm(formdata=None))


def _own(public: str, form: AnswerForm) -> str:
    found = queries.one(public)
    if found is None or found.person_id != principal().person_id:
        abort(404)
    return render_template(
        "observations/observation.html",
        observation=found,
        said=queries.said_of(found),
        checklist=queries.checklist_of(found),
        person=person(found.person_id),
        form=form,
        may_withdraw=False,
        may_sign=False,
        scale={level: name for level, name, _words in scale(5)},
        titles=titles(),
        staff=False,
    )


@blueprint.post("/record/observations/<public>/answer", endpoint="answer")
@access()
def answer(public: str) -> ResponseReturnValue:
    """Confirm, with a comment if wanted, or dispute with a reason."""
    form = AnswerForm()
    if not form.validate_on_submit():
        return _own(public, form), 422
    who = principal()
    try:
        state = responses.answer(
            public, form.kind.data, form.note.data or "", person_id=who.person_id, account_id=who.account_id,
            today=today(), now=now(),
        )  # fmt: skip
    except LookupError:
        abort(404)
    except Refused as fault:
        refuse(form, fault, "note")
        return _own(public, form), 422
    db.session.commit()
    if state == "confirmed":
        flash(_("Confirmed. Thank you."), "good")
    else:
        flash(_("Your view stands in the record now. The observer and the CMIO see it."), "good")
    return redirect(url_for("observations.own_observation", public=public), 303)


@blueprint.route("/record/competencies/<code>/ask", methods=["GET", "POST"])
@access()
def ask(code: str) -> ResponseReturnValue:
    """Ask to be observed, by somebody or by whoever of the team may sign."""
    who = principal()
    wanted = competency(code)
    if wanted is None or wanted.retired_on is not None:
        abort(404)
    signers = signers_of(who.person_id, today())
    names = names_of([each.id for each in signers])
    form = AskForm()
    form.supervisor.choices = listed(
        [
            ("", _("Whoever of the team is near")),
            *((each.public_id, names.get(each.id, "")) for each in signers),
        ]
    )
    page = {"competency": wanted, "signers": signers, "form": form}
    page["open"] = queries.request_exists(who.person_id, code)
    if request.method == "GET":
        return render_template("observations/ask.html", **page)
    if not form.validate_on_submit():
        return render_template("observations/ask.html", **page), 422
    try:
        requests.ask(
            who.person_id, code, form.note.data or "", form.supervisor.data or "", actor=who.account_id,
            today=today(), now=now(),
        )  # fmt: skip
    except Refused as fault:
        refuse(form, fault, "supervisor")
        return render_template("observations/ask.html", **page), 422
    db.session.commit()
    flash(_("Asked. Your team sees it, and gets an e-mail."), "good")
    return redirect(url_for("observations.mine"), 303)


@blueprint.post("/record/requests/<public>/withdrawal", endpoint="unask")
@access()
def unask(public: str) -> ResponseReturnValue:
    """Take a wish back."""
    who = principal()
    try:
        requests.withdraw(public, person_id=who.person_id, actor=who.account_id, now=now())
    except LookupError:
        abort(404)
    db.session.commit()
    flash(_("Taken back."), "good")
    return redirect(url_for("observations.mine"), 303)


@blueprint.route("/record/self-assessment", methods=["GET", "POST"], endpoint="self_assessment")
@access()
def self_assessment() -> ResponseReturnValue:
    """Say for each competency of one's role where one sees oneself."""
    who = principal()
    rows = [row for row in profile(who.person_id, today()) if row.target or ratings.latest(row)]
    if request.method == "GET":
        return _assess(rows, {row.code: ratings.latest(row) for row in rows})
    given: dict[str, int] = {}
    for row in rows:
        value = request.form.get(f"rating-{row.code}", "")
        if value.isascii() and value.isdigit() and len(value) == 1:
            given[row.code] = int(value)
    try:
        kept = ratings.rate(
            who.person_id, given, {row.code: row for row in rows},
            key=(request.form.get("key") or public_id())[:60], actor=who.account_id, today=today(), now=now(),
        )  # fmt: skip
    except Refused as fault:
        flash(fault.message, "bad")
        return _assess(rows, dict(given)), 422
    db.session.commit()
    flash(
        ngettext("%(num)d rating is kept.", "%(num)d ratings are kept.", kept) if kept else _("Nothing was changed."),
        "good",
    )
    return redirect(url_for("competency.profile"), 303)


def _assess(rows: list, chosen: dict) -> str:  # type: ignore[type-arg]
    return render_template(
        "observations/self_assessment.html", rows=rows, chosen=chosen, levels=scale(5), key=public_id()
    )
