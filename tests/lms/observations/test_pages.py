"""Who sees and signs what, page by page; forms keep what was typed, and a post repeated does nothing twice."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select

from lms.accounts.models import Delegation
from lms.accounts.queries import account_by_email
from lms.audit.models import AuditEntry
from lms.db import db
from lms.observations import checklists, coaching, queries, requests
from lms.observations.models import CoachingEntry, Observation, ObservationRequest, PriorLearning
from lms.people.queries import person
from tests.lms.observations.conftest import ASHA, CMIO, CONTENT, LI, MONA, NOOR, RAVI, SAMI, Ward, publish_all
from tests.lms.observations.test_around import PDF
from tests.support.hospital import email_of


def public(ward: Ward, who: str) -> str:
    found = person(ward.person(who))
    assert found is not None
    return found.public_id


def rows(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


STAFF_PAGES = ("/team", "/team.csv", "/team/observe", "/team/delegations", "/team/disputes")


@pytest.mark.parametrize("page", STAFF_PAGES)
def test_a_learner_sees_no_page_of_a_supervisor(ward: Ward, as_, page: str) -> None:
    assert as_(ASHA).get(page).status_code == 403
    assert as_(MONA, "supervisor").get(page).status_code == 200


@pytest.mark.parametrize("tail", ["", "/observe", "/observe/B1"])
def test_a_supervisor_sees_their_own_people_alone(ward: Ward, as_, tail: str) -> None:
    mona = as_(MONA, "supervisor")
    assert mona.get(f"/team/{public(ward, ASHA)}{tail}").status_code == 200
    assert mona.get(f"/team/{public(ward, LI)}{tail}").status_code == 403
    assert mona.get(f"/team/{'0' * 20}{tail}").status_code == 404
    assert as_(NOOR).get(f"/team/{public(ward, ASHA)}{tail}").status_code == 403
    assert as_(NOOR).get(f"/team/{'0' * 20}{tail}").status_code == 403


def test_the_cmio_reads_a_person_and_signs_nothing(ward: Ward, as_) -> None:
    cmio = as_(CMIO, "cmio")
    page = cmio.get(f"/team/{public(ward, LI)}")
    assert (page.status_code, "Sign the observation" in page.text) == (200, False)
    assert cmio.get(f"/team/{public(ward, LI)}/observe").status_code == 403
    body = {"competency": "B1", "level": 3, "observed_on": ward.today.isoformat()}
    assert cmio.post(f"/team/{public(ward, LI)}/observations", data=body).status_code == 403
    assert cmio.get("/team").status_code == 403


def test_a_supervisor_who_is_cmio_too_has_a_team_and_may_sign_for_everybody(ward: Ward, as_) -> None:
    both = as_(MONA, "supervisor", "cmio")
    page = both.get("/team").text
    assert "Asha Sample" in page
    assert "Li Example" not in page
    assert both.get(f"/team/{public(ward, LI)}/observe/B1").status_code == 200


def bedside(ward: Ward, **words: str) -> dict[str, str]:
    return {"key": "one", "level": "3", "observed_on": ward.today.isoformat(), "setting": "work", "note": ""} | words


def test_the_bedside_signs_once_and_the_learner_is_asked(ward: Ward, as_) -> None:
    digest = publish_all(ward.clock.now)["OBS-B1"]
    db.session.commit()
    mona, address = as_(MONA, "supervisor"), f"/team/{public(ward, ASHA)}/observe/B1"
    assert "Confirms patient and encounter" in mona.get(address).text
    items = {f"item-{each}": "met" for each in ("patient", "complete", "summary")}
    short = mona.post(address, data=bedside(ward, checklist=digest, **(items | {"item-summary": "not-met"})))
    assert (short.status_code, rows(Observation)) == (422, 0)
    assert 'name="item-summary" value="not-met" checked' in short.text
    for _again in range(2):
        assert mona.post(address, data=bedside(ward, checklist=digest, **items)).status_code == 303
    assert (rows(Observation), ward.level(ASHA)) == (1, 3)
    asha = as_(ASHA)
    assert "1 observation waits for your word" in asha.get("/").text
    mine = queries.observed(ward.person(ASHA))[0].public_id
    page = asha.get(f"/record/observations/{mine}").text
    assert "Did it happen as Mona Manager says?" in page
    for _again in range(2):
        assert asha.post(f"/record/observations/{mine}/answer", data={"kind": "confirmed"}).status_code == 303
    assert "Confirmed by both" in mona.get(f"/team/{public(ward, ASHA)}").text


@pytest.mark.parametrize(
    "words", [{"level": ""}, {"level": "9"}, {"level": "4"}, {"observed_on": "soon"}, {"checklist": "0" * 64}]
)
def test_a_bad_bedside_form_is_refused_whole(ward: Ward, as_, words: dict) -> None:
    mona = as_(MONA, "supervisor")
    answer = mona.post(f"/team/{public(ward, ASHA)}/observe/B1", data=bedside(ward, note="Kept", **words))
    assert (answer.status_code, rows(Observation)) == (422, 0)
    assert "Kept" in answer.text
    assert mona.get(f"/team/{public(ward, ASHA)}/observe/Z9").status_code == 404


def test_the_quick_form_still_signs(ward: Ward, as_) -> None:
    mona = as_(MONA, "supervisor")
    body = {"key": "q", "competency": "B1", "level": "3", "observed_on": ward.today.isoformat(), "note": "Seen."}
    for _again in range(2):
        assert mona.post(f"/team/{public(ward, ASHA)}/observations", data=body).status_code == 303
    assert (rows(Observation), ward.level(ASHA)) == (1, 3)


def test_a_dispute_is_seen_by_supervisor_and_cmio_and_withdrawn_with_a_reason(ward: Ward, as_) -> None:
    done = ward.observe(ASHA)
    db.session.commit()
    asha, mona, cmio = as_(ASHA), as_(MONA, "supervisor"), as_(CMIO, "cmio")
    address = f"/record/observations/{done.public_id}/answer"
    assert as_(NOOR).post(address, data={"kind": "disputed", "note": "no"}).status_code == 404
    assert asha.post(address, data={"kind": "disputed", "note": ""}).status_code == 422
    assert asha.post(address, data={"kind": "disputed", "note": "It was Noor."}).status_code == 303
    assert "Asha Sample sees the observation in B1 differently" in mona.get("/team").text
    for reader in (mona, cmio):
        assert "Asha Sample" in reader.get("/team/disputes").text
        assert "It was Noor." in reader.get(f"/team/observations/{done.public_id}").text
    assert "Asha Sample" not in as_(RAVI, "supervisor").get("/team/disputes").text
    assert as_(RAVI, "supervisor").get(f"/team/observations/{done.public_id}").status_code == 403
    assert "Observe again" in mona.get(f"/team/observations/{done.public_id}").text
    assert "Observe again" not in cmio.get(f"/team/observations/{done.public_id}").text
    assert "/team/disputes" in cmio.get("/manage").text
    away = f"/team/observations/{done.public_id}/withdrawal"
    assert asha.post(away, data={"reason": "mine"}).status_code == 403
    assert cmio.post(away, data={"reason": ""}).status_code == 422
    assert cmio.post(away, data={"reason": "Another nurse."}).status_code == 303
    assert ward.level(ASHA) == 0
    assert "Another nurse." in asha.get("/record/competencies?show=B1").text


def test_a_delegate_signs_what_was_lent_and_only_that(ward: Ward, as_) -> None:
    mona, ravi = as_(MONA, "supervisor"), as_(RAVI, "supervisor")
    body = {
        "key": "d", "to": email_of(RAVI), "scope": f"person:{public(ward, ASHA)}", "competencies": ["B1"],
        "starts": ward.today.isoformat(), "ends": ward.today.isoformat(),
    }  # fmt: skip
    assert ravi.get(f"/team/{public(ward, ASHA)}").status_code == 403
    assert mona.post("/team/delegations", data=body | {"to": "nobody@example.org"}).status_code == 422
    assert as_(NOOR).post("/team/delegations", data=body).status_code == 403
    for _again in range(2):
        assert mona.post("/team/delegations", data=body).status_code == 303
    assert rows(Delegation) == 1
    assert "Asha Sample" in ravi.get("/team").text
    assert ravi.post(f"/team/{public(ward, ASHA)}/observe/B2", data=bedside(ward)).status_code == 403
    assert ravi.post(f"/team/{public(ward, ASHA)}/observe/B1", data=bedside(ward)).status_code == 303
    assert db.session.scalars(select(Observation.delegation_id)).one() is not None
    given = db.session.scalars(select(Delegation.public_id)).one()
    assert ravi.post(f"/team/delegations/{given}/revocation").status_code == 404
    assert as_(ASHA).post(f"/team/delegations/{given}/revocation").status_code == 403
    assert mona.post(f"/team/delegations/{given}/revocation").status_code == 303
    assert ravi.post(f"/team/{public(ward, ASHA)}/observe/B1", data=bedside(ward, key="x")).status_code == 403


def test_asking_shows_on_the_team_page_until_taken_back(ward: Ward, as_) -> None:
    asha, mona = as_(ASHA), as_(MONA, "supervisor")
    assert asha.get("/record/competencies/Z9/ask").status_code == 404
    named = account_by_email(email_of(MONA))
    assert named is not None
    for _again in range(2):
        answer = asha.post("/record/competencies/B1/ask", data={"supervisor": named.public_id, "note": "Thursday"})
        assert answer.status_code == 303
    assert rows(ObservationRequest) == 1
    page = mona.get("/team").text
    assert "asks to be observed in B1" in page
    assert "asks you by name" in page
    assert asha.post("/record/competencies/A1/ask", data={"supervisor": "0" * 20}).status_code == 422
    wish = requests.open_of(ward.person(ASHA))[0].public_id
    assert as_(NOOR).post(f"/record/requests/{wish}/withdrawal").status_code == 404
    assert asha.post(f"/record/requests/{wish}/withdrawal").status_code == 303
    assert "asks to be observed" not in mona.get("/team").text


def test_coaching_is_written_by_one_and_confirmed_by_the_other(ward: Ward, as_) -> None:
    asha, noor = as_(ASHA), as_(NOOR)
    body = {"key": "c", "person": public(ward, NOOR), "competency": "B1", "coached_on": ward.today.isoformat(),
            "minutes": "15", "practised": "Order sets"}  # fmt: skip
    assert asha.post("/record/coaching", data=body | {"person": ""}).status_code == 422
    assert asha.post("/record/coaching", data=body | {"other": "nobody"}).status_code == 422
    assert asha.post("/record/coaching", data=body | {"minutes": "many"}).status_code == 422
    for _again in range(2):
        assert asha.post("/record/coaching", data=body).status_code == 303
    assert asha.post("/record/coaching", data=body | {"key": "d", "other": "E-004"}).status_code == 303
    assert rows(CoachingEntry) == 2
    assert "says that they coached you" in as_(SAMI).get("/").text
    entry = coaching.to_confirm(ward.person(NOOR))[0].public_id
    assert "Did Asha Sample coach you?" in noor.get("/record/observations").text
    assert asha.post(f"/record/coaching/{entry}/answer", data={"said": "yes"}).status_code == 404
    assert noor.post(f"/record/coaching/{entry}/answer", data={"said": "perhaps"}).status_code == 422
    assert noor.post(f"/record/coaching/{entry}/answer", data={"said": "yes"}).status_code == 303


def test_a_document_opens_for_its_owner_and_those_entitled(ward: Ward, as_) -> None:
    asha, mona = as_(ASHA), as_(MONA, "supervisor")

    def body(data: bytes) -> dict:
        return {"key": "p", "competency": "B1", "title": "Course", "achieved_on": ward.today.isoformat(), "level": "3",
                "document": (io.BytesIO(data), "cert.pdf")}  # fmt: skip

    assert asha.post("/record/prior-learning", data=body(b"<script>")).status_code == 422
    for _again in range(2):
        assert asha.post("/record/prior-learning", data=body(PDF)).status_code == 303
    assert rows(PriorLearning) == 1
    piece = db.session.scalars(select(PriorLearning.public_id)).one()
    address = f"/record/prior-learning/{piece}/document"
    answer = asha.get(address)
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert mona.get(address).data == PDF
    opened = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == "prior.open")
    assert db.session.scalar(opened) == 1
    assert as_(NOOR).get(address).status_code == 403
    assert as_(RAVI, "supervisor").get(address).status_code == 403
    assert as_(RAVI, "supervisor").post(f"/team/prior/{piece}/sign-off", data={"level": "3"}).status_code == 403
    assert mona.post(f"/team/prior/{piece}/sign-off", data={"level": "3"}).status_code == 303
    assert ward.level(ASHA) == 3


def test_a_panel_is_recorded_by_the_cmio_alone(ward: Ward, as_) -> None:
    body = {"key": "p", "competency": "B1", "level": "5", "held_on": ward.today.isoformat(),
            "members": "A. Member\nB. Member", "minutes": "Judged."}  # fmt: skip
    address = f"/team/{public(ward, ASHA)}/panel"
    assert as_(MONA, "supervisor").post(address, data=body).status_code == 403
    cmio = as_(CMIO, "cmio")
    assert cmio.get(address).status_code == 200
    assert cmio.post(address, data=body | {"members": "Alone"}).status_code == 422
    assert cmio.post(address, data=body).status_code == 303
    assert ward.level(ASHA) == 5


def test_rating_oneself_stands_beside_the_rest(ward: Ward, as_) -> None:
    ward.observe(ASHA)
    db.session.commit()
    asha = as_(ASHA)
    body = {"key": "s", "rating-B1": "2", "rating-A1": "x", "rating-Z9": "3"}
    assert asha.post("/record/self-assessment", data=body).status_code == 303
    assert asha.post("/record/self-assessment", data={"rating-B1": "9"}).status_code == 422
    page = asha.get("/record/competencies?show=B1").text
    assert "Rate yourself" in page
    assert "said 2" in page
    assert ward.level(ASHA) == 3


def test_the_command_publishes_all_or_nothing(ward: Ward, app, tmp_path) -> None:
    runner = app.test_cli_runner()
    (tmp_path / "bad.md").write_text("no checklist")
    refused = runner.invoke(args=["checklist", "publish", str(CONTENT), str(tmp_path)])
    assert refused.exit_code != 0
    assert "bad.md:1:1: error" in refused.output
    assert checklists.in_use() == ()
    done = runner.invoke(args=["checklist", "publish", str(CONTENT)])
    assert done.exit_code == 0, done.output
    assert "OBS-A1 edition 2026.1: published" in done.output
    assert "unchanged" in runner.invoke(args=["checklist", "publish", str(CONTENT / "b1-order-entry.md")]).output
