"""Saved views: kept once a name, one's own alone, opened by an address, sent without names, deleted."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from lms.accounts.models import Account
from lms.board import tasks
from lms.board.saved import due_views, views_of
from lms.board.services import ViewRefused, next_day, save_view, schedule_view
from lms.db import db
from lms.jobs.models import Job
from lms.jobs.registry import TaskRefused
from lms.messages.models import Mail
from tests.support.hospital import NOW, TODAY
from tests.support.signing import make_account, sign_in

FILTERS = {"unit": "MED", "profession": "nurse", "junk": "x"}


@pytest.fixture
def account_id(app, wards) -> int:
    return make_account(app, "cmio@example.org", ["cmio"]).id


def test_the_same_name_again_takes_the_new_filters(account_id) -> None:
    first = save_view(account_id, " Monday   view ", "trend", FILTERS, now=NOW)
    again = save_view(account_id, "Monday view", "readiness", {"unit": "ED"}, now=NOW)
    db.session.commit()
    assert first == again
    (kept,) = views_of(account_id)
    assert (kept.name, kept.kind, kept.filters) == ("Monday view", "readiness", {"unit": "ED"})


@pytest.mark.parametrize(
    ("name", "kind", "filters"),
    [("", "trend", {}), ("x" * 121, "trend", {}), ("V", "nothing", {}), ("V", "trend", {"unit": "u" * 121})],
)
def test_what_cannot_be_kept_is_refused_in_words(account_id, name, kind, filters) -> None:
    with pytest.raises(ViewRefused):
        save_view(account_id, name, kind, filters, now=NOW)
    assert views_of(account_id) == ()


def test_a_view_is_saved_opened_scheduled_and_deleted_on_the_page(app, client, wards) -> None:
    sign_in(client, app, "cmio@example.org", ["cmio"])
    form = {"name": "Nurses of MED", "kind": "trend", "unit": "MED", "profession": "nurse", "as_of": "2026-11-23"}
    assert client.post("/workforce/views", data=form).status_code == 303
    page = client.get("/workforce/reports").get_data(as_text=True)
    link = re.search(r'href="(/workforce/views/\w+)"', page).group(1)
    assert client.get(link).location == "/workforce/trend?unit=MED&profession=nurse", "a view of today moves on"
    assert client.post(f"{link}/schedule", data={"schedule": "weekly"}).status_code == 303
    assert client.post(f"{link}/schedule", data={"schedule": "hourly"}, follow_redirects=True).status_code == 200
    assert [each.schedule for each in due_views(TODAY + dt.timedelta(days=9))] == ["weekly"]
    sign_in(client, app, "other@example.org", ["cmio"])
    assert client.get(link).status_code == 404, "it is nobody else's"
    assert client.post(f"{link}/schedule", data={"schedule": "weekly"}).status_code == 404
    client.post(f"{link}/delete")
    assert "Nurses of MED" not in client.get("/workforce/reports").get_data(as_text=True)
    sign_in(client, app, "cmio@example.org", ["cmio"])
    assert client.get(link).status_code == 303, "nor to be deleted by another"
    assert client.post(f"{link}/delete").status_code == client.post(f"{link}/delete").status_code == 303
    assert client.get(link).status_code == 404


def test_weekly_is_on_mondays_and_monthly_on_the_first() -> None:
    assert next_day("weekly", dt.date(2026, 11, 23)) == dt.date(2026, 11, 30)
    assert next_day("weekly", dt.date(2026, 11, 29)) == dt.date(2026, 11, 30)
    assert next_day("monthly", dt.date(2026, 12, 1)) == dt.date(2027, 1, 1)
    assert next_day("", dt.date(2026, 12, 1)) is None


def test_the_e_mail_holds_the_finding_and_a_link_but_no_name_and_comes_once(account_id, wards) -> None:
    view = save_view(account_id, "Monday", "readiness", {"unit": "MED"}, now=NOW)
    schedule_view(view, account_id, "weekly", now=NOW, today=TODAY)
    db.session.commit()
    later = NOW + dt.timedelta(days=7)
    for _ in range(2):
        tasks.due(now=later)
    db.session.commit()
    (job,) = db.session.query(Job).filter_by(kind=tasks.MAIL).all()
    assert due_views(later.date()) == ()
    for _ in range(2):
        tasks.mail(job.payload, now=later)
        db.session.commit()
    (letter,) = db.session.query(Mail).all()
    assert (letter.to, letter.subject) == ("cmio@example.org", "Monday")
    assert f"http://localhost/workforce/views/{view}" in letter.body
    assert "Unit MED" in letter.body or "units is ready" in letter.body
    assert not re.search(r"\bA3\b|Sample\b(?! General)", letter.body), "nobody is named"


def test_an_owner_who_may_no_longer_read_gets_nothing(account_id, wards) -> None:
    view = save_view(account_id, "Monday", "readiness", {}, now=NOW)
    db.session.get(Account, account_id).deactivated_at = NOW
    db.session.commit()
    with pytest.raises(TaskRefused):
        tasks.mail({"view": view, "day": "2026-11-30"}, now=NOW)
    with pytest.raises(TaskRefused):
        tasks.mail({"view": "gone", "day": "2026-11-30"}, now=NOW)
    assert db.session.query(Mail).count() == 0
