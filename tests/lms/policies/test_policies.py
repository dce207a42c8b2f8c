"""A policy is published in editions that never change, attested once, and attested anew after a material change."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.db import db
from lms.policies import queries, services
from lms.policies.facts import Mine, PolicyFacts
from tests.lms.policies.made import attestation, facts
from tests.support.hospital import make_person, make_post, make_unit
from tests.support.signing import sign_in
from tests.support.training import policy_text, put_policy

NURSE = "asha.sample@example.org"


@pytest.fixture
def nurse(app, client) -> int:
    found = make_person("E-801", "Asha", "Sample", "nurse", NURSE)
    make_post(found, make_unit("W1"))
    db.session.commit()
    sign_in(client, app, NURSE)
    return found


def test_the_same_text_again_changes_nothing(app, clock) -> None:
    assert put_policy(clock()).change == "first"
    assert put_policy(clock()).change == "unchanged"
    assert len(queries.texts("USE-1")) == 1


def test_a_correction_keeps_attestations_and_a_new_edition_asks_again(nurse, clock) -> None:
    put_policy(clock())
    digest = queries.page("USE-1").facts.digest
    services.attest(nurse, "USE-1", digest, actor=None, now=clock(), today=clock().date())
    assert put_policy(clock.move(days=1), text=policy_text(text="Use it very well.")).change == "correction"
    (mine,) = queries.mine(nurse)
    assert mine.attested is not None
    assert mine.attested.digest == digest, "an attestation pins the text that was read"
    assert not mine.waits(clock().date())
    assert put_policy(clock.move(days=1), text=policy_text(edition="2", changes="All.")).change == "material"
    (mine,) = queries.mine(nurse)
    assert mine.attested is None
    assert mine.earlier
    assert mine.waits(clock().date())


def test_an_old_edition_is_not_published_again(app, clock) -> None:
    put_policy(clock())
    put_policy(clock(), edition="2")
    with pytest.raises(services.PolicyRefused, match="was published before"):
        put_policy(clock(), edition="1")
    db.session.rollback()
    put_policy(clock(), edition="2", text=policy_text(edition="2", text="Corrected."))
    with pytest.raises(services.PolicyRefused, match="corrected since"):
        put_policy(clock(), edition="2")
    assert len(queries.texts("USE-1")) == 3


def test_a_bad_file_says_what_was_expected_and_writes_nothing(app, clock) -> None:
    with pytest.raises(services.PolicyRefused) as refused:
        services.publish("---\ncode: X\n---\n\nText.\n", "x.md", actor=None, now=clock(), today=clock().date())
    assert any("title" in fault.message for fault in refused.value.faults)
    assert queries.everything() == ()


def test_attesting_twice_is_one_attestation(nurse, clock) -> None:
    put_policy(clock())
    digest = queries.page("USE-1").facts.digest
    first = services.attest(nurse, "USE-1", digest, actor=None, now=clock(), today=clock().date())
    again = services.attest(nurse, "USE-1", digest, actor=None, now=clock.move(hours=3), today=clock().date())
    later = services.attest(nurse, "USE-1", digest, actor=None, now=clock.move(days=60), today=clock().date())
    assert first == again == later
    assert len(queries.attested_by(nurse)) == 1


def test_an_attestation_ends_after_its_months_and_can_be_given_again_before(nurse, clock) -> None:
    put_policy(clock())
    digest = queries.page("USE-1").facts.digest
    services.attest(nurse, "USE-1", digest, actor=None, now=clock(), today=clock().date())
    end = queries.mine(nurse)[0].policy.ends(clock().date())
    assert end == clock().date().replace(year=2027)
    near = end - dt.timedelta(days=29)
    assert queries.mine(nurse)[0].waits(near)
    assert queries.mine(nurse)[0].holds(end)
    assert not queries.mine(nurse)[0].holds(end + dt.timedelta(days=1))
    services.attest(nurse, "USE-1", digest, actor=None, now=clock.move(days=340), today=near)
    assert len(queries.attested_by(nurse)) == 2


def test_a_withdrawn_policy_cannot_be_attested_and_keeps_what_was(nurse, clock) -> None:
    put_policy(clock())
    digest = queries.page("USE-1").facts.digest
    services.attest(nurse, "USE-1", digest, actor=None, now=clock(), today=clock().date())
    with pytest.raises(ValueError, match="Say why"):
        services.withdraw("USE-1", " ", actor=None, now=clock())
    for _ in range(2):
        services.withdraw("USE-1", "Replaced by another.", actor=None, now=clock())
    db.session.commit()
    assert queries.in_force() == ()
    assert len(queries.attested_by(nurse)) == 1
    with pytest.raises(services.AttestRefused):
        services.attest(nurse, "USE-1", digest, actor=None, now=clock(), today=clock().date())
    assert put_policy(clock()).change == "unchanged"
    assert len(queries.in_force()) == 1, "publishing it again brings it back"


def test_a_nurse_reads_and_confirms_on_the_page(client, nurse, clock) -> None:
    put_policy(clock())
    assert "One policy waits for you" in client.get("/policies").text
    assert "One policy waits for you" in client.get("/").text
    page = client.get("/policies/USE-1").text
    assert "Confirm this policy" in page
    digest = queries.page("USE-1").facts.digest
    refused = client.post("/policies/USE-1/attest", data={"digest": digest})
    assert refused.status_code == 422
    assert "Tick the sentence" in refused.text
    for _ in range(2):
        assert client.post("/policies/USE-1/attest", data={"digest": digest, "agreed": "yes"}).status_code == 303
    page = client.get("/policies/USE-1").text
    assert "You confirmed this edition" in page
    assert "Confirm this policy" not in page
    assert "No policy waits for you" in client.get("/policies").text
    assert "Use of the record" in client.get("/record").text


def test_a_text_that_changed_while_it_was_read_is_not_confirmed_unseen(client, nurse, clock) -> None:
    put_policy(clock())
    old = queries.page("USE-1").facts.digest
    put_policy(clock(), edition="2", changes="One more duty.")
    answer = client.post("/policies/USE-1/attest", data={"digest": old, "agreed": "yes"})
    assert answer.status_code == 422
    assert "changed while you read it" in answer.text
    assert "not the newest text" in client.get(f"/policies/USE-1?text={old}").text
    assert client.get("/policies/USE-1?text=none").status_code == 404
    assert client.get("/policies/NO-1").status_code == 404


def test_what_changed_is_shown_first_to_whom_attested_the_edition_before(client, nurse, clock) -> None:
    put_policy(clock())
    data = {"digest": queries.page("USE-1").facts.digest, "agreed": "yes"}
    client.post("/policies/USE-1/attest", data=data)
    put_policy(clock.move(days=1), edition="2", changes="Screens are locked at once.")
    sign_in(client, client.application, NURSE)
    page = client.get("/policies/USE-1").text
    assert page.index("Screens are locked at once.") < page.index("Use it well.")


def test_a_policy_for_others_does_not_wait(client, nurse, clock) -> None:
    put_policy(clock(), audience="super-user")
    assert "No policy waits for you" in client.get("/policies").text


@given(st.dates(dt.date(2026, 1, 1), dt.date(2030, 1, 1)), st.integers(1, 36), st.integers(0, 2000))
def test_a_policy_always_waits_before_its_attestation_stops_to_hold(attested, months, days) -> None:

    policy: PolicyFacts = facts(reattest_months=months)
    mine = Mine(policy, attestation(attested), False)
    on = attested + dt.timedelta(days=days)
    assert mine.waits(on) or mine.holds(on)
