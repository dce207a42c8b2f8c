"""Prior learning: bring in a document, and open it again; seen by its owner and by those who may sign it off."""

from __future__ import annotations

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lms.audit.services import record as record_audit
from lms.competency.queries import competencies
from lms.db import db, public_id
from lms.observations import prior
from lms.observations.forms import PriorForm, listed
from lms.observations.refusals import Refused
from lms.observations.views.base import blueprint, refuse, refuse_all, scale, subject
from lms.people.queries import people_by_ids
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal

ENDINGS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}


@blueprint.route("/record/prior-learning", methods=["GET", "POST"], endpoint="prior")
@access()
def bring() -> ResponseReturnValue:
    """What I brought in, and the form for more."""
    form = PriorForm()
    form.competency.choices = listed(
        [
            ("", _("Choose…")),
            *((each.code, f"{each.code} {each.title}") for each in competencies()),
        ]
    )
    form.level.choices = listed([(level, f"{name}: {words}") for level, name, words in scale(prior.SIGNED)])
    if request.method == "GET":
        form.process(data={"key": public_id(), "competency": request.args.get("c", "")})
        return _page(form)
    who, valid, upload = principal(), form.validate_on_submit(), form.document.data
    data = upload.read(prior.LARGEST + 1) if upload else b""
    wrong = prior.faults(
        form.competency.data or None, form.level.data, (form.title.data or "").strip(), form.achieved_on.data, data,
        today=today(),
    )  # fmt: skip
    if refuse_all(form, wrong, "competency") or not valid:
        return _page(form), 422
    try:
        prior.bring(
            who.person_id, form.competency.data, form.level.data, form.title.data or "", form.achieved_on.data,
            upload.filename or "", data,
            key=f"form:{who.account_id}:{(form.key.data or public_id())[:60]}", actor=who.account_id, today=today(),
            now=now(),
        )  # fmt: skip
    except Refused as fault:
        refuse(form, fault, "competency")
        return _page(form), 422
    db.session.commit()
    flash(_("Brought in. It counts up to level %(n)s until it is signed off.", n=prior.UNSIGNED), "good")
    return redirect(url_for("observations.prior"), 303)


def _page(form: PriorForm) -> str:
    return render_template("observations/prior.html", pieces=prior.of_person(principal().person_id), form=form)


@blueprint.get("/record/prior-learning/<public>/document", endpoint="document")
@access(writes=True)
def document(public: str) -> ResponseReturnValue:
    """The document, always as a file to save; who else opens it than its owner is recorded."""
    piece = prior.one(public)
    if piece is None:
        abort(404)
    who = principal()
    if piece.person_id != who.person_id:
        subject(people_by_ids([piece.person_id])[piece.person_id].public_id)
        record_audit("prior.open", "prior_learning", public, actor=who.account_id, now=now())
        db.session.commit()
    answer = Response(prior.document(public) or b"", mimetype=piece.media_type)
    name = f"prior-learning-{piece.competency}{ENDINGS[piece.media_type]}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.cache_control.private = True
    answer.cache_control.no_store = True
    return answer
