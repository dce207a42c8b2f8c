"""Every route of the URL map, as every role: each states its rule, and the rule holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule as Route

from lms.app import create_app
from lms.db import db
from lms.web.guard import STAFF_ROLES, Rule, access, rule_of
from tests.support.signing import api_token, separate_requests, sign_in

# What strangers may open. A new public page is a decision: it is written down here.
PUBLIC = {
    "/static/<path:filename>",
    "/preferences/theme",
    "/help",
    "/accessibility",
    "/sign-in",
    "/sign-out",
    "/forgot-password",
    "/set-password/<token>",
    "/verify",
    "/verify/<serial>",
    "/verify/issuer.pem",
    "/healthz",
    "/readyz",
    "/api/v1/health",
    "/api/v1/openapi.json",
    "/api/v1/credentials/<serial>",
}
SAMPLES = {
    "serial": "K7QD-42MX-90FT",
    "code": "CPOE-101",
    "slug": "right-patient",
    "kind": "readiness",
    "format": "csv",
}


@dataclass(frozen=True)
class Call:
    """One method of one route, with an address that names nothing that exists."""

    route: Route
    method: str
    path: str
    rule: Rule | None

    def __str__(self) -> str:
        return f"{self.method} {self.route.rule} ({self.route.endpoint})"

    @property
    def api(self) -> bool:
        return self.path.startswith("/api/")


def path_of(route: Route, samples: dict[str, str]) -> str:
    """The route's address with made-up ids."""

    def value(match: re.Match[str]) -> str:
        converter, _, name = match.group(1).rpartition(":")
        if converter.startswith(("int", "float")):
            return "999999"
        return samples.get(name, "0" * 20)

    return re.sub(r"<([^>]+)>", value, route.rule)


def calls(app: Flask, samples: dict[str, str] = SAMPLES) -> Iterator[Call]:
    for route in app.url_map.iter_rules():
        for method in sorted((route.methods or set()) - {"OPTIONS", "HEAD"}):
            yield Call(route, method, path_of(route, samples), rule_of(app, route.endpoint, method))


def send(client: FlaskClient, call: Call, headers: dict[str, str] | None = None):
    return client.open(call.path, method=call.method, headers=headers)


@pytest.fixture
def walked(app: Flask) -> Flask:
    separate_requests(app)
    return app


def test_every_route_states_its_rule(walked: Flask) -> None:
    silent = [str(call) for call in calls(walked) if call.rule is None]
    assert not silent, "\n".join(silent)


def test_public_routes_are_those_that_were_decided(walked: Flask) -> None:
    public = {call.route.rule.replace("<string:", "<") for call in calls(walked) if call.rule and call.rule.public}
    assert public <= PUBLIC, public - PUBLIC


def test_a_stranger_gets_public_routes_alone(walked: Flask, client: FlaskClient) -> None:
    faults = []
    for call in calls(walked):
        if call.rule is None or call.rule.public:
            continue
        answer = send(client, call)
        if call.api:
            right = answer.status_code == 401 and answer.mimetype == "application/problem+json"
        else:
            right = answer.status_code == 302 and answer.location.startswith("/sign-in?next=")
        if not right:
            faults.append(f"{call}: {answer.status_code} {answer.location or ''}")
    assert not faults, "\n".join(faults)


def test_no_public_page_breaks_for_a_stranger(walked: Flask, client: FlaskClient) -> None:
    faults = []
    for call in calls(walked):
        if call.rule and call.rule.public:
            answer = send(client, call)
            if answer.status_code >= 500 and call.route.rule != "/readyz":
                faults.append(f"{call}: {answer.status_code}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_a_role_gets_what_its_rule_opens_and_nothing_else(walked: Flask, client: FlaskClient, role: str) -> None:
    """A refused route answers 403; an open one anything but 401, a way to the sign-in page or a fault of ours."""
    sign_in(client, walked, f"{role}@example.org", [role])
    headers = {"Authorization": f"Bearer {api_token(walked, f'{role}@example.org', [role])}"}
    faults = []
    for call in calls(walked):
        if call.rule is None or call.route.rule == "/sign-out":
            continue
        answer = send(client, call, headers if call.api else None)
        status = answer.status_code
        refused = not call.rule.public and bool(call.rule.roles) and role not in call.rule.roles
        if refused and status != 403:
            faults.append(f"{call}: {status}, 403 was expected")
        sent_away = status in (302, 303) and (answer.location or "").startswith("/sign-in")
        if not refused and (status == 401 or sent_away or (status >= 500 and call.route.rule != "/readyz")):
            faults.append(f"{call}: {status} {answer.location or ''}")
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    "value", ["x" * 300, "..%2F..%2Fetc", "%C3%A9%F0%9F%98%80", "'%22%3E%3Cscript%3E", "%25s%7B%7B7*7%7D%7D", "-1"]
)
def test_no_page_breaks_on_ids_from_outside(walked: Flask, client: FlaskClient, value: str) -> None:
    """All roles at once, so that every page is reached."""
    sign_in(client, walked, "all@example.org", STAFF_ROLES)
    headers = {"Authorization": f"Bearer {api_token(walked, 'all@example.org', STAFF_ROLES)}"}
    names = {name for route in walked.url_map.iter_rules() for name in route.arguments}
    faults = []
    for call in calls(walked, dict.fromkeys(names, value)):
        if call.method == "GET" and call.rule is not None and call.route.arguments:
            status = send(client, call, headers if call.api else None).status_code
            if status >= 500:
                faults.append(f"{call}: {status}")
    assert not faults, "\n".join(faults)


def test_a_route_that_states_nothing_is_closed(app: Flask) -> None:
    site = create_app(app.config["SETTINGS"])
    site.config["CLOCK"] = app.config["CLOCK"]
    site.view_functions["nothing stated"] = lambda: "open"
    site.url_map.add(Route("/nothing-stated", endpoint="nothing stated"))
    browser = site.test_client()
    sign_in(browser, site, "all@example.org", STAFF_ROLES)
    assert browser.get("/nothing-stated").status_code == 403
    with site.app_context():
        db.engine.dispose()


def test_an_unknown_role_in_a_rule_is_a_mistake_of_the_programmer() -> None:
    with pytest.raises(ValueError, match="Unknown role"):
        access("boss")


def test_a_cookie_is_no_way_into_the_api(walked: Flask, client: FlaskClient) -> None:
    """A browser sends it by itself, so a foreign page could act with it."""
    sign_in(client, walked, "all@example.org", STAFF_ROLES)
    faults = [
        str(call)
        for call in calls(walked)
        if call.api and call.rule and not call.rule.public and send(client, call).status_code != 401
    ]
    assert not faults, "\n".join(faults)


def test_a_token_is_no_way_into_the_pages(walked: Flask, client: FlaskClient) -> None:
    headers = {"Authorization": f"Bearer {api_token(walked, 'asha@example.org')}"}
    assert client.get("/account", headers=headers).status_code == 302


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x y", "Basic YTpi", "bearer \u00e9", "Bearer " + "x" * 9000]
)
def test_a_bad_token_is_refused_whatever_it_looks_like(walked: Flask, client: FlaskClient, header: str) -> None:
    answer = client.get("/api/v1/me/competencies", headers={"Authorization": header})
    assert answer.status_code in (401, 404)
    if answer.status_code == 401:
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.mimetype == "application/problem+json"


def test_a_demanded_password_change_stands_before_every_page_but_not_before_the_api(
    walked: Flask, client: FlaskClient
) -> None:
    sign_in(client, walked, "given@example.org", STAFF_ROLES, must_change=True)
    headers = {"Authorization": f"Bearer {api_token(walked, 'given@example.org')}"}
    open_before = {"/account/password", "/sign-out"}
    for call in calls(walked):
        if call.rule is None or call.rule.public or call.route.rule in open_before:
            continue
        answer = send(client, call, headers if call.api else None)
        gated = answer.status_code == 302 and answer.location == "/account/password"
        assert gated is not call.api, f"{call}: {answer.status_code} {answer.location}"
