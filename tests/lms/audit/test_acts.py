"""Acts that once left no trace stand in the audit trail, and a repeat of one writes nothing more."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from lms.audit.models import AuditEntry
from lms.db import db
from lms.policies import queries as policies
from tests.support.hospital import email_of, load_framework, sample_hospital
from tests.support.signing import sign_in
from tests.support.training import put_policy


@pytest.fixture
def hospital(app, clock):
    load_framework()
    return sample_hospital()


def trail(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)))


def test_a_policy_that_is_confirmed_twice_is_one_act(client, app, hospital, clock) -> None:
    put_policy(clock(), audience="nurse")
    digest = policies.page("USE-1").facts.digest
    who = sign_in(client, app, email_of("E-003"))
    for _ in range(2):
        assert client.post("/policies/USE-1/attest", data={"digest": digest, "agreed": "yes"}).status_code == 303
    (entry,) = trail("policy.attest")
    assert (entry.actor_id, entry.subject) == (who.account_id, "USE-1")
    assert entry.detail["digest"] == digest


def test_a_file_of_a_report_is_one_act_however_often_it_is_reloaded(client, app, hospital, clock) -> None:
    who = sign_in(client, app, "c.mio@example.org", ["cmio"])
    for _ in range(2):
        assert client.get("/workforce/training.csv?unit=MED").status_code == 200
    (entry,) = trail("report.export")
    assert (entry.actor_id, entry.subject_kind, entry.subject) == (who.account_id, "report", "training")
    assert (entry.detail["unit"], entry.detail["format"]) == ("MED", "csv")
    client.get("/workforce/training.csv")
    clock.move(minutes=20)
    client.get("/workforce/training.csv")
    assert len(trail("report.export")) == 3, "another question is another act, and so is the same one later"
    client.get("/workforce/pack.xlsx?kind=training")
    assert trail("report.export")[-1].subject == "board-pack"


def test_a_saved_view_is_kept_changed_and_deleted_once_each(client, app, hospital) -> None:
    sign_in(client, app, "c.mio@example.org", ["cmio"])
    form = {"name": "Medicine", "kind": "training", "unit": "MED"}
    for unit in ("MED", "MED", "ED"):
        assert client.post("/workforce/views", data=form | {"unit": unit}).status_code == 303
    saved = trail("view.save")
    assert len(saved) == 2
    view = saved[0].subject
    for _ in range(2):
        client.post(f"/workforce/views/{view}/schedule", data={"schedule": "weekly"})
        assert [each.detail["schedule"] for each in trail("view.schedule")] == ["weekly"]
    for _ in range(2):
        client.post(f"/workforce/views/{view}/delete")
        assert len(trail("view.delete")) == 1
