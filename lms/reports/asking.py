"""What the pages of figures share: the blueprint, the question that an address asks, links that keep filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, current_app, request, url_for
from werkzeug.exceptions import HTTPException

from lms.accounts.queries import scope_of
from lms.competency.queries import framework
from lms.competency.tasks import fold_some
from lms.people.facts import UnitFacts
from lms.people.queries import ancestors, units
from lms.reports.dates import BadDate, read_date
from lms.reports.kinds import KINDS
from lms.reports.plans import Question, ReportRefused
from lms.reports.words import TEXTS
from lms.web.clock import today
from lms.web.principal import principal

MOST_OFFERED = 300  # units in the filter; beyond, the page would be mostly a list of them
blueprint = Blueprint("reports", __name__, template_folder="templates")
READERS = ("supervisor", "cmio", "administrator")
STATUS = {"unknown": 404, "unknown-unit": 404, "scope": 403}
FILTERS = ("as_of", "compare_to", "profession", "competencies", "rows")
FIELD_OF = {"compare": "compare_to", "unknown-unit": "unit", "scope": "unit"}


class FilterRefused(HTTPException):
    """A filter that cannot be used: `field` names it, the description says what was expected."""

    def __init__(self, message: str, status: int, field: str) -> None:
        super().__init__(message)
        self.code, self.field = status, field


def asked(unit: str | None, wanted: Mapping[str, str] | None = None) -> Question:
    """The question of this request's address, or of filters handed in. A bad date is answered 422."""
    given = request.args if wanted is None else wanted
    who = principal()
    return question_of(
        {name: given.get(name, "") for name in FILTERS} | {"unit": unit or ""},
        scope_of(who.account_id, who.person_id, who.roles, today()),
        today(),
    )


def current(unit: str | None) -> Question:
    """The same, after folding as much as a page may wait for; the question says how many people are still behind."""
    behind = fold_some(today())
    return replace(asked(unit), behind=behind)


def question_of(given: Mapping[str, str], scope: Any, on: dt.date) -> Question:
    """The question that filters ask on a day. A bad date is answered 422."""
    as_of = _date(given, "as_of", on)
    compare_to = _date(given, "compare_to", on) if given.get("compare_to") else None
    return Question(
        unit=given.get("unit") or None,
        as_of=as_of,
        today=on,
        scope=scope,
        profession=given.get("profession") or None,
        competencies=given.get("competencies") or "",
        compare_to=compare_to,
        flat=given.get("rows") == "lowest",
        smallest=current_app.config["SETTINGS"].small_group,
    )


def _date(given: Mapping[str, str], field: str, on: dt.date) -> dt.date:
    try:
        return read_date(given.get(field, ""), on)
    except BadDate as fault:
        raise FilterRefused(str(fault), 422, field) from None


def kept(unit: str | None) -> dict[str, str]:
    """The parameters that links on a page keep."""
    held = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    return held | ({"unit": unit} if unit else {})


def answered(ask: Callable[..., Any], *question: Any) -> Any:
    """What a query answers; its refusal becomes the page of that status."""
    try:
        return ask(*question)
    except ReportRefused as fault:
        raise FilterRefused(fault.message, STATUS.get(fault.kind, 422), FIELD_OF.get(fault.kind, fault.kind)) from None


def address(kind: str, **filters: Any) -> str:
    """The page of a kind with these filters."""
    if kind == "heatmap":
        return url_for("reports.workforce", **filters)
    return url_for("reports.table", kind=kind, **filters)


def readable(question: Question) -> dict[str, str]:
    """The kinds that the reader may open, by name, with what they are called."""
    return {kind.name: kind.label for kind in KINDS.values() if question.scope.everything or not kind.whole}


def _offered(question: Question, line: Sequence[UnitFacts]) -> list[UnitFacts]:
    """The units that the filter offers: all, or of very many those around the one asked for; rows lead on."""
    seen = [each for each in units() if question.scope.covers_unit(each.id)]
    if len(seen) <= MOST_OFFERED:
        return seen
    ids = {each.id for each in seen}
    around = {each.id for each in line}
    return [
        each
        for each in seen
        if each.id in around or each.parent_id in around or each.parent_id not in ids or each.code == question.unit
    ]


def surroundings(question: Question, unit: UnitFacts | None, held: dict[str, Any], columns: str) -> dict[str, Any]:
    """What every page of figures has around them: crumbs, filters, links to exports and other kinds."""
    whole = ancestors(unit.id) if unit else ()
    line = whole[:-1]
    known = framework()
    domains = [(domain.code, domain.title) for domain in known.domains] if known else []
    return {
        "question": question,
        "asked": unit,
        "line": [each for each in line if question.scope.covers_unit(each.id)],
        "choices": [(each.code, each.name) for each in _offered(question, whole)],
        "columns": columns,
        "domains": domains,
        "kinds": readable(question),
        "texts": TEXTS,
        "kept": held,
        "export": lambda kind, form: url_for("reports.export", kind=kind, format=form, **held),
        "table_url": lambda kind, **change: address(kind, **(held | change)),
    }
