"""Pages of the question bank: the list of questions, one question, and how far the figures of each course are."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from assessments.classical import ENOUGH_TAKERS
from lms.bank import inspecting, listing, queries, services, words
from lms.bank.listing import Filter
from lms.bank.views.base import blueprint
from lms.catalog import queries as catalog
from lms.competency import queries as competency
from lms.db import db
from lms.items import retiring
from lms.web.clock import now
from lms.web.guard import access
from lms.web.principal import principal


@blueprint.get("")
@access("educator", "administrator")
def questions() -> ResponseReturnValue:
    """Every question of every current text, narrowed by the address."""
    names = Filter.__dataclass_fields__
    wanted = Filter(**{name: request.args.get(name, "").strip()[:200] for name in names})
    chosen = {name: value for name in names if (value := getattr(wanted, name))}
    given = request.args.get("page", "")
    page = int(given) if given.isdecimal() and len(given) < 7 else 1
    offered = listing.choices()
    named = {each.code: each.title for each in competency.competencies()}
    return render_template(
        "bank/list.html", found=listing.listing(wanted, page), wanted=wanted, narrowed=bool(chosen),
        courses=[(each.code, each.title) for each in catalog.catalogue()],
        competencies=[(code, f"{code} {named.get(code, '')}".strip()) for code in offered["competency"]],
        levels=[(level, level) for level in offered["level"]], kinds=list(words.KINDS.items()),
        uses=list(words.USES.items()), states=list(words.STATES.items()),
        flag_choices=[(flag, label) for flag, (label, _why) in words.FLAGS.items()],
        kind_words=words.KINDS, use_words=words.USES, flag_words=words.FLAGS, enough=ENOUGH_TAKERS,
        export_url=url_for("bank.export", **chosen),  # type: ignore[arg-type]
        page_url=lambda number: url_for("bank.questions", **chosen, page=number),
    )  # fmt: skip


@blueprint.get("/figures")
@access("educator", "administrator")
def figures() -> ResponseReturnValue:
    """Every course with an assessment, and what its last analysis rests on."""
    return render_template("bank/figures.html", states=[each for each in queries.states() if each.version.exam])


@blueprint.post("/figures/<code>")
@access("educator", "administrator")
def analyse(code: str) -> ResponseReturnValue:
    """Queue the analysis of a course."""
    state = next((each for each in queries.states() if each.version.code == code), None) or abort(404)
    services.ask(state.version.course_id, state.version.id, state.attempts, now=now(), again=True)
    db.session.commit()
    flash(
        _("The figures of %(course)s are made in the background; look again in a minute.", course=state.version.title)
    )
    return redirect(url_for("bank.figures"), 303)


@blueprint.get("/<code>/<item>")
@access("educator", "administrator")
def question(code: str, item: str) -> ResponseReturnValue:
    """One question with its key, its use, its wordings, its figures and what was said against it."""
    return _question(code, item)


@blueprint.post("/<code>/<item>/retire")
@access("educator", "administrator")
def retire(code: str, item: str) -> ResponseReturnValue:
    """Let new papers leave a question out, with a reason."""
    version = catalog.current_version(code) or abort(404)
    reason = request.form.get("reason", "")
    try:
        retiring.retire(version, item, reason, actor=principal().account_id, now=now())
    except retiring.RetireRefused as fault:
        db.session.rollback()
        return _question(code, item, str(fault), reason), 422
    db.session.commit()
    flash(_("Retired. New assessments leave it out."), "good")
    return redirect(url_for("bank.question", code=code, item=item), 303)


@blueprint.post("/<code>/<item>/restore")
@access("educator", "administrator")
def restore(code: str, item: str) -> ResponseReturnValue:
    """Let new papers hold a retired question again."""
    version = catalog.current_version(code) or abort(404)
    retiring.restore(version, item, actor=principal().account_id, now=now())
    db.session.commit()
    flash(_("Back. New assessments may ask it again."), "good")
    return redirect(url_for("bank.question", code=code, item=item), 303)


def _question(code: str, item: str, error: str = "", typed: str = "") -> str:
    found = inspecting.question(code, item) or abort(404)
    return render_template(
        "bank/question.html", found=found, error=error, typed=typed, kind_words=words.KINDS, use_words=words.USES,
        flag_words=words.FLAGS, option_flags=words.OPTION_FLAGS, professions=words.PROFESSIONS,
        changed_words=words.changed_words,
    )  # fmt: skip
