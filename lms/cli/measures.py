"""`measure import FILE`: values of quality measures from a CSV file, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from lms.db import db
from lms.measures.services import import_measures, plan_import
from lms.rostering.faults import FileRefused
from lms.web.clock import now, today

group = AppGroup("measure", help="Quality measures.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change and change nothing.")
def import_command(file: Path, dry_run: bool) -> None:
    """Import values from FILE; what is stored already stays, what differs becomes a dated correction."""
    data = file.read_bytes()
    try:
        if dry_run:
            plan = plan_import(data, str(file), today=today())
        else:
            plan = import_measures(data, str(file), actor=None, now=now(), today=today())
    except FileRefused as refused:
        db.session.rollback()
        for fault in refused.faults:
            click.echo(str(fault), err=True)
        raise click.ClickException("Nothing was imported. Put the errors above right and import again.") from None
    db.session.commit()
    for fault in plan.faults:
        click.echo(str(fault), err=True)
    added = len(plan.steps) - len(plan.corrections)
    click.echo(
        f"{len(plan.new)} new measures, {added} new values, {len(plan.corrections)} corrections, "
        f"{plan.known} known already."
    )
    if dry_run:
        click.echo("Dry run: nothing was changed.")
