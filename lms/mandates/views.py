"""The desk of training: rules with their figures, one rule, the editor with its preview, exemptions."""

from __future__ import annotations

import csv
import io
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from lms.accounts.queries import scope_of
from lms.assignments import queries as assignments
from lms.assignments import services
from lms.assignments.choices import targets
from lms.assignments.facts import Rule
from lms.assignments.obligations import STATES
from lms.assignments.terms import Version
from lms.audit.places import Place
from lms.audit.tasks import note_look
from lms.db import db, public_id
from lms.mandates import queries, words
from lms.mandates.figures import Reader
from lms.mandates.forms import ExemptForm, RuleForm
from lms.mandates.preview import preview
from lms.people import queries as people
from lms.people.facts import PersonFacts
from lms.reports.exports import harmless
from lms.web.clock import now, today
from lms.web.guard import access, demand
from lms.web.principal import principal

blueprint = Blueprint("mandates", __name__, template_folder="templates", url_prefix="/assignments")
READERS = ("educator", "supervisor", "cmio", "administrator")
WRITERS = ("cmio", "administrator")
NAMED = frozenset({"supervisor", "cmio", "administrator"})
SHOWN = 60


def reader() -> Reader:
    """Who looks: educators read figures alone, the others what is in their scope."""
    who = principal()
    scope = scope_of(who.account_id, who.person_id, who.roles, today())
    return Reader(scope, bool(NAMED & who.roles), current_app.config["SETTINGS"].small_group)


@blueprint.get("")
@access(*READERS)
def rules() -> ResponseReturnValue:
    """Every rule with its figures."""
    who = reader()
    return render_template("mandates/rules.html", desk=queries.desk(who, today()), words=words, reader=who)


@blueprint.get("/<public>")
@access(*READERS)
def rule(public: str) -> ResponseReturnValue:
    """One rule: figures by unit, its versions, and for those entitled the people."""
    held, who = assignments.rule(public) or abort(404), reader()
    page = queries.rule_page(held, who, today(), request.args.get("unit", ""))
    state = request.args.get("state", "")
    inside = [each for each in page.people if page.asked is None or page.asked.id in each.units]
    listed = queries.person_lines(inside, held, today()) if who.names else ()
    matching = [each for each in listed if state in ("", each.obligation.state)]
    units = {unit.id: unit.name for unit in people.units()}
    note_look(principal(), [each.person.id for each in matching[:SHOWN]], "list", _place(page), now())
    return render_template(
        "mandates/rule.html", page=page, rule=held, line=page.line, words=words, reader=who, state=state,
        states=[each for each in STATES if any(one.obligation.state == each for one in listed)],
        people=matching[:SHOWN], matching=len(matching), listed=len(listed), units=units,
        writes=bool(set(WRITERS) & principal().roles),
    )  # fmt: skip


def _place(page: queries.RulePage) -> Place:
    return Place("rule", page.line.title, page.asked.name if page.asked else "")


@blueprint.get("/<public>/people.csv")
@access(*NAMED, writes=True)
def people_csv(public: str) -> ResponseReturnValue:
    """Everybody under a rule whom the reader may see, one a line."""
    held, who = assignments.rule(public) or abort(404), reader()
    page = queries.rule_page(held, who, today(), request.args.get("unit", ""))
    inside = [each for each in page.people if page.asked is None or page.asked.id in each.units]
    listed = queries.person_lines(inside, held, today())
    note_look(principal(), [each.person.id for each in listed], "export", _place(page), now())
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["employee_id", "name", "profession", "units", "state", "assigned_on", "due_on", "done_on", "as_of"]
    )
    for line in listed:
        each = line.obligation
        days = [day.isoformat() if day else "" for day in (each.assigned_on, each.due_on, each.done_on, today())]
        texts = [line.person.employee_id or "", line.person.name, line.person.profession, "; ".join(line.units)]
        writer.writerow([*(harmless(text) for text in texts), each.state, *days])
    services.note_export(public, actor=principal().account_id, now=now())
    db.session.commit()
    answer = Response(b"\xef\xbb\xbf" + out.getvalue().encode(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="assignment-{public}-{today().isoformat()}.csv"'
    return answer


@blueprint.get("/<public>/edit")
@access(*WRITERS)
def edit(public: str) -> ResponseReturnValue:
    """The form of a new rule (`new`) or of a change; with values in the address, the form as it was sent to preview."""
    held = _held(public)
    form = RuleForm(request.args if "key" in request.args else None)
    if not form.key.data:
        form.key.data = public_id()
        if held is not None:
            unit = people.unit(held.newest.audience.unit_id) if held.newest.audience.unit_id else None
            form.fill(held, unit.code if unit else "")
    return _editor(public, held, form)


@blueprint.post("/<public>/preview", endpoint="preview")
@access(*WRITERS)
def ask_preview(public: str) -> ResponseReturnValue:
    """Check the form and show what saving would do on a page that one can come back to."""
    held, form = _held(public), RuleForm()
    _choices(form)
    if not form.validate_on_submit():
        return _editor(public, held, form), 422
    try:
        _draft(held, form)
    except services.AssignmentRefused as fault:
        return _refused(public, held, form, fault), 422
    return redirect(url_for("mandates.show_preview", public=public, **_asked()), 303)


@blueprint.get("/<public>/preview")
@access(*WRITERS)
def show_preview(public: str) -> ResponseReturnValue:
    """Who would join and leave, before anything is saved; the address holds the form and nobody's name."""
    held, form = _held(public), RuleForm(request.args, meta={"csrf": False})
    _choices(form)
    if not form.validate():
        return _editor(public, held, form), 422
    try:
        version = _draft(held, form)
    except services.AssignmentRefused as fault:
        return _refused(public, held, form, fault), 422
    found = preview(held, version, today())
    known = people.people_by_ids([each.person_id for each in (*found.joins[:SHOWN], *found.leaves[:SHOWN])])
    unit = people.unit(version.audience.unit_id) if version.audience.unit_id else None
    title = next(each.label for each in form.target.choices if each.value == form.target.data)
    note_look(principal(), list(known), "list", Place("rule-preview", title, unit.name if unit else ""), now())
    return render_template(
        "mandates/preview.html", public=public, rule=held, form=form, preview=found, version=version, words=words,
        known=known, unit=unit.name if unit else "", shown=SHOWN, title=title,
        names={each.id: each.name for each in people.units()},
        back=url_for("mandates.edit", public=public, **_asked()),
    )  # fmt: skip


def _draft(held: Rule | None, form: RuleForm) -> Version:
    """The version that the form asks for; raises AssignmentRefused."""
    because = form.because.data or ""
    return services.draft(*form.parts(_unit_id(form)), because, held=held.newest if held else None, today=today())


def _asked() -> dict[str, Any]:
    """What was sent in the form, for an address: its filled fields alone."""
    names = (name for name in RuleForm(formdata=None)._fields if name != "csrf_token")
    return {name: found for name in names if (found := [each for each in request.values.getlist(name) if each])}


@blueprint.post("/<public>/save")
@access(*WRITERS)
def save(public: str) -> ResponseReturnValue:
    """Save what the preview showed; the same form sent twice is one change."""
    held, form = _held(public), RuleForm()
    _choices(form)
    if not form.validate_on_submit():
        return _editor(public, held, form), 422
    try:
        made = services.save_rule(
            *form.parts(_unit_id(form)), form.because.data or "", public=held.public_id if held else None,
            key=f"{principal().account_id}:{(form.key.data or public_id())[:60]}", actor=principal().account_id,
            now=now(), today=today(),
        )  # fmt: skip
    except services.AssignmentRefused as fault:
        db.session.rollback()
        return _refused(public, held, form, fault), 422
    db.session.commit()
    flash(_("Saved. The rule holds from today on."), "good")
    return redirect(url_for("mandates.rule", public=made), 303)


@blueprint.post("/<public>/end")
@access(*WRITERS)
def end(public: str) -> ResponseReturnValue:
    """End a rule: from today on it asks nothing."""
    _held(public) or abort(404)
    services.end_rule(public, actor=principal().account_id, now=now(), today=today())
    db.session.commit()
    flash(_("Ended. It asks nothing from today on; past figures keep it."), "good")
    return redirect(url_for("mandates.rule", public=public), 303)


@blueprint.get("/<public>/people/<person>")
@access(*WRITERS)
def person(public: str, person: str) -> ResponseReturnValue:
    """One person under a rule, with the form of an exemption."""
    return _person(assignments.rule(public) or abort(404), _found(person), ExemptForm(formdata=None))


@blueprint.post("/<public>/people/<person>/exempt")
@access(*WRITERS)
def exempt(public: str, person: str) -> ResponseReturnValue:
    """Exempt a person for a reason, until a day."""
    held, found, form = assignments.rule(public) or abort(404), _found(person), ExemptForm()
    if not form.validate_on_submit():
        return _person(held, found, form), 422
    try:
        services.exempt(
            public, found.id, form.ends.data, form.reason.data, actor=principal().account_id, now=now(), today=today()
        )
    except services.AssignmentRefused as fault:
        db.session.rollback()
        named = form.ends if fault.field == "ends" else form.reason
        named.errors = [*named.errors, str(fault)]
        return _person(held, found, form), 422
    db.session.commit()
    flash(_("%(name)s is exempt.", name=found.name), "good")
    return redirect(url_for("mandates.person", public=public, person=person), 303)


@blueprint.post("/<public>/people/<person>/exemptions/<exemption>/end")
@access(*WRITERS)
def end_exemption(public: str, person: str, exemption: str) -> ResponseReturnValue:
    """Take an exemption back."""
    services.end_exemption(exemption, actor=principal().account_id, now=now(), today=today())
    db.session.commit()
    flash(_("The exemption no longer holds."), "good")
    return redirect(url_for("mandates.person", public=public, person=person), 303)


def _person(held: Rule, found: PersonFacts, form: ExemptForm) -> str:
    page = queries.rule_page(held, reader(), today())
    note_look(principal(), [found.id], "record", Place("rule-person", page.line.title), now())
    mine = [each for each in page.people if each.person_id == found.id]
    return render_template(
        "mandates/person.html", rule=held, line=page.line, person=found, form=form,
        obligation=mine[0].obligations[0] if mine else None,
        exemptions=assignments.exemptions(rule_id=held.id, person_ids=[found.id]),
    )  # fmt: skip


def _found(public: str) -> PersonFacts:
    found = people.person_by_public_id(public) or abort(404)
    units = frozenset(post.unit_id for post in people.posts_on(found.id, today()))
    demand(reader().scope.covers_person(found.id, units))
    return found


def _held(public: str) -> Rule | None:
    """The rule, or None for the word `new`."""
    return None if public == "new" else assignments.rule(public) or abort(404)


def _unit_id(form: RuleForm) -> int | None:
    found = people.unit_by_code(form.unit.data) if form.unit.data else None
    return found.id if found else None


def _refused(public: str, held: Rule | None, form: RuleForm, fault: services.AssignmentRefused) -> str:
    named = {"recurrence": form.again}.get(fault.field) or getattr(form, fault.field, form.target)
    named.errors = [*named.errors, str(fault)]
    return _editor(public, held, form)


def _choices(form: RuleForm) -> None:
    form.target.choices = targets(levels=True)
    form.unit.choices = [
        SelectChoice("", _("The whole hospital")),
        *(SelectChoice(each.code, each.name) for each in people.units()),
    ]


def _editor(public: str, held: Rule | None, form: RuleForm) -> str:
    _choices(form)
    return render_template("mandates/edit.html", public=public, rule=held, form=form)
