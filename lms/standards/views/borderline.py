"""Pages of a panel that judges who took an exam, by what its members know of people at work and without scores."""

from __future__ import annotations

import re

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from assessments.standards import ENOUGH_BORDERLINE
from lms.accounts import queries as accounts
from lms.audit.places import Place
from lms.audit.tasks import note_look
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.db import db
from lms.people.queries import ids_by_public_id
from lms.people.scope import Scope
from lms.standards import judging, services, takers
from lms.standards.facts import Study
from lms.standards.views.base import EDUCATORS, OVERSEERS, adoption, blueprint, educates, member_study, percent
from lms.web.clock import now, today
from lms.web.guard import access
from lms.web.principal import principal

JUDGES = ("supervisor", "cmio", "administrator")
LONGEST_SEARCH = 100


@blueprint.get("/borderline/new", endpoint="new_borderline")
@access(*EDUCATORS)
def new() -> ResponseReturnValue:
    """Choose the text whose takers are judged, and the panel."""
    return _new({"text": request.args.get("text", "")})


@blueprint.post("/borderline/new", endpoint="begin_borderline")
@access(*EDUCATORS)
def begin() -> ResponseReturnValue:
    """Begin a study of a borderline group."""
    typed = {name: request.form.get(name, "") for name in ("text", "panel")}
    try:
        version = _text(typed["text"])
        if version is None:
            raise services.Refused(_("Choose the exam whose pass mark is set."))
        emails = re.split(r"[\s,;]+", typed["panel"])
        public = judging.begin(version, emails, actor=principal().account_id, now=now())
        services.invite(public, now=now())
    except services.Refused as fault:
        db.session.rollback()
        return _new(typed, str(fault)), 422
    db.session.commit()
    flash(_("The panel can judge now. Its members have an e-mail with the link on its way."), "good")
    return redirect(url_for("standards.study", public=public), 303)


@blueprint.get("/<public>/judge", endpoint="judging")
@access(*JUDGES)
def people(public: str) -> ResponseReturnValue:
    """Those who took the exam and whom the reader may judge, by name, without scores."""
    found = member_study(public, borderline=True)
    if found.open_round is None:
        return redirect(url_for("standards.study", public=public), 303)
    return _people(found)


@blueprint.post("/<public>/judge", endpoint="judge")
@access(*JUDGES)
def judge(public: str) -> ResponseReturnValue:
    """Keep what is said of the people on the page; nothing where one of them may not be judged."""
    found, me = member_study(public, borderline=True), principal()
    typed = {field[2:]: value for field, value in request.form.items() if field.startswith("p-")}
    known = ids_by_public_id(typed)
    try:
        if known.keys() != typed.keys():
            raise services.Refused(_("One of these people is not known here."))
        said = {known[key]: None if value == "none" else value for key, value in typed.items()}
        count = judging.judge(
            found, said, scope=_scope(), own_person=me.person_id, actor=me.account_id, today=today(), now=now()
        )
    except services.Refused as fault:
        db.session.rollback()
        return (_people(found, str(fault)) if found.open_round else page(found, str(fault))), 422
    db.session.commit()
    flash(ngettext("Saved. You have judged one person.", "Saved. You have judged %(num)d people.", count), "good")
    at = _number(request.form.get("page")) + (request.form.get("go") == "next")
    return redirect(url_for("standards.judging", public=public, page=at, q=_search(request.form.get("q")) or None), 303)


def page(found: Study, error: str = "", typed: dict[str, str] | None = None) -> str:
    """How far the judging is; once it is closed the cut, and the pass mark."""
    progress = takers.tally(found) if found.open_round else None
    names = accounts.names_of(found.panel)
    members = [(names.get(key, ""), progress.by_member.get(key, 0)) for key in found.panel] if progress else []
    me = principal()
    return render_template(
        "standards/borderline.html", study=found, tally=progress, border=takers.border(found), educates=educates(),
        members=sorted(members, key=lambda each: each[0].casefold()), judges=me.account_id in found.panel,
        overseer=bool(me.roles & set(OVERSEERS)), least=ENOUGH_BORDERLINE, error=error, typed=typed or {},
        percent=percent, **adoption(found),
    )  # fmt: skip


def _people(found: Study, error: str = "") -> str:
    me, text = principal(), _search(request.values.get("q"))

    def read() -> takers.Desk:
        return takers.desk(
            found, me.account_id, me.person_id, _scope(), today(), text=text, page=_number(request.values.get("page"))
        )

    note_look(me, [each.person.id for each in read().takers], "list", Place("judging", found.version.title), now())
    return render_template("standards/judge.html", study=found, desk=read(), text=text, error=error)


def _new(typed: dict[str, str], error: str = "") -> str:
    texts = [
        (
            f"{each.code} {each.digest}",
            ngettext(
                "%(title)s, edition %(edition)s: one attempt handed in",
                "%(title)s, edition %(edition)s: %(num)d attempts handed in",
                count, title=each.title, edition=each.edition,
            ),
        )
        for each, count in takers.texts()
    ]  # fmt: skip
    return render_template(
        "standards/new_borderline.html", texts=texts, typed=typed, error=error, least=ENOUGH_BORDERLINE
    )


def _text(value: str) -> VersionFacts | None:
    code, _space, digest = value.partition(" ")
    return catalog.version_by_digest(code, digest) if digest and "\0" not in value else None


def _scope() -> Scope:
    me = principal()
    return accounts.scope_of(me.account_id, me.person_id, me.roles, today())


def _number(text: str | None) -> int:
    return int(text) if text and re.fullmatch(r"[0-9]{1,6}", text) else 1


def _search(text: str | None) -> str:
    return (text or "").replace("\0", "").strip()[:LONGEST_SEARCH]
