"""Reading studies of a pass mark. Never writes.

Ratings of a round that is open leave this module only to the person who made them. Figures of a closed round rest
on the members who rated every question in it, under numbers instead of names.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select

from assessments.papers import drawables
from assessments.standards import Rating, Round, Standard, angoff_rounds, angoff_standard, borderline_group
from lms.accounts import queries as accounts
from lms.bank import queries as bank_figures
from lms.bank.listing import use_of
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.db import db
from lms.items import queries as items
from lms.items import retiring
from lms.standards.facts import Adopted, Judge, Progress, Seen, Study
from lms.standards.models import (
    AdoptedStandard,
    StandardJudge,
    StandardJudgement,
    StandardRating,
    StandardRound,
    StandardStudy,
)


def rateable(version: VersionFacts) -> tuple[str, ...]:
    """The questions that new papers of a text's exam may hold, in the author's order."""
    kept = retiring.without(items.bank(version.id), retiring.retired(version.course_id))
    return tuple(each.id for each in drawables(kept) if use_of(version, each, frozenset()) == "exam")


def studies(account_id: int | None = None) -> tuple[Study, ...]:
    """Every study, or those on whose panel an account sits, the latest first. A fixed number of statements."""
    statement = select(StandardStudy).order_by(StandardStudy.id.desc())
    if account_id is not None:
        sits = select(StandardJudge.study_id).where(StandardJudge.account_id == account_id)
        statement = statement.where(StandardStudy.id.in_(sits))
    return _facts(db.session.scalars(statement).all())


def study(public_id: str) -> Study | None:
    """The study with this public id."""
    found = db.session.scalars(select(StandardStudy).where(StandardStudy.public_id == public_id)).all()
    return next(iter(_facts(found)), None)


def waiting_for(account_id: int) -> tuple[Study, ...]:
    """The studies in whose open round an account has something left to say, the latest first."""
    mine = [each for each in studies(account_id) if each.open_round]
    counted = (
        select(StandardJudgement.study_id)
        .where(StandardJudgement.account_id == account_id, StandardJudgement.study_id.in_([each.id for each in mine]))
        .distinct()
    )
    begun = frozenset(db.session.scalars(counted)) if any(each.borderline for each in mine) else frozenset()
    return tuple(
        each
        for each in mine
        if (
            each.id not in begun  # whom somebody knows well enough nobody else can say, so the first word ends it
            if each.borderline
            else len(own(each, account_id, each.open_round or 0)) < len(each.items)
        )
    )


def _facts(rows: Sequence[StandardStudy]) -> tuple[Study, ...]:
    ids = [each.id for each in rows]
    versions = catalog.versions_by_id({each.version_id for each in rows})
    counted = select(StandardRound.study_id, func.count()).group_by(StandardRound.study_id)
    closed = {row[0]: row[1] for row in db.session.execute(counted.where(StandardRound.study_id.in_(ids)))}
    panels: dict[int, set[int]] = {}
    sits = select(StandardJudge.study_id, StandardJudge.account_id).where(StandardJudge.study_id.in_(ids))
    for study_id, account_id in db.session.execute(sits):
        panels.setdefault(study_id, set()).add(account_id)
    adopted = {
        each.study_id: Adopted(
            Fraction(each.cut), Fraction(each.adopted), each.se, each.reason, each.digest, each.adopted_at,
            each.evidence,
        )
        for each in db.session.scalars(select(AdoptedStandard).where(AdoptedStandard.study_id.in_(ids)))
    }  # fmt: skip
    return tuple(
        Study(
            each.id, each.public_id, versions[each.version_id], tuple(each.items), each.rounds, closed.get(each.id, 0),
            each.created_at, frozenset(panels.get(each.id, ())), adopted.get(each.id), each.method,
        )
        for each in rows
    )  # fmt: skip


def progress(found: Study) -> Progress:
    """How far the panel is, and the figures of the rounds that are over."""
    counted = (
        select(StandardRating.account_id, func.count())
        .where(StandardRating.study_id == found.id, StandardRating.round == (found.open_round or found.rounds))
        .group_by(StandardRating.account_id)
    )
    rated = {row[0]: row[1] for row in db.session.execute(counted)}
    names = accounts.names_of(found.panel)
    judges = [Judge(key, label, names.get(key, ""), rated.get(key, 0)) for key, label in _labels(found.id).items()]
    bank = items.bank(found.version.id)
    return Progress(
        found,
        tuple(sorted(judges, key=lambda each: (each.name.casefold(), each.account_id))),
        rounds_over(found),
        {item: bank.item(item).title for item in found.items},
        len({bank.item(item).points for item in found.items}) > 1,
    )


def label_of(found: Study, account_id: int) -> int | None:
    """The number under which an account's ratings appear, None for somebody who is not on the panel."""
    return _labels(found.id).get(account_id)


def own(found: Study, account_id: int, number: int) -> dict[str, int]:
    """An account's own ratings of a round, by question."""
    statement = select(StandardRating.item, StandardRating.percent).where(
        StandardRating.study_id == found.id, StandardRating.round == number, StandardRating.account_id == account_id
    )
    return {row[0]: row[1] for row in db.session.execute(statement)}


def seen(found: Study, account_id: int) -> dict[str, Seen]:
    """What a member sees beside each question in a round after the first; empty in the first."""
    if found.closed == 0:
        return {}
    before = own(found, account_id, found.closed)
    over = rounds_over(found)
    views = {view.item: view for view in over[-1].items} if over else {}
    shown = {}
    for item in found.items:
        view = views.get(item)
        right = view.takers_right if view else None
        shown[item] = Seen(
            own=before.get(item),
            mean=float(view.mean) if view else None,
            lowest=int(view.lowest) if view else None,
            highest=int(view.highest) if view else None,
            takers_right=None if right is None else float(right),
        )
    return shown


def complete(found: Study, number: int) -> frozenset[int]:
    """The accounts that rated every question in a round."""
    statement = (
        select(StandardRating.account_id)
        .where(StandardRating.study_id == found.id, StandardRating.round == number)
        .group_by(StandardRating.account_id)
        .having(func.count() == len(found.items))
    )
    return frozenset(db.session.scalars(statement))


def rounds_over(found: Study) -> tuple[Round, ...]:
    """The figures of the closed rounds, each beside what takers did when it was closed."""
    ratings, takers = _ratings(found), _takers(found.id)
    return tuple(
        angoff_rounds([one for one in ratings if one.round == number], found.items, takers[number])[0]
        for number in sorted({one.round for one in ratings})
    )


def evidence(found: Study) -> dict[str, Any]:
    """All that a pass mark of this study rests on, as it is kept.

    Ratings by number, questions and what takers did; or scores with what was said of whoever had them.
    """
    if found.borderline:
        kept = db.session.scalar(select(StandardRound.takers).where(StandardRound.study_id == found.id)) or {}
        return {
            "method": "borderline-group", "study": found.public_id, "course": found.version.code,
            "version": found.version.digest, "takers": [], **kept,
        }  # fmt: skip
    takers = _takers(found.id)
    return {
        "study": found.public_id,
        "course": found.version.code,
        "version": found.version.digest,
        "ratings": [[one.round, one.judge, one.item, int(one.chance)] for one in _ratings(found)],
        "items": list(found.items),
        "takers_right": takers.get(max(takers, default=0), {}),
    }


def standard_of(kept: dict[str, Any], adopted: Fraction | None, reason: str) -> Standard:
    """The frozen pass mark that evidence leads to. Raises ValueError where it leads to none."""
    if kept.get("method") == "borderline-group":
        return borderline_group([(Fraction(score), said) for score, said in kept["takers"]], adopted, reason)
    ratings = [Rating(judge, item, number, Fraction(percent)) for number, judge, item, percent in kept["ratings"]]
    return angoff_standard(ratings, kept["items"], kept["takers_right"], adopted, reason)


def takers_right(found: Study) -> dict[str, float]:
    """The share of takers right by question, where enough met it and the figures are of the study's own text."""
    analysis = bank_figures.analyses().get(found.version.course_id)
    if analysis is None or analysis.version_id != found.version.id:
        return {}
    wanted = frozenset(found.items)
    return {
        item: figures.difficulty
        for (course_id, item), figures in bank_figures.figures().items()
        if course_id == found.version.course_id and item in wanted and figures.enough and figures.difficulty is not None
    }


def _ratings(found: Study) -> list[Rating]:
    """The ratings of closed rounds by members who rated all, in a fixed order."""
    labels, whole = _labels(found.id), {number: complete(found, number) for number in range(1, found.closed + 1)}
    statement = select(
        StandardRating.round, StandardRating.account_id, StandardRating.item, StandardRating.percent
    ).where(StandardRating.study_id == found.id, StandardRating.round <= found.closed)
    rows: Collection[Any] = db.session.execute(statement).all()
    ratings = [
        Rating(f"Judge {labels[account_id]}", item, number, Fraction(percent))
        for number, account_id, item, percent in rows
        if account_id in whole[number]
    ]
    return sorted(ratings, key=lambda one: (one.round, one.judge, one.item))


def _takers(study_id: int) -> dict[int, dict[str, float]]:
    statement = select(StandardRound.number, StandardRound.takers_right).where(StandardRound.study_id == study_id)
    return {number: dict(right) for number, right in db.session.execute(statement)}


def _labels(study_id: int) -> dict[int, int]:
    statement = select(StandardJudge.account_id, StandardJudge.label).where(StandardJudge.study_id == study_id)
    return {row[0]: row[1] for row in db.session.execute(statement)}
