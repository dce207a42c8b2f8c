"""Signing in and out, and how long a sign-in holds."""

from __future__ import annotations

import pytest
from sqlalchemy import event, func, select, update

from lms.accounts import passwords, queries, services, throttle
from lms.accounts.models import Account, SignIn, SignInFailure
from lms.accounts.refusals import SignInRefused
from lms.db import db
from tests.lms.accounts.conftest import PASSWORD
from tests.support.signing import api_token, sign_in


def test_a_person_signs_in_with_e_mail_and_password(client, asha, enter) -> None:
    assert client.get("/sign-in").status_code == 200
    answer = enter(client, email=" Asha@Example.ORG ")
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/account").status_code == 200
    assert db.session.get_one(Account, asha.id).last_sign_in is not None


def test_whoever_is_signed_in_is_not_asked_again(client, asha, enter) -> None:
    enter(client)
    answer = client.get("/sign-in?next=/record")
    assert (answer.status_code, answer.location) == (302, "/record")


@pytest.mark.parametrize(
    ("email", "password"),
    [("asha@example.org", "another lamp in rain"), ("nobody@example.org", PASSWORD), ("asha@example.org", "x")],
)
def test_a_mismatch_gets_the_same_answer_whether_the_e_mail_is_known_or_not(client, asha, enter, email, password):
    answer = enter(client, email=email, password=password)
    assert answer.status_code == 422
    assert "E-mail and password do not match." in answer.text
    assert client.get("/account").status_code == 302


def test_an_unknown_e_mail_costs_a_password_check_as_well(app, asha, clock, monkeypatch) -> None:
    worked = []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda kept, given: (worked.append(kept is None), real(kept, given))[1])
    for email in ("asha@example.org", "nobody@example.org"):
        with pytest.raises(SignInRefused):
            services.sign_in(email, "not the password", "", "10.0.0.1", now=clock())
    assert worked == [False, True]


def test_without_a_hash_the_password_is_worked_out_all_the_same(monkeypatch) -> None:
    seen = []

    class Hasher(passwords.PasswordHasher):
        def verify(self, kept, given):
            seen.append(kept)
            return super().verify(kept, given)

    monkeypatch.setattr(passwords, "_hasher", Hasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobody.cache_clear()
    assert not passwords.matches(None, "the password of nobody")
    assert len(seen) == 1
    assert seen[0].startswith("$argon2id$")


def test_an_empty_form_says_what_is_missing_and_counts_no_failure(client, asha, enter) -> None:
    answer = enter(client, email="", password="")
    assert answer.status_code == 422
    assert "Enter your e-mail." in answer.text
    assert db.session.scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_a_password_written_in_another_unicode_form_is_the_same(client, make, enter, clock) -> None:
    services.create_account("ana@example.org", ["learner"], password="café au lait noir", actor=None, now=clock())
    db.session.commit()
    assert enter(client, "ana@example.org", "cafe\u0301 au lait noir").status_code == 303


def test_an_account_without_a_password_lets_nobody_in(client, app, clock, enter) -> None:
    services.create_account("new@example.org", ["learner"], actor=None, now=clock())
    db.session.commit()
    assert enter(client, "new@example.org", "").status_code == 422
    assert enter(client, "new@example.org", "the password of nobody").status_code == 422


def test_ten_failures_pause_the_e_mail_for_a_quarter_of_an_hour(client, asha, enter, clock) -> None:
    for _ in range(throttle.PER_EMAIL):
        assert enter(client, password="wrong wrong wrong").status_code == 422
        clock.move(seconds=30)
    answer = enter(client)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) == 15 * 60 - throttle.PER_EMAIL * 30
    assert "Try again at 10:15" in answer.text
    clock.move(seconds=int(answer.headers["Retry-After"]))
    assert enter(client).status_code == 303


def test_an_unknown_e_mail_is_paused_just_the_same(client, app, enter) -> None:
    answers = [enter(client, email="nobody@example.org", password="wrong").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_a_success_forgets_the_failures_of_the_e_mail(client, asha, enter) -> None:
    for _ in range(9):
        enter(client, password="wrong wrong wrong")
    enter(client)
    client.post("/sign-out")
    assert [enter(client, password="wrong wrong wrong").status_code for _ in range(10)] == [422] * 10


def test_fifty_failures_pause_a_network_address_for_every_e_mail(client, asha, clock, enter) -> None:
    throttle.note([throttle.address_key("10.1.2.3")] * throttle.PER_ADDRESS, clock())
    db.session.commit()
    assert enter(client, environ_overrides={"REMOTE_ADDR": "10.1.2.3"}).status_code == 429
    assert enter(client, environ_overrides={"REMOTE_ADDR": "10.1.2.4"}).status_code == 303


def test_neighbours_of_one_ipv6_network_are_one_address() -> None:
    assert throttle.address_key("2001:db8::1") == throttle.address_key("2001:db8::ffff")
    assert throttle.address_key("2001:db8::1") != throttle.address_key("2001:db8:0:1::1")


def test_throttling_keeps_no_e_mail_and_no_address(client, asha, enter) -> None:
    enter(client, password="wrong wrong wrong", environ_overrides={"REMOTE_ADDR": "10.1.2.3"})
    keys = db.session.scalars(select(SignInFailure.key)).all()
    assert len(keys) == 2
    assert all(len(key) == 64 and "asha" not in key and "10.1" not in key for key in keys)


def test_a_sign_in_is_kept_as_a_hash_and_named_after_the_device(client, asha, enter) -> None:
    enter(client, headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/140.0 Safari/537.36"})
    with client.session_transaction() as kept:
        secret = kept["_user_id"]
    row = db.session.execute(select(SignIn)).scalar_one()
    assert row.token_hash != secret
    assert row.device == "Chrome, Windows"


def test_what_was_planted_in_the_session_before_does_not_survive_a_sign_in(client, asha, enter) -> None:
    with client.session_transaction() as kept:
        kept["_user_id"] = "planted"
        kept["csrf_token"] = "planted"
        kept["anything"] = "planted"
    enter(client)
    with client.session_transaction() as kept:
        assert kept["_user_id"] != "planted"
        assert "planted" not in kept.values()


def test_signing_in_again_ends_the_sign_in_before(client, asha, enter) -> None:
    enter(client)
    with client.session_transaction() as kept:
        first = kept["_user_id"]
    enter(client)
    with client.session_transaction() as kept:
        kept["_user_id"] = first
    assert client.get("/account").status_code == 302


def test_signing_out_ends_the_sign_in_on_the_server_too(client, asha, enter) -> None:
    enter(client)
    with client.session_transaction() as kept:
        stolen = kept["_user_id"]
    assert client.post("/sign-out").status_code == 303
    with client.session_transaction() as kept:
        kept["_user_id"] = stolen
    assert client.get("/account").status_code == 302


def test_signing_out_twice_is_no_fault(client, app) -> None:
    assert client.post("/sign-out").status_code == 303


def test_a_sign_in_ends_after_an_hour_without_use(client, asha, enter, clock) -> None:
    enter(client)
    clock.move(minutes=59)
    assert client.get("/account").status_code == 200
    clock.move(minutes=59)
    assert client.get("/account").status_code == 200
    clock.move(minutes=61)
    assert client.get("/account").status_code == 302


def test_a_sign_in_ends_after_twelve_hours_of_use(client, asha, enter, clock) -> None:
    enter(client)
    for _ in range(23):
        clock.move(minutes=30)
        assert client.get("/account").status_code == 200
    clock.move(minutes=30)
    assert client.get("/account").status_code == 302


def test_the_time_of_use_is_noted_at_most_once_a_minute(client, asha, enter, clock) -> None:
    enter(client)
    began = clock()
    clock.move(seconds=59)
    client.get("/account")
    assert db.session.scalar(select(SignIn.seen_at)) == began
    clock.move(seconds=1)
    client.get("/account")
    db.session.rollback()
    assert db.session.scalar(select(SignIn.seen_at)) == clock()


def test_the_principal_is_loaded_with_one_statement(app, client, clock) -> None:
    ids = sign_in(client, app, "asha.sample@example.org", ("learner", "supervisor", "cmio"))
    token = api_token(app, "asha.sample@example.org")
    statements = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *a: statements.append(a[2]))
        by_session = queries.principal_by_sign_in(ids.token, clock())
        by_token = queries.principal_by_api_token(token, clock())
        db.session.rollback()
    assert len([s for s in statements if not s.startswith("BEGIN")]) == 2
    for who in (by_session, by_token):
        assert who is not None
        assert who.roles == {"learner", "supervisor", "cmio"}
        assert (who.name, who.account_id) == ("Asha Sample", ids.account_id)


def test_the_principal_shows_no_secret_when_it_is_printed(app, client, clock) -> None:
    ids = sign_in(client, app, "asha@example.org")
    who = queries.principal_by_sign_in(ids.token, clock())
    assert ids.token not in repr(who)


def test_an_old_hash_is_renewed_at_the_next_sign_in(app, asha, clock, monkeypatch) -> None:
    stronger = passwords.PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", stronger)
    services.sign_in("asha@example.org", PASSWORD, "", "10.0.0.1", now=clock())
    db.session.commit()
    kept = db.session.scalar(select(Account.password_hash))
    assert not stronger.check_needs_rehash(kept)


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
     "/\t/evil.example", "/ok\r\nSet-Cookie: a=b", "", "evil", "/sign-in", "////evil.example", "/%0d%0aX: y\x00"],
)  # fmt: skip
def test_after_signing_in_nobody_is_sent_to_another_site(client, asha, enter, wanted) -> None:
    answer = client.post(
        "/sign-in", query_string={"next": wanted}, data={"email": "asha@example.org", "password": PASSWORD}
    )
    assert (answer.status_code, answer.location) == (303, "/")
    assert "a=b" not in str(answer.headers)


def test_after_signing_in_people_go_on_where_they_were_headed(client, asha, enter) -> None:
    asked = client.get("/account?tab=1")
    assert asked.status_code == 302
    form = client.get(asked.location)
    assert 'action="/sign-in?next=/account?tab%3D1"' in form.text
    answer = client.post(asked.location, data={"email": "asha@example.org", "password": PASSWORD})
    assert answer.location == "/account?tab=1"


def test_a_password_that_was_given_has_to_be_changed_first(client, make, enter) -> None:
    make("given@example.org", must_change=True)
    enter(client, "given@example.org")
    assert client.get("/account").location == "/account/password"
    page = client.get("/account/password")
    assert "Choose your own password" in page.text
    data = {"old": PASSWORD, "password": "slow green window 4", "again": "slow green window 4"}
    assert client.post("/account/password", data=data).status_code == 303
    assert client.get("/account").status_code == 200


def test_a_deactivated_account_is_refused_like_an_unknown_one(client, asha, enter, clock) -> None:
    enter(client)
    db.session.execute(update(Account).values(deactivated_at=clock()))
    db.session.commit()
    assert client.get("/account").status_code == 302
    assert "E-mail and password do not match." in enter(client).text


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(client, asha, enter) -> None:
    cookie = enter(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
