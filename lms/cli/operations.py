"""`backup FILE` and `restore FILE`."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app

from lms.db import db, reading
from lms.operations.archive import ArchiveFault, backup, restore


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup_command(file: Path) -> None:
    """Write every row and the signing keys to FILE."""
    try:
        with reading():
            summary = backup(file, current_app.config["SETTINGS"].issuer)
    except (ArchiveFault, OSError) as fault:
        raise click.ClickException(str(fault)) from fault
    finally:
        db.session.rollback()
    click.echo(f"{sum(summary.rows.values())} rows of {len(summary.rows)} tables and {summary.files} key files: {file}")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore_command(file: Path) -> None:
    """Fill a new, migrated and empty database from FILE."""
    try:
        summary = restore(file, current_app.config["SETTINGS"].issuer)
    except (ArchiveFault, OSError) as fault:
        db.session.rollback()
        raise click.ClickException(str(fault)) from fault
    db.session.commit()
    click.echo(f"{sum(summary.rows.values())} rows of {len(summary.rows)} tables restored.")
