"""The migrations alone give exactly the tables that the application's models describe."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import create_engine, inspect, text

from lms.app import create_app
from lms.db import db

PROJECT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((PROJECT / "migrations" / "versions").glob("*.py"))


@pytest.fixture
def empty(database: str, settings_for, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], Any]:
    """A function that makes an application on a new database without any table."""

    @contextmanager
    def make(name: str) -> Iterator[Flask]:
        if database == "sqlite":
            url, admin = f"sqlite:///{tmp_path / name}.db", None
        else:
            address = request.getfixturevalue("postgres_server")
            admin = create_engine(address.format(name="postgres"), isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text(f"drop database if exists {name}"))
                connection.execute(text(f"create database {name}"))
            url = address.format(name=name)
        app = create_app(settings_for(url))
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()
        if admin is not None:
            with admin.connect() as connection:
                connection.execute(text(f"drop database {name}"))
            admin.dispose()

    return make


def described() -> dict[str, Any]:
    """What the database says of its tables, in an order of its own choosing made comparable."""
    look = inspect(db.engine)
    return {
        table: {
            "columns": {c["name"]: (repr(c["type"]), c["nullable"], c["default"]) for c in look.get_columns(table)},
            "key": look.get_pk_constraint(table),
            "foreign": sorted(repr(sorted(each.items(), key=str)) for each in look.get_foreign_keys(table)),
            "unique": sorted(repr(sorted(each.items(), key=str)) for each in look.get_unique_constraints(table)),
            "checks": sorted((each["name"], each["sqltext"]) for each in look.get_check_constraints(table)),
            "indexes": sorted(repr(sorted(each.items(), key=str)) for each in look.get_indexes(table)),
        }
        for table in look.get_table_names()
        if table != "alembic_version"
    }


def test_the_drafting_of_a_new_migration_finds_nothing_to_change(empty) -> None:
    with empty("drafted"):
        flask_migrate.upgrade()
        with db.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, db.metadata) == []


def test_migrated_tables_are_those_of_the_models_down_to_checks_and_foreign_keys(empty) -> None:
    with empty("migrated"):
        flask_migrate.upgrade()
        migrated = described()
    with empty("modelled"):
        db.create_all()
        modelled = described()
    assert migrated.keys() == modelled.keys()
    for table in modelled:
        assert migrated[table] == modelled[table], table
    assert len(modelled) > 20


def test_going_back_leaves_no_table_even_where_rows_refer_to_each_other(empty) -> None:
    with empty("returned"):
        flask_migrate.upgrade()
        with db.engine.begin() as connection:
            connection.execute(text("insert into course (id, code) values (1, 'CPOE-101')"))
            connection.execute(
                text(
                    "insert into course_version (id, course_id, digest, edition, title, summary, language, minutes,"
                    " audience, objectives, prerequisites, responsibilities, credits, authors, competencies,"
                    " overview_html, published_at) values (1, 1, 'd', '2026.1', 't', 's', 'en', 5,"
                    " '[]', '[]', '[]', '[]', '[]', '[]', '[]', '', '2026-11-23 10:00:00')"
                )
            )
            connection.execute(text("update course set current_id = 1"))
            connection.execute(text("insert into unit (id, code, name, site) values (1, 'A', 'A', '')"))
            connection.execute(text("insert into unit (id, code, name, site, parent_id) values (2, 'B', 'B', '', 1)"))
        flask_migrate.downgrade(revision="base")
        assert described() == {}
        flask_migrate.upgrade()
        assert "course" in described()


def test_the_migrations_are_one_line_without_a_fork() -> None:
    scripts = ScriptDirectory(str(PROJECT / "migrations"))
    assert len(scripts.get_heads()) == 1
    assert len(list(scripts.walk_revisions())) == len(SCRIPTS) > 0


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_migration_imports_nothing_of_the_application(path: Path) -> None:
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import)
            else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        )
    }  # fmt: skip
    assert imported <= {"sqlalchemy", "alembic"}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_migration_is_named_by_its_date(path: Path) -> None:
    assert path.stem[:8].isdigit()
    assert path.stem[8] == "_"
