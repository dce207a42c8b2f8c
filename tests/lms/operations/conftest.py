"""Databases of both kinds side by side, one of them with something in every table."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    create_engine,
    func,
    insert,
    select,
    text,
)

from courses.reading import read_folder
from lms.app import create_app
from lms.cli.demo import CURRICULUM, FRAMEWORK
from lms.competency.services import import_framework
from lms.credentials.desk import current_desk
from lms.db import Instant, db
from lms.demo.loading import load
from lms.publishing.services import publish
from tests.conftest import NOW

_numbers = itertools.count(1)
Make = Callable[[str], Any]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    kinds = metafunc.config.getoption("--databases").split(",")
    if "pair" in metafunc.fixturenames:
        pairs = list(itertools.product(kinds, kinds))
        metafunc.parametrize("pair", pairs, ids=["-to-".join(pair) for pair in pairs])


@pytest.fixture
def new_database(settings_for, tmp_path: Path, request: pytest.FixtureRequest) -> Make:
    """A function that opens an application on a new, migrated database of a kind."""

    @contextmanager
    def make(kind: str, *, migrated: bool = True) -> Iterator[Flask]:
        name = f"operations_{next(_numbers)}"
        home = tmp_path / name
        home.mkdir()
        if kind == "sqlite":
            url = f"sqlite:///{home / 'academy.db'}"
        else:
            address = request.getfixturevalue("postgres_server")
            admin = create_engine(address.format(name="postgres"), isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.execute(text(f"drop database if exists {name} with (force)"))
                connection.execute(text(f"create database {name}"))
            admin.dispose()
            url = address.format(name=name)
        app = create_app(settings_for(url, home))
        with app.app_context():
            if migrated:
                flask_migrate.upgrade()
            yield app
            db.session.rollback()
            db.session.remove()
            db.engine.dispose()

    return make


def sample() -> None:
    """A small sample hospital; commits."""
    import_framework(FRAMEWORK.read_text(encoding="utf-8"), FRAMEWORK.name, actor=None, now=NOW)
    publish(read_folder(CURRICULUM / "cpoe-safe-orders"), "cpoe-safe-orders", actor=None, now=NOW)
    load(25, 1, desk=replace(current_desk(), sample=True), now=NOW)
    db.session.commit()


def fill() -> None:
    """A small sample hospital, and at least one row in every table."""
    sample()
    for table in db.metadata.sorted_tables:
        if not db.session.scalar(select(func.count()).select_from(table)):
            db.session.execute(insert(table).values({c.name: value_for(table, c) for c in table.columns}))
    db.session.commit()


def value_for(table: Table, column: Column[Any]) -> Any:
    """Some value that the column accepts; keys refer to the first row of their table."""
    kind = column.type
    checks = [str(each.sqltext) for each in table.constraints if isinstance(each, CheckConstraint)]
    if any(f"<> ({column.name} is null)" in each for each in checks):
        return None  # of two columns exactly one is filled
    for key in column.foreign_keys:
        other = any(f"<> {column.name}" in each for each in checks)  # another row than the column before
        return db.session.scalar(select((func.max if other else func.min)(key.column)))
    if column.primary_key and isinstance(kind, Integer):
        return 7
    for asked in table.constraints:
        # A check that lists what a column may hold names a value that it accepts.
        found = isinstance(asked, CheckConstraint) and re.match(rf"{column.name} in \('([^']+)'", str(asked.sqltext))
        if found:
            return found[1]
    if isinstance(kind, Boolean):
        return True
    if isinstance(kind, Integer | Float | Numeric):
        return 1
    if isinstance(kind, Instant):
        return NOW + dt.timedelta(microseconds=123456)
    if isinstance(kind, Date):
        return NOW.date()
    if isinstance(kind, LargeBinary):
        return bytes(range(256))
    if isinstance(kind, JSON):
        return {"text": "naïve “quotes” 中文", "none": None, "list": [1, 2.5, True]}
    return "ä\n\x1f|"


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, ordered by its key."""
    return {
        table.name: [
            tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
            for row in db.session.execute(select(table).order_by(*table.primary_key.columns))
        ]
        for table in db.metadata.sorted_tables
    }
