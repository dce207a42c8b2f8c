"""What an export of the ledger and the attempts holds: data sets, their columns and what these mean.

The tables are those of the database, as in a backup; nothing here reads or writes a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select

from lms.db import db


@dataclass(frozen=True)
class Column:
    """A column of a data set: its name, its Arrow type by name, what it means, and how a value becomes what is kept."""

    name: str
    kind: str  # string, int8, int16, bool, date32, instant or decimal
    meaning: str
    source: ColumnElement[Any]
    hashed: bool = False


@dataclass(frozen=True)
class DataSet:
    """One kind of row, partitioned by the month (UTC) of `moment`."""

    name: str
    moment: ColumnElement[Any]
    columns: tuple[Column, ...]
    joined: Callable[[Select[Any]], Select[Any]]
    order: tuple[ColumnElement[Any], ...]


def data_sets() -> tuple[DataSet, ...]:
    """Every data set of an export."""
    return _evidence(), _attempts(), _responses()


def _evidence() -> DataSet:
    """The ledger."""
    tables = db.metadata.tables
    evidence, person, competency = tables["evidence"].c, tables["person"].c, tables["competency"].c
    gone = tables["evidence_withdrawal"].c
    who = Column("person", "string", "keyed hash of the person, the same in every data set", person.public_id, True)
    return DataSet(
        "evidence", evidence.recorded_at,
        (
            Column("evidence", "string", "keyed hash of the piece of evidence", evidence.public_id, True),
            who,
            Column("competency", "string", "code of the competency", competency.code),
            Column("source", "string", "test, case, simulation, observation, panel, prior, self", evidence.source),
            Column("level", "int8", "0 to 5, under the ceiling of the source", evidence.level),
            Column("passed", "bool", "false: kept, and sets no level", evidence.passed),
            Column("signed_off", "bool", "by somebody entitled to", evidence.signed_off),
            Column("coaching_log", "bool", "a log of coaching others came with it", evidence.coaching_log),
            Column("achieved_on", "date32", "the day it was achieved", evidence.achieved_on),
            Column("valid_until", "date32", "the last day it counts; empty for ever", evidence.valid_until),
            Column("recorded_at", "instant", "when it was known; decides the month", evidence.recorded_at),
            Column("withdrawn_at", "instant", "from when it counts no longer; empty while it does", gone.at),
        ),
        lambda chosen: chosen.join(person.id.table, person.id == evidence.person_id)
        .join(competency.id.table, competency.id == evidence.competency_id)
        .outerjoin(gone.at.table, gone.evidence_id == evidence.id),
        (evidence.id,),
    )  # fmt: skip


def _attempts() -> DataSet:
    """Sittings of exams."""
    tables = db.metadata.tables
    attempt, person = tables["attempt"].c, tables["person"].c
    version, course = tables["course_version"].c, tables["course"].c
    who = Column("person", "string", "keyed hash of the person, the same in every data set", person.public_id, True)
    taken = Column("attempt", "string", "keyed hash of the attempt", attempt.public_id, True)
    return DataSet(
        "attempts", attempt.started_at,
        (
            taken,
            who,
            Column("course", "string", "code of the course", course.code),
            Column("version_digest", "string", "the text of the course that was taken", attempt.version_digest),
            Column("number", "int16", "which attempt of the person at the course, from 1", attempt.number),
            Column("state", "string", "open, submitted or awaiting_marking", attempt.state),
            Column("started_at", "instant", "decides the month", attempt.started_at),
            Column("submitted_at", "instant", "empty while open", attempt.submitted_at),
            Column("percent", "decimal", "as first scored, one decimal; empty until scored", attempt.percent),
            Column("passed", "bool", "as first scored; empty until scored", attempt.passed),
        ),
        lambda chosen: chosen.join(person.id.table, person.id == attempt.person_id)
        .join(version.id.table, version.id == attempt.version_id)
        .join(course.id.table, course.id == version.course_id),
        (attempt.id,),
    )  # fmt: skip


def _responses() -> DataSet:
    """Answers to items, without what was answered."""
    tables = db.metadata.tables
    attempt, response = tables["attempt"].c, tables["response"].c
    taken = Column("attempt", "string", "keyed hash of the attempt", attempt.public_id, True)
    return DataSet(
        "responses", attempt.started_at,
        (
            taken,
            Column("item", "string", "id of the item within its course", response.item),
            Column("confidence", "int8", "1 to 3; empty where none was given", response.confidence),
            Column("score", "double", "share of the item's points", response.score),
            Column("right", "bool", "whether all points were earned", response.right),
        ),
        lambda chosen: chosen.join(attempt.id.table, attempt.id == response.attempt_id),
        (attempt.id, response.item),
    )  # fmt: skip
