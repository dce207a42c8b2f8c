"""The whole story of the API, as an outsider would script it."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from certificates.verification import verify_pdf
from lms.accounts import services as accounts
from lms.accounts.queries import account_by_email
from lms.credentials.desk import current_desk
from lms.db import db
from tests.lms.api.conftest import answer_all, read_lessons, sit
from tests.support.courses import CODE, ITEMS, LESSONS
from tests.support.hospital import email_of


def cell(caller, code: str, unit: str | None = None) -> dict:
    """The cell of the first row of the heat map."""
    answer = caller.get("/reports/heatmap" + (f"?unit={unit}" if unit else ""))
    assert answer.status_code == 200
    return answer.get_json()["units"][0]["cells"][code]


def test_a_course_from_the_catalogue_to_the_certificate(asha, stranger, clock) -> None:
    listed = asha.get("/courses").get_json()
    assert [course["code"] for course in listed] == [CODE]
    whole = asha.get(f"/courses/{CODE}").get_json()
    assert [lesson["slug"] for lesson in whole["lessons"]] == list(LESSONS)
    assert whole["exam"]["pass_percent"] == 80
    assert whole["enrolment"] is None

    first = asha.post(f"/courses/{CODE}/enrolments")
    assert (first.status_code, first.get_json()["course"]) == (201, CODE)
    assert asha.post(f"/courses/{CODE}/enrolments").get_json() == first.get_json()
    for slug in LESSONS:
        done = asha.put(f"/courses/{CODE}/lessons/{slug}/completion").get_json()
        assert (done["slug"], done["course_completed"], done["credential"]) == (slug, False, None)
    assert all(lesson["completed_at"] for lesson in asha.get(f"/courses/{CODE}").get_json()["lessons"])

    started = asha.post(f"/courses/{CODE}/attempts")
    sheet = started.get_json()
    assert started.status_code == 201
    assert [item["id"] for item in sheet["items"]] == list(ITEMS)
    assert sheet["expires_at"] == "2026-11-23T10:20:00+00:00"
    answer_all(asha, sheet)
    clock.move(minutes=9)
    result = asha.post(f"/attempts/{sheet['id']}/submission").get_json()
    assert (result["score"], result["passed"], result["status"]) == (100.0, True, "submitted")
    assert [(item["id"], item["score"], item["right"]) for item in result["items"]] == [(i, 1.0, True) for i in ITEMS]

    serial = result["credential"]["serial"]
    assert result["credential"]["valid_until"] == "2028-11-23"
    mine = asha.get("/me/credentials").get_json()
    assert [(each["serial"], each["status"], each["name"]) for each in mine] == [(serial, "valid", "Asha Sample")]
    public = stranger.get(f"/credentials/{serial}")
    assert public.status_code == 200
    assert public.get_json() == mine[0]
    standings = {each["code"]: each for each in asha.get("/me/competencies").get_json()}
    assert (standings["B1"]["level"], standings["B1"]["sources"]) == (2, {"test": 2})
    assert standings["B1"]["target"] > 0
    assert standings["B1"]["valid_until"]


def test_a_repeated_hand_in_is_the_same_answer(asha, clock) -> None:
    read_lessons(asha)
    first = sit(asha)
    clock.move(days=2)
    again = asha.post(f"/attempts/{first['id']}/submission")
    assert (again.status_code, again.get_json()) == (200, first)
    assert len(asha.get("/me/credentials").get_json()) == 1


def test_five_of_six_are_shown_with_one_decimal(asha) -> None:
    read_lessons(asha)
    result = sit(asha, wrong=1)
    assert (result["score"], result["passed"]) == (83.3, True)


def test_a_miss_gives_no_certificate_and_unanswered_earns_nothing(asha) -> None:
    read_lessons(asha)
    result = sit(asha, wrong=3)
    assert (result["score"], result["passed"], result["credential"]) == (50.0, False, None)
    assert [item["score"] for item in result["items"]] == [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]
    assert asha.get("/me/credentials").get_json() == []
    assert all(each["level"] == 0 for each in asha.get("/me/competencies").get_json())


def test_the_paper_is_for_its_holder_and_entitled_staff(asha, mona, femi, caller, stranger) -> None:
    read_lessons(asha)
    serial = sit(asha)["credential"]["serial"]
    path = f"/credentials/{serial}.pdf"
    paper = asha.get(path)
    assert (paper.status_code, paper.mimetype) == (200, "application/pdf")
    text = PdfReader(io.BytesIO(paper.data)).pages[0].extract_text()
    assert "Asha Sample" in text
    assert serial in text
    verdict = verify_pdf(paper.data, current_desk().trust(asha.app.config["CLOCK"]()))
    assert (verdict.integrity, verdict.covers_whole_file, verdict.trusted) == (True, True, True)
    assert stranger.get(path).status_code == 401
    assert caller("E-003").get(path).status_code == 403
    assert caller("E-007", "supervisor").get(path).status_code == 403
    assert mona.get(path).data == paper.data
    assert femi.get(path).data == paper.data


def test_passing_moves_the_levels_and_a_sign_off_the_share(asha, mona, femi) -> None:
    before = cell(femi, "B1")
    assert sum(before["levels"]) == before["of"]
    read_lessons(asha)
    sit(asha)
    passed = cell(femi, "B1")
    assert passed["levels"][2] == before["levels"][2] + 1
    assert passed["of"] == before["of"]
    target = {each["code"]: each["target"] for each in asha.get("/me/competencies").get_json()}["B1"]
    assert target == 3
    assert passed["share"] == before["share"]
    seen = mona.post("/people/E-002/observations", {"competency": "B1", "level": 3, "note": "Alone at the round."})
    assert seen.status_code == 201
    signed = cell(femi, "B1")
    assert signed["at_target"] == before["at_target"] + 1
    assert signed["share"] > before["share"]
    assert signed["levels"][3] == before["levels"][3] + 1
    standing = {each["code"]: each for each in asha.get("/me/competencies").get_json()}["B1"]
    assert (standing["level"], standing["sources"]) == (3, {"test": 2, "observation": 3})


def test_a_profession_without_targets_never_counts(caller, femi) -> None:
    before = femi.get("/reports/heatmap").get_json()
    ida = caller("E-010")
    read_lessons(ida)
    assert sit(ida)["passed"]
    after = femi.get("/reports/heatmap").get_json()
    assert after["units"][0]["cells"] == before["units"][0]["cells"]
    assert all(each["target"] == 0 for each in ida.get("/me/competencies").get_json())


def test_a_report_names_its_date_and_its_figures(femi) -> None:
    first = femi.get("/reports/heatmap?unit=SGH").get_json()
    assert (first["as_of"], first["units"][0]["code"]) == ("2026-11-23", "SGH")
    assert [row["code"] for row in first["units"][1:]] == ["ED", "MED", "PHA"]
    assert femi.get("/reports/heatmap?unit=SGH").get_json()["digest"] == first["digest"]
    past = femi.get("/reports/heatmap?unit=SGH&as_of=2024-06-01").get_json()
    assert past["as_of"] == "2024-06-01"
    assert past["digest"] != first["digest"]
    small = next(row for row in first["units"] if row["code"] == "ED")["cells"]["B1"]
    assert small == {"at_target": None, "of": None, "share": None, "levels": None, "suppressed": True}


@pytest.mark.parametrize("kind", ["heatmap", "readiness", "expiry", "compliance", "training"])
def test_every_kind_of_report_is_answered(femi, kind: str) -> None:
    body = femi.get(f"/reports/{kind}").get_json()
    assert (body["kind"], len(body["digest"])) == (kind, 64)
    assert [row["code"] for row in body["units"]] == ["SGH"]
    assert body["units"][0]["staff"] == 11


def test_supervisors_see_their_units_in_reports_and_no_others(mona, clock) -> None:
    assert mona.get("/reports/heatmap?unit=ED").status_code == 403
    account = account_by_email(email_of("E-001"))
    accounts.grant_unit(account.id, "MED", actor=None, now=clock())
    db.session.commit()
    assert mona.get("/reports/heatmap?unit=MED").status_code == 200
    assert [row["code"] for row in mona.get("/reports/heatmap").get_json()["units"]] == ["MED"]
    assert mona.get("/reports/heatmap?unit=ED").status_code == 403
