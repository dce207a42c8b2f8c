"""`account create` and `token create`."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from lms.accounts import queries
from lms.accounts.models import Account, AccountRole
from lms.cli.accounts import account, token
from lms.db import db
from tests.lms.accounts.conftest import PASSWORD


def run(app, command, *words: str, stdin: str | None = None):
    db.session.commit()
    return app.test_cli_runner().invoke(command, list(words), input=stdin)


def roles() -> set[str]:
    return set(db.session.scalars(select(AccountRole.role)))


def test_an_account_is_created_with_a_password_from_standard_input(app, client, enter) -> None:
    result = run(
        app, account, "create", "Asha@Example.org", "--role", "learner", "--password-stdin", stdin=PASSWORD + "\n"
    )
    assert result.exit_code == 0, result.output
    assert enter(client).status_code == 303


@pytest.mark.parametrize(
    "words",
    [
        ["asha@example.org", "--role", "learner", "--role", "educator"],
        ["asha@example.org", "--role", "learner", "educator"],
        ["--role", "learner", "--role", "educator", "asha@example.org"],
        ["asha@example.org", "--role", "learner,educator"],
    ],
)
def test_several_roles_are_given_in_any_common_way(app, words) -> None:
    assert run(app, account, "create", *words).exit_code == 0
    assert roles() == {"learner", "educator"}


def test_repeated_it_adds_roles_and_leaves_the_password(app, client, enter) -> None:
    run(app, account, "create", "asha@example.org", "--role", "learner", "--password-stdin", stdin=PASSWORD)
    again = run(app, account, "create", "asha@example.org", "--role", "cmio", "--password-stdin", stdin="x")
    assert again.exit_code == 0
    assert roles() == {"learner", "cmio"}
    assert enter(client).status_code == 303


def test_a_password_can_be_demanded_to_change(app, client, enter) -> None:
    run(
        app, account, "create", "asha@example.org", "--role", "learner", "--password-stdin", "--must-change",
        stdin=PASSWORD,
    )  # fmt: skip
    enter(client)
    assert client.get("/account").location == "/account/password"


@pytest.mark.parametrize(
    ("words", "stdin", "says"),
    [
        (["asha@example.org", "--role", "boss"], None, "is not a role"),
        (["asha@example.org", "--role", "learner", "--password-stdin"], "short\n", "12 characters"),
        (["asha@example.org", "--role", "learner", "--password-stdin"], "password1234", "attackers"),
        (["asha@example.org"], None, "A role was expected"),
        (["asha", "--role", "learner"], None, "One e-mail address was expected"),
        (["asha@nowhere", "--role", "learner"], None, "such as name@hospital.org"),
    ],
)
def test_what_is_not_right_is_said_and_nothing_is_written(app, words, stdin, says) -> None:
    result = run(app, account, "create", *words, stdin=stdin)
    assert result.exit_code != 0
    assert says in result.stderr
    assert db.session.scalar(select(func.count()).select_from(Account)) == 0


def test_a_token_stands_alone_on_the_last_line(app, asha, clock) -> None:
    result = run(app, token, "create", "asha@example.org", "--name", "Nightly export")
    assert result.exit_code == 0
    last = result.stdout.splitlines()[-1]
    who = queries.principal_by_api_token(last, clock())
    assert who is not None
    assert who.account_id == asha.id


def test_a_token_for_nobody_is_refused(app) -> None:
    result = run(app, token, "create", "nobody@example.org", "--name", "x")
    assert result.exit_code == 1
    assert "No active account has the e-mail nobody@example.org." in result.stderr
    assert result.stdout == ""
