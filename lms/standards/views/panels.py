"""Pages of a panel that rates the questions of an exam, and the acts that both methods share."""

from __future__ import annotations

import json
import re
from fractions import Fraction

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.bank.inspecting import shown
from lms.catalog import queries as catalog
from lms.db import db
from lms.items import queries as items
from lms.standards import judging, queries, services
from lms.standards.facts import Study
from lms.standards.views import borderline
from lms.standards.views.base import (
    EDUCATORS,
    EVERYBODY,
    OVERSEERS,
    adoption,
    blueprint,
    educates,
    found_study,
    member_study,
    percent,
)
from lms.web.clock import now
from lms.web.guard import access, demand
from lms.web.principal import principal

ROUNDS = tuple(range(1, services.MOST_ROUNDS + 1))
WIDE = 15.0  # standard deviation in points of per cent from which a question is marked as one the panel differs on


@blueprint.get("")
@access(*EVERYBODY)
def studies() -> ResponseReturnValue:
    """What waits for my ratings; for educators also every study and the pass marks adopted."""
    me = principal().account_id
    return render_template(
        "standards/studies.html", every=queries.studies() if educates() else queries.studies(me),
        waiting=queries.waiting_for(me), educates=educates(), percent=percent,
    )  # fmt: skip


@blueprint.get("/new")
@access(*EDUCATORS)
def new() -> ResponseReturnValue:
    """Choose course, panel and rounds."""
    return _new({"course": request.args.get("course", ""), "rounds": "2"})


@blueprint.post("/new", endpoint="begin")
@access(*EDUCATORS)
def begin() -> ResponseReturnValue:
    """Begin a study."""
    typed = {name: request.form.get(name, "") for name in ("course", "panel", "rounds")}
    version = catalog.current_version(typed["course"]) if typed["course"] and "\0" not in typed["course"] else None
    try:
        if version is None:
            raise services.Refused(_("Choose the course whose pass mark is set."))
        rounds = int(typed["rounds"]) if typed["rounds"] in map(str, ROUNDS) else 0
        emails = re.split(r"[\s,;]+", typed["panel"])
        public = services.begin(version, emails, rounds, actor=principal().account_id, now=now())
        services.invite(public, now=now())
    except services.Refused as fault:
        db.session.rollback()
        return _new(typed, str(fault)), 422
    db.session.commit()
    flash(_("The panel can rate now. Its members have an e-mail with the link on its way."), "good")
    return redirect(url_for("standards.study", public=public), 303)


@blueprint.get("/<public>")
@access(*EVERYBODY)
def study(public: str) -> ResponseReturnValue:
    """How far a panel is, the figures of its closed rounds, and the pass mark."""
    return _study(found_study(public))


@blueprint.get("/<public>/rate")
@access(*EVERYBODY)
def rating(public: str) -> ResponseReturnValue:
    """The questions with the reader's own ratings."""
    found = member_study(public, borderline=False)
    return _rating(found) if found.open_round else redirect(url_for("standards.study", public=public), 303)


@blueprint.post("/<public>/rate", endpoint="rate")
@access(*EVERYBODY)
def rate(public: str) -> ResponseReturnValue:
    """Keep the ratings that are there; nothing where one of them is not a number from 0 to 100."""
    found, me = member_study(public, borderline=False), principal().account_id
    typed = {
        item: request.form[field].strip()
        for at, item in enumerate(found.items, 1) if (field := f"r-{at}") in request.form
    }  # fmt: skip
    wrong = {item for item, text in typed.items() if text and not _whole(text)}
    number = int(given) if (given := request.form.get("round", "")) in map(str, ROUNDS) else 0
    if wrong and number == found.open_round:
        return _rating(found, typed, wrong), 422
    try:
        values = {item: int(text) if text else None for item, text in typed.items() if item not in wrong}
        kept = services.rate(found, number, values, actor=me, now=now())
    except services.Refused as fault:
        db.session.rollback()
        if found.open_round is None:
            return _study(found, str(fault)), 422
        return _rating(found, error=str(fault)), 422
    db.session.commit()
    left = len(found.items) - kept
    if left:
        flash(ngettext("Saved. One question is left.", "Saved. %(num)d questions are left.", left), "good")
        return redirect(url_for("standards.rating", public=public), 303)
    flash(_("Saved. You have rated every question; you may change ratings until the round is closed."), "good")
    return redirect(url_for("standards.study", public=public), 303)


@blueprint.post("/<public>/remind")
@access(*EDUCATORS)
def remind(public: str) -> ResponseReturnValue:
    """Write to the members who are not ready."""
    found = found_study(public)
    try:
        sent = services.remind(found, actor=principal().account_id, now=now())
    except services.Refused as fault:
        db.session.rollback()
        return _study(found, str(fault)), 422
    db.session.commit()
    if sent:
        flash(ngettext("One reminder is on its way.", "%(num)d reminders are on their way.", sent), "good")
    else:
        flash(_("Nobody was written to: each has had a reminder today, or has no account that is open."), "warn")
    return redirect(url_for("standards.study", public=public), 303)


@blueprint.post("/<public>/close")
@access(*EDUCATORS)
def close(public: str) -> ResponseReturnValue:
    """Close a round."""
    found = found_study(public)
    number = int(given) if (given := request.form.get("round", "")) in map(str, ROUNDS) else 0
    without = request.form.get("without") == "yes"
    try:
        if found.borderline:
            judging.close(found, actor=principal().account_id, now=now())
        else:
            services.close(found, number, actor=principal().account_id, now=now(), without=without)
    except services.Refused as fault:
        db.session.rollback()
        return _study(found, str(fault)), 422
    db.session.commit()
    flash(_("The judging is closed.") if found.borderline else _("Round %(n)s is closed.", n=number), "good")
    return redirect(url_for("standards.study", public=public), 303)


@blueprint.post("/<public>/adopt")
@access(*EDUCATORS)
def adopt(public: str) -> ResponseReturnValue:
    """Adopt a pass mark for good."""
    found = found_study(public)
    mark, reason = request.form.get("mark", "").strip().replace(",", "."), request.form.get("reason", "")
    try:
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,2})?", mark):
            raise services.Refused(_("A pass mark from 0 to 100 was expected, such as 76.4."))
        new = services.adopt(found, Fraction(mark), reason, actor=principal().account_id, now=now())
    except services.Refused as fault:
        db.session.rollback()
        return _study(found, str(fault), {"mark": mark[:20], "reason": reason}), 422
    db.session.commit()
    if new:
        flash(_("Adopted. The exam changes once the line stands in exam.md and is published."), "good")
    return redirect(url_for("standards.study", public=public), 303)


@blueprint.get("/<public>/evidence.json")
@access(*EVERYBODY)
def evidence(public: str) -> ResponseReturnValue:
    """All that an adopted pass mark rests on; judges are numbers.

    Scores beside what was said of whoever had them are for those who see everything anyway: whoever can look up
    sittings, as educators can, would know some people by a score that only they have.
    """
    found = found_study(public)
    demand(bool(principal().roles & set(OVERSEERS if found.borderline else EDUCATORS)))
    adopted = found.adopted or abort(404)
    document = {
        "cut": str(adopted.cut), "adopted": str(adopted.adopted), "se": adopted.se, "reason": adopted.reason,
        "adopted_at": adopted.adopted_at.isoformat(), "digest": adopted.digest, "evidence": dict(adopted.evidence),
    }  # fmt: skip
    text = json.dumps(document, ensure_ascii=False, indent=1)
    name = f"attachment; filename=standard-{public}.json"
    return Response(text, mimetype="application/json", headers={"Content-Disposition": name})


def _whole(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]{1,3}", text)) and int(text) <= 100


def _new(typed: dict[str, str], error: str = "") -> str:
    courses = [(each.code, each.title) for each in catalog.catalogue() if each.exam]
    return render_template(
        "standards/new.html", courses=courses, rounds=[(each, each) for each in ROUNDS], typed=typed, error=error
    )


def _study(found: Study, error: str = "", typed: dict[str, str] | None = None) -> str:
    if found.borderline:
        return borderline.page(found, error, typed)
    return render_template(
        "standards/study.html", study=found, progress=queries.progress(found), educates=educates(),
        label=queries.label_of(found, principal().account_id), error=error, typed=typed or {}, percent=percent,
        wide=WIDE, **adoption(found),
    )  # fmt: skip


def _rating(found: Study, typed: dict[str, str] | None = None, wrong: set[str] | None = None, error: str = "") -> str:
    me = principal().account_id
    assert found.open_round is not None, "the caller has asked"
    bank, kept, seen = items.bank(found.version.id), queries.own(found, me, found.open_round), queries.seen(found, me)
    rows = []
    for at, item_id in enumerate(found.items, 1):
        item, before = bank.item(item_id), seen.get(item_id)
        saved = kept.get(item_id, before.own if before else None)
        rows.append(
            {
                "at": at, "item": item, "model": shown(item), "seen": before, "saved": item_id in kept,
                "case": bank.case(item.case_id).stem if item.case_id else None, "wrong": item_id in (wrong or ()),
                "value": (typed or {}).get(item_id, "" if saved is None else str(saved)),
            }
        )  # fmt: skip
    return render_template(
        "standards/rate.html", study=found, rows=rows, done=len(kept), wrong=len(wrong or ()), error=error,
        percent=percent,
    )  # fmt: skip
