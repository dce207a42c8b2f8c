"""`golive list` and `golive report PLAN`: go-live plans on the command line, the same value as page and API."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from lms.cli.reports import write_file
from lms.db import db, reading
from lms.demo.loading import is_sample
from lms.golive.making import Asked, PlanRefused, make
from lms.golive.paper import FORMATS
from lms.golive.queries import plans
from lms.people.scope import Scope
from lms.reports.dates import BadDate, read_date
from lms.web.clock import end_of, now, today

group = AppGroup("golive", help="Go-live plans: list them, write their report.")


@group.command("list")
def list_plans() -> None:
    """Print every plan with its number, day and state."""
    with reading():
        for each in plans():
            click.echo(f"{each.public_id}  {each.text.date}  {each.state:6}  {each.text.name}")
    db.session.rollback()


@group.command("report")
@click.argument("plan")
@click.option("--format", "form", required=True, type=click.Choice(list(FORMATS)), help="what kind of file")
@click.option("--as-of", default="", metavar="DATE", help="today or a past day, such as 2026-11-23")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="where to write",
)
def report(plan: str, form: str, as_of: str, output: Path) -> None:
    """Write the report of the PLAN with this number to a file."""
    try:
        day = read_date(as_of.strip(), today())
    except BadDate as fault:
        raise click.BadParameter(str(fault), param_hint="--as-of") from None
    if not output.parent.is_dir():
        raise click.ClickException(f"There is no folder {output.parent} to write {output.name} to.")
    settings = current_app.config["SETTINGS"]
    moment = now() if day >= today() else end_of(day)
    try:
        with reading():
            current_app.config.setdefault("SAMPLE_DATA", not settings.production and is_sample())
            made = make(Asked(plan, day, today(), moment, Scope(everything=True), settings.small_group))
    except PlanRefused as fault:
        raise click.ClickException(f"{fault.message} Nothing was written.") from None
    finally:
        db.session.rollback()
    write_file(output, FORMATS[form].write(made))
    click.echo(f"{made.finding}. As of {made.as_of}, digest {made.digest}: {output}")
