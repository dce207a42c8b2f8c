"""What the API refuses: who may not, what is not there, what is not open, and what makes no sense."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from lms.accounts import services as accounts
from lms.accounts.queries import account_by_email
from lms.db import db
from lms.observations.models import Observation
from lms.quizzes.models import Attempt, Response
from lms.web.extensions import limiter
from tests.lms.api.conftest import Caller, read_lessons, right, sit
from tests.support.courses import CODE, EXAM
from tests.support.hospital import email_of
from tests.support.signing import sign_in
from tests.support.taking import put_course

PRIVATE = (
    ("GET", "/courses"),
    ("GET", f"/courses/{CODE}"),
    ("POST", f"/courses/{CODE}/enrolments"),
    ("PUT", f"/courses/{CODE}/lessons/alerts/completion"),
    ("POST", f"/courses/{CODE}/attempts"),
    ("PUT", "/attempts/00000000000000000000/responses/heparin-rate"),
    ("POST", "/attempts/00000000000000000000/submission"),
    ("GET", "/me/competencies"),
    ("GET", "/me/credentials"),
    ("GET", "/framework"),
    ("GET", "/credentials/K7QD-42MX-90FT.pdf"),
    ("POST", "/people/E-002/observations"),
    ("GET", "/reports/heatmap"),
    ("GET", "/reports/readiness"),
)


def rows(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


@pytest.mark.parametrize(("method", "path"), PRIVATE)
def test_nothing_private_is_answered_without_a_token_that_works(app, hospital, method: str, path: str) -> None:
    for header in (None, "", "nonsense", "ia_" + "x" * 40, "Bearer", "Basic YTpi"):
        who = Caller(app, None)
        if header is not None:
            who.headers = {"Authorization": header if " " in header else f"Bearer {header}"}
        answer = who(method, path)
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_revoked_token_and_a_closed_account_are_nobody(asha, app, clock) -> None:
    account = account_by_email(email_of("E-002"))
    assert asha.get("/courses").status_code == 200
    accounts.deactivate(account.id, actor=None, now=clock())
    db.session.commit()
    assert asha.get("/courses").status_code == 401


def test_a_cookie_opens_nothing_here(app, hospital, client) -> None:
    sign_in(client, app, email_of("E-011"), ("cmio", "administrator"))
    assert client.get("/account").status_code == 200
    for method, path in PRIVATE:
        answer = client.open(f"/api/v1{path}", method=method)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")


def test_a_password_that_must_be_changed_does_not_stand_before_the_api(app, hospital, clock) -> None:
    email = email_of("E-002")
    accounts.create_account(
        email, ["learner"], password="quiet lamp under rain", must_change=True, actor=None, now=clock()
    )
    token = accounts.create_token(email, "Script", actor=None, now=clock())
    db.session.commit()
    assert Caller(app, token).get("/me/competencies").status_code == 200


def test_health_and_the_description_are_open_to_all(stranger) -> None:
    assert stranger.get("/health").get_json() == {"status": "ok"}
    assert stranger.get("/openapi.json").status_code == 200


def test_reports_are_for_those_who_answer_for_people(asha, caller) -> None:
    for kind in ("heatmap", "readiness", "expiry", "compliance"):
        assert asha.get(f"/reports/{kind}").status_code == 403
        assert caller("E-003", "educator").get(f"/reports/{kind}").status_code == 403


@pytest.mark.parametrize("code", ["NO-1", "safe-101", "%20", "%00", "..", "%C3%A4", "a" * 500])
def test_an_unknown_course_is_not_there(asha, code: str) -> None:
    for method, path in (("GET", ""), ("POST", "/enrolments"), ("POST", "/attempts"), ("PUT", "/lessons/x/completion")):
        assert asha(method, f"/courses/{code}{path}").status_code == 404


def test_an_unknown_lesson_is_not_there_and_enrols_nobody(asha) -> None:
    for slug in ("no-such", "%00", "10-right-patient"):
        assert asha.put(f"/courses/{CODE}/lessons/{slug}/completion").status_code == 404
    assert asha.get(f"/courses/{CODE}").get_json()["enrolment"] is None


@pytest.mark.parametrize("serial", ["K7QD", "K7QD-42MX-90FT", "%00", "K7QD-42MX-90F%27", "a" * 300, "%F0%9F%98%80"])
def test_a_number_that_is_none_is_not_there(asha, stranger, serial: str) -> None:
    assert stranger.get(f"/credentials/{serial}").status_code == 404
    assert asha.get(f"/credentials/{serial}.pdf").status_code == 404


def test_a_mistyped_check_digit_is_not_there_and_a_careless_number_is(asha, stranger) -> None:
    read_lessons(asha)
    serial = sit(asha)["credential"]["serial"]
    careless = serial.lower().replace("-", "").replace("0", "o").replace("1", "l")
    assert stranger.get(f"/credentials/{careless}").get_json()["serial"] == serial
    other = "7" if serial[0] != "7" else "8"
    assert stranger.get(f"/credentials/{other}{serial[1:]}").status_code == 404


def test_an_unknown_report_unit_and_date_are_told_apart(femi) -> None:
    assert femi.get("/reports/nothing").status_code == 404
    assert femi.get("/reports/heatmap?unit=NOPE").status_code == 404
    assert femi.get("/reports/heatmap?unit=%00").status_code == 404
    for date in ("yesterday", "2026-13-01", "2026-02-30", "20261123x"):
        answer = femi.get(f"/reports/heatmap?as_of={date}")
        assert answer.status_code == 422
        assert "expected" in answer.get_json()["detail"]
    assert femi.get("/reports/heatmap?profession=wizard").status_code == 422


def test_unknown_addresses_and_methods_are_problems_without_a_redirect(stranger, asha) -> None:
    for who in (stranger, asha):
        for path in ("/nope", "/courses/", "//courses", "/me", "/credentials/", "/reports"):
            assert who.get(path).status_code == 404
        wrong = who("DELETE", "/courses")
        assert wrong.status_code == 405
        assert "GET" in wrong.headers["Allow"]
        assert who.get(f"/courses/{CODE}/enrolments").status_code == 405


def test_head_and_options_are_answered_as_get_would_be(asha, stranger) -> None:
    plain = asha.client.head("/api/v1/courses", headers=asha.headers)
    assert (plain.status_code, plain.data, plain.mimetype) == (200, b"", "application/json")
    asked = asha.client.options("/api/v1/courses", headers=asha.headers)
    assert asked.status_code == 200
    assert {"GET", "HEAD", "OPTIONS"} == set(asked.headers["Allow"].split(", "))
    assert stranger.client.head("/api/v1/courses").status_code == 401
    assert stranger.client.head("/api/v1/health").status_code == 200


def kind(answer) -> str:
    assert answer.status_code == 409
    body = answer.get_json()
    assert body["detail"]
    return body["type"]


def test_each_reason_not_to_start_has_its_type(asha, clock) -> None:
    start = f"/courses/{CODE}/attempts"
    assert kind(asha.post(start)) == "lessons-open"
    put_course(clock(), code="ADV-201", title="After", prerequisites=[CODE])
    read_lessons(asha, "ADV-201")
    refused = asha.post("/courses/ADV-201/attempts")
    assert (kind(refused), refused.get_json()["missing"]) == ("prerequisites", [CODE])
    put_course(clock(), code="BARE-1", title="No exam", exam=None)
    assert kind(asha.post("/courses/BARE-1/attempts")) == "closed"

    read_lessons(asha)
    assert not sit(asha, wrong=6)["passed"]
    refused = asha.post(start)
    assert (kind(refused), refused.get_json()["opens_at"]) == ("wait", "2026-11-24T10:00:00+00:00")
    for _ in range(2):
        clock.move(hours=25)
        sit(asha, wrong=6)
    clock.move(hours=25)
    assert kind(asha.post(start)) == "attempts-used"


def test_a_pass_closes_the_exam_until_ninety_days_before_the_end(asha, clock) -> None:
    read_lessons(asha)
    sit(asha)
    refused = asha.post(f"/courses/{CODE}/attempts")
    assert (kind(refused), refused.get_json()["opens_on"]) == ("passed", "2028-08-25")
    clock.now = clock.now.replace(year=2028, month=8, day=25)
    assert asha.post(f"/courses/{CODE}/attempts").status_code == 201


def test_an_attempt_opened_before_the_lessons_where_the_exam_is_always_open(asha, clock) -> None:
    put_course(clock(), code="OPEN-1", title="Open", exam=EXAM | {"open": "always"})
    result = sit(asha, "OPEN-1")
    assert (result["passed"], result["credential"]) == (True, None)
    asha.put("/courses/OPEN-1/lessons/right-patient/completion")
    done = asha.put("/courses/OPEN-1/lessons/alerts/completion").get_json()
    assert done["course_completed"]
    assert done["credential"]["serial"]
    again = asha.post(f"/attempts/{result['id']}/submission").get_json()
    assert again["credential"]["serial"] == done["credential"]["serial"]


def test_other_peoples_attempts_do_not_exist(asha, caller) -> None:
    read_lessons(asha)
    sheet = asha.post(f"/courses/{CODE}/attempts").get_json()
    noor = caller("E-003", "learner", "administrator")
    item = sheet["items"][0]
    assert noor.put(f"/attempts/{sheet['id']}/responses/{item['id']}", {"answer": right(item)}).status_code == 404
    assert noor.post(f"/attempts/{sheet['id']}/submission").status_code == 404
    assert asha.put(f"/attempts/{sheet['id']}/responses/no-such", {"answer": 1}).status_code == 404
    assert asha.put(f"/attempts/{sheet['id']}/responses/%00", {"answer": 1}).status_code == 404
    assert asha.put("/attempts/%00/responses/heparin-rate", {"answer": 1}).status_code == 404


def test_after_the_time_nothing_is_taken_and_what_was_saved_counts(asha, clock) -> None:
    read_lessons(asha)
    sheet = asha.post(f"/courses/{CODE}/attempts").get_json()
    item = sheet["items"][0]
    path = f"/attempts/{sheet['id']}/responses/{item['id']}"
    asha.put(path, {"answer": right(item)})
    clock.move(minutes=23)
    assert kind(asha.put(path, {"answer": None})) == "closed"
    result = asha.post(f"/attempts/{sheet['id']}/submission").get_json()
    assert [each["score"] for each in result["items"]] == [1.0, 0, 0, 0, 0, 0]
    assert kind(asha.put(path, {"answer": None})) == "closed"


BAD_BODIES = (
    (b"", 422), (b"{", 400), (b"\xff\xfe", 400), (b"[" * 100_000, 400), (b'{"answer": NaN}', 400),
    (b'{"answer": 1e999}', 422), (b'{"answer": ' + b"9" * 5000 + b"}", 400), (b"[]", 422), (b"null", 422),
    (b'"answer"', 422), (b"{}", 422), (b'{"answer": 12, "more": 1}', 422), (b'{"answer": "12"}', 422),
    (b'{"answer": true}', 422), (b'{"answer": {"a": [1]}}', 422), (b'{"answer": 12, "confidence": 4}', 422),
    (b'{"answer": 12, "confidence": "2"}', 422), (b'{"answer": 12, "confidence": true}', 422),
    (b'{"answer": 12, "flagged": "yes"}', 422), (b'{"answer": "\\ud800"}', 422), (b'{"answer": "a\\u0000"}', 422),
    (b'{"answer": "' + b"x" * 300_000 + b'"}', 413),
)  # fmt: skip


@pytest.mark.parametrize(("data", "status"), BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_a_bad_answer_stores_nothing_and_says_what_was_expected(asha, data: bytes, status: int) -> None:
    read_lessons(asha)
    sheet = asha.post(f"/courses/{CODE}/attempts").get_json()
    path = f"/attempts/{sheet['id']}/responses/heparin-rate"
    asha.put(path, {"answer": 11, "confidence": 1})
    for kept in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        answer = asha("PUT", path, data=data, content_type=kept)
        assert answer.status_code == status, answer.text
        assert status == 413 or re.search("expected|1, 2 or 3", answer.get_json()["detail"])
    again = {item["id"]: item for item in asha.post(f"/courses/{CODE}/attempts").get_json()["items"]}
    assert (again["heparin-rate"]["answer"], again["heparin-rate"]["confidence"]) == (11, 1)


def test_a_text_with_signs_that_cannot_be_stored_is_refused(asha) -> None:
    read_lessons(asha)
    sheet = asha.post(f"/courses/{CODE}/attempts").get_json()
    for text in ("a\0b", "\ud800", "x" * 501):
        answer = asha.put(f"/attempts/{sheet['id']}/responses/cpoe-abbr", {"answer": text})
        assert answer.status_code == 422, text
    assert rows(Response) == 0


def test_a_body_is_read_as_json_whatever_it_is_sent_as(asha) -> None:
    read_lessons(asha)
    sheet = asha.post(f"/courses/{CODE}/attempts").get_json()
    path = f"/attempts/{sheet['id']}/responses/heparin-rate"
    saved = asha("PUT", path, data='{"answer": 12}', content_type="application/x-www-form-urlencoded")
    assert (saved.status_code, saved.get_json()["answer"]) == (200, 12)


def test_observations_are_signed_by_those_entitled_to(mona, asha, caller, clock, femi) -> None:
    body = {"competency": "B1", "level": 3, "note": ""}
    assert asha.post("/people/E-002/observations", body).status_code == 403
    assert femi.post("/people/E-002/observations", body).status_code == 403
    assert mona.post("/people/E-001/observations", body).status_code == 403
    assert mona.post("/people/E-006/observations", body).status_code == 403
    assert mona.post("/people/E-999/observations", body).status_code == 404
    assert mona.post("/people/%00/observations", body).status_code == 404
    granted = caller("E-006", "supervisor")
    assert granted.post("/people/E-007/observations", body).status_code == 403
    accounts.grant_unit(account_by_email(email_of("E-006")).id, "SGH", actor=None, now=clock())
    db.session.commit()
    assert granted.post("/people/E-007/observations", body).status_code == 201
    assert granted.post("/people/E-006/observations", body).status_code == 403
    assert rows(Observation) == 1


BAD_OBSERVATIONS = (
    ({"level": 3}, "competency"), ({"competency": "B1"}, "level"), ({"competency": "ZZ", "level": 3}, "competency"),
    ({"competency": 7, "level": 3}, "competency"), ({"competency": "B1", "level": "3"}, "level"),
    ({"competency": "B1", "level": True}, "level"), ({"competency": "B1", "level": 0}, "level"),
    ({"competency": "B1", "level": 4}, "level"), ({"competency": "B1", "level": 5}, "level"),
    ({"competency": "B1", "level": 2.5}, "level"), ({"competency": "B1", "level": None}, "level"),
    ({"competency": "B1", "level": 3, "note": 5}, "note"), ({"competency": "B1", "level": 3, "note": "a\0"}, "note"),
    ({"competency": "B1", "level": 3, "note": "\ud800"}, "note"), ({"competency": "B1\0", "level": 3}, "competency"),
    ({"competency": "B1", "level": 3, "note": "x" * 2001}, "note"), ({"competency": "B1", "level": 3, "x": 1}, "x"),
    ({"competency": "B1", "level": 3, "observed_on": "2026-11-24"}, "observed_on"),
    ({"competency": "B1", "level": 3, "observed_on": "soon"}, "observed_on"),
    ({"competency": "B1", "level": 3, "observed_on": "2020-01-01"}, "observed_on"),
)  # fmt: skip


@pytest.mark.parametrize(("body", "field"), BAD_OBSERVATIONS, ids=range(len(BAD_OBSERVATIONS)))
def test_a_bad_observation_names_its_field_and_stores_nothing(mona, body: dict, field: str) -> None:
    answer = mona.post("/people/E-002/observations", body)
    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == [field]
    assert rows(Observation) == 0


def test_levels_above_three_say_what_they_need(mona) -> None:
    for level, need in ((4, "coaching log"), (5, "panel")):
        answer = mona.post("/people/E-002/observations", {"competency": "B1", "level": level})
        assert need in answer.get_json()["detail"]


def test_an_observation_sent_twice_is_one_and_a_changed_mind_counts(mona, asha, clock) -> None:
    def seen(level: int, **headers: str) -> dict:
        clock.move(seconds=1)
        body = {"competency": "B1", "level": level, "note": "At the round."}
        answer = mona.post("/people/E-002/observations", body, headers=headers)
        assert answer.status_code == 201
        return answer.get_json()

    def level() -> int:
        return {each["code"]: each["level"] for each in asha.get("/me/competencies").get_json()}["B1"]

    first = seen(3)
    assert seen(3) == first
    assert level() == 3
    lower = seen(2)
    assert (lower["id"] != first["id"], level()) == (True, 2)
    again = seen(3)
    assert (again["id"] not in (first["id"], lower["id"]), level()) == (True, 3)
    keyed = seen(3, **{"Idempotency-Key": "one"})
    assert seen(3, **{"Idempotency-Key": "one"}) == keyed
    assert seen(3, **{"Idempotency-Key": "two"})["id"] != keyed["id"]
    assert rows(Observation) == 5


def test_too_many_requests_are_told_when_to_go_on(app, asha, caller, monkeypatch) -> None:
    few = replace(app.config["SETTINGS"], api_per_minute=5)
    monkeypatch.setitem(app.config, "SETTINGS", few)
    limiter.reset()
    answers = [asha.get("/courses") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60
    noor = caller("E-003")
    assert noor.get("/courses").status_code == 200
    limiter.reset()


def test_a_token_has_six_hundred_requests_a_minute_at_least(app) -> None:
    assert app.config["SETTINGS"].api_per_minute >= 600


def test_attempts_are_begun_once(asha) -> None:
    read_lessons(asha)
    first = asha.post(f"/courses/{CODE}/attempts").get_json()
    assert asha.post(f"/courses/{CODE}/attempts").get_json() == first
    assert rows(Attempt) == 1
