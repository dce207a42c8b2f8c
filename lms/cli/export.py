"""`export parquet DIR`: ledger and attempts for analysis elsewhere, under keyed hashes instead of names."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from lms.audit.services import record
from lms.db import db, writing
from lms.operations.parquet import ExportFault, export
from lms.web.clock import now

group = AppGroup("export", help="Data for analysis elsewhere.")


class Month(click.ParamType):
    """A month such as 2026-03."""

    name = "month"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """The first day of the month; a usage error with what was expected."""
        if isinstance(value, dt.date):
            return value
        try:
            return dt.datetime.strptime(str(value).strip(), "%Y-%m").replace(tzinfo=dt.UTC).date()
        except ValueError:
            self.fail(f"{value!r} is not a month; YYYY-MM such as 2026-03 was expected.", param, ctx)


@group.command("parquet")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--since", type=Month(), help="Write only months from this one on, such as 2026-03.")
def parquet(folder: Path, since: dt.date | None) -> None:
    """Write ledger and attempts below DIR as Parquet, one file a month; again gives the same files."""
    try:
        done = export(folder.absolute(), current_app.config["SETTINGS"].instance, since=since)
    except ExportFault as fault:
        raise click.ClickException(str(fault)) from None
    finally:
        db.session.rollback()
    with writing():
        record("export.parquet", "hospital", folder.name, actor=None, now=now(), **done.rows)
        db.session.commit()
    told = ", ".join(f"{count} {name}" for name, count in done.rows.items())
    click.echo(f"{told} in {done.files} files: {folder}")
