"""The coaching log: what I coached, and what others say they coached me in."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.competency.queries import competencies
from lms.db import db, public_id
from lms.observations import coaching
from lms.observations.forms import CoachingForm, listed
from lms.observations.refusals import Refused
from lms.observations.views.base import blueprint, refuse, refuse_all, titles
from lms.people.facts import PersonFacts
from lms.people.placed import placed
from lms.people.queries import people_by_ids, person_by_email, person_by_employee_id, person_by_public_id, posts_on
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal


@blueprint.route("/record/coaching", methods=["GET", "POST"], endpoint="coaching")
@access()
def log() -> ResponseReturnValue:
    """My log, and the form to add to it."""
    form = CoachingForm()
    _choices(form)
    if request.method == "GET":
        form.process(data={"key": public_id(), "coached_on": today(), "competency": request.args.get("c", "")})
        return _page(form)
    who = principal()
    valid, coached = form.validate_on_submit(), None
    try:
        coached = _coached(form)
    except Refused as fault:
        refuse(form, fault, "person")
    wrong = coaching.faults(
        who.person_id, coached.id if coached else None, form.competency.data or None, form.coached_on.data,
        form.minutes.data, (form.practised.data or "").strip(), today=today(),
    )  # fmt: skip
    if refuse_all(form, wrong, "person") or not valid or coached is None:
        return _page(form), 422
    try:
        coaching.write(
            who.person_id, coached.id, form.competency.data, form.coached_on.data, form.minutes.data,
            form.practised.data or "", key=f"form:{who.account_id}:{(form.key.data or public_id())[:60]}",
            actor=who.account_id, today=today(), now=now(),
        )  # fmt: skip
    except Refused as fault:
        refuse(form, fault, "person")
        return _page(form), 422
    db.session.commit()
    flash(_("Written down. %(name)s is asked to confirm.", name=coached.name), "good")
    return redirect(url_for("observations.coaching"), 303)


def _coached(form: CoachingForm) -> PersonFacts:
    """The colleague chosen from the unit, else named by e-mail or employee number."""
    named = (form.other.data or "").strip()
    found = person_by_public_id(form.person.data) if form.person.data else None
    if named:
        found = person_by_email(named) if "@" in named else person_by_employee_id(named)
        if found is None:
            raise Refused("person", _("Nobody here has this e-mail or employee number."), "other")
    if found is None:
        raise Refused("person", _("Choose the colleague you coached, or give their e-mail."), "person")
    return found


def _choices(form: CoachingForm) -> None:
    me = principal().person_id
    mine = [post.unit_id for post in posts_on(me, today())]
    colleagues = placed(mine, (), today()).values() if mine else ()
    form.person.choices = listed(
        [
            ("", _("Choose…")),
            *((each.person.public_id, each.person.name) for each in colleagues if each.person.id != me),
        ][:400]
    )
    form.competency.choices = listed(
        [
            ("", _("Choose…")),
            *((each.code, f"{each.code} {each.title}") for each in competencies()),
        ]
    )


def _page(form: CoachingForm) -> str:
    entries = coaching.entries_of_coach(principal().person_id)
    counted: dict[str, int] = {}
    for each in entries:
        counted[each.competency] = counted.get(each.competency, 0) + (each.state == "confirmed")
    return render_template(
        "observations/coaching.html",
        entries=entries,
        counted=counted,
        needed=coaching.NEEDED,
        people=people_by_ids({each.person_id for each in entries}),
        titles=titles(),
        form=form,
    )


@blueprint.post("/record/coaching/<public>/answer", endpoint="answer_coaching")
@access()
def answer(public: str) -> ResponseReturnValue:
    """Confirm that I was coached, or say that I was not."""
    who = principal()
    said = request.form.get("said", "")
    if said not in ("yes", "no"):
        abort(422)
    try:
        coaching.answer(public, said == "yes", person_id=who.person_id, actor=who.account_id, now=now())
    except LookupError:
        abort(404)
    db.session.commit()
    flash(_("Thank you. Your coach sees it.") if said == "yes" else _("Noted. It does not count."), "good")
    return redirect(url_for("observations.mine"), 303)
