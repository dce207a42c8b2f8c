"""Invitations and forgotten passwords: links by e-mail that work once and for a while."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from lms.accounts import links, services
from lms.accounts.letters import Desk
from lms.accounts.models import Account, MailLink, SignIn
from lms.accounts.refusals import AccountRefused
from lms.db import db
from lms.messages.models import Mail
from tests.lms.accounts.conftest import PASSWORD

DESK = Desk("http://localhost", "Informatics Academy", "Sample General Hospital")
NEW = "slow green window 4"


def sent_link() -> str:
    """The path of the link in the newest e-mail."""
    body = db.session.scalar(select(Mail.body).where(Mail.body.contains("set-password")).order_by(Mail.id.desc()))
    found = re.search(r"http://localhost(/set-password/\S+)", body or "")
    assert found, body
    return found.group(1)


def ask(client, email="asha@example.org", **more):
    return client.post("/forgot-password", data={"email": email}, **more)


def choose(client, path, password=NEW, again=None):
    return client.post(path, data={"password": password, "again": password if again is None else again})


def test_a_forgotten_password_is_replaced_with_a_link_from_an_e_mail(client, asha, enter) -> None:
    answer = ask(client)
    assert (answer.status_code, answer.location) == (303, "/forgot-password?sent=1")
    assert "Look into your inbox" in client.get(answer.location).text
    path = sent_link()
    page = client.get(path)
    assert "asha@example.org" in page.text
    assert choose(client, path).status_code == 303
    assert enter(client, password=PASSWORD).status_code == 422
    assert enter(client, password=NEW).status_code == 303


def test_the_answer_is_the_same_whether_the_e_mail_is_known_or_not(client, asha) -> None:
    known, unknown = ask(client), ask(client, "nobody@example.org")
    assert (known.status_code, known.location, known.text) == (unknown.status_code, unknown.location, unknown.text)
    assert set(dict(known.headers)) == set(dict(unknown.headers))
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 1


def test_a_link_works_once(client, asha) -> None:
    ask(client)
    path = sent_link()
    choose(client, path)
    for answer in (client.get(path), choose(client, path, "another slow window")):
        assert answer.status_code == 410
        assert "does not work any more" in answer.text


def test_one_link_that_was_used_ends_the_others(client, asha) -> None:
    ask(client)
    first = sent_link()
    ask(client)
    choose(client, sent_link())
    assert client.get(first).status_code == 410


def test_a_reset_link_holds_for_an_hour(client, asha, clock) -> None:
    ask(client)
    path = sent_link()
    clock.move(minutes=59)
    assert client.get(path).status_code == 200
    clock.move(minutes=1)
    assert client.get(path).status_code == 410
    assert choose(client, path).status_code == 410


def test_an_invitation_holds_for_seven_days(client, app, clock, enter) -> None:
    account_id = services.create_account("new@example.org", ["learner"], actor=None, now=clock())
    links.invite(account_id, DESK, actor=None, now=clock())
    db.session.commit()
    path = sent_link()
    clock.move(days=6, hours=23)
    assert "Welcome" in client.get(path).text
    assert choose(client, path).status_code == 303
    assert enter(client, "new@example.org", NEW).status_code == 303


def test_an_invitation_ends_after_seven_days(client, app, clock) -> None:
    account_id = services.create_account("new@example.org", ["learner"], actor=None, now=clock())
    links.invite(account_id, DESK, actor=None, now=clock())
    db.session.commit()
    path = sent_link()
    clock.move(days=7)
    assert client.get(path).status_code == 410


def test_a_weak_password_is_refused_and_the_link_still_works(client, asha) -> None:
    ask(client)
    path = sent_link()
    for weak in ("short", "password1234", "asha.2026.asha"):
        answer = choose(client, path, weak)
        assert answer.status_code == 422
    assert choose(client, path, NEW, again="something else here").status_code == 422
    assert choose(client, path).status_code == 303


def test_a_new_password_ends_every_sign_in(client, app, asha, enter) -> None:
    other = app.test_client()
    enter(other)
    ask(client)
    choose(client, sent_link())
    assert other.get("/account").status_code == 302
    assert db.session.scalar(select(func.count()).where(SignIn.revoked_at.is_(None))) == 0


def test_a_person_is_told_of_the_change(client, asha) -> None:
    ask(client)
    choose(client, sent_link())
    newest = db.session.execute(select(Mail).order_by(Mail.id.desc()).limit(1)).scalar_one()
    assert "was changed" in newest.subject
    assert NEW not in newest.body


def test_a_link_is_kept_as_a_hash_alone(client, asha) -> None:
    ask(client)
    secret = sent_link().rsplit("/", 1)[1]
    kept = db.session.execute(select(MailLink)).scalar_one()
    assert secret not in vars(kept).values()
    assert len(kept.token_hash) == 64


def test_the_address_in_the_e_mail_is_never_that_of_the_request(client, asha) -> None:
    ask(client, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert sent_link()
    assert "evil" not in db.session.scalar(select(Mail.body))


def test_nobodys_inbox_can_be_filled(client, asha, clock) -> None:
    for _ in range(6):
        assert ask(client).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Mail)) == links.MOST_RESETS
    clock.move(minutes=16)
    ask(client)
    assert db.session.scalar(select(func.count()).select_from(Mail)) == links.MOST_RESETS + 1


def test_a_network_address_that_asks_too_often_is_told_when_to_try_again(client, asha) -> None:
    answers = [ask(client, f"person{n}@example.org") for n in range(links.MOST_ASKED + 1)]
    assert [a.status_code for a in answers] == [303] * links.MOST_ASKED + [429]
    assert int(answers[-1].headers["Retry-After"]) == 15 * 60


@pytest.mark.parametrize(
    "email", ["asha@example.org\r\nBcc: x@evil.example", "asha@example.org, x@evil.example", "a b@example.org", "asha"]
)
def test_what_is_not_one_address_is_refused(client, asha, email) -> None:
    answer = ask(client, email)
    assert answer.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 0


def test_a_deactivated_account_is_sent_nothing_and_its_links_end(client, asha, make, clock) -> None:
    ask(client)
    path = sent_link()
    services.deactivate(asha.id, actor=None, now=clock())
    db.session.commit()
    assert client.get(path).status_code == 410
    assert ask(client).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Mail)) == 1
    with pytest.raises(AccountRefused):
        links.send_reset(asha.id, DESK, actor=None, now=clock())


def test_a_link_that_sets_a_password_unlocks_a_paused_e_mail(client, asha, enter) -> None:
    for _ in range(11):
        enter(client, password="wrong wrong wrong")
    ask(client)
    choose(client, sent_link())
    assert enter(client, password=NEW).status_code == 303


def test_whoever_is_signed_in_on_the_same_computer_is_signed_out(client, asha, make, enter) -> None:
    make("other@example.org")
    enter(client, "other@example.org")
    ask(client)
    choose(client, sent_link())
    assert client.get("/account").status_code == 302


def test_an_invitation_is_refused_where_a_password_is_set(app, asha, clock) -> None:
    with pytest.raises(AccountRefused) as refused:
        links.invite(asha.id, DESK, actor=None, now=clock())
    assert refused.value.kind == "has-password"
    assert db.session.get_one(Account, asha.id).password_hash
