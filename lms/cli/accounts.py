"""`account create` and `token create`: a way to sign in, a token to act with."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from lms.accounts import services
from lms.accounts.refusals import AccountRefused
from lms.accounts.roles import BY_CODE
from lms.db import db
from lms.web.clock import now

account = AppGroup("account", help="Accounts: ways to sign in.")
token = AppGroup("token", help="Tokens for the HTTP API.")


def _email_and_roles(words: tuple[str, ...], roles: tuple[str, ...]) -> tuple[str, list[str]]:
    """Tell the e-mail from role names: `--role learner educator` leaves the second name among the words."""
    emails = [word for word in words if "@" in word]
    named = [part for word in (*roles, *(w for w in words if "@" not in w)) for part in word.split(",") if part]
    if len(emails) != 1:
        raise click.UsageError("One e-mail address was expected, such as name@hospital.org.")
    if not named:
        raise click.UsageError(f"A role was expected: --role with one of {', '.join(BY_CODE)}.")
    return emails[0], named


@account.command("create")
@click.argument("words", nargs=-1, required=True, metavar="EMAIL")
@click.option("--role", "roles", multiple=True, metavar="ROLE…", help=f"One or more of {', '.join(BY_CODE)}.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--must-change", is_flag=True, help="Ask for a new password at the first sign-in.")
def create_account(words: tuple[str, ...], roles: tuple[str, ...], password_stdin: bool, must_change: bool) -> None:
    """Give EMAIL a way to sign in. Repeated, it adds roles and leaves the password."""
    email, named = _email_and_roles(words, roles)
    password = sys.stdin.read().rstrip("\r\n") if password_stdin else None
    try:
        services.create_account(email, named, password=password, must_change=must_change, actor=None, now=now())
    except AccountRefused as refused:
        db.session.rollback()
        raise click.ClickException(refused.message) from None
    db.session.commit()
    click.echo(f"{email.strip().lower()}: {', '.join(named)}")


@token.command("create")
@click.argument("email")
@click.option("--name", required=True, help="What the token is for.")
def create_token(email: str, name: str) -> None:
    """Make a token that acts as the account of EMAIL; it is printed once, alone on the last line."""
    try:
        secret = services.create_token(email, name, actor=None, now=now())
    except AccountRefused as refused:
        db.session.rollback()
        raise click.ClickException(refused.message) from None
    db.session.commit()
    click.echo(secret)
