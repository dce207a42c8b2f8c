"""Error pages for browsers, problem documents for the API, and the headers of every answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.exceptions import Conflict, TooManyRequests
from werkzeug.routing import Rule

from lms.app import create_app
from lms.db import db
from lms.people.models import Person
from lms.web.guard import PUBLIC, STAFF_ROLES, rule_of
from tests.support.signing import sign_in


def add_route(app: Flask, path: str, view) -> None:
    """A page of the test's own."""
    view.access_rule = PUBLIC
    app.view_functions[path] = view
    app.url_map.add(Rule(path, endpoint=path, methods=["GET", "POST"]))


@pytest.fixture
def site(app: Flask, clock) -> Iterator[Flask]:
    """An application of its own on the same database, because tests add pages to it."""
    site = create_app(app.config["SETTINGS"])
    site.config.update(CLOCK=clock, WTF_CSRF_ENABLED=False)
    yield site
    with site.app_context():
        db.engine.dispose()


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.mark.parametrize("status", [400, 403, 404, 409, 410, 413, 422, 429, 500, 503])
def test_a_refused_page_says_what_happened_and_where_to_go_on(site: Flask, client: FlaskClient, status: int) -> None:
    add_route(site, f"/refused/{status}", lambda: abort(status))
    answer = client.get(f"/refused/{status}")
    assert answer.status_code == status
    assert answer.text.count("<h1") == 1
    assert f"Reference {status}" in answer.text
    assert 'href="/"' in answer.text


def test_an_unknown_page_is_answered_for_strangers_and_for_people_signed_in(site: Flask, client: FlaskClient) -> None:
    assert client.get("/nowhere").status_code == 404
    sign_in(client, site, "asha@example.org")
    page = client.get("/nowhere")
    assert page.status_code == 404
    assert "This page is not here" in page.text


def test_a_page_opened_in_the_wrong_way_says_so(site: Flask, client: FlaskClient) -> None:
    answer = client.get("/sign-out")
    assert answer.status_code == 405
    assert "POST" in answer.headers.get("Allow", "POST")


def test_an_unknown_address_of_the_api_is_a_problem_document(site: Flask, client: FlaskClient) -> None:
    answer = client.get("/api/v1/nowhere")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    body = answer.get_json()
    assert (body["status"], body["title"]) == (404, "Not Found")
    assert body["type"]
    assert re.fullmatch(r"[0-9a-f]{12}", body["request"])


def test_a_problem_names_its_kind(site: Flask, client: FlaskClient) -> None:
    def view():
        fault = Conflict("All lessons come first.")
        fault.problem = {"kind": "lessons-open"}
        raise fault

    add_route(site, "/api/v1/test-conflict", view)
    answer = client.get("/api/v1/test-conflict")
    assert answer.status_code == 409
    assert answer.get_json()["type"] == "lessons-open"
    assert answer.get_json()["detail"] == "All lessons come first."


def test_a_pause_says_how_long(site: Flask, client: FlaskClient) -> None:
    def view():
        raise TooManyRequests(retry_after=30)

    add_route(site, "/api/v1/test-pause", view)
    answer = client.get("/api/v1/test-pause")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")


@pytest.mark.parametrize("path", ["/test-fault", "/api/v1/test-fault"])
def test_a_fault_of_ours_shows_nothing_of_the_inside_and_takes_back_what_was_written(site, client, path) -> None:
    def view():
        db.session.add(Person(email="half@example.org"))
        db.session.flush()
        raise RuntimeError("the secret inside 4711")

    add_route(site, path, view)
    site.config["SHOW_FAULTS"] = True
    try:
        answer = client.post(path)
    finally:
        site.config.pop("SHOW_FAULTS")
    assert answer.status_code == 500
    assert "4711" not in answer.text
    assert "Traceback" not in answer.text
    assert db.session.scalar(select(func.count()).select_from(Person)) == 0


def test_the_reference_on_the_page_is_the_one_in_the_log(site, client, caplog) -> None:
    caplog.set_level("INFO", logger="lms")
    reference = re.search(r'<span class="num">([0-9a-f]{12})</span>', client.get("/nowhere").text)
    assert reference
    logged = [record.facts for record in caplog.records if hasattr(record, "facts")]
    assert any(facts.get("request") == reference.group(1) for facts in logged)


def test_a_request_is_logged_without_address_query_name_and_e_mail(site, client, caplog) -> None:
    caplog.set_level("INFO", logger="lms")
    ids = sign_in(client, site, "asha.sample@example.org", ["administrator"])
    client.get(f"/admin/people/{ids.person_public_id}?q=Asha")
    client.post("/sign-in", data={"email": "asha.sample@example.org", "password": "open sesame please"})
    text = caplog.text + str([getattr(record, "facts", "") for record in caplog.records])
    for word in (ids.person_public_id, "Asha", "asha", "sesame", ids.token):
        assert word not in text


def test_every_answer_carries_the_strict_headers(site: Flask, client: FlaskClient) -> None:
    for path in ("/sign-in", "/nowhere", "/api/v1/nowhere", "/account", "/static/app.css"):
        with client.get(path) as answer:
            headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in headers


def test_pages_are_kept_by_no_shared_computer(site: Flask, client: FlaskClient) -> None:
    sign_in(client, site, "asha@example.org")
    assert client.get("/account").headers["Cache-Control"] == "private, no-store"


def post_routes(app: Flask) -> list[str]:
    """Addresses of every POST route that a browser uses."""
    return [
        re.sub(r"<([^>]+)>", lambda m: "999999" if m.group(1).startswith("int:") else "0" * 20, rule.rule)
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.rule.startswith("/api/") and rule_of(app, rule.endpoint, "POST")
    ]


def test_every_form_is_refused_without_its_token(site: Flask, client: FlaskClient) -> None:
    sign_in(client, site, "all@example.org", STAFF_ROLES)
    routes = post_routes(site)
    assert len(routes) > 15
    site.config["WTF_CSRF_ENABLED"] = True
    try:
        faults = []
        for path in routes:
            for data in ({}, {"csrf_token": "made up"}):
                answer = client.post(path, data=data)
                if answer.status_code != 400 or "open for too long" not in answer.text:
                    faults.append(f"{path}: {answer.status_code}")
    finally:
        site.config["WTF_CSRF_ENABLED"] = False
    assert not faults, "\n".join(faults)


def test_a_form_with_its_token_is_taken(site: Flask, client: FlaskClient) -> None:
    site.config["WTF_CSRF_ENABLED"] = True
    try:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
        assert token
        data = {"csrf_token": token.group(1), "email": "nobody@example.org", "password": "not the password"}
        assert client.post("/sign-in", data=data).status_code == 422
        other = site.test_client()
        assert other.post("/sign-in", data=data).status_code == 400
    finally:
        site.config["WTF_CSRF_ENABLED"] = False


def test_a_token_of_before_the_sign_in_is_worth_nothing_after_it(site: Flask, client: FlaskClient) -> None:
    site.config["WTF_CSRF_ENABLED"] = True
    try:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
        assert found
        sign_in(client, site, "asha@example.org")
        answer = client.post("/account/tokens", data={"csrf_token": found.group(1), "name": "x"})
        assert answer.status_code == 400
    finally:
        site.config["WTF_CSRF_ENABLED"] = False


def test_over_https_cookies_are_secure_and_browsers_are_told_to_stay(settings_for, tmp_path) -> None:
    app = create_app(
        replace(settings_for(f"sqlite:///{tmp_path / 'x.db'}", tmp_path), base_url="https://academy.example")
    )
    with app.app_context():
        db.create_all()
    answer = app.test_client().get("/sign-in", base_url="https://academy.example")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    with app.app_context():
        db.engine.dispose()
    cookie = answer.headers["Set-Cookie"]
    for flag in ("Secure", "HttpOnly", "SameSite=Lax"):
        assert flag in cookie
