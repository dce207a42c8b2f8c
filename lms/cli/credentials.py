"""`credential trust -o CERT.pem`: the issuer's certificates for whoever verifies offline."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
from flask.cli import AppGroup

from lms.credentials.desk import current_desk

group = AppGroup("credential", help="Certificates and the keys that sign them.")


@group.command("trust")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="where to write")
def trust(output: Path) -> None:
    """Write the issuer's certificates, rotated ones included."""
    output.write_bytes(current_desk().trust(dt.datetime.now(dt.UTC)))
    click.echo(f"The issuer's certificates: {output}")
