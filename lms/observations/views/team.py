"""The team page, its file, reminders, and the disputes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from lms.audit.places import Place
from lms.audit.tasks import note_look
from lms.db import db
from lms.observations import queries
from lms.observations.nudging import Nudged, nudge
from lms.observations.team import ORDERS, STATUSES, Member, Team, Wanted, chosen
from lms.observations.views.base import OVERSEERS, blueprint, demand_signer, fresh_team
from lms.people.facts import PROFESSIONS
from lms.people.queries import people_by_ids
from lms.web.clock import now, today
from lms.web.guard import access, demand
from lms.web.principal import principal

MOST_SHOWN = 200
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a spreadsheet would run these


@blueprint.get("/team")
@access()
def team() -> ResponseReturnValue:
    """Who is overdue, due, expiring and away, what waits, and the next act for each person."""
    demand_signer()
    found = fresh_team()
    wanted = _wanted()
    members = chosen(found, wanted)
    shown = members[:MOST_SHOWN]
    note_look(principal(), [each.id for each in shown], "list", _place(found, wanted), now())
    return render_template(
        "observations/team.html",
        team=found,
        members=shown,
        matching=len(members),
        wanted=wanted,
        lent="supervisor" not in principal().roles,
        supervisor="supervisor" in principal().roles,
        people={each.id: each for each in found.members},
        account_id=principal().account_id,
    )


@blueprint.get("/team.csv", endpoint="team_csv")
@access()
def team_file() -> ResponseReturnValue:
    """The list as it is shown, as CSV."""
    demand_signer()
    found = fresh_team()
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["employee_id", "name", "profession", "units", "status", "below_target", "to_sign", "lapsed", "ending",
         "next_day", "away_until", "reminded_at", "as_of"]
    )  # fmt: skip
    wanted = _wanted()
    members = chosen(found, wanted)
    note_look(principal(), [each.id for each in members], "export", _place(found, wanted), now())
    for each in members:
        writer.writerow([_harmless(cell) for cell in _cells(each)])
    answer = Response(b"\xef\xbb\xbf" + out.getvalue().encode(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="team-{today().isoformat()}.csv"'
    return answer


def _place(found: Team, wanted: Wanted) -> Place:
    """The team list of the unit asked for, or of the only one that there is."""
    named = [name for unit, name in found.units if wanted.unit in (None, unit)]
    return Place("team", unit=named[0] if len(named) == 1 else "")


def _cells(each: Member) -> Iterable[str]:
    lack, person = each.shortfall, each.placed.person
    until = each.placed.away_until
    return (
        person.employee_id or "", each.name, person.profession, "; ".join(each.units), each.status,
        " ".join(lack.missing), " ".join(lack.to_sign), " ".join(lack.lapsed), " ".join(lack.ending),
        each.next_day.isoformat() if each.next_day else "", until.isoformat() if until else "",
        each.nudged_at.isoformat(timespec="minutes") if each.nudged_at else "", today().isoformat(),
    )  # fmt: skip


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _wanted() -> Wanted:
    """What the address asks for; what it cannot mean is left out."""
    unit = request.args.get("unit", "")
    profession = request.args.get("profession", "")
    status = request.args.get("status", "")
    order = request.args.get("order", "")
    return Wanted(
        text=request.args.get("q", "").strip()[:100],
        unit=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 10 else None,
        profession=profession if profession in PROFESSIONS else "",
        status=status if status in (*STATUSES, "waiting") else "",
        order=order if order in ORDERS else "urgency",
    )


@blueprint.post("/team/reminders", endpoint="nudge")
@access()
def remind() -> ResponseReturnValue:
    """Remind the people ticked, or the one whose button was pressed: one e-mail a person and week at most."""
    demand_signer()
    found = fresh_team()
    known = found.by_public_id()
    wanted = list(dict.fromkeys([*request.form.getlist("one"), *request.form.getlist("person")]))
    if request.form.get("one"):
        wanted = wanted[:1]
    demand(all(public in known for public in wanted))
    if not wanted:
        flash(_("Tick the people to remind first."), "warn")
        return redirect(_back(), 303)
    who = principal()
    chosen_people = {
        known[public].id: (known[public].placed.person, _open(known[public]))
        for public in wanted
        if known[public].status != "away"
    }
    done = nudge(chosen_people, sender=who.name, account_id=who.account_id, today=today(), now=now())
    db.session.commit()
    _tell(done, len(wanted) - len(chosen_people))
    return redirect(_back(), 303)


def _open(member: Member) -> list[str]:
    return [*member.shortfall.missing, *member.shortfall.ending]


def _tell(done: Nudged, away: int) -> None:
    if done.sent:
        flash(
            ngettext("%(num)d reminder is on its way.", "%(num)d reminders are on their way.", len(done.sent)), "good"
        )
    if done.already:
        flash(
            ngettext(
                "%(num)d person was reminded this week already; one e-mail a week is enough.",
                "%(num)d people were reminded this week already; one e-mail a week is enough.",
                len(done.already),
            ),
            "warn",
        )
    if done.unreachable:
        flash(_("No e-mail address is known for %(names)s.", names=", ".join(done.unreachable)), "warn")
    if away:
        flash(ngettext("%(num)d is away and was left alone.", "%(num)d are away and were left alone.", away), "warn")


def _back() -> str:
    """The list as it was filtered."""
    kept = {name: request.form[name][:100] for name in ("q", "unit", "profession", "status", "order")
            if request.form.get(name)}  # fmt: skip
    return url_for("observations.team", **kept)  # type: ignore[arg-type]


@blueprint.get("/team/disputes")
@access("supervisor", "cmio", "administrator")
def disputes() -> ResponseReturnValue:
    """Observations that the observed see differently: a supervisor's people, for the CMIO everybody's."""
    if OVERSEERS & principal().roles:
        found = queries.disputes()
    else:
        found = queries.disputes([each.id for each in fresh_team().members])
    people = people_by_ids({each.person_id for each in found})
    return render_template("observations/disputes.html", disputes=found, people=people)
