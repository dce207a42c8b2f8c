"""`framework import | export` and `target set | list | withdraw`: the framework desk on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from assessments.model import Fault
from courses.frameworkdiff import FrameworkChanges, compare
from courses.frameworkfiles import KINDS, read_file, write_file
from lms.competency.editions import changed_at, decisions, in_force
from lms.competency.planning import Effect, preview, preview_import
from lms.competency.services import (
    FrameworkRefused,
    TargetRefused,
    Wish,
    import_framework,
    set_target,
    wish,
    withdraw,
)
from lms.db import db
from lms.people.queries import units
from lms.web.clock import now, today

framework = AppGroup("framework", help="The competency framework.")
target = AppGroup("target", help="Targets that the hospital decides beside the framework.")


@framework.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--format", "kind", type=click.Choice(KINDS), default="yaml", show_default=True)
def export(file: Path, kind: str) -> None:
    """Write the framework in force to FILE."""
    held, moment = in_force(today()), changed_at()
    if held is None or moment is None:
        raise click.ClickException("No framework is in force; `framework import FILE` puts one.")
    known = next(each for each in KINDS if each == kind)
    try:
        file.write_text(write_file(held, known, moment, current_app.config["SETTINGS"].hospital), "utf-8", newline="")
    except OSError as fault:
        raise click.ClickException(f"{file} cannot be written: {fault.strerror}") from None
    click.echo(f"{held.code} {held.edition}: {len(held.competencies)} competencies as {kind} in {file}")


@framework.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change and for whom; change nothing.")
def import_command(file: Path, dry_run: bool) -> None:
    """Put the framework FILE (YAML, CSV or CASE JSON) in force; the same text again changes nothing."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as broken:
        raise click.ClickException(f"{file}: byte {broken.start} is not UTF-8: expected a text in UTF-8.") from None
    if dry_run:
        _plan(text, file)
        return
    try:
        done = import_framework(text, str(file), actor=None, now=now(), today=today())
    except FrameworkRefused as refused:
        db.session.rollback()
        _print_faults(refused.faults)
        raise click.ClickException("Nothing was imported. Put the errors above right and import again.") from None
    db.session.commit()
    _print_faults(done.warnings)
    if not done.new:
        click.echo(f"{done.code} {done.edition} is in force already; nothing changed.")
        return
    click.echo(
        f"{done.code} {done.edition} is in force: {done.competencies} competencies, {done.retired} retired, "
        f"{done.targets_changed} targets changed."
    )


def _plan(text: str, file: Path) -> None:
    read, faults, kind = read_file(text, str(file))
    _print_faults(faults)
    if read is None:
        raise click.ClickException("It cannot be imported. Put the errors above right.")
    held = in_force(today())
    click.echo(f"{read.code} {read.edition}, read as {kind}: {len(read.competencies)} competencies.")
    if held is not None:
        _print_changes(compare(held, read))
    _print_effect(preview_import(read, today()))
    click.echo("Dry run: nothing was changed.")


def _print_faults(faults: Iterable[Fault]) -> None:
    for fault in faults:
        click.echo(f"{fault.path}:{fault.line}:{fault.column}: {fault.severity}: {fault.message}", err=True)


@target.command("set")
@click.argument("competency")
@click.argument("role", metavar="ROLE")
@click.argument("level")
@click.option("--unit", default="", help="Code of a unit, with everything below it; the whole hospital without.")
@click.option("--from", "starts", default="", help="The first day, such as 2027-01-31; today without.")
@click.option("--exactly", is_flag=True, help="Replace the framework's level, also downwards; else it only adds.")
@click.option("--none", "nothing", is_flag=True, help="Decide nothing any more: as the framework says. LEVEL is 0.")
@click.option("--reason", default="", help="Why; later readers ask.")
@click.option("--dry-run", is_flag=True, help="Say whom it affects and change nothing.")
def set_command(
    competency: str, role: str, level: str, unit: str, starts: str, exactly: bool, nothing: bool, reason: str,
    dry_run: bool,
) -> None:  # fmt: skip
    """Decide the LEVEL that ROLE (a profession, super-user or informaticist) needs in COMPETENCY from a day on."""
    way = "none" if nothing else "exactly" if exactly else "at-least"
    try:
        asked: Wish = wish(competency, role, unit, way, level, starts, today=today())
        _print_effect(preview(asked))
        if dry_run:
            click.echo("Dry run: nothing was changed.")
            return
        done = set_target(asked, reason, actor=None, now=now(), today=today())
    except TargetRefused as refused:
        db.session.rollback()
        raise click.ClickException(f"{refused.message} Nothing was changed.") from None
    db.session.commit()
    click.echo(f"{done.public_id}: {'holds from' if done.new else 'stands already, from'} {asked.starts}.")


@target.command("list")
def list_command() -> None:
    """Print every decision about targets, one a line."""
    names = {unit.id: unit.code for unit in units()}
    for each in decisions(today()):
        place = names.get(each.unit_id, "") if each.unit_id else "-"
        last = each.last or ""
        fields = (each.public_id, each.state, each.code, each.subject, place, each.way, each.level, each.starts, last)
        click.echo("\t".join(str(field) for field in fields))


@target.command("withdraw")
@click.argument("decision")
def withdraw_command(decision: str) -> None:
    """Take the DECISION with this id back; only while it is still ahead."""
    try:
        done = withdraw(decision, actor=None, now=now(), today=today())
    except TargetRefused as refused:
        db.session.rollback()
        raise click.ClickException(refused.message) from None
    db.session.commit()
    click.echo("Withdrawn." if done else "Withdrawn before.")


def _print_changes(found: FrameworkChanges) -> None:
    for word, each in [("added", each) for each in found.added] + [("retired", each) for each in found.retired]:
        click.echo(f"{word}: {each.code} {each.title}")
    for word, changes in (("retitled", found.retitled), ("moved", found.moved), ("critical", found.critical)):
        for change in changes:
            click.echo(f"{word}: {change.code}: {change.before} -> {change.after}")
    for each_target in found.targets:
        move = f"{each_target.before} -> {each_target.after}"
        click.echo(f"target: {each_target.code} {each_target.subject}: {move}")
    if found.about:
        click.echo(f"changed: {', '.join(found.about)}")
    if not found.count:
        click.echo("It changes nothing.")


def _print_effect(effect: Effect) -> None:
    click.echo(
        f"From {effect.on}: {effect.affected} people need another level, {effect.raised} more, {effect.lowered} less; "
        f"{len(effect.falling)} fall below target, {effect.short} are below already, {effect.relieved} no longer."
    )
    names = {unit.id: unit.code for unit in units()}
    for each in effect.units:
        click.echo(f"  {names.get(each.unit_id, '')}: {each.affected} affected, {each.falling} fall below target")
