"""A backup holds every row and the signing keys, and comes back whole into any database or not at all."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, text, update

from certificates.keys import create_issuer
from lms.catalog.models import Course
from lms.changes.models import Mark
from lms.db import db, reading
from lms.messages.models import Mail
from lms.operations.archive import ArchiveFault, backup, db_is_used, restore
from lms.people.models import Person, Unit
from tests.conftest import NOW
from tests.lms.operations.conftest import everything, fill


@pytest.fixture
def archive(tmp_path: Path, new_database) -> tuple[Path, dict]:
    """A backup of a filled SQLite database, and all that stood in it."""
    path = tmp_path / "academy.backup"
    with new_database("sqlite") as app:
        fill()
        with reading():
            backup(path, app.config["SETTINGS"].issuer)
        return path, everything()


def rewritten(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A copy of an archive with some of its files changed."""
    with zipfile.ZipFile(path) as book:
        files = {name: book.read(name) for name in book.namelist()}
    change(files)
    copy = path.with_name("changed.backup")
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in files.items():
            book.writestr(name, data)
    return copy


def refused(app: Flask, path: Path, words: str) -> None:
    """The archive is refused with these words, and neither a row nor a key is there afterwards."""
    issuer = app.config["SETTINGS"].issuer
    before = sorted(issuer.rglob("*"))
    with pytest.raises(ArchiveFault, match=words):
        restore(path, issuer)
    db.session.rollback()
    assert not db_is_used()
    assert sorted(issuer.rglob("*")) == before


@pytest.mark.slow
def test_every_row_comes_back_equal_into_either_database(pair, new_database, tmp_path: Path) -> None:
    source, target = pair
    path = tmp_path / "academy.backup"
    with new_database(source) as app:
        fill()
        keys = {p.name: p.read_bytes() for p in app.config["SETTINGS"].issuer.iterdir()}
        summary = backup(path, app.config["SETTINGS"].issuer)
        held = everything()
    assert all(held.values()), [name for name, rows in held.items() if not rows]
    assert summary.rows == {name: len(rows) for name, rows in held.items()}
    with new_database(target) as app:
        issuer = app.config["SETTINGS"].issuer
        assert restore(path, issuer) == summary
        db.session.commit()
        came = everything()
        assert came.keys() == held.keys()
        for name in held:
            assert came[name] == held[name], name
        assert {p.name: p.read_bytes() for p in issuer.iterdir()} == keys
        assert {stat.S_IMODE(p.stat().st_mode) for p in issuer.iterdir()} == {0o600}
        highest = db.session.scalar(select(func.max(Person.id)))
        fresh = db.session.execute(insert(Person).values(public_id="after-restore").returning(Person.id)).scalar_one()
        assert fresh == (highest or 0) + 1
        assert db.session.execute(insert(Mark).values(person_id=fresh).returning(Mark.id)).scalar_one() > 0


def test_a_backup_of_the_restored_database_is_the_same_again(archive, new_database, tmp_path: Path) -> None:
    path, _ = archive
    again = tmp_path / "again.backup"
    with new_database("sqlite") as app:
        issuer = app.config["SETTINGS"].issuer
        restore(path, issuer)
        db.session.commit()
        backup(again, issuer)
    with zipfile.ZipFile(path) as one, zipfile.ZipFile(again) as other:
        assert one.namelist() == other.namelist()
        assert all(one.read(name) == other.read(name) for name in one.namelist())


def test_the_file_is_readable_by_its_owner_alone(archive) -> None:
    path, _ = archive
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_earlier_backup_stays_whole_when_the_new_one_fails(archive, new_database, monkeypatch) -> None:
    path, _ = archive
    before = path.read_bytes()
    with new_database("sqlite") as app:
        db.session.add(Mail(to="a@example.org", subject="s", body="b", created_at=NOW))
        db.session.commit()
        monkeypatch.setattr("lms.operations.archive._encode", _full_disk)
        with pytest.raises(OSError, match="No space left"):
            backup(path, app.config["SETTINGS"].issuer)
    assert path.read_bytes() == before
    assert not [each for each in path.parent.iterdir() if each.name.startswith(".academy")]


def _full_disk(value: object) -> object:
    raise OSError(28, "No space left on device")


def test_a_missing_folder_is_named(new_database, tmp_path: Path) -> None:
    with new_database("sqlite") as app, pytest.raises(ArchiveFault, match="no folder"):
        backup(tmp_path / "nowhere" / "a.backup", app.config["SETTINGS"].issuer)


def test_a_database_that_is_not_migrated_is_neither_backed_up_nor_restored_into(
    archive, new_database, tmp_path: Path
) -> None:
    with new_database("sqlite", migrated=False) as app:
        with pytest.raises(ArchiveFault, match="db upgrade"):
            backup(tmp_path / "b.backup", app.config["SETTINGS"].issuer)
        with pytest.raises(ArchiveFault, match="db upgrade"):
            restore(archive[0], app.config["SETTINGS"].issuer)
    assert not (tmp_path / "b.backup").exists()


def test_a_changed_row_is_noticed_by_its_digest(archive, new_database) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["tables/person.jsonl"] = files["tables/person.jsonl"].replace(b"Sample", b"Simple", 1)

    with new_database("sqlite") as app:
        refused(app, rewritten(archive[0], change), "table person of the backup is damaged")


@pytest.mark.parametrize("name", ["tables/response.jsonl", "manifest.json"])
def test_a_missing_part_is_noticed(archive, new_database, name: str) -> None:
    with new_database("sqlite") as app:
        refused(app, rewritten(archive[0], lambda files: files.__delitem__(name)), "damaged|not a whole backup")


def test_bytes_that_rot_on_the_disk_are_noticed(archive, new_database) -> None:
    path, _ = archive
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as book:
        place = book.getinfo("tables/evidence.jsonl").header_offset + 200
    data[place : place + 40] = bytes(40)
    path.write_bytes(bytes(data))
    with new_database("sqlite") as app:
        refused(app, path, "table evidence of the backup is damaged")


def test_half_a_file_is_refused(archive, new_database) -> None:
    path, _ = archive
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with new_database("sqlite") as app:
        refused(app, path, "not a backup of ours")


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("revision", "19990101a", "migration 19990101a"),
        ("format", 99, "format 99"),
        ("rows", None, "not a whole backup"),
    ],
)
def test_a_backup_of_another_version_is_refused_and_says_what_to_do(
    archive, new_database, field: str, value: object, words: str
) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["manifest.json"] = json.dumps({**json.loads(files["manifest.json"]), field: value}).encode()

    with new_database("sqlite") as app:
        refused(app, rewritten(archive[0], change), words)


def test_a_database_with_one_row_is_left_as_it_is(archive, new_database) -> None:
    with new_database("sqlite") as app:
        db.session.execute(insert(Unit).values(code="A", name="A", site=""))
        db.session.commit()
        with pytest.raises(ArchiveFault, match="already holds data"):
            restore(archive[0], app.config["SETTINGS"].issuer)
        db.session.rollback()
        assert db.session.scalar(select(func.count()).select_from(Unit)) == 1


@pytest.mark.parametrize("name", ["issuer/../../stolen.pem", "issuer/a/../../../stolen.pem"])
def test_a_name_that_leaves_the_folder_of_keys_is_refused(archive, new_database, tmp_path: Path, name: str) -> None:
    with new_database("sqlite") as app:
        refused(app, rewritten(archive[0], lambda files: files.__setitem__(name, b"x")), "outside its folder")
    assert not list(tmp_path.rglob("stolen.pem"))


def test_another_signing_key_is_never_overwritten(archive, new_database) -> None:
    with new_database("sqlite") as app:
        create_issuer(app.config["SETTINGS"].issuer, "Another Hospital", NOW)
        refused(app, archive[0], "already holds another signing key")


def test_the_same_signing_key_may_be_there_already(archive, new_database) -> None:
    with new_database("sqlite") as app:
        issuer = app.config["SETTINGS"].issuer
        with zipfile.ZipFile(archive[0]) as book:
            for name in book.namelist():
                if name.startswith("issuer/"):
                    issuer.mkdir(exist_ok=True)
                    (issuer / Path(name).name).write_bytes(book.read(name))
        restore(archive[0], issuer)
        db.session.commit()
        assert everything() == archive[1]


def test_references_round_a_circle_are_restored(archive, new_database) -> None:
    path, held = archive
    with new_database("sqlite") as app:
        restore(path, app.config["SETTINGS"].issuer)
        db.session.commit()
        assert db.session.scalar(select(Course.current_id)) is not None
        assert db.session.scalar(select(func.count()).select_from(Unit).where(Unit.parent_id.is_not(None))) > 30
        assert db.session.execute(text("pragma foreign_key_check")).all() == []
        assert len(held["unit"]) > 30


def test_the_commands_say_what_they_did(new_database, tmp_path: Path) -> None:
    path = tmp_path / "by-command.backup"
    with new_database("sqlite") as app:
        db.session.execute(insert(Unit).values(code="A", name="A", site=""))
        db.session.execute(update(Unit).values(name="Ward A"))
        db.session.commit()
        done = app.test_cli_runner().invoke(args=["backup", str(path)])
        assert done.exit_code == 0
        assert "1 rows" in done.output
        again = app.test_cli_runner().invoke(args=["restore", str(path)])
        assert again.exit_code == 1
        assert "already holds data" in again.output
    with new_database("sqlite") as app:
        done = app.test_cli_runner().invoke(args=["restore", str(path)])
        assert done.exit_code == 0, done.output
        assert db.session.scalar(select(Unit.name)) == "Ward A"
