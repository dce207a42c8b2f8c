"""The page of one's own account."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from lms.accounts import services
from lms.accounts.models import ApiToken, SignIn
from lms.db import db
from lms.people.models import Person
from tests.lms.accounts.conftest import PASSWORD
from tests.support.signing import sign_in

NEW = "slow green window 4"


def change(client, old=PASSWORD, new=NEW, again=None):
    return client.post(
        "/account/password", data={"old": old, "password": new, "again": new if again is None else again}
    )


def test_it_shows_who_one_is_and_where_one_is_signed_in(client, asha, enter) -> None:
    enter(client, headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0"})
    page = client.get("/account").text
    for words in ("asha@example.org", "Firefox, Linux", "This device", "Signed in on one device"):
        assert words in page


def test_a_person_the_roster_does_not_know_corrects_the_own_name(client, app) -> None:
    ids = sign_in(client, app, "new@example.org")
    answer = client.post("/account/name", data={"given": "Noor", "family": "Sample", "display": "Dr. Noor Sample"})
    assert answer.status_code == 303
    assert "Dr. Noor Sample" in client.get("/account").text
    assert db.session.get_one(Person, ids.person_id).family_name == "Sample"
    assert client.post("/account/name", data={"given": "", "family": ""}).status_code == 422


def test_a_printed_name_is_kept_when_only_the_given_name_is_corrected(client, app) -> None:
    ids = sign_in(client, app, "new@example.org")
    client.post("/account/name", data={"given": "Noor", "family": "Sample", "display": "Dr. Noor Sample"})
    page = client.get("/account").text
    assert 'value="Dr. Noor Sample"' in page
    assert db.session.get_one(Person, ids.person_id).display_name == "Dr. Noor Sample"


def test_a_name_of_the_roster_is_not_changed_here(client, app) -> None:
    ids = sign_in(client, app, "asha@example.org")
    db.session.get_one(Person, ids.person_id).employee_id = "E1"
    db.session.commit()
    assert "comes from the hospital" in client.get("/account").text.replace("come from", "comes from")
    assert client.post("/account/name", data={"given": "X", "family": "Y"}).status_code == 403


def test_changing_the_password_ends_the_sign_ins_elsewhere_and_keeps_this_one(client, app, asha, enter) -> None:
    other = app.test_client()
    enter(other)
    enter(client)
    assert change(client).status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    client.post("/sign-out")
    assert enter(client, password=NEW).status_code == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "words"),
    [
        ("not my password", NEW, NEW, "This is not your present password."),
        (PASSWORD, "short", "short", "12 characters or more"),
        (PASSWORD, PASSWORD, PASSWORD, "Choose another"),
        (PASSWORD, NEW, "slow green window 5", "The two entries differ"),
        ("", NEW, NEW, "Enter your present password."),
    ],
)
def test_a_change_that_is_not_right_changes_nothing(client, asha, enter, old, new, again, words) -> None:
    enter(client)
    answer = change(client, old, new, again)
    assert answer.status_code == 422
    assert words in answer.text
    client.post("/sign-out")
    assert enter(client).status_code == 303


def test_an_open_session_is_no_way_to_guess_the_password(client, asha, enter) -> None:
    enter(client)
    answers = [change(client, old=f"guess number {n} here").status_code for n in range(11)]
    assert answers == [422] * 10 + [429]


def test_another_device_is_signed_out_from_here(client, app, asha, enter) -> None:
    other = app.test_client()
    enter(other)
    enter(client)
    theirs = db.session.scalar(select(func.min(SignIn.id)))
    assert client.post(f"/account/devices/{theirs}/revoke").status_code == 303
    assert other.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


def test_all_other_devices_are_signed_out_at_once(client, app, asha, enter) -> None:
    others = [app.test_client() for _ in range(2)]
    for browser in (*others, client):
        enter(browser)
    client.post("/account/devices/revoke-others")
    assert [browser.get("/account").status_code for browser in (*others, client)] == [302, 302, 200]


def test_a_device_of_somebody_else_is_not_found(client, app, asha, make, enter) -> None:
    make("other@example.org")
    other = app.test_client()
    enter(other, "other@example.org")
    theirs = db.session.scalar(select(SignIn.id))
    enter(client)
    assert client.post(f"/account/devices/{theirs}/revoke").status_code == 404
    assert other.get("/account").status_code == 200


def test_a_token_is_shown_once_and_works_until_it_is_revoked(client, app, asha, enter) -> None:
    enter(client)
    page = client.post("/account/tokens", data={"name": "Ward script"})
    secret = re.search(r"ia_[\w-]{43}", page.text)
    assert page.status_code == 200
    assert secret
    assert page.headers["Cache-Control"] == "private, no-store"
    later = client.get("/account").text
    assert secret.group() not in later
    assert "Ward script" in later
    token_id = db.session.scalar(select(ApiToken.id))
    assert client.post(f"/account/tokens/{token_id}/revoke").status_code == 303
    assert "Ward script" not in client.get("/account").text


def test_a_token_needs_a_name(client, asha, enter) -> None:
    enter(client)
    answer = client.post("/account/tokens", data={"name": "  "})
    assert answer.status_code == 422
    assert "Give it a name." in answer.text


def test_a_token_of_somebody_else_is_not_found(client, asha, make, enter, clock) -> None:
    make("other@example.org")
    services.create_token("other@example.org", "theirs", actor=None, now=clock())
    db.session.commit()
    enter(client)
    token_id = db.session.scalar(select(ApiToken.id))
    assert client.post(f"/account/tokens/{token_id}/revoke").status_code == 404


def test_names_are_shown_as_text_and_never_as_markup(client, app) -> None:
    sign_in(client, app, "new@example.org")
    client.post("/account/name", data={"given": "<b>Noor", "family": "<script>alert(1)</script>"})
    page = client.get("/account").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
