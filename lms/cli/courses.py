"""Commands `course publish` and `course export`: the same acts as the educators' pages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import AppGroup

from assessments.model import Fault
from courses.archive import write_folder
from courses.reading import read_folder
from lms.catalog import queries as catalog
from lms.db import db
from lms.publishing import services
from lms.web.clock import now

group = AppGroup("course", help="Publish and export courses.")


@group.command("publish")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
def publish(paths: Sequence[Path]) -> None:
    """Publish course folders or zips of them; on any error nothing of all of them is published."""
    refused = False
    published: list[tuple[Path, services.Published]] = []
    for path in paths:
        try:
            done = services.publish(_files(path), str(path), actor=None, now=now())
        except services.PublishRefused as fault:
            refused = True
            _say(fault.faults)
            continue
        _say(done.warnings)
        published.append((path, done))
    if refused:
        db.session.rollback()
        raise click.ClickException("Nothing was published. Put the errors above right and publish again.")
    for path, done in published:  # only now, because a prerequisite may come later in the same command
        _say(services.unknown_prerequisites(done.prerequisites, str(path)))
    db.session.commit()
    for _path, done in published:
        state = "published" if done.new else "unchanged"
        click.echo(f"{done.code} edition {done.edition}: {state} ({done.digest[:12]})")


@group.command("export")
@click.argument("code")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def export(code: str, folder: Path) -> None:
    """Write the current version of the course CODE as a course folder into DIR, which must be empty or new."""
    version = catalog.current_version(code)
    if version is None:
        known = ", ".join(each.code for each in catalog.courses()) or "none"
        raise click.ClickException(f"No course {code} is published; published are: {known}.")
    files = catalog.source_files(version.id)
    try:
        write_folder(files, folder)
    except (OSError, ValueError) as fault:
        raise click.ClickException(str(fault)) from None
    click.echo(f"{code} edition {version.edition}: {len(files)} files in {folder}")


def _files(path: Path) -> dict[str, bytes]:
    try:
        found = services.files_of(path.read_bytes()) if path.is_file() else read_folder(path)
    except (OSError, ValueError) as fault:
        raise click.ClickException(f"{path}: {fault}. A course folder or a zip of one was expected.") from None
    if not found:
        raise click.ClickException(f"{path}: nothing to read; a course folder with a course.md was expected.")
    return dict(found)


def _say(faults: Sequence[Fault]) -> None:
    for fault in faults:
        click.echo(f"{fault.path}:{fault.line}:{fault.column}: {fault.severity}: {fault.message}", err=True)
