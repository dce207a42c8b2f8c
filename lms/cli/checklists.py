"""Command `checklist publish`: checklists for observing somebody at work, from Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import AppGroup

from assessments.model import Fault
from lms.db import db
from lms.observations import checklists
from lms.web.clock import now

group = AppGroup("checklist", help="Publish checklists for observations.")


@group.command("publish")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
def publish(paths: Sequence[Path]) -> None:
    """Publish Markdown checklists or folders of them; on any error nothing of all of them is published."""
    refused = False
    done: list[checklists.Published] = []
    for path in _files(paths):
        try:
            found = checklists.publish(_read(path), str(path), actor=None, now=now())
        except checklists.ChecklistRefused as fault:
            refused = True
            _say(fault.faults)
            continue
        _say(found.warnings)
        done.append(found)
    if refused:
        db.session.rollback()
        raise click.ClickException("Nothing was published. Put the errors above right and publish again.")
    db.session.commit()
    for each in done:
        click.echo(
            f"{each.code} edition {each.edition}: {'published' if each.new else 'unchanged'} ({each.digest[:12]})"
        )


def _files(paths: Sequence[Path]) -> list[Path]:
    """The files meant: each path itself, or the Markdown files of a folder."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.glob("*.md")) if path.is_dir() else [path]
        if not inside:
            raise click.ClickException(
                f"{path}: nothing to read; a folder with checklists such as one.md was expected."
            )
        found += inside
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise click.ClickException(f"{path}: cannot be read: {fault.strerror}.") from None


def _say(faults: Sequence[Fault]) -> None:
    for fault in faults:
        click.echo(f"{fault.path}:{fault.line}:{fault.column}: {fault.severity}: {fault.message}", err=True)
