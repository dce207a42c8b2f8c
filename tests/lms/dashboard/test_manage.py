"""The page of desks shows each role its own, and no door that stays shut."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from lms.web.desks import DESKS, Desk, desks_for
from lms.web.guard import STAFF_ROLES, rule_of
from tests.support.signing import sign_in

ALL = [desk for _title, desks in DESKS for desk in desks]


@pytest.mark.parametrize("desk", ALL, ids=lambda desk: desk.endpoint)
def test_a_desk_is_shown_to_exactly_those_whom_its_page_lets_in(app: Flask, desk: Desk) -> None:
    rule = rule_of(app, desk.endpoint, "GET")
    assert rule is not None
    assert rule.roles == desk.roles


@pytest.mark.parametrize("role", [role for role in STAFF_ROLES if role != "learner"])
def test_every_desk_on_the_page_opens(app: Flask, client: FlaskClient, role: str) -> None:
    sign_in(client, app, f"{role}.sample@example.org", roles=(role,))
    page = client.get("/manage")
    assert page.status_code == 200
    for _title, desks in desks_for(frozenset({role})):
        for desk in desks:
            with app.test_request_context():
                address = app.url_for(desk.endpoint)
            assert f'href="{address}"' in page.text
            assert client.get(address).status_code == 200, desk.endpoint


def test_a_learner_has_no_desks_and_no_way_to_them(app: Flask, client: FlaskClient) -> None:
    sign_in(client, app, "asha.sample@example.org")
    assert 'href="/manage"' not in client.get("/account").text
    assert client.get("/manage").status_code == 403


def test_one_place_at_most_is_marked_as_current(app: Flask, client: FlaskClient) -> None:
    sign_in(client, app, "mina.sample@example.org", roles=("cmio",))
    page = client.get("/workforce/golive").text
    head = page[: page.index("<main")]
    assert head.count('aria-current="page"') == 1


@pytest.mark.parametrize("roles", [("cmio",), ("supervisor", "cmio"), ("learner", "supervisor", "educator")])
def test_the_bar_of_a_phone_has_four_entries_and_the_menu_the_rest(
    app: Flask, client: FlaskClient, roles: tuple[str, ...]
) -> None:
    sign_in(client, app, "mina.sample@example.org", roles=roles)
    page = client.get("/manage").text
    bar = page[page.index("nav--tabs") : page.index("</nav>")].split("<a ")[1:]
    assert len([entry for entry in bar if "only-wide" not in entry]) == 4
    menu = page[page.index("menu__panel") : page.index("<main")].split("<a ")[1:]
    assert [entry for entry in bar if "only-wide" in entry]
    for entry in bar:
        address = entry.split('href="')[1].split('"')[0]
        if "only-wide" in entry:
            assert any(f'href="{address}"' in link and "only-narrow" in link for link in menu)
