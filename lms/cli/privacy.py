"""`privacy inventory | retention | erase PERSON | export PERSON`."""

from __future__ import annotations

import os
from pathlib import Path

import click
from flask import current_app

from lms.credentials.desk import current_desk
from lms.db import db, reading
from lms.people.facts import PersonFacts
from lms.people.queries import person_by_email, person_by_employee_id, person_by_public_id
from lms.privacy import erasure, retention
from lms.privacy.copy import copy_of
from lms.privacy.inventory import inventory
from lms.web.clock import now, today


@click.group("privacy")
def group() -> None:
    """What is kept of people, how long, and how it goes."""


@group.command("inventory")
def inventory_command() -> None:
    """Print every table with the personal data it holds, what erasure does, and how long rows are kept."""
    for each in inventory():
        click.echo(f"{each.table}\t{each.holds}\t{each.erased or '–'}\t{each.kept or '–'}")


@group.command("retention")
@click.option("--dry-run", is_flag=True, help="Only say what would go.")
def retention_command(dry_run: bool) -> None:
    """Delete or empty what the stated rule no longer keeps; again is harmless."""
    found = retention.due(now(), today()) if dry_run else retention.apply(now=now(), today=today())
    for each in found:
        after = f" after {each.days} days" if each.days else ""
        click.echo(f"{each.table}: {each.act} {each.rows}{after}")
    db.session.rollback() if dry_run else db.session.commit()


@group.command("erase")
@click.argument("person")
@click.option("--dry-run", is_flag=True, help="Only say what would happen, table by table.")
@click.option("--force", is_flag=True, help="Also with a current post; needs --reason.")
@click.option("--reason", default="", help="Why, without names.")
def erase_command(person: str, dry_run: bool, force: bool, reason: str) -> None:
    """Erase PERSON (employee number, e-mail or id): names and free text go, numbers and certificates stay."""
    found = _person(person)
    try:
        if dry_run:
            steps = erasure.plan(found.id)
        else:
            steps = erasure.erase(found.id, actor=None, now=now(), today=today(), reason=reason, force=force)
    except erasure.ErasureRefused as fault:
        db.session.rollback()
        raise click.ClickException(str(fault)) from fault
    for step in steps:
        if step.rows:
            click.echo(f"{step.table}: {step.act} {step.rows}{'  ' + step.why if step.why else ''}")
    db.session.rollback() if dry_run else db.session.commit()
    click.echo("Nothing was changed." if dry_run else "Erased." if steps else "Erased before.")


@group.command("export")
@click.argument("person")
@click.option("-o", "out", required=True, type=click.Path(dir_okay=False, path_type=Path))
def export_command(person: str, out: Path) -> None:
    """Write everything that is kept about PERSON to a zip, readable by its owner alone."""
    data = copy_of(_person(person).id, actor=None, now=now(), desk=current_desk())
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        draft.replace(out)
    except OSError as fault:
        raise click.ClickException(f"{out} cannot be written: {fault.strerror}") from fault
    finally:
        draft.unlink(missing_ok=True)
    db.session.commit()
    click.echo(f"{len(data)} bytes: {out}")


def _person(text: str) -> PersonFacts:
    with reading():
        found = person_by_employee_id(text) or person_by_email(text) or person_by_public_id(text)
    if found is None:
        hospital = current_app.config["SETTINGS"].hospital
        raise click.ClickException(f"{hospital} knows nobody by {text!r}; an employee number or e-mail was expected.")
    return found
