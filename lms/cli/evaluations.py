"""`evaluation publish PATH…`: the same act as at the start of a hospital, for forms of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import AppGroup

from lms.db import db
from lms.evaluations.services import FormRefused, PublishedForm, publish
from lms.web.clock import now

group = AppGroup("evaluation", help="Evaluation forms.")


@group.command("publish")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def publish_command(paths: Sequence[Path]) -> None:
    """Publish evaluation forms from Markdown files; on any error none of them."""
    done: list[PublishedForm] = []
    refused = False
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            db.session.rollback()
            raise click.ClickException(f"{path} is not UTF-8: expected Markdown saved as UTF-8.") from None
        try:
            done.append(publish(text, str(path), actor=None, now=now()))
        except FormRefused as fault:
            refused = True
            for each in fault.faults:
                click.echo(f"{each.path}:{each.line}:{each.column}: {each.severity}: {each.message}", err=True)
    if refused:
        db.session.rollback()
        raise click.ClickException("Nothing was published. Put the errors above right and publish again.")
    db.session.commit()
    for one in done:
        for each in one.warnings:
            click.echo(f"{each.path}:{each.line}:{each.column}: {each.severity}: {each.message}", err=True)
        click.echo(f"{one.form.code} edition {one.form.edition}: {'published' if one.new else 'unchanged'}")
