"""Fixtures of the whole suite: an application on each database, a clock that tests set."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from hypothesis import settings
from sqlalchemy import Connection, create_engine, text

from config import Settings
from lms.app import create_app
from lms.db import db
from tests.support import postgres

# How long an example takes says more about the machine than about the product, so none has a deadline.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

NOW = dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> dt.datetime:
        return self.now

    def move(self, **by: float) -> dt.datetime:
        """Move the clock by a timedelta's arguments, such as `hours=2`."""
        self.now += dt.timedelta(**by)
        return self.now


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--databases", default="sqlite", help="sqlite, postgresql or both with a comma")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        metafunc.parametrize("database", metafunc.config.getoption("--databases").split(","), scope="session")


@pytest.fixture(scope="session")
def settings_for(tmp_path_factory: pytest.TempPathFactory) -> object:
    """A function that makes settings with their own instance folder."""

    def make(url: str, folder: Path | None = None) -> Settings:
        home = folder or tmp_path_factory.mktemp("instance")
        return Settings(
            env="testing", testing=True, secret_key="only-for-tests-" * 3, database_url=url, instance=home,
            media=home / "media", issuer=home / "issuer", cache=home / "cache", mail_url="memory:",
            base_url="http://localhost", hospital="Sample General Hospital", timezone="UTC",
        )  # fmt: skip

    return make


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a private PostgreSQL server, with `{name}` where the database goes."""
    with postgres.server() as address:
        yield address


@pytest.fixture(scope="session")
def template(database: str, settings_for, tmp_path_factory, request) -> tuple[str, Flask]:
    """A migrated database and an application bound to it, made once a session."""
    if database == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'template.db'}"
    else:
        address = request.getfixturevalue("postgres_server")
        name = "academy_template"
        admin = create_engine(address.format(name="postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"create database {name}"))
        admin.dispose()
        url = address.format(name=name)
    app = create_app(settings_for(url))
    with app.app_context():
        upgrade()
        db.engine.dispose()
    return url, app


@pytest.fixture
def clock() -> Clock:
    """The clock of the application under test."""
    return Clock()


def empty(connection: Connection) -> None:
    """Empty the tables that hold something and start every counter anew.

    Truncating all of the hundred tables costs more than most tests; few of them were filled. As a replica the
    server checks no reference and fires no guard of the ledger while the rows go.
    """
    names = [table.name for table in db.metadata.sorted_tables]
    asked = " union all ".join(f"select '{name}' where exists (select 1 from \"{name}\")" for name in names)
    full = connection.scalars(text(asked)).all()
    connection.execute(text("set local session_replication_role = replica"))
    for name in full:
        connection.execute(text(f'delete from "{name}"'))
    used = "from pg_sequences where schemaname = 'public' and last_value is not null"
    connection.execute(text(f"select setval(format('%I', sequencename)::regclass, 1, false) {used}"))


@pytest.fixture
def app(database: str, template: tuple[str, Flask], settings_for, tmp_path: Path, clock: Clock) -> Iterator[Flask]:
    """An application on an empty database of the kind that the run asks for."""
    url, shared = template
    if database == "sqlite":
        target = tmp_path / "test.db"
        shutil.copy(url.removeprefix("sqlite:///"), target)
        app = create_app(settings_for(f"sqlite:///{target}", tmp_path))
    else:
        app = shared
        with app.app_context(), db.engine.begin() as connection:
            empty(connection)
    app.config["CLOCK"] = clock
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        yield app
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask):
    """A browser without JavaScript."""
    return app.test_client()
