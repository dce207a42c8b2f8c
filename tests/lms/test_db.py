"""The database leaf counts and refuses as its callers rely on."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import func, select

from lms.db import Instant, db, insert_ignore, public_id, upsert
from lms.people.models import Unit


def unit(code: str, name: str = "Sample ward") -> dict[str, object]:
    return {"code": code, "name": name, "site": ""}


def test_an_insert_that_ignores_repeats_says_how_many_rows_were_new(app: Flask) -> None:
    assert insert_ignore(Unit.__table__, [unit("A"), unit("B")], ["code"]) == 2
    assert insert_ignore(Unit.__table__, [unit("B"), unit("C")], ["code"]) == 1
    assert insert_ignore(Unit.__table__, [unit("A")], ["code"]) == 0
    assert insert_ignore(Unit.__table__, [], ["code"]) == 0
    assert db.session.scalar(select(func.count()).select_from(Unit)) == 3


def test_an_upsert_changes_only_the_columns_it_names(app: Flask) -> None:
    upsert(Unit.__table__, [unit("A", "First")], ["code"], ["name"])
    upsert(Unit.__table__, [unit("A", "Second") | {"site": "North"}], ["code"], ["name"])
    row = db.session.execute(select(Unit.name, Unit.site)).one()
    assert tuple(row) == ("Second", "")


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Instant().process_bind_param(dt.datetime(2026, 11, 23), None)


def test_public_ids_are_opaque_and_all_different() -> None:
    made = {public_id() for _ in range(1000)}
    assert len(made) == 1000
    assert {len(each) for each in made} == {20}
