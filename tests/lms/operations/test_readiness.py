"""Health says that the process answers; readiness that it can serve, or plainly why not."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from lms.db import db
from lms.operations.archive import revision
from lms.operations.readiness import expected


def test_health_asks_no_database(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.session, "execute", _away)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_a_migrated_database_is_ready(new_database) -> None:
    with new_database("sqlite") as app:
        answer = app.test_client().get("/readyz")
        assert (answer.status_code, answer.json) == (200, {"status": "ready"})
        assert revision() == expected(str(app.config["SETTINGS"].migrations)) != ""


def test_an_empty_database_is_not_ready_and_stays_empty(new_database) -> None:
    with new_database("sqlite", migrated=False) as app:
        answer = app.test_client().get("/readyz")
        assert (answer.status_code, answer.json) == (503, {"status": "unready", "reason": "database not migrated"})


def test_a_database_at_another_migration_is_not_ready(new_database) -> None:
    with new_database("sqlite") as app:
        with db.engine.begin() as connection:
            connection.execute(text("update alembic_version set version_num = '19990101a'"))
        answer = app.test_client().get("/readyz")
        assert answer.status_code == 503
        assert answer.json == {"status": "unready", "reason": "database at another migration"}


def test_a_database_that_is_away_is_said_so(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.session, "connection", _away)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"status": "unready", "reason": "database unreachable"})


def _away(*args: object, **words: object) -> None:
    raise OperationalError("select", {}, Exception("connection refused"))
