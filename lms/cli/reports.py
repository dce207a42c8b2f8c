"""`report KIND` and `pack`: a report, or the board pack, as a file with the digest of page and API.

The file appears whole or not at all: it is written beside its place and then moved there.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import current_app
from flask.cli import with_appcontext

from lms.board.pack import WRITERS, Pack
from lms.board.papers import NAMES, SUBJECTS, choices, make, named, subject_of
from lms.competency.tasks import fold_now
from lms.db import db, reading
from lms.demo.loading import is_sample
from lms.people.scope import Scope
from lms.reports.dates import BadDate, read_date
from lms.reports.exports import FORMATS
from lms.reports.making import Frames
from lms.reports.plans import Question, ReportRefused
from lms.web.clock import now, today

Made = TypeVar("Made")


_QUESTION = (
    click.option("--unit", help="code of the unit whose rows are shown, with its direct children; all roots without"),
    click.option(
        "--as-of", default="", metavar="DATE", help="the day that the figures are about, such as 2026-11-23; today"
    ),
    click.option("--compare-to", default="", metavar="DATE", help="another day whose figures stand beside them"),
    click.option("--profession", help="only physician, nurse, pharmacist or other"),
    click.option("--competencies", default="", help="critical, or the code of a domain or competency; all without"),
)
_OUTPUT = click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="where to write",
)


def _asks(command: Any) -> Any:
    """The options of a question, which report and pack share."""
    for option in reversed(_QUESTION):
        command = option(command)
    return command


@click.command("report")
@click.argument("kind", type=click.Choice(list(NAMES)))
@click.option("--format", "form", required=True, type=click.Choice(list(FORMATS)), help="what kind of file")
@_asks
@click.option("--course", default="", metavar="CODE", help="evaluation: of one course; of all without")
@click.option("--comparison", default="", metavar="ID", help="exposure: the id of the comparison, from its address")
@click.option("--measure", default="", metavar="CODE", help="measure: its code")
@_OUTPUT
@with_appcontext
def report(kind: str, form: str, output: Path, **given: str | None) -> None:
    """Write a report of KIND to a file. Everything committed before counts."""
    asked = _question(given)
    subject = subject_of(kind, {name: (given[name] or "").strip() for name in SUBJECTS.values()})
    made = _made(output, lambda: make(kind, subject, asked, now()))
    write_file(output, FORMATS[form].write(made))
    click.echo(f"{made.finding}. As of {made.as_of}, digest {made.digest}: {output}")


@click.command("pack")
@click.option("--format", "form", default="pdf", type=click.Choice(list(WRITERS)), help="what kind of file; pdf")
@click.option(
    "--report", "reports", multiple=True, metavar="NAME", help="a report to put in, once each; `--list` names them; all"
)
@click.option("--list", "listed", is_flag=True, help="print what can be put in, and end")
@_asks
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="where to write"
)  # fmt: skip
@with_appcontext
def pack(form: str, reports: tuple[str, ...], listed: bool, output: Path | None, **given: str | None) -> None:
    """Write the board pack to a file: the same date and choice give the pack of the page, with its digest."""
    asked = replace(_question(given), opened=True)  # as a page does, so that the digests agree
    with reading():
        names = choices(asked.scope)
    db.session.rollback()
    if listed:
        for name, title in names.items():
            click.echo(f"{name}  {title}")
        return
    if unknown := [name for name in reports if name not in names]:
        raise click.BadParameter(f"{unknown[0]!r} is no report; see --list.", param_hint="--report")
    if output is None:
        raise click.UsageError("Say with -o where to write.")
    hospital = current_app.config["SETTINGS"].hospital

    def gather() -> Pack:
        frames: Frames = {}
        chosen = tuple(named(name, asked, now(), frames) for name in names if not reports or name in reports)
        return Pack(hospital, asked.as_of, chosen)

    made = _made(output, gather)
    write_file(output, WRITERS[form](made))
    click.echo(f"{len(made.reports)} reports as of {made.as_of}, digest {made.digest}: {output}")


def _made(output: Path, gather: Callable[[], Made]) -> Made:
    """What is gathered after folding, in one reading transaction; a refusal says that nothing was written."""
    if not output.parent.is_dir():
        raise click.ClickException(f"There is no folder {output.parent} to write {output.name} to.")
    fold_now(today())
    settings = current_app.config["SETTINGS"]
    try:
        with reading():
            current_app.config.setdefault("SAMPLE_DATA", not settings.production and is_sample())
            return gather()
    except ReportRefused as fault:
        raise click.ClickException(f"{fault.message} Nothing was written.") from None
    finally:
        db.session.rollback()


def _day(text: str, option: str) -> dt.date:
    try:
        return read_date(text.strip(), today())
    except BadDate as fault:
        raise click.BadParameter(str(fault), param_hint=option) from None


def _question(given: Mapping[str, str | None]) -> Question:
    """The question that the options ask, for somebody who sees everything."""
    words = {name: (text or "").strip() for name, text in given.items()}
    return Question(
        unit=words["unit"] or None,
        as_of=_day(words["as_of"], "--as-of"),
        today=today(),
        scope=Scope(everything=True),
        profession=words["profession"] or None,
        competencies=words["competencies"],
        compare_to=_day(words["compare_to"], "--compare-to") if words["compare_to"] else None,
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
