"""What-if: some people trained, everybody who lacks only one thing, more super-users; nothing is written here.

The whole question stands in the address, so that it can be sent to a colleague: people by their opaque ids, which
are checked against what the reader may see.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import UnprocessableEntity

from lms.golive.blockers import chosen
from lms.golive.figures import build, finding
from lms.golive.frame import Frame
from lms.golive.views.base import READERS, blueprint, framed, kept
from lms.web.clock import today
from lms.web.guard import access

MOST_ADDED = 50
MOST_PEOPLE = 200


@dataclass(frozen=True)
class Supposition:
    """What is supposed: public ids of people trained, a requirement's key for a unit or all, super-users by shift."""

    people: tuple[str, ...]
    only: str
    unit: str
    more: tuple[tuple[str, str, int], ...]

    @property
    def empty(self) -> bool:
        """Whether nothing is supposed."""
        return not (self.people or self.only or self.more)


@blueprint.get("/<plan>/what-if")
@access(*READERS)
def what_if(plan: str) -> ResponseReturnValue:
    """The plan before and after what the address supposes."""
    frame = framed(plan)
    supposed = read(frame)
    trained = chosen(frame, frozenset(supposed.people))
    if trained is None:
        abort(404)
    more: dict[str, dict[str, int]] = defaultdict(dict)
    for unit, shift, count in supposed.more:
        more[unit][shift] = more[unit].get(shift, 0) + count
    after = frame.supposed(trained, supposed.only or None, more, supposed.unit or None)
    before = build(frame)
    then = build(after).data
    rows = [(before.data["total"] | {"code": "", "name": ""}, then["total"])]
    rows += list(zip(before.data["units"], then["units"], strict=True))
    return render_template(
        "golive/what_if.html",
        plan=frame.plan,
        supposed=supposed,
        rows=rows,
        gained=after.total.ready - frame.total.ready if not frame.total.hidden else None,
        finding=finding(after),
        needs=[(need, frame.titles.get(need.code, need.code)) for need in _needs(frame)],
        units=[group.unit for group in frame.groups if group.unit and not group.hidden],
        shifts=frame.text.shifts,
        names={group.unit.code: group.unit.name for group in frame.groups if group.unit},
        shift_names={shift.key: shift.name for shift in frame.text.shifts},
        kept=kept(),
        assign=_assign(frame, supposed),
    )


def _assign(frame: Frame, supposed: Supposition) -> str:
    """The page that turns a supposition into assignments; empty where it names nobody, or the day is past."""
    if not (supposed.people or supposed.only) or frame.as_of != today() or frame.text.date < today():
        return ""
    asked: dict[str, Any] = {"person": supposed.people, "only": supposed.only or None, "unit": supposed.unit or None}
    added = [f"{unit}~{shift}~{count}" for unit, shift, count in supposed.more]
    return url_for("golive.assign", plan=frame.plan.public_id, add=added, **asked)


def _needs(frame: Frame) -> list:  # type: ignore[type-arg]
    found = {need.key: need for need in frame.text.requirements}
    return list(found.values())


def read(frame: Frame) -> Supposition:
    """What the address supposes; 422 says what was expected, 404 what is not there."""
    people = tuple(dict.fromkeys(request.args.getlist("person")))
    if len(people) > MOST_PEOPLE:
        raise UnprocessableEntity(
            _(
                "%(what)s people were chosen; at most %(most_people)s were expected.",
                what=len(people),
                most_people=MOST_PEOPLE,
            )
        )
    only, unit = request.args.get("only", ""), request.args.get("unit", "")
    if only and only not in {need.key for need in frame.text.requirements}:
        raise UnprocessableEntity(_("The plan does not require this; one of its requirements was expected."))
    groups = {group.unit.code: group for group in frame.groups if group.unit}
    if unit and (unit not in groups or groups[unit].hidden):
        abort(404)
    added = [each.split("~") for each in request.args.getlist("add") if each]
    if request.args.get("place"):
        added.append([*request.args["place"].split("~"), request.args.get("count", "")])
    more = []
    for parts in added:
        if len(parts) != 3 or parts[0] not in groups or parts[1] not in {each.key for each in frame.text.shifts}:
            abort(404)
        if not (parts[2].isdecimal() and 1 <= int(parts[2][:4]) <= MOST_ADDED):
            raise UnprocessableEntity(_("From 1 to %(most_added)s super-users were expected.", most_added=MOST_ADDED))
        more.append((parts[0], parts[1], int(parts[2])))
    return Supposition(people, only, unit if only else "", tuple(more))
