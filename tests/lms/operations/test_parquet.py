"""Parquet files hold what the ledger and the attempts hold, month by month, and say of nobody who it is."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pyarrow.dataset as arrow
import pyarrow.parquet as pq
import pytest
from sqlalchemy import delete, func, insert, select

from lms.competency.models import Competency, Evidence, EvidenceWithdrawal
from lms.db import db, reading
from lms.operations.datasets import data_sets
from lms.operations.parquet import KEY, MANIFEST, ExportFault, export
from lms.people.models import Person
from lms.quizzes.models import Attempt, Response
from tests.conftest import NOW
from tests.lms.operations.conftest import sample

MONTH = dt.date(2026, 10, 1)


@pytest.fixture
def filled(database, new_database):
    """An application with a small sample hospital."""
    with new_database(database) as app:
        sample()
        yield app


def written(folder: Path, instance: Path, since: dt.date | None = None):
    try:
        with reading():
            return export(folder, instance, since=since)
    finally:
        db.session.rollback()


def rows(folder: Path, name: str) -> list[dict]:
    return arrow.dataset(folder / name, partitioning="hive").to_table().to_pylist()


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_read_back_is_what_the_database_holds(filled, tmp_path):
    folder = tmp_path / "out"
    done = written(folder, tmp_path / "instance")
    statement = select(
        Evidence.source, Evidence.level, Evidence.passed, Evidence.achieved_on, Evidence.valid_until,
        Evidence.recorded_at, Competency.code,
    ).join(Competency, Competency.id == Evidence.competency_id)  # fmt: skip
    held = sorted(map(tuple, db.session.execute(statement)), key=repr)
    names = ("source", "level", "passed", "achieved_on", "valid_until", "recorded_at", "competency")
    back = rows(folder, "evidence")
    assert sorted((tuple(row[name] for name in names) for row in back), key=repr) == held
    assert all((row["year"], row["month"]) == (row["recorded_at"].year, row["recorded_at"].month) for row in back)
    attempts = select(Attempt.number, Attempt.percent, Attempt.passed, Attempt.started_at)
    marks = [(row["number"], row["percent"], row["passed"], row["started_at"]) for row in rows(folder, "attempts")]
    assert sorted(marks, key=repr) == sorted(map(tuple, db.session.execute(attempts)), key=repr)
    items = sorted(row["item"] for row in rows(folder, "responses"))
    assert items == sorted(db.session.scalars(select(Response.item)))
    counts = [db.session.scalar(select(func.count()).select_from(table)) for table in (Evidence, Attempt, Response)]
    assert list(done.rows.values()) == counts
    assert min(counts) > 0


def test_the_same_person_is_the_same_everywhere_and_nobody_without_the_key_can_say_who(filled, tmp_path):
    instance = tmp_path / "instance"
    written(tmp_path / "one", instance)
    written(tmp_path / "two", instance)
    written(tmp_path / "other", tmp_path / "elsewhere")
    people = {row["person"] for row in rows(tmp_path / "one", "evidence")}
    assert len(people) == db.session.scalar(select(func.count(Evidence.person_id.distinct())))
    assert {row["person"] for row in rows(tmp_path / "one", "attempts")} <= people
    assert people == {row["person"] for row in rows(tmp_path / "two", "evidence")}
    assert people.isdisjoint(row["person"] for row in rows(tmp_path / "other", "evidence"))
    known = [*db.session.scalars(select(Person.public_id)), *db.session.scalars(select(Person.email))]
    text = json.dumps([rows(tmp_path / "one", each.name) for each in data_sets()], default=str)
    assert not [word for word in known if word and word in text]
    assert (instance / KEY).stat().st_mode & 0o077 == 0


def test_the_same_again_gives_the_same_files_and_since_leaves_earlier_months_alone(filled, tmp_path):
    folder, instance = tmp_path / "out", tmp_path / "instance"
    written(folder, instance)
    before = files(folder)
    written(folder, instance)
    assert files(folder) == before
    pieces = db.session.scalars(select(Evidence.id))
    rows_of = [{"evidence_id": piece, "at": NOW, "by_id": None, "reason": "an error"} for piece in pieces]
    db.session.execute(insert(EvidenceWithdrawal), rows_of)
    db.session.commit()
    done = written(folder, instance, since=MONTH)
    changed = {name for name, data in files(folder).items() if data != before.get(name)}
    assert changed
    assert all(name == MANIFEST or name >= "evidence/year=2026/month=10" for name in changed)
    manifest = json.loads((folder / MANIFEST).read_text())["files"]
    assert set(manifest) | {MANIFEST} == set(files(folder)) == set(before)
    assert 0 < done.rows["evidence"] < sum(facts["rows"] for name, facts in manifest.items() if name[:2] == "ev")


def test_a_month_whose_rows_are_gone_is_taken_away(filled, tmp_path):
    folder, instance = tmp_path / "out", tmp_path / "instance"
    written(folder, instance)
    db.session.execute(delete(Response))
    db.session.commit()
    written(folder, instance)
    assert not list((folder / "responses").rglob("*.parquet"))
    assert not any(name.startswith("responses") for name in json.loads((folder / MANIFEST).read_text())["files"])


def test_every_column_says_what_it_means(filled, tmp_path):
    written(tmp_path / "out", tmp_path / "instance")
    for each in data_sets():
        schema = pq.read_schema(next((tmp_path / "out" / each.name).rglob("*.parquet")))
        assert schema.names == [column.name for column in each.columns]
        assert all(schema.field(name).metadata[b"meaning"] for name in schema.names)


def test_a_fault_half_way_leaves_nothing_and_an_earlier_export_as_it_was(filled, tmp_path, monkeypatch):
    folder, instance = tmp_path / "out", tmp_path / "instance"
    monkeypatch.setattr("lms.operations.parquet._digest", lambda path: (_ for _ in ()).throw(OSError(28, "disk full")))
    with pytest.raises(ExportFault, match="disk full"):
        written(folder, instance)
    assert sorted(path.name for path in tmp_path.iterdir() if "out" in path.name) == []
    monkeypatch.undo()
    written(folder, instance)
    before = files(folder)
    monkeypatch.setattr("lms.operations.parquet._digest", lambda path: (_ for _ in ()).throw(OSError(28, "disk full")))
    with pytest.raises(ExportFault, match="disk full"):
        written(folder, instance)
    assert files(folder) == before


def test_a_folder_of_something_else_is_refused_and_left_alone(filled, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    with pytest.raises(ExportFault, match="not an export of ours"):
        written(tmp_path / "mine", tmp_path / "instance")
    with pytest.raises(ExportFault, match="There is no folder"):
        written(tmp_path / "no" / "such", tmp_path / "instance")
    assert files(tmp_path / "mine") == {"notes.txt": b"mine"}


def test_the_command_says_what_it_wrote_and_which_month_was_expected(filled, tmp_path):
    run = filled.test_cli_runner().invoke
    done = run(args=["export", "parquet", str(tmp_path / "out"), "--since", "2026-10"])
    assert done.exit_code == 0, done.output
    assert "evidence" in done.output
    refused = run(args=["export", "parquet", str(tmp_path / "out"), "--since", "October"])
    assert refused.exit_code == 2
    assert "YYYY-MM such as 2026-03 was expected" in refused.output
