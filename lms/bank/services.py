"""Looking at the items of a course from their answers, and keeping what was found.

Figures are never worked out while a page is made: a job does it, and pages read its rows.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, insert

from lms.bank import queries, reckoning
from lms.bank.models import BankAnalysis, ItemFigures
from lms.catalog import queries as catalog
from lms.catalog.facts import VersionFacts
from lms.db import db, lock_named, reading, upsert
from lms.items import queries as items
from lms.jobs.services import enqueue
from lms.people.queries import people_by_ids
from lms.quizzes import sittings

ANALYSE = "bank.analyse"


def ask(course_id: int, version_id: int, attempts: int, *, now: dt.datetime, again: bool = False) -> bool:
    """Queue the analysis of a course; once for each state of its answers, or once a minute where asked `again`."""
    key = f"bank:{course_id}:{version_id}:{attempts}" + (f":{now:%Y%m%d%H%M}" if again else "")
    return enqueue(ANALYSE, {"course": course_id}, now=now, key=key)


def ask_where_behind(*, now: dt.datetime) -> int:
    """Queue the analysis of every course with answers or a text that its figures do not know; returns how many."""
    return sum(
        ask(each.version.course_id, each.version.id, each.attempts, now=now) for each in queries.states() if each.behind
    )


def analyse(course_id: int, *, now: dt.datetime) -> bool:
    """Work out the figures of a course's current items and keep them; False where there is nothing to look at.

    Answers are read and figures worked out without the write lock, which is taken for the rows alone.
    """
    with reading():
        version = next((each for each in catalog.catalogue() if each.course_id == course_id), None)
        if version is None:
            db.session.rollback()
            return False
        found, attempts, shown, papers = _look(version)
        db.session.rollback()
    lock_named(f"bank:{course_id}")
    _keep(version, found, attempts, shown, papers, now)
    return True


def _look(version: VersionFacts) -> tuple[reckoning.Analysis, int, dict[str, int], int]:
    versions = [each.id for each in catalog.versions_of(version.code)]
    counts = sittings.handed_in()
    shown, papers = sittings.exposure(versions)
    bank = items.bank(version.id)
    same = reckoning.comparable(bank, {key: items.bank(key) for key in versions})
    sat = sittings.first_sittings(versions)
    people = people_by_ids({each.person_id for each in sat})
    professions = {key: each.profession for key, each in people.items()}
    return reckoning.reckon(bank, sat, same, professions), sum(counts.get(key, 0) for key in versions), shown, papers


def _keep(
    version: VersionFacts, found: reckoning.Analysis, attempts: int, shown: dict[str, int], papers: int,
    now: dt.datetime,
) -> None:  # fmt: skip
    head = {
        "course_id": version.course_id, "version_id": version.id, "as_of": now, "attempts": attempts,
        "takers": found.takers, "papers": papers, "alpha": found.alpha, "sem": found.sem, "model": found.model,
        "ability_sd": found.ability_sd,
        "warnings": list(found.warnings), "digest": found.digest,
    }  # fmt: skip
    change = [name for name in head if name != "course_id"]
    upsert(BankAnalysis.__table__, [head], ["course_id"], change)  # type: ignore[arg-type]
    db.session.execute(delete(ItemFigures).where(ItemFigures.course_id == version.course_id))
    rows = [
        {
            "course_id": version.course_id, "item": each.item, "takers": each.takers, "shown": shown.get(each.item, 0),
            "difficulty": each.difficulty, "discrimination": each.discrimination, "flags": list(each.flags),
            "figures": each.document,
        }
        for each in found.items
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(ItemFigures), rows)
