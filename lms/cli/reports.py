"""`report KIND`: a report as a file, the same value as page and API.

The file appears whole or not at all: it is written beside its place and then moved there.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from lms.competency.tasks import fold_now
from lms.db import db, reading
from lms.demo.loading import is_sample
from lms.people.scope import Scope
from lms.reports.dates import BadDate, read_date
from lms.reports.exports import FORMATS
from lms.reports.kinds import KINDS
from lms.reports.making import make
from lms.reports.plans import Question, ReportRefused
from lms.web.clock import today


@click.command("report")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.option("--format", "form", required=True, type=click.Choice(list(FORMATS)), help="what kind of file")
@click.option("--unit", help="code of the unit whose rows are shown, with its direct children; all roots without")
@click.option(
    "--as-of", default="", metavar="DATE", help="the day that the figures are about, such as 2026-11-23; today"
)
@click.option("--compare-to", default="", metavar="DATE", help="another day whose figures stand beside them")
@click.option("--profession", help="only physician, nurse, pharmacist or other")
@click.option("--competencies", default="", help="critical, or the code of a domain or competency; all without")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="where to write",
)
@with_appcontext
def report(
    kind: str,
    form: str,
    unit: str | None,
    as_of: str,
    compare_to: str,
    profession: str | None,
    competencies: str,
    output: Path,
) -> None:
    """Write a report of KIND to a file. Everything committed before counts."""
    day = _day(as_of, "--as-of")
    asked = replace(
        _question(unit, day),
        compare_to=_day(compare_to, "--compare-to") if compare_to.strip() else None,
        profession=profession,
        competencies=competencies.strip(),
    )
    if not output.parent.is_dir():
        raise click.ClickException(f"There is no folder {output.parent} to write {output.name} to.")
    fold_now(today())
    settings = current_app.config["SETTINGS"]
    try:
        with reading():
            current_app.config.setdefault("SAMPLE_DATA", not settings.production and is_sample())
            made = make(kind, asked)
    except ReportRefused as fault:
        raise click.ClickException(f"{fault.message} Nothing was written.") from None
    finally:
        db.session.rollback()
    write_file(output, FORMATS[form].write(made))
    click.echo(f"{made.finding}. As of {made.as_of}, digest {made.digest}: {output}")


def _day(text: str, option: str) -> dt.date:
    try:
        return read_date(text.strip(), today())
    except BadDate as fault:
        raise click.BadParameter(str(fault), param_hint=option) from None


def _question(unit: str | None, day: dt.date) -> Question:
    return Question(
        unit=unit or None,
        as_of=day,
        today=today(),
        scope=Scope(everything=True),
        smallest=current_app.config["SETTINGS"].small_group,
    )


def write_file(output: Path, content: bytes) -> None:
    """Write a file whole or not at all: beside its place, then moved there."""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{output.name}.", dir=output.parent)
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.chmod(0o666 & ~_umask())  # as any other new file: temporary ones are private
            draft.replace(output)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as fault:
        raise click.ClickException(f"{output} could not be written: {fault.strerror}.") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
