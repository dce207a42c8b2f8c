"""Callers of the API: each with a token, each checking that every answer is what the description promises."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from marshmallow import RAISE, Schema
from werkzeug.test import TestResponse

from lms.accounts import services as accounts
from lms.db import db
from tests.support.courses import CODE, LESSONS, RIGHT
from tests.support.hospital import SampleHospital, email_of, load_framework, sample_hospital
from tests.support.signing import separate_requests
from tests.support.taking import put_course

PROBLEM = "application/problem+json"


def declared(app: Flask, endpoint: str, status: int) -> Schema | None:
    """The schema that the description states for an answer, None where it states none."""
    stated = app.view_functions[endpoint]._apidoc.get("response", {}).get("responses", {})
    found = stated.get(status, stated.get(str(status)))
    assert found is not None, f"{endpoint} answers {status}, which its description does not state"
    return found[0].get("schema") if isinstance(found, list) else found.get("schema")


class Caller:
    """Whoever holds a token, or nobody. Every answer is held against the contract."""

    def __init__(self, app: Flask, token: str | None) -> None:
        self.app = app
        self.client = FlaskClient(app, use_cookies=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def __call__(self, method: str, path: str, body: Any = None, **more: Any) -> TestResponse:
        headers = self.headers | more.pop("headers", {})
        if body is not None:
            more["json"] = body
        answer = self.client.open(f"/api/v1{path}", method=method, headers=headers, **more)
        self.check(answer)
        return answer

    def get(self, path: str, **more: Any) -> TestResponse:
        return self("GET", path, **more)

    def post(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self("POST", path, body, **more)

    def put(self, path: str, body: Any = None, **more: Any) -> TestResponse:
        return self("PUT", path, body, **more)

    def check(self, answer: TestResponse) -> None:
        """Never a redirect, a page or a cookie; problems as problems; bodies as described."""
        assert not 300 <= answer.status_code < 400
        assert "Set-Cookie" not in answer.headers
        assert answer.mimetype in ("application/json", PROBLEM, "application/pdf")
        if answer.mimetype == "application/pdf":
            return
        body = answer.get_json()
        if answer.status_code >= 400:
            assert answer.mimetype == PROBLEM
            assert body["status"] == answer.status_code
            assert body["title"]
            assert body["type"]
            assert re.fullmatch(r"[0-9a-f]{12}", body["request"])
        endpoint = self._endpoint(answer)
        if endpoint is not None and endpoint.startswith("api-") and endpoint != "api-docs.openapi_json":
            schema = declared(self.app, endpoint, answer.status_code)
            assert schema is not None
            unknown = None if answer.status_code >= 400 or "reports" in endpoint else RAISE
            schema.load(body, unknown=unknown)

    def _endpoint(self, answer: TestResponse) -> str | None:
        request = answer.request
        adapter = self.app.url_map.bind_to_environ(request.environ)
        try:
            return adapter.match()[0]
        except Exception:
            return None


@pytest.fixture
def hospital(app) -> SampleHospital:
    """The sample hospital with the product's framework and the sample course."""
    separate_requests(app)
    load_framework()
    found = sample_hospital()
    put_course(app.config["CLOCK"]())
    return found


@pytest.fixture
def caller(app, hospital, clock) -> Callable[..., Caller]:
    """A function that makes the account of a member of staff and a token for it."""

    def make(employee: str, *roles: str) -> Caller:
        email = email_of(employee) if employee.startswith("E-") else employee
        accounts.create_account(email, roles or ("learner",), actor=None, now=clock())
        token = accounts.create_token(email, "Script", actor=None, now=clock())
        db.session.commit()
        return Caller(app, token)

    return make


@pytest.fixture
def asha(caller) -> Caller:
    """A physician of Medicine ward A, managed by Mona."""
    return caller("E-002")


@pytest.fixture
def mona(caller) -> Caller:
    """The manager of ward A, a supervisor."""
    return caller("E-001", "learner", "supervisor")


@pytest.fixture
def femi(caller) -> Caller:
    """The CMIO."""
    return caller("E-011", "cmio")


@pytest.fixture
def stranger(app, hospital) -> Caller:
    """Somebody without a token."""
    return Caller(app, None)


def read_lessons(who: Caller, code: str = CODE) -> None:
    """Enrol and complete every lesson."""
    assert who.post(f"/courses/{code}/enrolments").status_code == 201
    for slug in LESSONS:
        assert who.put(f"/courses/{code}/lessons/{slug}/completion").status_code == 200


def right(item: dict[str, Any]) -> Any:
    """The right answer to a presented item of the sample course, by its words."""
    wanted = RIGHT[item["id"]]
    ids = {option["html"]: option["id"] for option in item.get("options", [])}
    if isinstance(wanted, list):
        return [ids[text] for text in wanted]
    return ids.get(wanted, wanted) if isinstance(wanted, str) else wanted


def answer_all(who: Caller, sheet: dict[str, Any], wrong: int = 0) -> None:
    """Answer every item rightly, but leave the last `wrong` unanswered."""
    items = sheet["items"]
    for item in items[: len(items) - wrong]:
        saved = who.put(f"/attempts/{sheet['id']}/responses/{item['id']}", {"answer": right(item)})
        assert saved.status_code == 200, saved.text


def sit(who: Caller, code: str = CODE, wrong: int = 0) -> dict[str, Any]:
    """Start, answer and hand in; returns the result."""
    sheet = who.post(f"/courses/{code}/attempts").get_json()
    answer_all(who, sheet, wrong)
    done = who.post(f"/attempts/{sheet['id']}/submission")
    assert done.status_code == 200
    return done.get_json()
